/* number.c -- how numbers are read and compared, one by one or by the million. */
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/insurers.h"
#include "cmd/number_batch.h"
#include "cmd/phrase.h"
#include "normalizers/key.h"
#include "normalizers/picture.h"

static const struct option_spec compare_options[] = {
	{ "--vu", "VU",
	  "VU-Nr, key or name of the insurer; of the left number if --right-vu is given" },
	{ "--right-vu", "VU", "of the right number, if it is another" },
	{ "--batch", NULL, "read pairs as CSV: left_vu,left,right_vu,right" },
	{ 0 },
};

static const struct option_spec explain_options[] = {
	{ "--vu", "VU", "VU-Nr, key or name of the insurer" },
	{ "--line", "SPARTE", "three digits; pictures of other lines are passed over" },
	{ 0 },
};

/* A mistyped key is no verdict: say that no picture helped. */
static void nobody_said(const struct insurers *all, const char *vu)
{
	if (vu && vu[0] && !insurers_find(all, vu))
		fprintf(stderr,
			"vorpost: no insurer file is named or registered \"%s\", so the general rule holds; see: "
			"vorpost insurers list\n",
			vu);
}

/* Machines read English. */
static const char *said(const struct invocation *in, const char *text)
{
	return in->output == OUTPUT_TABLE ? phrase(text, in->mem) : text;
}

/* One side of a comparison, step by step. */
struct side {
	const struct insurer *issuer;
	const char *spelling;
	struct reading reading;
};

#define SIDE_STEPS 8
static const char *const side_heads[SIDE_STEPS] = { "insurer", "spelling", "label", "plain form",
						    "refused", "picture",  "parts", "key" };

static void side_read(struct side *side, const struct insurers *all, const char *vu,
		      const char *spelling)
{
	side->issuer = insurers_find(all, vu);
	side->spelling = spelling;
	key_read(&side->reading, side->issuer, NULL, spelling, strlen(spelling));
}

static const char *side_picture(const struct invocation *in, const struct reading *r)
{
	if (r->state == KEY_AMBIGUOUS)
		return said(in, "several readings");
	if (!r->picture)
		return NULL;
	return talloc_asprintf(in->mem, "%s (%s)", r->picture->drawing,
			       said(in, r->picture->confidence));
}

static const char *side_key(const struct invocation *in, const struct reading *r)
{
	if (r->state == KEY_MALFORMED || number_is_placeholder(r->clean.text))
		return said(in, "none");
	return r->canonical[0] ? r->canonical : r->clean.text;
}

static void side_steps(const char **steps, const struct invocation *in, const struct side *side)
{
	const struct reading *r = &side->reading;

	steps[0] = side->issuer ? side->issuer->name : said(in, "unknown: general rule");
	steps[1] = text_shown(side->spelling, 200, in->mem);
	steps[2] = r->clean.label;
	steps[3] = r->clean.text[0] ? r->clean.text : NULL;
	steps[4] =
		r->why_not ? said(in, talloc_asprintf(in->mem, "the number %s", r->why_not)) : NULL;
	steps[5] = side_picture(in, r);
	steps[6] = r->picture ? picture_parts(r->picture, &r->clean, in->mem) : NULL;
	steps[7] = side_key(in, r);
}

/* Both sides beside each other; a step that neither took is left out. */
static void sides_print(const struct invocation *in, const char *const *left,
			const char *const *right)
{
	const char *const heads[] = { said(in, "step"), said(in, "left"), said(in, "right") };
	struct listing *list = listing_new(in->mem, 3, heads);

	for (int i = 0; i < SIDE_STEPS; i++) {
		if (left[i] || right[i])
			listing_row(list, (const char *const[]){ said(in, side_heads[i]), left[i],
								 right[i] });
	}
	fputc('\n', in->out);
	listing_print(list, OUTPUT_TABLE, in->out);
}

/* One row: the verdict, then what each side was read as. */
static void compared_print(const struct invocation *in, const char *verdict, const char *why,
			   const char *const *left, const char *const *right)
{
	static const char *const heads[] = { "verdict",      "reason",        "left_plain",
					     "left_picture", "left_parts",    "left_key",
					     "right_plain",  "right_picture", "right_parts",
					     "right_key" };
	const char *const cells[] = { verdict, why,      left[3],  left[5],  left[6],
				      left[7], right[3], right[5], right[6], right[7] };
	struct listing *list = listing_new(in->mem, 10, heads);

	listing_row(list, cells);
	listing_print(list, in->output, in->out);
}

static int compare_pair(struct invocation *in, const struct insurers *all, const char *vu)
{
	const char *right_vu = invocation_option(in, "--right-vu");
	const char *left_steps[SIDE_STEPS], *right_steps[SIDE_STEPS];
	struct side left, right;
	enum comparison verdict;
	char *why;

	nobody_said(all, vu);
	nobody_said(all, right_vu);
	right_vu = right_vu ? right_vu : vu;
	verdict = key_compare(all, vu, in->word[0], right_vu, in->word[1], &why, in->mem);
	side_read(&left, all, vu, in->word[0]);
	side_read(&right, all, right_vu, in->word[1]);
	side_steps(left_steps, in, &left);
	side_steps(right_steps, in, &right);
	if (in->output == OUTPUT_TABLE) {
		fprintf(in->out, "%s: %s\n", said(in, comparison_text(verdict)), said(in, why));
		if (!in->quiet)
			sides_print(in, left_steps, right_steps);
	} else {
		compared_print(in, comparison_text(verdict), why, left_steps, right_steps);
	}
	return (int)verdict;
}

static int number_compare(struct invocation *in, struct err *e)
{
	const char *vu = invocation_option(in, "--vu");
	bool batch = invocation_option(in, "--batch") != NULL;
	const struct insurers *all;

	if (batch ? in->words != 0 || vu != NULL : in->words != 2 || vu == NULL) {
		err_set(e, ERR_USAGE, "expected --vu VU LEFT RIGHT, or --batch alone");
		return 64;
	}
	all = insurers_open(in, e);
	if (!all)
		return 78;
	if (batch)
		return number_batch(all, STDIN_FILENO, in->out, e) ? 0 : 65;
	return compare_pair(in, all, vu);
}

static const char *key_text(const struct key *key)
{
	if (!key_usable(key))
		return "none";
	return key->canonical ? key->canonical : key->plain;
}

static int number_explain(struct invocation *in, struct err *e)
{
	const char *const heads[] = { said(in, "step"), said(in, "says") };
	const char *vu = invocation_option(in, "--vu");
	const struct insurers *all;
	const struct insurer *issuer;
	const char *line;
	struct listing *list = listing_new(in->mem, 2, heads);
	struct key *key;

	if (!insurers_line_option(&line, in, e))
		return 64;
	all = insurers_open(in, e);
	if (!all)
		return 78;
	nobody_said(all, vu);
	issuer = vu ? insurers_find(all, vu) : NULL;
	key = key_make(issuer, line, in->word[0], in->mem);
	listing_row(list, (const char *const[]){ said(in, "insurer"),
						 issuer ? issuer->name
							: said(in, "unknown: general rule") });
	listing_row(list, (const char *const[]){ said(in, "spelling"),
						 text_shown(in->word[0], 200, in->mem) });
	for (size_t i = 0; i < key->step_count; i++)
		listing_row(list, (const char *const[]){ talloc_asprintf(in->mem, "%zu", i + 1),
							 said(in, key->steps[i]) });
	listing_row(list, (const char *const[]){ said(in, "key"), said(in, key_text(key)) });
	listing_print(list, in->output, in->out);
	return 0;
}

const struct command number_commands[] = {
	{ "number compare", "[LEFT RIGHT]", 0, 2, compare_options,
	  "do two spellings name one contract, step by step? exit 0 same, 1 different, 2 review",
	  number_compare },
	{ "number explain", "NUMBER", 1, 1, explain_options, "every step from spelling to key",
	  number_explain },
	{ 0 },
};
