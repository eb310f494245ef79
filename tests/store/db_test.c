#include "store/db.h"

#include <check.h>
#include <libpq-fe.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
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

static bool as_admin(const char *text)
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

static void make_database(void)
{
	char name[32], text[96];

	snprintf(name, sizeof name, "case_%d", (int)getpid());
	snprintf(text, sizeof text, "create database %s owner vorpost", name);
	ck_assert(as_admin(text));
	conninfo = talloc_asprintf(NULL, "%s dbname=%s", cluster_conninfo(cluster), name);
	e = (struct err){ 0 };
}

static void make_db(void)
{
	make_database();
	ck_assert_msg(db_migrate_list(conninfo, steps, 2, NULL, &e), "%s", e.text);
	db = db_open_list(conninfo, texts, TEXTS, 2, NULL, &e);
	ck_assert_msg(db != NULL, "%s", e.text);
}

static void close_db(void)
{
	talloc_free(db);
	talloc_free(conninfo);
}

static bool call(int statement, const char *value, struct rows **out)
{
	err_clear(&e);
	return db_run(db, (enum sql)statement, value ? 1 : 0, &value, out, db, &e);
}

static int64_t things(void)
{
	ck_assert_msg(call(COUNT, NULL, &rows), "%s", e.text);
	return rows_int(rows, 0, "n");
}

/* The house's own: every file of store/sql fits the schema of store/migrations. */
START_TEST(house_statements_are_prepared)
{
	int applied;

	make_database();
	ck_assert_ptr_null(db_open(conninfo, NULL, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_nonnull(strstr(e.text, "vorpost migrate"));
	err_clear(&e);
	ck_assert_msg(db_migrate(conninfo, &applied, &e), "%s", e.text);
	ck_assert_int_eq(applied, migration_count);
	ck_assert(db_migrate(conninfo, &applied, &e));
	ck_assert_int_eq(applied, 0);
	db = db_open(conninfo, NULL, &e);
	ck_assert_msg(db != NULL, "%s", e.text);
	ck_assert(db_again(db, &e));
	close_db();
}
END_TEST

START_TEST(embedded_texts_are_the_files)
{
	ck_assert_int_gt(SQL_COUNT, 0);
	for (int i = 0; i < SQL_COUNT; i++) {
		char path[512], text[32768];
		FILE *file;
		size_t n;

		snprintf(path, sizeof path, SOURCE_DIR "/store/sql/%s.sql", sql_texts[i].name);
		file = fopen(path, "re");
		ck_assert_msg(file != NULL, "%s", path);
		n = fread(text, 1, sizeof text - 1, file);
		text[n] = '\0';
		fclose(file);
		ck_assert_str_eq(sql_texts[i].text, text);
		ck_assert_msg(!strncmp(text, "-- ", 3), "%s: contract on top", path);
		ck_assert_msg(sql_texts[i].relaxed ==
				      (strstr(text, "\n-- durability: relaxed\n") != NULL),
			      "%s", path);
	}
}
END_TEST

START_TEST(values_come_and_go_as_text)
{
	ck_assert(
		db_call(db, (enum sql)KINDS, &rows, db, &e, "it's \xc3\xa4", "-9007199254740993"));
	ck_assert_int_eq(rows_count(rows), 1);
	ck_assert_str_eq(rows_text(rows, 0, "a"), "it's \xc3\xa4");
	ck_assert_ptr_null(rows_text(rows, 0, "b"));
	ck_assert_int_eq(rows_int(rows, 0, "b"), 0);
	ck_assert_int_eq(rows_int(rows, 0, "c"), -9007199254740993);
	ck_assert(rows_bool(rows, 0, "d"));
	ck_assert(!rows_bool(rows, 0, "f"));
	ck_assert(!rows_bool(rows, 0, "b"));
	ck_assert_str_eq(rows_text(rows, 0, "t"), "2025-03-03 06:00:00+00");
	ck_assert(db_call(db, (enum sql)KINDS, &rows, db, &e, NULL, NULL));
	ck_assert_ptr_null(rows_text(rows, 0, "a"));
}
END_TEST

START_TEST(a_wrong_column_is_a_bug)
{
	ck_assert(call(COUNT, NULL, &rows));
	rows_text(rows, 0, "m");
}
END_TEST

START_TEST(unique_violation_is_a_conflict)
{
	ck_assert(call(ADD, "secret-name", NULL));
	ck_assert(!call(ADD, "secret-name", &rows));
	ck_assert_int_eq(e.kind, ERR_CONFLICT);
	ck_assert_ptr_nonnull(strstr(e.text, "23505"));
	ck_assert_ptr_nonnull(strstr(e.text, "thing_pkey"));
	ck_assert_ptr_null(strstr(e.text, "secret"));
	ck_assert(!call(ADD_RELAXED, "secret-name", NULL)); /* in a pipeline, too */
	ck_assert_int_eq(e.kind, ERR_CONFLICT);
	ck_assert_int_eq(things(), 1);
}
END_TEST

START_TEST(refused_value_is_a_bug_and_not_told)
{
	ck_assert(!call(BAD_VALUE, "4711-geheim", NULL));
	ck_assert_int_eq(e.kind, ERR_BUG);
	ck_assert_ptr_nonnull(strstr(e.text, "bad_value"));
	ck_assert_ptr_nonnull(strstr(e.text, "22P02"));
	ck_assert_ptr_null(strstr(e.text, "geheim"));
	ck_assert_int_eq(things(), 0);
}
END_TEST

/* What an insurer wrote is his document's fault, not ours: it must not look like a broken program. */
START_TEST(a_value_that_is_no_text_is_the_document_s_fault)
{
	ck_assert(!call(ADD, "K\xfcndigung-geheim", NULL));
	ck_assert_int_eq(e.kind, ERR_DELIVERY);
	ck_assert_ptr_null(strstr(e.text, "geheim"));
	ck_assert(!call(ADD_RELAXED, "\xe2\x82", NULL));
	ck_assert_int_eq(e.kind, ERR_DELIVERY);
	ck_assert(!call(JSON, "{\"a\": \"\\u0000\"}", NULL));
	ck_assert_int_eq(e.kind, ERR_DELIVERY);
	ck_assert_int_eq(things(), 0);
}
END_TEST

START_TEST(relaxed_is_relaxed_for_one_statement)
{
	ck_assert(call(DURABILITY_RELAXED, NULL, &rows));
	ck_assert_str_eq(rows_text(rows, 0, "now"), "off");
	ck_assert(call(DURABILITY, NULL, &rows));
	ck_assert_str_eq(rows_text(rows, 0, "now"), "on");
	ck_assert(call(ADD_RELAXED, "a", NULL));
	ck_assert_int_eq(things(), 1);
}
END_TEST

START_TEST(nothing_is_relaxed_inside_a_transaction)
{
	ck_assert(db_begin(db, &e));
	ck_assert(call(DURABILITY_RELAXED, NULL, &rows));
	ck_assert_str_eq(rows_text(rows, 0, "now"), "on");
	ck_assert(call(ADD_RELAXED, "a", NULL));
	ck_assert(call(DURABILITY, NULL, &rows));
	ck_assert_str_eq(rows_text(rows, 0, "now"), "on");
	db_rollback(db);
	ck_assert_int_eq(things(), 0);
}
END_TEST

START_TEST(a_transaction_is_whole)
{
	ck_assert(db_begin(db, &e));
	ck_assert(call(ADD, "a", NULL));
	ck_assert(call(ADD, "b", NULL));
	ck_assert(db_commit(db, &e));
	ck_assert_int_eq(things(), 2);

	ck_assert(db_begin(db, &e));
	ck_assert(call(ADD, "c", NULL));
	ck_assert(!call(ADD, "a", NULL));
	ck_assert_int_eq(e.kind, ERR_CONFLICT);
	err_clear(&e);
	ck_assert(!db_commit(db, &e)); /* PostgreSQL would say ROLLBACK, and no error */
	ck_assert_int_eq(e.kind, ERR_BUG);
	db_rollback(db);
	ck_assert_int_eq(things(), 2);
}
END_TEST

START_TEST(halves_of_a_run)
{
	const char *value = "a";

	ck_assert(!db_receive(db, NULL, db, &e));
	ck_assert_int_eq(e.kind, ERR_BUG);
	err_clear(&e);
	ck_assert(db_send(db, (enum sql)ADD, 1, &value, &e));
	ck_assert(db_receive(db, &rows, db, &e));
	ck_assert_str_eq(rows_text(rows, 0, "name"), "a");
	ck_assert_int_eq(things(), 1);
}
END_TEST

/* The backend ends itself while it works; then the same, ended from outside while nothing runs. */
START_TEST(lost_connection_is_retried)
{
	ck_assert(!call(END_SELF, NULL, &rows));
	ck_assert_int_eq(e.kind, ERR_RETRY);
	ck_assert(!call(ADD, "a", NULL));
	ck_assert_int_eq(e.kind, ERR_RETRY);
	err_clear(&e);
	ck_assert(db_again(db, &e));
	ck_assert(call(ADD, "a", NULL));
	ck_assert(as_admin("select pg_terminate_backend(pid) from pg_stat_activity "
			   "where application_name = 'vorpost'"));
	ck_assert(!call(ADD_RELAXED, "b", NULL));
	ck_assert_int_eq(e.kind, ERR_RETRY);
	ck_assert(db_again(db, &e));
	ck_assert_int_eq(things(), 1);
}
END_TEST

START_TEST(lost_transaction_is_retried)
{
	ck_assert(db_begin(db, &e));
	ck_assert(call(ADD, "a", NULL));
	ck_assert(!call(END_SELF, NULL, NULL));
	ck_assert_int_eq(e.kind, ERR_RETRY);
	err_clear(&e);
	ck_assert(!db_commit(db, &e));
	ck_assert_int_eq(e.kind, ERR_RETRY);
	db_rollback(db);
	err_clear(&e);
	ck_assert(db_again(db, &e));
	ck_assert_int_eq(things(), 0);
}
END_TEST

/* While a write is on its way the server dies: the caller learns that he does not know. */
START_TEST(server_killed_while_a_statement_runs)
{
	char path[96];
	struct err why = { 0 };

	ck_assert(db_send(db, (enum sql)SLEEP, 0, NULL, &e));
	snprintf(path, sizeof path, "%s/state/postgres/postmaster.pid", place);
	ck_assert_int_eq(kill(place_number(path), SIGQUIT), 0);
	ck_assert(!db_receive(db, &rows, db, &e));
	ck_assert_int_eq(e.kind, ERR_RETRY);
	while (db_again(db, &why)) /* until the last process is gone */
		usleep(1000);
	ck_assert_int_eq(why.kind, ERR_RETRY);
	err_clear(&e);
	ck_assert(!call(COUNT, NULL, &rows)); /* not connected is the same as lost */
	ck_assert_int_eq(e.kind, ERR_RETRY);
	err_clear(&e);
	ck_assert(!db_begin(db, &e) && e.kind == ERR_RETRY);
	err_clear(&e);
	ck_assert(cluster_revive(cluster, &e));
	ck_assert_msg(db_again(db, &e), "%s", e.text);
	ck_assert_int_eq(things(), 0);
}
END_TEST

START_TEST(who_is_refused_must_act)
{
	char *info = talloc_asprintf(NULL, "%s user=nobody_known", conninfo);
	struct err why = { 0 };

	ck_assert_ptr_null(db_open_list(info, texts, TEXTS, 2, NULL, &why));
	ck_assert_int_eq(why.kind, ERR_SETUP);
	talloc_free(info);
	err_clear(&why);
	ck_assert_ptr_null(db_open_list("nonsense without meaning", texts, TEXTS, 2, NULL, &why));
	ck_assert_int_eq(why.kind, ERR_SETUP);
	err_clear(&why);
	ck_assert_ptr_null(db_open_list("host=/nonexistent dbname=x", texts, TEXTS, 2, NULL, &why));
	ck_assert_int_eq(why.kind, ERR_RETRY);
}
END_TEST

START_TEST(statement_that_does_not_fit_is_named)
{
	static const struct sql_text wrong[] = {
		{ "right", false, "select 1" },
		{ "wrong", false, "select nothing from nowhere" },
		{ "later", false, "select 1" },
	};
	struct err why = { 0 };

	ck_assert_ptr_null(db_open_list(conninfo, wrong, 3, 2, NULL, &why));
	ck_assert_int_eq(why.kind, ERR_BUG);
	ck_assert_ptr_nonnull(strstr(why.text, "statement wrong"));
}
END_TEST

/* A forked child frees what it inherited; the parent's connection goes on. */
START_TEST(child_says_no_goodbye)
{
	int status;

	if (fork() == 0) {
		talloc_free(db);
		_exit(0);
	}
	ck_assert(wait(&status) > 0);
	ck_assert_int_eq(things(), 0);
}
END_TEST

START_TEST(migrations_run_once)
{
	int applied;

	ck_assert(db_migrate_list(conninfo, steps, 2, &applied, &e)); /* make_db ran them */
	ck_assert_int_eq(applied, 0);
	ck_assert(call(ADD, "kept", NULL));
	ck_assert(db_migrate_list(conninfo, steps, 2, &applied, &e));
	ck_assert_int_eq(things(), 1);
}
END_TEST

START_TEST(newer_schema_is_refused)
{
	int applied;

	ck_assert(!db_migrate_list(conninfo, steps, 1, &applied, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_nonnull(strstr(e.text, "schema 2"));
	err_clear(&e);
	ck_assert_ptr_null(db_open_list(conninfo, texts, TEXTS, 1, NULL, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	err_clear(&e);
	ck_assert_ptr_null(db_open_list(conninfo, texts, TEXTS, 3, NULL, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_nonnull(strstr(e.text, "vorpost migrate"));
}
END_TEST

START_TEST(changed_migration_is_named)
{
	struct migration_text changed[] = { steps[0], steps[1] };

	changed[1].checksum = "other";
	ck_assert(!db_migrate_list(conninfo, changed, 2, NULL, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_nonnull(strstr(e.text, "0002_more.sql"));
}
END_TEST

/* The first half of a failed migration is gone, and the one before it stays. */
START_TEST(failed_migration_leaves_nothing)
{
	struct migration_text broken[] = { steps[0],
					   steps[1],
					   { 3, "0003_broken.sql", "c3",
					     "create table half (n int); select 1/0" } };
	int applied;

	ck_assert(!db_migrate_list(conninfo, broken, 3, &applied, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "0003_broken.sql"));
	ck_assert_int_eq(applied, 0);
	err_clear(&e);
	broken[2].text = "create table half (n int)";
	ck_assert_msg(db_migrate_list(conninfo, broken, 3, &applied, &e), "%s", e.text);
	ck_assert_int_eq(applied, 1);
}
END_TEST

START_TEST(many_migrate_at_once)
{
	int status, applied = 0;

	make_database();
	for (int i = 0; i < 6; i++) {
		if (fork() == 0) {
			int own;

			if (!db_migrate_list(conninfo, steps, 2, &own, &e)) {
				fprintf(stderr, "%s\n", e.text);
				_exit(100);
			}
			_exit(own);
		}
	}
	for (int i = 0; i < 6; i++) {
		ck_assert(wait(&status) > 0);
		ck_assert(WIFEXITED(status));
		ck_assert_int_le(WEXITSTATUS(status), 2);
		applied += WEXITSTATUS(status);
	}
	ck_assert_int_eq(applied, 2); /* each by exactly one of them */
	talloc_free(conninfo);
}
END_TEST

static Suite *db_suite(void)
{
	Suite *suite = suite_create("db");
	TCase *bare = tcase_create("bare"), *ready = tcase_create("ready");

	tcase_set_timeout(bare, 60);
	tcase_add_test(bare, house_statements_are_prepared);
	tcase_add_test(bare, embedded_texts_are_the_files);
	tcase_add_loop_test(bare, many_migrate_at_once, 0, 4);
	tcase_set_timeout(ready, 60);
	tcase_add_checked_fixture(ready, make_db, close_db);
	tcase_add_test(ready, values_come_and_go_as_text);
	tcase_add_test_raise_signal(ready, a_wrong_column_is_a_bug, SIGABRT);
	tcase_add_test(ready, unique_violation_is_a_conflict);
	tcase_add_test(ready, refused_value_is_a_bug_and_not_told);
	tcase_add_test(ready, a_value_that_is_no_text_is_the_document_s_fault);
	tcase_add_test(ready, relaxed_is_relaxed_for_one_statement);
	tcase_add_test(ready, nothing_is_relaxed_inside_a_transaction);
	tcase_add_test(ready, a_transaction_is_whole);
	tcase_add_test(ready, halves_of_a_run);
	tcase_add_test(ready, lost_connection_is_retried);
	tcase_add_test(ready, lost_transaction_is_retried);
	tcase_add_test(ready, server_killed_while_a_statement_runs);
	tcase_add_test(ready, who_is_refused_must_act);
	tcase_add_test(ready, statement_that_does_not_fit_is_named);
	tcase_add_test(ready, child_says_no_goodbye);
	tcase_add_test(ready, migrations_run_once);
	tcase_add_test(ready, newer_schema_is_refused);
	tcase_add_test(ready, changed_migration_is_named);
	tcase_add_test(ready, failed_migration_leaves_nothing);
	suite_add_tcase(suite, bare);
	suite_add_tcase(suite, ready);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(db_suite());
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
