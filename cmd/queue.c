/* queue.c -- `vorpost queue ...`: what waits for a person, and what the person says. */
#include "matcher/queue.h"

#include <jansson.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/document_text.h"
#include "cmd/matching.h"
#include "cmd/queue_list.h"
#include "cmd/release_text.h"
#include "matcher/candidates.h"
#include "model/verdict.h"

#define SHOWN_MOST 60

/* ---- show ---- */

static const char *const candidate_columns[] = { "contract_id", "number",    "printed_number",
						 "line",        "starts_on", "ends_on",
						 "customer_id", "name",      "first_name",
						 "birth_date",  "postcode",  "plate" };
#define CANDIDATE_COLUMNS 12

static bool candidates_load(struct rows **rows, const struct matcher *matcher,
			    const struct stored *stored, TALLOC_CTX *mem, struct err *e)
{
	json_t *ids = json_loads(stored->candidates ? stored->candidates : "[]", 0, NULL);
	size_t count = json_array_size(ids);
	const char **items = talloc_array(mem, const char *, count + 1);
	bool ok;

	for (size_t i = 0; i < count; i++)
		items[i] = json_string_value(json_array_get(ids, i));
	ok = db_call(matcher->db, SQL_queue_candidates, rows, mem, e, matcher->broker,
		     text_array(items, count, mem));
	json_decref(ids);
	return ok;
}

static struct listing *candidates_listing(const struct rows *rows, TALLOC_CTX *mem)
{
	struct listing *list = listing_new(mem, CANDIDATE_COLUMNS, candidate_columns);

	for (int i = 0; i < rows_count(rows); i++) {
		const char *cells[CANDIDATE_COLUMNS];

		for (int k = 0; k < CANDIDATE_COLUMNS; k++) {
			cells[k] = rows_text(rows, i, candidate_columns[k]);
			if (cells[k])
				cells[k] = text_shown(cells[k], SHOWN_MOST, mem);
		}
		listing_row(list, cells);
	}
	return list;
}

static void set(json_t *object, const char *key, const char *value)
{
	json_object_set_new(object, key, value ? json_string(value) : json_null());
}

static json_t *candidates_json(const struct rows *rows)
{
	json_t *array = json_array();

	for (int i = 0; i < rows_count(rows); i++) {
		json_t *object = json_object();

		for (int k = 0; k < CANDIDATE_COLUMNS; k++)
			set(object, candidate_columns[k], rows_text(rows, i, candidate_columns[k]));
		json_array_append_new(array, object);
	}
	return array;
}

static void show_json(FILE *out, const struct stored *s, const struct rows *candidates)
{
	json_t *object = stored_verdict(s);

	set(object, "document_id", s->document_id);
	set(object, "connection", s->connection);
	set(object, "shipment_id", s->shipment_id);
	set(object, "insurer", s->issuer);
	set(object, "received_at", s->received_at);
	set(object, "duplicate_of", s->duplicate_of);
	set(object, "name", s->transfer.documents->name);
	set(object, "media_type", s->transfer.documents->media_type);
	set(object, "sha256", s->transfer.documents->sha256);
	json_object_set_new(object, "transfer", stored_transfer(&s->transfer));
	json_object_set_new(object, "candidates", candidates_json(candidates));
	json_dumpf(object, out, JSON_INDENT(2) | JSON_ENSURE_ASCII); /* nothing invisible */
	fputc('\n', out);
	json_decref(object);
}

static int queue_show_run(struct invocation *in, struct err *e)
{
	struct matcher matcher;
	struct stored *stored;
	struct rows *candidates;

	if (!app_no_csv(in, e) || !matcher_open(&matcher, in, e) ||
	    !(stored = queue_document(&matcher, in->word[0], in->mem, e)) ||
	    !candidates_load(&candidates, &matcher, stored, in->mem, e))
		return EX_SOFTWARE;
	if (in->output == OUTPUT_JSON) {
		show_json(in->out, stored, candidates);
		return EX_OK;
	}
	document_print(in->out, stored);
	verdict_print(in->out, stored);
	if (rows_count(candidates)) {
		fputs("\ncandidates, best first\n", in->out);
		listing_print(candidates_listing(candidates, in->mem), OUTPUT_TABLE, in->out);
	}
	return EX_OK;
}

/* ---- assign, ignore, undo ---- */

static struct decision decision_of(const struct invocation *in)
{
	return (struct decision){
		.document = in->word[0],
		.by = app_person(invocation_option(in, "--by"), in->mem),
	};
}

static void alias_print(const struct invocation *in, const struct decided *decided, bool also)
{
	if (decided->alias)
		fputs("its number is now a name of the contract\n", in->out);
	else
		fprintf(in->out, "its number was not remembered: %s\n", decided->no_alias);
	if (decided->others && also)
		fprintf(in->out, "other documents filed to the contract with it: %d\n",
			decided->others);
	else if (decided->others)
		fprintf(in->out,
			"other documents that this solves: %d (a running `vorpost serve` files them soon, `vorpost match again` now)\n",
			decided->others);
}

/* The last lines of the answer: what the customer hears of it. The decision stands even if that cannot be said now. */
static int release_after(const struct invocation *in, const struct matcher *matcher,
			 const struct decided *decided)
{
	struct err ignored = { 0 };

	release_tell(in->out, matcher->db, matcher->broker, decided->document->document_id, in->mem,
		     &ignored);
	return EX_OK;
}

static int queue_assign_run(struct invocation *in, struct err *e)
{
	struct decision decision = decision_of(in);
	struct matcher matcher;
	struct decided decided;

	decision.contract = in->word[1];
	decision.more = (const char *const *)&in->word[2];
	decision.more_count = (size_t)in->words - 2;
	decision.several_customers = invocation_option(in, "--several-customers") != NULL;
	decision.note = invocation_option(in, "--note");
	decision.no_alias = invocation_option(in, "--no-alias") != NULL;
	decision.also = invocation_option(in, "--also") != NULL;
	if (!matcher_open(&matcher, in, e) ||
	    !queue_assign(&matcher, &decision, &decided, in->mem, e))
		return EX_SOFTWARE;
	if (in->quiet)
		return EX_OK;
	fprintf(in->out, "document %s is filed to contract %s", decided.document->document_id,
		text_shown(decision.contract, SHOWN_MOST, in->mem));
	for (size_t i = 0; i < decision.more_count; i++)
		fprintf(in->out, ", %s", text_shown(decision.more[i], SHOWN_MOST, in->mem));
	fputc('\n', in->out);
	alias_print(in, &decided, decision.also);
	return release_after(in, &matcher, &decided);
}

static int queue_ignore_run(struct invocation *in, struct err *e)
{
	struct decision decision = decision_of(in);
	struct matcher matcher;
	struct decided decided;

	decision.note = invocation_option(in, "--reason");
	if (text_empty(decision.note)) {
		err_set(e, ERR_USAGE, "say why: --reason TEXT");
		return EX_USAGE;
	}
	if (!matcher_open(&matcher, in, e) ||
	    !queue_ignore(&matcher, &decision, &decided, in->mem, e))
		return EX_SOFTWARE;
	if (in->quiet)
		return EX_OK;
	fprintf(in->out, "document %s is ignored\n", decided.document->document_id);
	return release_after(in, &matcher, &decided);
}

/* After an undo the matcher may have come to something else than before. */
static void now_print(const struct invocation *in, const struct stored *now)
{
	if (now->contract_id)
		fprintf(in->out, "it is filed to contract %s now, tier %s\n",
			text_shown(stored_contracts(now, in->mem), SHOWN_MOST, in->mem), now->tier);
	else
		fprintf(in->out, "it is %s now (%s)\n", now->state, now->reason);
}

static int queue_undo_run(struct invocation *in, struct err *e)
{
	struct decision decision = decision_of(in);
	struct matcher matcher;
	struct decided decided;
	struct stored *now;

	decision.note = invocation_option(in, "--note");
	if (!matcher_open(&matcher, in, e) ||
	    !queue_undo(&matcher, &decision, &decided, in->mem, e) ||
	    !(now = queue_document(&matcher, decided.document->document_id, in->mem, e)))
		return EX_SOFTWARE;
	if (in->quiet)
		return EX_OK;
	fprintf(in->out, "document %s: %s taken back\n", decided.document->document_id,
		decided.action);
	now_print(in, now);
	if (decided.alias)
		fputs("its number is no longer a name of the contract\n", in->out);
	if (decided.withdrawn)
		fprintf(in->out, "other documents that the number had filed, taken back too: %d\n",
			decided.withdrawn);
	return release_after(in, &matcher, &decided);
}

static const struct option_spec assign_options[] = {
	{ "--no-alias", NULL, "do not remember the number as a name of the contract" },
	{ "--also", NULL, "file the other documents that the number solves" },
	{ "--several-customers", NULL, "several contracts, and not one customer's; needs --note" },
	{ "--note", "TEXT", "why" },
	{ "--by", "NAME", "who decides; else the login name" },
	{ NULL, NULL, NULL },
};

static const struct option_spec ignore_options[] = {
	{ "--reason", "TEXT", "why" },
	{ "--by", "NAME", "who decides; else the login name" },
	{ NULL, NULL, NULL },
};

static const struct option_spec undo_options[] = {
	{ "--note", "TEXT", "why" },
	{ "--by", "NAME", "who decides; else the login name" },
	{ NULL, NULL, NULL },
};

const struct command queue_commands[] = {
	{ "queue list", "", 0, 0, queue_list_options, "documents that wait for a person",
	  queue_list_run },
	{ "queue show", "DOCUMENT", 1, 1, NULL,
	  "what was delivered, what speaks for and against, which contracts it may be",
	  queue_show_run },
	{ "queue assign", "DOCUMENT CONTRACT [CONTRACT ...]", 2, 22, assign_options,
	  "file a document, and remember its number", queue_assign_run },
	{ "queue ignore", "DOCUMENT", 1, 1, ignore_options, "take a document out of the queue",
	  queue_ignore_run },
	{ "queue undo", "DOCUMENT", 1, 1, undo_options,
	  "take the last decision about a document back, with what followed from it",
	  queue_undo_run },
	{ NULL, NULL, 0, 0, NULL, NULL, NULL },
};
