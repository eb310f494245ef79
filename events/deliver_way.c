#include <string.h>

#include "events/deliver_inside.h"

bool way_start(struct item *item, const char *replay, struct err *e)
{
	const struct turn *turn = item->turn;
	const struct endpoint *endpoint = &turn->endpoint;
	struct message message = {
		.url = endpoint->url,
		.secret_file = endpoint->secret_file,
		.ca_file = endpoint->ca_file,
		.allow_private = endpoint->allow_private,
		.broker = turn->courier->conf.broker,
		.type = item->type,
		.id = item->id,
		.partitionkey = item->lane->key,
		.replay = replay,
		.body = item->body,
	};

	if (!turn->by_bus)
		return endpoint_post(turn->courier->sink, endpoint, turn->secrets, item->id,
				     item->body, replay, item, e);
	message.len = strlen(item->body);
	return bus_start(turn->courier->bus, &message, item, e);
}

void way_drop(struct item *item)
{
	struct courier *courier = item->turn->courier;

	if (item->turn->by_bus)
		bus_drop(courier->bus, item);
	else
		sink_drop(courier->sink, item);
}

bool way_landed(struct item **item, struct judgement *judgement, struct courier *courier)
{
	struct bus_landing stored;
	struct landing answered;

	if (sink_landed(&answered, courier->sink)) {
		*item = answered.tag;
		*judgement = deliver_judge(&answered);
		return true;
	}
	if (bus_landed(&stored, courier->bus)) {
		*item = stored.tag;
		*judgement = deliver_judge_bus(&stored);
		return true;
	}
	return false;
}

void way_wait(struct courier *courier, int fd, int ms)
{
	const int fds[] = { fd, bus_fd(courier->bus) };

	sink_wait(courier->sink, fds, 2, ms);
}
