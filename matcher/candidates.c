#include "matcher/candidates.h"

#include <stdlib.h>
#include <string.h>

char *text_array(const char *const *items, size_t count, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "{");

	for (size_t i = 0; i < count; i++) {
		const char *from = items[i];

		text = talloc_strdup_append_buffer(text, i ? ",\"" : "\"");
		while (*from) {
			size_t plain = strcspn(from, "\"\\");

			text = talloc_strndup_append_buffer(text, from, plain);
			from += plain;
			if (*from)
				text = talloc_asprintf_append_buffer(text, "\\%c", *from++);
		}
		text = talloc_strdup_append_buffer(text, "\"");
	}
	return talloc_strdup_append_buffer(text, "}");
}

static int by_name(const struct found *a, const char *issuer, const char *key, bool by_claim)
{
	int order = strcmp(a->issuer, issuer);

	if (!order)
		order = strcmp(a->key, key);
	return order ? order : (int)a->by_claim - (int)by_claim;
}

static int compare_found(const void *left, const void *right)
{
	const struct found *a = left, *b = right;
	int order = by_name(a, b->issuer, b->key, b->by_claim);

	return order ? order : strcmp(a->contract.contract_id, b->contract.contract_id);
}

void candidates_sort(struct candidates *all)
{
	if (all->count)
		qsort(all->rows, all->count, sizeof *all->rows, compare_found);
}

const struct found *candidates_of(const struct candidates *all, const char *issuer, const char *key,
				  bool by_claim, size_t *count)
{
	size_t low = 0, high = all->count;

	*count = 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_name(&all->rows[middle], issuer, key, by_claim) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + *count < all->count &&
	       !by_name(&all->rows[low + *count], issuer, key, by_claim))
		(*count)++;
	return *count ? &all->rows[low] : NULL;
}

/* What is asked for, each pair once. */
struct pair {
	const char *issuer, *key;
	bool claim;
};

struct pairs {
	struct pair *items;
	size_t count;
};

static void pair_add(struct pairs *pairs, const struct asked *asked, const char *key)
{
	struct pair pair = { asked->issuer, key, asked->use == USE_CLAIM };

	pairs->items = talloc_realloc(talloc_parent(pairs->items), pairs->items, struct pair,
				      pairs->count + 1);
	pairs->items[pairs->count++] = pair;
}

static int compare_pair(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;
	int order = strcmp(a->issuer, b->issuer);

	if (!order)
		order = strcmp(a->key, b->key);
	return order ? order : (int)a->claim - (int)b->claim;
}

static void pairs_of(struct pairs *pairs, const struct facts *facts)
{
	for (size_t i = 0; i < facts->asked_count; i++) {
		const struct asked *asked = &facts->asked[i];

		if (asked->use == USE_NONE || !key_usable(asked->key))
			continue;
		pair_add(pairs, asked, asked->key->plain);
		if (asked->use != USE_CLAIM && asked->key->canonical &&
		    strcmp(asked->key->canonical, asked->key->plain) != 0)
			pair_add(pairs, asked, asked->key->canonical);
	}
}

static struct pairs pairs_collect(const struct facts *const *facts, size_t count, TALLOC_CTX *mem)
{
	struct pairs pairs = { talloc_array(mem, struct pair, 0), 0 };
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!i || facts[i]->asked != facts[i - 1]->asked)
			pairs_of(&pairs, facts[i]);
	if (pairs.count)
		qsort(pairs.items, pairs.count, sizeof *pairs.items, compare_pair);
	for (size_t i = 0; i < pairs.count; i++)
		if (!kept || compare_pair(&pairs.items[i], &pairs.items[kept - 1]))
			pairs.items[kept++] = pairs.items[i];
	pairs.count = kept;
	return pairs;
}

struct arrays {
	char *issuers, *keys;
};

static struct arrays arrays_of(const struct pairs *pairs, bool claims, TALLOC_CTX *mem)
{
	const char **issuers = talloc_array(mem, const char *, pairs->count);
	const char **keys = talloc_array(mem, const char *, pairs->count);
	size_t count = 0;

	for (size_t i = 0; i < pairs->count; i++) {
		if (pairs->items[i].claim != claims)
			continue;
		issuers[count] = pairs->items[i].issuer;
		keys[count++] = pairs->items[i].key;
	}
	return (struct arrays){ text_array(issuers, count, mem), text_array(keys, count, mem) };
}

static char *copy(const struct rows *rows, int row, const char *column, TALLOC_CTX *mem)
{
	return talloc_strdup(mem, rows_text(rows, row, column));
}

static bool found_read(struct found *found, const struct rows *rows, int row, TALLOC_CTX *mem,
		       struct err *e)
{
	const char *origin = rows_text(rows, row, "origin");

	*found = (struct found){ .by_claim = origin == NULL };
	if (origin && !name_origin_parse(&found->origin, origin))
		return err_set(e, ERR_BUG, "a contract's name has the unknown origin %s", origin);
	found->issuer = copy(rows, row, "issuer", mem);
	found->key = copy(rows, row, "key", mem);
	found->contract = (struct contract){
		.contract_id = copy(rows, row, "contract_id", mem),
		.vu = copy(rows, row, "vu", mem),
		.line = copy(rows, row, "line", mem),
		.end = copy(rows, row, "ends_on", mem),
		.cancelled = rows_bool(rows, row, "cancelled"),
		.customer_id = copy(rows, row, "customer_id", mem),
		.name = copy(rows, row, "name", mem),
		.birth_date = copy(rows, row, "birth_date", mem),
		.postcode = copy(rows, row, "postcode", mem),
		.plate = copy(rows, row, "plate", mem),
	};
	return true;
}

bool candidates_find(struct candidates *all, struct db *db, const char *broker,
		     const struct facts *const *facts, size_t facts_count, TALLOC_CTX *mem,
		     struct err *e)
{
	TALLOC_CTX *scratch = talloc_new(mem);
	struct pairs pairs = pairs_collect(facts, facts_count, scratch);
	struct arrays names = arrays_of(&pairs, false, scratch);
	struct arrays claims = arrays_of(&pairs, true, scratch);
	struct rows *rows = NULL;
	bool ok = true;

	*all = (struct candidates){ 0 };
	if (pairs.count)
		ok = db_call(db, SQL_name_find, &rows, scratch, e, broker, names.issuers,
			     names.keys, claims.issuers, claims.keys);
	if (ok && rows) {
		all->count = (size_t)rows_count(rows);
		all->rows = talloc_array(mem, struct found, all->count);
		for (size_t i = 0; ok && i < all->count; i++)
			ok = found_read(&all->rows[i], rows, (int)i, all->rows, e);
		candidates_sort(all);
	}
	talloc_free(scratch);
	return ok;
}
