/*
 * blob.h -- documents' bytes, content-addressed: FOLDER/ab/<sha256 in hex>, mode 0440, written once.
 * One level of 256 folders, made beforehand: a new folder per document would cost more than the document.
 *
 * Bytes reach their name only when they are durable: temporary file, fsync, rename, fsync of the
 * folder. A name that is already there with the same size is the same document: nothing is written
 * twice. A failed fsync is never repeated on the same file: the file is thrown away and the error
 * is ERR_RETRY.
 */
#ifndef STORE_BLOB_H
#define STORE_BLOB_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "model/delivery.h"
#include "model/document_sink.h"

struct blob_store;

/* Opens (and makes) the folder; temporary files older than an hour are swept. Fails ERR_SETUP. */
struct blob_store *blob_store_open(const char *folder, TALLOC_CTX *mem, struct err *e);

/* The sink that a reader writes documents to. Valid as long as the store; one open document at a
 * time. */
struct document_sink *blob_sink(struct blob_store *store);

/* A file that is already complete on disk (an answer kept for quarantine): from fd, offset 0, len
 * bytes. */
bool blob_keep(struct blob_store *store, int fd, uint64_t len, char sha256[SHA256_TEXT_SIZE],
	       struct err *e);

/* Read-only descriptor of a stored document, -1 and ERR_MISSING if absent. */
int blob_open(struct blob_store *store, const char *sha256, struct err *e);

#endif
