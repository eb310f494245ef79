#include "ingest/sniff.h"

#include "ingest/limits.h"
#include "tests/ingest/read_helpers.h"

static const struct {
	const char *head;
	size_t len;
	const char *type;
} cases[] = {
	{ "", 0, "" },
	{ "%PDF-1.4\n", 9, "application/pdf" },
	{ "%PDX-1.4\n", 9, "text/plain" },
	{ "PK\x03\x04\x14\0\0\0", 8, "application/zip" },
	{ "\xff\xd8\xff\xe0\0\x10JFIF", 10, "image/jpeg" },
	{ "\x89PNG\r\n\x1a\n\0\0", 10, "image/png" },
	{ "II*\0\x08\0\0\0", 8, "image/tiff" },
	{ "MM\0*\0\0\0\x08", 8, "image/tiff" },
	{ "<?xml version=\"1.0\"?><a/>", 25, "application/xml" },
	{ "Sehr geehrte Damen und Herren\r\n", 31, "text/plain" },
	{ "a;b;c\n1;2;3\n", 12, "text/csv" },
	{ "a;b;c\n1;2\n", 10, "text/plain" },
	{ "0001 too short for a record", 27, "text/plain" },
	{ "\0\0\0\0\x01\x02\x03\x04", 8, "application/octet-stream" },
	{ "GIF89a\x01\0\x01\0\x80\0\0", 13, "image/gif" },
	{ "\x1f\x8b\x08\0\0\0\0\0\0\x03", 10, "application/gzip" },
};

START_TEST(by_bytes)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	ck_assert_str_eq(sniff(cases[_i].head, cases[_i].len, mem), cases[_i].type);
	talloc_free(mem);
}
END_TEST

START_TEST(gdv_by_shape)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char record[520];

	memset(record, ' ', sizeof record);
	memcpy(record, "0001", 4);
	memcpy(record + 256, "\r\n0100", 6);
	ck_assert_str_eq(sniff(record, sizeof record, mem), "text/x-gdv");
	memcpy(record + 256, "0100", 4); /* no line ends */
	ck_assert_str_eq(sniff(record, sizeof record, mem), "text/x-gdv");
	record[10] = (char)0xe4; /* CP1252 */
	ck_assert_str_eq(sniff(record, sizeof record, mem), "text/x-gdv");
	record[256] = 'x'; /* the record is longer than a GDV record */
	ck_assert_str_eq(sniff(record, sizeof record, mem), "text/plain");
	talloc_free(mem);
}
END_TEST

START_TEST(looks_at_the_first_bytes_only)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *text = talloc_array(mem, char, SNIFF_BYTES + 1);

	memset(text, 'a', SNIFF_BYTES);
	text[SNIFF_BYTES] = '\0';
	ck_assert_str_eq(sniff(text, SNIFF_BYTES + 1, mem), "text/plain");
	text[SNIFF_BYTES - 1] = '\0';
	ck_assert_str_ne(sniff(text, SNIFF_BYTES + 1, mem), "text/plain");
	talloc_free(mem);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("sniff");

	tcase_add_loop_test(tests, by_bytes, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tests, gdv_by_shape);
	tcase_add_test(tests, looks_at_the_first_bytes_only);
	return run_suite("sniff", tests);
}
