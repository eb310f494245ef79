#include "events/rulebook.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "events/releases.h"

/* What to write, and whom it may concern; NULL: any. */
struct change {
	struct db *db;
	const char *broker;
	bool (*write)(struct change *change, struct err *e);
	const char *category, *issuer, *customer;
	const struct release_rule *rule;
	const char *note, *by, *tier;
	int64_t rule_id;
	int hold_s;
	TALLOC_CTX *mem;
};

/* ---- effects ---- */

static const char *said(const struct attachment *a, const char *member, TALLOC_CTX *mem)
{
	return talloc_strdup(mem, json_string_value(json_object_get(a->notice, member)));
}

static struct rule_effect effect_of(const struct attachment *a, TALLOC_CTX *mem)
{
	return (struct rule_effect){
		.document_id = talloc_strdup(mem, a->document_id),
		.contract_id = talloc_strdup(mem, a->contract_id),
		.customer_id = talloc_strdup(mem, a->customer_id),
		.insurer = said(a, "insurer", mem),
		.category = said(a, "category", mem),
		.tier = said(a, "tier", mem),
		.before = a->state,
		.due_before_ms = a->due_ms,
	};
}

/* Those that stand elsewhere than before. */
static struct rule_effects *reconsider(struct releasing *r, TALLOC_CTX *mem)
{
	struct rule_effects *effects = talloc_zero(mem, struct rule_effects);
	int moved = 0;

	effects->now_ms = r->policy->now_ms;
	effects->row = talloc_array(effects, struct rule_effect, (size_t)r->count);
	for (int i = 0; i < r->count; i++)
		effects->row[i] = effect_of(r->all[i], effects);
	releasing_reconsider(r);
	for (int i = 0; i < r->count; i++) {
		struct rule_effect *effect = &effects->row[i];

		effect->after = r->all[i]->state;
		effect->customer_id = talloc_strdup(effects, r->all[i]->customer_id);
		effect->due_after_ms = r->all[i]->due_ms;
		if (effect->after != effect->before ||
		    effect->due_after_ms != effect->due_before_ms)
			effects->row[moved++] = *effect;
	}
	effects->count = moved;
	return effects;
}

static struct rule_effects *change_inside(struct change *c, TALLOC_CTX *mem, struct err *e)
{
	struct rule_effects *effects;
	struct policy *policy;
	struct releasing *r;
	struct rows *rows;
	int wrote;

	if (!releases_lock(c->db, c->broker, c->mem, e) || !c->write(c, e) ||
	    !(policy = policy_load(c->db, c->broker, c->mem, e)) ||
	    !db_call(c->db, SQL_release_open, &rows, c->mem, e, c->broker, c->category, c->issuer,
		     c->customer))
		return NULL;
	r = releasing_new(c->broker, policy, c->mem);
	if (!releases_read(r, rows, e))
		return NULL;
	effects = reconsider(r, mem);
	effects->rule_id = c->rule_id;
	return releases_write(r, c->db, &wrote, e) ? effects : NULL;
}

static struct rule_effects *change_make(struct change *c, bool dry_run, TALLOC_CTX *mem,
					struct err *e)
{
	struct rule_effects *effects = NULL;

	if (!db_begin(c->db, e))
		return NULL;
	c->mem = talloc_new(mem);
	effects = change_inside(c, mem, e);
	if (!effects || dry_run)
		db_rollback(c->db);
	else if (!db_commit(c->db, e))
		effects = NULL;
	talloc_free(c->mem);
	return effects;
}

/* ---- rules ---- */

static char *number(int64_t value, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "%" PRId64, value);
}

static bool rule_check(const struct release_rule *rule, struct err *e)
{
	if (!rule->category && !rule->issuer && !rule->customer)
		return err_set(e, ERR_USAGE, "a rule names a category, an issuer or a customer");
	if (rule->category && !catalogue_category_known(rule->category))
		return err_set(e, ERR_USAGE, "there is no such category");
	if (rule->category && rule->verb != RELEASE_NEVER &&
	    !business_class_for_customers(catalogue_class(rule->category)))
		return err_set(
			e, ERR_REFUSED,
			"documents of category %s are not for customers, whatever a rule says",
			rule->category);
	if (rule->hold_s > HOLD_MOST_S)
		return err_set(e, ERR_USAGE, "a hold-back has at most %d minutes",
			       HOLD_MOST_S / 60);
	return true;
}

static bool rule_write(struct change *c, struct err *e)
{
	const struct release_rule *rule = c->rule;
	struct rows *rows;
	char *hold = rule->hold_s == HOLD_OF_TIER ? NULL : number(rule->hold_s, c->mem);

	if (!db_call(c->db, SQL_release_rule_add, &rows, c->mem, e, c->broker, rule->category,
		     rule->issuer, rule->customer, release_verb_text(rule->verb), hold, c->note,
		     c->by))
		return false;
	if (!rows_count(rows))
		return err_set(e, ERR_REFUSED,
			       "there is a rule for just that: remove it first (`vorpost release "
			       "rule list` shows it)");
	c->rule_id = rows_int(rows, 0, "rule_id");
	return true;
}

struct rule_effects *rule_add(struct db *db, const char *broker, const struct release_rule *rule,
			      const char *note, const char *by, bool dry_run, TALLOC_CTX *mem,
			      struct err *e)
{
	struct change c = { .db = db,
			    .broker = broker,
			    .write = rule_write,
			    .category = rule->category,
			    .issuer = rule->issuer,
			    .customer = rule->customer,
			    .rule = rule,
			    .note = note,
			    .by = by };

	return rule_check(rule, e) ? change_make(&c, dry_run, mem, e) : NULL;
}

static bool rule_delete(struct change *c, struct err *e)
{
	struct rows *rows;

	if (!db_call(c->db, SQL_release_rule_remove, &rows, c->mem, e, c->broker,
		     number(c->rule_id, c->mem)))
		return false;
	if (!rows_count(rows))
		return err_set(e, ERR_MISSING, "there is no rule %" PRId64, c->rule_id);
	c->category = rows_text(rows, 0, "category");
	c->issuer = rows_text(rows, 0, "issuer");
	c->customer = rows_text(rows, 0, "customer");
	return true;
}

struct rule_effects *rule_remove(struct db *db, const char *broker, int64_t rule_id, bool dry_run,
				 TALLOC_CTX *mem, struct err *e)
{
	struct change c = { .db = db, .broker = broker, .write = rule_delete, .rule_id = rule_id };

	return change_make(&c, dry_run, mem, e);
}

/* ---- hold-backs ---- */

static bool hold_write(struct change *c, struct err *e)
{
	return db_call(c->db, SQL_release_hold_set, NULL, c->mem, e, c->broker, c->tier,
		       number(c->hold_s, c->mem));
}

struct rule_effects *hold_set(struct db *db, const char *broker, const char *tier, int hold_s,
			      bool dry_run, TALLOC_CTX *mem, struct err *e)
{
	struct change c = {
		.db = db, .broker = broker, .write = hold_write, .tier = tier, .hold_s = hold_s
	};
	int shipped;

	if (!policy_tier_hold(&shipped, tier)) {
		err_set(e, ERR_USAGE,
			"a hold-back belongs to exact, picture, claim, repaired, alias or person; other "
			"tiers wait for a person");
		return NULL;
	}
	if (hold_s < 0 || hold_s > HOLD_MOST_S) {
		err_set(e, ERR_USAGE, "a hold-back has at most %d minutes", HOLD_MOST_S / 60);
		return NULL;
	}
	return change_make(&c, dry_run, mem, e);
}
