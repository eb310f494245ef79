/*
 * document_sink.h -- where a reader puts the bytes of a document while it decodes them.
 *
 * The reader calls open, write any number of times, then close (with the digest) or abandon. One
 * document is open at a time for an inline answer and for multipart. The store's sink writes
 * durable files; the offline reader's sink only counts and hashes. Bytes reach their final name
 * only in close.
 */
#ifndef MODEL_DOCUMENT_SINK_H
#define MODEL_DOCUMENT_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/delivery.h"

struct document_sink {
	void *self;
	bool (*open)(void *self, struct err *e);
	bool (*write)(void *self, const void *bytes, size_t len, struct err *e);
	/* fills size and sha256 */
	bool (*close)(void *self, uint64_t *size, char sha256[SHA256_TEXT_SIZE], struct err *e);
	void (*abandon)(void *self); /* also right when nothing is open */
};

#endif
