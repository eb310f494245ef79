/* clues_keep.c -- what texts speak of, kept for the list of the queue (review/clues.h). */
#include <inttypes.h>

#include "review/clues.h"

static bool keep_one(const struct matcher *matcher, struct stored *document, TALLOC_CTX *mem,
		     struct err *e)
{
	const char *ids[CLUES_MOST], *first = NULL;
	struct clues *clues;
	struct whys whys;
	size_t count = 0;

	if (!clues_of_document(&clues, matcher, document, mem, e))
		return false;
	for (; count < clues->count && count < CLUES_MOST; count++)
		ids[count] = clues->items[count].contract->contract_id;
	if (count) {
		if (!why_ask(&whys, matcher, document, mem, e))
			return false;
		first = clues_first(&whys, clues, stored_facts(document, matcher));
	}
	return db_call(matcher->db, SQL_clue_write, NULL, mem, e, matcher->broker,
		       document->document_id, text_array(ids, count, mem), first);
}

bool clues_keep(int *done, const struct matcher *matcher, int most, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *limit = talloc_asprintf(mem, "%d", most);
	struct rows *rows;
	bool ok = db_call(matcher->db, SQL_clue_next, &rows, mem, e, matcher->broker, limit);

	*done = 0;
	for (int i = 0; ok && i < rows_count(rows); i++) {
		TALLOC_CTX *each = talloc_new(mem);
		struct stored *document = stored_read(rows, i, each, e);

		ok = document && keep_one(matcher, document, each, e);
		*done += ok;
		talloc_free(each);
	}
	talloc_free(mem);
	return ok;
}
