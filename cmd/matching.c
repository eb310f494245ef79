#include "cmd/matching.h"

#include <string.h>

struct weighing *weighing_of(const struct conf *conf, struct db *db, TALLOC_CTX *mem, struct err *e)
{
	struct weighing *weighing = talloc(mem, struct weighing);

	*weighing = (struct weighing){ terms_load(db, conf->broker, weighing, e), conf->second_bits,
				       conf->repair_bits, conf->apart_bits };
	if (!weighing->terms)
		TALLOC_FREE(weighing);
	return weighing;
}

bool matcher_over(struct matcher *matcher, const struct app *app, struct db *db, TALLOC_CTX *mem,
		  struct err *e)
{
	*matcher = (struct matcher){ .db = db,
				     .insurers = app->insurers,
				     .broker = app->conf->broker,
				     .strict_lines = app->conf->strict_lines,
				     .shadow = app->conf->shadow,
				     .weighing = weighing_of(app->conf, db, mem, e) };
	return matcher->weighing != NULL;
}

bool matcher_open(struct matcher *matcher, const struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_ALL, e);

	return app && matcher_over(matcher, app, app->db, app, e);
}

bool issuer_meant(const char **issuer, const struct insurers *all, const char *word, struct err *e)
{
	const struct insurer *found = word ? insurers_find(all, word) : NULL;

	*issuer = found ? found->issuer : word;
	return !word || found || strncmp(word, "vu:", 3) == 0 ||
	       err_set(e, ERR_MISSING, "no insurer file is named or registered \"%.60s\"", word);
}
