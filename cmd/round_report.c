#include "cmd/round_report.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"

#define BAR_WIDTH 30
#define REDRAW_MS 100

struct board {
	struct report *rows; /* the last report of each connection */
	size_t count;
	bool terminal, quiet;
	int64_t drawn_ms;
};

struct board *board_new(bool quiet, TALLOC_CTX *mem)
{
	struct board *board = talloc_zero(mem, struct board);

	board->rows = talloc_array(board, struct report, 0);
	board->terminal = isatty(STDERR_FILENO);
	board->quiet = quiet;
	return board;
}

static struct report *row_of(struct board *board, const char *connection)
{
	for (size_t i = 0; i < board->count; i++)
		if (!strcmp(board->rows[i].connection, connection))
			return &board->rows[i];
	board->rows = talloc_realloc(board, board->rows, struct report, board->count + 1);
	memset(&board->rows[board->count], 0, sizeof *board->rows);
	return &board->rows[board->count++];
}

static void bar_draw(struct board *board, bool last)
{
	int done = 0, known = 0, filled;

	if (!last && clock_monotonic_ms() - board->drawn_ms < REDRAW_MS)
		return;
	board->drawn_ms = clock_monotonic_ms();
	for (size_t i = 0; i < board->count; i++) {
		done += board->rows[i].done;
		known += board->rows[i].known;
	}
	filled = known ? done * BAR_WIDTH / known : 0;
	fprintf(stderr, "\r  [%.*s%*s] %d of %d shipments, %zu insurers\x1b[K%s", filled,
		"==============================", BAR_WIDTH - filled, "", done, known, board->count,
		last ? "\n" : "");
}

void board_take(struct board *board, const struct report *report)
{
	struct report *row = row_of(board, report->connection);
	int done = row->done, known = row->known;

	*row = *report;
	if (report->ended) { /* the end says nothing about progress */
		row->done = done;
		row->known = known;
	}
	if (board->quiet)
		return;
	if (board->terminal)
		bar_draw(board, false);
	else if (report->ended)
		fprintf(stderr, "  %s: %d listed, %d stored, %d acknowledged%s%s\n",
			report->connection, report->counts.listed, report->counts.stored,
			report->counts.acknowledged, report->why.kind ? "; " : "",
			report->why.text);
}

static void counts_add(struct poll_counts *sum, const struct poll_counts *more)
{
	sum->listed += more->listed;
	sum->stored += more->stored;
	sum->acknowledged += more->acknowledged;
	sum->unacknowledged += more->unacknowledged;
	sum->gone += more->gone;
	sum->held += more->held;
	sum->expiring += more->expiring;
	sum->passed_over += more->passed_over;
	sum->warned += more->warned;
	sum->quarantined += more->quarantined;
	sum->deferred += more->deferred;
	sum->deviating += more->deviating;
	sum->unjudged += more->unjudged;
	sum->new_breaches += more->new_breaches;
	if (*more->warned_of)
		memcpy(sum->warned_of, more->warned_of, sizeof sum->warned_of);
	if (*more->schema_trouble)
		memcpy(sum->schema_trouble, more->schema_trouble, sizeof sum->schema_trouble);
	sum->recorded.documents += more->recorded.documents;
	sum->recorded.filed += more->recorded.filed;
	sum->recorded.queued += more->recorded.queued;
	sum->recorded.events += more->recorded.events;
}

static void row_print(struct listing *list, const char *name, const struct poll_counts *c,
		      const char *trouble)
{
	char cell[8][16];
	int values[8] = { c->listed,       c->stored,      c->recorded.filed, c->recorded.queued,
			  c->acknowledged, c->quarantined, c->deferred,       c->unacknowledged };

	for (int i = 0; i < 8; i++)
		snprintf(cell[i], sizeof cell[i], "%d", values[i]);
	listing_row(list, (const char *const[]){ name, cell[0], cell[1], cell[2], cell[3], cell[4],
						 cell[5], cell[6], cell[7], trouble });
}

static void closing_print(FILE *out, size_t connections, const struct poll_counts *sum)
{
	fprintf(out,
		"round complete: %zu connections, %d shipments listed, %d stored (%d documents: %d filed, %d queued), "
		"%d acknowledged, %d quarantined, %d deferred",
		connections, sum->listed, sum->stored, sum->recorded.documents, sum->recorded.filed,
		sum->recorded.queued, sum->acknowledged, sum->quarantined, sum->deferred);
	if (sum->unacknowledged)
		fprintf(out, ", %d stored but not acknowledged", sum->unacknowledged);
	if (sum->gone)
		fprintf(out,
			", %d stored that their insurers no longer know: vorpost delivery list --state gone",
			sum->gone);
	if (sum->held)
		fprintf(out, ", %d held: to be acknowledged later", sum->held);
	if (sum->expiring)
		fprintf(out,
			", %d not here and kept by their insurers for %d days at most: vorpost doctor",
			sum->expiring, EXPIRY_WARN_DAYS);
	if (sum->passed_over)
		fprintf(out, ", %d entries of lists passed over (no usable ID)", sum->passed_over);
	if (sum->warned)
		fprintf(out, ", %d answers with a warning of the insurer (%s)", sum->warned,
			*sum->warned_of ? sum->warned_of : "without a code");
	if (sum->deviating)
		fprintf(out,
			", %d answers differ from the schemas (%d new kinds: vorpost connection breaches)",
			sum->deviating, sum->new_breaches);
	if (sum->unjudged)
		fprintf(out, ", %d answers were not held against the schemas to their end",
			sum->unjudged);
	fputc('\n', out);
	if (*sum->schema_trouble)
		fprintf(out, "nothing was held against the schemas: %s\n", sum->schema_trouble);
}

int board_print(struct board *board, const struct invocation *in)
{
	static const char *const heads[] = { "connection",  "listed",   "stored",
					     "filed",       "queued",   "acknowledged",
					     "quarantined", "deferred", "unacknowledged",
					     "trouble" };
	struct listing *list = listing_new(board, 10, heads);
	struct poll_counts sum = { 0 };
	int code = EX_OK;

	listing_numbers(list, 1, 8);
	if (board->terminal && !board->quiet && board->count)
		bar_draw(board, true);
	for (size_t i = 0; i < board->count; i++) {
		const struct report *row = &board->rows[i];

		row_print(list, row->connection, &row->counts,
			  row->why.kind ? row->why.text : NULL);
		counts_add(&sum, &row->counts);
		if (row->why.kind && (code == EX_OK || row->why.kind != ERR_RETRY))
			code = err_exit_code(&row->why);
	}
	listing_print(list, in->output, in->out);
	if (in->output == OUTPUT_TABLE)
		closing_print(in->out, board->count, &sum);
	return code;
}
