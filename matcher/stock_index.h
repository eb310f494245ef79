/* stock_index.h -- from a text to what was put there under it; a plain hash table that only grows. */
#ifndef MATCHER_STOCK_INDEX_H
#define MATCHER_STOCK_INDEX_H

#include <talloc.h>

struct stock_index;

struct stock_index *stock_index_new(TALLOC_CTX *mem);

/* The place of this text's value, made empty (NULL) if the text is new. Valid until the next call. */
void **stock_index_at(struct stock_index *index, const char *text);

/* NULL if the text is not there. */
void *stock_index_get(const struct stock_index *index, const char *text);

#endif
