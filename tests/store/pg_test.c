/* A connection to a server that is not one: what libpq says by itself, without a word of PostgreSQL. */
#include "store/pg.h"

#include <check.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/vorpost-pg-XXXXXX";

static const char *path_of_socket(void)
{
	static char path[64];

	snprintf(path, sizeof path, "%s/.s.PGSQL.5432", folder);
	return path;
}

static int listener(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_ptr_nonnull(mkdtemp(folder));
	strcpy(at.sun_path, path_of_socket());
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	return fd;
}

/* Lets anybody in, says the last words of a server whose neighbour was killed, and goes. */
static void server_play(int listening, int told)
{
	static const char welcome[] = "R\0\0\0\10\0\0\0\0Z\0\0\0\5I";
	static const char farewell[] = "N\0\0\0\61SWARNING\0C57P02\0Mterminating connection now\0";
	int fd = accept(listening, NULL, NULL);
	char startup[1024];

	if (read(fd, startup, sizeof startup) <= 0 ||
	    write(fd, welcome, sizeof welcome - 1) != sizeof welcome - 1 ||
	    read(told, startup, 1) != 1 || write(fd, farewell, sizeof farewell) != sizeof farewell)
		_exit(1);
	_exit(0);
}

/* libpq then has an error of its own: no SQLSTATE, and the connection still counts as one. */
START_TEST(server_that_went_before_it_was_asked)
{
	char conninfo[128];
	struct err e = { 0 };
	int fd = listener(), tell[2], how;
	pid_t server;
	PGconn *conn;

	ck_assert_int_eq(pipe(tell), 0);
	server = fork();
	if (server == 0)
		server_play(fd, tell[0]);
	snprintf(conninfo, sizeof conninfo, "host=%s port=5432 user=u dbname=d", folder);
	conn = pg_connect(conninfo, &e);
	ck_assert_msg(conn != NULL, "%s", e.text);
	ck_assert_int_eq(write(tell[1], "", 1), 1);
	ck_assert_int_eq(waitpid(server, &how, 0), server);
	ck_assert_int_eq(how, 0);
	ck_assert(!pg_command(conn, "select 1", "one", NULL, &e));
	ck_assert_int_eq(PQstatus(conn), CONNECTION_OK); /* what this is about */
	ck_assert_msg(e.kind == ERR_RETRY, "%s", e.text);
	PQfinish(conn);
	close(fd), close(tell[0]), close(tell[1]);
	unlink(path_of_socket());
	rmdir(folder);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pg");
	TCase *cases = tcase_create("pg");
	SRunner *runner;
	int failed;

	tcase_add_test(cases, server_that_went_before_it_was_asked);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
