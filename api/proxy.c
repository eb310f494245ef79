#include "api/proxy.h"

#include <arpa/inet.h>
#include <string.h>

#include "api/login.h"
#include "api/problem.h"
#include "api/route.h"
#include "api/user.h"

bool proxy_trusted(const struct request *request)
{
	const char *const *proxy = request->api->conf.web.proxies;

	for (; proxy && *proxy; proxy++)
		if (!strcmp(*proxy, request->peer))
			return true;
	return false;
}

/* What stands before the last one was written by whoever asked the proxy. */
const char *proxy_client(const struct request *request)
{
	const char *list = request_header(request, "X-Forwarded-For");
	const char *last = list ? strrchr(list, ',') : NULL;
	unsigned char bytes[sizeof(struct in6_addr)];

	if (!list || !proxy_trusted(request))
		return request->peer;
	last = last ? last + 1 : list;
	last += strspn(last, " ");
	return inet_pton(AF_INET, last, bytes) == 1 || inet_pton(AF_INET6, last, bytes) == 1
		       ? last
		       : request->peer;
}

bool proxy_logs_in(const struct request *request)
{
	return request->api->conf.web.login_header && proxy_trusted(request);
}

static bool name_take(const char **name, struct request *request)
{
	const char *header = request->api->conf.web.login_header;

	if (!header)
		return problem(request, PROBLEM_PATH, "no proxy logs people in here");
	*name = request_header(request, header);
	return (proxy_trusted(request) && *name && user_name_check(*name, NULL)) ||
	       problem(request, PROBLEM_LOGIN,
		       "the proxy names nobody, or it is none of `proxies:`");
}

static enum handled login_by_proxy(struct request *request)
{
	const char *name;
	struct rows *rows = NULL;
	struct err e = { 0 };

	if (!name_take(&name, request))
		return HANDLED;
	if (!api_call(request->api, SQL_user_login, &rows, request, &e, name, request->address))
		return problem_of(request, &e), HANDLED;
	if (!rows_text(rows, 0, "broker") || rows_bool(rows, 0, "disabled"))
		return problem(request, PROBLEM_LOGIN,
			       "the proxy names somebody without an account"),
		       HANDLED;
	login_done(request, rows_text(rows, 0, "broker"), name);
	if (request->reply.status == 200) {
		request->reply.status = 302;
		reply_head(request, "Location", "/");
	}
	return HANDLED;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/login/proxy", SCOPE_OPEN, "", 0, login_by_proxy },
};

const struct route_table route_proxy = { routes, 1 };
