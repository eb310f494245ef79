/* serve.c -- `vorpost serve`: the daemon. Ingest roles poll what is due, the events role numbers and delivers. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sysexits.h>
#include <unistd.h>

#include "api/server.h"
#include "base/clock.h"
#include "base/role.h"
#include "cmd/api.h"
#include "cmd/commands.h"
#include "cmd/importer.h"
#include "cmd/inspect.h"
#include "cmd/relay.h"
#include "cmd/roles.h"
#include "cmd/schemas.h"
#include "cmd/worker.h"
#include "ingest/reading.h"
#include "store/cluster.h"

#define IDLE_MS           2000
#define REMATCH_REST_MS   10000 /* after a failure */
#define WORKERS_MOST      64
#define DATABASE_CHECK_MS 5000

/* ---- the ingest role ---- */

/* Once for each kind of breach: the next round knows it. */
static void schema_log(const struct lease *lease, const struct poll_counts *counts)
{
	if (*counts->schema_trouble)
		log_warn("answers cannot be held against the schemas", "connection=%s why=\"%s\"",
			 lease->connection, counts->schema_trouble);
	if (counts->new_breaches)
		log_warn("answers differ from the schemas",
			 "connection=%s answers=%d new=%d see=\"vorpost connection breaches %s\"",
			 lease->connection, counts->deviating, counts->new_breaches,
			 lease->connection);
}

static void round_log(const struct lease *lease, const struct poll_counts *counts,
		      const struct err *why)
{
	if (counts->turned_away) {
		log_info("not asked", "connection=%s why=\"%s\"", lease->connection, why->text);
		return;
	}
	if (why->kind)
		log_err(lease->connection, why);
	schema_log(lease, counts);
	if (counts->warned)
		log_warn("the insurer warns", "connection=%s answers=%d code=%s", lease->connection,
			 counts->warned, *counts->warned_of ? counts->warned_of : "none");
	if (counts->expiring)
		log_warn("shipments will be lost", "connection=%s shipments=%d first=%s",
			 lease->connection, counts->expiring, counts->expires_at);
	if (counts->listed || !why->kind)
		log_info(
			"round over",
			"connection=%s listed=%d stored=%d documents=%d filed=%d queued=%d acknowledged=%d gone=%d "
			"quarantined=%d deferred=%d unacknowledged=%d held=%d passed_over=%d",
			lease->connection, counts->listed, counts->stored,
			counts->recorded.documents, counts->recorded.filed, counts->recorded.queued,
			counts->acknowledged, counts->gone, counts->quarantined, counts->deferred,
			counts->unacknowledged, counts->held, counts->passed_over);
}

/* A file that cannot be read must not stop the polling: the rules of before hold. */
static void rules_keep(struct worker *worker)
{
	struct err e = { 0 };
	const struct insurers *before = worker->app->insurers;

	if (!worker_keep_insurers(worker, &e))
		log_err("insurer files stay as they were", &e);
	else if (worker->app->insurers != before)
		log_info("insurer files read again", "state=%s", worker->app->conf->state);
}

/* One connection that is due, if there is one. False: the database is away, or worse. */
static bool ingest_step(struct worker *worker, bool *idle, struct err *e)
{
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "ingest step");
	struct poller *poller = &worker->poller;
	struct poll_counts counts = { 0 };
	struct err why = { 0 };
	struct lease lease;
	bool ok =
		worker_refresh(worker, e) && lease_void_dead(poller->db, poller->broker, e) &&
		lease_claim(&lease, poller->db, poller->broker, worker->owner, NULL, NULL, mem, e);

	*idle = ok && !lease.connection;
	if (ok && lease.connection) {
		poll_connection(&counts, poller, &lease, &why);
		round_log(&lease, &counts, &why);
	}
	talloc_free(mem);
	return ok;
}

/* After every round a bounded piece of what is to be matched again, so that neither holds up the other. What fails here must not
 * stop the polling: it rests a while. False: the database is away. */
static bool rematch_piece(struct worker *worker, bool *idle, struct err *e)
{
	struct rematch_step step;

	if (clock_monotonic_ms() < worker->rematch_ms)
		return true;
	if (!worker_rematch(worker, &step, e)) {
		worker->rematch_ms = clock_monotonic_ms() + REMATCH_REST_MS;
		if (e->kind == ERR_RETRY)
			return false;
		log_err("matching again", e);
		return true;
	}
	if (step.worked)
		*idle = false;
	if (step.counts.filed || step.finished)
		log_info("matched again",
			 "issuer=%s why=\"%s\" documents=%d filed=%d revised=%d finished=%s",
			 step.issuer, step.why, step.counts.seen, step.counts.filed,
			 step.counts.revised, step.finished ? "yes" : "no");
	return true;
}

/* What a role of ingest is given. */
struct duty {
	struct app *app;
	bool allow_plain;
};

static int ingest_role(void *arg)
{
	const struct duty *duty = arg;
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "ingest");
	struct err e = { 0 };
	struct worker *worker = worker_new(duty->app, mem, &e);
	bool idle = false;

	if (worker)
		worker->poller.allow_plain = duty->allow_plain;
	else
		log_err("ingest role", &e);
	while (worker && !role_stopping()) {
		err_clear(&e);
		rules_keep(worker);
		if (!ingest_step(worker, &idle, &e) || !rematch_piece(worker, &idle, &e)) {
			log_err("ingest waits", &e);
			if (e.kind != ERR_RETRY || !role_database_again(worker->poller.db))
				break;
		} else if (idle) {
			role_sleep_ms(IDLE_MS);
		}
	}
	talloc_free(mem);
	return role_stopping() ? EX_OK : EX_TEMPFAIL;
}

/* ---- the supervisor ---- */

/* One daemon per state folder; the kernel's lock needs no cleaning up. */
static bool state_take(const struct app *app, struct err *e)
{
	char *path = talloc_asprintf(NULL, "%s/serve.lock", app->conf->state);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	bool ok = true;

	if (fd < 0)
		ok = err_set(e, ERR_SETUP, "cannot open %s: %s", path, strerror(errno));
	else if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		ok = err_set(e, ERR_CONFLICT, "another `vorpost serve` holds the state folder %s",
			     app->conf->state);
	talloc_free(path);
	return ok; /* the descriptor stays open as long as the process */
}

struct watch {
	struct app *app;
	int64_t looked_ms;
};

/* The private cluster is ours to keep alive. */
static const char *serve_tick(void *arg)
{
	struct watch *watch = arg;
	struct err e = { 0 };

	if (!watch->app->cluster || clock_monotonic_ms() - watch->looked_ms < DATABASE_CHECK_MS)
		return NULL;
	watch->looked_ms = clock_monotonic_ms();
	if (!cluster_revive(watch->app->cluster, &e)) {
		log_err("private database", &e);
		return "private database does not start";
	}
	return "polling";
}

/* A socket without `listen: systemd` would take clients whom nobody serves. */
static bool listen_check(struct app *app, int handed, struct err *e)
{
	const char *listen = app->conf->listen;
	bool by_systemd = !strcmp(listen, SERVER_HANDED);

	app->socket = handed;
	if (by_systemd && handed < 0)
		return err_set(e, ERR_SETUP,
			       "listen: systemd, but systemd hands over no socket: is "
			       "vorpost-api.socket enabled?");
	if (!by_systemd && handed >= 0)
		return err_set(e, ERR_SETUP,
			       "systemd hands over a socket, but the configuration does not say "
			       "`listen: systemd`");
	return !*listen || server_listen_check(listen, e);
}

/* What the start says about the cage; a reader that does not start is told again by every round. */
static void cage_tell(struct app *app)
{
	struct cage *cage = cage_new(app);
	struct err e = { 0 };
	int landlock;

	if (!app->conf->cage)
		log_warn("answers are read in the workers", "cage=off");
	else if (!cage_try(&landlock, cage, &e))
		log_err("the cage", &e);
	else if (!landlock)
		log_warn("no Landlock in this kernel: seccomp and limits alone hold the reader",
			 "cage=on");
	talloc_free(cage);
}

static int serve_run(struct invocation *in, struct err *e)
{
	struct role roles[WORKERS_MOST + 4] = { { 0 } };
	int handed;
	/* before the database is started, which would inherit the socket */
	struct app *app = role_socket(&handed, e) ? app_open(in, APP_ALL, e) : NULL;
	struct watch watch = { .app = app };
	struct duty duty = { app, invocation_option(in, "--allow-plain") != NULL };
	size_t count, sets, files;
	int workers;

	if (!app || !listen_check(app, handed, e) || !schemas_try(&sets, &files, app, e) ||
	    !state_take(app, e))
		return EX_SOFTWARE;
	workers = app->conf->workers;
	for (int i = 0; i < workers; i++)
		roles[i] = (struct role){ talloc_asprintf(app, "ingest-%d", i + 1), ingest_role,
					  &duty };
	count = (size_t)workers;
	roles[count++] = (struct role){ "events", relay_role, app };
	roles[count++] = (struct role){ "inspect", inspect_role, app };
	if (*app->conf->listen) {
		roles[count++] = (struct role){ "api", api_role, app };
		roles[count++] = (struct role){ "stock", importer_role, app };
	}
	talloc_free(app->db); /* each role makes its own */
	app->db = NULL;
	log_info("vorpost serves", "broker=%s workers=%d state=%s", app->conf->broker, workers,
		 app->conf->state);
	cage_tell(app);
	if (app->conf->shadow)
		log_info("in shadow: nothing is filed by itself, nobody is told", "broker=%s",
			 app->conf->broker);
	return roles_supervise(roles, count, serve_tick, &watch);
}

static const struct option_spec serve_options[] = {
	{ "--allow-plain", NULL, "http:// to loopback addresses, for tests and benchmarks" },
	{ NULL, NULL, NULL },
};

const struct command serve_commands[] = {
	{ "serve", "", 0, 0, serve_options, "the daemon: poll what is due, deliver events",
	  serve_run },
	{ 0 },
};
