#include "review/comparison.h"

#include "base/text.h"
#include "matcher/signals.h"
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

static void row_add(json_t *rows, const char *what, const char *const values[3],
		    const char *verdict)
{
	if (text_empty(values[0]) && text_empty(values[1]))
		return; /* there is nothing to compare */
	json_array_append_new(rows,
			      json_pack("{s:s, s:o, s:o, s:o, s:s}", "what", what, "delivery",
					text_json(values[0]), "letter", text_json(values[1]),
					"contract", text_json(values[2]), "verdict", verdict));
}

/* ---- its number ---- */

static bool spelled_alike(const char *delivered, const struct contract *contract)
{
	return diff_alike(delivered, contract->number) ||
	       diff_alike(delivered, contract->printed_number);
}

static const char *number_verdict(const struct compared *c, const struct clue *clue)
{
	if (c->named)
		return "same";
	if (c->delivered)
		return spelled_alike(c->delivered, c->contract) ? "alike" : "differs";
	if (!clue || clue->by == CLUE_NAME)
		return "open";
	return clue->by == CLUE_NUMBER ? "same" : "alike";
}

static void number_add(json_t *rows, const struct comparing *all, const struct compared *c,
		       const struct clue *clue)
{
	const struct contract *contract = c->contract;
	const char *theirs = contract->printed_number ? contract->printed_number : contract->number;
	const char *letter = NULL;

	if (clue && clue->by != CLUE_NAME)
		letter = clue->spelling;
	else if (c->delivered == all->letter.delivered) /* of several the very same */
		letter = all->letter.spelling;
	row_add(rows, "number", (const char *const[]){ c->delivered, letter, theirs },
		number_verdict(c, clue));
}

/* ---- its holder ---- */

static enum agreement holder_verdict(const struct compared *c, const struct signals *signals,
				     const struct clue *clue)
{
	const enum agreement surname = signals->said[DETAIL_SURNAME];
	const enum agreement first = signals->said[DETAIL_FIRST_NAME];

	if (c->other_holder || surname == CONTRADICTS || first == CONTRADICTS)
		return CONTRADICTS;
	return surname == AGREES || (clue && clue->holder) ? AGREES : SAYS_NOTHING;
}

static void holder_add(json_t *rows, const struct comparing *all, const struct compared *c,
		       const struct signals *signals, const struct clue *clue)
{
	const struct party *party = &all->facts->transfer->party;
	const char *letter =
		clue && clue->holder ? clue->holder : clues_other_holder(all->clues, c->contract);
	char *delivered = name_text(party->first_name, party->surname, NULL);
	char *holder = name_text(c->contract->first_name, c->contract->name, NULL);
	const char *const values[] = { delivered, letter, holder };

	row_add(rows, "holder", values, verdict_text(holder_verdict(c, signals, clue)));
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
		const char *const values[] = { details[i].delivered, NULL, details[i].theirs };

		row_add(rows, details[i].what, values,
			verdict_text(signals->said[details[i].detail]));
	}
}

/* Insurers that follow each other are not the same, and no contradiction. */
static void insurer_add(json_t *rows, const struct comparing *all, const struct compared *c)
{
	const char *const values[] = { all->issuer_name, NULL, c->issuer_name };
	enum agreement verdict = SAYS_NOTHING;

	if (c->other_insurer)
		verdict = CONTRADICTS;
	else if (text_equal(all->facts->issuer, c->issuer))
		verdict = AGREES;
	row_add(rows, "insurer", values, verdict_text(verdict));
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
