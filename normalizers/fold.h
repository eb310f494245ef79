/*
 * fold.h -- the inner loop of the general rule: separators out, upper case, every other character refused.
 *
 * One table says what becomes of a byte. fold_simple goes by it, character by character; fold_runs does the same to sixteen
 * at a time where the processor can (SSE2: every x86-64), and fold_quick without a branch on how the separators fall (BMI2;
 * else it is fold_runs). They must not differ in anything (tests/normalizers/fold_test.c).
 */
#ifndef NORMALIZERS_FOLD_H
#define NORMALIZERS_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FOLD_MOST 35                   /* bytes of a spelling that are taken here */
#define FOLD_ROOM (FOLD_MOST + 1 + 20) /* what is behind the NUL may be written over */

enum { FOLD_REFUSED = 0, FOLD_SEPARATOR = 1 }; /* else: the folded character itself */

extern const unsigned char fold_table[256];

/* What becomes of a byte. */
static inline unsigned char fold_byte(char c)
{
	return fold_table[(unsigned char)c];
}

struct folded {
	char *text; /* the caller's, FOLD_ROOM bytes */
	unsigned len;
	unsigned first; /* where text[0] stood; len of the spelling if there is none */
	uint64_t gaps;  /* bit i: a separator stood before text[i]; never bit 0 */
};

/* False if the spelling is longer than FOLD_MOST or a character is refused; then text and the rest hold nothing. */
bool fold_simple(struct folded *out, const char *text, size_t len);
bool fold_runs(struct folded *out, const char *text, size_t len);
bool fold_quick(struct folded *out, const char *text, size_t len);

#endif
