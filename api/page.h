/*
 * page.h -- answers in pages: asked for with `limit` and `cursor`, answered as {"items": [...], "next": CURSOR or null}. A cursor is
 * the sort key of the last item shown, as JSON in hexadecimal: opaque to clients, checked when it comes back, and right even if what
 * it names is gone.
 */
#ifndef API_PAGE_H
#define API_PAGE_H

#include <jansson.h>

#include "api/request.h"

#define PAGE_MOST    200
#define PAGE_DEFAULT 50
#define PAGE_KEYS    4
#define PAGE_TAKES   "limit,cursor" /* of a route's arguments */

/* One sort key: the column of the rows that has it, its kind ('t' text, 'n' whole number), and what stands for it on the first
 * page. */
struct page_key {
	const char *column;
	char kind;
	const char *first;
};

struct page {
	char *limit; /* one more than asked for, so that it is seen whether there is more */
	char *key[PAGE_KEYS]; /* where to go on; of the first page what was given to page_read */
	int most;
	const struct page_key *keys;
	int count;
};

/* Reads limit and cursor; everything is a child of the request; keys must live as long. Answers 400 and returns false if one cannot be used. */
bool page_read(struct page *page, struct request *request, const struct page_key *keys, int count);

/* Makes an item of a row; a new reference. */
typedef json_t *item_fn(struct request *request, const struct rows *rows, int row);

/* Answers 200 with the rows as items and, if there are more than the page holds, a cursor. */
void page_answer(struct request *request, const struct page *page, const struct rows *rows,
		 item_fn *item);

#endif
