#include "cmd/api.h"

#include <sys/resource.h>
#include <sysexits.h>

#include "api/server.h"
#include "base/log.h"
#include "base/role.h"
#include "cmd/app.h"

#define TURN_MS      250
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

int api_role(void *arg)
{
	const struct app *app = arg;
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "api");
	struct api_conf conf = {
		.conninfo = app->conninfo,
		.broker = app->conf->broker,
		.source = app->conf->source,
		.limits = API_LIMITS,
		.tell = api_tell,
	};
	struct server *server;
	struct err e = { 0 };

	files_allow(conf.limits.connections);
	if (!server_open(&server, app->conf->listen, &conf, mem, &e)) {
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
