#include "matcher/contract_names.h"

#include <string.h>

#include "base/text.h"
#include "normalizers/key.h"

static void add_key(struct contract_names *names, const char *key, enum name_origin origin,
		    const char *spelling)
{
	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(names->items[i].key, key))
			return;
	names->items[names->count++] =
		(struct contract_name){ talloc_strdup(names->items, key), origin, spelling };
}

static void add_number(struct contract_names *names, const struct insurer *insurer,
		       const char *line, enum name_origin origin, const char *spelling)
{
	struct reading reading;

	if (text_empty(spelling))
		return;
	key_read(&reading, insurer, line, spelling, strlen(spelling));
	if (reading.state == KEY_MALFORMED || reading.state == KEY_EMPTY) {
		names->refused++;
		return;
	}
	if (number_is_placeholder(reading.clean.text))
		return;
	add_key(names, reading.clean.text, origin, spelling);
	if (reading.state == KEY_PICTURED)
		add_key(names, reading.canonical, origin, spelling);
}

void contract_names_of(struct contract_names *names, const struct contract *c,
		       const struct insurers *insurers, TALLOC_CTX *mem)
{
	const struct insurer *insurer = insurers_find(insurers, c->vu);

	*names = (struct contract_names){ 0 };
	names->issuer = insurers_issuer_of(insurers, c->vu, mem);
	names->unknown = !insurer;
	names->items = talloc_array(mem, struct contract_name, 2 * (3 + c->other_count));
	add_number(names, insurer, c->line, NAME_SYSTEM, c->number);
	add_number(names, insurer, c->line, NAME_PRINTED, c->printed_number);
	for (size_t i = 0; i < c->other_count; i++)
		add_number(names, insurer, c->line,
			   c->other_origins ? c->other_origins[i] : NAME_OTHER,
			   c->other_numbers[i]);
	add_number(names, insurer, c->line, NAME_APPLICATION, c->application_number);
}
