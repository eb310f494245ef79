/* retry_test.c -- a quarantined shipment that somebody wants tried again: by the next round, before it lists. */
#include "ingest/retry.h"
#include "tests/ingest/stage.h"

static void ask_retry(struct stage *s, const char *id)
{
	struct rows *rows;

	ck_assert_msg(db_call(s->poller.db, SQL_retry_ask, &rows, s->mem, &s->e, s->broker, "nord",
			      id, "betrieb"),
		      "%s", s->e.text);
	ck_assert_str_eq(rows_text(rows, 0, "state"), "quarantined");
}

/* The recorder refused it once; what was kept can be read. */
START_TEST(kept_is_read_again_without_fetching)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), GET("A"));
	SAY(&s, LIST(ENTRY("A")), ACK("OK", "04000"));
	stage_begin(&s);
	s.taker.fails = ERR_DELIVERY;
	s.taker.fails_at = "A";
	play_round(&s);
	assert_state(&s, "A", "quarantined");
	s.taker.fails = 0;
	s.taker.fails_at = NULL;
	ask_retry(&s, "A");
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "acknowledged");
	stage_end(&s);
}
END_TEST

/* It still cannot be read: it stays, its request is done, and nobody tries for ever. */
START_TEST(what_stays_unreadable_stays)
{
	const char *first;
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), JUNK);
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), GET("B"), ACK("OK", "04000"), LIST(ENTRY("A")));
	SAY(&s, LIST(ENTRY("A")));
	stage_begin(&s);
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "quarantined");
	ck_assert_int_eq(rows_int(shipment(&s, "A"), 0, "attempts"), 1);
	first = rows_text(shipment(&s, "A"), 0, "refusal");
	ask_retry(&s, "A");
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "quarantined");
	assert_state(&s, "B", "acknowledged");
	ck_assert_int_eq(rows_int(shipment(&s, "A"), 0, "attempts"), 2);
	/* The sentence of the second reading says where as well as that of the first. */
	ck_assert_str_eq(first, "connection nord, shipment A: get: answer is text/xml, "
				"expected a SOAP message");
	ck_assert_str_eq(rows_text(shipment(&s, "A"), 0, "refusal"),
			 "connection nord, shipment A: answer is text/xml, "
			 "expected a SOAP message");
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	ck_assert_int_eq(rows_int(shipment(&s, "A"), 0, "attempts"), 2);
	stage_end(&s);
}
END_TEST

static void ask_fetch(struct stage *s, const char *id, bool listed)
{
	const char *unlisted = NULL;
	struct lease lease;

	ck_assert(lease_claim_now(&lease, s->poller.db, s->broker, "test", "nord", s->mem, &s->e));
	ck_assert_msg(kept_relist(&unlisted, &s->poller, "nord", lease.fence, id, s->mem, &s->e),
		      "%s", s->e.text);
	ck_assert(listed == !unlisted);
	lease_release(&lease, s->poller.db, s->broker);
}

static const char *raw_of(struct stage *s, const char *id)
{
	return rows_text(shipment(s, id), 0, "raw");
}

/* The insurer offers it no more, or refuses it: what was kept stays, with its sentence, and can still be read. */
START_TEST(what_cannot_be_fetched_anew_stays_as_it_was)
{
	const char *raw, *refusal;
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), GET("A"));
	SAY(&s, LIST_EMPTY);
	SAY(&s, LIST(ENTRY("A")), DOWN);
	SAY(&s, LIST(ENTRY("A")), FAULT("04002"));
	SAY(&s, LIST(ENTRY("A")), ACK("OK", "04000"));
	stage_begin(&s);
	s.taker.fails = ERR_DELIVERY;
	s.taker.fails_at = "A";
	play_round(&s);
	s.taker.fails = 0;
	s.taker.fails_at = NULL;
	raw = raw_of(&s, "A");
	refusal = rows_text(shipment(&s, "A"), 0, "refusal");
	ask_fetch(&s, "A", true);
	for (int round = 0; round < 3; round++) { /* gone, away, refused */
		play_round(&s);
		assert_state(&s, "A", "quarantined");
		ck_assert_str_eq(raw_of(&s, "A"), raw);
		ck_assert_str_eq(rows_text(shipment(&s, "A"), 0, "refusal"), refusal);
		ck_assert(!rows_text(shipment(&s, "A"), 0, "unlisted") == (round > 0));
		ck_assert(!rows_text(shipment(&s, "A"), 0, "fetch_refusal") == (round == 0));
		ck_assert(!rows_text(shipment(&s, "A"), 0, "fetch_asked") == (round == 2));
	}
	ask_retry(&s, "A");
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "acknowledged");
	stage_end(&s);
}
END_TEST

START_TEST(what_is_fetched_anew_and_good_is_stored)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), JUNK);
	SAY(&s, LIST(ENTRY("A")), JUNK);
	SAY(&s, LIST(ENTRY("A")), GET("A"), ACK("OK", "04000"), LIST_EMPTY);
	stage_begin(&s);
	play_round(&s);
	for (int round = 0; round < 2; round++) {
		ask_fetch(&s, "A", true);
		play_round(&s);
		assert_state(&s, "A", round ? "acknowledged" : "quarantined");
		ck_assert_ptr_null(rows_text(shipment(&s, "A"), 0, "fetch_asked"));
		ck_assert_ptr_null(rows_text(shipment(&s, "A"), 0, "fetch_refusal"));
	}
	stage_end(&s);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("retry");

	tcase_add_test(tc, kept_is_read_again_without_fetching);
	tcase_add_test(tc, what_stays_unreadable_stays);
	tcase_add_test(tc, what_cannot_be_fetched_anew_stays_as_it_was);
	tcase_add_test(tc, what_is_fetched_anew_and_good_is_stored);
	return stage_main("retry", tc);
}
