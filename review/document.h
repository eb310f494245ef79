/* document.h -- inside the room: the document of the path, for whoever shows it or decides about it. */
#ifndef REVIEW_DOCUMENT_H
#define REVIEW_DOCUMENT_H

#include <jansson.h>

#include "review/review.h"
#include "review/row.h"

struct opened {
	struct row_set set; /* with this one row */
	struct stored *document;
};

/* The document that the path names. Answers 404 or 503 and returns false if it does not go. */
bool document_open(struct opened *opened, struct request *request);

/* All that a clerk sees of it, candidates too; a new reference. Fails as db_run. */
bool document_json(json_t **all, struct opened *opened, struct request *request, struct err *e);

/*
 * What a decision was refused for, in both languages: 422 ERR_USAGE, 404 ERR_MISSING, 409 ERR_CONFLICT and ERR_REFUSED with the
 * members of more (stolen; may be NULL), else as problem_of.
 */
bool review_problem(struct request *request, const struct err *e, json_t *more);

#endif
