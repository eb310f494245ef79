/*
 * roles.h -- what the roles of serve have in common: a database connection that outlives the database.
 */
#ifndef CMD_ROLES_H
#define CMD_ROLES_H

#include "store/db.h"

/* Open, with patience: until it succeeds, the role is stopped, or the error is not one that passes. */
struct db *role_database(const char *conninfo, TALLOC_CTX *mem, struct err *e);

/* The connection was lost: make it again, with patience. False if the role is stopped. */
bool role_database_again(struct db *db);

#endif
