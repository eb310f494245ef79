/*
 * gdv.h -- the stock from GDV deliveries: 0001 opens one, 9999 closes it; 0100 brings people, 0200
 * contracts, 0210 what a line of business adds. Field addresses: docs/stock.md.
 */
#ifndef MATCHER_GDV_H
#define MATCHER_GDV_H

#include "matcher/stock.h"
#include "matcher/stock_input.h"

/* As stock_read, from a file that looks like GDV. */
bool gdv_read(struct stock_input *in, const struct stock_sink *sink, struct stock_counts *counts,
	      struct err *e);

#endif
