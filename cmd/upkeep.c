#include "cmd/upkeep.h"

#include "base/clock.h"
#include "base/log.h"
#include "events/digest.h"
#include "events/weeks.h"

#define WEEKS_EVERY_MS  3600000
#define DIGEST_EVERY_MS 60000

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

void upkeep_do(struct upkeep *upkeep, const struct app *app, struct db *db)
{
	int64_t now = clock_monotonic_ms();

	if (now >= upkeep->weeks_ms) {
		upkeep->weeks_ms = now + WEEKS_EVERY_MS;
		weeks_keep(app, db);
	}
	if (now >= upkeep->digest_ms) {
		upkeep->digest_ms = now + DIGEST_EVERY_MS;
		digest_tell(app, db);
	}
}
