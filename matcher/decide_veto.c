#include "matcher/decide.h"
#include "matcher/decide_inside.h"
#include "model/line.h"

bool decide_ended(const struct facts *facts, const struct contract *contract)
{
	if (date_plausible(contract->end))
		return facts->dated && days_between(contract->end, facts->dated) > ENDED_GRACE_DAYS;
	return contract->cancelled && facts->class != CLASS_CANCELLATION;
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

enum reason decide_veto(const char **sentence, const struct facts *f, const struct pick *pick,
			const struct signals *signals)
{
	const struct contract *c = pick->contract;
	bool sensitive = line_sensitive(f->transfer->line) || line_sensitive(c->line);

	*sentence = NULL;
	if (signals_other_holder(signals)) {
		*sentence = "what is known of the holder is another person's";
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
	if (f->strict_lines && sensitive && pick->tier != TIER_ALIAS &&
	    !signals_second(signals, f->weighing)) {
		*sentence = "health, life or accident: nothing but the number says so";
		return REASON_NEEDS_SECOND_SIGNAL;
	}
	return REASON_NONE;
}
