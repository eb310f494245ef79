/* connection_breaches.h -- `vorpost connection breaches NAME`: how its answers differ from the operator's schemas, kind by kind. */
#ifndef CMD_CONNECTION_BREACHES_H
#define CMD_CONNECTION_BREACHES_H

#include "base/command.h"

int connection_breaches_run(struct invocation *in, struct err *e);
extern const struct option_spec connection_breaches_options[];

#endif
