/* match.c -- `vorpost match ...`: why a document is where it is, and matching the queue again. */
#include <sysexits.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/explain.h"
#include "cmd/matching.h"
#include "matcher/rematch.h"

/* ---- again ---- */

#define LISTED_MOST 20

/* Documents of an issuer that went from one standing to another. */
struct tally {
	const char *issuer, *before, *after;
	int documents;
};

struct again {
	const struct invocation *in;
	bool shadow; /* what would be filed waits */
	struct tally *tallies;
	size_t count;
	struct listing *list; /* the first LISTED_MOST */
	int listed;
};

static void progress(void *self, const struct rematch_counts *counts)
{
	(void)self;
	fprintf(stderr, "\r%d documents matched again", counts->seen);
}

static void tally_add(struct again *again, const struct tally *one)
{
	for (size_t i = 0; i < again->count; i++) {
		struct tally *t = &again->tallies[i];

		if (text_equal(t->issuer, one->issuer) && text_equal(t->before, one->before) &&
		    text_equal(t->after, one->after)) {
			t->documents++;
			return;
		}
	}
	again->tallies = talloc_realloc(again->in->mem, again->tallies, struct tally,
					(unsigned)again->count + 1);
	again->tallies[again->count++] = (struct tally){
		talloc_strdup(again->tallies, one->issuer),
		talloc_strdup(again->tallies, one->before),
		one->after,
		1,
	};
}

static void decided(void *self, const struct stored *before, const struct verdict *after)
{
	struct again *again = self;
	const struct tally one = { before->issuer,
				   before->contract_id ? before->tier : before->reason,
				   again->shadow && after->filed ? reason_text(REASON_SHADOW)
				   : after->filed                ? tier_text(after->tier)
								 : reason_text(after->reason),
				   1 };

	tally_add(again, &one);
	if (again->listed++ < LISTED_MOST)
		listing_row(again->list, (const char *const[]){ before->document_id, before->issuer,
								one.before, before->contract_id,
								one.after, after->contract_id });
}

static struct listing *tallies_listing(const struct again *again)
{
	static const char *const heads[] = { "insurer", "before", "after", "documents" };
	struct listing *list = listing_new(again->in->mem, 4, heads);

	for (size_t i = 0; i < again->count; i++) {
		const struct tally *t = &again->tallies[i];

		listing_row(list, (const char *const[]){
					  t->issuer, t->before, t->after,
					  talloc_asprintf(again->in->mem, "%d", t->documents) });
	}
	listing_numbers(list, 3, 3);
	return list;
}

static void again_print(const struct again *again)
{
	static const char *const names[] = { "counts", "documents" };
	FILE *out = again->in->out;

	if (again->in->output == OUTPUT_JSON) {
		listings_print_json(
			names, (struct listing *[]){ tallies_listing(again), again->list }, 2, out);
		return;
	}
	if (!again->count)
		return;
	listing_print(tallies_listing(again), OUTPUT_TABLE, out);
	fputc('\n', out);
	listing_print(again->list, OUTPUT_TABLE, out);
	if (again->listed > LISTED_MOST)
		fprintf(out, "... and %d more\n", again->listed - LISTED_MOST);
}

static int match_again_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "document_id",   "insurer", "before",
					     "from_contract", "after",   "to_contract" };
	bool shows = !in->quiet && isatty(STDERR_FILENO), ok;
	bool filed = invocation_option(in, "--check-filed") != NULL;
	struct again again = { .in = in, .list = listing_new(in->mem, 6, heads) };
	struct rematch_order order = { .dry_run = invocation_option(in, "--dry-run") != NULL,
				       .decided = decided,
				       .progress = shows ? progress : NULL,
				       .self = &again };
	struct rematch_counts counts = { 0 };
	struct matcher matcher;

	if (!app_no_csv(in, e) || !matcher_open(&matcher, in, e) ||
	    !issuer_meant(&order.issuer, matcher.insurers, invocation_option(in, "--insurer"), e))
		return EX_SOFTWARE;
	again.shadow = matcher.shadow && !filed;
	ok = (filed ? rematch_check_filed : rematch_all)(&matcher, &order, &counts, e);
	if (shows && counts.seen)
		fputc('\n', stderr);
	if (!ok)
		return EX_SOFTWARE;
	if (filed || order.dry_run || in->output == OUTPUT_JSON)
		again_print(&again);
	if (in->output == OUTPUT_JSON)
		return EX_OK;
	if (filed)
		fprintf(in->out,
			"%d documents that the matcher filed, decided by today's rules: %d would lie at"
			" another contract, %d would wait; nothing is changed\n",
			counts.seen, counts.filed, counts.revised);
	else
		fprintf(in->out,
			"%d documents of the queue matched again: %d %s, %d wait for another reason\n",
			counts.seen, counts.filed, order.dry_run ? "would be filed" : "filed",
			counts.revised);
	return EX_OK;
}

static const struct option_spec again_options[] = {
	{ "--dry-run", NULL, "change nothing: counts before and after, and the first documents" },
	{ "--check-filed", NULL,
	  "look at what the matcher filed instead: would today's rules file it there? changes nothing" },
	{ "--insurer", "ISSUER", "only documents of this insurer" },
	{ NULL, NULL, NULL },
};

const struct command match_commands[] = {
	{ "match explain", "DOCUMENT", 1, 1, NULL,
	  "every step from the delivered numbers to the verdict", explain_run },
	{ "match again", "", 0, 0, again_options,
	  "decide the queue again, by the present stock and rules", match_again_run },
	{ NULL, NULL, 0, 0, NULL, NULL, NULL },
};
