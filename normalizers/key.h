/*
 * key.h -- from a number as somebody wrote it to the keys it may be filed under.
 *
 * The general rule: NFKC, label words off, separators out, upper case, every letter, digit and zero kept. Pictures of
 * the insurer add the full system form (optional parts, left-out constant prefixes, padding) where exactly
 * one reading remains. Keys are compared within one issuer only.
 */
#ifndef NORMALIZERS_KEY_H
#define NORMALIZERS_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/err.h"
#include "normalizers/insurer.h"

#define KEY_MOST 35 /* significant characters; longer numbers are refused, never cut */

enum key_state {
	KEY_EMPTY,     /* nothing left after cleaning */
	KEY_PLAIN,     /* no picture applies: general rule */
	KEY_PICTURED,  /* a picture accepts it */
	KEY_AMBIGUOUS, /* pictures give more than one reading: only the plain key counts */
	KEY_MALFORMED, /* cannot be a number of this issuer (too long, forbidden characters, ...) */
};

struct key {
	enum key_state state;
	char *plain;     /* the general rule's form, "" if empty */
	char *canonical; /* the picture's system form; NULL unless KEY_PICTURED; may equal plain */
	const char *picture; /* the drawing that accepted it, NULL if none */
	char **steps;    /* every step in a sentence, for `number explain` */
	size_t step_count;
	char *why_not;   /* KEY_MALFORMED: the sentence */
};

/* issuer may be NULL (unknown insurer): general rule. line: three-digit Sparte or NULL; pictures of other
 * lines are passed over if it is given. Never fails on input; only out of memory aborts. */
struct key *key_make(const struct insurer *issuer, const char *line, const char *spelling, TALLOC_CTX *mem);

enum comparison { COMPARE_SAME, COMPARE_DIFFERENT, COMPARE_REVIEW };

/* Do both spellings name the same contract of these issuers? why becomes a sentence, child of mem. */
enum comparison key_compare(const struct insurers *all, const char *left_vu, const char *left,
			    const char *right_vu, const char *right, char **why, TALLOC_CTX *mem);

#endif
