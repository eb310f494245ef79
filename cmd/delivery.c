/* delivery.c -- `vorpost delivery list|show|retry`: the quarantine, and one shipment from listing to acknowledgement. */
#include <errno.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/worker.h"
#include "ingest/connection.h"
#include "ingest/reader.h"

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

static void facts_print(struct invocation *in, const struct app *app, const struct rows *row)
{
	static const char *const columns[] = {
		"state",        "issuer",      "category",    "posted",       "available_until",
		"first_listed", "last_listed", "stored",      "acknowledged", "attempts",
		"code",         "refusal",     "content_type"
	};
	const char *raw = rows_text(row, 0, "raw");

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
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
	static const char *const heads[] = { "document", "transfer",   "file",
					     "name",     "media_type", "size",
					     "state",    "reason",     "contract" };
	struct listing *list = listing_new(in->mem, 9, heads);

	for (int i = 0; i < rows_count(rows); i++) {
		const char *cells[9];

		for (int c = 0; c < 9; c++)
			cells[c] = rows_text(rows, i, heads[c]);
		cells[3] = shown(cells[3], in->mem);
		listing_row(list, cells);
	}
	fputc('\n', in->out);
	listing_print(list, in->output, in->out);
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
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *row, *documents;

	if (!app || !shipment_find(app, in, &row, e) ||
	    !db_call(app->db, SQL_delivery_documents, &documents, in->mem, e, app->conf->broker,
		     in->word[0], in->word[1]))
		return EX_SOFTWARE;
	facts_print(in, app, row);
	if (rows_count(documents))
		documents_print(in, documents);
	return EX_OK;
}

/* ---- retry ---- */

static bool answer_read(struct answer **answer, struct worker *worker, const struct rows *row,
			const char *id, const struct profile *profile, TALLOC_CTX *mem,
			struct err *e)
{
	struct reader_limits limits = { profile->answer_bytes_most, profile->list_most };
	struct document_sink *sink = blob_sink(worker->poller.blobs);
	struct reader *reader =
		reader_new(rows_text(row, 0, "content_type"), id, &limits, sink, mem);
	int fd = blob_open(worker->poller.blobs, rows_text(row, 0, "raw"), e);
	char bytes[65536];
	bool ok = fd >= 0;
	ssize_t n = 0;

	while (ok && (n = read(fd, bytes, sizeof bytes)) > 0)
		ok = reader_feed(reader, bytes, (size_t)n, e);
	if (ok && n < 0)
		ok = err_set(e, ERR_RETRY, "the raw answer cannot be read: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	ok = ok && reader_end(reader, answer, e);
	if (!ok)
		sink->abandon(sink->self);
	return ok;
}

/* Under the lease, for nobody else may work on the connection meanwhile. */
static bool retry_leased(struct invocation *in, struct worker *worker, const struct rows *row,
			 struct recorded *counts, struct lease *lease, struct err *e)
{
	struct app *app = worker->app;
	const char *issuer = rows_text(row, 0, "issuer");
	const struct insurer *insurer = insurers_by_issuer(app->insurers, issuer);
	struct delivery_source source = { app->conf->broker, in->word[0], issuer, lease->fence };
	struct answer *answer;

	if (!insurer)
		return err_set(e, ERR_SETUP, "there is no insurer file for issuer %s", issuer);
	if (!answer_read(&answer, worker, row, in->word[1], &insurer->profile, in->mem, e))
		return false;
	if (answer->kind != ANSWER_DELIVERY)
		return err_set(e, ERR_DELIVERY, "the raw answer is no answer to getShipment");
	return worker->poller.recorder->record(worker->poller.recorder->self, &source,
					       answer->delivery, counts, e);
}

static int retry_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_ALL, e);
	struct recorded counts = { 0 };
	struct worker *worker;
	struct lease lease;
	struct rows *row;
	bool ok;

	if (!app || !shipment_find(app, in, &row, e) || !(worker = worker_new(app, in->mem, e)))
		return EX_SOFTWARE;
	if (strcmp(rows_text(row, 0, "state"), "quarantined") != 0 || !rows_text(row, 0, "raw")) {
		err_set(e, ERR_MISSING, "shipment %s is not in quarantine with its raw answer",
			shown(in->word[1], in->mem));
		return EX_NOINPUT;
	}
	if (!lease_claim_now(&lease, worker->poller.db, app->conf->broker, worker->owner,
			     in->word[0], in->mem, e))
		return EX_TEMPFAIL;
	ok = retry_leased(in, worker, row, &counts, &lease, e);
	lease_release(&lease, worker->poller.db, app->conf->broker);
	if (!ok)
		return EX_DATAERR;
	fprintf(in->out,
		"read again: %d documents, %d filed, %d queued; the next poll acknowledges the shipment\n",
		counts.documents, counts.filed, counts.queued);
	return EX_OK;
}

const struct command delivery_commands[] = {
	{ "delivery list", "", 0, 0, NULL, "the quarantine: what could not be read, and why",
	  list_run },
	{ "delivery show", "CONNECTION SHIPMENT", 2, 2, NULL,
	  "one shipment from listing to acknowledgement", show_run },
	{ "delivery retry", "CONNECTION SHIPMENT", 2, 2, NULL,
	  "read a quarantined answer again, without fetching", retry_run },
	{ 0 },
};
