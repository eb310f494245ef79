/* gdv.c -- a file of stock, GDV or CSV: what comes out is text that can be stored, and is counted. */
#include <stdio.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "matcher/stock.h"

struct taken {
	uint64_t contracts, skipped, problems;
};

static void sound(const char *text)
{
	must(!text || (*text && text_valid_utf8(text, strlen(text))));
}

static bool take_contract(void *self, const struct contract *c, struct err *e)
{
	struct taken *taken = self;

	(void)e;
	taken->contracts++;
	must(c->contract_id && c->vu);
	must(c->number || c->printed_number || c->application_number || c->other_count);
	sound(c->contract_id);
	sound(c->vu);
	sound(c->number);
	sound(c->printed_number);
	for (size_t i = 0; i < c->other_count; i++)
		sound(c->other_numbers[i]);
	sound(c->line);
	sound(c->start);
	sound(c->end);
	sound(c->customer_id);
	sound(c->name);
	sound(c->first_name);
	sound(c->birth_date);
	sound(c->postcode);
	sound(c->plate);
	sound(c->broker_number);
	sound(c->application_number);
	return true;
}

static void take_problem(void *self, uint64_t record, bool skipped, const char *sentence)
{
	struct taken *taken = self;

	(void)record;
	sound(sentence);
	taken->problems++;
	taken->skipped += skipped;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct taken taken = { 0 };
	const struct stock_sink sink = { &taken, take_contract, take_problem };
	struct stock_counts counts = { 0 };
	struct err e = { 0 };
	FILE *file = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;

	if (!file)
		return 0;
	if (stock_read(file, NULL, &sink, &counts, &e)) {
		must(taken.contracts == counts.contracts);
		must(taken.skipped <= counts.skipped);
		must(taken.problems == counts.problems);
	} else {
		must(e.kind == ERR_DELIVERY);
	}
	fclose(file);
	return 0;
}
