/* stock_csv.h -- the stock from CSV: the head names the columns, each row is a contract. */
#ifndef MATCHER_STOCK_CSV_H
#define MATCHER_STOCK_CSV_H

#include "matcher/stock.h"
#include "matcher/stock_input.h"

/* As stock_read. Needs the columns vu and number in the head, in any order; others may be missing or unknown.
 * Fails ERR_DELIVERY if they are not there. */
bool stock_csv_read(struct stock_input *in, const struct csv_mapping *mapping,
		    const struct stock_sink *sink, struct stock_counts *counts, struct err *e);

#endif
