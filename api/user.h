/* user.h -- people: what their roles are called and what they may, and what their names look like. */
#ifndef API_USER_H
#define API_USER_H

#include <stdbool.h>

#include "api/request.h"

#define USER_NAME_MOST  64
#define USER_SHOWN_MOST 200

/* "clerk", "lead", "operator", "read-only"; ROLE_NONE: "" */
const char *role_name(enum user_role role);

/* ROLE_NONE if there is no such role. */
enum user_role role_read(const char *name);

/* The scopes that a role gives. A lead may give any role, his own included. */
unsigned role_scopes(enum user_role role);

/* 1 to 64 of a-z 0-9 . _ -, the first a letter or digit. Fails ERR_USAGE. */
bool user_name_check(const char *name, struct err *e);

#endif
