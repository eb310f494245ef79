/* GDV deliveries as contracts: whose they are, what they are called, what is one contract. */
#include "matcher/gdv_delivery.h"
#include "tests/matcher/gdv_expect.h"

/* ---- people and contracts ---- */

START_TEST(a_contract_without_its_holder_is_kept_and_named)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.contracts, MUSTER ",,,,,,\n");
	ck_assert_str_eq(caught.problems, "3: 0200 without a policy holder (0100 with role 01)\n");
	let_go(&caught);
}
END_TEST

START_TEST(a_person_without_a_contract_is_named)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_tail(&pen, 0);
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.contracts, "");
	ck_assert_str_eq(caught.problems, "3: 0100 without a contract (0200)\n");
	let_go(&caught);
}
END_TEST

START_TEST(an_insured_person_is_not_the_holder)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Versichert", "Vera", "03031999");
	pen_field(&pen, 237, "06");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	expect_one_contract(&caught);
	let_go(&caught);
}
END_TEST

START_TEST(a_company_has_no_first_name)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster GmbH", "und Co KG", "00000000");
	pen_field(&pen, 43, "3");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	ck_assert_ptr_nonnull(strstr(caught.contracts, ",Muster GmbH und Co KG,,,44139,,\n"));
	let_go(&caught);
}
END_TEST

START_TEST(dates_with_zeros_are_unknown_and_impossible_ones_are_named)
{
	static const struct {
		const char *date, *problem;
	} cases[] = {
		{ "00000000", "" },
		{ "        ", "" },
		{ "00021970", "" },
		{ "01001970", "" },
		{ "31021970", "3: the birth date (0100, field 18) is no date, taken as unknown\n" },
		{ "0102197X", "3: the birth date (0100, field 18) is no date, taken as unknown\n" },
		{ "19700201", "3: the birth date (0100, field 18) is no date, taken as unknown\n" },
	};
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", cases[_i].date);
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	ck_assert_ptr_nonnull(strstr(caught.contracts, ",Muster,Max,,44139,,\n"));
	ck_assert_str_eq(caught.problems, cases[_i].problem);
	let_go(&caught);
}
END_TEST

START_TEST(a_term_that_was_over_when_the_file_was_made_is_no_end)
{
	static const struct {
		const char *term, *status, *left, *end;
	} cases[] = {
		{ "01012014", "1", "00000000", ",2004-05-01,,p-" },           /* renewed since */
		{ "01012022", "1", "00000000", ",2004-05-01,2022-01-01,p-" }, /* still to come */
		{ "01012014", "4", "00000000",
		  ",2004-05-01,2014-01-01,p-" }, /* cancelled to its term */
		{ "01012022", "4", "15062020", ",2004-05-01,2020-06-15,p-" }, /* cancelled before */
	};
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_field(&pen, 52, cases[_i].term);
	pen_field(&pen, 69, cases[_i].status);
	pen_field(&pen, 72, cases[_i].left);
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	ck_assert_msg(strstr(caught.contracts, cases[_i].end) != NULL, "%s", caught.contracts);
	let_go(&caught);
}
END_TEST

/* ---- numbers ---- */

START_TEST(numbers_of_seventeen_bytes_and_with_blanks_inside_stay_as_they_are)
{
	static const char *const numbers[] = { "12345678901234567", "12 345 678", "0004711",
					       "RS/12.3" };
	const char *wanted;
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_delivery(&pen, "5438 ", numbers[_i]);
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.problems, "");
	wanted = line_of(&caught, numbers[_i], "");
	ck_assert_msg(!strncmp(caught.contracts, wanted, strlen(wanted)), "%s", caught.contracts);
	let_go(&caught);
}
END_TEST

START_TEST(a_number_that_is_blank_or_no_number_is_refused)
{
	static const char *const numbers[] = { "", "0000",
					       "47\xFC"
					       "11",
					       "47\x01"
					       "11",
					       "-- / --" };
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_policy(&pen, "5438 ", "050", numbers[_i]);
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.contracts, "");
	ck_assert_int_eq(caught.counts.skipped, 1);
	ck_assert_msg(!strncmp(caught.problems, "3! 0200 ", 8), "%s", caught.problems);
	let_go(&caught);
}
END_TEST

START_TEST(every_spelling_of_a_number_becomes_a_name)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_field(&pen, 104, "   A-0815");
	pen_field(&pen, 159, "            16321");
	pen_field(&pen, 209, "             99881"); /* 17 bytes and the meaning 1 */
	pen_stock(&pen, "0200", "2", "5438 ", "050", "4711");
	pen_field(&pen, 44, "           BROKER1");
	pen_field(&pen, 84, "47/11");
	pen_stock(&pen, "0210", "1", "5438 ", "050", "4711");
	pen_field(&pen, 114, "M-AB 123");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.problems, "");
	ck_assert_str_eq(caught.contracts, "VU-25ed87441a1ce3d9c707,5438,4711,47/11,BROKER|9988,"
					   "050,2004-05-01,2031-05-01,VU-cef65e872f728559758ae,"
					   "Muster,Max,1970-02-01,44139,M-AB 123,A-0815\n");
	let_go(&caught);
}
END_TEST

/* It is the key of the broker's own system, and it comes before the insurer's. */
START_TEST(the_brokers_number_of_the_customer_stays_as_it_is)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_field(&pen, 159, "            16321          K 0815");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.problems, "");
	ck_assert_ptr_nonnull(strstr(caught.contracts, MUSTER "K 0815,Muster,Max,"));
	let_go(&caught);
}
END_TEST

/* K\xC4 1 and K\xD6 1 are two customers. */
START_TEST(a_customers_number_with_letters_that_are_none_is_not_taken)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_field(&pen, 159 + 17 * _i, "K\xC4 1");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	ck_assert_ptr_nonnull(strstr(caught.contracts, MUSTER "p-"));
	let_go(&caught);
}
END_TEST

START_TEST(a_reference_without_a_meaning_or_to_a_contract_of_its_own_is_no_name)
{
	static const char *const references[] = { "             99889", "             9988 ",
						  "             47121" };
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_field(&pen, 209, references[_i]);
	pen_person(&pen, "5438 ", "050", "4712", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4712");
	pen_tail(&pen, 2);
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.problems, "");
	ck_assert_ptr_nonnull(strstr(caught.contracts, MUSTER)); /* other_numbers is empty */
	let_go(&caught);
}
END_TEST

START_TEST(a_name_that_can_be_none_is_named)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_field(&pen, 104, "     ----");
	pen_field(&pen, 209,
		  "            99\xDC"
		  "881");
	pen_stock(&pen, "0200", "2", "5438 ", "050", "4711");
	pen_field(&pen, 44, "               //");
	pen_field(&pen, 84, "-.-");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	ck_assert_str_eq(
		caught.problems,
		"5: the printed number (0200 part 2, field 13) holds neither letter nor digit: the contract is taken without\n"
		"4: the application number (0200, field 20) holds neither letter nor digit: the contract is taken without\n"
		"5: the broker's number (0200 part 2, field 9) holds neither letter nor digit: the contract is taken without\n"
		"4: the reference (0200, field 32) holds a character that no policy number has: the contract is taken without\n");
	ck_assert_int_eq(caught.counts.refused, 4);
	ck_assert(!stock_whole(&caught.counts));
	expect_one_contract(&caught);
	let_go(&caught);
}
END_TEST

/* ---- what is one contract ---- */

/* One id and two contracts would be one that belongs to whoever came last. */
START_TEST(spellings_of_one_number_with_two_holders_are_two_contracts)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "47 11", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "47 11");
	pen_person(&pen, "5438 ", "050", "4711", "Andere", "Anna", "02031980");
	pen_field(&pen, 31, "02");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_field(&pen, 31, "02");
	pen_tail(&pen, 2);
	catch_pen(&caught, &pen);
	expect_ids(&caught, 2);
	ck_assert_ptr_nonnull(strstr(caught.contracts, ",Muster,Max,"));
	ck_assert_ptr_nonnull(strstr(caught.contracts, ",Andere,Anna,"));
	let_go(&caught);
}
END_TEST

START_TEST(a_bundle_is_one_contract_without_a_line)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "000", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "000", "4711");
	pen_stock(&pen, "0210", NULL, "5438 ", "040", "4711");
	pen_stock(&pen, "0210", "0", "5438 ", "130", "4711");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.problems, "");
	ck_assert_ptr_nonnull(strstr(caught.contracts, line_of(&caught, "4711", ",,,2004-05-01")));
	let_go(&caught);
}
END_TEST

START_TEST(one_0210_gives_the_line_that_0200_does_not_say)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "000", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "000", "4711");
	pen_stock(&pen, "0210", "1", "5438 ", "050", "4711");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	expect_one_contract(&caught);
	let_go(&caught);
}
END_TEST

START_TEST(one_number_in_two_lines_is_two_contracts)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_policy(&pen, "5438 ", "070", "4711");
	pen_tail(&pen, 2);
	catch_pen(&caught, &pen);
	ck_assert_int_eq(caught.counts.contracts, 2);
	expect_ids(&caught, 2);
	ck_assert_ptr_nonnull(strstr(caught.contracts, ",5438,4711,,,050,"));
	ck_assert_ptr_nonnull(strstr(caught.contracts, ",5438,4711,,,070,"));
	ck_assert_ptr_null(strstr(caught.contracts, MUSTER)); /* neither is the number alone */
	let_go(&caught);
}
END_TEST

/* A group contract: joining them would show one person's documents to another. */
START_TEST(one_number_with_two_holders_is_two_contracts)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "010", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "010", "4711");
	pen_person(&pen, "5438 ", "010", "4711", "Andere", "Anna", "02031980");
	pen_field(&pen, 31, "02");
	pen_policy(&pen, "5438 ", "010", "4711");
	pen_field(&pen, 31, "02");
	pen_tail(&pen, 2);
	catch_pen(&caught, &pen);
	ck_assert_int_eq(caught.counts.contracts, 2);
	expect_ids(&caught, 2);
	ck_assert_ptr_nonnull(strstr(caught.contracts, ",Muster,Max,"));
	ck_assert_ptr_nonnull(strstr(caught.contracts, ",Andere,Anna,"));
	let_go(&caught);
}
END_TEST

START_TEST(two_vehicles_under_one_number_are_one_contract_without_a_plate)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	for (int i = 0; i < 2; i++) {
		pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
		pen_field(&pen, 31, i ? "02" : "01");
		pen_policy(&pen, "5438 ", "050", "4711");
		pen_field(&pen, 31, i ? "02" : "01");
		pen_stock(&pen, "0210", "1", "5438 ", "050", "4711");
		pen_field(&pen, 31, i ? "02" : "01");
		pen_field(&pen, 114, i ? "M-AB 1" : "M-AB 2");
	}
	pen_tail(&pen, 2);
	catch_pen(&caught, &pen);
	expect_one_contract(&caught);
	ck_assert_str_eq(caught.problems,
			 "4: several vehicles under one number: no plate is taken\n");
	let_go(&caught);
}
END_TEST

START_TEST(customers_without_a_number_are_joined_only_if_everything_is_known)
{
	struct catch caught;
	struct pen pen;
	char *first, *second;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	for (int i = 0; i < 2; i++) {
		pen_person(&pen, "5438 ", "050", i ? "4711" : "4712", i ? "MUSTER" : "Muster",
			   "Max", _i ? "01021970" : "00000000");
		pen_policy(&pen, "5438 ", "050", i ? "4711" : "4712");
	}
	pen_tail(&pen, 2);
	catch_pen(&caught, &pen);
	first = strstr(caught.contracts, ",p-");
	second = strstr(first + 1, ",p-");
	ck_assert_ptr_nonnull(second);
	ck_assert_int_eq(strncmp(first, second, 3 + 20) == 0, _i);
	let_go(&caught);
}
END_TEST

START_TEST(no_problem_tells_a_name_or_a_number)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "31021970");
	pen_policy(&pen, "5438 ", "050", "4712");
	pen_field(&pen, 44, "99999999");
	pen_stock(&pen, "0210", "1", "5438 ", "050", "4713");
	catch_pen(&caught, &pen);
	ck_assert(caught.counts.problems > 3);
	ck_assert_ptr_null(strstr(caught.problems, "Muster"));
	ck_assert_ptr_null(strstr(caught.problems, "471"));
	let_go(&caught);
}
END_TEST

/* Abgangsgrund 37: the new number is one of another insurer; 38: it is one of this. */
START_TEST(the_new_number_counts_only_where_the_contract_stayed)
{
	static const char *const reasons[] = { "37", "38" };
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_field(&pen, 69, "4");
	pen_field(&pen, 70, reasons[_i]);
	pen_field(&pen, 72, "01062020");
	pen_field(&pen, 209, "             99882");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	ck_assert_ptr_nonnull(strstr(
		caught.contracts,
		line_of(&caught, "4711",
			_i ? ",9988,050,2004-05-01,2020-06-01" : ",,050,2004-05-01,2020-06-01")));
	let_go(&caught);
}
END_TEST

static Suite *gdv_contract_suite(void)
{
	Suite *suite = suite_create("matcher/gdv_contract");
	TCase *facts = tcase_create("facts");

	tcase_add_test(facts, a_contract_without_its_holder_is_kept_and_named);
	tcase_add_test(facts, a_person_without_a_contract_is_named);
	tcase_add_test(facts, an_insured_person_is_not_the_holder);
	tcase_add_test(facts, a_company_has_no_first_name);
	tcase_add_loop_test(facts, dates_with_zeros_are_unknown_and_impossible_ones_are_named, 0,
			    7);
	tcase_add_loop_test(facts, a_term_that_was_over_when_the_file_was_made_is_no_end, 0, 4);
	tcase_add_loop_test(
		facts, numbers_of_seventeen_bytes_and_with_blanks_inside_stay_as_they_are, 0, 4);
	tcase_add_loop_test(facts, a_number_that_is_blank_or_no_number_is_refused, 0, 5);
	tcase_add_test(facts, every_spelling_of_a_number_becomes_a_name);
	tcase_add_loop_test(
		facts, a_reference_without_a_meaning_or_to_a_contract_of_its_own_is_no_name, 0, 3);
	tcase_add_test(facts, the_brokers_number_of_the_customer_stays_as_it_is);
	tcase_add_loop_test(facts, a_customers_number_with_letters_that_are_none_is_not_taken, 0,
			    2);
	tcase_add_test(facts, a_name_that_can_be_none_is_named);
	tcase_add_test(facts, spellings_of_one_number_with_two_holders_are_two_contracts);
	tcase_add_test(facts, a_bundle_is_one_contract_without_a_line);
	tcase_add_test(facts, one_0210_gives_the_line_that_0200_does_not_say);
	tcase_add_test(facts, one_number_in_two_lines_is_two_contracts);
	tcase_add_test(facts, one_number_with_two_holders_is_two_contracts);
	tcase_add_test(facts, two_vehicles_under_one_number_are_one_contract_without_a_plate);
	tcase_add_loop_test(
		facts, customers_without_a_number_are_joined_only_if_everything_is_known, 0, 2);
	tcase_add_test(facts, no_problem_tells_a_name_or_a_number);
	tcase_add_loop_test(facts, the_new_number_counts_only_where_the_contract_stayed, 0, 2);
	suite_add_tcase(suite, facts);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(gdv_contract_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
