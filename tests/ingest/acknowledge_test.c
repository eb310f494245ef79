/* When a stored shipment is acknowledged: at once, some hours later by the database's clock, or when a person releases it. */
#include "tests/ingest/stage.h"

static void release(struct stage *s, const char *id, const char *only_count, int expected)
{
	struct rows *rows;

	ck_assert_msg(db_call(s->poller.db, SQL_shipment_release, &rows, s->mem, &s->e, s->broker,
			      "nord", id, "jana", only_count),
		      "%s", s->e.text);
	ck_assert_int_eq(rows_count(rows), expected);
}

static void good_round(struct stage *s, int held, int acknowledged)
{
	ck_assert_msg(play_round(s), "%s", s->e.text);
	ck_assert_int_eq(s->counts.held, held);
	ck_assert_int_eq(s->counts.acknowledged, acknowledged);
}

START_TEST(by_hand_it_waits_until_it_is_released)
{
	struct stage s;

	stage_open(&s);
	stage_profile(&s)->acknowledge = ACKNOWLEDGE_MANUAL;
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), GET("A"), GET("B"), LIST(ENTRY("A") ENTRY("B")));
	SAY(&s, LIST(ENTRY("A") ENTRY("B")));
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), ACK("OK", "04000"));
	stage_begin(&s);
	good_round(&s, 2, 0);
	good_round(&s, 2, 0); /* nothing is fetched twice, nothing acknowledged */
	ck_assert(rows_bool(shipment(&s, "A"), 0, "held"));
	release(&s, "A", "true", 1); /* only counted */
	ck_assert_ptr_null(rows_text(shipment(&s, "A"), 0, "released"));
	release(&s, "A", "false", 1);
	good_round(&s, 1, 1);
	assert_state(&s, "A", "acknowledged");
	assert_state(&s, "B", "stored");
	ck_assert_str_eq(rows_text(shipment(&s, "A"), 0, "released_by"), "jana");
	release(&s, "A", "false", 0); /* it is over */
	stage_end(&s);
}
END_TEST

START_TEST(delayed_it_goes_by_the_databases_clock)
{
	struct stage s;

	stage_open(&s);
	stage_profile(&s)->acknowledge = ACKNOWLEDGE_DELAYED;
	stage_profile(&s)->acknowledge_after_h = 5;
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), GET("A"), GET("B"), LIST(ENTRY("A") ENTRY("B")));
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), ACK("OK", "04000"));
	stage_begin(&s);
	good_round(&s, 2, 0);
	ck_assert_ptr_nonnull(rows_text(shipment(&s, "A"), 0, "acknowledge_from"));
	ck_assert(!rows_bool(shipment(&s, "A"), 0, "due"));
	stage_sql(
		"update shipment set stored_at = now() - interval '301 minutes' where shipment_id = 'A'");
	stage_sql(
		"update shipment set stored_at = now() - interval '299 minutes' where shipment_id = 'B'");
	good_round(&s, 1, 1);
	assert_state(&s, "A", "acknowledged");
	assert_state(&s, "B", "stored");
	stage_end(&s);
}
END_TEST

START_TEST(the_connections_word_counts_before_the_insurers)
{
	struct stage s;

	stage_open(&s);
	s.connection.acknowledge = (char *)"manual";
	SAY(&s, LIST(ENTRY("A")), GET("A"), LIST(ENTRY("A")));
	SAY(&s, LIST(ENTRY("A")), ACK("OK", "04000"));
	stage_begin(&s);
	good_round(&s, 1, 0);
	/* Back to automatic: what waited goes with the next list. */
	stage_sql("update connection set acknowledge = 'automatic'");
	good_round(&s, 0, 1);
	stage_end(&s);
}
END_TEST

START_TEST(from_automatic_to_manual_nothing_more_is_acknowledged)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), GET("A"), ACK("NOK", "04004"), LIST(ENTRY("A")));
	SAY(&s, LIST(ENTRY("A")));
	stage_begin(&s);
	ck_assert(!play_round(&s));
	ck_assert_int_eq(rows_int(shipment(&s, "A"), 0, "acknowledge_attempts"), 1);
	ck_assert_ptr_nonnull(
		strstr(rows_text(shipment(&s, "A"), 0, "acknowledge_refusal"), "04004"));
	stage_sql("update connection set acknowledge = 'manual'");
	good_round(&s, 1, 0);
	assert_state(&s, "A", "stored");
	stage_end(&s);
}
END_TEST

static void assert_became(struct stage *s, const char *id, const char *word)
{
	const char *found = rows_text(shipment(s, id), 0, "acknowledgement");

	ck_assert_msg(found && !strcmp(found, word), "%s: %s, expected %s", id,
		      found ? found : "none", word);
}

static bool unlisted(struct stage *s, const char *id)
{
	return rows_text(shipment(s, id), 0, "unlisted") != NULL;
}

/* Nobody sent an acknowledgement: it stays held, and says since when it is gone. Who releases it has the insurer asked. */
START_TEST(a_held_one_that_is_no_longer_listed_stays_held)
{
	struct stage s;

	stage_open(&s);
	stage_profile(&s)->acknowledge = ACKNOWLEDGE_MANUAL;
	SAY(&s, LIST(ENTRY("A")), GET("A"), LIST(ENTRY("A")));
	SAY(&s, LIST_EMPTY);
	SAY(&s, LIST(ENTRY("A"))); /* listed once more: still nobody released it */
	SAY(&s, LIST_EMPTY, ACK("OK", "04000"));
	stage_begin(&s);
	good_round(&s, 1, 0);
	ck_assert(!unlisted(&s, "A"));
	good_round(&s, 0, 0);
	assert_state(&s, "A", "stored");
	ck_assert(unlisted(&s, "A"));
	good_round(&s, 1, 0);
	ck_assert(!unlisted(&s, "A"));
	release(&s, "A", "false", 1);
	good_round(&s, 0, 1);
	assert_state(&s, "A", "acknowledged");
	assert_became(&s, "A", "confirmed"); /* he said so */
	ck_assert_int_eq(rows_int(shipment(&s, "A"), 0, "acknowledge_attempts"), 1);
	stage_end(&s);
}
END_TEST

/* Gone before its hour: it is tried all the same when that comes. Only that this went out without an answer lets the next
 * list speak for it. */
START_TEST(a_delayed_one_that_is_gone_is_tried_before_it_counts)
{
	struct stage s;

	stage_open(&s);
	stage_profile(&s)->acknowledge = ACKNOWLEDGE_DELAYED;
	stage_profile(&s)->acknowledge_after_h = 5;
	SAY(&s, LIST(ENTRY("A")), GET("A"), LIST_EMPTY);
	SAY(&s, LIST_EMPTY, PAGE);
	SAY(&s, LIST_EMPTY);
	stage_begin(&s);
	good_round(&s, 0, 0);
	assert_state(&s, "A", "stored");
	stage_sql(talloc_asprintf(
		s.mem,
		"update shipment set stored_at = now() - interval '6 hours' where broker = '%s'",
		s.broker));
	ck_assert(!play_round(&s));
	assert_state(&s, "A", "stored");
	assert_became(&s, "A", "unanswered");
	good_round(&s, 0, 1);
	assert_became(&s, "A", "settled");
	stage_end(&s);
}
END_TEST

/* The insurer said no, and then lists it no more: that is no acknowledgement. He is asked again, and after five refusals a
 * person is; who releases it has it asked once more. */
START_TEST(a_refused_one_that_is_no_longer_listed_is_not_acknowledged)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), GET("A"), ACK("NOK", "04004"), LIST(ENTRY("A")));
	for (int i = 0; i < 4; i++)
		SAY(&s, LIST_EMPTY, ACK("NOK", "04004"));
	SAY(&s, LIST_EMPTY);
	SAY(&s, LIST_EMPTY, ACK("NOK", "04004"));
	SAY(&s, LIST_EMPTY, ACK("NOK", "04002"));
	stage_begin(&s);
	for (int i = 0; i < 5; i++) {
		ck_assert(!play_round(&s));
		ck_assert_int_eq(s.counts.acknowledged, 0);
		assert_state(&s, "A", "stored");
		assert_became(&s, "A", "refused");
	}
	ck_assert_str_eq(rows_text(shipment(&s, "A"), 0, "wait"), "refused");
	ck_assert_int_eq(rows_int(shipment(&s, "A"), 0, "acknowledge_attempts"), 5);
	good_round(&s, 0, 0); /* nobody is asked any more, and it is no trouble of the connection */
	release(&s, "A", "false", 1);
	ck_assert(!play_round(&s));
	ck_assert_str_eq(rows_text(shipment(&s, "A"), 0, "wait"), "refused");
	release(&s, NULL, "false", 1); /* --all has it, too */
	good_round(&s, 0, 1);
	assert_state(&s, "A", "acknowledged");
	assert_became(&s, "A", "before");
	stage_end(&s);
}
END_TEST

/* Three that fail in a row end the round before S's turn. What no list shows then was not acknowledged by us: the insurer is
 * asked about each. */
START_TEST(what_a_broken_round_did_not_send_is_not_acknowledged)
{
	const char *all = LIST(ENTRY("P") ENTRY("Q") ENTRY("R") ENTRY("S"));
	struct stage s;

	stage_open(&s);
	stage_profile(&s)->acknowledge = ACKNOWLEDGE_MANUAL;
	SAY(&s, all, GET("P"), GET("Q"), GET("R"), GET("S"), all);
	SAY(&s, all, DOWN, DOWN, DOWN);
	SAY(&s, LIST_EMPTY, ACK("OK", "04000"), ACK("NOK", "04002"), ACK("NOK", "04003"),
	    ACK("NOK", "04004"));
	SAY(&s, LIST_EMPTY, ACK("OK", "04000"));
	stage_begin(&s);
	good_round(&s, 4, 0);
	release(&s, NULL, "false", 4);
	ck_assert(!play_round(&s));
	ck_assert_ptr_null(rows_text(shipment(&s, "S"), 0, "acknowledgement"));
	assert_became(&s, "P", "put_off");
	ck_assert(!play_round(&s));
	ck_assert_int_eq(s.counts.acknowledged, 2); /* S, who was never tried, comes first */
	ck_assert_int_eq(s.counts.gone, 1);
	assert_became(&s, "S", "confirmed");
	assert_became(&s, "P", "before");
	assert_became(&s, "Q", "gone");
	assert_state(&s, "Q", "acknowledged");
	assert_became(&s, "R", "refused");
	assert_state(&s, "R", "stored");
	good_round(&s, 0, 1);
	stage_end(&s);
}
END_TEST

/* Killed between storing and acknowledging: nobody knows of a call, so the insurer is asked, listed or not. */
START_TEST(what_was_stored_when_the_round_died_is_asked_about)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), GET("A"), ACK("OK", "04000"), LIST_EMPTY);
	SAY(&s, LIST_EMPTY, ACK("NOK", "04002"));
	stage_begin(&s);
	good_round(&s, 0, 1);
	stage_sql(talloc_asprintf(
		s.mem,
		"update shipment set state = 'stored', acknowledged_at = null, acknowledgement = null,"
		" acknowledge_attempts = 0 where broker = '%s'",
		s.broker));
	good_round(&s, 0, 1);
	assert_became(&s, "A", "before");
	stage_end(&s);
}
END_TEST

/* As long as a list may be: what follows may have been cut off. */
START_TEST(a_full_list_settles_nothing)
{
	struct stage s;

	stage_open(&s);
	stage_profile(&s)->list_most = 2;
	SAY(&s, LIST(ENTRY("A")), GET("A"), PAGE, LIST(ENTRY("A")));
	SAY(&s, LIST(ENTRY("W") ENTRY("X")), GET("W"), ACK("OK", "04000"), GET("X"),
	    ACK("OK", "04000"), LIST(ENTRY("Y") ENTRY("Z")), GET("Y"), ACK("OK", "04000"), GET("Z"),
	    ACK("OK", "04000"), LIST_EMPTY);
	stage_begin(&s);
	ck_assert(!play_round(&s));
	good_round(&s, 0, 5); /* A by the empty list at the end, and not before */
	assert_became(&s, "A", "settled");
	stage_end(&s);
}
END_TEST

#define LINK                                                                                         \
	"<g:Datei xmlns:g=\"http://www.bipro.net/namespace/gevo\" "                                  \
	"xmlns:a=\"http://www.bipro.net/namespace/allgemein\"><a:Dateiname>Police.pdf</a:Dateiname>" \
	"<a:Datenlink>https://insurer.invalid/police.pdf</a:Datenlink></g:Datei>"
#define BYTES                                                                                        \
	"<g:Datei xmlns:g=\"http://www.bipro.net/namespace/gevo\" "                                  \
	"xmlns:a=\"http://www.bipro.net/namespace/allgemein\"><a:Dateiname>Police.pdf</a:Dateiname>" \
	"<a:Daten>JVBERi0xLjQK</a:Daten></g:Datei>"
#define GET_FILES(id, files)                                                                       \
	XML("200 OK")                                                                              \
	RESPONSE("getShipment",                                                                    \
		 STATUS("OK", "04000") "<t:Lieferung><t:ID>" id "</t:ID><t:Transfer>" files        \
				       "</t:Transfer></t:Lieferung>")

static const char *const link_answers[] = { GET_FILES("A", LINK), GET_FILES("A", BYTES LINK) };

/* The bytes behind a link never came: who acknowledges gives them up. Automatic or not, a person decides. */
START_TEST(a_link_instead_of_a_document_waits_for_a_person)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), link_answers[_i], LIST(ENTRY("A")));
	SAY(&s, LIST(ENTRY("A")));
	SAY(&s, LIST(ENTRY("A")), ACK("OK", "04000"));
	stage_begin(&s);
	good_round(&s, 1, 0);
	ck_assert_str_eq(rows_text(shipment(&s, "A"), 0, "hold"), "link");
	ck_assert(rows_bool(shipment(&s, "A"), 0, "held"));
	good_round(&s, 1, 0);
	assert_state(&s, "A", "stored");
	release(&s, "A", "false", 1);
	good_round(&s, 0, 1);
	assert_state(&s, "A", "acknowledged");
	stage_end(&s);
}
END_TEST

START_TEST(what_is_not_stored_cannot_be_released)
{
	struct stage s;

	stage_open(&s);
	stage_profile(&s)->acknowledge = ACKNOWLEDGE_MANUAL;
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), JUNK, DOWN);
	stage_begin(&s);
	play_round(&s);
	release(&s, NULL, "false", 0);
	assert_state(&s, "A", "quarantined");
	assert_state(&s, "B", "listed");
	stage_end(&s);
}
END_TEST

/* VerfuegbarBis: a date or a moment, German time where it names no zone. */
START_TEST(until_when_the_insurer_keeps_it_becomes_a_moment)
{
	struct stage s;

	stage_open(&s);
	SAY(&s,
	    LIST("<t:Lieferung><t:ID>A</t:ID><t:VerfuegbarBis>2020-06-01</t:VerfuegbarBis></t:Lieferung>"
		 "<t:Lieferung><t:ID>B</t:ID><t:VerfuegbarBis>2099-01-01T00:00:00Z</t:VerfuegbarBis></t:Lieferung>"
		 "<t:Lieferung><t:ID>C</t:ID><t:VerfuegbarBis>bald</t:VerfuegbarBis></t:Lieferung>"),
	    DOWN, MISSING, DOWN);
	SAY(&s,
	    LIST("<t:Lieferung><t:ID>B</t:ID><t:VerfuegbarBis>2020-06-02T10:00:00</t:VerfuegbarBis></t:Lieferung>"),
	    DOWN);
	stage_begin(&s);
	play_round(&s);
	stage_sql(
		"do $$ begin assert (select expires_at = '2020-05-31T22:00:00Z' from shipment where "
		"shipment_id = 'A' order by first_listed_at desc limit 1); assert (select expires_at is null and "
		"available_until = 'bald' from shipment where shipment_id = 'C'); end $$");
	play_round(&s);
	stage_sql(
		"do $$ begin assert (select expires_at = '2020-06-02T08:00:00Z' from shipment where "
		"shipment_id = 'B' order by first_listed_at desc limit 1); end $$");
	stage_end(&s);
}
END_TEST

/* The same words by another clock; what has an offset of its own keeps it. */
START_TEST(until_when_goes_by_the_insurers_clock)
{
	struct stage s;

	stage_open(&s);
	stage_profile(&s)->time_zone = (char *)"Europe/London";
	SAY(&s,
	    LIST("<t:Lieferung><t:ID>A</t:ID><t:Einstellzeitpunkt>2019-06-02T10:00:00</t:Einstellzeitpunkt>"
		 "<t:VerfuegbarBis>2020-06-01</t:VerfuegbarBis></t:Lieferung>"
		 "<t:Lieferung><t:ID>B</t:ID><t:VerfuegbarBis>2020-06-02T10:00:00</t:VerfuegbarBis></t:Lieferung>"
		 "<t:Lieferung><t:ID>C</t:ID><t:VerfuegbarBis>2020-06-02T10:00:00+02:00</t:VerfuegbarBis></t:Lieferung>"),
	    DOWN, MISSING, DOWN);
	stage_begin(&s);
	play_round(&s);
	stage_sql(talloc_asprintf(
		s.mem,
		"do $$ begin assert (select string_agg(to_char(expires_at at time zone 'UTC', 'DD HH24:MI'), ' ' "
		"order by shipment_id) = '31 23:00 02 09:00 02 08:00' from shipment where broker = '%1$s'); assert "
		"(select posted = '2019-06-02T10:00:00+01:00' from shipment where broker = '%1$s' and "
		"shipment_id = 'A'); end $$",
		s.broker));
	stage_end(&s);
}
END_TEST

static TCase *cases(void)
{
	TCase *t = tcase_create("acknowledge");

	tcase_add_test(t, by_hand_it_waits_until_it_is_released);
	tcase_add_test(t, delayed_it_goes_by_the_databases_clock);
	tcase_add_test(t, the_connections_word_counts_before_the_insurers);
	tcase_add_test(t, from_automatic_to_manual_nothing_more_is_acknowledged);
	tcase_add_test(t, a_held_one_that_is_no_longer_listed_stays_held);
	tcase_add_test(t, a_delayed_one_that_is_gone_is_tried_before_it_counts);
	tcase_add_test(t, a_refused_one_that_is_no_longer_listed_is_not_acknowledged);
	tcase_add_test(t, what_a_broken_round_did_not_send_is_not_acknowledged);
	tcase_add_test(t, what_was_stored_when_the_round_died_is_asked_about);
	tcase_add_test(t, a_full_list_settles_nothing);
	tcase_add_loop_test(t, a_link_instead_of_a_document_waits_for_a_person, 0, 2);
	tcase_add_test(t, what_is_not_stored_cannot_be_released);
	tcase_add_test(t, until_when_the_insurer_keeps_it_becomes_a_moment);
	tcase_add_test(t, until_when_goes_by_the_insurers_clock);
	return t;
}

int main(void)
{
	return stage_main("acknowledge", cases());
}
