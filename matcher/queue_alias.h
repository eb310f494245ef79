/* queue_alias.h -- may a document's number become a name of a contract? Asked before a person decides, and when he does. */
#ifndef MATCHER_QUEUE_ALIAS_H
#define MATCHER_QUEUE_ALIAS_H

#include "matcher/facts.h"
#include "matcher/matcher.h"
#include "matcher/stored.h"

struct alias_word {
	const struct asked *asked; /* the number; NULL: the document has no single one */
	const char *key;           /* under which it is kept; NULL without a number */
	const char *spelling;      /* as delivered */
	bool possible;
	bool known;          /* it is a name of this contract already */
	const char *why_not; /* a sentence; NULL if possible */
};

/* One look-up at most. All of it hangs on the document or is constant. Fails as db_run. */
bool alias_ask(struct alias_word *word, const struct matcher *matcher, struct stored *document,
	       const char *contract, struct err *e);

/* The number of the document that may become a name, if a person files it; NULL: it has none. */
const struct asked *alias_asked(const struct facts *facts);

/* The key of a number as a name: the canonical form, where there is one, for other spellings lead to it too. */
const char *alias_key(const struct asked *asked);

#endif
