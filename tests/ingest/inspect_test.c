/* What stands inside documents, good and hostile ones: a state and a sentence each, and never more than the limits. */
#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ingest/inspect.h"
#include "ingest/limits.h"
#include "tests/ingest/documents_made.h"

static TALLOC_CTX *mem;

static int file_of(const void *bytes, size_t len)
{
	int fd = memfd_create("document", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
	return fd;
}

static struct inspected look(const char *media_type, const void *bytes, size_t len)
{
	struct inspected found;
	struct err e = { 0 };
	int fd = file_of(bytes, len);

	ck_assert_msg(inspect(&found, media_type, fd, mem, &e), "%s", e.text);
	close(fd);
	return found;
}

static void ends_as(const struct inspected *found, const char *state, const char *sentence)
{
	ck_assert_msg(strcmp(inspect_state_name(found->state), state) == 0, "%s: %s, expected %s",
		      inspect_state_name(found->state), found->sentence ? found->sentence : "",
		      state);
	if (sentence)
		ck_assert_msg(found->sentence && strstr(found->sentence, sentence),
			      "%s, expected %s", found->sentence, sentence);
}

/* ---- PDF ---- */

START_TEST(words_have_their_boxes)
{
	char *pdf = pdf_of(mem, "BT /F1 12 Tf 100 700 Td (Vertrag AS-12 3456789) Tj ET");
	struct inspected found = look("application/pdf", pdf, strlen(pdf));
	json_t *pages = json_loads(found.pages, 0, NULL);
	json_t *words = json_object_get(json_array_get(pages, 0), "words");
	json_t *box = json_object_get(json_array_get(words, 1), "box");

	ends_as(&found, "read", NULL);
	ck_assert_str_eq(found.text, "Vertrag AS-12 3456789 ");
	ck_assert_int_eq(found.page_count, 1);
	ck_assert_uint_eq(json_array_size(words), 3);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(words, 1), "text")),
			 "AS-12");
	ck_assert_double_gt(json_number_value(json_array_get(box, 0)), 130);
	ck_assert_double_lt(json_number_value(json_array_get(box, 0)), 180);
	ck_assert_double_gt(json_number_value(json_array_get(box, 1)), 120);
	ck_assert_double_lt(json_number_value(json_array_get(box, 3)), 160);
	json_decref(pages);
}
END_TEST

START_TEST(other_pdfs)
{
	char *scan = pdf_of(mem, "0 0 100 100 re f");
	char *loop = pdf_of(mem, "BT ET");
	struct inspected found = look("application/pdf", scan, strlen(scan));

	ends_as(&found, "empty", "no words");
	found = look("application/pdf", "%PDF-1.7 and nothing", 20);
	ends_as(&found, "broken", NULL);
	found = look("application/pdf", "", 0);
	ends_as(&found, "broken", NULL);
	memcpy(strstr(loop, "/Kids[3 0 R]"), "/Kids[2 0 R]", 12); /* pages that hold themselves */
	found = look("application/pdf", loop, strlen(loop));
	ck_assert_int_ne(found.state, INSPECT_READ);
}
END_TEST

/* Its page is read like any other; of what was filled in nothing is claimed. */
START_TEST(a_form_in_xfa)
{
	char *pdf = xfa_of(mem, XFA_FILLED);
	struct inspected found = look("application/pdf", pdf, strlen(pdf));

	ends_as(&found, "read", NULL);
	ck_assert_str_eq(found.text, "Please wait... ");
	ck_assert_int_eq(found.page_count, 1);
	ck_assert_str_eq(found.entries, "[]");
}
END_TEST

/* ---- ZIP: stored entries, made by hand ---- */

static struct inspected zip_look(struct zip *z)
{
	zip_close(z);
	return look("application/zip", z->bytes, z->len);
}

static const char *odd(json_t *entries, size_t i)
{
	return json_string_value(json_object_get(json_array_get(entries, i), "odd"));
}

START_TEST(entries_are_facts)
{
	static const char *const names[] = {
		"Police.pdf", "../up.txt",  "/root.txt", "C:\\x.txt",
		"a\nb.txt",   "Police.pdf", "a/../../b", "ok/..b.txt"
	};
	static const char *const odds[] = {
		NULL,    "leaves its folder", "absolute", "absolute", "control characters",
		"twice", "leaves its folder", NULL
	};
	struct zip *z = talloc_zero(mem, struct zip);
	struct inspected found;
	json_t *entries;

	for (int i = 0; i < 8; i++)
		zip_entry(z, 0, names[i], i ? "words" : "%PDF-1.4");
	found = zip_look(z);
	ends_as(&found, "read", NULL);
	entries = json_loads(found.entries, 0, NULL);
	ck_assert_uint_eq(json_array_size(entries), 8);
	for (size_t i = 0; i < 8; i++)
		ck_assert_msg((!odds[i] && !odd(entries, i)) ||
				      (odds[i] && odd(entries, i) &&
				       strcmp(odds[i], odd(entries, i)) == 0),
			      "%s: %s", names[i], odd(entries, i));
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(entries, 0), "type")),
			 "application/pdf");
	json_decref(entries);
}
END_TEST

START_TEST(other_archives)
{
	struct zip *z = talloc_zero(mem, struct zip);
	struct inspected found;
	char name[16];

	found = zip_look(z);
	ck_assert_int_ne(found.state, INSPECT_READ);
	z = talloc_zero(mem, struct zip);
	zip_entry(z, 1, "secret.pdf", "0123456789abcdef");
	found = zip_look(z);
	ends_as(&found, "locked", "password is needed");
	found = look("application/zip", "PK\3\4 and nothing", 15);
	ends_as(&found, "broken", NULL);
	for (int more = 0; more < 2; more++) {
		z = talloc_zero(mem, struct zip);
		for (int i = 0; i < ZIP_ENTRIES_MOST + more; i++) {
			snprintf(name, sizeof name, "%d", i);
			zip_entry(z, 0, name, "x");
		}
		found = zip_look(z);
		ends_as(&found, more ? "refused" : "read", more ? "more than 1000 entries" : NULL);
	}
}
END_TEST

/* Small to keep, long to unpack: four million zeros. */
START_TEST(bombs)
{
	char folder[] = "/tmp/vorpost-bomb-XXXXXX";
	char *command;
	static uint8_t bytes[1 << 16];
	struct inspected found;
	size_t len;
	FILE *file;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	command = talloc_asprintf(
		mem,
		"cd %s && head -c 4000000 /dev/zero >z && perl -MIO::Compress::Zip=zip "
		"-e 'zip \"z\" => \"z.zip\", Name => \"z\", CanonicalName => 0' && rm z",
		folder);
	ck_assert_int_eq(system(command), 0);
	file = fopen(talloc_asprintf(mem, "%s/z.zip", folder), "rb");
	ck_assert_ptr_nonnull(file);
	len = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	ck_assert_int_eq(system(talloc_asprintf(mem, "rm -r %s", folder)), 0);
	found = look("application/zip", bytes, len);
	ends_as(&found, "refused", "100 times as long");
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
	Suite *suite = suite_create("inspect");
	TCase *tests = tcase_create("inspect");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, begin, end);
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, words_have_their_boxes);
	tcase_add_test(tests, other_pdfs);
	tcase_add_test(tests, a_form_in_xfa);
	tcase_add_test(tests, entries_are_facts);
	tcase_add_test(tests, other_archives);
	tcase_add_test(tests, bombs);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
