/* poll.c -- `vorpost poll --once`: one round over all connections, then the events it caused. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/role.h"
#include "base/text.h"
#include "cmd/audit.h"
#include "cmd/commands.h"
#include "cmd/relay.h"
#include "cmd/round_report.h"
#include "cmd/schemas.h"
#include "cmd/worker.h"
#include "ingest/connection.h"

#define WORKERS_MOST 32
#define PROGRESS_MS  100
#define LOOK_MS      200 /* how late a signal may be noticed that lands just before the wait */

/* What is written to a pipe in one piece is not mixed with what other workers write. */
_Static_assert(sizeof(struct report) <= PIPE_BUF, "a report goes through the pipe in one piece");

struct once {
	struct app *app;
	const char *only;      /* one connection, NULL: all */
	const char *not_since; /* database time the round began */
	bool allow_plain;
	int pipe_to_parent;
	int64_t told_ms; /* in a worker: when it last told of its progress */
};

/* ---- in a worker ---- */

static void report_send(const struct once *once, const struct report *report)
{
	const char *bytes = (const char *)report;
	size_t sent = 0;

	while (sent < sizeof *report) {
		ssize_t n = write(once->pipe_to_parent, bytes + sent, sizeof *report - sent);

		if (n > 0)
			sent += (size_t)n;
		else if (errno != EINTR)
			return; /* the parent is gone: we are told to end (role_follows) */
	}
}

static void report_progress(void *self, const char *connection, int done, int known)
{
	struct once *once = self;
	struct report report = { .done = done, .known = known };
	int64_t now = clock_monotonic_ms();

	if (now - once->told_ms < PROGRESS_MS)
		return;
	once->told_ms = now;
	snprintf(report.connection, sizeof report.connection, "%s", connection);
	report_send(once, &report);
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
	while (!role_stopping()) {
		if (!lease_claim(&lease, worker->poller.db, worker->poller.broker, worker->owner,
				 once->only, once->not_since, mem, e))
			return false;
		if (!lease.connection)
			return true;
		round_over(once, worker, &lease);
	}
	return true;
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

struct crew {
	struct app *app;
	pid_t pids[WORKERS_MOST];
	int count;
	int from_workers;
	int rounds;          /* over connections, that came to an end */
	int64_t told_to_end; /* monotonic; 0: not yet */
};

static void crew_signal(const struct crew *crew, int signal_number)
{
	for (int i = 0; i < crew->count; i++)
		kill(crew->pids[i], signal_number);
}

static void crew_tell_to_end(struct crew *crew)
{
	crew->told_to_end = clock_monotonic_ms();
	crew_signal(crew, SIGTERM);
}

/* On failure those that were started are told to end; they are to be listened to and waited for all the same. */
static bool crew_start(struct crew *crew, struct once *once, int count, struct err *e)
{
	const pid_t parent = getpid();
	int ends[2];

	if (pipe(ends) != 0)
		return err_set(e, ERR_RETRY, "no pipe to be had: %s", strerror(errno));
	crew->from_workers = ends[0];
	role_signals(); /* before the first worker, so that none is left behind */
	fflush(NULL);
	while (crew->count < count) {
		pid_t pid = fork();

		if (pid < 0) {
			err_set(e, ERR_RETRY, "cannot start a worker: %s", strerror(errno));
			crew_tell_to_end(crew);
			break;
		}
		if (pid == 0) {
			close(ends[0]);
			once->pipe_to_parent = ends[1];
			_exit(role_follows(parent) ? worker_main(once) : EX_TEMPFAIL);
		}
		crew->pids[crew->count++] = pid;
	}
	close(ends[1]);
	return crew->count == count;
}

/* Pass on that we were asked to stop: the shipment in hand is finished; who takes too long is killed. */
static void crew_drain(struct crew *crew)
{
	if (!crew->told_to_end && role_stopping())
		crew_tell_to_end(crew);
	else if (crew->told_to_end &&
		 clock_monotonic_ms() - crew->told_to_end > ROLE_DRAIN_S * 1000)
		crew_signal(crew, SIGKILL);
}

/* Until the last worker has closed its end. */
static void crew_listen(struct crew *crew, struct board *board)
{
	struct pollfd from = { .fd = crew->from_workers, .events = POLLIN };
	struct report report;
	ssize_t n = 1;

	while (n != 0) {
		struct err e = { 0 };

		crew_drain(crew);
		if (!app_keep_database(crew->app, &e)) /* the workers wait for it, with patience */
			log_err("private database", &e);
		if (poll(&from, 1, LOOK_MS) <= 0)
			continue;
		n = read(crew->from_workers, &report, sizeof report);
		if (n == sizeof report) {
			board_take(board, &report);
			crew->rounds += report.ended;
		} else if (n < 0 && errno != EINTR) {
			break;
		}
	}
	close(crew->from_workers);
}

static int crew_wait(const struct crew *crew)
{
	int worst = EX_OK;

	for (int i = 0; i < crew->count; i++) {
		int status = 0;

		while (waitpid(crew->pids[i], &status, 0) < 0 && errno == EINTR)
			;
		if (WIFSIGNALED(status))
			worst = EX_TEMPFAIL;
		else if (WEXITSTATUS(status))
			worst = WEXITSTATUS(status);
	}
	return worst;
}

/* One connection that was asked for by name: it must be there, and be asked. */
static bool only_check(const struct once *once, struct err *e)
{
	struct app *app = once->app;
	struct connection *c;

	if (!once->only)
		return true;
	if (!connection_load(&c, app->db, app->conf->broker, once->only, app, e))
		return false;
	return !c->paused ||
	       err_set(e, ERR_CONFLICT,
		       "connection %s is paused (%s); `vorpost connection resume %s`", c->name,
		       c->pause_reason ? c->pause_reason : "no reason given", c->name);
}

static bool round_begin(struct once *once, const struct invocation *in, struct err *e)
{
	struct app *app = once->app;
	struct rows *rows;

	if (!only_check(once, e) || !lease_void_dead(app->db, app->conf->broker, e) ||
	    !audit_hand(app, in, "connection.poll", once->only, e) ||
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

/* Work, and show what comes of it. worst: of the workers' exit codes. */
static bool round_run(struct once *once, int workers, struct board *board, int *worst,
		      struct err *e)
{
	struct crew crew = { .app = once->app };
	bool started = crew_start(&crew, once, workers, e);

	if (!started && !crew.count)
		return false;
	crew_listen(&crew, board);
	*worst = crew_wait(&crew);
	if (started && once->only && !crew.rounds && !*worst && !role_stopping())
		return err_set(e, ERR_CONFLICT, "connection %s is held by another worker just now",
			       once->only);
	return true;
}

static int poll_once(struct invocation *in, struct err *e)
{
	struct once once = { .app = app_open(in, APP_ALL, e),
			     .only = invocation_option(in, "--connection"),
			     .allow_plain = invocation_option(in, "--allow-plain") != NULL };
	struct board *board = board_new(in->quiet, in->mem);
	uint64_t workers;
	size_t sets, files;
	int code, worst = EX_OK;

	if (!once.app || !schemas_try(&sets, &files, once.app, e) ||
	    !workers_number(&workers, in, once.app, e) || !round_begin(&once, in, e) ||
	    !round_run(&once, (int)workers, board, &worst, e))
		return EX_SOFTWARE;
	code = board_print(board, in);
	if (role_stopping())
		err_set(e, ERR_RETRY, "stopped before the round was complete");
	if (e->kind)
		return EX_TEMPFAIL;
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
