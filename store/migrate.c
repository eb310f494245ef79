#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "store/db_inside.h"
#include "store/pg.h"

/*
 * Row 0 is there before the first migration: it is what two processes that migrate at once lock.
 * The table is made in a statement of its own; who loses that race finds it made.
 */
static const char table_text[] = "create table if not exists schema_version ("
				 " version int primary key,"
				 " name text not null,"
				 " checksum text not null,"
				 " applied_at timestamptz not null default now())";
static const char first_text[] =
	"insert into schema_version (version, name, checksum) values (0, '', '') "
	"on conflict do nothing";
static const char lock_text[] = "select version from schema_version where version = 0 for update";
static const char list_text[] =
	"select version, name, checksum from schema_version where version > 0 order by version";

/* What a migration added is closed to the API's role until it is seen through here (0023_web_role.sql): with the last one, for who
 * is killed behind its commit finds nothing left to do. */
static const char protect_text[] =
	"do $$ begin if to_regprocedure('web_protect()') is not null then perform web_protect(); end if; end $$";

bool schema_check(int found, int expected, struct err *e)
{
	if (found > expected)
		return err_set(e, ERR_SETUP,
			       "the database has schema %d, this program knows schemas up to %d: "
			       "use the newer program",
			       found, expected);
	if (found < expected)
		return err_set(e, ERR_SETUP,
			       "the database has schema %d, this program needs %d: "
			       "run `vorpost migrate`",
			       found, expected);
	return true;
}

static bool table_make(PGconn *conn, struct err *e)
{
	PGresult *there;
	bool found;

	if (!pg_command(conn, "select to_regclass('schema_version') is not null",
			"schema_version look", &there, e))
		return false;
	found = PQgetvalue(there, 0, 0)[0] == 't';
	PQclear(there);
	if (!found)
		PQclear(PQexec(conn,
			       table_text)); /* if it failed for good, the next line says so */
	return pg_command(conn, first_text, "schema_version", NULL, e);
}

/* Everything that ran must be what this program would have run. */
static bool history_check(const PGresult *rows, const struct migration_text *steps, int count,
			  struct err *e)
{
	int done = PQntuples(rows);
	int newest = done ? atoi(PQgetvalue(rows, done - 1, 0)) : 0;

	if (newest > count)
		return schema_check(newest, count, e);
	for (int i = 0; i < done; i++) {
		int version = atoi(PQgetvalue(rows, i, 0));

		if (version != i + 1)
			return err_set(e, ERR_SETUP, "the schema lacks migration %s",
				       steps[i].name);
		if (strcmp(PQgetvalue(rows, i, 2), steps[i].checksum))
			return err_set(e, ERR_SETUP,
				       "migration %s was changed after it ran here: "
				       "a change of the schema is a new file",
				       steps[i].name);
	}
	return true;
}

static bool version_note(PGconn *conn, const struct migration_text *step, struct err *e)
{
	char number[12];
	const char *const values[] = { number, step->name, step->checksum };
	PGresult *result;
	bool ok;

	snprintf(number, sizeof number, "%d", step->version);
	result = PQexecParams(
		conn, "insert into schema_version (version, name, checksum) values ($1, $2, $3)", 3,
		NULL, values, NULL, NULL, 0);
	ok = PQresultStatus(result) == PGRES_COMMAND_OK;
	if (!ok)
		pg_fail(conn, result, step->name, e);
	PQclear(result);
	return ok;
}

/* What is missing is looked up under the lock, for another process may have just done it. */
static bool next_inside(PGconn *conn, const struct migration_text *steps, int count, bool *ran,
			struct err *e)
{
	PGresult *rows;
	int done;
	bool ok;

	if (!pg_command(conn, lock_text, "schema_version lock", NULL, e) ||
	    !pg_command(conn, list_text, "schema_version list", &rows, e))
		return false;
	ok = history_check(rows, steps, count, e);
	done = PQntuples(rows);
	PQclear(rows);
	*ran = ok && done < count;
	if (!*ran)
		return ok;
	return pg_command(conn, steps[done].text, steps[done].name, NULL, e) &&
	       version_note(conn, &steps[done], e) &&
	       (done + 1 < count || pg_command(conn, protect_text, "web_protect", NULL, e));
}

static bool next_run(PGconn *conn, const struct migration_text *steps, int count, bool *ran,
		     struct err *e)
{
	if (!pg_command(conn, "begin", "begin", NULL, e))
		return false;
	if (next_inside(conn, steps, count, ran, e)) {
		CRASH_POINT("migrate.before");
		if (!pg_command(conn, "commit", "commit", NULL, e))
			return false;
		CRASH_POINT("migrate.committed");
		return true;
	}
	PQclear(PQexec(conn, "rollback"));
	return false;
}

/* Without the role nothing keeps brokers apart, and not every login may make it: then no table is made either. */
static bool role_check(PGconn *conn, struct err *e)
{
	static const char text[] =
		"select quote_ident(current_user), r.oid is null from (select) always"
		" left join pg_roles r on r.rolname = '" WEB_ROLE "'"
		" where coalesce(not pg_has_role(r.oid, 'member'), true)"
		" and not (select rolsuper or rolcreaterole from pg_roles where rolname = current_user)";
	PGresult *rows = NULL;
	bool ok = pg_command(conn, text, "role of the API", &rows, e);

	if (ok && PQntuples(rows)) {
		const char *login = PQgetvalue(rows, 0, 0);
		bool none = PQgetvalue(rows, 0, 1)[0] == 't';

		ok = err_set(
			e, ERR_SETUP,
			"the database's login %s %s the role " WEB_ROLE
			", which keeps brokers apart, and may not change that; an administrator of the "
			"database runs: %sgrant " WEB_ROLE " to %s;",
			login, none ? "misses" : "is no member of",
			none ? "create role " WEB_ROLE " nologin; " : "", login);
	}
	PQclear(rows);
	return ok;
}

bool db_migrate_list(const char *conninfo, const struct migration_text *steps, int count,
		     int *applied, struct err *e)
{
	PGconn *conn = pg_connect(conninfo, e);
	bool ran = true;
	bool ok;

	if (applied)
		*applied = 0;
	if (!conn)
		return false;
	ok = role_check(conn, e) && table_make(conn, e);
	while (ok && ran) {
		ok = next_run(conn, steps, count, &ran, e);
		if (ok && ran && applied)
			(*applied)++;
	}
	PQfinish(conn);
	return ok;
}

bool db_migrate(const char *conninfo, int *applied, struct err *e)
{
	return db_migrate_list(conninfo, migration_texts, migration_count, applied, e);
}
