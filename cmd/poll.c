/* poll.c -- `vorpost poll --once`: one round over all connections, then the events it caused. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/role.h"
#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/relay.h"
#include "cmd/round_report.h"
#include "cmd/worker.h"

#define WORKERS_MOST 32

struct once {
	struct app *app;
	const char *only;      /* one connection, NULL: all */
	const char *not_since; /* database time the round began */
	bool allow_plain;
	int pipe_to_parent;
};

/* ---- in a worker ---- */

static void report_send(const struct once *once, const struct report *report)
{
	if (write(once->pipe_to_parent, report, sizeof *report) != sizeof *report)
		exit(EX_TEMPFAIL); /* the parent is gone */
}

static void report_progress(void *self, const char *connection, int done, int known)
{
	struct report report = { .done = done, .known = known };

	snprintf(report.connection, sizeof report.connection, "%s", connection);
	report_send(self, &report);
}

static void round_over(const struct once *once, struct worker *worker, struct lease *lease)
{
	struct report report = { .ended = true };

	snprintf(report.connection, sizeof report.connection, "%s", lease->connection);
	poll_connection(&report.counts, &worker->poller, lease, &report.why);
	report_send(once, &report);
}

static bool work_through(struct once *once, TALLOC_CTX *mem, struct err *e)
{
	struct worker *worker = worker_new(once->app, mem, e);
	struct lease lease;

	if (!worker)
		return false;
	worker->poller.allow_plain = once->allow_plain;
	worker->poller.progress = report_progress;
	worker->poller.progress_self = once;
	for (;;) {
		if (!lease_claim(&lease, worker->poller.db, worker->poller.broker, worker->owner,
				 once->only, once->not_since, mem, e))
			return false;
		if (!lease.connection || role_stopping())
			return true;
		round_over(once, worker, &lease);
	}
}

static int worker_main(struct once *once)
{
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "worker");
	struct err e = { 0 };
	int code = EX_OK;

	role_signals();
	if (!work_through(once, mem, &e)) {
		log_err("worker ended", &e);
		code = err_exit_code(&e);
	}
	talloc_free(mem);
	return code;
}

/* ---- in the process that was called ---- */

static bool workers_start(struct once *once, int count, pid_t *pids, int *from_workers,
			  struct err *e)
{
	int ends[2];

	if (pipe(ends) != 0)
		return err_set(e, ERR_RETRY, "no pipe to be had: %s", strerror(errno));
	fflush(NULL);
	for (int i = 0; i < count; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			return err_set(e, ERR_RETRY, "cannot start a worker: %s", strerror(errno));
		if (pids[i] == 0) {
			close(ends[0]);
			once->pipe_to_parent = ends[1];
			_exit(worker_main(once));
		}
	}
	close(ends[1]);
	*from_workers = ends[0];
	return true;
}

static void reports_read(struct board *board, int from_workers)
{
	struct report report;
	ssize_t n;

	while ((n = read(from_workers, &report, sizeof report)) != 0) {
		if (n == sizeof report)
			board_take(board, &report);
		else if (n < 0 && errno != EINTR)
			break;
	}
	close(from_workers);
}

static int workers_wait(const pid_t *pids, int count)
{
	int worst = EX_OK;

	for (int i = 0; i < count; i++) {
		int status = 0;

		while (waitpid(pids[i], &status, 0) < 0 && errno == EINTR)
			;
		if (WIFSIGNALED(status))
			worst = EX_TEMPFAIL;
		else if (WEXITSTATUS(status))
			worst = WEXITSTATUS(status);
	}
	return worst;
}

static bool round_begin(struct once *once, struct err *e)
{
	struct app *app = once->app;
	struct rows *rows;

	if (!lease_void_dead(app->db, app->conf->broker, e) ||
	    !db_run(app->db, SQL_clock_now, 0, NULL, &rows, app, e))
		return false;
	once->not_since = talloc_strdup(app, rows_text(rows, 0, "now"));
	talloc_free(app->db); /* each worker makes its own */
	app->db = NULL;
	return true;
}

static bool workers_number(uint64_t *workers, const struct invocation *in, const struct app *app,
			   struct err *e)
{
	const char *given = invocation_option(in, "--workers");

	*workers = (uint64_t)app->conf->workers;
	return !given || text_option_u64(workers, given, 1, WORKERS_MOST, "--workers", e);
}

static int poll_once(struct invocation *in, struct err *e)
{
	struct once once = { .app = app_open(in, APP_ALL, e),
			     .only = invocation_option(in, "--connection"),
			     .allow_plain = invocation_option(in, "--allow-plain") != NULL };
	struct board *board = board_new(in->quiet, in->mem);
	pid_t pids[WORKERS_MOST];
	uint64_t workers;
	int from_workers, code, worst;

	if (!once.app || !workers_number(&workers, in, once.app, e) || !round_begin(&once, e) ||
	    !workers_start(&once, (int)workers, pids, &from_workers, e))
		return EX_SOFTWARE;
	reports_read(board, from_workers);
	worst = workers_wait(pids, (int)workers);
	code = board_print(board, in);
	if (!invocation_option(in, "--no-events") && !relay_once(once.app, in, e))
		return EX_SOFTWARE;
	return worst ? worst : code;
}

static int poll_run(struct invocation *in, struct err *e)
{
	if (!invocation_option(in, "--once")) {
		err_set(e, ERR_USAGE,
			"vorpost poll does single rounds: --once; `vorpost serve` polls by itself");
		return EX_USAGE;
	}
	return poll_once(in, e);
}

static const struct option_spec poll_options[] = {
	{ "--once", NULL, "one round over all active connections, due or not" },
	{ "--connection", "NAME", "only this connection" },
	{ "--workers", "N", "processes that share the round (default: the configuration's)" },
	{ "--no-events", NULL, "do not number and deliver events afterwards" },
	{ "--allow-plain", NULL, "http:// to loopback addresses, for tests and benchmarks" },
	{ NULL, NULL, NULL },
};

const struct command poll_commands[] = {
	{ "poll", "", 0, 0, poll_options,
	  "fetch what insurers have put out, file it, acknowledge it", poll_run },
	{ 0 },
};
