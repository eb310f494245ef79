/* learn.c -- `vorpost insurers learn`: number pictures proposed from the stock; a person accepts, forgets, exports them. */
#include "cmd/learn.h"
#include "cmd/matching.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/insurers.h"
#include "cmd/matching.h"
#include "matcher/stock_names.h"
#include "normalizers/learned.h"

struct learning {
	const struct invocation *in;
	struct app *app;
	struct matcher matcher;
	char **folders; /* as loaded, the accepted pictures last */
	size_t folder_count;
};

static bool learning_open(struct learning *l, const struct invocation *in, struct err *e)
{
	*l = (struct learning){ .in = in, .app = app_open(in, APP_ALL, e) };
	if (!l->app || !matcher_over(&l->matcher, l->app, l->app->db, l->app, e))
		return false;
	l->folders = app_insurer_folders(l->app->conf, &l->folder_count, in->mem);
	return true;
}

/* ---- proposals ---- */

/* So that --accept means the picture that was shown, even if the stock has changed since. */
static unsigned number_of(const char *issuer, const struct picture *p)
{
	char *text = talloc_asprintf(NULL, "%s|%s|%d", issuer, p->drawing, p->drops_zeros);
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < p->line_count; i++)
		text = talloc_asprintf_append(text, "|%s", p->lines[i]);
	for (const char *at = text; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	talloc_free(text);
	return 10000 + hash % 90000;
}

/* The insurers with one picture more, child of mem. */
static struct insurers *insurers_with(const struct learning *l, const char *issuer,
				      const struct picture *picture, TALLOC_CTX *mem, struct err *e)
{
	struct insurers *tried = insurers_load(l->folders, l->folder_count, mem, e);

	if (tried)
		insurers_try_picture(tried, issuer, picture);
	return tried;
}

static bool history_take(const struct learning *l, struct learned_proposal *one, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct insurers *tried;
	bool ok = true;

	if (one->proposal->state == PROPOSAL_STANDS &&
	    insurers_by_issuer(l->matcher.insurers, one->issuer)) {
		tried = insurers_with(l, one->issuer, &one->proposal->picture, mem, e);
		ok = tried && learn_history_of(&one->history, &l->matcher, tried, one->issuer, e);
	}
	talloc_free(mem);
	return ok;
}

static bool line_asked(const struct proposal *p, const char *line)
{
	return !line || picture_for_line(&p->picture, line);
}

static bool proposals_add(struct learned_proposals *all, const struct learning *l,
			  const struct learned_issuer *issuer, bool history, struct err *e)
{
	const char *line = invocation_option(l->in, "--line");
	struct proposals *found = learner_propose(issuer->learner, l->in->mem);

	for (size_t i = 0; i < found->count; i++) {
		struct learned_proposal one = { number_of(issuer->issuer,
							  &found->items[i]->picture),
						issuer->issuer,
						found->items[i],
						{ 0 } };

		if (!line_asked(one.proposal, line))
			continue;
		if (history && !history_take(l, &one, e))
			return false;
		all->items = talloc_realloc(l->in->mem, all->items, struct learned_proposal,
					    (unsigned)all->count + 1);
		all->items[all->count++] = one;
	}
	return true;
}

static void progress(void *self, size_t contracts)
{
	(void)self;
	fprintf(stderr, "\r%zu contracts read", contracts);
}

static bool proposals_of(struct learned_proposals *all, const struct learning *l,
			 const char *issuer, bool history, struct err *e)
{
	const char *least = invocation_option(l->in, "--min-support");
	bool shows = !l->in->quiet && isatty(STDERR_FILENO), ok;
	struct learned_issuers issuers;
	uint64_t support = 0;

	*all = (struct learned_proposals){ 0 };
	if (least && !text_option_u64(&support, least, 5, 1000000, "--min-support", e))
		return false;
	ok = learn_stock_read(&issuers, &l->matcher, issuer, (size_t)support,
			      shows ? progress : NULL, NULL, l->in->mem, e);
	if (shows)
		fputs("\r\033[K", stderr);
	for (size_t i = 0; ok && i < issuers.count; i++)
		ok = proposals_add(all, l, &issuers.items[i], history, e);
	return ok;
}

/* ---- accept, forget, export ---- */

static struct learned_proposal *proposal_numbered(const struct learned_proposals *all,
						  const char *number, struct err *e)
{
	uint64_t wanted;

	if (!text_option_u64(&wanted, number, 10000, 99999, "--accept", e))
		return NULL;
	for (size_t i = 0; i < all->count; i++) {
		struct learned_proposal *one = &all->items[i];

		if (one->number != wanted)
			continue;
		if (one->proposal->state == PROPOSAL_STANDS)
			return one;
		err_set(e, ERR_CONFLICT, "proposal %u is refused: %s", one->number,
			one->proposal->why);
		return NULL;
	}
	err_set(e, ERR_MISSING,
		"the stock proposes no picture %s; those that were accepted are shown by `insurers show`",
		number);
	return NULL;
}

static void origin_put(struct learned_proposal *one, const char *by)
{
	struct proposal *p = one->proposal;
	char today[CLOCK_TEXT_SIZE];

	clock_text(today, clock_wall_ms());
	p->picture.source =
		talloc_asprintf(p,
				"learned from the stock, accepted by %s on %.10s: draws %zu of %zu"
				" numbers, gains %zu of %zu spellings, reads %zu otherwise",
				by, today, p->numbers, p->of, p->gained, p->spelled, p->otherwise);
}

/* First prove, then give the contracts the names that follow, last the file by which the picture is in force: a kill in between
 * leaves names that nothing asks for. */
static bool accept(const struct learning *l, struct learned_proposal *one,
		   struct rekey_counts *counts, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct picture *picture = &one->proposal->picture;
	char *folder = app_folder(l->app, "learned", mem, e);
	const struct conf *conf = l->app->conf;
	struct matcher with = l->matcher;
	bool ok = folder && learned_add(conf->insurers, conf->insurer_count, folder, one->issuer,
					picture, true, e);

	ok = ok && (with.insurers = insurers_with(l, one->issuer, picture, mem, e)) &&
	     stock_names_rekey(&with, one->issuer, counts, e) &&
	     learned_add(conf->insurers, conf->insurer_count, folder, one->issuer, picture, false,
			 e);
	talloc_free(mem);
	return ok;
}

static int accept_run(const struct learning *l, const char *issuer, const char *number,
		      struct err *e)
{
	const char *by = app_person(invocation_option(l->in, "--by"), l->in->mem);
	struct learned_proposals all;
	struct learned_proposal *one;
	struct rekey_counts counts;

	if (!proposals_of(&all, l, issuer, false, e) || !(one = proposal_numbered(&all, number, e)))
		return EX_SOFTWARE;
	if (!insurers_by_issuer(l->matcher.insurers, one->issuer)) {
		err_set(e, ERR_SETUP, "%s has no insurer file to which pictures could be added",
			one->issuer);
		return EX_SOFTWARE;
	}
	origin_put(one, by);
	if (!accept(l, one, &counts, e))
		return EX_SOFTWARE;
	fprintf(l->in->out,
		"%s: \"%s\" holds from now on; %lld names added, %lld contracts looked at\n"
		"a running `vorpost serve` reads it before its next round\n"
		"documents that wait: vorpost match again --insurer %s --dry-run\n",
		one->issuer, one->proposal->picture.drawing, (long long)counts.added,
		(long long)counts.contracts, one->issuer);
	return EX_OK;
}

static int forget_run(const struct learning *l, const char *issuer, const char *drawing,
		      struct err *e)
{
	char *folder = app_folder(l->app, "learned", l->in->mem, e);
	bool all = strcmp(drawing, "all") == 0, fresh;
	struct matcher without = l->matcher;
	struct rekey_counts counts;

	if (!issuer) {
		err_set(e, ERR_USAGE, "--forget needs the ISSUER whose picture is meant");
		return EX_USAGE;
	}
	if (!folder || !learned_remove(l->app->conf->insurers, l->app->conf->insurer_count, folder,
				       issuer, all ? NULL : drawing, e))
		return EX_SOFTWARE;
	l->app->insurers_mark = 0; /* whatever the file system's clock says */
	if (!app_keep_insurers(l->app, &fresh, e))
		return EX_SOFTWARE;
	without.insurers = l->app->insurers;
	if (!stock_names_rekey(&without, issuer, &counts, e))
		return EX_SOFTWARE;
	fprintf(l->in->out,
		"%s: forgotten; %lld names taken away\n"
		"documents that it filed stay where they are\n",
		issuer, (long long)counts.removed);
	return EX_OK;
}

/* The learned pictures without the person's name: they may leave the house. */
static int export_run(const struct learning *l, const char *issuer, struct err *e)
{
	const struct insurer *one = issuer ? insurers_by_issuer(l->matcher.insurers, issuer) : NULL;
	struct picture *pictures;

	if (!one) {
		err_set(e, ERR_USAGE, "--export needs an ISSUER that has a file");
		return EX_USAGE;
	}
	pictures = talloc_array(l->in->mem, struct picture, one->picture_count);
	for (size_t i = 0; i < one->picture_count; i++) {
		const char *counts = strstr(one->pictures[i].source, ": draws ");

		pictures[i] = one->pictures[i];
		if (pictures[i].learned)
			pictures[i].source = talloc_asprintf(
				pictures, "learned from a broker's stock%s", counts ? counts : "");
	}
	if (learned_write(l->in->out, one, issuer, pictures, one->picture_count))
		return EX_OK;
	err_set(e, ERR_MISSING, "%s has no learned picture", issuer);
	return EX_SOFTWARE;
}

static int learn_run(struct invocation *in, struct err *e)
{
	const char *number = invocation_option(in, "--accept");
	const char *drawing = invocation_option(in, "--forget");
	struct learned_proposals all;
	struct learning l;
	const char *issuer, *line;

	if (!insurers_line_option(&line, in, e) || !learning_open(&l, in, e) ||
	    !issuer_meant(&issuer, l.matcher.insurers, in->words ? in->word[0] : NULL, e))
		return EX_SOFTWARE;
	if (number)
		return accept_run(&l, issuer, number, e);
	if (drawing)
		return forget_run(&l, issuer, drawing, e);
	if (invocation_option(in, "--export"))
		return export_run(&l, issuer, e);
	if (!proposals_of(&all, &l, issuer, true, e))
		return EX_SOFTWARE;
	proposals_show(in, &all, invocation_option(in, "--yaml") != NULL);
	return EX_OK;
}

static const struct option_spec learn_options[] = {
	{ "--line", "LINE", "only pictures that hold for this line of business" },
	{ "--min-support", "N", "numbers that must show a shape and a liberty; default 20" },
	{ "--accept", "NUMBER", "use the proposed picture from now on" },
	{ "--by", "NAME", "who accepts; else the login name" },
	{ "--forget", "PICTURE", "take a learned picture of ISSUER back; \"all\": every one" },
	{ "--export", NULL, "the learned pictures of ISSUER as YAML, without names and numbers" },
	{ "--yaml", NULL, "the proposals as they would stand in a file" },
	{ NULL, NULL, NULL },
};

const struct command learn_commands[] = {
	{ "insurers learn", "[ISSUER]", 0, 1, learn_options,
	  "number pictures that the stock proposes; nothing is used before it is accepted",
	  learn_run },
	{ 0 },
};
