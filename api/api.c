#include "api/api.h"

#include "api/budget.h"
#include "api/feed.h"
#include "api/hasher.h"
#include "api/throttle.h"
#include "base/clock.h"

#define AGAIN_MS 1000
#define IDLE_S   (12 * 3600)
#define MOST_S   (7 * 24 * 3600)

struct api *api_new(const struct api_conf *conf, TALLOC_CTX *mem)
{
	struct api *api = talloc_zero(mem, struct api);

	api->conf = *conf;
	api->throttle = throttle_new(conf->limits.wrong_tokens, api);
	api->budget = budget_new(&api->conf.limits, api);
	api->memo = feed_memo_new(api);
	api->hasher = hasher_new(api);
	if (!api->conf.web.idle_s)
		api->conf.web.idle_s = IDLE_S;
	if (!api->conf.web.most_s)
		api->conf.web.most_s = MOST_S;
	return api;
}

static void tell(struct api *api, const char *what, const struct err *why)
{
	if (api->conf.tell)
		api->conf.tell(api->conf.tell_arg, what, why);
}

/* Told once when it goes and once when it is back. */
static bool away(struct api *api, const struct err *why)
{
	if (!api->away)
		tell(api, "database away", why);
	api->away = true;
	api->again_ms = clock_monotonic_ms() + AGAIN_MS;
	return false;
}

void api_act(struct api *api, const char *broker)
{
	api->acting = broker;
}

/* Like a statement of the caller's: if the connection is lost at this, it is made again. */
static bool act_now(struct api *api, struct err *e)
{
	struct err why = { 0 };

	if (db_for(api->db, api->acting, &why))
		return true;
	err_set(e, why.kind, "%s", why.text);
	return why.kind == ERR_RETRY ? away(api, &why) : false;
}

static bool reach(struct api *api, struct err *e)
{
	struct err why = { 0 };

	if (api->db && !api->away)
		return true;
	if (api->away && clock_monotonic_ms() < api->again_ms)
		return err_set(e, ERR_RETRY, "the database is away");
	if (api->db ? !db_again(api->db, &why)
		    : !(api->db = db_open_as(api->conf.conninfo, WEB_ROLE, api, &why)))
		return err_set(e, why.kind, "%s", why.text), away(api, &why);
	if (api->away)
		tell(api, "database back", NULL);
	api->away = false;
	return true;
}

bool api_reach(struct api *api, struct err *e)
{
	if (!reach(api, e))
		return false;
	if (act_now(api, e))
		return true;
	api->again_ms = 0; /* it may have been the connection alone */
	return reach(api, NULL) && act_now(api, NULL) ? err_clear(e), true : false;
}

/* What is tried twice: one statement, or several as a transaction. */
typedef bool work_fn(struct db *db, void *arg, struct err *e);

static bool try_twice(struct api *api, work_fn *work, void *arg, struct err *e)
{
	for (int attempt = 0;; attempt++) {
		struct err why = { 0 };

		if (!api_reach(api, e))
			return false;
		if (work(api->db, arg, &why))
			return true;
		if (why.kind != ERR_RETRY)
			return err_set(e, why.kind, "%s", why.text);
		away(api, &why);
		if (attempt)
			return err_set(e, ERR_RETRY, "%s", why.text);
		api->again_ms = 0; /* it may have been the connection alone */
	}
}

struct statement {
	enum sql statement;
	int count;
	const char *const *values;
	struct rows **rows;
	TALLOC_CTX *mem;
};

static bool statement_run(struct db *db, void *arg, struct err *e)
{
	const struct statement *s = arg;

	return db_run(db, s->statement, s->count, s->values, s->rows, s->mem, e);
}

bool api_run(struct api *api, enum sql statement, int count, const char *const *values,
	     struct rows **rows, TALLOC_CTX *mem, struct err *e)
{
	struct statement s = { statement, count, values, rows, mem };

	return try_twice(api, statement_run, &s, e);
}

struct together {
	work_fn *work;
	void *arg;
};

static bool together_run(struct db *db, void *arg, struct err *e)
{
	const struct together *t = arg;

	if (!db_begin(db, e))
		return false;
	if (t->work(db, t->arg, e))
		return db_commit(db, e);
	db_rollback(db);
	return false;
}

bool api_together(struct api *api, work_fn *work, void *arg, struct err *e)
{
	struct together t = { work, arg };

	return try_twice(api, together_run, &t, e);
}

bool api_look(struct api *api, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(api);
	struct rows *rows = NULL;
	bool ok;

	api_act(api, api->conf.broker); /* also of the loop, when nobody asks */
	ok = api_call(api, SQL_feed_head, &rows, mem, e, api->conf.broker);

	if (ok) {
		if (rows_int(rows, 0, "head") < api->head)
			feed_memo_forget(api->memo); /* the database is another one: a backup */
		else if (rows_int(rows, 0, "head") > api->head)
			api->stirred = true; /* whoever looked: all who wait hear of it */
		api->head = rows_int(rows, 0, "head");
		api->oldest = rows_int(rows, 0, "oldest");
	}
	talloc_free(mem);
	return ok;
}
