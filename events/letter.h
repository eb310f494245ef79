/*
 * letter.h -- what is known about letters, from the database: rules of insurers and types, and letters that arrived.
 *
 * A rule says for an issuer and a category (each may be "*") whether a letter is sent too and how many working days after
 * the document's date it is posted. The most specific one holds: issuer and category, issuer, category, then the shipped
 * default. Observations come from feedback (letter.arrived) and move what is expected once there are
 * LETTER_OBSERVED_LEAST of an issuer and category within a year.
 */
#ifndef EVENTS_LETTER_H
#define EVENTS_LETTER_H

#include <stdbool.h>
#include <talloc.h>

#include "base/err.h"
#include "events/lead.h"
#include "store/db.h"

#define LETTER_ANY "*"

struct letter_rules;

/*
 * All rules and the observations' medians of a broker, with one query: for a batch, or for some minutes. Child of mem;
 * NULL on error (as db_run).
 */
struct letter_rules *letter_rules_load(struct db *db, const char *broker, TALLOC_CTX *mem,
				       struct err *e);

/* No rule and no observation: what is shipped. Child of mem. */
struct letter_rules *letter_rules_none(TALLOC_CTX *mem);

/* Fill what the rules say (twin to least) in for this issuer and category; NULL as issuer: nobody is known. Dates and
 * postcode stay as they are. */
void letter_rules_apply(struct letter_facts *facts, const struct letter_rules *rules,
			const char *issuer, const char *category);

/*
 * The facts of one row that has the columns of the view letter_subject: document_date, posted, received, postcode,
 * issuer, business_case, category, kind. The strings are those of the rows.
 */
void letter_facts_of_row(struct letter_facts *facts, const struct letter_rules *rules,
			 const struct rows *rows, int row);

/* A letter that a customer had in his hands. */
struct letter_arrival {
	const char *document_id; /* as the event named it */
	const char *arrived_on;  /* "2025-03-05", local day */
	const char *source;      /* who says so: a consumer's name, "control address", ... */
};

/*
 * letter_observe -- take down that a letter arrived. Of one document the last word counts, so that a repetition changes
 * nothing. Runs within the caller's transaction if one is open.
 *   usable  did it enter the calibration? Not if it came before the document's date or more than LETTER_ARRIVAL_MOST
 *           days after it; it is kept all the same. May be NULL.
 *   fails   ERR_DELIVERY no such day, source missing; ERR_MISSING no such document of this broker; as db_run
 */
#define LETTER_ARRIVAL_MOST 60
bool letter_observe(struct db *db, const char *broker, const struct letter_arrival *arrival,
		    bool *usable, struct err *e);

#endif
