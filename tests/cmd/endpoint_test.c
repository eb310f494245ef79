/* endpoint_test.c -- `vorpost endpoint ...` and replays: what is refused, what changes, what goes, what is said of what is lost. */
#include "program.h"

static void endpoint_made(const char *name)
{
	program_gives(0,
		      talloc_asprintf(program.mem,
				      "endpoint add %s https://a.example/hook --secret-file %s/%s",
				      name, program.place, name));
}

/* Positions first to last, of customer K1. */
static void events_kept(int first, int last)
{
	program_sql(talloc_asprintf(
		program.mem,
		"insert into event (broker, id, position, aggregatetype, aggregateid, type, payload)"
		" select 'demo', gen_random_uuid(), n, 'customer', 'K1', 'document.released', '{}'"
		" from generate_series(%d, %d) as n",
		first, last));
	program_sql(
		talloc_asprintf(program.mem,
				"insert into sequence_head (broker, position) values ('demo', %d) "
				"on conflict (broker) do update set position = excluded.position",
				last));
}

static const char *row(const char *columns)
{
	return program_sql(
		talloc_asprintf(program.mem, "select concat_ws(' ', %s) from endpoint", columns));
}

/* ---- change ---- */

START_TEST(what_is_given_changes_and_the_rest_stays)
{
	endpoint_made("push");
	program_sql("update endpoint set failures = 3, position = 7, ca_file = '/x'");
	program_gives(0, "endpoint change push --url https://b.example/hook --types all "
			 "--retry 5,10");
	program_says(out, "`vorpost endpoint enable` ends its wait");
	ck_assert_str_eq(
		row("url, types::text, ca_file, allow_private, retry_s::text, position, failures"),
		"https://b.example/hook {all} /x f {5,10} 7 3");
	program_gives(0, "endpoint change push --ca= --retry= --allow-private yes");
	ck_assert_str_eq(row("url, types::text, ca_file, allow_private, retry_s::text"),
			 "https://b.example/hook {all} t");
	program_gives(0, "endpoint change push --url http://127.0.0.1:1/hook");
	program_gives(0, "endpoint list --output csv");
	program_says(out, "http://127.0.0.1:1/hook");
}
END_TEST

START_TEST(what_is_wrong_changes_nothing)
{
	const char *all = "url, types::text, ca_file, allow_private, retry_s::text";
	const char *before;

	endpoint_made("push");
	before = talloc_strdup(program.mem, row(all));
	program_gives(66, "endpoint change nope --types all");
	program_gives(64, "endpoint change push");
	program_gives(64, "endpoint change push --url http://b.example/");
	program_gives(64, "endpoint change push --url https://127.0.0.1/");
	program_gives(64, "endpoint change push --types no.such.type");
	program_gives(64, "endpoint change push --retry soon");
	program_gives(64, "endpoint change push --ca /nowhere");
	program_gives(64, "endpoint change push --allow-private maybe");
	program_gives(69, "endpoint change push --url nats://b.example/events");
	ck_assert_str_eq(row(all), before);
	program_gives(0, "endpoint change push --allow-private yes --url https://127.0.0.1/");
	program_gives(64, "endpoint change push --allow-private no"); /* its address is private */
}
END_TEST

/* ---- disable, enable ---- */

/* With a lane and a replay that wait. */
static void waits_for_ever(void)
{
	endpoint_made("push");
	program_sql("update endpoint set position = 3");
	program_sql("insert into lane_block (broker, endpoint, lane, position, failures, since, "
		    "next_attempt_at) values ('demo', 'push', 'K1', 2, 4, now(), now())");
	program_sql("insert into replay_job (broker, endpoint, from_position, to_position, types, "
		    "position, requested_by) values ('demo', 'push', 1, 3, '{}', 1, 'test')");
}

START_TEST(who_is_disabled_holds_nothing)
{
	events_kept(1, 5);
	waits_for_ever();
	ck_assert_str_eq(program_sql("select count(*) from event_hold"), "3");
	program_gives(66, "endpoint disable nope");
	program_gives(0, "endpoint disable push");
	ck_assert_str_eq(row("state, position"), "disabled 3");
	ck_assert_str_eq(program_sql("select count(*) from event_hold"), "0");
	program_gives(0, "endpoint enable push");
	ck_assert_str_eq(program.err, "");
	ck_assert_str_eq(row("state, position, last_error"), "active 3");
	ck_assert_str_eq(program_sql("select count(*) from event_hold"), "3");
}
END_TEST

START_TEST(enable_says_what_was_lost_meanwhile)
{
	events_kept(11, 15);
	waits_for_ever();
	program_gives(0, "endpoint enable push");
	program_says(err, "7 positions after 3 are not kept any more");
	program_says(err, "of 1 lanes");
}
END_TEST

/* ---- remove ---- */

START_TEST(remove_says_what_goes_and_holds_nothing_then)
{
	events_kept(1, 5);
	waits_for_ever();
	program_gives(66, "endpoint remove nope");
	program_gives(0, "endpoint remove push --dry-run");
	program_says(out,
		     "would be removed: it stood at position 3 of 5; with it go 1 waiting lanes, "
		     "0 dead letters, 1 replays");
	ck_assert_str_eq(program_sql("select count(*) from event_hold"), "3");
	program_gives(0, "endpoint remove push");
	program_says(out, "is removed");
	ck_assert_str_eq(program_sql("select count(*) from endpoint"), "0");
	ck_assert_str_eq(program_sql("select count(*) from event_hold"), "0");
	program_gives(66, "endpoint remove push");
	endpoint_made("push"); /* the name is free, the secret is the same */
}
END_TEST

/* ---- list ---- */

/* Counting ends where nobody reads the number any more. */
START_TEST(who_is_far_behind_is_not_counted_to_the_end)
{
	events_kept(1, 10100);
	endpoint_made("push");
	program_sql("update endpoint set position = 100");
	program_gives(0, "endpoint list");
	program_says(out, " 10000 ");
	program_sql("update endpoint set position = 20");
	program_gives(0, "endpoint list");
	program_says(out, "over 10000");
	program_gives(0, "endpoint list --output json");
	program_says(out, "10001");
}
END_TEST

/* ---- places beyond what there is ---- */

static int add_from(int position)
{
	return program_run(talloc_asprintf(
		program.mem,
		"endpoint add n%d https://a.example/hook --secret-file %s/from --from %d", position,
		program.place, position));
}

START_TEST(add_from_beyond_the_head_is_refused)
{
	events_kept(11, 15);
	ck_assert_int_eq(add_from(17), 64);
	program_says(err, "expected 11 to 16");
	ck_assert_str_eq(program_sql("select count(*) from endpoint"), "0");
	ck_assert_int_eq(add_from(16), 0);
	ck_assert_int_eq(add_from(11), 0);
	ck_assert_str_eq(program.err, "");
	ck_assert_int_eq(add_from(8), 0);
	program_says(err, "3 positions after 7 are not kept any more");
}
END_TEST

START_TEST(replay_of_what_is_gone_is_refused)
{
	events_kept(11, 15);
	endpoint_made("push");
	program_gives(64, "events replay --endpoint push --from 9");
	program_says(err, "the oldest is 11");
	program_gives(64, "events replay --endpoint push --from 2001-01-01T00:00:00Z");
	ck_assert_str_eq(program_sql("select count(*) from replay_job"), "0");
	program_gives(0, "events replay --endpoint push --from start");
	ck_assert_str_eq(program_sql("select from_position || ' ' || to_position from replay_job"),
			 "11 15");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("endpoint");

	tcase_add_test(tc, what_is_given_changes_and_the_rest_stays);
	tcase_add_test(tc, what_is_wrong_changes_nothing);
	tcase_add_test(tc, who_is_disabled_holds_nothing);
	tcase_add_test(tc, enable_says_what_was_lost_meanwhile);
	tcase_add_test(tc, remove_says_what_goes_and_holds_nothing_then);
	tcase_add_test(tc, who_is_far_behind_is_not_counted_to_the_end);
	tcase_add_test(tc, add_from_beyond_the_head_is_refused);
	tcase_add_test(tc, replay_of_what_is_gone_is_refused);
	return program_cases(suite_create("endpoint"), tc);
}
