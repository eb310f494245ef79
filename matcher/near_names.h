/*
 * near_names.h -- names of the stock that lie one slip of the pen from a number (normalizers/neighbour.h), for many
 * numbers in one look-up.
 *
 * The database finds them by an index of keys with a third left out: a slip lies within one third, or it changes
 * over the two characters around a cut (0020_name_part.sql). What it brings is looked at again here.
 */
#ifndef MATCHER_NEAR_NAMES_H
#define MATCHER_NEAR_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/err.h"
#include "normalizers/neighbour.h"
#include "store/db.h"

struct near_ask {
	const char *issuer, *key; /* belong to whoever asks */
};

struct near_name {
	size_t ask; /* index of who asked */
	char *key;  /* the name */
	enum neighbour how;
	size_t at; /* where both begin to differ */
};

struct near_names {
	struct near_ask *asks;
	size_t ask_count;
	struct near_name
		*items; /* after near_names_close: sorted by ask, how, at and key, each once */
	size_t count;
};

struct near_names *near_names_new(TALLOC_CTX *mem);

/* Ask for the neighbours of a key; the index that its names will have. */
size_t near_names_ask(struct near_names *near, const char *issuer, const char *key);

/* A name of the stock: taken if it is a neighbour of the key that was asked for. */
void near_names_take(struct near_names *near, size_t ask, const char *name);
void near_names_close(struct near_names *near);

/* One statement; none if nobody asks. Closed. Fails as db_run. */
bool near_names_find(struct near_names *near, struct db *db, const char *broker, struct err *e);

/* The first name of an ask, and how many. */
const struct near_name *near_names_of(const struct near_names *near, size_t ask, size_t *count);

#endif
