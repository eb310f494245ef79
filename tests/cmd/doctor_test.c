/* doctor_test.c -- `vorpost doctor`: every trouble is found, and nothing else. */
#include "program.h"

/* An installation in which nothing is wrong: a connection that is not due yet, an endpoint with nothing to get. */
static void healthy(void)
{
	char *secret = talloc_asprintf(program.mem, "%s/secret", program.place);

	unlink(secret);
	program_write(program.password, "geheim\n", 0600);
	connection_made("west", 1);
	program_gives(
		0,
		talloc_asprintf(program.mem,
				"endpoint add push https://a.example/ --types all --secret-file %s",
				secret));
}

START_TEST(nothing_is_wrong)
{
	healthy();
	program_run("doctor");
	ck_assert_msg(!strstr(program.out, "TROUBLE  west") &&
			      !strstr(program.out, "TROUBLE  push"),
		      "%s", program.out);
	program_gives(0, "doctor");
	program_says(out, "quarantine");
}
END_TEST

START_TEST(nothing_is_set_up)
{
	program_gives(1, "doctor");
	program_says(out, "none yet: vorpost connection add");
}
END_TEST

#define DOCUMENT                                                                                   \
	"insert into shipment (broker, connection, shipment_id, state, stored_at) values"          \
	" ('demo', 'west', 'S', 'acknowledged', now()); insert into document (broker,"             \
	" document_id, connection, shipment_id, transfer_no, file_no, media_type, size, sha256,"   \
	" issuer, numbers, facts, state, tier, reason, evidence, candidates, received_at) values"  \
	" ('demo', '01900000-0000-7000-8000-000000000001', 'west', 'S', 1, 1, 'a/b', 1, '',"       \
	" 'north', '[]', '{}', 'queued', 'none', 'number_unknown', '[]', '[]', now() - interval '%s')"

static const struct {
	const char *sql, *says;
	int code;
} cases[] = {
	{ "update connection set state = 'paused', pause_reason = 'move'", "TROUBLE  west", 1 },
	{ "update connection set last_error = 'no route'", "no route", 1 },
	{ "update connection set due_at = now() - interval '25 hours'", "vorpost serve", 1 },
	{ "update connection set due_at = now() - interval '23 hours'", "ok       west", 0 },
	{ "update connection set secret_file = '/nowhere/password'", "/nowhere/password", 1 },
	{ "update connection set ca_file = '/nowhere/ca'", "/nowhere/ca", 1 },
	{ "insert into shipment (broker, connection, shipment_id, state) values"
	  " ('demo', 'west', 'S', 'quarantined')",
	  "TROUBLE  quarantine", 1 },
	{ "insert into shipment (broker, connection, shipment_id, state, stored_at) values"
	  " ('demo', 'west', 'S', 'stored', now() - interval '25 hours')",
	  "TROUBLE  unacknowledged", 1 },
	{ "insert into shipment (broker, connection, shipment_id, state, stored_at) values"
	  " ('demo', 'west', 'S', 'stored', now())",
	  "ok       unacknowledged", 0 },
	{ "insert into shipment (broker, connection, shipment_id, state, stored_at, acknowledge_from, hold) values"
	  " ('demo', 'west', 'S', 'stored', now(), 'infinity', 'link')",
	  "TROUBLE  link", 1 },
	{ "insert into shipment (broker, connection, shipment_id, unlisted_at) values"
	  " ('demo', 'west', 'S', now())",
	  "TROUBLE  unlisted", 1 },
	{ "insert into shipment (broker, connection, shipment_id, unlisted_at) values"
	  " ('demo', 'west', 'S', now() - interval '15 days')",
	  "ok       unlisted", 0 },
	{ "update endpoint set state = 'disabled'", "TROUBLE  push", 1 },
	{ "update endpoint set failures = 2, last_error = 'HTTP 500'", "HTTP 500", 1 },
	{ "update endpoint set secret_file = '/nowhere/secret'", "/nowhere/secret", 1 },
	{ "insert into event (broker, id, aggregatetype, aggregateid, type, payload, occurred_at) values"
	  " ('demo', '01900000-0000-7000-8000-000000000002', 'broker', 'w', 'document.unmatched', '{}',"
	  " now() - interval '2 hours')",
	  "TROUBLE  push", 1 },
};

START_TEST(every_trouble_is_found)
{
	healthy();
	program_sql(cases[_i].sql);
	program_gives(cases[_i].code, "doctor");
	program_says(out, cases[_i].says);
}
END_TEST

START_TEST(documents_may_wait_but_not_for_ever)
{
	healthy();
	program_sql(talloc_asprintf(program.mem, DOCUMENT, "6 days"));
	program_gives(0, "doctor");
	program_says(out, "1 documents wait for a person");
	program_sql("update document set received_at = now() - interval '8 days'");
	program_gives(1, "doctor");
	program_says(out, "TROUBLE  queue");
}
END_TEST

START_TEST(files_that_others_may_read)
{
	healthy();
	chmod(program.password, 0644);
	program_gives(1, "doctor");
	program_says(out, "chmod 600");
}
END_TEST

/* What no command needs today is missed tomorrow: it is told today. */
START_TEST(schema_changed_by_hand)
{
	healthy();
	program_sql("alter table replay_lane rename to replay_lane_away");
	program_gives(1, "doctor");
	program_sql("alter table replay_lane_away rename to replay_lane");
	program_says(out, "TROUBLE  schema");
	program_says(out, "changed by hand");
	program_says(out, "42P01");
	program_gives(0, "doctor");
	program_says(out, "every statement fits it");
}
END_TEST

START_TEST(brokers_are_not_kept_apart)
{
	healthy();
	program_gives(0, "doctor");
	program_says(out, "kept apart by row-level security");
	program_sql("alter table contract disable row level security");
	program_gives(1, "doctor");
	program_sql("alter table contract enable row level security");
	program_says(out, "TROUBLE  brokers");
	program_says(out, "the API refuses to work: no policy on contract");
}
END_TEST

/* North's picture [NS-]######## is sure of itself, and the stock knows better. */
START_TEST(a_picture_joins_two_contracts)
{
	healthy();
	program_sql(
		"insert into contract (broker, contract_id, issuer, vu, number, line, customer_id, source) values"
		" ('demo', 'K1', 'north', '9001', 'NS27182818', '050', 'C1', 'api'),"
		" ('demo', 'K2', 'north', '9001', '27182819', '050', 'C2', 'api')");
	program_gives(0, "doctor");
	program_says(out, "ok       number pictures        none joins");
	program_sql("update contract set number = '27182818', changed_at = clock_timestamp()"
		    " where contract_id = 'K2'");
	program_gives(1, "doctor");
	program_says(out, "TROUBLE  number pictures");
	program_says(out, "it would join two contracts of the stock, K2 and K1");
	program_gives(1, "insurers check --stock");
	program_says(out, "it would join two contracts of the stock, K2 and K1");
}
END_TEST

/* The stock is read for it once a change, of a contract or of the rules; check reads it whenever it is asked. */
START_TEST(what_joins_is_looked_up_once)
{
	healthy();
	program_sql(
		"insert into contract (broker, contract_id, issuer, vu, number, line, customer_id, source) values"
		" ('demo', 'K1', 'north', '9001', 'NS27182818', '050', 'C1', 'api'),"
		" ('demo', 'K2', 'north', '9001', '27182819', '050', 'C2', 'api')");
	program_gives(0, "doctor");
	program_sql(
		"update contract set number = '27182818' where contract_id = 'K2'"); /* unseen */
	program_gives(0, "doctor");
	program_gives(1, "insurers check --stock");
	program_sql("update picture_joins set rules = 'others'");
	program_gives(1, "doctor");
	program_says(out, "it would join two contracts of the stock, K2 and K1");
	program_sql("update contract set number = '27182819' where contract_id = 'K2'");
	program_gives(1, "doctor");
	program_says(out, "it would join two contracts of the stock, K2 and K1");
	program_sql("delete from contract where contract_id = 'K1'");
	program_gives(0, "doctor");
	ck_assert_str_eq(
		program_sql("select count(*) || ' ' || min(joins::text) from picture_joins"),
		"1 []");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("doctor");

	tcase_add_test(tc, nothing_is_wrong);
	tcase_add_test(tc, nothing_is_set_up);
	tcase_add_loop_test(tc, every_trouble_is_found, 0, sizeof cases / sizeof *cases);
	tcase_add_test(tc, documents_may_wait_but_not_for_ever);
	tcase_add_test(tc, files_that_others_may_read);
	tcase_add_test(tc, schema_changed_by_hand);
	tcase_add_test(tc, brokers_are_not_kept_apart);
	tcase_add_test(tc, a_picture_joins_two_contracts);
	tcase_add_test(tc, what_joins_is_looked_up_once);
	return program_cases(suite_create("doctor"), tc);
}
