/*
 * delivery_show.h -- `vorpost delivery show`: one shipment on its way from listing to acknowledgement: when, how often, the
 * sentence of what went wrong and its place in the answer, and what comes next.
 */
#ifndef CMD_DELIVERY_SHOW_H
#define CMD_DELIVERY_SHOW_H

#include "base/command.h"
#include "cmd/app.h"
#include "store/db.h"

#define SHIPMENT_SHOWN_MOST 60

extern const struct option_spec delivery_show_options[];

int delivery_show_run(struct invocation *in, struct err *e);

/* The row of delivery_find.sql for words CONNECTION SHIPMENT. Fails ERR_MISSING. */
bool shipment_find(struct app *app, const struct invocation *in, struct rows **row, struct err *e);

#endif
