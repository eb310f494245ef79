/* How documents are announced, and which rule decides: pure tables. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "events/catalogue.h"
#include "events/collapse.h"
#include "events/policy.h"
#include "model/event.h"

/* ---- announcements ---- */

static const struct {
	enum business_class class;
	const char *business_case, *line, *contract_line; /* given */
	const char *event_type, *category, *said_case, *text_key;
	bool special;
	const char *vu;
} cases[] = {
	{ CLASS_INVOICE, "140013000", "050", NULL, "invoice.issued", "invoice", "140013000",
	  "push.invoice", false, NULL },
	{ CLASS_INVOICE, "140013000", "020", "050", "invoice.issued", "invoice", NULL,
	  "push.document", true, NULL },
	{ CLASS_INVOICE, NULL, NULL, "010", "invoice.issued", "invoice", NULL, "push.document",
	  true, NULL },
	{ CLASS_POLICY, "100007000", "030", NULL, "policy.issued", "policy", NULL, "push.document",
	  true, NULL },
	{ CLASS_POLICY, "170011000", "050", NULL, NULL, "policy", "170011000", "push.document",
	  false, NULL },
	{ CLASS_CLAIM, NULL, "050", NULL, "claim.document.added", "claim", NULL, "push.claim",
	  false, NULL },
	{ CLASS_CLAIM, NULL, "020", NULL, NULL, "other", NULL, "push.document", true, NULL },
	{ CLASS_CLAIM, NULL, NULL, "030", NULL, "other", NULL, "push.document", true, NULL },
	{ CLASS_CLAIM, NULL, NULL, NULL, NULL, "other", NULL, "push.document", true, NULL },
	{ CLASS_CLAIM, NULL, "000", "", NULL, "other", NULL, "push.document", true, NULL },
	{ CLASS_CLAIM, "150012006", "050", "050", NULL, "other", NULL, "push.document", true,
	  NULL },
	{ CLASS_APPLICATION, "100005010", "050", NULL, NULL, "other", NULL, "push.document", true,
	  NULL },
	{ CLASS_APPLICATION, "100002010", "010", NULL, NULL, "application", NULL, "push.document",
	  true, NULL },
	{ CLASS_CANCELLATION, "160010002", "050", NULL, "cancellation.confirmed", "cancellation",
	  "160010002", "push.cancellation", false, NULL },
	{ CLASS_CANCELLATION, "160010003", "050", NULL, NULL, "cancellation", "160010003",
	  "push.document", false, NULL },
	{ CLASS_DUNNING, "140012095", NULL, NULL, NULL, "other", NULL, "push.document", true,
	  NULL },
	{ CLASS_AMENDMENT, "not a code", "050", NULL, "endorsement.issued", "amendment", NULL,
	  "push.amendment", false, NULL },
	{ CLASS_OTHER, NULL, NULL, NULL, NULL, "other", NULL, "push.document", false, NULL },
	/* Nobody knows the line, but the insurer has no other business: life, pensions, health. */
	{ CLASS_INVOICE, "140013000", NULL, NULL, "invoice.issued", "invoice", NULL,
	  "push.document", true, "1007" },
	{ CLASS_INVOICE, NULL, "000", "", "invoice.issued", "invoice", NULL, "push.document", true,
	  "04034" },
	{ CLASS_POLICY, NULL, NULL, NULL, "policy.issued", "policy", NULL, "push.document", true,
	  "2107" },
	{ CLASS_INVOICE, NULL, "050", NULL, "invoice.issued", "invoice", NULL, "push.invoice",
	  false, "1007" },
	{ CLASS_INVOICE, NULL, NULL, NULL, "invoice.issued", "invoice", NULL, "push.invoice", false,
	  "5135" },
	{ CLASS_INVOICE, NULL, NULL, NULL, "invoice.issued", "invoice", NULL, "push.invoice", false,
	  "41" },
	{ CLASS_INVOICE, NULL, NULL, NULL, "invoice.issued", "invoice", NULL, "push.invoice", false,
	  "40343" },
	{ CLASS_INVOICE, NULL, NULL, NULL, "invoice.issued", "invoice", NULL, "push.invoice", false,
	  "4034a" },
};

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

START_TEST(announced_as)
{
	struct announcement as =
		catalogue_announcement(cases[_i].class, cases[_i].business_case, cases[_i].line,
				       cases[_i].contract_line, cases[_i].vu);

	ck_assert_msg(same(as.event_type, cases[_i].event_type), "event %s", as.event_type);
	ck_assert_str_eq(as.category, cases[_i].category);
	ck_assert_msg(same(as.business_case, cases[_i].said_case), "case %s", as.business_case);
	ck_assert_str_eq(as.text_key, cases[_i].text_key);
	ck_assert_int_eq(as.special, cases[_i].special);
}
END_TEST

/* words: parted by blanks */
static bool one_of(const char *word, const char *words)
{
	char *copy = strdup(words), *rest;
	bool found = false;

	for (char *one = strtok_r(copy, " ", &rest); one; one = strtok_r(NULL, " ", &rest))
		found = found || !strcmp(one, word);
	free(copy);
	return found;
}

START_TEST(every_class_is_announced)
{
	for (int class = 0; class < CLASSES; class ++) {
		struct announcement as = catalogue_announcement((enum business_class) class, NULL,
								"050", NULL, NULL);

		ck_assert_msg(as.category && as.text_key && as.sentiment && as.latency_class &&
				      as.urgency,
			      "class %d has no row", class);
		ck_assert(one_of(as.sentiment, "positive neutral action_needed"));
		ck_assert(one_of(as.latency_class, "immediate same_day digest"));
		ck_assert(one_of(as.urgency, "very-low low normal high"));
		ck_assert_int_ge(as.ttl_s, 1);
		ck_assert_int_le(as.ttl_s, 2419200); /* more is refused by push services */
		ck_assert(!strncmp(as.text_key, "push.", 5));
		ck_assert_int_eq(catalogue_class(as.category), class);
		ck_assert_msg(business_class_for_customers((enum business_class) class) !=
				      (catalogue_verb((enum business_class) class, NULL) ==
				       RELEASE_NEVER),
			      "class %d", class);
	}
	ck_assert_int_eq(catalogue_class("nonsense"), CLASS_OTHER);
	ck_assert_int_eq(catalogue_class(NULL), CLASS_OTHER);
	ck_assert(!catalogue_category_known("nonsense") && catalogue_category_known("other"));
}
END_TEST

static const char *const codes[] = {
#define GEVO(code, class, group, meaning) #code,
#include "model/business_cases.def"
#undef GEVO
};

/* Every business case in a line about health: no word of the event leads to what is wrong. */
START_TEST(no_case_reveals_an_illness)
{
	int seen = 0;

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		const struct business_case *known = business_case_find(codes[i]);
		struct announcement as =
			catalogue_announcement(known->class, codes[i], "020", NULL, NULL);

		ck_assert(as.special && !as.business_case);
		ck_assert_str_eq(as.text_key, "push.document");
		ck_assert_str_ne(as.category, "claim");
		ck_assert(!as.event_type || strcmp(as.event_type, EVENT_CLAIM_DOCUMENT_ADDED));
		seen++;
	}
	ck_assert_int_ge(seen, 200);
}
END_TEST

START_TEST(written_for_the_broker)
{
	ck_assert_int_eq(catalogue_verb(CLASS_DUNNING, "140012094"), RELEASE_ASK);
	ck_assert_int_eq(catalogue_verb(CLASS_DUNNING, "140012010"), RELEASE_AUTO);
	ck_assert_int_eq(catalogue_verb(CLASS_INQUIRY, NULL), RELEASE_ASK);
	ck_assert_int_eq(catalogue_verb(CLASS_GDV_STOCK, NULL), RELEASE_NEVER);
}
END_TEST

/* ---- collapse keys ---- */

START_TEST(collapse_keys)
{
	char one[COLLAPSE_KEY_SIZE], other[COLLAPSE_KEY_SIZE];

	collapse_key(one, "secret", "K1", "invoice", "2026-11-22");
	ck_assert_uint_eq(strlen(one), 24);
	ck_assert_uint_eq(
		strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
		24);
	ck_assert_str_eq(one, collapse_key(other, "secret", "K1", "invoice", "2026-11-22"));
	ck_assert_str_ne(one, collapse_key(other, "secreT", "K1", "invoice", "2026-11-22"));
	ck_assert_str_ne(one, collapse_key(other, "secret", "K2", "invoice", "2026-11-22"));
	ck_assert_str_ne(one, collapse_key(other, "secret", "K1", "policy", "2026-11-22"));
	ck_assert_str_ne(one, collapse_key(other, "secret", "K1", "invoice", "2026-11-23"));
	ck_assert_str_ne(one, correlation_key(other, "secret", "K1", "invoice"));
	correlation_key(one, "secret", "nord", "s1");
	ck_assert_str_eq(one, correlation_key(other, "secret", "nord", "s1"));
	ck_assert_str_ne(one, correlation_key(other, "secret", "nord", "s2"));
	ck_assert_str_ne(one, correlation_key(other, "secreT", "nord", "s1"));
	collapse_key(one, "secret", "K1", "invoice", "2026-11-22");
	ck_assert_str_ne(one, collapse_key(other, "secret", "K1i", "nvoice", "2026-11-22"));
}
END_TEST

/* ---- policy ---- */

static struct release_rule rules[] = {
	{ 1, "invoice", NULL, NULL, RELEASE_ASK, HOLD_OF_TIER },
	{ 2, NULL, "nordstern", NULL, RELEASE_NEVER, HOLD_OF_TIER },
	{ 3, "invoice", "nordstern", NULL, RELEASE_AUTO, 120 },
	{ 4, NULL, NULL, "K7", RELEASE_ASK, HOLD_OF_TIER },
	{ 5, "policy", NULL, "K7", RELEASE_AUTO, HOLD_OF_TIER },
	{ 6, NULL, "nordstern", "K7", RELEASE_NEVER, HOLD_OF_TIER },
	{ 7, "settlement", NULL, NULL, RELEASE_AUTO, HOLD_OF_TIER },
	{ 8, "complaint", NULL, NULL, RELEASE_AUTO, 0 },
};

static const struct {
	struct release_subject subject;
	enum release_verb verb;
	int hold_s;
	const char *rule;
} rulings[] = {
	{ { "policy", NULL, "adler", "K1", "exact" }, RELEASE_AUTO, 0, "default" },
	{ { "policy", NULL, "adler", "K1", "alias" }, RELEASE_AUTO, 600, "default" },
	{ { "invoice", NULL, "adler", "K1", "exact" }, RELEASE_ASK, 0, "rule:1" },
	{ { "policy", NULL, "nordstern", "K1", "exact" }, RELEASE_NEVER, 0, "rule:2" },
	{ { "invoice", NULL, "nordstern", "K1", "exact" }, RELEASE_AUTO, 120, "rule:3" },
	{ { "invoice", NULL, "nordstern", "K1", "person" },
	  RELEASE_AUTO,
	  600,
	  "rule:3" }, /* the longer one */
	{ { "invoice", NULL, "adler", "K7", "exact" }, RELEASE_ASK, 0, "rule:4" },
	{ { "policy", NULL, "adler", "K7", "exact" }, RELEASE_AUTO, 0, "rule:5" },
	{ { "policy", NULL, "nordstern", "K7", "exact" }, RELEASE_NEVER, 0, "rule:6" },
	{ { "settlement", NULL, "adler", "K1", "exact" },
	  RELEASE_NEVER,
	  0,
	  "default" }, /* whatever a rule says */
	{ { "complaint", NULL, "adler", "K1", "repaired" }, RELEASE_AUTO, 600, "rule:8" },
	{ { "policy", NULL, "adler", "K1", "none" }, RELEASE_ASK, 0, "tier" },
	{ { "policy", NULL, "adler", "K1", NULL }, RELEASE_ASK, 0, "tier" },
	{ { "policy", NULL, "adler", NULL, "exact" }, RELEASE_ASK, 0, "customer" },
	{ { NULL, NULL, NULL, "K1", "exact" }, RELEASE_AUTO, 0, "default" },
};

START_TEST(ruled_by)
{
	struct policy policy = { .rules = rules, .rule_count = sizeof rules / sizeof *rules };
	struct ruling ruling;

	for (int i = 0; i < TIERS; i++)
		policy_tier_hold(&policy.hold_s[i], tier_text((enum tier)i));
	ruling = policy_ruling(&policy, &rulings[_i].subject);
	ck_assert_str_eq(ruling.rule, rulings[_i].rule);
	ck_assert_int_eq(ruling.verb, rulings[_i].verb);
	ck_assert_int_eq(ruling.hold_s, rulings[_i].hold_s);
}
END_TEST

START_TEST(verbs)
{
	enum release_verb verb;

	for (int i = 0; i < RELEASE_VERBS; i++)
		ck_assert(release_verb_of(&verb, release_verb_text((enum release_verb)i)) &&
			  (int)verb == i);
	ck_assert(!release_verb_of(&verb, "maybe") && !release_verb_of(&verb, NULL) &&
		  !release_verb_of(&verb, ""));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("catalogue");
	TCase *all = tcase_create("catalogue");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 60);
	tcase_add_loop_test(all, announced_as, 0, (int)(sizeof cases / sizeof *cases));
	tcase_add_test(all, every_class_is_announced);
	tcase_add_test(all, no_case_reveals_an_illness);
	tcase_add_test(all, written_for_the_broker);
	tcase_add_test(all, collapse_keys);
	tcase_add_loop_test(all, ruled_by, 0, (int)(sizeof rulings / sizeof *rulings));
	tcase_add_test(all, verbs);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
