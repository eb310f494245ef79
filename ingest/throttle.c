#include "ingest/throttle.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/role.h"
#include "ingest/login.h"

#define LOGIN_S        180 /* who logs in and is not heard of for so long has died */
#define LOGIN_WAIT_MS  500
#define LOGIN_PATIENCE 240 /* times */
#define OPEN_JITTER_S  300 /* not everybody at the stroke of the hour */
#define PIECE_MS       10000

struct throttle {
	struct poller *poller;
	struct lease *lease;
	const struct connection *connection;
	const struct profile *profile;
	char *holder, *credential;
	struct gate gate;
	int64_t closes_ms; /* monotonic; 0: never */
	int64_t looked_ms;
	int calls;
	bool busy;
	bool shut; /* the account was refused before: nobody asked the insurer */
	bool refused_told;
};

static int64_t random_below(int64_t most)
{
	unsigned r = 0;

	if (most <= 0 || getrandom(&r, sizeof r, 0) != sizeof r)
		return 0;
	return r % most;
}

/* Long waits keep the lease. False: told to stop, or the lease is lost. */
static bool wait_ms(struct throttle *t, int64_t ms, struct err *e)
{
	while (ms > 0) {
		int piece = ms < PIECE_MS ? (int)ms : PIECE_MS;

		if (!role_sleep_ms(piece))
			return err_set(e, ERR_RETRY,
				       "stopped while waiting for the insurer's limit");
		if (!lease_keep(t->lease, t->poller->db, t->poller->broker, e))
			return false;
		ms -= piece;
	}
	return true;
}

/* ---- calls ---- */

static bool blocked(struct throttle *t, int64_t seconds, struct err *e)
{
	if (seconds == 0)
		return true;
	if (seconds <= THROTTLE_WAIT_S)
		return wait_ms(t, seconds * 1000, e);
	err_set(e, ERR_RETRY,
		"insurer %s asked all of us to wait: %" PRId64 " more seconds of his Retry-After",
		t->connection->issuer, seconds);
	e->retry_after_s = (int)seconds;
	return false;
}

/* How long to wait before the next call by the calls a minute; also looks at the block. */
static bool reserve(struct throttle *t, int64_t *ms, int64_t *blocked_s, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char spacing[32];
	const char *values[] = { t->connection->issuer, spacing };
	struct rows *rows;
	bool ok;

	snprintf(spacing, sizeof spacing, "%.6f", 60.0 / t->profile->calls_per_minute);
	ok = poller_sql(t->poller, SQL_throttle_call, 2, values, &rows, mem, e);
	*ms = ok && rows_count(rows) ? rows_int(rows, 0, "wait_ms") : 0;
	*blocked_s = ok && rows_count(rows) ? rows_int(rows, 0, "blocked_s") : 0;
	talloc_free(mem);
	return ok;
}

static bool look(struct throttle *t, int64_t *blocked_s, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct rows *rows;
	int64_t now = clock_monotonic_ms();
	bool ok;

	*blocked_s = 0;
	if (now - t->looked_ms < THROTTLE_LOOK_MS) {
		talloc_free(mem);
		return true;
	}
	t->looked_ms = now;
	ok = poller_sql(t->poller, SQL_throttle_look, 1,
			(const char *const[]){ t->connection->issuer }, &rows, mem, e);
	if (ok && rows_count(rows))
		*blocked_s = rows_int(rows, 0, "blocked_s");
	talloc_free(mem);
	return ok;
}

static bool gate_call(void *self, struct err *e)
{
	struct throttle *t = self;
	int64_t ms = 0, blocked_s;
	bool ok = t->profile->calls_per_minute ? reserve(t, &ms, &blocked_s, e)
					       : look(t, &blocked_s, e);

	t->calls++;
	return ok && blocked(t, blocked_s, e) && wait_ms(t, ms, e);
}

static void gate_busy(void *self, int retry_after_s)
{
	struct throttle *t = self;
	struct err ignored = { 0 };
	char seconds[24];

	t->busy = true;
	snprintf(seconds, sizeof seconds, "%d", retry_after_s);
	db_run(t->poller->db, SQL_throttle_busy, 2,
	       (const char *const[]){ t->connection->issuer, seconds }, NULL, NULL, &ignored);
}

/* ---- logins ---- */

static bool login_try_enter(struct throttle *t, bool *taken, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char seconds[24];
	const char *values[] = { t->credential,     t->holder,
				 t->poller->broker, t->connection->name,
				 seconds,           t->poller->anyway ? "true" : "false" };
	const char *refusal;
	struct rows *rows;
	bool ok;

	snprintf(seconds, sizeof seconds, "%d", LOGIN_S);
	ok = poller_sql(t->poller, SQL_credential_enter, 6, values, &rows, mem, e);
	*taken = ok && rows_bool(rows, 0, "taken");
	refusal = ok ? rows_text(rows, 0, "refusal") : NULL;
	if (refusal) {
		t->shut = true;
		ok = err_set(e, ERR_LOGIN,
			     "the account was refused before and is not tried again until somebody "
			     "resumes the connection: %s",
			     refusal);
	}
	talloc_free(mem);
	return ok;
}

static bool gate_login_enter(void *self, struct err *e)
{
	struct throttle *t = self;
	bool taken;

	for (int i = 0; i < LOGIN_PATIENCE; i++) {
		if (!login_try_enter(t, &taken, e))
			return false;
		if (taken)
			return true;
		if (!wait_ms(t, LOGIN_WAIT_MS, e))
			return false;
	}
	return err_set(e, ERR_RETRY,
		       "another connection with the same account logs in for too long");
}

static void gate_login_leave(void *self, const struct err *why)
{
	struct throttle *t = self;
	struct err ignored = { 0 };

	if (why && why->kind == ERR_LOGIN) {
		t->refused_told = db_run(t->poller->db, SQL_credential_refused, 2,
					 (const char *const[]){ t->credential, why->text }, NULL,
					 NULL, &ignored);
		return;
	}
	db_run(t->poller->db, SQL_credential_leave, 3,
	       (const char *const[]){ t->credential, t->holder, why ? "false" : "true" }, NULL,
	       NULL, &ignored);
}

/* ---- the round ---- */

static bool window_look(struct throttle *t, struct turned_away *away, TALLOC_CTX *mem,
			struct err *e)
{
	const struct profile *p = t->profile;
	struct rows *rows;
	int64_t opens_s;

	if (!p->window_count)
		return true;
	if (!poller_sql(t->poller, SQL_window_open, 3,
			(const char *const[]){ windows_json(p->windows, p->window_count, mem),
					       p->time_zone, NULL },
			&rows, mem, e))
		return false;
	opens_s = rows_int(rows, 0, "opens_s");
	if (opens_s == 0) {
		t->closes_ms = clock_monotonic_ms() + rows_int(rows, 0, "closes_s") * 1000;
		return true;
	}
	away->yes = true;
	away->due_s = opens_s + random_below(OPEN_JITTER_S);
	return err_set(e, ERR_RETRY,
		       "insurer %s is closed by his windows; he opens at %s, in %" PRId64
		       " seconds",
		       t->connection->issuer, rows_text(rows, 0, "opens_at"), opens_s);
}

static bool slot_take(struct throttle *t, struct turned_away *away, TALLOC_CTX *mem, struct err *e)
{
	const char *issuer = t->connection->issuer;
	char parallel[24], seconds[24];
	struct rows *rows;
	int64_t blocked_s;

	snprintf(parallel, sizeof parallel, "%d", t->profile->parallel);
	snprintf(seconds, sizeof seconds, "%d", LEASE_S);
	if (!poller_sql(t->poller, SQL_throttle_ensure, 2,
			(const char *const[]){ issuer, parallel }, NULL, NULL, e) ||
	    !poller_sql(t->poller, SQL_throttle_enter, 3,
			(const char *const[]){ issuer, t->holder, seconds }, &rows, mem, e))
		return false;
	if (rows_text(rows, 0, "slot"))
		return true;
	blocked_s = rows_int(rows, 0, "blocked_s");
	away->yes = true;
	away->due_s = blocked_s ? blocked_s + random_below(blocked_s / 10 + 2) : -1;
	if (blocked_s)
		return err_set(e, ERR_RETRY,
			       "insurer %s asked all of us to wait: %" PRId64
			       " more seconds of his Retry-After",
			       issuer, blocked_s);
	return err_set(e, ERR_RETRY, "insurer %s takes no more rounds at once just now", issuer);
}

struct throttle *throttle_enter(struct turned_away *away, struct poller *poller,
				struct lease *lease, const struct connection *connection,
				const struct profile *profile, TALLOC_CTX *mem, struct err *e)
{
	struct throttle *t = talloc_zero(mem, struct throttle);

	*away = (struct turned_away){ 0 };
	*t = (struct throttle){
		.poller = poller,
		.lease = lease,
		.connection = connection,
		.profile = profile,
		.gate = { t, gate_call, gate_busy, gate_login_enter, gate_login_leave },
	};
	t->holder = talloc_asprintf(t, "%s/%s#%" PRId64, poller->broker, connection->name,
				    lease->fence);
	t->credential = login_credential(connection, profile, t);
	if (window_look(t, away, t, e) && slot_take(t, away, t, e))
		return t;
	talloc_free(t);
	return NULL;
}

const struct gate *throttle_gate(struct throttle *t)
{
	return &t->gate;
}

bool throttle_closed(const struct throttle *t)
{
	return t->closes_ms && clock_monotonic_ms() >= t->closes_ms;
}

void throttle_leave(struct throttle *t, const struct err *why)
{
	struct err ignored = { 0 };
	char calls[24];

	if (why->kind == ERR_LOGIN && !t->shut && !t->refused_told)
		gate_login_leave(t, why);
	snprintf(calls, sizeof calls, "%d", why->kind == ERR_NONE && !t->busy ? t->calls : 0);
	db_run(t->poller->db, SQL_throttle_leave, 3,
	       (const char *const[]){ t->connection->issuer, calls, t->holder }, NULL, NULL,
	       &ignored);
}
