#include "matcher/objections.h"

#include "base/text.h"
#include "matcher/picks.h"
#include "matcher/signals.h"
#include "model/line.h"

static const struct {
	enum objection objection;
	const char *text, *words;
} objections[OBJECTIONS] = {
	{ OBJECTION_SEVERAL_CUSTOMERS, "several_customers",
	  "it names contracts that are not known to be this customer's" },
	{ OBJECTION_OTHER_HOLDER, "other_holder",
	  "what is known of the holder is another person's" },
	{ OBJECTION_OTHER_INSURER, "other_insurer",
	  "the contract is at another insurer than the document" },
	{ OBJECTION_STRICT_LINE, "strict_line",
	  "health, life or accident: nothing but the number says so" },
	{ OBJECTION_SAME_NUMBER, "same_number",
	  "a contract of another line of business has this number already, or another contract has it as an application's, a claim's or the broker's own" },
	{ OBJECTION_OTHER_CUSTOMER, "other_customer",
	  "the customer of this id is another person in the stock" },
};

const char *objection_text(enum objection objection)
{
	for (int i = 0; i < OBJECTIONS; i++)
		if (objections[i].objection == objection)
			return objections[i].text;
	return "";
}

const char *objection_in_words(enum objection objection)
{
	for (int i = 0; i < OBJECTIONS; i++)
		if (objections[i].objection == objection)
			return objections[i].words;
	return "";
}

bool objection_read(unsigned *set, const char *text)
{
	for (int i = 0; i < OBJECTIONS; i++)
		if (text_equal(objections[i].text, text)) {
			*set |= (unsigned)objections[i].objection;
			return true;
		}
	return false;
}

char *objections_join(unsigned set, const char *(*one)(enum objection), const char *between,
		      TALLOC_CTX *mem)
{
	char *all = talloc_strdup(mem, "");

	for (unsigned bit = 1; bit < 1U << OBJECTIONS; bit <<= 1)
		if (set & bit)
			all = talloc_asprintf_append(all, "%s%s", *all ? between : "",
						     one((enum objection)bit));
	return all;
}

bool objecting_load(struct objecting *objecting, const struct matcher *matcher,
		    struct stored *document, TALLOC_CTX *mem, struct err *e)
{
	*objecting = (struct objecting){ .facts = stored_facts(document, matcher) };
	return !facts_several_policies(objecting->facts) ||
	       candidates_find(&objecting->found, matcher->db, matcher->broker, &objecting->facts,
			       1, mem, e);
}

struct contract candidate_contract(const struct rows *rows, int i)
{
	return (struct contract){
		.contract_id = (char *)rows_text(rows, i, "contract_id"),
		.vu = (char *)rows_text(rows, i, "vu"),
		.line = (char *)rows_text(rows, i, "line"),
		.end = (char *)rows_text(rows, i, "ends_on"),
		.cancelled = rows_bool(rows, i, "cancelled"),
		.customer_id = (char *)rows_text(rows, i, "customer_id"),
		.name = (char *)rows_text(rows, i, "name"),
		.first_name = (char *)rows_text(rows, i, "first_name"),
		.birth_date = (char *)rows_text(rows, i, "birth_date"),
		.postcode = (char *)rows_text(rows, i, "postcode"),
		.plate = (char *)rows_text(rows, i, "plate"),
	};
}

/* ---- several customers ---- */

static bool is_theirs(const struct contract *c, const struct rows *rows, int first, int count)
{
	for (int i = first; i < first + count; i++)
		if (text_equal(c->contract_id, rows_text(rows, i, "contract_id")) ||
		    (!text_empty(c->customer_id) &&
		     text_equal(c->customer_id, rows_text(rows, i, "customer_id"))))
			return true;
	return false;
}

/* Each of its policy numbers may be one of theirs; of those that were not looked up nobody knows. */
static bool names_others(const struct objecting *o, const struct rows *rows, int first, int count)
{
	const struct facts *f = o->facts;

	if (!facts_several_policies(f))
		return false;
	for (size_t i = 0; i < f->asked_count; i++) {
		const struct asked *asked = &f->asked[i];
		struct picks picks;
		bool theirs = false;

		if (!facts_first_row(f, i) || asked->use != USE_NAME ||
		    asked->kind != NUMBER_POLICY || !key_usable(asked->key))
			continue;
		picks = picks_of(f, &o->found, asked->number, USE_NAME);
		for (int k = 0; !theirs && k < picks.count; k++)
			theirs = is_theirs(picks.item[k].contract, rows, first, count);
		if (!theirs)
			return true;
	}
	return f->asked[f->asked_count - 1].number + 1 < (int)f->transfer->number_count;
}

/* ---- one contract ---- */

/* Issuers that follow each other have their numbers in common: the facts ask all of them. */
static bool elsewhere(const struct facts *facts, const char *issuer)
{
	if (!facts->issuer || text_equal(facts->issuer, issuer))
		return false;
	for (size_t i = 0; i < facts->asked_count; i++)
		if (facts->asked[i].use >= USE_WEAK && text_equal(facts->asked[i].issuer, issuer))
			return false;
	return true;
}

bool objects_to_holder(const struct facts *facts, const struct contract *contract)
{
	struct signals signals = signals_of(facts, contract);

	return signals_other_holder(&signals) || signals_only_surname(&signals);
}

static unsigned against_one(const struct facts *facts, const struct rows *rows, int i)
{
	const struct contract contract = candidate_contract(rows, i);
	struct signals signals = signals_of(facts, &contract);
	unsigned set = 0;

	if (objects_to_holder(facts, &contract))
		set |= OBJECTION_OTHER_HOLDER;
	if (elsewhere(facts, rows_text(rows, i, "issuer")))
		set |= OBJECTION_OTHER_INSURER;
	if (facts->strict_lines &&
	    filing_sensitive(facts->transfer->line, facts->transfer->insurer_vu, contract.line,
			     contract.vu) &&
	    !signals_second(&signals, facts->weighing))
		set |= OBJECTION_STRICT_LINE;
	return set;
}

unsigned objections_to(const struct objecting *objecting, const struct rows *contracts, int first,
		       int count)
{
	unsigned set = 0;

	if (names_others(objecting, contracts, first, count))
		set |= OBJECTION_SEVERAL_CUSTOMERS;
	for (int i = first; i < first + count; i++)
		set |= against_one(objecting->facts, contracts, i);
	return set;
}
