/*
 * digest.h -- queue.digest: once a day, what waits for a person. Counts by reason and connection;
 * nothing about documents or customers.
 */
#ifndef EVENTS_DIGEST_H
#define EVENTS_DIGEST_H

#include <stdbool.h>
#include <talloc.h>

#include "base/err.h"
#include "store/db.h"

#define DIGEST_NOW   -1 /* do not wait for an hour */
#define DIGEST_NEVER 24

struct digest {
	const char *day; /* "2025-03-03", German time; NULL: not due, or that day has one already */
	const char *
		data; /* JSON: {broker, day, waiting, since_yesterday, oldest, by_reason, by_connection} */
	bool written;
};

/*
 * digest_run -- write the digest of today, if it is due and nobody has; any number of processes may
 * ask.
 *   hour     0 to 23, German time, from which it is due; DIGEST_NOW; DIGEST_NEVER
 *   dry_run  only make the data, also of a day that has one
 *   takes    one statement
 *   fails    ERR_RETRY
 * Text is a child of mem.
 */
bool digest_run(struct digest *digest, struct db *db, const char *broker, int hour, bool dry_run,
		TALLOC_CTX *mem, struct err *e);

#endif
