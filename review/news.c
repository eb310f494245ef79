#include "review/news.h"

#include <stdlib.h>
#include <string.h>

#include "api/caller.h"
#include "base/clock.h"
#include "base/uuid7.h"
#include "review/answer.h"
#include "review/review.h"

#define KEPT      256
#define COUNTS_MS 2000 /* no stream counts more often */
#define WHO_SIZE  80

struct item {
	int64_t no; /* 1, 2, 3 ...; its place is no % KEPT */
	char broker[WHO_SIZE], by[WHO_SIZE];
	const char *what;
	char document_id[UUID_TEXT_SIZE];
};

/* What one broker's queue counted a moment ago: many streams ask at the same time, and counting walks the whole queue. */
struct counted {
	struct counted *next;
	char *broker, *text;
	int64_t at_ms;
};

struct news {
	int64_t last;
	struct item items[KEPT];
	struct counted *counted;
};

struct stream {
	int64_t seen;      /* of the news */
	int64_t head;      /* of the feed, when it was counted last */
	int64_t counts_ms; /* when it may count again */
	int64_t beat_ms;
	bool counted, stale;
};

struct news *news_new(TALLOC_CTX *mem)
{
	return talloc_zero(mem, struct news);
}

void news_tell(struct request *request, const char *what, const char *document_id)
{
	const struct review *review = request->api->conf.review;
	struct news *news = review->news;
	struct item *item;

	if (!news)
		return;
	item = &news->items[++news->last % KEPT];
	*item = (struct item){ .no = news->last, .what = what };
	snprintf(item->broker, sizeof item->broker, "%s", request->caller.broker);
	snprintf(item->by, sizeof item->by, "%s", request->caller.by);
	snprintf(item->document_id, sizeof item->document_id, "%s", document_id);
	request->api->stirred = true;
}

static const char *event_text(const char *name, json_t *data, TALLOC_CTX *mem)
{
	char *dumped = json_dumps(data, JSON_COMPACT);
	const char *text = talloc_asprintf(mem, "event: %s\ndata: %s\n\n", name, dumped);

	free(dumped);
	json_decref(data);
	return text;
}

/* The next piece of news for this broker; NULL: none. */
static const char *news_next(const struct news *news, struct stream *stream, const char *broker,
			     TALLOC_CTX *mem)
{
	if (news->last - stream->seen > KEPT) {
		stream->seen = news->last;
		stream->stale = true;
	}
	while (stream->seen < news->last) {
		const struct item *item = &news->items[++stream->seen % KEPT];

		if (strcmp(item->broker, broker) != 0)
			continue;
		if (!strcmp(item->what, "decided"))
			stream->stale = true;
		return event_text(
			item->what,
			json_pack("{s:s, s:s}", "document_id", item->document_id, "by", item->by),
			mem);
	}
	return NULL;
}

static struct counted *counted_of(struct news *news, const char *broker)
{
	struct counted *c = news->counted;

	while (c && strcmp(c->broker, broker) != 0)
		c = c->next;
	if (!c) {
		c = talloc_zero(news, struct counted);
		c->broker = talloc_strdup(c, broker);
		c->next = news->counted;
		news->counted = c;
	}
	return c;
}

/* Of the whole queue; what is the caller's own is not told here. NULL: the database is away. */
static const char *counts_text(struct request *request, TALLOC_CTX *mem)
{
	const struct review *review = request->api->conf.review;
	struct counted *counted = counted_of(review->news, request->caller.broker);
	int64_t now = clock_monotonic_ms();
	struct rows *rows;
	json_t *counts;

	if (counted->text && now - counted->at_ms < COUNTS_MS / 2)
		return talloc_strdup(mem, counted->text);
	if (!api_call(request->api, SQL_queue_counts, &rows, mem, NULL, request->caller.broker,
		      NULL, NULL, NULL, NULL, NULL))
		return NULL;
	counts = queue_counts_json(rows, request);
	json_object_del(counts, "mine");
	talloc_free(counted->text);
	counted->text = (char *)event_text("counts", counts, counted);
	counted->at_ms = now;
	return talloc_strdup(mem, counted->text);
}

static enum stream_next counts_or_wait(const char **text, struct request *request,
				       struct stream *stream, TALLOC_CTX *mem)
{
	int64_t now = clock_monotonic_ms();
	bool due = !stream->counted || stream->stale || stream->head != request->api->head;

	if (due && now >= stream->counts_ms) {
		stream->head = request->api->head;
		stream->counts_ms = now + COUNTS_MS;
		stream->counted = true;
		stream->stale = false;
		if ((*text = counts_text(request, mem)))
			return STREAM_TEXT;
	}
	if (now >= stream->beat_ms) {
		if (!caller_stands(request))
			return STREAM_END;
		stream->beat_ms = now + request->api->conf.limits.heartbeat_ms;
		*text = ": heartbeat\n\n";
		return STREAM_TEXT;
	}
	request->wake_at_ms =
		due && stream->counts_ms < stream->beat_ms ? stream->counts_ms : stream->beat_ms;
	return STREAM_WAIT;
}

static enum stream_next stream_next(const char **text, struct request *request, TALLOC_CTX *mem)
{
	const struct review *review = request->api->conf.review;
	struct stream *stream = request->state;

	if (request->api->stopping)
		return STREAM_END;
	*text = news_next(review->news, stream, request->caller.broker, mem);
	return *text ? STREAM_TEXT : counts_or_wait(text, request, stream, mem);
}

static enum handled stream_open(struct request *request)
{
	const struct review *review = request->api->conf.review;
	struct stream *stream = talloc_zero(request, struct stream);

	stream->seen = review->news->last;
	stream->beat_ms = clock_monotonic_ms() + request->api->conf.limits.heartbeat_ms;
	request->state = stream;
	request->reply.status = 200;
	request->reply.content_type = "text/event-stream";
	request->reply.stream = stream_next;
	return HANDLED;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/queue/stream", SCOPE_DOCUMENTS, "", 0, stream_open },
};

const struct route_table route_news = { routes, sizeof routes / sizeof *routes };
