/* Code pages: the same name in every one that insurers have used. */
#include "tests/matcher/stock_world.h"

struct page {
	const char *name; /* as reported */
	const char *surname, *town, *expected;
	size_t extra; /* bytes more than characters, UTF-8 only */
};

static const struct page pages[] = {
	{ "ASCII", "Mueller", "Koeln", ",Mueller,Max,", 0 },
	{ "DIN 66003", "Gr}ne~M|{]hle", "K|ln", ",GrüneßMöäÜhle,Max,", 0 },
	{ "ISO-8859-1", "M\xFCller-Stra\xDF", "K\xF6ln", ",Müller-Straß,Max,", 0 },
	{ "ISO-8859-15", "\xA6korpil-M\xFCller", "K\xF6ln", ",Škorpil-Müller,Max,", 0 },
	{ "CP1252", "\x8Akorpil-M\xFCller\x9A\x80", "K\xF6ln", ",Škorpil-Müllerš€,Max,", 0 },
	{ "CP850", "M\x81ller-Stra\xE1", "K\x94ln", ",Müller-Straß,Max,", 0 },
	{ "CP850", "Wei\xE1", "Bonn", ",Weiß,Max,", 0 },
	{ "CP850", "Ren\x82", "Bonn", ",René,Max,", 0 },
	{ "ISO-8859-1", "Andr\xE9", "Bonn", ",André,Max,", 0 },
	{ "UTF-8", "M\xC3\xBCller", "K\xC3\xB6ln", ",Müller,Max,", 2 },
};

/* In UTF-8 a record keeps its 256 characters: what follows a two-byte letter moves on. */
static void write_shifted(struct pen *pen, const struct page *page)
{
	size_t start = pen->used, surname = strlen(page->surname), town = strlen(page->town);
	unsigned char *record;

	pen_person(pen, "5438 ", "050", "4711", "", "Max", "01021970");
	record = pen->bytes + start;
	if (page->extra) {
		pen_bytes(pen, "  ", 2);
		record = pen->bytes + start;
		memmove(record + 163 + 25 + 1, record + 163 + 25 - 1, 257 - 187);
		memmove(record + 44 + 30, record + 44 + 30 - 1, 187 - 73);
		memset(record + 163, ' ', 26);
		memset(record + 43, ' ', 31);
	}
	memcpy(record + 43, page->surname, surname);
	memcpy(record + 162 + (page->extra ? 1 : 0), page->town, town);
}

START_TEST(each_code_page_is_told_by_its_bytes)
{
	const struct page *page = &pages[_i];
	struct catch caught;
	struct pen pen;
	char *names;

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	write_shifted(&pen, page);
	pen_policy(&pen, "5438 ", "050", "4711");
	pen_tail(&pen, 1);
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.problems, "");
	ck_assert_msg(strstr(caught.contracts, page->expected) != NULL, "%s: %s", page->name,
		      caught.contracts);
	ck_assert_ptr_nonnull(strstr(caught.contracts, ",1970-02-01,44139,,"));
	names = stock_code_pages(&caught.counts, caught.mem);
	ck_assert_str_eq(names, page->name);
	let_go(&caught);
}
END_TEST

START_TEST(each_delivery_of_a_file_has_its_own)
{
	static const char *const surnames[] = { "M\x81ller", "M\xFCller", "M}ller" };
	struct catch caught;
	struct pen pen;
	char *names;

	pen_start(&pen, "\r\n");
	for (int i = 0; i < 3; i++) {
		pen_head(&pen, "5438 ");
		pen_person(&pen, "5438 ", "050", "4711", surnames[i], "Max", "01021970");
		pen_policy(&pen, "5438 ", "050", "4711");
		pen_tail(&pen, 1);
	}
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.problems, "");
	for (char *at = caught.contracts; *at; at = strchr(at, '\n') + 1) {
		char *line = talloc_strndup(caught.mem, at, strcspn(at, "\n"));

		ck_assert_msg(strstr(line, ",Müller,Max,") != NULL, "%s", line);
	}
	names = stock_code_pages(&caught.counts, caught.mem);
	ck_assert_str_eq(names, "DIN 66003, ISO-8859-1, CP850");
	let_go(&caught);
}
END_TEST

START_TEST(a_utf8_mark_before_the_first_record_is_no_part_of_it)
{
	struct catch caught;
	struct pen pen;

	pen_start(&pen, "\n");
	pen_bytes(&pen, "\xEF\xBB\xBF", 3);
	pen_delivery(&pen, "5438 ", "4711");
	catch_pen(&caught, &pen);
	ck_assert_str_eq(caught.problems, "");
	ck_assert_int_eq(caught.counts.contracts, 1);
	let_go(&caught);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("matcher/gdv_text");
	TCase *tcase = tcase_create("code pages");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, each_code_page_is_told_by_its_bytes, 0,
			    (int)(sizeof(pages) / sizeof(pages[0])));
	tcase_add_test(tcase, each_delivery_of_a_file_has_its_own);
	tcase_add_test(tcase, a_utf8_mark_before_the_first_record_is_no_part_of_it);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
