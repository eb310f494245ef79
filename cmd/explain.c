/* explain.c -- `match explain`: every step from the delivered numbers to the verdict, for people and for machines. */
#include "cmd/explain.h"

#include <jansson.h>
#include <sysexits.h>

#include "base/text.h"
#include "cmd/document_text.h"
#include "cmd/matching.h"
#include "cmd/phrase.h"
#include "matcher/candidates.h"
#include "matcher/decide_all.h"
#include "matcher/queue.h"

#define SHOWN_MOST 60

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
		return "names the contract of earlier documents, if no other number names one";
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

	phrase_print(out, "    %s key %s:%s\n", form, shown, count ? "" : " nobody answers");
	for (size_t i = 0; i < count; i++) {
		const struct contract *c = &found[i].contract;
		char *id = text_shown(c->contract_id, SHOWN_MOST, NULL);

		phrase_print(out, "      contract %s, %s%s%s%s%s\n", id,
			     found[i].by == BY_CLAIM ? "earlier document of the claim"
						     : name_origin_text(found[i].origin),
			     c->line ? ", line " : "", c->line ? c->line : "",
			     c->end ? ", ends " : "", c->end ? c->end : "");
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

	phrase_print(out, "\n%s number \"%s\" at %s%s%s: %s\n", number_kind_name(n->kind), value,
		     issuer, asked->vu ? ", contracts of " : "", asked->vu ? asked->vu : "",
		     use_words(asked));
	for (size_t i = 0; i < key->step_count; i++)
		phrase_print(out, "    %s\n", key->steps[i]);
	if (key->why_not)
		phrase_print(out, "    refused: %s\n", key->why_not);
	if (asked->use != USE_NONE && key_usable(key)) {
		found_print(out, candidates, asked, key->plain, "plain");
		if (asked->use != USE_CLAIM && key->canonical &&
		    !text_equal(key->canonical, key->plain))
			found_print(out, candidates, asked, key->canonical, "picture's");
	}
	talloc_free(value);
	talloc_free(issuer);
}

/* The verdict as a clerk would note it: what was decided, then what speaks for it and against it. */
static void decision_print(FILE *out, const struct verdict *verdict)
{
	char *best = talloc_strdup(NULL, "");

	if (verdict->filed)
		phrase_print(out,
			     "\nby the stock and the rules of now: filed to contract %s, tier %s\n",
			     verdict->contract_id, tier_text(verdict->tier));
	else
		phrase_print(out,
			     "\nby the stock and the rules of now: a person decides: %s (%s)\n",
			     reason_text(verdict->reason), reason_in_words(verdict->reason));
	for (size_t i = 0; i < verdict->evidence_count; i++) {
		fprintf(out, "  %c ", verdict->evidence[i].against ? '-' : '+');
		phrase_print(out, "%s\n", verdict->evidence[i].says);
	}
	for (size_t i = 0; i < verdict->candidate_count; i++)
		best = talloc_asprintf_append(best, "%s%s", i ? ", " : "", verdict->candidates[i]);
	if (verdict->candidate_count)
		phrase_print(out, "candidates, best first: %s\n", best);
	talloc_free(best);
}

/* ---- the same for machines ---- */

static json_t *found_json(const struct candidates *candidates, const struct asked *asked,
			  const char *key)
{
	json_t *all = json_array();
	size_t count;
	const struct found *found =
		candidates_of(candidates, asked->issuer, key,
			      asked->use == USE_CLAIM ? BY_CLAIM : BY_NAME, &count);

	for (size_t i = 0; i < count; i++)
		json_array_append_new(all, json_pack("{s:s, s:s, s:s?, s:s?}", "contract_id",
						     found[i].contract.contract_id, "origin",
						     found[i].by == BY_CLAIM
							     ? "claim"
							     : name_origin_text(found[i].origin),
						     "line", found[i].contract.line, "end",
						     found[i].contract.end));
	return all;
}

static json_t *asked_json(const struct facts *facts, const struct asked *asked,
			  const struct candidates *candidates)
{
	const struct number *n = &facts->transfer->numbers[asked->number];
	const struct key *key = asked->key;
	json_t *steps = json_array(), *found = json_array();
	char *value = n->value ? talloc_strdup(NULL, n->value) : NULL;
	json_t *all;

	if (value)
		text_mend(value);
	for (size_t i = 0; i < key->step_count; i++)
		json_array_append_new(steps, json_string(key->steps[i]));
	if (asked->use != USE_NONE && key_usable(key)) {
		json_decref(found);
		found = found_json(candidates, asked, key->plain);
		if (asked->use != USE_CLAIM && key->canonical &&
		    !text_equal(key->canonical, key->plain)) {
			json_t *more = found_json(candidates, asked, key->canonical);

			json_array_extend(found, more);
			json_decref(more);
		}
	}
	all = json_pack("{s:s, s:s?, s:s, s:s?, s:s, s:s, s:s?, s:o, s:o}", "kind",
			number_kind_name(n->kind), "value", value, "issuer", asked->issuer, "vu",
			asked->vu, "use", use_words(asked), "plain", key->plain, "canonical",
			key->canonical, "steps", steps, "found", found);
	talloc_free(value);
	return all;
}

static json_t *decision_json(const struct verdict *v)
{
	json_t *evidence = json_array(), *candidates = json_array();

	for (size_t i = 0; i < v->evidence_count; i++)
		json_array_append_new(evidence, json_pack("{s:s, s:b}", "says", v->evidence[i].says,
							  "against", v->evidence[i].against));
	for (size_t i = 0; i < v->candidate_count; i++)
		json_array_append_new(candidates, json_string(v->candidates[i]));
	return json_pack("{s:b, s:s?, s:s, s:s, s:o, s:o}", "filed", v->filed, "contract_id",
			 v->filed ? v->contract_id : NULL, "tier", tier_text(v->tier), "reason",
			 reason_text(v->reason), "evidence", evidence, "candidates", candidates);
}

static void explain_json(FILE *out, const struct stored *stored, const struct facts *facts,
			 const struct candidates *candidates, const struct verdict *verdict)
{
	json_t *more = stored->more ? json_loads(stored->more, 0, NULL) : NULL;
	json_t *asked = json_array(), *all;

	for (size_t i = 0; i < facts->asked_count; i++)
		json_array_append_new(asked, asked_json(facts, &facts->asked[i], candidates));
	all = json_pack("{s:s, s:s, s:s?, s:o, s:s?, s:s?, s:s?, s:o, s:o}", "document_id",
			stored->document_id, "state", stored->state, "contract_id",
			stored->contract_id, "more", more ? more : json_array(), "duplicate_of",
			stored->duplicate_of, "issuer", facts->issuer, "dated", facts->dated,
			"numbers", asked, "verdict", decision_json(verdict));
	json_dumpf(all, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(all);
}

static void explain_text(FILE *out, const struct stored *stored, const struct facts *facts,
			 const struct candidates *candidates, const struct verdict *verdict)
{
	char *day = facts->dated ? talloc_strndup(NULL, facts->dated, 10) : NULL;

	document_print(out, stored);
	verdict_print(out, stored);
	document_line(out, "numbers of", facts->issuer);
	document_line(out, "dated", day);
	talloc_free(day);
	for (size_t i = 0; i < facts->asked_count; i++)
		asked_print(out, facts, &facts->asked[i], candidates);
	decision_print(out, verdict);
}

int explain_run(struct invocation *in, struct err *e)
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
	if (in->output == OUTPUT_JSON)
		explain_json(in->out, stored, facts, &candidates, verdict);
	else
		explain_text(in->out, stored, facts, &candidates, verdict);
	return EX_OK;
}
