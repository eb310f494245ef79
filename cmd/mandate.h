/*
 * mandate.h -- letters about the broker's mandate (mandate_notices.sql) for people and machines: that deliveries stopped
 * (GeVo 130100000 to 130100002), that a contract went to another broker (130017002), that it may do so, that one came (130017001).
 */
#ifndef CMD_MANDATE_H
#define CMD_MANDATE_H

#include <jansson.h>
#include <talloc.h>

#include "store/db.h"

/* "2026-11-22T07:00:00Z 130100002 Einstellung ... (shipment 70001, queued)"; child of mem. */
const char *mandate_words(const struct rows *rows, int row, TALLOC_CTX *mem);

/* All rows: [{"received", "code", "meaning", "shipment", "document", "state"}], a new reference. */
json_t *mandate_json(const struct rows *rows);

#endif
