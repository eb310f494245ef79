/*
 * text.h -- small helpers for strings that come from outside.
 *
 * Strings are NUL-ended UTF-8. What arrives as a number is read by text_to_u64 alone, with a named
 * bound, so that every limit has one place and one test at the limit and beyond it.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"

/* Decimal digits only (no sign, no blanks), least <= value <= most; name says what it is in the
 * error. Fails ERR_DELIVERY. */
bool text_to_u64(uint64_t *value, const char *text, uint64_t least, uint64_t most, const char *name,
		 struct err *e);

/* Same, for a word of the command line or of the configuration: fails ERR_USAGE. */
bool text_option_u64(uint64_t *value, const char *text, uint64_t least, uint64_t most,
		     const char *name, struct err *e);

bool text_equal(const char *a, const char *b);        /* both NULL counts as equal */
bool text_equal_nocase(const char *a, const char *b); /* ASCII letters only */
bool text_empty(const char *text);                    /* NULL, "" or white space only */

/* A copy without white space at both ends; child of mem. NULL stays NULL. */
char *text_trimmed(const char *text, TALLOC_CTX *mem);

/* Valid UTF-8 without the code points that XML 1.0 forbids? */
bool text_valid_utf8(const char *text, size_t len);

/* Make it valid UTF-8 in place: bytes that are none become "?", and a character cut at the end goes. */
void text_mend(char *text);

/*
 * What an insurer wrote, made fit for a terminal or a log: control characters, bidirectional marks,
 * invisible characters and broken UTF-8 become \u{XXXX}; quotation marks and backslashes are
 * escaped. At most `most` bytes, then "...". Child of mem.
 */
char *text_shown(const char *text, size_t most, TALLOC_CTX *mem);

/* Lower-case hexadecimal; out has room for 2 * len + 1. */
void text_hex(char *out, const void *bytes, size_t len);

#endif
