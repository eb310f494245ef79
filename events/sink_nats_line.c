#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "events/reach.h"
#include "events/sink_nats_inside.h"

#define PROBLEM_MAX 240
#define WRITE_MS    2000 /* a node that reads nothing for so long is lost */

/* ---- connecting: the line's thread ---- */

/* "(conn.c:733): SSL handshake error: 18:self-signed certificate:depth=0:cert=...": without the
 * place and the names of the certificate. */
static const char *ssl_words(const char *detail, int *len)
{
	const char *words = *detail == '(' ? strstr(detail, "): ") : NULL;
	const char *end;

	words = words ? words + 3 : detail;
	end = strstr(words, ":cert=");
	if (end && end - words < *len)
		*len = (int)(end - words);
	return words;
}

static void connect_words(struct err *e, const struct bus_host *host, bool tls, natsStatus status)
{
	int len = PROBLEM_MAX;
	natsStatus last;
	const char *detail = nats_GetLastError(&last);
	const char *words = natsStatus_GetText(status);

	if (status == NATS_CONNECTION_AUTH_FAILED)
		words = "the login was refused";
	else if (status == NATS_SECURE_CONNECTION_REQUIRED)
		words = "the server wants TLS: use tls://";
	else if (status == NATS_SECURE_CONNECTION_WANTED)
		words = "the server has no TLS";
	else if (status == NATS_SSL_ERROR && !tls)
		words = "the server wants TLS: use tls://";
	else if (status == NATS_SSL_ERROR && detail)
		words = ssl_words(detail, &len);
	else if (status == NATS_TIMEOUT)
		words = "no answer in time";
	else if (status == NATS_NO_SERVER)
		words = "no server answers there";
	*e = (struct err){ 0 };
	err_set(e, ERR_RETRY, "%s: %.*s", host->name, len, words);
}

static natsStatus options_tls(natsOptions *options, const struct line *line,
			      const struct bus_host *host)
{
	natsStatus s = natsOptions_SetSecure(options, true);

	if (s == NATS_OK)
		s = natsOptions_SetExpectedHostname(options, host->name);
	if (s == NATS_OK && line->ca_file)
		s = natsOptions_LoadCATrustedCertificates(options, line->ca_file);
	return s;
}

static natsStatus options_login(natsOptions *options, const struct line *line)
{
	if (line->token)
		return natsOptions_SetToken(options, line->token);
	if (line->user)
		return natsOptions_SetUserInfo(options, line->user, line->password);
	return NATS_OK;
}

static natsStatus options_fill(natsOptions *options, struct line *line, const struct bus_host *host,
			       const char *url)
{
	natsStatus s = natsOptions_SetURL(options, url);

	if (s == NATS_OK)
		s = natsOptions_SetAllowReconnect(options, false);
	if (s == NATS_OK)
		s = natsOptions_SetIgnoreDiscoveredServers(options, true);
	if (s == NATS_OK)
		s = natsOptions_SetTimeout(options, line->bus->connect_ms);
	if (s == NATS_OK)
		s = natsOptions_SetWriteDeadline(options, WRITE_MS);
	if (s == NATS_OK)
		s = natsOptions_SetName(options, "vorpost/" VORPOST_VERSION);
	if (s == NATS_OK)
		s = natsOptions_SetClosedCB(options, line_closed, line);
	if (s == NATS_OK)
		s = natsOptions_SetErrorHandler(options, line_errored, line);
	if (s == NATS_OK)
		s = options_login(options, line);
	if (s == NATS_OK && line->url.tls)
		s = options_tls(options, line, host);
	return s;
}

/* To exactly this address, whatever the name leads to later. */
static bool address_connect(struct line *line, const struct bus_host *host,
			    const struct addrinfo *address, struct err *e)
{
	natsOptions *options = NULL;
	char text[INET6_ADDRSTRLEN + 32], url[sizeof text + 32];
	bool six = address->ai_family == AF_INET6;
	natsStatus s;

	if (!reach_allowed(address_reach(address->ai_addr), line->allow_private) ||
	    (!line->url.tls && address_reach(address->ai_addr) != ADDRESS_HERE))
		return err_set(e, ERR_REFUSED,
			       "%s leads to an address that this endpoint may not be sent to",
			       host->name);
	if (getnameinfo(address->ai_addr, address->ai_addrlen, text, sizeof text, NULL, 0,
			NI_NUMERICHOST))
		return err_set(e, ERR_RETRY, "%s has no address", host->name);
	snprintf(url, sizeof url, "nats://%s%s%s:%s", six ? "[" : "", text, six ? "]" : "",
		 host->port);
	s = natsOptions_Create(&options);
	if (s == NATS_OK)
		s = options_fill(options, line, host, url);
	if (s == NATS_OK)
		s = natsConnection_Connect(&line->connection, options);
	natsOptions_Destroy(options);
	if (s != NATS_OK)
		connect_words(e, host, line->url.tls, s);
	return s == NATS_OK;
}

static bool stopped(struct line *line)
{
	bool live;

	pthread_mutex_lock(&line->bus->lock);
	live = line_live(line);
	pthread_mutex_unlock(&line->bus->lock);
	return !live;
}

static bool host_connect(struct line *line, const struct bus_host *host, struct err *e)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL, *address;
	bool ok = false;

	*e = (struct err){ 0 };
	if (getaddrinfo(host->name, host->port, &hints, &found))
		return err_set(e, ERR_RETRY, "%s: no such host", host->name);
	for (address = found; address && !ok && !stopped(line); address = address->ai_next)
		ok = address_connect(line, host, address, e);
	freeaddrinfo(found);
	return ok;
}

static bool replies_subscribe(struct line *line, struct err *e)
{
	char subject[sizeof line->inbox + 2];
	natsStatus s;

	snprintf(subject, sizeof subject, "%s.*", line->inbox);
	s = natsConnection_Subscribe(&line->replies, line->connection, subject, line_replied, line);
	if (s != NATS_OK)
		return err_set(e, ERR_RETRY, "no subscription for acknowledgements: %s",
			       natsStatus_GetText(s));
	pthread_mutex_lock(&line->bus->lock);
	line->subscribed = true;
	pthread_mutex_unlock(&line->bus->lock);
	if (natsSubscription_SetOnCompleteCB(line->replies, line_completed, line) != NATS_OK)
		line_completed(line); /* lost already, and nothing was asked */
	return true;
}

static bool line_connect(struct line *line, struct err *e)
{
	bool ok = false;

	for (int i = 0; i < line->url.count && !ok && !stopped(line); i++)
		ok = host_connect(
			line,
			&line->url.host[(line->first + (unsigned)i) % (unsigned)line->url.count],
			e);
	return ok && replies_subscribe(line, e);
}

/* ---- publishing: the line's thread ---- */

/* The next message that waits; NULL if nothing waits. Under the lock. */
static natsMsg *message_take(struct line *line)
{
	struct voyage *voyage = TAILQ_FIRST(&line->waiting);
	natsMsg *msg = voyage ? voyage->msg : NULL;

	if (!voyage)
		return NULL;
	TAILQ_REMOVE(&line->waiting, voyage, link);
	TAILQ_INSERT_TAIL(&line->published, voyage, link);
	voyage->msg = NULL;
	voyage->until_ms = clock_monotonic_ms() + line->bus->ack_ms;
	return msg;
}

/* Without the lock: it may wait for the socket. */
static natsStatus message_send(struct line *line, natsMsg *msg)
{
	natsStatus s = natsConnection_PublishMsg(line->connection, msg);

	natsMsg_Destroy(msg);
	return s;
}

static void line_sleep(struct line *line)
{
	struct timespec until;
	int64_t now_ms = clock_monotonic_ms();
	bool idle = TAILQ_EMPTY(&line->published);
	struct err why = { 0 };

	if (idle && now_ms - line->used_ms >= BUS_IDLE_MS) {
		err_set(&why, ERR_RETRY, "idle");
		line_lose(line, &why);
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += BUS_IDLE_MS / 1000;
	pthread_cond_clockwait(&line->news, &line->bus->lock, CLOCK_MONOTONIC, &until);
}

static void line_publish(struct line *line)
{
	struct bus *bus = line->bus;
	struct err why = { 0 };

	pthread_mutex_lock(&bus->lock);
	while (line_live(line)) {
		natsMsg *msg = message_take(line);
		natsStatus s;

		if (!msg) {
			line_sleep(line);
			continue;
		}
		pthread_mutex_unlock(&bus->lock);
		s = message_send(line, msg);
		pthread_mutex_lock(&bus->lock);
		if (s != NATS_OK) {
			err_set(&why, ERR_RETRY, "the event cannot be published: %s",
				natsStatus_GetText(s));
			line_lose(line, &why);
		}
	}
	pthread_mutex_unlock(&bus->lock);
}

/* Until the library has called back for the last time. */
static void line_close(struct line *line)
{
	struct bus *bus = line->bus;

	natsConnection_Close(line->connection);
	pthread_mutex_lock(&bus->lock);
	while (!line->closed || line->subscribed)
		pthread_cond_wait(&line->news, &bus->lock);
	pthread_mutex_unlock(&bus->lock);
	natsSubscription_Destroy(line->replies);
	natsConnection_Destroy(line->connection);
}

void *line_main(void *arg)
{
	struct line *line = arg;
	struct err e = { 0 };

	if (line_connect(line, &e)) {
		line_publish(line);
	} else {
		pthread_mutex_lock(&line->bus->lock);
		line_lose(line, &e);
		pthread_mutex_unlock(&line->bus->lock);
	}
	if (line->connection)
		line_close(line);
	nats_ReleaseThreadMemory();
	pthread_mutex_lock(&line->bus->lock);
	line->over = true;
	bus_tell(line->bus);
	pthread_mutex_unlock(&line->bus->lock);
	return NULL;
}
