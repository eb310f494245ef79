/*
 * inspect.c -- what stands inside documents, in the background: behind the acknowledgement, in a process of its own, one
 * document after the other, at the end of all that is more urgent. What is found helps people to search and to see; the
 * matcher does not look at it.
 */
#include "cmd/inspect.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "base/role.h"
#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/insurers.h"
#include "cmd/matching.h"
#include "cmd/roles.h"
#include "ingest/inspect.h"
#include "review/clues.h"

#define BATCH   "20"
#define IDLE_MS 5000
#define CLUES   40 /* after each batch: more than it brings */
#define START   "-infinity"

struct inspector {
	TALLOC_CTX *mem;
	struct db *db;
	struct blob_store *blobs;
	const char *broker;
	const struct app *app;
	char *after; /* when the last one that was looked into was received */
	int64_t counts[INSPECT_STATES];
};

static bool blob_missing(struct inspected *found, TALLOC_CTX *mem)
{
	*found = (struct inspected){ .state = INSPECT_BROKEN,
				     .sentence =
					     talloc_strdup(mem, "its bytes are not in the store"),
				     .page_count = -1,
				     .pages = talloc_strdup(mem, "[]"),
				     .entries = talloc_strdup(mem, "[]"),
				     .text = talloc_strdup(mem, "") };
	return true;
}

static bool look_into(struct inspected *found, struct inspector *inspector, const struct rows *rows,
		      int row, TALLOC_CTX *mem, struct err *e)
{
	int fd = blob_open(inspector->blobs, rows_text(rows, row, "sha256"), e);
	bool ok;

	if (fd < 0 && e->kind == ERR_MISSING) {
		err_clear(e);
		return blob_missing(found, mem);
	}
	if (fd < 0)
		return false;
	ok = inspect(found, rows_text(rows, row, "media_type"), fd, mem, e);
	close(fd);
	return ok;
}

static bool one(struct inspector *inspector, const struct rows *rows, int row, TALLOC_CTX *mem,
		struct err *e)
{
	const char *id = rows_text(rows, row, "document_id");
	struct inspected found;
	char pages[16];

	if (!look_into(&found, inspector, rows, row, mem, e))
		return false;
	snprintf(pages, sizeof pages, "%d", found.page_count);
	if (!db_call(inspector->db, SQL_inspect_write, NULL, mem, e, inspector->broker, id,
		     inspect_state_name(found.state), found.sentence,
		     found.page_count < 0 ? NULL : pages, found.pages, found.entries, found.text))
		return false;
	inspector->counts[found.state]++;
	talloc_free(inspector->after);
	inspector->after = talloc_strdup(inspector->mem, rows_text(rows, row, "received_at"));
	return true;
}

/* Some of what nobody looked into. worked: there were any. */
static bool inspect_some(struct inspector *inspector, bool *worked, struct err *e)
{
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "inspect");
	struct rows *rows;
	bool ok = db_call(inspector->db, SQL_inspect_next, &rows, mem, e, inspector->broker,
			  inspector->after, BATCH);

	*worked = ok && rows_count(rows) > 0;
	for (int i = 0; ok && i < rows_count(rows) && !role_stopping(); i++) {
		TALLOC_CTX *each = talloc_new(mem);

		ok = one(inspector, rows, i, each, e);
		talloc_free(each);
	}
	talloc_free(mem);
	return ok;
}

/* Which contracts the texts of waiting documents speak of, for whoever looks at the queue. */
static bool clues_some(struct inspector *inspector, bool *worked, struct err *e)
{
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "clues");
	struct matcher matcher;
	int done = 0;
	bool ok = matcher_over(&matcher, inspector->app, inspector->db, mem, e) &&
		  clues_keep(&done, &matcher, CLUES, e);

	*worked |= done > 0;
	talloc_free(mem);
	return ok;
}

static struct inspector *inspector_new(struct app *app, struct db *db, TALLOC_CTX *mem,
				       struct err *e)
{
	struct inspector *inspector = talloc_zero(mem, struct inspector);

	inspector->mem = inspector;
	inspector->db = db;
	inspector->app = app;
	inspector->broker = app->conf->broker;
	inspector->blobs = app_blobs(app, inspector, e);
	inspector->after = talloc_strdup(inspector, START);
	return inspector->blobs ? inspector : NULL;
}

static void joined_tell(void *self, const char *sentence)
{
	(void)self;
	log_warn("a number picture joins two contracts of the stock", "why=\"%s\"", sentence);
}

/* Once at the start, here where nothing hurries: the whole stock may have to be read for it. */
static bool pictures_tell(const struct inspector *inspector, struct err *e)
{
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "pictures");
	struct matcher matcher;
	size_t found;
	bool ok = matcher_over(&matcher, inspector->app, inspector->db, mem, e) &&
		  insurers_joins_known(&found, &matcher, joined_tell, NULL, e);

	talloc_free(mem);
	return ok;
}

int inspect_role(void *arg)
{
	struct app *app = arg;
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "inspect role");
	struct err e = { 0 };
	struct db *db = role_database(app->conninfo, mem, &e);
	struct inspector *inspector = db ? inspector_new(app, db, mem, &e) : NULL;
	bool worked = false;

	if (nice(10) == -1) /* a document that is on its way comes first */
		log_info("inspect role", "runs as eagerly as the others");
	if (inspector && !pictures_tell(inspector, &e))
		log_err("holding the number pictures against the stock", &e);
	while (inspector && !role_stopping()) {
		err_clear(&e);
		if (!inspect_some(inspector, &worked, &e) || !clues_some(inspector, &worked, &e)) {
			log_err("looking into documents", &e);
			if (e.kind != ERR_RETRY || !role_database_again(db))
				break;
		}
		if (!worked)
			role_sleep_ms(IDLE_MS);
	}
	talloc_free(mem);
	return role_stopping() ? EX_OK : EX_TEMPFAIL;
}

/* ---- by hand ---- */

static int inspect_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "read", "empty", "locked", "refused", "broken" };
	struct app *app = app_open(in, APP_DATABASE | APP_INSURERS, e);
	struct inspector *inspector = app ? inspector_new(app, app->db, in->mem, e) : NULL;
	struct listing *list = listing_new(in->mem, INSPECT_STATES, heads);
	const char *cells[INSPECT_STATES];
	bool worked = true;

	while (inspector && worked)
		if (!inspect_some(inspector, &worked, e) || !clues_some(inspector, &worked, e))
			return err_exit_code(e);
	if (!inspector)
		return err_exit_code(e);
	for (int i = 0; i < INSPECT_STATES; i++)
		cells[i] = talloc_asprintf(in->mem, "%lld", (long long)inspector->counts[i]);
	listing_numbers(list, 0, INSPECT_STATES - 1);
	listing_row(list, cells);
	listing_print(list, in->output, in->out);
	return EX_OK;
}

const struct command inspect_commands[] = {
	{ "document inspect", "", 0, 0, NULL,
	  "look into stored PDFs and ZIPs that nobody looked into yet, as the daemon does",
	  inspect_run },
	{ 0 },
};
