#include "base/yaml_fault.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What libcyaml logs while it fails: the first complaint, and the innermost place of its backtrace.
 */
struct complaint {
	char text[200];
	char place[120];
};

static void complaint_take(cyaml_log_t level, void *ctx, const char *format, va_list args)
{
	struct complaint *c = ctx;
	char line[240];
	const char *body;

	if (level < CYAML_LOG_ERROR)
		return;
	vsnprintf(line, sizeof line, format, args);
	line[strcspn(line, "\n")] = 0;
	body = !strncmp(line, "Load: ", 6) ? line + 6 : line;
	body += strspn(body, " ");
	if (!*body || !strcmp(body, "Backtrace:"))
		return;
	if (!strncmp(body, "in ", 3)) {
		if (!c->place[0])
			snprintf(c->place, sizeof c->place, "%.118s", body);
	} else if (!c->text[0]) {
		snprintf(c->text, sizeof c->text, "%.198s", body);
	}
}

struct yaml_data {
	void *data;
	const cyaml_schema_value_t *schema;
};

static const cyaml_config_t quiet = { .mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR };

static int yaml_data_free(struct yaml_data *held)
{
	cyaml_free(&quiet, held->schema, held->data, 0);
	return 0;
}

static bool unfit(const struct complaint *complaint, const char *path,
		  const cyaml_schema_value_t *schema, const struct yaml_hint *hints, struct err *e)
{
	struct yaml_fault fault;

	yaml_fault_find(&fault, path, schema, hints);
	if (fault.line)
		return err_set(e, ERR_SETUP, "%s, line %d: %s", path, fault.line, fault.text);
	return err_set(e, ERR_SETUP, "%s: %s%s%s", path, complaint->text,
		       complaint->place[0] ? " " : "", complaint->place);
}

bool yaml_load(void **data, const char *path, const cyaml_schema_value_t *schema, TALLOC_CTX *mem,
	       struct err *e)
{
	return yaml_load_hinted(data, path, schema, NULL, mem, e);
}

bool yaml_load_hinted(void **data, const char *path, const cyaml_schema_value_t *schema,
		      const struct yaml_hint *hints, TALLOC_CTX *mem, struct err *e)
{
	struct complaint complaint = { 0 };
	cyaml_config_t config = { .mem_fn = cyaml_mem,
				  .log_fn = complaint_take,
				  .log_ctx = &complaint,
				  .log_level = CYAML_LOG_ERROR };
	struct yaml_data *held;
	cyaml_err_t failed;

	if (access(path, R_OK) != 0)
		return err_set(e, ERR_MISSING, "there is no readable file %s", path);
	*data = NULL;
	failed = cyaml_load_file(path, &config, schema, data, NULL);
	if (failed && !complaint.text[0])
		snprintf(complaint.text, sizeof complaint.text, "%s", cyaml_strerror(failed));
	if (failed)
		return unfit(&complaint, path, schema, hints, e);
	if (!*data) /* libcyaml calls an empty file a success */
		return err_set(e, ERR_SETUP, "%s, line 1: the file is empty", path);
	held = talloc(mem, struct yaml_data);
	*held = (struct yaml_data){ *data, schema };
	talloc_set_destructor(held, yaml_data_free);
	return true;
}
