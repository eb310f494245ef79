#include "matcher/stock_job.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/holder.h"
#include "matcher/stock_take.h"

#define PROGRESS_MS   500
#define SWEEP_AGE_S   3600 /* the row comes after the file */
#define PROGRESS_EACH 256  /* contracts between two looks at the clock */

char *stock_job_place(const char *state, TALLOC_CTX *mem)
{
	char host[256] = "";

	gethostname(host, sizeof host - 1);
	return talloc_asprintf(mem, "%s:%s", host, state);
}

struct job {
	const struct stock_job_worker *worker;
	const char *broker, *job_id;
	FILE *file;
	int64_t told_ms;
	struct stock_counts read;
	struct import_counts counts;
	json_t *changes, *sentences;
	int64_t covered, vanished; /* -1: nothing can vanish */
};

/* ---- what is told as it goes ---- */

static void tell_progress(void *self, const struct stock_counts *counts)
{
	struct job *job = self;
	char bytes[24], contracts[24];
	int64_t now;

	if (counts->contracts % PROGRESS_EACH ||
	    (now = clock_monotonic_ms()) - job->told_ms < PROGRESS_MS)
		return;
	job->told_ms = now;
	snprintf(bytes, sizeof bytes, "%ld", ftell(job->file));
	snprintf(contracts, sizeof contracts, "%" PRIu64, counts->contracts);
	db_call(job->worker->beside, SQL_stock_job_progress, NULL, NULL, NULL, job->broker,
		job->job_id, bytes, contracts); /* a look that fails costs nobody anything */
}

static void tell_problem(void *self, const struct stock_counts *counts, uint64_t record,
			 bool skipped, const char *sentence)
{
	struct job *job = self;
	char *field = stock_problem_field(sentence, NULL);

	(void)counts;
	if (json_array_size(job->sentences) < STOCK_JOB_TOLD)
		json_array_append_new(job->sentences,
				      json_pack("{s:I, s:s?, s:s, s:b}", "record",
						(json_int_t)record, "field", field, "says",
						sentence, "skipped", skipped));
	talloc_free(field);
}

static void tell_change(void *self, const struct contract_change *change)
{
	struct job *job = self;

	if (json_array_size(job->changes) < STOCK_JOB_TOLD)
		json_array_append_new(job->changes,
				      json_pack("{s:s, s:s, s:b, s:b, s:b}", "contract_id",
						change->contract_id, "fields", change->fields,
						"ended", change->ended, "returned",
						change->returned, "adopted", change->adopted));
}

static void tell_vanished(void *self, const struct vanished *vanished)
{
	struct job *job = self;

	job->covered = vanished->covered;
	job->vanished = vanished->count;
}

static void tell_unmarked(void *self, const char *why)
{
	struct job *job = self;
	char *sentence = talloc_asprintf(NULL, "no contract is marked as vanished: %s", why);

	tell_problem(job, NULL, 0, false, sentence);
	talloc_free(sentence);
}

/* ---- the work ---- */

static bool job_take(struct job *job, const struct rows *rows, TALLOC_CTX *mem, struct err *e)
{
	const struct stock_order order = {
		.db = job->worker->db,
		.broker = job->broker,
		.insurers = job->worker->insurers,
		.source = rows_text(rows, 0, "source"),
		.partial = rows_bool(rows, 0, "partial"),
		.many_vanished = rows_bool(rows, 0, "many_vanished"),
		.dry_run = rows_bool(rows, 0, "dry_run"),
		.self = job,
		.progress = tell_progress,
		.problem = tell_problem,
		.change = tell_change,
		.vanished = tell_vanished,
		.unmarked = tell_unmarked,
	};
	struct stock_take *take = stock_take_begin(&order, mem, e);
	bool changed, ok;

	if (!take)
		return false;
	ok = stock_take_file(take, job->file, &job->read, &job->counts, e) &&
	     stock_take_end(take, &changed, e);
	talloc_free(take);
	return ok;
}

static json_t *count_or_null(int64_t count)
{
	return count < 0 ? json_null() : json_integer(count);
}

static char *report_text(const struct job *job, TALLOC_CTX *mem)
{
	const struct stock_counts *read = &job->read;
	const struct import_counts *c = &job->counts;
	char *pages = stock_code_pages(read, mem), *text, *copy;
	json_t *report = json_pack(
		"{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:O, s:O}",
		"format", read->format == STOCK_GDV ? "gdv" : "csv", "code_pages", pages,
		"deliveries", (json_int_t)read->deliveries, "incomplete",
		(json_int_t)read->incomplete, "refused", (json_int_t)read->refused, "records",
		(json_int_t)read->records, "contracts", (json_int_t)read->contracts, "skipped",
		(json_int_t)read->skipped, "problems", (json_int_t)read->problems, "added",
		(json_int_t)c->added, "changed", (json_int_t)c->changed, "unchanged",
		(json_int_t)c->unchanged, "ended", (json_int_t)c->ended, "returned",
		(json_int_t)c->returned, "adopted", (json_int_t)c->adopted, "beside",
		(json_int_t)c->beside, "refused_names", (json_int_t)c->not_a_number,
		"without_names", (json_int_t)c->without_names, "of_unknown_insurers",
		(json_int_t)c->of_unknown, "covered", count_or_null(job->covered), "vanished",
		count_or_null(job->vanished), "changes", job->changes, "sentences", job->sentences);

	text = json_dumps(report, JSON_COMPACT);
	copy = talloc_strdup(mem, text);
	free(text);
	json_decref(report);
	return copy;
}

/* An error that passes is not written down: the job is taken again. */
static bool job_end(const struct job *job, const char *path, const struct err *why, TALLOC_CTX *mem,
		    struct err *e)
{
	char *contracts = talloc_asprintf(mem, "%" PRIu64, job->read.contracts);

	if (why->kind == ERR_RETRY)
		return err_set(e, ERR_RETRY, "%s", why->text);
	if (!db_call(job->worker->beside, SQL_stock_job_end, NULL, mem, e, job->broker, job->job_id,
		     why->kind ? NULL : report_text(job, mem), why->kind ? why->text : NULL,
		     contracts))
		return false;
	unlink(path);
	return true;
}

/* A power cut may have taken a part of it. */
static bool file_whole(FILE *file, int64_t bytes, struct err *e)
{
	struct stat about;

	return (fstat(fileno(file), &about) == 0 && about.st_size == bytes) ||
	       err_set(e, ERR_SETUP, "the file is not as it was sent; please send it again");
}

static bool job_do(struct stock_job_done *done, const struct stock_job_worker *worker,
		   const struct rows *rows, TALLOC_CTX *mem, struct err *e)
{
	char *path = talloc_asprintf(mem, "%s/%s", worker->folder, rows_text(rows, 0, "file"));
	struct job job = { .worker = worker,
			   .broker = done->broker,
			   .job_id = done->job_id,
			   .covered = -1,
			   .vanished = -1 };
	bool ok;

	if (rows_bool(rows, 0, "given_up")) {
		unlink(path);
		return !err_set(&done->why, ERR_BUG, "the import was interrupted three times");
	}
	job.changes = json_array();
	job.sentences = json_array();
	job.file = fopen(path, "rbe");
	if (!job.file)
		err_set(&done->why, ERR_SETUP, "the file that was sent cannot be read any more: %s",
			strerror(errno));
	else if (file_whole(job.file, rows_int(rows, 0, "bytes"), &done->why))
		job_take(&job, rows, mem, &done->why);
	ok = job_end(&job, path, &done->why, mem, e);
	done->contracts = (int64_t)job.read.contracts;
	if (job.file)
		fclose(job.file);
	json_decref(job.changes);
	json_decref(job.sentences);
	return ok;
}

/* ---- the next one ---- */

/* Holders that run a job here and are dead, as text[]. Holders hold no character that an array would have to escape. */
static bool dead_holders(char **array, const struct stock_job_worker *worker, TALLOC_CTX *mem,
			 struct err *e)
{
	struct rows *rows;

	*array = talloc_strdup(mem, "{");
	if (!db_call(worker->db, SQL_stock_job_holders, &rows, mem, e, worker->place))
		return false;
	for (int i = 0; i < rows_count(rows); i++)
		if (holder_dead(rows_text(rows, i, "holder")))
			*array = talloc_asprintf_append(*array, "%s\"%s\"", (*array)[1] ? "," : "",
							rows_text(rows, i, "holder"));
	*array = talloc_strdup_append(*array, "}");
	return true;
}

bool stock_job_step(struct stock_job_done *done, const struct stock_job_worker *worker,
		    TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows;
	char *dead;

	*done = (struct stock_job_done){ 0 };
	if (!dead_holders(&dead, worker, mem, e) ||
	    !db_call(worker->db, SQL_stock_job_claim, &rows, mem, e, worker->place, worker->holder,
		     dead))
		return false;
	done->worked = rows_count(rows) == 1;
	if (!done->worked)
		return true;
	done->broker = talloc_strdup(mem, rows_text(rows, 0, "broker"));
	done->job_id = talloc_strdup(mem, rows_text(rows, 0, "job_id"));
	return job_do(done, worker, rows, mem, e);
}

/* ---- what nobody needs any more ---- */

static bool old_enough(int folder, const char *name)
{
	struct stat about;

	return fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(about.st_mode) &&
	       time(NULL) - about.st_mtime > SWEEP_AGE_S;
}

bool stock_job_sweep(const struct stock_job_worker *worker, TALLOC_CTX *mem, struct err *e)
{
	DIR *folder = opendir(worker->folder);
	const struct dirent *entry;
	bool ok = true;

	while (ok && folder && (entry = readdir(folder))) {
		struct rows *rows;

		if (!old_enough(dirfd(folder), entry->d_name))
			continue;
		ok = db_call(worker->db, SQL_stock_job_known, &rows, mem, e, worker->place,
			     entry->d_name);
		if (ok && !rows_bool(rows, 0, "known"))
			unlinkat(dirfd(folder), entry->d_name, 0);
	}
	if (folder)
		closedir(folder);
	return ok;
}
