/* Secrets come from files that others may not read, and leave nothing behind. */
#include "ingest/secret.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char secret_path[64];

static void make_path(void)
{
	snprintf(secret_path, sizeof secret_path, "/tmp/vorpost-secret-%d", getpid());
}

static void remove_path(void)
{
	unlink(secret_path);
}

static char *secret_of(const char *content, size_t len, mode_t mode, struct err *e)
{
	FILE *f = fopen(secret_path, "w");

	fwrite(content, 1, len, f);
	fclose(f);
	chmod(secret_path, mode);
	*e = (struct err){ 0 };
	return secret_line(secret_path, "password file", SECRET_BYTES_MOST, NULL, e);
}

START_TEST(a_secret_is_the_file_without_its_line_end)
{
	static const struct {
		const char *content, *secret;
	} cases[] = {
		{ "geheim", "geheim" },       { "geheim\n", "geheim" },
		{ "geheim\r\n", "geheim" },   { " mit Rand \n", " mit Rand " },
		{ "\xc3\xbc\n", "\xc3\xbc" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e;
		char *secret =
			secret_of(cases[i].content, strlen(cases[i].content), i ? 0600 : 0640, &e);

		ck_assert_msg(secret != NULL, "%s", e.text);
		ck_assert_str_eq(secret, cases[i].secret);
		talloc_free(secret);
	}
}
END_TEST

START_TEST(secret_files_that_are_refused)
{
	static const struct {
		const char *content;
		size_t len;
		mode_t mode;
		const char *says;
	} cases[] = {
		{ "canary\n", 7, 0604, "read by everybody" },
		{ "canary\n", 7, 0644, "read by everybody" },
		{ "", 0, 0600, "empty" },
		{ "\n", 1, 0600, "empty" },
		{ "canary\nmore\n", 12, 0600, "one line" },
		{ "canary\n\n", 8, 0600, "one line" },
		{ "can\0ary", 7, 0600, "one line" },
		{ "canary\xfc", 7, 0600, "UTF-8" },
		{ "canary\x01", 7, 0600, "UTF-8" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e;

		ck_assert_ptr_null(secret_of(cases[i].content, cases[i].len, cases[i].mode, &e));
		ck_assert_int_eq(e.kind, ERR_SETUP);
		ck_assert_msg(strstr(e.text, cases[i].says) != NULL, "case %zu: %s", i, e.text);
		ck_assert_ptr_null(strstr(e.text, "canary"));
	}
}
END_TEST

START_TEST(a_secret_has_a_limit)
{
	char *long_one = malloc(SECRET_BYTES_MOST + 1), *secret;
	struct err e;

	memset(long_one, 'x', SECRET_BYTES_MOST + 1);
	secret = secret_of(long_one, SECRET_BYTES_MOST, 0600, &e);
	ck_assert_msg(secret != NULL, "%s", e.text);
	ck_assert_uint_eq(strlen(secret), SECRET_BYTES_MOST);
	talloc_free(secret);
	ck_assert_ptr_null(secret_of(long_one, SECRET_BYTES_MOST + 1, 0600, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	free(long_one);
}
END_TEST

START_TEST(a_secret_is_a_regular_file_that_is_there)
{
	const char *const cases[] = { "/nonexistent/secret", "/tmp", secret_path, NULL };

	unlink(secret_path);
	ck_assert(mkfifo(secret_path, 0600) == 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = { 0 };

		ck_assert_ptr_null(
			secret_line(cases[i], "password file", SECRET_BYTES_MOST, NULL, &e));
		ck_assert_int_eq(e.kind, ERR_SETUP);
	}
	unlink(secret_path);
}
END_TEST

/* Whoever has read a secret leaves no core, whatever was allowed before. */
START_TEST(a_process_with_a_secret_leaves_no_core)
{
	struct rlimit any, after;
	struct err e;
	int status;
	pid_t pid;

	getrlimit(RLIMIT_CORE, &any);
	any.rlim_cur = any.rlim_max;
	setrlimit(RLIMIT_CORE, &any);
	pid = fork();
	if (pid == 0) {
		talloc_free(secret_of("canary\n", 7, 0600, &e));
		getrlimit(RLIMIT_CORE, &after);
		_exit(after.rlim_cur <= 1 && after.rlim_max <= 1 ? 0 : 1);
	}
	ck_assert(waitpid(pid, &status, 0) == pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("secret");
	TCase *files = tcase_create("files");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(files, make_path, remove_path);
	tcase_add_test(files, a_secret_is_the_file_without_its_line_end);
	tcase_add_test(files, secret_files_that_are_refused);
	tcase_add_test(files, a_secret_has_a_limit);
	tcase_add_test(files, a_secret_is_a_regular_file_that_is_there);
	tcase_add_test(files, a_process_with_a_secret_leaves_no_core);
	suite_add_tcase(suite, files);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
