/* search.h -- what somebody typed into a field for numbers and names. */
#ifndef REVIEW_SEARCH_H
#define REVIEW_SEARCH_H

#include "api/request.h"

#define SEARCH_MOST 200 /* bytes */

/* Children of the request. */
struct search {
	char *text; /* without blanks around: an id, or a surname or company */
	char *key; /* "" without a digit: a name; else the number as names of contracts are keyed, or how one begins */
	char *surname; /* the other reading: "Surname, First" and "First Surname"; NULL: none */
	char *first_name;
	const char *day;   /* "15.04.1961" or "1961-04-15" as ISO: a birth date; NULL: none */
	const char *plate; /* may be a plate or the beginning of one; NULL: no */
};

/* Is it short enough? Answers 400 and returns false if not. */
bool search_fits(struct request *request, const char *q);

/* The day that stands there, "15.4.1961" or "1961-04-15", as ISO; NULL: none. */
const char *search_day(const char *q, TALLOC_CTX *mem);

/* Fails as search_fits. */
bool search_read(struct search *search, struct request *request, const char *q);

#endif
