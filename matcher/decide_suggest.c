#include "matcher/beyond.h"
#include "matcher/decide_inside.h"

void decide_suggest_lesser(struct deciding *d)
{
	for (size_t i = 0; i < d->facts->asked_count; i++) {
		const struct asked *asked = &d->facts->asked[i];
		const struct found *found;
		struct picks picks = { .count = 0 };
		size_t count = 0;

		if (!key_usable(asked->key))
			continue;
		if (asked->use == USE_CLAIM) {
			found = candidates_of(d->candidates, asked->issuer, asked->key->plain,
					      BY_CLAIM, &count);
			for (size_t k = 0; k < count; k++)
				suggest(&d->suggestions, &found[k].contract, SUGGESTED_BY_LESSER);
		} else if (asked->use != USE_NONE) {
			picks_by_key(&picks, d->candidates, asked);
			suggest_picks(&d->suggestions, &picks, SUGGESTED_BY_LESSER);
		}
	}
}

static enum suggested_by suggested_by(enum near_how how)
{
	static const enum suggested_by ways[] = {
		[NEAR_REPAIRED] = SUGGESTED_REPAIRED,
		[NEAR_SWAPPED] = SUGGESTED_SWAPPED,
		[NEAR_LONGER_OR_SHORTER] = SUGGESTED_LONGER_OR_SHORTER,
		[NEAR_OTHER_CHARACTER] = SUGGESTED_OTHER_CHARACTER,
		[NEAR_LETTERED] = SUGGESTED_LETTERED,
	};

	return ways[how];
}

void decide_suggest_nearby(struct deciding *d)
{
	const struct nearby *n = d->nearby;
	const struct found *found;
	size_t count;

	for (size_t i = 0; i < n->key_count; i++) {
		const struct asked *asked = n->keys[i].asked;

		found = candidates_of(&n->found, asked->issuer, n->keys[i].key, BY_NAME, &count);
		for (size_t k = 0; k < count; k++)
			if (name_fits(asked, &found[k]))
				suggest(&d->suggestions, &found[k].contract,
					suggested_by(n->keys[i].how));
	}
	for (size_t i = 0; i < n->holder_count; i++) {
		const struct near_holder *holder = &n->holders[i];

		found = candidates_of(&n->found, holder->issuer, holder->key, holder->by, &count);
		for (size_t k = 0; k < count; k++) {
			struct signals signals = signals_of(d->facts, &found[k].contract);

			if (signals_name_holder(&signals))
				suggest(&d->suggestions, &found[k].contract, SUGGESTED_HOLDER);
		}
	}
	beyond_suggest(&d->suggestions, d->facts, &n->found, d->suggestions.mem);
}
