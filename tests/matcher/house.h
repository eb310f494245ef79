/*
 * house.h -- a private PostgreSQL in a folder of the test's own, with a broker, a connection and a small stock, for the
 * tests of what the matcher does to the database. Every case gets a database that is emptied before.
 */
#ifndef TESTS_MATCHER_HOUSE_H
#define TESTS_MATCHER_HOUSE_H

#include <libpq-fe.h>

#include "matcher/matcher.h"
#include "matcher/record.h"
#include "store/db.h"
#include "tests/store/cluster_ready.h"
#include "tests/store/place.h"
#include "world.h"

struct house {
	TALLOC_CTX *mem;
	char place[32];
	const char *conninfo;
	struct matcher matcher;
	struct recorder *recorder;
	PGconn *side; /* what the test looks and meddles through */
};

static struct house house;

static inline void house_die(const char *what)
{
	fprintf(stderr, "%s\n", what);
	place_remove(house.place);
	exit(1);
}

/* Outside of the cases: once. */
static inline void house_build(void)
{
	struct err e = { 0 };
	struct cluster *cluster;
	char *state;

	house.mem = talloc_new(NULL);
	strcpy(house.place, "/tmp/vorpost-test-XXXXXX");
	place_make(house.place);
	state = talloc_asprintf(house.mem, "%s/state", house.place);
	cluster = cluster_ready(state, house.mem, &e);
	if (!cluster)
		house_die(e.text);
	house.conninfo = cluster_conninfo(cluster);
	if (!db_migrate(house.conninfo, NULL, &e))
		house_die(e.text);
	house.matcher.insurers = world_insurers(house.mem);
	house.matcher.broker = "demo";
}

static inline void house_leave(void)
{
	talloc_free(house.mem);
	place_remove(house.place);
}

/* Run SQL from aside; the first value of the answer, "" for none. */
static inline const char *ask(const char *sql)
{
	static char value[4000];
	PGresult *result = PQexec(house.side, sql);
	ExecStatusType status = PQresultStatus(result);

	ck_assert_msg(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK, "%s: %s", sql,
		      PQerrorMessage(house.side));
	value[0] = '\0';
	if (PQntuples(result) > 0)
		snprintf(value, sizeof value, "%s", PQgetvalue(result, 0, 0));
	PQclear(result);
	return value;
}

/* Before every case (in its own process). */
static inline void house_open(void)
{
	struct err e = { 0 };

	house.side = PQconnectdb(house.conninfo);
	ask("set client_min_messages = warning");
	ask("truncate broker cascade");
	ask("insert into broker values ('demo')");
	ask("insert into connection (broker, connection, issuer, sts_url, transfer_url, lease_fence)"
	    " values ('demo', 'north', 'north', 'x', 'x', 7)");
	house.matcher.db = db_open(house.conninfo, house.mem, &e);
	ck_assert_msg(house.matcher.db != NULL, "%s", e.text);
	house.recorder = recorder_new(&house.matcher, house.mem);
}

static inline void house_close(void)
{
	TALLOC_FREE(house.recorder);
	TALLOC_FREE(house.matcher.db);
	PQfinish(house.side);
}

/* A contract of north with one name. */
static inline void contract_add(const char *id, const char *key)
{
	char sql[1000];

	snprintf(sql, sizeof sql,
		 "insert into contract (broker, contract_id, issuer, vu, number, customer_id)"
		 " values ('demo', '%s', 'north', '9001', '%s', 'C-%s');"
		 "insert into contract_name (broker, issuer, key, contract_id, origin, spelling)"
		 " values ('demo', 'north', '%s', '%s', 'system', '%s')",
		 id, key, id, key, id, key);
	ask(sql);
}

static inline void shipment_list_at(const char *connection, const char *id)
{
	char sql[400];

	snprintf(
		sql, sizeof sql,
		"insert into shipment (broker, connection, shipment_id) values ('demo', '%s', '%s')",
		connection, id);
	ask(sql);
}

static inline void shipment_list(const char *id)
{
	shipment_list_at("north", id);
}

/* Record a shipment with one transfer; documents: how many the transfer has, all alike. */
static inline bool record_at(const char *connection, const char *id, const char *document,
			     size_t documents, int64_t fence, struct recorded *counts,
			     struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct delivery_source source = {
		.broker = "demo", .connection = connection, .issuer = "north", .fence = fence
	};
	struct delivery delivery = { .transfer_count = 1,
				     .signature = talloc_strdup(mem, "absent") };
	bool ok;

	delivery.transfers = talloc_zero(mem, struct transfer);
	world_document(delivery.transfers, &delivery.head, document, mem);
	delivery.head.id = talloc_strdup(mem, id);
	delivery.transfers->documents =
		talloc_realloc(mem, delivery.transfers->documents, struct document, documents);
	delivery.transfers->document_count = documents;
	for (size_t i = 1; i < documents; i++)
		delivery.transfers->documents[i] = delivery.transfers->documents[0];
	ok = house.recorder->record(house.recorder->self, &source, &delivery, counts, e);
	talloc_free(mem);
	return ok;
}

static inline bool record(const char *id, const char *document, size_t documents, int64_t fence,
			  struct recorded *counts, struct err *e)
{
	return record_at("north", id, document, documents, fence, counts, e);
}

/* List and record a shipment with one document; its document's id. */
static inline char *arrive_at(const char *connection, const char *id, const char *document)
{
	struct recorded counts;
	struct err e = { 0 };
	char sql[200];

	shipment_list_at(connection, id);
	ck_assert_msg(record_at(connection, id, document, 1, 7, &counts, &e), "%s", e.text);
	snprintf(sql, sizeof sql, "select document_id from document where shipment_id = '%s'", id);
	return talloc_strdup(house.mem, ask(sql));
}

static inline char *arrive(const char *id, const char *document)
{
	return arrive_at("north", id, document);
}

/* "filed exact A", "filed person A B" or "queued number_unknown" */
static inline const char *standing(const char *document_id)
{
	char sql[600];

	snprintf(
		sql, sizeof sql,
		"select state || ' ' || case state when 'filed' then tier || ' ' || contract_id else reason end"
		" || coalesce((select string_agg(' ' || m.contract_id, '' order by no) from document_contract m"
		"              where m.document_id = d.document_id), '')"
		" from document d where document_id = '%s'",
		document_id);
	return ask(sql);
}

/* Types and lanes of a document's events, oldest first: "attached C-A, detached C-A" */
static inline const char *events_of(const char *document_id)
{
	char sql[400];

	snprintf(
		sql, sizeof sql,
		"select string_agg(replace(type, 'document.', '') || ' ' || aggregateid, ', ' order by id)"
		" from event where payload ->> 'document_id' = '%s'",
		document_id);
	return ask(sql);
}

static inline int house_run(Suite *suite, TCase *tc)
{
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, house_open, house_close);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	house_build();
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	house_leave();
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
