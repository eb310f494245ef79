/* connection_options.h -- the options of `vorpost connection add` and `change`: addresses, login, trust, interval. */
#ifndef CMD_CONNECTION_OPTIONS_H
#define CMD_CONNECTION_OPTIONS_H

#include "base/command.h"
#include "ingest/connection.h"

extern const struct option_spec connection_add_options[];
extern const struct option_spec connection_change_options[]; /* the same without --insurer */

/* What is given replaces, '' takes away, what is not given stays. Paths become full ones: the daemon works in another
 * folder. Fails ERR_USAGE. */
bool connection_options_take(struct connection *connection, const struct profile *profile,
			     const struct invocation *in, struct err *e);

#endif
