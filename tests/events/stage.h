/*
 * stage.h -- what the tests of events that need a database share: a private cluster a program, an empty outbox a test.
 */
#ifndef TESTS_EVENTS_STAGE_H
#define TESTS_EVENTS_STAGE_H

#include <check.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#include "base/uuid7.h"
#include "store/db.h"
#include "tests/store/cluster_ready.h"

#define BROKER "makler"

struct stage {
	TALLOC_CTX *mem;
	char folder[64];
	struct cluster *cluster;
	const char *conninfo;
	struct db *db;
	PGconn *raw; /* what the room's own statements do not do */
};

static struct stage stage;

/* One value of a query, as text; fails the test if the query does. */
static inline char *raw_value(PGconn *raw, const char *sql)
{
	PGresult *result = PQexec(raw, sql);
	ExecStatusType status = PQresultStatus(result);
	char *value;

	ck_assert_msg(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK, "%s: %s", sql,
		      PQerrorMessage(raw));
	value = talloc_strdup(stage.mem, PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
	PQclear(result);
	return value;
}

static inline void raw_do(PGconn *raw, const char *sql)
{
	talloc_free(raw_value(raw, sql));
}

static inline PGconn *raw_open(void)
{
	PGconn *raw = PQconnectdb(stage.conninfo);

	ck_assert_msg(PQstatus(raw) == CONNECTION_OK, "%s", PQerrorMessage(raw));
	raw_do(raw, "set client_min_messages = warning");
	return raw;
}

/* A committed (or, within a transaction, waiting) outbox row without a position; the payload names `no`. */
static inline void event_put(PGconn *raw, const char *type, const char *customer, int no)
{
	char id[UUID_TEXT_SIZE];
	char *sql = talloc_asprintf(
		NULL,
		"insert into event (broker, id, aggregatetype, aggregateid, type, payload) values"
		" ('" BROKER
		"', '%s', 'customer', '%s', '%s', '{\"document_id\": \"d%d\", \"no\": %d}')",
		uuid7_text(id), customer, type, no, no);

	raw_do(raw, sql);
	talloc_free(sql);
}

/* Once a program, in the parent of all tests. */
static inline void stage_build(void)
{
	struct err e = { 0 };

	stage.mem = talloc_new(NULL);
	strcpy(stage.folder, "/tmp/vorpost-events-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(stage.folder));
	ck_assert_int_eq(chmod(stage.folder, 0755), 0);
	stage.cluster = cluster_ready(stage.folder, stage.mem, &e);
	ck_assert_msg(stage.cluster != NULL, "%s", e.text);
	stage.conninfo = cluster_conninfo(stage.cluster);
	ck_assert_msg(db_migrate(stage.conninfo, NULL, &e), "%s", e.text);
}

static inline void stage_clear(void)
{
	char command[128];

	talloc_free(stage.mem);
	snprintf(command, sizeof command, "rm -rf '%s'", stage.folder);
	if (system(command))
		perror(command);
}

/* Before and after every test. */
static inline void stage_open(void)
{
	struct err e = { 0 };

	stage.raw = raw_open();
	raw_do(stage.raw, "truncate broker, login_failure cascade");
	raw_do(stage.raw, "insert into broker (broker) values ('" BROKER "'), ('other')");
	stage.db = db_open(stage.conninfo, stage.mem, &e);
	ck_assert_msg(stage.db != NULL, "%s", e.text);
}

static inline void stage_close(void)
{
	TALLOC_FREE(stage.db);
	PQfinish(stage.raw);
}

#endif
