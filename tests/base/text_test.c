#include <check.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "base/uuid7.h"

START_TEST(numbers_at_the_limit_and_beyond)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t value;
	} cases[] = {
		{ "0", false, 0 },
		{ "1", true, 1 },
		{ "64", true, 64 },
		{ "65", false, 0 },
		{ "-1", false, 0 },
		{ "+1", false, 0 },
		{ " 1", false, 0 },
		{ "1 ", false, 0 },
		{ "", false, 0 },
		{ NULL, false, 0 },
		{ "0x10", false, 0 },
		{ "007", true, 7 },
		{ "1e1", false, 0 },
		{ "99999999999999999999999", false, 0 },
		{ "18446744073709551617", false, 0 }, /* 2^64 + 1 must not wrap to 1 */
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = { 0 };
		uint64_t value = 0;
		bool good = text_to_u64(&value, cases[i].text, 1, 64, "number of parts", &e);

		ck_assert_msg(good == cases[i].good, "case %zu", i);
		ck_assert_uint_eq(value, cases[i].value);
		ck_assert_int_eq(e.kind, good ? ERR_NONE : ERR_DELIVERY);
		if (!good)
			ck_assert_ptr_nonnull(strstr(e.text, "number of parts"));
	}
}
END_TEST

START_TEST(hostile_text_is_shown_harmless)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "Police.pdf", "Police.pdf" },
		{ "Änderung ß €.pdf", "Änderung ß €.pdf" },
		{ "a\x1b[31mb", "a\\u{001B}[31mb" },
		{ "a\nb\r\tc", "a\\u{000A}b\\u{000D}\\u{0009}c" },
		{ "inv\xe2\x80\xaegpj.exe", "inv\\u{202E}gpj.exe" }, /* right-to-left override */
		{ "zero\xe2\x80\x8bwidth", "zero\\u{200B}width" },
		{ "bad \xff\xc3(", "bad \\x{FF}\\x{C3}(" },
		{ "quote\" and \\", "quote\\\" and \\\\" },
		{ "../../etc/passwd", "../../etc/passwd" },
		{ "", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *shown = text_shown(cases[i].in, 200, NULL);

		ck_assert_str_eq(shown, cases[i].out);
		talloc_free(shown);
	}
}
END_TEST

START_TEST(shown_text_is_cut_between_characters)
{
	char *shown = text_shown("äöüäöüäöü", 5, NULL);

	ck_assert_str_eq(shown, "äö...");
	talloc_free(shown);
}
END_TEST

START_TEST(utf8_that_xml_forbids_is_not_valid)
{
	ck_assert(text_valid_utf8("Grüße\n", strlen("Grüße\n")));
	ck_assert(!text_valid_utf8("a\x01", 2));
	ck_assert(!text_valid_utf8("\xed\xa0\x80", 3)); /* a surrogate */
	ck_assert(!text_valid_utf8("\xc0\xaf", 2));     /* overlong slash */
	ck_assert(!text_valid_utf8("\xef\xbf\xbf", 3)); /* U+FFFF */
	ck_assert(!text_valid_utf8("a\0b", 3));
}
END_TEST

START_TEST(white_space_goes_at_both_ends)
{
	char *trimmed = text_trimmed(" \r\n\t A B \n", NULL);

	ck_assert_str_eq(trimmed, "A B");
	talloc_free(trimmed);
	ck_assert_ptr_null(text_trimmed(NULL, NULL));
	ck_assert(text_empty(NULL) && text_empty("") && text_empty(" \t\r\n") && !text_empty(" x"));
}
END_TEST

START_TEST(times_as_insurers_write_them)
{
	static const struct {
		const char *text, *utc; /* utc NULL: refused */
	} cases[] = {
		{ "2025-03-03T06:00:00", "2025-03-03T05:00:00.000Z" }, /* winter */
		{ "2025-07-03T06:00:00", "2025-07-03T04:00:00.000Z" }, /* summer */
		{ "2025-03-30T01:59:59", "2025-03-30T00:59:59.000Z" },
		{ "2025-03-30T03:00:00", "2025-03-30T01:00:00.000Z" },
		{ "2025-10-26T04:00:00", "2025-10-26T03:00:00.000Z" },
		{ "2025-03-03T06:00:00Z", "2025-03-03T06:00:00.000Z" },
		{ "2025-03-03T06:00:00+01:00", "2025-03-03T05:00:00.000Z" },
		{ "2025-03-03T06:00:00.123456789-05:30", "2025-03-03T11:30:00.123Z" },
		{ "2025-06-01", "2025-05-31T22:00:00.000Z" },
		{ "2028-02-29T00:00:00Z", "2028-02-29T00:00:00.000Z" },
		{ "2025-13-01", NULL },
		{ "2025-03-03T25:00:00", NULL },
		{ "2025-03-03T06:00", NULL },
		{ "03.03.2025", NULL },
		{ "2025-03-03T06:00:00 MEZ", NULL },
		{ "2025-03-03T06:00:00+1:00", NULL },
		{ "", NULL },
		{ NULL, NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char out[CLOCK_TEXT_SIZE];
		struct err e = { 0 };
		int64_t ms;
		bool good = clock_parse(&ms, cases[i].text, &e);

		ck_assert_msg(good == (cases[i].utc != NULL), "case %zu", i);
		if (good)
			ck_assert_str_eq(clock_text(out, ms), cases[i].utc);
	}
}
END_TEST

START_TEST(uuids_sort_by_time_and_never_repeat)
{
	char last[UUID_TEXT_SIZE] = "", next[UUID_TEXT_SIZE];

	for (int i = 0; i < 100000; i++) {
		uuid7_text(next);
		ck_assert_int_lt(strcmp(last, next), 0);
		memcpy(last, next, sizeof last);
	}
	ck_assert_int_eq(strlen(next), 36);
	ck_assert_int_eq(next[14], '7');
	ck_assert_ptr_nonnull(strchr("89ab", next[19]));
}
END_TEST

START_TEST(the_first_error_wins_and_carries_its_route)
{
	struct err e = { 0 };

	ck_assert(!err_set(&e, ERR_DELIVERY, "answer has %d bytes, limit %d", 11, 10));
	err_set(&e, ERR_RETRY, "later");
	ck_assert_str_eq(e.text, "answer has 11 bytes, limit 10");
	err_prefix(&e, "connection %s", "nord");
	ck_assert_str_eq(e.text, "connection nord: answer has 11 bytes, limit 10");
	ck_assert_int_eq(err_exit_code(&e), 65);
	for (int i = 0; i < 20; i++)
		err_prefix(&e, "%0200d",
			   0); /* a head and a text that are too long are cut, not overrun */
	ck_assert_uint_lt(strlen(e.text), sizeof e.text);
}
END_TEST

/* What PostgreSQL and a terminal would refuse does not get into a sentence, and a cut hits no character. */
START_TEST(an_error_is_valid_utf8)
{
	char umlauts[1000];

	for (size_t i = 0; i < sizeof umlauts - 2; i += 2)
		memcpy(umlauts + i, "\xc3\xa4", 3);
	for (int shift = 0; shift < 2; shift++) {
		struct err e = { 0 };

		err_set(&e, ERR_DELIVERY, "%s%s", shift ? "x" : "", umlauts);
		ck_assert(text_valid_utf8(e.text, strlen(e.text)));
		ck_assert_uint_ge(strlen(e.text), sizeof e.text - 2);
		err_prefix(&e, "%s%s", shift ? "" : "x", umlauts);
		ck_assert(text_valid_utf8(e.text, strlen(e.text)));
		ck_assert_uint_gt(strlen(e.text), 300);
	}
	for (int i = 0; i < 2; i++) {
		struct err e = { 0 };

		err_set(&e, ERR_DELIVERY, "type K\xfcndigung%s", i ? "\xe2\x82" : " is strange");
		ck_assert_str_eq(e.text, i ? "type K?ndigung" : "type K?ndigung is strange");
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base/text");
	TCase *tcase = tcase_create("text");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, numbers_at_the_limit_and_beyond);
	tcase_add_test(tcase, hostile_text_is_shown_harmless);
	tcase_add_test(tcase, shown_text_is_cut_between_characters);
	tcase_add_test(tcase, utf8_that_xml_forbids_is_not_valid);
	tcase_add_test(tcase, white_space_goes_at_both_ends);
	tcase_add_test(tcase, times_as_insurers_write_them);
	tcase_add_test(tcase, uuids_sort_by_time_and_never_repeat);
	tcase_add_test(tcase, the_first_error_wins_and_carries_its_route);
	tcase_add_test(tcase, an_error_is_valid_utf8);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
