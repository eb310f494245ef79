#include "matcher/stock_import.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "matcher/contract_names.h"
#include "matcher/stock_adopt.h"
#include "matcher/stock_index.h"
#include "matcher/terms.h"

#define BATCH        2000
#define SCALARS      3
#define ANALYZE_FROM 1000 /* contracts written: the planner's statistics are worth renewing */

/* The parameters of contract_import.sql behind broker, source and import: columns of the batch, written as arrays. */
enum column {
	CONTRACT_ID,
	ISSUER,
	VU,
	NUMBER,
	PRINTED_NUMBER,
	LINE,
	STARTS_ON,
	ENDS_ON,
	CANCELLED,
	CUSTOMER_ID,
	NAME,
	FIRST_NAME,
	BIRTH_DATE,
	POSTCODE,
	PLATE,
	APPLICATION_NUMBER,
	BROKER_NUMBER,
	NAME_CONTRACT_ID,
	NAME_ISSUER,
	NAME_KEY,
	NAME_ORIGIN,
	NAME_SPELLING,
	COLUMNS
};

struct array {
	char *text; /* {"a",NULL,"b" -- closed when it is sent */
	size_t used;
};

struct stock_import {
	struct db *db;
	const char *broker, *source;
	char *number; /* of the import, NULL: nobody asks what was seen */
	void (*changed)(void *self, const struct contract_change *change);
	void *self;
	struct stock_adopt *adopt; /* NULL: nothing is adopted */
	void (*beside)(void *self, const char *made, bool several);
	void *beside_self;
	int64_t on_its_way; /* contracts of the batch that the database is writing */
	const struct insurers *insurers;
	struct import_counts counts;
	TALLOC_CTX *batch;       /* what follows, new for every batch */
	struct stock_index *ids; /* contract ids of the batch */
	struct array columns[COLUMNS];
	int64_t count;
};

/* Room for len more bytes. */
static char *array_room(struct array *array, TALLOC_CTX *mem, size_t len)
{
	size_t room = talloc_get_size(array->text);

	if (array->used + len > room)
		array->text = talloc_realloc(mem, array->text, char, (array->used + len) * 2);
	return array->text + array->used;
}

/* One element; empty is NULL. */
static void put(struct stock_import *import, enum column column, const char *text)
{
	struct array *array = &import->columns[column];
	char *at = array_room(array, import->batch, 2 * (text ? strlen(text) : 2) + 4);

	*at++ = array->used ? ',' : '{';
	if (text_empty(text)) {
		at = stpcpy(at, "NULL");
	} else {
		*at++ = '"';
		for (; *text; text++) {
			if (*text == '"' || *text == '\\')
				*at++ = '\\';
			*at++ = *text;
		}
		*at++ = '"';
	}
	array->used = (size_t)(at - array->text);
}

static const char *array_close(struct stock_import *import, enum column column)
{
	struct array *array = &import->columns[column];

	strcpy(array_room(array, import->batch, 3), array->used ? "}" : "{}");
	return array->text;
}

static void batch_start(struct stock_import *import)
{
	talloc_free(import->batch);
	import->batch = talloc_new(import);
	import->ids = stock_index_new(import->batch);
	memset(import->columns, 0, sizeof(import->columns));
	import->count = 0;
}

struct stock_import *stock_import_begin(struct db *db, const char *broker,
					const struct insurers *insurers, TALLOC_CTX *mem)
{
	struct stock_import *import = talloc_zero(mem, struct stock_import);

	import->db = db;
	import->broker = talloc_strdup(import, broker);
	import->insurers = insurers;
	batch_start(import);
	return import;
}

void stock_import_source(struct stock_import *import, const char *source, int64_t number)
{
	import->source = talloc_strdup(import, source);
	import->number = number ? talloc_asprintf(import, "%" PRId64, number) : NULL;
}

void stock_import_watch(struct stock_import *import,
			void (*changed)(void *self, const struct contract_change *change),
			void *self)
{
	import->changed = changed;
	import->self = self;
}

bool stock_import_adopts(struct stock_import *import,
			 void (*beside)(void *self, const char *made, bool several), void *self,
			 struct err *e)
{
	import->beside = beside;
	import->beside_self = self;
	import->adopt = stock_adopt_load(import->db, import->broker, import, e);
	return import->adopt != NULL;
}

/* The first row has the totals, the others a contract each. */
static void count_rows(struct stock_import *import, const struct rows *rows)
{
	struct import_counts *counts = &import->counts;
	int64_t added = rows_int(rows, 0, "added"), changed = rows_count(rows) - 1;

	counts->added += added;
	counts->changed += changed;
	counts->unchanged += import->on_its_way - added - changed;
	for (int i = 1; i < rows_count(rows); i++) {
		struct contract_change change = { rows_text(rows, i, "contract_id"),
						  rows_text(rows, i, "fields"),
						  rows_bool(rows, i, "ended"),
						  rows_bool(rows, i, "returned"), false };

		change.adopted =
			import->adopt && stock_adopt_took(import->adopt, change.contract_id);

		counts->ended += change.ended;
		counts->returned += change.returned;
		if (import->changed)
			import->changed(import->self, &change);
	}
}

/* Wait for the batch before. */
static bool batch_settle(struct stock_import *import, struct err *e)
{
	struct rows *rows;

	if (!import->on_its_way)
		return true;
	if (!db_receive(import->db, &rows, import, e))
		return false;
	count_rows(import, rows);
	talloc_free(rows);
	import->on_its_way = 0;
	return true;
}

/* Send the batch and go on reading while the database writes it. */
static bool batch_write(struct stock_import *import, struct err *e)
{
	const char *values[SCALARS + COLUMNS] = { import->broker, import->source, import->number };

	for (int column = 0; column < COLUMNS; column++)
		values[SCALARS + column] = array_close(import, (enum column)column);
	if (!batch_settle(import, e) ||
	    !db_send(import->db, SQL_contract_import, SCALARS + COLUMNS, values, e))
		return false;
	import->on_its_way = import->count;
	batch_start(import);
	return true;
}

static void put_contract(struct stock_import *import, const struct contract *c, const char *issuer,
			 enum stock_format format)
{
	put(import, CONTRACT_ID, c->contract_id);
	put(import, ISSUER, issuer);
	put(import, VU, c->vu);
	put(import, NUMBER, c->number);
	put(import, PRINTED_NUMBER, c->printed_number);
	put(import, LINE, c->line);
	put(import, STARTS_ON, c->start);
	put(import, ENDS_ON, stock_end(c, format));
	put(import, CANCELLED, c->cancelled ? "t" : "f");
	put(import, CUSTOMER_ID, c->customer_id);
	put(import, NAME, c->name);
	put(import, FIRST_NAME, c->first_name);
	put(import, BIRTH_DATE, c->birth_date);
	put(import, POSTCODE, c->postcode);
	put(import, PLATE, c->plate);
	put(import, APPLICATION_NUMBER, c->application_number);
	put(import, BROKER_NUMBER, c->broker_number);
}

static void put_names(struct stock_import *import, const struct contract *c,
		      const struct contract_names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		const struct contract_name *name = &names->items[i];

		put(import, NAME_CONTRACT_ID, c->contract_id);
		put(import, NAME_ISSUER, names->issuer);
		put(import, NAME_KEY, name->key);
		put(import, NAME_ORIGIN, name_origin_text(name->origin));
		put(import, NAME_SPELLING, name->spelling);
	}
	import->counts.not_a_number += names->refused;
	import->counts.without_names += names->count == 0;
	import->counts.of_unknown += names->unknown;
}

/* Into the batch; names are no child of it. */
static bool batch_add(struct stock_import *import, const struct contract *contract,
		      enum stock_format format, const struct contract_names *names, struct err *e)
{
	/* Once per statement: what came before is written first, then replaced. */
	if (stock_index_get(import->ids, contract->contract_id) && !batch_write(import, e))
		return false;
	*stock_index_at(import->ids, contract->contract_id) = import;
	put_contract(import, contract, names->issuer, format);
	put_names(import, contract, names);
	return ++import->count < BATCH || batch_write(import, e);
}

/* The contract under our id, which differs from the stock's where a person made it. */
static struct contract as_ours(const struct stock_import *import, const struct contract *contract)
{
	struct contract c = *contract;

	if (import->adopt)
		c.contract_id = (char *)stock_adopt_id(import->adopt, contract->contract_id);
	return c;
}

bool stock_import_add(struct stock_import *import, const struct contract *contract,
		      enum stock_format format, struct err *e)
{
	const struct contract c = as_ours(import, contract);
	struct contract_names names;
	TALLOC_CTX *mem = talloc_new(import);
	bool ok;

	contract_names_of(&names, &c, import->insurers, mem);
	ok = (import->adopt && c.contract_id == contract->contract_id &&
	      stock_adopt_hold(import->adopt, contract, format, &names)) ||
	     batch_add(import, &c, format, &names, e);
	talloc_free(mem);
	return ok;
}

static bool held_add(void *self, const struct contract *contract, enum stock_format format,
		     const char *beside, bool several, struct err *e)
{
	struct stock_import *import = self;
	const struct contract c = as_ours(import, contract);
	struct contract_names names;
	TALLOC_CTX *mem = talloc_new(import);
	bool ok;

	import->counts.adopted += c.contract_id != contract->contract_id;
	import->counts.beside += beside != NULL;
	if (beside && import->beside)
		import->beside(import->beside_self, beside, several);
	contract_names_of(&names, &c, import->insurers, mem);
	ok = batch_add(import, &c, format, &names, e);
	talloc_free(mem);
	return ok;
}

/* What was held back; the connection has to be free for it. */
static bool write_held(struct stock_import *import, struct err *e)
{
	return (!import->count || batch_write(import, e)) && batch_settle(import, e) &&
	       stock_adopt_settle(import->adopt, e) &&
	       stock_adopt_each(import->adopt, held_add, import, e);
}

bool stock_import_end(struct stock_import *import, struct import_counts *counts, struct err *e)
{
	if ((import->adopt && !write_held(import, e)) ||
	    (import->count > 0 && !batch_write(import, e)) || !batch_settle(import, e))
		return false;
	*counts = import->counts;
	if (counts->added + counts->changed < ANALYZE_FROM)
		return true;
	return terms_count(import->db, import->broker, e) &&
	       db_run(import->db, SQL_contract_analyze, 0, NULL, NULL, import->batch, e);
}
