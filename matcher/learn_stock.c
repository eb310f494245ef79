#include "matcher/learn_stock.h"

#include <stdlib.h>
#include <string.h>

#include "matcher/stock_names.h"

struct reading_stock {
	struct learned_issuers *all;
	struct learned_issuer *last; /* contracts of one issuer often come together */
	const struct matcher *matcher;
	size_t support, contracts;
	learn_progress *progress;
	void *self;
	TALLOC_CTX *mem;
};

static struct learned_issuer *issuer_at(struct reading_stock *r, const char *issuer)
{
	struct learned_issuers *all = r->all;
	const struct insurer *insurer = insurers_by_issuer(r->matcher->insurers, issuer);

	for (size_t i = 0; i < all->count; i++) {
		if (strcmp(all->items[i].issuer, issuer) == 0)
			return &all->items[i];
	}
	all->items =
		talloc_realloc(r->mem, all->items, struct learned_issuer, (unsigned)all->count + 1);
	all->items[all->count] =
		(struct learned_issuer){ talloc_strdup(r->mem, issuer),
					 learner_new(insurer, r->support, r->mem), 0 };
	return &all->items[all->count++];
}

/* An application number is another number; everything else may be a spelling, and what is none (an old number) stays
 * unexplained. */
static bool stock_take(void *self, const struct named_contract *row, struct err *e)
{
	struct reading_stock *r = self;
	const struct contract *c = &row->contract;
	const char **spellings = talloc_array(NULL, const char *, row->name_count + 1);
	struct learn_contract contract = {
		.id = c->contract_id, .line = c->line, .number = c->number, .spellings = spellings
	};

	(void)e;
	if (!r->last || strcmp(r->last->issuer, c->issuer) != 0)
		r->last = issuer_at(r, c->issuer);
	for (size_t i = 0; i < row->name_count; i++) {
		if (row->names[i].origin == NAME_PERSON && row->names[i].as_pattern)
			spellings[contract.spelling_count++] = row->names[i].spelling;
	}
	contract.asked_count = contract.spelling_count;
	if (c->printed_number)
		spellings[contract.spelling_count++] = c->printed_number;
	for (size_t i = 0; i < row->name_count; i++) {
		if (row->names[i].origin == NAME_OTHER ||
		    (row->names[i].origin == NAME_PERSON && !row->names[i].as_pattern))
			spellings[contract.spelling_count++] = row->names[i].spelling;
	}
	learner_add(r->last->learner, &contract);
	r->last->contracts++;
	if (++r->contracts % 1000 == 0 && r->progress)
		r->progress(r->self, r->contracts);
	talloc_free(spellings);
	return true;
}

static int by_issuer(const void *a, const void *b)
{
	return strcmp(((const struct learned_issuer *)a)->issuer,
		      ((const struct learned_issuer *)b)->issuer);
}

bool learn_stock_read(struct learned_issuers *all, const struct matcher *matcher,
		      const char *issuer, size_t support, learn_progress *progress, void *self,
		      TALLOC_CTX *mem, struct err *e)
{
	struct reading_stock r = { .all = all,
				   .matcher = matcher,
				   .support = support,
				   .progress = progress,
				   .self = self,
				   .mem = mem };

	*all = (struct learned_issuers){ 0 };
	if (!stock_names_walk(matcher, issuer, stock_take, &r, e))
		return false;
	if (all->count)
		qsort(all->items, all->count, sizeof(*all->items), by_issuer);
	return true;
}
