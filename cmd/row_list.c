#include "cmd/row_list.h"

#include "base/text.h"

void rows_list(struct listing *list, const struct rows *rows, int count, const char *const *columns,
	       size_t most, const struct invocation *in)
{
	const char **cells = talloc_array(in->mem, const char *, (size_t)count);

	for (int i = 0; i < rows_count(rows); i++) {
		for (int c = 0; c < count; c++) {
			cells[c] = rows_text(rows, i, columns[c]);
			if (most && cells[c] && in->output == OUTPUT_TABLE)
				cells[c] = text_shown(cells[c], most, in->mem);
		}
		listing_row(list, cells);
	}
	talloc_free(cells);
}
