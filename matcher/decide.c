#include "matcher/decide.h"

#include <string.h>

#include "base/text.h"
#include "matcher/decide_inside.h"
#include "model/line.h"

void decide_say(struct deciding *d, bool against, const char *sentence)
{
	verdict_say(d->verdict, against, sentence);
}

void decide_queue(struct deciding *d, enum reason reason, const char *sentence)
{
	d->verdict->reason = reason;
	decide_say(d, true, sentence);
}

const char *decide_found_sentence(enum tier tier)
{
	switch (tier) {
	case TIER_ALIAS:
		return "a person confirmed this number for exactly one contract";
	case TIER_REPAIRED:
		return "one typed mistake explains the number, and leads to exactly one contract";
	case TIER_CLAIM:
		return "the claim number belongs to exactly one contract";
	case TIER_PICTURE:
		return "the insurer's number picture leads to exactly one contract";
	default:
		return "the number is a known name of exactly one contract";
	}
}

void decide_file(struct deciding *d, const struct pick *pick)
{
	struct verdict *v = d->verdict;

	v->filed = true;
	v->tier = pick->tier;
	v->contract_id = talloc_strdup(v, pick->contract->contract_id);
	v->customer_id = talloc_strdup(v, pick->contract->customer_id);
	v->revision = pick->contract->revision;
}

void decide_say_signals(struct deciding *d, const struct signals *s)
{
	for (int i = 0; i < DETAILS; i++)
		if (s->said[i] != SAYS_NOTHING) {
			char *sentence = signal_in_words(s, (enum detail)i, d->verdict);

			decide_say(d, s->said[i] == CONTRADICTS, sentence);
			talloc_free(sentence);
		}
}

static bool names_contract(const struct deciding *d, const struct asked *asked,
			   const struct contract *contract)
{
	bool claim = asked->use == USE_CLAIM;
	size_t count;
	const struct found *found;

	if ((!claim && asked->use != USE_SUGGEST) || !key_usable(asked->key))
		return false;
	found = candidates_of(d->candidates, asked->issuer, asked->key->plain,
			      claim ? BY_CLAIM : BY_NAME, &count);
	return count == 1 && !strcmp(found->contract.contract_id, contract->contract_id);
}

struct signals decide_signals(const struct deciding *d, const struct contract *contract)
{
	struct signals s = signals_of(d->facts, contract);

	for (size_t i = 0; i < d->facts->asked_count; i++)
		if (names_contract(d, &d->facts->asked[i], contract)) {
			signals_other_number(&s, d->facts);
			break;
		}
	return s;
}

static void decide_one(struct deciding *d, const struct pick *pick)
{
	struct signals signals = decide_signals(d, pick->contract);
	const char *sentence;
	enum reason reason = decide_veto(&sentence, d, pick, &signals);

	suggest(&d->suggestions, pick->contract, SUGGESTED_FOUND);
	decide_say(d, false, decide_found_sentence(pick->tier));
	decide_say_signals(d, &signals);
	if (reason != REASON_NONE)
		decide_queue(d, reason, sentence);
	else if (decide_plate_elsewhere(d, pick, 1))
		decide_queue(d, REASON_OTHER_PLATE, PLATE_ELSEWHERE);
	else if (!decide_weak_agree(d, pick->contract))
		decide_queue(d, REASON_COLLECTIVE_DOCUMENT,
			     "the old or the application number names another living contract");
	else if (decide_twin(d, pick, &signals))
		decide_queue(d, REASON_SEVERAL_CONTRACTS, TWIN_ELSEWHERE);
	else {
		decide_file(d, pick);
		d->verdict->number_alone = decide_number_alone(pick, &signals);
	}
}

static void decide_found(struct deciding *d, const struct said *said)
{
	const struct pick *pick = said->picks.item;
	const char *sentence;

	if (said->collides) {
		decide_several(d);
		return;
	}
	if (said->unknown_policy && facts_several_policies(d->facts)) {
		decide_queue(d, REASON_COLLECTIVE_DOCUMENT,
			     "it names several contracts, not all of them known");
		return;
	}
	if (said->picks.count > 1 || said->picks.overflow) {
		pick = decide_apart(&sentence, d, &said->picks);
		if (!pick) {
			decide_queue(d, REASON_SEVERAL_CONTRACTS,
				     "several contracts answer to the number");
			return;
		}
		decide_say(d, false, sentence);
	}
	decide_one(d, pick);
}

/* All contracts to which repaired readings of the document's numbers lead. */
static struct picks picks_repaired(struct deciding *d, enum repair *how)
{
	struct picks picks = { .count = 0 };

	for (size_t i = 0; i < d->nearby->key_count; i++) {
		const struct near_key *near = &d->nearby->keys[i];
		const struct found *found;
		size_t count;

		if (near->how != NEAR_REPAIRED)
			continue;
		found = candidates_of(&d->nearby->found, near->asked->issuer, near->key, BY_NAME,
				      &count);
		picks.overflow |= count > CANDIDATES_OF_NAME_MOST;
		for (size_t k = 0; k < count; k++)
			if (name_fits(near->asked, &found[k])) {
				picks_add(&picks, &found[k].contract, TIER_REPAIRED);
				*how = near->repair;
			}
	}
	return picks;
}

/*
 * A reading that no insurer's picture licenses: it files only where the stock knows exactly one contract among all
 * readings, something independent of the number agrees, and nothing at all speaks against it.
 */
static bool decide_repaired(struct deciding *d)
{
	enum repair how = REPAIRS;
	struct picks picks = picks_repaired(d, &how);
	const struct contract *c = picks.item[0].contract;
	struct signals signals;

	if (picks.count != 1 || picks.overflow)
		return false;
	signals = decide_signals(d, c);
	if (!signals_confirm_repair(&signals, d->facts->weighing) ||
	    line_contradicts(d->facts->transfer->line, c->line) || decide_ended(d->facts, c) ||
	    decide_not_begun(d->facts, c) || !decide_weak_agree(d, c))
		return false;
	decide_say(d, false, repair_in_words(how));
	decide_one(d, &picks.item[0]);
	return true;
}

/* Nobody answers: which of the reasons helps most? */
static void queue_unknown(struct deciding *d)
{
	const struct facts *f = d->facts;
	bool usable = false, malformed = false, claim = false;

	for (size_t i = 0; i < f->asked_count; i++) {
		const struct asked *asked = &f->asked[i];
		bool name = asked->use == USE_NAME || asked->use == USE_WEAK;

		usable |= name && key_usable(asked->key);
		malformed |= name && asked->key->state == KEY_MALFORMED;
		claim |= asked->use == USE_CLAIM && key_usable(asked->key);
	}
	if (usable && !f->issuer_has_file)
		decide_queue(
			d, REASON_ISSUER_UNKNOWN,
			"no insurer file has this register number, and no contract of it is known");
	else if (usable)
		decide_queue(d, REASON_NUMBER_UNKNOWN,
			     "no contract of this insurer answers to the number");
	else if (malformed)
		decide_queue(d, REASON_NUMBER_MALFORMED,
			     "the number cannot be one of this insurer's");
	else if (claim)
		decide_queue(d, REASON_CLAIM_NUMBER_ONLY, "a claim number, but no contract number");
	else
		decide_queue(d, REASON_NO_NUMBER, "no contract number was delivered");
}

/* Better numbers first; weaker ones are asked only if no better one is known. */
static void decide_by_numbers(struct deciding *d)
{
	static const struct {
		enum use use;
		int kind;
	} order[] = {
		{ USE_NAME, -1 },
		{ USE_WEAK, NUMBER_OLD },
		{ USE_WEAK, NUMBER_APPLICATION },
	};

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		struct said said = said_by(d->facts, d->candidates, order[i].use, order[i].kind,
					   &d->suggestions);

		if (said.picks.count || said.picks.overflow || said.collides) {
			if (i > 0)
				decide_say(d, false,
					   order[i].kind == NUMBER_OLD
						   ? "found by its old number"
						   : "found by its application number");
			decide_found(d, &said);
			return;
		}
		if (i == 0 && facts_several_policies(d->facts)) {
			decide_queue(d, REASON_COLLECTIVE_DOCUMENT,
				     "it names several contracts, none of them known");
			return;
		}
	}
	if (!decide_claim(d) && (!d->nearby || !decide_repaired(d)))
		queue_unknown(d);
}

/* What no number can make a customer's document. */
static bool refused(struct deciding *d)
{
	const struct facts *f = d->facts;

	if (!business_class_for_customers(f->class))
		decide_queue(d, REASON_NOT_A_CUSTOMER_DOCUMENT,
			     "stock data, a settlement or a letter about the mandate");
	else if (f->document->data)
		decide_queue(d, REASON_NOT_A_CUSTOMER_DOCUMENT,
			     "data without a file: the kept answer may speak of others too");
	else if (!text_empty(f->document->link) && !f->document->size)
		decide_queue(d, REASON_LINK_ONLY,
			     "a link instead of the document: it is never followed");
	else if (!f->document->size)
		decide_queue(d, REASON_UNREADABLE, "the document is empty");
	else if (f->document->orphan)
		decide_queue(d, REASON_NO_NUMBER, "no transfer refers to this part of the answer");
	else if (!f->issuer)
		decide_queue(d, REASON_ISSUER_UNKNOWN,
			     "neither delivery nor connection names an insurer");
	else
		return false;
	return true;
}

/* This document, or another of the same bytes. */
static bool taken_back_from(const struct deciding *d, const char *contract)
{
	size_t count;
	const struct found *found =
		candidates_of(d->candidates, "", d->facts->document->sha256, BY_BYTES, &count);

	for (const char *const *id = d->facts->taken_back; id && *id; id++)
		if (text_equal(*id, contract))
			return true;
	for (size_t i = 0; i < count; i++)
		if (text_equal(found[i].contract.contract_id, contract))
			return true;
	return false;
}

/* A person took the document back from there: the same numbers do not bring it there again. */
static void leave_taken_back(struct deciding *d)
{
	struct verdict *v = d->verdict;
	bool back = v->filed && taken_back_from(d, v->contract_id);

	for (size_t i = 0; v->filed && i < v->more_count; i++)
		back |= taken_back_from(d, v->more[i].contract_id);
	if (!back)
		return;
	v->filed = false;
	v->tier = TIER_NONE;
	v->contract_id = v->customer_id = NULL;
	v->more = NULL;
	v->more_count = 0;
	decide_queue(d, REASON_TAKEN_BACK, "a person took it back from this contract before");
}

void decide_into(struct deciding *d)
{
	if (!refused(d))
		decide_by_numbers(d);
	leave_taken_back(d);
	if (!d->verdict->filed)
		decide_suggest_lesser(d);
	if (!d->verdict->filed && d->nearby && nearby_wanted(d->verdict))
		decide_suggest_nearby(d);
	suggestions_rank(&d->suggestions, d->facts, d->verdict);
}

struct verdict *decide_nearby(const struct facts *facts, const struct candidates *candidates,
			      const struct nearby *nearby, TALLOC_CTX *mem)
{
	struct verdict *verdict = talloc_zero(mem, struct verdict);
	struct deciding d = { facts, candidates, nearby, { .mem = talloc_new(mem) }, verdict };

	decide_into(&d);
	talloc_free(d.suggestions.mem);
	return verdict;
}

struct verdict *decide(const struct facts *facts, const struct candidates *candidates,
		       TALLOC_CTX *mem)
{
	return decide_nearby(facts, candidates, NULL, mem);
}
