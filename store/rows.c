#include "store/rows.h"

#include <stdlib.h>
#include <string.h>

#include "store/db.h"

struct rows {
	PGresult *result;
};

static int rows_destroy(struct rows *rows)
{
	PQclear(rows->result);
	return 0;
}

struct rows *rows_of(PGresult *result, TALLOC_CTX *mem)
{
	struct rows *rows = talloc_zero(mem, struct rows);

	rows->result = result;
	talloc_set_destructor(rows, rows_destroy);
	return rows;
}

int rows_count(const struct rows *rows)
{
	return PQntuples(rows->result);
}

/* A column that the statement does not have, or a row beyond the last, is our own mistake: no
 * answer is right. */
const char *rows_text(const struct rows *rows, int row, const char *column)
{
	int number = PQfnumber(rows->result, column);

	if (number < 0 || row < 0 || row >= PQntuples(rows->result))
		abort();
	return PQgetisnull(rows->result, row, number) ? NULL
						      : PQgetvalue(rows->result, row, number);
}

int64_t rows_int(const struct rows *rows, int row, const char *column)
{
	const char *text = rows_text(rows, row, column);

	return text ? strtoll(text, NULL, 10) : 0;
}

bool rows_bool(const struct rows *rows, int row, const char *column)
{
	const char *text = rows_text(rows, row, column);

	return text && text[0] == 't';
}
