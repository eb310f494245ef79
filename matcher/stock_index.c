#include "matcher/stock_index.h"

#include <string.h>

struct slot {
	char *text; /* NULL: free */
	uint64_t hash;
	void *value;
};

struct stock_index {
	struct slot *slots; /* a power of two, at most half full */
	size_t room, used;
	/* One bit of eight a slot: most texts asked for are not there (the neighbours of a number), and this is small enough
	 * to stay in the cache. */
	uint64_t *there;
};

/* FNV-1a, then mixed once more because the table looks at the low bits only. */
uint64_t stock_fingerprint(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
	hash = (hash ^ (hash >> 32)) * 0xd6e8feb86659fd93u;
	return hash ^ (hash >> 32);
}

/* By bits of the hash that the slots do not look at. */
static bool bit_of(const struct stock_index *index, uint64_t hash)
{
	uint64_t bit = (hash >> 24) & (index->room * 8 - 1);

	return index->there[bit / 64] >> (bit % 64) & 1;
}

static void bit_set(struct stock_index *index, uint64_t hash)
{
	uint64_t bit = (hash >> 24) & (index->room * 8 - 1);

	index->there[bit / 64] |= UINT64_C(1) << (bit % 64);
}

struct stock_index *stock_index_new(TALLOC_CTX *mem)
{
	struct stock_index *index = talloc_zero(mem, struct stock_index);

	index->room = 16;
	index->slots = talloc_zero_array(index, struct slot, index->room);
	index->there = talloc_zero_array(index, uint64_t, index->room / 8);
	return index;
}

static struct slot *slot_of(struct slot *slots, size_t room, uint64_t hash, const char *text)
{
	size_t i = hash & (room - 1);

	while (slots[i].text && (slots[i].hash != hash || strcmp(slots[i].text, text) != 0))
		i = (i + 1) & (room - 1);
	return &slots[i];
}

static void grow(struct stock_index *index)
{
	size_t old_room = index->room, room = old_room * 2;
	struct slot *slots = talloc_zero_array(index, struct slot, room);

	talloc_free(index->there);
	index->room = room;
	index->there = talloc_zero_array(index, uint64_t, room / 8);
	for (size_t i = 0; i < old_room; i++) {
		struct slot *old = &index->slots[i];

		if (!old->text)
			continue;
		*slot_of(slots, room, old->hash, old->text) = *old;
		bit_set(index, old->hash);
	}
	talloc_free(index->slots);
	index->slots = slots;
}

void **stock_index_at(struct stock_index *index, const char *text)
{
	uint64_t hash = stock_fingerprint(text);
	struct slot *slot;

	if (index->used * 2 >= index->room)
		grow(index);
	slot = slot_of(index->slots, index->room, hash, text);
	if (!slot->text) {
		slot->text = talloc_strdup(index, text);
		slot->hash = hash;
		bit_set(index, hash);
		index->used++;
	}
	return &slot->value;
}

void *stock_index_get(const struct stock_index *index, const char *text)
{
	uint64_t hash = stock_fingerprint(text);

	return bit_of(index, hash) ? slot_of(index->slots, index->room, hash, text)->value : NULL;
}

/* ---- sets ---- */

struct stock_set {
	uint64_t *slots; /* 0: free; a power of two, at most three quarters full */
	size_t room, used;
};

struct stock_set *stock_set_new(TALLOC_CTX *mem)
{
	struct stock_set *set = talloc_zero(mem, struct stock_set);

	set->room = 1024;
	set->slots = talloc_zero_array(set, uint64_t, set->room);
	return set;
}

static uint64_t *set_slot(uint64_t *slots, size_t room, uint64_t print)
{
	size_t i = print & (room - 1);

	while (slots[i] && slots[i] != print)
		i = (i + 1) & (room - 1);
	return &slots[i];
}

static uint64_t set_print(const char *text)
{
	uint64_t print = stock_fingerprint(text);

	return print ? print : 1;
}

static void set_grow(struct stock_set *set)
{
	size_t room = set->room * 2;
	uint64_t *slots = talloc_zero_array(set, uint64_t, room);

	for (size_t i = 0; i < set->room; i++)
		if (set->slots[i])
			*set_slot(slots, room, set->slots[i]) = set->slots[i];
	talloc_free(set->slots);
	set->slots = slots;
	set->room = room;
}

bool stock_set_add(struct stock_set *set, const char *text)
{
	uint64_t print = set_print(text), *slot;

	if (set->used * 4 >= set->room * 3)
		set_grow(set);
	slot = set_slot(set->slots, set->room, print);
	if (*slot)
		return false;
	*slot = print;
	set->used++;
	return true;
}

bool stock_set_has(const struct stock_set *set, const char *text)
{
	return *set_slot(set->slots, set->room, set_print(text)) != 0;
}
