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
#include "cmd/insurers.h"
#include "cmd/mandate.h"
#include "cmd/matching.h"
#include "events/secret_file.h"
#include "ingest/connection.h"
#include "ingest/login.h"
#include "ingest/poller.h"
#include "ingest/reading.h"
#include "model/event.h"

#define HOUR_MS          (3600 * INT64_C(1000))
#define CERTIFICATE_DAYS 60 /* notice before our certificate at an insurer ends */
#define DAY_MS           (24 * HOUR_MS)
#define QUEUE_OLD_MS     (7 * DAY_MS)
#define FREE_LEAST_GIB   2.0
#define SHOWN_MOST       200

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

/* Did somebody change the schema by hand? */
static void look_at_schema(struct finding *f)
{
	struct err why = { 0 };

	if (db_fits(f->app->db, &why))
		find(f, true, "schema", "every statement fits it");
	else
		find(f, false, "schema",
		     talloc_asprintf(f->app, "it was changed by hand: %s", why.text));
}

/* Does the API see one broker at a time? */
static bool look_at_protection(struct finding *f, struct err *e)
{
	char *missing;

	if (!db_protected(&missing, f->app->db, WEB_ROLE, f->app, e))
		return false;
	find(f, !missing, "brokers",
	     missing ? talloc_asprintf(f->app, "not kept apart, the API refuses to work: %s",
				       missing)
		     : "kept apart by row-level security");
	return true;
}

/* Is what insurers send read where it can do no harm? */
static void look_at_cage(struct finding *f)
{
	struct err why = { 0 };
	int landlock;

	if (!f->app->conf->cage)
		find(f, false, "cage", "off by the configuration: answers are read in the workers");
	else if (!cage_try(&landlock, cage_new(f->app), &why))
		find(f, false, "cage", why.text);
	else
		find(f, true, "cage",
		     landlock ? talloc_asprintf(f->app, "seccomp and Landlock %d", landlock)
			      : "seccomp; this kernel has no Landlock, or it is switched off");
}

static void joined_find(void *self, const char *sentence)
{
	find(self, false, "number pictures", sentence);
}

/* Would a picture file one customer's document at another's contract? No example in a file can prove that of a stock. */
static bool look_at_pictures(struct finding *f, struct err *e)
{
	struct matcher matcher;
	size_t found;

	if (!matcher_over(&matcher, f->app, f->app->db, f->app, e) ||
	    !insurers_joins_known(&found, &matcher, joined_find, f, e))
		return false;
	if (!found)
		find(f, true, "number pictures", "none joins two contracts of the stock");
	return true;
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

/* Insurers renew certificates by letter: weeks, not days. */
static void look_at_certificate(struct finding *f, const struct connection *c,
				const struct profile *profile)
{
	struct login_files files;
	int64_t days;

	if (!login_files_load(&files, c, profile, f->app, NULL) || !files.identity)
		return;
	days = (identity_ends_ms(files.identity) - clock_wall_ms()) / DAY_MS;
	if (days < CERTIFICATE_DAYS)
		find(f, false, c->name,
		     talloc_asprintf(f->app, "our certificate %s ends in %lld days; renew it",
				     c->key_file, (long long)days));
}

static void look_at_credential(struct finding *f, const struct connection *c)
{
	const struct insurer *insurer = insurers_by_issuer(f->app->insurers, c->issuer);
	struct err why = { 0 };

	if (insurer && !login_try(c, &insurer->profile, &why))
		find(f, false, c->name, why.text);
	else if (insurer)
		look_at_certificate(f, c, &insurer->profile);
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
	int64_t patience_ms; /* trouble is what waits longer; 0: whatever waits; -1: never */
	const char *words;   /* what waits */
};

static const struct waiting waitings[] = {
	{ "quarantine", 0, "shipments could not be read: vorpost delivery list" },
	{ "unacknowledged", DAY_MS, "shipments are here and not yet acknowledged" },
	{ "held", -1, "shipments are acknowledged later: vorpost delivery list --state held" },
	{ "link", 0,
	  "shipments have a document that is only a link: fetch it by hand, then vorpost delivery release" },
	{ "refused", 0,
	  "shipments are here, and their insurers refuse the acknowledgement again and again: vorpost "
	  "delivery list --state refused" },
	{ "gone", -1,
	  "shipments are here that their insurers did not know when they were acknowledged: vorpost "
	  "delivery list --state gone" },
	{ "unlisted", 0,
	  "shipments are no longer listed, and never came or were never acknowledged: vorpost delivery "
	  "list --state unlisted" },
	{ "queue", QUEUE_OLD_MS, "documents wait for a person: vorpost queue list" },
};

static void look_at_waiting(struct finding *f, const struct waiting *waiting,
			    const struct rows *rows, int row)
{
	int64_t items = rows_int(rows, row, "items");
	const char *oldest = rows_text(rows, row, "oldest");
	bool late = waiting->patience_ms > 0 ? longer_ago(oldest, waiting->patience_ms)
					     : waiting->patience_ms == 0 && items > 0;

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

/* What insurers will not keep much longer and is not safely here. */
static bool look_at_expiring(struct finding *f, struct err *e)
{
	struct rows *rows;

	if (!db_call(f->app->db, SQL_shipment_expiring, &rows, f->app, e, f->app->conf->broker,
		     NULL, talloc_asprintf(f->app, "%d", EXPIRY_WARN_DAYS)))
		return false;
	for (int i = 0; i < rows_count(rows); i++)
		find(f, false, rows_text(rows, i, "connection"),
		     talloc_asprintf(
			     f->app,
			     "%s shipments are not here, and the insurer keeps them until %s at the soonest "
			     "(%s: it is over): vorpost delivery list --state open",
			     rows_text(rows, i, "shipments"), rows_text(rows, i, "soonest"),
			     rows_text(rows, i, "past")));
	return true;
}

static bool look_at_mandates(struct finding *f, struct err *e)
{
	struct rows *rows;

	if (!db_call(f->app->db, SQL_mandate_notices, &rows, f->app, e, f->app->conf->broker, NULL,
		     NULL, "true"))
		return false;
	for (int i = 0; i < rows_count(rows); i++)
		find(f, false, "mandate",
		     talloc_asprintf(f->app, "connection %s: %s", rows_text(rows, i, "connection"),
				     mandate_words(rows, i, f->app)));
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
	if (f.app->conf->shadow)
		find(&f, true, "shadow",
		     "on: nothing is filed by itself, nobody is told; see vorpost match evaluate --shadow");
	f.app = app_open(in, APP_ALL, e);
	if (!f.app)
		return EX_CONFIG;
	find(&f, true, "database",
	     *f.app->conf->database ? "configured server" : "private cluster");
	look_at_schema(&f);
	look_at_disk(&f);
	look_at_cage(&f);
	if (!look_at_protection(&f, e) || !look_at_pictures(&f, e) || !look_at_connections(&f, e) ||
	    !look_at_what_waits(&f, e) || !look_at_expiring(&f, e) || !look_at_mandates(&f, e) ||
	    !look_at_endpoints(&f, e))
		return EX_SOFTWARE;
	if (in->output != OUTPUT_TABLE)
		listing_print(f.list, in->output, in->out);
	return f.troubles ? 1 : EX_OK;
}
