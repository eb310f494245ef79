#include "matcher/decide.h"

#include <string.h>

#include "base/text.h"
#include "matcher/holder.h"
#include "matcher/nearby.h"
#include "matcher/signals.h"
#include "matcher/suggest.h"
#include "model/line.h"

/* A contract to which numbers of the transfer lead. */
struct pick {
	const struct contract *contract;
	enum tier tier;
};

/* The contracts of one number, or what is left of them when several numbers are laid on each other.
 */
struct picks {
	struct pick item[CANDIDATES_OF_NAME_MOST * 4];
	int count;
	bool overflow; /* more contracts than are told apart */
};

struct deciding {
	const struct facts *facts;
	const struct candidates *candidates;
	const struct nearby *nearby; /* NULL: not looked up */
	struct suggestions suggestions;
	struct verdict *verdict;
};

static void say(struct deciding *d, bool against, const char *sentence)
{
	verdict_say(d->verdict, against, sentence);
}

static void suggest_picks(struct deciding *d, const struct picks *picks, enum suggested_by by)
{
	for (int i = 0; i < picks->count; i++)
		suggest(&d->suggestions, picks->item[i].contract, by);
}

static void queue(struct deciding *d, enum reason reason, const char *sentence)
{
	d->verdict->reason = reason;
	say(d, true, sentence);
}

/* The evidence names the best way by which a contract was found. */
static int strength(enum tier tier)
{
	static const int strengths[TIERS] = {
		[TIER_REPAIRED] = 1, [TIER_PICTURE] = 2, [TIER_ALIAS] = 3, [TIER_EXACT] = 4
	};

	return strengths[tier];
}

static struct pick *picks_get(struct picks *picks, const struct contract *contract)
{
	for (int i = 0; i < picks->count; i++)
		if (!strcmp(picks->item[i].contract->contract_id, contract->contract_id))
			return &picks->item[i];
	return NULL;
}

static void picks_add(struct picks *picks, const struct contract *contract, enum tier tier)
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
static bool name_fits(const struct asked *asked, const struct found *found)
{
	if (asked->vu && !text_empty(found->contract.vu) &&
	    strcmp(found->contract.vu + strspn(found->contract.vu, "0"),
		   asked->vu + strspn(asked->vu, "0")) != 0)
		return false;
	if (asked->vu && text_empty(found->contract.vu))
		return false;
	return asked->kind != NUMBER_APPLICATION || found->origin == NAME_APPLICATION ||
	       found->origin == NAME_PERSON;
}

static void pick_by(struct deciding *d, struct picks *picks, const struct asked *asked,
		    const char *key, bool pictured)
{
	size_t count;
	const struct found *found =
		candidates_of(d->candidates, asked->issuer, key, BY_NAME, &count);

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

static void pick_by_key(struct deciding *d, struct picks *picks, const struct asked *asked)
{
	if (!key_usable(asked->key))
		return;
	pick_by(d, picks, asked, asked->key->plain, false);
	if (asked->key->canonical && strcmp(asked->key->canonical, asked->key->plain) != 0)
		pick_by(d, picks, asked, asked->key->canonical, true);
}

/* The contracts of one number under its issuer and along the successor edges. */
static struct picks picks_of(struct deciding *d, int number, enum use use)
{
	struct picks picks = { .count = 0 };

	for (size_t i = 0; i < d->facts->asked_count; i++) {
		const struct asked *asked = &d->facts->asked[i];

		if (asked->number == number && asked->use == use)
			pick_by_key(d, &picks, asked);
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

/* What the numbers of one use (and, for weak ones, one kind) say together. */
struct said {
	struct picks picks;
	bool any;            /* at least one number was looked up */
	bool collides;       /* numbers lead to different contracts */
	bool unknown_policy; /* a policy number that nobody answers to */
};

static void said_add(struct deciding *d, struct said *said, const struct asked *asked)
{
	struct picks picks = picks_of(d, asked->number, asked->use);

	said->any = true;
	if (!picks.count && !picks.overflow) {
		said->unknown_policy |= asked->kind == NUMBER_POLICY;
		return;
	}
	suggest_picks(d, &picks, SUGGESTED_BY_NAME);
	if (!said->picks.count && !said->picks.overflow) {
		said->picks = picks;
		return;
	}
	picks_intersect(&said->picks, &picks);
	if (!said->picks.count)
		said->collides = true;
}

static struct said said_by(struct deciding *d, enum use use, int kind)
{
	struct said said = { .any = false };

	for (size_t i = 0; i < d->facts->asked_count && !said.collides; i++) {
		const struct asked *asked = &d->facts->asked[i];

		if (facts_first_row(d->facts, i) && asked->use == use && key_usable(asked->key) &&
		    (kind < 0 || (int)asked->kind == kind))
			said_add(d, &said, asked);
	}
	return said;
}

static bool ended(const struct facts *facts, const struct contract *contract)
{
	if (date_plausible(contract->end))
		return facts->dated && days_between(contract->end, facts->dated) > ENDED_GRACE_DAYS;
	return contract->cancelled && facts->class != CLASS_CANCELLATION;
}

/* Does the old or application number name the contract, or at least none that still lives? */
static bool weak_agrees(struct deciding *d, const struct asked *asked,
			const struct contract *contract)
{
	struct picks picks = picks_of(d, asked->number, USE_WEAK);

	if (picks.overflow)
		return true; /* says nothing */
	if (picks_get(&picks, contract))
		return true;
	for (int i = 0; i < picks.count; i++)
		if (!picks.item[i].contract->cancelled &&
		    !ended(d->facts, picks.item[i].contract)) {
			suggest_picks(d, &picks, SUGGESTED_BY_NAME);
			return false;
		}
	return true;
}

static bool weak_numbers_agree(struct deciding *d, const struct contract *contract)
{
	for (size_t i = 0; i < d->facts->asked_count; i++) {
		const struct asked *asked = &d->facts->asked[i];

		if (facts_first_row(d->facts, i) && asked->use == USE_WEAK &&
		    key_usable(asked->key) && !weak_agrees(d, asked, contract))
			return false;
	}
	return true;
}

/* Several contracts share the name: may the document's line tell them apart? */
static const struct pick *separate_by_line(struct deciding *d, const struct picks *picks)
{
	const char *line = d->facts->transfer->line;
	const struct pick *left = NULL, *equal = NULL;
	int left_count = 0, equal_count = 0;

	if (!line_says_something(line) || picks->overflow)
		return NULL;
	for (int i = 0; i < picks->count; i++) {
		const char *other = picks->item[i].contract->line;

		if (!line_says_something(other))
			return NULL;
		if (line_contradicts(line, other))
			continue;
		left = &picks->item[i];
		left_count++;
		if (line_equal(line, other)) {
			equal = left;
			equal_count++;
		}
	}
	if (left_count == 1)
		return left;
	return equal_count == 1 ? equal : NULL;
}

static void say_signals(struct deciding *d, const struct signals *s)
{
	const struct {
		enum agreement said;
		const char *agrees, *contradicts;
	} all[] = {
		{ s->surname, "surname agrees", "surname differs" },
		{ s->first_name, "first name agrees", "first name differs" },
		{ s->birth_date, "birth date agrees", "birth date differs" },
		{ s->plate, "plate agrees", "plate differs" },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (all[i].said == AGREES)
			say(d, false, all[i].agrees);
		else if (all[i].said == CONTRADICTS)
			say(d, true, all[i].contradicts);
	}
}

/* The vetoes: a found contract still has to be the document's. */
static bool vetoed(struct deciding *d, const struct pick *pick, const struct signals *signals)
{
	const struct facts *f = d->facts;
	const struct contract *c = pick->contract;
	bool sensitive = line_sensitive(f->transfer->line) || line_sensitive(c->line);

	if (signals_other_holder(signals))
		queue(d, REASON_OTHER_HOLDER, "what is known of the holder is another person's");
	else if (line_contradicts(f->transfer->line, c->line))
		queue(d, REASON_LINE_CONTRADICTS,
		      "the document's line of business is not the contract's");
	else if (ended(f, c))
		queue(d, REASON_CONTRACT_ENDED, "the contract had ended before the document");
	else if (f->strict_lines && sensitive && pick->tier != TIER_ALIAS &&
		 !signals_second(signals))
		queue(d, REASON_NEEDS_SECOND_SIGNAL,
		      "health, life or accident: nothing but the number says so");
	else
		return false;
	return true;
}

static const char *found_sentence(enum tier tier)
{
	switch (tier) {
	case TIER_ALIAS:
		return "a person confirmed this number for exactly one contract";
	case TIER_REPAIRED:
		return "one typed mistake explains the number, and leads to exactly one contract";
	case TIER_PICTURE:
		return "the insurer's number picture leads to exactly one contract";
	default:
		return "the number is a known name of exactly one contract";
	}
}

static void file(struct deciding *d, const struct pick *pick)
{
	struct verdict *v = d->verdict;

	v->filed = true;
	v->tier = pick->tier;
	v->contract_id = talloc_strdup(v, pick->contract->contract_id);
	v->customer_id = talloc_strdup(v, pick->contract->customer_id);
}

static void decide_one(struct deciding *d, const struct pick *pick)
{
	struct signals signals = signals_of(d->facts, pick->contract);

	suggest(&d->suggestions, pick->contract, SUGGESTED_BY_NAME);
	say(d, false, found_sentence(pick->tier));
	say_signals(d, &signals);
	if (vetoed(d, pick, &signals))
		return;
	if (!weak_numbers_agree(d, pick->contract))
		queue(d, REASON_COLLECTIVE_DOCUMENT,
		      "the old or the application number names another living contract");
	else
		file(d, pick);
}

static void decide_found(struct deciding *d, const struct said *said)
{
	const struct pick *pick = said->picks.item;

	if (said->collides) {
		queue(d, REASON_COLLECTIVE_DOCUMENT, "its numbers lead to different contracts");
		return;
	}
	if (said->unknown_policy && facts_several_policies(d->facts)) {
		queue(d, REASON_COLLECTIVE_DOCUMENT,
		      "it names several contracts, not all of them known");
		return;
	}
	if (said->picks.count > 1 || said->picks.overflow) {
		pick = separate_by_line(d, &said->picks);
		if (!pick) {
			queue(d, REASON_SEVERAL_CONTRACTS,
			      "several contracts answer to the number");
			return;
		}
		say(d, false, "the line of business tells the contracts of this number apart");
	}
	decide_one(d, pick);
}

/* Contracts that a person may want to see first: of the same claim, of the broker's own or a link
 * number, of the same number at the connection's own issuer. */
static void suggest_more(struct deciding *d)
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
			pick_by_key(d, &picks, asked);
			suggest_picks(d, &picks, SUGGESTED_BY_LESSER);
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

/* Contracts whose names are near, and contracts of the holder: for a person, never more. */
static void suggest_nearby(struct deciding *d)
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
	signals = signals_of(d->facts, c);
	if (!signals_confirm_repair(&signals) ||
	    line_contradicts(d->facts->transfer->line, c->line) || ended(d->facts, c) ||
	    !weak_numbers_agree(d, c))
		return false;
	say(d, false, repair_in_words(how));
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
		queue(d, REASON_ISSUER_UNKNOWN,
		      "no insurer file has this register number, and no contract of it is known");
	else if (usable)
		queue(d, REASON_NUMBER_UNKNOWN,
		      "no contract of this insurer answers to the number");
	else if (malformed)
		queue(d, REASON_NUMBER_MALFORMED, "the number cannot be one of this insurer's");
	else if (claim)
		queue(d, REASON_CLAIM_NUMBER_ONLY, "a claim number, but no contract number");
	else
		queue(d, REASON_NO_NUMBER, "no contract number was delivered");
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
		struct said said = said_by(d, order[i].use, order[i].kind);

		if (said.picks.count || said.picks.overflow || said.collides) {
			if (i > 0)
				say(d, false,
				    order[i].kind == NUMBER_OLD
					    ? "found by its old number"
					    : "found by its application number");
			decide_found(d, &said);
			return;
		}
		if (i == 0 && facts_several_policies(d->facts)) {
			queue(d, REASON_COLLECTIVE_DOCUMENT,
			      "it names several contracts, none of them known");
			return;
		}
	}
	if (!d->nearby || !decide_repaired(d))
		queue_unknown(d);
}

/* What no number can make a customer's document. */
static bool refused(struct deciding *d)
{
	const struct facts *f = d->facts;

	if (!business_class_for_customers(f->class))
		queue(d, REASON_NOT_A_CUSTOMER_DOCUMENT,
		      "stock data, a settlement or a letter about the mandate");
	else if (f->document->data)
		queue(d, REASON_NOT_A_CUSTOMER_DOCUMENT,
		      "data without a file: the kept answer may speak of others too");
	else if (!text_empty(f->document->link) && !f->document->size)
		queue(d, REASON_LINK_ONLY, "a link instead of the document: it is never followed");
	else if (!f->document->size)
		queue(d, REASON_UNREADABLE, "the document is empty");
	else if (f->document->orphan)
		queue(d, REASON_NO_NUMBER, "no transfer refers to this part of the answer");
	else if (!f->issuer)
		queue(d, REASON_ISSUER_UNKNOWN, "neither delivery nor connection names an insurer");
	else
		return false;
	return true;
}

struct verdict *decide_nearby(const struct facts *facts, const struct candidates *candidates,
			      const struct nearby *nearby, TALLOC_CTX *mem)
{
	struct verdict *verdict = talloc_zero(mem, struct verdict);
	struct deciding d = { facts, candidates, nearby, { .mem = talloc_new(mem) }, verdict };

	if (!refused(&d))
		decide_by_numbers(&d);
	if (!verdict->filed)
		suggest_more(&d);
	if (!verdict->filed && nearby && nearby_wanted(verdict))
		suggest_nearby(&d);
	suggestions_rank(&d.suggestions, facts, verdict);
	talloc_free(d.suggestions.mem);
	return verdict;
}

struct verdict *decide(const struct facts *facts, const struct candidates *candidates,
		       TALLOC_CTX *mem)
{
	return decide_nearby(facts, candidates, NULL, mem);
}
