#include <string.h>

#include "base/text.h"
#include "matcher/decide.h"
#include "matcher/decide_inside.h"
#include "model/line.h"

bool decide_ended(const struct facts *facts, const struct contract *contract)
{
	if (date_plausible(contract->end))
		return facts->dated && days_between(contract->end, facts->dated) > ENDED_GRACE_DAYS;
	return contract->cancelled && facts->class != CLASS_CANCELLATION;
}

bool decide_not_begun(const struct facts *facts, const struct contract *contract)
{
	return facts->dated && date_plausible(contract->start) &&
	       days_between(facts->dated, contract->start) > BEFORE_GRACE_DAYS;
}

/* Does the old or application number name the contract, or at least none that still lives? */
static bool weak_agrees(struct deciding *d, const struct asked *asked,
			const struct contract *contract)
{
	struct picks picks = picks_of(d->facts, d->candidates, asked->number, USE_WEAK);

	if (picks.overflow)
		return true; /* says nothing */
	if (picks_get(&picks, contract))
		return true;
	for (int i = 0; i < picks.count; i++)
		if (!picks.item[i].contract->cancelled &&
		    !decide_ended(d->facts, picks.item[i].contract)) {
			suggest_picks(&d->suggestions, &picks, SUGGESTED_BY_NAME);
			return false;
		}
	return true;
}

bool decide_weak_agree(struct deciding *d, const struct contract *contract)
{
	for (size_t i = 0; i < d->facts->asked_count; i++) {
		const struct asked *asked = &d->facts->asked[i];

		if (facts_first_row(d->facts, i) && asked->use == USE_WEAK &&
		    key_usable(asked->key) && !weak_agrees(d, asked, contract))
			return false;
	}
	return true;
}

static bool is_own(const struct contract *contract, const struct pick *own, int count)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(own[i].contract->contract_id, contract->contract_id))
			return true;
	return false;
}

/* The first living contract that has the plate under one issuer, but for the own ones; here: one of those has it. */
static const struct contract *plate_holder(const struct deciding *d, const char *issuer,
					   const char *key, const struct pick *own, int own_count,
					   bool *here)
{
	const struct contract *living = NULL;
	size_t count;
	const struct found *found = candidates_of(d->candidates, issuer, key, BY_PLATE, &count);

	for (size_t i = 0; i < count; i++) {
		const struct contract *c = &found[i].contract;

		if (is_own(c, own, own_count))
			*here = true;
		else if (!living && !c->cancelled && !decide_ended(d->facts, c))
			living = c;
	}
	return living;
}

bool decide_plate_elsewhere(struct deciding *d, const struct pick *own, int count)
{
	const char *plate = d->facts->transfer->plate;
	const struct contract *elsewhere = NULL;
	bool here = false;
	char *key;

	if (text_empty(plate))
		return false;
	key = plate_key(plate, d->suggestions.mem);
	for (size_t i = 0; i < d->facts->asked_count; i++) {
		const struct contract *c =
			plate_holder(d, d->facts->asked[i].issuer, key, own, count, &here);

		elsewhere = elsewhere ? elsewhere : c;
	}
	if (!elsewhere || here)
		return false;
	suggest(&d->suggestions, elsewhere, SUGGESTED_BY_LESSER);
	return true;
}

enum reason decide_veto(const char **sentence, struct deciding *d, const struct pick *pick,
			const struct signals *signals)
{
	const struct facts *f = d->facts;
	const struct contract *c = pick->contract;
	bool sensitive =
		filing_sensitive(f->transfer->line, f->transfer->insurer_vu, c->line, c->vu);

	*sentence = NULL;
	if (signals_other_holder(signals)) {
		*sentence = "what is known of the holder is another person's";
		return REASON_OTHER_HOLDER;
	}
	if (pick->tier != TIER_ALIAS && signals_only_surname(signals)) {
		*sentence = "the surname is another person's, and nothing else agrees";
		return REASON_OTHER_HOLDER;
	}
	if (line_contradicts(f->transfer->line, c->line)) {
		*sentence = "the document's line of business is not the contract's";
		return REASON_LINE_CONTRADICTS;
	}
	if (decide_ended(f, c)) {
		*sentence = "the contract had ended before the document";
		return REASON_CONTRACT_ENDED;
	}
	if (pick->tier != TIER_ALIAS && decide_not_begun(f, c)) {
		*sentence = "the contract began long after the document";
		return REASON_CONTRACT_NOT_BEGUN;
	}
	if (f->strict_lines && sensitive && pick->tier != TIER_ALIAS &&
	    !signals_second(signals, f->weighing)) {
		*sentence = "health, life or accident: nothing but the number says so";
		return REASON_NEEDS_SECOND_SIGNAL;
	}
	return REASON_NONE;
}
