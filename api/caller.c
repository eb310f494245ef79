#include "api/caller.h"

#include <openssl/crypto.h>
#include <string.h>
#include <strings.h>

#include "api/budget.h"
#include "api/problem.h"
#include "api/route.h"
#include "api/token.h"
#include "api/web_session.h"
#include "base/text.h"

#define PATH_SHOWN 200

static bool changes_nothing(const struct request *request)
{
	return !strcmp(request->method, "GET") || !strcmp(request->method, "HEAD");
}

/* "http://127.0.0.1:8480" and the host "127.0.0.1:8480"; of an address that is configured, the whole. */
static bool origin_is_ours(const struct request *request, const char *origin)
{
	const char *url = request->api->conf.web.url;
	const char *host = request_header(request, "Host");

	if (url)
		return !strcasecmp(origin, url);
	return host && !strncasecmp(origin, "http://", 7) && !strcasecmp(origin + 7, host);
}

/* Another site's page can make a browser send a request, but not lie about where it comes from. */
static bool from_our_page(struct request *request)
{
	const char *site = request_header(request, "Sec-Fetch-Site");
	const char *origin = request_header(request, "Origin");

	if (site && strcmp(site, "same-origin") != 0 &&
	    !(changes_nothing(request) && !strcmp(site, "none")))
		return problem(request, PROBLEM_CSRF,
			       "the request was caused by another page (Sec-Fetch-Site)");
	return !origin || origin_is_ours(request, origin) ||
	       problem(request, PROBLEM_CSRF,
		       "the request comes from another origin; if this is the page's own, the configuration's `url:` names "
		       "another");
}

static bool csrf_check(struct request *request)
{
	const char *given = request_header(request, "X-CSRF-Token");
	const char *right;

	if (!from_our_page(request))
		return false;
	if (changes_nothing(request))
		return true;
	right = web_session_csrf(request);
	return (given && strlen(given) == strlen(right) &&
		!CRYPTO_memcmp(given, right, strlen(right))) ||
	       problem(request, PROBLEM_CSRF,
		       "the header X-CSRF-Token is missing or not that of this session (GET /api/v1/me)");
}

static bool known(struct request *request)
{
	if (request_header(request, "Authorization") || !web_session_given(request))
		return token_check(request);
	return web_session_check(request) && csrf_check(request);
}

/* Who asks for what he may not is noted; if that fails, it is refused all the same. */
static bool refuse(struct request *request)
{
	const struct caller *caller = &request->caller;

	api_call(request->api, SQL_audit_add, NULL, request, NULL, caller->broker, caller->by,
		 "refused",
		 talloc_asprintf(request, "%s %s", request->method,
				 text_shown(request->path, PATH_SHOWN, request)),
		 request->address);
	return problem(request, PROBLEM_SCOPE, "the %s not cover this",
		       caller->is_session ? "user's role does" : "token's scopes do");
}

bool caller_check(struct request *request)
{
	unsigned needed = request->route->scopes;

	if (needed & SCOPE_OPEN)
		return (changes_nothing(request) || from_our_page(request)) &&
		       budget_check(request);
	return known(request) && budget_check(request) &&
	       (needed & SCOPE_ANY || needed & request->caller.scopes || refuse(request));
}

bool caller_stands(struct request *request)
{
	return request->caller.is_session ? web_session_stands(request) : token_stands(request);
}
