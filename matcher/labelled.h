/*
 * labelled.h -- documents of which somebody knows where they belong, from a CSV with the head
 *	document_id,vu,number,business_case,line,date,name,first_name,birth_date,postcode,plate,claim_number,truth
 * in any order; unknown columns are passed over, only document_id, vu, number and truth must be there. truth is a
 * contract_id, or "review" where a person must look. Each becomes the delivery that would have brought it.
 */
#ifndef MATCHER_LABELLED_H
#define MATCHER_LABELLED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "model/delivery.h"

struct labelled {
	char *document_id;
	char *truth; /* a contract_id; NULL: a person must look */
	struct shipment shipment;
	struct transfer transfer; /* with one document */
	struct number numbers[2];
	struct document document;
};

/* The document lives until the call returns. Sentences hold no personal data. */
struct labelled_sink {
	void *self;
	bool (*document)(void *self, const struct labelled *labelled, struct err *e);
	void (*problem)(void *self, uint64_t row, bool skipped, const char *sentence);
};

/* Read to the end; memory grows with the ids only. Fails ERR_DELIVERY (head), ERR_RETRY (reading), or as the sink did. */
bool labelled_read(FILE *file, const struct labelled_sink *sink, struct err *e);

#endif
