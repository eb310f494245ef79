/*
 * stream.h -- GET /api/v1/events/stream: the same as server-sent events. `id` is the position, `event`
 * the type, `data` the CloudEvent in one line. Who comes again with Last-Event-ID goes on behind it;
 * `after` (default: head) and `types` as in the feed. A heartbeat is a comment with an id, which
 * moves the cursor past events of other types. A stream ends when the server stops, the token is
 * revoked, or its events are no longer kept.
 */
#ifndef API_STREAM_H
#define API_STREAM_H

#include "api/route.h"

enum handled stream_events(struct request *request);

#endif
