/* stock_index.h -- from a text to what was put there under it; a plain hash table that only grows. */
#ifndef MATCHER_STOCK_INDEX_H
#define MATCHER_STOCK_INDEX_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

struct stock_index;

struct stock_index *stock_index_new(TALLOC_CTX *mem);

/* The place of this text's value, made empty (NULL) if the text is new. Valid until the next call. */
void **stock_index_at(struct stock_index *index, const char *text);

/* NULL if the text is not there. */
void *stock_index_get(const struct stock_index *index, const char *text);

/* 64 bits of a text. */
uint64_t stock_fingerprint(const char *text);

/*
 * Which texts were there, by their fingerprints alone: 11 to 22 bytes a text, and one in 10^18 pairs is taken for
 * another. For what may be as large as a stock.
 */
struct stock_set;
struct stock_set *stock_set_new(TALLOC_CTX *mem);
bool stock_set_add(struct stock_set *set, const char *text); /* false: it was there */
bool stock_set_has(const struct stock_set *set, const char *text);

#endif
