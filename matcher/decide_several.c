#include <string.h>

#include "base/text.h"
#include "matcher/decide.h"
#include "matcher/decide_inside.h"

#define CONTRACTS_MOST 20 /* a letter about more is a list, and no customer's */

/* The contracts of a collective document, in the order of its policy numbers. */
struct several {
	struct picks picks;
	const char *why; /* why a person decides, a sentence; NULL: nothing forbids it */
};

static void forbid(struct several *s, const char *sentence)
{
	if (!s->why)
		s->why = sentence;
}

/* Every policy number leads to exactly one contract. */
static void policy_add(struct several *s, struct deciding *d, const struct asked *asked)
{
	struct picks picks = picks_of(d->facts, d->candidates, asked->number, USE_NAME);

	suggest_picks(&d->suggestions, &picks, SUGGESTED_BY_NAME);
	if (!picks.count && !picks.overflow)
		forbid(s, "it names several contracts, not all of them known");
	else if (picks.count > 1 || picks.overflow)
		forbid(s, "it names several contracts, and one number is several contracts'");
	else
		picks_add(&s->picks, picks.item[0].contract, picks.item[0].tier);
}

/* Whatever else names a contract names one of these. */
static void printed_check(struct several *s, struct deciding *d, const struct asked *asked)
{
	struct picks picks = picks_of(d->facts, d->candidates, asked->number, USE_NAME);

	suggest_picks(&d->suggestions, &picks, SUGGESTED_BY_NAME);
	if (picks.count != 1 || picks.overflow || !picks_get(&s->picks, picks.item[0].contract))
		forbid(s, "its numbers lead to different contracts");
}

static void names_add(struct several *s, struct deciding *d)
{
	const struct facts *f = d->facts;

	for (int printed = 0; printed < 2; printed++)
		for (size_t i = 0; i < f->asked_count; i++) {
			const struct asked *asked = &f->asked[i];

			if (!facts_first_row(f, i) || asked->use != USE_NAME ||
			    (asked->kind != NUMBER_POLICY) != printed)
				continue;
			if (asked->key->state == KEY_MALFORMED)
				forbid(s, "it names several contracts, not all of them known");
			else if (key_usable(asked->key) && printed)
				printed_check(s, d, asked);
			else if (key_usable(asked->key))
				policy_add(s, d, asked);
		}
	if (s->picks.count < 2)
		forbid(s, "its numbers lead to different contracts");
	if (s->picks.count > CONTRACTS_MOST ||
	    f->asked[f->asked_count - 1].number + 1 < (int)f->transfer->number_count)
		forbid(s, "it names more contracts than one letter is about");
}

/* One who reads it sees all of it. */
static void customers_check(struct several *s)
{
	const char *first = s->picks.count ? s->picks.item[0].contract->customer_id : NULL;

	for (int i = 0; i < s->picks.count; i++) {
		const char *customer = s->picks.item[i].contract->customer_id;

		if (text_empty(first) || !text_equal(customer, first))
			forbid(s, "it names contracts of several customers");
	}
}

static void vetoes_check(struct several *s, struct deciding *d)
{
	bool weak = false;

	for (int i = 0; i < s->picks.count; i++) {
		const struct pick *pick = &s->picks.item[i];
		struct signals signals = decide_signals(d, pick->contract);
		const char *sentence;

		if (decide_veto(&sentence, d, pick, &signals) != REASON_NONE)
			forbid(s, sentence);
		weak |= decide_weak_agree(d, pick->contract);
	}
	if (!weak)
		forbid(s, "the old or the application number names another living contract");
	if (!s->why && decide_plate_elsewhere(d, s->picks.item, s->picks.count))
		forbid(s, PLATE_ELSEWHERE);
}

/* How sure the whole is: as its weakest number. */
static enum tier weakest(const struct picks *picks)
{
	static const enum tier order[] = { TIER_PICTURE, TIER_ALIAS };

	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		for (int i = 0; i < picks->count; i++)
			if (picks->item[i].tier == order[k])
				return order[k];
	return TIER_EXACT;
}

static void file_all(struct deciding *d, const struct picks *picks)
{
	struct verdict *v = d->verdict;
	struct pick first = picks->item[0];

	decide_say(d, false, "each of its numbers leads to exactly one contract of one customer");
	first.tier = weakest(picks);
	decide_file(d, &first);
	v->more_count = (size_t)picks->count - 1;
	v->more = talloc_array(v, struct filed_at, v->more_count);
	for (size_t i = 0; i < v->more_count; i++) {
		const struct contract *c = picks->item[i + 1].contract;

		v->more[i].contract_id = talloc_strdup(v->more, c->contract_id);
		v->more[i].customer_id = talloc_strdup(v->more, c->customer_id);
		v->more[i].revision = c->revision;
	}
}

void decide_several(struct deciding *d)
{
	struct several s = { .why = NULL };

	names_add(&s, d);
	customers_check(&s);
	vetoes_check(&s, d);
	if (s.why)
		decide_queue(d, REASON_COLLECTIVE_DOCUMENT, s.why);
	else
		file_all(d, &s.picks);
}
