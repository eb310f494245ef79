/*
 * link.h -- inside the room: one client's connection, what it is expected to do next, and until when.
 * The HTTP library limits silence; here whole steps are limited, so that one byte a second is too
 * slow, too.
 */
#ifndef API_LINK_H
#define API_LINK_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "api/request.h"

struct server;

struct link {
	struct link *next, *prev;
	struct server *server;
	struct MHD_Connection *connection;
	int fd;
	char address[64];
	int64_t deadline_ms; /* 0: none */
	bool busy;           /* with a request, from its head to its end */
	bool hears;          /* it is the client's turn: a head or a body comes, no answer goes */
	struct request *waiting; /* suspended: who is woken */
};

struct server {
	struct api *api;
	struct MHD_Daemon *daemon;
	int poller; /* epoll: the daemon, the listener of the database, clients that wait */
	char *address;
	struct link *links;
	int link_count;
	int waiting;
	struct listener *hints;
	int64_t hints_again_ms; /* when to try to listen again */
	int64_t looked_ms;      /* at the database */
	int64_t swept_ms;
};

/* For the library: a connection begins or ends. */
void link_notify(void *server, struct MHD_Connection *connection, void **link,
		 enum MHD_ConnectionNotificationCode what);

struct link *link_of(struct MHD_Connection *connection);

/* Our next step must be over in so many ms; 0: no limit. */
void link_expect(struct link *link, int ms);

/* The same for the client's. */
void link_hear(struct link *link, int ms);

/* The request sleeps until link_wake_due; to be called where the library lets suspend. */
void link_wait(struct link *link, struct request *request);

/* Wake whoever is due; all of them if there is something new. */
void links_wake(struct server *server, bool all);

/* The client of a link that waits went away. */
void link_gone(struct link *link);

/* End the connections whose time is over, or whose client left in the middle of what he had to say. */
void links_sweep(struct server *server);

/* End those that are between two requests. */
void links_cut_idle(struct server *server);

/* End all of them. */
void links_cut(struct server *server);

#endif
