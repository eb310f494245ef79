#include "api/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/exchange.h"
#include "api/hasher.h"
#include "api/link.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/url.h"
#include "store/listen.h"

#define CHANNEL       "vorpost_events"
#define MEMORY_EACH   (128 * 1024) /* a head beyond it is refused in the library's own words */
#define BACKLOG       256
#define EVENTS_MOST   64
#define STEP_MS       250
#define SWEEP_MS      500
#define DRAIN_STEP_MS 20
#define HINTS_WAIT_MS 5000

/* ---- the address ---- */

struct place {
	struct sockaddr_storage to;
	socklen_t len;
	char host[64];
};

/* The last colon parts host and port. */
static bool place_read(struct place *place, const char *listen, struct err *e)
{
	const char *colon = strrchr(listen, ':');
	struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)&place->to;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)&place->to;
	uint64_t port;

	memset(place, 0, sizeof *place);
	if (!colon || colon - listen >= (int)sizeof place->host ||
	    !text_to_u64(&port, colon + 1, 0, 65535, "port", NULL))
		return err_set(e, ERR_SETUP,
			       "listen: '%s' is no address, expected one like 127.0.0.1:8430",
			       listen);
	memcpy(place->host, listen, (size_t)(colon - listen));
	if (!host_is_here(place->host))
		return err_set(
			e, ERR_SETUP,
			"listen: %s is not this machine alone, expected 127.0.0.1 or [::1]; a proxy "
			"with TLS in front serves others",
			place->host);
	if (!strcmp(place->host, "[::1]")) {
		*v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6,
					     .sin6_port = htons((uint16_t)port),
					     .sin6_addr = IN6ADDR_LOOPBACK_INIT };
		place->len = sizeof *v6;
		return true;
	}
	*v4 = (struct sockaddr_in){ .sin_family = AF_INET,
				    .sin_port = htons((uint16_t)port),
				    .sin_addr = { htonl(INADDR_LOOPBACK) } };
	inet_pton(AF_INET, place->host, &v4->sin_addr); /* "localhost" stays 127.0.0.1 */
	place->len = sizeof *v4;
	return true;
}

bool server_listen_check(const char *listen, struct err *e)
{
	struct place place;

	return !strcmp(listen, SERVER_HANDED) || place_read(&place, listen, e);
}

static int socket_open(const struct place *place, const char *shown, struct err *e)
{
	int fd = socket(place->to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1;

	if (fd >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
		if (!bind(fd, (const struct sockaddr *)&place->to, place->len) &&
		    !listen(fd, BACKLOG))
			return fd;
	}
	err_set(e, ERR_SETUP, "listen: %s: %s", shown, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Ours alone is a copy: the one who handed it over listens on. */
static int socket_take(struct place *place, int handed, struct err *e)
{
	const struct sockaddr_in *v4 = (void *)&place->to;
	const struct sockaddr_in6 *v6 = (void *)&place->to;
	char text[INET6_ADDRSTRLEN] = "no address";
	int fd;

	place->len = sizeof place->to;
	if (getsockname(handed, (struct sockaddr *)&place->to, &place->len))
		return err_set(e, ERR_SETUP, "listen: %s, but no socket was handed over",
			       SERVER_HANDED),
		       -1;
	if (place->to.ss_family == AF_INET)
		inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
	else if (place->to.ss_family == AF_INET6)
		inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
	snprintf(place->host, sizeof place->host, strchr(text, ':') ? "[%s]" : "%s", text);
	if (!host_is_here(place->host))
		return err_set(e, ERR_SETUP,
			       "listen: the socket that was handed over is at %s, expected 127.0.0.1 or "
			       "[::1]; a proxy with TLS in front serves others",
			       place->host),
		       -1;
	fd = fcntl(handed, F_DUPFD_CLOEXEC, 0);
	if (fd >= 0 && !fcntl(fd, F_SETFL, O_NONBLOCK))
		return fd;
	err_set(e, ERR_SETUP, "listen: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static char *address_text(int fd, const struct place *place, TALLOC_CTX *mem)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof at;
	uint16_t port;

	getsockname(fd, (struct sockaddr *)&at, &len);
	port = at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)(void *)&at)->sin6_port
					: ((struct sockaddr_in *)(void *)&at)->sin_port;
	return talloc_asprintf(mem, "%s:%u", place->host, ntohs(port));
}

/* ---- opening ---- */

static int server_destroy(struct server *server)
{
	if (server->daemon) {
		server->api->stopping = true;
		links_cut(server);
		MHD_run(server->daemon);
		MHD_stop_daemon(server->daemon);
	}
	if (server->poller >= 0)
		close(server->poller);
	return 0;
}

static void poller_add(struct server *server, int fd, void *what)
{
	struct epoll_event event = { .events = EPOLLIN, .data = { .ptr = what } };

	epoll_ctl(server->poller, EPOLL_CTL_ADD, fd, &event);
}

/* Left as it came: what is escaped in a part of a path is part of it ("K%2F7"). request_unescaped does it where it is read. */
static size_t unescape_nothing(void *arg, struct MHD_Connection *connection, char *text)
{
	(void)arg;
	(void)connection;
	return strlen(text);
}

static bool daemon_start(struct server *server, int fd, struct err *e)
{
	const union MHD_DaemonInfo *info;

	server->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, exchange_step, server,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)server->api->conf.limits.connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)MEMORY_EACH, MHD_OPTION_CONNECTION_TIMEOUT, 0U,
		MHD_OPTION_STRICT_FOR_CLIENT, 0 /* exchange.c refuses, in problem details */,
		MHD_OPTION_UNESCAPE_CALLBACK, unescape_nothing, NULL, MHD_OPTION_NOTIFY_CONNECTION,
		link_notify, server, MHD_OPTION_NOTIFY_COMPLETED, exchange_end, server,
		MHD_OPTION_END);
	if (!server->daemon) {
		close(fd);
		return err_set(e, ERR_SETUP, "the HTTP server does not start: %s", strerror(errno));
	}
	info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	poller_add(server, info->epoll_fd, server->daemon);
	return true;
}

static int listener_make(struct place *place, const char *listen, const struct api_conf *conf,
			 struct err *e)
{
	if (!strcmp(listen, SERVER_HANDED))
		return socket_take(place, conf->socket, e);
	return place_read(place, listen, e) ? socket_open(place, listen, e) : -1;
}

bool server_open(struct server **server, const char *listen, const struct api_conf *conf,
		 TALLOC_CTX *mem, struct err *e)
{
	struct server *made = talloc_zero(mem, struct server);
	struct place place;
	int fd;

	made->poller = epoll_create1(EPOLL_CLOEXEC);
	talloc_set_destructor(made, server_destroy);
	made->api = api_new(conf, made);
	poller_add(made, hasher_fd(made->api->hasher), made->api->hasher);
	if (made->poller < 0)
		err_set(e, ERR_SETUP, "epoll: %s", strerror(errno));
	else if ((fd = listener_make(&place, listen, conf, e)) >= 0) {
		made->address = address_text(fd, &place, made);
		if (daemon_start(made, fd, e)) {
			*server = made;
			return true;
		}
	}
	talloc_free(made);
	return false;
}

const char *server_address(const struct server *server)
{
	return server->address;
}

int server_connections(const struct server *server)
{
	return server->link_count;
}

/* ---- what is new ---- */

/* Look how far the feed is; if it went on, this turn wakes those who wait. */
static void server_look(struct server *server)
{
	server->looked_ms = clock_monotonic_ms();
	api_look(server->api, NULL);
}

/* Hints are worth a connection only while somebody waits. */
static void hints_open(struct server *server)
{
	int64_t now = clock_monotonic_ms();

	if (server->hints || !server->waiting || now < server->hints_again_ms)
		return;
	server->hints_again_ms = now + HINTS_WAIT_MS;
	server->hints = listener_open(server->api->conf.conninfo, CHANNEL, server, NULL);
	if (!server->hints)
		return;
	poller_add(server, listener_fd(server->hints), server->hints);
	server_look(server); /* what came before we listened */
}

static void hints_take(struct server *server)
{
	bool heard;

	if (!listener_take(&heard, server->hints, NULL)) {
		epoll_ctl(server->poller, EPOLL_CTL_DEL, listener_fd(server->hints), NULL);
		TALLOC_FREE(server->hints);
	} else if (heard) {
		server_look(server);
	}
}

/* ---- the loop ---- */

static int wait_ms(const struct server *server, int most_ms)
{
	unsigned long long library_ms;
	int ms = most_ms < STEP_MS ? most_ms : STEP_MS;

	if (MHD_get_timeout(server->daemon, &library_ms) == MHD_YES &&
	    library_ms < (unsigned long long)ms)
		ms = (int)library_ms;
	return ms;
}

void server_turn(struct server *server, int most_ms)
{
	struct epoll_event events[EVENTS_MOST];
	int count = epoll_wait(server->poller, events, EVENTS_MOST, wait_ms(server, most_ms));
	int64_t now;

	for (int i = 0; i < count; i++) {
		void *what = events[i].data.ptr;

		if (what == server->hints)
			hints_take(server);
		else if (what == server->api->hasher)
			hasher_heard(server->api->hasher);
		else if (what != server->daemon)
			link_gone(what);
	}
	now = clock_monotonic_ms();
	hints_open(server);
	if (server->waiting && now - server->looked_ms >= server->api->conf.limits.poll_ms)
		server_look(server);
	links_wake(server, false);
	MHD_run(server->daemon);
	/* Behind it: a request that came while we were busy has been read once, and is not late. */
	if (now - server->swept_ms >= SWEEP_MS) {
		server->swept_ms = now;
		links_sweep(server);
	}
	if (server->api->stirred) {
		server->api->stirred = false;
		links_wake(server, true);
	}
}

void server_drain(struct server *server, int most_ms)
{
	int64_t until = clock_monotonic_ms() + most_ms;
	int fd = MHD_quiesce_daemon(server->daemon);

	if (fd != MHD_INVALID_SOCKET)
		close(fd);
	server->api->stopping = true;
	links_wake(server, true);
	while (server->link_count && clock_monotonic_ms() < until) {
		server_turn(server, DRAIN_STEP_MS);
		links_cut_idle(server);
	}
}
