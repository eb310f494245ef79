#include "matcher/decide_all.h"

#include "matcher/nearby.h"

static bool database_find(void *self, struct candidates *all, const struct facts *const *facts,
			  size_t count, TALLOC_CTX *mem, struct err *e)
{
	const struct matcher *matcher = self;

	return candidates_find(all, matcher->db, matcher->broker, facts, count, mem, e);
}

static bool database_find_nearby(void *self, struct candidates *all, struct wanted *wanted,
				 TALLOC_CTX *mem, struct err *e)
{
	const struct matcher *matcher = self;

	wanted_close(wanted);
	return candidates_find_nearby(all, matcher->db, matcher->broker, wanted, mem, e);
}

struct stock_source stock_of_database(const struct matcher *matcher)
{
	return (struct stock_source){ (void *)matcher, database_find, database_find_nearby };
}

/* What is looked up for the documents that would wait; items are NULL for the others. */
struct waiting {
	struct nearby **items;
	size_t count;
	struct wanted *wanted;
};

static struct waiting waiting_of(struct verdict *const *verdicts, const struct facts *const *facts,
				 size_t count, const struct insurers *insurers, TALLOC_CTX *mem)
{
	struct waiting w = { talloc_zero_array(mem, struct nearby *, count), 0, wanted_new(mem) };

	for (size_t i = 0; i < count; i++) {
		if (!nearby_wanted(verdicts[i]))
			continue;
		w.items[i] = nearby_of(facts[i], insurers, mem);
		nearby_keys(w.items[i], w.wanted);
		w.count++;
	}
	return w;
}

static bool decide_waiting(struct verdict **verdicts, const struct facts *const *facts,
			   size_t count, const struct candidates *candidates, struct waiting *w,
			   const struct stock_source *source, TALLOC_CTX *mem, struct err *e)
{
	struct candidates near;

	if (!w->wanted->count)
		return true;
	if (!source->find_nearby(source->self, &near, w->wanted, w->items, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!w->items[i])
			continue;
		w->items[i]->found = near;
		talloc_free(verdicts[i]);
		verdicts[i] = decide_nearby(facts[i], candidates, w->items[i], mem);
	}
	return true;
}

bool decide_all(struct verdict **verdicts, const struct facts *const *facts, size_t count,
		const struct stock_source *source, const struct insurers *insurers, TALLOC_CTX *mem,
		struct err *e)
{
	TALLOC_CTX *scratch = talloc_new(mem);
	struct candidates candidates;
	struct waiting w;
	bool ok = source->find(source->self, &candidates, facts, count, scratch, e);

	for (size_t i = 0; ok && i < count; i++)
		verdicts[i] = decide(facts[i], &candidates, mem);
	if (ok) {
		w = waiting_of(verdicts, facts, count, insurers, scratch);
		ok = !w.count ||
		     decide_waiting(verdicts, facts, count, &candidates, &w, source, mem, e);
	}
	talloc_free(scratch);
	return ok;
}
