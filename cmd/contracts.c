/* contracts.c -- `vorpost contracts import`: the broker's stock from GDV or CSV files. One command is one transaction. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "base/text.h"
#include "cmd/app.h"
#include "cmd/audit.h"
#include "cmd/bar.h"
#include "cmd/commands.h"
#include "cmd/contracts_report.h"
#include "cmd/contracts_show.h"
#include "cmd/matching.h"
#include "matcher/csv_mapping.h"
#include "matcher/rematch_due.h"
#include "matcher/stock.h"
#include "matcher/stock_take.h"

#define SHOWN_MOST       80
#define PROBLEMS_PRINTED 1000 /* of one file; the summary counts them all */
#define OWN_S            60 /* from the import on; so long the daemon leaves matching again to it */

struct work {
	struct invocation *in;
	struct csv_mapping *mapping;
	struct app *app;
	struct report *report;
	struct stock_take *take; /* NULL: --print */
	struct stock_counts counts;
	struct bar bar;
	const char *file;
	const char *source; /* what --source calls the CSV */
	bool flawed;        /* a file was not taken over as a whole */
};

/* ---- what is told as it goes ---- */

static void tell_progress(void *self, const struct stock_counts *counts)
{
	struct work *work = self;

	bar_draw(&work->bar, counts->contracts, "contracts");
}

static void tell_problem(void *self, const struct stock_counts *counts, uint64_t record,
			 bool skipped, const char *sentence)
{
	struct work *work = self;
	char *shown;

	if (counts->problems > PROBLEMS_PRINTED)
		return;
	bar_wipe(&work->bar);
	report_problem(work->report, work->file, record, skipped, sentence);
	shown = text_shown(sentence, 300, work->in->mem);
	fprintf(stderr, "%s", work->file);
	if (record > 0)
		fprintf(stderr, ", %s %" PRIu64, counts->format == STOCK_GDV ? "record" : "row",
			record);
	fprintf(stderr, ": %s%s\n", shown, skipped ? "; skipped" : "");
	if (counts->problems == PROBLEMS_PRINTED)
		fprintf(stderr, "%s: further problems are only counted\n", work->file);
	talloc_free(shown);
}

static void tell_change(void *self, const struct contract_change *change)
{
	struct work *work = self;

	bar_wipe(&work->bar);
	report_change(work->report, change);
}

static void tell_vanished(void *self, const struct vanished *vanished)
{
	struct work *work = self;

	report_vanished(work->report, vanished);
}

static void tell_waits(void *self)
{
	(void)self;
	fprintf(stderr, "somebody else works at the stock of this broker: waiting for his end\n");
}

static void tell_unmarked(void *self, const char *why)
{
	(void)self;
	fprintf(stderr, "no contract is marked as vanished: %s\n", why);
}

/* ---- files ---- */

static bool print_contract(void *self, const struct contract *contract, struct err *e)
{
	struct work *work = self;

	(void)e;
	stock_print(contract, work->in->out);
	return true;
}

static void print_problem(void *self, uint64_t record, bool skipped, const char *sentence)
{
	struct work *work = self;

	tell_problem(work, &work->counts, record, skipped, sentence);
}

static bool print(struct work *work, FILE *file, struct err *e)
{
	struct stock_sink sink = { work, print_contract, print_problem };

	if (!stock_read(file, work->mapping, &sink, &work->counts, e))
		return false;
	work->flawed = work->flawed || !stock_whole(&work->counts);
	report_file(work->report, work->file, &work->counts, NULL, stderr);
	return true;
}

static bool import(struct work *work, FILE *file, struct err *e)
{
	struct import_counts counts;
	bool ok;

	bar_start(&work->bar, file, !work->in->quiet);
	ok = stock_take_file(work->take, file, &work->counts, &counts, e);
	bar_wipe(&work->bar);
	work->flawed = work->flawed || !stock_whole(&work->counts);
	if (ok)
		report_file(work->report, work->file, &work->counts, &counts, work->in->out);
	return ok;
}

static bool one_file(struct work *work, const char *path, struct err *e)
{
	bool standard = !strcmp(path, "-");
	FILE *file = standard ? stdin : fopen(path, "rb");
	struct stat about;
	bool ok;

	work->file = standard ? "standard input" : text_shown(path, SHOWN_MOST, work->in->mem);
	if (!file)
		return err_set(e, ERR_MISSING, "%s: %s", work->file, strerror(errno));
	if (fstat(fileno(file), &about) == 0 && S_ISDIR(about.st_mode))
		ok = err_set(e, ERR_USAGE, "it is a folder, expected a file");
	else
		ok = work->take ? import(work, file, e) : print(work, file, e);
	if (!standard)
		fclose(file);
	if (!ok)
		err_prefix(e, "%s", work->file);
	return ok;
}

static bool all_files(struct work *work, struct err *e)
{
	for (int i = 0; i < work->in->words; i++)
		if (!one_file(work, work->in->word[i], e))
			return false;
	return true;
}

/* What waited for a contract may be certain now. What is in stays in, whatever happens here. */
static bool queue_again(struct work *work, struct err *e)
{
	struct app *app = work->app;
	struct matcher matcher;
	struct rematch_order everything = { 0 };
	struct rematch_counts counts = { 0 };

	if (invocation_option(work->in, "--no-match")) {
		if (!work->in->quiet && work->in->output != OUTPUT_JSON)
			fputs("queue: left to a running `vorpost serve`\n", work->in->out);
		return true;
	}
	if (!matcher_over(&matcher, app, app->db, app, e) ||
	    !rematch_now(&counts, &matcher, &everything, e))
		return err_prefix(
			e, "the stock is imported, but the queue could not be matched again");
	if (!work->in->quiet && work->in->output != OUTPUT_JSON)
		fprintf(work->in->out, "queue: %d documents matched again, %d filed\n", counts.seen,
			counts.filed);
	return true;
}

/* What --partial and --yes-many-vanished are for is said where they help. */
static bool refused_explain(struct err *e)
{
	const struct err why = *e;

	if (why.kind != ERR_REFUSED)
		return false;
	err_clear(e);
	return err_set(
		e, ERR_REFUSED,
		"%s. --partial if the files are a part of the stock, --yes-many-vanished if it is right",
		why.text);
}

/* All files or none; a dry run does everything and takes it back. */
static bool import_all(struct work *work, struct err *e)
{
	const struct invocation *in = work->in;
	const struct stock_order order = {
		.db = work->app->db,
		.broker = work->app->conf->broker,
		.insurers = work->app->insurers,
		.mapping = work->mapping,
		.source = work->source,
		.partial = invocation_option(in, "--partial") != NULL,
		.many_vanished = invocation_option(in, "--yes-many-vanished") != NULL,
		.dry_run = invocation_option(in, "--dry-run") != NULL,
		.own_s = invocation_option(in, "--no-match") ? 0 : OWN_S,
		.self = work,
		.waits = tell_waits,
		.progress = tell_progress,
		.problem = tell_problem,
		.change = tell_change,
		.vanished = tell_vanished,
		.unmarked = tell_unmarked,
	};
	bool changed, ok;

	if (!(work->take = stock_take_begin(&order, in->mem, e)))
		return false;
	ok = all_files(work, e) && audit_hand(work->app, in, "contracts.import", work->source, e) &&
	     (stock_take_end(work->take, &changed, e) || refused_explain(e));
	TALLOC_FREE(work->take);
	if (!ok)
		return false;
	if (order.dry_run && !in->quiet && in->output != OUTPUT_JSON)
		fprintf(in->out, "dry run: nothing is written\n");
	report_end(work->report);
	return order.dry_run || !changed || queue_again(work, e);
}

static bool options_check(const struct invocation *in, const char *source, struct err *e)
{
	if (invocation_option(in, "--print") &&
	    (source || invocation_option(in, "--dry-run") || invocation_option(in, "--partial")))
		return err_set(e, ERR_USAGE,
			       "--print asks no database and goes with --mapping only");
	if (text_equal(source, SOURCE_GDV) || (source && text_empty(source)))
		return err_set(e, ERR_USAGE, "--source wants a name of your own, not \"%s\"",
			       source);
	return app_no_csv(in, e) || invocation_option(in, "--print");
}

static int contracts_import_run(struct invocation *in, struct err *e)
{
	const char *mapping = invocation_option(in, "--mapping");
	struct work work = { .in = in, .source = invocation_option(in, "--source") };
	bool ok;

	if (!options_check(in, work.source, e))
		return EX_USAGE;
	if (mapping && !(work.mapping = csv_mapping_load(mapping, in->mem, e)))
		return EX_CONFIG;
	work.report = report_new(in, invocation_option(in, "--verbose") != NULL);
	if (invocation_option(in, "--print")) {
		stock_print_head(in->out);
		ok = all_files(&work, e);
	} else {
		ok = (work.app = app_open(in, APP_ALL, e)) && import_all(&work, e);
	}
	return ok && !work.flawed ? EX_OK : EX_DATAERR;
}

static const struct option_spec import_options[] = {
	{ "--dry-run", NULL, "say what would be new, changed, ended and vanished; write nothing" },
	{ "--print", NULL, "print the contracts as CSV; asks no database" },
	{ "--mapping", "FILE", "YAML for a CSV with other heads: OUR_COLUMN: their column" },
	{ "--source", "NAME",
	  "a CSV with the whole stock of one source: what is missing vanished" },
	{ "--partial", NULL, "the files are a part: nothing vanishes because it is missing" },
	{ "--yes-many-vanished", NULL, "more than 20 % of a source may vanish" },
	{ "--no-match", NULL, "leave matching the queue again to the daemon" },
	{ "--verbose", NULL, "tell each contract that changed or vanished" },
	{ 0 },
};

const struct command contracts_commands[] = {
	{ "contracts import", "FILE...", 1, -1, import_options,
	  "take over the stock from GDV or CSV files, told apart by content; - is standard input",
	  contracts_import_run },
	{ "contracts list", "", 0, 0, contracts_list_options,
	  "the contracts of an insurer or a customer, or those that vanished", contracts_list_run },
	{ "contracts show", "CONTRACT|NUMBER", 1, 1, NULL,
	  "one contract, with every name it answers to: origin, time, spelling, who",
	  contracts_show_run },
	{ 0 },
};
