/*
 * highlight.h -- where a document's numbers stand in its text. Numbers are compared as the matcher compares them, by key, so that
 * "AS-12 / 3456789" in three words is found for AS123456789.
 */
#ifndef REVIEW_HIGHLIGHT_H
#define REVIEW_HIGHLIGHT_H

#include <jansson.h>

#include "matcher/facts.h"
#include "normalizers/insurer.h"

#define HIGHLIGHT_WORDS 20000 /* of a document; what stands behind them is not searched */
#define HIGHLIGHTS_MOST 500
#define HIGHLIGHT_FIRST 500 /* words: where address and subject stand */

/*
 * pages: [{page, words: [{text, box: [x0, y0, x1, y1]}]}] as document_text keeps them; what is not of this shape is passed over.
 * Returns [{page, box, number, contract_id}], a new reference: the box around the words, the number as delivered, and null.
 */
json_t *highlights_json(const json_t *pages, const struct facts *facts,
			const struct insurers *insurers);

/* A delivered number in the letter. */
struct highlight {
	const char *delivered; /* as it was delivered; hangs on the facts */
	char *spelling;        /* as it is written there, fit to be shown; a child of mem */
};

/* The first one at the top of the first page; all NULL: none stands there. */
struct highlight highlight_first(const json_t *pages, const struct facts *facts,
				 const struct insurers *insurers, TALLOC_CTX *mem);

#endif
