#include "matcher/stock_vanish.h"

#include <inttypes.h>

#include "base/text.h"
#include "matcher/candidates.h"
#include "matcher/stock_index.h"

struct stock_cover {
	struct stock_index *index; /* "VU|NUMBER" */
	const char **vus, **numbers;
	size_t count;
};

struct stock_cover *stock_cover_new(TALLOC_CTX *mem)
{
	struct stock_cover *cover = talloc_zero(mem, struct stock_cover);

	cover->index = stock_index_new(cover);
	return cover;
}

void stock_cover_add(struct stock_cover *cover, const struct contract *contract)
{
	const char *number = contract->broker_number ? contract->broker_number : "";
	char *key = talloc_asprintf(cover, "%s|%s", contract->vu, number);
	void **place = stock_index_at(cover->index, key);

	talloc_free(key);
	if (*place)
		return;
	*place = cover;
	cover->vus = talloc_realloc(cover, cover->vus, const char *, cover->count + 1);
	cover->numbers = talloc_realloc(cover, cover->numbers, const char *, cover->count + 1);
	cover->vus[cover->count] = talloc_strdup(cover, contract->vu);
	cover->numbers[cover->count++] = talloc_strdup(cover, number);
}

bool stock_round_begin(int64_t *number, struct db *db, struct err *e)
{
	struct rows *rows;

	if (!db_run(db, SQL_contract_import_begin, 0, NULL, &rows, NULL, e))
		return false;
	*number = rows_int(rows, 0, "import");
	talloc_free(rows);
	return true;
}

static void named_take(struct vanished *vanished, const struct rows *rows, TALLOC_CTX *mem)
{
	vanished->named_count = rows_text(rows, 0, "contract_id") ? rows_count(rows) : 0;
	vanished->named =
		talloc_array(mem, struct vanished_contract, (unsigned)vanished->named_count);
	for (int i = 0; i < vanished->named_count; i++)
		vanished->named[i] = (struct vanished_contract){ rows_text(rows, i, "contract_id"),
								 rows_text(rows, i, "issuer"),
								 rows_text(rows, i, "number") };
}

bool stock_vanish(struct vanished *vanished, struct db *db, const char *broker, int64_t number,
		  const char *source, const struct stock_cover *cover, TALLOC_CTX *mem,
		  struct err *e)
{
	char *import = talloc_asprintf(mem, "%" PRId64, number);
	struct rows *rows;

	if (!db_call(db, SQL_contract_vanish, &rows, mem, e, broker, import, source,
		     cover ? text_array(cover->vus, cover->count, mem) : NULL,
		     cover ? text_array(cover->numbers, cover->count, mem) : NULL))
		return false;
	vanished->covered = rows_int(rows, 0, "covered");
	vanished->count = rows_int(rows, 0, "vanished");
	named_take(vanished, rows, mem);
	return true;
}

bool stock_round_end(struct db *db, int64_t number, struct err *e)
{
	char *import = talloc_asprintf(NULL, "%" PRId64, number);
	bool ok = db_call(db, SQL_contract_import_end, NULL, NULL, e, import);

	talloc_free(import);
	return ok;
}
