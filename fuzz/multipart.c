/*
 * multipart.c -- a body of several parts. The first line is its Content-Type; without a boundary in it the body tells it. The
 * bytes of a part are those of the body at the place that is named, in whatever pieces they come.
 */
#include <talloc.h>

#include "fuzz/fuzz.h"
#include "ingest/mime.h"
#include "ingest/multipart.h"

struct split {
	struct fuzz_text log;
	const uint8_t *body;
	size_t size;
	bool open;
};

static bool part_begin(void *self, const struct part_head *head, struct err *e)
{
	struct split *split = self;

	(void)e;
	must(!split->open);
	split->open = true;
	fuzz_put_text(&split->log, head->content_id);
	fuzz_put_text(&split->log, head->content_type);
	fuzz_put_text(&split->log, head->transfer_encoding);
	return true;
}

static bool part_bytes(void *self, const void *bytes, size_t len, uint64_t offset, struct err *e)
{
	struct split *split = self;

	(void)e;
	must(split->open && offset <= split->size && len <= split->size - offset);
	must(memcmp(bytes, split->body + offset, len) == 0);
	fuzz_put(&split->log, bytes, len);
	return true;
}

static bool part_end(void *self, struct err *e)
{
	struct split *split = self;

	(void)e;
	must(split->open);
	split->open = false;
	fuzz_put_text(&split->log, "end");
	return true;
}

static bool body_feed(void *self, const void *bytes, size_t len, struct err *e)
{
	return multipart_feed(self, bytes, len, e);
}

static bool body_split(struct split *split, const char *boundary, size_t step, struct err *e)
{
	const struct part_receiver receiver = { split, part_begin, part_bytes, part_end };
	struct multipart *multipart = multipart_new(boundary, &receiver, NULL);
	bool ok = fuzz_fed(body_feed, multipart, split->body, split->size, step, e) &&
		  multipart_end(multipart, e);

	must(!ok || !split->open);
	must(ok || e->kind == ERR_DELIVERY);
	talloc_free(multipart);
	return ok;
}

static void both_ways(const char *boundary, const uint8_t *body, size_t size)
{
	struct split whole = { .body = body, .size = size }, pieces = whole;
	struct err e[2] = { 0 };
	bool ok = body_split(&whole, boundary, size, &e[0]);

	must(ok == body_split(&pieces, boundary, fuzz_step(size), &e[1]));
	must(e[0].refusal == e[1].refusal);
	must(!ok || fuzz_same(&whole.log, &pieces.log));
	free(whole.log.bytes);
	free(pieces.log.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	TALLOC_CTX *mem = talloc_new(NULL);
	struct mime_type type;
	struct err e = { 0 };
	char *header;

	if (end) {
		header = talloc_strndup(mem, (const char *)data, (size_t)(end - data));
		if (mime_type_parse(&type, *header ? header : NULL, mem, &e)) {
			must(!type.boundary || mime_boundary_valid(type.boundary));
			both_ways(type.boundary, end + 1, size - (size_t)(end + 1 - data));
		}
	}
	talloc_free(mem);
	return 0;
}
