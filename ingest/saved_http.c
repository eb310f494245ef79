#include "ingest/saved_http.h"

#include <ctype.h>
#include <string.h>

#include "ingest/limits.h"
#include "ingest/refusal.h"

bool saved_http_starts(const void *bytes, size_t len)
{
	return len >= 7 && memcmp(bytes, "HTTP/1.", 7) == 0;
}

/* In a poll a head that breaks the rules is tried again; a recording stays as it is. */
static bool refused(struct err *e)
{
	if (e)
		e->kind = ERR_DELIVERY;
	return refusal_mark(e, REFUSAL_HTTP_HEAD);
}

bool saved_http_head(struct http_head *head, size_t *head_len, const char *bytes, size_t len,
		     struct err *e)
{
	size_t at = 0;

	http_head_init(head);
	while (!head->complete) {
		const char *line = bytes + at;
		const char *end = memchr(line, '\n', len - at);

		if (!end && len >= HTTP_HEAD_BYTES_MOST)
			return refusal_set(e, REFUSAL_HTTP_HEAD, "HTTP head has more than %d bytes",
					   HTTP_HEAD_BYTES_MOST);
		if (!end)
			return err_set(e, ERR_RETRY, "answer ends in the middle of its HTTP head");
		at += (size_t)(end - line) + 1;
		if (!http_head_line(head, line, (size_t)(end - line) + 1, 0, e))
			return refused(e);
	}
	*head_len = at;
	return true;
}

/* --- body --- */

enum chunk_state { CHUNK_SIZE, CHUNK_DATA, CHUNK_END, CHUNK_TRAILER, CHUNKS_DONE };

struct saved_http {
	saved_http_out *out;
	void *self;
	bool chunked, has_length;
	uint64_t left; /* of the body or of the chunk */
	enum chunk_state state;
	char line[HTTP_CHUNK_LINE_MOST + 1];
	size_t line_len;
};

struct saved_http *saved_http_new(const struct http_head *head, saved_http_out *out, void *self,
				  TALLOC_CTX *mem)
{
	struct saved_http *body = talloc_zero(mem, struct saved_http);

	body->out = out;
	body->self = self;
	body->chunked = head->chunked;
	body->has_length = head->content_length >= 0;
	body->left = body->has_length ? (uint64_t)head->content_length : 0;
	return body;
}

static bool broken_chunks(struct err *e)
{
	return refusal_set(e, REFUSAL_HTTP_CHUNK, "HTTP body has a broken chunk");
}

/* "1a2b" or "1a2b;extension". */
static bool chunk_size(struct saved_http *body, struct err *e)
{
	uint64_t size = 0;
	size_t i;

	for (i = 0; i < body->line_len && isxdigit((unsigned char)body->line[i]); i++) {
		char c = (char)tolower((unsigned char)body->line[i]);

		size = size << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	if (i == 0 || i > HTTP_LENGTH_DIGITS_MOST || (i < body->line_len && body->line[i] != ';'))
		return broken_chunks(e);
	body->left = size;
	body->state = size ? CHUNK_DATA : CHUNK_TRAILER;
	return true;
}

static bool chunk_line(struct saved_http *body, struct err *e)
{
	if (body->line_len == 0 || body->line[body->line_len - 1] != '\r')
		return broken_chunks(e);
	body->line[--body->line_len] = '\0';
	if (body->state == CHUNK_SIZE)
		return chunk_size(body, e);
	if (body->state == CHUNK_END) {
		body->state = CHUNK_SIZE;
		return body->line_len == 0 || broken_chunks(e);
	}
	if (body->line_len == 0)
		body->state = CHUNKS_DONE;
	return true;
}

static bool chunk_char(struct saved_http *body, char c, struct err *e)
{
	bool ok;

	if (body->state == CHUNKS_DONE)
		return refusal_set(e, REFUSAL_HTTP_BEHIND,
				   "HTTP body goes on behind its last chunk");
	if (c != '\n') {
		if (body->line_len == HTTP_CHUNK_LINE_MOST)
			return broken_chunks(e);
		body->line[body->line_len++] = c;
		return true;
	}
	ok = chunk_line(body, e);
	body->line_len = 0;
	return ok;
}

static bool feed_chunks(struct saved_http *body, const char *p, size_t len, struct err *e)
{
	while (len) {
		size_t n = 1;

		if (body->state == CHUNK_DATA) {
			n = len < body->left ? len : (size_t)body->left;
			if (!body->out(body->self, p, n, e))
				return false;
			body->left -= n;
			if (body->left == 0)
				body->state = CHUNK_END;
		} else if (!chunk_char(body, *p, e)) {
			return false;
		}
		p += n;
		len -= n;
	}
	return true;
}

bool saved_http_feed(struct saved_http *body, const char *bytes, size_t len, struct err *e)
{
	if (body->chunked)
		return feed_chunks(body, bytes, len, e);
	if (body->has_length) {
		if (len > body->left)
			return refusal_set(e, REFUSAL_HTTP_BEHIND,
					   "HTTP body is longer than its Content-Length");
		body->left -= len;
	}
	return len == 0 || body->out(body->self, bytes, len, e);
}

bool saved_http_end(const struct saved_http *body, struct err *e)
{
	if (body->chunked && body->state != CHUNKS_DONE)
		return err_set(e, ERR_RETRY, "HTTP body ends before its last chunk");
	if (!body->chunked && body->has_length && body->left)
		return err_set(e, ERR_RETRY, "HTTP body ends %llu bytes before its Content-Length",
			       (unsigned long long)body->left);
	return true;
}
