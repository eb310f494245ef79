#include "cmd/app.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/cluster.h"

#define DATABASE_LOOK_MS 5000

static bool folder_make(const char *path, mode_t mode, struct err *e)
{
	if (mkdir(path, mode) == 0 || errno == EEXIST)
		return true;
	return err_set(e, ERR_SETUP, "cannot make the folder %s: %s", path, strerror(errno));
}

char *app_folder(const struct app *app, const char *name, TALLOC_CTX *mem, struct err *e)
{
	char *path = talloc_asprintf(mem, "%s/%s", app->conf->state, name);

	return folder_make(path, 0700, e) ? path : NULL;
}

struct blob_store *app_blobs(const struct app *app, TALLOC_CTX *mem, struct err *e)
{
	char *folder = app_folder(app, "documents", mem, e);

	return folder ? blob_store_open(folder, mem, e) : NULL;
}

bool app_no_csv(const struct invocation *in, struct err *e)
{
	return in->output != OUTPUT_CSV ||
	       err_set(e, ERR_USAGE, "%s is no list: --output table or json", in->command->name);
}

char *app_person(const char *by, TALLOC_CTX *mem)
{
	const struct passwd *me;

	if (by && *by)
		return talloc_strdup(mem, by);
	me = getpwuid(getuid());
	return talloc_strdup(mem, me ? me->pw_name : "unknown");
}

static bool database_find(struct app *app, struct err *e)
{
	const struct conf *conf = app->conf;

	if (*conf->database) {
		app->conninfo = conf->database;
		return true;
	}
	app->cluster =
		cluster_use(conf->state, *conf->system_user ? conf->system_user : NULL, app, e);
	if (!app->cluster)
		return false;
	app->conninfo = cluster_conninfo(app->cluster);
	return true;
}

static bool database_open(struct app *app, struct err *e)
{
	/* 0755: the system user of the private cluster must be able to pass; every folder below
	 * keeps its own mode. */
	if (!folder_make(app->conf->state, 0755, e) || !database_find(app, e) ||
	    !db_migrate(app->conninfo, NULL, e) || !(app->db = db_open(app->conninfo, app, e)))
		return false;
	db_wakes(app->db, app->conf->state);
	return db_call(app->db, SQL_broker_ensure, NULL, app, e, app->conf->broker);
}

bool app_keep_database(struct app *app, struct err *e)
{
	if (!app->cluster || clock_monotonic_ms() - app->database_looked_ms < DATABASE_LOOK_MS)
		return true;
	app->database_looked_ms = clock_monotonic_ms();
	return cluster_revive(app->cluster, e);
}

struct app *app_open(const struct invocation *in, int parts, struct err *e)
{
	struct app *app = talloc_zero(in->mem, struct app);
	struct conf *conf = conf_load(in->conf_path, app, e);

	if (!conf)
		return NULL;
	app->conf = conf;
	log_level_set(conf->log);
	if (parts & APP_INSURERS) {
		app->insurers = insurers_load(conf->insurers, conf->insurer_count, app, e);
		if (!app->insurers)
			return NULL;
	}
	if ((parts & APP_DATABASE) && !database_open(app, e))
		return NULL;
	return app;
}
