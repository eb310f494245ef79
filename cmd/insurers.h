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

/* --line as pictures want it, *line NULL if it was not given. Fails ERR_USAGE: what is no number of three digits. */
bool insurers_line_option(const char **line, const struct invocation *in, struct err *e);

/* How he will be asked, to be held against his papers: one line for `insurers check`; rows of what, value, detail, confidence and
 * source for `insurers show`. */
void insurers_check_wire(const struct insurer *one, const struct invocation *in);
void insurers_show_wire(struct listing *list, const struct insurer *one, TALLOC_CTX *mem);

/* `insurers new` */
int insurers_new(struct invocation *in, struct err *e);

struct matcher; /* matcher/matcher.h */

/* Pictures of these insurers by which two contracts of the loaded stock would get one key: a sentence for each, valid until take
 * returns. Reads the whole stock, about 250 bytes a contract in memory meanwhile. Fails as db_run. */
typedef void joined_take(void *self, const char *sentence);
bool insurers_joins(size_t *found, const struct matcher *matcher, const struct insurers *all,
		    joined_take *take, void *self, struct err *e);

/* The same of the matcher's insurers, as it was found the last time; anew only where the rules or the contracts are others since. */
bool insurers_joins_known(size_t *found, const struct matcher *matcher, joined_take *take,
			  void *self, struct err *e);

/* The same for `insurers check --stock`: the sentences go to in->out. Fails as app_open does, too. */
bool insurers_check_stock(size_t *found, struct invocation *in, const struct insurers *all,
			  struct err *e);

#endif
