/*
 * twin_test.c -- a number that is another customer's but for a part at one end: two contracts of one number, of which the stock
 * has one with its letters and one without. What nothing tells apart waits; the same from the database as from memory.
 */
#include "matcher/decide_all.h"

#include "store/sql_text.h"
#include "tests/matcher/both_stocks.h"

/* Mother and daughter. */
#define MONIKA                                                                                     \
	"name=Amselbach;first_name=Monika;birth_date=1957-01-07;postcode=00101;customer_id=K1"
#define ZOE  "name=Amselbach;first_name=Zoe;birth_date=1999-11-09;postcode=00101;customer_id=K2"
#define BOTH "A " MONIKA ";number=7896039436 | B " ZOE ";number=HV-7896039436"
#define STRANGER                                                                                               \
	"A name=Fremd;first_name=Max;birth_date=1961-06-06;postcode=99999;customer_id=K1;number=7896039436 | " \
	"B " ZOE ";number=HV-7896039436"

static const struct row rows[] = {
	{ "the household's postcode is no sign of either", "policy=HV7896039436;postcode=00101",
	  BOTH, "several_contracts B,A" },
	{ "nor its name", "policy=HV7896039436;name=Amselbach;postcode=00101", BOTH,
	  "several_contracts B,A" },
	{ "nothing is said at all", "policy=HV7896039436", BOTH, "several_contracts B,A" },
	{ "without its letters", "policy=7896039436;postcode=00101", BOTH,
	  "several_contracts A,B" },
	{ "a stranger's is no better, if nothing is said", "policy=HV7896039436", STRANGER,
	  "several_contracts B,A" },
	{ "letters that only one has are no sign, whatever the stock lacks", "policy=K-4711471147",
	  "A customer_id=K1;number=4711471147 | B customer_id=K2;number=K4711471147",
	  "several_contracts B,A" },
	{ "zeros in front", "policy=0047114711",
	  "A customer_id=K1;number=47114711 | B customer_id=K2;number=0047114711",
	  "several_contracts B,A" },
	{ "without them", "policy=47114711",
	  "A customer_id=K1;number=47114711 | B customer_id=K2;number=0047114711",
	  "several_contracts A,B" },
	{ "zeros behind the letters", "policy=HV0047114711",
	  "A customer_id=K1;number=HV47114711 | B customer_id=K2;number=HV0047114711",
	  "several_contracts B,A" },
	{ "without them, behind the letters", "policy=HV47114711",
	  "A customer_id=K1;number=HV47114711 | B customer_id=K2;number=HV0047114711",
	  "several_contracts A,B" },
	{ "a line's code in front", "policy=29303176893",
	  "A customer_id=K1;number=303176893 | B customer_id=K2;number=29303176893",
	  "several_contracts B,A" },
	{ "a part behind", "policy=12345678-001",
	  "A customer_id=K1;number=12345678 | B customer_id=K2;number=12345678-001",
	  "several_contracts B,A" },
	{ "without it", "policy=12345678",
	  "A customer_id=K1;number=12345678 | B customer_id=K2;number=12345678-001",
	  "several_contracts A,B" },
	{ "a picture's reading", "policy=27182818;line=050",
	  "A customer_id=K1;number=NS-27182818;line=050 | B customer_id=K2;number=XY27182818",
	  "several_contracts A,B" },
	{ "nobody knows whose the other is", "policy=HV7896039436",
	  "A number=7896039436 | B number=HV7896039436", "several_contracts B,A" },
	{ "father and son of one name", "policy=HV7896039436;name=Amselbach;first=Hans",
	  "A name=Amselbach;first_name=Hans;birth_date=1950-01-02;customer_id=K1;number=7896039436 | "
	  "B name=Amselbach;first_name=Hans;birth_date=1980-03-04;customer_id=K2;number=HV7896039436",
	  "several_contracts B,A" },
	/* what tells them apart */
	{ "the birth date", "policy=HV7896039436;born=1999-11-09", BOTH, "filed B" },
	{ "the first name", "policy=HV7896039436;name=Amselbach;first=Zoe", BOTH, "filed B" },
	{ "the surname, of strangers", "policy=HV7896039436;name=Amselbach", STRANGER, "filed B" },
	{ "surname and postcode, of strangers", "policy=HV7896039436;name=Amselbach;postcode=00101",
	  STRANGER, "filed B" },
	{ "the line of business", "policy=HV7896039436;line=040",
	  "A customer_id=K1;line=020;number=7896039436 | B customer_id=K2;line=040;number=HV7896039436",
	  "filed B" },
	{ "the end", "policy=HV7896039436",
	  "A customer_id=K1;end=2015-01-01;number=7896039436 | B customer_id=K2;number=HV7896039436",
	  "filed B" },
	/* what is no twin */
	{ "of the same customer", "policy=HV7896039436",
	  "A customer_id=K1;number=7896039436 | B customer_id=K1;number=HV7896039436", "filed B" },
	{ "with other letters", "policy=HV7896039436",
	  "A customer_id=K1;number=AS7896039436 | B customer_id=K2;number=HV7896039436",
	  "filed B" },
	{ "with another digit", "policy=HV7896039436",
	  "A customer_id=K1;number=7896039437 | B customer_id=K2;number=HV7896039436", "filed B" },
	{ "at another insurer", "policy=HV7896039436",
	  "A vu=9999;customer_id=K1;number=7896039436 | B customer_id=K2;number=HV7896039436",
	  "filed B" },
	{ "five characters in front", "policy=9876512345678",
	  "A customer_id=K1;number=12345678 | B customer_id=K2;number=9876512345678", "filed B" },
	{ "four characters behind", "policy=12345678-0001",
	  "A customer_id=K1;number=12345678 | B customer_id=K2;number=12345678-0001", "filed B" },
	{ "too little of a number", "policy=HV1234",
	  "A customer_id=K1;number=1234 | B customer_id=K2;number=HV1234", "filed B" },
	{ "somebody else's wrong number: the veto speaks first",
	  "policy=HV7896039436;name=Fremd;first=Max;born=1961-06-06", STRANGER,
	  "other_holder B,A" },
};

/* One case for all: emptying the whole database between them would take longer than they do. */
START_TEST(twins)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		decide_both(&rows[i]);
		ask("delete from contract_name; delete from contract");
	}
}
END_TEST

/* As many probes as a number has ends, and not a look through all names of the insurer. */
START_TEST(twins_are_found_by_indexes)
{
	PGresult *plan;
	bool fronts = false, ends = false;

	contract_add("A", "4711");
	ask("insert into contract_name (broker, issuer, key, contract_id, spelling, origin)"
	    " select 'demo', 'i' || g % 10, 'N' || g, 'A', 'N' || g, 'system' from generate_series(1, 5000) g");
	ask("analyze contract_name");
	ask(talloc_asprintf(house.mem, "prepare twin as %s", sql_texts[SQL_twin_find].text));
	ask("set plan_cache_mode = force_generic_plan");
	plan = PQexec(house.side, "explain execute twin ('demo', '{}', '{}', '{}', '{}', '{}')");
	ck_assert_int_gt(PQntuples(plan), 0);
	for (int i = 0; i < PQntuples(plan); i++) {
		const char *line = PQgetvalue(plan, i, 0);

		ck_assert_msg(!strstr(line, "Seq Scan"), "%s", line);
		fronts |= strstr(line, "contract_name_part_1") != NULL;
		ends |= strstr(line, "Index Cond") && strstr(line, "(key)::text > ");
	}
	PQclear(plan);
	ck_assert_msg(fronts && ends, "no index looks for what a number ends or begins with");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("matcher/twin");
	TCase *tc = tcase_create("twin");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, twins);
	tcase_add_test(tc, twins_are_found_by_indexes);
	return house_run(suite, tc);
}
