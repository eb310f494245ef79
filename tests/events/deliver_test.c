/* Webhooks against receivers that do everything wrong: nothing is skipped, nobody else waits. */
#include <jansson.h>

#include "events/cloudevent.h"
#include "events/deliver.h"
#include "events/sequence.h"
#include "tests/events/deliver_stage.h"

/* ---- hostile receivers: the endpoint as a whole ---- */

static const struct {
	struct canned canned;
	const char *error; /* part of last_error */
	int least_s, most_s;
} sick[] = {
	{ { .status = 404 }, "HTTP 404", 5, 6 },
	{ { .status = 401 }, "HTTP 401", 5, 6 },
	{ { .status = 502 }, "HTTP 502", 5, 6 },
	{ { .status = 301, .head = "Location: http://127.0.0.1:1/\r\n" },
	  "redirects are not followed",
	  5,
	  6 },
	{ { .status = 304 }, "HTTP 304", 5, 6 },
	{ { .status = 429, .head = "Retry-After: 120\r\n" }, "HTTP 429", 120, 132 },
	{ { .status = 500, .head = "Retry-After: 120\r\n" }, "HTTP 500", 120, 132 },
	{ { .status = 503, .head = "Retry-After: 0\r\n" }, "HTTP 503", 5, 6 },
	{ { .status = 503, .head = "Retry-After: 9999999\r\n" }, "HTTP 503", 86400, 86400 },
	{ { .status = 503, .head = "Retry-After: -5\r\n" }, "HTTP 503", 5, 6 },
	{ { .status = 503, .head = "Retry-After: soon\r\n" }, "HTTP 503", 5, 6 },
	{ { .status = 503, .head = "Retry-After: Wed, 21 Oct 2065 07:28:00 GMT\r\n" },
	  "HTTP 503",
	  86400,
	  86400 },
	{ { .status = 503, .head = "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n" },
	  "HTTP 503",
	  5,
	  6 },
};

START_TEST(a_failure_of_the_endpoint_moves_nothing)
{
	const struct canned script[] = { sick[_i].canned, { .status = 200 } };
	struct delivered counts;
	int wait_s;

	receiver_start(script, 2);
	endpoint_put("one");
	events_put(2);
	counts = deliver_now();
	ck_assert_int_eq(counts.sent, 0);
	ck_assert_int_eq(counts.failed, 1);
	ck_assert_str_eq(row("position, failures, state"), "0 | 1 | active");
	ck_assert_str_eq(of("lane_block", "count(*)"), "0");
	ck_assert_msg(strstr(row("last_error"), sick[_i].error) != NULL, "%s", row("last_error"));
	ck_assert_ptr_null(strstr(row("last_error"), "MfKQ"));
	ck_assert_str_eq(row("lease_owner is null"), "t");
	wait_s = atoi(row("round(extract(epoch from next_attempt_at - lease_until))"));
	ck_assert_int_ge(wait_s, sick[_i].least_s);
	ck_assert_int_le(wait_s, sick[_i].most_s);

	wait_long("endpoint");
	ck_assert_int_eq(deliver_now().failed, 0); /* not due: no attempt */
	ck_assert_int_eq(deliver_later().sent, 2);
	ck_assert_str_eq(row("position, failures, last_error"), "2 | 0");
	require_order(2, 1);
	ck_assert_int_eq(receiver.count, 3);
}
END_TEST

START_TEST(a_redirect_is_not_followed)
{
	RECEIVER({ .status = 307, .head = "Location: /elsewhere\r\n" });
	endpoint_put("one");
	events_put(1);
	deliver_now();
	ck_assert_int_eq(receiver.count, 1);
	ck_assert_str_eq(receiver.got[0].path, "/one HTTP/1.1");
}
END_TEST

START_TEST(a_redirect_to_the_metadata_address_is_told)
{
	RECEIVER({ .status = 302,
		   .head = "Location: http://169.254.169.254/latest/meta-data/\r\n" });
	endpoint_put("one");
	events_put(1);
	deliver_now();
	ck_assert_int_eq(receiver.count, 1);
	ck_assert_str_eq(row("position"), "0");
	ck_assert_str_eq(row("last_error"), "HTTP 302 (redirects are not followed)");
}
END_TEST

START_TEST(gone_disables)
{
	RECEIVER({ .status = 200 }, { .status = 410 }, { .status = 200 });
	endpoint_put("one");
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

START_TEST(too_many_requests_lower_what_goes_at_once)
{
	RECEIVER({ .status = 429 }, { .status = 200 });
	endpoint_put("one");
	raw_do(stage.raw, "update endpoint set concurrency = 8");
	events_put_for(9, 1);
	deliver_now();
	ck_assert_str_eq(row("concurrency"), "4");
	raw_do(stage.raw, "update endpoint set concurrency = 1, failures = 0");
	events_put_for(64, 64);
	deliver_later();
	ck_assert_int_le(receiver.at_once_most, atoi(row("concurrency")));
	ck_assert_int_gt(atoi(row("concurrency")), 1); /* it recovers */
}
END_TEST

START_TEST(nobody_listens)
{
	receiver.port = 1;
	endpoint_put("one");
	events_put(1);
	ck_assert_int_eq(deliver_now().failed, 1);
	ck_assert_ptr_nonnull(strstr(row("last_error"), "127.0.0.1"));
	ck_assert_ptr_null(strstr(row("last_error"), "/one")); /* a path may be a password */
	ck_assert_str_eq(row("position, failures"), "0 | 1");
}
END_TEST

START_TEST(secret_file_is_gone)
{
	RECEIVER({ .status = 200 });
	endpoint_put("one");
	endpoint_put("two");
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
	endpoint_put("one");
	raw_do(stage.raw, "update endpoint set url = 'http://1.1.1.1/hook'");
	events_put(1);
	ck_assert_int_eq(deliver_now().failed, 1);
	ck_assert_ptr_nonnull(strstr(row("last_error"), "https"));
}
END_TEST

START_TEST(this_machine_is_refused_unless_allowed)
{
	RECEIVER({ .status = 200 });
	endpoint_put("one");
	raw_do(stage.raw, "update endpoint set allow_private = false");
	events_put(1);
	ck_assert_int_eq(deliver_now().failed, 1);
	ck_assert_int_eq(receiver.connections, 0);
}
END_TEST

/* ---- hostile receivers: one event ---- */

static const struct {
	struct canned canned;
	const char *error;
} poison[] = {
	{ { .status = 500 }, "HTTP 500" },
	{ { .status = 400 }, "HTTP 400" },
	{ { .status = 422 }, "HTTP 422" },
	{ { .way = CANNED_HANG }, "timed out" },
	{ { .way = CANNED_DROP }, "Empty reply" },
	{ { .way = CANNED_BREAK }, "bytes remaining" },
	{ { .way = CANNED_NOISE }, "127.0.0.1: " },
	{ { .way = CANNED_HEADS }, "header lines" },
	{ { .way = CANNED_HUGE, .status = 500 }, "HTTP 500" },
};

/* K1, K2, K1, K2, K1: the first one is refused. */
START_TEST(a_refused_event_blocks_its_lane_only)
{
	const struct canned script[] = { poison[_i].canned, { .status = 200 } };
	struct delivered counts;

	receiver_start(script, 2);
	endpoint_put("one");
	raw_do(stage.raw, "update endpoint set concurrency = 1");
	events_put_for(5, 2);
	counts = deliver_as(poison[_i].canned.way == CANNED_HANG ? &hasty_conf : &courier_conf);
	ck_assert_int_eq(counts.sent, 2);
	ck_assert_int_eq(counts.failed, 1);
	ck_assert_str_eq(row("position, failures, delivered"), "5 | 0 | 2");
	ck_assert_str_eq(of("lane_block", "lane, position, failures"), "K1 | 1 | 1");
	ck_assert_msg(strstr(of("lane_block", "last_error"), poison[_i].error) != NULL, "%s",
		      of("lane_block", "last_error"));
	ck_assert_int_ge(atoi(of("lane_block", "extract(epoch from next_attempt_at - since)::int")),
			 4);
	wait_long("lane_block");
	ck_assert_int_eq(deliver_now().failed, 0); /* not due */
	ck_assert_int_eq(deliver_later().sent, 3);
	ck_assert_str_eq(of("lane_block", "count(*)"), "0");
	require_order(5, 2);
	ck_assert_int_eq(receiver.count, 6);
}
END_TEST

START_TEST(what_went_well_before_a_failure_is_kept)
{
	RECEIVER({ .status = 200 }, { .status = 204 }, { .status = 500 }, { .status = 200 });
	endpoint_put("one");
	events_put(5);
	ck_assert_int_eq(deliver_now().sent, 2);
	ck_assert_str_eq(row("position, delivered"), "5 | 2");
	ck_assert_str_eq(of("lane_block", "position"), "3");
	ck_assert_int_eq(deliver_later().sent, 3);
	require_order(5, 1);
	ck_assert_int_eq(receiver.count, 6);
}
END_TEST

START_TEST(new_events_of_a_blocked_lane_wait_behind)
{
	RECEIVER({ .status = 500 }, { .status = 200 });
	endpoint_put("one");
	events_put(2);
	deliver_now();
	for (int i = 3; i <= 40; i++)
		event_put(stage.raw, "document.attached", "K1", i);
	number_all();
	wait_long("lane_block");
	ck_assert_int_eq(deliver_now().sent, 0);
	ck_assert_str_eq(row("position"), "40");
	ck_assert_int_eq(deliver_later().sent, 40);
	require_order(40, 1);
	ck_assert_str_eq(of("lane_block", "count(*)"), "0");
}
END_TEST

/* The receiver has broken down: not every customer's lane has to find out. */
START_TEST(many_lanes_in_a_row_put_the_endpoint_off)
{
	RECEIVER({ .status = 500 });
	endpoint_put("one");
	events_put_for(100, 100);
	deliver_now();
	ck_assert_int_lt(receiver.count, 20);
	ck_assert_str_eq(row("failures"), "1");
	ck_assert_int_lt(atoi(of("lane_block", "count(*)")), 20);
	ck_assert_int_eq(deliver_later().failed, 1); /* one asks whether it is well */
	ck_assert_str_eq(row("failures"), "2");
}
END_TEST

/* However often it is refused: nothing else is known of the endpoint, the others go on. */
START_TEST(one_poisoned_lane_does_not_put_the_endpoint_off)
{
	RECEIVER({ .status = 200 });
	receiver.refuse = "\"document_id\":\"d1\"";
	endpoint_put("one");
	events_put(1);
	for (int i = 1; i <= 9; i++) {
		ck_assert_int_eq(deliver_later().failed, 1);
		ck_assert_str_eq(row("failures, lanes_failed"), "0 | 1");
	}
	event_put(stage.raw, "document.attached", "K2", 2);
	number_all();
	ck_assert_int_eq(deliver_now().sent, 1);
	ck_assert_int_eq(got_no(9), 2);
}
END_TEST

START_TEST(what_is_parked_does_not_put_the_endpoint_off)
{
	RECEIVER({ .status = 500 });
	endpoint_put_at("one", "{all}", "{5}", receiver.port);
	events_put(1);
	deliver_now();
	raw_do(stage.raw, "update endpoint set lanes_failed = 7");
	raw_do(stage.raw, "update lane_block set counted_at = null"); /* the eighth lane */
	ck_assert_int_eq(deliver_later().parked, 1);
	ck_assert_int_eq(receiver.count, 3); /* its notice went at once */
}
END_TEST

/* Who is put off is asked with what was not refused yet. */
START_TEST(a_fresh_event_asks_whether_the_endpoint_is_well)
{
	RECEIVER({ .status = 200 });
	receiver.refuse = "\"partitionkey\"";
	endpoint_put("one");
	events_put_for(8, 8);
	deliver_now();
	ck_assert_str_eq(row("failures, lanes_failed"), "1 | 8");
	receiver.refuse = NULL;
	event_put(stage.raw, "document.attached", "K9", 9);
	number_all();
	ck_assert_int_eq(deliver_later().sent, 9);
	ck_assert_int_eq(got_no(8), 9);
	ck_assert_str_eq(row("failures, lanes_failed"), "0 | 0");
}
END_TEST

START_TEST(the_number_of_lanes_aside_is_bounded)
{
	RECEIVER({ .status = 200 });
	receiver.refuse = "\"partitionkey\":\"K";
	endpoint_put("one");
	raw_do(stage.raw,
	       "insert into lane_block (broker, endpoint, lane, position, failures, since,"
	       " next_attempt_at) select '" BROKER "', 'one', 'L' || n, 1, 1, now(),"
	       " now() + interval '1 hour' from generate_series(1, 1000) as n");
	events_put_for(3, 3);
	deliver_now();
	ck_assert_str_eq(row("position, failures, last_error"),
			 "0 | 1 | too many lanes stand aside");
	ck_assert_str_eq(of("lane_block", "count(*)"), "1000");
}
END_TEST

/* ---- parking ---- */

START_TEST(a_lane_that_fails_for_good_is_parked_with_a_notice)
{
	RECEIVER({ .status = 200 });
	json_t *gap, *data;
	struct delivered counts = { 0 };

	receiver.refuse = "\"no\":2,";
	receiver.refuse = "\"document_id\":\"d2\"";
	endpoint_put_at("one", "{all}", "{5,5}", receiver.port);
	events_put(4);
	for (int i = 0; i < 2; i++) {
		deliver_later();
		ck_assert_str_eq(of("dead_letter", "count(*)"), "0");
	}
	counts = deliver_later();
	ck_assert_int_eq(counts.parked, 1);
	ck_assert_int_eq(counts.sent, 3); /* the notice, 3, 4 */
	ck_assert_str_eq(of("dead_letter", "position, lane, type, failures, state, last_error"),
			 "2 | K1 | document.attached | 3 | parked | HTTP 500");
	ck_assert_str_eq(of("lane_block", "count(*)"), "0");
	ck_assert_int_eq(receiver.count, 7);
	ck_assert_int_eq(got_no(5), 3);
	ck_assert_int_eq(got_no(6), 4);
	gap = got_json(4);
	data = json_object_get(gap, "data");
	ck_assert_str_eq(json_string_value(json_object_get(gap, "type")), "endpoint.gap");
	ck_assert_str_eq(json_string_value(json_object_get(gap, "partitionkey")), "K1");
	ck_assert_str_eq(json_string_value(json_object_get(data, "event_id")),
			 raw_value(stage.raw, "select id from event where position = 2"));
	ck_assert_str_eq(json_string_value(json_object_get(data, "position")),
			 "00000000000000000002");
	ck_assert_str_eq(json_string_value(json_object_get(gap, "id")),
			 of("dead_letter", "gap_id"));
	json_decref(gap);
}
END_TEST

START_TEST(a_notice_that_is_refused_comes_before_the_next_event)
{
	RECEIVER({ .status = 500 }, { .status = 500 }, { .status = 500 }, { .status = 200 });
	endpoint_put_at("one", "{all}", "{5}", receiver.port);
	events_put(2);
	deliver_now();
	deliver_later(); /* parked; the notice is refused */
	ck_assert_str_eq(of("dead_letter", "count(*)"), "1");
	ck_assert_int_eq(deliver_later().sent, 2);
	ck_assert_str_eq(receiver.got[2].id, receiver.got[3].id);
	ck_assert_str_eq(receiver.got[2].id, of("dead_letter", "gap_id"));
	ck_assert_int_eq(got_no(4), 2);
}
END_TEST

/* ---- who is slow ---- */

START_TEST(a_hanging_lane_holds_nobody)
{
	RECEIVER({ .status = 200 });
	receiver.hang_on = "\"document_id\":\"d1\"";
	endpoint_put("one");
	events_put_for(2500, 500);
	ck_assert_int_eq(deliver_as(&hasty_conf).sent, 2500 - 5);
	ck_assert_str_eq(row("position"), "2500");
	receiver.hang_on = NULL;
	ck_assert_int_eq(deliver_later().sent, 5);
	require_order(2500, 500);
}
END_TEST

/* While it hangs, the other one gets what happens in between. */
START_TEST(a_hanging_endpoint_holds_nobody)
{
	RECEIVER({ .status = 200 });
	struct courier_conf patient = { BROKER, "//vorpost/test", 60000, 100000, 0 };
	struct courier *courier = courier_new(&patient, stage.mem);
	struct delivered counts = { 0 };
	struct err e = { 0 };
	bool busy;
	int hanging = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof here;

	ck_assert_int_eq(bind(hanging, (struct sockaddr *)&here, size), 0);
	ck_assert_int_eq(listen(hanging, 16), 0);
	getsockname(hanging, (struct sockaddr *)&here, &size);
	endpoint_put_at("hangs", "{all}", NULL, ntohs(here.sin_port));
	endpoint_put("well");
	for (int i = 1; i <= 20; i++) {
		event_put(stage.raw, "document.attached", "K1", i);
		number_all();
		do {
			ck_assert_msg(deliver_step(stage.db, courier, true, &counts, &busy, &e),
				      "%s", e.text);
			deliver_wait(courier, -1, 10);
		} while (receiver.count < i);
		ck_assert_int_eq(counts.failed, 0); /* the first one hangs still */
	}
	talloc_free(courier);
	close(hanging);
}
END_TEST

START_TEST(huge_answer_is_cut_but_counts)
{
	RECEIVER({ .way = CANNED_HUGE, .status = 200 });
	endpoint_put("one");
	events_put(2);
	ck_assert_int_eq(deliver_now().sent, 2);
	ck_assert_str_eq(row("position"), "2");
}
END_TEST

START_TEST(many_lanes_go_at_once_but_not_too_many)
{
	RECEIVER({ .status = 200, .late_ms = 20 });
	endpoint_put("one");
	events_put_for(100, 50);
	ck_assert_int_eq(deliver_now().sent, 100);
	ck_assert_int_gt(receiver.at_once_most, 1);
	ck_assert_int_le(receiver.at_once_most, DELIVER_FLIGHTS_EACH);
	require_order(100, 50);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("deliver");
	TCase *cases = tcase_create("deliver"), *lanes = tcase_create("lanes");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, stage_open, stage_close);
	tcase_set_timeout(cases, 120);
	tcase_add_unchecked_fixture(lanes, stage_build, stage_clear);
	tcase_add_checked_fixture(lanes, stage_open, stage_close);
	tcase_set_timeout(lanes, 120);
	tcase_add_loop_test(cases, a_failure_of_the_endpoint_moves_nothing, 0,
			    (int)(sizeof sick / sizeof *sick));
	tcase_add_test(cases, a_redirect_is_not_followed);
	tcase_add_test(cases, a_redirect_to_the_metadata_address_is_told);
	tcase_add_test(cases, gone_disables);
	tcase_add_test(cases, too_many_requests_lower_what_goes_at_once);
	tcase_add_test(cases, nobody_listens);
	tcase_add_test(cases, secret_file_is_gone);
	tcase_add_test(cases, http_to_another_machine_is_refused);
	tcase_add_test(cases, this_machine_is_refused_unless_allowed);
	tcase_add_loop_test(cases, a_refused_event_blocks_its_lane_only, 0,
			    (int)(sizeof poison / sizeof *poison));
	tcase_add_test(cases, what_went_well_before_a_failure_is_kept);
	tcase_add_test(cases, new_events_of_a_blocked_lane_wait_behind);
	tcase_add_test(lanes, many_lanes_in_a_row_put_the_endpoint_off);
	tcase_add_test(lanes, one_poisoned_lane_does_not_put_the_endpoint_off);
	tcase_add_test(lanes, what_is_parked_does_not_put_the_endpoint_off);
	tcase_add_test(lanes, a_fresh_event_asks_whether_the_endpoint_is_well);
	tcase_add_test(lanes, the_number_of_lanes_aside_is_bounded);
	tcase_add_test(lanes, a_lane_that_fails_for_good_is_parked_with_a_notice);
	tcase_add_test(lanes, a_notice_that_is_refused_comes_before_the_next_event);
	tcase_add_test(cases, a_hanging_lane_holds_nobody);
	tcase_add_test(cases, a_hanging_endpoint_holds_nobody);
	tcase_add_test(cases, huge_answer_is_cut_but_counts);
	tcase_add_test(cases, many_lanes_go_at_once_but_not_too_many);
	suite_add_tcase(suite, lanes);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
