#include "review/candidates.h"

#include "base/text.h"
#include "matcher/candidates.h"
#include "matcher/objections.h"
#include "matcher/why.h"
#include "model/contract.h"
#include "review/answer.h"
#include "review/clues.h"
#include "review/comparison.h"
#include "review/effects.h"
#include "review/row.h"

#define SET(object, name, value) json_object_set_new(object, name, value)

/* One document with all that may be its contract. */
struct showing {
	struct effects effects;
	struct whys whys;
	struct objecting objecting;
	struct clues *clues;
	struct comparing comparing;
	struct rows *rows; /* the contracts, in the order of the whys */
};

static json_t *said_json(const struct why *why, bool against)
{
	json_t *list = json_array();

	for (size_t i = 0; i < why->said_count; i++)
		if (why->said[i].against == against)
			json_array_append_new(list, sentence_json(why->said[i].says));
	return list;
}

static json_t *holder_json(const struct rows *rows, int i)
{
	static const char *const columns[] = { "name", "first_name", "birth_date", "postcode",
					       "plate" };
	json_t *holder = json_object();

	for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
		SET(holder, columns[k], text_json(rows_text(rows, i, columns[k])));
	return holder;
}

static void contract_put(json_t *item, const struct rows *rows, int i)
{
	static const char *const columns[] = { "contract_id", "number",  "printed_number", "line",
					       "starts_on",   "ends_on", "customer_id" };

	for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
		SET(item, columns[k], text_json(rows_text(rows, i, columns[k])));
	line_named(item);
	SET(item, "cancelled", json_boolean(rows_bool(rows, i, "cancelled")));
	SET(item, "last_document_at", text_json(rows_text(rows, i, "last_document_at")));
	SET(item, "holder", holder_json(rows, i));
}

static const char *insurer_name(const struct matcher *matcher, const char *issuer)
{
	const struct insurer *known = issuer ? insurers_by_issuer(matcher->insurers, issuer) : NULL;

	return known ? known->name : issuer;
}

static json_t *insurer_of(const struct showing *showing, const char *issuer)
{
	return json_pack("{s:s, s:s}", "key", issuer, "name",
			 insurer_name(showing->effects.matcher, issuer));
}

/* The delivery does not say so, or the matcher would object: the letter names somebody else of the stock. */
static void text_objects(json_t *why_not, unsigned *against, const struct showing *showing, int i)
{
	const struct contract contract = candidate_contract(showing->rows, i);
	const char *other = clues_other_holder(showing->clues, &contract);
	char *sentence;

	if (!other)
		return;
	*against |= OBJECTION_OTHER_HOLDER;
	sentence = talloc_asprintf(NULL, "in the text stands the name %s, and not its holder's",
				   other);
	json_array_append_new(why_not, sentence_json(sentence));
	talloc_free(sentence);
}

/* The contract in the row, with what it is told by. */
static struct contract contract_of(const struct showing *showing, int i)
{
	struct contract contract = candidate_contract(showing->rows, i);

	contract.number = (char *)rows_text(showing->rows, i, "number");
	contract.printed_number = (char *)rows_text(showing->rows, i, "printed_number");
	return contract;
}

/* Its two spellings, and everything else side by side. */
static void comparison_put(json_t *item, const struct showing *showing, const struct why *why,
			   int i, unsigned against)
{
	const struct contract contract = contract_of(showing, i);
	const char *issuer = rows_text(showing->rows, i, "issuer");
	const struct compared compared = {
		.contract = &contract,
		.issuer = issuer,
		.issuer_name = insurer_name(showing->effects.matcher, issuer),
		.delivered = diff_put(item, showing->effects.document, contract.number,
				      contract.printed_number),
		.named = why->tier != TIER_PERSON,
		.other_insurer = against & OBJECTION_OTHER_INSURER,
	};

	SET(item, "comparison", comparison_json(&showing->comparing, &compared));
}

static json_t *candidate_json(const struct showing *showing, const struct why *why, int i, int rank,
			      struct err *e)
{
	const struct effects_at at = {
		.contract_id = why->contract_id,
		.customer_id = rows_text(showing->rows, i, "customer_id"),
		.number = rows_text(showing->rows, i, "number"),
		.printed_number = rows_text(showing->rows, i, "printed_number"),
	};
	json_t *effects = effects_json(&showing->effects, &at, e);
	json_t *item, *why_not;
	unsigned against;

	if (!effects)
		return NULL;
	why_not = said_json(why, true);
	against = objections_to(&showing->objecting, showing->rows, i, 1);
	text_objects(why_not, &against, showing, i);
	item = json_pack("{s:i, s:s, s:o, s:o, s:o}", "rank", rank, "tier_if", tier_text(why->tier),
			 "why", said_json(why, false), "why_not", why_not, "effects", effects);
	contract_put(item, showing->rows, i);
	SET(item, "insurer", insurer_of(showing, rows_text(showing->rows, i, "issuer")));
	SET(item, "confirm", objections_json(against));
	comparison_put(item, showing, why, i, against);
	return item;
}

/* The one that the person found comes behind those of the matcher, unless he found one of them. */
static bool also_add(struct showing *showing, const char *also, TALLOC_CTX *mem)
{
	for (size_t i = 0; i < showing->whys.count; i++)
		if (text_equal(showing->whys.items[i].contract_id, also))
			return true;
	showing->whys.items =
		talloc_realloc(mem, showing->whys.items, struct why, showing->whys.count + 1);
	showing->whys.items[showing->whys.count++] = (struct why){ .contract_id = also };
	return true;
}

static bool contracts_load(struct showing *showing, const struct matcher *matcher, TALLOC_CTX *mem,
			   struct err *e)
{
	const char **ids = talloc_array(mem, const char *, showing->whys.count + 1);

	for (size_t i = 0; i < showing->whys.count; i++)
		ids[i] = showing->whys.items[i].contract_id;
	return db_call(matcher->db, SQL_queue_candidates, &showing->rows, mem, e, matcher->broker,
		       text_array(ids, showing->whys.count, mem));
}

static json_t *items_json(struct showing *showing, const struct facts *facts, TALLOC_CTX *mem,
			  struct err *e)
{
	json_t *items = json_array();

	for (int i = 0; i < rows_count(showing->rows); i++) {
		const char *id = rows_text(showing->rows, i, "contract_id");
		const struct contract contract = candidate_contract(showing->rows, i);
		struct why *why = &showing->whys.items[i];
		json_t *item;

		/* A contract may have gone since the candidates were read. */
		for (size_t k = 0; !text_equal(why->contract_id, id) && k < showing->whys.count;
		     k++)
			why = &showing->whys.items[k];
		if (!why->said_count)
			why_of_contract(why, facts, &contract, mem);
		item = candidate_json(showing, why, i, i + 1, e);
		if (!item) {
			json_decref(items);
			return NULL;
		}
		json_array_append_new(items, item);
	}
	return items;
}

/* What the text says, and what all of them are compared with. */
static bool text_load(struct showing *showing, const struct matcher *matcher,
		      struct stored *document, TALLOC_CTX *mem, struct err *e)
{
	const struct facts *facts = stored_facts(document, matcher);
	json_t *pages;
	bool ok = clues_pages(&pages, matcher, document, mem, e) &&
		  clues_find(&showing->clues, matcher, facts, pages, mem, e);

	showing->comparing = (struct comparing){
		.facts = facts,
		.clues = showing->clues,
		.letter = highlight_first(pages, facts, matcher->insurers, mem),
		.issuer =
			facts->issuer ? insurers_by_issuer(matcher->insurers, facts->issuer) : NULL,
		.issuer_name = insurer_name(matcher, facts->issuer),
	};
	json_decref(pages);
	return ok;
}

json_t *candidates_json(const struct matcher *matcher, struct stored *document, const char *also,
			TALLOC_CTX *mem, struct err *e)
{
	struct showing showing = { .clues = NULL };

	if (!why_ask(&showing.whys, matcher, document, mem, e) ||
	    !text_load(&showing, matcher, document, mem, e))
		return NULL;
	clues_join(&showing.whys, showing.clues, stored_facts(document, matcher), mem);
	if ((also && !also_add(&showing, also, mem)) ||
	    !effects_load(&showing.effects, matcher, document, mem, e) ||
	    !objecting_load(&showing.objecting, matcher, document, mem, e) ||
	    !contracts_load(&showing, matcher, mem, e))
		return NULL;
	if (also &&
	    (!rows_count(showing.rows) ||
	     !text_equal(rows_text(showing.rows, rows_count(showing.rows) - 1, "contract_id"),
			 showing.whys.items[showing.whys.count - 1].contract_id))) {
		err_set(e, ERR_MISSING, "there is no contract with this id");
		return NULL;
	}
	return items_json(&showing, stored_facts(document, matcher), mem, e);
}
