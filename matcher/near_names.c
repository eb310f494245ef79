#include "matcher/near_names.h"

#include <stdlib.h>
#include <string.h>

#include "matcher/candidates.h"

struct near_names *near_names_new(TALLOC_CTX *mem)
{
	return talloc_zero(mem, struct near_names);
}

size_t near_names_ask(struct near_names *near, const char *issuer, const char *key)
{
	if ((near->ask_count & (near->ask_count - 1)) == 0)
		near->asks = talloc_realloc(near, near->asks, struct near_ask,
					    near->ask_count ? 2 * near->ask_count : 1);
	near->asks[near->ask_count] = (struct near_ask){ issuer, key };
	return near->ask_count++;
}

void near_names_take(struct near_names *near, size_t ask, const char *name)
{
	enum neighbour how;

	if (!neighbour_is(&how, near->asks[ask].key, name))
		return;
	if ((near->count & (near->count - 1)) == 0)
		near->items = talloc_realloc(near, near->items, struct near_name,
					     near->count ? 2 * near->count : 1);
	near->items[near->count++] = (struct near_name){ ask, talloc_strdup(near, name), how,
							 keys_common(near->asks[ask].key, name) };
}

static int compare(const void *left, const void *right)
{
	const struct near_name *a = left, *b = right;

	if (a->ask != b->ask)
		return a->ask < b->ask ? -1 : 1;
	if (a->how != b->how)
		return a->how < b->how ? -1 : 1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return strcmp(a->key, b->key);
}

void near_names_close(struct near_names *near)
{
	size_t kept = 0;

	if (near->count)
		qsort(near->items, near->count, sizeof *near->items, compare);
	for (size_t i = 0; i < near->count; i++)
		if (!kept || compare(&near->items[i], &near->items[kept - 1]))
			near->items[kept++] = near->items[i];
	near->count = kept;
}

static struct rows *look_up(const struct near_names *near, struct db *db, const char *broker,
			    TALLOC_CTX *mem, struct err *e)
{
	const char **issuers = talloc_array(mem, const char *, near->ask_count);
	const char **keys = talloc_array(mem, const char *, near->ask_count);
	struct rows *rows = NULL;

	for (size_t i = 0; i < near->ask_count; i++) {
		issuers[i] = near->asks[i].issuer;
		keys[i] = strlen(near->asks[i].key) < NEIGHBOUR_LEAST ? NULL : near->asks[i].key;
	}
	db_call(db, SQL_near_names, &rows, mem, e, broker,
		text_array(issuers, near->ask_count, mem), text_array(keys, near->ask_count, mem));
	return rows;
}

bool near_names_find(struct near_names *near, struct db *db, const char *broker, struct err *e)
{
	TALLOC_CTX *scratch = talloc_new(near);
	struct rows *rows = near->ask_count ? look_up(near, db, broker, scratch, e) : NULL;

	for (int i = 0; rows && i < rows_count(rows); i++)
		near_names_take(near, (size_t)rows_int(rows, i, "ask"), rows_text(rows, i, "key"));
	near_names_close(near);
	talloc_free(scratch);
	return rows || !near->ask_count;
}

const struct near_name *near_names_of(const struct near_names *near, size_t ask, size_t *count)
{
	size_t low = 0, high = near->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (near->items[middle].ask < ask)
			low = middle + 1;
		else
			high = middle;
	}
	for (*count = 0; low + *count < near->count && near->items[low + *count].ask == ask;)
		(*count)++;
	return near->items + low;
}
