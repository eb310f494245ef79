/*
 * secret_file.h -- the file that an endpoint's secrets live in: one a line, the newest first, at
 * most two of a kind: whsec_ signs v1 (HMAC-SHA256), whsk_ signs v1a (Ed25519).
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

#define SECRET_PREFIX      "whsec_"
#define SECRET_PREFIX_SIGN "whsk_" /* base64 of the seed (32 bytes) and the public key (32) */
#define SECRET_PREFIX_OPEN "whpk_" /* the public key, for the receiver */
#define SECRETS_EACH       2       /* during a rotation */
#define SECRETS_MAX        4

enum secret_kinds { SECRET_V1 = 1, SECRET_V1A = 2 }; /* a set of bits */

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

/* A new file with one fresh secret of each kind. Fails ERR_REFUSED if the file is there (it is left alone),
 * ERR_SETUP. */
bool secret_file_make(const char *path, int kinds, struct err *e);

/* Which kind a line is, 0: neither. */
int secret_line_kind(const struct secret_lines *lines, int line);

/* Put a fresh secret of each kind in front; both are in use then. Fails ERR_REFUSED if a kind has
 * two already, ERR_SETUP. */
bool secret_file_rotate(const char *path, struct err *e);

/* Keep the newest secret of each kind only. Fails ERR_REFUSED if a kind has only one, ERR_SETUP. */
bool secret_file_retire(const char *path, struct err *e);

#endif
