/* rows.h -- inside the room: how a result of libpq becomes rows. The faces are in db.h. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include <libpq-fe.h>
#include <talloc.h>

struct rows;

/* The rows own the result from now on. */
struct rows *rows_of(PGresult *result, TALLOC_CTX *mem);

#endif
