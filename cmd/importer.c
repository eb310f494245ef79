#include "cmd/importer.h"

#include <inttypes.h>
#include <sysexits.h>

#include "base/holder.h"
#include "base/log.h"
#include "base/role.h"
#include "cmd/app.h"
#include "cmd/roles.h"
#include "matcher/stock_job.h"

#define IDLE_MS 1000

static void done_log(const struct stock_job_done *done)
{
	if (done->why.kind)
		log_err("stock file", &done->why);
	log_info("stock file over", "broker=%s import=%s contracts=%" PRId64 " taken=%s",
		 done->broker, done->job_id, done->contracts, done->why.kind ? "no" : "yes");
}

/* False: the database is away, or worse. */
static bool importer_step(const struct stock_job_worker *worker, bool *idle, struct err *e)
{
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "stock file");
	struct stock_job_done done;
	bool ok = stock_job_step(&done, worker, mem, e);

	*idle = ok && !done.worked;
	if (ok && done.worked)
		done_log(&done);
	talloc_free(mem);
	return ok;
}

int importer_role(void *arg)
{
	struct app *app = arg;
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "stock");
	struct err e = { 0 };
	struct stock_job_worker worker = { .place = stock_job_place(app->conf->state, mem),
					   .folder = app_folder(app, "uploads", mem, &e),
					   .holder = holder_self(mem) };
	bool idle = true, fresh;

	worker.db = role_database(app->conninfo, mem, &e);
	worker.beside = worker.db ? role_database(app->conninfo, mem, &e) : NULL;
	if (worker.beside && worker.folder && !stock_job_sweep(&worker, mem, &e))
		log_err("uploads are not swept", &e);
	while (worker.beside && worker.folder && !role_stopping()) {
		err_clear(&e);
		if (idle && !role_sleep_ms(IDLE_MS))
			break;
		if (!app_keep_insurers(app, &fresh, &e))
			log_err("insurer files stay as they were", &e);
		worker.insurers = app->insurers;
		err_clear(&e);
		if (importer_step(&worker, &idle, &e))
			continue;
		log_err("stock files wait", &e);
		if (e.kind != ERR_RETRY || !role_database_again(worker.db) ||
		    !role_database_again(worker.beside))
			break;
	}
	talloc_free(mem);
	return role_stopping() ? EX_OK : EX_TEMPFAIL;
}
