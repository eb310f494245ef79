/* Rounds against a scripted insurer and a real database: what one shipment may do to itself, and never to the others. */
#include "base/clock.h"
#include "ingest/limits.h"
#include "ingest/recording.h"
#include "tests/ingest/stage.h"

#define DATA_BODY                                                                                  \
	RESPONSE("getShipment", STATUS("OK", "04000") "<t:Lieferung><t:ID>A</t:ID><t:Transfer>"    \
						      "</t:Transfer></t:Lieferung>")

/* ---- fetching ---- */

static const char *const outages[] = {
	DOWN, "", PAGE, MISSING, FAULT("00009"), FAULT("00940"), XML("500 Error") SOAP_BEGIN
};

START_TEST(an_outage_quarantines_nothing)
{
	struct stage s;

	stage_open(&s);
	for (int i = 0; i < 6; i++)
		SAY(&s, LIST(ENTRY("A")), outages[_i]);
	stage_begin(&s);
	for (int i = 0; i < 6; i++) {
		ck_assert(!play_round(&s));
		ck_assert_ptr_nonnull(strstr(s.e.text, "shipment A"));
		ck_assert_int_eq(s.counts.deferred, 1);
		ck_assert_int_eq(s.counts.quarantined, 0);
	}
	assert_state(&s, "A", "listed");
	ck_assert_int_eq(rows_int(shipment(&s, "A"), 0, "attempts"), 0);
	ck_assert_ptr_nonnull(strstr(rows_text(shipment(&s, "A"), 0, "refusal"), "nord"));
	stage_end(&s);
}
END_TEST

START_TEST(an_answer_that_breaks_off_every_time_is_quarantined_with_its_bytes)
{
	struct stage s;

	stage_open(&s);
	for (int i = 0; i < 5; i++)
		SAY(&s, LIST(ENTRY("A")), i % 2 ? XML("200 OK") SOAP_BEGIN : BROKEN);
	stage_begin(&s);
	for (int i = 0; i < 4; i++) {
		ck_assert(!play_round(&s));
		ck_assert_int_eq(s.e.kind, ERR_RETRY);
	}
	assert_state(&s, "A", "listed");
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	ck_assert_int_eq(s.counts.quarantined, 1);
	assert_state(&s, "A", "quarantined");
	ck_assert_ptr_nonnull(rows_text(shipment(&s, "A"), 0, "raw"));
	stage_end(&s);
}
END_TEST

static const char *const refusals[] = { MISSING, FAULT("00009"), FAULT("00007"),
					"HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n",
					"HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n" };

START_TEST(one_refused_shipment_does_not_stop_the_others)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), refusals[_i], GET("B"), ACK("OK", "04000"),
	    LIST(ENTRY("A")));
	stage_begin(&s);
	ck_assert(!play_round(&s));
	ck_assert_int_eq(s.e.kind, ERR_SETUP);
	assert_state(&s, "A", "listed");
	assert_state(&s, "B", "acknowledged");
	ck_assert_int_eq(s.counts.deferred, 1);
	ck_assert_int_eq(s.counts.acknowledged, 1);
	stage_end(&s);
}
END_TEST

/* OK with a warning counts as done, and whoever runs the machines hears of it: of an acknowledgement it stands nowhere else. */
START_TEST(a_warning_beside_ok_is_counted)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), GET("A"),
	    XML("200 OK") RESPONSE(
		    "acknowledgeShipment",
		    "<n:Status><n:StatusID>OK</n:StatusID><n:Meldung><n:ArtID>Warnung</n:ArtID>"
		    "<n:MeldungID>00010</n:MeldungID></n:Meldung></n:Status>"),
	    LIST_EMPTY);
	stage_begin(&s);
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "acknowledged");
	ck_assert_int_eq(s.counts.acknowledged, 1);
	ck_assert_int_eq(s.counts.warned, 1);
	ck_assert_str_eq(s.counts.warned_of, "00010");
	stage_end(&s);
}
END_TEST

/* A person closed what never came; the insurer lists it again, and it fails again: somebody has to look after it. */
START_TEST(what_was_closed_and_is_listed_again_is_open)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), refusals[0]);
	SAY(&s, LIST(ENTRY("A")), refusals[0]);
	stage_begin(&s);
	play_round(&s);
	stage_sql(
		"update shipment set closed_at = now(), closed_by = 'jana', closed_note = 'gone', unlisted_at = now()");
	ck_assert_ptr_nonnull(rows_text(shipment(&s, "A"), 0, "closed"));
	play_round(&s);
	ck_assert_ptr_null(rows_text(shipment(&s, "A"), 0, "closed"));
	stage_end(&s);
}
END_TEST

/* Whoever is refused for ever must not keep those behind him waiting for ever. */
START_TEST(those_in_trouble_come_last)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B") ENTRY("C") ENTRY("D")), MISSING, MISSING, MISSING);
	SAY(&s, LIST(ENTRY("A") ENTRY("B") ENTRY("C") ENTRY("D")), GET("D"), ACK("OK", "04000"),
	    MISSING, MISSING, MISSING);
	stage_begin(&s);
	ck_assert(!play_round(&s));
	ck_assert(!play_round(&s));
	assert_state(&s, "A", "listed");
	assert_state(&s, "D", "acknowledged");
	stage_end(&s);
}
END_TEST

START_TEST(three_in_a_row_are_the_insurer)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B") ENTRY("C") ENTRY("D")), MISSING, MISSING, MISSING);
	stage_begin(&s);
	ck_assert(!play_round(&s));
	ck_assert_int_eq(s.e.kind, ERR_SETUP);
	assert_state(&s, "D", "listed");
	stage_end(&s);
}
END_TEST

/* ---- recording ---- */

START_TEST(what_the_recorder_refuses_is_quarantined_and_the_others_go_on)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), GET("A"), GET("B"), ACK("OK", "04000"), LIST(""));
	stage_begin(&s);
	s.taker.fails = _i ? ERR_DELIVERY : ERR_BUG;
	s.taker.fails_at = "A";
	ck_assert(!play_round(&s));
	ck_assert_ptr_nonnull(strstr(s.e.text, "shipment A: the recorder fails"));
	assert_state(&s, "A", "quarantined");
	ck_assert_ptr_nonnull(rows_text(shipment(&s, "A"), 0, "raw"));
	assert_state(&s, "B", "acknowledged");
	stage_end(&s);
}
END_TEST

START_TEST(a_recorder_that_lost_the_lease_ends_the_round)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), GET("A"));
	stage_begin(&s);
	s.taker.fails = ERR_CONFLICT;
	ck_assert(!play_round(&s));
	ck_assert_int_eq(s.e.kind, ERR_CONFLICT);
	assert_state(&s, "A", "listed");
	stage_end(&s);
}
END_TEST

/* ---- acknowledging ---- */

START_TEST(a_failed_acknowledgement_is_counted_and_told)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), GET("A"), _i ? MISSING : ACK("NOK", "04004"), GET("B"),
	    ACK("OK", "04000"), LIST(ENTRY("A")));
	SAY(&s, LIST(ENTRY("A")), ACK("OK", "04000"));
	stage_begin(&s);
	ck_assert(!play_round(&s));
	ck_assert_int_eq(s.e.kind, ERR_RETRY);
	ck_assert_ptr_nonnull(strstr(s.e.text, "shipment A: acknowledge"));
	ck_assert_int_eq(s.counts.unacknowledged, 1);
	ck_assert_int_eq(s.counts.acknowledged, 1);
	assert_state(&s, "A", "stored");
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "acknowledged");
	stage_end(&s);
}
END_TEST

START_TEST(three_failed_acknowledgements_end_the_round)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B") ENTRY("C") ENTRY("D")), GET("A"), DOWN, GET("B"), DOWN,
	    GET("C"), DOWN);
	SAY(&s, LIST(ENTRY("A") ENTRY("B") ENTRY("C") ENTRY("D")), GET("D"), DOWN, DOWN, DOWN);
	stage_begin(&s);
	ck_assert(!play_round(&s));
	ck_assert_int_eq(s.e.kind, ERR_RETRY);
	ck_assert_int_eq(s.counts.unacknowledged, 3);
	assert_state(&s, "D", "listed");
	ck_assert(!play_round(&s)); /* what is new is fetched first */
	assert_state(&s, "D", "stored");
	stage_end(&s);
}
END_TEST

/* What is stored by now still tells how often it was fetched and what went wrong, and when its answer came. */
START_TEST(a_stored_one_tells_of_its_fetches)
{
	struct rows *row;
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), DOWN);
	SAY(&s, LIST(ENTRY("A")), JUNK);
	SAY(&s, LIST(ENTRY("A")), GET("A"), ACK("OK", "04000"), LIST_EMPTY);
	stage_begin(&s);
	ck_assert(!play_round(&s));
	ck_assert_int_eq(rows_int(shipment(&s, "A"), 0, "fetch_attempts"), 1);
	ck_assert_ptr_nonnull(strstr(rows_text(shipment(&s, "A"), 0, "fetch_trouble"), "503"));
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "quarantined");
	ck_assert(db_call(s.poller.db, SQL_shipment_relist, &row, s.mem, &s.e, s.broker, "nord",
			  "2", "A"));
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	row = shipment(&s, "A");
	ck_assert_str_eq(rows_text(row, 0, "state"), "acknowledged");
	ck_assert_int_eq(rows_int(row, 0, "fetch_attempts"), 3);
	ck_assert_ptr_nonnull(rows_text(row, 0, "fetch_tried"));
	ck_assert_ptr_nonnull(rows_text(row, 0, "fetch_trouble"));
	ck_assert_ptr_nonnull(rows_text(row, 0, "fetch_trouble_at"));
	ck_assert_ptr_nonnull(rows_text(row, 0, "answered"));
	ck_assert_str_eq(rows_text(row, 0, "acknowledge_mode"), "automatic");
	stage_end(&s);
}
END_TEST

/* ---- the list ---- */

START_TEST(an_entry_without_id_is_counted_and_settles_nothing)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), GET("A"), PAGE, LIST(ENTRY("A")));
	SAY(&s, LIST(ENTRY("") ENTRY("B") ENTRY("B")), GET("B"), ACK("OK", "04000"),
	    LIST(ENTRY("")));
	SAY(&s, LIST_EMPTY);
	stage_begin(&s);
	ck_assert(!play_round(&s));
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	ck_assert_int_eq(s.counts.passed_over, 1);
	ck_assert_int_eq(s.counts.listed, 1);
	assert_state(&s, "A", "stored");
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "acknowledged");
	stage_end(&s);
}
END_TEST

/* Some providers list a hundred at a time: list, acknowledge, list again, until nothing new comes. */
START_TEST(a_capped_list_is_asked_for_until_nothing_new_comes)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), GET("A"), ACK("OK", "04000"), GET("B"),
	    ACK("OK", "04000"), LIST(ENTRY("C")), GET("C"), ACK("OK", "04000"), LIST_EMPTY);
	stage_begin(&s);
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	ck_assert_int_eq(s.counts.stored, 3);
	assert_state(&s, "C", "acknowledged");
	stage_end(&s);
}
END_TEST

/* A list with this one, and all that becomes of it. */
static void say_one(struct stage *s, int number)
{
	line(s, talloc_asprintf(s->mem, LIST(ENTRY("%d")), number));
	line(s, talloc_asprintf(s->mem, GET("%d"), number));
	line(s, ACK("OK", "04000"));
}

/* To one who has something new in each of his lists the round ends all the same; what is left is the next one's. */
START_TEST(lists_of_a_round_have_a_limit)
{
	struct stage s;

	stage_open(&s);
	line(&s, LOGIN);
	for (int i = 1; i <= POLL_PASSES_MOST; i++)
		say_one(&s, i);
	line(&s, LOGOUT);
	line(&s, LOGIN);
	say_one(&s, POLL_PASSES_MOST + 1);
	line(&s, LIST_EMPTY);
	line(&s, LOGOUT);
	stage_begin(&s);
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	ck_assert_int_eq(s.counts.acknowledged, POLL_PASSES_MOST);
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	ck_assert_int_eq(s.counts.acknowledged, 1);
	stage_end(&s);
}
END_TEST

/* Hours between two rounds, and not everybody at the same minute: a tenth more or less. */
START_TEST(the_next_round_is_due_after_the_interval_with_a_jitter)
{
	struct stage s;

	stage_open(&s);
	stage_profile(&s)->poll_interval_s = 36000;
	SAY(&s, LIST_EMPTY);
	stage_begin(&s);
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	stage_sql(talloc_asprintf(
		s.mem,
		"do $$ begin assert (select due_at - last_success_at between "
		"interval '32400 seconds' and interval '39600 seconds' from connection "
		"where broker = '%s'); end $$",
		s.broker));
	stage_end(&s);
}
END_TEST

/* The round fails, and the next one is due after so many seconds, a tenth more or less. True: neither more nor less. */
static bool fails_for(struct stage *s, int seconds)
{
	int64_t began = clock_wall_ms(), ended, due;

	ck_assert(!play_round(s));
	ended = clock_wall_ms();
	due = stage_sql(talloc_asprintf(s->mem,
					"select floor(extract(epoch from due_at) * 1000)::int8 "
					"from connection where broker = '%s'",
					s->broker));
	ck_assert_msg(due + 1 >= began + seconds * 900ll && due <= ended + seconds * 1100ll,
		      "%d s: in %lld to %lld ms", seconds, (long long)(due - ended),
		      (long long)(due - began));
	return due + 1 >= began + seconds * 1000ll && due <= ended + seconds * 1000ll;
}

/* Ranges that do not touch: each attempt lies further away than the one before, up to an hour. */
START_TEST(each_failure_waits_twice_as_long_up_to_an_hour_and_a_success_begins_anew)
{
	static const int seconds[] = { 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600 };
	size_t count = sizeof seconds / sizeof *seconds, exact = 0;
	struct stage s;

	stage_open(&s);
	for (size_t i = 0; i < count; i++)
		SAY(&s, DOWN);
	SAY(&s, LIST_EMPTY);
	SAY(&s, DOWN);
	stage_begin(&s);
	for (size_t i = 0; i < count; i++)
		exact += fails_for(&s, seconds[i]);
	ck_assert_msg(exact < count, "all of them to the second: there is no jitter");
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	fails_for(&s, 30);
	stage_end(&s);
}
END_TEST

/* One shipment's trouble does not keep the others waiting for longer than a round without trouble does. */
START_TEST(a_round_that_came_through_with_trouble_waits_no_longer_than_the_interval)
{
	static const int seconds[] = { 30, 60, 100, 100 };
	struct stage s;

	stage_open(&s);
	stage_profile(&s)->poll_interval_s = 100;
	for (int i = 0; i < 4; i++)
		SAY(&s, LIST(ENTRY("A")), DOWN);
	stage_begin(&s);
	for (int i = 0; i < 4; i++)
		fails_for(&s, seconds[i]);
	stage_end(&s);
}
END_TEST

/* ---- the statements ---- */

START_TEST(without_the_lease_nothing_is_written)
{
	static const char *const fences[] = { "0", "2" };
	const char *marked = "[{\"id\": \"B\", \"became\": \"confirmed\"}]";
	struct stage s;
	struct rows *rows;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), DOWN, GET("B"), DOWN, LIST(ENTRY("A") ENTRY("B")));
	stage_begin(&s);
	ck_assert(!play_round(&s)); /* holds fence 1 */
	for (int i = 0; i < 2; i++) {
		ck_assert(db_call(s.poller.db, SQL_shipment_defer, &rows, s.mem, &s.e, s.broker,
				  "nord", fences[i], "A", "late", "1"));
		ck_assert_int_eq(rows_count(rows), 0);
		ck_assert(db_call(s.poller.db, SQL_shipment_acknowledged, NULL, NULL, &s.e,
				  s.broker, "nord", fences[i], marked));
		assert_state(&s, "B", "stored");
	}
	ck_assert(db_call(s.poller.db, SQL_shipment_acknowledged, NULL, NULL, &s.e, s.broker,
			  "nord", "1", marked));
	assert_state(&s, "B", "acknowledged");
	stage_end(&s);
}
END_TEST

START_TEST(a_shipment_asked_for_anew_is_fetched_again)
{
	struct stage s;
	struct rows *rows;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), JUNK);
	SAY(&s, LIST(ENTRY("A")), GET("A"), ACK("OK", "04000"), LIST_EMPTY);
	stage_begin(&s);
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "quarantined");
	ck_assert(db_call(s.poller.db, SQL_shipment_relist, &rows, s.mem, &s.e, s.broker, "nord",
			  "0", "A"));
	ck_assert_int_eq(rows_count(rows), 0);
	ck_assert(db_call(s.poller.db, SQL_shipment_relist, &rows, s.mem, &s.e, s.broker, "nord",
			  "1", "A"));
	ck_assert_int_eq(rows_count(rows), 1);
	assert_state(&s, "A", "quarantined"); /* until it is stored */
	ck_assert_int_eq(rows_int(shipment(&s, "A"), 0, "attempts"), 0);
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "acknowledged");
	stage_end(&s);
}
END_TEST

/* ---- reading again ---- */

/* From the wire and from what was kept: the same document, which is the answer itself. */
START_TEST(data_without_a_file_is_kept_at_every_reading)
{
	struct delivery_source source = {
		.broker = "", .connection = "nord", .issuer = "seeufer", .fence = 1
	};
	struct raw_answer raw = { .content_type = "text/xml" };
	struct recorded counts = { 0 };
	struct connection plain = { 0 };
	struct delivery *delivery;
	struct rows *row;
	struct stage s;

	stage_open(&s);
	source.broker = s.broker;
	SAY(&s, LIST(ENTRY("A")), XML("200 OK") DATA_BODY);
	stage_begin(&s);
	s.taker.fails = ERR_BUG;
	ck_assert(!play_round(&s));
	row = shipment(&s, "A");
	raw.fd = blob_open(s.poller.blobs, rows_text(row, 0, "raw"), &s.e);
	raw.len = strlen(DATA_BODY);
	s.taker.fails = ERR_NONE;
	err_clear(&s.e);
	ck_assert_msg(raw_answer_read(&delivery, &s.poller, &raw, "A", &plain, &profile_default,
				      s.mem, &s.e),
		      "%s", s.e.text);
	ck_assert_msg(delivery_record(&counts, &s.poller, &source, delivery, &raw, &s.e), "%s",
		      s.e.text);
	ck_assert_int_eq(counts.documents, 1);
	ck_assert_int_eq(s.taker.data_documents, 1);
	ck_assert_str_eq(delivery->transfers[0].documents[0].sha256, rows_text(row, 0, "raw"));
	assert_state(&s, "A", "stored");
	close(raw.fd);
	stage_end(&s);
}
END_TEST

static TCase *cases(void)
{
	TCase *t = tcase_create("poll");

	tcase_add_loop_test(t, an_outage_quarantines_nothing, 0, sizeof outages / sizeof *outages);
	tcase_add_test(t, an_answer_that_breaks_off_every_time_is_quarantined_with_its_bytes);
	tcase_add_loop_test(t, one_refused_shipment_does_not_stop_the_others, 0,
			    sizeof refusals / sizeof *refusals);
	tcase_add_test(t, a_warning_beside_ok_is_counted);
	tcase_add_test(t, what_was_closed_and_is_listed_again_is_open);
	tcase_add_test(t, those_in_trouble_come_last);
	tcase_add_test(t, three_in_a_row_are_the_insurer);
	tcase_add_loop_test(t, what_the_recorder_refuses_is_quarantined_and_the_others_go_on, 0, 2);
	tcase_add_test(t, a_recorder_that_lost_the_lease_ends_the_round);
	tcase_add_loop_test(t, a_failed_acknowledgement_is_counted_and_told, 0, 2);
	tcase_add_test(t, three_failed_acknowledgements_end_the_round);
	tcase_add_test(t, a_capped_list_is_asked_for_until_nothing_new_comes);
	tcase_add_test(t, lists_of_a_round_have_a_limit);
	tcase_add_test(t, the_next_round_is_due_after_the_interval_with_a_jitter);
	tcase_add_test(t, each_failure_waits_twice_as_long_up_to_an_hour_and_a_success_begins_anew);
	tcase_add_test(t, a_round_that_came_through_with_trouble_waits_no_longer_than_the_interval);
	tcase_add_test(t, a_stored_one_tells_of_its_fetches);
	tcase_add_test(t, an_entry_without_id_is_counted_and_settles_nothing);
	tcase_add_test(t, without_the_lease_nothing_is_written);
	tcase_add_test(t, a_shipment_asked_for_anew_is_fetched_again);
	tcase_add_test(t, data_without_a_file_is_kept_at_every_reading);
	return t;
}

int main(void)
{
	return stage_main("poll", cases());
}
