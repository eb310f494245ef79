/* stats.c -- `vorpost stats`: what came, where it went, what waits and why. */
#include <string.h>
#include <sysexits.h>

#include "cmd/app.h"
#include "cmd/commands.h"
#include "model/event.h"
#include "model/verdict.h"

#define COLUMNS_MOST 16
#define IN_WORDS     "in words"

static const char *reason_words(const char *stored)
{
	for (int r = 0; r < REASONS; r++)
		if (!strcmp(reason_text((enum reason)r), stored))
			return reason_in_words((enum reason)r);
	return "";
}

/* One list; in tables under a title. Where a column is no column of the query, cell_of makes it. */
struct section {
	const char *name, *title;
	enum sql statement; /* with one parameter, the broker */
	bool customer;      /* a second one: the types that customers are told of */
	const char *empty;
	int numbers_first, numbers_last; /* columns */
	const char *heads[COLUMNS_MOST]; /* ended by NULL */
};

static const struct section sections[] = {
	{ "connections",
	  "Shipments, and documents filed by tier",
	  SQL_stats_connections,
	  false,
	  "no connection yet",
	  1,
	  12,
	  { "connection", "shipments", "stored", "exact", "picture", "claim", "repaired", "alias",
	    "person", "queued", "acknowledged", "quarantined", "expiring" } },
	{ "queue",
	  "Documents that wait for a person",
	  SQL_stats_reasons,
	  false,
	  "nothing waits",
	  2,
	  2,
	  { "connection", "reason", "documents", IN_WORDS } },
	{ "shadow",
	  "What the matcher would have filed in shadow, and what persons made of it",
	  SQL_stats_shadow,
	  false,
	  "nothing was decided in shadow",
	  2,
	  6,
	  { "connection", "tier", "documents", "right", "wrong", "ignored", "open" } },
	{ "events",
	  "Events",
	  SQL_stats_events,
	  false,
	  "no event yet",
	  1,
	  2,
	  { "type", "events", "numbered" } },
	{ "endpoints",
	  "Endpoints",
	  SQL_stats_endpoints,
	  true,
	  "no endpoint yet",
	  2,
	  7,
	  { "endpoint", "state", "delivered", "behind", "oldest_s", "blocked", "parked",
	    "throttle" } },
};
#define SECTIONS (int)(sizeof sections / sizeof *sections)

static const char *cell_of(const struct rows *rows, int row, const char *head)
{
	return strcmp(head, IN_WORDS) ? rows_text(rows, row, head)
				      : reason_words(rows_text(rows, row, "reason"));
}

/* Child of in->mem; NULL on error. */
static struct listing *section_list(const struct section *section, const struct invocation *in,
				    struct app *app, int *count, struct err *e)
{
	struct listing *list;
	struct rows *rows;
	char *customer;
	int columns = 0;

	if (!event_types_array(&customer, "customer", in->mem, e) ||
	    !db_run(app->db, section->statement, section->customer ? 2 : 1,
		    (const char *const[]){ app->conf->broker, customer }, &rows, in->mem, e))
		return NULL;
	while (section->heads[columns])
		columns++;
	list = listing_new(in->mem, columns, section->heads);
	listing_numbers(list, section->numbers_first, section->numbers_last);
	for (int i = 0; i < rows_count(rows); i++) {
		const char *cells[COLUMNS_MOST];

		for (int c = 0; c < columns; c++)
			cells[c] = cell_of(rows, i, section->heads[c]);
		listing_row(list, cells);
	}
	*count = rows_count(rows);
	return list;
}

static void section_print(const struct section *section, const struct listing *list, int count,
			  const struct invocation *in)
{
	if (in->output == OUTPUT_TABLE)
		fprintf(in->out, "\n%s\n\n", section->title);
	if (in->output == OUTPUT_TABLE && !count)
		fprintf(in->out, "%s\n", section->empty);
	else
		listing_print(list, in->output, in->out);
}

static bool words_check(const struct invocation *in, int *first, int *last, struct err *e)
{
	*first = 0;
	*last = SECTIONS - 1;
	if (!in->words)
		return in->output != OUTPUT_CSV ||
		       err_set(e, ERR_USAGE,
			       "csv is one list: name it, as in `vorpost stats queue`");
	for (int i = 0; i < SECTIONS; i++)
		if (!strcmp(in->word[0], sections[i].name)) {
			*first = *last = i;
			return true;
		}
	return err_set(e, ERR_USAGE,
		       "stats are of connections, queue, shadow, events or endpoints");
}

static int stats_run(struct invocation *in, struct err *e)
{
	struct listing *lists[SECTIONS];
	const char *names[SECTIONS];
	struct app *app;
	int first, last, count;

	if (!words_check(in, &first, &last, e) || !(app = app_open(in, APP_DATABASE, e)))
		return EX_SOFTWARE;
	for (int i = first; i <= last; i++) {
		names[i] = sections[i].name;
		lists[i] = section_list(&sections[i], in, app, &count, e);
		if (!lists[i])
			return EX_SOFTWARE;
		if (in->output != OUTPUT_JSON)
			section_print(&sections[i], lists[i], count, in);
	}
	if (in->output == OUTPUT_JSON)
		listings_print_json(names + first, lists + first, last - first + 1, in->out);
	return EX_OK;
}

const struct command stats_commands[] = {
	{ "stats", "[connections|queue|shadow|events|endpoints]", 0, 1, NULL,
	  "what came, where it went, what waits", stats_run },
	{ 0 },
};
