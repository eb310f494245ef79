/*
 * lead_stats.h -- how much earlier than the post were we, by insurer, type and twin; who lost the rest. Pure: documents go
 * in one by one, figures come out.
 */
#ifndef EVENTS_LEAD_STATS_H
#define EVENTS_LEAD_STATS_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "events/cause.h"
#include "events/lead.h"

/* Hours of lead_expected: below 0, 0-6, 6-12, 12-24, 24-36, 36-48, 48-72, 72 and more. */
#define LEAD_BINS 8
extern const char *const lead_bin_texts[LEAD_BINS];

/* A document that came through, or whose lead is lost on the way. */
struct lead_case {
	const char *issuer, *category;
	struct lead
		lead; /* of the moment at which the customer's side had it; on its way: of now */
	struct way way;
	bool automatic; /* filed by the matcher */
};

/* One insurer, type and twin. */
struct lead_group {
	char *issuer, *category;
	enum twin twin;
	enum lead_basis basis; /* the strongest */
	int observations;
	int64_t count;    /* documents with times; without a letter or a date: 0 */
	int64_t timeless; /* documents without */
	int64_t positive; /* lead_min > 0 */
	int64_t bins[LEAD_BINS];
	int64_t causes[CAUSES];
	int64_t median_s; /* of lead_expected, after lead_stats_end */
	int64_t *expected_s;
};

/* A share that must hold: met of count. */
struct slo {
	const char *name, *target;
	int64_t met, count;
	int per_mille; /* that must be met */
};
enum { SLO_FRESH, SLO_PROCESSED, SLO_LEAD, SLO_MEDIAN, SLO_QUEUE, SLOS };

struct lead_stats {
	struct lead_group *groups; /* after lead_stats_end: by issuer, category, twin */
	size_t count;
	struct slo slos[SLOS]; /* SLO_MEDIAN: met is the median in seconds, count the documents */
};

struct lead_stats *lead_stats_new(TALLOC_CTX *mem);
void lead_stats_add(struct lead_stats *stats, const struct lead_case *document);
void lead_stats_end(struct lead_stats *stats);

/* "yes", "no", or "no data". */
const char *slo_holds(const struct slo *slo);

#endif
