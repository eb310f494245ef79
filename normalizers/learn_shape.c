/*
 * learn_shape.c -- which shapes the own numbers of a line have: length, digits and letters, and the letters that are always the
 * same. A line may have several; what is rare is noise.
 */
#include <stdlib.h>
#include <string.h>

#include "normalizers/learn_inside.h"

#define LETTERINGS_MOST 4  /* constant letterings that one mask is split into */
#define LETTERING_LEAST 10 /* per cent of the mask that a lettering must have */

bool same_mask(const char *a, const char *b)
{
	while (*a && *b && class_of(*a) == class_of(*b))
		a++, b++;
	return !*a && !*b;
}

static int by_mask(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		if (class_of(*a) != class_of(*b))
			return class_of(*a) - class_of(*b);
	}
	return (*a != '\0') - (*b != '\0');
}

/* Of one mask: the letters alone. */
static int by_letters(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		if (class_of(*a) == '@' && *a != *b)
			return *a - *b;
	}
	return 0;
}

/* Line, mask, letters, number; the id last, so that the order in which the stock came does not matter. */
static int by_shape(const void *left, const void *right)
{
	const struct entry *a = *(const struct entry *const *)left;
	const struct entry *b = *(const struct entry *const *)right;
	int order = strcmp(a->block, b->block);

	if (!order)
		order = by_mask(a->own, b->own);
	if (!order)
		order = by_letters(a->own, b->own);
	if (!order)
		order = strcmp(a->own, b->own);
	return order;
}

static size_t distinct_of(const struct entry **members, size_t count)
{
	size_t distinct = 0;

	for (size_t i = 0; i < count; i++)
		distinct += i == 0 || strcmp(members[i - 1]->own, members[i]->own) != 0;
	return distinct;
}

/* How many of the members have the same letters as the first. */
static size_t lettering_run(const struct entry **members, size_t count)
{
	size_t n = 1;

	while (n < count && by_letters(members[0]->own, members[n]->own) == 0)
		n++;
	return n;
}

static void shape_add(struct shapes *shapes, const struct entry **members, size_t count,
		      const char *cells, TALLOC_CTX *mem)
{
	struct shape *shape;

	shapes->items =
		talloc_realloc(mem, shapes->items, struct shape, (unsigned)shapes->count + 1);
	shape = &shapes->items[shapes->count++];
	*shape = (struct shape){ .members = members,
				 .count = count,
				 .distinct = distinct_of(members, count) };
	strcpy(shape->block, members[0]->block);
	strcpy(shape->cell, cells);
}

/* The letter that nearly all have at this place, '@' if none. */
static char letter_at(const struct entry **members, size_t count, size_t place, size_t distinct)
{
	size_t letters[26] = { 0 };

	for (size_t i = 0; i < count; i++) {
		if (i && strcmp(members[i - 1]->own, members[i]->own) == 0)
			continue;
		letters[members[i]->own[place] - 'A']++;
	}
	for (int c = 0; c < 26; c++) {
		if (letters[c] * 100 >= distinct * LEARN_CONSTANT)
			return (char)('A' + c);
	}
	return '@';
}

static void shape_of_mask(struct shapes *shapes, const struct entry **members, size_t count,
			  TALLOC_CTX *mem)
{
	size_t distinct = distinct_of(members, count), len = strlen(members[0]->own);
	char cells[KEY_MOST + 1] = "";

	for (size_t i = 0; i < len; i++)
		cells[i] = class_of(members[0]->own[i]) == '#'
				   ? '#'
				   : letter_at(members, count, i, distinct);
	shape_add(shapes, members, count, cells, mem);
}

struct lettering {
	size_t at, count;
};

/* A few letterings that make up nearly everything are a shape each (AS for one product, HV for another). */
static bool letterings_of(struct lettering *letterings, size_t *found, const struct learner *l,
			  const struct entry **members, size_t count)
{
	size_t distinct = distinct_of(members, count), covered = 0, run;

	*found = 0;
	for (size_t i = 0; i < count; i += run) {
		size_t numbers;

		run = lettering_run(members + i, count - i);
		numbers = distinct_of(members + i, run);
		if (numbers < l->support || numbers * 100 < distinct * LETTERING_LEAST)
			continue;
		if (*found == LETTERINGS_MOST)
			return false;
		letterings[(*found)++] = (struct lettering){ i, run };
		covered += numbers;
	}
	return *found > 1 && covered * 100 >= distinct * LEARN_CONSTANT;
}

static void cells_of_letters(char *cells, const char *own)
{
	size_t i = 0;

	for (; own[i]; i++)
		cells[i] = class_of(own[i]) == '#' ? '#' : own[i];
	cells[i] = '\0';
}

static void shapes_of_mask(struct shapes *shapes, const struct learner *l,
			   const struct entry **members, size_t count, TALLOC_CTX *mem)
{
	struct lettering letterings[LETTERINGS_MOST];
	char cells[KEY_MOST + 1];
	size_t found;

	if (distinct_of(members, count) < l->support)
		return;
	if (!letterings_of(letterings, &found, l, members, count)) {
		shape_of_mask(shapes, members, count, mem);
		return;
	}
	for (size_t i = 0; i < found; i++) {
		cells_of_letters(cells, members[letterings[i].at]->own);
		shape_add(shapes, members + letterings[i].at, letterings[i].count, cells, mem);
	}
}

static size_t mask_run(const struct entry **members, size_t count)
{
	size_t n = 1;

	while (n < count && strcmp(members[0]->block, members[n]->block) == 0 &&
	       same_mask(members[0]->own, members[n]->own))
		n++;
	return n;
}

static size_t block_run(const struct entry **members, size_t count)
{
	size_t n = 1;

	while (n < count && strcmp(members[0]->block, members[n]->block) == 0)
		n++;
	return n;
}

static void shapes_of_block(struct shapes *shapes, const struct learner *l,
			    const struct entry **members, size_t count, TALLOC_CTX *mem)
{
	size_t first = shapes->count, run;

	for (size_t i = 0; i < count; i += run) {
		run = mask_run(members + i, count - i);
		shapes_of_mask(shapes, l, members + i, run, mem);
	}
	shapes->block_distinct =
		talloc_realloc(mem, shapes->block_distinct, size_t, (unsigned)shapes->count);
	for (size_t i = first; i < shapes->count; i++)
		shapes->block_distinct[i] = distinct_of(members, count);
}

struct shapes shapes_of(const struct learner *l, TALLOC_CTX *mem)
{
	const struct entry **sorted = talloc_array(mem, const struct entry *, l->count);
	struct shapes shapes = { 0 };
	size_t run;

	for (size_t i = 0; i < l->count; i++)
		sorted[i] = &l->entries[i];
	if (l->count)
		qsort(sorted, l->count, sizeof(*sorted), by_shape);
	for (size_t i = 0; i < l->count; i += run) {
		run = block_run(sorted + i, l->count - i);
		shapes_of_block(&shapes, l, sorted + i, run, mem);
	}
	return shapes;
}
