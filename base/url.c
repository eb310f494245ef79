#include "base/url.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

bool host_is_here(const char *host)
{
	struct in_addr v4;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return !strcmp(host, "[::1]") || !strcasecmp(host, "localhost");
}
