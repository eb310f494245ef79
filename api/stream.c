#include "api/stream.h"

#include <inttypes.h>
#include <string.h>

#include "api/caller.h"
#include "api/feed.h"
#include "api/problem.h"
#include "base/clock.h"
#include "base/text.h"

#define STREAM_PAGE 100
#define WINDOWS     10 /* looked through in one go; then others have their turn */
#define RETRY_MS    2000

struct stream {
	int64_t after;
	int64_t beat_ms; /* when the next heartbeat is due */
	char *types;
	bool begun;
};

static enum stream_next heartbeat(const char **text, struct request *request, struct stream *stream,
				  TALLOC_CTX *mem)
{
	if (!caller_stands(request))
		return STREAM_END;
	stream->beat_ms = clock_monotonic_ms() + request->api->conf.limits.heartbeat_ms;
	*text = talloc_asprintf(mem, ": heartbeat\nid: %" PRId64 "\n\n", stream->after);
	return STREAM_TEXT;
}

/* Behind: nothing of these types yet, and more to look through. A database that is away is waited for in silence. */
static bool events_next(const char **text, bool *behind, struct request *request,
			struct stream *stream, TALLOC_CTX *mem)
{
	struct api *api = request->api;
	struct feed_page page = { 0 };

	*behind = false;

	for (int i = 0; stream->after < api->head && i < WINDOWS; i++) {
		if (!feed_page(&page, api, stream->after, STREAM_PAGE, stream->types, FEED_STREAM,
			       mem, NULL))
			return false;
		stream->after = page.next;
		*text = page.text;
		if (page.count)
			return true;
	}
	*behind = stream->after < api->head;
	return false;
}

static enum stream_next stream_next(const char **text, struct request *request, TALLOC_CTX *mem)
{
	struct api *api = request->api;
	struct stream *stream = request->state;
	bool behind;

	if (api->stopping || stream->after + 1 < api->oldest)
		return STREAM_END;
	if (!stream->begun) {
		stream->begun = true;
		*text = talloc_asprintf(mem, "retry: %d\n\n", RETRY_MS);
		return STREAM_TEXT;
	}
	if (events_next(text, &behind, request, stream, mem))
		return STREAM_TEXT;
	if (behind || clock_monotonic_ms() >= stream->beat_ms)
		return heartbeat(text, request, stream, mem);
	request->wake_at_ms = stream->beat_ms;
	return STREAM_WAIT;
}

/* Last-Event-ID is what the stream itself said last, and counts more than the query. */
static bool begin_at(int64_t *after, struct request *request)
{
	const char *last = request_header(request, "Last-Event-ID");
	const char *given = request_argument(request, "after");
	struct err e = { 0 };
	uint64_t number;

	if (last && *last) {
		if (!text_to_u64(&number, last, 0, INT64_MAX - 1, "Last-Event-ID", &e))
			return problem(request, PROBLEM_ARGUMENT, "%s", e.text);
		*after = (int64_t)number;
		return true;
	}
	*after = given && !strcmp(given, "start") ? request->api->oldest - 1 : request->api->head;
	return !given || !strcmp(given, "start") || !strcmp(given, "head") ||
	       request_number(after, request, "after", 0, INT64_MAX - 1, 0);
}

enum handled stream_events(struct request *request)
{
	struct stream *stream = talloc_zero(request, struct stream);
	struct err e = { 0 };

	if (!api_look(request->api, &e))
		return problem_of(request, &e), HANDLED;
	if (!begin_at(&stream->after, request) || !feed_types(&stream->types, request) ||
	    !feed_cursor(request, stream->after))
		return HANDLED;
	stream->beat_ms = clock_monotonic_ms() + request->api->conf.limits.heartbeat_ms;
	request->state = stream;
	request->reply.status = 200;
	request->reply.content_type = "text/event-stream";
	request->reply.stream = stream_next;
	return HANDLED;
}
