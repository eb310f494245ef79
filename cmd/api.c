#include "cmd/api.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "api/server.h"
#include "api/site.h"
#include "base/log.h"
#include "base/role.h"
#include "cmd/app.h"
#include "cmd/matching.h"
#include "matcher/stock_job.h"
#include "review/news.h"
#include "review/review.h"

#define TURN_MS      250
#define INSTALLED    "/usr/share/vorpost/web"
#define FILES_BESIDE 64 /* descriptors that are no clients */

/* One line for what happened; only the sentence, never what was asked. */
static void api_tell(void *arg, const char *what, const struct err *why)
{
	(void)arg;
	if (why)
		log_err(what, why);
	else
		log_info(what, "role=api");
}

/* Every client is a descriptor; systemd's default of 1024 would be just too few. */
static void files_allow(int clients)
{
	rlim_t needed = (rlim_t)(clients + FILES_BESIDE);
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= needed)
		return;
	limit.rlim_cur = limit.rlim_max < needed ? limit.rlim_max : needed;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* A line each, so that everybody can add his own. */
/* clang-format off */
static const struct route_table *const tables[] = {
	&route_feed,
	&route_login,
	&route_proxy,
	&route_users,
	&route_vocabulary,
	&route_contracts,
	&route_customers,
	&route_timeline,
	&route_insurers,
	&route_statistics,
	&route_imports,
	&route_describe,
	&route_queue,
	&route_document,
	&route_decisions,
	&route_bytes,
	&route_text,
	&route_locks,
	&route_news,
	&route_bulk,
	&route_quarantine,
	&route_colleagues,
	NULL,
};
/* clang-format on */

/* What the clerk's side needs beyond the database. */
static bool review_open(struct review *review, const struct app *app, TALLOC_CTX *mem,
			struct err *e)
{
	struct db *db = db_open(app->conninfo, mem, e);

	if (!db)
		return false;
	review->insurers = app->insurers;
	review->strict_lines = app->conf->strict_lines;
	review->shadow = app->conf->shadow;
	review->news = news_new(mem);
	review->weighing = weighing_of(app->conf, db, mem, e);
	review->blobs = app_blobs(app, mem, e);
	review->place = stock_job_place(app->conf->state, mem);
	review->uploads = app_folder(app, "uploads", mem, e);
	talloc_free(db);
	return review->weighing && review->blobs && review->uploads;
}

/* The configured folder; else beside the program, as the build and the package put it; else none, and only the API answers. */
static bool site_open(const struct site **site, const struct conf *conf, TALLOC_CTX *mem,
		      struct err *e)
{
	char *program = realpath("/proc/self/exe", NULL);
	char *beside, *slash = program ? strrchr(program, '/') : NULL;
	const char *folder = conf->web;

	if (slash)
		*slash = '\0';
	beside = talloc_asprintf(mem, "%s/../web", program ? program : "");
	free(program);
	if (!*folder)
		folder = !access(beside, F_OK)      ? beside
			 : !access(INSTALLED, F_OK) ? INSTALLED
						    : NULL;
	if (folder)
		*site = site_load(folder, mem, e);
	return !folder || *site;
}

int api_role(void *arg)
{
	const struct app *app = arg;
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "api");
	struct review review = { 0 };
	struct api_conf conf = {
		.conninfo = app->conninfo,
		.broker = app->conf->broker,
		.source = app->conf->source,
		.limits = API_LIMITS,
		.socket = app->socket,
		.tables = tables,
		.review = &review,
		.web = { .url = *app->conf->url ? app->conf->url : NULL,
			 .idle_s = app->conf->session_idle_s,
			 .most_s = app->conf->session_most_s,
			 .proxies = app->conf->proxies,
			 .login_header =
				 *app->conf->login_header ? app->conf->login_header : NULL },
		.tell = api_tell,
	};
	struct server *server;
	struct err e = { 0 };

	files_allow(conf.limits.connections);
	if (!review_open(&review, app, mem, &e) || !(conf.uploads = review.uploads) ||
	    !site_open(&conf.web.site, app->conf, mem, &e) ||
	    !server_open(&server, app->conf->listen, &conf, mem, &e)) {
		log_err("api role", &e);
		talloc_free(mem);
		return EX_TEMPFAIL;
	}
	log_info("api listens", "address=http://%s", server_address(server));
	while (!role_stopping())
		server_turn(server, TURN_MS);
	server_drain(server, SERVER_DRAIN_MS);
	talloc_free(mem);
	return EX_OK;
}
