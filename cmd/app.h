/*
 * app.h -- what most commands need: configuration, insurer files, database. Everything is a child
 * of mem.
 */
#ifndef CMD_APP_H
#define CMD_APP_H

#include <stdbool.h>
#include <talloc.h>

#include "base/command.h"
#include "base/conf.h"
#include "base/err.h"
#include "normalizers/insurer.h"
#include "store/blob.h"
#include "store/db.h"

struct cluster;

struct app {
	struct conf *conf;
	struct insurers *insurers;
	struct cluster *cluster; /* NULL with a configured database */
	const char *conninfo;
	int socket; /* `serve`: systemd handed it over; -1: none */
	struct db *db;
	int64_t database_looked_ms; /* app_keep_database */
	uint64_t insurers_mark;     /* of all insurer files, as they were loaded */
};

enum app_part {
	APP_CONF = 0,
	APP_INSURERS = 1,
	APP_DATABASE = 2, /* starts the private cluster if need be, migrates, connects */
	APP_ALL = APP_INSURERS | APP_DATABASE
};

/* Load the parts that the command needs. Fails ERR_SETUP, ERR_RETRY. */
struct app *app_open(const struct invocation *in, int parts, struct err *e);

/* The private cluster is ours to keep alive: call this often while roles or workers run; every few seconds it looks, and
 * starts the server again if it is gone. Fails if it does not start. */
bool app_keep_database(struct app *app, struct err *e);

/* The folders of insurer files: the configuration's, and behind them the pictures that a person accepted (state/learned), if
 * there are any. Child of mem. */
char **app_insurer_folders(const struct conf *conf, size_t *count, TALLOC_CTX *mem);

/* Has any insurer file come, gone or changed since this app looked, in any folder? Then load the insurer files anew; the old ones stay with the app until
 * the caller has let go of them. *fresh: whether app->insurers is another one now. Fails as insurers_load; what was loaded stays. */
bool app_keep_insurers(struct app *app, bool *fresh, struct err *e);

/* A folder below state, made if absent, mode 0700. */
char *app_folder(const struct app *app, const char *name, TALLOC_CTX *mem, struct err *e);

/* The document store of this installation. */
struct blob_store *app_blobs(const struct app *app, TALLOC_CTX *mem, struct err *e);

/* For what is no list: --output table and json only. Fails ERR_USAGE. */
bool app_no_csv(const struct invocation *in, struct err *e);

/* Who acts on the command line: --by, else the login name. */
char *app_person(const char *by, TALLOC_CTX *mem);

#endif
