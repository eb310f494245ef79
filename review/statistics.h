/* statistics.h -- inside the room: counts of documents, put together by week, insurer, tier and reason. */
#ifndef REVIEW_STATISTICS_H
#define REVIEW_STATISTICS_H

#include <jansson.h>

#include "api/request.h"
#include "model/verdict.h"

struct sums {
	int64_t documents; /* all that came */
	int64_t filed;     /* by the matcher, and still there */
	int64_t by_person; /* filed, and a person decided it */
	int64_t queued;
	int64_t corrected; /* had been filed by the matcher; a person filed it elsewhere or set it aside */
};

struct named_sums {
	const char *name; /* a week's Monday, or an issuer */
	struct sums tally;
};

struct figures {
	struct sums all, tiers[TIERS];
	struct named_sums *weeks, *insurers; /* talloc arrays */
	int64_t reasons[REASONS];            /* of what waits */
	int64_t alias;
};

/* Of the rows of statistics_documents.sql and statistics_corrected.sql, which must live as long; child of mem. */
struct figures *figures_of(const struct rows *documents, const struct rows *corrected,
			   TALLOC_CTX *mem);

/* New references. */
json_t *figures_weeks(const struct figures *figures);
json_t *figures_reasons(const struct figures *figures);
json_t *figures_insurers(const struct figures *figures, const struct request *request);
json_t *figures_tiers(const struct figures *figures);

/* Of the rows of statistics_leads.sql: the bins of events/lead_stats.h; empty if no letter is known. New reference. */
json_t *figures_leads(const struct rows *rows);

#endif
