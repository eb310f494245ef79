/* match.c -- `vorpost match ...`: why a document is where it is, and matching the queue again. */
#include <sysexits.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/explain.h"
#include "cmd/matching.h"
#include "matcher/rematch.h"

/* ---- again ---- */

static void progress(void *self, const struct rematch_counts *counts)
{
	(void)self;
	fprintf(stderr, "\r%d documents matched again", counts->seen);
}

static int match_again_run(struct invocation *in, struct err *e)
{
	bool shows = !in->quiet && isatty(STDERR_FILENO);
	struct rematch_order order = { .issuer = invocation_option(in, "--insurer"),
				       .dry_run = invocation_option(in, "--dry-run") != NULL,
				       .progress = shows ? progress : NULL };
	struct rematch_counts counts;
	struct matcher matcher;
	bool ok;

	if (!matcher_open(&matcher, in, e))
		return EX_SOFTWARE;
	ok = rematch_all(&matcher, &order, &counts, e);
	if (shows && counts.seen)
		fputc('\n', stderr);
	if (!ok)
		return EX_SOFTWARE;
	fprintf(in->out,
		"%d documents of the queue matched again: %d %s, %d wait for another reason\n",
		counts.seen, counts.filed, order.dry_run ? "would be filed" : "filed",
		counts.revised);
	return EX_OK;
}

static const struct option_spec again_options[] = {
	{ "--dry-run", NULL, "change nothing, only count" },
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
