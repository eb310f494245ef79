#include "matcher/suggest.h"

#include <stdlib.h>
#include <string.h>

#include "matcher/signals.h"
#include "model/line.h"

#define EXPLAINED_MOST 3    /* suggestions that get a sentence of their own */
#define NAMED          1000 /* more than any signals weigh */

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
	all->items[all->count] = (struct suggestion){ contract, by, 0, all->count };
	all->count++;
}

static int score(const struct suggestion *s, const struct facts *facts)
{
	static const int ways[] = {
		[SUGGESTED_BY_NAME] = NAMED,     [SUGGESTED_BY_LESSER] = NAMED / 2,
		[SUGGESTED_REPAIRED] = 14,       [SUGGESTED_LETTERED] = 12,
		[SUGGESTED_SWAPPED] = 10,        [SUGGESTED_LONGER_OR_SHORTER] = 9,
		[SUGGESTED_OTHER_CHARACTER] = 8, [SUGGESTED_HOLDER] = 0,
	};
	struct signals signals = signals_of(facts, s->contract);
	const char *line = facts->transfer->line;
	int sum = ways[s->by] + signals_weight(&signals);

	if (line_contradicts(line, s->contract->line))
		sum -= 9;
	else if (line_equal(line, s->contract->line))
		sum += 4;
	else if (line_says_something(line) && line_says_something(s->contract->line))
		sum += 2;
	return s->contract->cancelled ? sum - 2 : sum;
}

static int compare_suggestions(const void *left, const void *right)
{
	const struct suggestion *a = left, *b = right;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static const char *way_in_words(enum suggested_by by)
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
	case SUGGESTED_HOLDER:
		return "only the holder suggests it";
	default:
		return NULL;
	}
}

static char *signals_in_words(const struct signals *s, TALLOC_CTX *mem)
{
	const struct {
		const char *what;
		enum agreement said;
	} all[] = { { "surname", s->surname },
		    { "first name", s->first_name },
		    { "birth date", s->birth_date },
		    { "postcode", s->postcode },
		    { "plate", s->plate } };
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].said != SAYS_NOTHING)
			text = talloc_asprintf_append(text, ", %s %s", all[i].what,
						      all[i].said == AGREES ? "agrees" : "differs");
	return text;
}

static void explain(const struct suggestion *s, size_t place, const struct facts *facts,
		    struct verdict *verdict)
{
	struct signals signals = signals_of(facts, s->contract);
	const char *way = way_in_words(s->by);
	char *sentence;

	if (!way)
		return;
	sentence = talloc_asprintf(verdict, "suggestion %zu: %s%s", place, way,
				   signals_in_words(&signals, verdict));
	verdict_say(verdict, false, sentence);
	talloc_free(sentence);
}

void suggestions_rank(struct suggestions *all, const struct facts *facts, struct verdict *verdict)
{
	size_t kept = all->count < VERDICT_CANDIDATES_MOST ? all->count : VERDICT_CANDIDATES_MOST;

	for (size_t i = 0; i < all->count; i++)
		all->items[i].score = score(&all->items[i], facts);
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
