/* insurers.h -- the insurer files for commands that need nothing else. */
#ifndef CMD_INSURERS_H
#define CMD_INSURERS_H

#include "base/command.h"
#include "normalizers/insurer.h"

/* The folders of the configuration; the shipped one where no file was named and none is installed. Child of in->mem.
 * Fails ERR_SETUP. */
struct insurers *insurers_open(const struct invocation *in, struct err *e);

/* The folders alone, the last one has the last word; at least one, or NULL and ERR_SETUP. */
char **insurers_folders(const struct invocation *in, size_t *count, struct err *e);

/* `insurers new` */
int insurers_new(struct invocation *in, struct err *e);

/* Pictures of these insurers that join contracts of the loaded stock: a sentence each on in->out. Fails as app_open does. */
bool insurers_check_stock(size_t *found, const struct invocation *in, const struct insurers *all,
			  struct err *e);

#endif
