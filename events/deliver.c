#include "events/deliver.h"

#include <string.h>

#include "base/clock.h"
#include "base/holder.h"
#include "base/role.h"
#include "events/deliver_inside.h"

#define LOOK_MS 100 /* between looks for what is due, unless there is news */
#define WAIT_MS 50  /* while something is under way */

#define ROUNDS_MOST 16 /* of answers that came at once, in a step */

/* Without a word to the database: as after a crash. */
static int turns_drop(struct courier *courier)
{
	struct turn *turn;

	while ((turn = TAILQ_FIRST(&courier->turns)))
		turn_drop(turn);
	return 0;
}

struct courier *courier_new(const struct courier_conf *conf, TALLOC_CTX *mem)
{
	struct courier *courier = talloc_zero(mem, struct courier);
	long total_ms = conf->total_ms ? conf->total_ms : SINK_TOTAL_MS;

	courier->conf = *conf;
	courier->sink = sink_new(conf->connect_ms, conf->total_ms, courier);
	courier->bus = bus_new(conf->connect_ms, conf->ack_ms, courier);
	courier->holder = holder_self(courier);
	courier->lease_s = talloc_asprintf(courier, "%ld", DELIVER_LEASE_S + total_ms / 1000 + 5);
	TAILQ_INIT(&courier->turns);
	talloc_set_destructor(courier, turns_drop);
	return courier;
}

/* ---- one event ---- */

bool endpoint_post(struct sink *sink, const struct endpoint *endpoint,
		   const struct secrets *secrets, const char *id, const char *body,
		   const char *replay, void *tag, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	int64_t now_s = clock_wall_ms() / 1000;
	size_t len = strlen(body);
	struct post post = {
		.url = endpoint->url,
		.ca_file = endpoint->ca_file,
		.allow_private = endpoint->allow_private,
		.content_type = CLOUDEVENT_MEDIA_TYPE "; charset=utf-8",
		.id = id,
		.replay = replay,
		.timestamp_s = now_s,
		.signature = signature_of(secrets, id, now_s, body, len, mem),
		.body = body,
		.len = len,
	};
	bool ok = sink_start(sink, &post, tag, e);

	talloc_free(mem);
	return ok;
}

bool deliver_one(struct answer *answer, struct sink *sink, const struct endpoint *endpoint,
		 const char *id, const char *body, struct err *e)
{
	struct secrets *secrets = secrets_read(endpoint->secret_file, NULL, e);
	bool ok = secrets && endpoint_post(sink, endpoint, secrets, id, body, NULL, NULL, e);
	struct landing landing = { 0 };

	*answer = (struct answer){ 0 };
	talloc_free(secrets);
	if (!ok)
		return false;
	while (!sink_landed(&landing, sink))
		sink_wait(sink, NULL, 0, WAIT_MS);
	*answer = landing.answer;
	return landing.whole || err_set(e, landing.trouble.kind, "%s", landing.trouble.text);
}

/* ---- who is due ---- */

/* What we ourselves let go of, and what a killed process of this machine left behind, the latter
 * once at the start. */
static bool leases_sweep(struct courier *courier, TALLOC_CTX *mem, struct err *e)
{
	const char *broker = courier->conf.broker;
	struct rows *rows = NULL;

	for (size_t i = talloc_array_length(courier->orphans); i > 0; i--) {
		if (!db_call(courier->db, SQL_endpoint_orphan, NULL, mem, e, broker,
			     courier->orphans[i - 1]))
			return false;
		courier->orphans = talloc_realloc(courier, courier->orphans, char *, i - 1);
	}
	if (courier->swept)
		return true;
	if (!db_call(courier->db, SQL_endpoint_owners, &rows, mem, e, broker))
		return false;
	for (int i = 0; i < rows_count(rows); i++) {
		const char *owner = rows_text(rows, i, "lease_owner");

		if (holder_dead(owner) &&
		    !db_call(courier->db, SQL_endpoint_orphan, NULL, mem, e, broker, owner))
			return false;
	}
	courier->swept = true;
	return true;
}

static bool head_look(struct courier *courier, TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows = NULL;

	if (!db_call(courier->db, SQL_event_head, &rows, mem, e, courier->conf.broker))
		return false;
	if (rows_count(rows) == 1)
		courier->head = rows_int(rows, 0, "position");
	return true;
}

static bool endpoints_claim(struct courier *courier, TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows = NULL;
	bool ok = true;

	while (ok && courier->turn_count < DELIVER_TURNS && !role_stopping()) {
		ok = db_call(courier->db, SQL_endpoint_claim, &rows, mem, e, courier->conf.broker,
			     courier->holder, courier->lease_s);
		if (!ok || rows_count(rows) == 0)
			break;
		ok = turn_begin(courier, rows, e);
	}
	return ok;
}

static bool look(struct courier *courier, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	bool ok = leases_sweep(courier, mem, e) && head_look(courier, mem, e) &&
		  endpoints_claim(courier, mem, e);

	courier->looked_ms = clock_monotonic_ms();
	talloc_free(mem);
	return ok;
}

/* ---- a step ---- */

/* Also sends what was started. */
static bool answers_take(struct courier *courier, struct err *e)
{
	struct judgement judgement;
	struct item *item;

	courier->moved = false;
	while (way_landed(&item, &judgement, courier)) {
		courier->moved = true;
		if (!turn_landed(item->turn, item, &judgement, e))
			return false;
	}
	return true;
}

static bool turns_work(struct courier *courier, bool *busy, struct err *e)
{
	struct turn *turn, *next;

	for (turn = TAILQ_FIRST(&courier->turns); turn; turn = next) {
		next = TAILQ_NEXT(turn, link);
		if (!turn_work(turn, busy, e))
			return false;
	}
	return true;
}

static void orphan_add(struct courier *courier, char *holder)
{
	size_t n = talloc_array_length(courier->orphans);

	courier->orphans = talloc_realloc(courier, courier->orphans, char *, n + 1);
	courier->orphans[n] = talloc_steal(courier->orphans, holder);
}

/* The database is away: take up again from there what is written down. Also a claim that was on its
 * way may have gone through. */
static void turns_give_up(struct courier *courier)
{
	struct turn *turn;

	TAILQ_FOREACH(turn, &courier->turns, link)
	orphan_add(courier, turn->holder);
	orphan_add(courier, courier->holder);
	courier->holder = holder_self(courier);
	turns_drop(courier);
}

bool deliver_step(struct db *db, struct courier *courier, bool news, struct delivered *counts,
		  bool *busy, struct err *e)
{
	bool ok = true;
	int rounds = 0;

	courier->db = db;
	courier->counts = counts;
	if (news || clock_monotonic_ms() - courier->looked_ms >= LOOK_MS)
		ok = look(courier, e);
	ok = ok && answers_take(courier, e);
	do {
		*busy = false;
		ok = ok && turns_work(courier, busy, e) && answers_take(courier, e);
	} while (ok && courier->moved && ++rounds < ROUNDS_MOST);
	*busy = *busy || courier->moved;
	if (!ok)
		turns_give_up(courier);
	return ok;
}

int64_t deliver_wait(struct courier *courier, int fd, int64_t ms)
{
	int64_t began_ms = clock_monotonic_ms();
	struct turn *turn;

	if (courier->moved)
		return 0;
	if (courier->air_count > 0 && ms > WAIT_MS)
		ms = WAIT_MS;
	TAILQ_FOREACH(turn, &courier->turns, link)
	ms = replay_busy(turn) ? 0 : lanes_due_in(turn, ms);
	way_wait(courier, fd, (int)ms);
	return clock_monotonic_ms() - began_ms;
}

static void give_back_all(struct courier *courier)
{
	struct turn *turn;

	TAILQ_FOREACH(turn, &courier->turns, link)
	if (turn->ending == GOING)
		turn->ending = GIVE_BACK;
}

bool deliver_due(struct db *db, struct courier *courier, struct delivered *counts, struct err *e)
{
	bool busy = true, ok = true;

	while (ok && busy && !(role_stopping() && courier->turn_count == 0)) {
		ok = deliver_step(db, courier, true, counts, &busy, e);
		if (ok && busy && courier->air_count > 0)
			deliver_wait(courier, -1, WAIT_MS);
	}
	give_back_all(courier);
	return ok && turns_work(courier, &busy, e);
}
