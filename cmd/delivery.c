/* delivery.c -- `vorpost delivery ...`: the quarantine, what waits to be acknowledged, one shipment from listing to acknowledgement. */
#include <string.h>
#include <sysexits.h>

#include "base/text.h"
#include "cmd/audit.h"
#include "cmd/commands.h"
#include "cmd/delivery_show.h"
#include "cmd/worker.h"
#include "ingest/connection.h"
#include "ingest/retry.h"

#define LIST_MOST_DEFAULT "1000"
#define LIST_MOST         100000

static const char *shown(const char *text, TALLOC_CTX *mem)
{
	return text ? text_shown(text, SHIPMENT_SHOWN_MOST, mem) : NULL;
}

/* ---- list ---- */

struct choice {
	const char *word, *empty; /* said when there is none */
};

static const struct choice choices[] = {
	{ "trouble", "the quarantine is empty, and nothing is gone" }, /* the default */
	{ "quarantined", "the quarantine is empty" },
	{ "listed", "nothing waits to be fetched" },
	{ "stored", "everything that is here is acknowledged" },
	{ "due", "no acknowledgement is due" },
	{ "held", "no acknowledgement is held back" },
	{ "link", "no document that is stored is only a link" },
	{ "refused", "no insurer refuses an acknowledgement for good" },
	{ "closed", "none was closed" },
	{ "gone", "the insurers knew all that was acknowledged" },
	{ "acknowledged", "nothing was acknowledged yet" },
	{ "open", "everything is acknowledged" },
	{ "unlisted", "the insurers still list all that is open" },
	{ "all", "no shipment is known" },
};

static const struct choice *choice_of(const char *word, struct err *e)
{
	if (!word)
		return &choices[0];
	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
		if (text_equal(choices[i].word, word))
			return &choices[i];
	err_set(e, ERR_USAGE,
		"--state is '%s', expected trouble, listed, stored, due, held, link, refused, gone, quarantined, closed, unlisted, "
		"acknowledged, open or all",
		word);
	return NULL;
}

static void list_row(struct listing *list, const struct invocation *in, const struct rows *rows,
		     int i)
{
	listing_row(list,
		    (const char *const[]){
			    rows_text(rows, i, "connection"),
			    shown(rows_text(rows, i, "shipment_id"), in->mem),
			    rows_text(rows, i, "state"), rows_text(rows, i, "since"),
			    rows_text(rows, i, "stored"),
			    rows_bool(rows, i, "held") ? "on release"
						       : rows_text(rows, i, "acknowledge_from"),
			    rows_text(rows, i, "code"), rows_text(rows, i, "refusal") });
}

static int list_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "connection", "shipment",    "state", "since",
					     "stored",     "acknowledge", "code",  "reason" };
	struct listing *list = listing_new(in->mem, 8, heads);
	const struct choice *choice = choice_of(invocation_option(in, "--state"), e);
	const char *most = invocation_option(in, "--limit");
	const char *only = invocation_option(in, "--connection");
	struct connection *connection;
	struct rows *rows;
	struct app *app;
	uint64_t limit;

	if (!choice || (most && !text_option_u64(&limit, most, 1, LIST_MOST, "--limit", e)))
		return EX_USAGE;
	if (!(app = app_open(in, APP_DATABASE, e)) ||
	    (only && !connection_load(&connection, app->db, app->conf->broker, only, in->mem, e)) ||
	    !db_call(app->db, SQL_delivery_list, &rows, in->mem, e, app->conf->broker, only,
		     choice->word, most ? most : LIST_MOST_DEFAULT))
		return EX_SOFTWARE;
	for (int i = 0; i < rows_count(rows); i++)
		list_row(list, in, rows, i);
	if (rows_count(rows) || in->output != OUTPUT_TABLE)
		listing_print(list, in->output, in->out);
	else
		fprintf(in->out, "%s\n", choice->empty);
	return EX_OK;
}

/* ---- release ---- */

/* One that was asked for by name and is not waiting: why not? */
static bool release_refused(const struct invocation *in, const struct rows *row, struct err *e)
{
	const char *state = rows_text(row, 0, "state"), *id = shown(in->word[1], in->mem);

	if (text_equal(state, "stored"))
		return err_set(e, ERR_REFUSED, "shipment %s was released at %s already", id,
			       rows_text(row, 0, "released"));
	if (text_equal(state, "quarantined"))
		return err_set(
			e, ERR_REFUSED,
			"shipment %s is in quarantine: only what could be read and stored is "
			"acknowledged; `vorpost delivery retry` reads it again",
			id);
	return err_set(e, ERR_REFUSED, "shipment %s is %s: nothing waits to be acknowledged", id,
		       state);
}

static bool release_asked(const struct invocation *in, const char **id, struct err *e)
{
	bool all = invocation_option(in, "--all") != NULL;

	*id = in->words > 1 ? in->word[1] : NULL;
	if (all != (*id == NULL))
		return err_set(e, ERR_USAGE,
			       all ? "--all and a SHIPMENT do not go together"
				   : "which one? a SHIPMENT, or --all that wait");
	return true;
}

static int release_run(struct invocation *in, struct err *e)
{
	bool dry = invocation_option(in, "--dry-run") != NULL;
	struct connection *connection;
	struct rows *row = NULL, *released;
	const char *id;
	struct app *app = release_asked(in, &id, e) ? app_open(in, APP_DATABASE, e) : NULL;

	if (!app ||
	    !connection_load(&connection, app->db, app->conf->broker, in->word[0], in->mem, e) ||
	    (id && !shipment_find(app, in, &row, e)) ||
	    !db_call(app->db, SQL_shipment_release, &released, in->mem, e, app->conf->broker,
		     in->word[0], id, app_person(invocation_option(in, "--by"), in->mem),
		     dry ? "true" : "false"))
		return EX_SOFTWARE;
	if (id && !rows_count(released)) {
		release_refused(in, row, e);
		return EX_UNAVAILABLE;
	}
	for (int i = 0; i < rows_count(released) && !in->quiet; i++)
		fprintf(in->out, "%s\n", shown(rows_text(released, i, "shipment_id"), in->mem));
	if (!in->quiet)
		fprintf(in->out, "%d shipment%s %s%s\n", rows_count(released),
			rows_count(released) == 1 ? "" : "s",
			dry ? "would be released" : "released; the next poll acknowledges",
			dry || rows_count(released) == 0 ? ""
			: rows_count(released) == 1      ? " it"
							 : " them");
	return EX_OK;
}

/* ---- close ---- */

static bool close_refused(const struct invocation *in, const struct rows *row, bool undo,
			  struct err *e)
{
	const char *id = shown(in->word[1], in->mem);

	if (undo)
		return err_set(e, ERR_REFUSED, "shipment %s was not closed", id);
	if (rows_text(row, 0, "closed"))
		return err_set(e, ERR_REFUSED, "shipment %s was closed at %s by %s already", id,
			       rows_text(row, 0, "closed"), rows_text(row, 0, "closed_by"));
	return err_set(e, ERR_REFUSED,
		       "shipment %s is %s: only what is in quarantine, or gone from the insurer's "
		       "list before it came, can be closed",
		       id, rows_text(row, 0, "state"));
}

/* note NULL: open it again. *found: there was something to do. */
static bool close_write(bool *found, struct app *app, const struct invocation *in, const char *note,
			bool dry, struct err *e)
{
	struct rows *rows;

	if (!db_begin(app->db, e))
		return false;
	if (!db_call(app->db, SQL_shipment_close, &rows, in->mem, e, app->conf->broker, in->word[0],
		     in->word[1], app_person(invocation_option(in, "--by"), in->mem), note,
		     dry ? "true" : "false")) {
		db_rollback(app->db);
		return false;
	}
	*found = rows_count(rows) > 0;
	if (dry || !*found) {
		db_rollback(app->db);
		return true;
	}
	return audit_close(true, app, in, note ? "delivery.close" : "delivery.reopen", in->word[1],
			   e);
}

static const char *close_words(bool undo, bool dry)
{
	if (undo)
		return dry ? "would be opened again" : "is open again";
	return dry ? "would be closed"
		   : "closed: it stays as it is and alarms nobody; `vorpost delivery list --state "
		     "closed` shows it, `delivery close --undo` takes it back";
}

/* Nothing is thrown away and nothing acknowledged: it only alarms nobody any more. */
static int close_run(struct invocation *in, struct err *e)
{
	bool dry = invocation_option(in, "--dry-run") != NULL, found;
	bool undo = invocation_option(in, "--undo") != NULL;
	const char *note = invocation_option(in, "--note");
	struct rows *row;
	struct app *app;

	if (undo == !text_empty(note)) {
		err_set(e, ERR_USAGE,
			undo ? "--undo and --note do not go together"
			     : "--note TEXT is missing: why can nothing more be done?");
		return EX_USAGE;
	}
	if (!(app = app_open(in, APP_DATABASE, e)) || !shipment_find(app, in, &row, e) ||
	    !close_write(&found, app, in, undo ? NULL : note, dry, e))
		return EX_SOFTWARE;
	if (!found) {
		close_refused(in, row, undo, e);
		return EX_UNAVAILABLE;
	}
	if (!in->quiet)
		fprintf(in->out, "%s %s\n", shown(in->word[1], in->mem), close_words(undo, dry));
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

static int retry_leased(struct retry *retry, struct err *e)
{
	struct invocation *in = retry->in;
	bool fetch = invocation_option(in, "--fetch") || !rows_text(retry->row, 0, "raw");
	const struct kept kept = { in->word[1], rows_text(retry->row, 0, "raw"),
				   rows_text(retry->row, 0, "content_type"),
				   rows_int(retry->row, 0, "answered_ms") };
	struct poller *poller = &retry->worker->poller;
	struct recorded counts = { 0 };
	const char *unlisted = NULL;
	struct rows *opened;

	/* Whoever tries again takes it that something can be done. */
	if (!db_call(poller->db, SQL_shipment_close, &opened, in->mem, e, poller->broker,
		     in->word[0], in->word[1], NULL, NULL, "false"))
		return err_exit_code(e);
	if (fetch ? !kept_relist(&unlisted, poller, in->word[0], retry->lease.fence, in->word[1],
				 in->mem, e)
		  : !kept_read(&counts, poller, in->word[0], retry->lease.fence, &kept, in->mem, e))
		return err_exit_code(e);
	if (fetch && unlisted)
		fprintf(in->out,
			"the insurer has not listed it since %s: it stays in quarantine as it is, and is fetched "
			"when he lists it again\n",
			unlisted);
	else if (fetch)
		fprintf(in->out,
			"the next poll fetches it anew; until that is stored it stays in quarantine as it is\n");
	else
		fprintf(in->out,
			"read again: %d documents, %d filed, %d queued; `vorpost delivery show` says when it is acknowledged\n",
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
	code = audit_hand(app, in, "delivery.retry", in->word[1], e) ? retry_leased(&retry, e)
								     : EX_TEMPFAIL;
	lease_release(&retry.lease, db, app->conf->broker);
	return code;
}

static const struct option_spec retry_options[] = {
	{ "--fetch", NULL, "fetch it anew although its answer is kept" },
	{ NULL, NULL, NULL },
};

static const struct option_spec list_options[] = {
	{ "--state", "STATE",
	  "listed, stored (of these: due, held until its hour or its release, link, refused by the insurer), "
	  "gone (the insurer did not know it), quarantined, closed, unlisted (by the insurer, and "
	  "not acknowledged), acknowledged, open, all; without it: what is in quarantine or was gone before it came, and is not closed" },
	{ "--connection", "NAME", "only this connection" },
	{ "--limit", "N", "at most so many (default: 1000)" },
	{ NULL, NULL, NULL },
};

static const struct option_spec release_options[] = {
	{ "--all", NULL,
	  "all of the connection that wait, but for those with a link: these one by one" },
	{ "--by", "NAME", "who decides; else the login name" },
	{ "--dry-run", NULL, "only say which" },
	{ NULL, NULL, NULL },
};

static const struct option_spec close_options[] = {
	{ "--note", "TEXT", "why nothing more can be done" },
	{ "--undo", NULL, "it alarms again" },
	{ "--by", "NAME", "who decides; else the login name" },
	{ "--dry-run", NULL, "only say what would be closed" },
	{ NULL, NULL, NULL },
};

const struct command delivery_commands[] = {
	{ "delivery list", "", 0, 0, list_options,
	  "the quarantine: what could not be read, and why; or shipments of another state",
	  list_run },
	{ "delivery show", "CONNECTION SHIPMENT", 2, 2, delivery_show_options,
	  "one shipment from listing to acknowledgement", delivery_show_run },
	{ "delivery release", "CONNECTION [SHIPMENT]", 1, 2, release_options,
	  "let what is stored be acknowledged, where that is delayed or by hand", release_run },
	{ "delivery retry", "CONNECTION SHIPMENT", 2, 2, retry_options,
	  "read a quarantined answer again; fetch it again where nothing was kept", retry_run },
	{ "delivery close", "CONNECTION SHIPMENT", 2, 2, close_options,
	  "nothing more can be done about it: no alarm any more, all that was kept stays",
	  close_run },
	{ 0 },
};
