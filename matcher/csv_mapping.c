#include "matcher/csv_mapping.h"

#include <stddef.h>
#include <string.h>

#include "base/yaml.h"
#include "matcher/stock.h"

struct csv_mapping {
	char *contract_id, *vu, *number, *printed_number, *other_numbers, *line, *start, *end;
	char *customer_id, *name, *first_name, *birth_date, *postcode, *plate, *application_number;
};

#define COLUMN(column)                                                                             \
	CYAML_FIELD_STRING_PTR(#column, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,                  \
			       struct csv_mapping, column, 1, 256)

static const cyaml_schema_field_t columns[] = {
	COLUMN(contract_id),
	COLUMN(vu),
	COLUMN(number),
	COLUMN(printed_number),
	COLUMN(other_numbers),
	COLUMN(line),
	COLUMN(start),
	COLUMN(end),
	COLUMN(customer_id),
	COLUMN(name),
	COLUMN(first_name),
	COLUMN(birth_date),
	COLUMN(postcode),
	COLUMN(plate),
	COLUMN(application_number),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct csv_mapping, columns),
};

struct csv_mapping *csv_mapping_load(const char *path, TALLOC_CTX *mem, struct err *e)
{
	void *mapping;

	return yaml_load(&mapping, path, &schema, mem, e) ? mapping : NULL;
}

const char *csv_mapping_theirs(const struct csv_mapping *mapping, const char *ours)
{
	if (!mapping)
		return NULL;
	for (const cyaml_schema_field_t *column = columns; column->key; column++)
		if (!strcmp(column->key, ours))
			return *(char *const *)((const char *)mapping + column->data_offset);
	return NULL;
}
