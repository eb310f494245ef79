/* URLs of buses and subjects. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "events/bus_url.h"

static const char *const refused[] = {
	"nats://",
	"nats:///vorpost",
	"nats://127.0.0.1",
	"nats://127.0.0.1/",
	"nats://127.0.0.1/vor post",
	"nats://127.0.0.1/vorpost.",
	"nats://127.0.0.1/.vorpost",
	"nats://127.0.0.1/vor..post",
	"nats://127.0.0.1/vorpost.>",
	"nats://127.0.0.1/*",
	"nats://127.0.0.1/$JS.API",
	"nats://127.0.0.1/vorpost?x=1",
	"nats://127.0.0.1/vorpost\r\nPUB x 1",
	"nats://127.0.0.1:/vorpost",
	"nats://127.0.0.1:0/vorpost",
	"nats://127.0.0.1:65536/vorpost",
	"nats://127.0.0.1:4222x/vorpost",
	"nats://127.0.0.1,/vorpost",
	"nats://,127.0.0.1/vorpost",
	"nats://127.0.0.1;127.0.0.2/vorpost",
	"nats://[::1/vorpost",
	"nats://::1/vorpost",
	"nats://user:password@127.0.0.1/vorpost",
	"nats://127.0.0.1,user:password@127.0.0.1/vorpost",
	"tls://a,b,c,d,e,f,g,h,i/vorpost",
	"ws://127.0.0.1/vorpost",
	"nats://example.com/vorpost",
	"nats://10.0.0.1/vorpost",
	"nats://127.0.0.1,10.0.0.1/vorpost",
	"nats://127.0.0.1.example.com/vorpost",
	"tls://169.254.169.254/vorpost",
	"tls://0xa9fea9fe/vorpost",
	"tls://example.com,169.254.169.254/vorpost",
	"tls://[::ffff:169.254.169.254]/vorpost",
	"tls://224.0.0.1/vorpost",
};

START_TEST(url_refused)
{
	struct err e = { 0 };

	ck_assert_msg(!bus_url_check(refused[_i], true, &e), "%s", refused[_i]);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_ptr_null(strstr(e.text, "password@"));
}
END_TEST

static const char *const inside[] = {
	"nats://127.0.0.1/v", "nats://localhost/v", "nats://[::1]:4222/v",
	"tls://127.0.0.1/v",  "tls://10.1.2.3/v",   "tls://192.168.1.1/v",
	"tls://0x7f.1/v",     "tls://2130706433/v", "tls://a.example,127.1/v",
};

START_TEST(inside_only_if_allowed)
{
	struct err e = { 0 };

	ck_assert_msg(!bus_url_check(inside[_i], false, &e), "%s", inside[_i]);
	ck_assert_ptr_nonnull(strstr(e.text, "--allow-private"));
	e = (struct err){ 0 };
	ck_assert_msg(bus_url_check(inside[_i], true, &e), "%s: %s", inside[_i], e.text);
}
END_TEST

START_TEST(parts_of_a_url)
{
	struct bus_url url;

	ck_assert(bus_url_parse(&url, "TLS://a.example,b.example:14222,[2001:db8::1]:7/push.v1",
				NULL));
	ck_assert(url.tls);
	ck_assert_int_eq(url.count, 3);
	ck_assert_str_eq(url.host[0].name, "a.example");
	ck_assert_str_eq(url.host[0].port, "4222");
	ck_assert_str_eq(url.host[1].name, "b.example");
	ck_assert_str_eq(url.host[1].port, "14222");
	ck_assert_str_eq(url.host[2].name, "2001:db8::1");
	ck_assert_str_eq(url.host[2].port, "7");
	ck_assert_str_eq(url.prefix, "push.v1");
	ck_assert(!bus_url_is("https://nats://"));
	ck_assert(bus_url_is("nats://"));
}
END_TEST

START_TEST(subjects)
{
	const struct bus_url url = { .prefix = "vorpost" };
	char subject[BUS_SUBJECT_MAX + 1], long_name[300];
	struct err e = { 0 };

	ck_assert(bus_subject(subject, &url, "makler-1", "claim.document.added", &e));
	ck_assert_str_eq(subject, "vorpost.makler-1.claim.document.added");
	ck_assert(!bus_subject(subject, &url, "ma.kler", "policy.issued", &e));
	ck_assert(!bus_subject(subject, &url, "makler", "policy.*", &e));
	ck_assert(!bus_subject(subject, &url, "makler", "policy issued", &e));
	ck_assert(!bus_subject(subject, &url, "makler", "", &e));
	ck_assert(!bus_subject(subject, &url, "", "policy.issued", &e));
	memset(long_name, 'a', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	ck_assert(!bus_subject(subject, &url, "makler", long_name, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("bus_url");
	TCase *cases = tcase_create("bus_url");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(cases, url_refused, 0, (int)(sizeof refused / sizeof *refused));
	tcase_add_loop_test(cases, inside_only_if_allowed, 0,
			    (int)(sizeof inside / sizeof *inside));
	tcase_add_test(cases, parts_of_a_url);
	tcase_add_test(cases, subjects);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
