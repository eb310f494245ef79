/* db_world.h -- what the tests of the database share: a cluster, for each case a database of its own, and a schema of their own. */
#ifndef TESTS_STORE_DB_WORLD_H
#define TESTS_STORE_DB_WORLD_H

#include <check.h>
#include <libpq-fe.h>
#include <string.h>
#include <unistd.h>

#include "place.h"
#include "store/cluster.h"
#include "store/db_inside.h"

/* Statements of our own: the tests do not hang on what the house's statements do today. */
enum {
	ADD,
	ADD_RELAXED,
	COUNT,
	DURABILITY,
	DURABILITY_RELAXED,
	KINDS,
	SLEEP,
	BAD_VALUE,
	END_SELF,
	JSON
};
static const struct sql_text texts[] = {
	[ADD] = { "add", false, "insert into thing (name) values ($1) returning name" },
	[ADD_RELAXED] = { "add_relaxed", true, "insert into thing (name) values ($1)" },
	[COUNT] = { "count", false, "select count(*) as n from thing" },
	[DURABILITY] = { "durability", false,
			 "select current_setting('synchronous_commit') as now" },
	[DURABILITY_RELAXED] = { "durability_relaxed", true,
				 "select current_setting('synchronous_commit') as now" },
	[KINDS] = { "kinds", false,
		    "select $1::text as a, null as b, $2::bigint as c, true as d, false as f, "
		    "timestamptz '2025-03-03 07:00+01' as t" },
	[SLEEP] = { "sleep", false, "select pg_sleep(30)" },
	[BAD_VALUE] = { "bad_value", false, "select $1::int as n" },
	[JSON] = { "json", false, "select $1::jsonb ->> 'a' as a" },
	[END_SELF] = { "end_self", false, "select pg_terminate_backend(pg_backend_pid())" },
};
#define TEXTS (int)(sizeof texts / sizeof texts[0])

static const struct migration_text steps[] = {
	{ 1, "0001_thing.sql", "c1",
	  "create table thing (name text primary key);"
	  "create table other (n int);" },
	{ 2, "0002_more.sql", "c2", "alter table other add m int" },
};

static char place[] = "/tmp/vorpost-test-XXXXXX";
static struct cluster *cluster;
static char *conninfo; /* of this case's own database */
static struct err e;
static struct db *db;
static struct rows *rows;

static inline bool as_admin(const char *text)
{
	char *info = talloc_asprintf(NULL, "%s dbname=postgres user=postgres",
				     cluster_conninfo(cluster));
	PGconn *conn = PQconnectdb(info);
	PGresult *result = PQexec(conn, text);
	bool ok = PQresultStatus(result) == PGRES_COMMAND_OK ||
		  PQresultStatus(result) == PGRES_TUPLES_OK;

	PQclear(result);
	PQfinish(conn);
	talloc_free(info);
	return ok;
}

static inline void make_database(void)
{
	char name[32], text[96];

	snprintf(name, sizeof name, "case_%d", (int)getpid());
	snprintf(text, sizeof text, "create database %s owner vorpost", name);
	ck_assert(as_admin(text));
	conninfo = talloc_asprintf(NULL, "%s dbname=%s", cluster_conninfo(cluster), name);
	e = (struct err){ 0 };
}

static inline void make_db(void)
{
	make_database();
	ck_assert_msg(db_migrate_list(conninfo, steps, 2, NULL, &e), "%s", e.text);
	db = db_open_list(conninfo, texts, TEXTS, 2, NULL, &e);
	ck_assert_msg(db != NULL, "%s", e.text);
}

static inline void close_db(void)
{
	talloc_free(db);
	talloc_free(conninfo);
}

static inline bool call(int statement, const char *value, struct rows **out)
{
	err_clear(&e);
	return db_run(db, (enum sql)statement, value ? 1 : 0, &value, out, db, &e);
}

static inline int64_t things(void)
{
	ck_assert_msg(call(COUNT, NULL, &rows), "%s", e.text);
	return rows_int(rows, 0, "n");
}

/* Run the suite over a cluster; the exit code. */
static inline int db_cases(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed = 1;

	place_make(place);
	conninfo = talloc_asprintf(NULL, "%s/state", place);
	cluster = cluster_use(conninfo, NULL, NULL, &e);
	talloc_free(conninfo);
	if (cluster) {
		srunner_run_all(runner, CK_NORMAL);
		failed = srunner_ntests_failed(runner);
	} else {
		fprintf(stderr, "%s\n", e.text);
	}
	srunner_free(runner);
	talloc_free(cluster);
	place_remove(place);
	return failed ? 1 : 0;
}

#endif
