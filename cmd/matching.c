#include "cmd/matching.h"

#include "cmd/app.h"

bool matcher_open(struct matcher *matcher, const struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_ALL, e);

	if (!app)
		return false;
	*matcher = (struct matcher){ app->db, app->insurers, app->conf->broker,
				     app->conf->strict_lines };
	return true;
}
