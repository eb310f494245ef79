/* setup.c -- `vorpost init`, `migrate`, `check-config`, `doctor`: before the first poll, and when something is odd. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "store/cluster.h"

/* ---- init ---- */

static const char sample[] =
	"# Configuration of Vorpost; every key may be left out. Unknown keys are errors.\n"
	"broker: %s            # who we are: a-z, 0-9, - and _\n"
	"state: state          # documents and the private database; relative to this file\n"
	"# database: \"\"        # libpq conninfo of a server of yours; empty: a private cluster below state\n"
	"insurers: [ \"" VORPOST_INSURERS_DIR "\" ]\n"
	"workers: 2            # processes that poll\n"
	"log: info             # debug | info | warn | error\n";

static bool sample_write(const char *path, const char *broker, struct err *e)
{
	FILE *f = fopen(path, "wxe");
	bool ok;

	if (!f && errno == EEXIST)
		return true; /* init again: the file is the operator's */
	if (!f)
		return err_set(e, ERR_SETUP, "cannot write %s: %s", path, strerror(errno));
	fprintf(f, sample, broker);
	ok = fclose(f) == 0;
	return ok || err_set(e, ERR_SETUP, "cannot write %s: %s", path, strerror(errno));
}

static int init_run(struct invocation *in, struct err *e)
{
	const char *broker = invocation_option(in, "--broker");
	struct app *app;

	if (!sample_write(in->conf_path, broker ? broker : "default", e) ||
	    !(app = app_open(in, APP_ALL, e)))
		return EX_CONFIG;
	fprintf(in->out, "configuration %s, state %s, %zu insurer files, database ready\n",
		in->conf_path, app->conf->state, insurers_count(app->insurers));
	fprintf(in->out, "next: vorpost contracts import FILE, vorpost connection add NAME ...\n");
	return EX_OK;
}

/* ---- migrate ---- */

static int migrate_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_CONF, e);
	struct cluster *cluster = NULL;
	const char *conninfo;
	int applied = 0;

	if (!app)
		return EX_CONFIG;
	conninfo = app->conf->database;
	if (!*conninfo) {
		const char *user = *app->conf->system_user ? app->conf->system_user : NULL;

		if (!(cluster = cluster_use(app->conf->state, user, in->mem, e)))
			return EX_CONFIG;
		conninfo = cluster_conninfo(cluster);
	}
	if (!db_migrate(conninfo, &applied, e))
		return EX_CONFIG;
	fprintf(in->out, applied ? "%d migrations applied\n" : "the schema is up to date\n",
		applied);
	return EX_OK;
}

/* ---- check-config ---- */

static int check_config_run(struct invocation *in, struct err *e)
{
	static const char *const levels[] = { "debug", "info", "warn", "error" };
	struct app *app = app_open(in, APP_INSURERS, e);
	const struct conf *conf;

	if (!app)
		return EX_CONFIG;
	conf = app->conf;
	fprintf(in->out,
		"file: %s\nbroker: %s\nstate: %s\ndatabase: %s\nworkers: %d\nlog: %s\nsource: %s\n"
		"strict_lines: %s\n",
		conf->path, conf->broker, conf->state,
		*conf->database ? "configured" : "private cluster", conf->workers,
		levels[conf->log], conf->source, conf->strict_lines ? "true" : "false");
	for (size_t i = 0; i < conf->insurer_count; i++)
		fprintf(in->out, "insurers: %s\n", conf->insurers[i]);
	fprintf(in->out, "%zu insurer files, every example came out\n",
		insurers_count(app->insurers));
	return EX_OK;
}

/* ---- doctor ---- */

struct finding {
	struct invocation *in;
	int troubles;
};

static void find(struct finding *f, bool good, const char *what, const char *detail)
{
	fprintf(f->in->out, "%s  %-22s %s\n", good ? "ok     " : "TROUBLE", what, detail);
	f->troubles += !good;
}

static void look_at_disk(struct finding *f, const struct app *app)
{
	struct statvfs fs;
	char text[64];
	double free_gib;

	if (statvfs(app->conf->state, &fs) != 0) {
		find(f, false, "disk", strerror(errno));
		return;
	}
	free_gib = (double)fs.f_bavail * (double)fs.f_frsize / (1 << 30);
	snprintf(text, sizeof text, "%.1f GiB free below the state folder", free_gib);
	find(f, free_gib >= 2.0, "disk", text);
}

static void look_at_connections(struct finding *f, struct app *app, struct err *e)
{
	struct rows *rows;

	if (!db_call(app->db, SQL_stats_connections, &rows, app, e, app->conf->broker))
		return;
	if (!rows_count(rows))
		find(f, false, "connections", "none yet: vorpost connection add");
	for (int i = 0; i < rows_count(rows); i++) {
		const char *error = rows_text(rows, i, "last_error");
		const char *success = rows_text(rows, i, "last_success");

		find(f, !error, rows_text(rows, i, "connection"),
		     error ? error
			   : talloc_asprintf(app, "last success %s", success ? success : "never"));
	}
}

static int doctor_run(struct invocation *in, struct err *e)
{
	struct finding f = { .in = in };
	struct app *app = app_open(in, APP_INSURERS, e);

	if (!app)
		return EX_CONFIG;
	find(&f, true, "configuration", app->conf->path);
	find(&f, insurers_count(app->insurers) > 0, "insurer files",
	     talloc_asprintf(app, "%zu, every example came out", insurers_count(app->insurers)));
	app = app_open(in, APP_DATABASE, e);
	if (!app)
		return EX_CONFIG;
	find(&f, true, "database", *app->conf->database ? "configured server" : "private cluster");
	look_at_disk(&f, app);
	look_at_connections(&f, app, e);
	return f.troubles ? 1 : EX_OK;
}

static const struct option_spec init_options[] = {
	{ "--broker", "NAME", "who we are, first part of every key (default: default)" },
	{ NULL, NULL, NULL },
};

const struct command setup_commands[] = {
	{ "init", "", 0, 0, init_options,
	  "write a configuration, make the state folder and the database", init_run },
	{ "migrate", "", 0, 0, NULL, "bring the database's schema up to date", migrate_run },
	{ "check-config", "", 0, 0, NULL,
	  "read the configuration and the insurer files, print what holds", check_config_run },
	{ "doctor", "", 0, 0, NULL, "look at everything, say in words what is wrong", doctor_run },
	{ 0 },
};
