/*
 * sink_http.h -- one POST to one endpoint. The only file of this room that knows libcurl.
 *
 * https with a checked certificate; plain http to this machine only. A redirect is an answer, never
 * followed. Proxies of the environment, netrc and cookies are not used. The connection is kept for
 * the next post.
 */
#ifndef EVENTS_SINK_HTTP_H
#define EVENTS_SINK_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"

#define SINK_CONNECT_MS 10000
#define SINK_TOTAL_MS   20000
#define SINK_BODY_MAX   (64 * 1024) /* of an answer; the rest is not read */
#define SINK_HEAD_MAX   (64 * 1024) /* all header lines of an answer together */
#define SINK_SHOWN_MAX  512         /* kept of the body, to show to a person */

struct sink;

struct post {
	const char *url;
	const char *ca_file; /* NULL: the system's certificates */
	const char *content_type;
	const char *id; /* webhook-id */
	int64_t timestamp_s;
	const char *signature;
	const char *body;
	size_t len;
};

struct answer {
	int status;
	int64_t retry_after_s; /* 0: not said */
	int64_t took_ms;
	char body[SINK_SHOWN_MAX + 1]; /* hostile; only to be shown */
};

/* Limits in milliseconds, 0 for the defaults above. Child of mem. */
struct sink *sink_new(long connect_ms, long total_ms, TALLOC_CTX *mem);

/*
 * sink_post -- true if a whole HTTP answer came, whatever its status; one that is cut off at
 * SINK_BODY_MAX counts. fails   ERR_RETRY no connection, time limit, answer broken off or with too
 * many header lines ERR_SETUP URL or ca_file cannot be used The text names the host, never the rest
 * of the URL, the body or the signature.
 */
bool sink_post(struct answer *answer, struct sink *sink, const struct post *post, struct err *e);

/* May events be sent to this URL? Fails ERR_USAGE: not https (nor http to this machine), a user
 * name or password in it, or no URL. */
bool sink_url_check(const char *url, struct err *e);

#endif
