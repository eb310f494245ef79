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

/* What the value of a key must be like, as a whole sentence; the list ends with a key of NULL. */
struct yaml_hint {
	const char *key, *wants;
};

/*
 * *data is allocated by libcyaml as the schema says and freed with mem. Unknown keys are errors. hints: said of a
 * value that has another form than its key wants; NULL: none.
 * Fails ERR_SETUP ("FILE, line N: ..."), ERR_MISSING if there is no such file.
 */
bool yaml_load_hinted(void **data, const char *path, const cyaml_schema_value_t *schema,
		      const struct yaml_hint *hints, TALLOC_CTX *mem, struct err *e);

bool yaml_load(void **data, const char *path, const cyaml_schema_value_t *schema, TALLOC_CTX *mem,
	       struct err *e);

#endif
