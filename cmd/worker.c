#include "cmd/worker.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/holder.h"
#include "cmd/matching.h"
#include "ingest/secret.h"
#include "matcher/record.h"

#define WEIGHED_AGAIN_MS (10 * 60 * 1000) /* imports change the stock slowly */

struct worker *worker_new(struct app *app, TALLOC_CTX *mem, struct err *e)
{
	struct worker *worker = talloc_zero(mem, struct worker);
	struct poller *poller = &worker->poller;

	secret_no_core(); /* one of this process would hold passwords and tokens */
	worker->app = app;
	poller->mem = worker;
	worker->owner = holder_self(worker);
	poller->broker = app->conf->broker;
	poller->insurers = app->insurers;
	if (!(poller->db = db_open(app->conninfo, worker, e)) ||
	    !(poller->blobs = app_blobs(app, worker, e)) ||
	    !(poller->spool_folder = app_folder(app, "spool", worker, e)))
		return NULL;
	poller->cage = app->conf->cage ? cage_new(worker) : NULL;
	poller->schemas = *app->conf->schemas ? app->conf->schemas : NULL;
	db_wakes(poller->db, app->conf->state);
	worker->matcher = (struct matcher){ .db = poller->db,
					    .insurers = app->insurers,
					    .broker = app->conf->broker,
					    .strict_lines = app->conf->strict_lines,
					    .shadow = app->conf->shadow };
	worker->weighed_ms = -WEIGHED_AGAIN_MS;
	if (!worker_refresh(worker, e))
		return NULL;
	poller->recorder = recorder_new(&worker->matcher, worker);
	return worker;
}

bool worker_keep_insurers(struct worker *worker, struct err *e)
{
	struct insurers *before = worker->app->insurers;
	bool fresh, ok = app_keep_insurers(worker->app, &fresh, e);

	if (!fresh)
		return ok;
	worker->poller.insurers = worker->matcher.insurers = worker->app->insurers;
	worker->rules[0] = '\0';
	talloc_free(before);
	return true;
}

bool worker_refresh(struct worker *worker, struct err *e)
{
	struct weighing *fresh;

	if (clock_monotonic_ms() - worker->weighed_ms < WEIGHED_AGAIN_MS)
		return true;
	fresh = weighing_of(worker->app->conf, worker->poller.db, worker, e);
	if (!fresh)
		return false;
	talloc_free(worker->weighing);
	worker->weighing = fresh;
	worker->matcher.weighing = fresh;
	worker->weighed_ms = clock_monotonic_ms();
	return true;
}

bool worker_rematch(struct worker *worker, struct rematch_step *step, struct err *e)
{
	*step = (struct rematch_step){ 0 };
	return (*worker->rules || rules_notice(worker->rules, &worker->matcher, e)) &&
	       rematch_step(step, &worker->matcher, worker->rules, false, e);
}
