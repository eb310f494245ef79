/* phrase_test.c -- every sentence that `number` and `match explain` can say has its German one. */
#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/phrase.h"
#include "model/verdict.h"
#include "normalizers/key.h"
#include "normalizers/repair.h"

static TALLOC_CTX *mem;

static void setup(void)
{
	mem = talloc_new(NULL);
	unsetenv("LC_ALL");
	unsetenv("LC_MESSAGES");
	unsetenv("LANG");
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
	ck_assert_str_eq(phrase_in_german("plain form: AB12", mem), "Grundform: AB12");
	ck_assert_str_eq(phrase_in_german("picture A-##: no, 5 characters, the picture has 3", mem),
			 "Bild A-##: passt nicht, 5 Zeichen, das Bild hat 3");
	ck_assert_str_eq(
		phrase_in_german("picture [AS-]## (confirmed): reads policy number as AS12", mem),
		"Bild [AS-]## (belegt): liest die Vertragsnummer als AS12");
	ck_assert_ptr_null(phrase_in_german("plain forms: AB12", mem));
	ck_assert_str_eq(phrase("plain form: %", mem), "plain form: %");
	setenv("LANG", "de_DE", 1);
	ck_assert_str_eq(phrase("plain form: 100 %", mem), "Grundform: 100 %");
	ck_assert_str_eq(phrase("not a sentence of ours", mem), "not a sentence of ours");
}
END_TEST

static void has_german(const char *sentence)
{
	ck_assert_msg(phrase_in_german(sentence, mem) != NULL, "no German for \"%s\"", sentence);
}

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
				key_compare(all, houses[h], spellings[i], houses[k % sides],
					    spellings[k / sides], &why, mem);
				has_german(why);
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
	tcase_add_test(t, every_step_and_verdict);
	tcase_add_test(t, every_evidence);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
