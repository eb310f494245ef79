/* row_list.h -- rows of the database as lines of a listing. */
#ifndef CMD_ROW_LIST_H
#define CMD_ROW_LIST_H

#include "base/command.h"
#include "store/db.h"

/*
 * One line a row, its cells by the names of the columns. On a table, what came from outside is shown escaped and at most
 * `most` characters long; 0: nothing here came from outside, all is shown as it is. The texts are those of rows or hang on in.
 */
void rows_list(struct listing *list, const struct rows *rows, int count, const char *const *columns,
	       size_t most, const struct invocation *in);

#endif
