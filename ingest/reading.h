/*
 * reading.h -- one answer being read: in the cage, or in this process where no cage is given. The same in both: bytes are
 * pushed in, documents reach the sink, facts come out at the end.
 *
 * In the cage (base/cage.h) the program vorpost-reader runs MIME, XML, the signature and media sniffing. It never sees
 * the network, the store or a secret. This side writes the documents it hands back into the sink, computes their digests
 * itself, and checks what it says: it can at worst tell lies about the shipment that it was given.
 *
 * An answer that is kept in a file is read from there, and documents that stand in it as they are (MTOM) are handed back
 * by their place: no byte of either goes from process to process.
 *
 * A reading process reads for one connection only, and none that refused an answer, crashed or read a security token
 * reads another one.
 */
#ifndef INGEST_READING_H
#define INGEST_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/reader.h"
#include "ingest/trust.h"
#include "model/document_sink.h"
#include "model/profile.h"

/* Where answers are read for one worker: at most one reading process at a time. */
struct cage;

/* Nothing is started yet. Child of mem, with the process. */
struct cage *cage_new(TALLOC_CTX *mem);

/* Start the process that this connection's next answer will need, while there is other work to wait for. What fails here
 * fails again, and is told, when an answer comes. cage, kept_fd may be NULL. */
void cage_warm(struct cage *cage, const char *whose, enum signature_policy policy,
	       const int *kept_fd);

/* Start one and let it end: does it lock itself in? landlock: the kernel's version, 0: none. Fails ERR_SETUP, ERR_RETRY. */
bool cage_try(int *landlock, struct cage *cage, struct err *e);

struct reading_task {
	const char *whose;        /* the connection; NULL: nobody's */
	const char *content_type; /* the header as received, NULL if none */
	const char *expected_id;  /* the shipment that was asked for, NULL: any */
	struct reader_limits limits;
	struct document_sink *sink; /* NULL where no document is expected */
	/* A file that holds, from its first byte on, what was fed, before it is fed; NULL: none. */
	const int *kept_fd;
	enum signature_policy policy;
	const struct trust *trust; /* NULL: nobody; counts unless the policy is SIGNATURE_NONE */
	int64_t now_ms;            /* wall clock, for what a signature says */
};

struct reading;

/*
 * What the task points to must live as long as the reading. cage NULL: in this process. The reading and the answer are
 * children of mem. One reading at a time for a cage.
 */
struct reading *reading_begin(struct cage *cage, const struct reading_task *task, TALLOC_CTX *mem);

/*
 * The next bytes. Fails as reader_feed, perhaps later than that: what a process refuses is told by reading_end at the
 * latest. Also
 *   ERR_DELIVERY the reader crashed, came to no end, ran out of memory, tried what is forbidden to it: cage_ended
 *   ERR_RETRY    it could not be started or was ended from outside;  ERR_SETUP: it is not there or cannot lock itself in
 *   as the sink  fails
 */
bool reading_feed(struct reading *reading, const void *bytes, size_t len, struct err *e);

/* The end. Fails as reader_end, trust_read, and as reading_feed. */
bool reading_end(struct reading *reading, struct answer **answer, struct err *e);

/* After it failed: was it the insurer who refused (a fault or a status NOK)? */
bool reading_refused(const struct reading *reading);

/* After it failed: was only its end wrong? Then it may have been cut on the way. */
bool reading_lacks_end(const struct reading *reading);

#endif
