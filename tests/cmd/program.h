/*
 * program.h -- an installation of a test's own (configuration, private PostgreSQL, a few insurer files) and the program run
 * in it as from a shell: words in, exit code and both outputs back.
 */
#ifndef TESTS_CMD_PROGRAM_H
#define TESTS_CMD_PROGRAM_H

#include <check.h>
#include <fcntl.h>
#include <jansson.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

#include "cmd/table.h"
#include "store/db.h"
#include "tests/store/cluster_ready.h"
#include "tests/store/place.h"

#define WORDS_MOST 32

struct program {
	TALLOC_CTX *mem;
	char place[32];
	char *conf, *password;
	PGconn *side; /* what the test looks and meddles through */
	char out[65536], err[8192];
};

static struct program program;

static inline void program_write(const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(path, "we");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
	ck_assert_int_eq(chmod(path, mode), 0);
}

/* Once a test program, in the parent of all cases. */
static inline void program_build(void)
{
	struct err e = { 0 };
	struct cluster *cluster;
	char *state;

	program.mem = talloc_new(NULL);
	strcpy(program.place, "/tmp/vorpost-test-XXXXXX");
	place_make(program.place);
	state = talloc_asprintf(program.mem, "%s/state", program.place);
	program.conf = talloc_asprintf(program.mem, "%s/vorpost.yaml", program.place);
	program.password = talloc_asprintf(program.mem, "%s/password", program.place);
	program_write(program.conf,
		      talloc_asprintf(program.mem,
				      "broker: demo\nstate: %s\ninsurers: [ \"%s\" ]\nworkers: 1\n",
				      state, SOURCE_DIR "/tests/matcher/insurers"),
		      0644);
	program_write(program.password, "geheim\n", 0600);
	ck_assert(mkdir(state, 0755) == 0);
	cluster = cluster_ready(state, program.mem, &e); /* held: no command has to start it */
	ck_assert_msg(cluster != NULL, "%s", e.text);
	ck_assert_msg(db_migrate(cluster_conninfo(cluster), NULL, &e), "%s", e.text);
	setenv("PROGRAM_CONNINFO", cluster_conninfo(cluster), 1);
}

static inline void program_leave(void)
{
	talloc_free(program.mem);
	place_remove(program.place);
}

/* Run SQL from aside; the first value of the answer, "" for none. */
static inline const char *program_sql(const char *sql)
{
	static char value[4000];
	PGresult *result = PQexec(program.side, sql);
	ExecStatusType status = PQresultStatus(result);

	ck_assert_msg(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK, "%s: %s", sql,
		      PQerrorMessage(program.side));
	snprintf(value, sizeof value, "%s", PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
	PQclear(result);
	return value;
}

/* Before and after every case. */
static inline void program_open(void)
{
	program.side = PQconnectdb(getenv("PROGRAM_CONNINFO"));
	program_sql("set client_min_messages = warning");
	program_sql("truncate broker cascade");
	program_sql("insert into broker values ('demo')");
}

static inline void program_close(void)
{
	PQfinish(program.side);
}

/* Start it; the words are separated by single blanks. */
static inline pid_t program_start(const char *words)
{
	char *argv[WORDS_MOST] = { (char *)"vorpost", (char *)"--config", program.conf }, *rest;
	char *copy = talloc_strdup(program.mem, words);
	int argc = 3;
	pid_t pid;

	for (char *w = strtok_r(copy, " ", &rest); w; w = strtok_r(NULL, " ", &rest))
		argv[argc++] = w;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		char *out = talloc_asprintf(NULL, "%s/out", program.place);
		char *err = talloc_asprintf(NULL, "%s/err", program.place);

		if (!freopen(out, "we", stdout) || !freopen(err, "we", stderr))
			_exit(99);
		setvbuf(stderr, NULL, _IONBF, 0);
		_exit(command_main(argc, argv, command_tables));
	}
	return pid;
}

static inline void program_read(char *text, size_t size, const char *name)
{
	FILE *f = fopen(talloc_asprintf(program.mem, "%s/%s", program.place, name), "re");
	size_t n = f ? fread(text, 1, size - 1, f) : 0;

	text[n] = '\0';
	if (f)
		fclose(f);
}

/* What it said and its exit code; -signal if it was killed. */
static inline int program_said(int status)
{
	program_read(program.out, sizeof program.out, "out");
	program_read(program.err, sizeof program.err, "err");
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static inline int program_run(const char *words)
{
	pid_t pid = program_start(words);
	int status = 0;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return program_said(status);
}

/* Run and compare the exit code; the error of a wrong one is shown. */
#define program_gives(code, words)                                                                 \
	do {                                                                                       \
		int got = program_run(words);                                                      \
                                                                                                   \
		ck_assert_msg(got == (code), "'%s' gives %d, expected %d: %s", words, got, (code), \
			      program.err);                                                        \
	} while (0)

#define program_says(stream, text)                                                                 \
	ck_assert_msg(strstr(program.stream, text) != NULL, "'%s' is not in: %s", text,            \
		      program.stream)

/* A connection to this port of this machine. */
static inline void connection_made(const char *name, int port)
{
	char *words = talloc_asprintf(
		program.mem,
		"connection add %s --insurer north --sts http://127.0.0.1:%d/sts --transfer "
		"http://127.0.0.1:%d/transfer --user broker --password-file %s --allow-plain",
		name, port, port, program.password);

	program_gives(0, words);
}

static inline int program_cases(Suite *suite, TCase *tc)
{
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(tc, program_build, program_leave);
	tcase_add_checked_fixture(tc, program_open, program_close);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
