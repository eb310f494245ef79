#include "cmd/upkeep.h"

#include "base/clock.h"
#include "base/log.h"
#include "events/digest.h"
#include "events/letter_place.h"
#include "events/weeks.h"

#define WEEKS_EVERY_MS  3600000
#define DIGEST_EVERY_MS 60000
#define PLACES_EVERY_MS 60000
#define PLACES_ALL_MS   3600000 /* rules and observations may have changed */
#define PLACES_MOST     10000
#define TALLY_LEAST     "500" /* rows that are worth joining */

/* What the events role does besides, now and then. What fails is tried again next time: the default
 * partition takes what has no week, and old weeks do no harm. */
static void weeks_keep(const struct app *app, struct db *db)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct err e = { 0 };
	struct week *weeks;
	int count = 0;
	bool ok = weeks_make(db, NULL, &e) &&
		  (!app->conf->keep_days ||
		   weeks_prune(&weeks, &count, db, app->conf->keep_days, false, mem, &e));

	if (!ok)
		log_err("weeks of the outbox", &e);
	for (int i = 0; ok && i < count; i++)
		if (weeks[i].state == WEEK_GONE)
			log_info("events dropped", "since=%s until=%s events=%lld", weeks[i].since,
				 weeks[i].until, (long long)weeks[i].events);
	talloc_free(mem);
}

static void audit_keep(const struct app *app, struct db *db)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct rows *rows = NULL;
	struct err e = { 0 };
	char days[16];

	snprintf(days, sizeof days, "%d", app->conf->keep_audit_days);
	if (!app->conf->keep_audit_days)
		;
	else if (!db_call(db, SQL_audit_prune, &rows, mem, &e, days))
		log_err("retention of the audit log", &e);
	else if (rows_int(rows, 0, "gone"))
		log_info("audit log shortened", "lines=%lld", (long long)rows_int(rows, 0, "gone"));
	talloc_free(mem);
}

/* What was counted of documents, put together. */
static void tally_keep(const struct app *app, struct db *db)
{
	struct err e = { 0 };

	if (!db_call(db, SQL_tally_join, NULL, NULL, &e, app->conf->broker, TALLY_LEAST))
		log_err("tally of documents", &e);
}

static void digest_tell(const struct app *app, struct db *db)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct err e = { 0 };
	struct digest digest;

	if (!digest_run(&digest, db, app->conf->broker, app->conf->digest_hour, false, mem, &e))
		log_err("queue.digest", &e);
	else if (digest.written)
		log_info("queue digest written", "day=%s", digest.day);
	talloc_free(mem);
}

/* Where documents stand in the queue. */
static void places_keep(const struct app *app, struct db *db, bool all)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct err e = { 0 };
	struct letter_rules *rules = letter_rules_load(db, app->conf->broker, mem, &e);
	int placed;

	if (!rules || !(all ? letter_place_all(&placed, db, app->conf->broker, rules, &e)
			    : letter_place(&placed, db, app->conf->broker, rules, PLACES_MOST, &e)))
		log_err("order of the queue", &e);
	talloc_free(mem);
}

void upkeep_do(struct upkeep *upkeep, const struct app *app, struct db *db)
{
	int64_t now = clock_monotonic_ms();

	if (now >= upkeep->weeks_ms) {
		upkeep->weeks_ms = now + WEEKS_EVERY_MS;
		weeks_keep(app, db);
		audit_keep(app, db);
	}
	if (now >= upkeep->digest_ms) {
		upkeep->digest_ms = now + DIGEST_EVERY_MS;
		digest_tell(app, db);
	}
	if (now >= upkeep->places_ms) {
		bool all = now >= upkeep->places_all_ms;

		upkeep->places_ms = now + PLACES_EVERY_MS;
		if (all)
			upkeep->places_all_ms = now + PLACES_ALL_MS;
		places_keep(app, db, all);
		tally_keep(app, db);
	}
}
