/*
 * worker.h -- one process that polls: its database connection, document store, recorder, spool.
 */
#ifndef CMD_WORKER_H
#define CMD_WORKER_H

#include "cmd/app.h"
#include "ingest/poll.h"
#include "matcher/matcher.h"
#include "matcher/rematch_due.h"

struct worker {
	struct app *app;
	char *owner;
	struct matcher matcher;
	struct weighing *weighing; /* of the matcher */
	int64_t weighed_ms;
	struct poller poller;
	char rules[RULES_DIGEST_SIZE]; /* by which it decides; "": not noticed yet */
	int64_t rematch_ms;            /* not before that, monotonic */
};

/* Opens a database connection of its own (the app's may belong to the parent process). */
struct worker *worker_new(struct app *app, TALLOC_CTX *mem, struct err *e);

/* Between two rounds: use the pictures that were accepted or forgotten meanwhile. Fails as insurers_load; then the rules stay
 * as they are. */
bool worker_keep_insurers(struct worker *worker, struct err *e);

/* Between two rounds: what slowly changes is loaded anew now and then. Fails as db_call; what was there stays. */
bool worker_refresh(struct worker *worker, struct err *e);

/* A bounded piece of what is due to be matched again. Fails as rematch_step. */
bool worker_rematch(struct worker *worker, struct rematch_step *step, struct err *e);

#endif
