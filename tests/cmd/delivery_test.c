/* delivery_test.c -- `vorpost delivery list|show|release`: what waits, the place of a refusal, who lets something go. */
#include "program.h"

#include <sys/stat.h>

#include "model/business_case.h"

static void held(void)
{
	connection_made("west", 1);
	program_sql(
		"insert into shipment (broker, connection, shipment_id, state, stored_at, acknowledge_from) values"
		" ('demo', 'west', 'H-1', 'stored', now(), 'infinity'),"
		" ('demo', 'west', 'H-2', 'stored', now(), now() + interval '2 hours'),"
		" ('demo', 'west', 'S-1', 'stored', now(), now())");
	program_sql(
		"insert into shipment (broker, connection, shipment_id, state, refusal, attempts, answered_at,"
		" raw_sha256, raw_content_type) values ('demo', 'west', 'Q-1', 'quarantined',"
		" 'get: unexpected element at byte 12', 1, now(), repeat('a', 64), 'text/xml')");
	program_sql(
		"insert into shipment (broker, connection, shipment_id) values ('demo', 'west', 'L-1')");
}

/* The kept answer of Q-1, in the document store. */
static void kept(const char *bytes)
{
	char *folder = talloc_asprintf(program.mem, "%s/state/documents/aa", program.place);
	char name[65];

	program_run("delivery show west Q-1 --raw"); /* makes the store's folders */
	memset(name, 'a', 64);
	name[64] = '\0';
	program_write(talloc_asprintf(program.mem, "%s/%s", folder, name), bytes, 0600);
}

START_TEST(each_state_has_its_list)
{
	held();
	program_gives(0, "delivery list --output csv");
	program_says(out, "Q-1");
	ck_assert_ptr_null(strstr(program.out, "H-1"));
	program_gives(0, "delivery list --state held --output csv");
	program_says(out, "H-1");
	program_says(out, "on release");
	program_says(out, "H-2");
	ck_assert_ptr_null(strstr(program.out, "S-1"));
	program_gives(0, "delivery list --state stored --connection west --output csv");
	program_says(out, "S-1");
	program_gives(0, "delivery list --state open --limit 2 --output csv");
	program_gives(0, "delivery list --state acknowledged");
	program_says(out, "nothing was acknowledged yet");
	program_gives(64, "delivery list --state lost");
	program_gives(0, "delivery list --state gone");
	program_says(out, "knew all");
	program_gives(0, "delivery list --state unlisted");
	program_says(out, "still list all");
	program_sql("update shipment set unlisted_at = now() where shipment_id in ('L-1', 'H-1')");
	program_gives(0, "delivery list --output csv"); /* what never came is trouble */
	program_says(out, "L-1");
	program_says(out, "no longer listed since 2");
	ck_assert_ptr_null(strstr(program.out, "H-1"));
	program_gives(0, "delivery list --state unlisted --output csv");
	program_says(out, "H-1");
	program_gives(64, "delivery list --limit 0");
	program_gives(66, "delivery list --connection nosuch");
	program_says(err, "there is no connection 'nosuch'");
}
END_TEST

START_TEST(release_says_what_it_does_and_what_it_cannot_do)
{
	held();
	program_gives(0, "delivery release west H-1 --dry-run");
	program_says(out, "1 shipment would be released");
	ck_assert_str_eq(program_sql("select count(*) from shipment where released_at is not null"),
			 "0");
	program_gives(0, "delivery release west H-1 --by jana");
	ck_assert_str_eq(program_sql("select released_by from shipment where shipment_id = 'H-1'"),
			 "jana");
	program_gives(69, "delivery release west H-1");
	program_says(err, "already");
	program_gives(69, "delivery release west Q-1");
	program_says(err, "quarantine");
	program_gives(69, "delivery release west L-1");
	program_gives(66, "delivery release west nothing");
	program_gives(66, "delivery release east --all");
	program_gives(64, "delivery release west");
	program_gives(64, "delivery release west H-2 --all");
	program_sql("update shipment set hold = 'link' where shipment_id = 'H-2'");
	program_gives(0, "delivery release west --all");
	program_says(out, "1 shipment released");
	ck_assert_str_eq(
		program_sql("select released_at is null from shipment where shipment_id = 'H-2'"),
		"t");
	program_gives(0, "delivery release west H-2");
	program_says(out, "1 shipment released");
	ck_assert_str_eq(program_sql("select count(*) from connection where due_at <= now()"), "1");
}
END_TEST

/* An insurer that knows a shipment no more leaves it in quarantine for good: a person ends the alarm, never more than that. */
START_TEST(what_nothing_can_be_done_about_is_closed)
{
	held();
	program_gives(64, "delivery close west Q-1");
	program_says(err, "--note");
	program_gives(0, "delivery close west Q-1 --note gone-there --dry-run");
	program_says(out, "would be closed");
	program_gives(0, "delivery list --output csv");
	program_says(out, "Q-1");
	program_gives(0, "delivery close west Q-1 --note gone-there --by jana");
	program_gives(0, "delivery list");
	program_says(out, "the quarantine is empty");
	program_gives(0, "delivery list --state closed --output csv");
	program_says(out, "closed: gone-there");
	program_gives(0, "delivery show west Q-1");
	program_says(out, "jana");
	program_says(out, "delivery retry opens it and tries again");
	ck_assert_str_eq(
		program_sql(
			"select state || ' ' || (raw_sha256 is not null) from shipment where shipment_id = 'Q-1'"),
		"quarantined true");
	program_gives(69, "delivery close west Q-1 --note again");
	program_says(err, "by jana already");
	program_gives(69, "delivery close west H-1 --note why");
	program_says(err, "is stored");
	program_gives(69, "delivery close west L-1 --note why");
	program_gives(66, "delivery close west nothing --note why");
	program_sql("update shipment set unlisted_at = now() where shipment_id = 'L-1'");
	program_gives(0, "delivery close west L-1 --note never-came");
	program_gives(0, "delivery show west L-1");
	program_says(out, "if the insurer lists it again");
	program_gives(64, "delivery close west L-1 --undo --note both");
	program_gives(0, "delivery close west L-1 --undo --dry-run");
	program_gives(0, "delivery close west L-1 --undo");
	program_says(out, "is open again");
	program_gives(69, "delivery close west L-1 --undo");
	program_gives(0, "audit list --output csv");
	program_says(out, "delivery.close");
	program_says(out, "delivery.reopen");
}
END_TEST

static void alarms(bool any)
{
	program_run("doctor");
	ck_assert_msg(any == (strstr(program.out, "shipments could not be read") != NULL), "%s",
		      program.out);
	program_gives(0, "delivery list --output csv");
	ck_assert(any == (strstr(program.out, "Q-1") != NULL));
	program_gives(0, "stats connections --output json");
	program_says(out, any ? "\"quarantined\": 1" : "\"quarantined\": 0");
	program_says(out, any ? "\"expiring\": 1" : "\"expiring\": 0");
}

/* What is closed alarms nowhere, and everywhere again once somebody tries it or takes the closing back. */
START_TEST(what_is_closed_alarms_nobody_until_it_is_opened)
{
	static const struct {
		int exit;
		const char *command;
	} opens[] = { { 0, "delivery close west Q-1 --undo" },
		      { 65, "delivery retry west Q-1" },
		      { 0, "delivery retry west Q-1 --fetch" } };

	held();
	kept("no answer");
	program_sql("delete from shipment where shipment_id = 'L-1'");
	program_sql(
		"update shipment set expires_at = now() + interval '1 day' where shipment_id = 'Q-1'");
	alarms(true);
	program_gives(0, "delivery close west Q-1 --note why");
	alarms(false);
	program_gives(opens[_i].exit, opens[_i].command);
	alarms(true);
}
END_TEST

START_TEST(show_follows_a_shipment_and_says_what_comes_next)
{
	held();
	program_gives(0, "delivery show west H-1");
	program_says(out, "acknowledged when released: vorpost delivery release west H-1");
	program_gives(0, "delivery show west H-2");
	program_says(out, "acknowledged by the first poll after");
	program_gives(0, "delivery show west L-1");
	program_says(out, "the next poll fetches it");
	program_sql("update shipment set hold = 'link' where shipment_id = 'H-1'");
	program_gives(0, "delivery show west H-1");
	program_says(out, "a document is only a link");
	program_says(out, "vorpost delivery release west H-1");
	program_sql("update shipment set unlisted_at = now() where shipment_id = 'L-1'");
	program_gives(0, "delivery show west L-1");
	program_says(out, "ask him to put it out again");
	program_sql("update shipment set state = 'acknowledged', acknowledged_at = now(),"
		    " acknowledgement = 'settled' where shipment_id = 'S-1'");
	program_gives(0, "delivery show west S-1 --output json");
	program_says(out, "no longer listed");
	program_says(out, "\"acknowledgement\": \"settled\"");
}
END_TEST

/* From listing to acknowledgement: what happened, when, and what a person should know of it. */
START_TEST(a_delivery_is_followed_to_its_end)
{
	static const char *const told[] = {
		"fetch_attempts       3",
		"fetch_trouble        get: the service cannot be reached",
		"answered             20",
		"read_by              vorpost-reader 9",
		"signature_policy     required",
		"signature            verified",
		"signer               CN=nord,O=Nordstern",
		"stored               20",
		"acknowledge_mode     automatic",
		"acknowledge_attempts 2",
		"acknowledge_tried    20",
		"acknowledgement      put_off",
		"warning              1 parts are referred to by nothing",
		"it is said to be of type PDF, but its bytes are application/x-dosexec",
		"V-7",
		"K-7",
	};

	held();
	program_sql(
		"update shipment set fetch_attempts = 3, fetch_tried_at = now(), fetch_trouble_at = now(),"
		" fetch_trouble = 'get: the service cannot be reached', answered_at = now(),"
		" acknowledge_attempts = 2, acknowledge_tried_at = now(), acknowledgement = 'put_off',"
		" acknowledge_from = stored_at, facts = '{\"read_by\": \"vorpost-reader 9\","
		" \"signature_policy\": \"required\", \"signature\": \"verified\", \"signer\":"
		" \"CN=nord,O=Nordstern\", \"warnings\": [\"1 parts are referred to by nothing\"]}'"
		" where shipment_id = 'S-1'");
	program_sql(
		"insert into document (broker, document_id, connection, shipment_id, transfer_no, file_no,"
		" name, declared_type, media_type, size, sha256, issuer, numbers, facts, state, contract_id,"
		" customer_id, tier, reason, evidence, candidates) values ('demo', gen_random_uuid(), 'west', 'S-1',"
		" 1, 1, 'Police.pdf', 'application/pdf', 'application/x-dosexec', 2, repeat('0', 64), 'north',"
		" '[]', '{}', 'filed', 'V-7', 'K-7', 'exact', '', '[]', '[]')");
	program_gives(0, "delivery show west S-1");
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		program_says(out, told[i]);
	program_gives(0, "delivery show west S-1 --output json");
	program_says(out, "\"fetch_attempts\": 3");
	program_says(out, "\"1 parts are referred to by nothing\"");
	program_says(out, "\"declared_type\": \"application/pdf\"");
	program_says(out, "\"decided\": \"20");
}
END_TEST

/* Each thing that may become of an acknowledgement has its own sentence, and none is told as another. */
START_TEST(what_became_of_the_acknowledgement_is_said)
{
	static const struct {
		const char *state, *became, *says;
	} cases[] = {
		{ "stored", "null", "none was sent yet" },
		{ "stored", "'unsent'", "did not go out" },
		{ "stored", "'put_off'", "was busy, out of service" },
		{ "stored", "'unanswered'", "went out and was not answered" },
		{ "stored", "'refused'", "the insurer refused the last acknowledgement" },
		{ "acknowledged", "'confirmed'", "nothing; the insurer confirmed" },
		{ "acknowledged", "'before'", "it was acknowledged before" },
		{ "acknowledged", "'gone'", "the insurer has no such shipment" },
	};

	held();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		program_sql(talloc_asprintf(
			program.mem,
			"update shipment set state = '%s', acknowledgement = %s where shipment_id = 'S-1'",
			cases[i].state, cases[i].became));
		program_gives(0, "delivery show west S-1");
		program_says(out, cases[i].says);
		ck_assert(strstr(program.out, "the insurer confirmed") == NULL ||
			  !strcmp(cases[i].became, "'confirmed'"));
	}
	program_gives(0, "delivery list --state gone --output csv");
	program_says(out, "the insurer has no such shipment");
}
END_TEST

/* A link and a refusal wait for a person, each in its own list: neither is held back by the mode. */
START_TEST(what_waits_stands_in_one_list)
{
	held();
	program_sql("update shipment set hold = 'link' where shipment_id = 'H-1'");
	program_sql("update shipment set hold = 'refused', acknowledge_from = 'infinity',"
		    " acknowledge_refusals = 5 where shipment_id = 'S-1'");
	program_gives(0, "delivery list --state held --output csv");
	program_says(out, "H-2");
	ck_assert_ptr_null(strstr(program.out, "H-1"));
	program_gives(0, "delivery list --state link --output csv");
	program_says(out, "H-1");
	program_gives(0, "delivery list --state refused --output csv");
	program_says(out, "refused the acknowledgement 5 times");
	program_gives(0, "delivery show west S-1");
	program_says(out, "ask him, then vorpost delivery release west S-1");
	program_gives(1, "doctor --output csv");
	program_says(out, "1 shipments are acknowledged later");
	program_says(out, "1 shipments have a document that is only a link");
	program_says(out, "1 shipments are here, and their insurers refuse");
	program_gives(0, "delivery list --state due");
	program_says(out, "no acknowledgement is due");
}
END_TEST

START_TEST(the_place_of_a_refusal_is_a_line_of_the_kept_answer)
{
	held();
	program_gives(0,
		      "delivery show west Q-1"); /* the bytes are gone: the byte is all there is */
	program_says(out, "byte 12 of the XML");
	kept("<a>\n<bb>\n\n<c/>\n");
	program_gives(0, "delivery show west Q-1");
	program_says(out, "line 4, column 3");
	program_gives(0, "delivery show west Q-1 --output json");
	program_says(out, "\"line\": 4");
	program_gives(0, "delivery show west Q-1 --raw");
	ck_assert_str_eq(program.out, "<a>\n<bb>\n\n<c/>\n");
	program_gives(66, "delivery show west S-1 --raw");
	program_says(err, "no answer was kept");
	program_sql(
		"update shipment set raw_content_type = 'multipart/related' where shipment_id = 'Q-1'");
	program_gives(0, "delivery show west Q-1");
	program_says(out, "byte 12 of the XML");
}
END_TEST

START_TEST(how_it_is_acknowledged_is_an_option_of_the_connection)
{
	connection_made("west", 1);
	program_gives(
		0,
		"connection change west --acknowledge delayed --acknowledge-after 48 --allow-plain");
	program_gives(0, "connection show west");
	program_says(out, "delayed, 48 hours after storing");
	program_gives(64, "connection change west --acknowledge sometimes --allow-plain");
	program_gives(
		64,
		"connection change west --acknowledge manual --acknowledge-after 3 --allow-plain");
	program_gives(64, "connection change west --acknowledge-after 3000 --allow-plain");
	program_gives(0, "connection change west --acknowledge manual --allow-plain");
	ck_assert_str_eq(
		program_sql(
			"select concat_ws('/', acknowledge, acknowledge_after_h) from connection"),
		"manual");
	program_gives(0, "connection change west --acknowledge= --allow-plain");
	program_gives(0, "connection show west --output json");
	program_says(out, "\"acknowledge\": \"automatic\"");
}
END_TEST

static void expiring(const char *state, const char *id, const char *when)
{
	program_sql(talloc_asprintf(
		program.mem,
		"insert into shipment (broker, connection, shipment_id, state, expires_at)"
		" values ('demo', 'west', '%s', '%s', now() + interval '%s')",
		id, state, when));
}

START_TEST(what_will_be_lost_is_told_seven_days_before)
{
	connection_made("west", 1);
	expiring("listed", "FAR", "8 days");
	expiring("stored", "HERE", "1 day");
	program_run("doctor");
	ck_assert_ptr_null(strstr(program.out, "the insurer keeps them until"));
	expiring("listed", "NEAR", "6 days");
	expiring("quarantined", "OVER", "-1 day");
	program_gives(1, "doctor");
	program_says(out, "2 shipments are not here");
	program_says(out, "(1: it is over)");
	program_gives(0, "connection list --output json");
	program_says(out, "\"expiring\": 2");
	program_gives(0, "stats connections --output csv");
	program_says(out, ",expiring");
}
END_TEST

/* code: of the transfer; category: of its shipment. */
static void letter(const char *shipment, const char *code, const char *category, const char *state,
		   const char *contract)
{
	program_sql(talloc_asprintf(
		program.mem,
		"insert into shipment (broker, connection, shipment_id, state, stored_at) values"
		" ('demo', 'west', '%s', 'stored', now());"
		"insert into document (broker, document_id, connection, shipment_id, transfer_no, file_no,"
		" media_type, size, sha256, issuer, business_case, numbers, facts, state, tier, reason,"
		" evidence, candidates) values ('demo', gen_random_uuid(), 'west', '%s', 1, 1,"
		" 'application/pdf', 100, repeat('0', 64), 'north', '%s', '[]',"
		" '{\"shipment\": {\"category\": \"%s\"}}', '%s', 'none', 'not_for_customers', '[]', '%s')",
		shipment, shipment, code, category, state, contract));
}

START_TEST(that_deliveries_stopped_is_shown_at_the_connection_and_the_contract)
{
	connection_made("west", 1);
	program_sql(
		"insert into contract (broker, contract_id, issuer) values ('demo', 'V-1', 'north')");
	letter("M-1", "130100002", "100007000", "queued", "[\"V-1\"]");
	letter("M-2", "130100000", "130100000", "ignored", "[]");
	letter("M-3", "100007000", "100007000", "queued", "[\"V-1\"]");
	letter("M-4", "100007000", "130017002", "queued", "[\"V-1\"]");
	letter("M-5", "130017001", "130017001", "queued", "[\"V-1\"]");
	program_gives(0, "connection show west");
	program_says(out, "130100002 Einstellung");
	program_says(out, "130100000 Einstellung");
	program_says(out, "130017002 Abgang");
	program_says(out, "130017001 Zugang");
	ck_assert_ptr_null(strstr(program.out, "100007000"));
	program_gives(0, "connection show west --output json");
	program_says(out, "\"shipment\": \"M-1\"");
	program_gives(0, "contracts show V-1");
	program_says(out, "130100002");
	program_says(out, "130017002");
	program_says(out, "130017001");
	ck_assert_ptr_null(strstr(program.out, "130100000"));
	program_gives(1, "doctor");
	program_says(out, "130100002"); /* nobody decided yet */
	program_says(out, "130017002");
	ck_assert_ptr_null(strstr(program.out, "130100000"));
	ck_assert_ptr_null(strstr(program.out, "130017001")); /* no trouble */
}
END_TEST

/* The newest of each kind, whoever named it: the transfer, or its shipment alone; and what another connection brought is not counted. */
START_TEST(what_never_came_over_a_connection)
{
	connection_made("west", 1);
	connection_made("east", 1);
	letter("M-1", "140013000", "100007000", "queued", "[]");
	letter("M-2", "140013000", "140013000", "queued", "[]");
	letter("M-3", "100007000", "130017002", "queued", "[]");
	program_sql(
		"update document set received_at = '2026-01-02T03:04:05Z' where shipment_id = 'M-1';"
		"update document set received_at = '2026-02-02T03:04:05Z' where shipment_id = 'M-2'");
	program_gives(0, "connection kinds west");
	program_says(out, "2  2026-02-02T03:04:05Z");
	program_gives(0, "connection kinds west --output csv");
	program_says(out, "invoice,invoice,2,2026-02-02T03:04:05Z");
	program_says(out, "policy,policy,0,");
	ck_assert_ptr_null(strstr(program.out, "mandate,mandate,0"));
	program_gives(0, "connection kinds east");
	program_says(out, "never");
	ck_assert_ptr_null(strstr(program.out, "2026-"));
	program_gives(66, "connection kinds north");
}
END_TEST

static const int known_codes[] = {
#define GEVO(code, class, group, meaning) code,
#include "model/business_cases.def"
#undef GEVO
};

static void shown_if_it_waits(const char *code)
{
	bool waits = business_class_of(code, NULL, NULL) == CLASS_MANDATE;

	ck_assert_msg(!strcmp(program_sql(talloc_asprintf(program.mem,
							  "select is_mandate_code('%s')", code)),
			      waits ? "t" : "f"),
		      "%s", code);
}

/* The list of codes stands in C and in SQL. */
START_TEST(every_code_that_makes_a_letter_wait_is_shown_and_no_other)
{
	for (size_t i = 0; i < sizeof known_codes / sizeof *known_codes; i++)
		for (int detail = 0; detail < 10; detail += 9) /* one that nobody knows, too */
			shown_if_it_waits(
				talloc_asprintf(program.mem, "%d", known_codes[i] + detail));
	shown_if_it_waits("");
	shown_if_it_waits("1301000000");
	shown_if_it_waits("x130100000");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("delivery");

	tcase_add_test(tc, each_state_has_its_list);
	tcase_add_test(tc, release_says_what_it_does_and_what_it_cannot_do);
	tcase_add_test(tc, what_nothing_can_be_done_about_is_closed);
	tcase_add_loop_test(tc, what_is_closed_alarms_nobody_until_it_is_opened, 0, 3);
	tcase_add_test(tc, show_follows_a_shipment_and_says_what_comes_next);
	tcase_add_test(tc, a_delivery_is_followed_to_its_end);
	tcase_add_test(tc, what_became_of_the_acknowledgement_is_said);
	tcase_add_test(tc, what_waits_stands_in_one_list);
	tcase_add_test(tc, the_place_of_a_refusal_is_a_line_of_the_kept_answer);
	tcase_add_test(tc, how_it_is_acknowledged_is_an_option_of_the_connection);
	tcase_add_test(tc, what_will_be_lost_is_told_seven_days_before);
	tcase_add_test(tc, that_deliveries_stopped_is_shown_at_the_connection_and_the_contract);
	tcase_add_test(tc, what_never_came_over_a_connection);
	tcase_add_test(tc, every_code_that_makes_a_letter_wait_is_shown_and_no_other);
	return program_cases(suite_create("delivery"), tc);
}
