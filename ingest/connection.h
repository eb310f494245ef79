/*
 * connection.h -- one insurer endpoint with one credential: a row of the connection table in
 * memory. The secret itself is never in the database: the row names a file.
 */
#ifndef INGEST_CONNECTION_H
#define INGEST_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/err.h"
#include "model/profile.h"
#include "store/db.h"

#define SECRET_BYTES_MOST 4096

/* Strings are NULL where the row has null. Times are RFC 3339 in UTC, for people. */
struct connection {
	char *broker, *name, *issuer;
	char *sts_url, *transfer_url;
	char *username, *secret_file;
	char *ca_file; /* NULL: the system's certificates */
	char *consumer_id;
	int poll_interval_s; /* 0: the profile's */
	bool paused;
	char *pause_reason;
	char *due_at, *last_attempt_at, *last_success_at;
	char *last_error;
	int failures; /* in a row */
};

/* Child of mem. Fails ERR_MISSING if there is none of that name. */
bool connection_load(struct connection **connection, struct db *db, const char *broker,
		     const char *name, TALLOC_CTX *mem, struct err *e);

/* All of a broker, by name; a talloc array, child of mem (an empty one is not NULL). */
bool connection_all(struct connection **connections, size_t *count, struct db *db,
		    const char *broker, TALLOC_CTX *mem, struct err *e);

/*
 * Is it usable with this profile? Addresses are https, user and password file are given, a
 * ConsumerID is there if the insurer wants one. Touches neither network nor files. Fails ERR_USAGE.
 */
bool connection_check(const struct connection *connection, const struct profile *profile,
		      bool allow_plain, struct err *e);

/* Write the row (due at once). Fails ERR_REFUSED if the name is taken. */
bool connection_add(struct db *db, const struct connection *connection, struct err *e);

/* Write the addresses, credential, trust and interval of a connection that is there. Fails ERR_MISSING. */
bool connection_change(struct db *db, const struct connection *connection, struct err *e);

/* Remove one of which no shipment is known. Fails ERR_MISSING; ERR_REFUSED: it has shipments or is worked on. */
bool connection_remove(struct db *db, const char *broker, const char *name, struct err *e);

/* A paused connection is not due until it is resumed; resuming makes it due at once; its
 * failures in a row count on. Both may be repeated. Fail ERR_MISSING. */
bool connection_pause(struct db *db, const char *broker, const char *name, const char *reason,
		      struct err *e);
bool connection_resume(struct db *db, const char *broker, const char *name, struct err *e);

/*
 * The password: the file's content without its line end; child of mem, wiped when it is freed.
 * Fails ERR_SETUP: no file, not a regular file, others may read it, empty, too long, more than a
 * line, not UTF-8.
 */
char *connection_secret(const struct connection *connection, TALLOC_CTX *mem, struct err *e);

#endif
