#include "ingest/http.h"

#include <curl/curl.h>
#include <openssl/x509_vfy.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/url.h"
#include "ingest/http_head.h"

#define DROPPED_BYTES_MOST (64 * 1024)   /* of a body that nobody wants, to keep the connection */
#define FAULT_BYTES_MOST   (1024 * 1024) /* a fault is small */

struct http {
	CURL *curl;
	struct http_settings settings;
	char detail[CURL_ERROR_SIZE];
};

/* One answer on its way. */
struct call {
	struct http *http;
	const struct http_request *request;
	const struct http_taker *taker;
	struct http_head head;
	bool wanted; /* the taker gets the body */
	uint64_t received;
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
	return err_set(&call->err, ERR_DELIVERY, "the answer has more than %llu bytes, the limit",
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
	return call->taker->on_bytes(call->taker->self, bytes, len, &call->err) ? len : 0;
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

/* With a file of its own a connection trusts nobody else: Debian's libcurl would still look into
 * its default folder. */
static void set_trust(CURL *c, const char *ca_file)
{
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_SSL_CIPHER_LIST, "ECDHE+AESGCM:ECDHE+CHACHA20");
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	if (!ca_file)
		return;
	curl_easy_setopt(c, CURLOPT_CAINFO, ca_file);
	curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
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

	if (settings->ca_file && access(settings->ca_file, R_OK)) {
		err_set(e, ERR_SETUP, "the certificate file (--ca) cannot be read: %m");
		return NULL;
	}
	curl_global_init(CURL_GLOBAL_DEFAULT);
	http = talloc_zero(mem, struct http);
	http->curl = curl_easy_init();
	talloc_set_destructor(http, http_destroy);
	http->settings = *settings;
	http->settings.ca_file = talloc_strdup(http, settings->ca_file);
	if (!http->settings.connect_timeout_s)
		http->settings.connect_timeout_s = 10;
	if (!http->settings.stall_s)
		http->settings.stall_s = HTTP_STALL_S;
	if (!http->settings.tick_ms)
		http->settings.tick_ms = HTTP_TICK_MS;
	set_always(http->curl, &http->settings);
	set_trust(http->curl, http->settings.ca_file);
	return http;
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

static const char *verify_words(long result)
{
	switch (result) {
	case X509_V_OK:
	case X509_V_ERR_UNSPECIFIED: /* libcurl's "not verified yet": it compares the name first */
		return "it belongs to another host name";
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return "it has expired";
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return "it is not valid yet (or our clock is wrong)";
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return "nobody we trust has issued it (unknown CA; see --ca)";
	case X509_V_ERR_CERT_REVOKED:
		return "it was revoked";
	default:
		return X509_verify_cert_error_string(result);
	}
}

static bool transport_err(struct call *call, CURLcode rc, struct err *e)
{
	CURL *c = call->http->curl;
	unsigned long long received = call->received;
	long verify = 0;

	switch (rc) {
	case CURLE_PEER_FAILED_VERIFICATION:
		curl_easy_getinfo(c, CURLINFO_SSL_VERIFYRESULT, &verify);
		return err_set(e, ERR_SETUP, "the service's certificate is not acceptable: %s",
			       verify_words(verify));
	case CURLE_SSL_CACERT_BADFILE:
		return err_set(e, ERR_SETUP,
			       "the certificate file (--ca) holds no usable certificate");
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		return err_set(e, ERR_RETRY, "what answers there does not speak HTTP");
	case CURLE_URL_MALFORMAT:
		return err_set(e, ERR_SETUP, "the address is not one that may be called");
	case CURLE_SSL_CONNECT_ERROR:
		return err_set(e, ERR_RETRY, "no TLS connection: %s", call->http->detail);
	case CURLE_COULDNT_RESOLVE_HOST:
		return err_set(e, ERR_RETRY, "the service's host name cannot be resolved");
	case CURLE_COULDNT_CONNECT:
		return err_set(e, ERR_RETRY, "the service cannot be reached");
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
	return list;
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
	curl_slist_free_all(headers);
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
	rc = perform(&call);
	result->status = call.head.status;
	result->retry_after_s = call.head.retry_after_s;
	result->broke_off = call.err.kind == ERR_NONE && call.received &&
			    (rc == CURLE_PARTIAL_FILE || rc == CURLE_RECV_ERROR);
	result->framed = call.head.content_length >= 0 || call.head.chunked;
	return conclude(&call, rc, e);
}
