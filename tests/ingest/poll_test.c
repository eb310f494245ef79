/* Rounds against a scripted insurer and a real database: what one shipment may do to itself, and never to the others. */
#include "ingest/poll.h"

#include "ingest/recording.h"
#include "store/cluster.h"
#include "tests/ingest/scene.h"
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
#define DATA_BODY                                                                                  \
	RESPONSE("getShipment", STATUS("OK", "04000") "<t:Lieferung><t:ID>A</t:ID><t:Transfer>"    \
						      "</t:Transfer></t:Lieferung>")

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

static bool take(void *self, const struct delivery_source *source, const struct delivery *delivery,
		 struct recorded *counts, struct err *e)
{
	struct taker *t = self;
	char fence[24];

	if (t->fails && (!t->fails_at || !strcmp(t->fails_at, delivery->head.id)))
		return err_set(e, t->fails, "the recorder fails");
	for (size_t i = 0; i < delivery->transfer_count; i++)
		for (size_t k = 0; k < delivery->transfers[i].document_count; k++) {
			t->data_documents += delivery->transfers[i].documents[k].data;
			counts->documents++;
		}
	t->documents += counts->documents;
	snprintf(fence, sizeof fence, "%lld", (long long)source->fence);
	return db_call(t->db, SQL_delivery_record, NULL, NULL, e, source->broker,
		       source->connection, delivery->head.id, fence, "{}", "[]", "[]");
}

struct stage {
	TALLOC_CTX *mem;
	struct peer peer;
	struct peer_answer script[SCRIPT_MOST];
	int lines;
	char broker[32], secret_file[64];
	struct insurers *insurers;
	struct taker taker;
	struct poller poller;
	struct poll_counts counts; /* of the last round */
	struct err e;
};

static void line(struct stage *s, const char *bytes)
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

/* One database for all cases, a broker for each. */
static void stage_database(struct stage *s)
{
	const char *conninfo = cluster_conninfo(cluster);

	snprintf(s->broker, sizeof s->broker, "case-%d", (int)getpid());
	ck_assert_msg(db_migrate(conninfo, NULL, &s->e), "%s", s->e.text);
	s->poller.db = db_open(conninfo, s->mem, &s->e);
	ck_assert_msg(s->poller.db != NULL, "%s", s->e.text);
	ck_assert(db_call(s->poller.db, SQL_broker_ensure, NULL, NULL, &s->e, s->broker));
}

static void stage_open(struct stage *s)
{
	static char folder[] = SOURCE_DIR "/fixtures/insurers";
	char *folders[] = { folder };

	*s = (struct stage){ .mem = talloc_new(NULL) };
	s->insurers = insurers_load(folders, 1, s->mem, &s->e);
	ck_assert_msg(s->insurers != NULL, "%s", s->e.text);
	stage_database(s);
	s->taker.recorder = (struct recorder){ &s->taker, take };
	s->taker.db = s->poller.db;
	s->poller.mem = s->mem;
	s->poller.broker = s->broker;
	s->poller.insurers = s->insurers;
	s->poller.spool_folder = place;
	s->poller.blobs =
		blob_store_open(talloc_asprintf(s->mem, "%s/documents", place), s->mem, &s->e);
	ck_assert_msg(s->poller.blobs != NULL, "%s", s->e.text);
	s->poller.recorder = &s->taker.recorder;
	s->poller.allow_plain = true;
	strcpy(s->secret_file, "/tmp/vorpost-login-XXXXXX");
	close(mkstemp(s->secret_file));
	ck_assert_int_eq(truncate(s->secret_file, 0), 0);
}

/* The script is complete: the insurer opens. */
static void stage_begin(struct stage *s)
{
	FILE *f = fopen(s->secret_file, "w");
	struct connection c = { .broker = s->broker,
				.name = (char *)"nord",
				.issuer = (char *)"seeufer",
				.username = (char *)"makler",
				.secret_file = s->secret_file };

	fputs(PASSWORD "\n", f);
	fclose(f);
	peer_start(&s->peer, PEER_PLAIN, s->script, s->lines);
	c.sts_url = c.transfer_url = s->peer.url;
	ck_assert_msg(connection_add(s->poller.db, &c, &s->e), "%s", s->e.text);
}

static bool play_round(struct stage *s)
{
	struct lease lease;

	s->e = (struct err){ 0 };
	s->counts = (struct poll_counts){ 0 };
	ck_assert_msg(
		lease_claim_now(&lease, s->poller.db, s->broker, "test", "nord", s->mem, &s->e),
		"%s", s->e.text);
	return poll_connection(&s->counts, &s->poller, &lease, &s->e);
}

static void stage_end(struct stage *s)
{
	peer_stop(&s->peer);
	ck_assert_int_eq(s->peer.request_count, s->lines); /* neither more nor less was asked */
	unlink(s->secret_file);
	talloc_free(s->mem);
}

static struct rows *shipment(struct stage *s, const char *id)
{
	struct rows *row;

	ck_assert(db_call(s->poller.db, SQL_delivery_find, &row, s->mem, &s->e, s->broker, "nord",
			  id));
	ck_assert_int_eq(rows_count(row), 1);
	return row;
}

static void assert_state(struct stage *s, const char *id, const char *state)
{
	ck_assert_msg(!strcmp(rows_text(shipment(s, id), 0, "state"), state), "%s is %s, %s", id,
		      rows_text(shipment(s, id), 0, "state"), state);
}

/* ---- fetching ---- */

static const char *const outages[] = {
	DOWN, "", PAGE, MISSING, FAULT("00009"), FAULT("00940"), XML("500 Error") SOAP_BEGIN
};

START_TEST(an_outage_quarantines_nothing)
{
	struct stage s;

	stage_open(&s);
	for (int i = 0; i < 6; i++)
		SAY(&s, LIST(ENTRY("A")), outages[_i]);
	stage_begin(&s);
	for (int i = 0; i < 6; i++) {
		ck_assert(!play_round(&s));
		ck_assert_ptr_nonnull(strstr(s.e.text, "shipment A"));
		ck_assert_int_eq(s.counts.deferred, 1);
		ck_assert_int_eq(s.counts.quarantined, 0);
	}
	assert_state(&s, "A", "listed");
	ck_assert_int_eq(rows_int(shipment(&s, "A"), 0, "attempts"), 0);
	ck_assert_ptr_nonnull(strstr(rows_text(shipment(&s, "A"), 0, "refusal"), "nord"));
	stage_end(&s);
}
END_TEST

START_TEST(an_answer_that_breaks_off_every_time_is_quarantined_with_its_bytes)
{
	struct stage s;

	stage_open(&s);
	for (int i = 0; i < 5; i++)
		SAY(&s, LIST(ENTRY("A")), i % 2 ? XML("200 OK") SOAP_BEGIN : BROKEN);
	stage_begin(&s);
	for (int i = 0; i < 4; i++) {
		ck_assert(!play_round(&s));
		ck_assert_int_eq(s.e.kind, ERR_RETRY);
	}
	assert_state(&s, "A", "listed");
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	ck_assert_int_eq(s.counts.quarantined, 1);
	assert_state(&s, "A", "quarantined");
	ck_assert_ptr_nonnull(rows_text(shipment(&s, "A"), 0, "raw"));
	stage_end(&s);
}
END_TEST

static const char *const refusals[] = { MISSING, FAULT("00009"), FAULT("00007"),
					"HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n",
					"HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n" };

START_TEST(one_refused_shipment_does_not_stop_the_others)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), refusals[_i], GET("B"), ACK("OK", "04000"),
	    LIST(ENTRY("A")));
	stage_begin(&s);
	ck_assert(!play_round(&s));
	ck_assert_int_eq(s.e.kind, ERR_SETUP);
	assert_state(&s, "A", "listed");
	assert_state(&s, "B", "acknowledged");
	ck_assert_int_eq(s.counts.deferred, 1);
	ck_assert_int_eq(s.counts.acknowledged, 1);
	stage_end(&s);
}
END_TEST

/* Whoever is refused for ever must not keep those behind him waiting for ever. */
START_TEST(those_in_trouble_come_last)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B") ENTRY("C") ENTRY("D")), MISSING, MISSING, MISSING);
	SAY(&s, LIST(ENTRY("A") ENTRY("B") ENTRY("C") ENTRY("D")), GET("D"), ACK("OK", "04000"),
	    MISSING, MISSING, MISSING);
	stage_begin(&s);
	ck_assert(!play_round(&s));
	ck_assert(!play_round(&s));
	assert_state(&s, "A", "listed");
	assert_state(&s, "D", "acknowledged");
	stage_end(&s);
}
END_TEST

START_TEST(three_in_a_row_are_the_insurer)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B") ENTRY("C") ENTRY("D")), MISSING, MISSING, MISSING);
	stage_begin(&s);
	ck_assert(!play_round(&s));
	ck_assert_int_eq(s.e.kind, ERR_SETUP);
	assert_state(&s, "D", "listed");
	stage_end(&s);
}
END_TEST

/* ---- recording ---- */

START_TEST(what_the_recorder_refuses_is_quarantined_and_the_others_go_on)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), GET("A"), GET("B"), ACK("OK", "04000"), LIST(""));
	stage_begin(&s);
	s.taker.fails = _i ? ERR_DELIVERY : ERR_BUG;
	s.taker.fails_at = "A";
	ck_assert(!play_round(&s));
	ck_assert_ptr_nonnull(strstr(s.e.text, "shipment A: the recorder fails"));
	assert_state(&s, "A", "quarantined");
	ck_assert_ptr_nonnull(rows_text(shipment(&s, "A"), 0, "raw"));
	assert_state(&s, "B", "acknowledged");
	stage_end(&s);
}
END_TEST

START_TEST(a_recorder_that_lost_the_lease_ends_the_round)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), GET("A"));
	stage_begin(&s);
	s.taker.fails = ERR_CONFLICT;
	ck_assert(!play_round(&s));
	ck_assert_int_eq(s.e.kind, ERR_CONFLICT);
	assert_state(&s, "A", "listed");
	stage_end(&s);
}
END_TEST

/* ---- acknowledging ---- */

START_TEST(a_failed_acknowledgement_is_counted_and_told)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), GET("A"), _i ? MISSING : ACK("NOK", "04004"), GET("B"),
	    ACK("OK", "04000"), LIST(ENTRY("A")));
	SAY(&s, LIST(ENTRY("A")), ACK("OK", "04000"));
	stage_begin(&s);
	ck_assert(!play_round(&s));
	ck_assert_int_eq(s.e.kind, ERR_RETRY);
	ck_assert_ptr_nonnull(strstr(s.e.text, "shipment A: acknowledge"));
	ck_assert_int_eq(s.counts.unacknowledged, 1);
	ck_assert_int_eq(s.counts.acknowledged, 1);
	assert_state(&s, "A", "stored");
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "acknowledged");
	stage_end(&s);
}
END_TEST

START_TEST(three_failed_acknowledgements_end_the_round)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B") ENTRY("C") ENTRY("D")), GET("A"), DOWN, GET("B"), DOWN,
	    GET("C"), DOWN);
	SAY(&s, LIST(ENTRY("A") ENTRY("B") ENTRY("C") ENTRY("D")), GET("D"), DOWN, DOWN, DOWN);
	stage_begin(&s);
	ck_assert(!play_round(&s));
	ck_assert_int_eq(s.e.kind, ERR_RETRY);
	ck_assert_int_eq(s.counts.unacknowledged, 3);
	assert_state(&s, "D", "listed");
	ck_assert(!play_round(&s)); /* what is new is fetched first */
	assert_state(&s, "D", "stored");
	stage_end(&s);
}
END_TEST

/* ---- the list ---- */

START_TEST(an_entry_without_id_is_counted_and_settles_nothing)
{
	struct stage s;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), GET("A"), DOWN, LIST(ENTRY("A")));
	SAY(&s, LIST(ENTRY("") ENTRY("B") ENTRY("B")), GET("B"), ACK("OK", "04000"),
	    LIST(ENTRY("")));
	SAY(&s, LIST_EMPTY);
	stage_begin(&s);
	ck_assert(!play_round(&s));
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	ck_assert_int_eq(s.counts.passed_over, 1);
	ck_assert_int_eq(s.counts.listed, 1);
	assert_state(&s, "A", "stored");
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "acknowledged");
	stage_end(&s);
}
END_TEST

/* ---- the statements ---- */

START_TEST(without_the_lease_nothing_is_written)
{
	static const char *const fences[] = { "0", "2" };
	struct stage s;
	struct rows *rows;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), DOWN, GET("B"), DOWN, LIST(ENTRY("A") ENTRY("B")));
	stage_begin(&s);
	ck_assert(!play_round(&s)); /* holds fence 1 */
	for (int i = 0; i < 2; i++) {
		ck_assert(db_call(s.poller.db, SQL_shipment_defer, &rows, s.mem, &s.e, s.broker,
				  "nord", fences[i], "A", "late", "1"));
		ck_assert_int_eq(rows_count(rows), 0);
		ck_assert(db_call(s.poller.db, SQL_shipment_acknowledged, NULL, NULL, &s.e,
				  s.broker, "nord", fences[i], "[\"B\"]"));
		assert_state(&s, "B", "stored");
	}
	ck_assert(db_call(s.poller.db, SQL_shipment_acknowledged, NULL, NULL, &s.e, s.broker,
			  "nord", "1", "[\"B\"]"));
	assert_state(&s, "B", "acknowledged");
	stage_end(&s);
}
END_TEST

START_TEST(a_shipment_listed_again_is_fetched_again)
{
	struct stage s;
	struct rows *rows;

	stage_open(&s);
	SAY(&s, LIST(ENTRY("A")), JUNK);
	SAY(&s, LIST(ENTRY("A")), GET("A"), ACK("OK", "04000"), LIST_EMPTY);
	stage_begin(&s);
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "quarantined");
	ck_assert(db_call(s.poller.db, SQL_shipment_relist, &rows, s.mem, &s.e, s.broker, "nord",
			  "0", "A"));
	ck_assert_int_eq(rows_count(rows), 0);
	ck_assert(db_call(s.poller.db, SQL_shipment_relist, &rows, s.mem, &s.e, s.broker, "nord",
			  "1", "A"));
	ck_assert_int_eq(rows_count(rows), 1);
	assert_state(&s, "A", "listed");
	ck_assert_int_eq(rows_int(shipment(&s, "A"), 0, "attempts"), 0);
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "acknowledged");
	stage_end(&s);
}
END_TEST

/* ---- reading again ---- */

/* From the wire and from what was kept: the same document, which is the answer itself. */
START_TEST(data_without_a_file_is_kept_at_every_reading)
{
	struct delivery_source source = { "", "nord", "seeufer", 1 };
	struct raw_answer raw = { .content_type = "text/xml" };
	struct recorded counts = { 0 };
	struct delivery *delivery;
	struct rows *row;
	struct stage s;

	stage_open(&s);
	source.broker = s.broker;
	SAY(&s, LIST(ENTRY("A")), XML("200 OK") DATA_BODY);
	stage_begin(&s);
	s.taker.fails = ERR_BUG;
	ck_assert(!play_round(&s));
	row = shipment(&s, "A");
	raw.fd = blob_open(s.poller.blobs, rows_text(row, 0, "raw"), &s.e);
	raw.len = strlen(DATA_BODY);
	s.taker.fails = ERR_NONE;
	err_clear(&s.e);
	ck_assert_msg(
		raw_answer_read(&delivery, &s.poller, &raw, "A", &profile_default, s.mem, &s.e),
		"%s", s.e.text);
	ck_assert_msg(delivery_record(&counts, &s.poller, &source, delivery, &raw, &s.e), "%s",
		      s.e.text);
	ck_assert_int_eq(counts.documents, 1);
	ck_assert_int_eq(s.taker.data_documents, 1);
	ck_assert_str_eq(delivery->transfers[0].documents[0].sha256, rows_text(row, 0, "raw"));
	assert_state(&s, "A", "stored");
	close(raw.fd);
	stage_end(&s);
}
END_TEST

static TCase *cases(void)
{
	TCase *t = tcase_create("poll");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, an_outage_quarantines_nothing, 0, sizeof outages / sizeof *outages);
	tcase_add_test(t, an_answer_that_breaks_off_every_time_is_quarantined_with_its_bytes);
	tcase_add_loop_test(t, one_refused_shipment_does_not_stop_the_others, 0,
			    sizeof refusals / sizeof *refusals);
	tcase_add_test(t, those_in_trouble_come_last);
	tcase_add_test(t, three_in_a_row_are_the_insurer);
	tcase_add_loop_test(t, what_the_recorder_refuses_is_quarantined_and_the_others_go_on, 0, 2);
	tcase_add_test(t, a_recorder_that_lost_the_lease_ends_the_round);
	tcase_add_loop_test(t, a_failed_acknowledgement_is_counted_and_told, 0, 2);
	tcase_add_test(t, three_failed_acknowledgements_end_the_round);
	tcase_add_test(t, an_entry_without_id_is_counted_and_settles_nothing);
	tcase_add_test(t, without_the_lease_nothing_is_written);
	tcase_add_test(t, a_shipment_listed_again_is_fetched_again);
	tcase_add_test(t, data_without_a_file_is_kept_at_every_reading);
	return t;
}

int main(void)
{
	Suite *suite = suite_create("poll");
	SRunner *runner;
	struct err e = { 0 };
	char state[64];
	int failed;

	place_make(place);
	snprintf(state, sizeof state, "%s/state", place);
	cluster = cluster_use(state, NULL, NULL, &e);
	if (!cluster) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	suite_add_tcase(suite, cases());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	talloc_free(cluster);
	place_remove(place);
	return failed != 0;
}
