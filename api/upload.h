/*
 * upload.h -- a body that is too large for memory: it goes to a file without a name, which is gone with the request unless the
 * handler keeps it.
 */
#ifndef API_UPLOAD_H
#define API_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"

struct upload {
	int fd;
	uint64_t bytes;
};

/* In this folder; closed with mem. NULL: ERR_SETUP, the folder is not there or takes no file. */
struct upload *upload_open(const char *folder, TALLOC_CTX *mem, struct err *e);

/* Fails ERR_SETUP: the disk is full, or worse. */
bool upload_write(struct upload *upload, const char *data, size_t len, struct err *e);

/* Give it this path, which must not exist. It is not synchronised, which would hold up everybody else; who reads it later must
 * hold its size against upload->bytes. Fails ERR_SETUP. */
bool upload_keep(const struct upload *upload, const char *path, struct err *e);

#endif
