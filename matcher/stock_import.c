#include "matcher/stock_import.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "matcher/stock_index.h"
#include "normalizers/key.h"

#define BATCH 2000

struct stock_import {
	struct db *db;
	const char *broker;
	const struct insurers *insurers;
	struct import_counts counts;
	TALLOC_CTX *batch;       /* what follows, new for every batch */
	struct stock_index *ids; /* contract ids of the batch */
	json_t *contracts, *names;
	int64_t count;
};

static void batch_start(struct stock_import *import)
{
	json_decref(import->contracts);
	json_decref(import->names);
	talloc_free(import->batch);
	import->batch = talloc_new(import);
	import->ids = stock_index_new(import->batch);
	import->contracts = json_array();
	import->names = json_array();
	import->count = 0;
}

static int import_free(struct stock_import *import)
{
	json_decref(import->contracts);
	json_decref(import->names);
	return 0;
}

struct stock_import *stock_import_begin(struct db *db, const char *broker,
					const struct insurers *insurers, TALLOC_CTX *mem)
{
	struct stock_import *import = talloc_zero(mem, struct stock_import);

	import->db = db;
	import->broker = talloc_strdup(import, broker);
	import->insurers = insurers;
	batch_start(import);
	talloc_set_destructor(import, import_free);
	return import;
}

char *stock_issuer(const struct insurers *insurers, const char *vu, TALLOC_CTX *mem)
{
	const struct insurer *insurer = insurers_find(insurers, vu);

	return insurer ? talloc_strdup(mem, insurer->issuer) : talloc_asprintf(mem, "vu:%s", vu);
}

static bool batch_write(struct stock_import *import, struct err *e)
{
	char *contracts = json_dumps(import->contracts, JSON_COMPACT);
	char *names = json_dumps(import->names, JSON_COMPACT);
	struct rows *rows;
	bool ok = db_call(import->db, SQL_contract_import, &rows, import->batch, e, import->broker,
			  contracts, names);

	free(contracts);
	free(names);
	if (!ok)
		return false;
	import->counts.added += rows_int(rows, 0, "added");
	import->counts.changed += rows_int(rows, 0, "changed");
	import->counts.ended += rows_int(rows, 0, "ended");
	import->counts.unchanged +=
		import->count - rows_int(rows, 0, "added") - rows_int(rows, 0, "changed");
	batch_start(import);
	return true;
}

static void set_text(json_t *object, const char *column, const char *text)
{
	if (!text_empty(text))
		json_object_set_new(object, column, json_string(text));
}

/*
 * GDV gives the end of the running term, and contracts in force are renewed without a word until the next delivery:
 * such an end is no reason to keep a document back. Life insurance does end with its term.
 */
static const char *end_of(const struct contract *c, enum stock_format format)
{
	if (format == STOCK_GDV && !c->cancelled && !text_equal(c->line, "010"))
		return NULL;
	return c->end;
}

static json_t *contract_row(const struct contract *c, const char *issuer, enum stock_format format)
{
	json_t *row = json_object();

	set_text(row, "contract_id", c->contract_id);
	set_text(row, "issuer", issuer);
	set_text(row, "vu", c->vu);
	set_text(row, "number", c->number);
	set_text(row, "printed_number", c->printed_number);
	set_text(row, "line", c->line);
	set_text(row, "starts_on", c->start);
	set_text(row, "ends_on", end_of(c, format));
	json_object_set_new(row, "cancelled", json_boolean(c->cancelled));
	set_text(row, "customer_id", c->customer_id);
	set_text(row, "name", c->name);
	set_text(row, "first_name", c->first_name);
	set_text(row, "birth_date", c->birth_date);
	set_text(row, "postcode", c->postcode);
	set_text(row, "plate", c->plate);
	set_text(row, "application_number", c->application_number);
	return row;
}

/* The names of one contract while they are collected. */
struct naming {
	struct stock_import *import;
	const struct insurer *insurer;
	const char *issuer;
	const struct contract *contract;
	struct stock_index *seen; /* keys: the first origin counts */
	int count;
	TALLOC_CTX *mem;
};

static void add_key(struct naming *naming, const char *key, enum name_origin origin,
		    const char *spelling)
{
	void **seen = stock_index_at(naming->seen, key);
	json_t *row;

	if (*seen || !*key)
		return;
	*seen = naming;
	row = json_object();
	set_text(row, "contract_id", naming->contract->contract_id);
	set_text(row, "issuer", naming->issuer);
	set_text(row, "key", key);
	set_text(row, "origin", name_origin_text(origin));
	set_text(row, "spelling", spelling);
	json_array_append_new(naming->import->names, row);
	naming->count++;
}

static void add_name(struct naming *naming, enum name_origin origin, const char *spelling)
{
	struct key *key;

	if (text_empty(spelling))
		return;
	key = key_make(naming->insurer, naming->contract->line, spelling, naming->mem);
	if (key->state == KEY_MALFORMED || key->state == KEY_EMPTY) {
		naming->import->counts.not_a_number++;
		return;
	}
	add_key(naming, key->plain, origin, spelling);
	if (key->state == KEY_PICTURED && key->canonical)
		add_key(naming, key->canonical, origin, spelling);
}

static void add_names(struct stock_import *import, const struct contract *c, const char *issuer,
		      TALLOC_CTX *mem)
{
	struct naming naming = {
		.import = import,
		.insurer = insurers_find(import->insurers, c->vu),
		.issuer = issuer,
		.contract = c,
		.seen = stock_index_new(mem),
		.mem = mem,
	};

	add_name(&naming, NAME_SYSTEM, c->number);
	add_name(&naming, NAME_PRINTED, c->printed_number);
	for (size_t i = 0; i < c->other_count; i++)
		add_name(&naming, NAME_OTHER, c->other_numbers[i]);
	add_name(&naming, NAME_APPLICATION, c->application_number);
	import->counts.without_names += naming.count == 0;
}

bool stock_import_add(struct stock_import *import, const struct contract *contract,
		      enum stock_format format, struct err *e)
{
	TALLOC_CTX *mem;
	char *issuer;

	/* Once per statement: what came before is written first, then replaced. */
	if (stock_index_get(import->ids, contract->contract_id) && !batch_write(import, e))
		return false;
	*stock_index_at(import->ids, contract->contract_id) = import;
	mem = talloc_new(import->batch);
	issuer = stock_issuer(import->insurers, contract->vu, mem);
	json_array_append_new(import->contracts, contract_row(contract, issuer, format));
	add_names(import, contract, issuer, mem);
	talloc_free(mem);
	return ++import->count < BATCH || batch_write(import, e);
}

bool stock_import_end(struct stock_import *import, struct import_counts *counts, struct err *e)
{
	if (import->count > 0 && !batch_write(import, e))
		return false;
	*counts = import->counts;
	return true;
}
