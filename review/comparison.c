#include "review/comparison.h"

#include <string.h>

#include "base/text.h"
#include "matcher/signals.h"
#include "normalizers/clean.h"
#include "normalizers/key.h"
#include "review/diff.h"
#include "review/row.h"

static const char *verdict_text(enum agreement verdict)
{
	static const char *const texts[] = {
		[SAYS_NOTHING] = "open",
		[AGREES] = "same",
		[CONTRADICTS] = "differs",
	};

	return texts[verdict];
}

/* One thing that both may say of the contract. */
struct row {
	const char *what;
	const char *delivery, *letter, *contract;
	const char *verdict, *letter_verdict;
};

static void row_add(json_t *rows, const struct row *row)
{
	if (text_empty(row->delivery) && text_empty(row->letter))
		return; /* there is nothing to compare */
	json_array_append_new(
		rows, json_pack("{s:s, s:o, s:o, s:o, s:s, s:s}", "what", row->what, "delivery",
				text_json(row->delivery), "letter", text_json(row->letter),
				"contract", text_json(row->contract), "verdict",
				text_empty(row->delivery) ? "open" : row->verdict, "letter_verdict",
				text_empty(row->letter) ? "open" : row->letter_verdict));
}

/* ---- its number ---- */

static bool spelled_alike(const char *delivered, const struct contract *contract)
{
	return diff_alike(delivered, contract->number) ||
	       diff_alike(delivered, contract->printed_number);
}

static bool placeholder(const char *number)
{
	struct cleaned clean;

	clean_number(&clean, number, strlen(number));
	return clean.state != CLEAN_OK || number_is_placeholder(clean.text);
}

static bool one_number(const struct insurer *issuer, const char *delivered, const char *theirs)
{
	const char *why;

	return theirs && numbers_compare(issuer, delivered, theirs, &why) == COMPARE_SAME;
}

/* By the number that is shown, whatever other one leads there. One that leads there in another way (a name that was given to it, a
 * repair, a part more or less) is alike at most: whoever decides looks at it. */
static const char *delivered_verdict(const struct comparing *all, const struct compared *c)
{
	const struct contract *contract = c->contract;

	if (!c->delivered || placeholder(c->delivered))
		return "open";
	if (one_number(all->issuer, c->delivered, contract->number) ||
	    one_number(all->issuer, c->delivered, contract->printed_number))
		return c->other_insurer ? "alike" : "same";
	return c->named || spelled_alike(c->delivered, contract) ? "alike" : "differs";
}

static void number_add(json_t *rows, const struct comparing *all, const struct compared *c,
		       const struct clue *clue)
{
	const struct contract *contract = c->contract;
	struct row row = {
		.what = "number",
		.delivery = c->delivered,
		.contract = contract->printed_number ? contract->printed_number : contract->number,
		.verdict = delivered_verdict(all, c),
	};

	if (clue && clue->by != CLUE_NAME) {
		row.letter = clue->spelling;
		row.letter_verdict = clue->by == CLUE_NUMBER ? "same" : "alike";
	} else if (c->delivered == all->letter.delivered) { /* of several the very same */
		row.letter = all->letter.spelling;
		row.letter_verdict = row.verdict;
	}
	row_add(rows, &row);
}

/* ---- its holder ---- */

/* By the name alone: what else is said of him has rows of its own. */
static enum agreement holder_said(const struct signals *signals)
{
	if (signals->said[DETAIL_FIRST_NAME] == CONTRADICTS)
		return CONTRADICTS;
	return signals->said[DETAIL_SURNAME];
}

static void holder_add(json_t *rows, const struct comparing *all, const struct compared *c,
		       const struct signals *signals, const struct clue *clue)
{
	const struct party *party = &all->facts->transfer->party;
	const bool theirs = clue && clue->holder;
	char *delivered = name_text(party->first_name, party->surname, NULL);
	char *holder = name_text(c->contract->first_name, c->contract->name, NULL);
	const struct row row = {
		.what = "holder",
		.delivery = delivered,
		.letter = theirs ? clue->holder : clues_other_holder(all->clues, c->contract),
		.contract = holder,
		.verdict = verdict_text(holder_said(signals)),
		.letter_verdict = theirs ? "same" : "differs",
	};

	row_add(rows, &row);
	talloc_free(delivered);
	talloc_free(holder);
}

/* ---- what else was delivered ---- */

static void details_add(json_t *rows, const struct facts *facts, const struct contract *c,
			const struct signals *signals)
{
	const struct transfer *t = facts->transfer;
	const struct {
		const char *what, *delivered, *theirs;
		enum detail detail;
	} details[] = {
		{ "birth_date", t->party.birth_date, c->birth_date, DETAIL_BIRTH_DATE },
		{ "postcode", t->party.postcode, c->postcode, DETAIL_POSTCODE },
		{ "plate", t->plate, c->plate, DETAIL_PLATE },
		{ "line", t->line, c->line, DETAIL_LINE },
	};

	for (size_t i = 0; i < sizeof details / sizeof *details; i++) {
		const struct row row = {
			.what = details[i].what,
			.delivery = details[i].delivered,
			.contract = details[i].theirs,
			.verdict = verdict_text(signals->said[details[i].detail]),
		};

		row_add(rows, &row);
	}
}

/* Insurers that follow each other are not the same, and no contradiction. */
static void insurer_add(json_t *rows, const struct comparing *all, const struct compared *c)
{
	struct row row = {
		.what = "insurer",
		.delivery = all->issuer_name,
		.contract = c->issuer_name,
		.verdict = "open",
	};

	if (c->other_insurer)
		row.verdict = "differs";
	else if (text_equal(all->facts->issuer, c->issuer))
		row.verdict = "same";
	row_add(rows, &row);
}

json_t *comparison_json(const struct comparing *comparing, const struct compared *compared)
{
	const struct contract *contract = compared->contract;
	const struct signals signals = signals_of(comparing->facts, contract);
	const struct clue *clue = clues_of_contract(comparing->clues, contract->contract_id);
	json_t *rows = json_array();

	number_add(rows, comparing, compared, clue);
	holder_add(rows, comparing, compared, &signals, clue);
	details_add(rows, comparing->facts, contract, &signals);
	insurer_add(rows, comparing, compared);
	return rows;
}
