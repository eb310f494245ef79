/* text_test.c -- the words of a document with their places, and where its numbers stand among them. */
#include "clerk.h"

#define DOC  "/api/v1/documents/%s"
#define TEXT DOC "/text"

/* What somebody found when he looked into it. Quotation marks of pages may be written as '. */
static void looked_into(const char *id, const char *state, const char *page_count,
			const char *pages)
{
	char *json = talloc_strdup(house.mem, pages);

	for (char *c = json; *c; c++)
		if (*c == '\'')
			*c = '"';
	ask(talloc_asprintf(
		house.mem,
		"insert into document_text (broker, document_id, state, page_count,"
		" pages, entries, text) values ('demo', '%s', '%s', %s, '%s', '[]', '')",
		id, state, page_count, json));
}

/* One page; each word ten points wide, ten apart, on one line. */
static char *page_of(int page, const char *words)
{
	char *all = talloc_strdup(house.mem, words), *save = NULL;
	char *json = talloc_asprintf(house.mem,
				     "{'page': %d, 'width': 595, 'height': 842, 'words': [", page);
	int x = 0;

	for (char *word = strtok_r(all, " ", &save); word;
	     word = strtok_r(NULL, " ", &save), x += 20)
		json = talloc_asprintf_append(json, "%s{'text': '%s', 'box': [%d, 100.5, %d, 112]}",
					      x ? ", " : "", word, x, x + 10);
	return talloc_asprintf_append(json, "]}");
}

static char *highlights_of(const char *document, const char *words)
{
	static int next;
	char *id = arrive(talloc_asprintf(house.mem, "S-%d", ++next), document);
	struct got got;

	looked_into(id, "read", "1", talloc_asprintf(house.mem, "[%s]", page_of(1, words)));
	got = see(TEXT, id);
	is_ok(got);
	return talloc_strdup(house.mem, in(got, "highlights"));
}

START_TEST(nobody_looked_into_it)
{
	char *id = arrive("S-1", "policy=XY-1");

	ck_assert_str_eq(in(see(DOC, id), "text"), "null");
	ck_assert_str_eq(in(see(TEXT, id), "pages"), "[]");
	ck_assert_str_eq(in(see(TEXT, id), "highlights"), "[]");
	is_problem(see(TEXT, "0198c0de-0000-7000-8000-000000000000"), 404, "missing", "");
	is_problem(see(TEXT, "no-uuid"), 404, "missing", "");
}
END_TEST

START_TEST(pages_and_their_numbers)
{
	char *id = arrive("S-1", "policy=XY-12345");
	struct got got;

	looked_into(id, "read", "2",
		    talloc_asprintf(house.mem, "[%s, %s]", page_of(1, "Sehr geehrte 12345"),
				    page_of(2, "Vertragsnummer: XY 12/345, danke")));
	got = see(DOC, id);
	ck_assert_str_eq(in(got, "text.state"), "read");
	ck_assert_str_eq(in(got, "text.pages"), "2");
	got = see(TEXT, id);
	is_ok(got);
	ck_assert_str_eq(in(got, "pages.0.words.1.text"), "geehrte");
	ck_assert_str_eq(in(got, "pages.1.page"), "2");
	ck_assert_str_eq(in(got, "highlights.0.number"), "XY-12345");
	ck_assert_str_eq(in(got, "highlights.0.page"), "2");
	ck_assert_str_eq(in(got, "highlights.0.box"), "[20.0,100.5,50.0,112.0]");
	ck_assert_str_eq(in(got, "highlights.1"), "-"); /* 12345 alone is another number */
	ck_assert_str_eq(ask("select count(*) from audit where action = 'document.read'"), "1");
}
END_TEST

START_TEST(spellings)
{
	static const struct {
		const char *words;
		bool found;
	} cases[] = {
		{ "xy-12345", true },
		{ "(XY.12.345)", true },
		{ "XY 1 2 3 4 5", true },
		{ "X Y 1 2 3 4 5", false }, /* more words than a number has */
		{ "XY 012345", false },
		{ "XY 123456", false },
		{ "XY 1234", false },
		{ "XY mit 12345", false },
		{ "Vertragsnummer:XY-12345", true },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *found = highlights_of("policy=XY-12345", cases[i].words);

		ck_assert_msg((strcmp(found, "[]") != 0) == cases[i].found, "%s: %s",
			      cases[i].words, found);
	}
	ck_assert_str_eq(highlights_of("policy=000", "000"), "[]");
}
END_TEST

/* What lies in the database is not trusted to have the shape it should. */
START_TEST(odd_pages)
{
	static const char *const odd[] = {
		"{}",
		"[1, null, {'words': 5}, {'page': 1, 'words': [5, {'text': 5}, {}]}]",
		"[{'page': 1, 'words': [{'text': 'XY-12345'}]}]",
		"[{'page': 1, 'words': [{'text': 'XY-12345', 'box': [1, 2]}]}]",
		"[{'words': [{'text': 'XY-12345', 'box': [1, 2, 3, 4]}]}]",
	};

	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		char *id = arrive(talloc_asprintf(house.mem, "S-%zu", i), "policy=XY-12345");
		struct got got;

		looked_into(id, "read", "1", odd[i]);
		got = see(TEXT, id);
		is_ok(got);
		ck_assert_msg(strcmp(in(got, "highlights"), "[]") == 0, "%s", got.body);
	}
}
END_TEST

START_TEST(locked_and_without_pages)
{
	char *id = arrive("S-1", "policy=XY-1");

	looked_into(id, "locked", "null", "[]");
	ck_assert_str_eq(in(see(DOC, id), "text.state"), "locked");
	ck_assert_str_eq(in(see(DOC, id), "text.pages"), "0");
	ck_assert_str_eq(in(see(TEXT, id), "pages"), "[]");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("text");

	tcase_add_test(tc, nobody_looked_into_it);
	tcase_add_test(tc, pages_and_their_numbers);
	tcase_add_test(tc, spellings);
	tcase_add_test(tc, odd_pages);
	tcase_add_test(tc, locked_and_without_pages);
	return clerk_run("text", tc);
}
