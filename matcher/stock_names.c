#include "matcher/stock_names.h"

#include <jansson.h>
#include <string.h>

#include "normalizers/key.h"

#define PAGE      1000
#define PAGE_TEXT "1000"

/* ---- reading ---- */

static char *copy(const struct rows *rows, int row, const char *column, TALLOC_CTX *mem)
{
	return talloc_strdup(mem, rows_text(rows, row, column));
}

static bool names_read(struct named_contract *row, const char *text, TALLOC_CTX *mem, struct err *e)
{
	json_t *names = text ? json_loads(text, 0, NULL) : NULL;
	bool ok = true;

	row->name_count = json_array_size(names);
	row->names = talloc_zero_array(mem, struct kept_name, row->name_count);
	for (size_t i = 0; i < row->name_count && ok; i++) {
		const json_t *name = json_array_get(names, i);
		const char *origin = json_string_value(json_array_get(name, 2));

		row->names[i].as_pattern = json_is_true(json_array_get(name, 3));
		row->names[i].key = talloc_strdup(mem, json_string_value(json_array_get(name, 0)));
		row->names[i].spelling =
			talloc_strdup(mem, json_string_value(json_array_get(name, 1)));
		ok = name_origin_parse(&row->names[i].origin, origin) ||
		     err_set(e, ERR_BUG, "a contract's name has the unknown origin %s", origin);
	}
	json_decref(names);
	return ok;
}

static bool contract_read(struct named_contract *to, const struct rows *rows, int row,
			  TALLOC_CTX *mem, struct err *e)
{
	to->contract = (struct contract){
		.contract_id = copy(rows, row, "contract_id", mem),
		.issuer = copy(rows, row, "issuer", mem),
		.number = copy(rows, row, "number", mem),
		.printed_number = copy(rows, row, "printed_number", mem),
		.vu = copy(rows, row, "vu", mem),
		.line = copy(rows, row, "line", mem),
		.end = copy(rows, row, "ends_on", mem),
		.cancelled = rows_bool(rows, row, "cancelled"),
		.customer_id = copy(rows, row, "customer_id", mem),
		.name = copy(rows, row, "name", mem),
		.first_name = copy(rows, row, "first_name", mem),
		.birth_date = copy(rows, row, "birth_date", mem),
		.postcode = copy(rows, row, "postcode", mem),
		.plate = copy(rows, row, "plate", mem),
	};
	return names_read(to, rows_text(rows, row, "names"), mem, e);
}

static bool page_take(const struct rows *rows, named_contract_take *take, void *self, char **after,
		      TALLOC_CTX *mem, struct err *e)
{
	for (int i = 0; i < rows_count(rows); i++) {
		TALLOC_CTX *scratch = talloc_new(mem);
		struct named_contract row;
		bool ok = contract_read(&row, rows, i, scratch, e) && take(self, &row, e);

		talloc_free(scratch);
		if (!ok)
			return false;
	}
	talloc_free(*after);
	*after = rows_count(rows) ? copy(rows, rows_count(rows) - 1, "contract_id", NULL) : NULL;
	return true;
}

bool stock_names_walk(const struct matcher *matcher, const char *issuer, named_contract_take *take,
		      void *self, struct err *e)
{
	char *after = NULL;
	bool ok = true, more = true;

	while (ok && more) {
		TALLOC_CTX *mem = talloc_new(NULL);
		struct rows *rows;

		ok = db_call(matcher->db, SQL_stock_names, &rows, mem, e, matcher->broker, issuer,
			     after, PAGE_TEXT);
		more = ok && rows_count(rows) == PAGE;
		ok = ok && page_take(rows, take, self, &after, mem, e);
		talloc_free(mem);
	}
	talloc_free(after);
	return ok;
}

/* ---- what changes ---- */

/* stock: not by a person's word alone. */
static bool has_key(const struct named_contract *row, const char *key, bool stock)
{
	for (size_t i = 0; i < row->name_count; i++) {
		if (strcmp(row->names[i].key, key) == 0 &&
		    !(stock && row->names[i].origin == NAME_PERSON))
			return true;
	}
	return false;
}

/* What the rules make of a spelling today; false if nothing. */
static bool keys_today(struct reading *reading, const struct insurer *insurer,
		       const struct named_contract *row, const struct kept_name *name)
{
	key_read(reading, insurer, row->contract.line, name->spelling, strlen(name->spelling));
	return reading->state != KEY_MALFORMED && reading->state != KEY_EMPTY;
}

/* ---- names to come ---- */

struct coming {
	struct names_to_come *names;
	const struct insurer *insurer;
	size_t room;
	TALLOC_CTX *mem;
};

static void coming_add(struct coming *c, const struct named_contract *row,
		       const struct kept_name *name, const char *key)
{
	if (c->names->count == c->room) {
		c->room = c->room ? c->room * 2 : 64;
		c->names->rows =
			talloc_realloc(c->mem, c->names->rows, struct found, (unsigned)c->room);
	}
	c->names->rows[c->names->count++] =
		(struct found){ .issuer = c->insurer->issuer,
				.key = talloc_strdup(c->mem, key),
				.by = BY_NAME,
				.origin = name->origin,
				.contract = *contract_copy(&row->contract, c->mem) };
}

static bool coming_take(void *self, const struct named_contract *row, struct err *e)
{
	struct coming *c = self;
	struct reading reading;

	(void)e;
	for (size_t i = 0; i < row->name_count; i++) {
		if (keys_today(&reading, c->insurer, row, &row->names[i]) &&
		    reading.state == KEY_PICTURED && !has_key(row, reading.canonical, false))
			coming_add(c, row, &row->names[i], reading.canonical);
	}
	return true;
}

bool stock_names_to_come(struct names_to_come *names, const struct matcher *matcher,
			 const struct insurers *insurers, const char *issuer, TALLOC_CTX *mem,
			 struct err *e)
{
	struct coming c = { names, insurers_by_issuer(insurers, issuer), 0, mem };
	struct candidates sorted;

	*names = (struct names_to_come){ 0 };
	if (!c.insurer)
		return true;
	if (!stock_names_walk(matcher, issuer, coming_take, &c, e))
		return false;
	sorted = (struct candidates){ names->rows, names->count };
	candidates_sort(&sorted);
	*names = (struct names_to_come){ sorted.rows, sorted.count };
	return true;
}

/* ---- giving the names ---- */

enum column { ADD_CONTRACT, ADD_KEY, ADD_ORIGIN, ADD_SPELLING, GONE_CONTRACT, GONE_KEY, COLUMNS };

struct rekeying {
	const struct matcher *matcher;
	const char *issuer;
	const struct insurer *insurer;
	struct rekey_counts *counts;
	const char **items[COLUMNS];
	size_t adds, goes;
	TALLOC_CTX *batch;
};

static void batch_start(struct rekeying *r)
{
	talloc_free(r->batch);
	r->batch = talloc_new(NULL);
	r->adds = r->goes = 0;
	memset(r->items, 0, sizeof(r->items));
}

static void put(struct rekeying *r, enum column column, size_t at, const char *text)
{
	r->items[column] =
		talloc_realloc(r->batch, r->items[column], const char *, (unsigned)at + 1);
	r->items[column][at] = talloc_strdup(r->batch, text);
}

static bool batch_write(struct rekeying *r, struct err *e)
{
	const char *values[2 + COLUMNS] = { r->matcher->broker, r->issuer };
	struct rows *rows;

	if (r->adds + r->goes == 0)
		return true;
	for (int i = 0; i < COLUMNS; i++)
		values[2 + i] =
			text_array(r->items[i], i < GONE_CONTRACT ? r->adds : r->goes, r->batch);
	if (!db_run(r->matcher->db, SQL_name_rekey, 2 + COLUMNS, values, &rows, r->batch, e))
		return false;
	r->counts->added += rows_int(rows, 0, "added");
	r->counts->removed += rows_int(rows, 0, "removed");
	batch_start(r);
	return true;
}

static void add_key(struct rekeying *r, const struct named_contract *row,
		    const struct kept_name *name, const char *key)
{
	size_t at = r->adds;

	while (at > 0 && strcmp(r->items[ADD_CONTRACT][at - 1], row->contract.contract_id) == 0) {
		if (strcmp(r->items[ADD_KEY][--at], key) == 0)
			return; /* two spellings of the contract give it */
	}
	put(r, ADD_CONTRACT, r->adds, row->contract.contract_id);
	put(r, ADD_KEY, r->adds, key);
	put(r, ADD_ORIGIN, r->adds, name_origin_text(name->origin));
	put(r, ADD_SPELLING, r->adds, name->spelling);
	r->adds++;
}

/* Does any spelling of the contract give this key today? */
static bool still_given(const struct rekeying *r, const struct named_contract *row, const char *key)
{
	struct reading reading;

	for (size_t i = 0; i < row->name_count; i++) {
		if (keys_today(&reading, r->insurer, row, &row->names[i]) &&
		    (strcmp(reading.clean.text, key) == 0 || strcmp(reading.canonical, key) == 0))
			return true;
	}
	return false;
}

static bool rekey_take(void *self, const struct named_contract *row, struct err *e)
{
	struct rekeying *r = self;
	struct reading reading;

	r->counts->contracts++;
	for (size_t i = 0; i < row->name_count; i++) {
		const struct kept_name *name = &row->names[i];

		if (keys_today(&reading, r->insurer, row, name) && reading.state == KEY_PICTURED &&
		    name->origin != NAME_PERSON && !has_key(row, reading.canonical, true))
			add_key(r, row, name, reading.canonical);
		if (name->origin == NAME_PERSON || still_given(r, row, name->key))
			continue;
		put(r, GONE_CONTRACT, r->goes, row->contract.contract_id);
		put(r, GONE_KEY, r->goes++, name->key);
	}
	return r->adds + r->goes < PAGE || batch_write(r, e);
}

/* An import would change the spellings between the look and the write. */
static bool stock_hold(const struct matcher *matcher, TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows;

	return db_call(matcher->db, SQL_stock_lock_try, &rows, mem, e, matcher->broker) &&
	       (rows_bool(rows, 0, "got") ||
		err_set(e, ERR_CONFLICT,
			"a stock is being imported: its names can be made anew when it has ended"));
}

bool stock_names_rekey_page(const struct matcher *matcher, const char *issuer, char **after,
			    struct rekey_counts *counts, TALLOC_CTX *mem, struct err *e)
{
	struct rekeying r = { .matcher = matcher,
			      .issuer = issuer,
			      .insurer = insurers_by_issuer(matcher->insurers, issuer),
			      .counts = counts };
	struct rows *rows;
	bool ok;

	batch_start(&r);
	ok = stock_hold(matcher, mem, e) &&
	     db_call(matcher->db, SQL_stock_names, &rows, mem, e, matcher->broker, issuer,
		     *after && **after ? *after : NULL, PAGE_TEXT);
	*after = NULL;
	ok = ok && page_take(rows, rekey_take, &r, after, mem, e) && batch_write(&r, e);
	talloc_steal(mem, *after);
	if (!ok || rows_count(rows) < PAGE)
		*after = NULL;
	talloc_free(r.batch);
	return ok;
}

bool stock_names_rekey(const struct matcher *matcher, const char *issuer,
		       struct rekey_counts *counts, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *after = NULL;
	bool ok;

	*counts = (struct rekey_counts){ 0 };
	do {
		ok = db_begin(matcher->db, e) &&
		     stock_names_rekey_page(matcher, issuer, &after, counts, mem, e) &&
		     db_commit(matcher->db, e);
	} while (ok && after);
	if (!ok)
		db_rollback(matcher->db);
	talloc_free(mem);
	return ok;
}
