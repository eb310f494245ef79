/* Feedback: signed, known, once; and of what is refused not a trace. */
#include <fcntl.h>

#include "events/secret_file.h"
#include "events/signature.h"
#include "tests/api/desk.h"

#define DOCUMENT "0192a000-0000-7000-8000-000000000001"
#define STRANGER "0192a000-0000-7000-8000-00000000ffff"
#define OF_OTHER "0192a000-0000-7000-8000-000000000002"
#define EVENT    "0192a000-0000-7000-8000-0000000000e1"
#define SINGLE   "application/cloudevents+json"
#define BATCH    "application/cloudevents-batch+json"

static char *good;
static struct secrets *secrets;

static char *document_sql(const char *broker, const char *id)
{
	return talloc_asprintf(
		stage.mem,
		"insert into connection (broker, connection, issuer, sts_url, transfer_url)"
		" values ('%1$s', 'nord', 'nordstern', '-', '-');"
		"insert into shipment (broker, connection, shipment_id, state) values ('%1$s', 'nord', '1', 'stored');"
		"insert into contract (broker, contract_id, issuer, customer_id) values ('%1$s', 'C1', 'nordstern',"
		" 'K-%1$s');"
		"insert into document (broker, document_id, connection, shipment_id, transfer_no, file_no, media_type, size,"
		" sha256, issuer, numbers, facts, state, tier, reason, evidence, candidates) values ('%1$s', '%2$s', 'nord',"
		" '1', 1, 1, 'application/pdf', 1, 'x', 'nordstern', '[]',"
		" '{\"transfer\": {\"created\": \"2025-03-03\"}, \"document\": {\"created\": \"2025-03-03\"}}', 'queued',"
		" 'none', 'no_contract', '[]', '[]')",
		broker, id);
}

static void open_all(void)
{
	char *path = talloc_asprintf(stage.mem, "%s/secret", stage.folder);
	struct err e = { 0 };

	stage_open();
	desk_open();
	unlink(path);
	ck_assert_msg(secret_file_make(path, SECRET_V1, &e) &&
			      (secrets = secrets_read(path, stage.mem, &e)),
		      "%s", e.text);
	good = token_new("feedback", "push");
	raw_do(stage.raw,
	       talloc_asprintf(stage.mem, "update consumer set secret_file = '%s'", path));
	raw_do(stage.raw, document_sql(BROKER, DOCUMENT));
	raw_do(stage.raw, document_sql("other", OF_OTHER));
	raw_do(stage.raw,
	       "insert into event (broker, id, aggregatetype, aggregateid, type, payload) values ('" BROKER
	       "', '" EVENT "', 'customer', 'K1', 'document.released', '{}')");
}

static void close_all(void)
{
	desk_stop(&desk);
	stage_close();
}

static char *event_of(const char *id, const char *type, const char *data)
{
	return talloc_asprintf(
		stage.mem,
		"{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"//push\",\"type\":\"%s\",\"data\":%s}",
		id, type, data);
}

static struct got tell_at(int64_t when, const char *id, const char *type, const char *body)
{
	char *signature = signature_of(secrets, id, when, body, strlen(body), stage.mem);
	char *heads =
		talloc_asprintf(stage.mem,
				"Content-Type: %s\r\nwebhook-id: %s\r\nwebhook-timestamp: %" PRId64
				"\r\nwebhook-signature: %s\r\n",
				type, id, when, signature);

	return post(good, "/api/v1/feedback", heads, body);
}

static struct got tell(const char *id, const char *type, const char *body)
{
	return tell_at(clock_wall_ms() / 1000, id, type, body);
}

static void stored_is(const char *count)
{
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from feedback"), count);
}

START_TEST(all_types_are_taken)
{
	char *body = talloc_asprintf(
		stage.mem, "[%s,%s,%s,%s,%s,%s]",
		event_of("1", "notification.accepted",
			 "{\"event_id\":\"" EVENT "\",\"channel\":\"webpush\"}"),
		event_of("2", "notification.failed",
			 "{\"event_id\":\"" EVENT "\",\"reason\":\"gone\"}"),
		event_of("3", "reachability.gained",
			 "{\"customer_id\":\"K-" BROKER "\",\"channel\":\"apns\"}"),
		event_of("4", "reachability.lost",
			 "{\"customer_id\":\"K-" BROKER "\",\"name\":\"Erika Mustermann\"}"),
		event_of("5", "document.opened", "{\"document_id\":\"" DOCUMENT "\"}"),
		event_of("6", "letter.arrived",
			 "{\"document_id\":\"" DOCUMENT "\",\"arrived_on\":\"2025-03-05\"}"));
	struct got got = tell("m1", BATCH "; charset=utf-8", body);

	ck_assert_msg(got.status == 200, "%s", got.body);
	ck_assert_int_eq(number_in(got, "stored"), 6);
	stored_is("6");
	ck_assert_str_eq(
		raw_value(stage.raw,
			  "select count(*) from feedback f where f::text like '%Mustermann%'"),
		"0");
	ck_assert_str_eq(
		raw_value(
			stage.raw,
			"select arrived_on || ' ' || days || ' ' || source from letter_observation"),
		"2025-03-05 2 push");
}
END_TEST

START_TEST(replays_are_well_and_store_nothing)
{
	char *body = event_of("1", "document.opened", "{\"document_id\":\"" DOCUMENT "\"}");
	struct got got;

	ck_assert_int_eq(number_in(tell("m1", SINGLE, body), "stored"), 1);
	got = tell("m1", SINGLE, body); /* the same request */
	ck_assert_int_eq(got.status, 200);
	ck_assert_int_eq(number_in(got, "repeated"), 1);
	got = tell("m2", SINGLE, body); /* the same event */
	ck_assert_int_eq(got.status, 200);
	ck_assert_int_eq(number_in(got, "stored"), 0);
	got = tell("m1", SINGLE,
		   event_of("2", "document.opened", "{\"document_id\":\"" DOCUMENT "\"}"));
	ck_assert_int_eq(got.status, 200);
	ck_assert_int_eq(number_in(got, "stored"), 0);
	got = tell("m3", BATCH, talloc_asprintf(stage.mem, "[%s,%s]", body, body));
	ck_assert_int_eq(number_in(got, "repeated"), 2);
	stored_is("1");
}
END_TEST

START_TEST(a_signature_must_hold)
{
	char *body = event_of("1", "document.opened", "{\"document_id\":\"" DOCUMENT "\"}");
	int64_t now = clock_wall_ms() / 1000;
	struct got got;

	is_problem(post(good, "/api/v1/feedback", "Content-Type: " SINGLE "\r\n", body), 401,
		   "signature", "webhook-id is missing");
	is_problem(tell_at(now - 400, "m1", SINGLE, body), 401, "signature", "seconds off");
	is_problem(tell_at(now + 400, "m1", SINGLE, body), 401, "signature", "seconds off");
	got = post(
		good, "/api/v1/feedback",
		talloc_asprintf(
			stage.mem,
			"Content-Type: " SINGLE "\r\nwebhook-id: m1\r\nwebhook-timestamp: %" PRId64
			"\r\nwebhook-signature: v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n",
			now),
		body);
	is_problem(got, 401, "signature", "does not match");
	ck_assert(!strstr(got.body, "whsec"));
	stored_is("0");
	ck_assert_int_eq(tell("m1", SINGLE, body).status, 200);
}
END_TEST

START_TEST(unknown_ids_store_nothing)
{
	static const struct {
		const char *type, *data, *words;
	} bad[] = {
		{ "document.opened", "{\"document_id\":\"" STRANGER "\"}", "document" },
		{ "document.opened", "{\"document_id\":\"" OF_OTHER "\"}",
		  "document" }, /* another broker's */
		{ "letter.arrived",
		  "{\"document_id\":\"" STRANGER "\",\"arrived_on\":\"2025-03-05\"}", "document" },
		{ "notification.accepted", "{\"event_id\":\"" STRANGER "\"}", "event" },
		{ "reachability.lost", "{\"customer_id\":\"K-other\"}", "customer" },
		{ "reachability.lost", "{\"customer_id\":\"K1'; drop table feedback; --\"}",
		  "customer" },
	};
	char *known = event_of("1", "document.opened", "{\"document_id\":\"" DOCUMENT "\"}");

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct got got = tell("m1", BATCH,
				      talloc_asprintf(stage.mem, "[%s,%s]", known,
						      event_of("2", bad[i].type, bad[i].data)));

		is_problem(got, 422, "content",
			   talloc_asprintf(stage.mem, "event 2: the %s", bad[i].words));
	}
	stored_is("0");
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from letter_observation"), "0");
}
END_TEST

START_TEST(what_is_no_feedback)
{
	static const struct {
		const char *body, *words;
	} bad[] = {
		{ "", "no JSON" },
		{ "{", "no JSON" },
		{ "[]", "not an object" },
		{ "null", "no JSON" },
		{ "{}", "no CloudEvent" },
		{ "{\"specversion\":\"0.3\"}", "no CloudEvent" },
		{ "{\"specversion\":\"1.0\"}", "attribute id" },
		{ "{\"specversion\":\"1.0\",\"id\":\"1\",\"id\":\"2\"}", "no JSON" },
		{ "{\"specversion\":\"1.0\",\"id\":7,\"source\":\"s\",\"type\":\"t\"}",
		  "attribute id" },
		{ "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"\",\"type\":\"t\"}",
		  "attribute source" },
		{ "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"document.released\",\"data\":{}}",
		  "document.released is none" },
		{ "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"document.opened\"}",
		  "data is missing" },
		{ "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"document.opened\",\"data\":{}}",
		  "data.document_id is missing" },
		{ "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"document.opened\",\"data\":"
		  "{\"document_id\":\"1\"}}",
		  "data.document_id is not" },
		{ "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"letter.arrived\",\"data\":"
		  "{\"document_id\":\"" DOCUMENT "\",\"arrived_on\":\"2025-02-30\"}}",
		  "data.arrived_on is not a day" },
		{ "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"document.opened\",\"time\":\"now\",\"data\":"
		  "{\"document_id\":\"" DOCUMENT "\"}}",
		  "time is not" },
		{ "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"document.opened\",\"time\":"
		  "\"2999-01-01T00:00:00Z\",\"data\":{\"document_id\":\"" DOCUMENT "\"}}",
		  "in the future" },
		{ "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"document.opened\",\"data\":"
		  "{\"document_id\":\"" DOCUMENT
		  "\",\"reason\":\"Herr Mustermann ist umgezogen\"}}",
		  "data.reason is not a word" },
		{ "{\"specversion\":\"1.0\",\"id\":\"\\u0000\",\"source\":\"s\",\"type\":\"document.opened\",\"data\":{}}",
		  "no JSON" },
	};
	char *known = event_of("1", "document.opened", "{\"document_id\":\"" DOCUMENT "\"}");

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		is_problem(tell("m1", SINGLE, bad[i].body), 422, "content", bad[i].words);
	is_problem(tell("m1", BATCH, "[]"), 422, "content", "0 events");
	is_problem(tell("m1", BATCH, known), 422, "content", "not an array");
	is_problem(tell("m1", "application/json", known), 415, "media-type", SINGLE);
	is_problem(tell("m1", SINGLE, talloc_asprintf(stage.mem, "%0300000d", 0)), 413, "too-large",
		   "262144");
	stored_is("0");
}
END_TEST

START_TEST(the_token_must_be_for_it)
{
	char *body = event_of("1", "document.opened", "{\"document_id\":\"" DOCUMENT "\"}");

	good = token_new("events", "push");
	is_problem(tell("m1", SINGLE, body), 403, "scope", "scopes do not cover");
	good = token_new("feedback", "pull"); /* a consumer without secret */
	is_problem(tell("m1", SINGLE, body), 403, "scope", "no consumer with a secret");
	good = token_new("feedback", NULL);
	is_problem(tell("m1", SINGLE, body), 403, "scope", "no consumer with a secret");
	stored_is("0");
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("feedback");

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, open_all, close_all);
	tcase_add_test(cases, a_signature_must_hold);
	tcase_add_test(cases, unknown_ids_store_nothing);
	tcase_add_test(cases, what_is_no_feedback);
	tcase_add_test(cases, the_token_must_be_for_it);
	tcase_add_test(cases, replays_are_well_and_store_nothing);
	tcase_add_test(cases, all_types_are_taken);
	return run_suite("feedback", cases);
}
