/* Brokers are kept apart by the database itself, whatever a statement asks for. */
#include "tests/api/people.h"

static struct db *web;

static void open_all(void)
{
	struct err e = { 0 };

	stage_open();
	web = db_open_as(stage.conninfo, WEB_ROLE, stage.mem, &e);
	ck_assert_msg(web != NULL, "%s", e.text);
	raw_do(stage.raw,
	       "insert into contract (broker, contract_id, issuer, vu, number, line, customer_id, source)"
	       " select b, 'c' || n, 'seeufer', '5991', 'AS' || n, '050', 'K' || n, 'test'"
	       " from unnest(array['" BROKER "', 'other']) b, generate_series(1, 3) n");
	raw_do(stage.raw,
	       "insert into contract_name (broker, issuer, key, contract_id, origin, spelling)"
	       " select broker, issuer, number, contract_id, 'system', number from contract");
}

static void close_all(void)
{
	TALLOC_FREE(web);
	stage_close();
}

static void act_for(const char *broker)
{
	struct err e = { 0 };

	ck_assert_msg(db_for(web, broker, &e), "%s", e.text);
}

static int contracts_of(const char *broker)
{
	struct rows *rows = NULL;
	struct err e = { 0 };

	ck_assert_msg(
		db_call(web, SQL_contract_search_all, &rows, stage.mem, &e, broker, "", "100"),
		"%s", e.text);
	return rows_count(rows);
}

/* A new table with a broker must not be forgotten: no policy, no landing. */
START_TEST(every_table_with_a_broker_has_a_policy)
{
	static const char tables[] =
		"select coalesce(string_agg(c.relname, ' '), '') from pg_class c"
		" join pg_attribute a on a.attrelid = c.oid and a.attname = 'broker' and not a.attisdropped"
		" where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition"
		" and not (c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid"
		"  and pg_get_expr(p.polqual, p.polrelid) = '(broker = current_setting(''vorpost.broker''::text, true))'))";
	static const char views[] =
		"select coalesce(string_agg(relname, ' ' order by relname), '') from pg_class"
		" where relnamespace = 'public'::regnamespace and relkind = 'v'"
		" and not coalesce(reloptions, '{}') && '{security_invoker=true}'";

	ck_assert_str_eq(raw_value(stage.raw, tables), "");
	ck_assert_str_eq(raw_value(stage.raw, views),
			 "contract_mine contract_name_mine document_mine");
	raw_do(stage.raw, "create table forgotten (broker text, secret text)");
	ck_assert_str_eq(raw_value(stage.raw, tables), "forgotten");
	raw_do(stage.raw, "select web_protect()");
	ck_assert_str_eq(raw_value(stage.raw, tables), "");
	raw_do(stage.raw, "drop table forgotten");
}
END_TEST

START_TEST(the_wrong_broker_in_a_statement_sees_nothing)
{
	act_for(BROKER);
	ck_assert_int_eq(contracts_of(BROKER), 3);
	ck_assert_int_eq(contracts_of("other"), 0);
	act_for("other");
	ck_assert_int_eq(contracts_of("other"), 3);
	ck_assert_int_eq(contracts_of(BROKER), 0);
	act_for(NULL);
	ck_assert_int_eq(contracts_of(BROKER), 0);
	ck_assert_int_eq(contracts_of("other"), 0);
}
END_TEST

/* Whatever table: no row of another broker is read, changed or made. */
START_TEST(no_table_shows_another_brokers_rows)
{
	PGconn *raw = raw_open();
	PGresult *tables =
		PQexec(stage.raw,
		       "select tablename from pg_tables t where schemaname = 'public' and exists"
		       " (select from pg_policies p where p.tablename = t.tablename)");

	ck_assert_int_gt(PQntuples(tables), 30);
	raw_do(raw, "set role vorpost_web");
	raw_do(raw, "select set_config('vorpost.broker', '" BROKER "', false)");
	for (int i = 0; i < PQntuples(tables); i++)
		ck_assert_str_eq(
			raw_value(raw,
				  talloc_asprintf(stage.mem,
						  "select count(*) from %s where broker = 'other'",
						  PQgetvalue(tables, i, 0))),
			"0");
	ck_assert_str_eq(raw_value(raw, "select count(*) from contract_mine"), "3");
	ck_assert_str_eq(
		raw_value(raw, "select count(*) from contract_name_mine where broker = 'other'"),
		"0");
	ck_assert_str_eq(
		raw_value(
			raw,
			"with gone as (delete from contract_name returning 1) select count(*) from gone"),
		"3");
	PQclear(PQexec(
		raw,
		"insert into contract (broker, contract_id, issuer) values ('other', 'x', 'seeufer')"));
	ck_assert_ptr_nonnull(strstr(PQerrorMessage(raw), "row-level security"));
	PQclear(PQexec(raw, "update contract set broker = 'other'"));
	ck_assert_ptr_nonnull(strstr(PQerrorMessage(raw), "row-level security"));
	ck_assert_str_eq(
		raw_value(stage.raw, "select count(*) from contract_name where broker = 'other'"),
		"3");
	PQclear(tables);
	PQfinish(raw);
}
END_TEST

START_TEST(what_the_api_need_not_do_it_cannot)
{
	static const char *const denied[] = {
		"delete from audit",
		"update audit set action = ''",
		"delete from event",
		"insert into broker values ('new')",
		"update endpoint set state = state",
		"insert into api_token (broker) values ('makler')",
		"select * from event_default",
		"create table x (y int)",
		"truncate contract",
	};
	PGconn *raw = raw_open();

	raw_do(raw, "set role vorpost_web");
	raw_do(raw, "select set_config('vorpost.broker', '" BROKER "', false)");
	for (size_t i = 0; i < sizeof denied / sizeof *denied; i++) {
		PQclear(PQexec(raw, denied[i]));
		ck_assert_msg(strstr(PQerrorMessage(raw), "permission denied") != NULL, "%s: %s",
			      denied[i], PQerrorMessage(raw));
	}
	PQfinish(raw);
}
END_TEST

/* Also after the connection was lost and made again. */
START_TEST(a_new_connection_acts_for_the_same)
{
	struct err e = { 0 };

	act_for("other");
	ck_assert_msg(db_again(web, &e), "%s", e.text);
	ck_assert_int_eq(contracts_of("other"), 3);
	ck_assert_int_eq(contracts_of(BROKER), 0);
}
END_TEST

/* What an administrator, a restored backup or a slip may have left; each is undone behind it. */
static const struct {
	const char *harm, *mend, *says;
} harms[] = {
	{ "alter table contract disable row level security",
	  "alter table contract enable row level security", "no policy on contract" },
	{ "alter policy one_broker on document using (true)",
	  "alter policy one_broker on document using (broker = current_setting('vorpost.broker', true))",
	  "no policy on document" },
	{ "create policy more on contract to vorpost_web using (true)",
	  "drop policy more on contract", "no policy on contract" },
	{ "create table forgotten (broker text); grant select on forgotten to vorpost_web",
	  "drop table forgotten", "no policy on forgotten" },
	{ "alter view queue_row set (security_invoker = false)",
	  "alter view queue_row set (security_invoker = true)",
	  "no security_invoker on the view queue_row" },
};

START_TEST(without_the_protection_nothing_is_answered)
{
	struct err e = { 0 };
	char *token;

	raw_do(stage.raw, harms[_i].harm);
	ck_assert_ptr_null(db_open_as(stage.conninfo, WEB_ROLE, stage.mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_msg(strstr(e.text, harms[_i].says), "%s", e.text);
	desk_open();
	token = token_new("events", NULL);
	ck_assert_int_ge(get(token, "/api/v1/events").status, 500);
	ck_assert_int_gt(desk.told, 0);
	raw_do(stage.raw, harms[_i].mend);
	while (get(token, "/api/v1/events").status != 200) /* it looks again by itself */
		usleep(100 * 1000);
	desk_stop(&desk);
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("broker");

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, open_all, close_all);
	tcase_add_test(cases, every_table_with_a_broker_has_a_policy);
	tcase_add_test(cases, the_wrong_broker_in_a_statement_sees_nothing);
	tcase_add_test(cases, no_table_shows_another_brokers_rows);
	tcase_add_test(cases, what_the_api_need_not_do_it_cannot);
	tcase_add_test(cases, a_new_connection_acts_for_the_same);
	tcase_add_loop_test(cases, without_the_protection_nothing_is_answered, 0,
			    sizeof harms / sizeof *harms);
	return run_suite("broker", cases);
}
