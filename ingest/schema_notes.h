/*
 * schema_notes.h -- a round's answers held against the operator's schemas (schema.h), and what comes of it written down: kinds of
 * breaches with their counts. It works on the answer that the spool holds, after its delivery is recorded or quarantined; it
 * takes a tenth of the round's time at most; and none of it can fail, because nothing depends on it.
 */
#ifndef INGEST_SCHEMA_NOTES_H
#define INGEST_SCHEMA_NOTES_H

#include <stdbool.h>

struct round;
struct schema_notes;

/* The answer in the spool. shipment_id NULL: a list. told: the shipment's row shall tell of it, for this is the answer that is stored
 * or kept. Does nothing where the poller has no schemas. */
void schema_note(struct round *round, const char *shipment_id, bool told);

/* When the round ends, whatever ended it: one statement, tried once, and the process is let go. */
void schema_notes_end(struct round *round);

#endif
