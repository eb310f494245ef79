/*
 * queue.h -- what a person does with a document that waits: assign it to a contract that is there or made for it, ignore it,
 * put it off, hand it to a colleague, take the last decision back. Each is one transaction: the document's new verdict
 * (compare-and-swap on its version), the decision with the verdict before it, the alias, the events.
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
#include "base/uuid7.h"
#include "matcher/matcher.h"
#include "matcher/stored.h"
#include "model/contract.h"

#define DOCUMENT_PREFIX_LEAST 6 /* characters of a shortened document id */

/*
 * The document with this id or with this unique beginning of an id. Child of mem.
 * Fails ERR_USAGE (no id, too short, not unique), ERR_MISSING.
 */
struct stored *queue_document(const struct matcher *matcher, const char *id, TALLOC_CTX *mem,
			      struct err *e);

/* Why a document is ignored: a closed list. */
enum ignored {
	IGNORED_ADVERTISING,
	IGNORED_CIRCULAR,
	IGNORED_SETTLEMENT,
	IGNORED_DATA, /* a file for programs, no letter */
	IGNORED_NOT_OURS,
	IGNORED_DUPLICATE,
	IGNORED_OTHER,
	IGNORED_AS
};
const char *ignored_text(enum ignored why); /* "advertising", ... as stored */

/* What a person decides. */
struct decision {
	const char *document;    /* id or unique beginning */
	int version;             /* as he saw it; 0: whatever it is now */
	bool dry_run;            /* everything is done and checked, and then taken back */
	const char *contract;    /* assign */
	const char *const *more; /* assign: further contracts of a collective document */
	size_t more_count;
	bool several_customers; /* assign: the contracts may be different customers'; needs a note */
	const char *by;         /* who */
	const char *note;       /* why; NULL: none */
	unsigned confirmed; /* assign, create: objections that he knows of (matcher/objections.h) */
	bool alias_across;  /* assign: remember them even if the contract is at another insurer */
	bool no_alias; /* assign: do not remember policy or claim number as names of the contract */
	bool as_pattern; /* assign: and propose its spelling as one of the insurer's (`insurers learn`); nothing reads by it before it is accepted */
	bool also;       /* assign: file the other documents that the alias solves */
	const char *reason; /* ignore: one of the list */
	const char *until;  /* postpone: RFC 3339, in the future */
	const char *to;     /* hand over: the colleague; NULL: to nobody in particular */
	const struct contract *created; /* create: the contract that is to be made */
	/* What stands or falls with it: run in its transaction as the last, where it is not a dry run; NULL: nothing. */
	bool (*with)(struct db *db, const char *document_id, void *arg, struct err *e);
	void *with_arg;
};

struct decided {
	char decision_id[UUID_TEXT_SIZE];
	struct stored *document; /* as it was before; child of mem */
	bool alias;              /* the number is now a name of the contract */
	bool pattern;            /* ... and its spelling a proposal */
	const char *no_alias;    /* why not, a sentence; NULL if alias */
	int others;              /* queued documents that the alias solves; with also: filed */
	unsigned
		objections; /* refused: those that were not confirmed; nothing else but existing is set then */
	const char *existing; /* create, refused: the contract that has the number; child of mem */
	int withdrawn; /* undo: other documents that the alias had filed, now elsewhere or back in the queue */
	const char *action; /* undo: what was taken back, "assign", "ignore", ... */
};

/* Fail ERR_USAGE, ERR_MISSING (document or contract), ERR_CONFLICT (somebody decided meanwhile or at the same moment),
 * ERR_REFUSED (there is nothing to do or undo), and as db_run; nothing is changed then. */
typedef bool queue_act(const struct matcher *matcher, const struct decision *decision,
		       struct decided *decided, TALLOC_CTX *mem, struct err *e);
queue_act queue_assign, queue_create, queue_ignore, queue_postpone, queue_hand_over, queue_undo;

#endif
