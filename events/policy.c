#include "events/policy.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define MINUTE 60

/* What a person decided can be undone by a person, so that it is held back as long as an alias. */
static const int tier_holds[TIERS] = {
	[TIER_NONE] = HOLD_OF_TIER,    [TIER_EXACT] = 0,           [TIER_PICTURE] = 0,
	[TIER_REPAIRED] = 10 * MINUTE, [TIER_CLAIM] = 10 * MINUTE, [TIER_ALIAS] = 10 * MINUTE,
	[TIER_PERSON] = 10 * MINUTE,
};

/* TIER_NONE for words that are none. */
static enum tier tier_of(const char *text)
{
	for (int i = 0; text && i < TIERS; i++)
		if (!strcmp(tier_text((enum tier)i), text))
			return (enum tier)i;
	return TIER_NONE;
}

bool policy_tier_hold(int *hold_s, const char *tier)
{
	*hold_s = tier_holds[tier_of(tier)];
	return *hold_s != HOLD_OF_TIER;
}

/* ---- reading ---- */

static const char *member(const json_t *object, const char *name, TALLOC_CTX *mem)
{
	return talloc_strdup(mem, json_string_value(json_object_get(object, name)));
}

static bool rule_read(struct release_rule *rule, const json_t *row, TALLOC_CTX *mem)
{
	const json_t *hold = json_object_get(row, "hold_s");

	*rule = (struct release_rule){
		.id = json_integer_value(json_object_get(row, "id")),
		.category = member(row, "category", mem),
		.issuer = member(row, "issuer", mem),
		.customer = member(row, "customer", mem),
		.hold_s = json_is_integer(hold) ? (int)json_integer_value(hold) : HOLD_OF_TIER,
	};
	return release_verb_of(&rule->verb, json_string_value(json_object_get(row, "verb")));
}

static bool rules_read(struct policy *policy, const char *text, struct err *e)
{
	json_t *rules = json_loads(text, 0, NULL);
	bool ok = json_is_array(rules);

	policy->rule_count = json_array_size(rules);
	policy->rules = talloc_array(policy, struct release_rule, policy->rule_count);
	for (size_t i = 0; ok && i < policy->rule_count; i++)
		ok = rule_read(&policy->rules[i], json_array_get(rules, i), policy);
	json_decref(rules);
	return ok || err_set(e, ERR_BUG, "the release rules cannot be read");
}

static void holds_read(struct policy *policy, const char *text)
{
	json_t *holds = json_loads(text, 0, NULL);
	const char *tier;
	json_t *value;

	memcpy(policy->hold_s, tier_holds, sizeof tier_holds);
	json_object_foreach(holds, tier, value)
	{
		enum tier known = tier_of(tier);

		if (tier_holds[known] != HOLD_OF_TIER)
			policy->hold_s[known] = (int)json_integer_value(value);
	}
	json_decref(holds);
}

struct policy *policy_load(struct db *db, const char *broker, TALLOC_CTX *mem, struct err *e)
{
	struct policy *policy = talloc_zero(mem, struct policy);
	struct rows *rows;

	if (!db_call(db, SQL_release_policy, &rows, policy, e, broker))
		return NULL;
	if (!rows_text(rows, 0, "secret") &&
	    (!db_call(db, SQL_release_secret_make, NULL, policy, e, broker) ||
	     !db_call(db, SQL_release_policy, &rows, policy, e, broker)))
		return NULL;
	policy->secret = rows_text(rows, 0, "secret");
	policy->day = rows_text(rows, 0, "day");
	policy->now_ms = rows_int(rows, 0, "now_ms");
	policy->heard_ms = rows_int(rows, 0, "heard_ms");
	holds_read(policy, rows_text(rows, 0, "holds"));
	return rules_read(policy, rows_text(rows, 0, "rules"), e) ? policy : NULL;
}

/* ---- ruling ---- */

static bool fits(const char *asked, const char *is)
{
	return !asked || text_equal(asked, is);
}

/* How specific a rule is; 0 if it does not fit. */
static int weight_of(const struct release_rule *rule, const struct release_subject *subject)
{
	if (!fits(rule->category, subject->category) || !fits(rule->issuer, subject->issuer) ||
	    !fits(rule->customer, subject->customer))
		return 0;
	return 1 + (rule->customer ? 8 : 0) + (rule->issuer ? 4 : 0) + (rule->category ? 2 : 0);
}

static const struct release_rule *rule_find(const struct policy *policy,
					    const struct release_subject *subject)
{
	const struct release_rule *best = NULL;
	int most = 0;

	for (size_t i = 0; i < policy->rule_count; i++) {
		int weight = weight_of(&policy->rules[i], subject);

		if (weight > most) {
			most = weight;
			best = &policy->rules[i];
		}
	}
	return best;
}

static void overrule(struct ruling *ruling, enum release_verb verb, const char *by)
{
	ruling->verb = verb;
	snprintf(ruling->rule, sizeof ruling->rule, "%s", by);
}

struct ruling policy_ruling(const struct policy *policy, const struct release_subject *subject)
{
	enum business_class class = catalogue_class(subject->category);
	const struct release_rule *rule = rule_find(policy, subject);
	int tier_hold = policy->hold_s[tier_of(subject->tier)];
	struct ruling ruling = { .rule = "default",
				 .verb = catalogue_verb(class, subject->business_case),
				 .hold_s = tier_hold > 0 ? tier_hold : 0 };

	if (rule) {
		ruling.verb = rule->verb;
		ruling.hold_s = rule->hold_s > ruling.hold_s ? rule->hold_s : ruling.hold_s;
		snprintf(ruling.rule, sizeof ruling.rule, "rule:%" PRId64, rule->id);
	}
	if (!business_class_for_customers(class))
		overrule(&ruling, RELEASE_NEVER, "default");
	else if (ruling.verb == RELEASE_AUTO && tier_hold == HOLD_OF_TIER)
		overrule(&ruling, RELEASE_ASK, "tier");
	else if (ruling.verb == RELEASE_AUTO && text_empty(subject->customer))
		overrule(&ruling, RELEASE_ASK, "customer");
	return ruling;
}
