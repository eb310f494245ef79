/* connection_kinds.h -- `vorpost connection kinds`: what has come over a connection, and what never has. */
#ifndef CMD_CONNECTION_KINDS_H
#define CMD_CONNECTION_KINDS_H

#include "base/command.h"

int connection_kinds_run(struct invocation *in, struct err *e);

#endif
