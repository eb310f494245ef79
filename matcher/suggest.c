#include "matcher/suggest.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "matcher/signals.h"
#include "normalizers/clean.h"

#define EXPLAINED_MOST 3 /* suggestions that get a sentence of their own */
#define EARLY_DAYS     180
#define LATE_DAYS      400  /* bills and certificates of the last year */
#define NAMED          1000 /* more bits than all signals together */

void verdict_say(struct verdict *v, bool against, const char *sentence)
{
	v->evidence = talloc_realloc(v, v->evidence, struct evidence, v->evidence_count + 1);
	v->evidence[v->evidence_count++] = (struct evidence){ talloc_strdup(v, sentence), against };
}

void suggest(struct suggestions *all, const struct contract *contract, enum suggested_by by)
{
	for (size_t i = 0; i < all->count; i++)
		if (!strcmp(all->items[i].contract->contract_id, contract->contract_id)) {
			if (by < all->items[i].by)
				all->items[i].by = by;
			return;
		}
	if ((all->count & (all->count - 1)) == 0)
		all->items = talloc_realloc(all->mem, all->items, struct suggestion,
					    all->count ? 2 * all->count : 1);
	all->items[all->count] = (struct suggestion){ contract, by, 0, 0, all->count };
	all->count++;
}

/* Not in force when the document was made: begun long after it, or ended long before. A policy comes before it begins. */
static double out_of_force(const struct contract *c, const char *dated)
{
	if (dated && date_plausible(c->start) && days_between(dated, c->start) > EARLY_DAYS)
		return 6;
	if (dated && date_plausible(c->end) && days_between(c->end, dated) > LATE_DAYS)
		return 6;
	return c->cancelled ? 3 : 0;
}

/* In bits, like the signals: a guess at how much likelier one mistake is than another. */
static double score(const struct suggestion *s, const struct facts *facts)
{
	static const double ways[] = {
		[SUGGESTED_FOUND] = 2 * NAMED,      [SUGGESTED_BY_NAME] = NAMED,
		[SUGGESTED_BY_LESSER] = NAMED / 2,  [SUGGESTED_REPAIRED] = 25,
		[SUGGESTED_LETTERED] = 22,          [SUGGESTED_SWAPPED] = 18,
		[SUGGESTED_LONGER_OR_SHORTER] = 16, [SUGGESTED_OTHER_CHARACTER] = 14,
		[SUGGESTED_ELSEWHERE] = 18,         [SUGGESTED_PART] = 16,
		[SUGGESTED_CUSTOMER] = 14,          [SUGGESTED_HOLDER] = 0,
		[SUGGESTED_HOLDER_ELSEWHERE] = -8,
	};
	struct signals signals = signals_of(facts, s->contract);

	return ways[s->by] + signals_bits(&signals) - out_of_force(s->contract, facts->dated);
}

/* Which of a fleet's contracts? The one whose number is most like the document's. */
static size_t alike(const struct suggestion *s, const struct facts *facts)
{
	const char *number = s->contract->number;
	const char *key = facts->asked_count ? facts->asked[0].key->plain : "";
	size_t front = 0, back = 0, len = strlen(key);
	struct cleaned other;

	if (text_empty(number))
		return 0;
	clean_number(&other, number, strlen(number));
	while (key[front] && key[front] == other.text[front])
		front++;
	while (front + back < len && front + back < other.len &&
	       key[len - 1 - back] == other.text[other.len - 1 - back])
		back++;
	return front + back;
}

static int compare_suggestions(const void *left, const void *right)
{
	const struct suggestion *a = left, *b = right;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	if (a->alike != b->alike)
		return a->alike > b->alike ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

const char *suggestion_in_words(enum suggested_by by)
{
	switch (by) {
	case SUGGESTED_REPAIRED:
		return "one typed mistake leads to its number";
	case SUGGESTED_LETTERED:
		return "its number has letters in front that are missing here";
	case SUGGESTED_SWAPPED:
		return "two neighbouring characters of its number are changed over";
	case SUGGESTED_LONGER_OR_SHORTER:
		return "its number has one character more or less";
	case SUGGESTED_OTHER_CHARACTER:
		return "its number differs in one character";
	case SUGGESTED_ELSEWHERE:
		return "another insurer's contract has this very number";
	case SUGGESTED_PART:
		return "its number has a part more or less at one end";
	case SUGGESTED_CUSTOMER:
		return "the number is its customer's";
	case SUGGESTED_HOLDER:
		return "only the holder suggests it";
	case SUGGESTED_HOLDER_ELSEWHERE:
		return "only the holder suggests it, at another insurer";
	case SUGGESTED_BY_LESSER:
		return "its claim, the broker's own or a link number leads to it";
	case SUGGESTED_FOUND:
	case SUGGESTED_BY_NAME:
		break;
	}
	return "a number of the document is its number";
}

static void explain(const struct suggestion *s, size_t place, const struct facts *facts,
		    struct verdict *verdict)
{
	struct signals signals = signals_of(facts, s->contract);
	const char *way = suggestion_in_words(s->by);
	char *sentence, *said;

	if (s->by <= SUGGESTED_BY_LESSER)
		return;
	said = signals_in_words(&signals, verdict);
	sentence = talloc_asprintf(verdict, "suggestion %zu: %s%s%s", place, way, *said ? "; " : "",
				   said);
	verdict_say(verdict, false, sentence);
	talloc_free(sentence);
	talloc_free(said);
}

void suggestions_rank(struct suggestions *all, const struct facts *facts, struct verdict *verdict)
{
	size_t kept = all->count < VERDICT_CANDIDATES_MOST ? all->count : VERDICT_CANDIDATES_MOST;

	for (size_t i = 0; i < all->count; i++) {
		all->items[i].score = score(&all->items[i], facts);
		all->items[i].alike = alike(&all->items[i], facts);
	}
	if (all->count)
		qsort(all->items, all->count, sizeof *all->items, compare_suggestions);
	verdict->candidates = talloc_array(verdict, char *, (unsigned)kept);
	for (size_t i = 0; i < kept; i++) {
		verdict->candidates[i] =
			talloc_strdup(verdict, all->items[i].contract->contract_id);
		if (i < EXPLAINED_MOST && !verdict->filed)
			explain(&all->items[i], i + 1, facts, verdict);
	}
	verdict->candidate_count = kept;
}
