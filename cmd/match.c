/* match.c -- `vorpost match ...`: why a document is where it is, and matching the queue again. */
#include <sysexits.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/document_text.h"
#include "cmd/matching.h"
#include "matcher/candidates.h"
#include "matcher/decide_all.h"
#include "matcher/queue.h"
#include "matcher/rematch.h"

#define SHOWN_MOST 60

/* ---- explain ---- */

static const char *use_words(const struct asked *asked)
{
	switch (asked->use) {
	case USE_NAME:
		return "names a contract";
	case USE_WEAK:
		return "names a contract, if no better number does";
	case USE_SUGGEST:
		return "only suggests";
	case USE_CLAIM:
		return "only suggests the contracts of earlier documents";
	case USE_NONE:
		break;
	}
	return "is not looked up";
}

static void found_print(FILE *out, const struct candidates *candidates, const struct asked *asked,
			const char *key, const char *form)
{
	size_t count;
	const struct found *found =
		candidates_of(candidates, asked->issuer, key,
			      asked->use == USE_CLAIM ? BY_CLAIM : BY_NAME, &count);
	char *shown = text_shown(key, SHOWN_MOST, NULL);

	fprintf(out, "    %s key %s: %s\n", form, shown, count ? "" : "nobody answers");
	for (size_t i = 0; i < count; i++) {
		const struct contract *c = &found[i].contract;
		char *id = text_shown(c->contract_id, SHOWN_MOST, NULL);

		fprintf(out, "      contract %s, %s%s%s%s%s\n", id,
			found[i].by == BY_CLAIM ? "earlier document of the claim"
						: name_origin_text(found[i].origin),
			c->line ? ", line " : "", c->line ? c->line : "", c->end ? ", ends " : "",
			c->end ? c->end : "");
		talloc_free(id);
	}
	talloc_free(shown);
}

static void asked_print(FILE *out, const struct facts *facts, const struct asked *asked,
			const struct candidates *candidates)
{
	const struct number *n = &facts->transfer->numbers[asked->number];
	char *value = text_shown(n->value ? n->value : "", SHOWN_MOST, NULL);
	char *issuer = text_shown(asked->issuer, SHOWN_MOST, NULL);
	const struct key *key = asked->key;

	fprintf(out, "\n%s number \"%s\" at %s%s%s: %s\n", number_kind_name(n->kind), value, issuer,
		asked->vu ? ", contracts of " : "", asked->vu ? asked->vu : "", use_words(asked));
	for (size_t i = 0; i < key->step_count; i++)
		fprintf(out, "    %s\n", key->steps[i]);
	if (key->why_not)
		fprintf(out, "    refused: %s\n", key->why_not);
	if (asked->use != USE_NONE && key_usable(key)) {
		found_print(out, candidates, asked, key->plain, "plain");
		if (asked->use != USE_CLAIM && key->canonical &&
		    !text_equal(key->canonical, key->plain))
			found_print(out, candidates, asked, key->canonical, "picture's");
	}
	talloc_free(value);
	talloc_free(issuer);
}

static void decision_print(FILE *out, const struct verdict *verdict)
{
	fputs("\nby the stock and the rules of now: ", out);
	if (verdict->filed)
		fprintf(out, "filed to contract %s, tier %s\n", verdict->contract_id,
			tier_text(verdict->tier));
	else
		fprintf(out, "a person decides: %s (%s)\n", reason_text(verdict->reason),
			reason_in_words(verdict->reason));
	for (size_t i = 0; i < verdict->evidence_count; i++)
		fprintf(out, "  %c %s\n", verdict->evidence[i].against ? '-' : '+',
			verdict->evidence[i].says);
	for (size_t i = 0; i < verdict->candidate_count; i++)
		fprintf(out, "%s%s%s",
			i ? ", " : "candidates, best first: ", verdict->candidates[i],
			i + 1 == verdict->candidate_count ? "\n" : "");
}

static int match_explain_run(struct invocation *in, struct err *e)
{
	struct matcher matcher;
	struct stored *stored;
	const struct facts *facts;
	struct candidates candidates;
	struct stock_source stock;
	struct verdict *verdict;

	if (!matcher_open(&matcher, in, e) ||
	    !(stored = queue_document(&matcher, in->word[0], in->mem, e)))
		return EX_SOFTWARE;
	facts = stored_facts(stored, &matcher);
	stock = stock_of_database(&matcher);
	if (!candidates_find(&candidates, matcher.db, matcher.broker, &facts, 1, in->mem, e) ||
	    !decide_all(&verdict, &facts, 1, &stock, matcher.insurers, in->mem, e))
		return EX_SOFTWARE;
	document_print(in->out, stored);
	verdict_print(in->out, stored);
	document_line(in->out, "numbers of", facts->issuer);
	document_line(in->out, "dated", talloc_strndup(in->mem, facts->dated, 10));
	for (size_t i = 0; i < facts->asked_count; i++)
		asked_print(in->out, facts, &facts->asked[i], &candidates);
	decision_print(in->out, verdict);
	return EX_OK;
}

/* ---- again ---- */

static void progress(void *self, const struct rematch_counts *counts)
{
	(void)self;
	fprintf(stderr, "\r%d documents matched again", counts->seen);
}

static int match_again_run(struct invocation *in, struct err *e)
{
	bool shows = !in->quiet && isatty(STDERR_FILENO);
	struct rematch_order order = { .issuer = invocation_option(in, "--insurer"),
				       .dry_run = invocation_option(in, "--dry-run") != NULL,
				       .progress = shows ? progress : NULL };
	struct rematch_counts counts;
	struct matcher matcher;
	bool ok;

	if (!matcher_open(&matcher, in, e))
		return EX_SOFTWARE;
	ok = rematch_all(&matcher, &order, &counts, e);
	if (shows && counts.seen)
		fputc('\n', stderr);
	if (!ok)
		return EX_SOFTWARE;
	fprintf(in->out,
		"%d documents of the queue matched again: %d %s, %d wait for another reason\n",
		counts.seen, counts.filed, order.dry_run ? "would be filed" : "filed",
		counts.revised);
	return EX_OK;
}

static const struct option_spec again_options[] = {
	{ "--dry-run", NULL, "change nothing, only count" },
	{ "--insurer", "ISSUER", "only documents of this insurer" },
	{ NULL, NULL, NULL },
};

const struct command match_commands[] = {
	{ "match explain", "DOCUMENT", 1, 1, NULL,
	  "every step from the delivered numbers to the verdict", match_explain_run },
	{ "match again", "", 0, 0, again_options,
	  "decide the queue again, by the present stock and rules", match_again_run },
	{ NULL, NULL, 0, 0, NULL, NULL, NULL },
};
