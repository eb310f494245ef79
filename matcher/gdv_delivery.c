#include "matcher/gdv_delivery.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "matcher/stock_fields.h"
#include "normalizers/clean.h"

/* Nothing is held, and the next number is the first. */
static void hold_anew(struct gdv_delivery *delivery)
{
	talloc_free(delivery->held);
	delivery->held = talloc_new(delivery);
	delivery->index = stock_index_new(delivery->held);
	delivery->numbers = NULL;
	delivery->last_number = &delivery->numbers;
	delivery->number_count = 0;
}

struct gdv_delivery *gdv_delivery_new(const struct stock_sink *sink, struct stock_counts *counts,
				      TALLOC_CTX *mem)
{
	struct gdv_delivery *delivery = talloc_zero(mem, struct gdv_delivery);

	hold_anew(delivery);
	delivery->sink = sink;
	delivery->counts = counts;
	return delivery;
}

void gdv_problem(struct gdv_delivery *delivery, uint64_t record, bool skipped, const char *format,
		 ...)
{
	va_list args;
	char *sentence;

	va_start(args, format);
	sentence = talloc_vasprintf(delivery, format, args);
	va_end(args);
	delivery->counts->problems++;
	if (skipped)
		delivery->counts->skipped++;
	delivery->sink->problem(delivery->sink->self, record, skipped, sentence);
	talloc_free(sentence);
}

#define KEY_ROOM 64

/* Field 5 may hold no separators, and sometimes does: what documents cannot tell apart is one number here, too. */
static char *key_of(char key[KEY_ROOM], const char *vu, const char *number)
{
	struct cleaned clean;

	clean_number(&clean, number, strlen(number));
	snprintf(key, KEY_ROOM, "%s|%s", vu, clean.state == CLEAN_OK ? clean.text : number);
	return key;
}

struct gdv_number *gdv_delivery_find(const struct gdv_delivery *delivery, const char *vu,
				     const char *number)
{
	char key[KEY_ROOM];

	key_of(key, vu, number);
	return stock_index_get(delivery->index, key);
}

bool gdv_delivery_owns(const struct gdv_delivery *delivery, const char *vu, const char *number)
{
	const struct gdv_number *found = gdv_delivery_find(delivery, vu, number);
	char key[KEY_ROOM];

	if (found && found->policies)
		return true;
	key_of(key, vu, number);
	return delivery->owned && stock_set_has(delivery->owned, key);
}

/* The number's collection, made if this is the first record under it. NULL: too many are held already. */
static struct gdv_number *number_of(struct gdv_delivery *delivery, const char *vu, const char *text)
{
	struct gdv_number *number = gdv_delivery_find(delivery, vu, text);
	char key[KEY_ROOM];

	if (number || (!delivery->replaying && delivery->number_count >= GDV_HELD_MOST))
		return number;
	delivery->number_count++;
	key_of(key, vu, text);
	number = talloc_zero(delivery->held, struct gdv_number);
	number->vu = talloc_strdup(number, vu);
	number->number = talloc_strdup(number, text);
	number->last_person = &number->people;
	number->last_policy = &number->policies;
	*stock_index_at(delivery->index, key) = number;
	*delivery->last_number = number;
	delivery->last_number = &number->next;
	return number;
}

/* Keep a field's bytes; names and addresses also tell the code page. */
static struct gdv_raw raw_field(struct gdv_delivery *delivery, const struct gdv_record *record,
				int at, int len, TALLOC_CTX *mem)
{
	struct gdv_slice slice = gdv_field(record, at, len);
	struct gdv_raw raw = { 0 };

	while (slice.len > 0 && slice.bytes[slice.len - 1] == ' ')
		slice.len--;
	byte_weights_add(&delivery->weights, slice.bytes, slice.len);
	if (slice.len == 0)
		return raw;
	raw.bytes = talloc_memdup(mem, slice.bytes, slice.len);
	raw.len = slice.len;
	return raw;
}

static void take_person(struct gdv_delivery *delivery, struct gdv_number *number,
			const struct gdv_record *record)
{
	struct gdv_person *person;
	char salutation[2];

	if (number->person_count++ == GDV_NUMBER_MOST)
		gdv_problem(delivery, record->number, true, "more than %d persons under one number",
			    GDV_NUMBER_MOST);
	if (number->person_count > GDV_NUMBER_MOST)
		return;
	person = talloc_zero(number, struct gdv_person);
	person->record = record->number;
	gdv_ascii(person->line, record, 11, 3);
	gdv_ascii(person->sequence, record, 31, 2);
	gdv_ascii(salutation, record, 43, 1);
	person->company = *salutation == '3' || *salutation == '6'; /* Firma, Vereinigung */
	for (int i = 0; i < 3; i++)
		person->name[i] = raw_field(delivery, record, 44 + 30 * i, 30, person);
	person->postcode = raw_field(delivery, record, 157, 6, person);
	byte_weights_add(&delivery->weights, gdv_field(record, 163, 25).bytes,
			 gdv_field(record, 163, 25).len); /* town */
	byte_weights_add(&delivery->weights, gdv_field(record, 188, 30).bytes,
			 gdv_field(record, 188, 30).len); /* street */
	gdv_ascii(person->birth_date, record, 226, 8);
	gdv_ascii(person->role, record, 237, 2);
	*number->last_person = person;
	number->last_person = &person->next;
}

static void add_premium(struct gdv_delivery *delivery, const struct gdv_record *record)
{
	char premium[13];
	uint64_t value;

	if (text_to_u64(&value, gdv_ascii(premium, record, 116, 12), 0, UINT64_MAX, "premium",
			NULL))
		delivery->premium += value;
}

static void take_policy(struct gdv_delivery *delivery, struct gdv_number *number,
			const struct gdv_record *record)
{
	struct gdv_policy *policy;
	char one[2];

	if (!delivery->replaying)
		add_premium(delivery, record);
	if (number->policy_count++ == GDV_NUMBER_MOST)
		gdv_problem(delivery, record->number, true,
			    "more than %d contracts under one number", GDV_NUMBER_MOST);
	if (number->policy_count > GDV_NUMBER_MOST)
		return;
	policy = talloc_zero(number, struct gdv_policy);
	policy->record = record->number;
	gdv_ascii(policy->line, record, 11, 3);
	gdv_ascii(policy->sequence, record, 31, 2);
	gdv_ascii(policy->start, record, 44, 8);
	gdv_ascii(policy->end, record, 52, 8);
	gdv_ascii(policy->broker, record, 33, 10);
	policy->status = *gdv_ascii(one, record, 69, 1);
	gdv_ascii(policy->reason, record, 70, 2);
	gdv_ascii(policy->left, record, 72, 8);
	gdv_ascii(policy->application, record, 104, 9);
	gdv_ascii(policy->customer_vu, record, 159, 17);
	gdv_ascii(policy->customer_broker, record, 176, 17);
	gdv_ascii(policy->reference, record, 209, 17);
	policy->reference_kind = *gdv_ascii(one, record, 226, 1);
	*number->last_policy = policy;
	number->last_policy = &policy->next;
}

/* The contract that a later record of the same number belongs to: the last one of its running number and line;
 * the line may be missing on either side (bundles). NULL if there is none. */
static struct gdv_policy *policy_of(struct gdv_number *number, const struct gdv_record *record)
{
	struct gdv_policy *exact = NULL, *near = NULL, *any = NULL;
	char line[4], sequence[3];

	gdv_ascii(line, record, 11, 3);
	gdv_ascii(sequence, record, 31, 2);
	for (struct gdv_policy *p = number->policies; p; p = p->next) {
		any = p;
		if (strcmp(p->sequence, sequence) != 0)
			continue;
		if (!strcmp(p->line, line))
			exact = p;
		else if (stock_blank(p->line))
			near = p;
	}
	if (exact || near)
		return exact ? exact : near;
	return any == number->policies ? any : NULL;
}

static void take_second_part(struct gdv_delivery *delivery, struct gdv_number *number,
			     const struct gdv_record *record)
{
	struct gdv_policy *policy = policy_of(number, record);

	if (!policy) {
		gdv_problem(delivery, record->number, true, "0200 part 2 without its part 1");
		return;
	}
	policy->second = record->number;
	gdv_ascii(policy->broker_number, record, 44, 17);
	policy->printed = raw_field(delivery, record, 84, 30, number);
}

/* Life: policy numbers under which parts of the product stood, or stand. */
static void take_references(struct gdv_policy *policy, const struct gdv_record *record)
{
	if (policy->parts_at)
		return;
	policy->parts_at = record->number;
	for (int i = 0; i < GDV_PARTS; i++)
		gdv_ascii(policy->parts[i], record, 203 + 17 * i, 17);
}

/* 0210 names the line where 0200 is silent, and brings the number plate of a vehicle. */
static void take_risk(struct gdv_delivery *delivery, struct gdv_number *number,
		      const struct gdv_record *record)
{
	struct gdv_policy *policy = policy_of(number, record);
	char line[4];

	if (!policy) {
		gdv_problem(delivery, record->number, true, "0210 without its 0200");
		return;
	}
	gdv_ascii(line, record, 11, 3);
	if (!stock_blank(line) && !*policy->risk_line)
		strcpy(policy->risk_line, line);
	else if (!stock_blank(line) && strcmp(policy->risk_line, line) != 0)
		policy->several_lines = true;
	if (!strcmp(line, "050") && gdv_part(record) == 1 && !policy->plate.bytes)
		policy->plate = raw_field(delivery, record, 114, 12, number);
	if (!strcmp(line, "010") && gdv_part(record) == 1)
		take_references(policy, record);
}

/* gdv_ascii leaves '?' for what it cannot be. */
static const char *why_no_number(const char *number)
{
	return strchr(number, '?') ? "holds a character that no policy number has"
				   : stock_number_refused(number);
}

/* Whose number the record carries; false and a report if it cannot be told. number has room for 18 bytes. */
static bool owner_of(char **vu, char *number, struct gdv_delivery *delivery,
		     const struct gdv_record *record)
{
	const char *why = NULL;
	char text[6];

	gdv_ascii(text, record, 5, 5);
	gdv_ascii(number, record, 14, 17);
	*vu = stock_vu(*text ? text : delivery->vu, delivery);
	if (stock_blank(number))
		gdv_problem(delivery, record->number, true, "%04d without a policy number",
			    record->type);
	else if ((why = why_no_number(number)))
		gdv_problem(delivery, record->number, true, "%04d has a policy number that %s",
			    record->type, why);
	else if (!*vu)
		gdv_problem(delivery, record->number, true, "%04d without an insurer's number",
			    record->type);
	return *vu && !stock_blank(number) && !why;
}

static void own(struct gdv_delivery *delivery, const char *key)
{
	if (!delivery->owned)
		delivery->owned = stock_set_new(delivery);
	stock_set_add(delivery->owned, key);
}

static void weigh(struct gdv_delivery *delivery, const struct gdv_record *record, int at, int len)
{
	struct gdv_slice slice = gdv_field(record, at, len);

	byte_weights_add(&delivery->weights, slice.bytes, slice.len);
}

/* What must be known of a record before the delivery has ended: its letters, its premium, whose number it is. */
static bool lay_aside(struct gdv_delivery *delivery, const struct gdv_record *record,
		      const char *vu, const char *number, struct err *e)
{
	char key[KEY_ROOM];

	key_of(key, vu, number);
	if (record->type == 100) {
		weigh(delivery, record, 44, 90);
		weigh(delivery, record, 163, 55);
	} else if (record->type == 200 && gdv_part(record) == 1) {
		add_premium(delivery, record);
		own(delivery, key);
	}
	if (!delivery->spill)
		delivery->spill = gdv_spill_new(delivery);
	return gdv_spill_put(delivery->spill, stock_fingerprint(key) >> 32, record, e);
}

static void take_into(struct gdv_delivery *delivery, struct gdv_number *number,
		      const struct gdv_record *record)
{
	if (record->type == 100)
		take_person(delivery, number, record);
	else if (record->type == 210)
		take_risk(delivery, number, record);
	else if (gdv_part(record) == 1)
		take_policy(delivery, number, record);
	else
		take_second_part(delivery, number, record);
}

bool gdv_delivery_take(struct gdv_delivery *delivery, const struct gdv_record *record,
		       struct err *e)
{
	int part = gdv_part(record);
	char *vu, number[18];
	struct gdv_number *place;
	bool ok = true;

	if (part == 0 && (record->type == 100 || record->type == 200)) {
		gdv_problem(delivery, record->number, true, "%04d does not say which part it is",
			    record->type);
		return true;
	}
	if (record->type != 210 && !(record->type == 100 && part == 1) &&
	    !(record->type == 200 && part <= 2)) {
		delivery->counts->passed_over++;
		return true;
	}
	if (owner_of(&vu, number, delivery, record)) {
		place = number_of(delivery, vu, number);
		if (place)
			take_into(delivery, place, record);
		else
			ok = lay_aside(delivery, record, vu, number, e);
	}
	talloc_free(vu);
	return ok;
}

/* The numbers that are held are about to go: remember which were contracts. */
static void own_held(struct gdv_delivery *delivery)
{
	char key[KEY_ROOM];

	for (const struct gdv_number *n = delivery->numbers; n; n = n->next) {
		key_of(key, n->vu, n->number);
		if (n->policies)
			own(delivery, key);
	}
}

bool gdv_delivery_part(struct gdv_delivery *delivery, int part, struct err *e)
{
	struct gdv_record record;
	struct err spilled = { 0 };

	if (!delivery->spill || part >= GDV_SPILLS)
		return false;
	own_held(delivery);
	hold_anew(delivery);
	delivery->replaying = true;
	gdv_spill_start(delivery->spill, part);
	while (gdv_spill_next(delivery->spill, &record, &spilled))
		gdv_delivery_take(delivery, &record, NULL);
	return spilled.kind == ERR_NONE || err_set(e, spilled.kind, "%s", spilled.text);
}
