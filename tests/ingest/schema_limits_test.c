/* Every limit of ingest/limits.h for schemas and what is held against them: at it, and one beyond it. */
#include <fcntl.h>

#include "ingest/schema_parts.h"
#include "tests/ingest/schema_world.h"

static char *filled(char c, size_t len)
{
	char *text = talloc_zero_size(mem, len + 1);

	memset(text, c, len);
	return text;
}

/* ---- the folder ---- */

static bool files_read(struct schema_files *files, const char *sentence)
{
	struct err e = { 0 };
	bool ok = schema_files_read(files, open(folder, O_RDONLY | O_DIRECTORY), mem, &e);

	ck_assert_msg(ok || (e.kind == ERR_SETUP && strstr(e.text, sentence)), "%s", e.text);
	return ok;
}

START_TEST(sets)
{
	struct err e = { 0 };
	char **names;
	size_t count;

	for (int i = 1; i <= SCHEMA_SETS_MOST; i++)
		file_write(talloc_asprintf(mem, "%d/a.xsd", i), "");
	ck_assert_msg(schema_set_names(&names, &count, folder, mem, &e), "%s", e.text);
	ck_assert_uint_eq(count, SCHEMA_SETS_MOST);
	file_write("beyond/a.xsd", "");
	ck_assert(!schema_set_names(&names, &count, folder, mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
}
END_TEST

START_TEST(files_of_a_set)
{
	struct schema_files files;

	for (int i = 1; i <= SCHEMA_FILES_MOST; i++)
		file_write(talloc_asprintf(mem, "%d.xsd", i), "");
	ck_assert(files_read(&files, ""));
	ck_assert_uint_eq(files.count, SCHEMA_FILES_MOST);
	file_write("beyond.xsd", "");
	ck_assert(!files_read(&files, "XSD files"));
}
END_TEST

/* Of all files together. */
START_TEST(bytes_of_a_set)
{
	struct schema_files files;

	for (int beyond = 0; beyond <= 1; beyond++) {
		file_write("a.xsd", "one");
		file_write("b.xsd", "");
		ck_assert_int_eq(truncate(talloc_asprintf(mem, "%s/b.xsd", folder),
					  SCHEMA_BYTES_MOST - (int)strlen("one") + beyond),
				 0);
		ck_assert(files_read(&files, "bytes together") == !beyond);
		ck_assert(beyond || files.bytes == SCHEMA_BYTES_MOST);
	}
}
END_TEST

START_TEST(depth_of_a_set)
{
	char *path = talloc_strdup(mem, "");
	struct schema_files files;

	for (int depth = 1; depth <= SCHEMA_DEPTH_MOST + 1; depth++) {
		path = talloc_asprintf_append_buffer(path, "%d/", depth);
		file_write(talloc_asprintf(mem, "%sa.xsd", path), "");
		if (depth > SCHEMA_DEPTH_MOST)
			ck_assert(!files_read(&files, "nested"));
		else
			ck_assert(files_read(&files, "") && files.count == (size_t)depth);
	}
}
END_TEST

/* ---- an answer ---- */

static void element_of(const char *type)
{
	file_write("a.xsd",
		   talloc_asprintf(mem, URN_A "<xs:element name='r'>%s</xs:element>" END, type));
}

/* A text as long as the limit is judged to its end; what stands behind it is not. */
START_TEST(text_of_an_element)
{
	struct schema_report report;

	for (int beyond = 0; beyond <= 1; beyond++) {
		element_of(talloc_asprintf(mem,
					   "<xs:simpleType><xs:restriction base='xs:string'>"
					   "<xs:maxLength value='%d'/></xs:restriction>"
					   "</xs:simpleType>",
					   SCHEMA_TEXT_MOST - 1 + beyond));
		report = judged_body(
			opened(), talloc_asprintf(mem, "<a:r>%s</a:r>",
						  filled('x', SCHEMA_TEXT_MOST + (size_t)beyond)));
		ck_assert_uint_eq(report.count, !beyond);
		ck_assert_ptr_null(report.gave_up);
	}
}
END_TEST

/* Of a long way its end is told, of a long detail its beginning. */
START_TEST(bytes_of_a_word)
{
	struct schema_check *check;

	element_of("<xs:complexType/>");
	check = opened();
	for (size_t beyond = 0; beyond <= 1; beyond++) {
		char *name = filled('x', SCHEMA_WORD_MOST - strlen("r/@") + beyond);
		char *ns = filled('n', SCHEMA_WORD_MOST - strlen("namespace ") + beyond);
		char *detail = talloc_asprintf(mem, "namespace %s", ns);

		differs(check, talloc_asprintf(mem, "<a:r %s=''/>", name),
			talloc_asprintf(mem, "r/@%s", name) + beyond,
			"is an attribute that is not allowed", "");
		detail[SCHEMA_WORD_MOST] = '\0';
		differs(check, talloc_asprintf(mem, "<b:r xmlns:b='%s'/>", ns), "r",
			"the schemas declare no such element", detail);
	}
}
END_TEST

/* The envelope declares two of them, the element in its Body the others. */
START_TEST(namespaces_in_scope)
{
	struct schema_check *check;

	element_of("<xs:complexType/>");
	check = opened();
	for (int beyond = 0; beyond <= 1; beyond++) {
		char *element = talloc_strdup(mem, "<a:r");
		struct schema_report report;

		for (int i = 3; i <= SCHEMA_SCOPE_MOST + beyond; i++)
			element = talloc_asprintf_append_buffer(element, " xmlns:n%d='urn:n'", i);
		report = judged_body(check, talloc_asprintf(mem, "%s/>", element));
		ck_assert_uint_eq(report.count, 0);
		ck_assert(!report.gave_up == !beyond);
		ck_assert(!beyond || strstr(report.gave_up, "too many namespaces"));
	}
}
END_TEST

START_TEST(blanks_in_front)
{
	struct schema_check *check;

	element_of("<xs:complexType/>");
	check = opened();
	for (size_t beyond = 0; beyond <= 1; beyond++) {
		char *text = talloc_asprintf(mem, "%s%s", filled(' ', START_MOST + beyond),
					     in_body("<a:r/>"));
		struct schema_report report = judged(check, "text/xml", text, strlen(text));

		ck_assert_uint_eq(report.count, 0);
		ck_assert(!report.gave_up == !beyond);
		ck_assert(!beyond || strstr(report.gave_up, "too many blanks"));
	}
}
END_TEST

/* So many breaches, all of one kind or each of its own. */
static struct schema_report breaches_of(struct schema_check *check, int count, bool one_kind)
{
	char *inside = talloc_strdup(mem, "<a:r>");

	for (int i = 0; i < count; i++)
		inside = talloc_asprintf_append_buffer(inside, "<c:e%d xmlns:c='urn:c'/>",
						       one_kind ? 0 : i);
	return judged_body(check, talloc_strdup_append_buffer(inside, "</a:r>"));
}

START_TEST(breaches)
{
	struct schema_check *check;
	struct schema_report report;

	element_of("<xs:complexType><xs:sequence><xs:any processContents='strict' "
		   "namespace='##any' maxOccurs='unbounded'/></xs:sequence></xs:complexType>");
	check = opened();
	for (int beyond = 0; beyond <= 1; beyond++) {
		report = breaches_of(check, SCHEMA_BREACHES_MOST + beyond, false);
		ck_assert_uint_eq(report.count, SCHEMA_BREACHES_MOST);
		ck_assert_uint_eq(report.times, (size_t)(SCHEMA_BREACHES_MOST + beyond));
		ck_assert_ptr_null(report.gave_up);
	}
	for (int beyond = 0; beyond <= 2; beyond++) {
		report = breaches_of(check, SCHEMA_TIMES_MOST + beyond, true);
		ck_assert_uint_eq(report.count, 1);
		ck_assert_uint_eq(report.times, (size_t)(SCHEMA_TIMES_MOST + (beyond > 0)));
		ck_assert(!report.gave_up == !beyond);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("schema_limits");

	tcase_add_test(tests, sets);
	tcase_add_test(tests, files_of_a_set);
	tcase_add_test(tests, bytes_of_a_set);
	tcase_add_test(tests, depth_of_a_set);
	tcase_add_test(tests, text_of_an_element);
	tcase_add_test(tests, bytes_of_a_word);
	tcase_add_test(tests, namespaces_in_scope);
	tcase_add_test(tests, blanks_in_front);
	tcase_add_test(tests, breaches);
	return schema_run("schema_limits", tests);
}
