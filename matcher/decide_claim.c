#include <string.h>

#include "matcher/decide.h"
#include "matcher/decide_inside.h"

/* Was any number delivered that could name a contract? Placeholders count as absent. */
static bool names_asked(const struct facts *f)
{
	for (size_t i = 0; i < f->asked_count; i++) {
		const struct asked *asked = &f->asked[i];

		if ((asked->use == USE_NAME || asked->use == USE_WEAK) &&
		    (key_usable(asked->key) || asked->key->state == KEY_MALFORMED))
			return true;
	}
	return false;
}

/* The one contract to which every claim number of the document belongs; NULL: there is none, or not one. */
static const struct found *claimed(struct deciding *d)
{
	const struct found *one = NULL;

	for (size_t i = 0; i < d->facts->asked_count; i++) {
		const struct asked *asked = &d->facts->asked[i];
		const struct found *found;
		size_t count;

		if (asked->use != USE_CLAIM || !key_usable(asked->key))
			continue;
		found = candidates_of(d->candidates, asked->issuer, asked->key->plain, BY_CLAIM,
				      &count);
		if (count > 1 || (count && one &&
				  strcmp(one->contract.contract_id, found->contract.contract_id)))
			decide_say(d, true, "the claim number is known at several contracts");
		if (count != 1 ||
		    (one && strcmp(one->contract.contract_id, found->contract.contract_id) != 0))
			return NULL;
		if (!one || found->word < one->word)
			one = found;
	}
	return one;
}

/* Why the claim number is believed; NULL: it is not. */
static const char *vouched(const struct deciding *d, const struct found *found,
			   const struct signals *signals)
{
	if (found->word == CLAIM_VOUCHED)
		return "an exact number or a person named the contract with this claim number before";
	if (found->word == CLAIM_BY_READING && signals_second(signals, d->facts->weighing))
		return "the holder agrees";
	return NULL;
}

bool decide_claim(struct deciding *d)
{
	const struct found *found = names_asked(d->facts) ? NULL : claimed(d);
	struct pick pick;
	struct signals signals;
	const char *why, *sentence;
	enum reason reason;

	if (!found)
		return false;
	pick = (struct pick){ &found->contract, TIER_CLAIM };
	signals = signals_of(d->facts, pick.contract);
	why = vouched(d, found, &signals);
	if (!why) {
		decide_say(d, true,
			   "the claim number is known at a contract, but nothing else says so");
		return false;
	}
	suggest(&d->suggestions, pick.contract, SUGGESTED_FOUND);
	decide_say(d, false, decide_found_sentence(TIER_CLAIM));
	decide_say(d, false, why);
	decide_say_signals(d, &signals);
	reason = decide_veto(&sentence, d, &pick, &signals);
	if (reason != REASON_NONE)
		decide_queue(d, reason, sentence);
	else if (decide_plate_elsewhere(d, &pick, 1))
		decide_queue(d, REASON_OTHER_PLATE, PLATE_ELSEWHERE);
	else
		decide_file(d, &pick);
	return true;
}
