/* Full recall at distance one against brute force, and no reading where none is due. */
#include "normalizers/repair.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static bool reads_as(const char *spelling, const char *wanted)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct repairs repairs;
	bool found = false;

	repair_readings(&repairs, NULL, NULL, key_make(NULL, NULL, spelling, mem), mem);
	for (size_t i = 0; i < repairs.count; i++)
		found |= !strcmp(repairs.items[i].key, wanted);
	talloc_free(mem);
	return found;
}

START_TEST(by_the_general_rule)
{
	ck_assert(reads_as("98O12345", "98012345"));
	ck_assert(reads_as("98012345", "98O12345"));
	ck_assert(reads_as("9B0I2345", "98012345"));
	ck_assert(reads_as("12345678", "0012345678"));
	ck_assert(reads_as("0012345678", "12345678"));
	ck_assert(reads_as("KF0012345678", "12345678") == false); /* two mistakes */
	ck_assert(reads_as("KF12345678", "12345678"));
	ck_assert(!reads_as("98012345", "98012346"));
	ck_assert(!reads_as("98X12345", "98012345"));
	ck_assert(!reads_as("1203", "01203"));
	ck_assert(!reads_as("10203045", "12345"));
	ck_assert(!reads_as("", ""));
	ck_assert(!reads_as("00000000", "0"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("repair");
	TCase *tc = tcase_create("repair");
	SRunner *runner;
	int failed;

	tcase_add_test(tc, by_the_general_rule);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
