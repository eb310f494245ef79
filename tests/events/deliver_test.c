/* Webhooks against receivers that do everything wrong: nothing is skipped, nothing is out of order. */
#include <jansson.h>
#include <signal.h>
#include <sys/wait.h>

#include "events/cloudevent.h"
#include "events/deliver.h"
#include "events/sequence.h"
#include "tests/events/canned.h"
#include "tests/events/stage.h"

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

static const struct courier_conf courier_conf = {
	.broker = BROKER,
	.source = "//vorpost/test",
	.connect_ms = 2000,
	.total_ms = 500,
};

static char *secret_path(void)
{
	char *path = talloc_asprintf(stage.mem, "%s/secret", stage.folder);
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(SECRET "\n", file);
	fclose(file);
	ck_assert_int_eq(chmod(path, 0600), 0);
	return path;
}

/* An endpoint at the canned receiver; types NULL or "{a,b}". Stands at position 0. */
static void endpoint_put(const char *name, const char *types)
{
	struct err e = { 0 };
	char *url = talloc_asprintf(stage.mem, "http://127.0.0.1:%d/%s", receiver.port, name);

	ck_assert_msg(db_call(stage.db, SQL_endpoint_add, NULL, stage.mem, &e, BROKER, name, url,
			      secret_path(), NULL, types),
		      "%s", e.text);
}

static void events_put(int count)
{
	struct err e = { 0 };

	for (int i = 1; i <= count; i++)
		event_put(stage.raw, i % 3 ? "document.attached" : "document.unmatched", "K1", i);
	ck_assert_msg(sequence_run(stage.db, BROKER, NULL, &e), "%s", e.text);
}

static struct delivered deliver_now(void)
{
	struct err e = { 0 };
	struct delivered counts = { 0 };
	struct courier *courier = courier_new(&courier_conf, stage.mem);

	ck_assert_msg(deliver_due(stage.db, courier, &counts, &e), "%s", e.text);
	talloc_free(courier);
	return counts;
}

/* As if the wait were over. */
static struct delivered deliver_later(void)
{
	raw_do(stage.raw, "update endpoint set next_attempt_at = now()");
	return deliver_now();
}

static const char *row(const char *columns)
{
	return raw_value(
		stage.raw,
		talloc_asprintf(stage.mem, "select concat_ws(' | ', %s) from endpoint", columns));
}

/* Which event came as the n-th request: "no" of its data. */
static int got_no(int n)
{
	json_t *json = json_loads(receiver.got[n].body, 0, NULL);
	int no = (int)json_integer_value(json_object_get(json_object_get(json, "data"), "no"));

	ck_assert_msg(json != NULL, "request %d is not JSON: %s", n, receiver.got[n].body);
	json_decref(json);
	return no;
}

/* ---- hostile receivers ---- */

static const struct {
	struct canned canned;
	const char *error; /* part of last_error */
	int least_s, most_s;
} failures[] = {
	{ { .status = 500 }, "HTTP 500", 5, 6 },
	{ { .status = 404 }, "HTTP 404", 5, 6 },
	{ { .status = 301, .head = "Location: http://127.0.0.1:1/\r\n" },
	  "redirects are not followed",
	  5,
	  6 },
	{ { .status = 304 }, "HTTP 304", 5, 6 },
	{ { .status = 429, .head = "Retry-After: 120\r\n" }, "HTTP 429", 120, 132 },
	{ { .status = 503, .head = "Retry-After: 0\r\n" }, "HTTP 503", 5, 6 },
	{ { .status = 503, .head = "Retry-After: 9999999\r\n" }, "HTTP 503", 86400, 86400 },
	{ { .status = 503, .head = "Retry-After: -5\r\n" }, "HTTP 503", 5, 6 },
	{ { .status = 503, .head = "Retry-After: soon\r\n" }, "HTTP 503", 5, 6 },
	{ { .way = CANNED_HANG }, "timed out", 5, 6 },
	{ { .way = CANNED_DROP }, "Empty reply", 5, 6 },
	{ { .way = CANNED_BREAK }, "bytes remaining", 5, 6 },
	{ { .way = CANNED_NOISE }, "127.0.0.1: ", 5, 6 },
	{ { .way = CANNED_HEADS }, "header lines", 5, 6 },
	{ { .way = CANNED_HUGE, .status = 500 }, "HTTP 500", 5, 6 },
};

START_TEST(a_failure_moves_nothing_and_comes_again)
{
	const struct canned script[] = { failures[_i].canned, { .status = 200 } };
	struct delivered counts;
	int wait_s;

	receiver_start(script, 2);
	endpoint_put("one", NULL);
	events_put(2);
	counts = deliver_now();
	ck_assert_int_eq(counts.sent, 0);
	ck_assert_int_eq(counts.failed, 1);
	ck_assert_str_eq(row("position, failures, state"), "0 | 1 | active");
	ck_assert_msg(strstr(row("last_error"), failures[_i].error) != NULL, "%s",
		      row("last_error"));
	ck_assert_ptr_null(strstr(row("last_error"), "MfKQ"));
	ck_assert_str_eq(row("lease_owner is null"), "t");
	wait_s = atoi(row("round(extract(epoch from next_attempt_at - lease_until))"));
	ck_assert_int_ge(wait_s, failures[_i].least_s);
	ck_assert_int_le(wait_s, failures[_i].most_s);

	ck_assert_int_eq(deliver_now().failed, 0); /* not due: no attempt */
	ck_assert_int_eq(deliver_later().sent, 2);
	ck_assert_str_eq(row("position, failures, last_error"), "2 | 0");
	ck_assert_int_eq(got_no(receiver.count - 2), 1); /* the same one first */
	ck_assert_int_eq(got_no(receiver.count - 1), 2);
	ck_assert_str_eq(receiver.got[0].id, receiver.got[receiver.count - 2].id);
}
END_TEST

START_TEST(a_redirect_is_not_followed)
{
	RECEIVER({ .status = 307, .head = "Location: /elsewhere\r\n" });
	endpoint_put("one", NULL);
	events_put(1);
	deliver_now();
	ck_assert_int_eq(receiver.count, 1);
	ck_assert_str_eq(receiver.got[0].path, "/one HTTP/1.1");
}
END_TEST

START_TEST(gone_disables)
{
	RECEIVER({ .status = 200 }, { .status = 410 }, { .status = 200 });
	endpoint_put("one", NULL);
	events_put(3);
	ck_assert_int_eq(deliver_now().disabled, 1);
	ck_assert_str_eq(row("position, state, failures"), "1 | disabled | 1");
	ck_assert_int_eq(deliver_later().sent, 0);
	ck_assert_int_eq(receiver.count, 2);
	raw_do(stage.raw, "update endpoint set state = 'active'");
	ck_assert_int_eq(deliver_now().sent, 2);
	ck_assert_str_eq(receiver.got[1].id, receiver.got[2].id);
}
END_TEST

START_TEST(what_went_well_before_a_failure_is_kept)
{
	RECEIVER({ .status = 200 }, { .status = 204 }, { .status = 500 }, { .status = 200 });
	endpoint_put("one", NULL);
	events_put(5);
	ck_assert_int_eq(deliver_now().sent, 2);
	ck_assert_str_eq(row("position, delivered, failures"), "2 | 2 | 1");
	ck_assert_int_eq(deliver_later().sent, 3);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(got_no(i), i + 1);
	for (int i = 3; i < 6; i++)
		ck_assert_int_eq(got_no(i), i); /* 3 again, 4, 5 */
	ck_assert_int_eq(receiver.count, 6);
}
END_TEST

START_TEST(huge_answer_is_cut_but_counts)
{
	RECEIVER({ .way = CANNED_HUGE, .status = 200 });
	endpoint_put("one", NULL);
	events_put(2);
	ck_assert_int_eq(deliver_now().sent, 2);
	ck_assert_str_eq(row("position"), "2");
}
END_TEST

START_TEST(nobody_listens)
{
	receiver.port = 1;
	endpoint_put("one", NULL);
	events_put(1);
	ck_assert_int_eq(deliver_now().failed, 1);
	ck_assert_ptr_nonnull(strstr(row("last_error"), "127.0.0.1"));
	ck_assert_ptr_null(strstr(row("last_error"), "/one")); /* a path may be a password */
}
END_TEST

START_TEST(secret_file_is_gone)
{
	RECEIVER({ .status = 200 });
	endpoint_put("one", NULL);
	endpoint_put("two", NULL);
	raw_do(stage.raw,
	       "update endpoint set secret_file = '/nowhere/secret' where endpoint = 'one'");
	events_put(1);
	ck_assert_int_eq(deliver_now().failed, 1);
	ck_assert_str_eq(raw_value(stage.raw, "select string_agg(position || ':' || failures, ' '"
					      " order by endpoint) from endpoint"),
			 "0:1 1:0"); /* the other endpoint goes on */
}
END_TEST

START_TEST(http_to_another_machine_is_refused)
{
	RECEIVER({ .status = 200 });
	endpoint_put("one", NULL);
	raw_do(stage.raw, "update endpoint set url = 'http://192.0.2.1/hook'");
	events_put(1);
	ck_assert_int_eq(deliver_now().failed, 1);
	ck_assert_ptr_nonnull(strstr(row("last_error"), "https"));
}
END_TEST

/* ---- leases ---- */

START_TEST(a_lease_keeps_others_away_until_it_ends)
{
	RECEIVER({ .status = 200 });
	endpoint_put("one", NULL);
	events_put(1);
	raw_do(stage.raw, "update endpoint set lease_owner = 'elsewhere/x/y/1/1/u',"
			  " lease_until = now() + interval '1 minute'");
	ck_assert_int_eq(deliver_now().sent, 0);
	raw_do(stage.raw, "update endpoint set lease_until = now() - interval '1 second'");
	ck_assert_int_eq(deliver_now().sent, 1);
}
END_TEST

/* The receiver is slow; meanwhile somebody rewinds the cursor. It must not jump forward again. */
static void *rewind_at_first_request(void *arg)
{
	PGconn *raw = raw_open();

	(void)arg;
	while (receiver.count == 0)
		usleep(1000);
	raw_do(raw, "update endpoint set position = 0, lease_owner = null");
	PQfinish(raw);
	return NULL;
}

START_TEST(who_lost_the_lease_moves_nothing)
{
	RECEIVER({ .way = CANNED_HANG }, { .status = 200 });
	struct delivered counts;
	pthread_t thread;

	endpoint_put("one", NULL);
	events_put(3);
	pthread_create(&thread, NULL, rewind_at_first_request, NULL);
	counts = deliver_now();
	pthread_join(thread, NULL);
	ck_assert_int_eq(counts.lost, 1);
	ck_assert_int_eq(counts.sent, 3); /* with a new lease, from the start */
	ck_assert_str_eq(row("position, failures"), "3 | 0");
}
END_TEST

static pid_t deliver_in_child(void)
{
	pid_t child = fork();

	if (child == 0) {
		struct err e = { 0 };
		struct delivered counts = { 0 };
		struct db *db = db_open(stage.conninfo, NULL, &e);

		_exit(db && deliver_due(db, courier_new(&courier_conf, NULL), &counts, &e) ? 0 : 1);
	}
	return child;
}

START_TEST(two_processes_do_not_mix)
{
	RECEIVER({ .status = 200 });
	pid_t child[2];
	int status;

	endpoint_put("one", NULL);
	events_put(100);
	child[0] = deliver_in_child();
	child[1] = deliver_in_child();
	for (int i = 0; i < 2; i++) {
		waitpid(child[i], &status, 0);
		ck_assert_int_eq(status, 0);
	}
	ck_assert_int_eq(receiver.count, 100);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(got_no(i), i + 1);
	ck_assert_str_eq(row("position, delivered"), "100 | 100");
}
END_TEST

/* ---- kill -9 ---- */

#ifdef VORPOST_CRASH_POINTS
static const char *const deaths[] = { "webhook.picked", "webhook.sent", "webhook.answered",
				      "webhook.marked" };

/* Dies at the second event; afterwards everything was received, in order, at most with repetitions. */
START_TEST(killed_anywhere_nothing_is_lost)
{
	RECEIVER({ .status = 200 });
	char *crash = talloc_asprintf(stage.mem, "%s/crash", stage.folder);
	FILE *file = fopen(crash, "w");
	bool marked = !strcmp(deaths[_i], "webhook.marked");
	bool received_twice = _i == 1 || _i == 2;
	int status, last = 0;

	fprintf(file, "%s %d\n", deaths[_i], marked ? 1 : 2);
	fclose(file);
	setenv("VORPOST_CRASH_FILE", crash, 1);
	endpoint_put("one", NULL);
	events_put(4);
	waitpid(deliver_in_child(), &status, 0);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	ck_assert_str_eq(row("lease_owner is null"),
			 "f"); /* what it held is known to be held by nobody */
	ck_assert_int_eq(deliver_now().sent, marked ? 0 : 4);
	ck_assert_str_eq(row("position"), "4");
	for (int i = 0; i < receiver.count; i++) {
		int no = got_no(i);

		ck_assert_int_le(no, last + 1); /* never one skipped */
		for (int k = 0; k < i; k++)
			if (got_no(k) == no)
				ck_assert_str_eq(receiver.got[k].id, receiver.got[i].id);
		last = no;
	}
	ck_assert_int_eq(last, 4);
	ck_assert_int_eq(receiver.count > 5, received_twice);
}
END_TEST
#endif

/* ---- as it should be ---- */

START_TEST(only_wanted_types_and_the_cursor_passes_the_others)
{
	RECEIVER({ .status = 200 });
	struct delivered counts;

	endpoint_put("one", "{document.unmatched,document.withdrawn}");
	events_put(250);
	counts = deliver_now();
	ck_assert_int_eq(counts.sent, 83);
	ck_assert_int_eq(counts.passed, 167);
	ck_assert_int_eq(receiver.count, 83);
	for (int i = 0; i < receiver.count; i++)
		ck_assert_int_eq(got_no(i), 3 * (i + 1));
	ck_assert_str_eq(row("position, delivered"), "250 | 83");
}
END_TEST

START_TEST(nothing_unnumbered_is_sent)
{
	RECEIVER({ .status = 200 });
	endpoint_put("one", NULL);
	events_put(1);
	event_put(stage.raw, "document.attached", "K1", 2);
	ck_assert_int_eq(deliver_now().sent, 1);
}
END_TEST

START_TEST(what_the_request_looks_like)
{
	RECEIVER({ .status = 200 });
	endpoint_put("one", NULL);
	events_put(2);
	deliver_now();
	ck_assert_str_eq(receiver.got[0].type, "application/cloudevents+json; charset=utf-8");
	ck_assert_str_eq(receiver.got[0].id,
			 raw_value(stage.raw, "select id from event where position = 1"));
	ck_assert_int_eq(strncmp(receiver.got[0].signature, "v1,", 3), 0);
	ck_assert_int_gt(atoll(receiver.got[0].timestamp), 1700000000);
	ck_assert_int_eq(receiver.connections, 1); /* the connection is kept */
}
END_TEST

START_TEST(a_second_secret_signs_too)
{
	RECEIVER({ .status = 200 });
	FILE *file;

	endpoint_put("one", NULL);
	file = fopen(secret_path(), "a");
	fputs("whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\n", file);
	fclose(file);
	events_put(1);
	deliver_now();
	ck_assert_uint_eq(strlen(receiver.got[0].signature), 2 * 47 + 1);
}
END_TEST

START_TEST(the_schedule)
{
	static const int64_t expected[] = { 5,     300,   1800,  7200,  18000,
					    36000, 50400, 72000, 86400, 86400 };

	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(deliver_wait_s(i + 1, 0, 0), expected[i]);
		ck_assert_int_le(deliver_wait_s(i + 1, 0, 999), expected[i] + expected[i] / 10);
	}
	ck_assert_int_eq(deliver_wait_s(100000, 0, 0), 86400);
	ck_assert_int_eq(deliver_wait_s(9, 1, 0), 5);
	ck_assert_int_eq(deliver_wait_s(1, INT64_MAX, 999), 86400);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("deliver");
	TCase *cases = tcase_create("deliver");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, stage_open, stage_close);
	tcase_set_timeout(cases, 120);
	tcase_add_loop_test(cases, a_failure_moves_nothing_and_comes_again, 0,
			    (int)(sizeof failures / sizeof *failures));
	tcase_add_test(cases, a_redirect_is_not_followed);
	tcase_add_test(cases, gone_disables);
	tcase_add_test(cases, what_went_well_before_a_failure_is_kept);
	tcase_add_test(cases, huge_answer_is_cut_but_counts);
	tcase_add_test(cases, nobody_listens);
	tcase_add_test(cases, secret_file_is_gone);
	tcase_add_test(cases, http_to_another_machine_is_refused);
	tcase_add_test(cases, a_lease_keeps_others_away_until_it_ends);
	tcase_add_test(cases, who_lost_the_lease_moves_nothing);
	tcase_add_test(cases, two_processes_do_not_mix);
#ifdef VORPOST_CRASH_POINTS
	tcase_add_loop_test(cases, killed_anywhere_nothing_is_lost, 0,
			    (int)(sizeof deaths / sizeof *deaths));
#endif
	tcase_add_test(cases, only_wanted_types_and_the_cursor_passes_the_others);
	tcase_add_test(cases, nothing_unnumbered_is_sent);
	tcase_add_test(cases, what_the_request_looks_like);
	tcase_add_test(cases, a_second_secret_signs_too);
	tcase_add_test(cases, the_schedule);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
