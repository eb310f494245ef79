/* release_text.h -- what became of a document's release, in words. */
#ifndef CMD_RELEASE_TEXT_H
#define CMD_RELEASE_TEXT_H

#include <stdint.h>
#include <stdio.h>
#include <talloc.h>

#include "base/err.h"
#include "store/db.h"

/* "at once", "in 40 s", "in 10 minutes"; child of mem. */
char *release_when(int64_t seconds, TALLOC_CTX *mem);

/*
 * After a decision about a document: what its customer hears of it, now or later, a line each. Runs the sequencer, so that
 * what was just committed is taken in.
 */
bool release_tell(FILE *out, struct db *db, const char *broker, const char *document_id,
		  TALLOC_CTX *mem, struct err *e);

#endif
