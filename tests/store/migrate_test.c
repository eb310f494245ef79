/* migrate_test.c -- migrations run once and whole, whoever else runs them, is killed or lacks a right. */
#include "db_world.h"

#include <sys/wait.h>

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

/* Who is killed behind the last commit leaves nothing to do, and everything seen through. */
START_TEST(last_migration_is_seen_through_before_a_kill)
{
	static const struct migration_text step = {
		1, "0001_seen.sql", "c1",
		"create table seen (n int); create function web_protect() returns void language sql as"
		" 'insert into seen values (1)'"
	};
	char *file = talloc_asprintf(NULL, "%s/crash", place);
	FILE *armed = fopen(file, "w");
	int status, applied;

	make_database();
	fputs("migrate.committed 1\n", armed);
	fclose(armed);
	if (fork() == 0) {
		setenv("VORPOST_CRASH_FILE", file, 1);
		db_migrate_list(conninfo, &step, 1, NULL, &e);
		_exit(0);
	}
	ck_assert(wait(&status) > 0);
	ck_assert(WIFSIGNALED(status));
	ck_assert_msg(db_migrate_list(conninfo, &step, 1, &applied, &e), "%s", e.text);
	ck_assert_int_eq(applied, 0);
	db = db_open_list(conninfo,
			  (const struct sql_text[]){ { "seen", false, "select n from seen" } }, 1,
			  1, NULL, &e);
	ck_assert(db_run(db, 0, 0, NULL, &rows, db, &e));
	ck_assert_int_eq(rows_count(rows), 1);
	talloc_free(db);
	talloc_free(conninfo);
	talloc_free(file);
}
END_TEST

/* A login of somebody's own server: what its administrator has to do is said, and nothing is begun. */
START_TEST(without_the_role_nothing_is_made)
{
	make_database();
	ck_assert(as_admin("alter role vorpost_web rename to vorpost_web_away"));
	ck_assert(!db_migrate(conninfo, NULL, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_msg(
		strstr(e.text, "create role vorpost_web nologin; grant vorpost_web to vorpost;"),
		"%s", e.text);
	err_clear(&e);
	ck_assert_ptr_null(db_open(conninfo, NULL, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "schema 0"));
	err_clear(&e);
	ck_assert(as_admin("create role vorpost_web nologin"));
	ck_assert(!db_migrate(conninfo, NULL, &e));
	ck_assert_msg(strstr(e.text, "is no member of the role vorpost_web") &&
			      strstr(e.text, ": grant vorpost_web to vorpost;"),
		      "%s", e.text);
	err_clear(&e);
	ck_assert(as_admin("alter role vorpost createrole"));
	ck_assert_msg(db_migrate(conninfo, NULL, &e), "%s", e.text);
	ck_assert(as_admin("alter role vorpost nocreaterole"));
	talloc_free(conninfo);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("migrate");
	TCase *bare = tcase_create("bare"), *ready = tcase_create("ready");

	tcase_set_timeout(bare, 60);
	tcase_add_loop_test(bare, many_migrate_at_once, 0, 4);
	tcase_add_test(bare, last_migration_is_seen_through_before_a_kill);
	tcase_add_test(bare, without_the_role_nothing_is_made);
	tcase_set_timeout(ready, 60);
	tcase_add_checked_fixture(ready, make_db, close_db);
	tcase_add_test(ready, migrations_run_once);
	tcase_add_test(ready, newer_schema_is_refused);
	tcase_add_test(ready, changed_migration_is_named);
	tcase_add_test(ready, failed_migration_leaves_nothing);
	suite_add_tcase(suite, bare);
	suite_add_tcase(suite, ready);
	return db_cases(suite);
}
