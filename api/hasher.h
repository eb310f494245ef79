/*
 * hasher.h -- passwords are digested beside the loop of the server, one at a time in a thread of its own, so that a
 * login takes nobody's time and never more than one password's memory.
 *
 * The thread sees copies only, never a talloc context; who gives up on a piece of work frees it at any time.
 */
#ifndef API_HASHER_H
#define API_HASHER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <talloc.h>

#include "api/password.h"

#define HASHER_MOST 32 /* that wait */

struct hasher;

struct hashing {
	const atomic_bool *ready; /* then the rest holds */
	bool right;               /* of hasher_compare */
	const char *stored;       /* of hasher_make; NULL: it went wrong */
	struct hash_work *work;   /* inside */
};

/* The thread starts with the first work. Ends with mem, after what it has in hand. */
struct hasher *hasher_new(TALLOC_CTX *mem);

/* Readable when something became ready; read from it with hasher_heard. */
int hasher_fd(const struct hasher *hasher);
void hasher_heard(struct hasher *hasher);

/* Child of mem; NULL: too many wait. stored as in password_right. */
struct hashing *hasher_compare(struct hasher *hasher, const char *stored, const char *password,
			       TALLOC_CTX *mem);
struct hashing *hasher_make(struct hasher *hasher, const char *password, TALLOC_CTX *mem);

/* Is it ready? Fills in the rest. */
bool hashing_ready(struct hashing *hashing);

#endif
