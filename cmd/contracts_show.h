/* contracts_show.h -- `vorpost contracts list` and `contracts show`: what the database knows of the stock. */
#ifndef CMD_CONTRACTS_SHOW_H
#define CMD_CONTRACTS_SHOW_H

#include "base/command.h"

extern const struct option_spec contracts_list_options[];
int contracts_list_run(struct invocation *in, struct err *e);
int contracts_show_run(struct invocation *in, struct err *e);

#endif
