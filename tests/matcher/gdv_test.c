/* GDV deliveries: what is broken is named, what is sound still comes out. */
#include "matcher/gdv_delivery.h"
#include "tests/matcher/stock_world.h"

/* The id is SHA-256 of "8:contract,4:5438,4:4711,", begun. */
#define MUSTER "VU-25ed87441a1ce3d9c707,5438,4711,,,050,2004-05-01,2031-05-01,"

static void expect_one_contract(struct catch *caught)
{
	ck_assert_msg(caught->ok, "%s", caught->e.text);
	ck_assert_int_eq(caught->counts.contracts, 1);
	ck_assert_ptr_nonnull(strstr(caught->contracts, MUSTER));
	ck_assert_ptr_nonnull(strstr(caught->contracts, ",Muster,Max,1970-02-01,44139,,\n"));
}

/* So many lines, each of them with an id of its own. */
static void expect_ids(const struct catch *caught, int count)
{
	int lines = 0;

	for (const char *at = caught->contracts; *at; at = strchr(at, '\n') + 1, lines++) {
		char *id = talloc_asprintf(caught->mem, "%.24s", at);

		ck_assert(!strncmp(id, "VU-", 3) && id[23] == ',');
		ck_assert_ptr_null(strstr(at + 1, id));
	}
	ck_assert_int_eq(lines, count);
}

/* ---- how records are cut ---- */

START_TEST(every_line_end_and_none_gives_the_same_contract)
{
	static const char *const line_ends[] = { "\n", "\r\n", "\r", "" };
	struct catch caught;
	struct pen pen;

	pen_start(&pen, line_ends[_i]);
	pen_delivery(&pen, "5438 ", "4711");
	catch_pen(&caught, &pen);
	expect_one_contract(&caught);
	ck_assert_str_eq(caught.problems, "");
	let_go(&caught);
}
END_TEST

START_TEST(a_short_line_is_named_and_the_rest_is_read)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_bytes(&pen, "0200too short\n", 14);
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	catch_pen(&caught, &pen);
	expect_one_contract(&caught);
	ck_assert_ptr_nonnull(strstr(caught.problems, "3! 13 characters, expected 256\n"));
	ck_assert_int_eq(caught.counts.skipped, 1);
	let_go(&caught);
}
END_TEST

START_TEST(a_long_line_is_named_and_the_rest_is_read)
{
	static const size_t lengths[] = { 257, 512, 100000 };
	struct catch caught;
	struct pen pen;
	char wanted[64], *longer;

	longer = talloc_array(NULL, char, lengths[_i] + 1);
	memset(longer, ' ', lengths[_i]);
	memcpy(longer, "0200", 4);
	longer[lengths[_i]] = '\n';
	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_bytes(&pen, longer, lengths[_i] + 1);
	talloc_free(longer);
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	catch_pen(&caught, &pen);
	expect_one_contract(&caught);
	snprintf(wanted, sizeof(wanted), "3! %zu characters, expected 256\n", lengths[_i]);
	ck_assert_ptr_nonnull(strstr(caught.problems, wanted));
	let_go(&caught);
}
END_TEST

START_TEST(garbage_between_deliveries_is_named)
{
	unsigned char garbage[256];
	struct catch caught;
	struct pen pen;

	for (int i = 0; i < 256; i++)
		garbage[i] = (unsigned char)(255 - i == '\n' ? 0 : 255 - i);
	pen_start(&pen, "\n");
	pen_delivery(&pen, "5438 ", "4711");
	pen_bytes(&pen, garbage, sizeof(garbage));
	pen_bytes(&pen, "\n", 1);
	pen_delivery(&pen, "5438 ", "4712");
	catch_pen(&caught, &pen);
	ck_assert(caught.ok);
	ck_assert_int_eq(caught.counts.contracts, 2);
	ck_assert_str_eq(caught.problems, "6! begins without a record type of four digits\n");
	let_go(&caught);
}
END_TEST

START_TEST(nul_bytes_in_a_name_are_blanks)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	memset(pen.bytes + pen.used - 257 + 43 + 6, 0, 24);
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	expect_one_contract(&caught);
	let_go(&caught);
}
END_TEST

START_TEST(empty_lines_and_the_end_mark_of_dos_are_no_records)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\r\n");
	pen_delivery(&pen, "5438 ", "4711");
	pen_bytes(&pen, "\r\n\r\n\x1a", 5);
	catch_pen(&caught, &pen);
	expect_one_contract(&caught);
	ck_assert_str_eq(caught.problems, "");
	ck_assert_int_eq(caught.counts.records, 5);
	let_go(&caught);
}
END_TEST

START_TEST(a_cut_off_last_block_is_named)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "");
	pen_delivery(&pen, "5438 ", "4711");
	pen.used -= 10;
	catch_pen(&caught, &pen);
	expect_one_contract(&caught);
	ck_assert_str_eq(caught.problems,
			 "5! 246 characters at the end of the file, expected 256\n"
			 "0: the file ends without 9999: the delivery may be incomplete\n");
	let_go(&caught);
}
END_TEST

/* ---- deliveries ---- */

START_TEST(a_missing_trailer_is_named)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_delivery(&pen, "5438 ", "4711");
	pen.used -= 257;
	catch_pen(&caught, &pen);
	expect_one_contract(&caught);
	ck_assert_str_eq(caught.problems,
			 "0: the file ends without 9999: the delivery may be incomplete\n");
	let_go(&caught);
}
END_TEST

START_TEST(wrong_totals_are_named_and_change_nothing)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_delivery(&pen, "5438 ", "4711");
	pen_field(&pen, 5, "0000000154");
	pen_field(&pen, 25, "000000000186043");
	catch_pen(&caught, &pen);
	expect_one_contract(&caught);
	ck_assert_str_eq(caught.problems, "5: 9999 counts 154 records, found 2\n"
					  "5: 9999 sums premiums of 1860.43, found 12.50\n");
	let_go(&caught);
}
END_TEST

START_TEST(blank_totals_are_not_checked)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_delivery(&pen, "5438 ", "4711");
	pen_field(&pen, 25, "               ");
	catch_pen(&caught, &pen);
	expect_one_contract(&caught);
	ck_assert_str_eq(caught.problems, "");
	let_go(&caught);
}
END_TEST

START_TEST(deliveries_of_several_insurers_stand_in_one_file)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_delivery(&pen, "5438 ", "4711");
	pen_delivery(&pen, "01104", "4711");
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.problems, "");
	ck_assert_int_eq(caught.counts.deliveries, 2);
	ck_assert_ptr_nonnull(strstr(caught.contracts, MUSTER));
	ck_assert_ptr_nonnull(strstr(caught.contracts, ",1104,4711,"));
	expect_ids(&caught, 2);
	let_go(&caught);
}
END_TEST

START_TEST(a_delivery_that_begins_inside_another_is_named)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_delivery(&pen, "5438 ", "4711");
	pen.used -= 257;
	pen_delivery(&pen, "5438 ", "4712");
	catch_pen(&caught, &pen);
	ck_assert_int_eq(caught.counts.contracts, 2);
	ck_assert_str_eq(caught.problems,
			 "5: a delivery begins before 9999 has ended the one before\n");
	let_go(&caught);
}
END_TEST

START_TEST(records_without_a_head_are_read_and_named)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	expect_one_contract(&caught);
	ck_assert_str_eq(caught.problems, "1: a record outside of a delivery: 0001 is missing\n");
	let_go(&caught);
}
END_TEST

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
		{ "31021970", "3: the birth date is no date, taken as unknown\n" },
		{ "0102197X", "3: the birth date is no date, taken as unknown\n" },
		{ "19700201", "3: the birth date is no date, taken as unknown\n" },
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
					       "11" };
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

/* ---- what is one contract ---- */

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

/* More numbers than are held, and each one's records as far apart as they can be. */
START_TEST(a_delivery_that_is_too_large_to_be_held_gives_the_same_contracts)
{
	enum { COUNT = GDV_HELD_MOST + 300 };
	struct catch caught;
	struct pen pen;
	char number[20];

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	for (int i = 0; i < COUNT; i++) {
		snprintf(number, sizeof(number), "%d", 100000 + i);
		pen_person(&pen, "5438 ", "050", number, i == COUNT - 1 ? "M\xFCller" : "Muster",
			   "Max", "01021970");
	}
	for (int i = 0; i < COUNT; i++) {
		snprintf(number, sizeof(number), "%d", 100000 + i);
		pen_policy(&pen, "5438 ", "050", number);
		if (i == 0 ||
		    i == COUNT - 1) { /* the other one's own number: no name of this one */
			snprintf(number, sizeof(number), "%17d", 100000 + COUNT - 1 - i);
			pen_field(&pen, 209, number);
			pen_field(&pen, 226, "1");
		}
	}
	pen_stock(&pen, "0200", "2", "5438 ", "050", "120250");
	pen_field(&pen, 84, "12/0250");
	pen_stock(&pen, "0200", "2", "5438 ", "050", "999999");
	pen_tail(&pen, COUNT);
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.problems, "40604! 0200 part 2 without its part 1\n");
	ck_assert_int_eq(caught.counts.contracts, COUNT);
	ck_assert_ptr_nonnull(
		strstr(caught.contracts, line_of(&caught, "100000", ",,050,2004-05-01")));
	ck_assert_ptr_nonnull(
		strstr(caught.contracts, line_of(&caught, "120299", ",,050,2004-05-01")));
	ck_assert_ptr_nonnull(
		strstr(caught.contracts, line_of(&caught, "120250", "12/0250,,050,2004-05-01")));
	ck_assert_ptr_nonnull(strstr(caught.contracts, "M\xC3\xBCller,Max,1970-02-01"));
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

static bool keep_origins(void *self, const struct contract *c, struct err *e)
{
	char **kept = self;

	(void)e;
	*kept = talloc_asprintf_append(*kept, "%s:", c->broker_number);
	for (size_t i = 0; i < c->other_count; i++)
		*kept = talloc_asprintf_append(*kept, " %s %s", c->other_numbers[i],
					       name_origin_text(c->other_origins[i]));
	return true;
}

START_TEST(numbers_say_whose_they_are)
{
	char *kept = talloc_strdup(NULL, "");
	struct stock_sink sink = { &kept, keep_origins, catch_problem };
	struct stock_counts counts;
	struct err e = { 0 };
	struct pen pen;
	FILE *in;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_field(&pen, 33, "  47110815");
	pen_field(&pen, 209, "             99881");
	pen_stock(&pen, "0200", "2", "5438 ", "050", "4711");
	pen_field(&pen, 44, "           BROKER1");
	pen_tail(&pen, 1);
	in = fmemopen(pen.bytes, pen.used, "r");
	ck_assert(stock_read(in, NULL, &sink, &counts, &e));
	ck_assert_str_eq(kept, "47110815: BROKER broker 9988 former");
	fclose(in);
	talloc_free(kept);
	talloc_free(pen.bytes);
}
END_TEST

/* What says itself that it is not whole cannot say what is missing. */
START_TEST(a_cut_delivery_counts_as_incomplete)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	if (_i == 1) {
		pen.counted++; /* 9999 counts one more */
		pen_tail(&pen, 1);
	} else if (_i == 2) {
		pen_delivery(&pen, "5438 ", "4712");
	} else if (_i == 3) {
		pen_tail(&pen, 1);
	}
	catch_pen(&caught, &pen);
	ck_assert_int_eq(caught.counts.incomplete, _i == 3 ? 0 : 1);
	let_go(&caught);
}
END_TEST

static Suite *gdv_suite(void)
{
	Suite *suite = suite_create("matcher/gdv");
	TCase *cut = tcase_create("records");
	TCase *deliveries = tcase_create("deliveries");
	TCase *facts = tcase_create("facts");

	tcase_add_loop_test(cut, every_line_end_and_none_gives_the_same_contract, 0, 4);
	tcase_add_test(cut, a_short_line_is_named_and_the_rest_is_read);
	tcase_add_loop_test(cut, a_long_line_is_named_and_the_rest_is_read, 0, 3);
	tcase_add_test(cut, garbage_between_deliveries_is_named);
	tcase_add_test(cut, nul_bytes_in_a_name_are_blanks);
	tcase_add_test(cut, empty_lines_and_the_end_mark_of_dos_are_no_records);
	tcase_add_test(cut, a_cut_off_last_block_is_named);
	suite_add_tcase(suite, cut);
	tcase_add_test(deliveries, a_missing_trailer_is_named);
	tcase_add_test(deliveries, wrong_totals_are_named_and_change_nothing);
	tcase_add_test(deliveries, blank_totals_are_not_checked);
	tcase_add_test(deliveries, deliveries_of_several_insurers_stand_in_one_file);
	tcase_add_test(deliveries, a_delivery_that_begins_inside_another_is_named);
	tcase_add_test(deliveries, records_without_a_head_are_read_and_named);
	suite_add_tcase(suite, deliveries);
	tcase_add_test(facts, a_contract_without_its_holder_is_kept_and_named);
	tcase_add_test(facts, a_person_without_a_contract_is_named);
	tcase_add_test(facts, an_insured_person_is_not_the_holder);
	tcase_add_test(facts, a_company_has_no_first_name);
	tcase_add_loop_test(facts, dates_with_zeros_are_unknown_and_impossible_ones_are_named, 0,
			    7);
	tcase_add_loop_test(facts, a_term_that_was_over_when_the_file_was_made_is_no_end, 0, 4);
	tcase_add_loop_test(
		facts, numbers_of_seventeen_bytes_and_with_blanks_inside_stay_as_they_are, 0, 4);
	tcase_add_loop_test(facts, a_number_that_is_blank_or_no_number_is_refused, 0, 3);
	tcase_add_test(facts, every_spelling_of_a_number_becomes_a_name);
	tcase_add_loop_test(
		facts, a_reference_without_a_meaning_or_to_a_contract_of_its_own_is_no_name, 0, 3);
	tcase_add_test(facts, the_brokers_number_of_the_customer_stays_as_it_is);
	tcase_add_test(facts, a_bundle_is_one_contract_without_a_line);
	tcase_add_test(facts, one_0210_gives_the_line_that_0200_does_not_say);
	tcase_add_test(facts, one_number_in_two_lines_is_two_contracts);
	tcase_add_test(facts, one_number_with_two_holders_is_two_contracts);
	tcase_add_test(facts, two_vehicles_under_one_number_are_one_contract_without_a_plate);
	tcase_add_loop_test(
		facts, customers_without_a_number_are_joined_only_if_everything_is_known, 0, 2);
	tcase_add_test(facts, no_problem_tells_a_name_or_a_number);
	tcase_add_loop_test(facts, the_new_number_counts_only_where_the_contract_stayed, 0, 2);
	tcase_add_test(facts, numbers_say_whose_they_are);
	tcase_add_loop_test(deliveries, a_cut_delivery_counts_as_incomplete, 0, 4);
	tcase_set_timeout(deliveries, 60);
	tcase_add_test(deliveries,
		       a_delivery_that_is_too_large_to_be_held_gives_the_same_contracts);
	suite_add_tcase(suite, facts);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(gdv_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
