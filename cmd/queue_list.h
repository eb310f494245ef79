/* queue_list.h -- `vorpost queue list`, a row of queue.c's table. */
#ifndef CMD_QUEUE_LIST_H
#define CMD_QUEUE_LIST_H

#include "base/command.h"

extern const struct option_spec queue_list_options[];
int queue_list_run(struct invocation *in, struct err *e);

#endif
