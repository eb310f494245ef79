/*
 * gdv_spill.h -- records of a delivery that is too large to be held, laid aside in files that are gone when they are
 * closed. All records of a number come into the same one of GDV_SPILLS, so that each can be read by itself later:
 * memory is that of a small part of the delivery, wherever in it the records of a number stand.
 */
#ifndef MATCHER_GDV_SPILL_H
#define MATCHER_GDV_SPILL_H

#include <stdint.h>

#include "base/err.h"
#include "matcher/gdv_record.h"

#define GDV_SPILLS 256

struct gdv_spill;

struct gdv_spill *gdv_spill_new(TALLOC_CTX *mem);

/* Fails ERR_RETRY: no room for temporary files. */
bool gdv_spill_put(struct gdv_spill *spill, uint64_t fingerprint, const struct gdv_record *record,
		   struct err *e);

/* Go to the begin of a part; then its records, in the order they came, until false with e untouched. */
void gdv_spill_start(struct gdv_spill *spill, int part);
bool gdv_spill_next(struct gdv_spill *spill, struct gdv_record *record, struct err *e);

#endif
