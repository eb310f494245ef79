/*
 * server.h -- the HTTP server: one thread, one loop over libmicrohttpd's descriptor, the connection
 * that listens to the database, and the clients that wait.
 *
 * A request that waits, a stream without news, and a slow reader cost a connection's memory and
 * nothing else. All waiting ones are woken by one hint (NOTIFY vorpost_events) or, without hints, by
 * one look at the database every poll_ms.
 *
 * Limits are api_limits. Connections beyond them wait in the kernel; a head or body that does not
 * come in time, and an answer that is not taken, end the connection.
 */
#ifndef API_SERVER_H
#define API_SERVER_H

#include <stdbool.h>
#include <talloc.h>

#include "api/api.h"

#define SERVER_DRAIN_MS 10000
#define SERVER_HANDED   "systemd" /* instead of an address: listen on conf->socket */

struct server;

/*
 * server_open -- listen; the database may be away.
 *   listen  "127.0.0.1:8430", "[::1]:8430"; port 0: any that is free. Only this machine
 *           SERVER_HANDED: on the socket that conf has, which other servers go on with afterwards; clients who come
 *           in between wait
 *   fails   ERR_SETUP the address is none, is not of this machine, or is taken
 */
bool server_open(struct server **server, const char *listen, const struct api_conf *conf,
		 TALLOC_CTX *mem, struct err *e);

/* "127.0.0.1:8430", as it came out. */
const char *server_address(const struct server *server);

/* Is this text an address to listen on, or SERVER_HANDED? For the configuration. Fails ERR_SETUP. */
bool server_listen_check(const char *listen, struct err *e);

/* One turn of the loop: wait for something to do, at most so long, and do it. */
void server_turn(struct server *server, int most_ms);

/* Take no more connections, answer those who wait with what there is, end the streams; returns when
 * all are gone, or after so long. */
void server_drain(struct server *server, int most_ms);

/* How many connections are open now. */
int server_connections(const struct server *server);

#endif
