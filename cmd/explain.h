/* explain.h -- `vorpost match explain DOCUMENT`; its row stands in match.c. */
#ifndef CMD_EXPLAIN_H
#define CMD_EXPLAIN_H

#include "base/command.h"

int explain_run(struct invocation *in, struct err *e);

#endif
