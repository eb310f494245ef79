/*
 * learn_liberty.c -- which liberties the spellings of a shape show often enough, and which of them may be licensed: a
 * constant is put back only where a bare number has one reading.
 */
#include <stdlib.h>
#include <string.h>

#include "normalizers/learn_inside.h"

/* ---- which liberties a shape shows ---- */

/* One number shows one liberty. */
struct showing {
	struct liberty liberty;
	size_t rank; /* of the number within the shape */
};

struct showings {
	struct showing *items;
	size_t count;
	TALLOC_CTX *mem;
};

static void showing_add(struct showings *all, const struct liberty *liberty, size_t rank,
			bool asked)
{
	if ((all->count & (all->count - 1)) == 0)
		all->items = talloc_realloc(all->mem, all->items, struct showing,
					    all->count ? (unsigned)all->count * 2 : 1);
	all->items[all->count] = (struct showing){ *liberty, rank };
	all->items[all->count++].liberty.asked = asked;
}

static int by_liberty(const void *left, const void *right)
{
	const struct showing *a = left, *b = right;
	int order = memcmp(&a->liberty, &b->liberty, offsetof(struct liberty, numbers));

	return order ? order : (a->rank > b->rank) - (a->rank < b->rank);
}

/* What one member's spellings show; tells whether any is news, and whether one stays unexplained. */
static void member_shows(struct showings *all, const struct learner *l, const struct entry *entry,
			 size_t rank, bool *news, bool *strange)
{
	const char *text = entry_number(l, entry);
	struct explained x;
	struct cleaned clean;

	for (unsigned i = 0; i < entry->spellings; i++) {
		text += strlen(text) + 1;
		if (!spelling_is_news(l, entry, text, &clean))
			continue;
		*news = true;
		if (!pair_explain(&x, entry->own, &clean)) {
			*strange = true;
			continue;
		}
		for (size_t k = 0; k < x.count; k++)
			showing_add(all, &x.items[k], rank, i < entry->asked);
	}
}

static void shape_shows(struct showings *all, const struct learner *l, struct shape *shape)
{
	bool news = false, strange = false;

	for (size_t i = 0, rank = 0; i < shape->count; i++) {
		bool last = i + 1 == shape->count ||
			    strcmp(shape->members[i]->own, shape->members[i + 1]->own) != 0;

		member_shows(all, l, shape->members[i], rank, &news, &strange);
		if (!last)
			continue;
		shape->differing += news;
		shape->unexplained += strange;
		news = strange = false;
		rank++;
	}
	if (all->count)
		qsort(all->items, all->count, sizeof(*all->items), by_liberty);
}

static bool holds(const struct liberty *lost, const char *own)
{
	return strncmp(own + lost->at, lost->what, strlen(lost->what)) == 0;
}

/* Only what is the same for every number may be put back. */
static bool constant(const struct shape *shape, const struct liberty *lost)
{
	size_t same = 0;

	for (size_t i = 0; i < shape->count; i++) {
		if (i && strcmp(shape->members[i - 1]->own, shape->members[i]->own) == 0)
			continue;
		same += holds(lost, shape->members[i]->own);
	}
	return same * 100 >= shape->distinct * LEARN_CONSTANT;
}

static bool overlaps(const struct liberty *a, const struct liberty *b)
{
	size_t a_end = a->at + strlen(a->what), b_end = b->at + strlen(b->what);

	return a->kind == LIBERTY_LOST && b->kind == LIBERTY_LOST && a->at < b_end && b->at < a_end;
}

static int by_numbers(const void *left, const void *right)
{
	const struct liberty *a = left, *b = right;

	if (a->numbers != b->numbers)
		return a->numbers < b->numbers ? 1 : -1;
	return memcmp(a, b, offsetof(struct liberty, numbers));
}

/* Of two constants that overlap, the more frequent one. */
static void liberties_thin(struct shape *shape)
{
	size_t kept = 0;

	if (shape->liberty_count)
		qsort(shape->liberties, shape->liberty_count, sizeof(*shape->liberties),
		      by_numbers);
	for (size_t i = 0; i < shape->liberty_count; i++) {
		bool free = true;

		for (size_t k = 0; k < kept; k++)
			free = free && !overlaps(&shape->liberties[k], &shape->liberties[i]);
		if (free)
			shape->liberties[kept++] = shape->liberties[i];
	}
	shape->liberty_count = kept;
}

static bool frequent(const struct liberty *found, const struct learner *l,
		     const struct shape *shape)
{
	return found->numbers >= l->support &&
	       found->numbers * 100 >= shape->differing * LEARN_LIBERTY;
}

void shape_liberties(const struct learner *l, struct shape *shape, TALLOC_CTX *mem)
{
	struct showings all = { .mem = mem };
	size_t run;

	shape_shows(&all, l, shape);
	for (size_t i = 0; i < all.count; i += run) {
		struct liberty found = all.items[i].liberty;

		found.numbers = 1;
		for (run = 1; i + run < all.count && memcmp(&all.items[i + run].liberty, &found,
							    offsetof(struct liberty, numbers)) == 0;
		     run++) {
			found.numbers += all.items[i + run].rank != all.items[i + run - 1].rank;
			found.asked |= all.items[i + run].liberty.asked;
		}
		if ((!found.asked && !frequent(&found, l, shape)) ||
		    (found.kind == LIBERTY_LOST && !constant(shape, &found)))
			continue;
		shape->liberties = talloc_realloc(mem, shape->liberties, struct liberty,
						  (unsigned)shape->liberty_count + 1);
		shape->liberties[shape->liberty_count++] = found;
	}
	liberties_thin(shape);
}

/* ---- constants that have a rival ---- */

/* Does this line leave out its own constant at that place? Then a bare number has two readings, and neither counts where the
 * line is unknown. */
static bool leaves_out(const struct shapes *shapes, const char *block, const struct shape *shape,
		       const struct liberty *lost, const char *what)
{
	for (size_t i = 0; i < shapes->count; i++) {
		const struct shape *other = &shapes->items[i];

		if (strcmp(other->block, block) != 0 || !same_mask(other->cell, shape->cell))
			continue;
		for (size_t k = 0; k < other->liberty_count; k++) {
			const struct liberty *its = &other->liberties[k];

			if (its->kind == LIBERTY_LOST && its->at == lost->at &&
			    strlen(its->what) == strlen(lost->what) &&
			    strncmp(its->what, what, strlen(its->what)) == 0)
				return true;
		}
	}
	return false;
}

struct rival {
	const struct entry *entry;
	size_t at, len;
};

static int by_rival(const void *left, const void *right)
{
	const struct rival *a = left, *b = right;
	int order = strcmp(a->entry->block, b->entry->block);

	if (!order)
		order = strncmp(a->entry->own + a->at, b->entry->own + b->at, a->len);
	return order ? order : strcmp(a->entry->own, b->entry->own);
}

static bool same_rival(const struct rival *a, const struct rival *b)
{
	return strcmp(a->entry->block, b->entry->block) == 0 &&
	       strncmp(a->entry->own + a->at, b->entry->own + b->at, a->len) == 0;
}

/* One run of numbers with the same other constant: is it one that counts? */
static bool rival_counts(const struct shapes *shapes, const struct shape *shape,
			 const struct liberty *lost, const struct rival *run, size_t count)
{
	const char *what = run->entry->own + lost->at;
	size_t distinct = 1;

	for (size_t i = 1; i < count; i++)
		distinct += strcmp(run[i - 1].entry->own, run[i].entry->own) != 0;
	if (distinct < LEARN_RIVALS || distinct * 100 < shape->distinct * LEARN_RIVAL)
		return false;
	return strcmp(run->entry->block, shape->block) == 0 ||
	       !leaves_out(shapes, run->entry->block, shape, lost, what);
}

/* A bare number has one reading only if no other numbers of the issuer differ just in what was left out. */
static bool has_rival(const struct learner *l, const struct shapes *shapes,
		      const struct shape *shape, const struct liberty *lost, TALLOC_CTX *mem)
{
	struct rival *rivals = talloc_array(mem, struct rival, l->count);
	size_t count = 0, run;
	bool found = false;

	for (size_t i = 0; i < l->count; i++) {
		const struct entry *entry = &l->entries[i];

		if (same_mask(entry->own, shape->members[0]->own) && !holds(lost, entry->own))
			rivals[count++] = (struct rival){ entry, lost->at, strlen(lost->what) };
	}
	if (count)
		qsort(rivals, count, sizeof(*rivals), by_rival);
	for (size_t i = 0; i < count && !found; i += run) {
		for (run = 1; i + run < count && same_rival(&rivals[i], &rivals[i + run]); run++)
			;
		found = rival_counts(shapes, shape, lost, &rivals[i], run);
	}
	talloc_free(rivals);
	return found;
}

/* First judge all by what is there, then take away: one that goes must not make another one safe. */
void rivals_drop(const struct learner *l, struct shapes *shapes, TALLOC_CTX *mem)
{
	bool *drop = NULL;
	size_t count = 0, at = 0;

	for (size_t i = 0; i < shapes->count; i++) {
		const struct shape *shape = &shapes->items[i];

		drop = talloc_realloc(mem, drop, bool,
				      (unsigned)(count + shape->liberty_count + 1));
		for (size_t k = 0; k < shape->liberty_count; k++)
			drop[count++] = shape->liberties[k].kind == LIBERTY_LOST &&
					has_rival(l, shapes, shape, &shape->liberties[k], mem);
	}
	for (size_t i = 0; i < shapes->count; i++) {
		struct shape *shape = &shapes->items[i];
		size_t kept = 0;

		for (size_t k = 0; k < shape->liberty_count; k++) {
			if (!drop[at++])
				shape->liberties[kept++] = shape->liberties[k];
		}
		shape->liberty_count = kept;
	}
}
