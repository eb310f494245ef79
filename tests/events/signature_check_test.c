/* The other side of the signature: what is accepted is exactly what was signed, and in time. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "events/signature_check.h"

/* The example of the Standard Webhooks repository's own tests. */
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ID     "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define BODY   "{\"test\": 2432232314}"
#define THEN   1614265330
#define GOOD   "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static struct secrets *secrets;

static bool checks(const char *id, const char *timestamp, const char *signature, const char *body,
		   int64_t now, struct err *e)
{
	struct signed_text text = { id, timestamp, signature, body, strlen(body) };

	*e = (struct err){ 0 };
	return signature_check(secrets, &text, now, e);
}

START_TEST(what_was_signed_is_accepted)
{
	struct err e;

	ck_assert_msg(checks(ID, "1614265330", GOOD, BODY, THEN, &e), "%s", e.text);
	ck_assert(checks(ID, "1614265330", GOOD, BODY, THEN + 300, &e));
	ck_assert(checks(ID, "1614265330", GOOD, BODY, THEN - 300, &e));
	ck_assert(checks(ID, "1614265330", "v1,AAAA " GOOD " v1a,BBBB", BODY, THEN, &e));
}
END_TEST

START_TEST(all_else_is_refused)
{
	static const struct {
		const char *id, *timestamp, *signature, *body, *words;
		int64_t off;
	} bad[] = {
		{ ID, "1614265330", GOOD, BODY, "301 seconds off", 301 },
		{ ID, "1614265330", GOOD, BODY, "301 seconds off", -301 },
		{ ID, "1614265330", GOOD, BODY " ", "does not match", 0 },
		{ ID "x", "1614265330", GOOD, BODY, "does not match", 0 },
		{ ID, "1614265331", GOOD, BODY, "does not match", 0 },
		{ ID, "01614265330", GOOD, BODY, "not a number", 0 },
		{ ID, "1614265330.0", GOOD, BODY, "not a number", 0 },
		{ ID, "-1614265330", GOOD, BODY, "not a number", 0 },
		{ ID, "", GOOD, BODY, "not a number", 0 },
		{ ID, NULL, GOOD, BODY, "webhook-timestamp is missing", 0 },
		{ NULL, "1614265330", GOOD, BODY, "webhook-id is missing", 0 },
		{ "", "1614265330", GOOD, BODY, "webhook-id is missing", 0 },
		{ "a.b", "1614265330", GOOD, BODY, "full stop", 0 },
		{ "a b", "1614265330", GOOD, BODY, "visible ASCII", 0 },
		{ ID, "1614265330", NULL, BODY, "webhook-signature is missing", 0 },
		{ ID, "1614265330", "", BODY, "does not match", 0 },
		{ ID, "1614265330", " ", BODY, "does not match", 0 },
		{ ID, "1614265330", "v1,", BODY, "does not match", 0 },
		{ ID, "1614265330", "v1, " GOOD "x", BODY, "does not match", 0 },
		{ ID, "1614265330", "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", BODY,
		  "does not match", 0 },
		{ ID, "1614265330", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", BODY,
		  "does not match", 0 },
		{ ID, "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=", BODY,
		  "does not match", 0 },
	};
	struct err e;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ck_assert_msg(!checks(bad[i].id, bad[i].timestamp, bad[i].signature, bad[i].body,
				      THEN + bad[i].off, &e),
			      "case %zu was accepted", i);
		ck_assert_msg(e.kind == ERR_REFUSED && strstr(e.text, bad[i].words), "case %zu: %s",
			      i, e.text);
		ck_assert(!strstr(e.text, "MfKQ9r8"));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("signature_check");
	TCase *cases = tcase_create("signature_check");
	SRunner *runner;
	int failed;

	secrets = secrets_parse(SECRET, NULL, NULL);
	tcase_add_test(cases, all_else_is_refused);
	tcase_add_test(cases, what_was_signed_is_accepted);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	talloc_free(secrets);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
