/*
 * stock_job.h -- stock files that came over the API, worked through in the background by the daemon at whose place they lie: one
 * at a time a broker, each in one transaction (matcher/stock_take.h), so that a kill -9 costs the time and nothing else.
 */
#ifndef MATCHER_STOCK_JOB_H
#define MATCHER_STOCK_JOB_H

#include "base/err.h"
#include "normalizers/insurer.h"
#include "store/db.h"

#define STOCK_JOB_TOLD 1000 /* changes and sentences of a report; the counts count all */

/* Where the files of this machine's state folder lie: what claims a job and what adds it must say the same. */
char *stock_job_place(const char *state, TALLOC_CTX *mem);

struct stock_job_worker {
	struct db *db; /* for the work */
	struct db *
		beside; /* another connection: progress is seen while the work's transaction is open */
	const struct insurers *insurers;
	const char *place, *folder; /* of the files */
	const char *holder;         /* base/holder.h */
};

/* What became of a job, for the log. */
struct stock_job_done {
	bool worked;           /* false: nothing waited */
	char *broker, *job_id; /* children of mem */
	int64_t contracts;
	struct err why; /* why it failed; ERR_NONE: it did not */
};

/* Take the next job and do it. A file that cannot be taken over is a job that failed, not an error. Fails ERR_RETRY as db_run; then
 * the job is taken again. */
bool stock_job_step(struct stock_job_done *done, const struct stock_job_worker *worker,
		    TALLOC_CTX *mem, struct err *e);

/* Remove files of the folder that no open job names. Fails as db_run. */
bool stock_job_sweep(const struct stock_job_worker *worker, TALLOC_CTX *mem, struct err *e);

#endif
