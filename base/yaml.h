/*
 * yaml.h -- libcyaml's home: load a YAML file by a schema, and say file, line and key if it does
 * not fit.
 */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include <cyaml/cyaml.h>
#include <stdbool.h>
#include <talloc.h>

#include "base/err.h"

/*
 * *data is allocated by libcyaml as the schema says and freed with mem. Unknown keys are errors.
 * Fails ERR_SETUP ("FILE, line N: ..."), ERR_MISSING if there is no such file.
 */
bool yaml_load(void **data, const char *path, const cyaml_schema_value_t *schema, TALLOC_CTX *mem,
	       struct err *e);

#endif
