#include "matcher/decide_all.h"

#include "matcher/beyond.h"
#include "matcher/nearby.h"
#include "matcher/twins.h"

static bool database_find(void *self, struct candidates *all, const struct facts *const *facts,
			  size_t count, TALLOC_CTX *mem, struct err *e)
{
	const struct matcher *matcher = self;

	return candidates_find(all, matcher->db, matcher->broker, facts, count, mem, e);
}

static bool database_find_names_near(void *self, struct near_names *near, struct err *e)
{
	const struct matcher *matcher = self;

	return near_names_find(near, matcher->db, matcher->broker, e);
}

static bool database_find_nearby(void *self, struct candidates *all, struct wanted *wanted,
				 TALLOC_CTX *mem, struct err *e)
{
	const struct matcher *matcher = self;

	wanted_close(wanted);
	return candidates_find_nearby(all, matcher->db, matcher->broker, wanted, mem, e);
}

static bool database_find_twins(void *self, struct candidates *all, const struct wanted *wanted,
				TALLOC_CTX *mem, struct err *e)
{
	const struct matcher *matcher = self;

	return candidates_find_twins(all, matcher->db, matcher->broker, wanted, mem, e);
}

struct stock_source stock_of_database(const struct matcher *matcher)
{
	return (struct stock_source){ (void *)matcher, database_find, database_find_names_near,
				      database_find_nearby, database_find_twins };
}

/* items[i] is NULL where nothing need be looked up. First which names there are, then the contracts of names and holders. */
static bool find_near(struct nearby **items, const struct facts *const *facts, size_t count,
		      struct near_names *names, const struct stock_source *source, TALLOC_CTX *mem,
		      struct err *e)
{
	struct wanted *wanted = wanted_new(mem); /* what is found points at its keys */
	struct candidates found = { 0 };

	if (!source->find_names_near(source->self, names, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (items[i]) {
			nearby_take(items[i], names);
			nearby_keys(items[i], wanted);
			beyond_keys(facts[i], wanted);
		}
	if (wanted->count && !source->find_nearby(source->self, &found, wanted, mem, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (items[i])
			items[i]->found = found;
	return true;
}

bool nearby_find(struct nearby **items, struct verdict *const *verdicts,
		 const struct facts *const *facts, size_t count, const struct stock_source *source,
		 const struct insurers *insurers, TALLOC_CTX *mem, struct err *e)
{
	struct near_names *names = near_names_new(mem);
	size_t waiting = 0;

	for (size_t i = 0; i < count; i++) {
		items[i] = NULL;
		if (!nearby_wanted(verdicts[i]))
			continue;
		items[i] = nearby_of(facts[i], insurers, mem);
		nearby_ask(items[i], names);
		waiting++;
	}
	return !waiting || find_near(items, facts, count, names, source, mem, e);
}

/* Most find none. Those that do are decided again, beside them. */
static bool mind_twins(struct verdict **verdicts, struct candidates *candidates,
		       const struct facts *const *facts, size_t count,
		       const struct stock_source *source, TALLOC_CTX *mem, struct err *e)
{
	struct wanted *wanted = wanted_new(mem); /* what is found in memory points at its keys */
	const size_t before = candidates->count;

	for (size_t i = 0; i < count; i++)
		if (verdicts[i]->number_alone)
			twin_keys(facts[i], wanted);
	wanted_close(wanted);
	if (wanted->count && !source->find_twins(source->self, candidates, wanted, mem, e))
		return false;
	for (size_t i = 0; i < count && candidates->count > before; i++)
		if (verdicts[i]->number_alone) {
			talloc_free(verdicts[i]);
			verdicts[i] = decide(facts[i], candidates, mem);
		}
	return true;
}

bool decide_numbers(struct verdict **verdicts, struct candidates *candidates,
		    const struct facts *const *facts, size_t count,
		    const struct stock_source *source, TALLOC_CTX *mem, struct err *e)
{
	if (!source->find(source->self, candidates, facts, count, mem, e))
		return false;
	for (size_t i = 0; i < count; i++)
		verdicts[i] = decide(facts[i], candidates, mem);
	return mind_twins(verdicts, candidates, facts, count, source, mem, e);
}

bool decide_all(struct verdict **verdicts, const struct facts *const *facts, size_t count,
		const struct stock_source *source, const struct insurers *insurers, TALLOC_CTX *mem,
		struct err *e)
{
	TALLOC_CTX *scratch = talloc_new(mem);
	struct candidates candidates;
	struct nearby **near = talloc_zero_array(scratch, struct nearby *, count);
	bool ok = decide_numbers(verdicts, &candidates, facts, count, source, scratch, e) &&
		  nearby_find(near, verdicts, facts, count, source, insurers, scratch, e);

	for (size_t i = 0; ok && i < count; i++)
		if (near[i])
			verdicts[i] = decide_nearby(facts[i], &candidates, near[i], mem);
		else
			talloc_steal(mem, verdicts[i]);
	talloc_free(scratch);
	return ok;
}
