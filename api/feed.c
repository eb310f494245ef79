#include "api/feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/problem.h"
#include "api/token.h"
#include "base/clock.h"
#include "base/text.h"
#include "events/cloudevent.h"
#include "model/event.h"

#define MEMOS        16
#define WINDOWS_MOST 10 /* that one request looks through */

/* ---- pages ---- */

/* Positions are for ever, so a page that was read up to a position stays right. */
struct feed_memo {
	int next;
	struct memo {
		int64_t after, upto;
		int limit;
		enum feed_form form;
		char *types;
		struct feed_page page;
	} memo[MEMOS];
};

struct feed_memo *feed_memo_new(TALLOC_CTX *mem)
{
	return talloc_zero(mem, struct feed_memo);
}

void feed_memo_forget(struct feed_memo *memos)
{
	for (int i = 0; i < MEMOS; i++)
		TALLOC_FREE(memos->memo[i].types);
}

static const struct feed_page *memo_find(const struct feed_memo *memos, const struct memo *wanted)
{
	for (int i = 0; i < MEMOS; i++) {
		const struct memo *memo = &memos->memo[i];

		if (memo->types && memo->after == wanted->after && memo->upto == wanted->upto &&
		    memo->limit == wanted->limit && memo->form == wanted->form &&
		    !strcmp(memo->types, wanted->types))
			return &memo->page;
	}
	return NULL;
}

static void memo_keep(struct feed_memo *memos, const struct memo *read,
		      const struct feed_page *page)
{
	struct memo *memo = &memos->memo[memos->next];

	memos->next = (memos->next + 1) % MEMOS;
	talloc_free(memo->types);
	*memo = *read;
	memo->types = talloc_strdup(memos, read->types);
	memo->page = *page;
	memo->page.text = talloc_strdup(memo->types, page->text);
}

static char *stream_text(const struct rows *rows, const char *source, TALLOC_CTX *mem,
			 struct err *e)
{
	char *text = talloc_strdup(mem, "");

	for (int i = 0; i < rows_count(rows); i++) {
		struct outbox_event event = outbox_event(rows, i);
		char *data = cloudevent_text(&event, source, mem, e);

		if (!data)
			return NULL;
		text = talloc_asprintf_append_buffer(text,
						     "id: %" PRId64 "\nevent: %s\ndata: %s\n\n",
						     event.position, event.type, data);
		talloc_free(data);
	}
	return text;
}

static bool page_read(struct feed_page *page, struct api *api, const struct memo *wanted,
		      TALLOC_CTX *mem, struct err *e)
{
	char after[24], upto[24], limit[12];
	struct rows *rows = NULL;

	snprintf(after, sizeof after, "%" PRId64, wanted->after);
	snprintf(upto, sizeof upto, "%" PRId64, wanted->upto);
	snprintf(limit, sizeof limit, "%d", wanted->limit);
	if (!api_call(api, SQL_feed_events, &rows, mem, e, api->conf.broker, after, upto, limit,
		      wanted->types))
		return false;
	page->count = rows_count(rows);
	page->next = page->count == wanted->limit ? rows_int(rows, page->count - 1, "position")
						  : wanted->upto;
	page->text = wanted->form == FEED_BATCH
			     ? cloudevent_batch_text(rows, api->conf.source, mem, e)
			     : stream_text(rows, api->conf.source, mem, e);
	talloc_free(rows);
	return page->text != NULL;
}

bool feed_page(struct feed_page *page, struct api *api, int64_t after, int limit, const char *types,
	       enum feed_form form, TALLOC_CTX *mem, struct err *e)
{
	struct memo wanted = { .after = after, .limit = limit, .form = form };
	const struct feed_page *known;

	wanted.upto = api->head - after > FEED_WINDOW ? after + FEED_WINDOW : api->head;
	wanted.types = talloc_strdup(mem, types);
	known = memo_find(api->memo, &wanted);
	if (known) {
		*page = *known;
		page->text = talloc_strdup(mem, known->text);
		return true;
	}
	if (!page_read(page, api, &wanted, mem, e))
		return false;
	memo_keep(api->memo, &wanted, page);
	return true;
}

/* ---- what is asked ---- */

static bool types_allowed(struct request *request, const char *types)
{
	unsigned scopes = request->caller.scopes;
	char *words = talloc_strdup(request, types), *rest = NULL, *word;

	for (word = strtok_r(words, "{},", &rest); word; word = strtok_r(NULL, "{},", &rest)) {
		enum scope needed = event_audience(word) == AUDIENCE_CUSTOMER ? SCOPE_EVENTS
									      : SCOPE_EVENTS_BROKER;

		if (!(scopes & needed))
			return problem(request, PROBLEM_SCOPE,
				       "events of type %s need a token with the scope %s", word,
				       scope_name(needed));
	}
	return true;
}

bool feed_types(char **types, struct request *request)
{
	const char *given = request_argument(request, "types");
	struct err e = { 0 };

	if (!event_types_array(types, given ? given : "customer", request, &e))
		return problem(request, PROBLEM_ARGUMENT, "types: %s", e.text);
	return types_allowed(request, *types);
}

bool feed_cursor(struct request *request, int64_t after)
{
	const struct api *api = request->api;

	if (after > api->head)
		return problem_more(
			request, PROBLEM_CURSOR_AHEAD,
			json_pack("{s:I}", "head", (json_int_t)api->head),
			"position %" PRId64 " lies in the future: the last event is %" PRId64
			". If the database was restored from a backup, read again what you have",
			after, api->head);
	if (after + 1 < api->oldest)
		return problem_more(request, PROBLEM_CURSOR_GONE,
				    json_pack("{s:I, s:I}", "oldest", (json_int_t)api->oldest,
					      "head", (json_int_t)api->head),
				    "events after position %" PRId64
				    " are no longer kept: the oldest is %" PRId64
				    ". Ask with after=%" PRId64 " if you can do without them",
				    after, api->oldest, api->oldest - 1);
	return true;
}

/* ---- serving ---- */

struct asked {
	int64_t after; /* goes along past what is not wanted */
	int64_t limit;
	int64_t until_ms;
	char *types;
};

static struct asked *asked_of(struct request *request, int64_t after)
{
	struct asked *asked = talloc_zero(request, struct asked);
	int64_t wait_s;

	asked->after = after;
	if (!request_number(&asked->limit, request, "limit", 1, FEED_LIMIT_MOST, FEED_LIMIT) ||
	    !request_number(&wait_s, request, "wait", 0, FEED_WAIT_MOST, 0) ||
	    !feed_types(&asked->types, request))
		return NULL;
	asked->until_ms = clock_monotonic_ms() + wait_s * 1000;
	return asked;
}

static enum handled page_answer(struct request *request, const struct feed_page *page)
{
	reply_head_number(request, "Vorpost-Position", page->next);
	reply_head_number(request, "Vorpost-Head", request->api->head);
	reply_text(request, 200, CLOUDEVENT_BATCH_TYPE, page->text);
	return HANDLED;
}

enum handled feed_serve(struct request *request, int64_t after)
{
	struct api *api = request->api;
	struct asked *asked = request->state;
	struct feed_page page = { .text = "[]" };
	struct err e = { 0 };

	if (!asked && !(request->state = asked = asked_of(request, after)))
		return HANDLED;
	if (!feed_cursor(request, asked->after))
		return HANDLED;
	page.next = asked->after;
	for (int i = 0; !page.count && asked->after < api->head && i < WINDOWS_MOST; i++) {
		if (!feed_page(&page, api, asked->after, (int)asked->limit, asked->types,
			       FEED_BATCH, request, &e))
			return problem_of(request, &e), HANDLED;
		asked->after = page.next;
	}
	if (page.count || asked->after < api->head || api->stopping ||
	    clock_monotonic_ms() >= asked->until_ms)
		return page_answer(request, &page);
	request->wake_at_ms = asked->until_ms;
	return HANDLED_WAITS;
}

static bool after_read(int64_t *after, struct request *request)
{
	const char *given = request_argument(request, "after");

	*after = request->api->oldest - 1;
	if (!given || !strcmp(given, "start"))
		return true;
	*after = request->api->head;
	return !strcmp(given, "head") ||
	       request_number(after, request, "after", 0, INT64_MAX - 1, 0);
}

enum handled feed_events(struct request *request)
{
	struct err e = { 0 };
	int64_t after = 0;

	if (!request->state) { /* who waits is told of new events, and needs not look */
		if (!api_look(request->api, &e))
			return problem_of(request, &e), HANDLED;
		if (!after_read(&after, request))
			return HANDLED;
	}
	return feed_serve(request, after);
}
