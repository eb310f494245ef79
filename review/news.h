/*
 * news.h -- what happens on the desks, as server-sent events: GET /api/v1/queue/stream.
 *
 *	counts     as GET /queue/counts without `mine`, at the beginning and when something changed
 *	decided, locked, unlocked   {document_id, by}: through this server, of the caller's broker
 *
 * The last few hundred are kept in memory; a stream that fell behind them gets fresh counts, which a page takes as "look again".
 */
#ifndef REVIEW_NEWS_H
#define REVIEW_NEWS_H

#include "api/request.h"

struct news;

/* Child of mem; a server has one (review.news). */
struct news *news_new(TALLOC_CTX *mem);

/* Tell all streams of the caller's broker. what: one of the words above. */
void news_tell(struct request *request, const char *what, const char *document_id);

#endif
