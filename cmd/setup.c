/* setup.c -- `vorpost init`, `migrate`, `check-config`: before the first poll. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/doctor.h"
#include "cmd/schemas.h"
#include "store/cluster.h"

/* ---- init ---- */

static const char sample[] =
	"# Configuration of Vorpost; every key may be left out. Unknown keys are errors.\n"
	"broker: %s            # who we are: a-z, 0-9, - and _\n"
	"state: state          # documents and the private database; relative to this file\n"
	"# database: \"\"        # libpq conninfo of a server of yours; empty: a private cluster below state\n"
	"insurers: [ \"" VORPOST_INSURERS_DIR "\" ]   # a folder of your own goes behind it\n"
	"workers: 2            # processes that poll\n"
	"log: info             # debug | info | warn | error\n"
	"# listen: \"127.0.0.1:8430\"   # the HTTP API: feed and feedback; without it: off\n";

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
	size_t sets, files;

	if (!app || !schemas_try(&sets, &files, app, e))
		return EX_CONFIG;
	conf = app->conf;
	fprintf(in->out,
		"file: %s\nbroker: %s\nstate: %s\ndatabase: %s\nworkers: %d\nlog: %s\nsource: %s\n"
		"listen: %s\ncage: %s\nstrict_lines: %s\nshadow: %s\n"
		"second_signal_bits: %d\nrepair_bits: %d\napart_bits: %d\n"
		"keep_events: %s\ndigest_hour: %d\n",
		conf->path, conf->broker, conf->state,
		*conf->database ? "configured" : "private cluster", conf->workers,
		levels[conf->log], conf->source, *conf->listen ? conf->listen : "off",
		conf->cage ? "on" : "off", conf->strict_lines ? "true" : "false",
		conf->shadow ? "true" : "false", conf->second_bits, conf->repair_bits,
		conf->apart_bits,
		conf->keep_days ? talloc_asprintf(in->mem, "%dd", conf->keep_days) : "forever",
		conf->digest_hour);
	for (size_t i = 0; i < conf->insurer_count; i++)
		fprintf(in->out, "insurers: %s\n", conf->insurers[i]);
	if (sets)
		fprintf(in->out, "schemas: %s, %zu set%s of %zu files together\n", conf->schemas,
			sets, sets == 1 ? "" : "s", files);
	fprintf(in->out, "%zu insurer files, every example came out\n",
		insurers_count(app->insurers));
	return EX_OK;
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
	{ "doctor", "", 0, 0, NULL,
	  "look at everything, say in words what is wrong; exit 1: trouble", doctor_run },
	{ 0 },
};
