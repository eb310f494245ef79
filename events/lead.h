/*
 * lead.h -- when would the letter have come, and how much earlier were we? Pure: facts in, times out, no clock.
 *
 * A letter is posted on the first working day of the post at or after the document's date and the production lag of
 * its insurer and type. It comes at the earliest on the next day of delivery at 09:00, probably on the second one (or
 * where our own observations have their median), and by law with 95 % by the third and 99 % by the fourth (posted before
 * 2025: 95 % by the second; the older law said nothing of 99 %). docs/lead.md says how sure that is.
 */
#ifndef EVENTS_LEAD_H
#define EVENTS_LEAD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "events/calendar.h"

/* Does a letter say the same as the document? */
enum twin { TWIN_UNKNOWN, TWIN_YES, TWIN_NO, TWINS };
const char *twin_text(enum twin twin); /* "unknown", "yes", "no" */
bool twin_parse(enum twin *twin, const char *text);

/* What the times rest on, from weak to strong. */
enum lead_basis {
	BASIS_DEFAULT,  /* the shipped rule: nobody has said anything about this insurer */
	BASIS_INSURER,  /* a rule for this insurer or type */
	BASIS_OBSERVED, /* letters that arrived */
};
const char *lead_basis_text(enum lead_basis basis); /* "default", "insurer", "observed" */

#define LETTER_LAG_MOST       30 /* working days */
#define LETTER_OBSERVED_LEAST 5  /* fewer observations move nothing */

struct letter_facts {
	/* As delivered; NULL or unreadable if not known. The first that can be read is the document's date. */
	const char *document_date; /* on the document or its business case */
	const char *posted;        /* when the insurer put the shipment out */
	const char *received;      /* when we had it: the last resort */
	const char *postcode;      /* the recipient's */
	/* From the rules (events/letter.h). */
	enum twin twin;
	int lag_days;     /* working days from the document's date to the posting */
	bool own_rule;    /* not the shipped default */
	int observations; /* letters of this insurer and type that arrived ... */
	int median,
		least; /* ... so many days of delivery after the document's date; least: 5 % quantile */
};

/* Times are milliseconds since 1970, 0: none. Always earliest <= expected <= legal_95 <= legal_99. */
struct lead {
	enum twin twin;
	enum lead_basis basis;
	enum land land;
	int observations;
	int dated_day, posting_day;
	bool dated; /* no date at all could be read: no times */
	int64_t earliest_ms, expected_ms, legal_95_ms;
	int64_t legal_99_ms; /* 0 also under the older law */
	/* From the event to those times; negative: the letter was earlier. 0 without times. */
	int64_t min_s, expected_s, law_s;
};

/* The lead of something said at event_wall_ms. No times if twin is TWIN_NO: nothing else tells the customer. */
void lead_of(struct lead *lead, const struct letter_facts *facts, int64_t event_wall_ms);

/* Has it times? */
bool lead_known(const struct lead *lead);

/* The member `lead` of the data of a customer-facing event (docs/lead.md); a new reference. */
json_t *lead_json(const struct lead *lead);

/* What is left, for people: "31 h", "2 d", "40 min", "gone"; "only" without a letter, "?" if nothing is known. */
#define LEAD_WORDS_SIZE 16
char *lead_words(char out[LEAD_WORDS_SIZE], const struct lead *lead);

/*
 * The order in which waiting documents are worth a person's time: lead still to be saved first, the soonest lost before
 * the others; then what has no letter or no date (nothing runs out); then those whose lead is gone, the latest lost first.
 * As of qsort.
 */
int lead_compare(const struct lead *a, const struct lead *b);

#endif
