/*
 * bench_events -- our side of `./run bench events`, and the bare queue. Prints one rate, events a second.
 *
 *   bench_events bare    CONNINFO N                 a table, FOR UPDATE SKIP LOCKED and delete, batches of 100, each committed
 *   bench_events relaxed CONNINFO N                 the same with synchronous_commit off, as our marks have it
 *   bench_events feed    CONNINFO BROKER N          cursor of the consumer `bench`: event_after, consumer_ack
 *   bench_events courier CONNINFO BROKER N          cursor of the endpoint `bench`: event_for_endpoint, endpoint_mark
 *   bench_events number  CONNINFO BROKER N          the sequencer, N events that wait
 *   bench_events ingest  CONNINFO BROKER STATE CLIENTS N off|on RECORD_SQL
 *        delivery_record by CLIENTS at once, N shipments each (S1 ... of connections bench1 ...): nobody is woken, or
 *        the wake socket of STATE is poked after every commit. RECORD_SQL is the statement's file, or one that says NOTIFY
 */
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/uuid7.h"
#include "base/wake.h"
#include "events/sequence.h"

#define BATCH "100"

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "bench_events: %s: %s\n", what, why);
	exit(EX_SOFTWARE);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct db *database(const char *conninfo)
{
	struct err e = { 0 };
	struct db *db = db_open(conninfo, NULL, &e);

	if (!db)
		fail("database", e.text);
	return db;
}

static PGconn *bare_database(const char *conninfo, const char *sql)
{
	PGconn *raw = PQconnectdb(conninfo);
	PGresult *result = PQprepare(raw, "it", sql, 0, NULL);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail("database", PQerrorMessage(raw));
	PQclear(result);
	return raw;
}

/* ---- consuming ---- */

static double bare(const char *conninfo, bool relaxed, long wanted)
{
	PGconn *raw = bare_database(
		conninfo,
		"delete from bare where id = any (array(select id from bare order by id limit " BATCH
		" for update skip locked)) returning id, type, aggregateid, payload");
	double began;
	long got = 0;

	if (relaxed)
		PQclear(PQexec(raw, "set synchronous_commit = off"));
	began = now();
	while (got < wanted) {
		PGresult *result = PQexecPrepared(raw, "it", 0, NULL, NULL, NULL, 0);

		if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) == 0)
			fail("bare", PQerrorMessage(raw));
		got += PQntuples(result);
		PQclear(result);
	}
	PQfinish(raw);
	return (double)got / (now() - began);
}

static bool mark(struct db *db, bool courier, const char *broker, const char *to, struct err *e)
{
	if (courier)
		return db_call(db, SQL_endpoint_mark, NULL, NULL, e, broker, "bench", "bench", to,
			       BATCH, "60", "0", "8", "[]", "[]", "[]", "[]", NULL, NULL, "false",
			       "[]");
	return db_call(db, SQL_consumer_ack, NULL, NULL, e, broker, "bench", to, "false");
}

static double consume(struct db *db, bool courier, const char *broker, int64_t position,
		      long wanted)
{
	double began = now();
	struct err e = { 0 };
	struct rows *rows;
	char text[24];
	long got = 0;

	while (got < wanted) {
		snprintf(text, sizeof text, "%lld", (long long)position);
		if (!db_call(db, courier ? SQL_event_for_endpoint : SQL_event_after, &rows, NULL,
			     &e, broker, text, BATCH, NULL))
			fail("consume", e.text);
		if (rows_count(rows) == 0)
			fail("consume", "the events are not there");
		for (int i = 0; i < rows_count(rows); i++, got++)
			if (rows_int(rows, i, "position") != ++position)
				fail("consume", "a position is missing");
		talloc_free(rows);
		snprintf(text, sizeof text, "%lld", (long long)position);
		if (!mark(db, courier, broker, text, &e))
			fail("mark", e.text);
	}
	return (double)got / (now() - began);
}

/* Where the cursor stands: the row is the script's. */
static int64_t cursor(const char *conninfo, bool courier)
{
	PGconn *raw = bare_database(
		conninfo, courier ? "select position from endpoint where endpoint = 'bench'"
				  : "select position from consumer where consumer = 'bench'");
	PGresult *result = PQexecPrepared(raw, "it", 0, NULL, NULL, NULL, 0);
	int64_t position;

	if (PQntuples(result) != 1)
		fail("cursor", "there is none");
	position = atoll(PQgetvalue(result, 0, 0));
	PQclear(result);
	PQfinish(raw);
	return position;
}

static double number(struct db *db, const char *broker, long wanted)
{
	double began = now();
	struct err e = { 0 };
	int64_t assigned = 0;

	if (!sequence_run(db, broker, &assigned, &e))
		fail("sequence", e.text);
	if (assigned != wanted)
		fail("sequence", "not as many as there should be");
	return (double)assigned / (now() - began);
}

/* ---- ingest ---- */

static char *file_text(const char *path)
{
	static char text[16384];
	FILE *file = fopen(path, "r");
	size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;

	if (!length)
		fail(path, "cannot be read");
	fclose(file);
	while (length && strchr("\n ;", text[length - 1]))
		text[--length] = 0;
	return text;
}

static void client_run(PGconn *raw, const char *broker, const char *state, int client, long count)
{
	char connection[16], shipment[24], document[600], event[600], id[UUID_TEXT_SIZE];
	const char *values[] = { broker,   connection, shipment, "1", "{}",
				 document, event,      "true",   NULL };

	snprintf(connection, sizeof connection, "bench%d", client);
	for (long i = 1; i <= count; i++) {
		PGresult *result;

		snprintf(shipment, sizeof shipment, "S%ld", i);
		snprintf(
			document, sizeof document,
			"[{\"document_id\":\"%s\",\"transfer_no\":1,\"file_no\":1,\"name\":\"a.pdf\",\"media_type\":"
			"\"application/pdf\",\"size\":51200,\"sha256\":\"%064ld\",\"issuer\":\"bench\",\"numbers\":[],"
			"\"facts\":{},\"state\":\"queued\",\"tier\":\"none\",\"reason\":\"no_number\",\"evidence\":[],"
			"\"candidates\":[]}]",
			uuid7_text(id), i);
		snprintf(
			event, sizeof event,
			"[{\"event_id\":\"%s\",\"aggregatetype\":\"customer\",\"aggregateid\":\"K-%ld\",\"type\":"
			"\"document.unmatched\",\"payload\":{\"document_id\":\"%s\",\"category\":\"invoice\"},"
			"\"correlationid\":\"%s/%s\"}]",
			uuid7_text(id), i % 1000, id, connection, shipment);
		result = PQexecPrepared(raw, "it", 9, values, NULL, NULL, 0);
		if (PQresultStatus(result) != PGRES_TUPLES_OK ||
		    strcmp(PQgetvalue(result, 0, PQfnumber(result, "moved")), "t") != 0)
			fail("record", PQerrorMessage(raw));
		PQclear(result);
		if (state)
			wake_poke(state);
	}
}

/* Who is woken looks at nothing: what is measured is the waking. */
static pid_t sleeper(const char *state)
{
	pid_t pid = fork();
	struct err e = { 0 };
	struct wake *wake;

	if (pid)
		return pid;
	wake = wake_listen(state, NULL, &e);
	while (wake && wake_wait(wake, 1000))
		wake_drain(wake);
	_exit(EX_OSERR);
}

static double ingest(char **argv)
{
	const char *mode = argv[6];
	char *record = file_text(argv[7]);
	int clients = atoi(argv[4]), status;
	long count = atol(argv[5]);
	pid_t listener = sleeper(argv[3]);
	int go[2];
	double began;

	if (pipe(go) != 0)
		fail("pipe", "none");
	for (int i = 1; i <= clients; i++)
		if (fork() == 0) {
			PGconn *raw = bare_database(argv[1], record);
			char byte;

			close(go[1]);
			if (read(go[0], &byte, 1) < 0) /* ends with the parent's end of the pipe */
				_exit(EX_OSERR);
			client_run(raw, argv[2], strcmp(mode, "on") ? NULL : argv[3], i, count);
			_exit(0);
		}
	usleep(300000);
	began = now();
	close(go[1]);
	for (int i = 0; i < clients; i++)
		if (wait(&status) < 0 || status)
			fail("ingest", "a client failed");
	began = now() - began;
	kill(listener, SIGKILL);
	return (double)clients * (double)count / began;
}

int main(int argc, char **argv)
{
	const char *what = argc > 3 ? argv[1] : "";
	double rate;

	argv++;
	if ((!strcmp(what, "bare") || !strcmp(what, "relaxed")) && argc == 4)
		rate = bare(argv[1], *what == 'r', atol(argv[2]));
	else if ((!strcmp(what, "feed") || !strcmp(what, "courier")) && argc == 5)
		rate = consume(database(argv[1]), *what == 'c', argv[2],
			       cursor(argv[1], *what == 'c'), atol(argv[3]));
	else if (!strcmp(what, "number") && argc == 5)
		rate = number(database(argv[1]), argv[2], atol(argv[3]));
	else if (!strcmp(what, "ingest") && argc == 9)
		rate = ingest(argv);
	else
		return EX_USAGE;
	printf("%.1f\n", rate);
	return EX_OK;
}
