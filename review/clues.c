#include "review/clues.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "matcher/beyond.h"
#include "matcher/holder.h"
#include "matcher/near_names.h"
#include "review/clues_inside.h"
#include "review/words.h"

#define SHOWN_MOST 60 /* bytes of a spelling */
#define NAMES_PAGE 1  /* spots_of_names */

/* A key or a holder's name, and where it stands. */
struct asking {
	const struct spots *spots;
	const struct candidates *found;
	const char *issuer;
};

/* ---- what was found ---- */

static const char *customer_of(const struct contract *contract)
{
	return contract->customer_id ? contract->customer_id : contract->contract_id;
}

static struct clue *clue_of(const struct clues *clues, const char *contract_id)
{
	for (size_t i = 0; i < clues->count; i++)
		if (!strcmp(clues->items[i].contract->contract_id, contract_id))
			return &clues->items[i];
	return NULL;
}

const struct clue *clues_of_contract(const struct clues *clues, const char *contract_id)
{
	return clue_of(clues, contract_id);
}

static int box_free(json_t **box)
{
	json_decref(*box);
	return 0;
}

/* The box lives as long as the clues. */
static json_t *box_keep(struct clues *clues, json_t *box)
{
	json_t **held = talloc(clues, json_t *);

	*held = box;
	talloc_set_destructor(held, box_free);
	return box;
}

static char *spelled(const struct spot *spot, TALLOC_CTX *mem)
{
	char line[WORDS_SPELLS] = "";

	words_join(line, spot->words, spot->from, spot->count);
	return text_shown(line, SHOWN_MOST, mem);
}

static void clue_add(struct clues *clues, const struct contract *contract, const struct spot *spot,
		     enum clue_by by)
{
	struct clue *known = clue_of(clues, contract->contract_id);

	if (known) { /* by a number, and by its holder's name as well */
		if (by == CLUE_NAME && !known->holder)
			known->holder = spelled(spot, clues);
		return;
	}
	clues->items = talloc_realloc(clues, clues->items, struct clue, clues->count + 1);
	clues->items[clues->count++] = (struct clue){
		.contract = contract,
		.by = by,
		.page = spot->page,
		.spelling = spelled(spot, clues),
		.holder = by == CLUE_NAME ? spelled(spot, clues) : NULL,
		.box = box_keep(clues, words_box(spot->words, spot->from, spot->count)),
	};
}

/* Whose contracts have come up; a text that speaks of more than a few is none of theirs. */
struct customers {
	const char *known[CLUE_CUSTOMERS_MOST];
	size_t count;
	bool many;
};

static void customer_add(struct customers *customers, const char *customer)
{
	for (size_t i = 0; i < customers->count; i++)
		if (!strcmp(customers->known[i], customer))
			return;
	if (customers->count == CLUE_CUSTOMERS_MOST)
		customers->many = true;
	else
		customers->known[customers->count++] = customer;
}

static void spot_take(struct clues *clues, struct customers *customers, const struct asking *asking,
		      const struct spot *spot, const char *key, enum wanted_by by_what,
		      enum clue_by by)
{
	size_t count;
	const struct found *found =
		candidates_of(asking->found, asking->issuer, key, by_what, &count);

	if (count > CLUE_CONTRACTS_MOST)
		return;
	for (size_t i = 0; i < count; i++) {
		customer_add(customers, customer_of(&found[i].contract));
		if (!customers->many)
			clue_add(clues, &found[i].contract, spot, by);
	}
}

/* Of these numbers or names; none of them if they are many customers'. */
static void spots_take(struct clues *clues, const struct asking *asking, enum wanted_by by_what,
		       enum clue_by by)
{
	struct customers customers = { .count = 0 };
	const size_t before = clues->count;

	for (size_t i = 0; i < asking->spots->count && !customers.many; i++)
		spot_take(clues, &customers, asking, &asking->spots->items[i],
			  asking->spots->items[i].key, by_what, by);
	if (customers.many)
		clues->count = before;
	clues->many |= customers.many;
}

/* ---- one slip from a name ---- */

static struct near_names *near_asked(const struct spots *numbers, const char *issuer,
				     TALLOC_CTX *mem)
{
	struct near_names *near = near_names_new(mem);

	for (size_t i = 0; i < numbers->count && near->ask_count < CLUE_NEAR_MOST; i++)
		if (strlen(numbers->items[i].key) >= CLUE_NEAR_LEAST)
			near_names_ask(near, issuer, numbers->items[i].key);
	return near;
}

/* The asks are the first numbers that are long enough, in their order. */
static void near_take(struct clues *clues, const struct asking *asking,
		      const struct near_names *near)
{
	struct customers customers = { .count = 0 };
	const size_t before = clues->count;
	size_t ask = 0, count;

	for (size_t i = 0; i < asking->spots->count && ask < near->ask_count; i++) {
		const struct near_name *name;

		if (strlen(asking->spots->items[i].key) < CLUE_NEAR_LEAST)
			continue;
		name = near_names_of(near, ask++, &count);
		for (; count; count--, name++)
			spot_take(clues, &customers, asking, &asking->spots->items[i], name->key,
				  BY_NAME, CLUE_NEAR);
	}
	if (customers.many)
		clues->count = before;
	clues->many |= customers.many;
}

static bool near_find(struct clues *clues, struct asking *asking, const struct matcher *matcher,
		      TALLOC_CTX *mem, struct err *e)
{
	struct near_names *near = near_asked(asking->spots, asking->issuer, mem);
	struct wanted *wanted = wanted_new(mem);
	struct candidates *found = talloc_zero(clues, struct candidates);

	if (!near_names_find(near, matcher->db, matcher->broker, e))
		return false;
	for (size_t i = 0; i < near->count; i++)
		wanted_add(wanted, asking->issuer, near->items[i].key, BY_NAME);
	wanted_close(wanted);
	if (!candidates_find_nearby(found, matcher->db, matcher->broker, wanted, clues, e))
		return false;
	asking->found = found;
	near_take(clues, asking, near);
	return true;
}

/* ---- all of it ---- */

static void want(struct wanted *wanted, const struct spots *spots, const char *issuer,
		 enum wanted_by by)
{
	for (size_t i = 0; i < spots->count; i++)
		wanted_add(wanted, issuer, spots->items[i].key, by);
}

static bool ask(struct clues *clues, const struct matcher *matcher, const char *issuer,
		const struct spots *numbers, const struct spots *names, TALLOC_CTX *mem,
		struct err *e)
{
	struct candidates *found = talloc_zero(clues, struct candidates);
	struct wanted *wanted = wanted_new(mem);
	struct asking by_number = { numbers, found, issuer }, by_name = { names, found, issuer };

	want(wanted, numbers, issuer, BY_NAME);
	want(wanted, names, issuer, BY_HOLDER);
	wanted_close(wanted);
	if (!candidates_find_nearby(found, matcher->db, matcher->broker, wanted, clues, e))
		return false;
	spots_take(clues, &by_number, BY_NAME, CLUE_NUMBER);
	if (!clues->many && !clues->count && !near_find(clues, &by_number, matcher, mem, e))
		return false;
	if (!clues->many)
		spots_take(clues, &by_name, BY_HOLDER, CLUE_NAME);
	return true;
}

bool clues_find(struct clues **clues, const struct matcher *matcher, const struct facts *facts,
		const json_t *pages, TALLOC_CTX *mem, struct err *e)
{
	TALLOC_CTX *scratch = talloc_new(mem);
	struct spots numbers, names;
	bool ok = true;

	*clues = talloc_zero(mem, struct clues);
	if (facts->issuer) {
		spots_of_numbers(&numbers, pages, facts, matcher->insurers, scratch);
		spots_of_names(&names, pages, scratch);
		ok = ask(*clues, matcher, facts->issuer, &numbers, &names, scratch, e);
	}
	talloc_free(scratch);
	return ok;
}

bool clues_pages(json_t **pages, const struct matcher *matcher, const struct stored *document,
		 TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows;

	*pages = NULL;
	if (!db_call(matcher->db, SQL_document_text, &rows, mem, e, matcher->broker,
		     document->document_id))
		return false;
	if (rows_count(rows))
		*pages = json_loads(rows_text(rows, 0, "pages"), 0, NULL);
	return true;
}

bool clues_of_document(struct clues **clues, const struct matcher *matcher, struct stored *document,
		       TALLOC_CTX *mem, struct err *e)
{
	json_t *pages;
	bool ok = clues_pages(&pages, matcher, document, mem, e) &&
		  clues_find(clues, matcher, stored_facts(document, matcher), pages, mem, e);

	json_decref(pages);
	return ok;
}

/* ---- as a person sees them ---- */

char *clue_in_words(const struct clue *clue, TALLOC_CTX *mem)
{
	static const char *const words[] = {
		[CLUE_NUMBER] = "number",
		[CLUE_NEAR] = "number that differs in one character:",
		[CLUE_NAME] = "name",
	};

	return talloc_asprintf(mem, "on page %d of the text stands %s %s %s", clue->page,
			       clue->by == CLUE_NEAR ? "a" : "the", words[clue->by],
			       clue->spelling);
}

/* The same customer's by the stock, or a person of the same name. */
static bool same_holder(const struct contract *a, const struct contract *b)
{
	return !strcmp(customer_of(a), customer_of(b)) ||
	       (text_equal(a->name, b->name) && text_equal(a->first_name, b->first_name));
}

const char *clues_other_holder(const struct clues *clues, const struct contract *contract)
{
	const char *other = NULL;

	for (size_t i = 0; i < clues->count; i++) {
		const struct clue *clue = &clues->items[i];

		if (clue->holder && same_holder(clue->contract, contract))
			return NULL;
		if (clue->holder && !other)
			other = clue->holder;
	}
	return other;
}

static void say(struct why *why, char *sentence, TALLOC_CTX *mem)
{
	why->said = talloc_realloc(mem, why->said, struct evidence, why->said_count + 1);
	why->said[why->said_count++] = (struct evidence){ sentence, false };
}

static struct why *why_for(struct whys *whys, const char *contract_id)
{
	for (size_t i = 0; i < whys->count; i++)
		if (!strcmp(whys->items[i].contract_id, contract_id))
			return &whys->items[i];
	return NULL;
}

static void clue_join(struct whys *whys, const struct clue *clue, const struct facts *facts,
		      size_t *added, TALLOC_CTX *mem)
{
	struct why *why = why_for(whys, clue->contract->contract_id);

	if (!why) {
		if (*added == CLUES_MOST)
			return;
		(*added)++;
		whys->items = talloc_realloc(mem, whys->items, struct why, whys->count + 1);
		why = &whys->items[whys->count++];
		why_of_contract(why, facts, clue->contract, mem);
		why->contract_id = talloc_strdup(mem, clue->contract->contract_id);
	}
	say(why, clue_in_words(clue, mem), mem);
	if (clue->holder && clue->by != CLUE_NAME)
		say(why,
		    talloc_asprintf(mem, "on page %d of the text stands the name %s", NAMES_PAGE,
				    clue->holder),
		    mem);
}

/* Does the letter say what was not delivered: the number, or, where a number leads to it, whose it is? */
static bool names_it(const struct clues *clues, const struct why *why)
{
	for (size_t i = 0; i < clues->count; i++)
		if (!strcmp(clues->items[i].contract->contract_id, why->contract_id))
			return why->tier == TIER_PERSON ? clues->items[i].by == CLUE_NUMBER
							: clues->items[i].holder != NULL;
	return false;
}

const char *clues_first(const struct whys *whys, const struct clues *clues,
			const struct facts *facts)
{
	const struct why *best = whys->items;

	if (!whys->count || names_it(clues, best) ||
	    (best->tier != TIER_PERSON && !text_empty(facts->transfer->party.surname)))
		return NULL;
	for (size_t i = 1; i < whys->count; i++)
		if (whys->items[i].tier == best->tier && names_it(clues, &whys->items[i]))
			return whys->items[i].contract_id;
	return NULL;
}

static void to_front(struct whys *whys, const char *contract_id)
{
	struct why *why = why_for(whys, contract_id), first = *why;

	memmove(whys->items + 1, whys->items, (size_t)(why - whys->items) * sizeof *why);
	whys->items[0] = first;
}

void clues_join(struct whys *whys, const struct clues *clues, const struct facts *facts,
		TALLOC_CTX *mem)
{
	const char *first = clues_first(whys, clues, facts);
	size_t added = 0;

	if (first)
		to_front(whys, first);
	for (size_t i = 0; i < clues->count; i++)
		clue_join(whys, &clues->items[i], facts, &added, mem);
}
