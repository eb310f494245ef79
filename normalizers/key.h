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
#include "normalizers/clean.h" /* KEY_MOST */
#include "normalizers/insurer.h"

enum key_state {
	KEY_EMPTY,     /* nothing left after cleaning */
	KEY_PLAIN,     /* no picture applies: general rule */
	KEY_PICTURED,  /* a picture accepts it */
	KEY_AMBIGUOUS, /* pictures give more than one reading: only the plain key counts */
	KEY_MALFORMED, /* cannot be a number of this issuer (too long, forbidden characters, ...) */
};

struct key {
	enum key_state state;
	char *plain;     /* the general rule's form, "" if empty or malformed */
	char *canonical; /* the picture's system form; NULL unless KEY_PICTURED; may equal plain */
	const char *picture; /* the drawing that accepted it, NULL if none */
	char **steps;        /* every step in a sentence, for `number explain` */
	size_t step_count;
	char *why_not; /* KEY_MALFORMED: the sentence */
};

/* issuer may be NULL (unknown insurer): general rule. line: three-digit Sparte or NULL; pictures of other
 * lines are passed over if it is given. Never fails on input; only out of memory aborts. */
struct key *key_make(const struct insurer *issuer, const char *line, const char *spelling,
		     TALLOC_CTX *mem);

/* May the key stand for a contract? Something with a digit other than zero, not refused: "000",
 * "folgt" and "unbekannt" are placeholders. */
bool key_usable(const struct key *key);

/* The same without memory of its own: what key_make and the comparison stand on. */
struct reading {
	enum key_state state;
	struct cleaned clean;
	char canonical[KEY_MOST + 1]; /* "" unless KEY_PICTURED */
	const struct picture
		*picture;    /* who accepted it, or who says that it is no policy number */
	const char *why_not; /* KEY_MALFORMED: a constant sentence */
};

void key_read(struct reading *reading, const struct insurer *issuer, const char *line,
	      const char *spelling, size_t len);

/* The second half of key_read: what the pictures say of reading->clean. */
void key_judge(struct reading *reading, const struct insurer *issuer, const char *line);

enum comparison { COMPARE_SAME, COMPARE_DIFFERENT, COMPARE_REVIEW };

/*
 * Do both spellings name the same contract? Only numbers of one issuer are compared, or of two along a successor edge that kept
 * the number. why becomes a sentence, child of mem.
 *   same       plain forms equal, or canonical forms equal
 *   different  other issuer; or well-formed and unlike; or unlike in a way that no slip of the pen explains
 *   review     alike only after a repair that no picture licenses (look-alike letter, lost zeros, a part more or less); or a side
 *              is a placeholder ("folgt", "000") and the issuers may be one
 */
enum comparison key_compare(const struct insurers *all, const char *left_vu, const char *left,
			    const char *right_vu, const char *right, char **why, TALLOC_CTX *mem);

/* One side of a comparison; lengths in bytes, no NUL needed. */
struct spelled {
	const char *vu;
	size_t vu_len;
	const char *number;
	size_t number_len;
};

/* The same without memory: why becomes a constant sentence (no commas, no quotation marks: it goes into CSV as it is; at most
 * REASON_MOST bytes). */
#define REASON_MOST 200
enum comparison spellings_compare(const struct insurers *all, const struct spelled *left,
				  const struct spelled *right, const char **why);

/* The same for who has looked the insurers up already: l and r are what insurers_find_text says of both vu. */
enum comparison issued_compare(const struct insurers *all, const struct insurer *l,
			       const struct spelled *left, const struct insurer *r,
			       const struct spelled *right, const char **why);

/* Two spellings of one issuer's numbers (NULL: the general rule); why as in spellings_compare. */
enum comparison numbers_compare(const struct insurer *issuer, const char *left, const char *right,
				const char **why);

/* "same", "different", "review" */
const char *comparison_text(enum comparison verdict);

#endif
