/* db_test.c -- one connection: values, errors, transactions, and a server that goes. */
#include "db_world.h"

#include <signal.h>
#include <sys/wait.h>

/* The house's own: every file of store/sql fits the schema of store/migrations. */
START_TEST(house_statements_fit)
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
	ck_assert_msg(db_fits(db, &e), "%s", e.text);
	ck_assert(db_again(db, &e) && db_fits(db, &e));
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

	struct db *other = db_open_list(conninfo, wrong, 3, 2, NULL, &why);

	ck_assert_msg(other != NULL, "%s", why.text);
	ck_assert(!db_fits(other, &why));
	ck_assert_int_eq(why.kind, ERR_BUG);
	ck_assert_ptr_nonnull(strstr(why.text, "statement wrong"));
	err_clear(&why);
	for (int again = 0; again < 2; again++) {
		ck_assert(!db_run(other, 1, 0, NULL, NULL, other, &why));
		ck_assert_int_eq(why.kind, ERR_BUG);
		ck_assert_ptr_nonnull(strstr(why.text, "statement wrong"));
		err_clear(&why);
	}
	ck_assert_msg(db_run(other, 2, 0, NULL, NULL, other, &why), "%s", why.text);
	talloc_free(other);
}
END_TEST

/* What a connection knows outlives a transaction that was rolled back, and ends with the connection. */
START_TEST(prepared_once_a_connection)
{
	ck_assert(db_begin(db, &e));
	ck_assert_msg(call(ADD, "gone", NULL), "%s", e.text);
	db_rollback(db);
	ck_assert_msg(call(ADD, "kept", NULL), "%s", e.text);
	ck_assert_int_eq(things(), 1);
	ck_assert(db_again(db, &e));
	ck_assert_msg(call(ADD, "kept too", NULL), "%s", e.text);
	ck_assert_int_eq(things(), 2);
}
END_TEST

/* The first use may fail for its value: the next is not taken for known, nor for unknown, wrongly. */
START_TEST(first_use_may_fail)
{
	for (int again = 0; again < 2; again++) {
		ck_assert(!call(ADD, "\xff", NULL));
		ck_assert_int_eq(e.kind, ERR_DELIVERY);
		ck_assert(!call(ADD_RELAXED, "\xff", NULL));
		ck_assert_int_eq(e.kind, ERR_DELIVERY);
	}
	ck_assert_msg(call(ADD, "kept", NULL), "%s", e.text);
	ck_assert_msg(call(ADD_RELAXED, "kept too", NULL), "%s", e.text);
	ck_assert_int_eq(things(), 2);
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

static Suite *db_suite(void)
{
	Suite *suite = suite_create("db");
	TCase *bare = tcase_create("bare"), *ready = tcase_create("ready");

	tcase_set_timeout(bare, 60);
	tcase_add_test(bare, house_statements_fit);
	tcase_add_test(bare, embedded_texts_are_the_files);
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
	tcase_add_test(ready, prepared_once_a_connection);
	tcase_add_test(ready, first_use_may_fail);
	tcase_add_test(ready, child_says_no_goodbye);
	suite_add_tcase(suite, bare);
	suite_add_tcase(suite, ready);
	return suite;
}

int main(void)
{
	return db_cases(db_suite());
}
