/* contracts_report.h -- what an import of contracts says: a line a file, what changed, what vanished. */
#ifndef CMD_CONTRACTS_REPORT_H
#define CMD_CONTRACTS_REPORT_H

#include "base/command.h"
#include "matcher/stock.h"
#include "matcher/stock_import.h"
#include "matcher/stock_vanish.h"

#define CHANGES_SHOWN 10000 /* of one import; the counts count all */

struct report;

/* verbose: --output table also tells each change. */
struct report *report_new(const struct invocation *in, bool verbose);

void report_change(struct report *report, const struct contract_change *change);

/* counts NULL: nothing was written (--print). Tables are printed at once, to out. */
void report_file(struct report *report, const char *file, const struct stock_counts *read,
		 const struct import_counts *counts, FILE *out);

/* One that stock_sink reports; told in --output json only. */
void report_problem(struct report *report, const char *file, uint64_t record, bool skipped,
		    const char *sentence);

void report_vanished(struct report *report, const struct vanished *vanished);

/* --output json: all of it as one object. */
void report_end(struct report *report);

#endif
