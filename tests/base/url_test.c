/* url_test.c -- which hosts are this machine. */
#include "base/url.h"

#include <check.h>
#include <stdlib.h>

static const char *const elsewhere[] = {
	"",           "128.0.0.1",  "126.255.255.255",   "0.0.0.0",    "127.1",
	"127",        "2130706433", "127.0.0.256",       "127.0.0.1.", "127.0.0.1.example",
	"127.0.0.+1", " 127.0.0.1", "0x7f.0.0.1",        "[::2]",      "::1",
	"[::1]x",     "localhost.", "localhost.example", "xlocalhost", "[::ffff:127.0.0.1]",
};

static const char *const here[] = { "127.0.0.1", "127.255.255.254", "[::1]", "localhost",
				    "LocalHost" };

START_TEST(hosts_elsewhere)
{
	ck_assert_msg(!host_is_here(elsewhere[_i]), "%s", elsewhere[_i]);
}
END_TEST

START_TEST(hosts_here)
{
	ck_assert_msg(host_is_here(here[_i]), "%s", here[_i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("url");
	TCase *tc = tcase_create("url");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_loop_test(tc, hosts_elsewhere, 0, sizeof elsewhere / sizeof *elsewhere);
	tcase_add_loop_test(tc, hosts_here, 0, sizeof here / sizeof *here);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
