#include "events/cause.h"

const char *cause_text(enum cause cause)
{
	static const char *const texts[CAUSES] = { "none",  "insurer", "poll gap", "outage",
						   "queue", "release", "consumer" };

	return texts[cause];
}

int64_t way_end(const struct way *way)
{
	return way->accepted ? way->accepted : way->released;
}

static int64_t provided_at(const struct way *way)
{
	int64_t guess = way->listed - way->poll_s * 1000;

	if (!way->provided)
		return guess;
	return way->provided < way->listed ? way->provided : way->listed;
}

#define STAGES 5
struct stage {
	int64_t ended;
	enum cause cause;
};

/* A stage without a stamp is over if a later one is, or if the way is through; else the document is in it now. */
static bool stage_lost(const struct stage *stages, int i, const struct way *way, int64_t deadline)
{
	if (stages[i].ended)
		return stages[i].ended >= deadline;
	for (int later = i + 1; later < STAGES; later++)
		if (stages[later].ended)
			return false;
	return !way_end(way) && way->now >= deadline;
}

enum cause cause_of(const struct way *way, const struct lead *lead)
{
	const struct stage stages[STAGES] = {
		{ way->listed, way->failed ? CAUSE_OUTAGE : CAUSE_POLL },
		{ way->stored, CAUSE_OUTAGE },
		{ way->filed, CAUSE_QUEUE },
		{ way->released, CAUSE_RELEASE },
		{ way->accepted, CAUSE_CONSUMER },
	};
	int64_t end = way_end(way);

	if (!lead_known(lead) || (end ? end : way->now) < lead->earliest_ms)
		return CAUSE_NONE;
	if (day_local(provided_at(way)) > lead->posting_day ||
	    provided_at(way) >= lead->earliest_ms)
		return CAUSE_INSURER;
	for (int i = 0; i < STAGES; i++)
		if (stage_lost(stages, i, way, lead->earliest_ms))
			return stages[i].cause;
	return CAUSE_CONSUMER;
}
