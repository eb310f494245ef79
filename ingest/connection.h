/*
 * connection.h -- one insurer endpoint with one credential: a row of the connection table in
 * memory. The secret itself is never in the database: the row names a file.
 */
#ifndef INGEST_CONNECTION_H
#define INGEST_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "model/profile.h"
#include "store/db.h"

/* Strings are NULL where the row has null. Times are RFC 3339 in UTC, for people. */
struct connection {
	char *broker, *name, *issuer;
	char *sts_url, *transfer_url;
	char *login; /* a word of login_kind_words; NULL: the profile's */
	char *username;
	char *secret_file; /* password, pass phrase of the key, assertion, token: as the login wants */
	char *key_file, *certificate_file; /* identity.h */
	char *ca_file;                     /* NULL: the system's certificates */
	char *ca_crl_file;                 /* NULL: revocation of servers is not checked */
	char *signature; /* a word of signature_policy_words; NULL: the profile's */
	char *trust_file, *crl_file, *signer; /* trust.h: who signs answers */
	char *consumer_id;
	char *acknowledge;       /* a word of acknowledge_mode_words; NULL: the profile's */
	int acknowledge_after_h; /* -1: the profile's */
	int poll_interval_s;     /* 0: the profile's */
	bool paused;
	char *pause_reason;
	char *due_at, *last_attempt_at, *last_success_at;
	char *last_error;
	int failures; /* in a row */
	int expiring; /* shipments not here that the insurer keeps for EXPIRY_WARN_DAYS at most */
};

/* What holds for it: its own word, else the profile's. */
enum acknowledge_mode connection_acknowledge(const struct connection *connection,
					     const struct profile *profile);
/* Seconds from storing to acknowledging, 0 for automatic; -1: only a person releases it. */
int64_t connection_acknowledge_s(const struct connection *connection,
				 const struct profile *profile);

/* Child of mem. Fails ERR_MISSING if there is none of that name. */
bool connection_load(struct connection **connection, struct db *db, const char *broker,
		     const char *name, TALLOC_CTX *mem, struct err *e);

/* All of a broker, by name; a talloc array, child of mem (an empty one is not NULL). */
bool connection_all(struct connection **connections, size_t *count, struct db *db,
		    const char *broker, TALLOC_CTX *mem, struct err *e);

/*
 * Is it usable with this profile? Addresses are https, what its login needs is given and nothing that belongs to another
 * one (login.h), a ConsumerID is there if the insurer wants one, the acknowledge
 * mode is one. Touches neither network nor files. Fails ERR_USAGE.
 */
bool connection_check(const struct connection *connection, const struct profile *profile,
		      bool allow_plain, struct err *e);

/* Write the row (due at once). Fails ERR_REFUSED if the name is taken. */
bool connection_add(struct db *db, const struct connection *connection, struct err *e);

/* Write the addresses, credential, trust and interval of a connection that is there. Fails ERR_MISSING. */
bool connection_change(struct db *db, const struct connection *connection, struct err *e);

/* Remove one of which no shipment is known. Fails ERR_MISSING; ERR_REFUSED: it has shipments or is worked on. */
bool connection_remove(struct db *db, const char *broker, const char *name, struct err *e);

/* A paused connection is not due until it is resumed; resuming makes it due at once and lifts the insurer's Retry-After, for
 * all of his connections; its failures in a row count on. Both may be repeated. Fail ERR_MISSING. */
bool connection_pause(struct db *db, const char *broker, const char *name, const char *reason,
		      struct err *e);

/* What a resume lifted: until when the insurer wanted to be left alone; NULL: he did not. Children of mem. */
struct resumed {
	const char *issuer, *until;
};
bool connection_resume(struct resumed *resumed, struct db *db, const char *broker, const char *name,
		       TALLOC_CTX *mem, struct err *e);

/* Make it due now; who polls takes it at the next opportunity. Fails ERR_MISSING; ERR_REFUSED: it is paused. */
bool connection_soon(struct db *db, const char *broker, const char *name, struct err *e);

#endif
