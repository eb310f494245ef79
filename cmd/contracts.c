/* contracts.c -- `vorpost contracts import`: the broker's stock from GDV or CSV files. One command is one transaction. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "base/text.h"
#include "cmd/app.h"
#include "cmd/bar.h"
#include "cmd/commands.h"
#include "cmd/contracts_report.h"
#include "cmd/contracts_show.h"
#include "cmd/matching.h"
#include "matcher/csv_mapping.h"
#include "matcher/rematch_due.h"
#include "matcher/stock.h"
#include "matcher/stock_import.h"
#include "matcher/stock_vanish.h"

#define SHOWN_MOST       80
#define PROBLEMS_PRINTED 1000 /* of one file; the summary counts them all */
#define OWN_S            60 /* from the import on; so long the daemon leaves matching again to it */
#define VANISH_PERCENT   20 /* more need a person's word */

struct work {
	struct invocation *in;
	struct csv_mapping *mapping;
	struct app *app; /* NULL: --print */
	struct report *report;
	struct stock_import *import; /* of the file at hand */
	struct stock_cover *cover;   /* GDV: whose contracts the files bring */
	struct stock_counts counts;
	struct bar bar;
	const char *file;
	const char *source; /* what --source calls the CSV */
	int64_t round;      /* 0: nothing can vanish */
	bool stock_changed, skipped, incomplete;
	bool gdv, csv; /* files of the kind were read */
};

/* GDV says by itself whose contracts it brings; of a CSV only the operator knows. */
static const char *source_of(const struct work *work)
{
	return work->counts.format == STOCK_GDV ? SOURCE_GDV : work->source;
}

static bool take_contract(void *self, const struct contract *contract, struct err *e)
{
	struct work *work = self;

	if (!work->import) {
		stock_print(contract, work->in->out);
		return true;
	}
	bar_draw(&work->bar, work->counts.contracts, "contracts");
	if (work->counts.contracts == 1)
		stock_import_source(work->import, source_of(work), work->round);
	if (work->counts.format == STOCK_GDV)
		stock_cover_add(work->cover, contract);
	return stock_import_add(work->import, contract, work->counts.format, e);
}

static void take_problem(void *self, uint64_t record, bool skipped, const char *sentence)
{
	struct work *work = self;
	char *shown;

	if (work->counts.problems > PROBLEMS_PRINTED)
		return;
	bar_wipe(&work->bar);
	shown = text_shown(sentence, 300, work->in->mem);
	fprintf(stderr, "%s", work->file);
	if (record > 0)
		fprintf(stderr, ", %s %" PRIu64,
			work->counts.format == STOCK_GDV ? "record" : "row", record);
	fprintf(stderr, ": %s%s\n", shown, skipped ? "; skipped" : "");
	if (work->counts.problems == PROBLEMS_PRINTED)
		fprintf(stderr, "%s: further problems are only counted\n", work->file);
	talloc_free(shown);
}

static void take_change(void *self, const struct contract_change *change)
{
	struct work *work = self;

	bar_wipe(&work->bar);
	report_change(work->report, change);
}

static bool read_file(struct work *work, FILE *file, struct err *e)
{
	struct stock_sink sink = { work, take_contract, take_problem };
	bool ok;

	bar_start(&work->bar, file, work->app && !work->in->quiet);
	ok = stock_read(file, work->mapping, &sink, &work->counts, e);
	bar_wipe(&work->bar);
	work->skipped = work->skipped || work->counts.skipped > 0;
	work->incomplete = work->incomplete || work->counts.incomplete > 0;
	work->gdv = work->gdv || work->counts.format == STOCK_GDV;
	work->csv = work->csv || work->counts.format == STOCK_CSV;
	return ok;
}

static bool print(struct work *work, FILE *file, struct err *e)
{
	if (!read_file(work, file, e))
		return false;
	report_file(work->report, work->file, &work->counts, NULL, stderr);
	return true;
}

static bool import(struct work *work, FILE *file, struct err *e)
{
	struct import_counts counts;
	bool ok;

	work->import = stock_import_begin(work->app->db, work->app->conf->broker,
					  work->app->insurers, work->in->mem);
	stock_import_watch(work->import, take_change, work);
	ok = read_file(work, file, e) && stock_import_end(work->import, &counts, e);
	TALLOC_FREE(work->import);
	if (!ok)
		return false;
	work->stock_changed = work->stock_changed || counts.added + counts.changed > 0;
	report_file(work->report, work->file, &work->counts, &counts, work->in->out);
	return true;
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
		ok = work->app ? import(work, file, e) : print(work, file, e);
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

/* Only what was delivered whole can say that something is missing. */
static bool is_full(const struct work *work)
{
	if (!work->round)
		return false;
	if (!work->skipped && !work->incomplete)
		return true;
	fprintf(stderr, "no contract is marked as vanished: %s\n",
		work->skipped ? "records were skipped" : "a delivery is incomplete");
	return false;
}

static bool too_many(const struct vanished *vanished)
{
	return vanished->count * 100 > vanished->covered * VANISH_PERCENT;
}

static bool mark(struct work *work, const char *source, const struct stock_cover *cover,
		 struct err *e)
{
	bool sure = invocation_option(work->in, "--yes-many-vanished") != NULL;
	struct vanished vanished;

	if (!stock_vanish(&vanished, work->app->db, work->app->conf->broker, work->round, source,
			  cover, work->in->mem, e))
		return false;
	report_vanished(work->report, &vanished);
	work->stock_changed = work->stock_changed || vanished.count > 0;
	if (!sure && too_many(&vanished))
		return err_set(e, ERR_REFUSED,
			       "%" PRId64 " of the %" PRId64
			       " contracts known of this source would vanish, more than %d %%;"
			       " nothing is imported. --partial if the files are a part of the"
			       " stock, --yes-many-vanished if it is right",
			       vanished.count, vanished.covered, VANISH_PERCENT);
	return true;
}

static bool mark_vanished(struct work *work, struct err *e)
{
	if (!is_full(work))
		return true;
	return (!work->gdv || mark(work, SOURCE_GDV, work->cover, e)) &&
	       (!work->csv || !work->source || mark(work, work->source, NULL, e));
}

static bool round_run(struct work *work, struct err *e)
{
	struct db *db = work->app->db;
	bool partial = invocation_option(work->in, "--partial") != NULL;

	if (!partial && !stock_round_begin(&work->round, db, e))
		return false;
	work->cover = stock_cover_new(work->in->mem);
	if (!all_files(work, e))
		return false;
	if (work->source && !work->csv)
		return err_set(e, ERR_USAGE,
			       "--source is for CSV; GDV says itself where it is from");
	return mark_vanished(work, e) && (!work->round || stock_round_end(db, work->round, e));
}

/* In the transaction of the import: if this program is killed before it has matched again, the daemon does it. */
static bool mark_due(const struct work *work, struct err *e)
{
	const struct matcher matcher = { .db = work->app->db, .broker = work->app->conf->broker };
	bool leave = invocation_option(work->in, "--no-match") != NULL;

	return !work->stock_changed ||
	       rematch_due_add(&matcher, REMATCH_ALL, "import", leave ? 0 : OWN_S, e);
}

/* All files or none; a dry run does everything and takes it back. */
static bool import_all(struct work *work, struct err *e)
{
	bool dry_run = invocation_option(work->in, "--dry-run") != NULL;
	struct db *db = work->app->db;

	if (!db_begin(db, e))
		return false;
	if (!round_run(work, e) || !mark_due(work, e) || (!dry_run && !db_commit(db, e))) {
		db_rollback(db);
		return false;
	}
	if (dry_run)
		db_rollback(db);
	if (dry_run && !work->in->quiet && work->in->output != OUTPUT_JSON)
		fprintf(work->in->out, "dry run: nothing is written\n");
	report_end(work->report);
	return dry_run || !work->stock_changed || queue_again(work, e);
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
	return ok && !work.skipped ? EX_OK : EX_DATAERR;
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
