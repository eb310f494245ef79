/* matching.h -- the matcher as commands need it. */
#ifndef CMD_MATCHING_H
#define CMD_MATCHING_H

#include <stdbool.h>

#include "base/command.h"
#include "base/err.h"
#include "matcher/matcher.h"

/* Over the configured database and insurer files; lives as long as the invocation. Fails as app_open. */
bool matcher_open(struct matcher *matcher, const struct invocation *in, struct err *e);

#endif
