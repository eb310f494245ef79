/*
 * sink_http.h -- POSTs to receivers, many at once. The only file of this room that knows libcurl.
 *
 * https with a checked certificate; a receiver on this machine or in a private network is reached
 * only by a post that allows it, then http to this machine, too. What counts is the address that a
 * socket connects to, whatever the name was. A redirect is an answer, never followed. Proxies of
 * the environment, netrc and cookies are not used. Connections are kept for the next post.
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
#define SINK_OPEN_MOST  64          /* connections kept */

struct sink;

struct post {
	const char *url;
	const char *ca_file; /* NULL: the system's certificates */
	bool allow_private;
	const char *content_type;
	const char *id;     /* webhook-id */
	const char *replay; /* vorpost-replay; NULL: it is sent for the first time */
	int64_t timestamp_s;
	const char *signature;
	const char *body; /* the only one that must live until the answer */
	size_t len;
};

struct answer {
	int status;
	bool reached;          /* a connection stood (with TLS, if it is https) */
	int64_t retry_after_s; /* 0: not said; a date counts as the seconds until then */
	int64_t took_ms;
	char body[SINK_SHOWN_MAX + 1]; /* hostile; only to be shown */
};

/* What became of one post. */
struct landing {
	void *tag;
	bool whole; /* an HTTP answer came in full, whatever its status; one cut at SINK_BODY_MAX
		       counts */
	struct answer answer;
	/* if not whole: ERR_RETRY no connection, time limit, answer broken off or with too many
	 * header lines; ERR_SETUP the ca_file cannot be used; ERR_REFUSED the name leads to an
	 * address that is not allowed. The text names the host, never the rest of the URL, the body
	 * or the signature. */
	struct err trouble;
};

/* Limits in milliseconds, 0 for the defaults above. Child of mem. */
struct sink *sink_new(long connect_ms, long total_ms, TALLOC_CTX *mem);

/* Put one post under way; the tag comes back with its landing. Fails ERR_SETUP: URL or ca_file
 * cannot be used. */
bool sink_start(struct sink *sink, const struct post *post, void *tag, struct err *e);

/* The next post that is over, if there is one; moves all others along, without waiting. */
bool sink_landed(struct landing *landing, struct sink *sink);

/* Sleep until something moves, a byte can be read from one of at most SINK_FDS_MOST fds (-1: none),
 * or ms have passed. */
#define SINK_FDS_MOST 2
void sink_wait(struct sink *sink, const int *fds, int count, int ms);

/* Break off every post with this tag; none of them lands. */
void sink_drop(struct sink *sink, const void *tag);

/* One post from start to end, with nothing else under way. True if it landed whole; errors as in
 * the landing. */
bool sink_post(struct answer *answer, struct sink *sink, const struct post *post, struct err *e);

/* May events be sent to this URL? Fails ERR_USAGE: no https, a user name or password in it, an
 * address that is not allowed, or no URL. What a name leads to is seen when connecting. */
bool sink_url_check(const char *url, bool allow_private, struct err *e);

#endif
