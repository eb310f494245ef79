/* stats_lead.c -- `vorpost stats lead`: how much earlier than the post, and who lost it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "events/lead_stats.h"
#include "events/letter.h"
#include "model/business_case.h"

#define PAGE         "20000"
#define DAYS_DEFAULT 30
#define BAR_MOST     40
#define SHOWN_MOST   40
#define POLL_S       1800 /* of a connection without an interval of its own */

struct reading {
	const struct invocation *in;
	struct app *app;
	struct letter_rules *rules;
	struct rows *outages;
	struct lead_stats *stats;
	char *since;
	int64_t now_ms;
};

/* ---- reading ---- */

static int64_t stamp(const struct rows *rows, int row, const char *column)
{
	return rows_int(rows, row, column);
}

/* Did the connection fail at some time between these two? */
static bool failed_between(const struct reading *r, const char *connection, int64_t from,
			   int64_t until)
{
	for (int i = 0; i < rows_count(r->outages); i++) {
		const char *end = rows_text(r->outages, i, "until_ms");

		if (!strcmp(rows_text(r->outages, i, "connection"), connection) &&
		    stamp(r->outages, i, "from_ms") < until &&
		    (!end || stamp(r->outages, i, "until_ms") > from))
			return true;
	}
	return false;
}

static struct way way_of_row(const struct reading *r, const struct rows *rows, int i)
{
	struct way way = { .listed = stamp(rows, i, "listed_ms"),
			   .stored = stamp(rows, i, "stored_ms"),
			   .filed = stamp(rows, i, "filed_ms"),
			   .released = stamp(rows, i, "released_ms"),
			   .accepted = stamp(rows, i, "accepted_ms"),
			   .poll_s = rows_int(rows, i, "poll_s"),
			   .now = r->now_ms };

	if (!way.poll_s)
		way.poll_s = POLL_S;
	if (!clock_parse(&way.provided, rows_text(rows, i, "posted"), NULL))
		way.provided = 0;
	way.failed = failed_between(r, rows_text(rows, i, "connection"),
				    way.provided ? way.provided : way.listed - way.poll_s * 1000,
				    way.listed);
	return way;
}

/* What waits with its lead is not counted yet; what is not for customers never. */
static void row_add(const struct reading *r, const struct rows *rows, int i)
{
	enum business_class class =
		business_class_of(rows_text(rows, i, "business_case"),
				  rows_text(rows, i, "category"), rows_text(rows, i, "kind"));
	struct lead_case document = { .issuer = rows_text(rows, i, "issuer"),
				      .category = business_class_text(class),
				      .way = way_of_row(r, rows, i),
				      .automatic = !rows_bool(rows, i, "person") };
	int64_t end = way_end(&document.way);
	struct letter_facts facts;

	if (!business_class_for_customers(class))
		return;
	if (!document.issuer)
		document.issuer = "?";
	letter_facts_of_row(&facts, r->rules, rows, i);
	lead_of(&document.lead, &facts, end ? end : r->now_ms);
	if (end || (lead_known(&document.lead) && document.lead.min_s <= 0))
		lead_stats_add(r->stats, &document);
}

static bool documents_read(const struct reading *r, struct err *e)
{
	const char *issuer = invocation_option(r->in, "--issuer");
	char *after = NULL;

	for (;;) {
		struct rows *rows;
		int count;

		if (!db_call(r->app->db, SQL_lead_documents, &rows, r->in->mem, e,
			     r->app->conf->broker, issuer, r->since, after, PAGE))
			return false;
		count = rows_count(rows);
		for (int i = 0; i < count; i++)
			row_add(r, rows, i);
		if (count)
			after = talloc_strdup(r->in->mem,
					      rows_text(rows, count - 1, "document_id"));
		talloc_free(rows);
		if (count < atoi(PAGE))
			return true;
	}
}

/* --since 2025-03-01: that day's beginning, local time. */
static bool since_read(struct reading *r, struct err *e)
{
	const char *given = invocation_option(r->in, "--since");
	char text[CLOCK_TEXT_SIZE];
	int day = day_local(r->now_ms) - DAYS_DEFAULT;

	if (given && !day_parse(&day, given))
		return err_set(e, ERR_USAGE, "--since is a day, yyyy-mm-dd");
	r->since = talloc_strdup(r->in->mem, clock_text(text, day_moment(day, 0, 0)));
	return true;
}

static bool stats_read(struct reading *r, struct err *e)
{
	r->now_ms = clock_wall_ms();
	if (!since_read(r, e) || !(r->app = app_open(r->in, APP_DATABASE, e)) ||
	    !(r->rules = letter_rules_load(r->app->db, r->app->conf->broker, r->in->mem, e)) ||
	    !db_call(r->app->db, SQL_lead_outages, &r->outages, r->in->mem, e, r->app->conf->broker,
		     r->since))
		return false;
	r->stats = lead_stats_new(r->in->mem);
	if (!documents_read(r, e))
		return false;
	lead_stats_end(r->stats);
	return true;
}

/* ---- lists ---- */

static const char *number(int64_t n, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "%" PRId64, n);
}

/* Of people: "97 %", never "100 %" of what is not all. */
static const char *share(int64_t part, int64_t all, TALLOC_CTX *mem)
{
	return all ? talloc_asprintf(mem, "%" PRId64 " %%", part * 100 / all) : NULL;
}

static const char *issuer_shown(const struct reading *r, const char *issuer)
{
	return r->in->output == OUTPUT_TABLE ? text_shown(issuer, SHOWN_MOST, r->in->mem) : issuer;
}

#define GROUP_COLUMNS 11

/* In tables the figures; for machines the bins of the histogram too. */
static struct listing *groups_list(const struct reading *r)
{
	static const char *const heads[GROUP_COLUMNS + LEAD_BINS] = {
		"issuer",     "category",     "twin",       "documents",    "in_time",
		"share",      "median_hours", "basis",      "observations", "no_times",
		"estimate",   "below_0_h",    "0_to_6_h",   "6_to_12_h",    "12_to_24_h",
		"24_to_36_h", "36_to_48_h",   "48_to_72_h", "72_h_and_more"
	};
	TALLOC_CTX *mem = r->in->mem;
	int columns = GROUP_COLUMNS + (r->in->output == OUTPUT_TABLE ? 0 : LEAD_BINS);
	struct listing *list = listing_new(mem, columns, heads);

	listing_numbers(list, 3, 4);
	listing_numbers(list, 6, 6);
	listing_numbers(list, 8, 9);
	listing_numbers(list, GROUP_COLUMNS, columns - 1);
	for (size_t i = 0; i < r->stats->count; i++) {
		const struct lead_group *g = &r->stats->groups[i];
		const char *cells[GROUP_COLUMNS + LEAD_BINS] = {
			issuer_shown(r, g->issuer),
			g->category,
			twin_text(g->twin),
			number(g->count, mem),
			number(g->positive, mem),
			share(g->positive, g->count, mem),
			g->count ? number(g->median_s / 3600, mem) : NULL,
			lead_basis_text(g->basis),
			number(g->observations, mem),
			number(g->timeless, mem),
			g->twin == TWIN_NO
				? "no letter"
				: talloc_asprintf(mem, "estimate, n = %d", g->observations),
		};

		for (int b = 0; b < LEAD_BINS; b++)
			cells[GROUP_COLUMNS + b] = number(g->bins[b], mem);
		listing_row(list, cells);
	}
	return list;
}

struct loss {
	const char *issuer;
	enum cause cause;
	int64_t documents, of;
};

static int loss_order(const void *a, const void *b)
{
	const struct loss *x = a, *y = b;

	if (x->documents != y->documents)
		return x->documents > y->documents ? -1 : 1;
	return strcmp(x->issuer, y->issuer);
}

/* Groups are sorted by issuer, so one issuer's stand together. */
static size_t losses_collect(struct loss **losses, const struct reading *r)
{
	const struct lead_stats *stats = r->stats;
	size_t count = 0;

	*losses = talloc_array(r->in->mem, struct loss, stats->count * CAUSES + 1);
	for (size_t i = 0, next; i < stats->count; i = next) {
		int64_t sums[CAUSES] = { 0 }, all = 0;

		for (next = i; next < stats->count &&
			       !strcmp(stats->groups[next].issuer, stats->groups[i].issuer);
		     next++)
			for (int c = 0; c < CAUSES; c++) {
				sums[c] += stats->groups[next].causes[c];
				all += stats->groups[next].causes[c];
			}
		for (int c = CAUSE_NONE + 1; c < CAUSES; c++)
			if (sums[c])
				(*losses)[count++] = (struct loss){ stats->groups[i].issuer,
								    (enum cause)c, sums[c], all };
	}
	qsort(*losses, count, sizeof **losses, loss_order);
	return count;
}

static struct listing *losses_list(const struct reading *r, size_t *count)
{
	static const char *const heads[] = { "issuer", "lost_by", "documents", "of", "share" };
	struct listing *list = listing_new(r->in->mem, 5, heads);
	struct loss *losses;

	*count = losses_collect(&losses, r);
	listing_numbers(list, 2, 3);
	for (size_t i = 0; i < *count; i++)
		listing_row(list,
			    (const char *const[]){
				    issuer_shown(r, losses[i].issuer), cause_text(losses[i].cause),
				    number(losses[i].documents, r->in->mem),
				    number(losses[i].of, r->in->mem),
				    share(losses[i].documents, losses[i].of, r->in->mem) });
	return list;
}

static struct listing *slos_list(const struct reading *r)
{
	static const char *const heads[] = { "objective", "target", "holds", "is", "documents" };
	TALLOC_CTX *mem = r->in->mem;
	struct listing *list = listing_new(mem, 5, heads);

	listing_numbers(list, 4, 4);
	for (int i = 0; i < SLOS; i++) {
		const struct slo *slo = &r->stats->slos[i];

		listing_row(list,
			    (const char *const[]){ slo->name, slo->target, slo_holds(slo),
						   slo->per_mille || !slo->count
							   ? share(slo->met, slo->count, mem)
							   : talloc_asprintf(mem, "%" PRId64 " h",
									     slo->met / 3600),
						   number(slo->count, mem) });
	}
	return list;
}

/* ---- print ---- */

/* Eighths of a block, so that a few among many are still seen. */
static const char *bar(int64_t n, int64_t most, TALLOC_CTX *mem)
{
	static const char *const parts[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	int64_t eighths = most ? n * BAR_MOST * 8 / most : 0;
	char *text = talloc_strdup(mem, "");

	if (n && !eighths)
		eighths = 1;
	for (int64_t i = 0; i < eighths / 8; i++)
		text = talloc_strdup_append(text, "█");
	return talloc_strdup_append(text, parts[eighths % 8]);
}

static void histogram_print(const struct reading *r, const struct lead_group *g)
{
	int64_t most = 0;

	if (!g->count)
		return;
	for (int b = 0; b < LEAD_BINS; b++)
		most = g->bins[b] > most ? g->bins[b] : most;
	fprintf(r->in->out, "\n%s, %s, letter: %s (estimate, n = %d)\n", issuer_shown(r, g->issuer),
		g->category, twin_text(g->twin), g->observations);
	for (int b = 0; b < LEAD_BINS; b++)
		fprintf(r->in->out, "  %8s  %7" PRId64 "  %s\n", lead_bin_texts[b], g->bins[b],
			bar(g->bins[b], most, r->in->mem));
}

static void tables_print(const struct reading *r)
{
	FILE *out = r->in->out;
	struct listing *losses;
	size_t count;

	fprintf(out, "\nLead before the letter, documents received since %.10s\n\n", r->since);
	if (r->stats->count)
		listing_print(groups_list(r), OUTPUT_TABLE, out);
	else
		fputs("no document for a customer\n", out);
	for (size_t i = 0; i < r->stats->count; i++)
		histogram_print(r, &r->stats->groups[i]);
	losses = losses_list(r, &count);
	fputs("\nLead lost, and where\n\n", out);
	if (count)
		listing_print(losses, OUTPUT_TABLE, out);
	else
		fputs("none\n", out);
	fputs("\nObjectives\n\n", out);
	listing_print(slos_list(r), OUTPUT_TABLE, out);
	fputs("\nHours are from the consumer's notification.accepted to the expected letter; where he "
	      "said none, from an endpoint's 2xx, else from the release.\nLetters are estimated (docs/lead.md); where twin is "
	      "unknown there may be none.\n",
	      out);
}

static int stats_lead_run(struct invocation *in, struct err *e)
{
	static const char *const names[] = { "lead", "lost", "objectives" };
	struct reading r = { .in = in };
	size_t count;

	if (!stats_read(&r, e))
		return EX_SOFTWARE;
	if (in->output == OUTPUT_JSON) {
		struct listing *lists[] = { groups_list(&r), losses_list(&r, &count),
					    slos_list(&r) };

		listings_print_json(names, lists, 3, in->out);
	} else if (in->output == OUTPUT_CSV) {
		listing_print(groups_list(&r), OUTPUT_CSV, in->out);
	} else {
		tables_print(&r);
	}
	return EX_OK;
}

static const struct option_spec lead_options[] = {
	{ "--issuer", "ISSUER", "only documents of this insurer" },
	{ "--since", "DAY", "received since, yyyy-mm-dd; 30 days" },
	{ 0 },
};

const struct command stats_lead_commands[] = {
	{ "stats lead", "", 0, 0, lead_options,
	  "how much earlier than the post, by insurer and type, and who lost it", stats_lead_run },
	{ 0 },
};
