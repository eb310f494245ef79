/*
 * recording.h -- from an answer that was read to a delivery that is recorded, the same way whether the answer comes from
 * the insurer or from quarantine.
 */
#ifndef INGEST_RECORDING_H
#define INGEST_RECORDING_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/connection.h"
#include "ingest/poller.h"
#include "model/delivery.h"
#include "model/profile.h"
#include "model/recorder.h"

/* An answer as it came: the spool's, or one kept in the document store. */
struct raw_answer {
	int fd; /* its bytes from offset 0 on */
	uint64_t len;
	const char *content_type; /* NULL: unknown */
	int64_t answered_ms; /* when it came, wall clock: its signature is judged by this time */
};

/* Read a kept answer again, under the signature policy of its connection; its documents go to the poller's store. Fails as
 * reader_end and trusted_answer; ERR_DELIVERY also if it belongs to another operation or brings another shipment; ERR_SETUP
 * if the connection's files cannot be used. */
bool raw_answer_read(struct delivery **delivery, struct poller *poller,
		     const struct raw_answer *raw, const char *shipment_id,
		     const struct connection *connection, const struct profile *profile,
		     TALLOC_CTX *mem, struct err *e);

/* Who reads answers here: the program and its version. */
const char *read_by(const struct poller *poller);

/*
 * Make it durable: a transfer that brings data but no file gets the answer itself as its document, then the recorder takes
 * all, repeated while the database is away. counts grows by what was recorded. Fails as the recorder, and ERR_RETRY if the
 * answer cannot be kept. e may not be NULL.
 */
bool delivery_record(struct recorded *counts, struct poller *poller,
		     const struct delivery_source *source, struct delivery *delivery,
		     const struct raw_answer *raw, struct err *e);

#endif
