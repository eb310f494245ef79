/*
 * round_report.h -- what the workers of a round tell the process that started them, over a pipe;
 * and how it is shown: a bar on a terminal, plain lines elsewhere, a table at the end.
 */
#ifndef CMD_ROUND_REPORT_H
#define CMD_ROUND_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/command.h"
#include "ingest/poll.h"

/* One message; smaller than PIPE_BUF, so that messages of several workers do not mix. */
struct report {
	bool ended; /* else: progress */
	char connection[64];
	int done, known;
	struct poll_counts counts;
	struct err why; /* of the round, if it did not go through */
};

struct board; /* the state of all connections of a round */

struct board *board_new(bool quiet, TALLOC_CTX *mem);
void board_take(struct board *board, const struct report *report);

/* The table of connections and the sums; returns the exit code of the round. */
int board_print(struct board *board, const struct invocation *in);

#endif
