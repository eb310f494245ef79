#include "events/sink_http.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/text.h"
#include "events/reach.h"

#define PROBLEM_MAX 240

/* One post under way. */
struct flight {
	TAILQ_ENTRY(flight) link;
	CURL *curl;
	struct curl_slist *head;
	void *tag;
	bool allow_private;
	bool forbidden; /* the name led to an address that is not allowed */
	bool cut;       /* we stopped reading, not they sending */
	size_t head_len, body_len, shown;
	struct answer answer;
	char host[128];
	char problem[CURL_ERROR_SIZE];
};

TAILQ_HEAD(flights, flight);

struct sink {
	CURLM *multi;
	long connect_ms, total_ms;
	struct flights under_way;
	struct flights spare; /* their handles are used again */
};

static void flight_stop(struct sink *sink, struct flight *flight)
{
	curl_multi_remove_handle(sink->multi, flight->curl);
	curl_slist_free_all(flight->head);
	flight->head = NULL;
	TAILQ_REMOVE(&sink->under_way, flight, link);
	TAILQ_INSERT_HEAD(&sink->spare, flight, link);
}

static int sink_close(struct sink *sink)
{
	struct flight *flight;

	while ((flight = TAILQ_FIRST(&sink->under_way)))
		flight_stop(sink, flight);
	TAILQ_FOREACH(flight, &sink->spare, link)
	curl_easy_cleanup(flight->curl);
	curl_multi_cleanup(sink->multi);
	return 0;
}

struct sink *sink_new(long connect_ms, long total_ms, TALLOC_CTX *mem)
{
	struct sink *sink = talloc_zero(mem, struct sink);

	sink->connect_ms = connect_ms ? connect_ms : SINK_CONNECT_MS;
	sink->total_ms = total_ms ? total_ms : SINK_TOTAL_MS;
	TAILQ_INIT(&sink->under_way);
	TAILQ_INIT(&sink->spare);
	sink->multi = curl_multi_init();
	curl_multi_setopt(sink->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	curl_multi_setopt(sink->multi, CURLMOPT_MAXCONNECTS, (long)SINK_OPEN_MOST);
	talloc_set_destructor(sink, sink_close);
	return sink;
}

/* ---- the URL ---- */

static bool url_parts_check(CURLU *parts, bool allow_private, struct err *e)
{
	char *scheme = NULL, *host = NULL, *user = NULL, *password = NULL;
	bool ok = !curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) &&
		  !curl_url_get(parts, CURLUPART_HOST, &host, 0);

	if (!ok)
		err_set(e, ERR_USAGE, "the URL has no scheme or no host");
	curl_url_get(parts, CURLUPART_USER, &user, 0);
	curl_url_get(parts, CURLUPART_PASSWORD, &password, 0);
	if (ok && (user || password))
		ok = err_set(e, ERR_USAGE,
			     "the URL holds a user name or password; requests are signed "
			     "instead");
	if (ok && strcmp(scheme, "https") && strcmp(scheme, "http"))
		ok = err_set(e, ERR_USAGE, "the URL is not https");
	ok = ok && reach_host_check(host, !strcmp(scheme, "https"), "https", allow_private, e);
	curl_free(scheme);
	curl_free(host);
	curl_free(user);
	curl_free(password);
	return ok;
}

bool sink_url_check(const char *url, bool allow_private, struct err *e)
{
	CURLU *parts = curl_url();
	bool ok;

	if (curl_url_set(parts, CURLUPART_URL, url, 0))
		ok = err_set(e, ERR_USAGE, "the URL cannot be read");
	else
		ok = url_parts_check(parts, allow_private, e);
	curl_url_cleanup(parts);
	return ok;
}

static void url_host(char *out, size_t size, const char *url)
{
	CURLU *parts = curl_url();
	char *host = NULL;
	bool ok = !curl_url_set(parts, CURLUPART_URL, url, 0) &&
		  !curl_url_get(parts, CURLUPART_HOST, &host, 0);

	snprintf(out, size, "%s", ok ? host : "?");
	curl_free(host);
	curl_url_cleanup(parts);
}

/* ---- whom we really talk to ---- */

/* The address is judged here, after every look-up; no packet was sent yet. */
static curl_socket_t socket_open(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct flight *flight = arg;

	if (purpose != CURLSOCKTYPE_IPCXN ||
	    !reach_allowed(address_reach(&to->addr), flight->allow_private)) {
		flight->forbidden = true;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* A kept connection may have been opened by a post that was allowed more. */
static int connection_ready(void *arg, char *to, char *from, int to_port, int from_port)
{
	struct flight *flight = arg;
	enum address_reach reach = ADDRESS_NEVER;

	(void)from;
	(void)to_port;
	(void)from_port;
	address_text_reach(&reach, to);
	if (reach_allowed(reach, flight->allow_private)) {
		flight->answer.reached = true;
		return CURL_PREREQFUNC_OK;
	}
	flight->forbidden = true;
	return CURL_PREREQFUNC_ABORT;
}

/* ---- the answer ---- */

static size_t head_take(char *data, size_t size, size_t count, void *arg)
{
	struct flight *flight = arg;

	(void)data;
	if (flight->head_len == 0)
		CRASH_POINT("webhook.sent");
	flight->head_len += size * count;
	return flight->head_len > SINK_HEAD_MAX ? 0 : size * count;
}

static size_t body_take(char *data, size_t size, size_t count, void *arg)
{
	struct flight *flight = arg;
	size_t len = size * count;
	size_t room = SINK_SHOWN_MAX - flight->shown;

	memcpy(flight->answer.body + flight->shown, data, len < room ? len : room);
	flight->shown += len < room ? len : room;
	flight->body_len += len;
	flight->cut = flight->body_len > SINK_BODY_MAX;
	return flight->cut ? 0 : len;
}

/* ---- the request ---- */

static struct curl_slist *head_lines(const struct post *post)
{
	const struct {
		const char *name, *value;
	} lines[] = {
		{ "content-type", post->content_type },   { "webhook-id", post->id },
		{ "webhook-signature", post->signature }, { "accept", "*/*" },
		{ "vorpost-replay", post->replay },
	};
	struct curl_slist *list =
		curl_slist_append(NULL, "Expect:"); /* no round trip to ask first */
	char *line;

	for (size_t i = 0; i < sizeof lines / sizeof *lines && lines[i].value; i++) {
		line = talloc_asprintf(NULL, "%s: %s", lines[i].name, lines[i].value);
		list = curl_slist_append(list, line);
		talloc_free(line);
	}
	line = talloc_asprintf(NULL, "webhook-timestamp: %lld", (long long)post->timestamp_s);
	list = curl_slist_append(list, line);
	talloc_free(line);
	return list;
}

static void request_prepare(CURL *curl, const struct post *post)
{
	curl_easy_setopt(curl, CURLOPT_URL, post->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post->body);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->len);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "vorpost/" VORPOST_VERSION);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	if (post->ca_file) {
		curl_easy_setopt(curl, CURLOPT_CAINFO, post->ca_file);
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	}
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
}

static void flight_prepare(struct flight *flight, const struct sink *sink)
{
	CURL *curl = flight->curl;

	curl_easy_setopt(curl, CURLOPT_PRIVATE, flight);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, flight->head);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, sink->connect_ms);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, sink->total_ms);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, socket_open);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, flight);
	curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, connection_ready);
	curl_easy_setopt(curl, CURLOPT_PREREQDATA, flight);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, head_take);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, flight);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, flight);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, flight->problem);
}

static struct flight *flight_new(struct sink *sink)
{
	struct flight *flight = TAILQ_FIRST(&sink->spare);
	CURL *curl;

	if (flight)
		TAILQ_REMOVE(&sink->spare, flight, link);
	else
		flight = talloc_zero(sink, struct flight);
	curl = flight->curl ? flight->curl : curl_easy_init();
	curl_easy_reset(curl);
	*flight = (struct flight){ .curl = curl };
	return flight;
}

bool sink_start(struct sink *sink, const struct post *post, void *tag, struct err *e)
{
	struct flight *flight;

	if (!sink_url_check(post->url, post->allow_private, e)) {
		if (e)
			e->kind = ERR_SETUP;
		return false;
	}
	if (post->ca_file && access(post->ca_file, R_OK))
		return err_set(e, ERR_SETUP, "%s cannot be read", post->ca_file);
	flight = flight_new(sink);
	flight->tag = tag;
	flight->allow_private = post->allow_private;
	flight->head = head_lines(post);
	url_host(flight->host, sizeof flight->host, post->url);
	request_prepare(flight->curl, post);
	flight_prepare(flight, sink);
	TAILQ_INSERT_TAIL(&sink->under_way, flight, link);
	curl_multi_add_handle(sink->multi, flight->curl);
	return true;
}

/* ---- the landing ---- */

static void answer_fill(struct answer *answer, CURL *curl)
{
	curl_off_t retry_after = 0, took_us = 0;
	long status = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
	curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &took_us);
	answer->status = (int)status;
	answer->retry_after_s = retry_after;
	answer->took_ms = took_us / 1000;
}

/* libcurl's sentence may quote the receiver, such as the names in its certificate. */
static void trouble_fill(struct err *e, const struct flight *flight, CURLcode code)
{
	enum err_kind kind = code == CURLE_SSL_CACERT_BADFILE ? ERR_SETUP : ERR_RETRY;
	const char *problem = *flight->problem ? flight->problem : curl_easy_strerror(code);
	TALLOC_CTX *mem = talloc_new(NULL);

	if (flight->forbidden)
		err_set(e, ERR_REFUSED,
			"%s leads to an address that this endpoint may not be sent to",
			flight->host);
	else if (flight->head_len > SINK_HEAD_MAX)
		err_set(e, kind, "%s: more than %d bytes of header lines", flight->host,
			SINK_HEAD_MAX);
	else
		err_set(e, kind, "%s: %s", flight->host, text_shown(problem, PROBLEM_MAX, mem));
	talloc_free(mem);
}

static void flight_land(struct landing *landing, struct sink *sink, CURL *curl, CURLcode code)
{
	struct flight *flight = NULL;

	curl_easy_getinfo(curl, CURLINFO_PRIVATE, &flight);
	answer_fill(&flight->answer, curl);
	*landing = (struct landing){ .tag = flight->tag, .answer = flight->answer };
	landing->whole = code == CURLE_OK || (code == CURLE_WRITE_ERROR && flight->cut);
	if (!landing->whole)
		trouble_fill(&landing->trouble, flight, code);
	flight_stop(sink, flight);
}

bool sink_landed(struct landing *landing, struct sink *sink)
{
	int running, left;
	CURLMsg *message;

	curl_multi_perform(sink->multi, &running);
	while ((message = curl_multi_info_read(sink->multi, &left)))
		if (message->msg == CURLMSG_DONE) {
			flight_land(landing, sink, message->easy_handle, message->data.result);
			return true;
		}
	return false;
}

void sink_wait(struct sink *sink, const int *fds, int count, int ms)
{
	struct curl_waitfd also[SINK_FDS_MOST];
	unsigned used = 0;

	for (int i = 0; i < count && i < SINK_FDS_MOST; i++)
		if (fds[i] >= 0)
			also[used++] =
				(struct curl_waitfd){ .fd = fds[i], .events = CURL_WAIT_POLLIN };
	curl_multi_poll(sink->multi, used ? also : NULL, used, ms, NULL);
}

void sink_drop(struct sink *sink, const void *tag)
{
	struct flight *flight, *next;

	for (flight = TAILQ_FIRST(&sink->under_way); flight; flight = next) {
		next = TAILQ_NEXT(flight, link);
		if (flight->tag == tag)
			flight_stop(sink, flight);
	}
}

bool sink_post(struct answer *answer, struct sink *sink, const struct post *post, struct err *e)
{
	struct landing landing = { 0 };

	*answer = (struct answer){ 0 };
	if (!sink_start(sink, post, NULL, e))
		return false;
	while (!sink_landed(&landing, sink))
		sink_wait(sink, NULL, 0, 1000);
	*answer = landing.answer;
	return landing.whole || err_set(e, landing.trouble.kind, "%s", landing.trouble.text);
}
