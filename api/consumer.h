/*
 * consumer.h -- a consumer keeps its position here: it reads from what it acknowledged last.
 *
 *	GET  /api/v1/consumers/NAME          {"consumer", "position", "head", "oldest", "acked_at"}
 *	GET  /api/v1/consumers/NAME/events   as GET /api/v1/events from the acknowledged position on
 *	POST /api/v1/consumers/NAME/ack      {"position": N}: everything up to N is done. The same position
 *	                                 again is well; back only with "reset": true, beyond the head
 *	                                 never
 *
 * Reading moves nothing: until something is acknowledged, everybody who reads gets the same events.
 * Workers that share a consumer therefore read one after the other, or one reads and hands out; the
 * position only says that everything below it is done.
 *
 * A token is bound to its consumer and can use no other.
 */
#ifndef API_CONSUMER_H
#define API_CONSUMER_H

#include "api/route.h"

enum handled consumer_show(struct request *request);
enum handled consumer_events(struct request *request);
enum handled consumer_ack(struct request *request);

#endif
