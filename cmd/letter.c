/* letter.c -- `vorpost letter ...`: what is known about letters by insurer and type. */
#include <string.h>
#include <sysexits.h>

#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/row_list.h"
#include "events/letter.h"
#include "model/business_case.h"

#define SHOWN_MOST 60

static const char *const heads[] = { "issuer",     "category", "twin",  "lag_days",     "source",
				     "confidence", "by",       "since", "observations", "median" };
#define COLUMNS (int)(sizeof heads / sizeof *heads)

static int letter_list_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	struct letter_facts none = { 0 };
	struct letter_rules *shipped;
	struct listing *list;
	struct rows *rows;

	if (!app || !db_call(app->db, SQL_letter_list, &rows, in->mem, e, app->conf->broker))
		return EX_SOFTWARE;
	list = listing_new(in->mem, COLUMNS, heads);
	listing_numbers(list, 3, 3);
	listing_numbers(list, 8, 9);
	rows_list(list, rows, COLUMNS, heads, SHOWN_MOST, in);
	shipped = letter_rules_none(in->mem);
	letter_rules_apply(&none, shipped, NULL, "");
	listing_row(list, (const char *const[]){ LETTER_ANY, LETTER_ANY, twin_text(none.twin),
						 talloc_asprintf(in->mem, "%d", none.lag_days),
						 "shipped", "low", "vorpost", NULL, "0", NULL });
	listing_print(list, in->output, in->out);
	return EX_OK;
}

/* ---- set ---- */

static bool issuer_check(const struct app *app, const char *issuer, struct err *e)
{
	return text_equal(issuer, LETTER_ANY) || !strncmp(issuer, "vu:", 3) ||
	       insurers_by_issuer(app->insurers, issuer) ||
	       err_set(e, ERR_USAGE,
		       "there is no insurer file '%.60s'; `vorpost insurers list` shows them, * is "
		       "any",
		       issuer);
}

static bool category_check(const char *category, struct err *e)
{
	for (int i = 0; i < CLASSES; i++)
		if (text_equal(business_class_text((enum business_class)i), category))
			return true;
	return text_equal(category, LETTER_ANY) ||
	       err_set(e, ERR_USAGE,
		       "there is no category '%.60s'; policy, invoice, ... or * for any", category);
}

struct letter_wish {
	enum twin twin;
	uint64_t lag;
	const char *source, *confidence, *by;
};

static bool confidence_check(const char *word, struct err *e)
{
	return text_equal(word, "low") || text_equal(word, "medium") || text_equal(word, "high") ||
	       err_set(e, ERR_USAGE, "--confidence is low, medium or high");
}

static bool wish_read(struct letter_wish *wish, const struct invocation *in, struct err *e)
{
	const char *twin = invocation_option(in, "--twin"), *lag = invocation_option(in, "--lag");

	*wish = (struct letter_wish){ .lag = 1,
				      .source = invocation_option(in, "--source"),
				      .confidence = invocation_option(in, "--confidence"),
				      .by = app_person(invocation_option(in, "--by"), in->mem) };
	if (!wish->confidence)
		wish->confidence = "medium";
	if (!twin_parse(&wish->twin, twin))
		return err_set(e, ERR_USAGE,
			       "say whether there is a letter: --twin yes|no|unknown");
	if (text_empty(wish->source))
		return err_set(e, ERR_USAGE, "say who says so: --source TEXT");
	return confidence_check(wish->confidence, e) &&
	       (!lag || text_option_u64(&wish->lag, lag, 0, LETTER_LAG_MOST, "--lag", e));
}

/* What would hold, beside what holds. */
static bool wish_show(const struct letter_wish *wish, const struct invocation *in,
		      const struct app *app, struct err *e)
{
	struct letter_rules *rules = letter_rules_load(app->db, app->conf->broker, in->mem, e);
	struct letter_facts before = { 0 };

	if (!rules)
		return false;
	letter_rules_apply(&before, rules, in->word[0], in->word[1]);
	if (!in->quiet)
		fprintf(in->out,
			"issuer %s, category %s: twin %s, posted %d working days after the "
			"date; was twin %s, %d\n",
			in->word[0], in->word[1], twin_text(wish->twin), (int)wish->lag,
			twin_text(before.twin), before.lag_days);
	return true;
}

static int letter_set_run(struct invocation *in, struct err *e)
{
	bool dry = invocation_option(in, "--dry-run") != NULL;
	struct letter_wish wish;
	struct app *app;

	if (!wish_read(&wish, in, e) || !category_check(in->word[1], e) ||
	    !(app = app_open(in, APP_ALL, e)) || !issuer_check(app, in->word[0], e) ||
	    !wish_show(&wish, in, app, e))
		return EX_SOFTWARE;
	if (dry) {
		fputs("nothing was changed (--dry-run)\n", in->out);
		return EX_OK;
	}
	if (!db_call(app->db, SQL_letter_set, NULL, in->mem, e, app->conf->broker, in->word[0],
		     in->word[1], twin_text(wish.twin),
		     talloc_asprintf(in->mem, "%d", (int)wish.lag), wish.source, wish.confidence,
		     wish.by))
		return EX_SOFTWARE;
	return EX_OK;
}

static int letter_remove_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows;

	if (!app || !db_call(app->db, SQL_letter_remove, &rows, in->mem, e, app->conf->broker,
			     in->word[0], in->word[1]))
		return EX_SOFTWARE;
	if (!rows_count(rows)) {
		err_set(e, ERR_MISSING, "there is no such rule; `vorpost letter list` shows them");
		return EX_NOINPUT;
	}
	if (!in->quiet)
		fputs("forgotten; the next less specific rule holds\n", in->out);
	return EX_OK;
}

static const struct option_spec set_options[] = {
	{ "--twin", "WORD", "is there a letter too: yes, no or unknown" },
	{ "--lag", "DAYS", "working days from the document's date to the posting; 1" },
	{ "--source", "TEXT", "who says so" },
	{ "--confidence", "WORD", "low, medium or high; medium" },
	{ "--by", "NAME", "who decides; else the login name" },
	{ "--dry-run", NULL, "show it, change nothing" },
	{ 0 },
};

const struct command letter_commands[] = {
	{ "letter list", "", 0, 0, NULL, "is there a letter, and when: by insurer and type",
	  letter_list_run },
	{ "letter set", "ISSUER CATEGORY", 2, 2, set_options,
	  "what an insurer says about its letters; * is any", letter_set_run },
	{ "letter remove", "ISSUER CATEGORY", 2, 2, NULL, "forget a rule", letter_remove_run },
	{ 0 },
};
