/* row.h -- a document as the queue shows it: what came, why it waits, until when it is worth a person's time, what it may be. */
#ifndef REVIEW_ROW_H
#define REVIEW_ROW_H

#include <jansson.h>

#include "api/request.h"
#include "events/letter.h"
#include "matcher/matcher.h"
#include "matcher/stored.h"

/* Documents as queue_rows.sql gives them, with what every one of them is judged by. */
struct row_set {
	struct matcher matcher;
	struct rows *rows;
	struct letter_rules *rules;
	int64_t now_ms;
};

/* What they are judged by, once a request: it reads all letters that arrived within a year. Answers and returns false if it does
 * not go. */
bool row_set_begin(struct row_set *set, struct request *request);

/* The documents with these ids (a PostgreSQL array), in their order, into a set that was begun. Answers and returns false if it does
 * not go. */
bool row_set_load(struct row_set *set, struct request *request, const char *ids);

/* The one of these documents; NULL if what is stored cannot be read. */
struct stored *row_stored(const struct row_set *set, int i, struct request *request);

/* One of them as JSON; a new reference. */
json_t *row_json(const struct row_set *set, int i, struct stored *document,
		 struct request *request);

/* {"delivered", "canonical"}: the number that names its contract, or the first that came. A new reference. */
json_t *number_json(struct stored *document, const struct matcher *matcher);

/* First name and surname in one; NULL without either. Child of mem. */
char *name_text(const char *first, const char *last, TALLOC_CTX *mem);

/* Put `diff` (of the contract's number) and `delivered_diff` into an object: the two spellings that are nearest. Returns the
 * delivered one of them, which hangs on the document; NULL: none was delivered. */
const char *diff_put(json_t *object, const struct stored *document, const char *number,
		     const char *printed);

/* A text of the database or of the insurer, or null. A new reference. */
json_t *text_json(const char *text);

/* [{"code", "says", "says_de"}]: what has to be confirmed (matcher/objections.h). A new reference. */
json_t *objections_json(unsigned set);

/* {"says", "says_de"}: a sentence of ours. A new reference. */
json_t *sentence_json(const char *english);

#endif
