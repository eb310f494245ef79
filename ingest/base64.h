/*
 * base64.h -- strict streaming base64 (RFC 4648, the lexical form of xs:base64Binary).
 *
 * White space (blank, tab, CR, LF) may stand anywhere. Everything else outside the alphabet, missing or surplus
 * padding, data behind the padding and non-zero bits under it are refused, with the byte where it happened.
 */
#ifndef INGEST_BASE64_H
#define INGEST_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* All zero is the start. */
struct base64 {
	uint32_t bits;   /* of the unfinished group */
	unsigned held;   /* characters in it, 0..3 */
	unsigned pads;   /* '=' seen, 0..2 */
	uint64_t offset; /* characters fed, for the error */
};

/* Room that base64_decode needs for len characters. */
#define BASE64_ROOM(len) ((len) / 4 * 3 + 3)

/* Decode the next characters to out; *out_len says how many bytes came out. Fails ERR_DELIVERY. */
bool base64_decode(uint8_t *out, size_t *out_len, struct base64 *state, const char *in, size_t len,
		   struct err *e);

/* Was that a complete text? Fails ERR_DELIVERY. */
bool base64_end(const struct base64 *state, struct err *e);

/*
 * The inner loops, here for the test that holds them against each other: decode whole groups of four from the
 * start of `in` as long as nothing but the alphabet stands there; return the characters consumed (a multiple of
 * four). The AVX2 loop consumes a multiple of 32 and may write up to 32 bytes where it consumed 32 characters.
 */
size_t base64_groups_plain(uint8_t *out, const char *in, size_t len);
size_t base64_groups_avx2(uint8_t *out, const char *in, size_t len);
bool base64_has_avx2(void);

#endif
