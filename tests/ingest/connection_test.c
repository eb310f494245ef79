/* Connections: what is refused before anybody is asked, the secret's file, and the rows. */
#include "ingest/connection.h"

#include <check.h>
#include <string.h>

#include "base/uuid7.h"
#include "model/event.h"
#include "tests/store/cluster_ready.h"
#include "tests/store/place.h"

static char place[32];
static char state[64];

static void make_place(void)
{
	strcpy(place, "/tmp/vorpost-test-XXXXXX"); /* once for each group of cases */
	place_make(place);
	snprintf(state, sizeof state, "%s/state", place);
}

static void remove_place(void)
{
	place_remove(place);
}

/* ---- usable at all? ---- */

static const struct connection usable = {
	.broker = (char *)"demo",
	.name = (char *)"nord",
	.issuer = (char *)"nordstern",
	.sts_url = (char *)"https://insurer.example/sts",
	.transfer_url = (char *)"https://insurer.example/transfer",
	.username = (char *)"tech-4711",
	.secret_file = (char *)"/etc/vorpost/nord.secret",
	.consumer_id = (char *)"012_34567",
};

static void assert_unusable(struct connection c, const char *says)
{
	struct profile profile = profile_default;
	struct err e = { 0 };

	profile.consumer_id_required = true;
	ck_assert(!connection_check(&c, &profile, false, &e));
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_msg(strstr(e.text, says) != NULL, "%s", e.text);
}

START_TEST(what_is_missing_is_named)
{
	struct profile profile = profile_default;
	struct connection c = usable;
	struct err e = { 0 };

	profile.consumer_id_required = true;
	ck_assert_msg(connection_check(&c, &profile, false, &e), "%s", e.text);
	c.consumer_id = NULL;
	assert_unusable(c, "--consumer-id");
	ck_assert(connection_check(&c, &profile_default, false, &e));
	c = usable, c.sts_url = NULL;
	assert_unusable(c, "--sts");
	c = usable, c.transfer_url = (char *)"http://127.0.0.1/x";
	assert_unusable(c, "--transfer");
	ck_assert(connection_check(&c, &profile_default, true, &e));
	c = usable, c.username = (char *)" ";
	assert_unusable(c, "--user");
	c = usable, c.secret_file = NULL;
	assert_unusable(c, "--password-file");
	c = usable, c.name = (char *)"";
	assert_unusable(c, "name");
}
END_TEST

/* ---- the rows ---- */

struct house {
	TALLOC_CTX *mem;
	struct db *db;
	struct err e;
};

static void house_open(struct house *h)
{
	struct cluster *cluster;

	*h = (struct house){ .mem = talloc_new(NULL) };
	cluster = cluster_ready(state, h->mem, &h->e);
	ck_assert_msg(cluster != NULL, "%s", h->e.text);
	ck_assert_msg(db_migrate(cluster_conninfo(cluster), NULL, &h->e), "%s", h->e.text);
	h->db = db_open(cluster_conninfo(cluster), h->mem, &h->e);
	ck_assert_msg(h->db != NULL, "%s", h->e.text);
	ck_assert(db_call(h->db, SQL_broker_ensure, NULL, NULL, &h->e, "demo"));
	ck_assert(db_call(h->db, SQL_broker_ensure, NULL, NULL, &h->e, "other"));
}

START_TEST(a_connection_s_life)
{
	struct resumed resumed;
	struct house h;
	struct connection *c, minimal = usable;
	size_t count;

	house_open(&h);
	ck_assert_msg(connection_add(h.db, &usable, &h.e), "%s", h.e.text);
	minimal.name = (char *)"a; drop table connection; --";
	minimal.consumer_id = NULL;
	minimal.poll_interval_s = 900;
	ck_assert_msg(connection_add(h.db, &minimal, &h.e), "%s", h.e.text);

	ck_assert(connection_load(&c, h.db, "demo", "nord", h.mem, &h.e));
	ck_assert_str_eq(c->issuer, "nordstern");
	ck_assert_str_eq(c->sts_url, usable.sts_url);
	ck_assert_str_eq(c->transfer_url, usable.transfer_url);
	ck_assert_str_eq(c->username, usable.username);
	ck_assert_str_eq(c->secret_file, usable.secret_file);
	ck_assert_str_eq(c->consumer_id, usable.consumer_id);
	ck_assert_ptr_null(c->ca_file);
	ck_assert_ptr_null(c->last_attempt_at);
	ck_assert_int_eq(c->poll_interval_s, 0);
	ck_assert(!c->paused);
	ck_assert_uint_eq(strlen(c->due_at), strlen("2025-03-03T06:00:00Z"));
	ck_assert_int_eq(c->due_at[19], 'Z');

	ck_assert(connection_pause(h.db, "demo", "nord", "Umzug", &h.e));
	ck_assert(connection_load(&c, h.db, "demo", "nord", h.mem, &h.e));
	ck_assert(c->paused);
	ck_assert_str_eq(c->pause_reason, "Umzug");
	ck_assert(connection_resume(&resumed, h.db, "demo", "nord", h.mem, &h.e));

	ck_assert(connection_all(&c, &count, h.db, "demo", h.mem, &h.e));
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(c[0].name, minimal.name);
	ck_assert_int_eq(c[0].poll_interval_s, 900);
	ck_assert_ptr_null(c[0].consumer_id);
	ck_assert_str_eq(c[1].name, "nord");
	ck_assert(!c[1].paused);
	ck_assert_ptr_null(c[1].pause_reason);

	ck_assert(!connection_add(h.db, &usable, &h.e));
	ck_assert_int_eq(h.e.kind, ERR_REFUSED);
	ck_assert_ptr_nonnull(strstr(h.e.text, "nord"));
	talloc_free(h.mem);
}
END_TEST

/* The end of a round, as ingest/poll.c writes it. */
static void round_ends(struct house *h, const char *error, bool pause)
{
	static const char event[] = "{\"event_id\": \"%s\", \"aggregatetype\": \"broker\", "
				    "\"aggregateid\": \"west\", \"type\": \"%s\", \"payload\": {}}";
	char failed[300], recovered[300], id[UUID_TEXT_SIZE];
	bool ok;

	snprintf(failed, sizeof failed, event, uuid7_text(id), EVENT_CONNECTION_FAILED);
	snprintf(recovered, sizeof recovered, event, uuid7_text(id), EVENT_CONNECTION_RECOVERED);
	ok = db_call(h->db, SQL_lease_finish, NULL, NULL, &h->e, "demo", "west", "0", error, "60",
		     pause ? "true" : "false", failed, recovered);
	ck_assert_msg(ok, "%s", h->e.text);
}

/* Types of the events so far. */
static const char *told(struct house *h)
{
	struct rows *rows;
	char *all = talloc_strdup(h->mem, "");

	ck_assert(db_call(h->db, SQL_stats_events, &rows, h->mem, &h->e, "demo"));
	for (int i = 0; i < rows_count(rows); i++)
		all = talloc_asprintf_append(all, "%s %s; ", rows_text(rows, i, "type"),
					     rows_text(rows, i, "events"));
	return all;
}

/* Resuming says nothing about the insurer: only a round that goes through is a recovery, and then it is told. */
START_TEST(a_resumed_connection_recovers_with_the_next_good_round)
{
	struct connection west = usable, *c;
	struct resumed resumed;
	struct house h;

	house_open(&h);
	west.name = (char *)"west";
	ck_assert_msg(connection_add(h.db, &west, &h.e), "%s", h.e.text);
	round_ends(&h, "the credential was refused", true);
	ck_assert_str_eq(told(&h), "connection.failed 1; ");
	ck_assert(connection_resume(&resumed, h.db, "demo", "west", h.mem, &h.e));
	ck_assert(connection_load(&c, h.db, "demo", "west", h.mem, &h.e));
	ck_assert(!c->paused);
	ck_assert_int_eq(c->failures, 1);
	round_ends(&h, NULL, false);
	ck_assert_str_eq(told(&h), "connection.failed 1; connection.recovered 1; ");
	talloc_free(h.mem);
}
END_TEST

START_TEST(nobody_sees_another_broker_s_connection)
{
	struct connection theirs = usable, *c;
	struct resumed resumed;
	struct house h;
	size_t count;

	house_open(&h);
	theirs.broker = (char *)"other";
	theirs.name = (char *)"theirs";
	ck_assert_msg(connection_add(h.db, &theirs, &h.e), "%s", h.e.text);
	ck_assert(!connection_load(&c, h.db, "demo", "theirs", h.mem, &h.e));
	ck_assert_int_eq(h.e.kind, ERR_MISSING);
	err_clear(&h.e);
	ck_assert(!connection_pause(h.db, "demo", "theirs", "x", &h.e));
	ck_assert_int_eq(h.e.kind, ERR_MISSING);
	err_clear(&h.e);
	ck_assert(!connection_resume(&resumed, h.db, "demo", "theirs", h.mem, &h.e));
	ck_assert_int_eq(h.e.kind, ERR_MISSING);
	err_clear(&h.e);
	ck_assert(connection_all(&c, &count, h.db, "other", h.mem, &h.e));
	ck_assert_uint_eq(count, 1);
	ck_assert(connection_all(&c, &count, h.db, "nobody", h.mem, &h.e));
	ck_assert_uint_eq(count, 0);
	talloc_free(h.mem);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("connection");
	TCase *files = tcase_create("files"), *rows = tcase_create("rows");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(files, make_place, remove_place);
	tcase_add_test(files, what_is_missing_is_named);
	tcase_add_unchecked_fixture(rows, make_place, remove_place);
	tcase_set_timeout(rows, 120);
	tcase_add_test(rows, a_connection_s_life);
	tcase_add_test(rows, a_resumed_connection_recovers_with_the_next_good_round);
	tcase_add_test(rows, nobody_sees_another_broker_s_connection);
	suite_add_tcase(suite, files);
	suite_add_tcase(suite, rows);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
