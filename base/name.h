/*
 * name.h -- names that an operator gives (connections, endpoints): they stand in events, logs, file names and command
 * lines of other programs, and need no quoting anywhere.
 */
#ifndef BASE_NAME_H
#define BASE_NAME_H

#include <stdbool.h>

#include "base/err.h"

#define NAME_BYTES_MOST 48

/* 1 to 48 of a-z A-Z 0-9 - _ and '.', the first a letter or digit. what: "a connection's name". Fails ERR_USAGE. */
bool name_check(const char *name, const char *what, struct err *e);

#endif
