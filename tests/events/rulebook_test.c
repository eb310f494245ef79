/* Rules and hold-backs that change: what waits goes where they want it, and nothing else moves. */
#include "events/rulebook.h"
#include "tests/events/release_stage.h"

static struct rule_effects *add(const char *category, const char *issuer, const char *customer,
				enum release_verb verb, int hold_s, bool dry_run)
{
	struct release_rule rule = { .category = category,
				     .issuer = issuer,
				     .customer = customer,
				     .verb = verb,
				     .hold_s = hold_s };
	struct err e = { 0 };
	struct rule_effects *effects =
		rule_add(stage.db, BROKER, &rule, "why", "eva", dry_run, stage.mem, &e);

	ck_assert_msg(effects != NULL, "%s", e.text);
	return effects;
}

static void waiting(const char *tier, const char *category)
{
	moved("document.attached", DOCUMENT, "C1", tier, category);
	turn();
	ck_assert_str_eq(states(), "C1:waiting");
}

/* A rule that forbids stops what is in its hold-back. */
START_TEST(auto_becomes_never)
{
	struct rule_effects *effects;

	waiting("alias", "invoice");
	effects = add("invoice", NULL, NULL, RELEASE_NEVER, HOLD_OF_TIER, false);
	ck_assert_int_eq(effects->count, 1);
	ck_assert_int_eq(effects->row[0].before, ATTACHMENT_WAITING);
	ck_assert_int_eq(effects->row[0].after, ATTACHMENT_WITHHELD);
	ck_assert_str_eq(effects->row[0].document_id, DOCUMENT);
	time_passes();
	ck_assert_int_eq(turn(), 0);
	ck_assert_str_eq(states(), "C1:withheld");
}
END_TEST

START_TEST(never_becomes_auto_again)
{
	struct rule_effects *effects;
	struct err e = { 0 };

	effects = add(NULL, NULL, "K1", RELEASE_NEVER, HOLD_OF_TIER, false);
	ck_assert_int_eq(effects->count, 0);
	moved("document.attached", DOCUMENT, "C1", "exact", "invoice");
	turn();
	ck_assert_str_eq(states(), "C1:withheld");
	effects = rule_remove(stage.db, BROKER, effects->rule_id, false, stage.mem, &e);
	ck_assert_msg(effects != NULL, "%s", e.text);
	ck_assert_int_eq(effects->count, 1);
	turn();
	ck_assert_str_eq(told(), "released:C1 invoice.issued:C1");
}
END_TEST

START_TEST(ask_becomes_auto)
{
	waiting("exact", "inquiry");
	ck_assert_int_eq(
		add("inquiry", "nordstern", NULL, RELEASE_AUTO, HOLD_OF_TIER, false)->count, 1);
	turn();
	ck_assert_str_eq(told(), "released:C1");
	ck_assert(strstr(raw_value(stage.raw, "select payload #>> '{release,rule}' from event"
					      " where type = 'document.released'"),
			 "rule:") != NULL);
}
END_TEST

START_TEST(a_dry_run_changes_nothing)
{
	const char *all =
		"select (select count(*) from release_rule) || ' ' || md5(string_agg(r::text, ',')) from release r";
	const char *before;

	waiting("exact", "inquiry");
	before = raw_value(stage.raw, all);
	ck_assert_int_eq(add("inquiry", NULL, NULL, RELEASE_AUTO, HOLD_OF_TIER, true)->count, 1);
	ck_assert_str_eq(raw_value(stage.raw, all), before);
	ck_assert_int_eq(turn(), 0);
}
END_TEST

/* What a person said, and what was told, no rule moves. */
START_TEST(a_person_goes_before_rules)
{
	struct release_said answer;
	struct err e = { 0 };

	waiting("alias", "invoice");
	ck_assert(release_withhold(&answer, stage.db, BROKER, DOCUMENT, "eva", "n", stage.mem, &e));
	ck_assert_int_eq(add("invoice", NULL, "K1", RELEASE_AUTO, 0, false)->count, 0);
	ck_assert_str_eq(states(), "C1:withheld");
	ck_assert(release_give(&answer, stage.db, BROKER, DOCUMENT, "eva", stage.mem, &e));
	ck_assert_int_eq(add(NULL, "nordstern", "K1", RELEASE_NEVER, 0, false)->count, 0);
	turn();
	ck_assert_str_eq(told(), "released:C1 invoice.issued:C1");
}
END_TEST

START_TEST(others_are_not_concerned)
{
	waiting("alias", "invoice");
	ck_assert_int_eq(add("policy", NULL, NULL, RELEASE_NEVER, 0, false)->count, 0);
	ck_assert_int_eq(add(NULL, "adler", NULL, RELEASE_NEVER, 0, false)->count, 0);
	ck_assert_int_eq(add(NULL, NULL, "K2", RELEASE_NEVER, 0, false)->count, 0);
	time_passes();
	turn();
	ck_assert_str_eq(told(), "released:C1 invoice.issued:C1");
}
END_TEST

static int hold_minutes(void)
{
	return atoi(raw_value(
		stage.raw,
		"select (extract(epoch from due_at - attached_at) / 60)::int from release"));
}

START_TEST(hold_backs)
{
	struct rule_effects *effects;
	struct err e = { 0 };

	waiting("alias", "invoice");
	effects = hold_set(stage.db, BROKER, "alias", 30 * 60, false, stage.mem, &e);
	ck_assert_msg(effects && effects->count == 1, "%s", e.text);
	ck_assert_int_eq(hold_minutes(), 30);
	add("invoice", NULL, NULL, RELEASE_AUTO, 20 * 60, false);
	ck_assert_int_eq(hold_minutes(), 30); /* a rule does not shorten */
	add("invoice", "nordstern", NULL, RELEASE_AUTO, 60 * 60, false);
	ck_assert_int_eq(hold_minutes(), 60);
	effects = hold_set(stage.db, BROKER, "alias", 0, false, stage.mem, &e);
	ck_assert_msg(effects && effects->count == 0, "%s", e.text);
	ck_assert(!hold_set(stage.db, BROKER, "none", 0, false, stage.mem, &e));
	ck_assert_int_eq(e.kind, ERR_USAGE);
}
END_TEST

static const struct {
	struct release_rule rule;
	enum err_kind kind;
} refused[] = {
	{ { .verb = RELEASE_AUTO }, ERR_USAGE },
	{ { .category = "nonsense", .verb = RELEASE_AUTO }, ERR_USAGE },
	{ { .category = "settlement", .verb = RELEASE_AUTO }, ERR_REFUSED },
	{ { .category = "gdv_stock", .verb = RELEASE_ASK }, ERR_REFUSED },
	{ { .category = "policy", .verb = RELEASE_AUTO, .hold_s = HOLD_MOST_S + 60 }, ERR_USAGE },
	{ { .category = "invoice", .verb = RELEASE_NEVER }, ERR_REFUSED }, /* there is one */
};

START_TEST(a_rule_that_cannot_be)
{
	struct err e = { 0 };

	add("invoice", NULL, NULL, RELEASE_ASK, HOLD_OF_TIER, false);
	ck_assert(
		!rule_add(stage.db, BROKER, &refused[_i].rule, NULL, "eva", false, stage.mem, &e));
	ck_assert_int_eq(e.kind, refused[_i].kind);
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from release_rule"), "1");
	e = (struct err){ 0 };
	ck_assert(!rule_remove(stage.db, BROKER, 999999, false, stage.mem, &e));
	ck_assert_int_eq(e.kind, ERR_MISSING);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rulebook");
	TCase *cases = tcase_create("rulebook");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, releases_open, stage_close);
	tcase_set_timeout(cases, 120);
	tcase_add_test(cases, auto_becomes_never);
	tcase_add_test(cases, never_becomes_auto_again);
	tcase_add_test(cases, ask_becomes_auto);
	tcase_add_test(cases, a_dry_run_changes_nothing);
	tcase_add_test(cases, a_person_goes_before_rules);
	tcase_add_test(cases, others_are_not_concerned);
	tcase_add_test(cases, hold_backs);
	tcase_add_loop_test(cases, a_rule_that_cannot_be, 0,
			    (int)(sizeof refused / sizeof *refused));
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
