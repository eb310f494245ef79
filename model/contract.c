#include "model/contract.h"

#include <string.h>

static const char *const origins[NAME_ORIGINS] = {
	[NAME_SYSTEM] = "system",           [NAME_PRINTED] = "printed", [NAME_OTHER] = "other",
	[NAME_APPLICATION] = "application", [NAME_PERSON] = "person",   [NAME_FORMER] = "former",
	[NAME_BROKER] = "broker",           [NAME_CLAIM] = "claim",
};

const char *name_origin_text(enum name_origin origin)
{
	return origins[origin];
}

bool name_origin_parse(enum name_origin *origin, const char *text)
{
	for (int i = 0; i < NAME_ORIGINS; i++) {
		if (strcmp(origins[i], text) != 0)
			continue;
		*origin = (enum name_origin)i;
		return true;
	}
	return false;
}

struct contract *contract_copy(const struct contract *contract, TALLOC_CTX *mem)
{
	struct contract *to = talloc(mem, struct contract);
	char **texts[] = {
		&to->contract_id,    &to->vu,    &to->issuer,        &to->number,
		&to->printed_number, &to->line,  &to->start,         &to->end,
		&to->customer_id,    &to->name,  &to->first_name,    &to->birth_date,
		&to->postcode,       &to->plate, &to->broker_number, &to->application_number
	};

	*to = *contract;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = talloc_strdup(to, *texts[i]);
	to->other_numbers = talloc_array(to, char *, to->other_count);
	for (size_t i = 0; i < to->other_count; i++)
		to->other_numbers[i] = talloc_strdup(to, contract->other_numbers[i]);
	if (to->other_origins)
		to->other_origins = talloc_memdup(to, to->other_origins,
						  to->other_count * sizeof(*to->other_origins));
	return to;
}
