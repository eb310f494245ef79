/*
 * yaml_fault.h -- where and why a file does not fit its schema, in a person's words. libcyaml names the place where it gave up,
 * often the mapping's last line, and its own types; so a file that it refused is read once more, by libyaml's events.
 */
#ifndef BASE_YAML_FAULT_H
#define BASE_YAML_FAULT_H

#include "base/yaml.h"

struct yaml_fault {
	int line; /* from 1; 0: none was found */
	char text[400];
};

/* The first thing in the file that no reader of it can accept; a key that is missing comes last, as it often stands a few lines
 * further at the wrong depth. hints as in yaml.h. Ranges of numbers are not looked at. */
void yaml_fault_find(struct yaml_fault *fault, const char *path, const cyaml_schema_value_t *schema,
		     const struct yaml_hint *hints);

#endif
