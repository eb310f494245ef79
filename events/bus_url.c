#include "events/bus_url.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "events/reach.h"

#define TOKEN_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
#define HOST_BYTES  TOKEN_BYTES "."

bool bus_url_is(const char *url)
{
	return !strncasecmp(url, "nats://", 7) || !strncasecmp(url, "tls://", 6);
}

/* "a", "a.b": no token is empty. */
static bool tokens_are_good(const char *text)
{
	for (;;) {
		size_t len = strspn(text, TOKEN_BYTES);

		if (len == 0 || (text[len] && text[len] != '.'))
			return false;
		if (!text[len])
			return true;
		text += len + 1;
	}
}

static bool port_take(struct bus_host *host, const char *text, size_t len)
{
	char *end;
	long port;

	if (len == 0 || len >= sizeof host->port || strspn(text, "0123456789") < len)
		return false;
	snprintf(host->port, sizeof host->port, "%.*s", (int)len, text);
	port = strtol(host->port, &end, 10);
	return port >= 1 && port <= 65535;
}

/* HOST[:PORT] of len bytes */
static bool host_take(struct bus_url *url, const char *text, size_t len)
{
	struct bus_host *host = &url->host[url->count];
	bool six = *text == '[';
	size_t name = six ? strspn(text + 1, "0123456789abcdefABCDEF:.") : strspn(text, HOST_BYTES);
	size_t over = six ? name + 2 : name;

	if (url->count == BUS_HOSTS_MOST || name == 0 || name >= sizeof host->name || over > len ||
	    (six && text[name + 1] != ']'))
		return false;
	snprintf(host->name, sizeof host->name, "%.*s", (int)name, text + six);
	strcpy(host->port, "4222");
	if (over < len && (text[over] != ':' || !port_take(host, text + over + 1, len - over - 1)))
		return false;
	url->count++;
	return true;
}

static bool hosts_take(struct bus_url *url, const char *text, size_t len)
{
	for (const char *end = text + len;;) {
		const char *comma = memchr(text, ',', (size_t)(end - text));

		if (!host_take(url, text, (size_t)((comma ? comma : end) - text)))
			return false;
		if (!comma)
			return true;
		text = comma + 1;
	}
}

bool bus_url_parse(struct bus_url *out, const char *url, struct err *e)
{
	const char *hosts = strstr(url, "://"), *slash;

	*out = (struct bus_url){ .tls = !strncasecmp(url, "tls", 3) };
	if (!bus_url_is(url) || !hosts)
		return err_set(e, ERR_USAGE, "the URL begins with neither nats:// nor tls://");
	hosts += 3;
	if (strchr(hosts, '@'))
		return err_set(e, ERR_USAGE,
			       "the URL holds a user name or password; they belong into the file "
			       "of --secret-file");
	slash = strchr(hosts, '/');
	if (!slash || !hosts_take(out, hosts, (size_t)(slash - hosts)))
		return err_set(e, ERR_USAGE,
			       "the URL cannot be read, expected nats://HOST[:PORT],.../PREFIX "
			       "with at most %d hosts",
			       BUS_HOSTS_MOST);
	if (strlen(slash + 1) >= sizeof out->prefix || !tokens_are_good(slash + 1))
		return err_set(e, ERR_USAGE,
			       "the URL ends with no subject prefix, expected letters, digits, - "
			       "and _, parted by full stops");
	strcpy(out->prefix, slash + 1);
	return true;
}

/* Of an address every spelling counts, such as 0x7f.1; a name is judged when it is looked up. */
static bool host_check(const struct bus_url *url, const struct bus_host *host, bool allow_private,
		       struct err *e)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	char text[NI_MAXHOST] = "";

	if (!getaddrinfo(host->name, NULL, &hints, &found))
		getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, NULL, 0,
			    NI_NUMERICHOST);
	if (found)
		freeaddrinfo(found);
	if (strchr(text, ':')) { /* as host_is_here wants it */
		memmove(text + 1, text, strlen(text) + 1);
		text[0] = '[';
		strcat(text, "]");
	}
	return reach_host_check(*text ? text : host->name, url->tls, "tls", allow_private, e);
}

bool bus_url_check(const char *url, bool allow_private, struct err *e)
{
	struct bus_url parts;
	bool ok = bus_url_parse(&parts, url, e);

	for (int i = 0; ok && i < parts.count; i++)
		ok = host_check(&parts, &parts.host[i], allow_private, e);
	return ok;
}

bool bus_subject(char out[BUS_SUBJECT_MAX + 1], const struct bus_url *url, const char *broker,
		 const char *type, struct err *e)
{
	int len = snprintf(out, BUS_SUBJECT_MAX + 1, "%s.%s.%s", url->prefix, broker, type);

	if (len > BUS_SUBJECT_MAX || strchr(broker, '.') || !tokens_are_good(out))
		return err_set(e, ERR_SETUP,
			       "the broker's or the type's name cannot be part of a subject");
	return true;
}
