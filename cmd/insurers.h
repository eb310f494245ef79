/* insurers.h -- the insurer files for commands that need nothing else. */
#ifndef CMD_INSURERS_H
#define CMD_INSURERS_H

#include "base/command.h"
#include "normalizers/insurer.h"

/* The folders of the configuration; the shipped one where no file was named and none is installed. Child of in->mem.
 * Fails ERR_SETUP. */
struct insurers *insurers_open(const struct invocation *in, struct err *e);

#endif
