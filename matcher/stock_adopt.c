#include "matcher/stock_adopt.h"

#include <string.h>

#include "base/text.h"
#include "matcher/candidates.h"
#include "matcher/holder.h"
#include "matcher/stock_fields.h"
#include "matcher/stock_index.h"
#include "model/line.h"
#include "normalizers/key.h"

/* A contract made by hand. */
struct made {
	struct contract about; /* id, line, days, holder */
	int wanted;            /* contracts of the file that may be it */
};

/* One name of it; several may have the same. */
struct made_name {
	struct made *made;
	const char *issuer, *key;
	bool read; /* not as it is written: what a picture made of it, by a line that may not be the stock's */
	struct made_name *same, *next; /* of the same place; in the order they were read */
};

struct held {
	struct contract *contract;
	enum stock_format format;
	struct made_name *names; /* copies: the made contracts that have a number of it */
	const char **keys;       /* its own names' places, ended by NULL */
	bool there;              /* it is in the stock already */
	int may_be;              /* how many it may be */
	struct made *one, *beside;
	bool several;
	struct held *next;
};

struct stock_adopt {
	struct db *db;
	const char *broker;
	struct stock_index *ours;  /* stock's id -> our id */
	struct stock_index *made;  /* contract_id -> struct made */
	struct stock_index *names; /* place -> struct made_name */
	struct made_name *first_name;
	struct stock_index *took; /* contract_id */
	struct stock_index *ids;  /* of those that are held: stock's id -> struct held */
	struct held *first, **last;
	unsigned count;
	TALLOC_CTX *holding; /* of the held, new for every settling */
};

static char *place_of(const char *issuer, const char *key, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "%s\x1f%s", issuer, key);
}

static void hold_none(struct stock_adopt *a)
{
	talloc_free(a->holding);
	a->holding = talloc_new(a);
	a->ids = stock_index_new(a->holding);
	a->first = NULL;
	a->last = &a->first;
	a->count = 0;
}

/* ---- what people made ---- */

static struct made *made_of(struct stock_adopt *a, const struct rows *rows, int i)
{
	void **at = stock_index_at(a->made, rows_text(rows, i, "contract_id"));
	struct made *made = *at;

	if (made)
		return made;
	made = talloc_zero(a, struct made);
	made->about = (struct contract){
		.contract_id = talloc_strdup(made, rows_text(rows, i, "contract_id")),
		.line = talloc_strdup(made, rows_text(rows, i, "line")),
		.start = talloc_strdup(made, rows_text(rows, i, "starts_on")),
		.end = talloc_strdup(made, rows_text(rows, i, "ends_on")),
		.customer_id = talloc_strdup(made, rows_text(rows, i, "customer_id")),
		.name = talloc_strdup(made, rows_text(rows, i, "name")),
		.first_name = talloc_strdup(made, rows_text(rows, i, "first_name")),
		.birth_date = talloc_strdup(made, rows_text(rows, i, "birth_date")),
	};
	*at = made;
	return made;
}

static bool is_written(const char *spelling, const char *key)
{
	struct reading reading;

	key_read(&reading, NULL, NULL, spelling, strlen(spelling));
	return !strcmp(reading.clean.text, key);
}

static void name_read(struct stock_adopt *a, const struct rows *rows, int i)
{
	struct made_name *name = talloc_zero(a, struct made_name);
	void **at;

	name->made = made_of(a, rows, i);
	name->issuer = talloc_strdup(name, rows_text(rows, i, "issuer"));
	name->key = talloc_strdup(name, rows_text(rows, i, "key"));
	name->read = !is_written(rows_text(rows, i, "spelling"), name->key);
	name->next = a->first_name;
	a->first_name = name;
	at = stock_index_at(a->names, place_of(name->issuer, name->key, name));
	name->same = *at;
	*at = name;
}

struct stock_adopt *stock_adopt_load(struct db *db, const char *broker, TALLOC_CTX *mem,
				     struct err *e)
{
	struct stock_adopt *a = talloc_zero(mem, struct stock_adopt);
	struct rows *known, *made;

	a->db = db;
	a->broker = talloc_strdup(a, broker);
	a->ours = stock_index_new(a);
	a->made = stock_index_new(a);
	a->names = stock_index_new(a);
	a->took = stock_index_new(a);
	hold_none(a);
	if (!db_call(db, SQL_adopt_known, &known, a, e, broker) ||
	    !db_call(db, SQL_adopt_made, &made, a, e, broker)) {
		talloc_free(a);
		return NULL;
	}
	for (int i = 0; i < rows_count(known); i++)
		*stock_index_at(a->ours, rows_text(known, i, "stock_id")) =
			talloc_strdup(a, rows_text(known, i, "contract_id"));
	for (int i = 0; i < rows_count(made); i++)
		name_read(a, made, i);
	talloc_free(known);
	talloc_free(made);
	return a;
}

const char *stock_adopt_id(const struct stock_adopt *a, const char *stock_id)
{
	const char *ours = stock_index_get(a->ours, stock_id);

	return ours ? ours : stock_id;
}

bool stock_adopt_took(const struct stock_adopt *a, const char *contract_id)
{
	return stock_index_get(a->took, contract_id) != NULL;
}

/* ---- what is held back ---- */

static bool names_policy(enum name_origin origin)
{
	return origin == NAME_SYSTEM || origin == NAME_PRINTED || origin == NAME_OTHER;
}

static struct held *held_at(struct stock_adopt *a, const char *id)
{
	void **at = stock_index_at(a->ids, id);

	if (!*at) {
		struct held *held = talloc_zero(a->holding, struct held);

		*at = *a->last = held;
		a->last = &held->next;
		a->count++;
	}
	return *at;
}

/* A name that it has in common with one made by hand; the same made one may come by several. */
static void held_add(struct held *held, const struct made_name *name)
{
	struct made_name *copy = talloc_memdup(held, name, sizeof(*name));

	copy->next = held->names;
	held->names = copy;
}

static void hold(struct stock_adopt *a, const struct contract *contract, enum stock_format format,
		 const struct contract_names *names)
{
	struct held *held = held_at(a, contract->contract_id);

	held->contract = contract_copy(contract, held); /* the one that came later counts */
	held->format = format;
	held->names = NULL;
	held->keys = talloc_zero_array(held, const char *, names->count + 1);
	for (size_t i = 0; i < names->count; i++) {
		char *place = place_of(names->issuer, names->items[i].key, held);

		held->keys[i] = place;
		if (!names_policy(names->items[i].origin))
			continue;
		for (const struct made_name *n = stock_index_get(a->names, place); n; n = n->same)
			held_add(held, n);
	}
}

bool stock_adopt_hold(struct stock_adopt *a, const struct contract *contract,
		      enum stock_format format, const struct contract_names *names)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	bool asked = false;

	if (stock_index_get(a->made, contract->contract_id) == NULL)
		for (size_t i = 0; i < names->count && !asked; i++)
			asked = names_policy(names->items[i].origin) &&
				stock_index_get(a->names,
						place_of(names->issuer, names->items[i].key, mem));
	talloc_free(mem);
	if (asked)
		hold(a, contract, format, names);
	return asked;
}

/* ---- which are one ---- */

static bool before(const char *a, const char *b)
{
	return date_plausible(a) && date_plausible(b) && days_between(a, b) > 0;
}

/* Nobody is said on the side of the hand-made one: it has no customer to be joined with another. */
static bool nobody(const struct contract *made)
{
	return text_empty(made->customer_id) && text_empty(made->name) &&
	       text_empty(made->birth_date);
}

static bool same_person(const struct contract *made, const struct contract *stock)
{
	enum agreement surname = surname_compare(made->name, stock->name);
	enum agreement first = surname_compare(made->first_name, stock->first_name);
	enum agreement born = date_compare(made->birth_date, stock->birth_date);

	if (!text_empty(made->customer_id) && text_equal(made->customer_id, stock->customer_id))
		return true;
	if (surname == CONTRADICTS || first == CONTRADICTS || born == CONTRADICTS)
		return false;
	if (nobody(made))
		return true;
	return surname == AGREES &&
	       (text_empty(made->customer_id) || first == AGREES || born == AGREES);
}

enum sameness stock_adopt_same(const struct contract *made, const struct contract *stock,
			       const char *stock_end)
{
	if (line_contradicts(made->line, stock->line) || before(stock_end, made->start) ||
	    before(made->end, stock->start))
		return SAME_NOT;
	return same_person(made, stock) ? SAME_YES : SAME_UNSURE;
}

/* Each made one once, however many names both have in common. */
static bool seen_before(const struct held *held, const struct made_name *name)
{
	for (const struct made_name *n = held->names; n != name; n = n->next)
		if (n->made == name->made)
			return true;
	return false;
}

static void compare(struct held *held)
{
	const char *end = stock_end(held->contract, held->format);

	for (const struct made_name *n = held->names; n; n = n->next) {
		enum sameness same;

		if (seen_before(held, n))
			continue;
		same = stock_adopt_same(&n->made->about, held->contract, end);
		if (same == SAME_UNSURE)
			held->beside = n->made;
		if (same != SAME_YES)
			continue;
		held->one = n->made;
		held->may_be++;
		n->made->wanted++;
	}
}

/* Only where both sides have nobody else in question. */
static void choose(struct held *held)
{
	if (!held->one)
		return;
	held->several = held->may_be > 1 || held->one->wanted > 1;
	if (held->several) {
		held->beside = held->one;
		held->one = NULL;
	}
}

static bool mark_there(struct stock_adopt *a, struct err *e)
{
	const char **ids = talloc_array(a->holding, const char *, a->count);
	unsigned count = 0;
	struct rows *rows;

	for (struct held *h = a->first; h; h = h->next)
		ids[count++] = h->contract->contract_id;
	if (!db_call(a->db, SQL_adopt_there, &rows, a->holding, e, a->broker,
		     text_array(ids, count, a->holding)))
		return false;
	for (int i = 0; i < rows_count(rows); i++) {
		struct held *h = stock_index_get(a->ids, rows_text(rows, i, "contract_id"));

		if (h)
			h->there = true;
	}
	return true;
}

/* ---- writing ---- */

struct adoption {
	const char **stock, **ours;
	const char **of, **issuers, **keys; /* names that the stock does not know */
	unsigned count, names;
};

static bool has_key(const struct held *held, const struct made_name *name)
{
	char *place = place_of(name->issuer, name->key, NULL);
	bool has = false;

	for (const char **key = held->keys; *key && !has; key++)
		has = !strcmp(*key, place);
	talloc_free(place);
	return has;
}

static struct adoption gather(struct stock_adopt *a, unsigned name_count)
{
	TALLOC_CTX *mem = a->holding;
	struct adoption all = { talloc_array(mem, const char *, a->count),
				talloc_array(mem, const char *, a->count),
				talloc_array(mem, const char *, name_count),
				talloc_array(mem, const char *, name_count),
				talloc_array(mem, const char *, name_count),
				0,
				0 };
	struct stock_index *by = stock_index_new(mem); /* our id -> struct held */

	for (struct held *h = a->first; h; h = h->next)
		if (h->one) {
			all.stock[all.count] = h->contract->contract_id;
			all.ours[all.count++] = h->one->about.contract_id;
			*stock_index_at(by, h->one->about.contract_id) = h;
		}
	for (const struct made_name *n = a->first_name; n; n = n->next) {
		const struct held *h = stock_index_get(by, n->made->about.contract_id);

		if (!h || n->read || has_key(h, n))
			continue;
		all.of[all.names] = n->made->about.contract_id;
		all.issuers[all.names] = n->issuer;
		all.keys[all.names++] = n->key;
	}
	return all;
}

static bool adopt_write(struct stock_adopt *a, struct err *e)
{
	TALLOC_CTX *mem = a->holding;
	unsigned names = 0;
	struct adoption all;
	struct rows *rows;

	for (const struct made_name *n = a->first_name; n; n = n->next)
		names++;
	all = gather(a, names);
	if (!all.count)
		return true;
	if (!db_call(a->db, SQL_adopt_write, &rows, mem, e, a->broker,
		     text_array(all.stock, all.count, mem), text_array(all.ours, all.count, mem),
		     text_array(all.of, all.names, mem), text_array(all.issuers, all.names, mem),
		     text_array(all.keys, all.names, mem)))
		return false;
	for (int i = 0; i < rows_count(rows); i++)
		*stock_index_at(a->took, rows_text(rows, i, "contract_id")) = a;
	for (struct held *h = a->first; h; h = h->next)
		if (h->one && stock_adopt_took(a, h->one->about.contract_id))
			*stock_index_at(a->ours, h->contract->contract_id) =
				h->one->about.contract_id;
	return true;
}

bool stock_adopt_settle(struct stock_adopt *a, struct err *e)
{
	if (!a->count)
		return true;
	if (!mark_there(a, e))
		return false;
	for (struct held *h = a->first; h; h = h->next)
		if (!h->there)
			compare(h);
	for (struct held *h = a->first; h; h = h->next)
		choose(h);
	return adopt_write(a, e);
}

bool stock_adopt_each(struct stock_adopt *a, stock_adopt_take *take, void *self, struct err *e)
{
	bool ok = true;

	for (const struct held *h = a->first; h && ok; h = h->next)
		ok = take(self, h->contract, h->format,
			  h->beside && !h->one ? h->beside->about.contract_id : NULL, h->several,
			  e);
	hold_none(a);
	return ok;
}
