#include "cmd/schemas.h"

#include <inttypes.h>

#include "base/text.h"

#define SHOWN_MOST 200

/* ---- are they usable ---- */

/* A folder that no insurer's answer would ever be held against is a mistake. */
static bool is_somebodys(const struct app *app, const char *name)
{
	for (size_t i = 0; i < insurers_count(app->insurers); i++) {
		const struct insurer *insurer = insurers_at(app->insurers, i);

		if (text_equal(insurer->issuer, name) ||
		    text_equal(insurer->profile.transfer_version, name))
			return true;
	}
	return false;
}

static bool try_one(size_t *files, const char *folder, TALLOC_CTX *mem, struct err *e)
{
	struct schema_check *check = schema_check_open(folder, mem, e);

	if (!check)
		return false;
	*files += schema_check_files(check);
	talloc_free(check);
	return true;
}

bool schemas_try(size_t *sets, size_t *files, const struct app *app, struct err *e)
{
	const char *schemas = app->conf->schemas;
	TALLOC_CTX *mem = talloc_new(NULL);
	char **names;
	bool ok = true;

	*sets = *files = 0;
	if (*schemas) {
		ok = schema_set_names(&names, sets, schemas, mem, e);
		for (size_t i = 0; ok && i < *sets; i++)
			ok = (is_somebodys(app, names[i]) ||
			      err_set(e, ERR_SETUP,
				      "the schemas' folder %.200s/%.60s is called neither like an insurer "
				      "(`vorpost insurers list`) nor like the transfer_version of one",
				      schemas, names[i])) &&
			     try_one(files, talloc_asprintf(mem, "%s/%s", schemas, names[i]), mem,
				     e);
		if (ok && !*sets) {
			*sets = 1;
			ok = try_one(files, schemas, mem, e);
		}
	}
	talloc_free(mem);
	return ok;
}

bool schemas_open(struct schema_check **check, const struct app *app, const char *issuer,
		  TALLOC_CTX *mem, struct err *e)
{
	const struct insurers *insurers = app->insurers;
	const struct insurer *insurer;
	char **folders, *set;
	size_t count;

	*check = NULL;
	if (!*app->conf->schemas)
		return true;
	if (!insurers) {
		folders = app_insurer_folders(app->conf, &count, mem);
		insurers = insurers_load(folders, count, mem, e);
	}
	if (!insurers)
		return false;
	insurer = insurers_by_issuer(insurers, issuer);
	if (!schema_set_find(&set, app->conf->schemas, issuer,
			     insurer ? insurer->profile.transfer_version : NULL, mem, e))
		return false;
	if (!set)
		return true;
	*check = schema_check_open(set, mem, e);
	return *check != NULL;
}

/* ---- for people ---- */

char *schemas_sentence(const struct schema_report *report, TALLOC_CTX *mem)
{
	char *sentence = report->times
				 ? talloc_asprintf(mem, "%" PRIu64 " breach%s of the schemas",
						   report->times, report->times == 1 ? "" : "es")
				 : talloc_strdup(mem, report->gave_up ? "no breach so far"
								      : "fits the schemas");

	if (report->gave_up)
		sentence = talloc_asprintf_append(sentence, ", not looked at to its end: %s",
						  text_shown(report->gave_up, SHOWN_MOST, mem));
	return sentence;
}

void schemas_print(const struct schema_report *report, const struct invocation *in)
{
	static const char *const heads[] = { "element", "rule", "detail", "line", "times" };
	struct listing *list = listing_new(in->mem, 5, heads);

	listing_numbers(list, 3, 4);
	for (size_t i = 0; i < report->count; i++) {
		const struct schema_breach *b = &report->breaches[i];

		listing_row(list, (const char *const[]){
					  text_shown(b->element, SHOWN_MOST, in->mem), b->rule,
					  text_shown(b->detail, SHOWN_MOST, in->mem),
					  talloc_asprintf(in->mem, "%" PRIu64, b->line),
					  talloc_asprintf(in->mem, "%" PRIu64, b->times) });
	}
	if (report->count)
		listing_print(list, in->output, in->out);
}
