/* queue_filter.h -- which of what waits is asked for: the arguments of the list and of its counts. */
#ifndef REVIEW_QUEUE_FILTER_H
#define REVIEW_QUEUE_FILTER_H

#include "api/request.h"

#define QUEUE_FILTERS "reason,insurer,business_class,line,q,assignee,state"

/* As the statements take them; NULL: any. Children of the request. */
struct queue_filter {
	const char *reason, *issuer, *class, *line;
	const char *assignee; /* "": nobody */
	const char *state;    /* queued or postponed */
	const char *patterns,
		*words; /* of a search (search_terms.sql); both NULL: none, words NULL: nothing to look for inside */
};

/* Answers and returns false if one is none of its list, or the database does not answer. */
bool queue_filter_read(struct queue_filter *filter, struct request *request);

#endif
