#include "matcher/wanted.h"

#include <stdlib.h>
#include <string.h>

#define SHA256_DIGITS 64 /* of a document that has bytes */

struct wanted *wanted_new(TALLOC_CTX *mem)
{
	return talloc_zero(mem, struct wanted);
}

void wanted_add(struct wanted *wanted, const char *issuer, const char *key, enum wanted_by by)
{
	if ((wanted->count & (wanted->count - 1)) == 0)
		wanted->items = talloc_realloc(wanted, wanted->items, struct wanted_key,
					       wanted->count ? 2 * wanted->count : 1);
	wanted->items[wanted->count++] = (struct wanted_key){ issuer, key, by };
}

static int compare_wanted(const void *left, const void *right)
{
	const struct wanted_key *a = left, *b = right;
	int order = strcmp(a->issuer, b->issuer);

	if (!order)
		order = strcmp(a->key, b->key);
	return order ? order : (int)a->by - (int)b->by;
}

void wanted_close(struct wanted *wanted)
{
	size_t kept = 0;

	if (wanted->count)
		qsort(wanted->items, wanted->count, sizeof *wanted->items, compare_wanted);
	for (size_t i = 0; i < wanted->count; i++)
		if (!kept || compare_wanted(&wanted->items[i], &wanted->items[kept - 1]))
			wanted->items[kept++] = wanted->items[i];
	wanted->count = kept;
}

/* Is the plate another contract's? Asked wherever the number may file. */
static void add_plate(struct wanted *wanted, const struct facts *facts)
{
	const char *plate = facts->transfer->plate, *key;

	if (!plate || !*(key = plate_key(plate, wanted)))
		return;
	for (size_t i = 0; i < facts->asked_count; i++)
		if (facts->asked[i].use == USE_CLAIM || facts->asked[i].use >= USE_WEAK)
			wanted_add(wanted, facts->asked[i].issuer, key, BY_PLATE);
}

static void add_facts(struct wanted *wanted, const struct facts *facts)
{
	add_plate(wanted, facts);
	for (size_t i = 0; i < facts->asked_count; i++) {
		const struct asked *asked = &facts->asked[i];
		const struct key *key = asked->key;
		enum wanted_by by = asked->use == USE_CLAIM ? BY_CLAIM : BY_NAME;

		if (asked->use == USE_NONE || !key_usable(key) ||
		    !strcmp(asked->issuer, ANY_ISSUER))
			continue;
		wanted_add(wanted, asked->issuer, key->plain, by);
		if (by == BY_NAME && key->canonical && strcmp(key->canonical, key->plain) != 0)
			wanted_add(wanted, asked->issuer, key->canonical, by);
	}
}

struct wanted *wanted_by_facts(const struct facts *const *facts, size_t count, TALLOC_CTX *mem)
{
	struct wanted *wanted = wanted_new(mem);

	for (size_t i = 0; i < count; i++)
		if (!i || facts[i]->asked != facts[i - 1]->asked)
			add_facts(wanted, facts[i]);
	for (size_t i = 0, asked = wanted->count; asked && i < count; i++)
		if (strlen(facts[i]->document->sha256) == SHA256_DIGITS)
			wanted_add(wanted, "", facts[i]->document->sha256, BY_BYTES);
	wanted_close(wanted);
	return wanted;
}

char *plate_key(const char *plate, TALLOC_CTX *mem)
{
	char *key = talloc_strdup(mem, plate), *to = key;

	for (; *plate; plate++)
		if (!strchr(" -.", *plate))
			*to++ = (char)(*plate >= 'a' && *plate <= 'z' ? *plate - 32 : *plate);
	*to = '\0';
	return key;
}
