/* The feed: cursor, filters, waiting; what one broker has is never seen by another; nothing is skipped. */
#include <sys/wait.h>

#include "tests/api/desk.h"

static void open_all(void)
{
	stage_open();
	desk_open();
}

static void close_all(void)
{
	desk_stop(&desk);
	stage_close();
}

#define FOR_CUSTOMER "document.released"
#define FOR_BROKER   "document.unmatched"

START_TEST(events_come_after_the_cursor)
{
	char *token = token_new("events", NULL);
	struct got got;

	for (int i = 1; i <= 5; i++)
		event_put(stage.raw, FOR_CUSTOMER, "K1", i);
	number_all();
	got = get(token, "/api/v1/events?limit=2");
	ck_assert_str_eq(numbers_in(got), "1 2");
	ck_assert_str_eq(head_of(got.head, "Content-Type"), "application/cloudevents-batch+json");
	ck_assert_int_eq(head_number(got, "Vorpost-Position"), 2);
	ck_assert_int_eq(head_number(got, "Vorpost-Head"), 5);
	got = get(token, "/api/v1/events?after=2");
	ck_assert_str_eq(numbers_in(got), "3 4 5");
	got = get(token, "/api/v1/events?after=5");
	ck_assert_str_eq(numbers_in(got), "");
	ck_assert_int_eq(head_number(got, "Vorpost-Position"), 5);
	ck_assert_str_eq(numbers_in(get(token, "/api/v1/events?after=head")), "");
	ck_assert_str_eq(numbers_in(get(token, "/api/v1/events?after=start&limit=1")), "1");
}
END_TEST

/* A broker-facing event names documents that nobody has released. */
START_TEST(a_filter_passes_what_it_does_not_want)
{
	char *customer = token_new("events", NULL), *both = token_new("events,events:broker", NULL);
	struct got got;

	event_put(stage.raw, FOR_BROKER, "K1", 1);
	event_put(stage.raw, FOR_CUSTOMER, "K1", 2);
	event_put(stage.raw, FOR_BROKER, "K1", 3);
	number_all();
	got = get(customer, "/api/v1/events");
	ck_assert_str_eq(numbers_in(got), "2");
	ck_assert_int_eq(head_number(got, "Vorpost-Position"), 3);
	ck_assert_str_eq(numbers_in(get(both, "/api/v1/events")), "2");
	ck_assert_str_eq(numbers_in(get(both, "/api/v1/events?types=broker")), "1 3");
	ck_assert_str_eq(numbers_in(get(both, "/api/v1/events?types=all")), "1 2 3");
	ck_assert_str_eq(numbers_in(get(both, "/api/v1/events?types=" FOR_BROKER "," FOR_CUSTOMER)),
			 "1 2 3");
	is_problem(get(customer, "/api/v1/events?types=all"), 403, "scope", "events:broker");
	is_problem(get(customer, "/api/v1/events?types=" FOR_BROKER), 403, "scope",
		   "events:broker");
	is_problem(get(token_new("events:broker", NULL), "/api/v1/events"), 403, "scope",
		   "scope events");
	is_problem(get(token_new("feedback", NULL), "/api/v1/events"), 403, "scope",
		   "scopes do not cover");
}
END_TEST

START_TEST(malformed_questions_are_refused_in_words)
{
	static const struct {
		const char *query, *words;
	} bad[] = {
		{ "after=-1", "after" },
		{ "after=1x", "after" },
		{ "after=", "after" },
		{ "after=99999999999999999999", "after" },
		{ "after=9223372036854775807", "after" },
		{ "after=0x10", "after" },
		{ "limit=0", "limit" },
		{ "limit=1001", "limit" },
		{ "wait=61", "wait" },
		{ "wait=1.5", "wait" },
		{ "types=", "no event type" },
		{ "types=,,", "no event type" },
		{ "types=document.relaesed", "document.relaesed" },
		{ "types=endpoint.test", "endpoint.test" },
		{ "types=%27;drop%20table%20event", "drop" },
		{ "types=%00", "types" },
		{ "types=%ff%fe", "types" },
		{ "type=" FOR_CUSTOMER, "type is not known here" },
		{ "after=1&after=2", "twice" },
		{ "after", "after" },
		{ "=1", "not known" },
	};
	char *token = token_new("events,events:broker", NULL);

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		is_problem(
			get(token, talloc_asprintf(stage.mem, "/api/v1/events?%s", bad[i].query)),
			400, "argument", bad[i].words);
	is_problem(get(token, "/api/v1/event"), 404, "path", "/api/v1/event");
	is_problem(get(token, "/api/v1/events/"), 404, "path", "/api/v1/events/");
	is_problem(get(token, "/"), 404, "path", "/");
	is_problem(get(token, "/api/v1/consumers//events"), 404, "path", "nothing");
	is_problem(get(token, "/api/v1/../etc/passwd"), 404, "path", "nothing");
	is_problem(post(token, "/api/v1/events", "", ""), 405, "method", "takes GET only");
	is_problem(get(token, "/api/v1/feedback"), 405, "method", "takes POST only");
}
END_TEST

START_TEST(a_cursor_from_the_future_hears_the_head)
{
	char *token = token_new("events", NULL);
	struct got got;

	event_put(stage.raw, FOR_CUSTOMER, "K1", 1);
	number_all();
	got = get(token, "/api/v1/events?after=2&wait=60");
	is_problem(got, 409, "cursor-ahead", "the last event is 1");
	ck_assert_int_eq(number_in(got, "head"), 1);
	is_problem(get(token, "/api/v1/events/stream?after=2"), 409, "cursor-ahead",
		   "the last event is 1");
}
END_TEST

/* Retention drops what is old; whoever missed it must hear so, not read on as if nothing had been. */
START_TEST(a_cursor_before_what_is_kept_hears_the_oldest)
{
	char *token = token_new("events", NULL);
	struct got got;

	for (int i = 1; i <= 5; i++)
		event_put(stage.raw, FOR_CUSTOMER, "K1", i);
	number_all();
	raw_do(stage.raw, "delete from event where position <= 3");
	got = get(token, "/api/v1/events?after=2");
	is_problem(got, 410, "cursor-gone", "the oldest is 4");
	ck_assert_int_eq(number_in(got, "oldest"), 4);
	ck_assert_str_eq(numbers_in(get(token, "/api/v1/events?after=3")), "4 5");
	ck_assert_str_eq(numbers_in(get(token, "/api/v1/events")), "4 5");
	is_problem(get(token, "/api/v1/events/stream?after=2"), 410, "cursor-gone",
		   "the oldest is 4");
	raw_do(stage.raw, "delete from event");
	is_problem(get(token, "/api/v1/events?after=4"), 410, "cursor-gone", "the oldest is 6");
	ck_assert_str_eq(numbers_in(get(token, "/api/v1/events?after=5")), "");
}
END_TEST

/* 25,000 events that nobody wants, then one: the cursor goes past them, a page at a time if need be. */
START_TEST(a_desert_of_other_types_is_crossed)
{
	char *token = token_new("events", NULL);
	struct got got;
	int64_t after = 0;
	int asked = 0;

	raw_do(stage.raw,
	       "insert into event (broker, id, aggregatetype, aggregateid, type, payload)"
	       " select '" BROKER "', gen_random_uuid(), 'customer', 'K1', '" FOR_BROKER "', '{}'"
	       " from generate_series(1, 25000)");
	number_all();
	event_put(stage.raw, FOR_CUSTOMER, "K1", 7);
	number_all();
	do {
		got = get(token,
			  talloc_asprintf(stage.mem, "/api/v1/events?after=%" PRId64, after));
		ck_assert_int_gt(head_number(got, "Vorpost-Position"), after);
		after = head_number(got, "Vorpost-Position");
		asked++;
	} while (!*numbers_in(got) && asked < 10);
	ck_assert_str_eq(numbers_in(got), "7");
	ck_assert_int_eq(after, 25001);
}
END_TEST

/* ---- waiting ---- */

START_TEST(who_waits_hears_at_once)
{
	char *token = token_new("events", NULL);
	int fd[3];

	for (int i = 0; i < 3; i++)
		get_send(fd[i] = client_open(), token, "/api/v1/events?after=0&wait=60");
	while (strcmp(raw_value(stage.raw,
				"select count(*) from pg_stat_activity where query = 'listen "
				"vorpost_events'"),
		      "1") != 0)
		usleep(1000);
	event_put(stage.raw, FOR_CUSTOMER, "K1", 1);
	number_all();
	for (int i = 0; i < 3; i++) {
		struct got got = client_read(fd[i]);

		ck_assert_str_eq(numbers_in(got), "1");
		ck_assert_int_eq(head_number(got, "Vorpost-Position"), 1);
		close(fd[i]);
	}
}
END_TEST

/* Without the hint the server looks by itself. */
START_TEST(a_lost_hint_costs_a_moment_only)
{
	char *token = token_new("events", NULL);
	struct err e = { 0 };
	int fd = client_open();

	get_send(fd, token, "/api/v1/events?after=0&wait=60");
	event_put(stage.raw, FOR_BROKER, "K1", 1); /* wakes nobody who does not want it */
	ck_assert(sequence_run(stage.db, BROKER, NULL, &e));
	event_put(stage.raw, FOR_CUSTOMER, "K1", 2);
	ck_assert(sequence_run(stage.db, BROKER, NULL, &e));
	ck_assert_str_eq(numbers_in(client_read(fd)), "2");
	close(fd);
}
END_TEST

START_TEST(waiting_in_vain_ends_with_nothing)
{
	char *token = token_new("events", NULL);
	struct got got;

	event_put(stage.raw, FOR_BROKER, "K1", 1);
	number_all();
	got = get(token, "/api/v1/events?after=0&wait=1");
	ck_assert_str_eq(numbers_in(got), "");
	ck_assert_int_eq(head_number(got, "Vorpost-Position"), 1);
}
END_TEST

/* ---- brokers ---- */

static struct desk theirs;

START_TEST(two_brokers_never_see_each_other)
{
	char *mine = token_new("events,events:broker", "push"), *other;
	struct err e = { 0 };

	other = token_of("other", "push", "events,events:broker", "push");
	desk_open_as(&theirs, "other", API_LIMITS);
	event_put(stage.raw, FOR_CUSTOMER, "K1", 1);
	raw_do(stage.raw,
	       "insert into event (broker, id, aggregatetype, aggregateid, type, payload) values"
	       " ('other', gen_random_uuid(), 'customer', 'K1', '" FOR_CUSTOMER "', '{\"no\": 2}'),"
	       " ('other', gen_random_uuid(), 'customer', 'K1', '" FOR_CUSTOMER
	       "', '{\"no\": 3}')");
	number_all();
	ck_assert(sequence_run(stage.db, "other", NULL, &e));
	ck_assert_str_eq(numbers_in(get(mine, "/api/v1/events?types=all")), "1");
	ck_assert_str_eq(numbers_in(get_at(theirs.port, other, "/api/v1/events?types=all")), "2 3");
	is_problem(get(other, "/api/v1/events"), 403, "scope", "do not cover");
	is_problem(get_at(theirs.port, mine, "/api/v1/events"), 403, "scope", "do not cover");
	is_problem(get_at(theirs.port, mine, "/api/v1/consumers/push"), 403, "scope",
		   "do not cover");
	ck_assert_int_eq(number_in(get(mine, "/api/v1/consumers/push"), "head"), 1);
	ck_assert_int_eq(number_in(get_at(theirs.port, other, "/api/v1/consumers/push"), "head"),
			 2);
	desk_stop(&theirs);
}
END_TEST

/* ---- consumers ---- */

static struct got ack(const char *token, int64_t position, const char *more)
{
	return post(token, "/api/v1/consumers/push/ack", "Content-Type: application/json\r\n",
		    talloc_asprintf(stage.mem, "{\"position\": %" PRId64 "%s}", position, more));
}

START_TEST(a_consumer_reads_on_where_it_acknowledged)
{
	char *token = token_new("events", "push");

	for (int i = 1; i <= 4; i++)
		event_put(stage.raw, FOR_CUSTOMER, "K1", i);
	number_all();
	ck_assert_str_eq(numbers_in(get(token, "/api/v1/consumers/push/events?limit=2")), "1 2");
	ck_assert_str_eq(numbers_in(get(token, "/api/v1/consumers/push/events?limit=2")), "1 2");
	ck_assert_int_eq(number_in(ack(token, 2, ""), "position"), 2);
	ck_assert_int_eq(ack(token, 2, "").status, 200);
	ck_assert_str_eq(numbers_in(get(token, "/api/v1/consumers/push/events")), "3 4");
	ck_assert_int_eq(ack(token, 4, "").status, 200);
	is_problem(ack(token, 3, ""), 409, "cursor-back", "4 is acknowledged already");
	ck_assert_int_eq(number_in(ack(token, 3, ""), "position"), 4);
	is_problem(ack(token, 5, ""), 409, "cursor-ahead", "the last event is 4");
	is_problem(ack(token, 5, ", \"reset\": true"), 409, "cursor-ahead", "the last event is 4");
	ck_assert_int_eq(number_in(get(token, "/api/v1/consumers/push"), "position"), 4);
	ck_assert_int_eq(number_in(ack(token, 1, ", \"reset\": true"), "position"), 1);
	ck_assert_str_eq(numbers_in(get(token, "/api/v1/consumers/push/events")), "2 3 4");
}
END_TEST

START_TEST(an_acknowledgement_must_be_one)
{
	static const char *const bad[] = {
		"",
		"{}",
		"[]",
		"1",
		"null",
		"{\"position\": -1}",
		"{\"position\": \"1\"}",
		"{\"position\": 1.0}",
		"{\"position\": 1, \"reset\": 1}",
		"{\"position\": 1, \"postion\": 2}",
		"{\"position\": 1} x",
		"{\"position\": 1, \"position\": 2}",
		"{\"position\": 99999999999999999999}",
		"{\"position\"",
		"\xff\xfe",
		"{\"reset\": true}",
	};
	char *token = token_new("events", "push");

	event_put(stage.raw, FOR_CUSTOMER, "K1", 1);
	number_all();
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		is_problem(post(token, "/api/v1/consumers/push/ack",
				"Content-Type: application/json\r\n", bad[i]),
			   422, "content", "expected {\"position\": N}");
	is_problem(post(token, "/api/v1/consumers/push/ack", "", "{\"position\": 1}"), 415,
		   "media-type", "application/json");
	ck_assert_int_eq(number_in(get(token, "/api/v1/consumers/push"), "position"), 0);
}
END_TEST

START_TEST(a_consumer_is_its_tokens_alone)
{
	char *push = token_new("events", "push"), *pull = token_new("events", "pull"),
	     *none = token_new("events", NULL);

	is_problem(get(pull, "/api/v1/consumers/push"), 403, "scope", "bound to the consumer pull");
	is_problem(get(pull, "/api/v1/consumers/push/events"), 403, "scope",
		   "bound to the consumer pull");
	is_problem(ack(pull, 0, ""), 403, "scope", "bound to the consumer pull");
	is_problem(get(pull, "/api/v1/consumers/nobody"), 403, "scope",
		   "bound to the consumer pull");
	is_problem(get(none, "/api/v1/consumers/push"), 403, "scope", "bound to no consumer");
	raw_do(stage.raw, "delete from consumer");
	is_problem(get(push, "/api/v1/consumers/push/events"), 404, "missing", "was removed");
}
END_TEST

/* ---- everything, once ---- */

#define WRITERS 8
#define EACH    120

static void write_some(int writer)
{
	PGconn *raw = raw_open();

	for (int i = 0; i < EACH; i++) {
		raw_do(raw, "begin");
		event_put(raw, FOR_CUSTOMER, "K1", writer * EACH + i);
		if (i % 7 == writer % 7)
			usleep(4000); /* some commit late */
		raw_do(raw, i % 13 == 12 ? "rollback" : "commit");
	}
	PQfinish(raw);
}

static void *number_often(void *stop)
{
	struct err e = { 0 };
	struct db *db = db_open(stage.conninfo, NULL, &e);

	while (!*(atomic_bool *)stop) {
		ck_assert_msg(db && sequence_run(db, BROKER, NULL, &e), "%s", e.text);
		usleep(2000);
	}
	talloc_free(db);
	return NULL;
}

/* Positions without gap, each number once. */
static int read_some(struct got got, int64_t *position, bool *seen)
{
	json_t *batch = json_loads(got.body, 0, NULL), *event;
	size_t i;

	ck_assert_msg(got.status == 200, "%s", got.body);
	json_array_foreach(batch, i, event)
	{
		int64_t no =
			json_integer_value(json_object_get(json_object_get(event, "data"), "no"));

		ck_assert_int_eq(atoll(json_string_value(json_object_get(event, "sequence"))),
				 ++*position);
		ck_assert(!seen[no]);
		seen[no] = true;
	}
	json_decref(batch);
	return (int)i;
}

START_TEST(every_position_once_while_eight_write)
{
	const int kept = WRITERS * (EACH - EACH / 13);
	char *token = token_new("events", "push");
	bool seen[WRITERS * EACH] = { false };
	atomic_bool stop = false;
	pthread_t sequencer;
	int64_t position = 0;
	pid_t child[WRITERS];

	for (int i = 0; i < WRITERS; i++)
		if (!(child[i] = fork())) {
			write_some(i);
			_exit(0);
		}
	pthread_create(&sequencer, NULL, number_often, &stop);
	for (int n = 0; n < kept;) {
		struct got got = get(token, "/api/v1/consumers/push/events?limit=37&wait=60");

		n += read_some(got, &position, seen);
		ck_assert_int_eq(ack(token, position, "").status, 200);
	}
	for (int i = 0, status; i < WRITERS; i++)
		ck_assert(waitpid(child[i], &status, 0) == child[i] && !status);
	stop = true;
	pthread_join(sequencer, NULL);
	ck_assert_int_eq(position, kept);
	ck_assert_int_eq(number_in(get(token, "/api/v1/consumers/push"), "head"), kept);
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("feed");

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, open_all, close_all);
	tcase_add_test(cases, malformed_questions_are_refused_in_words);
	tcase_add_test(cases, two_brokers_never_see_each_other);
	tcase_add_test(cases, every_position_once_while_eight_write);
	tcase_add_test(cases, a_cursor_from_the_future_hears_the_head);
	tcase_add_test(cases, a_cursor_before_what_is_kept_hears_the_oldest);
	tcase_add_test(cases, a_filter_passes_what_it_does_not_want);
	tcase_add_test(cases, a_desert_of_other_types_is_crossed);
	tcase_add_test(cases, an_acknowledgement_must_be_one);
	tcase_add_test(cases, a_consumer_is_its_tokens_alone);
	tcase_add_test(cases, a_consumer_reads_on_where_it_acknowledged);
	tcase_add_test(cases, who_waits_hears_at_once);
	tcase_add_test(cases, a_lost_hint_costs_a_moment_only);
	tcase_add_test(cases, waiting_in_vain_ends_with_nothing);
	tcase_add_test(cases, events_come_after_the_cursor);
	return run_suite("feed", cases);
}
