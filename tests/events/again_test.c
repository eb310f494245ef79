/* Replays and dead letters that are sent again: order per customer, the same ids, said to be repetitions. */
#include "tests/events/deliver_child.h"
#include "tests/events/deliver_stage.h"

#define NONE_REFUSED "\"no\":-1"

/* Ask for positions first to last again; types "{a,b}". */
static void replay_ask(int first, int last, const char *types, const char *customer)
{
	struct err e = { 0 };

	ck_assert_msg(db_call(stage.db, SQL_replay_add, NULL, stage.mem, &e, BROKER, "one",
			      talloc_asprintf(stage.mem, "%d", first),
			      talloc_asprintf(stage.mem, "%d", last), types, customer, "tester"),
		      "%s", e.text);
}

#define ALL_TYPES "{document.attached,document.unmatched}"

/* From request `from` on the events of each lane came in the order of their numbers, `first` to `last` and
 * whatever was put since, each once. Events were put by events_put_for. */
static void require_rerun(int from, int first, int last, int customers)
{
	int *before = talloc_zero_array(stage.mem, int, customers);
	int *seen = talloc_zero_array(stage.mem, int, last + 1);

	for (int i = from; i < receiver.count; i++) {
		int no = got_no(i), k = (no - 1) % customers;

		ck_assert_msg(no > before[k], "customer %d: %d came after %d", k + 1, no,
			      before[k]);
		before[k] = no;
		seen[no]++;
	}
	for (int no = first; no <= last; no++)
		ck_assert_msg(seen[no] == 1, "%d came %d times", no, seen[no]);
}

START_TEST(a_replay_is_in_order_with_the_same_ids_and_says_so)
{
	RECEIVER({ .status = 200 });
	const char *ids[13];

	endpoint_put("one");
	events_put_for(12, 3);
	deliver_now();
	for (int i = 0; i < 12; i++) {
		ids[got_no(i)] = receiver.got[i].id;
		ck_assert_str_eq(receiver.got[i].replay, "");
	}
	replay_ask(4, 9, ALL_TYPES, NULL);
	ck_assert_int_eq(deliver_now().sent, 6);
	ck_assert_int_eq(receiver.count, 18);
	require_rerun(12, 4, 9, 3);
	for (int i = 12; i < 18; i++) {
		ck_assert_str_eq(receiver.got[i].id, ids[got_no(i)]);
		ck_assert_str_eq(receiver.got[i].replay, of("replay_job", "replay_id"));
	}
	ck_assert_str_eq(of("replay_job", "position, done_at is not null"), "9 | t");
	ck_assert_str_eq(of("lane_block", "count(*)"), "0");
	ck_assert_str_eq(row("position"), "12");
	ck_assert_int_eq(deliver_now().sent, 0);
}
END_TEST

START_TEST(a_replay_takes_the_types_and_the_customer_it_was_asked_for)
{
	RECEIVER({ .status = 200 });
	endpoint_put("one");
	events_put_for(12, 2);
	deliver_now();
	replay_ask(1, 12, "{document.unmatched}", "K1"); /* every third one; K1 has the odd ones */
	ck_assert_int_eq(deliver_now().sent, 2);
	ck_assert_int_eq(got_no(12), 3);
	ck_assert_int_eq(got_no(13), 9);
}
END_TEST

/* More lanes than a replay is in at a time; each has something new before the replay comes to it. */
START_TEST(what_is_new_comes_behind_what_is_old_in_its_lane)
{
	RECEIVER({ .status = 200 });
	int lanes = 150, old = 300;

	endpoint_put("one");
	events_put_for(old, lanes);
	deliver_now();
	replay_ask(1, old, ALL_TYPES, NULL);
	raw_do(stage.raw, "begin");
	for (int i = old + lanes; i > old; i--)
		event_put(stage.raw, "document.attached",
			  talloc_asprintf(stage.mem, "K%d", (i - 1) % lanes + 1), i);
	raw_do(stage.raw, "commit");
	number_all();
	ck_assert_int_eq(deliver_now().sent, old + lanes);
	require_rerun(old, 1, old + lanes, lanes);
	for (int i = old; i < receiver.count; i++)
		ck_assert_int_eq(*receiver.got[i].replay != '\0', got_no(i) <= old);
}
END_TEST

START_TEST(a_lane_that_fails_meanwhile_gets_its_replay_first)
{
	RECEIVER({ .status = 200 });
	endpoint_put("one");
	events_put_for(4, 2);
	deliver_now();
	receiver.refuse = "\"document_id\":\"d5\"";
	raw_do(stage.raw, "begin");
	for (int i = 5; i <= 8; i++)
		event_put(stage.raw, "document.attached", i % 2 ? "K1" : "K2", i);
	raw_do(stage.raw, "commit");
	number_all();
	deliver_now(); /* K1 stands aside at 5 */
	replay_ask(1, 8, ALL_TYPES, NULL);
	deliver_later();
	ck_assert_str_eq(of("replay_job", "done_at is null"), "f");
	receiver.refuse = NONE_REFUSED;
	deliver_later();
	ck_assert_str_eq(of("lane_block", "count(*)"), "0");
	for (int i = 0, last = 0; i < receiver.count; i++) {
		int no = got_no(i);

		if (no % 2 == 0)
			continue;
		/* 1 3 5(refused) 1 3 5(refused) 5 7 */
		if (last == 5 && no != 5 && no != 7)
			ck_assert_int_eq(no, 1);
		if (no == 7)
			ck_assert(receiver.got[i - 1].accepted);
		last = no;
	}
	ck_assert_int_eq(got_no(receiver.count - 1) % 2, 1);
	ck_assert_int_eq(got_no(receiver.count - 1), 7);
}
END_TEST

START_TEST(one_replay_at_a_time_and_it_can_be_cancelled)
{
	RECEIVER({ .status = 503 }, { .status = 200 });
	struct err e = { 0 };
	struct rows *rows = NULL;

	endpoint_put("one");
	events_put_for(6, 2);
	deliver_now();
	deliver_later();
	ck_assert_str_eq(row("position"), "6");
	receiver.refuse = "\"document_id\":\"d1\"";
	replay_ask(1, 6, ALL_TYPES, NULL);
	ck_assert(!db_call(stage.db, SQL_replay_add, NULL, stage.mem, &e, BROKER, "one", "1", "6",
			   ALL_TYPES, NULL, "tester"));
	ck_assert_int_eq(e.kind, ERR_CONFLICT);
	err_clear(&e);
	deliver_now();
	ck_assert_str_eq(of("lane_block", "lane, position, replay_to, resume"), "K1 | 1 | 6 | 7");
	ck_assert_str_eq(of("event_hold", "min(position)"), "0");
	ck_assert(db_call(stage.db, SQL_replay_cancel, &rows, stage.mem, &e, BROKER, "one"));
	ck_assert_int_eq(rows_count(rows), 1);
	ck_assert_int_eq(deliver_now().sent, 0); /* it goes on at 7, where nothing is */
	ck_assert_str_eq(of("lane_block", "count(*)"), "0");
	ck_assert(db_call(stage.db, SQL_replay_cancel, &rows, stage.mem, &e, BROKER, "one"));
	ck_assert_int_eq(rows_count(rows), 0);
}
END_TEST

START_TEST(a_range_ends_where_the_endpoint_stands)
{
	static const struct {
		const char *from, *from_time, *to, *to_time, *said;
	} asked[] = {
		{ "2", NULL, NULL, NULL, "2 4 {document.attached}" },
		{ "2", NULL, "99", NULL, "2 4 {document.attached}" },
		{ "5", NULL, NULL, NULL, "5 4 {document.attached}" },
		{ NULL, "2020-01-01T00:00:00Z", "3", NULL, "1 3 {document.attached}" },
		{ NULL, "2020-01-01T00:00:00Z", NULL, "2020-01-02T00:00:00Z",
		  "1 0 {document.attached}" },
		{ NULL, "2999-01-01T00:00:00Z", NULL, NULL, "5 4 {document.attached}" },
	};
	struct err e = { 0 };
	struct rows *rows = NULL;

	endpoint_put("one");
	events_put(8);
	raw_do(stage.raw, "update endpoint set position = 4");
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		ck_assert_msg(db_call(stage.db, SQL_replay_range, &rows, stage.mem, &e, BROKER,
				      "one", asked[i].from, asked[i].from_time, asked[i].to,
				      asked[i].to_time, "{document.attached,queue.digest}",
				      ALL_TYPES, "false"),
			      "%s", e.text);
		ck_assert_str_eq(talloc_asprintf(stage.mem, "%s %s %s", rows_text(rows, 0, "first"),
						 rows_text(rows, 0, "last"),
						 rows_text(rows, 0, "types")),
				 asked[i].said);
	}
}
END_TEST

/* ---- dead letters ---- */

static void park_second(void)
{
	receiver.refuse = "\"document_id\":\"d2\"";
	endpoint_put_at("one", "{all}", "{0}", receiver.port);
	events_put(4);
	deliver_now();
	deliver_later();
	ck_assert_str_eq(of("dead_letter", "position, state"), "2 | parked");
}

static void dead_send(void)
{
	struct err e = { 0 };

	ck_assert_msg(db_call(stage.db, SQL_dead_send, NULL, stage.mem, &e, BROKER, NULL, "one"),
		      "%s", e.text);
}

START_TEST(a_dead_letter_holds_no_week_and_is_sent_from_its_own_copy)
{
	RECEIVER({ .status = 200 });
	char *body, *id;
	int n;

	park_second();
	ck_assert_str_eq(of("event_hold", "min(position)"), "4");
	id = raw_value(stage.raw, "select event_id from dead_letter");
	for (n = 0; strcmp(receiver.got[n].id, id) != 0; n++)
		;
	body = talloc_strdup(stage.mem, receiver.got[n].body);
	raw_do(stage.raw, "delete from event");
	receiver.refuse = NONE_REFUSED;
	dead_send();
	n = receiver.count;
	ck_assert_int_eq(deliver_now().sent, 1);
	ck_assert_str_eq(receiver.got[n].id, id);
	ck_assert_str_eq(receiver.got[n].body, body);
	ck_assert_str_eq(receiver.got[n].replay, "dead-letter");
	ck_assert_str_eq(of("dead_letter", "state, settled_at is not null"), "delivered | t");
	ck_assert_str_eq(of("lane_block", "count(*)"), "0");
	ck_assert_int_eq(deliver_now().sent, 0);
}
END_TEST

START_TEST(a_dead_letter_that_is_refused_again_holds_nobody)
{
	RECEIVER({ .status = 200 });
	park_second();
	dead_send();
	event_put(stage.raw, "document.attached", "K1", 5);
	number_all();
	ck_assert_int_eq(deliver_now().sent, 1);
	ck_assert_int_eq(got_no(receiver.count - 1), 5);
	ck_assert_str_eq(of("dead_letter", "state, failures, last_error"), "parked | 3 | HTTP 500");
	ck_assert_str_eq(of("lane_block", "count(*)"), "0");
}
END_TEST

START_TEST(a_replay_settles_what_was_dead)
{
	RECEIVER({ .status = 200 });
	park_second();
	receiver.refuse = NONE_REFUSED;
	replay_ask(2, 3, ALL_TYPES, NULL);
	ck_assert_int_eq(deliver_now().sent, 2);
	ck_assert_str_eq(of("dead_letter", "state"), "delivered");
}
END_TEST

/* ---- the end of the way ---- */

START_TEST(what_customers_are_told_is_noted_once_when_it_is_accepted)
{
	RECEIVER({ .status = 200 });
	const char *first;

	endpoint_put("one");
	event_put(stage.raw, "document.released", "K1", 1);
	event_put(stage.raw, "document.attached", "K1", 2);
	number_all();
	deliver_now();
	ck_assert_str_eq(of("event_accepted join event on id = event_id",
			    "count(*), min(type), min(endpoint)"),
			 "1 | document.released | one");
	first = of("event_accepted", "accepted_at");
	replay_ask(1, 2, "{document.released}", NULL);
	ck_assert_int_eq(deliver_now().sent, 1);
	ck_assert_str_eq(of("event_accepted", "accepted_at"), first);
}
END_TEST

/* ---- kill -9 ---- */

#ifdef VORPOST_CRASH_POINTS
static const char *const deaths[] = { "replay.before", "replay.marked", "mark.before",
				      "webhook.answered", "webhook.marked" };

static bool dies(const char *point, int passage)
{
	bool died;

	crash_arm(point, passage);
	died = dies_in_child();
	unsetenv("VORPOST_CRASH_FILE");
	return died;
}

/* Whatever was repeated: the first times that an event comes in the replay are in order, and it is whole. */
START_TEST(a_replay_survives_a_kill)
{
	RECEIVER({ .status = 200 });
	int lanes = 90, count = 270, *next = talloc_array(stage.mem, int, lanes);
	int from;

	endpoint_put("one");
	events_put_for(count, lanes);
	deliver_now();
	from = receiver.count;
	replay_ask(1, count, ALL_TYPES, NULL);
	for (int passage = 1; passage <= 2; passage++)
		ck_assert(dies(deaths[_i], passage));
	deliver_now();
	ck_assert_str_eq(of("replay_job", "position, done_at is not null"), "270 | t");
	ck_assert_str_eq(of("lane_block", "count(*)"), "0");
	for (int k = 0; k < lanes; k++)
		next[k] = k + 1;
	for (int i = from; i < receiver.count; i++) {
		int no = got_no(i), k = (no - 1) % lanes;

		ck_assert_msg(no <= next[k], "%d came before %d", no, next[k]);
		next[k] += no == next[k] ? lanes : 0;
	}
	for (int k = 0; k < lanes; k++)
		ck_assert_int_gt(next[k], count);
}
END_TEST
#endif

int main(int count, char **arguments)
{
	Suite *suite = suite_create("again");
	TCase *cases = tcase_create("again");
	SRunner *runner;
	int failed;

	deliver_child_main(count, arguments);
	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, stage_open, stage_close);
	tcase_set_timeout(cases, 120);
	tcase_add_test(cases, a_replay_is_in_order_with_the_same_ids_and_says_so);
	tcase_add_test(cases, a_replay_takes_the_types_and_the_customer_it_was_asked_for);
	tcase_add_test(cases, what_is_new_comes_behind_what_is_old_in_its_lane);
	tcase_add_test(cases, a_lane_that_fails_meanwhile_gets_its_replay_first);
	tcase_add_test(cases, one_replay_at_a_time_and_it_can_be_cancelled);
	tcase_add_test(cases, a_range_ends_where_the_endpoint_stands);
	tcase_add_test(cases, a_dead_letter_holds_no_week_and_is_sent_from_its_own_copy);
	tcase_add_test(cases, a_dead_letter_that_is_refused_again_holds_nobody);
	tcase_add_test(cases, a_replay_settles_what_was_dead);
	tcase_add_test(cases, what_customers_are_told_is_noted_once_when_it_is_accepted);
#ifdef VORPOST_CRASH_POINTS
	tcase_add_loop_test(cases, a_replay_survives_a_kill, 0,
			    (int)(sizeof deaths / sizeof *deaths));
#endif
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
