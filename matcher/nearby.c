#include "matcher/nearby.h"

#include <string.h>

#include "base/text.h"
#include "matcher/holder.h"

#define NUMBERS_MOST 4 /* of one document; more name several contracts anyway */

bool nearby_wanted(const struct verdict *verdict)
{
	switch (verdict->reason) {
	case REASON_NO_NUMBER:
	case REASON_NUMBER_MALFORMED:
	case REASON_NUMBER_UNKNOWN:
	case REASON_SEVERAL_CONTRACTS:
	case REASON_OTHER_HOLDER:
	case REASON_LINE_CONTRADICTS:
	case REASON_CONTRACT_ENDED:
	case REASON_CONTRACT_NOT_BEGUN:
	case REASON_ISSUER_UNKNOWN:
	case REASON_CLAIM_NUMBER_ONLY:
		return !verdict->filed;
	default:
		return false;
	}
}

struct gathering {
	struct nearby *nearby;
	const struct asked *asked;
	const struct insurers *insurers;
};

static void add_key(struct nearby *n, const struct asked *asked, const char *key, enum near_how how,
		    enum repair repair)
{
	if ((n->key_count & (n->key_count - 1)) == 0)
		n->keys = talloc_realloc(n, n->keys, struct near_key,
					 n->key_count ? 2 * n->key_count : 1);
	n->keys[n->key_count] = (struct near_key){ asked, "", how, repair };
	strcpy(n->keys[n->key_count++].key, key); /* at most KEY_MOST + 1 characters */
}

/* The neighbours of a number are found by the form that its names have. */
static void add_number(struct gathering *g)
{
	const struct key *key = g->asked->key;
	struct nearby *n = g->nearby;

	n->numbers =
		talloc_realloc(n, n->numbers, struct near_number, (unsigned)n->number_count + 1);
	n->numbers[n->number_count++] =
		(struct near_number){ .asked = g->asked,
				      .key = key->canonical ? key->canonical : key->plain };
}

static void gather_keys(struct gathering *g, const struct facts *facts)
{
	const struct key *key = g->asked->key;
	const struct insurer *issuer = insurers_by_issuer(g->insurers, g->asked->issuer);
	struct repairs repairs;

	if (g->asked->use == USE_NAME) {
		repair_readings(&repairs, issuer, facts->transfer->line, key, g->nearby);
		for (size_t i = 0; i < repairs.count; i++)
			add_key(g->nearby, g->asked, repairs.items[i].key, NEAR_REPAIRED,
				repairs.items[i].how);
	}
	add_number(g);
}

static void gather_numbers(struct gathering *g, const struct facts *facts)
{
	int numbers = 0;

	for (size_t i = 0; i < facts->asked_count; i++) {
		g->asked = &facts->asked[i];
		if (g->asked->use < USE_WEAK || !key_usable(g->asked->key))
			continue;
		numbers += facts_first_row(facts, i);
		if (numbers > NUMBERS_MOST)
			return;
		gather_keys(g, facts);
	}
}

static void add_holder(struct nearby *n, const char *issuer, const char *key, enum wanted_by by)
{
	n->holders =
		talloc_realloc(n, n->holders, struct near_holder, (unsigned)n->holder_count + 1);
	n->holders[n->holder_count++] = (struct near_holder){ issuer, key, by };
}

static bool issuer_new(const struct nearby *n, const char *issuer)
{
	for (size_t i = 0; i < n->holder_count; i++)
		if (!strcmp(n->holders[i].issuer, issuer))
			return false;
	return true;
}

/* The holder alone never finds a contract of another insurer. */
static void gather_holder(struct nearby *n, const char *issuer, const struct transfer *t)
{
	if (!issuer || !issuer_new(n, issuer))
		return;
	if (date_real(t->party.birth_date))
		add_holder(n, issuer, talloc_strndup(n, t->party.birth_date, 10), BY_BIRTH_DATE);
	if (!text_empty(t->plate) && *plate_key(t->plate, n))
		add_holder(n, issuer, plate_key(t->plate, n), BY_PLATE);
	if (!text_empty(t->party.postcode) && !text_empty(t->party.surname))
		add_holder(n, issuer, t->party.postcode, BY_POSTCODE);
}

struct nearby *nearby_of(const struct facts *facts, const struct insurers *insurers,
			 TALLOC_CTX *mem)
{
	struct gathering g = { talloc_zero(mem, struct nearby), NULL, insurers };

	gather_numbers(&g, facts);
	gather_holder(g.nearby, facts->issuer, facts->transfer);
	for (size_t i = 0; i < facts->asked_count; i++)
		if (facts->asked[i].use >= USE_WEAK)
			gather_holder(g.nearby, facts->asked[i].issuer, facts->transfer);
	return g.nearby;
}

void nearby_ask(struct nearby *nearby, struct near_names *near)
{
	for (size_t i = 0; i < nearby->number_count; i++) {
		struct near_number *number = &nearby->numbers[i];

		number->ask = near_names_ask(near, number->asked->issuer, number->key);
	}
}

void nearby_take(struct nearby *nearby, const struct near_names *near)
{
	static const enum near_how hows[] = {
		[NEIGHBOUR_SWAPPED] = NEAR_SWAPPED,
		[NEIGHBOUR_LONGER] = NEAR_LONGER_OR_SHORTER,
		[NEIGHBOUR_SHORTER] = NEAR_LONGER_OR_SHORTER,
		[NEIGHBOUR_OTHER] = NEAR_OTHER_CHARACTER,
		[NEIGHBOUR_LETTERED] = NEAR_LETTERED,
	};

	for (size_t i = 0; i < nearby->number_count; i++) {
		const struct near_number *number = &nearby->numbers[i];
		size_t count;
		const struct near_name *name = near_names_of(near, number->ask, &count);

		for (; count; count--, name++)
			add_key(nearby, number->asked, name->key, hows[name->how], REPAIRS);
	}
}

void nearby_keys(const struct nearby *nearby, struct wanted *wanted)
{
	for (size_t i = 0; i < nearby->key_count; i++)
		wanted_add(wanted, nearby->keys[i].asked->issuer, nearby->keys[i].key, BY_NAME);
	for (size_t i = 0; i < nearby->holder_count; i++)
		wanted_add(wanted, nearby->holders[i].issuer, nearby->holders[i].key,
			   nearby->holders[i].by);
}
