/*
 * Golden cases: cases/NAME.answer is what came in (an optional first line "Content-Type: ...", a blank line, then the body;
 * "\n" in multipart cases stands for CRLF), cases/NAME.facts is what must come out. With VORPOST_GOLDEN=write the facts are
 * written anew, to be read as a diff. Every case is read whole, byte by byte, and cut in two at every place.
 */
#include <dirent.h>

#include "tests/ingest/read_helpers.h"

#define CASES SOURCE_DIR "/tests/ingest/cases"

static char *file_text(const char *path, size_t *len, TALLOC_CTX *mem)
{
	FILE *file = fopen(path, "rb");
	char *text;

	if (!file)
		return NULL;
	fseek(file, 0, SEEK_END);
	*len = (size_t)ftell(file);
	rewind(file);
	text = talloc_zero_size(mem, *len + 1);
	ck_assert_uint_eq(fread(text, 1, *len, file), *len);
	fclose(file);
	return text;
}

static char *with_crlf(const char *text, size_t *len, TALLOC_CTX *mem)
{
	char *out = talloc_size(mem, 2 * *len + 1), *to = out;

	for (size_t i = 0; i < *len; i++) {
		if (text[i] == '\n')
			*to++ = '\r';
		*to++ = text[i];
	}
	*to = '\0';
	*len = (size_t)(to - out);
	return out;
}

struct golden {
	char *type, *body;
	size_t len;
	char *facts_path, *facts;
};

static struct golden golden_load(const char *name, TALLOC_CTX *mem)
{
	struct golden g = { 0 };
	char *path = talloc_asprintf(mem, CASES "/%s", name);
	char *text = file_text(path, &g.len, mem);
	size_t len;

	ck_assert_ptr_nonnull(text);
	g.body = text;
	if (strncmp(text, "Content-Type: ", 14) == 0) {
		char *end = strstr(text, "\n\n");

		ck_assert_ptr_nonnull(end);
		g.type = talloc_strndup(mem, text + 14, (size_t)(strchr(text, '\n') - text) - 14);
		g.body = end + 2;
		g.len -= (size_t)(g.body - text);
	}
	if (g.type && strncasecmp(g.type, "multipart/", 10) == 0 && !strstr(name, "bare-lf"))
		g.body = with_crlf(g.body, &g.len, mem);
	g.facts_path =
		talloc_asprintf(mem, "%.*s.facts", (int)(strlen(path) - strlen(".answer")), path);
	g.facts = file_text(g.facts_path, &len, mem);
	return g;
}

static void golden_write(const char *path, const char *facts)
{
	FILE *file = fopen(path, "wb");

	ck_assert_ptr_nonnull(file);
	fputs(facts, file);
	fclose(file);
}

static void check(const char *name)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct golden g = golden_load(name, mem);
	struct reading_way way = { .type = g.type };
	struct read_result r = read_way(g.body, g.len, &way, mem);
	char *facts = facts_text(&r, mem);

	if (getenv("VORPOST_GOLDEN"))
		golden_write(g.facts_path, facts);
	else
		ck_assert_msg(g.facts && strcmp(g.facts, facts) == 0, "%s: %s\n%s\nexpected\n%s",
			      name, r.e.text, facts, g.facts);
	for (size_t cut = 0; cut < g.len; cut++) {
		TALLOC_CTX *once = talloc_new(mem);

		way.split = cut;
		way.step = cut == 0;
		r = read_way(g.body, g.len, &way, once);
		ck_assert_msg(strcmp(facts_text(&r, once), facts) == 0,
			      "%s cut at %zu: %s\n%s\nexpected\n%s", name, cut, r.e.text,
			      facts_text(&r, once), facts);
		talloc_free(once);
	}
	talloc_free(mem);
}

START_TEST(golden_cases)
{
	DIR *folder = opendir(CASES);
	struct dirent *entry;
	int cases = 0;

	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder)))
		if (strlen(entry->d_name) > 7 &&
		    strcmp(entry->d_name + strlen(entry->d_name) - 7, ".answer") == 0) {
			check(entry->d_name);
			cases++;
		}
	closedir(folder);
	ck_assert_int_ge(cases, 15);
}
END_TEST

/* Real answers that lie beside the checkout on some machines; never part of it. */
START_TEST(third_party_answers)
{
	static const struct {
		const char *name;
		bool ok;
	} files[] = { { "response_bipro430_get.xml", true },
		      { "response_bipro430_list.xml", true },
		      { "response_error.xml", false } };

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		TALLOC_CTX *mem = talloc_new(NULL);
		size_t len;
		char *body = file_text(
			talloc_asprintf(mem, SOURCE_DIR "/../shared/data/bipro/%s", files[i].name),
			&len, mem);

		if (body) {
			struct read_result whole =
				read_way(body, len, &(struct reading_way){ 0 }, mem);
			struct read_result bytes =
				read_way(body, len, &(struct reading_way){ .step = 1 }, mem);

			ck_assert_msg(whole.ok == files[i].ok, "%s: %s", files[i].name,
				      whole.e.text);
			ck_assert_str_eq(facts_text(&whole, mem), facts_text(&bytes, mem));
		} else {
			fprintf(stderr, "skipped: %s is not on this machine\n", files[i].name);
		}
		talloc_free(mem);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("cases");

	tcase_add_test(tests, golden_cases);
	tcase_add_test(tests, third_party_answers);
	return run_suite("reader_cases", tests);
}
