#include "cmd/relay.h"

#include <sysexits.h>

#include "base/clock.h"
#include "base/role.h"
#include "base/wake.h"
#include "cmd/roles.h"
#include "cmd/upkeep.h"
#include "events/deliver.h"
#include "events/sequence.h"

#define IDLE_MS   500
#define REPORT_MS 1000

static struct courier *courier_of(const struct app *app, TALLOC_CTX *mem)
{
	struct courier_conf *conf = talloc_zero(mem, struct courier_conf);

	conf->broker = app->conf->broker;
	conf->source = app->conf->source;
	return courier_new(conf, mem);
}

bool relay_once(struct app *app, const struct invocation *in, struct err *e)
{
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "relay");
	struct delivered counts = { 0 };
	int64_t numbered = 0;
	struct db *db = db_open(app->conninfo, mem, e);
	bool ok = db && sequence_run(db, app->conf->broker, &numbered, e) &&
		  deliver_due(db, courier_of(app, mem), &counts, e);

	if (ok && !in->quiet && in->output == OUTPUT_TABLE)
		fprintf(in->out, "events: %lld new, %lld delivered, %d attempts failed\n",
			(long long)numbered, (long long)counts.sent, counts.failed);
	talloc_free(mem);
	return ok;
}

/* ---- the role ---- */

/* What was done since it was last told. */
struct report {
	struct delivered counts;
	int64_t numbered;
	int64_t told_ms;
};

static void report_tell(struct report *report)
{
	const struct delivered *counts = &report->counts;
	int64_t now_ms = clock_monotonic_ms();

	if (now_ms - report->told_ms < REPORT_MS ||
	    !(report->numbered || counts->sent || counts->failed))
		return;
	log_info("events", "numbered=%lld delivered=%lld failed=%d parked=%d disabled=%d",
		 (long long)report->numbered, (long long)counts->sent, counts->failed,
		 counts->parked, counts->disabled);
	*report = (struct report){ .told_ms = now_ms };
}

/* Where new events are heard of: by a poke, or by time. */
struct ear {
	struct wake *wake; /* NULL: by time only */
	int64_t looked_ms;
};

/* Answers come far more often than events: to ask the database at each of them would make them wait. */
static bool news_likely(struct ear *ear)
{
	int64_t now_ms = clock_monotonic_ms();
	bool poked = ear->wake && wake_drain(ear->wake);

	if (role_stopping() || (!poked && now_ms - ear->looked_ms < IDLE_MS))
		return false;
	ear->looked_ms = now_ms;
	return true;
}

/* Number, send, take answers; then sleep until something moves. */
static bool relay_step(struct app *app, struct db *db, struct courier *courier, struct ear *ear,
		       struct report *report, bool *busy, struct err *e)
{
	int64_t numbered = 0;

	if ((news_likely(ear) && !sequence_run(db, app->conf->broker, &numbered, e)) ||
	    !deliver_step(db, courier, numbered > 0, &report->counts, busy, e))
		return false;
	report->numbered += numbered;
	report_tell(report);
	deliver_wait(courier, ear->wake ? wake_fd(ear->wake) : -1, IDLE_MS);
	return true;
}

int relay_role(void *arg)
{
	struct app *app = arg;
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "relay");
	struct courier *courier = courier_of(app, mem);
	struct report report = { 0 };
	struct upkeep upkeep = { 0 };
	struct err e = { 0 };
	struct db *db = role_database(app->conninfo, mem, &e);
	struct ear ear = { .wake = wake_listen(app->conf->state, mem, &e) };
	bool busy = false;

	if (!ear.wake)
		log_err("events are looked for by time only", &e);
	while (db && (busy || !role_stopping())) {
		err_clear(&e);
		if (!role_stopping())
			upkeep_do(&upkeep, app, db);
		if (!relay_step(app, db, courier, &ear, &report, &busy, &e)) {
			log_err("events wait", &e);
			ear.looked_ms = 0; /* a poke was taken, and nothing done for it */
			if (e.kind != ERR_RETRY || !role_database_again(db))
				break;
		}
	}
	talloc_free(mem);
	return role_stopping() ? EX_OK : EX_TEMPFAIL;
}
