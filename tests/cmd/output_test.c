/* output_test.c -- what the commands print for machines: one JSON value, numbers as numbers, or a refusal. */
#include "program.h"

#include "base/clock.h"

/* The whole output as one JSON value; fails the case if it is none. */
static json_t *json_out(const char *words)
{
	json_error_t error;
	json_t *json;

	program_gives(0, words);
	json = json_loads(program.out, 0, &error);
	ck_assert_msg(json != NULL, "'%s': %s in %s", words, error.text, program.out);
	return json;
}

/* One shipment with one document in the queue, one event, one endpoint. */
static void something(void)
{
	connection_made("west", 1);
	program_sql(
		"insert into shipment (broker, connection, shipment_id, state, stored_at, attempts)"
		" values ('demo', 'west', 'S-1', 'stored', '2025-03-03 07:00:00+01', 2)");
	program_sql(
		"insert into document (broker, document_id, connection, shipment_id, transfer_no,"
		" file_no, media_type, size, sha256, issuer, numbers, facts, state, tier, reason,"
		" evidence, candidates) values ('demo', '01900000-0000-7000-8000-000000000001',"
		" 'west', 'S-1', 1, 1, 'application/pdf', 100, repeat('0', 64), 'north', '[]', '{}',"
		" 'queued', 'none', 'number_unknown', '[]', '[]')");
	program_sql(
		"insert into event (broker, id, aggregatetype, aggregateid, type, payload) values"
		" ('demo', '01900000-0000-7000-8000-000000000002', 'broker', 'west',"
		" 'document.unmatched', '{}')");
	program_sql("insert into endpoint (broker, endpoint, url, secret_file)"
		    " values ('demo', 'push', 'https://a.example/', '/x')");
}

START_TEST(stats_are_one_object)
{
	json_t *all;

	something();
	all = json_out("stats --output json");
	ck_assert_uint_eq(json_object_size(all), 5);
	ck_assert_int_eq(json_integer_value(json_object_get(
				 json_array_get(json_object_get(all, "connections"), 0), "stored")),
			 1);
	ck_assert_str_eq(json_string_value(json_object_get(
				 json_array_get(json_object_get(all, "queue"), 0), "reason")),
			 "number_unknown");
	ck_assert(json_is_integer(
		json_object_get(json_array_get(json_object_get(all, "endpoints"), 0), "behind")));
	json_decref(all);
	all = json_out("stats events --output json");
	ck_assert_uint_eq(json_object_size(all), 1);
	json_decref(all);
}
END_TEST

START_TEST(a_verdict_is_one_object)
{
	json_t *all, *verdict;

	something();
	all = json_out("match explain 01900000-0000-7000-8000-000000000001 --output json");
	verdict = json_object_get(all, "verdict");
	ck_assert_str_eq(json_string_value(json_object_get(all, "state")), "queued");
	ck_assert(json_is_false(json_object_get(verdict, "filed")));
	ck_assert_str_eq(json_string_value(json_object_get(verdict, "reason")), "no_number");
	ck_assert(json_is_array(json_object_get(all, "numbers")));
	ck_assert_uint_eq(json_array_size(json_object_get(verdict, "evidence")), 1);
	json_decref(all);
	setenv("LANG", "de_DE.UTF-8", 1);
	program_gives(0, "match explain 01900000-0000-7000-8000-000000000001");
	unsetenv("LANG");
	program_says(out, "es wurde keine Vertragsnummer geliefert");
	ck_assert_ptr_null(strstr(program.out, "no contract number"));
}
END_TEST

START_TEST(the_doctor_for_machines)
{
	json_error_t error;
	json_t *all;

	program_run("doctor --output json");
	all = json_loads(program.out, 0, &error);
	ck_assert_msg(json_is_array(all), "%s in %s", error.text, program.out);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(all, 0), "what")),
			 "configuration");
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(all, 0), "state")), "ok");
	json_decref(all);
}
END_TEST

START_TEST(stats_of_nothing_are_an_object_too)
{
	json_t *all = json_out("stats --output json");

	ck_assert_uint_eq(json_object_size(all), 5);
	ck_assert_uint_eq(json_array_size(json_object_get(all, "events")), 0);
	json_decref(all);
	program_gives(0, "stats");
	program_says(out, "nothing waits");
}
END_TEST

START_TEST(csv_is_one_list)
{
	something();
	program_gives(64, "stats --output csv");
	program_gives(0, "stats events --output csv");
	ck_assert_str_eq(program.out, "type,events,numbered\ndocument.unmatched,1,0\n");
	program_gives(64, "stats nonsense");
	program_gives(64, "delivery show west S-1 --output csv");
	program_gives(64, "queue show 01900000 --output csv");
}
END_TEST

START_TEST(a_shipment_as_json)
{
	json_t *all, *document;

	something();
	all = json_out("delivery show west S-1 --output json");
	ck_assert_str_eq(json_string_value(json_object_get(all, "stored")), "2025-03-03T06:00:00Z");
	ck_assert_int_eq(json_integer_value(json_object_get(all, "attempts")), 2);
	ck_assert(json_is_null(json_object_get(all, "refusal")));
	document = json_array_get(json_object_get(all, "documents"), 0);
	ck_assert_int_eq(json_integer_value(json_object_get(document, "size")), 100);
	ck_assert_str_eq(json_string_value(json_object_get(document, "state")), "queued");
	json_decref(all);
	program_gives(0, "delivery show west S-1");
	program_says(out, "2025-03-03T06:00:00Z");
}
END_TEST

START_TEST(a_queued_document_as_json)
{
	json_t *all;
	const char *received;

	something();
	all = json_out("queue show 01900000 --output json");
	received = json_string_value(json_object_get(all, "received_at"));
	ck_assert_uint_eq(strlen(received), strlen("2025-03-03T06:00:00Z"));
	ck_assert_int_eq(received[19], 'Z');
	json_decref(all);
}
END_TEST

/* Names, not keys and codes, in the reader's language. */
START_TEST(names_and_not_codes)
{
	something();
	program_sql(
		"update document set line = '130', numbers = '[{\"kind\": \"policy\", \"value\": \"\"}]'");
	program_gives(0, "queue show 01900000");
	program_says(out, "Northern Invented (north)");
	program_says(out, "130 household contents");
	program_says(out, "policy number: empty");
	setenv("LANG", "de_DE.UTF-8", 1);
	program_gives(0, "queue show 01900000");
	program_says(out, "130 Hausrat");
	program_says(out, "Vertragsnummer leer geliefert");
	program_sql(
		"insert into contract (broker, contract_id, issuer) values ('demo', 'C-1', 'north')");
	program_gives(0, "queue assign 01900000 C-1 --no-alias --dry-run");
	program_says(out, "würde abgelegt bei Vertrag C-1\n");
	program_says(out, "geändert ist nichts\n");
	ck_assert_str_eq(program_sql("select state from document"), "queued");
	program_sql("update document set numbers = '[{\"kind\": \"policy\", \"value\": \"X-1\"}]'");
	program_gives(0, "match explain 01900000");
	program_says(out,
		     "Vertragsnummer „X-1“ bei Ended Invented (ended), Verträge von 9005: benennt");
	program_gives(0, "queue assign 01900000 C-1 --no-alias --confirm other_insurer");
	unsetenv("LANG");
	program_says(out, "ist abgelegt bei Vertrag C-1\n");
	program_says(out, "seine Nummer wurde nicht gemerkt: so gewünscht");
}
END_TEST

/* An undo says what became of the document, which may be something else than it was. */
START_TEST(an_undo_says_where_the_document_is_now)
{
	something();
	program_sql(
		"insert into contract (broker, contract_id, issuer, number, first_name, name) values"
		" ('demo', 'C-1', 'north', 'K-1', 'Ada', 'Demo')");
	program_gives(0, "queue assign 01900000 C-1");
	program_says(
		out,
		"is filed to contract C-1\n    K-1, Ada Demo (C-1), Northern Invented (north)\n");
	program_gives(69, "queue assign 01900000 C-1");
	program_gives(0, "queue undo 01900000");
	program_says(out, "it is queued now: ");
	program_gives(69, "queue undo 01900000");
	program_gives(66, "queue undo 01900001");
}
END_TEST

/* Each answer to a person in German, without a word of English and without a code. */
START_TEST(decisions_in_german)
{
	char tomorrow[CLOCK_TEXT_SIZE];
	const char *postpone =
		talloc_asprintf(program.mem, "queue postpone 01900000 %s",
				clock_text(tomorrow, clock_wall_ms() + 24 * 3600 * 1000));
	const struct {
		const char *words, *says;
	} cases[] = {
		{ postpone, "ist zurückgestellt bis 20" },
		{ "queue undo 01900000",
		  "die Zurückstellung ist zurückgenommen\nes wartet jetzt: " },
		{ "queue hand-over 01900000 Ilse", "liegt jetzt bei Ilse\n" },
		{ "queue undo 01900000", "die Übergabe ist zurückgenommen\n" },
		{ "queue ignore 01900000 --reason other", "bleibt unbeachtet\n" },
		{ "queue undo 01900000", "es ist nicht mehr unbeachtet\n" },
		{ "queue assign 01900000 C-1", "der Kunde erfährt es sofort" },
		{ "queue undo 01900000", "die Ablage ist zurückgenommen\n" },
	};

	something();
	program_sql(
		"insert into contract (broker, contract_id, issuer, number) values ('demo', 'C-1', 'north', 'K-1')");
	setenv("LANG", "de_DE.UTF-8", 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		static const char *const english[] = { " is ", " now", "customer", "taken", "_" };

		program_gives(0, cases[i].words);
		program_says(out, cases[i].says);
		for (size_t k = 0; k < sizeof(english) / sizeof(*english); k++)
			ck_assert_msg(!strstr(program.out, english[k]), "%s: %s", cases[i].words,
				      program.out);
	}
	unsetenv("LANG");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("output");

	tcase_add_test(tc, stats_are_one_object);
	tcase_add_test(tc, a_verdict_is_one_object);
	tcase_add_test(tc, the_doctor_for_machines);
	tcase_add_test(tc, stats_of_nothing_are_an_object_too);
	tcase_add_test(tc, csv_is_one_list);
	tcase_add_test(tc, a_shipment_as_json);
	tcase_add_test(tc, a_queued_document_as_json);
	tcase_add_test(tc, names_and_not_codes);
	tcase_add_test(tc, decisions_in_german);
	tcase_add_test(tc, an_undo_says_where_the_document_is_now);
	return program_cases(suite_create("output"), tc);
}
