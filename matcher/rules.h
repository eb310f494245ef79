/*
 * rules.h -- by which rules documents are decided, as far as the database must know: a digest of each issuer's carriers, successor
 * edges and pictures. If somebody else's insurer files, or the same ones changed, decide differently, the waiting documents of the
 * issuer are due to be matched again.
 */
#ifndef MATCHER_RULES_H
#define MATCHER_RULES_H

#include "base/err.h"
#include "matcher/matcher.h"

#define RULES_DIGEST_SIZE 33 /* 32 hexadecimal digits */

/* Of one issuer; names, sources and how he is spoken to on the wire do not count. */
void rules_digest_of(char digest[RULES_DIGEST_SIZE], const struct insurer *insurer);

/* Of all of them together. */
void rules_digest_all(char digest[RULES_DIGEST_SIZE], const struct insurers *all);

/* After loading: compare with what was noticed last, and mark what changed (table rematch_due). digest becomes that of all rules
 * together; whoever matches again shows it (rematch_due.h). One statement. Fails as db_run. */
bool rules_notice(char digest[RULES_DIGEST_SIZE], const struct matcher *matcher, struct err *e);

#endif
