#include "cmd/contracts_report.h"

#include <inttypes.h>

#include "base/text.h"

#define SHOWN_MOST 80

struct report {
	const struct invocation *in;
	struct listing *files, *problems, *changed, *vanished;
	bool verbose, json;
	int64_t changes;
};

struct report *report_new(const struct invocation *in, bool verbose)
{
	static const char *const files[] = {
		"file",       "format",   "code_pages", "deliveries",    "records",
		"skipped",    "problems", "contracts",  "new",           "changed",
		"unchanged",  "ended",    "returned",   "refused_names", "without_names",
		"incomplete", "refused",  "adopted",    "beside",        "of_unknown_insurers"
	};
	static const char *const problems[] = { "file", "record", "field", "sentence", "skipped" };
	static const char *const changed[] = { "contract", "fields", "ended", "returned",
					       "adopted" };
	static const char *const vanished[] = { "contract", "insurer", "number" };
	struct report *report = talloc_zero(in->mem, struct report);

	report->in = in;
	report->verbose = verbose;
	report->json = in->output == OUTPUT_JSON;
	report->files = listing_new(report, 20, files);
	listing_numbers(report->files, 3, 19);
	report->problems = listing_new(report, 5, problems);
	listing_numbers(report->problems, 1, 1);
	report->changed = listing_new(report, 5, changed);
	report->vanished = listing_new(report, 3, vanished);
	return report;
}

static void say_change(const struct report *report, const struct contract_change *change)
{
	TALLOC_CTX *mem = talloc_new(report->in->mem);

	fprintf(report->in->out, "%s: %s%s%s%s\n", text_shown(change->contract_id, SHOWN_MOST, mem),
		change->fields, change->ended ? "; ended" : "",
		change->returned ? "; is there again" : "",
		change->adopted ? "; was made by a person, and is the stock's now" : "");
	talloc_free(mem);
}

void report_change(struct report *report, const struct contract_change *change)
{
	if ((!report->json && !report->verbose) || ++report->changes > CHANGES_SHOWN)
		return;
	if (report->json)
		listing_row(report->changed,
			    (const char *const[]){ change->contract_id, change->fields,
						   change->ended ? "yes" : "no",
						   change->returned ? "yes" : "no",
						   change->adopted ? "yes" : "no" });
	else
		say_change(report, change);
	if (report->changes == CHANGES_SHOWN)
		fprintf(stderr, "further changes are only counted\n");
}

static void say_read(FILE *out, const char *file, const struct stock_counts *read,
		     const char *pages)
{
	fprintf(out, "%s: %s, %s", file, read->format == STOCK_GDV ? "GDV" : "CSV", pages);
	if (read->format == STOCK_GDV)
		fprintf(out, ", %" PRIu64 " deliveries", read->deliveries);
	fprintf(out,
		", %" PRIu64 " %s, %" PRIu64 " contracts, %" PRIu64 " skipped, %" PRIu64
		" problems",
		read->records, read->format == STOCK_GDV ? "records" : "rows", read->contracts,
		read->skipped, read->problems);
}

static void say_imported(FILE *out, const struct import_counts *counts)
{
	fprintf(out,
		": %" PRId64 " new, %" PRId64 " changed, %" PRId64 " unchanged, %" PRId64 " ended",
		counts->added, counts->changed, counts->unchanged, counts->ended);
	if (counts->returned)
		fprintf(out, ", %" PRId64 " are there again", counts->returned);
	if (counts->adopted)
		fprintf(out, ", %" PRId64 " that people had made are adopted", counts->adopted);
	if (counts->beside)
		fprintf(out,
			"; %" PRId64
			" stand beside one that a person made: not known to be the same",
			counts->beside);
	if (counts->not_a_number)
		fprintf(out, "; %" PRId64 " names refused by the insurer's rules",
			counts->not_a_number);
	if (counts->without_names)
		fprintf(out, "; %" PRId64 " contracts without any usable number",
			counts->without_names);
	if (counts->of_unknown)
		fprintf(out,
			"; %" PRId64
			" contracts of insurers that no insurer file names (vorpost insurers list)",
			counts->of_unknown);
}

static void keep_file(struct report *report, const char *file, const struct stock_counts *read,
		      const struct import_counts *counts, const char *pages)
{
	const int64_t numbers[] = { (int64_t)read->deliveries,
				    (int64_t)read->records,
				    (int64_t)read->skipped,
				    (int64_t)read->problems,
				    (int64_t)read->contracts,
				    counts->added,
				    counts->changed,
				    counts->unchanged,
				    counts->ended,
				    counts->returned,
				    counts->not_a_number,
				    counts->without_names,
				    (int64_t)read->incomplete,
				    (int64_t)read->refused,
				    counts->adopted,
				    counts->beside,
				    counts->of_unknown };
	const char *cells[20] = { file, read->format == STOCK_GDV ? "GDV" : "CSV", pages };

	for (int i = 0; i < 17; i++)
		cells[3 + i] = talloc_asprintf(report, "%" PRId64, numbers[i]);
	listing_row(report->files, cells);
}

void report_file(struct report *report, const char *file, const struct stock_counts *read,
		 const struct import_counts *counts, FILE *out)
{
	char *pages = stock_code_pages(read, report);

	if (counts && report->json) {
		keep_file(report, file, read, counts, pages);
	} else if (!report->in->quiet) {
		say_read(out, file, read, pages);
		if (counts)
			say_imported(out, counts);
		fputc('\n', out);
		fflush(out);
	}
}

void report_problem(struct report *report, const char *file, uint64_t record, bool skipped,
		    const char *sentence)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	if (report->json)
		listing_row(report->problems,
			    (const char *const[]){ file, talloc_asprintf(mem, "%" PRIu64, record),
						   stock_problem_field(sentence, mem), sentence,
						   skipped ? "yes" : "no" });
	talloc_free(mem);
}

void report_vanished(struct report *report, const struct vanished *vanished)
{
	FILE *out = report->in->out;

	for (int i = 0; i < vanished->named_count; i++) {
		const struct vanished_contract *c = &vanished->named[i];

		if (report->json)
			listing_row(report->vanished,
				    (const char *const[]){ c->contract_id, c->issuer, c->number });
		else if (report->verbose)
			fprintf(out, "%s: vanished\n",
				text_shown(c->contract_id, SHOWN_MOST, report));
	}
	if (!report->json && !report->in->quiet)
		fprintf(out,
			"vanished: %" PRId64 " of %" PRId64 " contracts known of this source\n",
			vanished->count, vanished->covered);
}

void report_end(struct report *report)
{
	static const char *const names[] = { "files", "problems", "changed", "vanished" };

	if (report->json)
		listings_print_json(names,
				    (struct listing *const[]){ report->files, report->problems,
							       report->changed, report->vanished },
				    4, report->in->out);
}
