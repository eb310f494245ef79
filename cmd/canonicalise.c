/* canonicalise.c -- `vorpost contracts canonicalise`: the stock's numbers in the insurers' own form; undo; what was done. */
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/matching.h"
#include "matcher/canonical.h"

struct report {
	const struct invocation *in;
	struct listing *list;
	bool dry_run, shows;
};

/* ---- one row a contract ---- */

static const char *outcome(const struct report *report, const struct renumbering *row)
{
	if (row->rival)
		return talloc_asprintf(report->in->mem, "stays: %s has the number", row->rival);
	if (row->changed)
		return "changed";
	if (row->now && row->before && strcmp(row->now, row->before) != 0)
		return talloc_asprintf(report->in->mem, "stays: it has another number by now, %s",
				       row->now);
	return report->dry_run ? "would change" : "stays: changed meanwhile";
}

static void take(void *self, const struct renumbering *row)
{
	const struct report *report = self;

	listing_row(report->list, (const char *const[]){ row->contract_id, row->issuer, row->before,
							 row->after, outcome(report, row) });
}

static void progress(void *self, const struct canonical_counts *counts)
{
	(void)self;
	fprintf(stderr, "\r%" PRId64 " contracts looked at, %" PRId64 " renumbered",
		counts->contracts, counts->changed);
}

static struct canonical_order order_of(struct report *report, const struct invocation *in)
{
	static const char *const heads[] = { "contract_id", "insurer", "before", "after",
					     "outcome" };

	*report = (struct report){
		.in = in,
		.list = listing_new(in->mem, sizeof heads / sizeof *heads, heads),
		.dry_run = invocation_option(in, "--dry-run") != NULL,
		.shows = !in->quiet && isatty(STDERR_FILENO),
	};
	return (struct canonical_order){
		.issuer = invocation_option(in, "--issuer"),
		.by = app_person(invocation_option(in, "--by"), in->mem),
		.dry_run = report->dry_run,
		.take = take,
		.progress = report->shows ? progress : NULL,
		.self = report,
	};
}

/* ---- the end ---- */

/* Machines get the list alone; what people read besides goes to standard error then. */
static FILE *aside(const struct report *report)
{
	return report->in->output == OUTPUT_TABLE ? report->in->out : stderr;
}

static void report_close(const struct report *report, const struct canonical_counts *counts)
{
	FILE *out = aside(report);

	if (report->shows)
		fputs("\r\033[K", stderr);
	if (counts->changed + counts->conflicts + counts->elsewhere ||
	    report->in->output != OUTPUT_TABLE)
		listing_print(report->list, report->in->output, report->in->out);
	if (report->in->quiet)
		return;
	fprintf(out, "%" PRId64 " contracts looked at: %" PRId64 " %s", counts->contracts,
		counts->changed, report->dry_run ? "would be renumbered" : "renumbered");
	if (counts->conflicts)
		fprintf(out, ", %" PRId64 " stay because another contract has the number",
			counts->conflicts);
	if (counts->elsewhere)
		fprintf(out, ", %" PRId64 " stay because they have another number by now",
			counts->elsewhere);
	fputc('\n', out);
}

static void states_print(const struct report *report, const struct canonical_counts *counts)
{
	for (int i = CANONICAL_ALREADY; !report->in->quiet && i < CANONICAL_STATES; i++)
		if (counts->states[i])
			fprintf(aside(report), "%" PRId64 " stay: %s\n", counts->states[i],
				canonical_in_words((enum canonical_state)i));
}

/* ---- the command ---- */

static int bring(const struct invocation *in, const struct matcher *matcher, struct err *e)
{
	struct canonical_counts counts;
	struct report report;
	const struct canonical_order order = order_of(&report, in);
	char run[UUID_TEXT_SIZE];
	bool ok = canonicalise(run, matcher, &order, &counts, e);

	report_close(&report, &counts);
	states_print(&report, &counts);
	if (counts.changed && !report.dry_run && !in->quiet)
		fprintf(aside(&report),
			"to take it back: vorpost contracts canonicalise --undo %s\n", run);
	return ok ? EX_OK : EX_SOFTWARE;
}

static int undo(const struct invocation *in, const struct matcher *matcher, const char *run,
		struct err *e)
{
	struct canonical_counts counts;
	struct report report;
	const struct canonical_order order = order_of(&report, in);
	int64_t stay;

	if (strlen(run) != UUID_TEXT_SIZE - 1 ||
	    strspn(run, "0123456789abcdefABCDEF-") != UUID_TEXT_SIZE - 1)
		return err_set(e, ERR_USAGE, "--undo wants the id of a run; --list shows them"),
		       EX_USAGE;
	if (!canonical_undo(matcher, run, &order, &counts, e))
		return EX_SOFTWARE;
	report_close(&report, &counts);
	stay = counts.conflicts + counts.elsewhere;
	if (stay)
		err_set(e, ERR_REFUSED,
			"%" PRId64 " of %" PRId64 " contracts are not taken back: their number"
			" was changed later, or is another contract's by now",
			stay, counts.contracts);
	return stay ? EX_UNAVAILABLE : EX_OK;
}

static int runs_list(const struct invocation *in, const struct matcher *matcher, struct err *e)
{
	static const char *const heads[] = { "run", "at", "by", "issuers", "contracts", "undone" };
	struct listing *list = listing_new(in->mem, 6, heads);
	struct rows *rows;

	if (!db_call(matcher->db, SQL_renumber_list, &rows, in->mem, e, matcher->broker, NULL))
		return EX_SOFTWARE;
	for (int i = 0; i < rows_count(rows); i++) {
		const char *cells[6];

		for (int k = 0; k < 6; k++)
			cells[k] = rows_text(rows, i, heads[k]);
		listing_row(list, cells);
	}
	listing_numbers(list, 4, 5);
	listing_print(list, in->output, in->out);
	return EX_OK;
}

static int canonicalise_run(struct invocation *in, struct err *e)
{
	const char *issuer = invocation_option(in, "--issuer");
	const char *run = invocation_option(in, "--undo");
	bool list = invocation_option(in, "--list") != NULL;
	struct matcher matcher;

	if (list &&
	    (run || issuer || invocation_option(in, "--dry-run") || invocation_option(in, "--by")))
		return err_set(e, ERR_USAGE, "--list stands alone"), EX_USAGE;
	if (run && issuer)
		return err_set(e, ERR_USAGE, "--undo takes back a whole run; leave --issuer out"),
		       EX_USAGE;
	if (!matcher_open(&matcher, in, e))
		return EX_SOFTWARE;
	if (issuer && !insurers_by_issuer(matcher.insurers, issuer))
		return err_set(e, ERR_MISSING, "there is no insurer file of the issuer \"%s\"",
			       issuer),
		       EX_NOINPUT;
	if (list)
		return runs_list(in, &matcher, e);
	return run ? undo(in, &matcher, run, e) : bring(in, &matcher, e);
}

static const struct option_spec canonicalise_options[] = {
	{ "--dry-run", NULL, "only show what would change" },
	{ "--issuer", "ISSUER", "only contracts of this issuer" },
	{ "--by", "NAME", "who does it; else the login name" },
	{ "--undo", "RUN", "take a run back" },
	{ "--list", NULL, "the runs so far" },
	{ 0 },
};

const struct command canonicalise_commands[] = {
	{ "contracts canonicalise", "", 0, 0, canonicalise_options,
	  "bring contract numbers into the form of the insurer's picture; the former spelling stays a name",
	  canonicalise_run },
	{ 0 },
};
