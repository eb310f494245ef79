/* imports.c -- a stock file is sent and worked through in the background (matcher/stock_job.h); how it goes, and what it did. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "api/audit.h"
#include "api/problem.h"
#include "api/upload.h"
#include "base/text.h"
#include "base/uuid7.h"
#include "matcher/stock_vanish.h"
#include "model/german.h"
#include "review/answer.h"
#include "review/import_words.h"
#include "review/review.h"

#define FILE_MOST   (2ULL * 1024 * 1024 * 1024)
#define SOURCE_MOST 100
#define NAME_MOST   200

static json_t *import_item(struct request *request, const struct rows *rows, int row)
{
	json_t *item = item_of(rows, row);
	const char *error = rows_text(rows, row, "error"), *german = NULL;
	bool over = json_is_string(json_object_get(item, "ended_at"));

	if (error && !(german = german_of(error, request)))
		german = "Die Datei konnte nicht übernommen werden; es wurde nichts geändert.";
	json_object_set_new(item, "error_de", german ? json_string(german) : json_null());
	import_worded(json_object_get(item, "report"));
	json_object_set_new(item, "queue",
			    over && !error && json_is_false(json_object_get(item, "dry_run"))
				    ? json_string("matched again in the background")
				    : json_null());
	return item;
}

static bool imports_load(struct rows **rows, struct request *request, const char *id)
{
	struct err e = { 0 };

	return api_call(request->api, SQL_stock_job_list, rows, request, &e, request->caller.broker,
			id) ||
	       problem_of(request, &e);
}

static enum handled imports_show(struct request *request)
{
	struct rows *rows = NULL;
	json_t *items = json_array();

	if (imports_load(&rows, request, NULL)) {
		for (int i = 0; i < rows_count(rows); i++)
			json_array_append_new(items, import_item(request, rows, i));
		reply_json(request, 200, json_pack("{s:O}", "items", items));
	}
	json_decref(items);
	return HANDLED;
}

static enum handled import_show(struct request *request)
{
	struct rows *rows = NULL;

	if (!imports_load(&rows, request, request->param))
		return HANDLED;
	if (rows_count(rows) == 0)
		problem(request, PROBLEM_MISSING, "there is no import of this id");
	else
		reply_json(request, 200, import_item(request, rows, 0));
	return HANDLED;
}

/* ---- a new one ---- */

/* "true" or "false", for SQL; absent is false. */
static bool flag_read(const char **flag, struct request *request, const char *name)
{
	const char *given = request_argument(request, name);

	*flag = given ? given : "false";
	return !strcmp(*flag, "true") || !strcmp(*flag, "false") ||
	       problem(request, PROBLEM_ARGUMENT, "%s is true or false", name);
}

struct wish {
	const char *dry_run, *partial, *many_vanished, *source, *file;
};

static bool wish_read(struct wish *wish, struct request *request)
{
	const char *source = request_argument(request, "source");

	*wish = (struct wish){ .source = source, .file = request_argument(request, "file") };
	if (wish->file && strlen(wish->file) > NAME_MOST)
		return problem(request, PROBLEM_ARGUMENT, "file has %zu bytes, expected at most %d",
			       strlen(wish->file), NAME_MOST);
	if (source &&
	    (text_empty(source) || strlen(source) > SOURCE_MOST || !strcmp(source, SOURCE_GDV)))
		return problem(request, PROBLEM_ARGUMENT,
			       "source is a name of your own, of at most %d bytes, not %s",
			       SOURCE_MOST, SOURCE_GDV);
	return flag_read(&wish->dry_run, request, "dry_run") &&
	       flag_read(&wish->partial, request, "partial") &&
	       flag_read(&wish->many_vanished, request, "many_vanished");
}

static bool file_sent(struct request *request)
{
	static const char *const types[] = { "text/csv", "application/octet-stream" };
	const char *type = request_header(request, "Content-Type");
	size_t len = type ? strcspn(type, "; \t") : 0;

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (len == strlen(types[i]) && !strncasecmp(type, types[i], len))
			return request->upload || problem(request, PROBLEM_CONTENT,
							  "the body is empty, expected a file");
	return problem(request, PROBLEM_MEDIA_TYPE_NOT,
		       "expected Content-Type: text/csv or application/octet-stream");
}

struct job {
	struct request *request;
	const struct wish *wish;
	const char *id;
};

static bool job_work(struct db *db, void *arg, struct err *e)
{
	const struct job *job = arg;
	const struct wish *wish = job->wish;
	struct request *request = job->request;
	const struct review *review = request->api->conf.review;
	char *bytes = talloc_asprintf(request, "%" PRIu64, request->upload->bytes);

	return db_call(db, SQL_stock_job_add, NULL, request, e, request->caller.broker, job->id,
		       review->place, job->id, wish->dry_run, wish->source, wish->partial,
		       wish->many_vanished, request->caller.by, bytes, wish->file) &&
	       audit_note_with(db, request, "contracts.import", job->id, e);
}

/* The file first, then the row that names it: a file that nobody names is swept, a row without one would fail. */
static bool job_add(struct request *request, const struct wish *wish, const char *id, struct err *e)
{
	const struct review *review = request->api->conf.review;
	char *path = talloc_asprintf(request, "%s/%s", review->uploads, id);
	struct job job = { request, wish, id };

	if (!upload_keep(request->upload, path, e))
		return false;
	if (api_together(request->api, job_work, &job, e))
		return true;
	unlink(path);
	return false;
}

static enum handled contracts_import(struct request *request)
{
	struct rows *rows = NULL;
	char id[UUID_TEXT_SIZE];
	struct err e = { 0 };
	struct wish wish;

	if (!wish_read(&wish, request) || !file_sent(request))
		return HANDLED;
	if (!job_add(request, &wish, uuid7_text(id), &e)) {
		if (e.kind == ERR_CONFLICT)
			problem_german(
				request, PROBLEM_CONFLICT, NULL,
				"Es läuft schon eine Übernahme. Bitte warten Sie, bis sie fertig ist.",
				"another import waits or runs; one at a time");
		else
			problem_of(request, &e);
		return HANDLED;
	}
	if (imports_load(&rows, request, id)) {
		reply_head(request, "Location", talloc_asprintf(request, "/api/v1/imports/%s", id));
		reply_json(request, 202, import_item(request, rows, 0));
	}
	return HANDLED;
}

static const struct route routes[] = {
	{ "POST", "/api/v1/contracts/import", SCOPE_STOCK | WEIGHS(20),
	  "dry_run,source,partial,many_vanished,file", FILE_MOST, contracts_import },
	{ "GET", "/api/v1/imports", SCOPE_STOCK, "", 0, imports_show },
	{ "GET", "/api/v1/imports/{import}", SCOPE_STOCK, "", 0, import_show },
};

const struct route_table route_imports = { routes, sizeof routes / sizeof *routes };
