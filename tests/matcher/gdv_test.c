/* GDV deliveries as files: what is broken is named, what is sound still comes out. */
#include "matcher/gdv_delivery.h"
#include "tests/matcher/gdv_expect.h"

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

/* ---- line ends that differ, and none ---- */

#define MANY 200

/* A sound delivery of MANY contracts without line ends; person i is record 3 + 2 * i, his contract the next one. */
static void pen_many(struct pen *pen)
{
	char number[20];

	pen_start(pen, "");
	pen_head(pen, "5438 ");
	for (int i = 0; i < MANY; i++) {
		snprintf(number, sizeof(number), "%d", 100000 + i);
		pen_person(pen, "5438 ", "050", number, "Muster", "Max", "01021970");
		pen_policy(pen, "5438 ", "050", number);
	}
	pen_tail(pen, MANY);
}

START_TEST(line_ends_may_differ_within_a_file)
{
	static const char *const ends[][2] = {
		{ "\n", "\r\n" }, { "\n", "\r" },     { "\r\n", "\r" },
		{ "\r", "\r\n" }, { "\n\r", "\n\r" }, { "\n\r", "\r" },
		{ "", "\n" },     { "\r\n", "" },     { "\n", "\n\n\r\n" },
	};
	struct catch caught;
	struct pen whole, pen;

	pen_many(&whole);
	pen_start(&pen, "");
	for (size_t i = 0; i * 256 < whole.used; i++) {
		const char *end = ends[_i][(i / 3) % 2];

		pen_bytes(&pen, whole.bytes + i * 256, 256);
		pen_bytes(&pen, end, strlen(end));
	}
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.problems, "");
	ck_assert_int_eq(caught.counts.contracts, MANY);
	let_go(&caught);
	talloc_free(whole.bytes);
}
END_TEST

/* A line end in a field is no end of the record; a record that is short by one is, whatever stands in its last place. */
START_TEST(a_line_end_inside_a_record_is_a_blank)
{
	static const char *const ends[] = { "\n", "\r\n", "" };
	struct catch caught;
	struct pen pen;

	pen_start(&pen, ends[_i]);
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Mus\rter", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.problems, "");
	ck_assert_ptr_nonnull(strstr(caught.contracts, ",Mus ter,Max,1970-02-01,"));
	let_go(&caught);
}
END_TEST

START_TEST(a_record_short_by_one_is_short)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\r\n");
	pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_stock(&pen, "0100", "2", "5438 ", "050", "4711");
	pen.used -= 3;
	pen_bytes(&pen, "\r\n", 2);
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	expect_one_contract(&caught);
	ck_assert_str_eq(caught.problems, "4! 255 characters, expected 256\n");
	let_go(&caught);
}
END_TEST

/* Record 7 of a file without line ends is broken: it is named, and all others are read. */
START_TEST(reading_goes_on_behind_a_broken_record)
{
	static const struct {
		int more; /* bytes more or less */
		const char *type, *problem;
	} cases[] = {
		{ -3, NULL, "7! 253 characters, expected 256\n" },
		{ -1, NULL, "7! 255 characters, expected 256\n" },
		{ -200, NULL, "7! 56 characters, expected 256\n" },
		{ 3, NULL, "7! 259 characters, expected 256\n" },
		{ 100, NULL, "7! 356 characters, expected 256\n" },
		{ 0, "X100", "7! begins without a record type that is known\n" },
		{ -3, "0777", "7! 253 characters, expected 256\n" },
	};
	enum { AT = 6 * 256 };
	struct catch caught;
	struct pen whole, pen;
	char blanks[100];

	memset(blanks, ' ', sizeof(blanks));
	pen_many(&whole);
	if (cases[_i].type)
		memcpy(whole.bytes + AT, cases[_i].type, 4);
	pen_start(&pen, "");
	pen_bytes(&pen, whole.bytes, AT + 256 + (cases[_i].more < 0 ? cases[_i].more : 0));
	pen_bytes(&pen, blanks, cases[_i].more > 0 ? (size_t)cases[_i].more : 0);
	pen_bytes(&pen, whole.bytes + AT + 256, whole.used - AT - 256);
	catch_pen(&caught, &pen);
	ck_assert_msg(caught.counts.contracts == MANY, "%s", caught.problems);
	ck_assert_msg(!strncmp(caught.problems, cases[_i].problem, strlen(cases[_i].problem)), "%s",
		      caught.problems);
	ck_assert_ptr_nonnull(strstr(caught.problems, ": 0200 without a policy holder"));
	ck_assert_int_eq(caught.counts.skipped, 1);
	let_go(&caught);
	talloc_free(whole.bytes);
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

/* What says itself that it is not whole cannot say what is missing. */
START_TEST(a_cut_delivery_counts_as_incomplete)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	if (_i != 5)
		pen_head(&pen, "5438 ");
	pen_person(&pen, "5438 ", "050", "4711", "Muster", "Max", "01021970");
	pen_policy(&pen, "5438 ", "050", "4711");
	if (_i == 1) {
		pen.counted++; /* 9999 counts one more */
		pen_tail(&pen, 1);
	} else if (_i == 2) {
		pen_delivery(&pen, "5438 ", "4712");
	} else if (_i == 4) {
		pen_tail(&pen, 2); /* premiums of two */
	} else if (_i) {
		pen_tail(&pen, 1); /* 3: whole; 5: without 0001 */
	}
	catch_pen(&caught, &pen);
	ck_assert_int_eq(caught.counts.incomplete, _i == 3 ? 0 : 1);
	ck_assert_int_eq(stock_whole(&caught.counts), _i == 3);
	ck_assert_ptr_nonnull(strstr(caught.contracts, MUSTER)); /* what came goes in */
	let_go(&caught);
}
END_TEST

static Suite *gdv_suite(void)
{
	Suite *suite = suite_create("matcher/gdv");
	TCase *cut = tcase_create("records");
	TCase *deliveries = tcase_create("deliveries");

	tcase_set_timeout(deliveries, 300);
	tcase_add_loop_test(cut, every_line_end_and_none_gives_the_same_contract, 0, 4);
	tcase_add_test(cut, a_short_line_is_named_and_the_rest_is_read);
	tcase_add_loop_test(cut, a_long_line_is_named_and_the_rest_is_read, 0, 3);
	tcase_add_test(cut, garbage_between_deliveries_is_named);
	tcase_add_test(cut, nul_bytes_in_a_name_are_blanks);
	tcase_add_test(cut, empty_lines_and_the_end_mark_of_dos_are_no_records);
	tcase_add_loop_test(cut, line_ends_may_differ_within_a_file, 0, 9);
	tcase_add_loop_test(cut, a_line_end_inside_a_record_is_a_blank, 0, 3);
	tcase_add_test(cut, a_record_short_by_one_is_short);
	tcase_add_loop_test(cut, reading_goes_on_behind_a_broken_record, 0, 7);
	tcase_add_test(cut, a_cut_off_last_block_is_named);
	tcase_add_test(deliveries, a_missing_trailer_is_named);
	tcase_add_test(deliveries, wrong_totals_are_named_and_change_nothing);
	tcase_add_test(deliveries, blank_totals_are_not_checked);
	tcase_add_test(deliveries, deliveries_of_several_insurers_stand_in_one_file);
	tcase_add_test(deliveries, a_delivery_that_begins_inside_another_is_named);
	tcase_add_test(deliveries, records_without_a_head_are_read_and_named);
	tcase_add_loop_test(deliveries, a_cut_delivery_counts_as_incomplete, 0, 6);
	tcase_add_test(deliveries,
		       a_delivery_that_is_too_large_to_be_held_gives_the_same_contracts);
	suite_add_tcase(suite, cut);
	suite_add_tcase(suite, deliveries);
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
