/* letter_test.c -- rules about letters and letters that arrived, over a real database. */
#include "events/letter.h"

#include "tests/events/stage.h"

#define DOCUMENT "01900000-0000-7000-8000-00000000000%d"

/* A document of the insurer "nord", an invoice dated 2025-03-17 (a Monday), number no. */
static void document_put(int no, const char *facts)
{
	char *sql = talloc_asprintf(
		stage.mem,
		"insert into document (broker, document_id, connection, shipment_id, transfer_no,"
		" file_no, media_type, size, sha256, issuer, business_case, numbers, facts, state,"
		" tier, reason, evidence, candidates, received_at) values ('" BROKER "', '" DOCUMENT
		"', 'west', 'S', 1, %d, 'application/pdf', 1, repeat('0', 64), 'nord',"
		" '140013000', '[]', '%s', 'queued', 'none', 'number_unknown', '[]', '[]',"
		" '2025-03-18 05:00:00+00')",
		no, no, facts);

	raw_do(stage.raw, sql);
}

static void house(void)
{
	raw_do(stage.raw,
	       "insert into connection (broker, connection, issuer, sts_url, transfer_url)"
	       " values ('" BROKER "', 'west', 'nord', 'x', 'y')");
	raw_do(stage.raw, "insert into shipment (broker, connection, shipment_id) values ('" BROKER
			  "', 'west', 'S')");
}

static void rule_put(const char *issuer, const char *category, const char *twin, int lag)
{
	raw_do(stage.raw, talloc_asprintf(stage.mem,
					  "insert into letter_rule (broker, issuer, category, twin,"
					  " lag_days, source, confidence, set_by) values ('" BROKER
					  "', '%s', '%s', '%s', %d, 'test', 'low', 'test')",
					  issuer, category, twin, lag));
}

static struct letter_facts facts_for(const char *issuer, const char *category)
{
	struct letter_facts facts = { .document_date = "stays" };
	struct err e = { 0 };
	struct letter_rules *rules = letter_rules_load(stage.db, BROKER, stage.mem, &e);

	ck_assert_msg(rules != NULL, "%s", e.text);
	letter_rules_apply(&facts, rules, issuer, category);
	ck_assert_str_eq(facts.document_date, "stays");
	talloc_free(rules);
	return facts;
}

START_TEST(without_rules_the_shipped_default_holds)
{
	struct letter_facts facts = facts_for("nord", "invoice");

	ck_assert_int_eq(facts.twin, TWIN_UNKNOWN);
	ck_assert_int_eq(facts.lag_days, 1);
	ck_assert(!facts.own_rule);
	ck_assert_int_eq(facts.observations, 0);
}
END_TEST

START_TEST(the_most_specific_rule_holds)
{
	rule_put("*", "*", "unknown", 9);
	ck_assert_int_eq(facts_for("nord", "invoice").lag_days, 9);
	ck_assert(!facts_for("nord", "invoice").own_rule);
	rule_put("*", "invoice", "yes", 2);
	rule_put("nord", "*", "no", 3);
	rule_put("nord", "policy", "yes", 4);
	rule_put("sued", "policy", "yes", 5);
	raw_do(stage.raw, "update letter_rule set broker = 'other' where issuer = 'sued'");
	ck_assert_int_eq(facts_for("nord", "policy").lag_days, 4);
	ck_assert_int_eq(facts_for("nord", "invoice").lag_days, 3);
	ck_assert_int_eq(facts_for("nord", "invoice").twin, TWIN_NO);
	ck_assert(facts_for("nord", "invoice").own_rule);
	ck_assert_int_eq(facts_for("west", "invoice").lag_days, 2);
	ck_assert_int_eq(facts_for("sued", "policy").lag_days, 9);
	ck_assert_int_eq(facts_for(NULL, "policy").lag_days, 9);
}
END_TEST

static bool observe(int no, const char *day, struct err *e)
{
	char id[64];
	bool usable = false;

	snprintf(id, sizeof id, DOCUMENT, no);
	ck_assert_msg(letter_observe(stage.db, BROKER, &(struct letter_arrival){ id, day, "push" },
				     &usable, e),
		      "%s", e->text);
	return usable;
}

static const char *dated = "{\"document\": {\"created\": \"2025-03-17\"},"
			   " \"transfer\": {\"party\": {\"postcode\": \"30159\"}}}";

/* The year of the calibration ends with the database's clock, so the dates of this test move to it. */
static void into_this_year(void)
{
	raw_do(stage.raw, "update letter_observation set arrived_on = current_date - 10");
}

START_TEST(letters_that_arrived_are_the_calibration)
{
	static const char *const days[] = { "2025-03-19", "2025-03-20", "2025-03-20", "2025-03-21",
					    "2025-03-24" };
	struct letter_facts facts;
	struct err e = { 0 };

	house();
	for (int i = 0; i < 5; i++) {
		document_put(i + 1, dated);
		ck_assert(observe(i + 1, days[i], &e));
	}
	into_this_year();
	facts = facts_for("nord", "invoice");
	ck_assert_int_eq(facts.observations, 5);
	ck_assert_int_eq(facts.median, 3); /* Thursday */
	ck_assert_int_eq(facts.least, 2);
	ck_assert_int_eq(facts_for("nord", "policy").observations, 0);
	ck_assert_int_eq(facts_for("sued", "invoice").observations, 0);
}
END_TEST

START_TEST(the_last_word_about_a_document_counts)
{
	struct err e = { 0 };

	house();
	document_put(1, dated);
	ck_assert(observe(1, "2025-03-19", &e));
	ck_assert(observe(1, "2025-03-22", &e));
	ck_assert(observe(1, "2025-03-22", &e));
	into_this_year();
	ck_assert_int_eq(facts_for("nord", "invoice").observations, 1);
	ck_assert_int_eq(facts_for("nord", "invoice").median, 5);
}
END_TEST

START_TEST(what_cannot_be_is_kept_but_moves_nothing)
{
	struct err e = { 0 };

	house();
	document_put(1, dated);
	ck_assert(!observe(1, "2025-03-16", &e));
	ck_assert(!observe(1, "2025-07-01", &e));
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from letter_observation"), "1");
	into_this_year();
	ck_assert_int_eq(facts_for("nord", "invoice").observations, 0);
}
END_TEST

START_TEST(what_is_no_arrival_is_refused)
{
	static const struct {
		struct letter_arrival arrival;
		enum err_kind kind;
	} cases[] = {
		{ { "01900000-0000-7000-8000-000000000001", "2025-02-30", "push" }, ERR_DELIVERY },
		{ { "01900000-0000-7000-8000-000000000001", NULL, "push" }, ERR_DELIVERY },
		{ { "01900000-0000-7000-8000-000000000001", "2025-03-19", " " }, ERR_DELIVERY },
		{ { NULL, "2025-03-19", "push" }, ERR_DELIVERY },
		{ { "01900000-0000-7000-8000-000000000002", "2025-03-19", "push" }, ERR_MISSING },
		{ { "x'; drop table document", "2025-03-19", "push" }, ERR_MISSING },
		{ { "0190000000007000800000000000000100", "2025-03-19", "push" }, ERR_MISSING },
	};

	house();
	document_put(1, dated);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = { 0 };

		ck_assert(!letter_observe(stage.db, BROKER, &cases[i].arrival, NULL, &e));
		ck_assert_msg(e.kind == cases[i].kind, "case %zu: %s", i, e.text);
	}
	ck_assert(!letter_observe(stage.db, "other", &cases[0].arrival, NULL, &(struct err){ 0 }));
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from letter_observation"), "0");
}
END_TEST

START_TEST(the_facts_of_a_document)
{
	struct err e = { 0 };
	struct letter_facts facts;
	struct letter_rules *rules;
	struct rows *rows;
	struct lead lead;
	char id[64];

	house();
	document_put(1, "{\"shipment\": {\"posted\": \"2025-03-18T04:00:00\"},"
			" \"transfer\": {\"created\": \"2025-03-17\"}}");
	raw_do(stage.raw,
	       "insert into contract (broker, contract_id, issuer, postcode) values ('" BROKER
	       "', 'C', 'nord', '80331')");
	raw_do(stage.raw, "update document set state = 'filed', contract_id = 'C'");
	rule_put("nord", "invoice", "yes", 1);
	rules = letter_rules_load(stage.db, BROKER, stage.mem, &e);
	snprintf(id, sizeof id, DOCUMENT, 1);
	ck_assert(db_call(stage.db, SQL_letter_subject_find, &rows, stage.mem, &e, BROKER, id));
	letter_facts_of_row(&facts, rules, rows, 0);
	lead_of(&lead, &facts, day_moment(day_of(2025, 3, 18), 9, 0));
	ck_assert_int_eq(lead.twin, TWIN_YES);
	ck_assert_int_eq(lead.basis, BASIS_INSURER);
	ck_assert_int_eq(lead.land, LAND_BY); /* the contract's */
	ck_assert_int_eq(lead.dated_day, day_of(2025, 3, 17));
	ck_assert_int_eq(lead.min_s, 24 * 3600);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("letter");
	TCase *tc = tcase_create("database");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(tc, stage_build, stage_clear);
	tcase_add_checked_fixture(tc, stage_open, stage_close);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, without_rules_the_shipped_default_holds);
	tcase_add_test(tc, the_most_specific_rule_holds);
	tcase_add_test(tc, letters_that_arrived_are_the_calibration);
	tcase_add_test(tc, the_last_word_about_a_document_counts);
	tcase_add_test(tc, what_cannot_be_is_kept_but_moves_nothing);
	tcase_add_test(tc, what_is_no_arrival_is_refused);
	tcase_add_test(tc, the_facts_of_a_document);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
