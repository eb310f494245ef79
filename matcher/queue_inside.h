/* queue_inside.h -- one decision of a person while it is carried out; shared by the files queue*.c only. */
#ifndef MATCHER_QUEUE_INSIDE_H
#define MATCHER_QUEUE_INSIDE_H

#include <jansson.h>

#include "matcher/queue.h"

struct handling {
	const struct matcher *matcher;
	const struct decision *decision;
	struct decided *decided;
	const struct asked *alias; /* the name to remember, NULL: none */
	const struct asked
		*solves; /* the number that may solve others; NULL: it is no name of the contract */
	bool elsewhere;  /* assign: the contract is at another insurer than the document */
	unsigned against; /* create: what speaks against making the contract, confirmed or not */
	json_t *desk;     /* postpone, hand over: how it lay on the desk before */
	TALLOC_CTX *mem;
};

/*
 * One decision from its beginning to its end: steps open the transaction (handling_hold) and do everything in it. Where somebody
 * came between (ERR_CONFLICT, or a deadlock) nothing was written, and it is decided once more by what stands then; if that does not
 * end, ERR_CONFLICT.
 */
typedef bool handling_steps(struct handling *d, struct err *e);
bool handling_run(const struct matcher *matcher, const struct decision *decision,
		  struct decided *decided, handling_steps *steps, TALLOC_CTX *mem, struct err *e);

/* Find the document, open the transaction, hold it; is it as the person saw it? */
bool handling_hold(struct handling *d, struct err *e);

/* The same in two steps, for who has to hold numbers before (docs/architecture.md, "Who waits for whom"). The second holds the
 * contracts where the document lies, too. ERR_CONFLICT: between the two somebody decided about it. */
bool handling_begin(struct handling *d, struct err *e);
bool handling_take(struct handling *d, struct err *e);

/* Hold the numbers of these insurers: what they are names of stays so, but for this decision. NULL is nobody. */
bool handling_numbers(const struct handling *d, const char *one, const char *other, struct err *e);

/* The insurer of the number that the decision may make a name of the contract; NULL: none. The document is read. */
const char *handling_alias_issuer(const struct handling *d);

/* A person's decision is taken back, not overwritten: its alias must go with it. */
bool handling_open(const struct handling *d, struct err *e);

/* The document's verdict as this decision makes it; a new reference. */
json_t *handling_verdict(const struct handling *d, const char *state, const char *contract,
			 const char *customer);

/* Write it; verdict is stolen. */
bool handling_change(struct handling *d, json_t *verdict, struct err *e);

/* Write down that it was decided. */
bool handling_note(struct handling *d, const char *action, const char *contract, struct err *e);

/*
 * Where the document lies and, by this verdict, shall not, the matcher does not bring it again, nor its bytes: a duplicate would be the
 * news just there. again: where its undo brings it back.
 */
bool handling_take_back(struct handling *d, const json_t *verdict, const json_t *again,
			struct err *e);

/* All contracts where the document lies; child of d->mem. */
const char **handling_contracts(const struct handling *d, size_t *count);

/* Does it wait? ERR_REFUSED. */
bool handling_waits(const struct handling *d, struct err *e);

/* The names by which it drew others to its contracts are gone: its alias (key, NULL: it left none), its claim number. */
bool handling_names_left(struct handling *d, const char *key, struct err *e);

/* Assign within the open transaction; the document is held. */
bool handling_assign(struct handling *d, const char *action, struct err *e);

/* The end of every decision: commit, or roll back. */
bool handling_close(struct handling *d, bool ok, struct err *e);

/* ---- queue_desk.c ---- */

/* How the document lies on the desk: {assignee, until, note}; a new reference, NULL on error. */
json_t *desk_now(const struct handling *d, struct err *e);
bool desk_put(const struct handling *d, const json_t *desk, struct err *e);

/* The document is another version now, with the same verdict. */
bool desk_turn(const struct handling *d, struct err *e);

/* ---- queue_create.c ---- */

/* The contract that the decision made goes, unless somebody else relies on it, and what the matcher filed there is decided again. */
bool contract_unmake(struct handling *d, const char *contract, struct err *e);

#endif
