#include "matcher/stock_apart.h"

#include <string.h>

#include "base/text.h"
#include "matcher/stock_index.h"
#include "normalizers/clean.h"

#define PART "\x1f" /* stands in no number: it is a control character */

struct stock_apart {
	struct stock_set *noted;    /* first look; NULL when it is over */
	struct stock_set *again;    /* what stands in several rows */
	struct stock_set *compared; /* second look: of those, all that tells them apart */
	struct stock_set *shared;   /* and what does not */
	struct stock_set *taken;
	bool any;
};

/* From the whole to the part, each text with the one before it in front. */
struct parts {
	char *number; /* or the contract_id */
	char *line;
	char *customer;
};

struct stock_apart *stock_apart_new(TALLOC_CTX *mem)
{
	struct stock_apart *apart = talloc_zero(mem, struct stock_apart);

	apart->noted = stock_set_new(apart);
	apart->again = stock_set_new(apart);
	apart->compared = stock_set_new(apart);
	apart->shared = stock_set_new(apart);
	apart->taken = stock_set_new(apart);
	return apart;
}

static char *number_of(const struct contract *c, TALLOC_CTX *mem)
{
	struct cleaned clean = { 0 };

	if (c->contract_id)
		return talloc_asprintf(mem, "id" PART "%s", c->contract_id);
	clean_number(&clean, c->number, strlen(c->number));
	return talloc_asprintf(mem, "number" PART "%s" PART "%s", c->vu,
			       clean.state == CLEAN_OK ? clean.text : c->number);
}

static const char *or_nothing(const char *text)
{
	return text ? text : "";
}

/* The broker's number of the customer, else who holds the contract. */
static char *customer_of(const struct contract *c, const char *line, TALLOC_CTX *mem)
{
	if (!text_empty(c->customer_id))
		return talloc_asprintf(mem, "%s" PART "customer" PART "%s", line, c->customer_id);
	return talloc_asprintf(mem, "%s" PART "holder" PART "%s" PART "%s" PART "%s", line,
			       or_nothing(c->name), or_nothing(c->first_name),
			       or_nothing(c->birth_date));
}

static struct parts parts_of(const struct contract *c, TALLOC_CTX *mem)
{
	struct parts parts = { .number = number_of(c, mem) };

	/* an id of the broker's is one contract's, whatever the rows say of its line */
	parts.line = talloc_asprintf(mem, "%s" PART "line" PART "%s", parts.number,
				     c->contract_id ? "" : or_nothing(c->line));
	parts.customer = customer_of(c, parts.line, mem);
	return parts;
}

void stock_apart_note(struct stock_apart *apart, const struct contract *contract)
{
	char *number = number_of(contract, NULL);

	if (!stock_set_add(apart->noted, number))
		apart->any = stock_set_add(apart->again, number) || apart->any;
	talloc_free(number);
}

bool stock_apart_again(struct stock_apart *apart)
{
	TALLOC_FREE(apart->noted);
	return apart->any;
}

static bool comes_again(const struct stock_apart *apart, const struct contract *contract,
			struct parts *parts, TALLOC_CTX *mem)
{
	if (!apart->any)
		return false;
	*parts = parts_of(contract, mem);
	return stock_set_has(apart->again, parts->number);
}

void stock_apart_compare(struct stock_apart *apart, const struct contract *contract)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct parts parts;

	/* another customer in a line that was there, or another line of a number that was there */
	if (comes_again(apart, contract, &parts, mem) &&
	    stock_set_add(apart->compared, parts.customer)) {
		if (!stock_set_add(apart->compared, parts.line))
			stock_set_add(apart->shared, parts.line);
		if (!stock_set_add(apart->compared, parts.number))
			stock_set_add(apart->shared, parts.number);
	}
	talloc_free(mem);
}

bool stock_apart_repeated(struct stock_apart *apart, const struct contract *contract)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct parts parts;
	bool repeated = comes_again(apart, contract, &parts, mem) &&
			!stock_set_add(apart->taken, parts.customer);

	talloc_free(mem);
	return repeated;
}

bool stock_apart_disputed(const struct stock_apart *apart, const struct contract *contract)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct parts parts;
	bool disputed = comes_again(apart, contract, &parts, mem) &&
			stock_set_has(apart->shared, parts.line);

	talloc_free(mem);
	return disputed;
}

enum told_by stock_apart_told_by(const struct stock_apart *apart, const struct contract *contract)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	enum told_by told_by = TOLD_BY_NUMBER;
	struct parts parts;

	if (comes_again(apart, contract, &parts, mem) &&
	    stock_set_has(apart->shared, parts.number)) {
		told_by = TOLD_BY_LINE;
		if (stock_set_has(apart->shared, parts.line))
			told_by = text_empty(contract->customer_id) ? TOLD_BY_HOLDER
								    : TOLD_BY_CUSTOMER;
	}
	talloc_free(mem);
	return told_by;
}
