#include "store/pg.h"

#include <string.h>

/* Prefixes of SQLSTATE, first match wins; what is not here is our own mistake. */
static const struct {
	const char *prefix;
	enum err_kind kind;
	const char *means;
} routes[] = {
	{ "08", ERR_RETRY, "connection lost" },
	{ "22021", ERR_DELIVERY, "a value is not valid UTF-8" },
	{ "22P05", ERR_DELIVERY, "a value has a character that the database cannot hold" },
	{ "23505", ERR_CONFLICT, "already there" },
	{ "25006", ERR_RETRY, "database is read-only" },
	{ "25P03", ERR_RETRY, "transaction stood idle too long" },
	{ "40", ERR_RETRY, "lost against another transaction" },
	{ "42501", ERR_SETUP, "the role lacks a right" },
	{ "53", ERR_RETRY, "server is out of resources" },
	{ "55P03", ERR_RETRY, "a lock was not given in time" },
	{ "57014", ERR_RETRY, "time limit" },
	{ "57P", ERR_RETRY, "server is stopping or starting" },
	{ "58", ERR_RETRY, "server cannot read or write" },
};

static void notice_ignore(void *self, const PGresult *notice)
{
	(void)self;
	(void)notice;
}

/* The message names hosts, roles and databases, never a password. */
static bool connect_fail(const PGconn *conn, enum err_kind kind, struct err *e)
{
	const char *text = PQerrorMessage(conn);

	return err_set(e, kind, "database: %.*s", (int)strcspn(text, "\n"), text);
}

static PGconn *connect_once(const char *conninfo)
{
	const char *const keys[] = { "application_name",    "connect_timeout",  "keepalives_idle",
				     "keepalives_interval", "keepalives_count", "tcp_user_timeout",
				     "client_encoding",     "dbname",           NULL };
	const char *const values[] = { "vorpost", "10",   "30",     "10", "3",
				       "30000",   "UTF8", conninfo, NULL };
	PGconn *conn = PQconnectdbParams(keys, values, 1);

	if (conn)
		PQsetNoticeReceiver(conn, notice_ignore, NULL);
	return conn;
}

/* libpq does not tell why a connection failed, but it tells whether a server is there at all. */
static enum err_kind refusal_kind(const PGconn *conn, const char *conninfo)
{
	switch (PQping(conninfo)) {
	case PQPING_OK:
		return strstr(PQerrorMessage(conn), "too many") ||
				       strstr(PQerrorMessage(conn), "connection slots")
			       ? ERR_RETRY
			       : ERR_SETUP;
	case PQPING_NO_ATTEMPT:
		return ERR_SETUP;
	default:
		return ERR_RETRY;
	}
}

/* A second try before ERR_SETUP is said: the server may have come up between the failure and the
 * question. */
PGconn *pg_connect(const char *conninfo, struct err *e)
{
	PGconn *conn = connect_once(conninfo);
	enum err_kind kind;

	if (PQstatus(conn) == CONNECTION_OK)
		return conn;
	kind = refusal_kind(conn, conninfo);
	if (kind == ERR_SETUP) {
		PQfinish(conn);
		conn = connect_once(conninfo);
		if (PQstatus(conn) == CONNECTION_OK)
			return conn;
		kind = refusal_kind(conn, conninfo);
	}
	connect_fail(conn, kind, e);
	PQfinish(conn);
	return NULL;
}

/* Names of tables and constraints are the schema's; the message itself may quote a value and stays
 * out. */
static bool fail_by_state(const PGresult *result, const char *state, const char *what,
			  struct err *e)
{
	const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
	const char *means = "refused by PostgreSQL";
	enum err_kind kind = ERR_BUG;

	for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
		if (!strncmp(state, routes[i].prefix, strlen(routes[i].prefix))) {
			kind = routes[i].kind;
			means = routes[i].means;
			break;
		}
	}
	if (e && e->kind == ERR_NONE)
		e->outrun = !strncmp(state, "40", 2);
	return err_set(e, kind, "statement %s: %s (SQLSTATE %s%s%s)", what, means, state,
		       constraint ? ", constraint " : "", constraint ? constraint : "");
}

/* An error without SQLSTATE is libpq's own. Where a server went with a last notice, what was sent
 * is lost, the notice is read, and the connection still counts as one. */
static bool line_is_lost(const PGconn *conn, const PGresult *result)
{
	return PQstatus(conn) != CONNECTION_OK ||
	       (result && PQresultStatus(result) == PGRES_FATAL_ERROR);
}

bool pg_fail(PGconn *conn, const PGresult *result, const char *what, struct err *e)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (state)
		return fail_by_state(result, state, what, e);
	if (line_is_lost(conn, result))
		return err_set(e, ERR_RETRY, "statement %s: connection to the database lost", what);
	return err_set(e, ERR_BUG, "statement %s: %s where a result was expected", what,
		       result ? PQresStatus(PQresultStatus(result)) : "nothing");
}

bool pg_command(PGconn *conn, const char *text, const char *what, PGresult **result, struct err *e)
{
	PGresult *got = PQexec(conn, text);
	ExecStatusType status = PQresultStatus(got);
	bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

	if (!ok)
		pg_fail(conn, got, what, e);
	if (ok && result)
		*result = got;
	else
		PQclear(got);
	return ok;
}
