/* The releaser goes by what holds now: the contract's customer, and all that happened before a hold-back's end. */
#include "events/rulebook.h"
#include "tests/events/release_stage.h"

static void belongs(const char *contract, const char *customer)
{
	sql_do("update contract set customer_id = nullif('%s', '') where contract_id = '%s'",
	       customer, contract);
}

static void attached(const char *contract, const char *tier, const char *category)
{
	moved("document.attached", DOCUMENT, contract, tier, category);
}

static void detached(const char *contract)
{
	moved("document.detached", DOCUMENT, contract, "none", "invoice");
}

static void later(void)
{
	time_passes();
	turn();
}

/* "released:K1 ..." in the order of position */
static const char *customers_told(void)
{
	return raw_value(
		stage.raw,
		"select coalesce(string_agg(replace(type, 'document.', '') || ':' || aggregateid || case when"
		" aggregateid <> payload ->> 'customer_id' then '!' else '' end, ' ' order by position), '')"
		" from event where aggregatetype = 'customer' and type not in ('document.attached', 'document.detached')");
}

static struct release_said give(void)
{
	struct release_said said;
	struct err e = { 0 };

	ck_assert_msg(release_give(&said, stage.db, BROKER, DOCUMENT, "eva", stage.mem, &e), "%s",
		      e.text);
	turn();
	return said;
}

/* ---- whose contract it is ---- */

START_TEST(another_customer_while_it_waits)
{
	attached("C1", "alias", "invoice");
	turn();
	belongs("C1", "K2");
	later();
	ck_assert_str_eq(customers_told(), ""); /* held back afresh */
	ck_assert_str_eq(
		raw_value(
			stage.raw,
			"select customer_id || ' ' || (due_at > now() + interval '9 minutes') from release"),
		"K2 true");
	later();
	ck_assert_str_eq(customers_told(), "released:K2 invoice.issued:K2");
}
END_TEST

START_TEST(another_customer_before_anybody_looked)
{
	attached("C1", "exact", "invoice");
	belongs("C1", "K2");
	turn();
	ck_assert_str_eq(customers_told(), "released:K2 invoice.issued:K2");
}
END_TEST

START_TEST(another_customer_before_a_person_gives_it)
{
	attached("C1", "exact", "inquiry");
	turn();
	belongs("C1", "K2");
	ck_assert_str_eq(give().customer_id, "K2");
	ck_assert_str_eq(customers_told(), "released:K2");
}
END_TEST

START_TEST(a_customer_after_all)
{
	attached("C0", "exact", "invoice");
	turn();
	ck_assert_str_eq(customers_told(), "");
	belongs("C0", "K9");
	ck_assert_str_eq(give().customer_id, "K9");
	ck_assert_str_eq(customers_told(), "released:K9 invoice.issued:K9");
}
END_TEST

START_TEST(no_customer_any_more)
{
	attached("C1", "alias", "invoice");
	turn();
	belongs("C1", "");
	later();
	later();
	ck_assert_str_eq(customers_told(), "");
	ck_assert_str_eq(raw_value(stage.raw, "select state || ' ' || rule from release"),
			 "waiting customer");
}
END_TEST

/* Whoever was told when the contract was his was told rightly. */
START_TEST(told_before_it_changed_hands)
{
	attached("C1", "exact", "invoice");
	turn();
	belongs("C1", "K2");
	later();
	ck_assert_str_eq(customers_told(), "released:K1 invoice.issued:K1");
	detached("C1");
	turn();
	ck_assert_str_eq(customers_told(), "released:K1 invoice.issued:K1 withdrawn:K1");
}
END_TEST

/* Filed at a contract that was K1's then and is K2's when the sequencer hears of it: that is no move within K1. */
START_TEST(moved_to_a_contract_that_changed_hands)
{
	attached("C1", "exact", "invoice");
	turn();
	detached("C1");
	attached("C2", "exact", "invoice");
	belongs("C2", "K2");
	turn();
	ck_assert_str_eq(
		customers_told(),
		"released:K1 invoice.issued:K1 withdrawn:K1 released:K2 invoice.issued:K2");
}
END_TEST

START_TEST(a_rule_looks_at_the_customer_of_now)
{
	struct release_rule rule = { .customer = "K2",
				     .verb = RELEASE_NEVER,
				     .hold_s = HOLD_OF_TIER };
	struct err e = { 0 };
	struct rule_effects *effects;

	attached("C1", "alias", "invoice");
	turn();
	belongs("C1", "K2");
	effects = rule_add(stage.db, BROKER, &rule, NULL, "eva", false, stage.mem, &e);
	ck_assert_msg(effects != NULL, "%s", e.text);
	ck_assert_int_eq(effects->count, 1);
	ck_assert_str_eq(raw_value(stage.raw, "select state || ' ' || customer_id from release"),
			 "withheld K2");
}
END_TEST

/* ---- what happened before ---- */

static void noise_put(int count)
{
	sql_do("insert into event (broker, id, aggregatetype, aggregateid, type, payload)"
	       " select '" BROKER
	       "', gen_random_uuid(), 'connection', 'nord', 'connection.failed', '{}'"
	       " from generate_series(1, %d)",
	       count);
}

/* Everything that has no position yet happened so much earlier. */
static void long_ago(const char *minutes)
{
	sql_do("update event set occurred_at = occurred_at - interval '%s minutes' where position is null",
	       minutes);
}

START_TEST(undone_in_time_though_the_sequencer_is_late)
{
	attached("C1", "alias", "invoice");
	noise_put(1500);
	long_ago("5");
	detached("C1");
	long_ago("60");
	turn();
	ck_assert_str_eq(customers_told(), "");
	ck_assert_str_eq(states(), "C1:superseded");
}
END_TEST

START_TEST(undone_too_late_though_the_sequencer_is_late)
{
	attached("C1", "alias", "invoice");
	long_ago("20");
	noise_put(1500);
	detached("C1");
	long_ago("60");
	turn();
	ck_assert_str_eq(states(), "C1:withdrawn");
}
END_TEST

START_TEST(due_while_more_is_to_be_heard)
{
	attached("C1", "alias", "invoice");
	turn();
	later(); /* told, for nothing is left to be heard */
	ck_assert_str_eq(customers_told(), "released:K1 invoice.issued:K1");
	detached("C1");
	turn();
	attached("C1", "alias", "invoice");
	turn();
	noise_put(1500);
	detached("C1");
	long_ago("20");
	sql_do("update release set due_at = now() - interval '10 minutes', attached_at = now() - interval '20 minutes' where state = 'waiting'");
	turn();
	ck_assert_str_eq(customers_told(), "released:K1 invoice.issued:K1 withdrawn:K1");
	ck_assert_str_eq(states(), "C1:superseded C1:withdrawn");
}
END_TEST

/* ---- what an event follows from ---- */

static const char *cause_of(const char *type)
{
	return raw_value(
		stage.raw,
		talloc_asprintf(stage.mem,
				"select c.type from event e join event c on c.id = e.causationid"
				" where e.type = '%s' order by e.position desc limit 1",
				type));
}

START_TEST(what_a_correction_follows_from)
{
	attached("C1", "exact", "invoice");
	turn();
	ck_assert_str_eq(cause_of("invoice.issued"), "document.attached");
	detached("C1");
	turn();
	ck_assert_str_eq(cause_of("document.withdrawn"), "document.detached");
	attached("C1", "exact", "invoice");
	turn();
	attached("C3", "exact", "invoice"); /* without a word that it left */
	turn();
	ck_assert_str_eq(cause_of("document.withdrawn"), "document.attached");
	ck_assert_str_eq(
		raw_value(
			stage.raw,
			"select c.payload ->> 'contract_id' from event e join event c on c.id = e.causationid"
			" where e.type = 'document.withdrawn' order by e.position desc limit 1"),
		"C3");
}
END_TEST

static void cases_add(TCase *cases)
{
	tcase_add_test(cases, another_customer_while_it_waits);
	tcase_add_test(cases, another_customer_before_anybody_looked);
	tcase_add_test(cases, another_customer_before_a_person_gives_it);
	tcase_add_test(cases, a_customer_after_all);
	tcase_add_test(cases, no_customer_any_more);
	tcase_add_test(cases, told_before_it_changed_hands);
	tcase_add_test(cases, moved_to_a_contract_that_changed_hands);
	tcase_add_test(cases, a_rule_looks_at_the_customer_of_now);
	tcase_add_test(cases, undone_in_time_though_the_sequencer_is_late);
	tcase_add_test(cases, undone_too_late_though_the_sequencer_is_late);
	tcase_add_test(cases, due_while_more_is_to_be_heard);
	tcase_add_test(cases, what_a_correction_follows_from);
}

int main(void)
{
	Suite *suite = suite_create("release_now");
	TCase *cases = tcase_create("release_now");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, releases_open, stage_close);
	tcase_set_timeout(cases, 120);
	cases_add(cases);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
