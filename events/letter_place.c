#include "events/letter_place.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "model/business_case.h"

#define PAGE "1000"

static json_t *place_of(const struct letter_rules *rules, const struct rows *rows, int row)
{
	const char *class = business_class_text(
		business_class_of(rows_text(rows, row, "business_case"),
				  rows_text(rows, row, "category"), rows_text(rows, row, "kind")));
	char at[CLOCK_TEXT_SIZE];
	struct letter_facts facts;
	struct lead lead;

	letter_facts_of_row(&facts, rules, rows, row);
	lead_of(&lead, &facts, 0);
	return json_pack("{s:s, s:s, s:s?}", "document_id", rows_text(rows, row, "document_id"),
			 "class", class, "letter_at",
			 lead_known(&lead) ? clock_text(at, lead.earliest_ms) : NULL);
}

/* Those that stand as they should already are not written. */
static bool place_rows(int *placed, struct db *db, const char *broker,
		       const struct letter_rules *rules, const struct rows *rows, TALLOC_CTX *mem,
		       struct err *e)
{
	json_t *places = json_array();
	struct rows *done;
	char *text;
	bool ok;

	for (int i = 0; i < rows_count(rows); i++)
		json_array_append_new(places, place_of(rules, rows, i));
	text = json_dumps(places, JSON_COMPACT);
	ok = !rows_count(rows) || db_call(db, SQL_letter_place, &done, mem, e, broker, text);
	*placed += ok && rows_count(rows) ? (int)rows_int(done, 0, "placed") : 0;
	free(text);
	json_decref(places);
	return ok;
}

bool letter_place(int *placed, struct db *db, const char *broker, const struct letter_rules *rules,
		  int most, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct rows *rows;
	bool ok;

	*placed = 0;
	ok = db_call(db, SQL_letter_unplaced, &rows, mem, e, broker,
		     talloc_asprintf(mem, "%d", most)) &&
	     place_rows(placed, db, broker, rules, rows, mem, e);
	talloc_free(mem);
	return ok;
}

bool letter_place_all(int *changed, struct db *db, const char *broker,
		      const struct letter_rules *rules, struct err *e)
{
	char *after = NULL;
	bool ok = true, more = true;
	TALLOC_CTX *mem = NULL;

	*changed = 0;
	while (ok && more) {
		TALLOC_CTX *page = talloc_new(NULL);
		struct rows *rows;

		ok = db_call(db, SQL_letter_waiting, &rows, page, e, broker, after, PAGE) &&
		     place_rows(changed, db, broker, rules, rows, page, e);
		more = ok && rows_count(rows);
		after = more ? talloc_strdup(page,
					     rows_text(rows, rows_count(rows) - 1, "document_id"))
			     : NULL;
		talloc_free(mem);
		mem = page;
	}
	talloc_free(mem);
	return ok;
}
