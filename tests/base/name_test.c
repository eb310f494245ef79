/* name_test.c -- what an operator may call a connection or an endpoint. */
#include "base/name.h"

#include <check.h>
#include <stdlib.h>

static const char *const refused[] = {
	NULL,
	"",
	"-rf",
	"--all",
	".",
	"..",
	".hidden",
	"_a",
	"a b",
	"a/b",
	"../a",
	"a\nb",
	"a;b",
	"a'b",
	"a\"b",
	"k\xc3\xb6ln",
	"a\x7f",
	"a%sb",
	"a\xe2\x80\xae",
	"a=b",
	"a,b",
	"{a}",
	"0123456789012345678901234567890123456789012345678", /* 49 */
};

static const char *const good[] = {
	"a",
	"7",
	"nord",
	"Nord-2",
	"nord_west.test",
	"a-",
	"a..b",
	"012345678901234567890123456789012345678901234567", /* 48 */
};

START_TEST(names_that_are_refused)
{
	struct err e = { 0 };

	ck_assert(!name_check(refused[_i], "a name", &e));
	ck_assert_int_eq(e.kind, ERR_USAGE);
}
END_TEST

START_TEST(names_that_are_good)
{
	struct err e = { 0 };

	ck_assert_msg(name_check(good[_i], "a name", &e), "%s", e.text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("name");
	TCase *tc = tcase_create("name");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_loop_test(tc, names_that_are_refused, 0, sizeof refused / sizeof *refused);
	tcase_add_loop_test(tc, names_that_are_good, 0, sizeof good / sizeof *good);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
