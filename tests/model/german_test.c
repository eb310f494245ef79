/* german_test.c -- every sentence that the program's source says to clerks has its German one. What stands in these files as a
 * literal of several words is such a sentence, or is listed below. */
#include "model/german.h"

#include <check.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_LEAST 3

static TALLOC_CTX *mem;

static void open_mem(void)
{
	mem = talloc_new(NULL);
}

static void close_mem(void)
{
	talloc_free(mem);
}

/* What evidence, suggestions and refusals of decisions are made of. */
static const char *const places[] = {
	"/matcher/decide*.c", "/matcher/suggest.c",    "/matcher/queue*.c",    "/matcher/nearby.c",
	"/matcher/beyond.c",  "/matcher/near_names.c", "/review/candidates.c", "/review/effects.c",
};

/* For whoever runs the program: a clerk gets "the log says why" instead. */
static const char *const not_said[] = {
	"the verdict before the decision cannot be read", "nicht unser Kunde", /* German already */
};

static char *slurp(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = talloc_zero_size(mem, 1 << 20);

	ck_assert_msg(file != NULL, "%s", path);
	ck_assert_uint_lt(fread(text, 1, (1 << 20) - 1, file), (1 << 20) - 1);
	fclose(file);
	return text;
}

/* Comments become blanks; a quotation mark in one would begin a literal. */
static void blank_comments(char *text)
{
	bool literal = false;

	for (char *at = text; *at; at++) {
		if (*at == '\\' && at[1])
			at++;
		else if (*at == '"')
			literal = !literal;
		else if (!literal && !strncmp(at, "/*", 2)) {
			char *end = strstr(at, "*/");

			ck_assert_ptr_nonnull(end);
			memset(at, ' ', (size_t)(end + 2 - at));
		}
	}
}

/* What printf puts there stands as a word. */
static char *with_values(const char *literal)
{
	char *out = talloc_strdup(mem, "");

	for (; *literal; literal++) {
		if (*literal == '%') {
			literal += strcspn(literal, "sdugi");
			out = talloc_strdup_append(out, "42");
			ck_assert(*literal);
		} else {
			out = talloc_strndup_append(out, literal, 1);
		}
	}
	return out;
}

static bool is_sentence(const char *text)
{
	int words = 1;

	for (const char *c = text; *c; c++)
		words += *c == ' ';
	for (size_t i = 0; i < sizeof not_said / sizeof *not_said; i++)
		if (!strcmp(text, not_said[i]))
			return false;
	return words >= WORDS_LEAST && (text[0] < 'A' || text[0] > 'Z');
}

/* The next literal, with those that follow it at once; *at goes behind it. NULL: none. */
static char *literal_next(char **at)
{
	char *begin = strchr(*at, '"'), *text = talloc_strdup(mem, "");

	if (!begin)
		return NULL;
	while (*begin == '"') {
		char *end = begin + 1;

		while (*end != '"')
			end += *end == '\\' ? 2 : 1;
		text = talloc_strndup_append(text, begin + 1, (size_t)(end - begin - 1));
		*at = end + 1;
		begin = *at + strspn(*at, " \t\n");
	}
	return text;
}

/* A general pattern ("the number %") must not leave the half of a sentence as it was. */
static bool in_german(const char *sentence)
{
	static const char *const english[] = { " is ",  " the ", " of ", " its ",
					       " are ", " to ",  " and " };
	char *german = german_of(sentence, mem);

	for (size_t i = 0; german && i < sizeof english / sizeof *english; i++)
		if (strstr(german, english[i]))
			return false;
	return german != NULL;
}

static int sentences_of(const char *path, char **missing)
{
	char *at = slurp(path), *text;
	int found = 0;

	blank_comments(at);
	while ((text = literal_next(&at)) != NULL) {
		if (strchr(text, '\\') || strchr(text, '{') || !is_sentence(text))
			continue;
		found++;
		if (!in_german(with_values(text)))
			*missing = talloc_asprintf_append(*missing, "\n%s: %s",
							  strrchr(path, '/') + 1, text);
	}
	return found;
}

START_TEST(every_sentence_of_the_source)
{
	char *missing = talloc_strdup(mem, "");
	int found = 0;

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		char *pattern = talloc_asprintf(mem, "%s%s", SOURCE_DIR, places[i]);
		glob_t files;

		ck_assert_msg(glob(pattern, 0, NULL, &files) == 0, "%s", pattern);
		for (size_t k = 0; k < files.gl_pathc; k++)
			found += sentences_of(files.gl_pathv[k], &missing);
		globfree(&files);
	}
	ck_assert_msg(!*missing, "no German for:%s", missing);
	ck_assert_int_gt(found, 50); /* else the search finds nothing any more */
}
END_TEST

/* As the page of the insurers gets them: the operation, what is wrong, why. */
static const char *const troubles[] = {
	"login: the host bipro.nordwind.example cannot be resolved",
	"list: the service cannot be reached at bipro.nordwind.example port 443 (Connection refused)",
	"get: the service did not begin to answer within 30 s",
	"get: the answer stalled after 4711 bytes (less than 1 kB/s for 60 s)",
	"login: the service's certificate is not acceptable: nobody we trust has issued it (unknown CA; see --ca)",
	"login: the service's certificate is not acceptable: it is signed with a hash that is too weak (SHA-1, MD5)",
	"login: no TLS connection: the service has no cipher that we accept, or wants a certificate",
	"login: insurer answers with a fault: 00961 (credentials refused)",
	"login: insurer answers with a fault: 00964, 00960 (account locked or password expired)",
	"list: insurer answers with NOK: 00932 (technical error at the insurer)",
	"list: the service answers HTTP 429 (too many requests)",
	"acknowledge: the service sends us elsewhere temporarily (HTTP 302); redirects are not followed",
	"paused by Anna",
};

START_TEST(why_a_connection_does_not_work)
{
	ck_assert_msg(in_german(troubles[_i]), "%s: %s", troubles[_i],
		      german_of(troubles[_i], mem));
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("german");
	Suite *suite = suite_create("german");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, open_mem, close_mem);
	tcase_add_test(tc, every_sentence_of_the_source);
	tcase_add_loop_test(tc, why_a_connection_does_not_work, 0,
			    sizeof troubles / sizeof *troubles);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
