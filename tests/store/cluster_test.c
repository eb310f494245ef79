#include "store/cluster.h"

#include <check.h>
#include <errno.h>
#include <libpq-fe.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>

#include "place.h"

/* One state folder for all cases: initdb is the slow part. Each case leaves the server stopped. */
static char place[] = "/tmp/vorpost-test-XXXXXX";
static char state[64], pid_path[96];

static void make_place(void)
{
	place_make(place);
	snprintf(state, sizeof state, "%s/state", place);
	snprintf(pid_path, sizeof pid_path, "%s/postgres/postmaster.pid", state);
}

static void remove_place(void)
{
	place_remove(place);
}

static struct cluster *use(void)
{
	struct err e = { 0 };
	struct cluster *c = cluster_use(state, NULL, NULL, &e);

	ck_assert_msg(c != NULL, "%s", e.text);
	return c;
}

static bool answers(const struct cluster *c)
{
	PGconn *conn = PQconnectdb(cluster_conninfo(c));
	PGresult *result = PQexec(conn, "select 1");
	bool ok = PQresultStatus(result) == PGRES_TUPLES_OK;

	PQclear(result);
	PQfinish(conn);
	return ok;
}

static bool alive(int pid)
{
	return pid > 0 && kill(pid, 0) == 0;
}

/* The end of a process that is not our child. */
static void wait_gone(int pid)
{
	char path[32], state_letter = 'Z';

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	for (;;) {
		FILE *file = fopen(path, "re");

		if (!file)
			return;
		if (fscanf(file, "%*d (%*[^)]) %c", &state_letter) != 1)
			state_letter = 'Z';
		fclose(file);
		if (state_letter == 'Z')
			return;
		usleep(10000);
	}
}

START_TEST(starts_and_stops_with_its_only_user)
{
	struct cluster *c = use();
	int pid = place_number(pid_path);

	ck_assert(answers(c));
	ck_assert(alive(pid));
	talloc_free(c);
	wait_gone(pid);
	ck_assert_int_eq(access(pid_path, F_OK), -1);
}
END_TEST

START_TEST(is_private_and_as_agreed)
{
	static const char *const want[][2] = {
		{ "show listen_addresses", "" },
		{ "show data_checksums", "on" },
		{ "show server_encoding", "UTF8" },
		{ "show lc_collate", "C.UTF-8" },
		{ "show jit", "off" },
		{ "show max_connections", "50" },
		{ "select current_user", "vorpost" },
		{ "select rolsuper::text from pg_roles where rolname = 'vorpost'", "false" },
		{ "select current_database()", "vorpost" },
	};
	struct cluster *c = use();
	PGconn *conn = PQconnectdb(cluster_conninfo(c));
	char folder[96];
	struct stat st;

	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		PGresult *result = PQexec(conn, want[i][0]);

		ck_assert_int_eq(PQntuples(result), 1);
		ck_assert_str_eq(PQgetvalue(result, 0, 0), want[i][1]);
		PQclear(result);
	}
	PQfinish(conn);
	snprintf(folder, sizeof folder, "%s/postgres", state);
	ck_assert_int_eq(stat(folder, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0700);
	ck_assert_uint_ne(st.st_uid, 0);
	talloc_free(c);
}
END_TEST

/* A lock that leaked into the server would keep it alive for ever, and every user from being the last. */
START_TEST(server_inherits_nothing)
{
	struct cluster *c = use();
	char path[64], target[256];
	int pid = place_number(pid_path);

	for (int fd = 0; fd < 256; fd++) {
		ssize_t n;

		snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
		n = readlink(path, target, sizeof target - 1);
		if (n < 0)
			continue;
		target[n] = '\0';
		ck_assert_msg(!strstr(target, "cluster."), "%s", target);
	}
	talloc_free(c);
}
END_TEST

START_TEST(of_two_users_the_last_one_stops_it)
{
	struct cluster *one = use(), *two = use();
	int pid = place_number(pid_path);

	talloc_free(one);
	ck_assert(alive(pid));
	ck_assert(answers(two));
	talloc_free(two);
	wait_gone(pid);
	ck_assert_int_eq(access(pid_path, F_OK), -1);
}
END_TEST

START_TEST(a_child_that_frees_the_handle_stops_nothing)
{
	struct cluster *c = use();
	pid_t child = fork();
	int status;

	if (child == 0) {
		talloc_free(c);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert(answers(c));
	talloc_free(c);
}
END_TEST

START_TEST(killed_server_is_revived)
{
	struct cluster *c = use();
	struct err e = { 0 };
	int before = place_number(pid_path);

	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(kill(place_number(pid_path), SIGKILL), 0);
		wait_gone(before);
		ck_assert(!answers(c));
		ck_assert_msg(cluster_revive(c, &e), "%s", e.text);
		ck_assert(answers(c));
		ck_assert_int_ne(place_number(pid_path), before);
		before = place_number(pid_path);
	}
	talloc_free(c);
	wait_gone(before);
}
END_TEST

/* The backend is in a query when its server is killed: it lives on for a moment and holds the memory. */
START_TEST(revive_waits_for_orphans)
{
	struct cluster *c = use();
	struct err e = { 0 };
	PGconn *conn = PQconnectdb(cluster_conninfo(c));
	int pid = place_number(pid_path);

	ck_assert(PQsendQuery(conn, "select count(*) from generate_series(1, 5000000)"));
	usleep(50000);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	wait_gone(pid);
	ck_assert_msg(cluster_revive(c, &e), "%s", e.text);
	ck_assert(answers(c));
	PQfinish(conn);
	talloc_free(c);
}
END_TEST

START_TEST(revive_of_a_running_server_changes_nothing)
{
	struct cluster *c = use();
	struct err e = { 0 };
	int pid = place_number(pid_path);

	ck_assert(cluster_revive(c, &e));
	ck_assert_int_eq(place_number(pid_path), pid);
	talloc_free(c);
}
END_TEST

START_TEST(killed_user_leaves_the_server_to_the_next)
{
	struct cluster *next;
	int pid, status;
	pid_t child = fork();

	if (child == 0) {
		use();
		kill(getpid(), SIGKILL);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	pid = place_number(pid_path);
	ck_assert(alive(pid));
	next = use();
	ck_assert_int_eq(place_number(pid_path), pid);
	ck_assert(answers(next));
	talloc_free(next);
	wait_gone(pid);
	ck_assert_int_eq(access(pid_path, F_OK), -1);
}
END_TEST

START_TEST(many_start_at_once)
{
	pid_t children[4];
	int status;

	for (int i = 0; i < 4; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			struct cluster *c = use();
			bool ok = answers(c);

			talloc_free(c);
			_exit(ok ? 0 : 1);
		}
	}
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
		ck_assert_int_eq(status, 0);
	}
	ck_assert_int_eq(access(pid_path, F_OK), -1);
}
END_TEST

/* What a power cut leaves of a lock file that was just being made. */
START_TEST(empty_pid_file)
{
	FILE *file = fopen(pid_path, "we");

	ck_assert_ptr_nonnull(file);
	fclose(file);
	talloc_free(use());
}
END_TEST

/* In a container the pid of the dead server soon belongs to another program of the same user. */
START_TEST(stale_pid_file_of_a_recycled_pid)
{
	struct stat owner;
	char folder[96];
	pid_t other;
	FILE *file;

	snprintf(folder, sizeof folder, "%s/postgres", state);
	ck_assert_int_eq(stat(folder, &owner), 0);
	other = fork();
	if (other == 0) {
		if (geteuid() == 0 && (setgid(owner.st_gid) || setuid(owner.st_uid)))
			_exit(1);
		pause();
	}
	file = fopen(pid_path, "we");
	ck_assert_ptr_nonnull(file);
	fprintf(file, "%d\n%s\n1\n5432\n%s\n\n", (int)other, folder, folder);
	fclose(file);
	talloc_free(use());
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
}
END_TEST

/* What an administrator may do: pg_ctl start on the data folder with another socket folder. */
START_TEST(foreign_holder_is_named)
{
	struct cluster *c = use();
	struct err e = { 0 };
	char elsewhere[96], pid_word[16];
	struct stat owner;
	pid_t foreign;

	snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", place);
	ck_assert_int_eq(mkdir(elsewhere, 0700), 0);
	ck_assert_int_eq(stat(talloc_asprintf(c, "%s/postgres", state), &owner), 0);
	ck_assert_int_eq(chown(elsewhere, owner.st_uid, owner.st_gid), 0);
	/* a process called "postgres" that holds the folder but does not answer */
	talloc_free(c);
	foreign = fork();
	if (foreign == 0) {
		FILE *name = fopen("/proc/self/comm", "we");

		if (chdir(state) || chdir("postgres") || !name || fputs("postgres", name) < 0)
			_exit(1);
		fclose(name);
		pause();
	}
	FILE *file = fopen(pid_path, "we");
	fprintf(file, "%d\n%s/postgres\n1\n5432\n%s\n\n", (int)foreign, state, elsewhere);
	fclose(file);
	while (1) {
		char path[32], name[32] = "";

		snprintf(path, sizeof path, "/proc/%d/comm", (int)foreign);
		file = fopen(path, "re");
		ck_assert_ptr_nonnull(fgets(name, sizeof name, file));
		fclose(file);
		if (!strcmp(name, "postgres\n"))
			break;
		usleep(1000);
	}
	ck_assert_ptr_null(cluster_use(state, NULL, NULL, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	snprintf(pid_word, sizeof pid_word, "process %d", (int)foreign);
	ck_assert_msg(strstr(e.text, pid_word) != NULL, "%s", e.text);
	ck_assert_int_eq(kill(foreign, 0), 0); /* left alone */
	kill(foreign, SIGKILL);
	waitpid(foreign, NULL, 0);
	unlink(pid_path);
	rmdir(elsewhere);
}
END_TEST

/* A kill in the middle of initdb leaves a folder that must not be taken for a cluster. */
START_TEST(half_made_data_are_made_again)
{
	struct err e = { 0 };
	struct cluster *c;
	char fresh[64], half[96];
	FILE *file;

	snprintf(fresh, sizeof fresh, "%s/fresh", place);
	snprintf(half, sizeof half, "%s/postgres.new", fresh);
	ck_assert_int_eq(mkdir(fresh, 0711), 0);
	ck_assert_int_eq(mkdir(half, 0700), 0);
	snprintf(half, sizeof half, "%s/postgres.new/PG_VERSION", fresh);
	file = fopen(half, "we");
	fputs("15\n", file);
	fclose(file);
	c = cluster_use(fresh, NULL, NULL, &e);
	ck_assert_msg(c != NULL, "%s", e.text);
	ck_assert(answers(c));
	ck_assert_int_eq(access(half, F_OK), -1);
	talloc_free(c);
	place_remove(fresh);
}
END_TEST

START_TEST(long_state_folder_gets_a_short_socket)
{
	char deep[256], text[128];
	struct err e = { 0 };
	struct cluster *c;

	memset(text, 'x', 100);
	text[100] = '\0';
	snprintf(deep, sizeof deep, "%s/it's, %s", place, text);
	c = cluster_use(deep, NULL, NULL, &e);
	ck_assert_msg(c != NULL, "%s", e.text);
	ck_assert_ptr_nonnull(strstr(cluster_conninfo(c), "'/tmp/vorpost-"));
	ck_assert(answers(c));
	sscanf(cluster_conninfo(c), "host='%127[^']", text);
	talloc_free(c);
	ck_assert_int_eq(rmdir(text), 0); /* nothing is left in it */
	place_remove(deep);
}
END_TEST

START_TEST(barred_folder_is_named)
{
	struct err e = { 0 };
	char barred[64], below[80];

	if (geteuid() != 0)
		return; /* only root steps down */
	snprintf(barred, sizeof barred, "%s/barred", place);
	snprintf(below, sizeof below, "%s/state", barred);
	ck_assert_int_eq(mkdir(barred, 0700), 0);
	ck_assert_ptr_null(cluster_use(below, NULL, NULL, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_msg(strstr(e.text, barred) && !strstr(e.text, below), "%s", e.text);
	ck_assert_ptr_nonnull(strstr(e.text, "state:"));
	place_remove(barred);
}
END_TEST

START_TEST(wrong_system_user_is_refused)
{
	static const char *const users[] = { "root", "no-such-user", "nobody" };
	char fresh[64];

	if (geteuid() != 0)
		return;
	snprintf(fresh, sizeof fresh, "%s/wrong", place);
	for (int i = 0; i < 3; i++) {
		struct err e = { 0 };

		/* nobody exists, but the data of `state` belong to somebody else */
		ck_assert_ptr_null(cluster_use(i < 2 ? fresh : state, users[i], NULL, &e));
		ck_assert_int_eq(e.kind, ERR_SETUP);
		ck_assert_ptr_nonnull(strstr(e.text, "system"));
	}
	place_remove(fresh);
}
END_TEST

START_TEST(state_folder_that_cannot_be)
{
	struct err e = { 0 };

	ck_assert_ptr_null(cluster_use("/proc/vorpost", NULL, NULL, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_nonnull(strstr(e.text, "/proc/vorpost"));
}
END_TEST

/* As an ordinary user nothing is stepped down, and another's data are not touched. */
START_TEST(ordinary_user_has_his_own)
{
	char own[64];
	struct passwd *who = getpwnam("postgres");
	int status;
	pid_t child;

	if (geteuid() != 0 || !who)
		return;
	snprintf(own, sizeof own, "%s/own", place);
	ck_assert_int_eq(mkdir(own, 0700), 0);
	ck_assert_int_eq(chown(own, who->pw_uid, who->pw_gid), 0);
	child = fork();
	if (child == 0) {
		struct err e = { 0 };
		struct cluster *c;
		bool ok;

		if (setgroups(0, NULL) || setgid(who->pw_gid) || setuid(who->pw_uid))
			_exit(1);
		c = cluster_use(own, NULL, NULL, &e);
		ok = c && answers(c);
		talloc_free(c);
		if (cluster_use(state, NULL, NULL, &e)) /* root's locks */
			_exit(3);
		_exit(!ok ? 2 : e.kind == ERR_SETUP ? 0 : 4);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	place_remove(own);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cluster");
	TCase *tcase = tcase_create("cluster");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, starts_and_stops_with_its_only_user);
	tcase_add_test(tcase, is_private_and_as_agreed);
	tcase_add_test(tcase, server_inherits_nothing);
	tcase_add_test(tcase, of_two_users_the_last_one_stops_it);
	tcase_add_test(tcase, a_child_that_frees_the_handle_stops_nothing);
	tcase_add_test(tcase, killed_server_is_revived);
	tcase_add_test(tcase, revive_waits_for_orphans);
	tcase_add_test(tcase, revive_of_a_running_server_changes_nothing);
	tcase_add_test(tcase, killed_user_leaves_the_server_to_the_next);
	tcase_add_test(tcase, many_start_at_once);
	tcase_add_test(tcase, empty_pid_file);
	tcase_add_test(tcase, stale_pid_file_of_a_recycled_pid);
	tcase_add_test(tcase, foreign_holder_is_named);
	tcase_add_test(tcase, half_made_data_are_made_again);
	tcase_add_test(tcase, long_state_folder_gets_a_short_socket);
	tcase_add_test(tcase, barred_folder_is_named);
	tcase_add_test(tcase, wrong_system_user_is_refused);
	tcase_add_test(tcase, state_folder_that_cannot_be);
	tcase_add_test(tcase, ordinary_user_has_his_own);
	suite_add_tcase(suite, tcase);
	make_place();
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	remove_place();
	return failed ? 1 : 0;
}
