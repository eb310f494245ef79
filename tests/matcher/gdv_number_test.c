/* The numbers of a contract in a GDV delivery: its own, the broker's, others and whose they are. */
#include "matcher/gdv_delivery.h"
#include "tests/matcher/gdv_expect.h"

/* "number/broker's number: other number whose ...;", a contract each. */
static bool keep_numbers(void *self, const struct contract *c, struct err *e)
{
	char **kept = self;

	(void)e;
	*kept = talloc_asprintf_append(*kept, "%s/%s:", c->number,
				       c->broker_number ? c->broker_number : "");
	for (size_t i = 0; i < c->other_count; i++)
		*kept = talloc_asprintf_append(*kept, " %s %s", c->other_numbers[i],
					       name_origin_text(c->other_origins[i]));
	*kept = talloc_strdup_append(*kept, ";");
	return true;
}

static void expect_numbers(struct pen *pen, const char *numbers)
{
	char *kept = talloc_strdup(NULL, "");
	struct stock_sink sink = { &kept, keep_numbers, catch_problem };
	struct stock_counts counts;
	struct err e = { 0 };
	FILE *in = fmemopen(pen->bytes, pen->used, "r");

	ck_assert(stock_read(in, NULL, &sink, &counts, &e));
	ck_assert_str_eq(kept, numbers);
	fclose(in);
	talloc_free(kept);
	talloc_free(pen->bytes);
}

START_TEST(numbers_say_whose_they_are)
{
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_field(&pen, 33, "  47110815");
	pen_field(&pen, 209, "             99881");
	pen_stock(&pen, "0200", "2", "5438 ", "050", "4711");
	pen_field(&pen, 44, "           BROKER1");
	pen_tail(&pen, 1);
	expect_numbers(&pen, "4711/47110815: BROKER broker 9988 former;");
}
END_TEST

/* One old contract, two new ones: both answer to the old number. Their own numbers are names of neither other. */
START_TEST(references_of_life_are_former_numbers)
{
	static const char *const numbers[] = { "4711", "4712" };
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "1021 ");
	for (int i = 0; i < 2; i++) {
		pen_person(&pen, "1021 ", "010", numbers[i], "Muster", "Max", "01021970");
		pen_policy(&pen, "1021 ", "010", numbers[i]);
		pen_stock(&pen, "0210", "1", "1021 ", "010", numbers[i]);
		pen_field(&pen, 203, "         70850632");
		pen_field(&pen, 220, i ? "             4711" : "             4712");
		pen_field(&pen, 237, i ? "00000000000000000" : "           123456");
		pen_stock(&pen, "0210", "2", "1021 ", "010", numbers[i]);
		pen_field(&pen, 203, "           999999"); /* another field of part 2 */
	}
	pen_person(&pen, "1021 ", "050", "4713", "Muster", "Max", "01021970");
	pen_policy(&pen, "1021 ", "050", "4713");
	pen_stock(&pen, "0210", "1", "1021 ", "050", "4713"); /* and of another line */
	pen_field(&pen, 203, "           888888");
	pen_tail(&pen, 3);
	expect_numbers(&pen, "4711/: 70850632 former 123456 former;4712/: 70850632 former;4713/:;");
}
END_TEST

static Suite *gdv_number_suite(void)
{
	Suite *suite = suite_create("matcher/gdv_number");
	TCase *numbers = tcase_create("numbers");

	tcase_add_test(numbers, numbers_say_whose_they_are);
	tcase_add_test(numbers, references_of_life_are_former_numbers);
	suite_add_tcase(suite, numbers);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(gdv_number_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
