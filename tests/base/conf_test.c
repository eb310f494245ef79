#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"

static char folder[] = "/tmp/vorpost-conf-XXXXXX";
static char path[64];

static void write_conf(const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

static void setup(void)
{
	strcpy(folder, "/tmp/vorpost-conf-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/vorpost.yaml", folder);
}

static void teardown(void)
{
	unlink(path);
	rmdir(folder);
}

START_TEST(what_does_not_fit_is_refused_with_its_place)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "empty" },
		{ "brokr: demo\n", "brokr" },
		{ "broker: demo\nworkers: many\n", "workers" },
		{ "workers: 0\n", "expected 1 to 64" },
		{ "workers: 65\n", "expected 1 to 64" },
		{ "keep_events: 90\n", "keep_events" },
		{ "keep_audit: 3y\n", "keep_audit" },
		{ "login_header: X-Remote-User\n", "proxies" },
		{ "login_header: X-Remote-User\nproxies: [ 127.0.0.1 ]\n",
		  "login_header needs `url:`" },
		{ "login_header: X-Remote-User\nproxies: [ 127.0.0.1 ]\nurl: \"\"\n",
		  "needs `url:`" },
		{ "session_idle: 12\n", "session_idle" },
		{ "session_most: 0d\n", "session_most" },
		{ "url: vorpost.example\n", "url" },
		{ "url: https://vorpost.example/path\n", "url" },
		{ "keep_events: 0d\n", "keep_events" },
		{ "keep_events: -1d\n", "keep_events" },
		{ "keep_events: 999999d\n", "keep_events" },
		{ "digest_hour: 25\n", "0 to 23" },
		{ "broker: Demo GmbH\n", "a-z" },
		{ "broker: ../../etc\n", "a-z" },
		{ "log: loud\n", "log" },
		{ "insurers: here\n", "insurers" },
		{ "broker: [a, b]\n", "broker" },
		{ "broker: a\nbroker: b\n\t: {", "" },
		{ "just a word\n", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = { 0 };

		write_conf(cases[i].text);
		ck_assert_msg(!conf_load(path, NULL, &e), "case %zu was taken", i);
		ck_assert_int_eq(e.kind, ERR_SETUP);
		ck_assert_msg(strstr(e.text, cases[i].says) != NULL, "case %zu says: %s", i,
			      e.text);
		ck_assert_msg(strstr(e.text, path) != NULL, "case %zu names no file: %s", i,
			      e.text);
	}
}
END_TEST

START_TEST(unknown_keys_are_told_with_their_line)
{
	struct err e = { 0 };

	write_conf("broker: demo\nlog: info\nwrokers: 3\n");
	ck_assert_ptr_null(conf_load(path, NULL, &e));
	ck_assert_msg(strstr(e.text, "wrokers") && strstr(e.text, "line"), "says: %s", e.text);
}
END_TEST

START_TEST(every_key_has_a_default_and_paths_are_relative_to_the_file)
{
	struct err e = { 0 };
	struct conf *conf;
	char state[80];

	write_conf("broker: demo\nstate: here\ninsurers: [ ours, /srv/theirs ]\n");
	conf = conf_load(path, NULL, &e);
	ck_assert_msg(conf != NULL, "%s", e.text);
	snprintf(state, sizeof state, "%s/here", folder);
	ck_assert_str_eq(conf->state, state);
	ck_assert_uint_eq(conf->insurer_count, 2);
	ck_assert_str_eq(conf->insurers[1], "/srv/theirs");
	ck_assert_str_eq(conf->database, "");
	ck_assert_str_eq(conf->source, "//vorpost/demo");
	ck_assert_int_eq(conf->workers, 2);
	ck_assert(!conf->strict_lines);
	ck_assert(!conf->shadow);
	talloc_free(conf);
}
END_TEST

START_TEST(no_file_is_a_setup_error)
{
	struct err e = { 0 };

	ck_assert_ptr_null(conf_load("/nonexistent/vorpost.yaml", NULL, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_str_eq(e.text, "there is no readable configuration /nonexistent/vorpost.yaml; "
				 "`vorpost init --config /nonexistent/vorpost.yaml` writes one");
	if (access(CONF_INSTALLED, R_OK) == 0) {
		fputs("skipped: this machine has " CONF_INSTALLED "\n", stderr);
		return;
	}
	err_clear(&e);
	ck_assert_int_eq(chdir(folder), 0); /* where there is no ./vorpost.yaml */
	ck_assert_ptr_null(conf_load(CONF_INSTALLED, NULL, &e));
	ck_assert_str_eq(e.text,
			 "there is no readable configuration " CONF_INSTALLED
			 " nor ./vorpost.yaml; `vorpost init --config vorpost.yaml` writes one");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base/conf");
	TCase *tcase = tcase_create("conf");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, what_does_not_fit_is_refused_with_its_place);
	tcase_add_test(tcase, unknown_keys_are_told_with_their_line);
	tcase_add_test(tcase, every_key_has_a_default_and_paths_are_relative_to_the_file);
	tcase_add_test(tcase, no_file_is_a_setup_error);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
