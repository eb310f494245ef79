/*
 * attachment.h -- from attached to released, without a database: a document lies at a contract, time passes, rules and people
 * speak, and what follows is another state and what the customer is told.
 *
 *              rule: never            given by a person
 *   attached ──────────────▶ withheld ──────────────────┐
 *      │ rule: auto, ask          ▲ withheld (*)        ▼
 *      └─────────────▶ waiting ───┴──────────────▶ released
 *                         │ leaves the contract       │ leaves the contract
 *                         ▼                           ▼
 *                    superseded: nobody hears    withdrawn (*), or reassigned (*) and
 *                                                released at another contract of the same customer
 *   (*) the customer is told, if he had been told of the document
 *
 * An attachment is one time that a document is attached; its id is that of the event document.attached. A document
 * that comes back to a contract is another attachment and is released anew. A collective document ("collective": true in
 * the event) lies at several contracts at once, each an attachment of its own.
 *
 * Contracts change hands by imports. Until a customer is told, the attachment is that of the contract's customer of now, and
 * a new one is held back afresh; whoever was told while the contract was his was told rightly.
 */
#ifndef EVENTS_ATTACHMENT_H
#define EVENTS_ATTACHMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "events/policy.h"

enum attachment_state {
	ATTACHMENT_WAITING,
	ATTACHMENT_RELEASED,
	ATTACHMENT_WITHHELD,
	ATTACHMENT_WITHDRAWN,
	ATTACHMENT_SUPERSEDED,
	ATTACHMENT_STATES
};
const char *attachment_state_text(enum attachment_state state);

/* false: none of the words */
bool attachment_state_of(enum attachment_state *state, const char *text);

#define NEVER_DUE (-1)

/* Texts hang on the attachment or outlive it; those that may be NULL are marked. */
struct attachment {
	const char *document_id, *id;
	int64_t position; /* of document.attached; 0: it has none yet */
	int64_t attached_ms;
	const char *contract_id, *customer_id; /* customer: may be NULL */
	const char *
		contract_customer; /* whose the contract is now, which an import may change; may be NULL */
	json_t *notice;            /* data of document.attached; a reference */
	const char *recorded; /* when the insurer made it, RFC 3339; may be NULL */
	const char *document_line, *contract_line; /* may be NULL */
	const char *vu;                            /* the insurer's register number; may be NULL */
	enum attachment_state state;
	const char *rule; /* whose word the state is */
	int hold_s;
	int64_t due_ms;                /* NEVER_DUE: a person is asked, or it is over */
	const char *decided_by, *note; /* may be NULL */
	const char *collapse_key;      /* NULL: the customer was never told */
	int64_t released_ms;           /* 0: never */
	bool changed;                  /* since it was read */
	int before;                    /* the one before of the same document, -1: none */
};

/* An attachment with these texts copied and a reference to the notice; everything else is zero. */
struct attachment *attachment_new(const char *document_id, const char *id, json_t *notice,
				  TALLOC_CTX *mem);

/* What an event says about a document and a contract. */
struct news {
	int64_t position; /* 0: it comes, but has none yet: it is looked at, nothing more */
	const char *id;
	bool attached; /* false: detached */
	int64_t occurred_ms;
	const char *document_id, *contract_id;
	const char
		*customer_id; /* whose the contract is now, whatever the event says; may be NULL */
	json_t *data;         /* of the event; borrowed */
	const char *recorded; /* when the insurer made it; may be NULL */
	const char *document_line, *contract_line; /* may be NULL */
	const char *vu;                            /* the insurer's register number; may be NULL */
};

/* The attachments that are at hand, and what customers are to be told. */
struct releasing {
	const char *broker;
	const struct policy *policy;
	struct attachment **all;
	int count;
	json_t *newest; /* document id -> index of its newest attachment */
	json_t *events; /* rows, model/event.h; in order */
};

/* Child of mem. broker and policy must outlive it. */
struct releasing *releasing_new(const char *broker, const struct policy *policy, TALLOC_CTX *mem);

/* Put one that was read from the database; those of one document in the order of their attachment. Stolen. */
void releasing_put(struct releasing *r, struct attachment *attachment);

/* Go through events in their order, then release what is due. Events that were gone through before change nothing. */
void releasing_hear(struct releasing *r, const struct news *news, int count);
void releasing_due(struct releasing *r);

/* The rules changed: put those that wait, or that a rule withholds, where the rules want them now. */
void releasing_reconsider(struct releasing *r);

/* The newest attachment of a document that holds now; NULL if the document lies nowhere. A document of several contracts has
 * one for each of them: the next older one that holds, NULL if there is none. */
struct attachment *releasing_live(const struct releasing *r, const char *document_id);
struct attachment *releasing_live_before(const struct releasing *r, const struct attachment *a);

/* A person's word. Fails ERR_REFUSED: there is nothing to be done, or it must not be. note may be NULL. */
bool releasing_give(struct releasing *r, struct attachment *a, const char *by, struct err *e);
bool releasing_withhold(struct releasing *r, struct attachment *a, const char *by, const char *note,
			struct err *e);

#endif
