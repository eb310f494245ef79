/* queue.c -- `vorpost queue ...`: what waits for a person, and what the person says. */
#include "matcher/queue.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/text.h"
#include "cmd/app.h"
#include "cmd/audit.h"
#include "cmd/commands.h"
#include "cmd/document_text.h"
#include "cmd/matching.h"
#include "cmd/phrase.h"
#include "cmd/queue_list.h"
#include "cmd/release_text.h"
#include "matcher/candidates.h"
#include "matcher/objections.h"
#include "model/media_type.h"
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
	const struct document *document = s->transfer.documents;
	char *warning = media_type_warning(document->name, document->declared_type,
					   document->media_type, NULL);
	json_t *object = stored_verdict(s);

	set(object, "document_id", s->document_id);
	set(object, "connection", s->connection);
	set(object, "shipment_id", s->shipment_id);
	set(object, "insurer", s->issuer);
	set(object, "received_at", s->received_at);
	set(object, "duplicate_of", s->duplicate_of);
	set(object, "name", s->transfer.documents->name);
	set(object, "media_type", s->transfer.documents->media_type);
	set(object, "declared_type", s->transfer.documents->declared_type);
	set(object, "warning", warning);
	set(object, "sha256", s->transfer.documents->sha256);
	json_object_set_new(object, "transfer", stored_transfer(&s->transfer));
	json_object_set_new(object, "candidates", candidates_json(candidates));
	json_dumpf(object, out, JSON_INDENT(2) | JSON_ENSURE_ASCII); /* nothing invisible */
	fputc('\n', out);
	json_decref(object);
	talloc_free(warning);
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
	document_print(in->out, stored, matcher.insurers);
	verdict_print(in->out, stored, stored_contracts(stored, in->mem));
	if (rows_count(candidates)) {
		phrase_print(in->out, "\n%s\n", "candidates, best first");
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

/* The same of what is only tried. */
static void alias_would_print(const struct invocation *in, const struct decided *decided)
{
	if (decided->alias)
		phrase_print(in->out, "its number would become a name of the contract\n");
	else
		phrase_print(in->out, "its number would not be remembered: %s\n",
			     decided->no_alias);
	if (decided->others)
		phrase_print(in->out, "other documents that this would solve: %d\n",
			     decided->others);
	phrase_print(in->out, "nothing is changed\n");
}

static void alias_print(const struct invocation *in, const struct decided *decided, bool also)
{
	if (decided->alias)
		phrase_print(in->out, "its number is now a name of the contract\n");
	else
		phrase_print(in->out, "its number was not remembered: %s\n", decided->no_alias);
	if (decided->pattern)
		phrase_print(
			in->out,
			"its spelling is proposed for the insurer's other numbers: `vorpost insurers learn` shows it, nothing reads by it before it is accepted\n");
	if (decided->others && also)
		phrase_print(in->out, "other documents filed to the contract with it: %d\n",
			     decided->others);
	else if (decided->others)
		phrase_print(
			in->out,
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

static bool confirm_read(unsigned *confirmed, const char *words, TALLOC_CTX *mem, struct err *e)
{
	char *rest = talloc_strdup(mem, words ? words : ""), *save = NULL;

	*confirmed = 0;
	for (char *word = strtok_r(rest, ", ", &save); word; word = strtok_r(NULL, ", ", &save))
		if (!objection_read(confirmed, word))
			return err_set(e, ERR_USAGE, "--confirm knows no %s; it knows %s",
				       text_shown(word, SHOWN_MOST, mem),
				       objections_join(~0U, objection_text, ", ", mem));
	return true;
}

/* A refusal for want of confirmation says how one confirms. */
static bool assign_do(const struct matcher *matcher, const struct decision *decision,
		      struct decided *decided, TALLOC_CTX *mem, struct err *e)
{
	if (queue_assign(matcher, decision, decided, mem, e))
		return true;
	if (decided->objections)
		err_set(e, ERR_REFUSED, "%s (if it is meant all the same: --confirm %s)",
			talloc_strdup(mem, e->text),
			objections_join(decided->objections, objection_text, ",", mem));
	return false;
}

/* Where it lies now, as a person checks it: number, holder and insurer of each contract. The decision stands even if they cannot be
 * read now. */
static void filed_print(const struct invocation *in, const struct matcher *matcher,
			const struct decision *decision, const struct decided *decided)
{
	size_t count = decision->more_count + 1;
	const char **ids = talloc_array(in->mem, const char *, count);
	char *all = talloc_strdup(in->mem, "");
	struct err ignored = { 0 };
	struct rows *rows;

	for (size_t i = 0; i < count; i++) {
		ids[i] = i ? decision->more[i - 1] : decision->contract;
		all = talloc_asprintf_append(all, "%s%s", i ? ", " : "",
					     text_shown(ids[i], SHOWN_MOST, in->mem));
	}
	phrase_print(in->out, "document %s %s to contract %s\n", decided->document->document_id,
		     decision->dry_run ? "would be filed" : "is filed", all);
	if (!db_call(matcher->db, SQL_queue_candidates, &rows, in->mem, &ignored, matcher->broker,
		     text_array(ids, count, in->mem)))
		return;
	for (int i = 0; i < rows_count(rows); i++)
		fprintf(in->out, "    %s, %s\n", contract_row_shown(rows, i, in->mem),
			insurer_shown(matcher->insurers, rows_text(rows, i, "issuer"), in->mem));
}

static int queue_assign_run(struct invocation *in, struct err *e)
{
	struct decision decision = decision_of(in);
	struct audit_trail trail;
	struct matcher matcher;
	struct decided decided;

	decision.contract = in->word[1];
	decision.more = (const char *const *)&in->word[2];
	decision.more_count = (size_t)in->words - 2;
	decision.several_customers = invocation_option(in, "--several-customers") != NULL;
	decision.note = invocation_option(in, "--note");
	decision.no_alias = invocation_option(in, "--no-alias") != NULL;
	decision.as_pattern = invocation_option(in, "--pattern") != NULL;
	if (decision.no_alias && decision.as_pattern) {
		err_set(e, ERR_USAGE, "--pattern remembers the number, --no-alias does not");
		return EX_USAGE;
	}
	decision.also = invocation_option(in, "--also") != NULL;
	decision.dry_run = invocation_option(in, "--dry-run") != NULL;
	if (!confirm_read(&decision.confirmed, invocation_option(in, "--confirm"), in->mem, e) ||
	    !matcher_open(&matcher, in, e))
		return EX_SOFTWARE;
	audit_decision(&trail, &decision, matcher.broker, "document.assign");
	if (!assign_do(&matcher, &decision, &decided, in->mem, e))
		return EX_SOFTWARE;
	if (in->quiet)
		return EX_OK;
	filed_print(in, &matcher, &decision, &decided);
	if (decision.dry_run) {
		alias_would_print(in, &decided);
		return EX_OK;
	}
	alias_print(in, &decided, decision.also);
	return release_after(in, &matcher, &decided);
}

static const char *ignored_words(TALLOC_CTX *mem)
{
	char *words = talloc_strdup(mem, "");

	for (int i = 0; i < IGNORED_AS; i++)
		words = talloc_asprintf_append(words, "%s%s", i ? ", " : "",
					       ignored_text((enum ignored)i));
	return words;
}

static bool reason_known(const char *word)
{
	for (int i = 0; i < IGNORED_AS; i++)
		if (text_equal(word, ignored_text((enum ignored)i)))
			return true;
	return false;
}

static int queue_ignore_run(struct invocation *in, struct err *e)
{
	struct decision decision = decision_of(in);
	struct audit_trail trail;
	struct matcher matcher;
	struct decided decided;

	decision.reason = invocation_option(in, "--reason");
	decision.note = invocation_option(in, "--note");
	if (!reason_known(decision.reason)) {
		err_set(e, ERR_USAGE, "say why: --reason WORD, one of %s", ignored_words(in->mem));
		return EX_USAGE;
	}
	if (!matcher_open(&matcher, in, e))
		return EX_SOFTWARE;
	audit_decision(&trail, &decision, matcher.broker, "document.ignore");
	if (!queue_ignore(&matcher, &decision, &decided, in->mem, e))
		return EX_SOFTWARE;
	if (in->quiet)
		return EX_OK;
	phrase_print(in->out, "document %s is ignored\n", decided.document->document_id);
	return release_after(in, &matcher, &decided);
}

/* Of those that change where a document waits, and not what it is. */
static int queue_desk_run(struct invocation *in, queue_act *act, struct decision *decision,
			  const char *action, const char *said, struct err *e)
{
	struct audit_trail trail;
	struct matcher matcher;
	struct decided decided;

	if (!matcher_open(&matcher, in, e))
		return EX_SOFTWARE;
	audit_decision(&trail, decision, matcher.broker, action);
	if (!act(&matcher, decision, &decided, in->mem, e))
		return EX_SOFTWARE;
	if (!in->quiet)
		phrase_print(in->out, "document %s %s %s\n", decided.document->document_id, said,
			     text_shown(in->word[1], SHOWN_MOST, in->mem));
	return EX_OK;
}

static int queue_postpone_run(struct invocation *in, struct err *e)
{
	struct decision decision = decision_of(in);

	decision.until = in->word[1];
	decision.note = invocation_option(in, "--note");
	return queue_desk_run(in, queue_postpone, &decision, "document.postpone",
			      "is put off until", e);
}

static int queue_hand_over_run(struct invocation *in, struct err *e)
{
	struct decision decision = decision_of(in);

	decision.to = in->word[1];
	decision.note = invocation_option(in, "--note");
	return queue_desk_run(in, queue_hand_over, &decision, "document.hand-over", "is handed to",
			      e);
}

/* After an undo the matcher may have come to something else than before. */
static void now_print(const struct invocation *in, const struct stored *now)
{
	if (now->contract_id)
		phrase_print(in->out, "it is filed to contract %s now: %s\n",
			     text_shown(stored_contracts(now, in->mem), SHOWN_MOST, in->mem),
			     tier_words(now->tier));
	else
		phrase_print(in->out, "it is %s now: %s\n", now->state, reason_words(now->reason));
}

static int queue_undo_run(struct invocation *in, struct err *e)
{
	struct decision decision = decision_of(in);
	struct audit_trail trail;
	struct matcher matcher;
	struct decided decided;
	struct stored *now;

	decision.note = invocation_option(in, "--note");
	if (!matcher_open(&matcher, in, e))
		return EX_SOFTWARE;
	audit_decision(&trail, &decision, matcher.broker, "document.undo");
	if (!queue_undo(&matcher, &decision, &decided, in->mem, e) ||
	    !(now = queue_document(&matcher, decided.document->document_id, in->mem, e)))
		return EX_SOFTWARE;
	if (in->quiet)
		return EX_OK;
	phrase_print(in->out, "document %s: %s taken back\n", decided.document->document_id,
		     decided.action);
	now_print(in, now);
	if (decided.alias)
		phrase_print(in->out, "its number is no longer a name of the contract\n");
	if (decided.withdrawn)
		phrase_print(in->out,
			     "other documents that the number had filed, taken back too: %d\n",
			     decided.withdrawn);
	return release_after(in, &matcher, &decided);
}

static const struct option_spec assign_options[] = {
	{ "--dry-run", NULL,
	  "change nothing: where it would lie, what speaks against it, what else that solves" },
	{ "--no-alias", NULL, "do not remember the number as a name of the contract" },
	{ "--pattern", NULL,
	  "propose its spelling for the insurer's other numbers; `insurers learn` shows what comes of it" },
	{ "--also", NULL, "file the other documents that the number solves" },
	{ "--several-customers", NULL, "several contracts, and not one customer's; needs --note" },
	{ "--confirm", "WORDS",
	  "what speaks against it is known: several_customers, other_holder, other_insurer, strict_line, same_number, other_customer" },
	{ "--note", "TEXT", "why" },
	{ "--by", "NAME", "who decides; else the login name" },
	{ NULL, NULL, NULL },
};

static const struct option_spec ignore_options[] = {
	{ "--reason", "WORD",
	  "advertising, circular, settlement, data, not_ours, duplicate or other" },
	{ "--note", "TEXT", "more about it" },
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
	{ "queue postpone", "DOCUMENT MOMENT", 2, 2, undo_options,
	  "put a document off: it waits, but not in the list, until then", queue_postpone_run },
	{ "queue hand-over", "DOCUMENT COLLEAGUE", 2, 2, undo_options,
	  "lay a document on a colleague's desk", queue_hand_over_run },
	{ "queue undo", "DOCUMENT", 1, 1, undo_options,
	  "take the last decision about a document back, with what followed from it",
	  queue_undo_run },
	{ NULL, NULL, 0, 0, NULL, NULL, NULL },
};
