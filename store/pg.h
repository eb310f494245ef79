/* pg.h -- inside the room: libpq connections and what PostgreSQL's errors mean for the route. */
#ifndef STORE_PG_H
#define STORE_PG_H

#include <libpq-fe.h>

#include "base/err.h"

/*
 * Connect with vorpost's defaults (application name, time limits, keep-alives); conninfo overrules
 * them. NULL and ERR_RETRY (server away, starting, full) or ERR_SETUP (refused, conninfo
 * unreadable).
 */
PGconn *pg_connect(const char *conninfo, struct err *e);

/* Set e from a failed result (NULL: nothing came); what is the statement's name. Returns false. */
bool pg_fail(PGconn *conn, const PGresult *result, const char *what, struct err *e);

/* One command of our own without parameters. result may be NULL. */
bool pg_command(PGconn *conn, const char *text, const char *what, PGresult **result, struct err *e);

#endif
