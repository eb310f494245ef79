/* The sequencer: no gap, no number twice, and nobody who commits late is skipped. */
#include <pthread.h>
#include <sys/wait.h>

#include "events/sequence.h"
#include "tests/events/stage.h"

static int64_t sequence_now(void)
{
	struct err e = { 0 };
	int64_t assigned = -1;

	ck_assert_msg(sequence_run(stage.db, BROKER, &assigned, &e), "%s", e.text);
	return assigned;
}

/* "1:d1 2:d2 ..." of everything after a position. */
static const char *read_after(int position)
{
	char *sql = talloc_asprintf(
		stage.mem,
		"select coalesce(string_agg(position || ':' || (payload->>'no'), ' '"
		" order by position), '') from event"
		" where broker = '" BROKER "' and position > %d",
		position);

	return raw_value(stage.raw, sql);
}

static void positions_are_whole(const char *broker)
{
	char *sql = talloc_asprintf(
		stage.mem,
		"select count(*) filter (where position is null) || ' ' ||"
		" (count(*) = count(distinct position) and min(position) = 1"
		"  and max(position) = count(*)"
		"  and max(position) = (select position from sequence_head where broker = '%s'))"
		" from event where broker = '%s'",
		broker, broker);

	ck_assert_str_eq(raw_value(stage.raw, sql), "0 true");
}

START_TEST(nothing_waits)
{
	ck_assert_int_eq(sequence_now(), 0);
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from sequence_head"), "0");
}
END_TEST

START_TEST(a_late_commit_is_not_skipped)
{
	PGconn *late = raw_open();

	raw_do(late, "begin");
	event_put(late, "document.attached", "K1", 1); /* the older id ... */
	event_put(stage.raw, "document.attached", "K2", 2);
	ck_assert_int_eq(sequence_now(), 1);
	ck_assert_str_eq(read_after(0),
			 "1:2"); /* ... is not there yet: a reader's cursor goes to 1 */
	raw_do(late, "commit");
	ck_assert_int_eq(sequence_now(), 1);
	ck_assert_str_eq(read_after(1), "2:1"); /* and it finds the late one behind its cursor */
	PQfinish(late);
}
END_TEST

START_TEST(a_rollback_leaves_no_gap)
{
	PGconn *other = raw_open();

	raw_do(other, "begin");
	event_put(other, "document.attached", "K1", 1);
	event_put(stage.raw, "document.attached", "K1", 2);
	raw_do(other, "rollback");
	event_put(stage.raw, "document.attached", "K1", 3);
	ck_assert_int_eq(sequence_now(), 2);
	ck_assert_str_eq(read_after(0), "1:2 2:3");
	PQfinish(other);
}
END_TEST

/* A transaction that waited for another's lock tells of what came later, though it began before. */
START_TEST(an_event_happens_when_it_is_written)
{
	PGconn *early = raw_open();

	raw_do(early, "begin; select now()");
	event_put(stage.raw, "document.attached", "K1", 1);
	event_put(early, "document.withdrawn", "K1", 2);
	raw_do(early, "commit");
	PQfinish(early);
	ck_assert_int_eq(sequence_now(), 2);
	ck_assert_str_eq(read_after(0), "1:1 2:2");
}
END_TEST

START_TEST(order_of_one_transaction_is_kept)
{
	raw_do(stage.raw, "begin");
	for (int i = 1; i <= 5; i++)
		event_put(stage.raw, "document.attached", "K1", i);
	raw_do(stage.raw, "commit");
	sequence_now();
	ck_assert_str_eq(read_after(0), "1:1 2:2 3:3 4:4 5:5");
}
END_TEST

/* Customer-facing events only, each customer by himself, across batches. */
START_TEST(customers_count_apart)
{
	event_put(stage.raw, "document.attached", "K1", 1);
	event_put(stage.raw, "document.released", "K1", 2);
	event_put(stage.raw, "document.released", "K2", 3);
	event_put(stage.raw, "invoice.issued", "K1", 4);
	sequence_now();
	event_put(stage.raw, "document.withdrawn", "K2", 5);
	event_put(stage.raw, "document.detached", "K2", 6);
	event_put(stage.raw, "document.withdrawn", "K1", 7);
	raw_do(stage.raw,
	       "insert into event (broker, id, aggregatetype, aggregateid, type, payload) values"
	       " ('" BROKER
	       "', gen_random_uuid(), 'broker', 'K1', 'document.released', '{\"no\": 8}')");
	sequence_now();
	ck_assert_str_eq(raw_value(stage.raw, "select string_agg(aggregateid || ':' ||"
					      " coalesce(customersequence::text, '-'), ' '"
					      " order by position) from event"),
			 "K1:- K1:1 K2:1 K1:2 K2:2 K2:- K1:3 K1:-");
}
END_TEST

/* Another machine's clock is an hour ahead and so are its ids; the database's clock decides. */
START_TEST(a_wrong_clock_does_not_turn_the_order)
{
	raw_do(stage.raw,
	       "insert into event (broker, id, aggregatetype, aggregateid, type, payload) values"
	       " ('" BROKER "', 'ffffffff-ffff-7fff-bfff-ffffffffffff', 'customer', 'K1',"
	       " 'document.attached', '{\"no\": 1}')");
	event_put(stage.raw, "document.withdrawn", "K1", 2);
	sequence_now();
	ck_assert_str_eq(read_after(0), "1:1 2:2");
}
END_TEST

START_TEST(more_than_one_batch)
{
	raw_do(stage.raw,
	       "insert into event (broker, id, aggregatetype, aggregateid, type, payload)"
	       " select '" BROKER
	       "', gen_random_uuid(), 'customer', 'K1', 'document.attached', '{}'"
	       " from generate_series(1, 2001)");
	ck_assert_int_eq(sequence_now(), 2001);
	positions_are_whole(BROKER);
	ck_assert_int_eq(sequence_now(), 0);
}
END_TEST

START_TEST(brokers_count_apart)
{
	struct err e = { 0 };

	event_put(stage.raw, "document.attached", "K1", 1);
	raw_do(stage.raw,
	       "insert into event (broker, id, aggregatetype, aggregateid, type, payload)"
	       " select 'other', gen_random_uuid(), 'customer', 'K1', 'document.attached', '{}'"
	       " from generate_series(1, 3)");
	ck_assert_int_eq(sequence_now(), 1);
	ck_assert_str_eq(
		raw_value(stage.raw,
			  "select count(*) from event where broker = 'other' and position is null"),
		"3");
	ck_assert(sequence_run(stage.db, "other", NULL, &e));
	positions_are_whole("other");
	positions_are_whole(BROKER);
}
END_TEST

static void *sequence_elsewhere(void *assigned)
{
	struct err e = { 0 };
	struct db *db = db_open(stage.conninfo, NULL, &e);

	ck_assert_msg(db && sequence_run(db, BROKER, assigned, &e), "%s", e.text);
	talloc_free(db);
	return NULL;
}

static void wait_until_blocked(void)
{
	while (!strcmp(
		raw_value(stage.raw,
			  "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"),
		"0"))
		usleep(1000);
}

/*
 * The second sequencer looked before the first committed, and waited for it. If it numbered what it had seen
 * then, the first one's events would be numbered twice.
 */
START_TEST(a_sequencer_that_waited_looks_again)
{
	PGconn *first = raw_open();
	pthread_t second;
	int64_t assigned = -1;

	event_put(stage.raw, "document.attached", "K1", 1);
	sequence_now();
	event_put(stage.raw, "document.attached", "K1", 2);
	event_put(stage.raw, "document.attached", "K1", 3);
	raw_do(first, "begin");
	raw_do(first, "select position from sequence_head where broker = '" BROKER "' for update");
	pthread_create(&second, NULL, sequence_elsewhere, &assigned);
	wait_until_blocked();
	raw_do(first,
	       "update event set position = 1 + (payload->>'no')::int - 1 where position is null");
	raw_do(first, "update sequence_head set position = 3 where broker = '" BROKER "'");
	event_put(first, "document.attached", "K1", 4); /* commits with the first one's numbers */
	raw_do(first, "commit");
	pthread_join(second, NULL);
	ck_assert_int_eq(assigned, 1);
	ck_assert_str_eq(read_after(0), "1:1 2:2 3:3 4:4");
	positions_are_whole(BROKER);
	PQfinish(first);
}
END_TEST

#define WRITERS    3
#define SEQUENCERS 3
#define EACH       60

static void write_some(int writer)
{
	PGconn *raw = raw_open();

	for (int i = 0; i < EACH; i++) {
		raw_do(raw, "begin");
		event_put(raw, "document.attached", "K1", writer * EACH + i);
		if (i % 7 == writer)
			usleep(3000); /* some commit late */
		raw_do(raw, i % 11 == 10 ? "rollback" : "commit");
	}
	PQfinish(raw);
}

static void sequence_until_all(void)
{
	struct err e = { 0 };
	struct db *db = db_open(stage.conninfo, NULL, &e);
	PGconn *raw = raw_open();
	const int kept = WRITERS * (EACH - EACH / 11);
	char *count;

	do {
		ck_assert_msg(db && sequence_run(db, BROKER, NULL, &e), "%s", e.text);
		/* whoever looks, at any moment, sees no gap */
		count = raw_value(raw, "select count(position) || ' ' || coalesce(max(position), 0)"
				       " from event where broker = '" BROKER "'");
		ck_assert_int_eq(atoi(count), atoi(strchr(count, ' ')));
	} while (atoi(count) < kept);
	PQfinish(raw);
	talloc_free(db);
}

START_TEST(many_writers_many_sequencers)
{
	pid_t child[WRITERS + SEQUENCERS];
	int status;

	for (int i = 0; i < WRITERS + SEQUENCERS; i++) {
		child[i] = fork();
		if (child[i] == 0) {
			i < WRITERS ? write_some(i) : sequence_until_all();
			_exit(0);
		}
	}
	for (int i = 0; i < WRITERS + SEQUENCERS; i++) {
		ck_assert_int_eq(waitpid(child[i], &status, 0), child[i]);
		ck_assert_int_eq(status, 0);
	}
	positions_are_whole(BROKER);
}
END_TEST

#ifdef VORPOST_CRASH_POINTS
static const char *const deaths[] = { "sequence.numbered", "sequence.before",
				      "sequence.committed" };

START_TEST(killed_sequencer_leaves_all_or_nothing)
{
	char *crash = talloc_asprintf(stage.mem, "%s/crash", stage.folder);
	FILE *file = fopen(crash, "w");
	bool committed = !strcmp(deaths[_i], "sequence.committed");
	int status;
	pid_t child;

	fprintf(file, "%s 1\n", deaths[_i]);
	fclose(file);
	setenv("VORPOST_CRASH_FILE", crash, 1);
	for (int i = 1; i <= 3; i++)
		event_put(stage.raw, "document.attached", "K1", i);
	child = fork();
	if (child == 0) {
		int64_t ignored;

		sequence_elsewhere(&ignored);
		_exit(0);
	}
	waitpid(child, &status, 0);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	ck_assert_int_eq(sequence_now(), committed ? 0 : 3);
	ck_assert_str_eq(read_after(0), "1:1 2:2 3:3");
	positions_are_whole(BROKER);
}
END_TEST
#endif

int main(void)
{
	Suite *suite = suite_create("sequence");
	TCase *cases = tcase_create("sequence");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, stage_open, stage_close);
	tcase_set_timeout(cases, 120);
	tcase_add_test(cases, a_late_commit_is_not_skipped);
	tcase_add_test(cases, a_sequencer_that_waited_looks_again);
	tcase_add_test(cases, many_writers_many_sequencers);
#ifdef VORPOST_CRASH_POINTS
	tcase_add_loop_test(cases, killed_sequencer_leaves_all_or_nothing, 0,
			    (int)(sizeof deaths / sizeof *deaths));
#endif
	tcase_add_test(cases, a_rollback_leaves_no_gap);
	tcase_add_test(cases, a_wrong_clock_does_not_turn_the_order);
	tcase_add_test(cases, an_event_happens_when_it_is_written);
	tcase_add_test(cases, order_of_one_transaction_is_kept);
	tcase_add_test(cases, more_than_one_batch);
	tcase_add_test(cases, customers_count_apart);
	tcase_add_test(cases, brokers_count_apart);
	tcase_add_test(cases, nothing_waits);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
