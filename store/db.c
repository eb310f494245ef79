#include "store/db.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/wake.h"
#include "store/db_inside.h"
#include "store/pg.h"
#include "store/rows.h"

/* File stems have no dots: these names cannot meet those of store/sql/. */
#define GREET "vorpost.greet"
#define RELAX "vorpost.relax"

struct db {
	PGconn *conn; /* NULL after a db_again that failed */
	char *conninfo;
	const struct sql_text *texts;
	int count;
	int version;    /* of the schema that the statements are written for */
	bool *prepared; /* one a statement: does this connection know it? */
	int sent;       /* statement on its way, -1: none */
	int ahead;      /* what was sent before it in one pipeline; 0: it went alone */
	pid_t owner;
	char *role;        /* NULL: the login's own */
	char *broker;      /* db_for's; NULL: nobody's */
	char *wake_folder; /* NULL: nobody is told */
	bool *wakes;       /* one a statement: does it write events? */
	bool wake_due;     /* one of the open transaction did */
};

/* Limits, so that nothing hangs for ever on a lock or a forgotten transaction; then the schema's
 * version. */
static const char greet_text[] =
	"select set_config('statement_timeout', '120s', false),"
	" set_config('lock_timeout', '20s', false),"
	" set_config('idle_in_transaction_session_timeout', '120s', false),"
	" set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO', false),"
	" set_config('jit', 'off', false),"
	" (select max(version) from schema_version) as version";

static const char role_text[] = "select set_config('role', $1, false)";
static const char broker_text[] = "select set_config('vorpost.broker', $1, false)";

/* "local": until the end of the transaction, which in a pipeline is its end. */
static const char relax_text[] = "select set_config('synchronous_commit', 'off', true)";

/* A forked child must not say goodbye on its parent's connection: the memory is left to the child's
 * end. */
static int db_destroy(struct db *db)
{
	if (db->conn && db->owner == getpid())
		PQfinish(db->conn);
	return 0;
}

static bool start_send(struct db *db)
{
	PGconn *conn = db->conn;

	return PQenterPipelineMode(conn) &&
	       PQsendQueryParams(conn, greet_text, 0, NULL, NULL, NULL, NULL, 0) &&
	       PQsendPrepare(conn, RELAX, relax_text, 0, NULL) && PQpipelineSync(conn);
}

static bool greet_check(struct db *db, const PGresult *result, struct err *e)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (state && !strcmp(state, "42P01")) /* no table schema_version */
		return schema_check(0, db->version, e);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		return pg_fail(db->conn, result, GREET, e);
	return schema_check(atoi(PQgetvalue(result, 0, PQfnumber(result, "version"))), db->version,
			    e);
}

/* The connection is thrown away if this fails. */
static bool start_receive(struct db *db, struct err *e)
{
	PGresult *greeted = PQgetResult(db->conn), *relax = NULL;
	bool ok = greet_check(db, greeted, e);

	PQclear(greeted);
	PQclear(PQgetResult(db->conn)); /* a NULL after each */
	if (ok)
		relax = PQgetResult(db->conn);
	if (ok && PQresultStatus(relax) != PGRES_COMMAND_OK)
		ok = pg_fail(db->conn, relax, RELAX, e);
	PQclear(relax);
	if (!ok)
		return false;
	PQclear(PQgetResult(db->conn));
	PQclear(PQgetResult(db->conn)); /* the end of the pipeline */
	return PQexitPipelineMode(db->conn) || pg_fail(db->conn, NULL, GREET, e);
}

static bool setting_make(struct db *db, const char *text, const char *value, struct err *e)
{
	PGresult *result = PQexecParams(db->conn, text, 1, NULL, &value, NULL, NULL, 0);
	bool ok = PQresultStatus(result) == PGRES_TUPLES_OK;

	if (!ok)
		pg_fail(db->conn, result, text, e);
	PQclear(result);
	return ok;
}

bool db_protected(char **missing, struct db *db, const char *role, TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows = NULL;

	*missing = NULL;
	if (!db_call(db, SQL_web_unprotected, &rows, mem, e, role))
		return false;
	for (int i = 0; i < rows_count(rows); i++)
		*missing =
			talloc_asprintf_append(*missing ? *missing : talloc_strdup(mem, ""), "%s%s",
					       i ? "; " : "", rows_text(rows, i, "missing"));
	return true;
}

/* Better no answer than one with the rows of others. */
static bool role_take(struct db *db, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *missing;
	bool ok = db_protected(&missing, db, db->role, mem, e);

	if (ok && missing)
		ok = err_set(
			e, ERR_SETUP,
			"brokers are not kept apart in this database: %s (docs/operations.md, Several brokers)",
			missing);
	talloc_free(mem);
	return ok && setting_make(db, role_text, db->role, e);
}

/* Rights count when a statement runs, not when it is prepared. */
static bool rights_take(struct db *db, struct err *e)
{
	return (!db->role || role_take(db, e)) &&
	       (!db->broker || setting_make(db, broker_text, db->broker, e));
}

static bool db_connect(struct db *db, struct err *e)
{
	db->conn = pg_connect(db->conninfo, e);
	if (!db->conn)
		return false;
	db->owner = getpid();
	db->sent = -1;
	memset(db->prepared, 0, (size_t)db->count * sizeof *db->prepared);
	if (!start_send(db))
		pg_fail(db->conn, NULL, GREET, e);
	else if (start_receive(db, e) && rights_take(db, e))
		return true;
	PQfinish(db->conn);
	db->conn = NULL;
	return false;
}

bool db_fits(struct db *db, struct err *e)
{
	if (!db->conn)
		return err_set(e, ERR_RETRY, "not connected to the database");
	for (int i = 0; i < db->count; i++) {
		const struct sql_text *text = &db->texts[i];
		PGresult *result;
		bool ok = true;

		if (db->prepared[i])
			continue;
		result = PQprepare(db->conn, text->name, text->text, 0, NULL);
		if (PQresultStatus(result) != PGRES_COMMAND_OK)
			ok = pg_fail(db->conn, result, text->name, e);
		PQclear(result);
		if (!ok)
			return false;
		db->prepared[i] = true;
	}
	return true;
}

struct db *db_open_list(const char *conninfo, const struct sql_text *texts, int count, int version,
			TALLOC_CTX *mem, struct err *e)
{
	struct db *db = talloc_zero(mem, struct db);

	db->conninfo = talloc_strdup(db, conninfo);
	db->texts = texts;
	db->count = count;
	db->version = version;
	db->prepared = talloc_zero_array(db, bool, count);
	talloc_set_destructor(db, db_destroy);
	if (!db_connect(db, e))
		TALLOC_FREE(db);
	return db;
}

struct db *db_open(const char *conninfo, TALLOC_CTX *mem, struct err *e)
{
	return db_open_list(conninfo, sql_texts, SQL_COUNT, migration_count, mem, e);
}

struct db *db_open_as(const char *conninfo, const char *role, TALLOC_CTX *mem, struct err *e)
{
	struct db *db = db_open(conninfo, mem, e);

	if (!db)
		return NULL;
	db->role = talloc_strdup(db, role);
	if (!rights_take(db, e))
		TALLOC_FREE(db);
	return db;
}

bool db_for(struct db *db, const char *broker, struct err *e)
{
	if (db->broker && broker && !strcmp(db->broker, broker))
		return true;
	if (!db->conn)
		return err_set(e, ERR_RETRY, "not connected to the database");
	TALLOC_FREE(db->broker);
	if (!setting_make(db, broker_text, broker ? broker : "", e))
		return false;
	if (broker)
		db->broker = talloc_strdup(db, broker);
	return true;
}

bool db_again(struct db *db, struct err *e)
{
	db_destroy(db);
	db->conn = NULL;
	return db_connect(db, e);
}

/* With what goes ahead of it in the same round trip. */
static bool pipeline_send(struct db *db, const struct sql_text *text, bool prepare, bool relax,
			  int count, const char *const *values)
{
	PGconn *conn = db->conn;

	return PQenterPipelineMode(conn) &&
	       (!prepare || PQsendPrepare(conn, text->name, text->text, 0, NULL)) &&
	       (!relax || PQsendQueryPrepared(conn, RELAX, 0, NULL, NULL, NULL, 0)) &&
	       PQsendQueryPrepared(conn, text->name, count, values, NULL, NULL, 0) &&
	       PQpipelineSync(conn);
}

void db_wakes(struct db *db, const char *state_folder)
{
	db->wake_folder = talloc_strdup(db, state_folder);
	db->wakes = talloc_array(db, bool, db->count);
	for (int i = 0; i < db->count; i++)
		db->wakes[i] = strstr(db->texts[i].text, "\n-- wakes: sequencer\n") != NULL;
}

/* A statement went well: it is committed, or will be with its transaction. */
static void wake_after(struct db *db, int statement)
{
	if (!db->wake_folder || !db->wakes[statement])
		return;
	if (PQtransactionStatus(db->conn) == PQTRANS_IDLE)
		wake_poke(db->wake_folder);
	else
		db->wake_due = true;
}

/* Inside a transaction nothing is relaxed: the setting would reach what was written before and
 * comes after. */
bool db_send(struct db *db, enum sql statement, int count, const char *const *values, struct err *e)
{
	const struct sql_text *text = &db->texts[statement];
	bool prepare = !db->prepared[statement], relax, ok;

	if (!db->conn)
		return err_set(e, ERR_RETRY, "statement %s: not connected to the database",
			       text->name);
	relax = text->relaxed && PQtransactionStatus(db->conn) == PQTRANS_IDLE;
	db->ahead = prepare + relax;
	if (db->ahead)
		ok = pipeline_send(db, text, prepare, relax, count, values);
	else
		ok = PQsendQueryPrepared(db->conn, text->name, count, values, NULL, NULL, 0);
	if (!ok)
		return pg_fail(db->conn, NULL, text->name, e);
	db->sent = (int)statement;
	return true;
}

/* The end of a pipeline comes as a result of its own, and only then its transaction is committed.
 */
static PGresult *pipeline_finish(struct db *db, PGresult *last, bool *ok, struct err *e)
{
	PGresult *end = PQgetResult(db->conn);
	const char *name = db->texts[db->sent].name;

	if (PQresultStatus(end) != PGRES_PIPELINE_SYNC && *ok)
		*ok = pg_fail(db->conn, end, name, e);
	PQclear(end);
	if (!PQexitPipelineMode(db->conn) && *ok)
		*ok = pg_fail(db->conn, NULL, name, e);
	return last;
}

/*
 * Take results until NULL and keep the last. An error that comes after a good result counts: the
 * commit follows the statement, and the connection may be lost between the two.
 */
static PGresult *answer_take(struct db *db, bool *ok, struct err *e)
{
	PGresult *last = NULL, *next;

	while ((next = PQgetResult(db->conn))) {
		ExecStatusType status = PQresultStatus(next);

		PQclear(last);
		last = next;
		if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && *ok)
			*ok = pg_fail(db->conn, next, db->texts[db->sent].name, e);
		if (PQstatus(db->conn) != CONNECTION_OK)
			break;
	}
	return last;
}

bool db_receive(struct db *db, struct rows **rows, TALLOC_CTX *mem, struct err *e)
{
	PGresult *result;
	bool ok = true;

	if (db->sent < 0)
		return err_set(e, ERR_BUG, "db_receive without a statement on its way");
	for (int i = 0; i < db->ahead; i++) {
		PQclear(answer_take(db, &ok, e));
		db->prepared[db->sent] |= ok; /* if it had to be, that was the first */
	}
	result = answer_take(db, &ok, e);
	if (db->ahead)
		result = pipeline_finish(db, result, &ok, e);
	if (ok && (!result || PQstatus(db->conn) != CONNECTION_OK))
		ok = pg_fail(db->conn, NULL, db->texts[db->sent].name, e);
	if (ok)
		wake_after(db, db->sent);
	db->sent = -1;
	if (ok && rows)
		*rows = rows_of(result, mem);
	else
		PQclear(result);
	return ok;
}

bool db_run(struct db *db, enum sql statement, int count, const char *const *values,
	    struct rows **rows, TALLOC_CTX *mem, struct err *e)
{
	return db_send(db, statement, count, values, e) && db_receive(db, rows, mem, e);
}

bool db_begin(struct db *db, struct err *e)
{
	if (!db->conn)
		return err_set(e, ERR_RETRY, "begin: not connected to the database");
	db->wake_due = false;
	return pg_command(db->conn, "begin", "begin", NULL, e);
}

/* PostgreSQL answers the commit of a failed transaction with ROLLBACK and no error. */
bool db_commit(struct db *db, struct err *e)
{
	PGresult *result;
	bool done;

	if (!db->conn)
		return err_set(e, ERR_RETRY, "commit: not connected to the database");
	if (!pg_command(db->conn, "commit", "commit", &result, e))
		return false;
	done = !strcmp(PQcmdStatus(result), "COMMIT");
	PQclear(result);
	if (done && db->wake_due)
		wake_poke(db->wake_folder);
	return done || err_set(e, ERR_BUG, "commit: a statement of the transaction had failed");
}

void db_rollback(struct db *db)
{
	if (db->conn && PQtransactionStatus(db->conn) != PQTRANS_IDLE)
		PQclear(PQexec(db->conn, "rollback"));
}
