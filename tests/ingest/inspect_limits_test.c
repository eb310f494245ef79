/* Every limit of ingest/limits.h for what stands in a document: at it the document is read, one beyond it it is not, and kept. */
#include <check.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "ingest/inspect.h"
#include "ingest/limits.h"
#include "tests/ingest/documents_made.h"

static TALLOC_CTX *mem;

/* A file of size bytes that ends in these; in front of them is a hole. */
static struct inspected look(const char *media_type, const void *bytes, size_t len, uint64_t size)
{
	int fd = memfd_create("document", MFD_CLOEXEC);
	struct inspected found;
	struct err e = { 0 };

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, bytes, len, (off_t)(size - len)), (ssize_t)len);
	ck_assert_msg(inspect(&found, media_type, fd, mem, &e), "%s", e.text);
	close(fd);
	return found;
}

static void ends_as(const struct inspected *found, enum inspect_state state, const char *sentence)
{
	ck_assert_msg(found->state == state, "%s: %s", inspect_state_name(found->state),
		      found->sentence ? found->sentence : "");
	ck_assert_msg(!sentence ? !found->sentence
				: found->sentence && strstr(found->sentence, sentence),
		      "%s, expected %s", found->sentence, sentence);
}

/* ---- archives ---- */

/* So many zeros, compressed. */
struct squeezed {
	uint8_t *bytes;
	size_t len;
	uint32_t zeros, crc;
};

static struct squeezed squeeze(uint32_t zeros)
{
	static uint8_t piece[1 << 16];
	struct squeezed s = { .zeros = zeros, .bytes = talloc_size(mem, 1 << 20) };
	z_stream to = { .next_out = s.bytes, .avail_out = 1 << 20 };
	uint32_t left = zeros;

	ck_assert_int_eq(deflateInit2(&to, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
	do {
		to.next_in = piece;
		to.avail_in = left < sizeof piece ? left : sizeof piece;
		left -= to.avail_in;
		s.crc = (uint32_t)crc32(s.crc, piece, to.avail_in);
		ck_assert_int_ne(deflate(&to, left ? Z_NO_FLUSH : Z_FINISH), Z_STREAM_ERROR);
		ck_assert_uint_eq(to.avail_in, 0);
	} while (left);
	s.len = to.total_out;
	deflateEnd(&to);
	return s;
}

static void squeezed_head(uint8_t *to, size_t *len, const struct squeezed *s, const char *name)
{
	add16(to, len, 20);
	add16(to, len, 0);
	add16(to, len, 8); /* deflate */
	add32(to, len, 0);
	add32(to, len, s->crc);
	add32(to, len, (uint32_t)s->len);
	add32(to, len, s->zeros);
	add16(to, len, (unsigned)strlen(name));
	add16(to, len, 0);
}

static void zip_squeezed(struct zip *z, const struct squeezed *s, const char *name)
{
	uint32_t at = z->base + (uint32_t)z->len;

	add32(z->bytes, &z->len, 0x04034b50);
	squeezed_head(z->bytes, &z->len, s, name);
	memcpy(z->bytes + z->len, name, strlen(name));
	z->len += strlen(name);
	memcpy(z->bytes + z->len, s->bytes, s->len);
	z->len += s->len;
	add32(z->directory, &z->directory_len, 0x02014b50);
	add16(z->directory, &z->directory_len, 20);
	squeezed_head(z->directory, &z->directory_len, s, name);
	add16(z->directory, &z->directory_len, 0);
	add16(z->directory, &z->directory_len, 0);
	add16(z->directory, &z->directory_len, 0);
	add32(z->directory, &z->directory_len, 0);
	add32(z->directory, &z->directory_len, at);
	memcpy(z->directory + z->directory_len, name, strlen(name));
	z->directory_len += strlen(name);
	z->entries++;
}

/* Four entries of these zeros each, more in the last, in a file of so many bytes. */
static struct inspected zeros_in(uint64_t zeros, uint64_t size)
{
	static const char *const names[] = { "a", "b", "c" };
	struct squeezed quarter = squeeze((uint32_t)(zeros / 4));
	struct squeezed rest = squeeze((uint32_t)(zeros - 3 * (zeros / 4)));
	struct zip *z = talloc_zero(mem, struct zip);
	size_t len;

	for (int round = 0; round < 2; round++) { /* the first one tells how long it is */
		len = z->len;
		*z = (struct zip){ .base = round ? (uint32_t)(size - len) : 0 };
		for (int i = 0; i < 3; i++)
			zip_squeezed(z, &quarter, names[i]);
		zip_squeezed(z, &rest, "d");
		zip_close(z);
	}
	return look("application/zip", z->bytes, z->len, size);
}

START_TEST(times_as_long_as_the_archive)
{
	struct inspected found = zeros_in(20000ull * ZIP_RATIO_MOST, 20000);

	ends_as(&found, INSPECT_READ, NULL);
	found = zeros_in(20000ull * ZIP_RATIO_MOST + 1, 20000);
	ends_as(&found, INSPECT_REFUSED, "100 times as long");
}
END_TEST

/* In a file that is long enough for the other limit to allow it. */
START_TEST(bytes_unpacked)
{
	const uint64_t size = ZIP_UNPACKED_MOST / ZIP_RATIO_MOST + 4096;
	struct inspected found = zeros_in(ZIP_UNPACKED_MOST + (uint64_t)_i, size);

	ends_as(&found, _i ? INSPECT_REFUSED : INSPECT_READ, _i ? "more than 1 GiB" : NULL);
}
END_TEST

START_TEST(length_of_a_name)
{
	char name[ZIP_NAME_LEN_MOST + 2];
	struct inspected found;
	json_t *entries, *odd;

	for (size_t beyond = 0; beyond <= 1; beyond++) {
		struct zip *z = talloc_zero(mem, struct zip);

		memset(name, 'n', sizeof name);
		name[ZIP_NAME_LEN_MOST + beyond] = '\0';
		zip_entry(z, 0, name, "words");
		zip_close(z);
		found = look("application/zip", z->bytes, z->len, z->len);
		ends_as(&found, INSPECT_READ, NULL);
		entries = json_loads(found.entries, 0, NULL);
		odd = json_object_get(json_array_get(entries, 0), "odd");
		ck_assert_pstr_eq(json_string_value(odd), beyond ? "name too long" : NULL);
		json_decref(entries);
	}
}
END_TEST

/* An archive in an archive is an entry, whatever stands in it: nothing is opened, so there is no depth. */
START_TEST(an_archive_in_an_archive)
{
	struct zip *inner = talloc_zero(mem, struct zip), *outer = talloc_zero(mem, struct zip);
	struct inspected found;
	json_t *entries, *type;

	zip_entry(inner, 0, "inner.txt", "words");
	zip_close(inner);
	zip_bytes(outer, 0, "inner.zip", inner->bytes, inner->len);
	zip_close(outer);
	found = look("application/zip", outer->bytes, outer->len, outer->len);
	ends_as(&found, INSPECT_READ, NULL);
	entries = json_loads(found.entries, 0, NULL);
	ck_assert_uint_eq(json_array_size(entries), 1);
	type = json_object_get(json_array_get(entries, 0), "type");
	ck_assert_str_eq(json_string_value(type), "application/zip");
	json_decref(entries);
}
END_TEST

START_TEST(bytes_of_the_document)
{
	for (uint64_t beyond = 0; beyond <= 1; beyond++) {
		struct zip *z = talloc_zero(mem, struct zip);
		uint64_t size = INSPECT_FILE_MOST + beyond;
		struct inspected found;
		size_t len;

		zip_entry(z, 0, "a", "words");
		zip_close(z);
		len = z->len;
		*z = (struct zip){ .base = (uint32_t)(size - len) };
		zip_entry(z, 0, "a", "words");
		zip_close(z);
		found = look("application/zip", z->bytes, z->len, size);
		ends_as(&found, beyond ? INSPECT_REFUSED : INSPECT_READ,
			beyond ? "longer than 64 MiB" : NULL);
	}
}
END_TEST

/* ---- PDF ---- */

/* All with this content but the last one. */
static char *pages_with(int count, const char *content, const char *last)
{
	char *pdf = talloc_strdup(mem, "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
				       "2 0 obj<</Type/Pages/Kids[");

	for (int i = 0; i < count; i++)
		pdf = talloc_asprintf_append_buffer(pdf, "%d 0 R ", 10 + i);
	pdf = talloc_asprintf_append_buffer(
		pdf,
		"]/Count %d>>endobj\n4 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n"
		"6 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n"
		"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n",
		count, strlen(content), content, strlen(last), last);
	for (int i = 0; i < count; i++)
		pdf = talloc_asprintf_append_buffer(
			pdf,
			"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
			"/Resources<</Font<</F1 5 0 R>>>>>>endobj\n",
			10 + i, i + 1 < count ? 4 : 6);
	return talloc_asprintf_append_buffer(pdf, "trailer<</Root 1 0 R>>\n%%%%EOF\n");
}

static char *pages_of(int count)
{
	const char *content = "BT /F1 12 Tf 100 700 Td (Seite) Tj ET";

	return pages_with(count, content, content);
}

/* A page of so many words of so many letters, more in the last one; eight in a line. */
static char *page_of(int words, int letters, int more)
{
	const char *word = "xxxxxxxxxxxxxxxx";
	char *page = talloc_strdup(mem, "BT /F1 8 Tf 9 TL 20 800 Td (");

	for (int i = 1; i <= words; i++)
		page = talloc_asprintf_append_buffer(page, "%.*s%s", letters + (i == words) * more,
						     word, i % 8 ? " " : ") Tj T* (");
	return talloc_asprintf_append_buffer(page, ") Tj ET");
}

static struct inspected look_pdf(const char *pdf)
{
	return look("application/pdf", pdf, strlen(pdf), strlen(pdf));
}

static size_t pages_found(const struct inspected *found)
{
	json_t *pages = json_loads(found->pages, 0, NULL);
	size_t count = json_array_size(pages);

	json_decref(pages);
	return count;
}

static size_t words_found(const struct inspected *found)
{
	json_t *pages = json_loads(found->pages, 0, NULL), *page;
	size_t count = 0, i;

	json_array_foreach(pages, i, page) count += json_array_size(json_object_get(page, "words"));
	json_decref(pages);
	return count;
}

START_TEST(pages)
{
	struct inspected found = look_pdf(pages_of(PDF_PAGES_MOST));

	ends_as(&found, INSPECT_READ, NULL);
	ck_assert_int_eq(found.page_count, PDF_PAGES_MOST);
	ck_assert_uint_eq(pages_found(&found), PDF_PAGES_MOST);
	found = look_pdf(pages_of(PDF_PAGES_MOST + 1));
	ends_as(&found, INSPECT_READ, "only its first 500 pages");
	ck_assert_int_eq(found.page_count, PDF_PAGES_MOST + 1);
	ck_assert_uint_eq(pages_found(&found), PDF_PAGES_MOST);
}
END_TEST

START_TEST(words)
{
	const int of_page = PDF_WORDS_MOST / PDF_PAGES_MOST;
	struct inspected found;

	ck_assert_int_eq(of_page * PDF_PAGES_MOST, PDF_WORDS_MOST);
	for (int beyond = 0; beyond <= 1; beyond++) {
		found = look_pdf(pages_with(PDF_PAGES_MOST, page_of(of_page, 4, 0),
					    page_of(of_page + beyond, 4, 0)));
		ends_as(&found, INSPECT_READ, beyond ? "only its first 100000 words" : NULL);
		ck_assert_uint_eq(words_found(&found), PDF_WORDS_MOST);
	}
}
END_TEST

/* A longer word is two; no letter is cut. */
START_TEST(length_of_a_word)
{
	static const char *const more[] = { "x", "xx", "\\373" }; /* the last one is a sharp s */
	static const size_t lens[] = { PDF_WORD_LEN_MOST, PDF_WORD_LEN_MOST,
				       PDF_WORD_LEN_MOST - 1 };
	char word[PDF_WORD_LEN_MOST] = "";

	memset(word, 'x', sizeof word - 1);
	for (size_t i = 0; i < 3; i++) {
		struct inspected found = look_pdf(
			pdf_of(mem, talloc_asprintf(mem, "BT /F1 2 Tf 20 700 Td (%s%s) Tj ET", word,
						    more[i])));

		ends_as(&found, INSPECT_READ, NULL);
		ck_assert_uint_eq(strcspn(found.text, " "), lens[i]);
		ck_assert_uint_eq(words_found(&found), i ? 2 : 1);
	}
}
END_TEST

/* With the blank behind each word. A word that does not fit cannot be searched for, but is there. */
START_TEST(text_to_be_searched)
{
	const int of_page = 200, letters = 9;
	const int count = INSPECT_TEXT_MOST / (of_page * (letters + 1));

	ck_assert_int_eq(count * of_page * (letters + 1), INSPECT_TEXT_MOST);
	for (int beyond = 0; beyond <= 1; beyond++) {
		struct inspected found = look_pdf(pages_with(count, page_of(of_page, letters, 0),
							     page_of(of_page, letters, beyond)));

		ends_as(&found, INSPECT_READ, NULL);
		ck_assert_uint_eq(words_found(&found), (size_t)(count * of_page));
		ck_assert_uint_eq(strlen(found.text),
				  (size_t)(INSPECT_TEXT_MOST - beyond * (letters + 1)));
	}
}
END_TEST

static void begin(void)
{
	mem = talloc_new(NULL);
}

static void end(void)
{
	talloc_free(mem);
}

int main(void)
{
	Suite *suite = suite_create("inspect_limits");
	TCase *tests = tcase_create("inspect_limits");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, begin, end);
	tcase_set_timeout(tests, 300);
	tcase_add_test(tests, times_as_long_as_the_archive);
	tcase_add_loop_test(tests, bytes_unpacked, 0, 2);
	tcase_add_test(tests, length_of_a_name);
	tcase_add_test(tests, an_archive_in_an_archive);
	tcase_add_test(tests, bytes_of_the_document);
	tcase_add_test(tests, pages);
	tcase_add_test(tests, words);
	tcase_add_test(tests, length_of_a_word);
	tcase_add_test(tests, text_to_be_searched);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
