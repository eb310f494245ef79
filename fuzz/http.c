/* http.c -- the head of an HTTP answer and the framing of its body: whole and in pieces it is the same body, or none. */
#include "fuzz/fuzz.h"
#include "ingest/saved_http.h"

static bool body_out(void *self, const void *bytes, size_t len, struct err *e)
{
	(void)e;
	fuzz_put(self, bytes, len);
	return true;
}

static bool body_feed(void *self, const void *bytes, size_t len, struct err *e)
{
	return saved_http_feed(self, bytes, len, e);
}

static bool body_read(struct fuzz_text *body, const struct http_head *head, const uint8_t *data,
		      size_t size, size_t step)
{
	struct err e = { 0 };
	struct saved_http *saved = saved_http_new(head, body_out, body, NULL);
	bool ok = fuzz_fed(body_feed, saved, data, size, step, &e) && saved_http_end(saved, &e);

	must(ok || e.kind == ERR_RETRY || e.kind == ERR_DELIVERY);
	talloc_free(saved);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_text whole = { 0 }, pieces = { 0 };
	struct http_head head;
	struct err e = { 0 };
	size_t head_len = 0;
	bool ok;

	if (!saved_http_head(&head, &head_len, (const char *)data, size, &e)) {
		must(e.kind != ERR_NONE);
		return 0;
	}
	must(head.complete && head_len <= size);
	must(head.retry_after_s >= 0 && head.retry_after_s <= HTTP_RETRY_AFTER_MOST_S);
	must(strnlen(head.content_type, sizeof head.content_type) < sizeof head.content_type);
	must(!(head.chunked && head.content_length >= 0));
	ok = body_read(&whole, &head, data + head_len, size - head_len, size);
	must(whole.len <= size - head_len);
	must(ok == body_read(&pieces, &head, data + head_len, size - head_len, fuzz_step(size)));
	must(!ok || fuzz_same(&whole, &pieces));
	must(!ok || head.chunked || head.content_length < 0 ||
	     (uint64_t)head.content_length == whole.len);
	free(whole.bytes);
	free(pieces.bytes);
	return 0;
}
