/* answer.h -- what the answers of this room share: rows that come as JSON, names of insurers. */
#ifndef REVIEW_ANSWER_H
#define REVIEW_ANSWER_H

#include <jansson.h>

#include "api/page.h"

/* The column `item`; a new reference. */
json_t *item_of(const struct rows *rows, int row);

/* {"key", "name"} of an issuer; one without a file is called as it is. A new reference. */
json_t *insurer_json(const struct request *request, const char *issuer);

/* Puts it in place of the member `insurer` that holds the key. */
void insurer_named(json_t *item, const struct request *request);

/* Beside the member `line` what people call it: line_name, line_name_de; null where there is none. */
void line_named(json_t *item);

/* {"code", "words", "words_de"}; a new reference. */
json_t *class_json(const char *business_case, const char *category, const char *kind);

#endif
