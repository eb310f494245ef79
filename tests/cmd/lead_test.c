/* lead_test.c -- the commands about letters: rules, figures, and the queue in the order of what can still be saved. */
#include "base/clock.h"
#include "events/calendar.h"
#include "program.h"

static json_t *json_out(const char *words)
{
	json_error_t error;
	json_t *json;

	program_gives(0, words);
	json = json_loads(program.out, 0, &error);
	ck_assert_msg(json != NULL, "'%s': %s in %s", words, error.text, program.out);
	return json;
}

static const char *text_of(const json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name));
}

static int64_t int_of(const json_t *row, const char *name)
{
	return json_integer_value(json_object_get(row, name));
}

/* ---- rules ---- */

START_TEST(rules_are_set_shown_and_forgotten)
{
	json_t *list = json_out("letter list --output json");

	ck_assert_uint_eq(json_array_size(list), 1); /* what is shipped */
	ck_assert_str_eq(text_of(json_array_get(list, 0), "twin"), "unknown");
	json_decref(list);
	program_gives(0, "letter set north invoice --twin yes --lag 2 --source letter --dry-run");
	program_says(out, "nothing was changed");
	program_says(out, "was twin unknown, 1");
	ck_assert_str_eq(program_sql("select count(*) from letter_rule"), "0");
	program_gives(0, "letter set north invoice --twin yes --lag 2 --source letter --by Erika");
	program_gives(0, "letter set north invoice --twin no --source call --by Erika");
	list = json_out("letter list --output json");
	ck_assert_uint_eq(json_array_size(list), 2);
	ck_assert_str_eq(text_of(json_array_get(list, 0), "issuer"), "north");
	ck_assert_str_eq(text_of(json_array_get(list, 0), "twin"), "no");
	ck_assert_str_eq(text_of(json_array_get(list, 0), "by"), "Erika");
	ck_assert_int_eq(int_of(json_array_get(list, 0), "lag_days"), 1);
	json_decref(list);
	program_gives(0, "letter remove north invoice");
	program_gives(66, "letter remove north invoice");
}
END_TEST

static const char *const refused[] = {
	"letter set north invoice --lag 1 --source x",
	"letter set north invoice --twin maybe --source x",
	"letter set north invoice --twin yes",
	"letter set north invoice --twin yes --source x --lag 31",
	"letter set north invoice --twin yes --source x --lag -1",
	"letter set north invoice --twin yes --source x --confidence sure",
	"letter set nobody invoice --twin yes --source x",
	"letter set north nonsense --twin yes --source x",
	"queue list --sort size",
	"queue list --limit 0",
	"stats lead --since yesterday",
	"stats lead --since 2025-02-29",
};

START_TEST(what_is_refused_in_words)
{
	program_gives(64, refused[_i]);
	ck_assert(program.err[0]);
	ck_assert_str_eq(program_sql("select count(*) from letter_rule"), "0");
}
END_TEST

/* What is asked for and is not there must not look like an empty list. */
START_TEST(words_that_nobody_knows)
{
	program_gives(64, "queue list --reason nope");
	program_says(err, "there are ");
	program_says(err, "number_unknown, ");
	program_gives(66, "match again --insurer nope --dry-run");
	program_says(err, "no insurer file is named or registered \"nope\"");
	program_gives(0, "match again --insurer 9001 --dry-run");
}
END_TEST

/* ---- documents ---- */

/* Local days from today; the third working day back at least is surely posted and delivered. */
static char *local_day(int days)
{
	char *text = talloc_array(program.mem, char, DAY_TEXT_SIZE);

	return day_text(text, day_local(clock_wall_ms()) + days);
}

static void document_put(int no, const char *state, const char *dated, const char *more)
{
	program_sql(talloc_asprintf(
		program.mem,
		"insert into document (broker, document_id, connection, shipment_id, transfer_no,"
		" file_no, media_type, size, sha256, issuer, business_case, numbers, facts, state,"
		" contract_id, tier, reason, evidence, candidates, received_at, decided_at) values"
		" ('demo', '01900000-0000-7000-8000-00000000000%d', 'west', 'S-1', 1, %d,"
		" 'application/pdf', 100, repeat('0', 64), 'north', '140013000', '[]',"
		" '{\"document\": {\"created\": \"%s\"}}', '%s', %s, 'none', 'number_unknown',"
		" '[]', '[]', now() - %d * interval '1 minute', now() %s)",
		no, no, dated, state, !strcmp(state, "filed") ? "'C'" : "null", 20 - no, more));
}

static void scene(const char *listed)
{
	connection_made("west", 1);
	program_sql(talloc_asprintf(program.mem,
				    "insert into shipment (broker, connection, shipment_id, state,"
				    " first_listed_at, stored_at) values ('demo', 'west', 'S-1',"
				    " 'stored', %s, now())",
				    listed));
}

START_TEST(the_queue_begins_with_what_can_still_be_saved)
{
	json_t *list;

	scene("now()");
	document_put(1, "queued", local_day(-30), ""); /* gone, the oldest in the queue */
	document_put(2, "queued", local_day(20), "");
	document_put(3, "queued", "", ""); /* received just now: saved next */
	document_put(4, "queued", local_day(-9), "");
	list = json_out("queue list --output json");
	ck_assert_uint_eq(json_array_size(list), 4);
	ck_assert_int_eq(text_of(json_array_get(list, 0), "document")[35], '3');
	ck_assert_int_eq(text_of(json_array_get(list, 1), "document")[35], '2');
	ck_assert_int_eq(text_of(json_array_get(list, 2), "document")[35], '4');
	ck_assert_int_eq(text_of(json_array_get(list, 3), "document")[35], '1');
	ck_assert_str_eq(text_of(json_array_get(list, 3), "lead"), "gone");
	ck_assert_ptr_nonnull(strstr(text_of(json_array_get(list, 1), "lead"), " d"));
	json_decref(list);
	list = json_out("queue list --sort age --limit 2 --output json");
	ck_assert_uint_eq(json_array_size(list), 2);
	ck_assert_int_eq(text_of(json_array_get(list, 0), "document")[35], '1');
	ck_assert_int_eq(text_of(json_array_get(list, 1), "document")[35], '2');
	json_decref(list);
	program_gives(0, "letter set north * --twin no --source letter");
	list = json_out("queue list --output json --limit 1");
	ck_assert_str_eq(text_of(json_array_get(list, 0), "lead"), "only");
	ck_assert_int_eq(text_of(json_array_get(list, 0), "document")[35], '1');
	json_decref(list);
	list = json_out("queue list --output json --reason number_unknown --insurer south");
	ck_assert_uint_eq(json_array_size(list), 0);
	json_decref(list);
}
END_TEST

/* ---- figures ---- */

static void contract_put(void)
{
	program_sql("insert into contract (broker, contract_id, issuer) values"
		    " ('demo', 'C', 'north')");
}

START_TEST(figures_by_insurer_and_type)
{
	json_t *all, *row;

	scene("now()");
	contract_put();
	program_gives(0, "letter set north invoice --twin yes --source letter");
	document_put(1, "filed", local_day(0), "");
	document_put(2, "filed", local_day(0), "");
	document_put(3, "filed", local_day(-30), ""); /* the insurer's doing */
	document_put(4, "queued", local_day(0), "");  /* open: not counted */
	document_put(5, "queued", local_day(-30), "");
	all = json_out("stats lead --output json");
	row = json_array_get(json_object_get(all, "lead"), 0);
	ck_assert_str_eq(text_of(row, "issuer"), "north");
	ck_assert_str_eq(text_of(row, "category"), "invoice");
	ck_assert_str_eq(text_of(row, "twin"), "yes");
	ck_assert_int_eq(int_of(row, "documents"), 4);
	ck_assert_int_eq(int_of(row, "in_time"), 2);
	ck_assert_int_eq(int_of(row, "below_0_h"), 2);
	ck_assert_str_eq(text_of(row, "share"), "50 %");
	ck_assert_str_eq(text_of(row, "estimate"), "estimate, n = 0");
	row = json_array_get(json_object_get(all, "lost"), 0);
	ck_assert_str_eq(text_of(row, "lost_by"), "insurer");
	ck_assert_int_eq(int_of(row, "documents"), 2);
	ck_assert_uint_eq(json_array_size(json_object_get(all, "lost")), 1);
	row = json_array_get(json_object_get(all, "objectives"), 2);
	ck_assert_str_eq(text_of(row, "objective"), "lead");
	ck_assert_str_eq(text_of(row, "holds"), "no");
	ck_assert_int_eq(int_of(row, "documents"), 3); /* one waits for a person */
	json_decref(all);
	program_gives(0, "stats lead");
	program_says(out, "█");
	program_says(out, "estimate, n = 0");
	program_gives(0, "stats lead --output csv");
	program_says(out, "below_0_h");
	all = json_out("stats lead --issuer south --output json");
	ck_assert_uint_eq(json_array_size(json_object_get(all, "lead")), 0);
	json_decref(all);
}
END_TEST

/* Known in time, listed late: once without, once with a failed connection. */
START_TEST(an_outage_is_no_poll_gap)
{
	char *posted = talloc_asprintf(program.mem, "%sT06:00:00", local_day(-30));
	json_t *all, *lost;

	scene("now()");
	contract_put();
	document_put(1, "filed", local_day(-30), "");
	program_sql(talloc_asprintf(program.mem,
				    "update document set facts = jsonb_set(facts, '{shipment}',"
				    " '{\"posted\": \"%s\"}')",
				    posted));
	all = json_out("stats lead --output json");
	lost = json_array_get(json_object_get(all, "lost"), 0);
	ck_assert_str_eq(text_of(lost, "lost_by"), "poll gap");
	json_decref(all);
	program_sql("insert into event (broker, id, aggregatetype, aggregateid, type, payload,"
		    " occurred_at) values ('demo', '01900000-0000-7000-8000-000000000009',"
		    " 'broker', 'west', 'connection.failed', '{}', now() - interval '5 days')");
	all = json_out("stats lead --output json");
	lost = json_array_get(json_object_get(all, "lost"), 0);
	ck_assert_str_eq(text_of(lost, "lost_by"), "outage");
	json_decref(all);
}
END_TEST

/* Everything in time but the last step: the clerk's, the release's, the consumer's. */
START_TEST(who_waited_lost_it)
{
	json_t *all, *lost;

	scene("now() - interval '30 days'");
	contract_put();
	program_sql("update shipment set stored_at = first_listed_at");
	document_put(1, "filed", local_day(-30), "- interval '30 days'");
	program_sql("update document set customer_id = 'K'");
	all = json_out("stats lead --output json");
	ck_assert_uint_eq(json_array_size(json_object_get(all, "lost")), 0);
	json_decref(all);
	program_sql(
		"insert into release (broker, document_id, attachment, attached_at, contract_id,"
		" customer_id, notice, state, rule, hold_s) select broker, document_id,"
		" gen_random_uuid(), decided_at, 'C', 'K', '{}', 'waiting', 'default', 0"
		" from document");
	all = json_out("stats lead --output json");
	lost = json_array_get(json_object_get(all, "lost"), 0);
	ck_assert_str_eq(text_of(lost, "lost_by"), "release");
	json_decref(all);
	program_sql("update release set state = 'released', released_at = now()");
	all = json_out("stats lead --output json");
	ck_assert_uint_eq(json_array_size(json_object_get(all, "lost")), 1);
	lost = json_array_get(json_object_get(all, "lost"), 0);
	ck_assert_str_eq(text_of(lost, "lost_by"), "release");
	json_decref(all);
	program_sql("update release set released_at = attached_at");
	program_sql("insert into event (broker, id, aggregatetype, aggregateid, type, payload)"
		    " select broker, '01900000-0000-7000-8000-000000000008', 'customer', 'K',"
		    " 'document.released', jsonb_build_object('document_id', document_id)"
		    " from document");
	program_sql("insert into feedback (broker, consumer, source, id, webhook_id, type,"
		    " event_id, happened_at) values ('demo', 'push', 's', '1', 'w',"
		    " 'notification.accepted', '01900000-0000-7000-8000-000000000008', now())");
	all = json_out("stats lead --output json");
	lost = json_array_get(json_object_get(all, "lost"), 0);
	ck_assert_str_eq(text_of(lost, "lost_by"), "consumer");
	json_decref(all);
	program_sql("update release set state = 'withheld', released_at = null");
	all = json_out("stats lead --output json");
	ck_assert_uint_eq(json_array_size(json_object_get(all, "lead")), 0);
	json_decref(all);
	program_sql("update document set state = 'queued', contract_id = null");
	all = json_out("stats lead --output json");
	lost = json_array_get(json_object_get(all, "lost"), 0);
	ck_assert_str_eq(text_of(lost, "lost_by"), "queue");
	json_decref(all);
}
END_TEST

START_TEST(figures_of_nothing)
{
	json_t *all = json_out("stats lead --output json");

	ck_assert_uint_eq(json_array_size(json_object_get(all, "lead")), 0);
	ck_assert_str_eq(text_of(json_array_get(json_object_get(all, "objectives"), 0), "holds"),
			 "no data");
	json_decref(all);
	program_gives(0, "stats lead");
	program_says(out, "no document for a customer");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("lead");

	tcase_add_test(tc, rules_are_set_shown_and_forgotten);
	tcase_add_test(tc, words_that_nobody_knows);
	tcase_add_loop_test(tc, what_is_refused_in_words, 0, sizeof refused / sizeof *refused);
	tcase_add_test(tc, the_queue_begins_with_what_can_still_be_saved);
	tcase_add_test(tc, figures_by_insurer_and_type);
	tcase_add_test(tc, an_outage_is_no_poll_gap);
	tcase_add_test(tc, who_waited_lost_it);
	tcase_add_test(tc, figures_of_nothing);
	return program_cases(suite_create("lead"), tc);
}
