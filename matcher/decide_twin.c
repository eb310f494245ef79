#include "base/text.h"
#include "matcher/decide_inside.h"

/* A name is a family's, and often father's and son's; a postcode is a street's. A person's word and a repaired number, which
 * something agrees with, are more than a number. */
bool decide_number_alone(const struct pick *pick, const struct signals *signals)
{
	return (pick->tier == TIER_EXACT || pick->tier == TIER_PICTURE) &&
	       signals->said[DETAIL_BIRTH_DATE] != AGREES &&
	       signals->said[DETAIL_PLATE] != AGREES &&
	       signals->said[DETAIL_OTHER_NUMBER] != AGREES;
}

static bool same_customer(const struct contract *a, const struct contract *b)
{
	return text_equal(a->contract_id, b->contract_id) ||
	       (!text_empty(a->customer_id) && text_equal(a->customer_id, b->customer_id));
}

/* Could the document be this contract's as well? Not if something forbids it, nor if it stands far behind. */
static bool may_be_meant(struct deciding *d, const struct contract *twin, double bits)
{
	const struct pick pick = { twin, TIER_EXACT };
	struct signals signals = decide_signals(d, twin);
	const char *sentence;
	enum reason reason = decide_veto(&sentence, d, &pick, &signals);

	return (reason == REASON_NONE || reason == REASON_NEEDS_SECOND_SIGNAL) &&
	       bits - signals_bits(&signals) < d->facts->weighing->apart_bits;
}

static bool twin_of(struct deciding *d, const struct asked *asked, const char *key,
		    const struct contract *own, double bits)
{
	size_t count;
	const struct found *found =
		candidates_of(d->candidates, asked->issuer, key, BY_TWIN, &count);
	bool meant = false;

	for (size_t i = 0; i < count; i++) {
		const struct contract *twin = &found[i].contract;

		if (same_customer(own, twin) || !name_fits(asked, &found[i]) ||
		    !may_be_meant(d, twin, bits))
			continue;
		suggest(&d->suggestions, twin, SUGGESTED_BY_NAME);
		meant = true;
	}
	return meant;
}

bool decide_twin(struct deciding *d, const struct pick *pick, const struct signals *signals)
{
	const double bits = signals_bits(signals);
	bool meant = false;

	if (!decide_number_alone(pick, signals))
		return false;
	for (size_t i = 0; i < d->facts->asked_count; i++) {
		const struct asked *asked = &d->facts->asked[i];

		if (asked->use < USE_WEAK || !key_usable(asked->key))
			continue;
		meant |= twin_of(d, asked, asked->key->plain, pick->contract, bits);
		if (asked->key->canonical)
			meant |= twin_of(d, asked, asked->key->canonical, pick->contract, bits);
	}
	return meant;
}
