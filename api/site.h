/*
 * site.h -- the files of the page: read once when the server opens, then served from memory.
 *
 * Of FILE, FILE.br and FILE.gz the one is sent that the browser takes. A name with a hash (app-5XKQ2H3A.js) means the same bytes
 * for ever and is kept by browsers; everything else is asked for again and answered 304 by its ETag. A path that is no file
 * and has no ending is one of the page's own and gets index.html. Nothing here needs a login: what is secret comes
 * from the API.
 */
#ifndef API_SITE_H
#define API_SITE_H

#include <stdbool.h>
#include <talloc.h>

#include "api/route.h"
#include "base/err.h"

#define SITE_FILES_MOST 2000
#define SITE_BYTES_MOST (64 * 1024 * 1024)

struct site;

/* All files below the folder; what begins with a full stop is left out, links are not followed. NULL: ERR_SETUP, it has no
 * index.html, or too much. */
struct site *site_load(const char *folder, TALLOC_CTX *mem, struct err *e);

/* If the request is one for a file of the page: its route, and true. */
bool site_route(struct request *request);

#endif
