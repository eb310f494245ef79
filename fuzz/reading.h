/*
 * reading.h -- an answer through the whole reader, whole and in pieces: both ways the same facts, or both ways refused by the same
 * route. Which of the refusals of broken XML it is depends on how far libxml2 had looked, and is not compared.
 */
#ifndef FUZZ_READING_H
#define FUZZ_READING_H

#include "tests/hostile/plain_check.h"

#include "fuzz/fuzz.h"
#include "ingest/refusal.h"
#include "tests/ingest/read_helpers.h"

struct fuzz_reading {
	bool ok;
	struct err e;
	char *facts;
};

static inline bool fuzz_read_feed(void *self, const void *bytes, size_t len, struct err *e)
{
	return reader_feed(self, bytes, len, e);
}

static inline struct fuzz_reading fuzz_read_by(const char *type, const uint8_t *data, size_t size,
					       size_t step, TALLOC_CTX *mem)
{
	const struct reader_limits limits = { 1u << 30, 10000 };
	struct document_sink *sink = kept_sink(mem);
	struct reader *reader = reader_new(type, NULL, &limits, sink, mem);
	struct kept *kept = sink->self;
	struct fuzz_reading r = { 0 };
	struct read_result read = { 0 };

	r.ok = fuzz_fed(fuzz_read_feed, reader, data, size, step, &r.e) &&
	       reader_end(reader, &read.answer, &r.e);
	must(r.ok || r.e.kind != ERR_NONE);
	must(!r.ok || !kept->open);
	read.ok = r.ok;
	read.e = r.e;
	r.facts = facts_text(&read, mem);
	must(text_valid_utf8(r.facts, strlen(r.facts)));
	return r;
}

static inline void fuzz_read(const char *type, const uint8_t *data, size_t size)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct fuzz_reading whole = fuzz_read_by(type, data, size, size ? size : 1, mem);
	struct fuzz_reading pieces = fuzz_read_by(type, data, size, fuzz_step(size), mem);

	must(whole.ok == pieces.ok);
	must(strcmp(whole.facts, pieces.facts) == 0);
	talloc_free(mem);
}

#endif
