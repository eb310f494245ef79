#include "matcher/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define TOP 3

static void term_add(void *self, const struct contract *contract)
{
	terms_add(self, contract);
}

static struct terms *terms_of(const struct memory_stock *stock, TALLOC_CTX *mem)
{
	struct terms *terms = terms_new(mem);

	memory_stock_each(stock, term_add, terms);
	return terms;
}

struct evaluation *evaluation_new(struct memory_stock *stock, const struct insurers *insurers,
				  bool strict_lines, TALLOC_CTX *mem)
{
	struct evaluation *ev = talloc_zero(mem, struct evaluation);

	ev->stock = stock;
	ev->insurers = insurers;
	ev->source = memory_stock_source(stock);
	ev->naive = naive_new(stock, ev);
	ev->strict_lines = strict_lines;
	ev->weighing = weighing_usual;
	ev->weighing.terms = terms_of(stock, ev);
	return ev;
}

static struct insurer_tally *tally_of(struct evaluation *ev, const char *issuer)
{
	for (size_t i = 0; i < ev->count; i++)
		if (!strcmp(ev->items[i].issuer, issuer))
			return &ev->items[i];
	ev->items = talloc_realloc(ev, ev->items, struct insurer_tally, ev->count + 1);
	ev->items[ev->count] = (struct insurer_tally){ .issuer = talloc_strdup(ev, issuer) };
	return &ev->items[ev->count++];
}

/* Whatever is filed of such a document counts as wrong: mostly the ids are another export's. */
static void strange_count(struct evaluation *ev, const char *truth)
{
	if (!truth || memory_stock_meant(ev->stock, truth))
		return;
	ev->strange++;
	if (!ev->strange_one)
		ev->strange_one = talloc_strdup(ev, truth);
}

/* found NULL: queued. */
static void count(const struct evaluation *ev, struct tally *tally, const char *truth,
		  const struct contract *found)
{
	const struct contract *right = truth ? memory_stock_meant(ev->stock, truth) : NULL;

	if (!found) {
		tally->queued++;
		tally->needless_review += right != NULL;
		return;
	}
	tally->filed++;
	if (right == found)
		return;
	if (right && !text_empty(right->customer_id) &&
	    text_equal(right->customer_id, found->customer_id))
		tally->wrong_contract++;
	else
		tally->wrong_customer++;
}

static bool in_top(const struct evaluation *ev, const struct verdict *v, const char *truth)
{
	const struct contract *right = truth ? memory_stock_meant(ev->stock, truth) : NULL;

	for (size_t i = 0; right && i < v->candidate_count && i < TOP; i++)
		if (!strcmp(v->candidates[i], right->contract_id))
			return true;
	return false;
}

/* A rule that finds several contracts suggests them. */
static void count_naive(const struct evaluation *ev, struct tally *tallies,
			const struct labelled *l)
{
	const char *number = l->transfer.number_count && l->numbers[0].kind == NUMBER_POLICY
				     ? l->numbers[0].value
				     : NULL;

	for (int rule = 0; rule < NAIVE_RULES; rule++) {
		const struct contract *top[NAIVE_TOP];
		size_t found = naive_found(top, ev->naive, (enum naive_rule)rule,
					   l->transfer.insurer_vu, number);

		count(ev, &tallies[rule], l->truth, found == 1 ? top[0] : NULL);
		for (size_t i = 0; found > 1 && i < found && i < NAIVE_TOP; i++)
			tallies[rule].in_top +=
				l->truth && memory_stock_meant(ev->stock, l->truth) == top[i];
	}
}

struct decided_one {
	const struct facts *facts;
	struct verdict *verdict;
	const struct contract *found; /* NULL: it waits */
};

/* Decide, and remember where it was filed. */
static struct decided_one decide_one(struct evaluation *ev, const struct labelled *l,
				     TALLOC_CTX *mem)
{
	const struct facts_setting setting = { .insurers = ev->insurers,
					       .strict_lines = ev->strict_lines,
					       .weighing = &ev->weighing };
	struct decided_one one = { .facts = facts_of_transfer(&setting, &l->shipment, &l->transfer,
							      mem) };

	/* A stock in memory does not fail. */
	decide_all(&one.verdict, &one.facts, 1, &ev->source, ev->insurers, mem, NULL);
	if (one.verdict->filed) {
		one.found = memory_stock_contract(ev->stock, one.verdict->contract_id);
		memory_stock_filed(ev->stock, one.facts, one.verdict->contract_id,
				   one.verdict->tier);
	}
	return one;
}

void evaluate_before(struct evaluation *ev, const struct labelled *l)
{
	TALLOC_CTX *mem = talloc_new(ev);
	const struct decided_one one = decide_one(ev, l, mem);
	const struct contract *right = l->truth ? memory_stock_meant(ev->stock, l->truth) : NULL;

	count(ev, &ev->before, l->truth, one.found);
	if (!one.found && in_top(ev, one.verdict, l->truth))
		ev->before.in_top++;
	if (!one.found && right) {
		memory_stock_confirmed(ev->stock, one.facts, right->contract_id);
		memory_stock_filed(ev->stock, one.facts, right->contract_id, TIER_PERSON);
	}
	talloc_free(mem);
}

struct verdict *evaluate(struct evaluation *ev, const struct labelled *l, TALLOC_CTX *mem)
{
	const struct decided_one one = decide_one(ev, l, mem);
	const struct facts *facts = one.facts;
	struct verdict *verdict = one.verdict;
	const struct contract *found = one.found;
	struct insurer_tally *item;
	struct tally *tally;

	item = tally_of(ev, facts->issuer ? facts->issuer : "unknown");
	tally = &item->tiers[verdict->tier];
	count(ev, tally, l->truth, found);
	strange_count(ev, l->truth);
	if (!found && in_top(ev, verdict, l->truth))
		tally->in_top++;
	count_naive(ev, item->naive, l);
	return verdict;
}

static int by_issuer(const void *left, const void *right)
{
	const struct insurer_tally *a = left, *b = right;

	return strcmp(a->issuer, b->issuer);
}

void evaluation_sort(struct evaluation *ev)
{
	if (ev->count)
		qsort(ev->items, ev->count, sizeof *ev->items, by_issuer);
}

void tally_add(struct tally *sum, const struct tally *part)
{
	sum->filed += part->filed;
	sum->queued += part->queued;
	sum->wrong_customer += part->wrong_customer;
	sum->wrong_contract += part->wrong_contract;
	sum->needless_review += part->needless_review;
	sum->in_top += part->in_top;
}

/* How likely are at most k events where mean are expected? */
static double poisson_at_most(uint64_t k, double mean)
{
	double term = exp(-mean), sum = term;

	for (uint64_t i = 1; i <= k; i++)
		sum += term *= mean / (double)i;
	return sum;
}

double error_bound(uint64_t errors, uint64_t n)
{
	double low = (double)errors, high;

	if (n == 0)
		return 1;
	if (errors > 100) /* far from what anybody would promise: the normal approximation does */
		return fmin(1, (low + 1.645 * sqrt(low) + 2) / (double)n);
	high = low + 30 + 3 * sqrt(low);
	for (int i = 0; i < 60; i++) {
		double middle = (low + high) / 2;

		if (poisson_at_most(errors, middle) > 0.05)
			low = middle;
		else
			high = middle;
	}
	return fmin(1, high / (double)n);
}
