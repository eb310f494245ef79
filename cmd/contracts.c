/* contracts.c -- `vorpost contracts import`: the broker's stock from GDV or CSV files. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/matching.h"
#include "matcher/csv_mapping.h"
#include "matcher/rematch.h"
#include "matcher/stock.h"
#include "matcher/stock_import.h"

#define BAR_WIDTH        30
#define BAR_EVERY_MS     200
#define SHOWN_MOST       80
#define PROBLEMS_PRINTED 1000 /* of one file; the summary counts them all */

/* How far a file is: a bar on a terminal, nothing elsewhere. */
struct bar {
	FILE *file;
	long size; /* 0: unknown, or nobody looks */
	int64_t drawn_ms;
};

struct work {
	struct invocation *in;
	struct csv_mapping *mapping;
	struct app *app;             /* NULL: dry run */
	struct stock_import *import; /* of the file at hand */
	struct stock_counts counts;
	struct bar bar;
	const char *file;
	bool stock_changed;
};

static void bar_start(struct bar *bar, const struct work *work, FILE *file)
{
	struct stat about;

	*bar = (struct bar){ .file = file };
	if (work->app && !work->in->quiet && isatty(STDERR_FILENO) &&
	    fstat(fileno(file), &about) == 0 && S_ISREG(about.st_mode))
		bar->size = (long)about.st_size;
}

static void bar_draw(struct bar *bar, uint64_t contracts)
{
	int64_t now;
	long at;
	int filled;

	if (bar->size == 0 || (now = clock_monotonic_ms()) - bar->drawn_ms < BAR_EVERY_MS)
		return;
	at = ftell(bar->file);
	filled = at < 0 ? 0 : at >= bar->size ? BAR_WIDTH : (int)(at * BAR_WIDTH / bar->size);
	fprintf(stderr, "\r[%.*s%*s] %" PRIu64 " contracts", filled,
		"##############################", BAR_WIDTH - filled, "", contracts);
	bar->drawn_ms = now;
}

static void bar_wipe(struct bar *bar)
{
	if (bar->drawn_ms)
		fprintf(stderr, "\r%*s\r", BAR_WIDTH + 40, "");
	bar->drawn_ms = 0;
}

static bool take_contract(void *self, const struct contract *contract, struct err *e)
{
	struct work *work = self;

	if (!work->import) {
		stock_print(contract, work->in->out);
		return true;
	}
	bar_draw(&work->bar, work->counts.contracts);
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

static void print_read(FILE *out, const struct work *work)
{
	const struct stock_counts *counts = &work->counts;
	char *pages = stock_code_pages(counts, work->in->mem);

	fprintf(out, "%s: %s, %s", work->file, counts->format == STOCK_GDV ? "GDV" : "CSV", pages);
	if (counts->format == STOCK_GDV)
		fprintf(out, ", %" PRIu64 " deliveries", counts->deliveries);
	fprintf(out,
		", %" PRIu64 " %s, %" PRIu64 " contracts, %" PRIu64 " skipped, %" PRIu64
		" problems",
		counts->records, counts->format == STOCK_GDV ? "records" : "rows",
		counts->contracts, counts->skipped, counts->problems);
	talloc_free(pages);
}

static void print_imported(FILE *out, const struct import_counts *counts)
{
	fprintf(out,
		": %" PRId64 " new, %" PRId64 " changed, %" PRId64 " unchanged, %" PRId64 " ended",
		counts->added, counts->changed, counts->unchanged, counts->ended);
	if (counts->not_a_number)
		fprintf(out, "; %" PRId64 " names refused by the insurer's rules",
			counts->not_a_number);
	if (counts->without_names)
		fprintf(out, "; %" PRId64 " contracts without any usable number",
			counts->without_names);
}

static bool read_file(struct work *work, FILE *file, struct err *e)
{
	struct stock_sink sink = { work, take_contract, take_problem };
	bool ok;

	bar_start(&work->bar, work, file);
	ok = stock_read(file, work->mapping, &sink, &work->counts, e);
	bar_wipe(&work->bar);
	return ok;
}

static bool dry_run(struct work *work, FILE *file, struct err *e)
{
	if (!read_file(work, file, e))
		return false;
	if (!work->in->quiet) {
		print_read(stderr, work);
		fputc('\n', stderr);
	}
	return true;
}

/* One file is one transaction: all of it, or nothing. */
static bool import(struct work *work, FILE *file, struct err *e)
{
	struct import_counts counts;
	struct db *db = work->app->db;
	bool ok;

	if (!db_begin(db, e))
		return false;
	work->import =
		stock_import_begin(db, work->app->conf->broker, work->app->insurers, work->in->mem);
	ok = read_file(work, file, e) && stock_import_end(work->import, &counts, e) &&
	     db_commit(db, e);
	talloc_free(work->import);
	work->import = NULL;
	if (!ok) {
		db_rollback(db);
		return false;
	}
	work->stock_changed = work->stock_changed || counts.added + counts.changed > 0;
	if (!work->in->quiet) {
		print_read(work->in->out, work);
		print_imported(work->in->out, &counts);
		fputc('\n', work->in->out);
		fflush(work->in->out);
	}
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
		ok = work->app ? import(work, file, e) : dry_run(work, file, e);
	if (!standard)
		fclose(file);
	if (!ok)
		err_prefix(e, "%s", work->file);
	return ok;
}

/* What waited for a contract may be certain now. Files that are in stay in, whatever happens here. */
static bool queue_again(struct work *work, struct err *e)
{
	struct app *app = work->app;
	struct matcher matcher;
	struct rematch_order everything = { 0 };
	struct rematch_counts counts = { 0 };

	if (!matcher_over(&matcher, app, app->db, app, e) ||
	    !rematch_all(&matcher, &everything, &counts, e))
		return err_prefix(
			e, "the stock is imported, but the queue could not be matched again");
	if (!work->in->quiet)
		fprintf(work->in->out, "queue: %d documents matched again, %d filed\n", counts.seen,
			counts.filed);
	return true;
}

static bool all_files(struct work *work, struct err *e)
{
	if (!work->app)
		stock_print_head(work->in->out);
	for (int i = 0; i < work->in->words; i++)
		if (!one_file(work, work->in->word[i], e))
			return false;
	return !work->stock_changed || queue_again(work, e);
}

static int contracts_import_run(struct invocation *in, struct err *e)
{
	const char *mapping = invocation_option(in, "--mapping");
	struct work work = { .in = in };

	if (mapping && !(work.mapping = csv_mapping_load(mapping, in->mem, e)))
		return EX_CONFIG;
	if (!invocation_option(in, "--dry-run") && !(work.app = app_open(in, APP_ALL, e)))
		return EX_UNAVAILABLE;
	return all_files(&work, e) ? EX_OK : EX_DATAERR;
}

static const struct option_spec import_options[] = {
	{ "--dry-run", NULL, "print what would be imported as CSV; needs no database" },
	{ "--mapping", "FILE", "YAML for a CSV with other heads: OUR_COLUMN: their column" },
	{ 0 },
};

const struct command contracts_commands[] = {
	{ "contracts import", "FILE...", 1, -1, import_options,
	  "take over the stock from GDV or CSV files, told apart by content; - is standard input",
	  contracts_import_run },
	{ 0 },
};
