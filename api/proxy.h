/*
 * proxy.h -- what a reverse proxy of ours says about its client: where it comes from (X-Forwarded-For), and, if the proxy logs
 * people in itself, who it is (web_conf.login_header).
 *
 * Both are believed only from the addresses that are configured as proxies, and the name counts at one path only: GET
 * /api/v1/login/proxy opens a session for the account of this name and leads to the page. At every other path the header means
 * nothing. The table is route_proxy.
 */
#ifndef API_PROXY_H
#define API_PROXY_H

#include <stdbool.h>

#include "api/request.h"

/* Does the request come from a proxy of ours? */
bool proxy_trusted(const struct request *request);

/* Does the proxy that the request came through log people in? */
bool proxy_logs_in(const struct request *request);

/* Where the request comes from: the peer, or of a proxy of ours the last address that it added. */
const char *proxy_client(const struct request *request);

#endif
