/*
 * fuzz.h -- what the fuzzers share. Each NAME.c gives bytes to the public face of one reader and says what must hold whatever
 * they are: not only that nothing breaks, but that an answer read whole and in pieces says the same, that bytes arrive as they
 * were sent, that what is verified is what was signed.
 *
 * ./run fuzz links them with libFuzzer (clang); the tests with replay.c, which goes through fuzz/corpus/NAME alone.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* libFuzzer's names; they return 0. The bytes are a copy of exactly that size, so that a byte read too far is seen. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What does not hold ends the process: libFuzzer keeps the input. */
#define must(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__,          \
				#condition);                                                       \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* How long the pieces are in which it is fed the second time: told by the input, often a single byte. */
static inline size_t fuzz_step(size_t size)
{
	return size % 3 ? 1 : 1 + size % 61;
}

/* Feed data in pieces of step bytes, each in memory of its own; ends with the first that is refused. */
typedef bool fuzz_feed(void *self, const void *bytes, size_t len, struct err *e);

static inline bool fuzz_fed(fuzz_feed *feed, void *self, const uint8_t *data, size_t size,
			    size_t step, struct err *e)
{
	bool ok = true;

	for (size_t at = 0; ok && at < size; at += step) {
		size_t len = size - at < step ? size - at : step;
		uint8_t *piece = malloc(len);

		memcpy(piece, data + at, len);
		ok = feed(self, piece, len, e);
		free(piece);
	}
	return ok;
}

/* A text that grows. */
struct fuzz_text {
	uint8_t *bytes;
	size_t len, room;
};

static inline void fuzz_put(struct fuzz_text *text, const void *bytes, size_t len)
{
	if (text->room - text->len < len) {
		text->room = 2 * (text->len + len);
		text->bytes = realloc(text->bytes, text->room);
	}
	if (len)
		memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
}

/* With its NUL, so that neighbours cannot run into each other. NULL is told from "". */
static inline void fuzz_put_text(struct fuzz_text *text, const char *value)
{
	fuzz_put(text, value ? "+" : "-", 1);
	fuzz_put(text, value ? value : "", value ? strlen(value) + 1 : 0);
}

static inline bool fuzz_same(const struct fuzz_text *a, const struct fuzz_text *b)
{
	return a->len == b->len && (!a->len || memcmp(a->bytes, b->bytes, a->len) == 0);
}

#endif
