/* json_facts.h -- an answer as the JSON that `vorpost delivery read` prints. Persons are left out. */
#ifndef CMD_JSON_FACTS_H
#define CMD_JSON_FACTS_H

#include <jansson.h>

#include "ingest/reader.h"
#include "ingest/schema.h"

/*
 * A new reference. A delivery: {shipment, category, signature, transfers: [{business_case, numbers: [{kind, value}],
 * documents: [{name, media_type, size, sha256}]}]}; a list: {shipments: [{id, category, ...}]}; an acknowledgement or a
 * token (its text is a secret and left out): {answer, status, ...}. Further members stand behind these. Absent is null.
 */
json_t *json_facts(const struct answer *answer);

/* A new reference: {breaches: [{element, rule, detail, line, times}], times, gave_up}. */
json_t *json_schema(const struct schema_report *report);

#endif
