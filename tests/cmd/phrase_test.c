/* phrase_test.c -- every sentence that `number` and `match explain` can say has its German one. */
#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/phrase.h"
#include "model/german.h"
#include "model/verdict.h"
#include "normalizers/key.h"
#include "normalizers/repair.h"

static TALLOC_CTX *mem;
static char **english; /* words of the table's English side alone */
static char **told;    /* what has been looked at; verdicts come by the ten thousand */
static size_t english_count, told_count;

static void setup(void)
{
	mem = talloc_new(NULL);
	unsetenv("LC_ALL");
	unsetenv("LC_MESSAGES");
	unsetenv("LANG");
	english_count = told_count = 0;
	english = told = NULL;
}

static void teardown(void)
{
	talloc_free(mem);
}

START_TEST(who_wants_german)
{
	ck_assert(!phrase_german());
	setenv("LANG", "de_DE.UTF-8", 1);
	ck_assert(phrase_german());
	setenv("LC_MESSAGES", "C.UTF-8", 1);
	ck_assert(!phrase_german());
	setenv("LC_ALL", "de", 1);
	ck_assert(phrase_german());
	setenv("LC_ALL", "den_CA", 1);
	ck_assert(!phrase_german());
	setenv("LC_ALL", "", 1); /* set to nothing is not set */
	setenv("LC_MESSAGES", "de_AT", 1);
	ck_assert(phrase_german());
}
END_TEST

START_TEST(parts_go_over)
{
	ck_assert_str_eq(german_of("plain form: AB12", mem), "ohne Trennzeichen: AB12");
	ck_assert_str_eq(german_of("picture A-##: no, 5 characters, the picture has 3", mem),
			 "Muster A-##: passt nicht, 5 Zeichen, das Muster hat 3");
	ck_assert_str_eq(german_of("picture [AS-]## (confirmed): reads policy number as AS12", mem),
			 "Muster [AS-]## (belegt): passt, Vertragsnummer AS12");
	ck_assert_ptr_null(german_of("plain forms: AB12", mem));
	ck_assert_str_eq(phrase("plain form: %", mem), "plain form: %");
	setenv("LANG", "de_DE", 1);
	ck_assert_str_eq(phrase("plain form: 100 %", mem), "ohne Trennzeichen: 100 %");
	ck_assert_str_eq(phrase("not a sentence of ours", mem), "not a sentence of ours");
}
END_TEST

START_TEST(words_in_a_row)
{
	ck_assert_str_eq(
		german_of(
			"suggestion 2: only the holder suggests it, at another insurer; surname (rare here),"
			" birth date and postcode (common here) agree; line of business differs",
			mem),
		"Vorschlag 2: nur der Versicherungsnehmer spricht dafür, bei einem anderen Versicherer; Nachname (hier selten),"
		" Geburtsdatum und Postleitzahl (hier häufig) stimmen überein; Sparte weicht ab");
	ck_assert_str_eq(german_of("plate and line of business differ", mem),
			 "Kennzeichen und Sparte weichen ab");
	ck_assert_str_eq(
		german_of("surname (rare here), birth date and line of business agree", mem),
		"Nachname (hier selten), Geburtsdatum und Sparte stimmen überein");
	ck_assert_str_eq(german_of("in the stock: system number, line 030, ends 2025", mem),
			 "im Bestand: Nummer im System des Versicherers, Sparte 030, endet 2025");
	ck_assert_ptr_null(german_of("plate and something of nobody", mem));
}
END_TEST

static const struct {
	const char *english, *german;
} table[] = {
#include "model/german.inc"
};
#define ROWS (sizeof(table) / sizeof(table[0]))

/* A pattern with a word of nobody in each of its gaps. */
static char *filled(const char *pattern)
{
	char *out = talloc_strdup(mem, "");

	for (; *pattern; pattern++)
		out = *pattern == '%' ? talloc_strdup_append(out, "7")
				      : talloc_strndup_append(out, pattern, 1);
	return out;
}

/* A row that another one swallows, or that is taken apart before it is found, is never said. */
START_TEST(no_row_is_dead)
{
	for (size_t i = 0; i < ROWS; i++) {
		char *german = german_of(filled(table[i].english), mem);

		ck_assert_msg(german != NULL, "\"%s\" is not found", table[i].english);
		ck_assert_msg(!strcmp(german, filled(table[i].german)),
			      "\"%s\" comes out as \"%s\"", table[i].english, german);
	}
}
END_TEST

static bool is_word(const char *at, size_t len, const char *text)
{
	for (const char *found = strstr(text, at); found; found = strstr(found + 1, at)) {
		if ((found == text || !isalpha((unsigned char)found[-1])) &&
		    !isalpha((unsigned char)found[len]))
			return true;
	}
	return false;
}

/* The words that only the English side of the table uses. Capitals may be part of a number or a name, and single letters too. */
static char **english_only(size_t *count)
{
	char **words = NULL, *all = talloc_strdup(mem, ""), *rest, *word;

	*count = 0;
	for (size_t i = 0; i < ROWS; i++)
		all = talloc_asprintf_append(all, "%s ", table[i].english);
	for (word = strtok_r(all, " ,:;()\"%-'", &rest); word;
	     word = strtok_r(NULL, " ,:;()\"%-'", &rest)) {
		bool german = !islower((unsigned char)word[0]) || strlen(word) < 2;

		for (size_t i = 0; !german && i < ROWS; i++)
			german = is_word(word, strlen(word), table[i].german);
		if (german)
			continue;
		words = talloc_realloc(mem, words, char *, (unsigned)*count + 1);
		words[(*count)++] = word;
	}
	return words;
}

static bool told_before(const char *sentence)
{
	for (size_t i = 0; i < told_count; i++) {
		if (!strcmp(told[i], sentence))
			return true;
	}
	told = talloc_realloc(mem, told, char *, (unsigned)told_count + 1);
	told[told_count++] = talloc_strdup(told, sentence);
	return false;
}

static void has_german(const char *sentence)
{
	char *german;

	if (told_before(sentence))
		return;
	german = german_of(sentence, mem);
	if (!english_count)
		english = english_only(&english_count);
	ck_assert_uint_gt(english_count, 200);
	ck_assert_msg(german != NULL, "no German for \"%s\"", sentence);
	for (size_t i = 0; i < english_count; i++)
		ck_assert_msg(!is_word(english[i], strlen(english[i]), german),
			      "\"%s\" is half English: \"%s\" (%s)", sentence, german, english[i]);
}

/* Sentences with an " and " or a comma of their own. */
START_TEST(verdicts_are_whole)
{
	static const char *const cases[][2] = {
		{ "both are well-formed numbers and they differ",
		  "beide sind wohlgeformt und verschieden" },
		{ "a side is another number of the insurer and not a policy number",
		  "eine Seite ist eine andere Nummer des Versicherers und keine Vertragsnummer" },
		{ "they differ only in leading zeros and no picture says that they may be dropped",
		  "sie unterscheiden sich nur in führenden Nullen, und kein Muster sagt, dass diese fehlen dürfen" },
		{ "a side can be read in several ways and one of them fits",
		  "eine Seite hat mehrere Lesarten, und eine davon passt" },
		{ "the numbers differ", "die Nummern sind verschieden" },
		{ "picture A-##: no, place 1 is 7, the picture wants a digit other than 0",
		  "Muster A-##: passt nicht, an Stelle 1 steht 7, das Muster verlangt eine Ziffer außer 0" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_str_eq(german_of(cases[i][0], mem), cases[i][1]);
		has_german(cases[i][0]);
	}
}
END_TEST

/* Of all spellings against all others, what the rooms below have to say about them. */
START_TEST(every_step_and_verdict)
{
	static const char *const spellings[] = {
		"",
		" - ",
		"AS-1234567890",
		"1234567890",
		"Vers.-Nr. HV-1234567890",
		"A5-1234567890",
		"12345",
		"Kundennummer 12345",
		"\xc3\x84"
		"1234",
		"12\x01",
		"\xff",
		"P 90 115 000-4",
		"V 90 115 000/426",
		"000782000",
		"782000",
		"12345678901234567890123456789012345678901234567890",
		"VSE/302.544.150/09",
		"30254415009",
		"70/850632",
	};
	static const char *const houses[] = {
		"allianz", "wgv",        "interlloyd",     "da-direkt",         "axa", "condor",
		"r-und-v", "mannheimer", "mannheimer-alt", "kravag-allgemeine", ""
	};
	size_t count = sizeof(spellings) / sizeof(*spellings),
	       sides = sizeof(houses) / sizeof(*houses);
	char *folder = SOURCE_DIR "/insurers", *why;
	struct err e = { 0 };
	struct insurers *all = insurers_load(&folder, 1, mem, &e);
	enum comparison verdict;

	ck_assert_msg(all != NULL, "%s", e.text);
	for (size_t h = 0; h < sides; h++) {
		for (size_t i = 0; i < count; i++) {
			struct key *key =
				key_make(insurers_find(all, houses[h]), "050", spellings[i], mem);

			for (size_t k = 0; k < key->step_count; k++)
				has_german(key->steps[k]);
			if (key->why_not)
				has_german(key->why_not);
			for (size_t k = 0; k < count * sides; k++) {
				verdict =
					key_compare(all, houses[h], spellings[i], houses[k % sides],
						    spellings[k / sides], &why, mem);
				has_german(why);
				has_german(comparison_text(verdict));
			}
		}
	}
	for (int i = 0; i < REPAIRS; i++)
		has_german(repair_in_words((enum repair)i));
}
END_TEST

/* Sentences of the decision stand between quotation marks behind say( and queue(. */
START_TEST(every_evidence)
{
	static const char *const files[] = { "/matcher/decide.c", "/matcher/decide_veto.c",
					     "/matcher/decide_apart.c", "/matcher/suggest.c" };
	int seen = 0;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		FILE *in = fopen(talloc_asprintf(mem, "%s%s", SOURCE_DIR, files[i]), "r");
		char line[500], *at, *end;

		ck_assert_ptr_nonnull(in);
		while (fgets(line, sizeof(line), in)) {
			if (strstr(line, "#include") || strstr(line, "asprintf") ||
			    strchr(line, '%'))
				continue;
			for (at = line; (at = strchr(at, '"')) && (end = strchr(at + 1, '"'));
			     at = end + 1) {
				*end = '\0';
				if (strchr(at + 1, ' ')) {
					has_german(at + 1);
					seen++;
				}
			}
		}
		fclose(in);
	}
	ck_assert_int_gt(seen, 30);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("phrase");
	TCase *t = tcase_create("phrase");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, who_wants_german);
	tcase_add_test(t, parts_go_over);
	tcase_add_test(t, words_in_a_row);
	tcase_add_test(t, no_row_is_dead);
	tcase_add_test(t, verdicts_are_whole);
	tcase_add_test(t, every_step_and_verdict);
	tcase_add_test(t, every_evidence);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
