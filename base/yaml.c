#include "base/yaml.h"

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

bool yaml_load(void **data, const char *path, const cyaml_schema_value_t *schema, TALLOC_CTX *mem,
	       struct err *e)
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
	if (failed)
		return err_set(e, ERR_SETUP, "%s: %s%s%s", path,
			       complaint.text[0] ? complaint.text : cyaml_strerror(failed),
			       complaint.place[0] ? " " : "", complaint.place);
	if (!*data) /* libcyaml calls an empty file a success */
		return err_set(e, ERR_SETUP, "%s: the file is empty (line: 1)", path);
	held = talloc(mem, struct yaml_data);
	*held = (struct yaml_data){ *data, schema };
	talloc_set_destructor(held, yaml_data_free);
	return true;
}
