/* colleague.h -- inside the room: to whom a document can be handed. GET /api/v1/colleagues lists them (route_colleagues). */
#ifndef REVIEW_COLLEAGUE_H
#define REVIEW_COLLEAGUE_H

#include "api/request.h"

/* An account of this broker that is not locked and may decide; NULL: nobody in particular, which goes too. Answers 422, or
 * as problem_of, and returns false if it is none. */
bool colleague_check(struct request *request, const char *name);

#endif
