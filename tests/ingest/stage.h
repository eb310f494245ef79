/*
 * stage.h -- rounds against a scripted insurer (scene.h) and a real database: one database for all cases, a broker for each.
 */
#ifndef TESTS_INGEST_STAGE_H
#define TESTS_INGEST_STAGE_H

#include <libpq-fe.h>

#include "ingest/poll.h"
#include "tests/ingest/scene.h"
#include "tests/store/cluster_ready.h"
#include "tests/store/place.h"

#define SCRIPT_MOST   PEER_REQUESTS_MOST
#define LOGIN         TOKEN_ANSWER("2099-01-01T00:00:00Z")
#define LOGOUT        XML("200 OK") SOAP_BEGIN SOAP_END
#define ENTRY(id)     "<t:Lieferung><t:ID>" id "</t:ID></t:Lieferung>"
#define LIST(entries) XML("200 OK") RESPONSE("listShipments", STATUS("OK", "04000") entries)
#define DOWN          "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
#define MISSING       "HTTP/1.1 404 Not here\r\nContent-Length: 0\r\n\r\n"
#define BROKEN                                                                                     \
	"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5000\r\n\r\n" SOAP_BEGIN
#define PAGE "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\nWartung"
#define JUNK "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\njunk"
static char place[] = "/tmp/vorpost-test-XXXXXX";
static struct cluster *cluster;

/* A recorder that fails as it is told to, and writes down what it took. */
struct taker {
	struct recorder recorder;
	struct db *db;
	enum err_kind fails;
	const char *fails_at; /* a shipment */
	int documents, data_documents;
};

static inline bool taker_take(void *self, const struct delivery_source *source,
			      const struct delivery *delivery, struct recorded *counts,
			      struct err *e)
{
	struct taker *t = self;
	char fence[24], seconds[24], answered[24];

	if (t->fails && (!t->fails_at || !strcmp(t->fails_at, delivery->head.id)))
		return err_set(e, t->fails, "the recorder fails");
	for (size_t i = 0; i < delivery->transfer_count; i++)
		for (size_t k = 0; k < delivery->transfers[i].document_count; k++) {
			t->data_documents += delivery->transfers[i].documents[k].data;
			counts->documents++;
		}
	t->documents += counts->documents;
	snprintf(fence, sizeof fence, "%lld", (long long)source->fence);
	snprintf(seconds, sizeof seconds, "%lld", (long long)source->acknowledge_s);
	snprintf(answered, sizeof answered, "%lld", (long long)source->answered_ms);
	return db_call(t->db, SQL_delivery_record, NULL, NULL, e, source->broker,
		       source->connection, delivery->head.id, fence, "{}", "[]", "[]",
		       source->acknowledge_s < 0 ? NULL : seconds,
		       delivery_links(delivery) ? "link" : NULL, answered,
		       source->kept ? "1" : "0");
}

struct stage {
	TALLOC_CTX *mem;
	struct peer peer;
	struct peer_answer script[SCRIPT_MOST];
	int lines;
	char broker[32], secret_file[64];
	struct insurers *insurers;
	struct connection connection; /* of stage_begin; its addresses are the peer's */
	struct taker taker;
	struct poller poller;
	struct poll_counts counts; /* of the last round */
	struct err e;
};

static inline void line(struct stage *s, const char *bytes)
{
	ck_assert_int_lt(s->lines, SCRIPT_MOST);
	s->script[s->lines++] = (struct peer_answer){ bytes, PEER_CLOSE };
}

/* One round's answers, between a login and a logout. */
#define SAY(s, ...)                                                                                \
	do {                                                                                       \
		const char *const said[] = { LOGIN, __VA_ARGS__, LOGOUT };                         \
		for (size_t said_i = 0; said_i < sizeof said / sizeof *said; said_i++)             \
			line(s, said[said_i]);                                                     \
	} while (0)

/* What the insurer's file says, to be changed before the round. */
static inline struct profile *stage_profile(struct stage *s)
{
	return (struct profile *)(uintptr_t)&insurers_by_issuer(s->insurers, s->connection.issuer)
		->profile;
}

/* One database for all cases, a broker for each. */
static inline void stage_database(struct stage *s)
{
	const char *conninfo = cluster_conninfo(cluster);

	snprintf(s->broker, sizeof s->broker, "case-%d", (int)getpid());
	ck_assert_msg(db_migrate(conninfo, NULL, &s->e), "%s", s->e.text);
	s->poller.db = db_open(conninfo, s->mem, &s->e);
	ck_assert_msg(s->poller.db != NULL, "%s", s->e.text);
	ck_assert(db_call(s->poller.db, SQL_broker_ensure, NULL, NULL, &s->e, s->broker));
}

static inline void stage_open(struct stage *s)
{
	static char folder[] = SOURCE_DIR "/fixtures/insurers";
	char *folders[] = { folder };

	*s = (struct stage){ .mem = talloc_new(NULL),
			     .connection = { .name = (char *)"nord",
					     .issuer = (char *)"seeufer",
					     .username = (char *)"makler",
					     .acknowledge_after_h = -1 } };
	s->insurers = insurers_load(folders, 1, s->mem, &s->e);
	ck_assert_msg(s->insurers != NULL, "%s", s->e.text);
	stage_database(s);
	s->taker.recorder = (struct recorder){ &s->taker, taker_take };
	s->taker.db = s->poller.db;
	s->poller.mem = s->mem;
	s->poller.broker = s->broker;
	s->poller.insurers = s->insurers;
	s->poller.spool_folder = place;
	s->poller.blobs =
		blob_store_open(talloc_asprintf(s->mem, "%s/documents", place), s->mem, &s->e);
	ck_assert_msg(s->poller.blobs != NULL, "%s", s->e.text);
	s->poller.recorder = &s->taker.recorder;
	s->poller.cage = cage_new(s->mem);
	s->poller.allow_plain = true;
	strcpy(s->secret_file, "/tmp/vorpost-login-XXXXXX");
	close(mkstemp(s->secret_file));
	ck_assert_int_eq(truncate(s->secret_file, 0), 0);
}

/* The script is complete: the insurer opens. */
static inline void stage_begin(struct stage *s)
{
	FILE *f = fopen(s->secret_file, "w");
	struct connection c = s->connection;

	c.broker = s->broker;
	c.secret_file = s->secret_file;
	fputs(PASSWORD "\n", f);
	fclose(f);
	peer_start(&s->peer, PEER_PLAIN, s->script, s->lines);
	c.sts_url = c.transfer_url = s->peer.url;
	ck_assert_msg(connection_add(s->poller.db, &c, &s->e), "%s", s->e.text);
}

static inline bool play_round(struct stage *s)
{
	struct lease lease;

	s->e = (struct err){ 0 };
	s->counts = (struct poll_counts){ 0 };
	ck_assert_msg(
		lease_claim_now(&lease, s->poller.db, s->broker, "test", "nord", s->mem, &s->e),
		"%s", s->e.text);
	return poll_connection(&s->counts, &s->poller, &lease, &s->e);
}

static inline void stage_end(struct stage *s)
{
	peer_stop(&s->peer);
	ck_assert_int_eq(s->peer.request_count, s->lines); /* neither more nor less was asked */
	unlink(s->secret_file);
	talloc_free(s->mem);
}

static inline struct rows *shipment(struct stage *s, const char *id)
{
	struct rows *row;

	ck_assert(db_call(s->poller.db, SQL_delivery_find, &row, s->mem, &s->e, s->broker, "nord",
			  id));
	ck_assert_int_eq(rows_count(row), 1);
	return row;
}

static inline void assert_state(struct stage *s, const char *id, const char *state)
{
	ck_assert_msg(!strcmp(rows_text(shipment(s, id), 0, "state"), state), "%s is %s, %s", id,
		      rows_text(shipment(s, id), 0, "state"), state);
}

/* SQL from aside: the clock of a row, as a test wants it. The first number of the answer; 0: there is none. */
static inline int64_t stage_sql(const char *sql)
{
	PGconn *side = PQconnectdb(cluster_conninfo(cluster));
	PGresult *result = PQexec(side, sql);
	int64_t number = 0;

	ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK ||
			      PQresultStatus(result) == PGRES_TUPLES_OK,
		      "%s: %s", sql, PQerrorMessage(side));
	if (PQntuples(result))
		number = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	PQfinish(side);
	return number;
}

static inline int stage_main(const char *name, TCase *cases)
{
	Suite *suite = suite_create(name);
	SRunner *runner;
	struct err e = { 0 };
	char state[64];
	int failed;

	place_make(place);
	snprintf(state, sizeof state, "%s/state", place);
	cluster = cluster_ready(state, NULL, &e);
	if (!cluster) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	tcase_set_timeout(cases, 120);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	talloc_free(cluster);
	place_remove(place);
	return failed != 0;
}

#endif
