/*
 * review.h -- the clerk's side of the HTTP API: the queue and its decisions, the stock, the insurers, the figures.
 *
 * Handlers are api/route.h's; they stand on the one struct review of the process (api_conf.review) and on the server's
 * connection to the database, which they hold for no longer than their statements take.
 */
#ifndef REVIEW_REVIEW_H
#define REVIEW_REVIEW_H

#include "api/request.h"
#include "api/route.h"
#include "matcher/matcher.h"
#include "store/blob.h"

/* What the configuration and the insurer files say; all belong to whoever runs the server. */
struct review {
	const struct insurers *insurers;
	const struct weighing *weighing;
	struct blob_store *blobs;
	bool strict_lines;
	const char *place;   /* of stock files that are sent (matcher/stock_job.h) */
	const char *uploads; /* their folder */
	bool shadow;
	struct news *news; /* review/news.h */
};

/* The matcher over the server's database, for the broker who asks. Answers 503 and returns false while the database is away. */
bool review_matcher(struct matcher *matcher, struct request *request);

/* The counts of queue_counts.sql, with the insurers by name; a new reference. */
json_t *queue_counts_json(const struct rows *rows, const struct request *request);

/* One table a subject. */
extern const struct route_table route_vocabulary;
extern const struct route_table route_contracts;
extern const struct route_table route_customers;
extern const struct route_table route_timeline;
extern const struct route_table route_insurers;
extern const struct route_table route_statistics;
extern const struct route_table route_imports;
extern const struct route_table route_describe;
extern const struct route_table route_queue;
extern const struct route_table route_document;
extern const struct route_table route_decisions;
extern const struct route_table route_bytes;
extern const struct route_table route_text;
extern const struct route_table route_locks;
extern const struct route_table route_news;
extern const struct route_table route_bulk;
extern const struct route_table route_quarantine;

/* Who may decide, by name: to hand a document to. */
extern const struct route_table route_colleagues;

#endif
