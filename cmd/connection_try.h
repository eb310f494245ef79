/*
 * connection_try.h -- `vorpost connection test`: log in and list as a round would, and say in plain words what fits and what
 * does not. Nothing is kept, nothing acknowledged; only with --fetch is a delivery
 * downloaded.
 */
#ifndef CMD_CONNECTION_TRY_H
#define CMD_CONNECTION_TRY_H

#include "base/command.h"

extern const struct option_spec connection_try_options[];

int connection_try_run(struct invocation *in, struct err *e);

#endif
