#include "api/link.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/clock.h"

static void address_of(struct link *link, const struct sockaddr *from)
{
	if (from && from->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)from)->sin_addr,
			  link->address, sizeof link->address);
	else if (from && from->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr,
			  link->address, sizeof link->address);
}

static struct link *link_begin(struct server *server, struct MHD_Connection *connection)
{
	struct link *link = talloc_zero(server, struct link);

	link->server = server;
	link->connection = connection;
	link->fd =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	address_of(link, MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
				 ->client_addr);
	link->next = server->links;
	if (link->next)
		link->next->prev = link;
	server->links = link;
	server->link_count++;
	link_hear(link, server->api->conf.limits.head_ms);
	return link;
}

static void link_end(struct link *link)
{
	struct server *server = link->server;

	if (link->next)
		link->next->prev = link->prev;
	*(link->prev ? &link->prev->next : &server->links) = link->next;
	server->link_count--;
	talloc_free(link);
}

void link_notify(void *server, struct MHD_Connection *connection, void **link,
		 enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		*link = link_begin(server, connection);
	else
		link_end(*link);
}

struct link *link_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
		->socket_context;
}

void link_expect(struct link *link, int ms)
{
	link->deadline_ms = ms ? clock_monotonic_ms() + ms : 0;
	link->hears = false;
}

void link_hear(struct link *link, int ms)
{
	link_expect(link, ms);
	link->hears = true;
}

/* While it is suspended the library does not see its client go; the kernel tells us. */
void link_wait(struct link *link, struct request *request)
{
	struct epoll_event gone = { .events = EPOLLRDHUP, .data = { .ptr = link } };

	link_expect(link, 0);
	link->waiting = request;
	link->server->waiting++;
	epoll_ctl(link->server->poller, EPOLL_CTL_ADD, link->fd, &gone);
	MHD_suspend_connection(link->connection);
}

static void link_wake(struct link *link)
{
	epoll_ctl(link->server->poller, EPOLL_CTL_DEL, link->fd, NULL);
	link->waiting = NULL;
	link->server->waiting--;
	link_expect(link, link->server->api->conf.limits.send_ms);
	MHD_resume_connection(link->connection);
}

void links_wake(struct server *server, bool all)
{
	int64_t now = clock_monotonic_ms();

	for (struct link *link = server->links; link; link = link->next)
		if (link->waiting && (all || link->waiting->wake_at_ms <= now ||
				      (link->waiting->ready && *link->waiting->ready)))
			link_wake(link);
}

void link_gone(struct link *link)
{
	shutdown(link->fd, SHUT_RDWR);
	if (link->waiting)
		link_wake(link);
}

/*
 * The library asks the kernel for what is new alone: of a client whose last bytes and whose end come together it reads the
 * bytes and never hears of the end.
 */
static bool client_left(const struct link *link)
{
	char byte;

	return link->hears && recv(link->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* The library sees the end of its socket and does the rest. */
void links_sweep(struct server *server)
{
	int64_t now = clock_monotonic_ms();

	for (struct link *link = server->links; link; link = link->next)
		if ((link->deadline_ms && link->deadline_ms <= now) || client_left(link))
			shutdown(link->fd, SHUT_RDWR);
}

void links_cut_idle(struct server *server)
{
	for (struct link *link = server->links; link; link = link->next)
		if (!link->busy)
			shutdown(link->fd, SHUT_RDWR);
}

void links_cut(struct server *server)
{
	links_wake(server, true);
	for (struct link *link = server->links; link; link = link->next)
		shutdown(link->fd, SHUT_RDWR);
}
