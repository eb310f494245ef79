#include "review/review.h"

#include "api/problem.h"

bool review_matcher(struct matcher *matcher, struct request *request)
{
	const struct review *review = request->api->conf.review;
	struct err e = { 0 };

	if (!api_reach(request->api, &e))
		return problem_of(request, &e);
	*matcher = (struct matcher){ .db = request->api->db,
				     .insurers = review->insurers,
				     .broker = request->caller.broker,
				     .strict_lines = review->strict_lines,
				     .shadow = review->shadow,
				     .weighing = review->weighing };
	return true;
}
