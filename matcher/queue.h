/*
 * queue.h -- what a person does with a document that waits: assign it to a contract, ignore it, take the last
 * decision back. Each is one transaction: the document's new verdict (compare-and-swap on its version), the decision
 * with the verdict before it, the alias, the events.
 *
 * An undo goes back to what a person had decided before; where nobody had, the matcher decides again with the names of
 * today, and may file the document where it was, elsewhere, or not at all.
 *
 * A document that is already filed may be assigned or ignored too: that is how a wrong one is put right.
 */
#ifndef MATCHER_QUEUE_H
#define MATCHER_QUEUE_H

#include <stdbool.h>
#include <talloc.h>

#include "base/err.h"
#include "matcher/matcher.h"
#include "matcher/stored.h"

#define DOCUMENT_PREFIX_LEAST 6 /* characters of a shortened document id */

/*
 * The document with this id or with this unique beginning of an id. Child of mem.
 * Fails ERR_USAGE (no id, too short, not unique), ERR_MISSING.
 */
struct stored *queue_document(const struct matcher *matcher, const char *id, TALLOC_CTX *mem,
			      struct err *e);

/* What a person decides. */
struct decision {
	const char *document;    /* id or unique beginning */
	const char *contract;    /* assign */
	const char *const *more; /* assign: further contracts of a collective document */
	size_t more_count;
	bool several_customers; /* assign: the contracts may be different customers'; needs a note */
	const char *by;         /* who */
	const char *note;       /* why; NULL: none */
	bool no_alias; /* assign: do not remember policy or claim number as names of the contract */
	bool also;     /* assign: file the other documents that the alias solves */
};

struct decided {
	struct stored *document; /* as it was before; child of mem */
	bool alias;              /* the number is now a name of the contract */
	const char *no_alias;    /* why not, a sentence; NULL if alias */
	int others;              /* queued documents that the alias solves; with also: filed */
	int withdrawn; /* undo: other documents that the alias had filed, now back in the queue */
	const char *action; /* undo: what was taken back, "assign" or "ignore" */
};

/* Fail ERR_USAGE, ERR_MISSING (document or contract), ERR_CONFLICT (somebody decided at the same moment),
 * ERR_REFUSED (there is nothing to do or undo), and as db_run; nothing is changed then. */
bool queue_assign(const struct matcher *matcher, const struct decision *decision,
		  struct decided *decided, TALLOC_CTX *mem, struct err *e);
bool queue_ignore(const struct matcher *matcher, const struct decision *decision,
		  struct decided *decided, TALLOC_CTX *mem, struct err *e);
bool queue_undo(const struct matcher *matcher, const struct decision *decision,
		struct decided *decided, TALLOC_CTX *mem, struct err *e);

#endif
