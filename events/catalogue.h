/*
 * catalogue.h -- how a kind of document is announced to its customer, and who decides that it is: our shipped defaults, in one
 * table. Pure.
 *
 * A screen that lies on the table is public. What it shows comes from text_key alone, and for documents whose line of
 * business is health, life or accident that is the neutral one; nor does the event then say what the matter is where that
 * alone would tell of an illness.
 */
#ifndef EVENTS_CATALOGUE_H
#define EVENTS_CATALOGUE_H

#include <stdbool.h>

#include "model/business_case.h"

enum release_verb {
	RELEASE_AUTO,  /* once the hold-back is over */
	RELEASE_ASK,   /* a person gives it */
	RELEASE_NEVER, /* not for customers */
	RELEASE_VERBS
};
const char *release_verb_text(enum release_verb verb); /* "auto", "ask", "never" */

/* false: none of the three words; text may be NULL. */
bool release_verb_of(enum release_verb *verb, const char *text);

/* The category of our events as the class it was made from; CLASS_OTHER for words that are none. */
enum business_class catalogue_class(const char *category);

/* Is there such a category? */
bool catalogue_category_known(const char *category);

/* What happens to a document if no rule speaks. business_case: GeVo code as delivered, or NULL. */
enum release_verb catalogue_verb(enum business_class class, const char *business_case);

struct announcement {
	const char *event_type;    /* besides document.released; NULL: none */
	const char *category;      /* "invoice"; "other" where the truth would tell of an illness */
	const char *business_case; /* GeVo code; NULL: unknown, or better not said */
	const char *sentiment;     /* positive | neutral | action_needed */
	const char *latency_class; /* immediate | same_day | digest */
	const char *text_key;      /* "push.invoice"; "push.document" if special */
	const char *urgency;       /* very-low | low | normal | high (RFC 8030) */
	int ttl_s;
	bool special; /* special category of personal data (GDPR, article 9) */
};

/* document_line: of the delivery, contract_line: of the contract it is filed at, vu: the insurer's register number, which
 * speaks where neither line says anything; each may be NULL. The texts are constant, except business_case, which is
 * borrowed. */
struct announcement catalogue_announcement(enum business_class class, const char *business_case,
					   const char *document_line, const char *contract_line,
					   const char *vu);

#endif
