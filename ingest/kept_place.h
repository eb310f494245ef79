/* kept_place.h -- where in a kept answer the reader stumbled: "... at byte 4711" of its sentence, as line and column. */
#ifndef INGEST_KEPT_PLACE_H
#define INGEST_KEPT_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/blob.h"

/* With several parts the byte is the XML part's, and the line is not known. */
struct kept_place {
	bool known;
	unsigned long long byte, line, column; /* line 0: not known; the others from 0 and 1 */
};

/* blobs, raw (SHA-256 of what was kept), content_type and sentence may be NULL. Lines are counted up to byte `most`; what cannot
 * be read is not known. */
void kept_place_find(struct kept_place *place, struct blob_store *blobs, const char *raw,
		     const char *content_type, const char *sentence, uint64_t most);

#endif
