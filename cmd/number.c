/* number.c -- how numbers are read and compared, one by one or by the million. */
#include <unistd.h>

#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/insurers.h"
#include "cmd/number_batch.h"
#include "cmd/phrase.h"
#include "normalizers/key.h"

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

static int compare_pair(struct invocation *in, const struct insurers *all, const char *vu)
{
	static const char *const heads[] = { "verdict", "reason" };
	const char *right_vu = invocation_option(in, "--right-vu");
	enum comparison verdict;
	char *why;

	verdict = key_compare(all, vu, in->word[0], right_vu ? right_vu : vu, in->word[1], &why,
			      in->mem);
	if (in->output == OUTPUT_TABLE) {
		phrase_print(in->out, "%s: %s\n", comparison_text(verdict), why);
	} else {
		const char *cells[] = { comparison_text(verdict), why };
		struct listing *list = listing_new(in->mem, 2, heads);

		listing_row(list, cells);
		listing_print(list, in->output, in->out);
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
	if (key->canonical)
		return key->canonical;
	return key->plain[0] ? key->plain : "none";
}

/* Machines read English. */
static const char *said(const struct invocation *in, const char *text)
{
	return in->output == OUTPUT_TABLE ? phrase(text, in->mem) : text;
}

static int number_explain(struct invocation *in, struct err *e)
{
	const char *const heads[] = { said(in, "step"), said(in, "says") };
	const char *vu = invocation_option(in, "--vu");
	const struct insurers *all = insurers_open(in, e);
	const struct insurer *issuer;
	struct listing *list = listing_new(in->mem, 2, heads);
	struct key *key;

	if (!all)
		return 78;
	issuer = vu ? insurers_find(all, vu) : NULL;
	key = key_make(issuer, invocation_option(in, "--line"), in->word[0], in->mem);
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
	  "do two spellings name one contract? exit 0 same, 1 different, 2 review",
	  number_compare },
	{ "number explain", "NUMBER", 1, 1, explain_options, "every step from spelling to key",
	  number_explain },
	{ 0 },
};
