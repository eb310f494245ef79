#include "cmd/mandate.h"

#include "base/text.h"
#include "model/business_case.h"

#define SHOWN_MOST 40

static const char *meaning(const struct rows *rows, int row)
{
	const struct business_case *found = business_case_find(rows_text(rows, row, "code"));

	return found ? found->meaning : "";
}

const char *mandate_words(const struct rows *rows, int row, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "%s %s %s (shipment %s, %s)", rows_text(rows, row, "received"),
			       rows_text(rows, row, "code"), meaning(rows, row),
			       text_shown(rows_text(rows, row, "shipment_id"), SHOWN_MOST, mem),
			       rows_text(rows, row, "state"));
}

json_t *mandate_json(const struct rows *rows)
{
	json_t *all = json_array();

	for (int i = 0; i < rows_count(rows); i++)
		json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "received",
						     rows_text(rows, i, "received"), "code",
						     rows_text(rows, i, "code"), "meaning",
						     meaning(rows, i), "shipment",
						     rows_text(rows, i, "shipment_id"), "document",
						     rows_text(rows, i, "document_id"), "state",
						     rows_text(rows, i, "state")));
	return all;
}
