/* beyond_test.c -- suggestions beyond number and insurer: the same from the database as from a stock in memory. */
#include "matcher/beyond.h"

#include "matcher/holder.h"
#include "store/sql_text.h"
#include "tests/matcher/both_stocks.h"

#define ANNA "name=Muster;first_name=Anna;birth_date=1970-05-01;postcode=20095"

static const struct row rows[] = {
	{ "a year behind the number", "policy=980123456/2025", "A number=980123456",
	  "number_unknown A" },
	{ "a part behind it", "policy=980123456-001", "A number=980123456", "number_unknown A" },
	{ "a branch in front", "policy=30980123456", "A number=980123456", "number_unknown A" },
	{ "the part behind was lost", "policy=980123456", "A number=980123456-001",
	  "number_unknown A" },
	{ "four characters are another number", "policy=980123456", "A number=9801234560001",
	  "number_unknown" },
	{ "nothing but six characters would remain", "policy=98012-2025", "A number=98012",
	  "number_unknown" },
	{ "a sister's register number", "policy=980123456", "A vu=9999;number=980123456",
	  "number_unknown A" },
	{ "a register number that nobody has", "vu=4321;policy=980123456",
	  "A vu=9999;number=980123456", "issuer_unknown A" },
	{ "the holder decides between two insurers' contracts",
	  "policy=980123456;name=Muster;born=1970-05-01",
	  "A vu=9999;number=980123456 | B vu=9998;" ANNA ";number=980123456",
	  "number_unknown B,A" },
	{ "the full name at the insurer", "name=MUSTER", "A " ANNA ";number=4711", "no_number A" },
	{ "not at another", "name=Muster", "A vu=9999;" ANNA ";number=4711", "no_number" },
	{ "not another name", "name=Musterer", "A " ANNA ";number=4711", "no_number" },
	{ "umlauts spelled out", "name=Mueller", "A name=Müller;number=4711", "no_number A" },
	{ "nor if the birth date is another's", "name=Muster;born=1999-12-31",
	  "A " ANNA ";number=4711", "no_number" },
	{ "the plate at another insurer", "plate=HH-AB 1", "A vu=9999;plate=hh ab1;number=4711",
	  "no_number A" },
	{ "name and birth date at another insurer", "name=Muster;born=1970-05-01",
	  "A vu=9999;" ANNA ";number=4711", "no_number A" },
	{ "a birth date alone is nobody's", "born=1970-05-01", "A vu=9999;" ANNA ";number=4711",
	  "no_number" },
	{ "the broker's number of the customer", "policy=K-4711",
	  "A customer_id=K-4711;number=980123456", "number_unknown A" },
	{ "what the number names stays in front", "policy=4711;name=Muster;born=1970-05-01",
	  "B vu=9999;" ANNA ";number=4711 | A name=Fremd;birth_date=1980-01-01;number=4711",
	  "other_holder A,B" },
};
#define ROWS (int)(sizeof(rows) / sizeof(*rows))

START_TEST(beyond)
{
	decide_both(&rows[_i]);
}
END_TEST

START_TEST(twenty_of_one_name_say_nothing)
{
	struct stock_source database = stock_of_database(&house.matcher);
	const struct row row = { "", "name=Muster", "", "no_number" };
	int many = BEYOND_SAME_NAME + 1;

	for (int i = 0; i < many; i++) {
		struct contract c = { .contract_id = talloc_asprintf(house.mem, "C%d", i),
				      .vu = talloc_strdup(house.mem, "9001"),
				      .number = talloc_asprintf(house.mem, "47%d", i),
				      .name = talloc_strdup(house.mem, "Muster") };

		contract_write(&c);
	}
	ck_assert_str_eq(decided(&row, &database), "no_number");
	ask("delete from contract_name where contract_id = 'C0'; delete from contract where contract_id = 'C0'");
	ck_assert_int_eq(strncmp(decided(&row, &database), "no_number C", 11), 0);
}
END_TEST

static const char *literal(const char *text)
{
	char *quoted_text = PQescapeLiteral(house.side, text, strlen(text));
	const char *kept = talloc_strdup(house.mem, quoted_text);

	PQfreemem(quoted_text);
	return kept;
}

/* What was folded here is what the index folds; the capitals of other scripts are left to the database. */
START_TEST(folded_alike)
{
	static const char *const names[] = {
		"Müller",  "MÜLLER", "O'Neill",        "d'Angelo GmbH & Co. KG",
		"Strauß",  "Łukasz", "Petrović-Šimić", "Yılmaz",
		"Çelik",   "Ñandú",  "van der Ödön",   "Иванов",
		"  Abel ", "",       "Zoë 2"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		ck_assert_str_eq(
			ask(talloc_asprintf(house.mem, "select name_fold(%s) = name_fold(%s)",
					    literal(name_fold(names[i], house.mem)),
					    literal(names[i]))),
			"t");
}
END_TEST

/* A look through all names of an insurer for each document would be right, and of no use at a million. */
START_TEST(beginnings_are_found_by_an_index)
{
	PGresult *plan;
	bool found = false;

	contract_add("A", "4711"); /* of an empty table any index is as good as any other */
	ask("insert into contract_name (broker, issuer, key, contract_id, spelling, origin)"
	    " select 'demo', 'i' || g % 10, 'N' || g, 'A', 'N' || g, 'system' from generate_series(1, 5000) g");
	ask("analyze contract_name");
	ask(talloc_asprintf(house.mem, "prepare beyond as %s", sql_texts[SQL_beyond_find].text));
	ask("set plan_cache_mode = force_generic_plan");
	plan = PQexec(
		house.side,
		"explain execute beyond ('demo', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')");
	ck_assert_int_gt(PQntuples(plan), 0);
	for (int i = 0; i < PQntuples(plan); i++) {
		const char *line = PQgetvalue(plan, i, 0);

		if (strstr(line, "Index Cond") && strstr(line, "(key)::text > asked"))
			found = true;
	}
	PQclear(plan);
	ck_assert_msg(found, "no index looks for what begins with a number");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("matcher/beyond");
	TCase *tc = tcase_create("beyond");

	tcase_add_loop_test(tc, beyond, 0, ROWS);
	tcase_add_test(tc, twenty_of_one_name_say_nothing);
	tcase_add_test(tc, folded_alike);
	tcase_add_test(tc, beginnings_are_found_by_an_index);
	return house_run(suite, tc);
}
