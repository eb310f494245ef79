/*
 * db.h -- one connection to PostgreSQL. Every statement is a file in store/sql/, embedded at build
 * and prepared when a connection first runs it, in the same round trip: whoever runs three of them
 * does not wait for all. enum sql (generated: sql_list.h) names them: store/sql/shipment_open.sql
 * is SQL_shipment_open.
 *
 * Values go and come as text; NULL is SQL null; times are in UTC. Reconnecting is the caller's: a
 * lost connection is ERR_RETRY, and db_again() makes a fresh one. A write that was on its way when
 * the connection went may be committed or not; whoever writes again must be able to find his own
 * traces.
 *
 * A connection belongs to the process that opened it; one that forks opens its own in the child.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "sql_list.h"

struct db;

/* Connect by conninfo (libpq) and check the schema's version. The connection is closed with mem. Fails ERR_RETRY (server away), ERR_SETUP (refused, schema too old or too
 * new). */
struct db *db_open(const char *conninfo, TALLOC_CTX *mem, struct err *e);

/*
 * The same as another role of the database, which may less: as WEB_ROLE it sees the rows of one broker, that of db_for, and
 * of none before (the migration web_role). Fails, too, if the login is no member of the role: ERR_SETUP.
 */
#define WEB_ROLE "vorpost_web"
struct db *db_open_as(const char *conninfo, const char *role, TALLOC_CTX *mem, struct err *e);

/* Would this role see the rows of one broker only? missing: NULL, or what is not as the migrations made it, in words; child of
 * mem. Errors as db_run. */
bool db_protected(char **missing, struct db *db, const char *role, TALLOC_CTX *mem, struct err *e);

/* Does the database take each statement? Asks for all that this connection did not run yet. Fails as db_run, ERR_BUG with the
 * first statement's name: somebody changed the schema by hand. */
bool db_fits(struct db *db, struct err *e);

/* Whose rows are seen from now on, also on a connection that is made again; NULL: nobody's. Errors as db_run. Not within a
 * transaction. */
bool db_for(struct db *db, const char *broker, struct err *e);

/* Drop the connection and make a fresh one, same conninfo. */
bool db_again(struct db *db, struct err *e);

/*
 * Run one statement. rows may be NULL if nothing is asked; else it becomes a child of mem. Success
 * means committed and durable, unless a transaction is open or the statement's file says "--
 * durability: relaxed" (then committed: a power cut may undo it, a crash of PostgreSQL or vorpost
 * does not). One round trip either way. Fails ERR_RETRY (connection lost, 40001, 40P01, 57P0x, time
 * limits, disk full), ERR_CONFLICT (unique violation 23505), ERR_SETUP (a right is missing, 42501),
 * ERR_DELIVERY (a value is no UTF-8 or has a NUL in its JSON: the fault of the document it came from),
 * ERR_BUG (anything else; the text holds SQLSTATE and the statement's name, never a value).
 */
struct rows;
bool db_run(struct db *db, enum sql statement, int count, const char *const *values,
	    struct rows **rows, TALLOC_CTX *mem, struct err *e);

/* db_call(db, SQL_x, &rows, mem, e, "value", other) */
#define db_call(db, statement, rows, mem, e, ...)                                                  \
	db_run(db, statement,                                                                      \
	       (int)(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)),               \
	       (const char *const[]){ __VA_ARGS__ }, rows, mem, e)

/*
 * The two halves of db_run: send, and wait for the answer. In between the statement is on its way
 * and may be done or not: crash points stand there, and work that does not need the database. After
 * a db_send that succeeded db_receive must follow before anything else runs on this connection;
 * errors as db_run.
 */
bool db_send(struct db *db, enum sql statement, int count, const char *const *values,
	     struct err *e);
bool db_receive(struct db *db, struct rows **rows, TALLOC_CTX *mem, struct err *e);

/* Whom to tell that events wait: after the commit of a statement whose file says "-- wakes: sequencer",
 * alone or in a transaction, the one who listens in this state folder is poked (base/wake.h). */
void db_wakes(struct db *db, const char *state_folder);

/* Several statements as one transaction. A failed db_run inside leaves it to be rolled back. */
bool db_begin(struct db *db, struct err *e);
bool db_commit(struct db *db, struct err *e);
void db_rollback(struct db *db);

int rows_count(const struct rows *rows);
const char *rows_text(const struct rows *rows, int row, const char *column); /* NULL for SQL null */
int64_t rows_int(const struct rows *rows, int row, const char *column);      /* 0 for SQL null */
bool rows_bool(const struct rows *rows, int row, const char *column);

/* Run the forward-only migrations that are missing, each in one transaction with its checksum; two
 * processes may do so at once. applied (how many ran here) may be NULL. Fails ERR_SETUP if the
 * schema is newer than this program, a migration was changed after it ran (names the file), or WEB_ROLE is missing and
 * the login may not make it (says what an administrator does); else as db_open. */
bool db_migrate(const char *conninfo, int *applied, struct err *e);

#endif
