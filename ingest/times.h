/*
 * times.h -- what an insurer's clock says in his answers, when it stands in another zone than Germany. Everything behind the reader takes
 * a time without an offset as German (clock.h); so it gets the offset that it was meant with.
 */
#ifndef INGEST_TIMES_H
#define INGEST_TIMES_H

#include "ingest/answer.h"
#include "model/profile.h"

/*
 * The times of the list and of the delivery; bare dates stay days. What the token service says of a token's end is not touched: without
 * an offset it is never believed for long (sts.h). New texts are children of the answer.
 */
void times_settle(struct answer *answer, const struct profile *profile);

#endif
