/* gdv_contract.c -- from what was delivered under a number to contracts (docs/stock.md, "What is one contract"). */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "matcher/gdv_delivery.h"
#include "matcher/stock_fields.h"
#include "matcher/stock_id.h"

/* Abgangsgrund 37: the contract went to another insurer; 38 (a new number here) needs no rule of its own */
#define GONE_TO_OTHER "37"

struct maker {
	struct gdv_delivery *delivery;
	struct code_table *table;
	char *created;   /* ISO, NULL if the delivery does not say */
	TALLOC_CTX *mem; /* of one number */
};

/* A contract in the making: records 0200 of one number, one line and one holder. */
struct draft {
	struct contract *contract;
	const struct gdv_policy *policy; /* the first one, or the first one in force */
	bool several_plates;
	struct draft *next;
};

static char *as_text(const struct maker *maker, struct gdv_raw raw, TALLOC_CTX *mem)
{
	return raw.bytes ? code_table_text(maker->table, raw.bytes, raw.len, mem) : NULL;
}

static char *date_of(const struct maker *maker, const char *text, uint64_t record, const char *what,
		     TALLOC_CTX *mem)
{
	char *iso;

	if (stock_date_gdv(&iso, text, mem) == DATE_WRONG)
		gdv_problem(maker->delivery, record, false, "%s is no date, taken as unknown",
			    what);
	return iso;
}

/* The person in this role who came with the contract: same running number and line, else same running number,
 * else the only one. */
static const struct gdv_person *person_in_role(const struct gdv_number *number,
					       const struct gdv_policy *policy, const char *role)
{
	const struct gdv_person *exact = NULL, *near = NULL, *any = NULL;
	int count = 0;

	for (const struct gdv_person *p = number->people; p; p = p->next) {
		bool same = !strcmp(p->sequence, policy->sequence);

		if (strcmp(p->role, role) != 0)
			continue;
		count++;
		any = p;
		if (same && !near)
			near = p;
		if (same && !exact && !strcmp(p->line, policy->line))
			exact = p;
	}
	if (exact || near)
		return exact ? exact : near;
	return count == 1 ? any : NULL;
}

static const struct gdv_person *holder_of(const struct gdv_number *number,
					  const struct gdv_policy *policy)
{
	const struct gdv_person *holder = person_in_role(number, policy, "01");

	return holder ? holder : person_in_role(number, policy, ""); /* roles not given */
}

static void join_name(struct contract *c, const char *more)
{
	if (!more)
		return;
	c->name = c->name ? talloc_asprintf_append_buffer(c->name, " %s", more)
			  : talloc_strdup(c, more);
}

/* "Mustermann, Max" in the surname's field, nothing in the others */
static void split_name(struct contract *c)
{
	char *comma = c->name ? strchr(c->name, ',') : NULL;

	if (c->first_name || !comma || text_empty(comma + 1))
		return;
	c->first_name = text_trimmed(comma + 1, c);
	*comma = '\0';
}

static void fill_holder(const struct maker *maker, struct contract *c,
			const struct gdv_person *person)
{
	char *name[3];

	for (int i = 0; i < 3; i++)
		name[i] = as_text(maker, person->name[i], c);
	if (person->company) {
		for (int i = 0; i < 3; i++)
			join_name(c, name[i]);
	} else {
		c->name = name[0];
		c->first_name = name[2] ? name[2] : name[1];
		split_name(c);
	}
	c->postcode = as_text(maker, person->postcode, c);
	if (stock_blank(c->postcode))
		c->postcode = NULL;
	c->birth_date = date_of(maker, person->birth_date, person->record,
				"the birth date (0100, field 18)", c);
}

/*
 * When the contract ends: the day it was left, if it was cancelled. A term that was over when the
 * delivery was made, of a contract that is still in force, was renewed since: no end is known.
 */
static void fill_end(const struct maker *maker, struct contract *c, const struct gdv_policy *policy)
{
	char *term = date_of(maker, policy->end, policy->record,
			     "the end of the contract (0200, field 10)", c);
	char *left = date_of(maker, policy->left, policy->record,
			     "the day of leaving (0200, field 15)", c);

	c->cancelled = policy->status == '4';
	if (c->cancelled)
		c->end = left ? left : term;
	else if (term && (!maker->created || strcmp(term, maker->created) >= 0))
		c->end = term;
}

static char *line_of(const struct gdv_policy *policy, TALLOC_CTX *mem)
{
	char *line = stock_line(policy->line, mem);

	if (line || policy->several_lines)
		return line;
	return stock_line(policy->risk_line, mem);
}

/* Without the letters that are not there, two numbers may look alike. */
static bool is_known(const char *number)
{
	return !stock_blank(number) && !strchr(number, '?');
}

/* The broker's own number goes out as it is: it is the key of his system. The insurer's does not. */
static void fill_customer(struct contract *c, const struct gdv_policy *policy)
{
	if (is_known(policy->customer_broker))
		c->customer_id = talloc_strdup(c, policy->customer_broker);
	else if (is_known(policy->customer_vu))
		c->customer_id = customer_id_make(c->vu, policy->customer_vu, c);
}

/* The number, or NULL and a report if it can be none. gdv_ascii leaves '?' for what it could not read. */
static char *usable(const struct maker *maker, uint64_t record, const char *what, char *number)
{
	const char *why = stock_number_refused(number);

	if (stock_blank(number) || !why)
		return number;
	maker->delivery->counts->refused++;
	gdv_problem(maker->delivery, record, false, "%s %s: the contract is taken without", what,
		    why);
	return NULL;
}

/*
 * Old and new numbers. One that another contract of this delivery has as its own is no name of this one, and the
 * number at the insurer to whom the contract went is nobody's here.
 */
static void add_reference(const struct maker *maker, struct contract *c, struct gdv_policy *policy)
{
	const char *number;
	bool old = policy->reference_kind == '1', moved = !strcmp(policy->reason, GONE_TO_OTHER);

	if ((!old && policy->reference_kind != '2') || (!old && c->cancelled && moved))
		return;
	number = usable(maker, policy->record, "the reference (0200, field 32)", policy->reference);
	if (number && !gdv_delivery_owns(maker->delivery, c->vu, number))
		contract_add_name(c, old ? NAME_FORMER : NAME_OTHER, number);
}

/*
 * 0210.010, fields 32 to 34. What a contract was split into names the old number here (Condor Leben 2018), each of the new ones
 * the same: all of them answer to it then, and its documents wait for a person.
 */
static void add_parts(const struct maker *maker, struct contract *c, struct gdv_policy *policy)
{
	const char *number;

	for (int i = 0; i < GDV_PARTS; i++) {
		number = usable(maker, policy->parts_at, "a reference (0210.010, fields 32 to 34)",
				policy->parts[i]);
		if (number && !gdv_delivery_owns(maker->delivery, c->vu, number))
			contract_add_name(c, NAME_FORMER, number);
	}
}

static void add_names(const struct maker *maker, struct contract *c, struct gdv_policy *policy)
{
	char *printed = usable(maker, policy->second, "the printed number (0200 part 2, field 13)",
			       as_text(maker, policy->printed, c));
	char *application = usable(maker, policy->record, "the application number (0200, field 20)",
				   policy->application);

	if (!c->printed_number && !stock_blank(printed))
		c->printed_number = printed;
	else
		contract_add_other(c, text_equal(printed, c->printed_number) ? NULL : printed);
	contract_add_name(c, NAME_BROKER,
			  usable(maker, policy->second,
				 "the broker's number (0200 part 2, field 9)",
				 policy->broker_number));
	add_reference(maker, c, policy);
	add_parts(maker, c, policy);
	if (!c->application_number && !stock_blank(application))
		c->application_number = talloc_strdup(c, application);
}

static struct contract *contract_of(const struct maker *maker, const struct gdv_number *number,
				    struct gdv_policy *policy, const struct gdv_person *holder)
{
	struct contract *c = talloc_zero(maker->mem, struct contract);

	c->vu = talloc_strdup(c, number->vu);
	c->number = talloc_strdup(c, number->number);
	c->line = line_of(policy, c);
	c->start = date_of(maker, policy->start, policy->record,
			   "the begin of the contract (0200, field 9)", c);
	fill_end(maker, c, policy);
	fill_customer(c, policy);
	if (is_known(policy->broker))
		c->broker_number = talloc_strdup(c, policy->broker);
	if (holder)
		fill_holder(maker, c, holder);
	c->plate = as_text(maker, policy->plate, c);
	add_names(maker, c, policy);
	return c;
}

static bool contradict(const char *a, const char *b)
{
	return a && b && strcasecmp(a, b) != 0;
}

/* Two records 0200 are one contract if nothing says that line or holder differ. */
static bool same_contract(const struct contract *a, const struct contract *b)
{
	return text_equal(a->line, b->line) && !contradict(a->name, b->name) &&
	       !contradict(a->first_name, b->first_name) &&
	       !contradict(a->birth_date, b->birth_date);
}

static char *earlier(char *a, char *b)
{
	return !a || !b ? NULL : strcmp(a, b) < 0 ? a : b;
}

/* The one in force gives the facts; names of both count; vehicles that differ leave no plate. */
static void merge(struct draft *draft, struct contract *more, const struct gdv_policy *policy)
{
	struct contract *base = draft->contract, *rest = more;

	if (base->cancelled && !more->cancelled) {
		base = more;
		rest = draft->contract;
		draft->policy = policy;
	}
	base->start = earlier(base->start, rest->start);
	if (contradict(base->plate, rest->plate))
		draft->several_plates = true;
	if (!base->plate)
		base->plate = rest->plate;
	if (!base->printed_number)
		base->printed_number = rest->printed_number;
	else if (contradict(base->printed_number, rest->printed_number))
		contract_add_other(base, rest->printed_number);
	for (size_t i = 0; i < rest->other_count; i++)
		contract_add_name(base, rest->other_origins ? rest->other_origins[i] : NAME_OTHER,
				  rest->other_numbers[i]);
	if (!base->application_number)
		base->application_number = rest->application_number;
	if (!base->broker_number)
		base->broker_number = rest->broker_number;
	draft->contract = base;
}

static void add_draft(const struct maker *maker, struct draft **drafts,
		      const struct gdv_number *number, struct gdv_policy *policy)
{
	const struct gdv_person *holder = holder_of(number, policy);
	struct contract *c = contract_of(maker, number, policy, holder);
	struct draft **at = drafts;

	if (!holder)
		gdv_problem(maker->delivery, policy->record, false,
			    "0200 without a policy holder (0100 with role 01)");
	for (; *at; at = &(*at)->next) {
		if (!same_contract((*at)->contract, c))
			continue;
		merge(*at, c, policy);
		return;
	}
	*at = talloc_zero(maker->mem, struct draft);
	(*at)->contract = c;
	(*at)->policy = policy;
}

static bool line_is_shared(const struct draft *drafts, const struct draft *draft)
{
	for (; drafts; drafts = drafts->next)
		if (drafts != draft && text_equal(drafts->contract->line, draft->contract->line))
			return true;
	return false;
}

static void give_ids(const struct draft *drafts, const struct draft *draft)
{
	struct contract *c = draft->contract;
	enum told_by told_by = TOLD_BY_NUMBER;

	if (drafts->next)
		told_by = line_is_shared(drafts, draft) ? TOLD_BY_HOLDER : TOLD_BY_LINE;
	c->contract_id = contract_id_make(c, told_by, c);
	if (!c->customer_id)
		c->customer_id = customer_pseudonym(c, c);
}

static bool hand_over(const struct maker *maker, const struct draft *drafts, struct err *e)
{
	const struct stock_sink *sink = maker->delivery->sink;

	for (const struct draft *draft = drafts; draft; draft = draft->next) {
		struct contract *c = draft->contract;

		if (draft->several_plates) {
			c->plate = NULL;
			gdv_problem(maker->delivery, draft->policy->record, false,
				    "several vehicles under one number: no plate is taken");
		}
		give_ids(drafts, draft);
		maker->delivery->counts->contracts++;
		if (!sink->contract(sink->self, c, e))
			return false;
	}
	return true;
}

static bool make_contracts(struct maker *maker, const struct gdv_number *number, struct err *e)
{
	struct draft *drafts = NULL;
	bool ok;

	if (!number->policies && number->people)
		gdv_problem(maker->delivery, number->people->record, false,
			    "0100 without a contract (0200)");
	maker->mem = talloc_new(maker->delivery);
	for (struct gdv_policy *p = number->policies; p; p = p->next)
		add_draft(maker, &drafts, number, p);
	ok = hand_over(maker, drafts, e);
	talloc_free(maker->mem);
	return ok;
}

static bool held_contracts(struct maker *maker, struct err *e)
{
	for (const struct gdv_number *n = maker->delivery->numbers; n; n = n->next)
		if (!make_contracts(maker, n, e))
			return false;
	return true;
}

bool gdv_delivery_contracts(struct gdv_delivery *delivery, struct err *e)
{
	enum code_page page = code_page_guess(&delivery->weights);
	struct maker maker = { .delivery = delivery };
	struct err spilled = { 0 };
	bool ok;

	delivery->counts->code_pages |= 1u << page;
	maker.table = code_table_new(page, delivery, e);
	if (!maker.table)
		return false;
	stock_date_gdv(&maker.created, delivery->created, delivery);
	ok = held_contracts(&maker, e);
	for (int part = 0; ok && gdv_delivery_part(delivery, part, &spilled); part++)
		ok = held_contracts(&maker, e);
	return ok && (spilled.kind == ERR_NONE || err_set(e, spilled.kind, "%s", spilled.text));
}
