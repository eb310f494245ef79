/*
 * feedback.h -- POST /api/v1/feedback: what a consumer tells back, as a CloudEvent or a batch of them.
 *
 * The token needs the scope feedback and a consumer with a secret; the request is signed with that
 * secret as Standard Webhooks says. All events of a request are taken or none. What was taken before
 * (the same webhook-id, or the same source and id) is answered 200 and not stored again.
 *
 *	200 {"stored": n, "repeated": m}
 */
#ifndef API_FEEDBACK_H
#define API_FEEDBACK_H

#include "api/route.h"

#define FEEDBACK_BODY_MAX (256 * 1024)

enum handled feedback_take(struct request *request);

#endif
