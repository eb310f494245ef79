/* import_words_test.c -- what an import says of a record stands in German. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "model/german.h"
#include "review/import_words.h"

static const struct {
	const char *says, *german;
} cases[] = {
	{ "birth_date is no date, taken as unknown",
	  "birth_date ist kein Datum und gilt als unbekannt" },
	{ "the birth date (0100, field 18) is no date, taken as unknown",
	  "das Geburtsdatum (0100, Feld 18) ist kein Datum und gilt als unbekannt" },
	{ "the day of leaving (0200, field 15) is no date, taken as unknown",
	  "der Tag des Abgangs (0200, Feld 15) ist kein Datum und gilt als unbekannt" },
	{ "number holds a control character", "number enthält ein Steuerzeichen" },
	{ "number holds neither letter nor digit: the contract is taken without",
	  "number enthält weder Buchstaben noch Ziffern: der Vertrag wird ohne sie übernommen" },
	{ "number holds neither letter nor digit; vu is empty", NULL },
	{ "vu is empty", "die VU-Nummer fehlt" },
	{ "no number of any kind", "es fehlt jede Nummer" },
	{ "the contract_id stands in an earlier row",
	  "die contract_id steht schon in einer früheren Zeile" },
	{ "line is no number of three digits, taken as unknown",
	  "die Sparte ist keine dreistellige Zahl und gilt als unbekannt" },
	{ "0200 without a policy number", "Satz 0200 ohne Versicherungsscheinnummer" },
	{ "0200 has a policy number that holds a control character",
	  "Satz 0200: die Versicherungsscheinnummer enthält ein Steuerzeichen" },
	{ "0100 without an insurer's number", "Satz 0100 ohne VU-Nummer" },
	{ "0200 without a policy holder (0100 with role 01)",
	  "Satz 0200 ohne Versicherungsnehmer (0100 mit Rolle 01)" },
	{ "the printed number (0200 part 2, field 13) holds neither letter nor digit: the contract is taken without",
	  "die gedruckte Nummer (0200 Teil 2, Feld 13) enthält weder Buchstaben noch Ziffern: der Vertrag wird ohne sie übernommen" },
	{ "9999 counts 12 records, found 10", "Satz 9999 nennt 12 Sätze, gefunden wurden 10" },
	{ "9999 sums premiums of 12.00, found 10.50",
	  "Satz 9999 nennt Beiträge von 12.00, gefunden wurden 10.50" },
	{ "200 characters, expected 256", "200 Zeichen, erwartet werden 256" },
	{ "200 characters at the end of the file, expected 256",
	  "200 Zeichen am Ende der Datei, erwartet werden 256" },
	{ "no contract is marked as vanished: records were skipped",
	  "kein Vertrag wird als verschwunden vermerkt: Sätze wurden übersprungen" },
	{ "what nobody foresaw", "what nobody foresaw" },
};

START_TEST(in_german)
{
	json_t *report = json_pack("{s:[{s:i, s:s, s:b}]}", "sentences", "record", 3, "says",
				   cases[_i].says, "skipped", 0);
	json_t *sentence = json_array_get(json_object_get(report, "sentences"), 0);
	const char *german;

	import_worded(report);
	german = json_string_value(json_object_get(sentence, "says_de"));
	if (cases[_i].german)
		ck_assert_str_eq(german, cases[_i].german);
	else
		ck_assert_str_ne(german, cases[_i].says);
	json_decref(report);
}
END_TEST

/* Why nothing was taken at all. */
START_TEST(refusals_of_the_whole)
{
	static const char *const whole[] = {
		"the file is empty, expected GDV records or CSV",
		"the head holds \"vu\" twice",
		"neither GDV records nor CSV: the first row has a NUL byte",
		"neither GDV records nor CSV with our head: read with semicolons, the first row has 3 fields, of which ours are: none; it lacks the column vu (a mapping file can name it)",
		"neither GDV records nor CSV with our head: the first row is a single field with \"|\" in it; fields are separated by comma, semicolon or tab",
		"812 of the 1000 contracts known of this source would vanish, more than 20 %; nothing is imported",
		"a source is named for CSV; GDV says itself where it is from",
		"the file is not as it was sent; please send it again",
		"the import was interrupted three times",
	};
	char *german = german_of(whole[_i], NULL);

	ck_assert_msg(german != NULL, "no German: %s", whole[_i]);
	ck_assert_msg(!strstr(german, "records") && !strstr(german, " the "), "%s", german);
	talloc_free(german);
}
END_TEST

START_TEST(no_report_yet)
{
	json_t *none = json_null();

	import_worded(none);
	import_worded(NULL);
	ck_assert(json_is_null(none));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("review/import_words");
	TCase *tc = tcase_create("words");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(tc, in_german, 0, (int)(sizeof cases / sizeof *cases));
	tcase_add_loop_test(tc, refusals_of_the_whole, 0, 9);
	tcase_add_test(tc, no_report_yet);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
