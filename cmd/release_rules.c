/* release_rules.c -- `vorpost release rule ...` and `release hold ...`: who decides what customers are told. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/text.h"
#include "base/wake.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/release_text.h"
#include "cmd/row_list.h"
#include "events/rulebook.h"
#include "events/sequence.h"

#define SHOWN_MOST 60

/* ---- list ---- */

static void own_rules_list(struct listing *list, const struct rows *rows,
			   const struct invocation *in)
{
	static const char *const columns[] = { "rule_id",     "category",   "issuer",
					       "customer_id", "verb",       "hold_minutes",
					       "note",        "created_by", "since" };
	enum { COLUMNS = sizeof columns / sizeof *columns };

	rows_list(list, rows, COLUMNS, columns, SHOWN_MOST, in);
}

static void shipped_rules_list(struct listing *list)
{
	for (int i = 0; i < CLASSES; i++) {
		enum business_class class = (enum business_class)i;

		listing_row(list,
			    (const char *const[]){ NULL, business_class_text(class), NULL, NULL,
						   release_verb_text(catalogue_verb(class, NULL)),
						   NULL, "as shipped", NULL, NULL });
	}
}

static int rule_list_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "id",   "category", "insurer", "customer", "verb",
					     "hold", "note",     "by",      "since" };
	struct listing *list = listing_new(in->mem, sizeof heads / sizeof *heads, heads);
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows;

	if (!app || !db_call(app->db, SQL_release_rule_list, &rows, in->mem, e, app->conf->broker))
		return EX_SOFTWARE;
	listing_numbers(list, 0, 0);
	listing_numbers(list, 5, 5);
	own_rules_list(list, rows, in);
	shipped_rules_list(list);
	listing_print(list, in->output, in->out);
	return EX_OK;
}

/* ---- what a change does ---- */

static const char *stand_in_words(enum attachment_state state, int64_t due_ms, int64_t now_ms,
				  TALLOC_CTX *mem)
{
	if (state != ATTACHMENT_WAITING)
		return attachment_state_text(state);
	if (due_ms == NEVER_DUE)
		return "asks";
	return talloc_asprintf(mem, "told %s", release_when((due_ms - now_ms) / 1000, mem));
}

static void effects_print(const struct invocation *in, const struct rule_effects *effects)
{
	static const char *const heads[] = { "document_id", "customer", "insurer", "category",
					     "tier",        "before",   "after" };
	struct listing *list = listing_new(in->mem, sizeof heads / sizeof *heads, heads);

	for (int i = 0; i < effects->count; i++) {
		const struct rule_effect *e = &effects->row[i];

		listing_row(list,
			    (const char *const[]){ e->document_id, e->customer_id, e->insurer,
						   e->category, e->tier,
						   stand_in_words(e->before, e->due_before_ms,
								  effects->now_ms, in->mem),
						   stand_in_words(e->after, e->due_after_ms,
								  effects->now_ms, in->mem) });
	}
	listing_print(list, in->output, in->out);
}

/* effects NULL: it failed. what: what was changed, in words */
static int change_close(const struct invocation *in, const struct app *app,
			const struct rule_effects *effects, const char *what)
{
	bool dry_run = invocation_option(in, "--dry-run") != NULL;

	if (!effects)
		return EX_SOFTWARE;
	if (!dry_run)
		wake_poke(app->conf->state);
	if (dry_run || in->output != OUTPUT_TABLE)
		effects_print(in, effects);
	if (!in->quiet && in->output == OUTPUT_TABLE)
		fprintf(in->out, "%s%s; documents that stand elsewhere %s: %d\n",
			dry_run ? "nothing is changed: " : "", what, dry_run ? "then" : "now",
			effects->count);
	return EX_OK;
}

static struct app *rules_open(const struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);

	return app && sequence_run(app->db, app->conf->broker, NULL, e) ? app : NULL;
}

/* ---- add, remove, hold ---- */

static bool minutes_read(int *hold_s, const char *given, struct err *e)
{
	uint64_t minutes = 0;

	if (!given)
		return true;
	if (!text_option_u64(&minutes, given, 0, HOLD_MOST_S / 60, "the hold-back", e))
		return false;
	*hold_s = (int)minutes * 60;
	return true;
}

/* "*" is any. */
static const char *part(const struct invocation *in, const char *option)
{
	const char *given = invocation_option(in, option);

	return given && *given && strcmp(given, "*") ? given : NULL;
}

static int rule_add_run(struct invocation *in, struct err *e)
{
	struct release_rule rule = { .category = part(in, "--category"),
				     .issuer = part(in, "--issuer"),
				     .customer = part(in, "--customer"),
				     .hold_s = HOLD_OF_TIER };
	struct rule_effects *effects;
	struct app *app;

	if (!release_verb_of(&rule.verb, invocation_option(in, "--verb")))
		return err_set(e, ERR_USAGE, "--verb auto, ask or never is needed"), EX_USAGE;
	if (!minutes_read(&rule.hold_s, invocation_option(in, "--hold"), e) ||
	    !(app = rules_open(in, e)))
		return EX_SOFTWARE;
	effects = rule_add(app->db, app->conf->broker, &rule, invocation_option(in, "--note"),
			   app_person(invocation_option(in, "--by"), in->mem),
			   invocation_option(in, "--dry-run") != NULL, in->mem, e);
	return change_close(in, app, effects,
			    effects ? talloc_asprintf(in->mem, "rule %" PRId64, effects->rule_id)
				    : "");
}

static int rule_remove_run(struct invocation *in, struct err *e)
{
	uint64_t id = 0;
	struct app *app;

	if (!text_option_u64(&id, in->word[0], 1, INT64_MAX, "the rule's id", e) ||
	    !(app = rules_open(in, e)))
		return EX_SOFTWARE;
	return change_close(in, app,
			    rule_remove(app->db, app->conf->broker, (int64_t)id,
					invocation_option(in, "--dry-run") != NULL, in->mem, e),
			    "rule removed");
}

static int hold_set_run(struct invocation *in, struct err *e)
{
	struct app *app;
	int hold_s = 0;

	if (!minutes_read(&hold_s, in->word[1], e) || !(app = rules_open(in, e)))
		return EX_SOFTWARE;
	return change_close(in, app,
			    hold_set(app->db, app->conf->broker, in->word[0], hold_s,
				     invocation_option(in, "--dry-run") != NULL, in->mem, e),
			    "hold-back set");
}

static int hold_list_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "tier", "minutes" };
	struct listing *list = listing_new(in->mem, 2, heads);
	struct app *app = app_open(in, APP_DATABASE, e);
	struct policy *policy = app ? policy_load(app->db, app->conf->broker, in->mem, e) : NULL;

	if (!policy)
		return EX_SOFTWARE;
	listing_numbers(list, 1, 1);
	for (int i = TIER_NONE + 1; i < TIERS; i++)
		listing_row(list,
			    (const char *const[]){
				    tier_text((enum tier)i),
				    talloc_asprintf(in->mem, "%g", policy->hold_s[i] / 60.0) });
	listing_print(list, in->output, in->out);
	return EX_OK;
}

static const struct option_spec add_options[] = {
	{ "--category", "CATEGORY", "documents of this category, as in the events" },
	{ "--issuer", "INSURER", "documents of this insurer" },
	{ "--customer", "CUSTOMER", "documents of this customer" },
	{ "--verb", "VERB", "auto: after the hold-back; ask: a person gives it; never" },
	{ "--hold", "MINUTES", "hold back at least so long" },
	{ "--note", "TEXT", "why" },
	{ "--by", "NAME", "who decides; else the login name" },
	{ "--dry-run", NULL, "show what would become of what waits" },
	{ NULL, NULL, NULL },
};

static const struct option_spec dry_run_options[] = {
	{ "--dry-run", NULL, "show what would become of what waits" },
	{ NULL, NULL, NULL },
};

const struct command release_rule_commands[] = {
	{ "release rule list", "", 0, 0, NULL,
	  "who decides what customers are told, most specific first", rule_list_run },
	{ "release rule add", "", 0, 0, add_options,
	  "a rule for a category, an insurer, a customer", rule_add_run },
	{ "release rule remove", "ID", 1, 1, dry_run_options, "remove a rule", rule_remove_run },
	{ "release hold list", "", 0, 0, NULL, "what each tier holds back, in minutes",
	  hold_list_run },
	{ "release hold set", "TIER MINUTES", 2, 2, dry_run_options,
	  "how long a tier holds back, so that an undo can win", hold_set_run },
	{ NULL, NULL, 0, 0, NULL, NULL, NULL },
};
