/* What forbids a contract that a number leads to: its holder, line, term, plate. */
#include "tests/matcher/decide_rows.h"

#define ANNA "name=Muster;born=1970-05-01"

/* Even after an exact hit. */
START_TEST(another_holder)
{
	static const struct row rows[] = {
		{ "surname and birth date are another's", "policy=4711;name=Fremd;born=1980-01-01",
		  "A " ANNA ";number=4711", "other_holder A" },
		{ "the same by a person's alias", "policy=4711;name=Fremd;born=1980-01-01",
		  "A " ANNA ";person=4711", "other_holder A" },
		{ "the same by a picture", "policy=27182818;line=050;name=Fremd;born=1980-01-01",
		  "A " ANNA ";line=050;number=NS-27182818", "other_holder A" },
		{ "only the surname differs: marriage", "policy=4711;name=Neu;born=1970-05-01",
		  "A " ANNA ";number=4711", "exact A" },
		{ "only the birth date differs: a slip", "policy=4711;name=Muster;born=1970-01-05",
		  "A " ANNA ";number=4711", "exact A" },
		{ "surname differs, nothing else is said", "policy=4711;name=Neu",
		  "A " ANNA ";number=4711", "other_holder A" },
		{ "zeros are no birth date", "policy=4711;name=Muster;born=0000-00-00",
		  "A " ANNA ";number=4711", "exact A" },
		{ "nor is the year one", "policy=4711;name=Neu;born=0001-01-01",
		  "A " ANNA ";number=4711", "other_holder A" },
		{ "umlauts spelled out are the same name",
		  "policy=4711;name=Müller;born=1980-01-01",
		  "A name=MUELLER;born=1970-01-01;number=4711", "exact A" },
		{ "umlauts without dots too", "policy=4711;name=Muller;born=1980-01-01",
		  "A name=Müller;born=1970-01-01;number=4711", "exact A" },
		{ "a decomposed umlaut too", "policy=4711;name=Mu\xcc\x88ller;born=1980-01-01",
		  "A name=Mueller;born=1970-01-01;number=4711", "exact A" },
		{ "sharp s", "policy=4711;name=WEISS;born=1980-01-01",
		  "A name=Weiß;born=1970-01-01;number=4711", "exact A" },
		{ "a double name shares a word", "policy=4711;name=Muster-Neu;born=1980-01-01",
		  "A " ANNA ";number=4711", "exact A" },
		{ "a title is no name in common", "policy=4711;name=Dr. Fremd;born=1980-01-01",
		  "A name=Dr. Muster;born=1970-05-01;number=4711", "other_holder A" },
		{ "nor is the legal form", "policy=4711;name=Fremd GmbH;born=1980-01-01",
		  "A name=Muster GmbH;born=1970-05-01;number=4711", "other_holder A" },
		{ "nor is one letter", "policy=4711;name=M Fremd;born=1980-01-01",
		  "A name=M Muster;born=1970-05-01;number=4711", "other_holder A" },
		{ "another script is another name", "policy=4711;name=Иванов;born=1980-01-01",
		  "A name=Петров;born=1970-05-01;number=4711", "other_holder A" },
	};
	CHECK_ROWS(rows, "north", false);
}
END_TEST

START_TEST(another_line)
{
	static const struct row rows[] = {
		{ "liability is not motor", "policy=4711;line=040", "A line=050;number=4711",
		  "line_contradicts A" },
		{ "contents are not the building", "policy=4711;line=130", "A line=140;number=4711",
		  "line_contradicts A" },
		{ "nor by an alias", "policy=4711;line=020", "A line=030;person=4711",
		  "line_contradicts A" },
		{ "a detail of the same line", "policy=4711;line=051", "A line=050;number=4711",
		  "exact A" },
		{ "padding of lines", "policy=4711;line=50", "A line=050;number=4711", "exact A" },
		{ "motor accident is motor and accident", "policy=4711;line=054",
		  "A line=030;number=4711", "exact A" },
		{ "fire may be a part of the building policy", "policy=4711;line=080",
		  "A line=140;number=4711", "exact A" },
		{ "000 says nothing", "policy=4711;line=000", "A line=050;number=4711", "exact A" },
		{ "no line says nothing", "policy=4711", "A line=050;number=4711", "exact A" },
		{ "a line that is no line says nothing", "policy=4711;line=xyz",
		  "A line=050;number=4711", "exact A" },
		{ "a frame contract covers everything", "policy=4711;line=630",
		  "A line=020;number=4711", "exact A" },
	};
	CHECK_ROWS(rows, "north", false);
}
END_TEST

START_TEST(another_time)
{
	static const struct row rows[] = {
		{ "ended long before", "policy=4711;created=2025-03-03",
		  "A end=2023-12-31;number=4711", "contract_ended A" },
		{ "one day over the grace", "policy=4711;created=2025-04-01",
		  "A end=2024-12-31;number=4711", "contract_ended A" },
		{ "the last day of grace", "policy=4711;created=2025-03-31",
		  "A end=2024-12-31;number=4711", "exact A" },
		{ "a leap day is a day", "policy=4711;created=2024-03-31",
		  "A end=2024-01-01;number=4711", "exact A" },
		{ "an end to come", "policy=4711;created=2025-03-03",
		  "A end=2026-01-01;cancelled;number=4711", "exact A" },
		{ "posted speaks if nobody else dates it", "policy=4711;posted=2025-03-03T06:00:00",
		  "A end=2023-12-31;number=4711", "contract_ended A" },
		{ "a document made before the end, posted late",
		  "policy=4711;created=2023-12-01;posted=2025-03-03",
		  "A end=2023-12-31;number=4711", "exact A" },
		{ "an impossible date does not count",
		  "policy=4711;created=0001-01-01;posted=2025-03-03",
		  "A end=2023-12-31;number=4711", "contract_ended A" },
		{ "a date far too early does not count", "policy=4711;created=1900-01-01",
		  "A end=2023-12-31;number=4711", "contract_ended A" },
		{ "received is the last resort", "policy=4711", "A end=2023-12-31;number=4711",
		  "contract_ended A" },
		{ "begun more than a year later", "policy=4711;created=2023-12-31",
		  "A start=2025-01-01;number=4711", "contract_not_begun A" },
		{ "a policy for next year", "policy=4711;created=2024-01-02",
		  "A start=2025-01-01;number=4711", "exact A" },
		{ "nobody knows when it began", "policy=4711;created=2023-12-31", "A number=4711",
		  "exact A" },
		{ "cancelled, nobody knows when", "policy=4711", "A cancelled;number=4711",
		  "contract_ended A" },
		{ "the cancellation itself belongs there", "policy=4711;case=160010002",
		  "A cancelled;number=4711", "exact A" },
	};
	CHECK_ROWS(rows, "north", false);
}
END_TEST

/* Mistyped numbers are often a neighbour's: a surname that is another's needs something that agrees. */
START_TEST(surname_alone)
{
	static const struct row rows[] = {
		{ "another surname, nothing known beside it", "policy=4711;name=Neu",
		  "A name=Muster;number=4711", "other_holder A" },
		{ "by the picture", "policy=27182818;line=050;name=Neu",
		  "A name=Muster;line=050;number=NS-27182818", "other_holder A" },
		{ "the line is no sign of the holder", "policy=4711;name=Neu;line=050",
		  "A name=Muster;line=050;number=4711", "other_holder A" },
		{ "the postcode agrees: married", "policy=4711;name=Neu;postcode=20095",
		  "A name=Muster;postcode=20095;number=4711", "exact A" },
		{ "the plate agrees", "policy=4711;name=Neu;plate=HH-AB 1",
		  "A name=Muster;plate=HH AB 1;number=4711", "exact A" },
		{ "the broker's own number agrees", "policy=4711;name=Neu;broker=B-77",
		  "A name=Muster;number=4711;other=B77", "exact A" },
		{ "a common first name is a neighbour's, too", "policy=4711;name=Neu;first=Anna",
		  "A name=Muster;first=Anna;number=4711", "other_holder A" },
		{ "a part of a first name as well", "policy=4711;name=Neu;first=Rosalinde",
		  "A name=Muster;first=Rosalinde-Eva;number=4711", "other_holder A" },
		{ "a person confirmed the number", "policy=4711;name=Neu",
		  "A name=Muster;person=4711", "alias A" },
		{ "a word in common is the same name", "policy=4711;name=Neu-Muster",
		  "A name=Muster;number=4711", "exact A" },
		{ "a company and its shop", "policy=4711;name=Bäckerei Neu GmbH",
		  "A name=Neu;number=4711", "exact A" },
		{ "no surname said", "policy=4711", "A name=Muster;number=4711", "exact A" },
		{ "no surname known", "policy=4711;name=Neu", "A number=4711", "exact A" },
	};
	CHECK_ROWS(rows, "north", false);
}
END_TEST

/* A stock of a thousand contracts; every second holder is an Anna. */
static struct weighing annas(TALLOC_CTX *mem)
{
	struct weighing w = weighing_usual;
	struct terms *terms = terms_new(mem);
	char anna[] = "Anna", first[] = "Aa";

	for (int i = 0; i < 1000; i++) {
		first[0] = (char)('A' + i % 26);
		first[1] = (char)('a' + i / 26 % 26);
		terms_add(terms, &(struct contract){ .first_name = i % 2 ? anna : first });
	}
	w.terms = terms;
	return w;
}

#define MOVED          "policy=4711;name=Neu;postcode=10115;"
#define LIVED(details) "A name=Muster;postcode=20095;" details ";number=4711"

/* Married and moved, or a mistyped number that is another's: the first name says which, if anything does. */
START_TEST(nothing_but_the_first_name)
{
	static const struct row rows[] = {
		{ "the whole first name", MOVED "first=Rosalinde", LIVED("first=ROSALINDE"),
		  "exact A" },
		{ "the same where no postcode is said", "policy=4711;name=Neu;first=Rosalinde",
		  LIVED("first=Rosalinde"), "exact A" },
		{ "a double one", MOVED "first=Rosalinde-Eva", LIVED("first=Eva Rosalinde"),
		  "exact A" },
		{ "written together", MOVED "first=Rosaeva", LIVED("first=Rosa Eva"), "exact A" },
		{ "behind a title", MOVED "first=Dr. Rosalinde", LIVED("first=Rosalinde"),
		  "exact A" },
		{ "a part of the contract's", MOVED "first=Ursula", LIVED("first=Thomas-Ursula"),
		  "other_holder A" },
		{ "a part of the document's", MOVED "first=Thomas Ursula", LIVED("first=Ursula"),
		  "other_holder A" },
		{ "another second one", MOVED "first=Eva Ursula", LIVED("first=Ursula Ida"),
		  "other_holder A" },
		{ "a common one", MOVED "first=Anna", LIVED("first=Anna"), "other_holder A" },
		{ "a common one, and another number", MOVED "first=Anna;broker=B-77",
		  LIVED("first=Anna") ";other=B77", "exact A" },
		{ "a part of one, and another number", MOVED "first=Anna;broker=B-77",
		  LIVED("first=Anna Rosa") ";other=B77", "other_holder A" },
		{ "the line is no sign of the holder", MOVED "first=Anna;line=050",
		  LIVED("first=Anna;line=050"), "other_holder A" },
		{ "moved, not married", "policy=4711;name=Muster;postcode=10115;first=Anna",
		  LIVED("first=Anna Rosa"), "exact A" },
		{ "married, not moved", "policy=4711;name=Neu;postcode=20095;first=Anna",
		  LIVED("first=Anna Rosa"), "exact A" },
		{ "the birth date agrees", MOVED "first=Anna;born=1970-05-01",
		  LIVED("first=Anna Rosa;born=1970-05-01"), "exact A" },
		{ "the plate agrees", MOVED "first=Anna;plate=HH-AB 1",
		  LIVED("first=Anna Rosa;plate=HH AB 1"), "exact A" },
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct weighing counted = annas(mem);

	weighing = &counted;
	CHECK_ROWS(rows, "north", false);
	weighing = NULL;
	talloc_free(mem);
}
END_TEST

START_TEST(plate_of_another_contract)
{
	static const struct row rows[] = {
		{ "known at another contract, none at this one", "policy=4711;plate=HH-AB 1",
		  "A number=4711 | B plate=HHAB1;number=4712", "other_plate A,B" },
		{ "of the same holder", "policy=4711;" ANNA ";plate=HH-AB 1",
		  "A " ANNA ";plate=HH-AB 2;number=4711 | B " ANNA ";plate=HH-AB 1;number=4712",
		  "other_plate A,B" },
		{ "even by an alias", "policy=4711;plate=HH-AB 1",
		  "A person=4711 | B plate=HH-AB 1;number=4712", "other_plate A,B" },
		{ "known at both", "policy=4711;plate=HH-AB 1",
		  "A plate=HH-AB 1;number=4711 | B plate=HH-AB 1;number=4712", "exact A" },
		{ "known at no contract: a new car", "policy=4711;" ANNA ";plate=HH-AB 1",
		  "A " ANNA ";plate=HH-AB 2;number=4711 | B plate=HH-AB 3;number=4712", "exact A" },
		{ "the other contract had ended: the car changed over",
		  "policy=4711;plate=HH-AB 1;created=2025-03-03",
		  "A number=4711 | B plate=HH-AB 1;end=2024-06-30;number=4712", "exact A" },
		{ "ended the other day: nobody knows yet",
		  "policy=4711;plate=HH-AB 1;created=2025-03-03",
		  "A number=4711 | B plate=HH-AB 1;end=2025-02-01;number=4712", "other_plate A,B" },
		{ "cancelled, nobody knows when", "policy=4711;plate=HH-AB 1",
		  "A number=4711 | B plate=HH-AB 1;cancelled;number=4712", "exact A" },
		{ "another insurer's contract says nothing", "policy=4711;plate=HH-AB 1",
		  "A number=4711 | B vu=7777;plate=HH-AB 1;number=4712", "exact A" },
		{ "a collective document of both", "policy=4711;policy=4712;plate=HH-AB 1",
		  "A customer=C;number=4711 | B customer=C;plate=HH-AB 1;number=4712",
		  "exact A+B" },
		{ "one that leaves the plate's contract out",
		  "policy=4711;policy=4712;plate=HH-AB 1",
		  "A customer=C;number=4711 | B customer=C;number=4712 | D plate=HH-AB 1;number=4713",
		  "collective_document A,B,D" },
		{ "a claim, by its number alone", "claim=88001;plate=HH-AB 1",
		  "A vouched=88001 | B plate=HH-AB 1;number=4712", "other_plate A,B" },
	};
	CHECK_ROWS(rows, "north", false);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide_veto");
	TCase *tc = tcase_create("decide_veto");
	SRunner *runner;
	int failed;

	insurers = world_insurers(NULL);
	tcase_add_test(tc, another_holder);
	tcase_add_test(tc, another_line);
	tcase_add_test(tc, another_time);
	tcase_add_test(tc, surname_alone);
	tcase_add_test(tc, nothing_but_the_first_name);
	tcase_add_test(tc, plate_of_another_contract);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	talloc_free(insurers);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
