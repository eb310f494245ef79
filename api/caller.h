/*
 * caller.h -- who asks: a bearer token, or the session of a person in a browser. A request that shows both is the token's.
 *
 * What a browser sends by itself is believed only if it comes from our page: Origin and Sec-Fetch-Site, where they are
 * there, must say so, and whatever changes something must carry the CSRF token.
 */
#ifndef API_CALLER_H
#define API_CALLER_H

#include <stdbool.h>

#include "api/request.h"

/* Fills request->caller, if the route wants to know. Refuses 401, 403 csrf and scope, 429, 503. */
bool caller_check(struct request *request);

/* Is he still known? For streams. True also while the database is away. */
bool caller_stands(struct request *request);

#endif
