/* evaluate.c -- `vorpost match evaluate`: the matcher, measured on the broker's own documents. Needs no database. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

#include "base/text.h"
#include "cmd/bar.h"
#include "cmd/commands.h"
#include "cmd/insurers.h"
#include "cmd/shadow.h"
#include "matcher/csv.h"
#include "matcher/csv_mapping.h"
#include "matcher/evaluate.h"

#define PROBLEMS_PRINTED 100 /* of one file; the rest is only counted */

struct work {
	struct invocation *in;
	struct memory_stock *stock;
	struct evaluation *evaluation;
	const char *file;
	struct bar bar;
	uint64_t read; /* of the file, contracts or documents */
	struct stock_counts counts;
	uint64_t problems, skipped; /* of the file; skipped: of both */
};

static void problem(void *self, uint64_t row, bool skipped, const char *sentence)
{
	struct work *work = self;
	char *shown;

	work->skipped += skipped;
	if (++work->problems > PROBLEMS_PRINTED)
		return;
	bar_wipe(&work->bar);
	shown = text_shown(sentence, 300, work->in->mem);
	fprintf(stderr, "%s, row %" PRIu64 ": %s%s\n", work->file, row, shown,
		skipped ? "; skipped" : "");
	if (work->problems == PROBLEMS_PRINTED)
		fprintf(stderr, "%s: further problems are only counted\n", work->file);
	talloc_free(shown);
}

static FILE *open_file(struct work *work, const char *path, struct err *e)
{
	FILE *file = fopen(path, "rbe");

	work->file = text_shown(path, 80, work->in->mem);
	work->problems = work->read = 0;
	if (file)
		bar_start(&work->bar, file, !work->in->quiet);
	else
		err_set(e, ERR_MISSING, "%s: %s", work->file, strerror(errno));
	return file;
}

static bool take_contract(void *self, const struct contract *contract, struct err *e)
{
	struct work *work = self;

	(void)e;
	memory_stock_add(work->stock, contract, work->counts.format);
	bar_draw(&work->bar, ++work->read, "contracts");
	return true;
}

static bool read_contracts(struct work *work, const char *path, struct err *e)
{
	const struct stock_sink sink = { work, take_contract, problem };
	const char *mapping_path = invocation_option(work->in, "--mapping");
	struct csv_mapping *mapping = NULL;
	FILE *file;
	bool ok;

	if (mapping_path && !(mapping = csv_mapping_load(mapping_path, work->in->mem, e)))
		return false;
	if (!(file = open_file(work, path, e)))
		return false;
	ok = stock_read(file, mapping, &sink, &work->counts, e) || err_prefix(e, "%s", work->file);
	bar_wipe(&work->bar);
	fclose(file);
	return ok;
}

static void verdict_row(FILE *out, const struct labelled *l, const struct verdict *v)
{
	char *candidates = talloc_strdup(NULL, "");
	const char *cells[6] = { l->document_id,
				 v->filed ? "filed" : "queued",
				 v->contract_id,
				 v->filed ? tier_text(v->tier) : NULL,
				 v->filed ? NULL : reason_text(v->reason),
				 NULL };

	for (size_t i = 0; i < v->candidate_count; i++)
		candidates =
			talloc_asprintf_append(candidates, "%s%s", i ? "|" : "", v->candidates[i]);
	cells[5] = candidates;
	csv_print_row(out, cells, 6);
	talloc_free(candidates);
}

static bool take_document(void *self, const struct labelled *labelled, struct err *e)
{
	struct work *work = self;
	TALLOC_CTX *mem = talloc_new(work->in->mem);
	const struct verdict *verdict = evaluate(work->evaluation, labelled, mem);

	(void)e;
	if (work->in->output == OUTPUT_CSV)
		verdict_row(work->in->out, labelled, verdict);
	talloc_free(mem);
	bar_draw(&work->bar, ++work->read, "documents");
	return true;
}

static bool take_before(void *self, const struct labelled *labelled, struct err *e)
{
	struct work *work = self;

	(void)e;
	evaluate_before(work->evaluation, labelled);
	bar_draw(&work->bar, ++work->read, "documents that came before");
	return true;
}

static bool read_history(struct work *work, const char *path, struct err *e)
{
	const struct labelled_sink sink = { work, take_before, problem };
	FILE *file = path ? open_file(work, path, e) : NULL;
	bool ok;

	if (!file)
		return !path;
	ok = labelled_read(file, &sink, e) || err_prefix(e, "%s", work->file);
	bar_wipe(&work->bar);
	fclose(file);
	return ok;
}

static bool read_documents(struct work *work, const char *path, struct err *e)
{
	static const char *const head[] = { "document_id", "verdict", "contract_id",
					    "tier",        "reason",  "candidates" };
	const struct labelled_sink sink = { work, take_document, problem };
	FILE *file = open_file(work, path, e);
	bool ok;

	if (!file)
		return false;
	if (work->in->output == OUTPUT_CSV)
		csv_print_row(work->in->out, head, sizeof head / sizeof *head);
	ok = labelled_read(file, &sink, e) || err_prefix(e, "%s", work->file);
	bar_wipe(&work->bar);
	fclose(file);
	return ok;
}

/* ---- the table ---- */

static char *share(uint64_t part, uint64_t of, TALLOC_CTX *mem)
{
	if (!of)
		return NULL;
	return talloc_asprintf(mem, "%.2f %%", 100.0 * (double)part / (double)of);
}

/* "1 in 9,986" would be read as a promise of five digits: three are enough. */
static char *bound_text(const struct tally *t, TALLOC_CTX *mem)
{
	double bound = error_bound(t->wrong_customer, t->filed);

	if (!t->filed)
		return NULL;
	return talloc_asprintf(mem, "1 in %.0f", 1 / bound);
}

static void add_row(struct listing *list, const char *insurer, const char *tier,
		    const struct tally *t, bool suggests, TALLOC_CTX *mem)
{
	uint64_t all = t->filed + t->queued;
	const char *cells[] = {
		insurer,
		tier,
		talloc_asprintf(mem, "%" PRIu64, all),
		talloc_asprintf(mem, "%" PRIu64, t->filed),
		share(t->filed, all, mem),
		talloc_asprintf(mem, "%" PRIu64, t->queued),
		talloc_asprintf(mem, "%" PRIu64, t->wrong_customer),
		talloc_asprintf(mem, "%" PRIu64, t->wrong_contract),
		talloc_asprintf(mem, "%" PRIu64, t->needless_review),
		suggests ? share(t->in_top, t->needless_review, mem) : NULL,
		bound_text(t, mem),
	};

	listing_row(list, cells);
}

/* Every tier by which the matcher files, the queue, and the sum; below, what the naive rules make of the same documents. Of one insurer
 * only what occurs. */
static void add_insurer(struct listing *list, const struct insurer_tally *item, bool whole,
			TALLOC_CTX *mem)
{
	struct tally sum = { 0 };

	for (int tier = 0; tier < TIERS; tier++)
		tally_add(&sum, &item->tiers[tier]);
	for (int tier = TIER_NONE + 1; tier < TIERS; tier++)
		if (item->tiers[tier].filed || (whole && tier != TIER_PERSON))
			add_row(list, item->issuer, tier_text((enum tier)tier), &item->tiers[tier],
				false, mem);
	if (item->tiers[TIER_NONE].queued || whole)
		add_row(list, item->issuer, "queue", &item->tiers[TIER_NONE], true, mem);
	add_row(list, item->issuer, "all", &sum, true, mem);
	for (int rule = 0; rule < NAIVE_RULES; rule++)
		add_row(list, item->issuer, naive_in_words((enum naive_rule)rule),
			&item->naive[rule], true, mem);
}

static void print_table(const struct work *work)
{
	static const char *const heads[] = { "insurer",
					     "tier",
					     "documents",
					     "filed",
					     "filed_share",
					     "queued",
					     "wrong_customer",
					     "wrong_contract",
					     "needless_review",
					     "right_in_top_3",
					     "wrong_customer_bound_95" };
	TALLOC_CTX *mem = work->in->mem;
	struct evaluation *ev = work->evaluation;
	struct listing *list = listing_new(mem, sizeof heads / sizeof *heads, heads);
	struct insurer_tally all = { .issuer = talloc_strdup(mem, "all") };

	evaluation_sort(ev);
	for (size_t i = 0; i < ev->count; i++) {
		for (int tier = 0; tier < TIERS; tier++)
			tally_add(&all.tiers[tier], &ev->items[i].tiers[tier]);
		for (int rule = 0; rule < NAIVE_RULES; rule++)
			tally_add(&all.naive[rule], &ev->items[i].naive[rule]);
		add_insurer(list, &ev->items[i], false, mem);
	}
	add_insurer(list, &all, true, mem);
	if (invocation_option(work->in, "--history"))
		add_row(list, "before", "all", &ev->before, true, mem);
	listing_print(list, work->in->output, work->in->out);
}

static int match_evaluate_run(struct invocation *in, struct err *e)
{
	const char *contracts = invocation_option(in, "--contracts");
	const char *documents = invocation_option(in, "--documents");
	bool strict = invocation_option(in, "--strict-lines") != NULL;
	struct work work = { .in = in };
	const struct insurers *insurers;

	if (invocation_option(in, "--shadow") &&
	    (contracts || documents || strict || invocation_option(in, "--history") ||
	     invocation_option(in, "--mapping")))
		return err_set(e, ERR_USAGE,
			       "--shadow reads the database; leave files and --strict-lines out"),
		       EX_USAGE;
	if (invocation_option(in, "--shadow"))
		return shadow_run(in, e);
	if (!contracts || !documents) {
		err_set(e, ERR_USAGE, "expected --contracts FILE --documents FILE, or --shadow");
		return EX_USAGE;
	}
	if (!(insurers = insurers_open(in, e)))
		return EX_CONFIG;
	work.stock = memory_stock_new(insurers, in->mem);
	if (!read_contracts(&work, contracts, e))
		return EX_DATAERR;
	work.evaluation = evaluation_new(work.stock, insurers, strict, in->mem);
	if (!read_history(&work, invocation_option(in, "--history"), e) ||
	    !read_documents(&work, documents, e))
		return EX_DATAERR;
	if (in->output != OUTPUT_CSV)
		print_table(&work);
	if (work.evaluation->strange)
		fprintf(stderr,
			"%" PRIu64
			" documents are by their truth of a contract that the stock has not, such as %s: "
			"filed, they count as a wrong customer's\n",
			work.evaluation->strange,
			text_shown(work.evaluation->strange_one, 60, in->mem));
	return work.skipped || !stock_whole(&work.counts) ? EX_DATAERR : EX_OK;
}

static const struct option_spec evaluate_options[] = {
	{ "--contracts", "FILE", "the stock: GDV or CSV, as contracts import takes it" },
	{ "--documents", "FILE", "CSV with the truth about each document (docs/matching.md)" },
	{ "--history", "FILE",
	  "the same of documents that came before, with what was decided: what a person files is remembered; not in the sums" },
	{ "--mapping", "FILE", "YAML for a stock with other heads" },
	{ "--shadow", NULL,
	  "instead: what would have been filed in shadow, beside what persons decided since" },
	{ "--strict-lines", NULL, "health, life and accident need a second signal" },
	{ NULL, NULL, NULL },
};

const struct command evaluate_commands[] = {
	{ "match evaluate", "", 0, 0, evaluate_options,
	  "how right the matcher is on documents whose contract is known; needs no database; exit 65 if a row or a number was left out, or a delivery is incomplete",
	  match_evaluate_run },
	{ NULL, NULL, 0, 0, NULL, NULL, NULL },
};
