/* weeks_test.c -- the weeks of the outbox: made, filled later, dropped only when nobody needs them. */
#include "events/sequence.h"
#include "events/weeks.h"
#include "tests/events/stage.h"

#define KEEP_DAYS 90

static struct err e;

static void open_all(void)
{
	stage_open();
	e = (struct err){ 0 };
	/* what other tests made: only this week and those ahead stay */
	raw_do(stage.raw,
	       "select event_partition_drop(c.relname::text)"
	       " from pg_inherits join pg_class c on c.oid = inhrelid"
	       " where inhparent = 'event'::regclass and c.relname ~ '[0-9]$'"
	       " and c.relname < event_partition_name(date_trunc('week', now(), 'UTC'))");
}

/* An event that happened n weeks ago, at the second of that week's middle. */
static void put_ago(int weeks)
{
	char *sql = talloc_asprintf(
		stage.mem,
		"insert into event (broker, id, aggregatetype, aggregateid, type, payload, occurred_at)"
		" values ('" BROKER
		"', gen_random_uuid(), 'customer', 'K1', 'document.released', '{}',"
		" date_trunc('week', now(), 'UTC') - interval '%d hours' + interval '80 hours')",
		weeks * 168);

	raw_do(stage.raw, sql);
}

/* "2 weeks 3, default 1": how many weeks have how many events, and the default. */
static const char *where_they_lie(void)
{
	return raw_value(
		stage.raw,
		"select count(distinct tableoid) filter (where w) || ' weeks ' ||"
		" count(*) filter (where w) || ', default ' || count(*) filter (where not w)"
		" from (select tableoid, tableoid <> 'event_default'::regclass as w"
		" from event) as x");
}

static int pruned(enum week_state wanted, bool dry_run)
{
	struct week *weeks;
	int count, n = 0;

	ck_assert_msg(weeks_prune(&weeks, &count, stage.db, KEEP_DAYS, dry_run, stage.mem, &e),
		      "%s", e.text);
	for (int i = 0; i < count; i++)
		n += weeks[i].state == wanted;
	return n;
}

static const char *events_left(void)
{
	return raw_value(stage.raw, "select count(*) from event");
}

static void number_all(void)
{
	ck_assert_msg(sequence_run(stage.db, BROKER, NULL, &e), "%s", e.text);
}

START_TEST(this_week_and_those_ahead_are_there)
{
	int made = -1;

	ck_assert(weeks_make(stage.db, &made, &e)); /* the migration made them: */
	ck_assert_int_le(made, 1);                  /* the cluster may be of last week */
	ck_assert(weeks_make(stage.db, &made, &e));
	ck_assert_int_eq(made, 0);
	ck_assert_str_eq(
		raw_value(stage.raw,
			  "select count(*) from generate_series(0, 4) as n where to_regclass("
			  "event_partition_name(date_trunc('week', now(), 'UTC')"
			  " + n * interval '168 hours')) is not null"),
		"5");
	event_put(stage.raw, "document.attached", "K1", 1);
	ck_assert_str_eq(where_they_lie(), "1 weeks 1, default 0");
}
END_TEST

/* The program slept for months; what fell into the default is moved, numbered or not. */
START_TEST(what_had_no_week_gets_one)
{
	int made = 0;

	put_ago(20);
	put_ago(20);
	number_all();
	put_ago(19);
	ck_assert_str_eq(where_they_lie(), "0 weeks 0, default 3");
	ck_assert_msg(weeks_make(stage.db, &made, &e), "%s", e.text);
	ck_assert_int_eq(made, 2);
	ck_assert_str_eq(where_they_lie(), "2 weeks 3, default 0");
	number_all();
	ck_assert_str_eq(raw_value(stage.raw, "select string_agg(position::text, ' ' order by"
					      " position) from event"),
			 "1 2 3");
	ck_assert(weeks_make(stage.db, &made, &e));
	ck_assert_int_eq(made, 0);
}
END_TEST

/* A clock far ahead: no week, but not lost either. */
START_TEST(the_far_future_stays_in_the_default)
{
	put_ago(-500);
	ck_assert(weeks_make(stage.db, NULL, &e));
	number_all();
	ck_assert_str_eq(where_they_lie(), "0 weeks 0, default 1");
	ck_assert_int_eq(pruned(WEEK_GONE, false), 0);
}
END_TEST

START_TEST(old_weeks_go)
{
	put_ago(20);
	put_ago(10);
	put_ago(0);
	ck_assert(weeks_make(stage.db, NULL, &e));
	number_all();
	ck_assert_int_eq(pruned(WEEK_TO_GO, true), 1);
	ck_assert_str_eq(events_left(), "3");
	ck_assert_int_eq(pruned(WEEK_GONE, false), 1);
	ck_assert_str_eq(events_left(), "2");
	put_ago(0); /* and positions go on from where they were */
	number_all();
	ck_assert_str_eq(raw_value(stage.raw, "select max(position) from event"), "4");
}
END_TEST

START_TEST(who_accepted_what_is_forgotten_with_its_week)
{
	put_ago(20);
	put_ago(10);
	ck_assert(weeks_make(stage.db, NULL, &e));
	number_all();
	raw_do(stage.raw,
	       "insert into event_accepted (broker, event_id, endpoint, accepted_at)"
	       " select broker, id, 'one', occurred_at + interval '1 second' from event");
	ck_assert_int_eq(pruned(WEEK_GONE, false), 1);
	ck_assert_str_eq(raw_value(stage.raw,
				   "select count(*) || ' ' || count(e.id) from event_accepted a"
				   " left join event e on e.broker = a.broker and e.id = event_id"),
			 "1 1");
}
END_TEST

START_TEST(no_week_goes_with_an_event_without_a_position)
{
	put_ago(20);
	ck_assert(weeks_make(stage.db, NULL, &e));
	ck_assert_int_eq(pruned(WEEK_HELD, false), 1);
	ck_assert_str_eq(events_left(), "1");
}
END_TEST

static void endpoint_at(const char *state, int position)
{
	raw_do(stage.raw,
	       talloc_asprintf(
		       stage.mem,
		       "insert into endpoint (broker, endpoint, url, secret_file, state, position)"
		       " values ('" BROKER "', 'one', 'https://localhost', '/s', '%s', %d)"
		       " on conflict (broker, endpoint) do update set state = '%s', position = %d",
		       state, position, state, position));
}

START_TEST(no_week_goes_before_an_active_endpoint_passed_it)
{
	put_ago(20);
	put_ago(20);
	ck_assert(weeks_make(stage.db, NULL, &e));
	number_all();
	endpoint_at("active", 1);
	ck_assert_int_eq(pruned(WEEK_HELD, false), 1);
	ck_assert_str_eq(events_left(), "2");
	endpoint_at("active", 2);
	ck_assert_int_eq(pruned(WEEK_TO_GO, true), 1);
	endpoint_at("disabled", 0);
	ck_assert_int_eq(pruned(WEEK_GONE, false), 1);
	ck_assert_str_eq(events_left(), "0");
}
END_TEST

/* Another broker's events lie in the same week. */
START_TEST(every_broker_is_asked)
{
	put_ago(20);
	ck_assert(weeks_make(stage.db, NULL, &e));
	number_all();
	raw_do(stage.raw,
	       "insert into event (broker, id, aggregatetype, aggregateid, type, payload, occurred_at)"
	       " select 'other', gen_random_uuid(), 'customer', 'K', 'document.attached', '{}',"
	       " occurred_at from event");
	ck_assert_int_eq(pruned(WEEK_GONE, false), 0);
	ck_assert(sequence_run(stage.db, "other", NULL, &e));
	ck_assert_int_eq(pruned(WEEK_GONE, false), 1);
}
END_TEST

/* A long transaction reads: nobody waits for ever, and afterwards it goes. */
START_TEST(a_reader_is_not_run_over)
{
	PGconn *reader = raw_open();
	struct week *weeks;
	int count;

	put_ago(20);
	ck_assert(weeks_make(stage.db, NULL, &e));
	number_all();
	raw_do(reader, "begin; select count(*) from event");
	ck_assert(!weeks_prune(&weeks, &count, stage.db, KEEP_DAYS, false, stage.mem, &e));
	ck_assert_int_eq(e.kind, ERR_RETRY);
	err_clear(&e);
	raw_do(reader, "commit");
	ck_assert_int_eq(pruned(WEEK_GONE, false), 1);
	PQfinish(reader);
}
END_TEST

/* Every question of the feed is answered from an index, in every week. */
static const char *const questions[] = {
	"select * from event where broker = 'makler' and position > 3 order by position limit 10",
	"select exists (select from event where broker = 'makler' and position is null)",
	"select * from event where broker = 'makler' and id = '01920000-0000-7000-8000-000000000001'",
};

START_TEST(questions_are_index_lookups)
{
	char *plan;

	raw_do(stage.raw,
	       "insert into event (broker, id, position, aggregatetype, aggregateid, type, payload)"
	       " select '" BROKER
	       "', gen_random_uuid(), n, 'customer', 'K', 'document.attached', '{}'"
	       " from generate_series(1, 3000) as n");
	raw_do(stage.raw, "analyze event");
	raw_do(stage.raw,
	       "create or replace function pg_temp.plan(q text) returns text language plpgsql as"
	       " $$ declare l text; a text := ''; begin"
	       " for l in execute 'explain ' || q loop a := a || l || chr(10); end loop;"
	       " return a; end $$");
	plan = raw_value(stage.raw, talloc_asprintf(stage.mem, "select pg_temp.plan($q$%s$q$)",
						    questions[_i]));
	ck_assert_msg(strstr(plan, "Index") != NULL, "%s", plan);
	/* a week without any row may be read whole: that costs nothing */
	raw_do(stage.raw, "set enable_seqscan = off");
	plan = raw_value(stage.raw, talloc_asprintf(stage.mem, "select pg_temp.plan($q$%s$q$)",
						    questions[_i]));
	ck_assert_msg(strstr(plan, "Seq Scan") == NULL, "%s", plan);
	ck_assert_msg(strstr(plan, "Sort  (") == NULL, "%s", plan);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("weeks");
	TCase *tc = tcase_create("weeks");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(tc, stage_build, stage_clear);
	tcase_add_checked_fixture(tc, open_all, stage_close);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, this_week_and_those_ahead_are_there);
	tcase_add_test(tc, what_had_no_week_gets_one);
	tcase_add_test(tc, the_far_future_stays_in_the_default);
	tcase_add_test(tc, old_weeks_go);
	tcase_add_test(tc, who_accepted_what_is_forgotten_with_its_week);
	tcase_add_test(tc, no_week_goes_with_an_event_without_a_position);
	tcase_add_test(tc, no_week_goes_before_an_active_endpoint_passed_it);
	tcase_add_test(tc, every_broker_is_asked);
	tcase_add_test(tc, a_reader_is_not_run_over);
	tcase_add_loop_test(tc, questions_are_index_lookups, 0,
			    (int)(sizeof questions / sizeof *questions));
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
