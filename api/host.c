#include "api/host.h"

#include <string.h>
#include <strings.h>

#include "api/problem.h"
#include "base/text.h"
#include "base/url.h"

#define NAME_MOST   253 /* a name of the DNS */
#define PORT_DIGITS 5
#define SHOWN_MOST  80

/* Of "name:8430" and "[::1]:8430" the part before the port; 0 if it is neither. */
static size_t name_len(const char *host)
{
	size_t len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
	size_t digits;

	if (len > strlen(host) || len > NAME_MOST)
		return 0;
	if (!host[len])
		return len;
	digits = strspn(host + len + 1, "0123456789");
	return host[len] == ':' && digits && digits <= PORT_DIGITS && !host[len + 1 + digits] ? len
											      : 0;
}

static bool name_of_url(const char *name, size_t len, const char *url)
{
	const char *host = url ? strstr(url, "://") : NULL;

	return host && name_len(host + 3) == len && !strncasecmp(host + 3, name, len);
}

bool host_is_ours(const char *host, const char *url)
{
	size_t len = host ? name_len(host) : 0;
	char name[NAME_MOST + 1];

	if (!len)
		return false;
	memcpy(name, host, len);
	name[len] = '\0';
	return host_is_here(name) || name_of_url(name, len, url);
}

bool host_check(struct request *request)
{
	const char *host = request_header(request, "Host");

	return host_is_ours(host, request->api->conf.web.url) ||
	       problem(request, PROBLEM_HOST,
		       "this server is not called %s; if that is its name, say so in the configuration's `url:`",
		       host ? text_shown(host, SHOWN_MOST, request) : "nothing");
}
