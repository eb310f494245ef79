#include "cmd/endpoint_bus.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "events/sink_nats.h"
#include "model/event.h"

bool endpoint_bus_test(FILE *out, const struct endpoint *endpoint, const char *broker,
		       const char *id, const char *body, struct err *e)
{
	const struct message message = {
		.url = endpoint->url,
		.secret_file = endpoint->secret_file,
		.ca_file = endpoint->ca_file,
		.allow_private = endpoint->allow_private,
		.broker = broker,
		.type = EVENT_ENDPOINT_TEST,
		.id = id,
		.body = body,
		.len = strlen(body),
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct bus_landing landing;
	bool ok = bus_publish(&landing, bus_new(0, 0, mem), &message, e);

	if (ok)
		fprintf(out, "stored in stream %s as number %" PRIu64 " after %" PRId64 " ms\n",
			text_shown(landing.stream, sizeof landing.stream, mem), landing.sequence,
			landing.took_ms);
	talloc_free(mem);
	return ok;
}
