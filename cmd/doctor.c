#include "cmd/doctor.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/app.h"
#include "events/secret_file.h"
#include "ingest/connection.h"
#include "model/event.h"

#define HOUR_MS        (3600 * INT64_C(1000))
#define DAY_MS         (24 * HOUR_MS)
#define QUEUE_OLD_MS   (7 * DAY_MS)
#define FREE_LEAST_GIB 2.0
#define SHOWN_MOST     200

struct finding {
	struct invocation *in;
	struct app *app;
	struct listing *list; /* for machines; a person sees each finding at once */
	int troubles;
};

static void find(struct finding *f, bool good, const char *what, const char *detail)
{
	const char *shown = text_shown(detail, SHOWN_MOST, f->app);

	if (f->in->output == OUTPUT_TABLE)
		fprintf(f->in->out, "%s  %-22s %s\n", good ? "ok     " : "TROUBLE", what, shown);
	else
		listing_row(f->list, (const char *const[]){ good ? "ok" : "trouble", what, shown });
	f->troubles += !good;
}

/* A time of the database, NULL for never; never is not long ago. */
static bool longer_ago(const char *when, int64_t ms)
{
	int64_t then;

	return when && clock_parse(&then, when, NULL) && clock_wall_ms() - then > ms;
}

static void look_at_disk(struct finding *f)
{
	struct statvfs fs;
	double free_gib;

	if (statvfs(f->app->conf->state, &fs) != 0) {
		find(f, false, "disk", strerror(errno));
		return;
	}
	free_gib = (double)fs.f_bavail * (double)fs.f_frsize / (1 << 30);
	find(f, free_gib >= FREE_LEAST_GIB, "disk",
	     talloc_asprintf(f->app, "%.1f GiB free below the state folder", free_gib));
}

/* ---- connections ---- */

static void look_at_connection(struct finding *f, const struct connection *c)
{
	if (c->paused)
		find(f, false, c->name,
		     talloc_asprintf(f->app, "paused: %s",
				     c->pause_reason ? c->pause_reason : "no reason given"));
	else if (c->last_error)
		find(f, false, c->name, c->last_error);
	else if (longer_ago(c->due_at, DAY_MS))
		find(f, false, c->name,
		     talloc_asprintf(f->app, "due since %s: does `vorpost serve` run?", c->due_at));
	else
		find(f, true, c->name,
		     talloc_asprintf(f->app, "last success %s",
				     c->last_success_at ? c->last_success_at : "never"));
}

static void look_at_credential(struct finding *f, const struct connection *c)
{
	struct err why = { 0 };

	if (!connection_secret(c, f->app, &why))
		find(f, false, c->name, why.text);
	if (c->ca_file && access(c->ca_file, R_OK) != 0)
		find(f, false, c->name,
		     talloc_asprintf(f->app, "certificates %s: %s", c->ca_file, strerror(errno)));
}

static bool look_at_connections(struct finding *f, struct err *e)
{
	struct connection *all;
	size_t count;

	if (!connection_all(&all, &count, f->app->db, f->app->conf->broker, f->app, e))
		return false;
	if (!count)
		find(f, false, "connections", "none yet: vorpost connection add");
	for (size_t i = 0; i < count; i++) {
		look_at_connection(f, &all[i]);
		look_at_credential(f, &all[i]);
	}
	return true;
}

/* ---- what waits ---- */

struct waiting {
	const char *what;
	int64_t patience_ms; /* trouble is what waits longer; 0: whatever waits */
	const char *words;   /* what waits */
};

static const struct waiting waitings[] = {
	{ "quarantine", 0, "shipments could not be read: vorpost delivery list" },
	{ "unacknowledged", DAY_MS, "shipments are here and not yet acknowledged" },
	{ "queue", QUEUE_OLD_MS, "documents wait for a person: vorpost queue list" },
};

static void look_at_waiting(struct finding *f, const struct waiting *waiting,
			    const struct rows *rows, int row)
{
	int64_t items = rows_int(rows, row, "items");
	const char *oldest = rows_text(rows, row, "oldest");
	bool late = waiting->patience_ms ? longer_ago(oldest, waiting->patience_ms) : items > 0;

	find(f, !late, waiting->what,
	     items ? talloc_asprintf(f->app, "%" PRId64 " %s; oldest %s", items, waiting->words,
				     oldest)
		   : "empty");
}

static bool look_at_what_waits(struct finding *f, struct err *e)
{
	struct rows *rows;

	if (!db_call(f->app->db, SQL_doctor_waiting, &rows, f->app, e, f->app->conf->broker))
		return false;
	for (int i = 0; i < rows_count(rows); i++)
		for (size_t w = 0; w < sizeof waitings / sizeof *waitings; w++)
			if (text_equal(rows_text(rows, i, "what"), waitings[w].what))
				look_at_waiting(f, &waitings[w], rows, i);
	return true;
}

/* ---- endpoints ---- */

static void look_at_endpoint(struct finding *f, const struct rows *rows, int row)
{
	const char *name = rows_text(rows, row, "endpoint");
	const char *since = rows_text(rows, row, "waiting_since");
	bool disabled = !text_equal(rows_text(rows, row, "state"), "active");
	const char *behind = rows_int(rows, row, "behind") > 10000 ? "over 10000"
								   : rows_text(rows, row, "behind");

	if (disabled)
		find(f, false, name,
		     "disabled, by 410 or by hand: vorpost endpoint enable, or remove");
	else if (rows_int(rows, row, "failures") || longer_ago(since, HOUR_MS))
		find(f, false, name,
		     talloc_asprintf(
			     f->app, "%s events behind since %s: %s", behind, since ? since : "now",
			     rows_text(rows, row, "last_error") ? rows_text(rows, row, "last_error")
								: "does `vorpost serve` run?"));
	else if (rows_int(rows, row, "blocked") || rows_int(rows, row, "parked"))
		find(f, false, name,
		     talloc_asprintf(f->app, "%s lanes wait, %s events parked: vorpost events dead",
				     rows_text(rows, row, "blocked"),
				     rows_text(rows, row, "parked")));
	else
		find(f, true, name, talloc_asprintf(f->app, "%s events behind", behind));
}

static bool look_at_secret(struct finding *f, const char *name, struct err *e)
{
	struct err why = { 0 };
	struct rows *rows;
	const char *path;

	if (!db_call(f->app->db, SQL_endpoint_find, &rows, f->app, e, f->app->conf->broker, name))
		return false;
	path = rows_count(rows) ? rows_text(rows, 0, "secret_file") : NULL;
	if (path && !secret_file_read(path, f->app, &why)) /* a bus may have none */
		find(f, false, name, why.text);
	return true;
}

static bool look_at_endpoints(struct finding *f, struct err *e)
{
	struct rows *rows;
	char *customer;

	if (!event_types_array(&customer, "customer", f->app, e) ||
	    !db_call(f->app->db, SQL_endpoint_list, &rows, f->app, e, f->app->conf->broker,
		     customer))
		return false;
	for (int i = 0; i < rows_count(rows); i++) {
		look_at_endpoint(f, rows, i);
		if (!look_at_secret(f, rows_text(rows, i, "endpoint"), e))
			return false;
	}
	return true;
}

/* ---- all of it ---- */

int doctor_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "state", "what", "detail" };
	struct finding f = { .in = in,
			     .app = app_open(in, APP_INSURERS, e),
			     .list = listing_new(in->mem, 3, heads) };

	if (!f.app)
		return EX_CONFIG;
	find(&f, true, "configuration", f.app->conf->path);
	find(&f, insurers_count(f.app->insurers) > 0, "insurer files",
	     talloc_asprintf(f.app, "%zu, every example came out",
			     insurers_count(f.app->insurers)));
	f.app = app_open(in, APP_DATABASE, e);
	if (!f.app)
		return EX_CONFIG;
	find(&f, true, "database",
	     *f.app->conf->database ? "configured server" : "private cluster");
	look_at_disk(&f);
	if (!look_at_connections(&f, e) || !look_at_what_waits(&f, e) || !look_at_endpoints(&f, e))
		return EX_SOFTWARE;
	if (in->output != OUTPUT_TABLE)
		listing_print(f.list, in->output, in->out);
	return f.troubles ? 1 : EX_OK;
}
