/* path.h -- paths that are kept: in full, because who uses them later works in another folder. */
#ifndef CMD_PATH_H
#define CMD_PATH_H

#include <talloc.h>

#include "base/err.h"

/* In full, also of a file that is not there yet, in a folder that is; child of mem. NULL, ERR_USAGE. */
char *path_full(const char *path, TALLOC_CTX *mem, struct err *e);

/* A secret file to be used from now on: made with fresh secrets of the kinds (events/secret_file.h) if it is not there (*made), and read
 * once, so that one that cannot be used is found now. Fails ERR_SETUP. */
bool path_secret_ready(bool *made, const char *path, int kinds, TALLOC_CTX *mem, struct err *e);

#endif
