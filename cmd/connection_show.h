/* connection_show.h -- `vorpost connection show`: one connection, its login, whom it believes, how it goes. */
#ifndef CMD_CONNECTION_SHOW_H
#define CMD_CONNECTION_SHOW_H

#include "base/command.h"

int connection_show_run(struct invocation *in, struct err *e);

#endif
