/*
 * holder.h -- is the person in the answer the holder of the contract? Names and birth dates are
 * compared only to forbid or, under the strict setting, to confirm: never to find a contract.
 */
#ifndef MATCHER_HOLDER_H
#define MATCHER_HOLDER_H

#include <stdbool.h>
#include <talloc.h>

enum agreement { SAYS_NOTHING, AGREES, CONTRADICTS };

#define NAME_WORDS_MOST 12
#define NAME_WORD_SIZE  64

/* The words of a name that count (no titles, no legal forms), in capital letters, umlauts spelled out. Returns how many;
 * text may be NULL. */
int name_words(char words[NAME_WORDS_MOST][NAME_WORD_SIZE], const char *text);

/* A name as the database folds it (name_fold): lower case, accents off, umlauts spelled out; the rest stays. Child of mem. */
char *name_fold(const char *name, TALLOC_CTX *mem);

/*
 * Upper and lower case, umlauts (Müller, Mueller, Muller) and order do not count; one common word
 * of two letters or more is agreement (double names, "Dr. Max Muster"). A side without letters says
 * nothing.
 */
enum agreement surname_compare(const char *a, const char *b);

/* Is it the whole name on both sides, in any order, written apart, together or with a hyphen? Titles do not count. */
bool name_whole(const char *a, const char *b);

/* ISO dates, a time behind them does not count. What is no plausible date (zeros, 0001-01-01) says
 * nothing. */
enum agreement date_compare(const char *a, const char *b);

/* Letters and digits only, upper case; umlauts as in surnames. */
enum agreement plate_compare(const char *a, const char *b);

/* Digits only; NULL or empty says nothing. */
enum agreement postcode_compare(const char *a, const char *b);

/* YYYY-MM-DD at the front, year 1880 to 2200, month and day in range? */
bool date_plausible(const char *text);

/* The same, and the day exists in its month: the database refuses others. */
bool date_real(const char *text);

/* Days from a to b (positive: b is later); both must be plausible. */
int days_between(const char *a, const char *b);

#endif
