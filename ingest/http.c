#include "ingest/http.h"

#include <curl/curl.h>
#include <string.h>

#include "base/clock.h"
#include "base/url.h"
#include "ingest/http_head.h"
#include "ingest/http_tls.h"
#include "ingest/limits.h"
#include "ingest/refusal.h"

/* libcurl hands over 16 kB at once, whatever it received; behind us each piece costs a write, which wants whole pages. */
#define GATHER_BYTES (64 * 1024)

struct http {
	CURL *curl;
	struct http_settings settings;
	struct http_tls tls;
	char detail[CURL_ERROR_SIZE];
	char gathered[GATHER_BYTES];
};

/* One answer on its way. */
struct call {
	struct http *http;
	const struct http_request *request;
	const struct http_taker *taker;
	struct http_head head;
	bool wanted; /* the taker gets the body */
	uint64_t received;
	size_t gathered; /* bytes that the taker has still to get */
	int64_t began_ms, ticked_ms;
	int64_t window_ms; /* the stall rule: since when, and what had come by then */
	uint64_t window_bytes;
	struct err err;
};

static uint64_t bytes_most(const struct call *call)
{
	if (call->head.status >= 400 && call->request->answer_bytes_most > FAULT_BYTES_MOST)
		return FAULT_BYTES_MOST;
	return call->request->answer_bytes_most;
}

static bool too_large(struct call *call)
{
	return refusal_set(&call->err, REFUSAL_ANSWER_LONG,
			   "the answer has more than %llu bytes, the limit",
			   (unsigned long long)bytes_most(call));
}

static bool begin_body(struct call *call)
{
	const struct http_head *head = &call->head;
	int status = head->status;

	call->wanted = (status >= 200 && status < 300) ||
		       (status >= 400 && http_type_is_soap(head->content_type));
	call->window_ms = clock_monotonic_ms();
	if (!call->wanted)
		return true;
	if (head->content_length >= 0 && (uint64_t)head->content_length > bytes_most(call))
		return too_large(call);
	return call->taker->on_head(call->taker->self, status,
				    *head->content_type ? head->content_type : NULL, &call->err);
}

static size_t on_header(char *line, size_t size, size_t count, void *self)
{
	struct call *call = self;
	bool was_complete = call->head.complete;

	if (!http_head_line(&call->head, line, size * count, clock_wall_ms(), &call->err))
		return 0;
	if (call->head.complete && !was_complete && !begin_body(call))
		return 0;
	return size * count;
}

static bool hand_over(struct call *call, struct err *e)
{
	size_t len = call->gathered;

	call->gathered = 0;
	return !len || call->taker->on_bytes(call->taker->self, call->http->gathered, len, e);
}

static bool gather(struct call *call, const char *bytes, size_t len)
{
	while (len) {
		size_t space = GATHER_BYTES - call->gathered, n = len < space ? len : space;

		memcpy(call->http->gathered + call->gathered, bytes, n);
		call->gathered += n;
		bytes += n;
		len -= n;
		if (n == space && !hand_over(call, &call->err))
			return false;
	}
	return true;
}

/* The taker gets all that came, however the call ended, and what it has to say of that comes before what the answer was. It may have
 * been a token. */
static void gather_end(struct call *call)
{
	uint64_t touched = call->received < GATHER_BYTES ? call->received : GATHER_BYTES;
	struct err why = { 0 };

	if (!call->wanted)
		return;
	if (!hand_over(call, &why) &&
	    (call->err.kind == ERR_NONE || call->err.kind == ERR_DELIVERY))
		call->err = why;
	explicit_bzero(call->http->gathered, (size_t)touched);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *self)
{
	struct call *call = self;
	size_t len = size * count;

	call->received += len;
	if (!call->wanted)
		return call->received <= DROPPED_BYTES_MOST ? len : 0;
	if (call->received > bytes_most(call)) {
		too_large(call);
		return 0;
	}
	return gather(call, bytes, len) ? len : 0;
}

/* libcurl's own low-speed rule also counts the time in which the insurer is still thinking; this
 * one begins with the answer. */
static bool keeps_coming(struct call *call, int64_t now)
{
	int stall_s = call->http->settings.stall_s;
	uint64_t least = (uint64_t)stall_s * (HTTP_STALL_BYTES / HTTP_STALL_S);

	if (!call->head.complete)
		return now - call->began_ms < HTTP_BEGIN_S * 1000 ||
		       err_set(&call->err, ERR_RETRY,
			       "the service did not begin to answer within %d s", HTTP_BEGIN_S);
	if (now - call->window_ms < stall_s * 1000)
		return true;
	if (call->received - call->window_bytes < least)
		return err_set(&call->err, ERR_RETRY,
			       "the answer stalled after %llu bytes (less than 1 kB/s for %d s)",
			       (unsigned long long)call->received, stall_s);
	call->window_ms = now;
	call->window_bytes = call->received;
	return true;
}

static bool tick(struct call *call, int64_t now)
{
	const struct http_settings *settings = &call->http->settings;

	if (!settings->tick || now - call->ticked_ms < settings->tick_ms)
		return true;
	call->ticked_ms = now;
	if (settings->tick(settings->tick_self, &call->err))
		return true;
	return err_set(&call->err, ERR_RETRY, "the call was stopped from outside");
}

static int on_progress(void *self, curl_off_t dltotal, curl_off_t dlnow, curl_off_t ultotal,
		       curl_off_t ulnow)
{
	struct call *call = self;
	int64_t now = clock_monotonic_ms();

	(void)dltotal, (void)dlnow, (void)ultotal, (void)ulnow;
	return tick(call, now) && keeps_coming(call, now) ? 0 : 1;
}

static void set_always(CURL *c, const struct http_settings *settings)
{
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(c, CURLOPT_MAXCONNECTS, 2L); /* token service and transfer service */
	curl_easy_setopt(c, CURLOPT_BUFFERSIZE, 256L * 1024);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)settings->connect_timeout_s);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "vorpost/" VORPOST_VERSION);
}

static int http_destroy(struct http *http)
{
	curl_easy_cleanup(http->curl);
	curl_global_cleanup();
	return 0;
}

struct http *http_new(const struct http_settings *settings, TALLOC_CTX *mem, struct err *e)
{
	struct http *http;

	curl_global_init(CURL_GLOBAL_DEFAULT);
	http = talloc(mem, struct http);
	memset(http, 0, offsetof(struct http, gathered)); /* untouched, it costs no memory */
	http->curl = curl_easy_init();
	talloc_set_destructor(http, http_destroy);
	http->settings = *settings;
	http->settings.ca_file = talloc_strdup(http, settings->ca_file);
	http->settings.crl_file = talloc_strdup(http, settings->crl_file);
	if (!http->settings.connect_timeout_s)
		http->settings.connect_timeout_s = 10;
	if (!http->settings.stall_s)
		http->settings.stall_s = HTTP_STALL_S;
	if (!http->settings.tick_ms)
		http->settings.tick_ms = HTTP_TICK_MS;
	set_always(http->curl, &http->settings);
	http->tls.settings = &http->settings;
	if (http_tls_set(http->curl, &http->tls, e))
		return http;
	talloc_free(http);
	return NULL;
}

static bool url_parts_good(CURLU *parts, bool allow_plain, struct err *e)
{
	char *scheme = NULL, *host = NULL, *user = NULL;
	bool ok = true;

	curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0);
	curl_url_get(parts, CURLUPART_HOST, &host, 0);
	curl_url_get(parts, CURLUPART_USER, &user, 0);
	if (user)
		ok = err_set(e, ERR_SETUP, "the address holds a user name; give it by --user");
	else if (!scheme || !host || !*host)
		ok = err_set(e, ERR_SETUP, "the address has no scheme or no host");
	else if (strcmp(scheme, "https") &&
		 !(allow_plain && !strcmp(scheme, "http") && host_is_here(host)))
		ok = err_set(e, ERR_SETUP, "the address does not begin with https://");
	curl_free(scheme);
	curl_free(host);
	curl_free(user);
	return ok;
}

bool http_url_check(const char *url, bool allow_plain, struct err *e)
{
	CURLU *parts = curl_url();
	bool ok;

	if (curl_url_set(parts, CURLUPART_URL, url, 0))
		ok = err_set(e, ERR_SETUP, "the address cannot be read as a URL");
	else
		ok = url_parts_good(parts, allow_plain, e);
	curl_url_cleanup(parts);
	return ok;
}

/* Nobody answered: whom we asked for, and why it came to nothing. */
static bool unreached(struct call *call, CURLcode rc, struct err *e)
{
	CURLU *parts = curl_url();
	char *host = NULL, *port = NULL;
	long why = 0;

	curl_url_set(parts, CURLUPART_URL, call->request->url, 0);
	curl_url_get(parts, CURLUPART_HOST, &host, 0);
	curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
	curl_easy_getinfo(call->http->curl, CURLINFO_OS_ERRNO, &why);
	if (rc == CURLE_COULDNT_RESOLVE_HOST)
		err_set(e, ERR_RETRY, "the host %.200s " HTTP_UNRESOLVED, host ? host : "?");
	else
		err_set(e, ERR_RETRY, "the service " HTTP_UNREACHED " at %.200s port %s (%s)",
			host ? host : "?", port ? port : "?",
			why ? strerror((int)why) : curl_easy_strerror(rc));
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(parts);
	return false;
}

static bool transport_err(struct call *call, CURLcode rc, struct err *e)
{
	unsigned long long received = call->received;

	if (http_tls_err(&call->http->tls, rc, call->http->detail, e))
		return false;
	switch (rc) {
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		return err_set(e, ERR_RETRY, "what answers there does not speak HTTP");
	case CURLE_URL_MALFORMAT:
		return err_set(e, ERR_SETUP, "the address is not one that may be called");
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
		return unreached(call, rc, e);
	case CURLE_OPERATION_TIMEDOUT:
		return err_set(e, ERR_RETRY, "no complete answer within %d s (%llu bytes came)",
			       call->request->timeout_s, received);
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
		return err_set(e, ERR_RETRY, "the answer broke off after %llu bytes", received);
	default:
		return err_set(e, ERR_RETRY, "the call failed after %llu bytes: %s", received,
			       curl_easy_strerror(rc));
	}
}

static struct curl_slist *request_headers(const struct http_request *request)
{
	struct curl_slist *list = NULL;
	char *action = talloc_asprintf(NULL, "SOAPAction: \"%s\"", request->action);

	list = curl_slist_append(list, "Content-Type: text/xml; charset=utf-8");
	list = curl_slist_append(list, action);
	list = curl_slist_append(list, "Expect:");
	talloc_free(action);
	if (request->bearer) {
		char *line = talloc_asprintf(NULL, "Authorization: Bearer %s", request->bearer);

		list = curl_slist_append(list, line);
		explicit_bzero(line, strlen(line));
		talloc_free(line);
	}
	return list;
}

/* The last one may hold a token. */
static void headers_free(struct curl_slist *headers)
{
	for (struct curl_slist *h = headers; h; h = h->next)
		explicit_bzero(h->data, strlen(h->data));
	curl_slist_free_all(headers);
}

static CURLcode perform(struct call *call)
{
	const struct http_request *request = call->request;
	struct curl_slist *headers = request_headers(request);
	CURL *c = call->http->curl;
	CURLcode rc;

	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR,
			 call->http->settings.allow_plain ? "https,http" : "https");
	curl_easy_setopt(c, CURLOPT_URL, request->url);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_POST, 1L);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, request->body);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->len);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)request->timeout_s);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, call);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, call);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, call->http->detail);
	*call->http->detail = '\0';
	rc = curl_easy_perform(c);
	/* The body may hold a password; the handle must not point to it any longer. */
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, NULL);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, NULL);
	headers_free(headers);
	return rc;
}

/* Our own reason comes first: libcurl only knows that a callback stopped it. */
static bool conclude(struct call *call, CURLcode rc, struct err *e)
{
	if (call->err.kind != ERR_NONE) {
		if (e)
			*e = call->err;
		return false;
	}
	if (call->head.complete && !call->wanted)
		return http_refusal(call->head.status, call->head.retry_after_s, e);
	if (rc != CURLE_OK)
		return transport_err(call, rc, e);
	return call->head.complete || err_set(e, ERR_RETRY, "the answer has no head");
}

static bool went_out(const struct call *call)
{
	curl_off_t uploaded = 0;

	curl_easy_getinfo(call->http->curl, CURLINFO_SIZE_UPLOAD_T, &uploaded);
	return call->head.complete || (uint64_t)uploaded >= call->request->len;
}

bool http_post(struct http_result *result, struct http *http, const struct http_request *request,
	       const struct http_taker *taker, struct err *e)
{
	int64_t now = clock_monotonic_ms();
	struct call call = {
		.http = http,
		.request = request,
		.taker = taker,
		.began_ms = now,
		.ticked_ms = now,
	};
	CURLcode rc;

	*result = (struct http_result){ 0 };
	http_head_init(&call.head);
	if (!http_url_check(request->url, http->settings.allow_plain, e))
		return false;
	if (!http_tls_begin(&http->tls, request->url))
		return err_set(e, ERR_SETUP,
			       "the address has no host that a certificate could name");
	rc = perform(&call);
	gather_end(&call);
	result->status = call.head.status;
	result->retry_after_s = call.head.retry_after_s;
	result->broke_off = call.err.kind == ERR_NONE && call.received &&
			    (rc == CURLE_PARTIAL_FILE || rc == CURLE_RECV_ERROR);
	result->framed = call.head.content_length >= 0 || call.head.chunked;
	result->sent = went_out(&call);
	return conclude(&call, rc, e);
}
