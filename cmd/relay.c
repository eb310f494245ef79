#include "cmd/relay.h"

#include <sysexits.h>

#include "base/role.h"
#include "base/wake.h"
#include "cmd/roles.h"
#include "events/deliver.h"
#include "events/sequence.h"

#define IDLE_MS 500

static struct courier *courier_of(const struct app *app, TALLOC_CTX *mem)
{
	struct courier_conf *conf = talloc_zero(mem, struct courier_conf);

	conf->broker = app->conf->broker;
	conf->source = app->conf->source;
	return courier_new(conf, mem);
}

static bool relay_step(struct app *app, struct db *db, struct courier *courier, int64_t *numbered,
		       struct delivered *counts, struct err *e)
{
	return sequence_run(db, app->conf->broker, numbered, e) &&
	       deliver_due(db, courier, counts, e);
}

bool relay_once(struct app *app, const struct invocation *in, struct err *e)
{
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "relay");
	struct delivered counts = { 0 };
	int64_t numbered = 0;
	struct db *db = db_open(app->conninfo, mem, e);
	bool ok = db && relay_step(app, db, courier_of(app, mem), &numbered, &counts, e);

	if (ok && !in->quiet && in->output == OUTPUT_TABLE)
		fprintf(in->out, "events: %lld new, %lld delivered, %d attempts failed\n",
			(long long)numbered, (long long)counts.sent, counts.failed);
	talloc_free(mem);
	return ok;
}

int relay_role(void *arg)
{
	struct app *app = arg;
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "relay");
	struct courier *courier = courier_of(app, mem);
	struct err e = { 0 };
	struct db *db = role_database(app->conninfo, mem, &e);
	struct wake *wake = wake_listen(app->conf->state, mem, &e);

	if (!wake)
		log_err("events are looked for by time only", &e);
	while (db && wake_wait(wake, IDLE_MS)) {
		struct delivered counts = { 0 };
		int64_t numbered = 0;

		err_clear(&e);
		if (!relay_step(app, db, courier, &numbered, &counts, &e)) {
			log_err("events wait", &e);
			if (e.kind != ERR_RETRY || !role_database_again(db))
				break;
		} else if (numbered || counts.sent || counts.failed) {
			log_info("events", "numbered=%lld delivered=%lld failed=%d disabled=%d",
				 (long long)numbered, (long long)counts.sent, counts.failed,
				 counts.disabled);
		}
	}
	talloc_free(mem);
	return role_stopping() ? EX_OK : EX_TEMPFAIL;
}
