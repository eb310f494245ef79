/*
 * events_writer -- writes outbox rows as many business transactions at once do: of random length, some with a pause in the
 * middle, some rolled back, over a connection that may be cut at any moment. An id is in the log once its commit was
 * acknowledged; a transaction whose commit was cut off is in neither list, for nobody knows.
 *
 *   events_writer CONNINFO BROKER STATE WRITERS EVENTS CUSTOMERS PAUSE_MS SEED LOG UNTIL
 *
 * Each of WRITERS processes writes its share of EVENTS and goes on, slowly, until the file UNTIL exists. Within one writer
 * `no` rises with every event, so its positions must rise, too. `drawn` is a number drawn inside the transaction, to show
 * how often a cursor over such numbers would have skipped something.
 */
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/uuid7.h"
#include "base/wake.h"

#define STEPS_MOST 12

struct writer {
	const char *conninfo, *broker, *state, *until;
	long share, customers, pause_ms;
	int number, log;
	long no, written; /* events begun, events known to be committed */
	unsigned short random[3];
	PGconn *db;
};

static const char insert_sql[] =
	"insert into event (broker, id, aggregatetype, aggregateid, type, payload) values ($1, $2, 'customer', $3, $4,"
	" jsonb_build_object('writer', $5::int, 'no', $6::bigint, 'drawn', nextval('drawn')))";

static long draw(struct writer *self, long from_zero_below)
{
	return nrand48(self->random) % from_zero_below;
}

static void sleep_ms(long ms)
{
	usleep((useconds_t)ms * 1000);
}

static bool result_good(PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	PQclear(result);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static bool run(struct writer *self, const char *sql)
{
	return result_good(PQexec(self->db, sql));
}

/* A server that was killed comes again. */
static void connect_again(struct writer *self)
{
	for (;; sleep_ms(50)) {
		PQfinish(self->db);
		self->db = PQconnectdb(self->conninfo);
		if (PQstatus(self->db) == CONNECTION_OK &&
		    result_good(PQprepare(self->db, "put", insert_sql, 6, NULL)))
			return;
	}
}

static bool put(struct writer *self, const char *id)
{
	static const char *const types[] = { "document.released", "invoice.issued",
					     "policy.issued",     "claim.document.added",
					     "document.released", "document.unmatched" };
	char customer[32], writer[16], no[24];
	const char *values[] = { self->broker, id, customer, types[draw(self, 6)], writer, no };

	snprintf(customer, sizeof customer, "K-%05ld", draw(self, self->customers));
	snprintf(writer, sizeof writer, "%d", self->number);
	snprintf(no, sizeof no, "%ld", ++self->no);
	return result_good(PQexecPrepared(self->db, "put", 6, values, NULL, NULL, 0));
}

/* Now and then the transaction dawdles, and one in a hundred does so for long. */
static bool dawdle(struct writer *self)
{
	char sql[64];
	long ms = draw(self, 8) ? 0 : draw(self, self->pause_ms + 1);

	if (!ms)
		return true;
	if (!draw(self, 100))
		ms *= 10;
	snprintf(sql, sizeof sql, "select pg_sleep(%ld / 1000.0)", ms);
	return run(self, sql);
}

static void committed(struct writer *self, char (*ids)[UUID_TEXT_SIZE], int count)
{
	char text[STEPS_MOST * UUID_TEXT_SIZE + 1] = "";

	for (int i = 0; i < count; i++) {
		strcat(text, ids[i]);
		strcat(text, "\n");
	}
	if (write(self->log, text, strlen(text)) < 0)
		perror("events_writer: log");
	self->written += count;
	wake_poke(self->state);
}

static bool transaction(struct writer *self)
{
	char ids[STEPS_MOST][UUID_TEXT_SIZE];
	int count = 1 + (int)draw(self, STEPS_MOST);

	if (!run(self, "begin"))
		return false;
	for (int i = 0; i < count; i++)
		if (!put(self, uuid7_text(ids[i])) || !dawdle(self))
			return false;
	if (!draw(self, 10))
		return run(self, "rollback");
	if (!run(self, "commit"))
		return false;
	committed(self, ids, count);
	return true;
}

static int writer_run(struct writer *self)
{
	connect_again(self);
	while (self->written < self->share || access(self->until, F_OK) != 0) {
		if (!transaction(self))
			connect_again(self);
		if (self->written >= self->share)
			sleep_ms(100);
	}
	PQfinish(self->db);
	return 0;
}

int main(int argc, char **argv)
{
	struct writer self = { 0 };
	int writers, status, failed = 0;

	if (argc != 11 || (writers = atoi(argv[4])) < 1)
		return 64;
	self.conninfo = argv[1], self.broker = argv[2], self.state = argv[3], self.until = argv[10];
	self.share = (atol(argv[5]) + writers - 1) / writers;
	self.customers = atol(argv[6]), self.pause_ms = atol(argv[7]);
	self.log = open(argv[9], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (self.log < 0 || self.customers < 1)
		return 66;
	for (int i = 0; i < writers; i++) {
		self.number = i;
		self.random[0] = (unsigned short)atoi(argv[8]);
		self.random[1] = (unsigned short)i;
		if (fork() == 0)
			return writer_run(&self);
	}
	while (wait(&status) > 0 || errno == EINTR)
		failed += status != 0;
	return failed ? 70 : 0;
}
