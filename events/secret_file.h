/*
 * secret_file.h -- the file that an endpoint's secrets live in: one a line, the newest first, at
 * most SECRETS_MAX.
 *
 * The database knows its path only. It must not be open to everybody; what is made here has mode
 * 0600. Changes are durable when the function returns and happen in one step: a reader sees the old
 * file or the new.
 */
#ifndef EVENTS_SECRET_FILE_H
#define EVENTS_SECRET_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/err.h"

#define SECRET_PREFIX "whsec_"
#define SECRETS_MAX   2

/* The lines of a secret file: pointers into its text. */
struct secret_lines {
	int count; /* 1 to SECRETS_MAX */
	const char *line[SECRETS_MAX];
	size_t len[SECRETS_MAX];
};

/* Fails ERR_SETUP: none, or too many. */
bool secret_lines_split(struct secret_lines *lines, const char *text, struct err *e);

/* The whole text, child of mem, wiped when freed. Fails ERR_SETUP: missing, open to everybody, too
 * big. */
char *secret_file_read(const char *path, TALLOC_CTX *mem, struct err *e);

/* A new file with one fresh secret. Fails ERR_REFUSED if the file is there (it is left alone),
 * ERR_SETUP. */
bool secret_file_make(const char *path, struct err *e);

/* Put a fresh secret in front; both are in use then. Fails ERR_REFUSED if two are already,
 * ERR_SETUP. */
bool secret_file_rotate(const char *path, struct err *e);

/* Keep the newest secret only. Fails ERR_REFUSED if there is only one, ERR_SETUP. */
bool secret_file_retire(const char *path, struct err *e);

#endif
