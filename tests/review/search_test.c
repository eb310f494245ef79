/* search_test.c -- what people type into the search: what of it finds a document that waits, or a contract, and by which index. */
#include "clerk.h"

#include "store/sql_text.h"

static char *encoded(const char *typed)
{
	char *path = talloc_strdup(house.mem, "");

	for (const unsigned char *c = (const unsigned char *)typed; *c; c++)
		path = talloc_asprintf_append(path, "%%%02X", *c);
	return path;
}

static char *found(const char *typed)
{
	return ids_in(see("/api/v1/queue?q=%s", encoded(typed)));
}

/* As the role `inspect` writes what it read. */
static void read_inside(const char *id, const char *text)
{
	struct err e = { 0 };

	ck_assert_msg(db_call(house.matcher.db, SQL_inspect_write, NULL, house.mem, &e, "demo", id,
			      "read", NULL, "1", "[]", "[]", text),
		      "%s", e.text);
}

#define LETTER                                                                                     \
	"Sehr geehrte Frau Tannhuber-Öztürk,\nIhr Fahrzeug M-AB 123, Vertrag AS-12 345 678/9,\n" \
	"geboren am 15.04.1961: die Wohngebäudeversicherung beginnt."

START_TEST(words_inside)
{
	static const struct {
		const char *typed;
		bool found;
	} cases[] = {
		{ "Wohngebäudeversicherung", true },
		{ "wohngebaeude", true },         /* while one types */
		{ "gebäudeversicherung", false }, /* the beginnings of words */
		{ "Oeztuerk", true },
		{ "tannhuber oezt", true },
		{ "fahrzeug tannhuber", true },
		{ "fahrzeug kranich", false },
		{ "M-AB 123", true },
		{ "MAB123", true },
		{ "m ab123", true },
		{ "MA-B 123", true }, /* nobody knows where the district ends */
		{ "M-AB 124", false },
		{ "B 123", false },
		{ "as12345", true },
		{ "12-345-678-9", true },
		{ "12 345 679", false },
		{ "15.04.1961", true },
		{ "15.4.1961", true },
		{ "1961-04-15", true },
		{ "1961-04-16", false },
		{ "15.04.", true },
		{ "%", false },
		{ "')) | '", false },
	};
	char *id = arrive("S-1", "policy=XY-1"), *other = arrive("S-2", "policy=XY-2");

	read_inside(id, LETTER);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_msg(!strcmp(found(cases[i].typed), cases[i].found ? id : ""), "'%s': %s",
			      cases[i].typed, found(cases[i].typed));
	read_inside(other, "Nachtrag"); /* it has its place in the list already */
	ck_assert_str_eq(found("nachtrag"), other);
	ck_assert_str_eq(in(see("/api/v1/queue/counts?q=nachtrag"), "queued"), "1");
	ck_assert_str_eq(in(see("/api/v1/queue/counts?q=fahr"), "queued"), "1");
	ck_assert_str_eq(ids_in(see("/api/v1/queue?q=nachtrag&reason=no_number")), "");
	ck_assert_str_eq(ids_in(see("/api/v1/queue?q=nachtrag&sort=insurer")), other);
	is_problem(see("/api/v1/queue?q=%s", encoded(talloc_asprintf(house.mem, "%0201d", 1))), 400,
		   "argument", "q has 201 bytes");
}
END_TEST

START_TEST(what_was_delivered)
{
	static const char *const typed[] = {
		"NS-27 18 28.91", "ns27182891", "2718 2891",  "8289",         "Tannhuber, Erika",
		"erika tannh",    "Tannhuber",  "b-xy 9",     "BXY9",         "15.4.1961",
		"1961-04-15",     "15.04.19",   "april_rech", "rechnung.pdf",
	};
	char *id = arrive("S-1", "policy=NS-27.182.891;name=Tannhuber;first=Erika;born=1961-04-15;"
				 "plate=B XY 9;file=April_Rechnung.pdf");

	arrive("S-2", "policy=XY-2;name=Muster;first=Erika;born=1961-04-16;plate=B XY 8");
	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
		ck_assert_msg(!strcmp(found(typed[i]), id), "'%s': %s", typed[i], found(typed[i]));
	ck_assert_str_eq(found("1961-04-17"), "");
	ck_assert_str_eq(found(id), id);
}
END_TEST

/* Text that came while the document did not wait is there when it does. */
START_TEST(it_waits_again)
{
	char *id = arrive("S-1", "policy=XY-1");

	ask("update document set state = 'ignored', reason = 'none'");
	read_inside(id, LETTER);
	ck_assert_str_eq(ask("select words is null from document"), "t");
	ask("update document set state = 'queued'");
	ck_assert_str_eq(found("fahrzeug"), id);
	ask("update document set class = 'invoice'"); /* placed anew */
	ask("update document set words = words || 'later'::tsvector");
	ck_assert_str_eq(found("later"), id);
}
END_TEST

/* The 200,000 bytes that are kept of a text, of one sort each. */
START_TEST(texts_of_any_kind)
{
	static const char *const made[] = {
		"select string_agg(n::text, ' ') from generate_series(1, 34000) n",
		"select repeat('ä', 100000)",
		"select repeat('1 ', 100000)",
		"select repeat(' ', 200000)",
		"select repeat(U&'\\FFFD', 60000)",
		"select string_agg(U&'\\00DF' || n, '-') from generate_series(1, 25000) n"
	};
	char *id = arrive("S-1", "policy=XY-1");

	for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
		ask(talloc_asprintf(house.mem, "update document set words = words_of((%s))",
				    made[i]));
		ck_assert_str_eq(found("xy1"), id);
	}
}
END_TEST

static char *contracts_found(const char *typed)
{
	json_t *body = json_loads(see("/api/v1/contracts?q=%s", encoded(typed)).body, 0, NULL);
	char *ids = talloc_strdup(house.mem, "");
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(body, "items"), i, item) ids =
		talloc_asprintf_append(ids, "%s%s", *ids ? " " : "",
				       json_string_value(json_object_get(item, "contract_id")));
	json_decref(body);
	return ids;
}

START_TEST(contracts_by_birth_date_and_plate)
{
	contract_add("A", "471100");
	contract_add("B", "471200");
	contract_add("C", "150419");
	ask("update contract set birth_date = '1961-04-15', plate = 'M-AB 123' where contract_id = 'A'");
	ask("update contract set birth_date = '1961-04-15', plate = 'MÜ-AB 12', issuer = 'south' where contract_id = 'B'");
	ck_assert_str_eq(contracts_found("15.04.1961"), "A B");
	ck_assert_str_eq(contracts_found("1961-04-15"), "A B");
	ck_assert_str_eq(contracts_found("16.04.1961"), "");
	ck_assert_str_eq(contracts_found("31.02.1961"), "");
	ck_assert_str_eq(contracts_found("mab 1"), "A");
	ck_assert_str_eq(contracts_found("M-AB 123"), "A");
	ck_assert_str_eq(contracts_found("MÜ-AB12"), "B");
	ck_assert_str_eq(contracts_found("m ab 124"), "");
	ck_assert_str_eq(contracts_found("150419"), "C");
	ck_assert_str_eq(contracts_found("4711"), "A");
}
END_TEST

/* ---- by which index, used by the role that asks ---- */

static void uses(const char *index, enum sql statement, const char *values)
{
	ask("select pg_stat_force_next_flush()"); /* what was used before does not count */
	ask("begin; set local role vorpost_web; set local vorpost.broker = 'demo'; set local plan_cache_mode = force_generic_plan");
	ask(talloc_asprintf(house.mem, "prepare it as %s", sql_texts[statement].text));
	ask(talloc_asprintf(house.mem, "execute it (%s)", values));
	ck_assert_msg(
		!strcmp(ask(talloc_asprintf(house.mem,
					    "select pg_stat_get_xact_numscans('%s'::regclass) > 0",
					    index)),
			"t"),
		"%s does not use %s", sql_texts[statement].name, index);
	ask("deallocate it; rollback");
}

START_TEST(every_search_has_an_index)
{
	static const char *const rare =
		"'demo', '{%c4ca4238a0%}', 'c4ca4238a0b923820dcc509a6f75849b', null, null, null, null, '501'";

	arrive("S-1", "policy=XY1");
	ask("insert into document select (jsonb_populate_record(d, jsonb_build_object('document_id', uuid7(),"
	    " 'file_no', n, 'placed', true, 'said', md5(n::text), 'words', md5(n::text)::tsvector))).*"
	    " from document d, generate_series(2, 5000) n");
	ask("insert into contract (broker, contract_id, issuer, birth_date, plate)"
	    " select 'demo', n, 'north', '1950-01-01'::date + n, 'M-AB ' || n from generate_series(1, 5000) n");
	ask("analyze document; analyze contract");
	uses("document_words", SQL_queue_search, rare);
	uses("document_said", SQL_queue_search, rare);
	uses("document_words", SQL_queue_counts_among,
	     "'demo', null, null, null, null, '{%c4ca4238a0%}', null, 'x', 'c4ca4238a0b923820dcc509a6f75849b'");
	uses("contract_of_plate", SQL_contract_search_number,
	     "'demo', 'a', 'a', null, '', '', '50', null, 'mab12'");
	uses("contract_by_birth_date", SQL_contract_search_number,
	     "'demo', 'a', 'a', null, '', '', '50', '1961-04-15', null");
}
END_TEST

/* Ids are the broker's own: what is escaped in an address is part of them. */
START_TEST(ids_with_anything_in_them)
{
	contract_add("A/1 %", "4711");
	ask("update contract set customer_id = 'K/7?', name = 'Muster'");
	ck_assert_str_eq(in(see("/api/v1/contracts/A%%2F1%%20%%25"), "contract_id"), "A/1 %");
	ck_assert_str_eq(in(see("/api/v1/customers/K%%2F7%%3F"), "customer_id"), "K/7?");
	ck_assert_int_eq(see("/api/v1/customers/K%%2f7%%3f/timeline").status, 200);
	ck_assert_str_eq(in(see("/api/v1/contracts?q=+47%%311"), "items.0.contract_id"), "A/1 %");
	ck_assert_int_eq(see("/api/v1/customers/K/7%%3F").status, 404);
	ck_assert_int_eq(see("/api/v1/queue%%00x").status, 404);
	ck_assert_int_eq(see("/api/v1/contracts/A%%00").status, 404);
	ck_assert_int_eq(see("/api/v1/contracts/%%ff").status, 404);
	ck_assert_int_eq(see("/api/v1/queue?limit=1%%00").status, 400);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("search");

	tcase_add_test(tc, words_inside);
	tcase_add_test(tc, what_was_delivered);
	tcase_add_test(tc, it_waits_again);
	tcase_add_test(tc, texts_of_any_kind);
	tcase_add_test(tc, contracts_by_birth_date_and_plate);
	tcase_add_test(tc, every_search_has_an_index);
	tcase_add_test(tc, ids_with_anything_in_them);
	return clerk_run("search", tc);
}
