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

int main(void)
{
	TCase *tc = tcase_create("doctor");

	tcase_add_test(tc, nothing_is_wrong);
	tcase_add_test(tc, nothing_is_set_up);
	tcase_add_loop_test(tc, every_trouble_is_found, 0, sizeof cases / sizeof *cases);
	tcase_add_test(tc, documents_may_wait_but_not_for_ever);
	tcase_add_test(tc, files_that_others_may_read);
	return program_cases(suite_create("doctor"), tc);
}
