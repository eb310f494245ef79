/* schema_world.h -- a folder of schemas of our own making, answers held against it, and what is told of them. */
#ifndef TESTS_INGEST_SCHEMA_WORLD_H
#define TESTS_INGEST_SCHEMA_WORLD_H

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/limits.h"
#include "ingest/schema.h"

#define XSD "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" "
#define URN_A                                                                                      \
	XSD "xmlns=\"urn:a\" xmlns:a=\"urn:a\" targetNamespace=\"urn:a\" elementFormDefault=\"qualified\">"
#define END    "</xs:schema>"
#define CANARY "Mustermann"

static TALLOC_CTX *mem;
static char folder[64];

/* ---- a set, and answers ---- */

static inline void file_write(const char *path, const char *text)
{
	char *full = talloc_asprintf(mem, "%s/%s", folder, path), *slash = strrchr(full, '/');
	FILE *file;

	*slash = '\0';
	mkdir(full, 0700);
	*slash = '/';
	file = fopen(full, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static inline struct schema_check *opened(void)
{
	struct err e = { 0 };
	struct schema_check *check = schema_check_open(folder, mem, &e);

	ck_assert_msg(check != NULL, "%s", e.text);
	return check;
}

static inline void refused(const char *sentence)
{
	struct err e = { 0 };

	ck_assert_ptr_null(schema_check_open(folder, mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_msg(strstr(e.text, sentence) != NULL, "%s, expected %s", e.text, sentence);
}

static inline struct schema_report judged(struct schema_check *check, const char *type,
					  const char *text, size_t len)
{
	struct schema_report report;

	schema_check_begin(check, type);
	for (size_t at = 0, n = 1; at < len; at += n, n = n % 8191 + 1) /* pieces of many sizes */
		schema_check_feed(check, text + at, len - at < n ? len - at : n);
	schema_check_end(&report, check, mem);
	return report;
}

#define ENVELOPE                                                                                   \
	"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:a=\"urn:a\">"

static inline char *in_body(const char *inside)
{
	return talloc_asprintf(
		mem, ENVELOPE "<s:Header><x/></s:Header><s:Body>%s</s:Body></s:Envelope>", inside);
}

static inline struct schema_report judged_body(struct schema_check *check, const char *inside)
{
	char *text = in_body(inside);

	return judged(check, "text/xml; charset=utf-8", text, strlen(text));
}

static inline void fits(struct schema_check *check, const char *inside)
{
	struct schema_report report = judged_body(check, inside);

	ck_assert_msg(!report.count && !report.gave_up, "%s: %s %s %s", inside,
		      report.gave_up ? report.gave_up : "",
		      report.count ? report.breaches[0].element : "",
		      report.count ? report.breaches[0].rule : "");
}

static inline void says_no_value(const struct schema_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct schema_breach *b = &report->breaches[i];

		ck_assert_msg(!strstr(b->element, CANARY) && !strstr(b->rule, CANARY) &&
				      !strstr(b->detail, CANARY),
			      "a value is told: %s %s %s", b->element, b->rule, b->detail);
	}
}

/* Exactly one breach, of this kind. */
static inline void differs(struct schema_check *check, const char *inside, const char *element,
			   const char *rule, const char *detail)
{
	struct schema_report report = judged_body(check, inside);

	ck_assert_msg(report.count == 1, "%s: %zu breaches", inside, report.count);
	ck_assert_ptr_null(report.gave_up);
	ck_assert_str_eq(report.breaches[0].element, element);
	ck_assert_str_eq(report.breaches[0].rule, rule);
	ck_assert_str_eq(report.breaches[0].detail, detail);
	says_no_value(&report);
}

static inline void setup(void)
{
	mem = talloc_new(NULL);
	strcpy(folder, "/tmp/vorpost-schema.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static inline void teardown(void)
{
	char *remove_it = talloc_asprintf(mem, "rm -rf '%s'", folder);

	ck_assert_int_eq(system(remove_it), 0);
	talloc_free(mem);
}

/* Takes the cases over. What main returns. */
static inline int schema_run(const char *name, TCase *tests)
{
	Suite *suite = suite_create(name);
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 300);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
