/* import_words.h -- what an import says of the records that it could not take whole, as people read it. */
#ifndef REVIEW_IMPORT_WORDS_H
#define REVIEW_IMPORT_WORDS_H

#include <jansson.h>

/* Give each of the report's sentences {record, field, says, skipped} its `says_de`. report may be null: nothing is done. */
void import_worded(json_t *report);

#endif
