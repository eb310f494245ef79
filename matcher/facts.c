#include "matcher/facts.h"

#include <string.h>

#include "base/text.h"
#include "matcher/holder.h"

#define NUMBERS_MOST 200 /* of one transfer; a list of more names nobody's contract */

static const enum use uses[NUMBER_KINDS] = {
	[NUMBER_POLICY] = USE_NAME,      [NUMBER_PRINTED] = USE_NAME, [NUMBER_OLD] = USE_WEAK,
	[NUMBER_APPLICATION] = USE_WEAK, [NUMBER_CLAIM] = USE_CLAIM,  [NUMBER_BROKER] = USE_SUGGEST,
	[NUMBER_LINK] = USE_SUGGEST,     [NUMBER_CASE] = USE_NONE,
};

static bool same_vu(const char *a, const char *b)
{
	return a && b && !strcmp(vu_bare(a), vu_bare(b));
}

static bool carries(const struct insurer *file, const char *vu)
{
	for (size_t i = 0; file && i < file->carrier_count; i++)
		if (same_vu(file->carriers[i].vu, vu))
			return true;
	return false;
}

/* The register number that the transfer speaks of, by the rules of its day: one that had ended stands for its successor
 * if numbers were kept, else for nobody. "": none is named, NULL: it names nobody. */
static const char *vu_choose(const struct facts_setting *setting, const char *vu, const char *date)
{
	if (!vu || !*vu_bare(vu))
		return "";
	return insurers_vu_at(setting->insurers, vu, date);
}

/* See the head of facts.h. */
static const char *issuer_choose(const struct facts_setting *setting, const char *said,
				 const char *vu, const char *date, TALLOC_CTX *mem)
{
	const struct insurer *then;

	if (!vu)
		return talloc_asprintf(mem, "vu:%s", vu_bare(said));
	if (!*vu)
		return setting->issuer;
	then = insurers_find_at(setting->insurers, vu, date);
	return then ? talloc_strdup(mem, then->issuer)
		    : insurers_issuer_of(setting->insurers, vu, mem);
}

/* Gives out numbers, but carries no risk: an Assekuradeur. */
static bool without_register_number(const struct insurer *file)
{
	for (size_t i = 0; file && i < file->carrier_count; i++)
		if (!text_empty(file->carriers[i].vu))
			return false;
	return file != NULL;
}

/* The number of somebody else's contract, or of another insurer's: the reader records where it stood. The norm's own names
 * for such parents are not public, so any element that speaks of them counts. */
static bool foreign_path(const char *path)
{
	static const char *const words[] = {
		"vorversicher", "vorvertrag", "vorgaenger",      "nachversicher", "fremdversicher",
		"fremdvertrag", "gegner",     "anspruchsteller", "geschaedigt",   "schaediger",
		"dritte",       "beteiligt",  "rueckversicher",
	};

	for (size_t i = 0; path && i < sizeof words / sizeof *words; i++)
		if (strcasestr(path, words[i]))
			return true;
	return false;
}

struct asking {
	const struct facts_setting *setting;
	const struct transfer *transfer;
	const char *issuer;
	const char *vu; /* by the rules of the day, see vu_choose */
	struct asked *asked;
	size_t count;
	TALLOC_CTX *mem;
};

static void ask(struct asking *a, int number, enum use use, const char *issuer, const char *vu)
{
	const struct number *n = &a->transfer->numbers[number];
	const struct insurer *file = insurers_by_issuer(a->setting->insurers, issuer);
	struct asked *row;

	for (size_t i = 0; i < a->count; i++)
		if (a->asked[i].number == number && !strcmp(a->asked[i].issuer, issuer) &&
		    text_equal(a->asked[i].vu, vu))
			return;
	a->asked = talloc_realloc(a->mem, a->asked, struct asked, a->count + 1);
	row = &a->asked[a->count++];
	*row = (struct asked){
		.number = number, .kind = n->kind, .use = use, .issuer = issuer, .vu = vu
	};
	/* A claim number has no picture: the insurer's policies are drawn, not its claims. */
	row->key = key_make(use == USE_CLAIM ? NULL : file, a->transfer->line,
			    n->value ? n->value : "", a->mem);
}

/* The other end of an edge on which numbers are kept: the contract may stand in the stock under
 * either. Where nobody says whether they were, the other end's contracts are suggestions. */
static void ask_along(struct asking *a, int number, enum use use, const struct successor *edge)
{
	const struct insurers *all = a->setting->insurers;
	const char *vu = a->vu;
	const char *ends[2] = { edge->from, edge->to };

	if (!vu || (!text_equal(edge->number, "kept") && !text_equal(edge->number, "unknown")))
		return;
	if (text_equal(edge->number, "unknown"))
		use = USE_SUGGEST;
	for (int i = 0; i < 2; i++) {
		const char *here = ends[i], *there = ends[1 - i];
		const struct insurer *other;

		if (text_empty(vu) ? !carries(insurers_by_issuer(all, a->issuer), here)
				   : !same_vu(here, vu))
			continue;
		other = there ? insurers_find(all, there) : NULL;
		if (other && strcmp(other->issuer, a->issuer) != 0)
			ask(a, number, use, other->issuer, there);
	}
}

/* What the connection's issuer is good for if the transfer names somebody else. */
static enum use own_use(const struct facts_setting *setting, enum use use)
{
	const struct insurer *own = insurers_by_issuer(setting->insurers, setting->issuer);

	return without_register_number(own) ? use : USE_SUGGEST;
}

static void ask_number(struct asking *a, int number)
{
	const struct insurers *all = a->setting->insurers;
	const struct number *n = &a->transfer->numbers[number];
	enum use use = foreign_path(n->path) ? USE_NONE : uses[n->kind];

	ask(a, number, use, a->issuer, NULL);
	if (use < USE_SUGGEST)
		return;
	for (size_t i = 0; i < insurers_count(all); i++) {
		const struct insurer *file = insurers_at(all, i);

		for (size_t k = 0; k < file->successor_count; k++)
			ask_along(a, number, use, &file->successors[k]);
	}
	if (a->setting->issuer && strcmp(a->setting->issuer, a->issuer) != 0)
		ask(a, number, own_use(a->setting, use), a->setting->issuer, NULL);
}

/* Nobody names an insurer: whoever has the number is a suggestion. */
static void ask_anywhere(struct asking *a, int number)
{
	const struct number *n = &a->transfer->numbers[number];

	if (!foreign_path(n->path) && uses[n->kind] >= USE_WEAK)
		ask(a, number, USE_SUGGEST, ANY_ISSUER, NULL);
}

static const char *date_of(const struct facts_setting *setting, const struct shipment *shipment,
			   const struct transfer *transfer, const struct document *document)
{
	const char *said[] = { document->created, transfer->created, shipment->posted,
			       setting->received };

	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		if (date_plausible(said[i]) && strcmp(said[i], "1990") > 0)
			return said[i];
	return NULL;
}

struct facts *facts_of_transfer(const struct facts_setting *setting,
				const struct shipment *shipment, const struct transfer *transfer,
				TALLOC_CTX *mem)
{
	struct facts *all = talloc_zero_array(mem, struct facts, transfer->document_count);
	struct asking a = { .setting = setting, .transfer = transfer, .mem = all };
	const char *date = NULL;

	if (transfer->document_count)
		date = date_of(setting, shipment, transfer, &transfer->documents[0]);
	a.vu = vu_choose(setting, transfer->insurer_vu, date);
	a.issuer = issuer_choose(setting, transfer->insurer_vu, a.vu, date, all);
	for (size_t i = 0; a.issuer && i < transfer->number_count && i < NUMBERS_MOST; i++)
		ask_number(&a, (int)i);
	for (size_t i = 0; !a.issuer && i < transfer->number_count && i < NUMBERS_MOST; i++)
		ask_anywhere(&a, (int)i);
	for (size_t i = 0; i < transfer->document_count; i++) {
		const struct document *document = &transfer->documents[i];

		all[i] = (struct facts){
			.shipment = shipment,
			.transfer = transfer,
			.document = document,
			.issuer = a.issuer,
			.issuer_has_file =
				a.issuer && insurers_by_issuer(setting->insurers, a.issuer),
			.class = business_class_of(transfer->business_case, shipment->category,
						   shipment->kind),
			.dated = date_of(setting, shipment, transfer, document),
			.strict_lines = setting->strict_lines,
			.weighing = setting->weighing ? setting->weighing : &weighing_usual,
			.asked = a.asked,
			.asked_count = a.count,
		};
	}
	return all;
}

bool facts_first_row(const struct facts *facts, size_t i)
{
	return i == 0 || facts->asked[i - 1].number != facts->asked[i].number;
}

static bool same_number(const struct key *a, const struct key *b)
{
	return !strcmp(a->plain, b->plain) ||
	       (a->canonical && b->canonical && !strcmp(a->canonical, b->canonical));
}

bool facts_several_policies(const struct facts *facts)
{
	const struct key *first = NULL;

	for (size_t i = 0; i < facts->asked_count; i++) {
		const struct asked *asked = &facts->asked[i];

		if (!facts_first_row(facts, i) || asked->kind != NUMBER_POLICY ||
		    asked->use != USE_NAME || !key_usable(asked->key))
			continue;
		if (!first)
			first = asked->key;
		else if (!same_number(first, asked->key))
			return true;
	}
	return false;
}

const struct asked *facts_alias(const struct facts *facts)
{
	static const enum number_kind order[] = { NUMBER_POLICY, NUMBER_PRINTED, NUMBER_OLD,
						  NUMBER_APPLICATION };

	if (facts_several_policies(facts))
		return NULL;
	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		for (size_t i = 0; i < facts->asked_count; i++)
			if (facts_first_row(facts, i) && facts->asked[i].kind == order[k] &&
			    facts->asked[i].use >= USE_WEAK && key_usable(facts->asked[i].key))
				return &facts->asked[i];
	return NULL;
}
