/*
 * events_reader -- a cursor over the product's own statement (store/sql/event_after.sql): one JSON line an event, in the
 * shape of vorpost-webhook's log, until the position that stands in the file UNTIL.
 *
 *   events_reader CONNINFO BROKER LOG UNTIL
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <talloc.h>
#include <unistd.h>

#include "store/db.h"

static int64_t until_read(const char *path)
{
	FILE *file = fopen(path, "r");
	int64_t position = INT64_MAX;

	if (file && fscanf(file, "%" SCNd64, &position) != 1)
		position = INT64_MAX;
	if (file)
		fclose(file);
	return position;
}

static void rows_write(FILE *log, const struct rows *rows, int64_t *position)
{
	for (int i = 0; i < rows_count(rows); i++) {
		*position = rows_int(rows, i, "position");
		fprintf(log,
			"{\"answer\":200,\"signature\":\"valid\",\"event\":{\"id\":\"%s\",\"type\":\"%s\","
			"\"partitionkey\":\"%s\",\"sequence\":\"%020" PRId64 "\"}}\n",
			rows_text(rows, i, "id"), rows_text(rows, i, "type"),
			rows_text(rows, i, "aggregateid"), *position);
	}
}

int main(int argc, char **argv)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct err e = { 0 };
	int64_t position = 0;
	struct rows *rows;
	struct db *db = argc == 5 ? db_open(argv[1], mem, &e) : NULL;
	FILE *log = db ? fopen(argv[3], "a") : NULL;

	srand48(getpid());
	while (log && position < until_read(argv[4])) {
		char from[24], limit[24];

		snprintf(from, sizeof from, "%" PRId64, position);
		snprintf(limit, sizeof limit, "%ld", 1 + lrand48() % 500);
		if (!db_call(db, SQL_event_after, &rows, mem, &e, argv[2], from, limit, NULL))
			break;
		rows_write(log, rows, &position);
		if (rows_count(rows) == 0)
			usleep(2000);
		talloc_free(rows);
	}
	if (log)
		fclose(log);
	if (e.kind)
		fprintf(stderr, "events_reader: %s\n", e.text);
	talloc_free(mem);
	return e.kind || !log ? EX_SOFTWARE : EX_OK;
}
