/* explain.c -- `match explain`: every step from the delivered numbers to the verdict, for people and for machines. */
#include "cmd/explain.h"

#include <jansson.h>
#include <string.h>
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

/* How the stock knows the number. */
static const char *origin_words(const struct found *found)
{
	static const char *const words[NAME_ORIGINS] = {
		[NAME_SYSTEM] = "system number",
		[NAME_PRINTED] = "printed number",
		[NAME_OTHER] = "other spelling",
		[NAME_APPLICATION] = "application number",
		[NAME_PERSON] = "spelling that a person confirmed",
		[NAME_FORMER] = "former number",
		[NAME_BROKER] = "the broker's own number",
		[NAME_CLAIM] = "claim number",
	};

	return found->by == BY_CLAIM ? "claim number of an earlier document" : words[found->origin];
}

/* ---- contracts as a person knows them ---- */

/* Everything that explaining a document needs. */
struct explaining {
	const struct stored *stored;
	const struct insurers *insurers;
	const struct facts *facts;
	struct candidates candidates;
	struct verdict *verdict;
	struct rows *contracts; /* whatever is spoken of (queue_candidates.sql) */
	bool shadow;
};

static bool contracts_load(struct explaining *x, const struct matcher *matcher, TALLOC_CTX *mem,
			   struct err *e)
{
	const struct stored *s = x->stored;
	const struct verdict *v = x->verdict;
	json_t *more = s->more ? json_loads(s->more, 0, NULL) : NULL, *place;
	size_t i, count = 0,
		  most = x->candidates.count + v->candidate_count + v->more_count +
			 json_array_size(more) + 2;
	const char **ids = talloc_array(mem, const char *, most);
	bool ok;

	for (i = 0; i < x->candidates.count; i++)
		ids[count++] = x->candidates.rows[i].contract.contract_id;
	for (i = 0; i < v->candidate_count; i++)
		ids[count++] = v->candidates[i];
	for (i = 0; i < v->more_count; i++)
		ids[count++] = v->more[i].contract_id;
	json_array_foreach(more, i, place)
	{
		ids[count++] = json_string_value(json_object_get(place, "contract_id"));
	}
	if (s->contract_id)
		ids[count++] = s->contract_id;
	if (v->contract_id)
		ids[count++] = v->contract_id;
	ok = db_call(matcher->db, SQL_queue_candidates, &x->contracts, mem, e, matcher->broker,
		     text_array(ids, count, mem));
	json_decref(more);
	return ok;
}

static char *contract_shown(const struct explaining *x, const char *id, TALLOC_CTX *mem)
{
	for (int row = 0; row < rows_count(x->contracts); row++)
		if (!strcmp(rows_text(x->contracts, row, "contract_id"), id))
			return contract_row_shown(x->contracts, row, mem);
	return text_shown(id, SHOWN_MOST, mem);
}

/* Where the document lies, by the row or by the verdict of now. */
static char *places_shown(const struct explaining *x, bool now, TALLOC_CTX *mem)
{
	json_t *more = !now && x->stored->more ? json_loads(x->stored->more, 0, NULL) : NULL;
	const char *first = now ? x->verdict->contract_id : x->stored->contract_id;
	char *shown = first ? contract_shown(x, first, mem) : NULL;
	json_t *place;
	size_t i;

	json_array_foreach(more, i, place)
	{
		const char *id = json_string_value(json_object_get(place, "contract_id"));

		shown = talloc_asprintf_append(shown, " + %s", contract_shown(x, id, mem));
	}
	for (i = 0; now && i < x->verdict->more_count; i++)
		shown = talloc_asprintf_append(
			shown, " + %s", contract_shown(x, x->verdict->more[i].contract_id, mem));
	json_decref(more);
	return shown;
}

/* ---- what became of a number ---- */

static void found_print(FILE *out, const struct explaining *x, const struct asked *asked,
			const char *key, TALLOC_CTX *mem)
{
	size_t count;
	const struct found *found =
		candidates_of(&x->candidates, asked->issuer, key,
			      asked->use == USE_CLAIM ? BY_CLAIM : BY_NAME, &count);

	if (!count)
		phrase_print(out, "    in the stock: no contract has %s\n",
			     text_shown(key, SHOWN_MOST, mem));
	for (size_t i = 0; i < count; i++) {
		const struct contract *c = &found[i].contract;

		phrase_print(out, "    in the stock: %s%s%s%s%s%s\n", origin_words(&found[i]),
			     c->line ? ", line " : "", c->line ? line_shown(c->line, mem) : "",
			     c->end ? ", ends " : "", c->end ? moment_shown(c->end, mem) : "",
			     c->cancelled ? ", cancelled" : "");
		fprintf(out, "        %s\n", contract_shown(x, c->contract_id, mem));
	}
}

static char *issuer_shown(const struct explaining *x, const char *issuer, TALLOC_CTX *mem)
{
	if (!strcmp(issuer, ANY_ISSUER))
		return phrase("any insurer", mem);
	return text_shown(insurer_shown(x->insurers, issuer, mem), 2 * SHOWN_MOST, mem);
}

static void asked_print(FILE *out, const struct explaining *x, const struct asked *asked,
			TALLOC_CTX *mem)
{
	const struct number *n = &x->facts->transfer->numbers[asked->number];
	const struct key *key = asked->key;

	phrase_print(out, "\n%s \"%s\" at %s%s%s: %s\n", number_kind_said(n->kind),
		     text_shown(n->value ? n->value : "", SHOWN_MOST, mem),
		     issuer_shown(x, asked->issuer, mem), asked->vu ? ", contracts of " : "",
		     asked->vu ? asked->vu : "", text_empty(n->value) ? "empty" : use_words(asked));
	if (text_empty(n->value))
		return;
	for (size_t i = 0; i < key->step_count; i++)
		phrase_print(out, "    %s\n", key->steps[i]);
	if (asked->use == USE_NONE || !key_usable(key))
		return;
	found_print(out, x, asked, key->plain, mem);
	if (asked->use != USE_CLAIM && key->canonical && !text_equal(key->canonical, key->plain))
		found_print(out, x, asked, key->canonical, mem);
}

/* ---- the decision ---- */

/* Would it be decided just so today? What a person decided is his, whatever the matcher thinks. */
static bool decided_so(const struct explaining *x)
{
	const struct verdict *v = x->verdict;
	json_t *said = x->stored->evidence ? json_loads(x->stored->evidence, 0, NULL) : NULL;
	bool same = !strcmp(x->stored->tier, tier_text(v->tier)) &&
		    !strcmp(x->stored->reason, reason_text(v->reason)) &&
		    text_equal(x->stored->contract_id, v->filed ? v->contract_id : NULL) &&
		    json_array_size(said) == v->evidence_count;

	for (size_t i = 0; same && i < v->evidence_count; i++)
		same = text_equal(
			json_string_value(json_object_get(json_array_get(said, i), "says")),
			v->evidence[i].says);
	json_decref(said);
	return same;
}

static void verdict_now_print(FILE *out, const struct explaining *x, TALLOC_CTX *mem)
{
	const struct verdict *v = x->verdict;

	if (v->filed)
		phrase_print(out, "\nby the stock and the rules of now: %s %s%s\n",
			     x->shadow ? "would be filed to" : "filed to",
			     places_shown(x, true, mem), x->shadow ? " (shadow)" : "");
	else
		phrase_print(out, "\nby the stock and the rules of now: a person decides\n");
	document_line(out, v->filed ? "basis" : "reason",
		      v->filed ? tier_said(v->tier) : reason_said(v->reason));
	for (size_t i = 0; i < v->evidence_count; i++) {
		fprintf(out, "  %c ", v->evidence[i].against ? '-' : '+');
		phrase_print(out, "%s\n", v->evidence[i].says);
	}
}

/* The verdict as a clerk would note it: what was decided, then what speaks for it and against it. */
static void decision_print(FILE *out, const struct explaining *x, TALLOC_CTX *mem)
{
	const struct verdict *v = x->verdict;

	if (decided_so(x))
		phrase_print(out, "\n%s\n", "by the stock and the rules of now: the same");
	else
		verdict_now_print(out, x, mem);
	if (v->filed || !v->candidate_count)
		return;
	phrase_print(out, "\n%s\n", "candidates, best first");
	for (size_t i = 0; i < v->candidate_count; i++)
		fprintf(out, "  %2zu. %s\n", i + 1, contract_shown(x, v->candidates[i], mem));
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

static void explain_json(FILE *out, const struct explaining *x)
{
	const struct stored *stored = x->stored;
	const struct facts *facts = x->facts;
	json_t *more = stored->more ? json_loads(stored->more, 0, NULL) : NULL;
	json_t *shadow = stored->shadow ? json_loads(stored->shadow, 0, NULL) : NULL;
	json_t *asked = json_array(), *all;

	for (size_t i = 0; i < facts->asked_count; i++)
		json_array_append_new(asked, asked_json(facts, &facts->asked[i], &x->candidates));
	all = json_pack("{s:s, s:s, s:s?, s:o, s:o, s:s?, s:s?, s:s?, s:o, s:o}", "document_id",
			stored->document_id, "state", stored->state, "contract_id",
			stored->contract_id, "more", more ? more : json_array(), "shadow",
			shadow ? shadow : json_null(), "duplicate_of", stored->duplicate_of,
			"issuer", facts->issuer, "dated", facts->dated, "numbers", asked, "verdict",
			decision_json(x->verdict));
	json_dumpf(all, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(all);
}

static void explain_text(FILE *out, const struct explaining *x)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct facts *facts = x->facts;

	document_print(out, x->stored, x->insurers);
	if (!text_equal(facts->issuer, x->stored->issuer))
		document_line(out, "numbers of",
			      facts->issuer ? issuer_shown(x, facts->issuer, mem) : NULL);
	if (text_empty(x->stored->transfer.documents->created))
		document_line(out, "dated", moment_shown(facts->dated, mem));
	verdict_print(out, x->stored, places_shown(x, false, mem));
	for (size_t i = 0; i < facts->asked_count; i++)
		asked_print(out, x, &facts->asked[i], mem);
	decision_print(out, x, mem);
	talloc_free(mem);
}

int explain_run(struct invocation *in, struct err *e)
{
	struct explaining x = { 0 };
	struct matcher matcher;
	struct stored *stored;
	struct stock_source stock;

	if (!matcher_open(&matcher, in, e) ||
	    !(stored = queue_document(&matcher, in->word[0], in->mem, e)))
		return EX_SOFTWARE;
	x.stored = stored;
	x.insurers = matcher.insurers;
	x.facts = stored_facts(stored, &matcher);
	x.shadow = matcher.shadow;
	stock = stock_of_database(&matcher);
	if (!candidates_find(&x.candidates, matcher.db, matcher.broker, &x.facts, 1, in->mem, e) ||
	    !decide_all(&x.verdict, &x.facts, 1, &stock, matcher.insurers, in->mem, e) ||
	    !contracts_load(&x, &matcher, in->mem, e))
		return EX_SOFTWARE;
	if (in->output == OUTPUT_JSON)
		explain_json(in->out, &x);
	else
		explain_text(in->out, &x);
	return EX_OK;
}
