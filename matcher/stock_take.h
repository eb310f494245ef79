/*
 * stock_take.h -- taking files of the stock over: one transaction, all files or none. What a source's whole delivery does not
 * mention any more is marked, and what waits for a contract is due to be matched again. A dry run does everything and takes it
 * back.
 *
 * The one who takes is told as it goes; nothing is printed here.
 */
#ifndef MATCHER_STOCK_TAKE_H
#define MATCHER_STOCK_TAKE_H

#include "matcher/csv_mapping.h"
#include "matcher/stock.h"
#include "matcher/stock_import.h"
#include "matcher/stock_vanish.h"

#define VANISH_PERCENT 20 /* more need a person's word */

struct stock_order {
	struct db *db;
	const char *broker;
	const struct insurers *insurers;
	const struct csv_mapping *mapping; /* NULL: the heads are ours */
	const char *source; /* of CSV that holds all contracts of it; NULL: nobody says */
	bool partial;       /* the files are a part: nothing vanishes */
	bool many_vanished; /* more than VANISH_PERCENT may vanish */
	bool dry_run;
	int own_s; /* rematch_due_add */

	/* Each may be NULL. */
	void *self;
	void (*waits)(
		void *self); /* somebody else works at the stock: once, before the first file */
	void (*progress)(void *self, const struct stock_counts *counts); /* at every contract */
	void (*problem)(void *self, const struct stock_counts *counts, uint64_t record,
			bool skipped, const char *sentence);
	void (*change)(void *self, const struct contract_change *change);
	void (*vanished)(void *self, const struct vanished *vanished); /* once a source */
	void (*unmarked)(void *self, const char *why); /* nothing can vanish: a sentence */
};

struct stock_take;

/* Begins the transaction, when no other import of the broker runs any more; order must live as long. NULL on error. */
struct stock_take *stock_take_begin(const struct stock_order *order, TALLOC_CTX *mem,
				    struct err *e);

/* One file, to its end. Fails as stock_read and stock_import_end. */
bool stock_take_file(struct stock_take *take, FILE *file, struct stock_counts *read,
		     struct import_counts *counts, struct err *e);

/*
 * Marks, and commits or (dry run) takes back. *changed: the stock is another one now, or would be.
 * Fails ERR_REFUSED (too many would vanish), ERR_USAGE (a source was named and there was no CSV), and as db_run; then
 * nothing is written.
 */
bool stock_take_end(struct stock_take *take, bool *changed, struct err *e);

/* Give up: nothing is written. Also when the take is freed before its end. */
void stock_take_drop(struct stock_take *take);

#endif
