#include "events/deliver.h"

#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/holder.h"
#include "base/role.h"
#include "events/cloudevent.h"
#include "events/signature.h"

#define WINDOW  "100" /* events read at once */
#define LEASE_S 45    /* more than one attempt and its mark can take */

#define RETRY_AFTER_LEAST 5
#define RETRY_AFTER_MOST  86400

static const int64_t schedule_s[] = { 5,         5 * 60,    30 * 60,   2 * 3600, 5 * 3600,
				      10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600 };

struct courier {
	struct courier_conf conf;
	struct sink *sink;
	char *holder;
	char *lease_s;
	bool swept;
};

/* One endpoint's turn. */
struct turn {
	struct db *db;
	struct courier *courier;
	struct delivered *counts;
	struct endpoint endpoint;
	const char *types;
	struct secrets *secrets;
	int failures;
	int64_t position;     /* answered 2xx or unwanted up to here */
	int64_t marked;       /* the same, in the database */
	int64_t sent, passed; /* since the last mark */
	int64_t began_ms, marked_ms;
	bool over;
};

struct courier *courier_new(const struct courier_conf *conf, TALLOC_CTX *mem)
{
	struct courier *courier = talloc_zero(mem, struct courier);
	long total_ms = conf->total_ms ? conf->total_ms : SINK_TOTAL_MS;

	courier->conf = *conf;
	courier->sink = sink_new(conf->connect_ms, conf->total_ms, courier);
	courier->holder = holder_self(courier);
	courier->lease_s = talloc_asprintf(courier, "%ld", LEASE_S + total_ms / 1000);
	return courier;
}

int64_t deliver_wait_s(int failures, int64_t retry_after_s, int chance)
{
	int last = (int)(sizeof schedule_s / sizeof *schedule_s) - 1;
	int64_t wait = schedule_s[failures - 1 < last ? failures - 1 : last];

	if (retry_after_s > 0) {
		wait = retry_after_s < RETRY_AFTER_LEAST ? RETRY_AFTER_LEAST : retry_after_s;
		if (wait > RETRY_AFTER_MOST)
			return RETRY_AFTER_MOST;
	}
	return wait + wait * chance / 10000;
}

static int any_chance(void)
{
	unsigned chance = 0;

	if (getrandom(&chance, sizeof chance, GRND_NONBLOCK) < 0)
		return 0;
	return (int)(chance % 1000);
}

/* ---- one event ---- */

static bool event_post(struct answer *answer, struct sink *sink, const struct endpoint *endpoint,
		       const struct secrets *secrets, const char *id, const char *body,
		       struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	int64_t now_s = clock_wall_ms() / 1000;
	size_t len = strlen(body);
	struct post post = {
		.url = endpoint->url,
		.ca_file = endpoint->ca_file,
		.content_type = CLOUDEVENT_MEDIA_TYPE "; charset=utf-8",
		.id = id,
		.timestamp_s = now_s,
		.signature = signature_of(secrets, id, now_s, body, len, mem),
		.body = body,
		.len = len,
	};
	bool ok = sink_post(answer, sink, &post, e);

	talloc_free(mem);
	return ok;
}

bool deliver_one(struct answer *answer, struct sink *sink, const struct endpoint *endpoint,
		 const char *id, const char *body, struct err *e)
{
	struct secrets *secrets = secrets_read(endpoint->secret_file, NULL, e);
	bool ok = secrets && event_post(answer, sink, endpoint, secrets, id, body, e);

	talloc_free(secrets);
	return ok;
}

/* ---- marks ---- */

static bool position_mark(struct turn *turn, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct rows *rows = NULL;
	bool ok = db_call(turn->db, SQL_endpoint_mark, &rows, mem, e, turn->courier->conf.broker,
			  turn->endpoint.name, turn->courier->holder,
			  talloc_asprintf(mem, "%lld", (long long)turn->position),
			  talloc_asprintf(mem, "%lld", (long long)turn->sent),
			  turn->courier->lease_s);

	if (ok && rows_count(rows) == 0) {
		turn->counts->lost++;
		turn->over = true;
	} else if (ok) {
		turn->counts->sent += turn->sent;
		turn->counts->passed += turn->passed;
		turn->marked = turn->position;
		CRASH_POINT("webhook.marked");
	}
	turn->sent = turn->passed = 0;
	turn->marked_ms = clock_monotonic_ms();
	talloc_free(mem);
	return ok;
}

static bool mark_if_moved(struct turn *turn, struct err *e)
{
	return turn->position == turn->marked || turn->over || position_mark(turn, e);
}

static bool mark_if_due(struct turn *turn, struct err *e)
{
	if (turn->sent + turn->passed < DELIVER_MARK_EVENTS &&
	    clock_monotonic_ms() - turn->marked_ms < DELIVER_MARK_MS)
		return true;
	return mark_if_moved(turn, e);
}

/* ---- failures ---- */

static const char *status_sentence(int status)
{
	if (status == 410)
		return " (gone: disabled)";
	if (status >= 300 && status < 400)
		return " (redirects are not followed)";
	return "";
}

/* Writes down why and when again. Not before the mark of what went well; then the lease is given
 * back. */
static bool turn_failed(struct turn *turn, const struct answer *answer, const char *why,
			struct err *e)
{
	TALLOC_CTX *mem;
	struct rows *rows = NULL;
	bool gone = answer->status == 410;
	int64_t wait;
	bool ok;

	if (!mark_if_moved(turn, e))
		return false;
	if (turn->over)
		return true;
	turn->over = true;
	mem = talloc_new(NULL);
	wait = deliver_wait_s(++turn->failures, answer->retry_after_s, any_chance());
	ok = db_call(turn->db, SQL_endpoint_failed, &rows, mem, e, turn->courier->conf.broker,
		     turn->endpoint.name, turn->courier->holder, why,
		     talloc_asprintf(mem, "%lld", (long long)wait), gone ? "true" : "false");
	if (ok && rows_count(rows) == 0)
		turn->counts->lost++;
	turn->counts->failed++;
	turn->counts->disabled += gone;
	talloc_free(mem);
	return ok;
}

static bool answer_judge(struct turn *turn, const struct answer *answer, int64_t position,
			 struct err *e)
{
	char why[96];

	if (answer->status >= 200 && answer->status < 300) {
		turn->position = position;
		turn->sent++;
		turn->failures = 0;
		return mark_if_due(turn, e);
	}
	snprintf(why, sizeof why, "HTTP %d%s", answer->status, status_sentence(answer->status));
	return turn_failed(turn, answer, why, e);
}

/* ---- a turn ---- */

/* An event that cannot be drawn is our own mistake; it is not skipped either, but shown at the endpoint. */
static bool event_send(struct turn *turn, const struct outbox_event *event, TALLOC_CTX *mem,
		       struct err *e)
{
	struct err trouble = { 0 };
	struct answer answer = { 0 };
	char *body = cloudevent_text(event, turn->courier->conf.source, mem, &trouble);
	bool answered;

	if (!body)
		return turn_failed(turn, &answer, trouble.text, e);
	CRASH_POINT("webhook.picked");
	answered = event_post(&answer, turn->courier->sink, &turn->endpoint, turn->secrets,
			      event->id, body, &trouble);
	CRASH_POINT("webhook.answered");
	if (answered)
		return answer_judge(turn, &answer, event->position, e);
	answer.status = 0; /* of a broken answer nothing counts */
	return turn_failed(turn, &answer, trouble.text, e);
}

static bool turn_ends(const struct turn *turn)
{
	return turn->over || role_stopping() ||
	       clock_monotonic_ms() - turn->began_ms > DELIVER_TURN_MS;
}

/* Read the next events and send them; *more says whether there may be others behind. */
static bool window_send(bool *more, struct turn *turn, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct rows *rows = NULL;
	bool ok = db_call(
		turn->db, SQL_event_for_endpoint, &rows, mem, e, turn->courier->conf.broker,
		talloc_asprintf(mem, "%lld", (long long)turn->position), WINDOW, turn->types);

	*more = ok && rows_count(rows) > 0;
	for (int i = 0; ok && i < rows_count(rows) && !turn_ends(turn); i++) {
		struct outbox_event event = outbox_event(rows, i);

		if (rows_bool(rows, i, "wanted")) {
			ok = event_send(turn, &event, mem, e);
		} else {
			turn->position = event.position;
			turn->passed++;
			ok = mark_if_due(turn, e);
		}
	}
	talloc_free(mem);
	return ok;
}

static bool turn_take(struct turn *turn, TALLOC_CTX *mem, struct err *e)
{
	struct answer none = { 0 };
	struct err trouble = { 0 };
	bool more = true;

	turn->secrets = secrets_read(turn->endpoint.secret_file, mem, &trouble);
	if (!turn->secrets)
		return turn_failed(turn, &none, trouble.text, e);
	while (more && !turn_ends(turn))
		if (!window_send(&more, turn, e))
			return false;
	if (!mark_if_moved(turn, e))
		return false;
	return turn->over ||
	       db_call(turn->db, SQL_endpoint_release, NULL, mem, e, turn->courier->conf.broker,
		       turn->endpoint.name, turn->courier->holder);
}

static struct turn turn_begin(struct db *db, struct courier *courier, struct delivered *counts,
			      const struct rows *rows)
{
	int64_t position = rows_int(rows, 0, "position");
	int64_t now_ms = clock_monotonic_ms();

	return (struct turn){
		.db = db,
		.courier = courier,
		.counts = counts,
		.endpoint = { .name = rows_text(rows, 0, "endpoint"),
			      .url = rows_text(rows, 0, "url"),
			      .secret_file = rows_text(rows, 0, "secret_file"),
			      .ca_file = rows_text(rows, 0, "ca_file") },
		.types = rows_text(rows, 0, "types"),
		.failures = (int)rows_int(rows, 0, "failures"),
		.position = position,
		.marked = position,
		.began_ms = now_ms,
		.marked_ms = now_ms,
	};
}

/* ---- all endpoints ---- */

/* What a killed process of this machine left behind, once at the start. */
static bool leases_sweep(struct db *db, struct courier *courier, TALLOC_CTX *mem, struct err *e)
{
	const char *broker = courier->conf.broker;
	struct rows *rows = NULL;

	if (courier->swept)
		return true;
	if (!db_call(db, SQL_endpoint_owners, &rows, mem, e, broker))
		return false;
	for (int i = 0; i < rows_count(rows); i++) {
		const char *owner = rows_text(rows, i, "lease_owner");

		if (holder_dead(owner) &&
		    !db_call(db, SQL_endpoint_orphan, NULL, mem, e, broker, owner))
			return false;
	}
	courier->swept = true;
	return true;
}

bool deliver_due(struct db *db, struct courier *courier, struct delivered *counts, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct rows *rows = NULL;
	bool ok = leases_sweep(db, courier, mem, e);

	while (ok && !role_stopping()) {
		ok = db_call(db, SQL_endpoint_claim, &rows, mem, e, courier->conf.broker,
			     courier->holder, courier->lease_s);
		if (!ok || rows_count(rows) == 0)
			break;
		struct turn turn = turn_begin(db, courier, counts, rows);
		ok = turn_take(&turn, mem, e);
		talloc_free_children(mem);
	}
	talloc_free(mem);
	return ok;
}
