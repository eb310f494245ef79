/* Webhooks in order, whoever is refused, loses its lease or is killed; and what a request looks like. */
#include <jansson.h>

#include "events/cloudevent.h"
#include "events/deliver.h"
#include "events/sequence.h"
#include "tests/events/deliver_child.h"
#include "tests/events/deliver_stage.h"

/* It tries as often as one may ask for: on a busy machine an answer may be too late many times in a row. */
static void endpoint_patient(void)
{
	endpoint_put("one");
	raw_do(stage.raw, "update endpoint set retry_s = array_fill(60, array[20])");
}

/* ---- order ---- */

START_TEST(in_order_whatever_the_receiver_does)
{
	RECEIVER({ .way = CANNED_ODD });
	receiver.seed = (unsigned)_i + 1;
	endpoint_patient();
	events_put_for(600, 37);
	for (int i = 0; i < 400 && strcmp(row("delivered"), "600"); i++)
		deliver_later();
	require_order(600, 37);
	ck_assert_str_eq(of("lane_block", "count(*)"), "0");
}
END_TEST

/* ---- leases ---- */

START_TEST(a_lease_keeps_others_away_until_it_ends)
{
	RECEIVER({ .status = 200 });
	endpoint_put("one");
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

	endpoint_put("one");
	events_put(3);
	pthread_create(&thread, NULL, rewind_at_first_request, NULL);
	counts = deliver_now();
	pthread_join(thread, NULL);
	ck_assert_int_eq(counts.lost, 1);
	ck_assert_int_eq(counts.sent, 3); /* with a new lease, from the start */
	ck_assert_str_eq(row("position, failures"), "3 | 0");
}
END_TEST

START_TEST(two_processes_do_not_mix)
{
	RECEIVER({ .status = 200 });
	pid_t child[2];
	int status;

	endpoint_put("one");
	events_put(100);
	child[0] = deliver_in_child();
	child[1] = deliver_in_child();
	for (int i = 0; i < 2; i++) {
		waitpid(child[i], &status, 0);
		ck_assert_int_eq(status, 0);
	}
	ck_assert_int_eq(receiver.count, 100);
	require_order(100, 1);
	ck_assert_str_eq(row("position, delivered"), "100 | 100");
}
END_TEST

/* ---- kill -9 ---- */

#ifdef VORPOST_CRASH_POINTS
static const char *const deaths[] = { "webhook.picked", "webhook.sent",   "webhook.answered",
				      "mark.before",    "webhook.marked", "endpoint.put_off",
				      "park.before",    "park.committed" };

/* Dies at the second passage while two lanes fail, one of them for good. */
START_TEST(killed_anywhere_nothing_is_lost)
{
	RECEIVER({ .status = 503 }, { .status = 200 });
	bool died = false;

	receiver.refuse = "\"document_id\":\"d3\"";
	endpoint_put_at("one", "{all}", "{0,0}", receiver.port);
	raw_do(stage.raw, "update endpoint set concurrency = 1"); /* the 503 is not d3's */
	events_put_for(40, 4);
	crash_arm(deaths[_i],
		  !strncmp(deaths[_i], "park", 4) || !strncmp(deaths[_i], "end", 3) ? 1 : 2);
	for (int i = 0; i < 5 && !died; i++) {
		raw_do(stage.raw, "update endpoint set next_attempt_at = now()");
		died = dies_in_child();
	}
	ck_assert(died);
	for (int i = 0; i < 10; i++)
		deliver_later();
	ck_assert_str_eq(row("position"), "40");
	ck_assert_str_eq(of("dead_letter", "position"), "3");
	ck_assert_str_eq(of("lane_block", "count(*)"), "0");
	for (int i = 0; i < receiver.count; i++) /* the parked one is let go, by a person */
		receiver.got[i].accepted |= got_no(i) == 3;
	for (int i = receiver.count - 1; i >= 0; i--)
		if (!got_no(i)) /* notices are no events */
			receiver.got[i] = receiver.got[--receiver.count];
	ck_assert_int_ge(receiver.count, 40);
}
END_TEST

START_TEST(killed_again_and_again_order_stays)
{
	RECEIVER({ .way = CANNED_ODD });
	receiver.seed = (unsigned)_i + 7;
	endpoint_patient();
	events_put_for(300, 23);
	for (int i = 0; i < 30; i++) {
		crash_arm(deaths[i % 5], 1 + (i * 7) % 40);
		raw_do(stage.raw, "update endpoint set next_attempt_at = now()");
		raw_do(stage.raw, "update lane_block set next_attempt_at = now()");
		dies_in_child();
	}
	unsetenv("VORPOST_CRASH_FILE");
	for (int i = 0; i < 400; i++) {
		deliver_later();
		if (!strcmp(of("lane_block", "count(*)"), "0") && !strcmp(row("position"), "300"))
			break;
	}
	require_order(300, 23);
}
END_TEST
#endif

/* ---- as it should be ---- */

START_TEST(only_wanted_types_and_the_cursor_passes_the_others)
{
	RECEIVER({ .status = 200 });
	struct delivered counts;

	endpoint_put_at("one", "{document.unmatched,document.withdrawn}", NULL, receiver.port);
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
	endpoint_put("one");
	events_put(1);
	event_put(stage.raw, "document.attached", "K1", 2);
	ck_assert_int_eq(deliver_now().sent, 1);
}
END_TEST

START_TEST(what_the_request_looks_like)
{
	RECEIVER({ .status = 200 });
	endpoint_put("one");
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

	endpoint_put("one");
	file = fopen(secret_path(), "a");
	fputs("whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\n", file);
	fclose(file);
	events_put(1);
	deliver_now();
	ck_assert_uint_eq(strlen(receiver.got[0].signature), 2 * 47 + 1);
}
END_TEST

int main(int count, char **arguments)
{
	Suite *suite = suite_create("deliver_order");
	TCase *cases = tcase_create("order");
	SRunner *runner;
	int failed;

	deliver_child_main(count, arguments);
	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, stage_open, stage_close);
	tcase_set_timeout(cases, 120);
	tcase_add_loop_test(cases, in_order_whatever_the_receiver_does, 0, 3);
	tcase_add_test(cases, a_lease_keeps_others_away_until_it_ends);
	tcase_add_test(cases, who_lost_the_lease_moves_nothing);
	tcase_add_test(cases, two_processes_do_not_mix);
#ifdef VORPOST_CRASH_POINTS
	tcase_add_loop_test(cases, killed_anywhere_nothing_is_lost, 0,
			    (int)(sizeof deaths / sizeof *deaths));
	tcase_add_loop_test(cases, killed_again_and_again_order_stays, 0, 3);
#endif
	tcase_add_test(cases, only_wanted_types_and_the_cursor_passes_the_others);
	tcase_add_test(cases, nothing_unnumbered_is_sent);
	tcase_add_test(cases, what_the_request_looks_like);
	tcase_add_test(cases, a_second_secret_signs_too);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
