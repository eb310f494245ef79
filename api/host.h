/*
 * host.h -- which names of this server a request may use (header Host).
 *
 * The server listens on this machine alone, but a browser on it can be led here by any name: a page of somebody else's whose
 * name suddenly means 127.0.0.1 (DNS rebinding) would be of the same origin as the API. So the server answers to its own
 * names only: localhost, 127.0.0.0/8, [::1], and the host of web_conf.url. The port does not matter: a tunnel has another.
 */
#ifndef API_HOST_H
#define API_HOST_H

#include <stdbool.h>

#include "api/request.h"

/* Is this Host header one of a server with this url (NULL: none)? host may be NULL, that is none. */
bool host_is_ours(const char *host, const char *url);

/* Refuses the request with 421 if not. */
bool host_check(struct request *request);

#endif
