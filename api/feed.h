/*
 * feed.h -- GET /api/v1/events: what happened after a position, as a batch of CloudEvents.
 *
 *	after   a position; `start` (default): what is kept from the oldest on; `head`: what comes
 *	limit   1 to 1000, default 100
 *	types   names and the groups customer, broker, all; default customer
 *	wait    0 to 60 seconds: if there is nothing, wait so long for something
 *
 * Headers of the answer: Vorpost-Position, what to ask `after` with next (it also passes events of
 * other types), and Vorpost-Head, the last position there is. While the two differ there is more.
 */
#ifndef API_FEED_H
#define API_FEED_H

#include "api/route.h"

#define FEED_LIMIT_MOST 1000
#define FEED_LIMIT      100
#define FEED_WAIT_MOST  60    /* seconds */
#define FEED_WINDOW     10000 /* positions that one statement looks through */

/* How a page is written: a JSON array, or events of a stream (api/stream.h). */
enum feed_form { FEED_BATCH, FEED_STREAM };

struct feed_page {
	int64_t next; /* the cursor after it */
	int count;
	const char *text;
};

/*
 * feed_page -- the next events after a position that is not beyond api->head; looks through
 * FEED_WINDOW positions at most, so it may be empty before the head.
 *   text   child of mem; pages that several ask for at the same time are read once
 *   fails  as api_run
 */
bool feed_page(struct feed_page *page, struct api *api, int64_t after, int limit, const char *types,
	       enum feed_form form, TALLOC_CTX *mem, struct err *e);

struct feed_memo *feed_memo_new(TALLOC_CTX *mem);

/* Positions mean other events now. */
void feed_memo_forget(struct feed_memo *memo);

/* The query's types, or the default, as text[]; refuses 400 what is none and 403 what the token's
 * scopes do not cover. */
bool feed_types(char **types, struct request *request);

/* Can the feed be read from here on? api->head and oldest must be fresh. Refuses 409 and 410. */
bool feed_cursor(struct request *request, int64_t after);

/* What is read after `after`, waiting if the query says so: for the feed and for consumers. */
enum handled feed_serve(struct request *request, int64_t after);

/* The handler. */
enum handled feed_events(struct request *request);

#endif
