/*
 * secret.h -- what must not be known to others, from the files that the rows of the database name: passwords, tokens,
 * assertions, private keys. Never from the command line or the environment, and never into a log, an error's sentence or a
 * core file: the first reading forbids this process to leave one.
 */
#ifndef INGEST_SECRET_H
#define INGEST_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/err.h"

#define SECRET_BYTES_MOST 4096 /* a password, a pass phrase */
#define TOKEN_BYTES_MOST  16384
#define SECRET_FILE_MOST  (256 * 1024) /* an assertion, a key with its certificates */

/* From now on this process leaves no core file, nor one of its children. */
void secret_no_core(void);

/*
 * A file's bytes, NUL-ended; child of mem, wiped when freed. what: "password file", for the sentence. Fails ERR_SETUP: no
 * file, not a regular one, others may read it, empty, more than `most` bytes.
 */
char *secret_bytes(size_t *len, const char *path, const char *what, size_t most, TALLOC_CTX *mem,
		   struct err *e);

/* One line without its end. Fails ERR_SETUP as above, and if there is more than a line or it is no UTF-8. */
char *secret_line(const char *path, const char *what, size_t most, TALLOC_CTX *mem, struct err *e);

#endif
