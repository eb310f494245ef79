/* matching.h -- the matcher as commands need it. */
#ifndef CMD_MATCHING_H
#define CMD_MATCHING_H

#include <stdbool.h>

#include "base/command.h"
#include "base/err.h"
#include "cmd/app.h"
#include "matcher/matcher.h"

/* How the configuration wants details weighed, with the terms that the last import counted. NULL on error. */
struct weighing *weighing_of(const struct conf *conf, struct db *db, TALLOC_CTX *mem,
			     struct err *e);

/* Over this connection; all that it needs is a child of mem. */
bool matcher_over(struct matcher *matcher, const struct app *app, struct db *db, TALLOC_CTX *mem,
		  struct err *e);

/* Over the configured database and insurer files; lives as long as the invocation. Fails as app_open. */
bool matcher_open(struct matcher *matcher, const struct invocation *in, struct err *e);

/* The issuer that the word means: a key, a name, a register number; "vu:7777" for one without a file; NULL stays NULL. Fails
 * ERR_MISSING for anybody else, whose empty list would hide a slip. */
bool issuer_meant(const char **issuer, const struct insurers *all, const char *word, struct err *e);

#endif
