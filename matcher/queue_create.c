/* queue_create.c -- the document's contract is not in the stock: a person makes it, and files the document there. */
#include <string.h>

#include "base/text.h"
#include "matcher/contract_names.h"
#include "matcher/holder.h"
#include "matcher/objections.h"
#include "matcher/queue_inside.h"
#include "matcher/rematch.h"
#include "matcher/rematch_due.h"
#include "matcher/stock_import.h"
#include "model/line.h"

#define SOURCE "person" /* of contracts that no import brought */

/* With the names that an import would give it. */
static bool contract_make(const struct handling *d, const struct contract *contract, struct err *e)
{
	struct stock_import *import = stock_import_begin(d->matcher->db, d->matcher->broker,
							 d->matcher->insurers, d->mem);
	struct import_counts counts = { 0 };

	stock_import_source(import, SOURCE, 0);
	if (!stock_import_add(import, contract, STOCK_CSV, e) ||
	    !stock_import_end(import, &counts, e))
		return false;
	return counts.added == 1 ||
	       err_set(e, ERR_REFUSED, "there is a contract with this id already");
}

static bool contract_check(const struct contract *contract, struct err *e)
{
	if (!contract || text_empty(contract->contract_id))
		return err_set(e, ERR_USAGE, "a contract needs an id");
	return !text_empty(contract->number) || !text_empty(contract->printed_number) ||
	       err_set(e, ERR_USAGE, "a contract needs a number");
}

/* The contract's own number, and not one that stands beside it and may be another's by chance. */
static bool owns(const char *origin)
{
	return !text_equal(origin, name_origin_text(NAME_APPLICATION)) &&
	       !text_equal(origin, name_origin_text(NAME_CLAIM)) &&
	       !text_equal(origin, name_origin_text(NAME_BROKER));
}

/* Contracts of a bundle have one number, each in a line of its own; two of one line, or of none that is known, are one made twice. */
static bool owners_check(struct handling *d, const struct rows *owners, const char *line,
			 struct err *e)
{
	for (int i = 0; i < rows_count(owners); i++) {
		const char *theirs = rows_text(owners, i, "line");

		d->decided->existing = rows_text(owners, i, "contract_id");
		if (owns(rows_text(owners, i, "origin")) &&
		    (!line_says_something(line) || !line_says_something(theirs) ||
		     line_equal(line, theirs)))
			return err_set(e, ERR_REFUSED,
				       "a contract of this insurer has this number already");
		d->against |= OBJECTION_SAME_NUMBER;
	}
	return true;
}

/* By its number documents come to it: it has one, and nobody else at this insurer has it, or a person says that he knows. */
static bool number_check(struct handling *d, const struct contract_names *names, struct err *e)
{
	for (size_t i = 0; i < names->count; i++) {
		struct rows *rows;

		if (!db_call(d->matcher->db, SQL_queue_name_owners, &rows, d->mem, e,
			     d->matcher->broker, names->issuer, names->items[i].key) ||
		    !owners_check(d, rows, d->decision->created->line, e))
			return false;
	}
	return true;
}

static bool numbers_hold(struct handling *d, struct contract_names *names, struct err *e)
{
	contract_names_of(names, d->decision->created, d->matcher->insurers, d->mem);
	if (!names->count)
		return err_set(e, ERR_USAGE, "the number cannot be a contract's");
	return handling_numbers(d, names->issuer, handling_alias_issuer(d), e);
}

static bool differs(const struct contract *made, const struct contract *known)
{
	return surname_compare(made->name, known->name) == CONTRADICTS ||
	       surname_compare(made->first_name, known->first_name) == CONTRADICTS ||
	       date_compare(made->birth_date, known->birth_date) == CONTRADICTS;
}

/* A slip in the customer's number, and somebody else is told of the document: neither what the person says of the holder nor
 * what the document says may be another's than the one whom the stock knows by it. */
static bool customer_check(struct handling *d, struct err *e)
{
	const struct contract *made = d->decision->created;
	const struct facts *facts = stored_facts(d->decided->document, d->matcher);
	struct rows *known;
	bool same = false;

	if (text_empty(made->customer_id))
		return true;
	if (!db_call(d->matcher->db, SQL_customer_holders, &known, d->mem, e, d->matcher->broker,
		     made->customer_id))
		return false;
	for (int i = 0; i < rows_count(known) && !same; i++) {
		const struct contract one = {
			.name = (char *)rows_text(known, i, "name"),
			.first_name = (char *)rows_text(known, i, "first_name"),
			.birth_date = (char *)rows_text(known, i, "birth_date"),
			.postcode = (char *)rows_text(known, i, "postcode"),
		};

		same = !differs(made, &one) && !objects_to_holder(facts, &one);
	}
	if (rows_count(known) && !same)
		d->against |= OBJECTION_OTHER_CUSTOMER;
	return true;
}

static bool create(struct handling *d, struct err *e)
{
	struct contract_names names;

	return handling_begin(d, e) && numbers_hold(d, &names, e) && handling_take(d, e) &&
	       handling_open(d, e) && number_check(d, &names, e) && customer_check(d, e) &&
	       contract_make(d, d->decision->created, e) &&
	       rematch_due_add(d->matcher, names.issuer, "contract made", 0, e) &&
	       handling_assign(d, "create", e);
}

bool queue_create(const struct matcher *matcher, const struct decision *decision,
		  struct decided *decided, TALLOC_CTX *mem, struct err *e)
{
	struct decision assign = *decision;

	if (!contract_check(decision->created, e))
		return false;
	assign.contract = decision->created->contract_id;
	return handling_run(matcher, &assign, decided, create, mem, e);
}

bool contract_unmake(struct handling *d, const char *contract, struct err *e)
{
	struct rematch_counts counts = { 0 };
	struct rows *gone;

	if (!db_call(d->matcher->db, SQL_contract_unmake, &gone, d->mem, e, d->matcher->broker,
		     contract, d->decided->document->document_id))
		return false;
	if (!rows_count(gone))
		return true;
	if (!rematch_without_contract(d->matcher, contract, &counts, e) ||
	    !rematch_due_add(d->matcher, rows_text(gone, 0, "issuer"), "contract unmade", 0, e))
		return false;
	d->decided->withdrawn += counts.filed + counts.revised;
	return true;
}
