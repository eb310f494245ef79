/* endpoint_bus.h -- what `vorpost endpoint` says about endpoints that are buses (nats://, tls://). */
#ifndef CMD_ENDPOINT_BUS_H
#define CMD_ENDPOINT_BUS_H

#include <stdio.h>

#include "events/deliver.h"

/* Publish an event of type endpoint.test and tell where it is stored. Errors as bus_publish. */
bool endpoint_bus_test(FILE *out, const struct endpoint *endpoint, const char *broker,
		       const char *id, const char *body, struct err *e);

#endif
