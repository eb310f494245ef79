#include "cmd/app.h"

#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stdint.h>
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

static char *learned_folder(const struct conf *conf, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "%s/learned", conf->state);
}

char **app_insurer_folders(const struct conf *conf, size_t *count, TALLOC_CTX *mem)
{
	char **folders = talloc_array(mem, char *, conf->insurer_count + 1);
	char *learned = learned_folder(conf, folders);

	*count = conf->insurer_count;
	memcpy(folders, conf->insurers, *count * sizeof(*folders));
	if (access(learned, F_OK) == 0)
		folders[(*count)++] = learned;
	return folders;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * 0x100000001b3u;
}

/* Name, place, size and time: what an editor, a copy or a rename changes at least one of, also towards an older file. */
static uint64_t file_mark(int folder, const char *name)
{
	uint64_t mark = 0xcbf29ce484222325u;
	struct stat at;

	if (fstatat(folder, name, &at, 0) < 0)
		return 0;
	for (const char *c = name; *c; c++)
		mark = mix(mark, (unsigned char)*c);
	mark = mix(mark, (uint64_t)at.st_ino);
	mark = mix(mark, (uint64_t)at.st_size);
	return mix(mark, (uint64_t)at.st_mtim.tv_sec * 1000000000 + (uint64_t)at.st_mtim.tv_nsec);
}

/* As insurers_load takes them; an editor's own files come and go. */
static bool is_insurer_file(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > 5 && strcmp(name + len - 5, ".yaml") == 0;
}

static uint64_t folder_mark(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	uint64_t mark = 1;

	if (!folder)
		return 0;
	while ((entry = readdir(folder)))
		if (is_insurer_file(entry->d_name))
			mark += file_mark(dirfd(folder), entry->d_name); /* in any order */
	closedir(folder);
	return mark;
}

/* Another number when any insurer file came, went or changed. */
static uint64_t insurers_mark(const struct conf *conf)
{
	size_t count;
	char **folders = app_insurer_folders(conf, &count, NULL);
	uint64_t mark = count;

	for (size_t i = 0; i < count; i++)
		mark = mix(mark, folder_mark(folders[i]));
	talloc_free(folders);
	return mark;
}

static bool insurers_open_all(struct app *app, struct err *e)
{
	uint64_t mark = insurers_mark(app->conf); /* before: who writes meanwhile is read again */
	size_t count;
	char **folders = app_insurer_folders(app->conf, &count, app);
	struct insurers *insurers = insurers_load(folders, count, app, e);

	talloc_free(folders);
	app->insurers_mark = mark; /* also if they cannot be read: once is enough to say so */
	if (insurers)
		app->insurers = insurers;
	return insurers != NULL;
}

bool app_keep_insurers(struct app *app, bool *fresh, struct err *e)
{
	*fresh = false;
	if (insurers_mark(app->conf) == app->insurers_mark)
		return true;
	*fresh = insurers_open_all(app, e);
	return *fresh;
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
	if ((parts & APP_INSURERS) && !insurers_open_all(app, e))
		return NULL;
	if ((parts & APP_DATABASE) && !database_open(app, e))
		return NULL;
	return app;
}
