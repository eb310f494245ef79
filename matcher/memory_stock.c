#include "matcher/memory_stock.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "matcher/beyond.h"
#include "matcher/contract_names.h"
#include "matcher/queue_alias.h"
#include "matcher/stock_fields.h"
#include "matcher/stock_index.h"
#include "matcher/twins.h"
#include "normalizers/key.h"

/* As name_find.sql and nearby_find.sql have it. */
#define OF_NAME_MOST   (CANDIDATES_OF_NAME_MOST + 1)
#define OF_CLAIM_MOST  10
#define OF_HOLDER_MOST 200

struct held {
	struct contract contract;
	bool replaced;
	struct held *next; /* in the order they came */
};

/* One contract under one key. */
struct entry {
	struct held *held;
	enum name_origin origin;
	struct entry *next;
	enum claim_word word; /* BY_CLAIM */
};

struct memory_stock {
	const struct insurers *insurers;
	struct stock_index *ids;  /* contract_id -> struct held */
	struct stock_index *keys; /* "by issuer key" -> struct entry, the last one first */
	struct held *first, **last;
};

struct memory_stock *memory_stock_new(const struct insurers *insurers, TALLOC_CTX *mem)
{
	struct memory_stock *stock = talloc_zero(mem, struct memory_stock);

	stock->insurers = insurers;
	stock->ids = stock_index_new(stock);
	stock->keys = stock_index_new(stock);
	stock->last = &stock->first;
	return stock;
}

#define PLACE_SIZE 400

/* Longer keys and issuers than fit are nobody's: numbers have 35 characters. */
static bool place_of(char place[PLACE_SIZE], const char *issuer, const char *key, enum wanted_by by)
{
	if (strlen(issuer) + strlen(key) + 3 > PLACE_SIZE)
		return false;
	*place++ = (char)('0' + by);
	place = stpcpy(place, issuer);
	*place++ = '\x1f';
	strcpy(place, key);
	return true;
}

static void entry_add(struct memory_stock *stock, struct held *held, const char *issuer,
		      const char *key, enum wanted_by by, enum name_origin origin)
{
	char place[PLACE_SIZE];
	struct entry *entry;
	void **at;

	if (!place_of(place, issuer, key, by))
		return;
	at = stock_index_at(stock->keys, place);
	entry = talloc(stock, struct entry);
	*entry = (struct entry){ .held = held, .origin = origin, .next = *at };
	*at = entry;
}

static void copy_contract(struct contract *to, const struct contract *from, const char *end,
			  TALLOC_CTX *mem)
{
	*to = (struct contract){
		.contract_id = talloc_strdup(mem, from->contract_id),
		.vu = talloc_strdup(mem, from->vu),
		.number = talloc_strdup(mem, from->number),
		.printed_number = talloc_strdup(mem, from->printed_number),
		.line = talloc_strdup(mem, from->line),
		.start = talloc_strdup(mem, from->start),
		.end = talloc_strdup(mem, end),
		.cancelled = from->cancelled,
		.customer_id = talloc_strdup(mem, from->customer_id),
		.name = talloc_strdup(mem, from->name),
		.first_name = talloc_strdup(mem, from->first_name),
		.birth_date = talloc_strdup(mem, from->birth_date),
		.postcode = talloc_strdup(mem, from->postcode),
		.plate = talloc_strdup(mem, from->plate),
	};
	for (size_t i = 0; i < from->other_count; i++)
		contract_add_other(to, from->other_numbers[i]);
}

/* At its issuer, at any, by what it ends with and by what it begins with. */
static void add_name(struct memory_stock *stock, struct held *held, const char *issuer,
		     const char *key, enum name_origin origin)
{
	size_t len = strlen(key);
	char front[PLACE_SIZE];

	entry_add(stock, held, issuer, key, BY_NAME, origin);
	entry_add(stock, held, ANY_ISSUER, key, BY_NAME, origin);
	for (size_t cut = 1; cut <= TWIN_FRONT && len >= TWIN_LEAST + cut; cut++)
		entry_add(stock, held, issuer, key + cut, BY_TWIN, origin);
	for (size_t cut = 1; cut <= BEYOND_TAIL_MOST && len >= BEYOND_LEAST + cut; cut++) {
		if (len >= sizeof(front))
			return;
		snprintf(front, sizeof(front), "%.*s", (int)(len - cut), key);
		entry_add(stock, held, issuer, front, BY_PREFIX, origin);
	}
}

static void add_holder(struct memory_stock *stock, struct held *held, const char *issuer,
		       TALLOC_CTX *scratch)
{
	const struct contract *c = &held->contract;

	const char *plate = text_empty(c->plate) ? NULL : plate_key(c->plate, scratch);
	const char *name = beyond_holder(c->name, c->first_name, scratch);

	if (!text_empty(c->birth_date)) {
		entry_add(stock, held, issuer, c->birth_date, BY_BIRTH_DATE, NAME_SYSTEM);
		entry_add(stock, held, ANY_ISSUER, c->birth_date, BY_BIRTH_DATE, NAME_SYSTEM);
	}
	if (plate) {
		entry_add(stock, held, issuer, plate, BY_PLATE, NAME_SYSTEM);
		entry_add(stock, held, ANY_ISSUER, plate, BY_PLATE, NAME_SYSTEM);
	}
	if (!text_empty(c->customer_id))
		entry_add(stock, held, issuer, c->customer_id, BY_CUSTOMER, NAME_SYSTEM);
	if (name)
		entry_add(stock, held, issuer, name, BY_HOLDER, NAME_SYSTEM);
	if (name && !text_empty(c->first_name))
		entry_add(stock, held, issuer, beyond_holder(c->name, NULL, scratch), BY_HOLDER,
			  NAME_SYSTEM);
	if (!text_empty(c->postcode))
		entry_add(stock, held, issuer, c->postcode, BY_POSTCODE, NAME_SYSTEM);
}

void memory_stock_add(struct memory_stock *stock, const struct contract *contract,
		      enum stock_format format)
{
	TALLOC_CTX *scratch = talloc_new(stock);
	struct held *held = talloc_zero(stock, struct held), *before;
	struct contract_names names;
	void **id = stock_index_at(stock->ids, contract->contract_id);

	if ((before = *id))
		before->replaced = true;
	*id = *stock->last = held;
	stock->last = &held->next;
	copy_contract(&held->contract, contract, stock_end(contract, format), held);
	contract_names_of(&names, contract, stock->insurers, scratch);
	for (size_t i = 0; i < names.count; i++)
		add_name(stock, held, names.issuer, names.items[i].key, names.items[i].origin);
	add_holder(stock, held, names.issuer, scratch);
	talloc_free(scratch);
}

const struct contract *memory_stock_contract(const struct memory_stock *stock,
					     const char *contract_id)
{
	const struct held *held = stock_index_get(stock->ids, contract_id);

	return held ? &held->contract : NULL;
}

const struct contract *memory_stock_meant(const struct memory_stock *stock, const char *name)
{
	const struct contract *by_id = memory_stock_contract(stock, name);
	const struct held *one = NULL;
	struct reading reading;
	char place[PLACE_SIZE];

	key_read(&reading, NULL, NULL, name, strlen(name));
	if (by_id || reading.state != KEY_PLAIN ||
	    !place_of(place, ANY_ISSUER, reading.clean.text, BY_NAME))
		return by_id;
	for (const struct entry *entry = stock_index_get(stock->keys, place); entry;
	     entry = entry->next) {
		if (entry->held->replaced || entry->origin != NAME_BROKER || entry->held == one)
			continue;
		if (one)
			return NULL;
		one = entry->held;
	}
	return one ? &one->contract : NULL;
}

void memory_stock_confirmed(struct memory_stock *stock, const struct facts *facts,
			    const char *contract_id)
{
	struct held *held = stock_index_get(stock->ids, contract_id);
	const struct asked *asked = alias_asked(facts);
	char place[PLACE_SIZE];

	if (held && asked && place_of(place, asked->issuer, alias_key(asked), BY_NAME) &&
	    !stock_index_get(stock->keys, place))
		add_name(stock, held, asked->issuer, alias_key(asked), NAME_PERSON);
}

void memory_stock_each(const struct memory_stock *stock,
		       void (*take)(void *self, const struct contract *contract), void *self)
{
	for (const struct held *held = stock->first; held; held = held->next)
		if (!held->replaced)
			take(self, &held->contract);
}

static struct entry *entry_of(struct entry *entry, const struct held *held)
{
	while (entry && entry->held != held)
		entry = entry->next;
	return entry;
}

void memory_stock_filed(struct memory_stock *stock, const struct facts *facts,
			const char *contract_id, enum tier tier)
{
	enum claim_word word = claim_word_of(tier);
	struct held *held = stock_index_get(stock->ids, contract_id);

	for (size_t i = 0; held && i < facts->asked_count; i++) {
		const struct asked *asked = &facts->asked[i];
		struct entry *entry;
		char place[PLACE_SIZE];

		if (asked->use != USE_CLAIM || !key_usable(asked->key) ||
		    !place_of(place, asked->issuer, asked->key->plain, BY_CLAIM))
			continue;
		if (!entry_of(stock_index_get(stock->keys, place), held))
			entry_add(stock, held, asked->issuer, asked->key->plain, BY_CLAIM,
				  NAME_SYSTEM);
		entry = entry_of(stock_index_get(stock->keys, place), held);
		if (word > entry->word)
			entry->word = word;
	}
}

static size_t most_of(enum wanted_by by)
{
	return by == BY_NAME ? OF_NAME_MOST : by == BY_CLAIM ? OF_CLAIM_MOST : OF_HOLDER_MOST;
}

static void look_up(const struct memory_stock *stock, const struct wanted_key *wanted,
		    struct candidates *all, TALLOC_CTX *mem)
{
	const struct entry *entry;
	char place[PLACE_SIZE];
	size_t most = most_of(wanted->by);

	if (!place_of(place, wanted->issuer, wanted->key, wanted->by))
		return;
	for (entry = stock_index_get(stock->keys, place); entry && most; entry = entry->next) {
		if (entry->held->replaced)
			continue;
		if ((all->count & (all->count - 1)) == 0)
			all->rows = talloc_realloc(mem, all->rows, struct found,
						   all->count ? 2 * all->count : 1);
		all->rows[all->count++] =
			(struct found){ wanted->issuer, wanted->key, wanted->by,
					entry->origin,  entry->word, entry->held->contract };
		most--;
	}
}

static void look_up_all(const struct memory_stock *stock, const struct wanted *wanted,
			struct candidates *all, TALLOC_CTX *mem)
{
	*all = (struct candidates){ 0 };
	for (size_t i = 0; i < wanted->count; i++)
		look_up(stock, &wanted->items[i], all, mem);
	candidates_sort(all);
}

static bool find(void *self, struct candidates *all, const struct facts *const *facts, size_t count,
		 TALLOC_CTX *mem, struct err *e)
{
	(void)e;
	look_up_all(self, wanted_by_facts(facts, count, mem), all, mem);
	return true;
}

struct asking {
	const struct memory_stock *stock;
	struct near_names *near;
	size_t ask;
};

static void try_neighbour(void *self, const char *key, enum neighbour how)
{
	const struct asking *a = self;
	char place[PLACE_SIZE];

	(void)how;
	if (place_of(place, a->near->asks[a->ask].issuer, key, BY_NAME) &&
	    stock_index_get(a->stock->keys, place))
		near_names_take(a->near, a->ask, key);
}

/* In memory a probe costs next to nothing, so that every neighbour is tried. */
static bool find_names_near(void *self, struct near_names *near, struct err *e)
{
	struct asking a = { self, near, 0 };

	(void)e;
	for (; a.ask < near->ask_count; a.ask++)
		neighbours_of(near->asks[a.ask].key, true, try_neighbour, &a);
	near_names_close(near);
	return true;
}

/* Keys that are wanted twice give rows twice, which decide() does not mind; sorting all keys would cost more. */
static bool find_nearby(void *self, struct candidates *all, struct wanted *wanted, TALLOC_CTX *mem,
			struct err *e)
{
	(void)e;
	look_up_all(self, wanted, all, mem);
	return true;
}

struct twinning {
	const struct memory_stock *stock;
	const struct wanted_key *wanted;
	struct candidates *all;
	TALLOC_CTX *mem;
};

/* What answers to another key, as a twin of the one that is wanted. */
static void twins_by(const struct twinning *t, const char *key, enum wanted_by by)
{
	const struct wanted_key asked = { t->wanted->issuer, key, by };
	size_t kept = t->all->count, before = kept;

	look_up(t->stock, &asked, t->all, t->mem);
	for (size_t i = before; i < t->all->count; i++) {
		struct found found = t->all->rows[i];

		if (found.origin == NAME_APPLICATION)
			continue;
		found.key = t->wanted->key;
		found.by = BY_TWIN;
		t->all->rows[kept++] = found;
	}
	t->all->count = kept;
}

static void twins_by_part(void *self, const char *key, const char *part)
{
	(void)key;
	twins_by(self, part, BY_NAME);
}

static bool find_twins(void *self, struct candidates *all, const struct wanted *wanted,
		       TALLOC_CTX *mem, struct err *e)
{
	(void)e;
	for (size_t i = 0; i < wanted->count; i++) {
		struct twinning t = { self, &wanted->items[i], all, mem };

		twin_parts(t.wanted->key, twins_by_part, &t);
		twins_by(&t, t.wanted->key, BY_TWIN);
		twins_by(&t, t.wanted->key, BY_PREFIX);
	}
	candidates_sort(all);
	return true;
}

struct stock_source memory_stock_source(struct memory_stock *stock)
{
	return (struct stock_source){ stock, find, find_names_near, find_nearby, find_twins };
}
