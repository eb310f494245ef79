#include "matcher/picks.h"

#include <string.h>

#include "base/text.h"

/* The evidence names the best way by which a contract was found. */
static int strength(enum tier tier)
{
	static const int strengths[TIERS] = {
		[TIER_REPAIRED] = 1, [TIER_PICTURE] = 2, [TIER_ALIAS] = 3, [TIER_EXACT] = 4
	};

	return strengths[tier];
}

struct pick *picks_get(struct picks *picks, const struct contract *contract)
{
	for (int i = 0; i < picks->count; i++)
		if (!strcmp(picks->item[i].contract->contract_id, contract->contract_id))
			return &picks->item[i];
	return NULL;
}

void picks_add(struct picks *picks, const struct contract *contract, enum tier tier)
{
	struct pick *known = picks_get(picks, contract);

	if (known) {
		if (strength(tier) > strength(known->tier))
			known->tier = tier;
		return;
	}
	if (picks->count == (int)(sizeof picks->item / sizeof *picks->item)) {
		picks->overflow = true;
		return;
	}
	picks->item[picks->count++] = (struct pick){ contract, tier };
}

/* An application number is a name only where the stock says application number (or a person said
 * so): the insurers count applications and contracts apart, so that the same digits may be both. */
bool name_fits(const struct asked *asked, const struct found *found)
{
	if (found->origin == NAME_CLAIM) /* claims are counted apart */
		return false;
	if (asked->vu && !text_empty(found->contract.vu) &&
	    strcmp(found->contract.vu + strspn(found->contract.vu, "0"),
		   asked->vu + strspn(asked->vu, "0")) != 0)
		return false;
	if (asked->vu && text_empty(found->contract.vu))
		return false;
	return asked->kind != NUMBER_APPLICATION || found->origin == NAME_APPLICATION ||
	       found->origin == NAME_PERSON;
}

static void pick_by(struct picks *picks, const struct candidates *candidates,
		    const struct asked *asked, const char *key, bool pictured)
{
	size_t count;
	const struct found *found = candidates_of(candidates, asked->issuer, key, BY_NAME, &count);

	if (count > CANDIDATES_OF_NAME_MOST)
		picks->overflow = true;
	for (size_t i = 0; i < count; i++) {
		enum tier tier = found[i].origin == NAME_PERSON ? TIER_ALIAS
				 : pictured                     ? TIER_PICTURE
								: TIER_EXACT;

		if (name_fits(asked, &found[i]))
			picks_add(picks, &found[i].contract, tier);
	}
}

void picks_by_key(struct picks *picks, const struct candidates *candidates,
		  const struct asked *asked)
{
	if (!key_usable(asked->key))
		return;
	pick_by(picks, candidates, asked, asked->key->plain, false);
	if (asked->key->canonical && strcmp(asked->key->canonical, asked->key->plain) != 0)
		pick_by(picks, candidates, asked, asked->key->canonical, true);
}

struct picks picks_of(const struct facts *facts, const struct candidates *candidates, int number,
		      enum use use)
{
	struct picks picks = { .count = 0 };

	for (size_t i = 0; i < facts->asked_count; i++) {
		const struct asked *asked = &facts->asked[i];

		if (asked->number == number && asked->use == use)
			picks_by_key(&picks, candidates, asked);
	}
	return picks;
}

/* Keep what both have; the better tier counts. */
static void picks_intersect(struct picks *both, struct picks *other)
{
	int kept = 0;

	for (int i = 0; i < both->count; i++) {
		const struct pick *same = picks_get(other, both->item[i].contract);

		if (!same)
			continue;
		both->item[kept] = both->item[i];
		if (strength(same->tier) > strength(both->item[kept].tier))
			both->item[kept].tier = same->tier;
		kept++;
	}
	both->count = kept;
	both->overflow = both->overflow && other->overflow;
}

void suggest_picks(struct suggestions *suggestions, const struct picks *picks, enum suggested_by by)
{
	for (int i = 0; i < picks->count; i++)
		suggest(suggestions, picks->item[i].contract, by);
}

static void said_add(struct said *said, const struct facts *facts,
		     const struct candidates *candidates, const struct asked *asked,
		     struct suggestions *suggestions)
{
	struct picks picks = picks_of(facts, candidates, asked->number, asked->use);

	said->any = true;
	if (!picks.count && !picks.overflow) {
		said->unknown_policy |= asked->kind == NUMBER_POLICY;
		return;
	}
	suggest_picks(suggestions, &picks, SUGGESTED_BY_NAME);
	if (!said->picks.count && !said->picks.overflow) {
		said->picks = picks;
		return;
	}
	picks_intersect(&said->picks, &picks);
	if (!said->picks.count)
		said->collides = true;
}

struct said said_by(const struct facts *facts, const struct candidates *candidates, enum use use,
		    int kind, struct suggestions *suggestions)
{
	struct said said = { .any = false };

	for (size_t i = 0; i < facts->asked_count && !said.collides; i++) {
		const struct asked *asked = &facts->asked[i];

		if (facts_first_row(facts, i) && asked->use == use && key_usable(asked->key) &&
		    (kind < 0 || (int)asked->kind == kind))
			said_add(&said, facts, candidates, asked, suggestions);
	}
	return said;
}
