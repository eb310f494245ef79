/*
 * spool.h -- the raw answer beside its reading: an unlinked file, so that an answer which cannot be
 * read can still be kept for quarantine, and a crash leaves nothing behind.
 *
 * One spool serves all answers of a worker in turn: writing over cached pages is much cheaper than
 * new ones. It is not durable; blob_keep(spool_fd, spool_len) makes it so.
 *
 * The reading process takes the bytes from here (reading.h), and could see what stands beyond the answer: spool_clear
 * before it is somebody else's.
 */
#ifndef INGEST_SPOOL_H
#define INGEST_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"

#define SPOOL_KEEP_BYTES (64ll * 1024 * 1024) /* a file that grew beyond gives its space back */

struct spool;

/* In this folder, which must exist; child of mem. Fails ERR_SETUP, or ERR_RETRY if only descriptors
 * ran out. */
struct spool *spool_open(const char *folder, TALLOC_CTX *mem, struct err *e);

/* The next answer begins. */
void spool_rewind(struct spool *spool);

/* Nothing of any answer is left in it. Fails ERR_RETRY: disk broken. */
bool spool_clear(struct spool *spool, struct err *e);

/* Fails ERR_RETRY: disk full or broken. */
bool spool_write(struct spool *spool, const void *bytes, size_t len, struct err *e);

int spool_fd(const struct spool *spool);       /* bytes from offset 0 on; beyond spool_len is old */
uint64_t spool_len(const struct spool *spool); /* of the answer */

/* A descriptor of the same for reading only, which may be handed over. No spool, none. */
const int *spool_view(const struct spool *spool);

#endif
