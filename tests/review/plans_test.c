/* plans_test.c -- what a page of the queue reads while much waits: rows of the page and no more, by the role that asks. */
#include "clerk.h"

#include "store/sql_text.h"

#define WAITING 3000
#define PAGE    51

/* So many documents of one arrival, each with a letter to come, a text and a candidate; as many contracts. */
static void office_fill(void)
{
	arrive("S-1", "policy=XY1");
	ask(talloc_asprintf(
		house.mem,
		"insert into contract (broker, contract_id, issuer, number, customer_id, name)"
		" select 'demo', 'c-' || n, 'north', n, 'k-' || n, 'Tannhuber' from generate_series(1, %d) n",
		WAITING));
	ask(talloc_asprintf(
		house.mem,
		"insert into document select (jsonb_populate_record(d, jsonb_build_object('document_id', uuid7(),"
		" 'file_no', n, 'placed', true, 'issuer', 'i' || n %% 7,"
		" 'candidates', jsonb_build_array('c-' || n), 'received_at', now() - n * interval '1 min',"
		" 'letter_at', case n %% 3 when 0 then null when 1 then now() + n * interval '1 min'"
		" else now() - n * interval '1 min' end))).* from document d, generate_series(2, %d) n",
		WAITING));
	ask("insert into document_text (broker, document_id, state, pages, entries, text)"
	    " select broker, document_id, 'read', '[]', '[]', 'x' from document");
	ask("analyze document; analyze document_text; analyze contract");
}

/* Rows of tables and entries of indexes that the statement reads as the role that asks. A table as small as ours may be read whole
 * where a large one is not: what counts is whether an index can be used. */
static int reads(enum sql statement, const char *plan, const char *values)
{
	int read;

	ask("select pg_stat_force_next_flush()"); /* what was read before does not count */
	ask(talloc_asprintf(
		house.mem,
		"begin; set local role vorpost_web; set local vorpost.broker = 'demo';"
		" set local plan_cache_mode = force_%s_plan; set local enable_seqscan = off",
		plan));
	ask(talloc_asprintf(house.mem, "prepare it as %s", sql_texts[statement].text));
	ask(talloc_asprintf(house.mem, "execute it (%s)", values));
	read = atoi(ask(
		"select sum(pg_stat_get_xact_tuples_returned(oid)) from pg_class"
		" where relnamespace = current_schema()::regnamespace and relkind in ('r', 'i')"));
	ask("deallocate it; rollback");
	return read;
}

#define FIRST "'demo', '%s', '-1', '%s', '00000000-0000-0000-0000-000000000000'"
#define FREE  "null, null, null, null, null, null, 'queued', '51', null"

static char *first_page(const char *place)
{
	return talloc_asprintf(house.mem, FIRST ", " FREE,
			       ask("select (extract(epoch from now()) * 1000)::int8"), place);
}

static void is_few(enum sql statement, const char *plan, const char *values, int most)
{
	int read = reads(statement, plan, values);

	ck_assert_msg(read > 0 && read <= most, "%s (%s plan) reads %d rows, expected at most %d",
		      sql_texts[statement].name, plan, read, most);
}

/* A list is planned for what is asked each time: of an unknown number of rows PostgreSQL expects a tenth of all. */
START_TEST(the_rows_of_a_page_and_no_others)
{
	char *ids;

	office_fill();
	ids = talloc_asprintf(
		house.mem, "'demo', '%s'",
		ask("select array_agg(document_id) from (select document_id from document"
		    " where file_no > 1 order by letter_at limit 51) d"));
	is_few(SQL_queue_rows, "generic", ids, 16 * PAGE); /* each by a handful of indexes */
	is_few(SQL_queue_rows, "custom", ids, 16 * PAGE);
	is_few(SQL_queue_by_lead, "custom", first_page("0"), 4 * PAGE);
	is_few(SQL_queue_by_age, "custom", first_page("0"), 4 * PAGE);
	is_few(SQL_queue_by_insurer, "custom", first_page(""), 4 * PAGE);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("plans");

	tcase_add_test(tc, the_rows_of_a_page_and_no_others);
	return clerk_run("plans", tc);
}
