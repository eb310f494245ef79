/* decide_why.c -- what speaks for and against each suggestion (matcher/why.h). */
#include "matcher/decide_inside.h"
#include "matcher/why.h"

static void say(struct why *why, bool against, const char *sentence, TALLOC_CTX *mem)
{
	why->said = talloc_realloc(mem, why->said, struct evidence, why->said_count + 1);
	why->said[why->said_count++] =
		(struct evidence){ talloc_strdup(why->said, sentence), against };
}

static void say_signals(struct why *why, const struct signals *signals, TALLOC_CTX *mem)
{
	for (int i = 0; i < DETAILS; i++)
		if (signals->said[i] != SAYS_NOTHING)
			say(why, signals->said[i] == CONTRADICTS,
			    signal_in_words(signals, (enum detail)i, mem), mem);
}

static void say_veto(struct why *why, struct deciding *d, const struct contract *contract,
		     const struct signals *signals, TALLOC_CTX *mem)
{
	const struct pick pick = { contract, why->tier };
	const char *sentence;

	if (decide_veto(&sentence, d, &pick, signals) != REASON_NONE)
		say(why, true, sentence, mem);
}

static enum tier tier_of(enum suggested_by by)
{
	if (by == SUGGESTED_FOUND || by == SUGGESTED_BY_NAME)
		return TIER_EXACT;
	return by == SUGGESTED_REPAIRED ? TIER_REPAIRED : TIER_PERSON;
}

/* s is a copy: a veto may add suggestions. */
static void why_of(struct why *why, struct deciding *d, struct suggestion s, TALLOC_CTX *mem)
{
	struct signals signals = decide_signals(d, s.contract);

	*why = (struct why){ .contract_id = talloc_strdup(mem, s.contract->contract_id),
			     .tier = tier_of(s.by) };
	/* What is only alike speaks for it and against it at once: it is why nobody filed it. */
	say(why, s.by > SUGGESTED_BY_LESSER, suggestion_in_words(s.by), mem);
	say_signals(why, &signals, mem);
	say_veto(why, d, s.contract, &signals, mem);
	if (d->verdict->reason == REASON_SEVERAL_CONTRACTS && s.by <= SUGGESTED_BY_NAME)
		say(why, true, "several contracts answer to the number", mem);
}

void decide_why(struct whys *whys, const struct facts *facts, const struct candidates *candidates,
		const struct nearby *nearby, TALLOC_CTX *mem)
{
	struct verdict *verdict = talloc_zero(mem, struct verdict);
	struct deciding d = { facts, candidates, nearby, { .mem = talloc_new(mem) }, verdict };

	decide_into(&d);
	*whys = (struct whys){
		.items = talloc_zero_array(mem, struct why, verdict->candidate_count),
		.count = verdict->candidate_count,
		.reason = verdict->reason,
	};
	for (size_t i = 0; i < whys->count; i++)
		why_of(&whys->items[i], &d, d.suggestions.items[i], mem);
	talloc_free(d.suggestions.mem);
}

void why_of_contract(struct why *why, const struct facts *facts, const struct contract *contract,
		     TALLOC_CTX *mem)
{
	const struct candidates none = { 0 };
	struct deciding d = {
		facts, &none, NULL, { .mem = talloc_new(mem) }, talloc_zero(mem, struct verdict)
	};
	struct signals signals = signals_of(facts, contract);

	*why = (struct why){ .contract_id = talloc_strdup(mem, contract->contract_id),
			     .tier = TIER_PERSON };
	say(why, true, "no number of the document leads to it", mem);
	say_signals(why, &signals, mem);
	say_veto(why, &d, contract, &signals, mem);
	talloc_free(d.suggestions.mem);
}
