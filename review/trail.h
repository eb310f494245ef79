/* trail.h -- what a decision over the API leaves besides itself, in its own transaction: the line of the audit log, and the
 * decider's lock is gone. A decision that did not come about leaves neither. */
#ifndef REVIEW_TRAIL_H
#define REVIEW_TRAIL_H

#include "api/request.h"
#include "matcher/queue.h"

struct trail {
	const struct request *request;
	const char *action; /* of the audit log: "document.assign" */
};

/* Give decision this trail; both and the request must live until it is carried out. */
void trail_begin(struct trail *trail, struct decision *decision, const struct request *request,
		 const char *action);

#endif
