/*
 * api.h -- what all requests share: whose API it is, its limits, one database connection, and how far
 * the feed is.
 *
 * The server is one thread with one connection to the database (and one that listens). No request
 * holds it longer than a statement; who waits for events or reads slowly holds none at all.
 */
#ifndef API_API_H
#define API_API_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "store/db.h"

struct route_table;
struct site;

struct api_limits {
	int connections;
	int head_ms; /* from the connection, or the end of the answer before, to the whole head */
	int body_ms; /* from there to the whole body */
	int send_ms; /* a client that takes nothing of an answer for so long is gone */
	int heartbeat_ms; /* of streams */
	int poll_ms;      /* look for new events, if no hint came */
	int wrong_tokens; /* of one address in a row, before it is throttled */
	/* What one caller may ask (api/budget.h): so many at once, then one each so many ms; most 0: without a limit. */
	int asked_most, asked_each_ms;
	int heavy_most, heavy_each_ms; /* in units of WEIGHS */
};

#define API_LIMITS                                                                                 \
	(struct api_limits)                                                                        \
	{                                                                                          \
		.connections = 1000, .head_ms = 15000, .body_ms = 30000, .send_ms = 30000,         \
		.heartbeat_ms = 15000, .poll_ms = 1000, .wrong_tokens = 10, .asked_most = 10000,   \
		.asked_each_ms = 2, .heavy_most = 300, .heavy_each_ms = 50                         \
	}

/* The page and who may log in to it; 0 and NULL are the defaults. */
struct web_conf {
	const char *
		url; /* the page as browsers see it, "https://vorpost.example": what Origin must say, and if it is https,
			  * cookies are for https only; NULL: plain, on this machine */
	int idle_s;              /* a session is over after so long without use: 12 hours */
	int most_s;              /* and after so long in any case: 7 days */
	const struct site *site; /* the page's files (api/site.h); NULL: there is no page */
	const char *const *
		proxies; /* addresses, ends with NULL: what they say of their clients is believed; NULL: none */
	const char *
		login_header; /* in which a proxy names who it logged in (api/proxy.h); NULL: none does */
};

struct api_conf {
	const char *conninfo;
	const char *broker;
	const char *source; /* of the CloudEvents */
	struct api_limits limits;
	int socket; /* that was handed over, where server_open is told so; the caller keeps it */
	struct web_conf web;
	const struct route_table *const *tables; /* ends with NULL */
	const char *uploads; /* folder for bodies too large for memory; NULL: no route has any */
	void *review;        /* what the handlers of the room above stand on (review/review.h) */
	/* Something happened that the one who runs the server should log; why may be NULL. */
	void (*tell)(void *arg, const char *what, const struct err *why);
	void *tell_arg;
};

struct throttle;
struct budget;
struct feed_memo;
struct hasher;

struct api {
	struct api_conf conf;
	struct db *db;      /* as WEB_ROLE; NULL until it was reached once */
	const char *acting; /* the broker whose rows are seen: api_act; NULL: nobody's */
	bool away;          /* it did not answer: try again at again_ms */
	int64_t again_ms;
	int64_t head;   /* the last position that was seen */
	int64_t oldest; /* the first position that is kept; head + 1 if there is none */
	bool stopping;
	bool stirred; /* there is news for those who wait: wake them */
	struct throttle *throttle;
	struct budget *budget;
	struct feed_memo *memo;
	struct hasher *hasher;
};

/* conf's strings must live as long; child of mem. Nothing is connected yet. */
struct api *api_new(const struct api_conf *conf, TALLOC_CTX *mem);

/* From now on the rows of this broker are seen, and no others; NULL: nobody's. Set for each request anew, and whenever
 * one goes on. broker must live until then. */
void api_act(struct api *api, const char *broker);

/*
 * db_run that finds the database again: a lost connection is made anew and the statement run once
 * more, so it must bear to be run twice. While the database is away it fails at once with ERR_RETRY
 * and a new connection is tried once a second at most. Errors as db_run and db_open.
 */
bool api_run(struct api *api, enum sql statement, int count, const char *const *values,
	     struct rows **rows, TALLOC_CTX *mem, struct err *e);

#define api_call(api, statement, rows, mem, e, ...)                                                \
	api_run(api, statement,                                                                    \
		(int)(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)),              \
		(const char *const[]){ __VA_ARGS__ }, rows, mem, e)

/*
 * Several statements as one transaction: begin, work, commit. Run once more from the beginning if the
 * connection was lost, so work must bear that. Errors as api_run, and those of work, which roll back.
 */
bool api_together(struct api *api, bool (*work)(struct db *db, void *arg, struct err *e), void *arg,
		  struct err *e);

/* Is there a connection? Makes it anew if it was lost, once a second at most. For work that takes api->db itself; errors as
 * api_run. */
bool api_reach(struct api *api, struct err *e);

/* Ask the database how far the feed is: head and oldest. */
bool api_look(struct api *api, struct err *e);

#endif
