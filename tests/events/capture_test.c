/* capture_test.c -- change data capture of the outbox as docs/events.md describes it; and what a killed server leaves. */
#include <signal.h>

#include "events/sequence.h"
#include "tests/events/stage.h"

static struct err e;

static void open_all(void)
{
	stage_open();
	e = (struct err){ 0 };
}

/* As the server's own user, who may do what the application may not. */
static PGconn *super_open(void)
{
	const char *user = strstr(stage.conninfo, "user=vorpost");
	char *info = talloc_asprintf(stage.mem, "%.*suser=postgres%s", (int)(user - stage.conninfo),
				     stage.conninfo, user + strlen("user=vorpost"));
	PGconn *super;

	super = PQconnectdb(info);
	ck_assert_msg(PQstatus(super) == CONNECTION_OK, "%s", PQerrorMessage(super));
	return super;
}

static pid_t server_pid(void)
{
	char *path = talloc_asprintf(stage.mem, "%s/postgres/postmaster.pid", stage.folder);
	FILE *file = fopen(path, "re");
	int pid = 0;

	ck_assert(file && fscanf(file, "%d", &pid) == 1 && pid > 1);
	fclose(file);
	return pid;
}

static void server_end(int signal_number)
{
	pid_t pid = server_pid();

	PQfinish(stage.raw);
	kill(pid, signal_number);
	while (kill(pid, 0) == 0 && signal_number != SIGKILL)
		usleep(10000);
	ck_assert_msg(cluster_revive(stage.cluster, &e), "%s", e.text);
	stage.raw = raw_open();
	ck_assert_msg(db_again(stage.db, &e), "%s", e.text);
}

#define CHANGES "'capture', null, null, 'proto_version', '1', 'publication_names', 'vorpost_outbox'"

static const char *const columns[] = { "aggregatetype", "aggregateid", "type", "payload",
				       "occurred_at" };

START_TEST(the_log_names_table_and_columns_as_the_router_expects)
{
	PGconn *super = super_open();
	char *seen;

	raw_do(super, "alter system set wal_level = logical");
	PQfinish(super);
	server_end(SIGINT);
	super = super_open();
	raw_do(super, "create publication vorpost_outbox for table event"
		      " with (publish = 'insert', publish_via_partition_root = true)");
	raw_do(super, "select pg_create_logical_replication_slot('capture', 'pgoutput')");
	event_put(stage.raw, "document.released", "K-4711", 1);
	ck_assert_msg(sequence_run(stage.db, BROKER, NULL, &e), "%s", e.text);
	seen = raw_value(super, "select string_agg(encode(data, 'escape'), E'\\n') from"
				" pg_logical_slot_peek_binary_changes(" CHANGES ")");
	/* the one insert names the relation that was described as public.event */
	ck_assert_str_eq(
		raw_value(
			super,
			"with m as (select data from pg_logical_slot_get_binary_changes(" CHANGES
			")), r as (select substr(data, 2, 4) as id from m where"
			" get_byte(data, 0) = 82 and"
			" substr(data, 6, 13) = 'public'::bytea || '\\x00'::bytea ||"
			" 'event'::bytea || '\\x00'::bytea),"
			" i as (select substr(data, 2, 4) as id from m where get_byte(data, 0) = 73)"
			" select count(*) || ' ' || bool_and(i.id = r.id) from i, r"),
		"1 true");
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		ck_assert_msg(strstr(seen, columns[i]) != NULL, "%s", columns[i]);
	ck_assert_msg(strstr(seen, "document.released") && strstr(seen, "K-4711"), "%s", seen);
	raw_do(super, "select pg_drop_replication_slot('capture')");
	raw_do(super, "drop publication vorpost_outbox");
	PQfinish(super);
}
END_TEST

/* In the middle: numbered, not committed. What was committed stays, what was not is numbered again. */
START_TEST(a_killed_server_leaves_all_or_nothing)
{
	event_put(stage.raw, "document.released", "K1", 1);
	ck_assert(sequence_run(stage.db, BROKER, NULL, &e));
	event_put(stage.raw, "document.released", "K1", 2);
	ck_assert(db_begin(stage.db, &e));
	ck_assert(db_call(stage.db, SQL_sequence_lock, NULL, stage.mem, &e, BROKER));
	ck_assert(db_call(stage.db, SQL_sequence_number, NULL, stage.mem, &e, BROKER,
			  "{document.released}"));
	server_end(SIGKILL);
	ck_assert_msg(sequence_run(stage.db, BROKER, NULL, &e), "%s", e.text);
	ck_assert_str_eq(raw_value(stage.raw,
				   "select string_agg(position || ':' || customersequence, ' '"
				   " order by position) from event"),
			 "1:1 2:2");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("capture");
	TCase *tc = tcase_create("capture");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(tc, stage_build, stage_clear);
	tcase_add_checked_fixture(tc, open_all, stage_close);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, a_killed_server_leaves_all_or_nothing);
	tcase_add_test(tc, the_log_names_table_and_columns_as_the_router_expects);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
