/* delivery.c -- `vorpost delivery list|show|retry`: the quarantine, and one shipment from listing to acknowledgement. */
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/worker.h"
#include "ingest/connection.h"
#include "ingest/recording.h"

#define SHOWN_MOST 60

static const char *shown(const char *text, TALLOC_CTX *mem)
{
	return text ? text_shown(text, SHOWN_MOST, mem) : NULL;
}

/* ---- list ---- */

static int list_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "connection", "shipment", "since", "code", "reason" };
	struct listing *list = listing_new(in->mem, 5, heads);
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows;

	if (!app || !db_call(app->db, SQL_delivery_list, &rows, in->mem, e, app->conf->broker))
		return EX_SOFTWARE;
	for (int i = 0; i < rows_count(rows); i++)
		listing_row(list, (const char *const[]){
					  rows_text(rows, i, "connection"),
					  shown(rows_text(rows, i, "shipment_id"), in->mem),
					  rows_text(rows, i, "since"), rows_text(rows, i, "code"),
					  rows_text(rows, i, "refusal") });
	if (rows_count(rows) || in->output != OUTPUT_TABLE)
		listing_print(list, in->output, in->out);
	else
		fprintf(in->out, "the quarantine is empty\n");
	return EX_OK;
}

/* ---- show ---- */

static const char *const columns[] = { "state",           "issuer",       "category",    "posted",
				       "available_until", "first_listed", "last_listed", "stored",
				       "acknowledged",    "attempts",     "code",        "refusal",
				       "content_type" };
#define COLUMNS (sizeof columns / sizeof *columns)

static const char *const document_columns[] = { "document", "transfer",   "file",
						"name",     "media_type", "size",
						"state",    "reason",     "contract" };
#define DOCUMENT_COLUMNS (int)(sizeof document_columns / sizeof *document_columns)

static void facts_print(struct invocation *in, const struct app *app, const struct rows *row)
{
	const char *raw = rows_text(row, 0, "raw");

	for (size_t i = 0; i < COLUMNS; i++) {
		const char *value = rows_text(row, 0, columns[i]);

		if (value)
			fprintf(in->out, "%-16s %s\n", columns[i],
				strcmp(columns[i], "refusal") != 0 ? shown(value, in->mem) : value);
	}
	if (raw)
		fprintf(in->out, "%-16s %s/documents/%.2s/%s\n", "raw answer", app->conf->state,
			raw, raw);
}

static void documents_print(struct invocation *in, const struct rows *rows)
{
	struct listing *list = listing_new(in->mem, DOCUMENT_COLUMNS, document_columns);

	listing_numbers(list, 1, 2);
	listing_numbers(list, 5, 5);
	for (int i = 0; i < rows_count(rows); i++) {
		const char *cells[DOCUMENT_COLUMNS];

		for (int c = 0; c < DOCUMENT_COLUMNS; c++)
			cells[c] = rows_text(rows, i, document_columns[c]);
		cells[3] = shown(cells[3], in->mem);
		listing_row(list, cells);
	}
	fputc('\n', in->out);
	listing_print(list, in->output, in->out);
}

static bool is_number(const char *column)
{
	static const char *const numbers[] = { "attempts", "transfer", "file", "size" };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (!strcmp(column, numbers[i]))
			return true;
	return false;
}

static void column_set(json_t *object, const struct rows *rows, int row, const char *column)
{
	const char *value = rows_text(rows, row, column);

	json_object_set_new(object, column,
			    !value              ? json_null()
			    : is_number(column) ? json_integer(rows_int(rows, row, column))
						: json_string(value));
}

static void show_json(const struct invocation *in, const struct rows *row,
		      const struct rows *documents)
{
	json_t *object = json_object(), *array = json_array();

	json_object_set_new(object, "connection", json_string(in->word[0]));
	json_object_set_new(object, "shipment", json_string(in->word[1]));
	for (size_t i = 0; i < COLUMNS; i++)
		column_set(object, row, 0, columns[i]);
	column_set(object, row, 0, "raw");
	for (int i = 0; i < rows_count(documents); i++) {
		json_t *document = json_object();

		for (int c = 0; c < DOCUMENT_COLUMNS; c++)
			column_set(document, documents, i, document_columns[c]);
		json_array_append_new(array, document);
	}
	json_object_set_new(object, "documents", array);
	json_dumpf(object, in->out, JSON_INDENT(2) | JSON_ENSURE_ASCII); /* nothing invisible */
	fputc('\n', in->out);
	json_decref(object);
}

static bool shipment_find(struct app *app, const struct invocation *in, struct rows **row,
			  struct err *e)
{
	if (!db_call(app->db, SQL_delivery_find, row, in->mem, e, app->conf->broker, in->word[0],
		     in->word[1]))
		return false;
	return rows_count(*row) ||
	       err_set(e, ERR_MISSING, "connection %s has no shipment %s",
		       shown(in->word[0], in->mem), shown(in->word[1], in->mem));
}

static int show_run(struct invocation *in, struct err *e)
{
	struct app *app = app_no_csv(in, e) ? app_open(in, APP_DATABASE, e) : NULL;
	struct rows *row, *documents;

	if (!app || !shipment_find(app, in, &row, e) ||
	    !db_call(app->db, SQL_delivery_documents, &documents, in->mem, e, app->conf->broker,
		     in->word[0], in->word[1]))
		return EX_SOFTWARE;
	if (in->output == OUTPUT_JSON) {
		show_json(in, row, documents);
		return EX_OK;
	}
	facts_print(in, app, row);
	if (rows_count(documents))
		documents_print(in, documents);
	return EX_OK;
}

/* ---- retry ---- */

/* A shipment of the quarantine and the tools to work on it, under the lease: nobody else may work on the connection. */
struct retry {
	struct invocation *in;
	struct worker *worker;
	const struct rows *row;
	struct lease lease;
};

/* Read what was kept again. */
static bool reread(struct retry *retry, struct recorded *counts, struct err *e)
{
	const char *issuer = rows_text(retry->row, 0, "issuer"), *id = retry->in->word[1];
	struct poller *poller = &retry->worker->poller;
	const struct insurer *insurer = insurers_by_issuer(poller->insurers, issuer);
	const struct delivery_source source = { poller->broker, retry->in->word[0], issuer,
						retry->lease.fence };
	struct raw_answer raw = { .content_type = rows_text(retry->row, 0, "content_type") };
	struct delivery *delivery;
	struct stat st;
	bool ok;

	if (!insurer)
		return err_set(e, ERR_SETUP, "there is no insurer file for issuer %s", issuer);
	raw.fd = blob_open(poller->blobs, rows_text(retry->row, 0, "raw"), e);
	if (raw.fd < 0)
		return false;
	ok = fstat(raw.fd, &st) == 0 ||
	     err_set(e, ERR_RETRY, "the raw answer cannot be read: %s", strerror(errno));
	raw.len = ok ? (uint64_t)st.st_size : 0;
	ok = ok &&
	     raw_answer_read(&delivery, poller, &raw, id, &insurer->profile, retry->in->mem, e) &&
	     delivery_record(counts, poller, &source, delivery, &raw, e);
	close(raw.fd);
	return ok;
}

static bool relist(struct retry *retry, struct err *e)
{
	struct poller *poller = &retry->worker->poller;
	char fence[24];
	struct rows *rows;

	snprintf(fence, sizeof fence, "%lld", (long long)retry->lease.fence);
	if (!db_call(poller->db, SQL_shipment_relist, &rows, retry->in->mem, e, poller->broker,
		     retry->in->word[0], fence, retry->in->word[1]))
		return false;
	return rows_count(rows) ||
	       err_set(e, ERR_CONFLICT, "shipment %s has left the quarantine meanwhile",
		       shown(retry->in->word[1], retry->in->mem));
}

static int retry_leased(struct retry *retry, struct err *e)
{
	struct invocation *in = retry->in;
	bool fetch = invocation_option(in, "--fetch") || !rows_text(retry->row, 0, "raw");
	struct recorded counts = { 0 };

	if (fetch ? !relist(retry, e) : !reread(retry, &counts, e))
		return err_exit_code(e);
	if (fetch)
		fprintf(in->out,
			"listed again: the next poll fetches the shipment, if the insurer still has it\n");
	else
		fprintf(in->out,
			"read again: %d documents, %d filed, %d queued; the next poll acknowledges the shipment\n",
			counts.documents, counts.filed, counts.queued);
	return EX_OK;
}

static int retry_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_ALL, e);
	struct retry retry = { .in = in };
	struct rows *row;
	struct db *db;
	int code;

	if (!app || !shipment_find(app, in, &row, e) ||
	    !(retry.worker = worker_new(app, in->mem, e)))
		return EX_SOFTWARE;
	if (strcmp(rows_text(row, 0, "state"), "quarantined") != 0) {
		err_set(e, ERR_MISSING, "shipment %s is not in quarantine",
			shown(in->word[1], in->mem));
		return EX_NOINPUT;
	}
	retry.row = row;
	db = retry.worker->poller.db;
	if (!lease_claim_now(&retry.lease, db, app->conf->broker, retry.worker->owner, in->word[0],
			     in->mem, e))
		return EX_TEMPFAIL;
	code = retry_leased(&retry, e);
	lease_release(&retry.lease, db, app->conf->broker);
	return code;
}

static const struct option_spec retry_options[] = {
	{ "--fetch", NULL, "fetch it anew although its answer is kept" },
	{ NULL, NULL, NULL },
};

const struct command delivery_commands[] = {
	{ "delivery list", "", 0, 0, NULL, "the quarantine: what could not be read, and why",
	  list_run },
	{ "delivery show", "CONNECTION SHIPMENT", 2, 2, NULL,
	  "one shipment from listing to acknowledgement", show_run },
	{ "delivery retry", "CONNECTION SHIPMENT", 2, 2, retry_options,
	  "read a quarantined answer again; fetch it again where nothing was kept", retry_run },
	{ 0 },
};
