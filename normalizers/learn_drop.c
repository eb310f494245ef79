/*
 * learn_drop.c -- what a picture takes off may be all that tells two contracts apart, where the stock knows both by one number.
 */
#include <stdlib.h>
#include <string.h>

#include "normalizers/learn_inside.h"
#include "normalizers/picture_join.h"

struct taken {
	const struct entry *entry;
	char off[KEY_MOST + 1];
};

struct takings {
	struct taken *items;
	size_t count;
	TALLOC_CTX *mem;
};

static void taken_add(struct takings *all, const struct entry *entry, const char *off)
{
	if ((all->count & (all->count - 1)) == 0)
		all->items = talloc_realloc(all->mem, all->items, struct taken,
					    all->count ? (unsigned)all->count * 2 : 1);
	all->items[all->count].entry = entry;
	strcpy(all->items[all->count++].off, off);
}

static bool takes_any(const struct picture *p)
{
	struct picture_join join;

	for (unsigned place = 0; place <= KEY_MOST; place++) {
		if (picture_drops(&join, p, place))
			return true;
	}
	return false;
}

static void entry_take(struct takings *all, const struct learner *l, const struct entry *entry,
		       const struct picture *p)
{
	const char *text = entry_number(l, entry);
	char key[KEY_MOST + 1], off[KEY_MOST + 1];
	struct cleaned clean;

	for (unsigned i = 0; i < entry->spellings; i++) {
		text += strlen(text) + 1;
		clean_number(&clean, text, strlen(text));
		if (clean.state == CLEAN_OK && picture_read(p, &clean, key) == READS_ONE &&
		    strcmp(key, entry->own) == 0 && picture_dropped(off, p, &clean) && off[0])
			taken_add(all, entry, off);
	}
}

static int by_number_and_part(const void *left, const void *right)
{
	const struct taken *a = left, *b = right;
	int order = strcmp(a->entry->own, b->entry->own);

	return order ? order : strcmp(a->off, b->off);
}

size_t drops_tell_apart(const struct learner *l, const struct picture *p)
{
	struct takings all = { .mem = talloc_new(NULL) };
	size_t found = 0;

	for (size_t i = 0; takes_any(p) && i < l->count; i++)
		entry_take(&all, l, &l->entries[i], p);
	if (all.count)
		qsort(all.items, all.count, sizeof(*all.items), by_number_and_part);
	for (size_t i = 1; i < all.count; i++) {
		const struct taken *a = &all.items[i - 1], *b = &all.items[i];

		found += strcmp(a->entry->own, b->entry->own) == 0 && strcmp(a->off, b->off) != 0 &&
			 strcmp(entry_id(l, a->entry), entry_id(l, b->entry)) != 0;
	}
	talloc_free(all.mem);
	return found;
}
