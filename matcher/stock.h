/*
 * stock.h -- the broker's stock, from the files that insurers and broker programs give out: GDV
 * records of 256 bytes or CSV, told apart by content (docs/stock.md).
 *
 * Nothing is passed over silently: what cannot be read is reported with the number of its record
 * (GDV) or row (CSV, the head is row 1), and the rest is still read. Sentences hold no names and no
 * policy numbers.
 */
#ifndef MATCHER_STOCK_H
#define MATCHER_STOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <talloc.h>

#include "base/err.h"
#include "model/contract.h"

enum stock_format { STOCK_GDV, STOCK_CSV };

struct stock_counts {
	enum stock_format format;
	uint64_t records;     /* read, good or bad; CSV: rows without the head */
	uint64_t contracts;   /* handed to the sink */
	uint64_t skipped;     /* records or rows that could not be used */
	uint64_t refused;     /* numbers that can be none; their contracts are kept without */
	uint64_t passed_over; /* sound records of kinds that say nothing about the stock */
	uint64_t problems;    /* sentences reported */
	uint64_t deliveries;  /* GDV: from 0001 to 9999 */
	uint64_t incomplete;  /* deliveries that say themselves that something is missing */
	unsigned code_pages;  /* a bit for each enum code_page that was found */
};

/* Nothing was skipped or refused, and no delivery says that something is missing. */
bool stock_whole(const struct stock_counts *counts);

/* "ISO-8859-1, CP850"; child of mem. */
char *stock_code_pages(const struct stock_counts *counts, TALLOC_CTX *mem);

/* Who takes what is read. The contract lives until the call returns. */
struct stock_sink {
	void *self;
	/* false ends the reading; e says why */
	bool (*contract)(void *self, const struct contract *contract, struct err *e);
	/* record 0: the file or the delivery as a whole; skipped: the record was not used */
	void (*problem)(void *self, uint64_t record, bool skipped, const char *sentence);
};

/*
 * The field that a reported sentence is about, as the sentence names it: our column of a CSV, "0200 part 2, field 13" of GDV; NULL: the
 * record or the file as a whole. Child of mem.
 */
char *stock_problem_field(const char *sentence, TALLOC_CTX *mem);

struct csv_mapping; /* matcher/csv_mapping.h */

/*
 * Read a file to its end. in need not be seekable. mapping: for a CSV with other heads, else NULL.
 *   memory  grows with the contracts of one delivery (GDV), not with the file; CSV keeps the contract ids
 *   fails   ERR_DELIVERY neither GDV nor CSV with our head
 *           ERR_RETRY    the file cannot be read
 *           or as sink->contract failed
 */
bool stock_read(FILE *in, const struct csv_mapping *mapping, const struct stock_sink *sink,
		struct stock_counts *counts, struct err *e);

/*
 * The end of the contract as far as it speaks against a document; NULL if it does not. GDV gives the
 * end of the running term, and contracts in force are renewed without a word until the next
 * delivery: only life insurance does end with its term.
 */
const char *stock_end(const struct contract *contract, enum stock_format format);

/* The head of the CSV, NULL-ended; stock_print writes one contract under it (RFC 4180, LF). */
extern const char *const stock_columns[];
#define STOCK_COLUMNS 15
void stock_print_head(FILE *out);
void stock_print(const struct contract *contract, FILE *out);

#endif
