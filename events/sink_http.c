#include "events/sink_http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/text.h"
#include "base/url.h"

#define PROBLEM_MAX 240

struct sink {
	CURL *curl;
	long connect_ms, total_ms;
	char problem[CURL_ERROR_SIZE];
	/* of the post under way */
	struct answer *answer;
	size_t head_len, body_len, shown;
	bool cut; /* we stopped reading, not they sending */
};

static int sink_close(struct sink *sink)
{
	curl_easy_cleanup(sink->curl);
	return 0;
}

struct sink *sink_new(long connect_ms, long total_ms, TALLOC_CTX *mem)
{
	struct sink *sink = talloc_zero(mem, struct sink);

	sink->connect_ms = connect_ms ? connect_ms : SINK_CONNECT_MS;
	sink->total_ms = total_ms ? total_ms : SINK_TOTAL_MS;
	sink->curl = curl_easy_init();
	talloc_set_destructor(sink, sink_close);
	return sink;
}

/* ---- the URL ---- */

static bool url_parts_check(CURLU *parts, struct err *e)
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
	if (ok && strcmp(scheme, "https") && (strcmp(scheme, "http") || !host_is_here(host)))
		ok = err_set(e, ERR_USAGE, "the URL is not https (http is for this machine only)");
	curl_free(scheme);
	curl_free(host);
	curl_free(user);
	curl_free(password);
	return ok;
}

bool sink_url_check(const char *url, struct err *e)
{
	CURLU *parts = curl_url();
	bool ok;

	if (curl_url_set(parts, CURLUPART_URL, url, 0))
		ok = err_set(e, ERR_USAGE, "the URL cannot be read");
	else
		ok = url_parts_check(parts, e);
	curl_url_cleanup(parts);
	return ok;
}

/* ---- the answer ---- */

static size_t head_take(char *data, size_t size, size_t count, void *arg)
{
	struct sink *sink = arg;

	(void)data;
	if (sink->head_len == 0)
		CRASH_POINT("webhook.sent");
	sink->head_len += size * count;
	return sink->head_len > SINK_HEAD_MAX ? 0 : size * count;
}

static size_t body_take(char *data, size_t size, size_t count, void *arg)
{
	struct sink *sink = arg;
	size_t len = size * count;
	size_t room = SINK_SHOWN_MAX - sink->shown;

	memcpy(sink->answer->body + sink->shown, data, len < room ? len : room);
	sink->shown += len < room ? len : room;
	sink->body_len += len;
	sink->cut = sink->body_len > SINK_BODY_MAX;
	return sink->cut ? 0 : len;
}

/* ---- the request ---- */

static struct curl_slist *head_lines(const struct post *post)
{
	const struct {
		const char *name, *value;
	} lines[] = {
		{ "content-type", post->content_type },
		{ "webhook-id", post->id },
		{ "webhook-signature", post->signature },
		{ "accept", "*/*" },
	};
	struct curl_slist *list =
		curl_slist_append(NULL, "Expect:"); /* no round trip to ask first */
	char *line;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		line = talloc_asprintf(NULL, "%s: %s", lines[i].name, lines[i].value);
		list = curl_slist_append(list, line);
		talloc_free(line);
	}
	line = talloc_asprintf(NULL, "webhook-timestamp: %lld", (long long)post->timestamp_s);
	list = curl_slist_append(list, line);
	talloc_free(line);
	return list;
}

static void sink_prepare(struct sink *sink, const struct post *post, struct curl_slist *head)
{
	CURL *curl = sink->curl;

	curl_easy_reset(curl); /* keeps the connections */
	curl_easy_setopt(curl, CURLOPT_URL, post->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post->body);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->len);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, head);
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
	curl_easy_setopt(curl, CURLOPT_MAXCONNECTS, 8L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, sink->connect_ms);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, sink->total_ms);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, head_take);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, sink);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, sink);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, sink->problem);
}

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

/* libcurl's sentence may quote the receiver, such as the names in its certificate. */
static bool transport_failed(const struct sink *sink, const struct post *post, CURLcode code,
			     struct err *e)
{
	enum err_kind kind = code == CURLE_SSL_CACERT_BADFILE ? ERR_SETUP : ERR_RETRY;
	const char *problem = *sink->problem ? sink->problem : curl_easy_strerror(code);
	TALLOC_CTX *mem = talloc_new(NULL);
	char host[128];

	url_host(host, sizeof host, post->url);
	if (sink->head_len > SINK_HEAD_MAX)
		err_set(e, kind, "%s: more than %d bytes of header lines", host, SINK_HEAD_MAX);
	else
		err_set(e, kind, "%s: %s", host, text_shown(problem, PROBLEM_MAX, mem));
	talloc_free(mem);
	return false;
}

bool sink_post(struct answer *answer, struct sink *sink, const struct post *post, struct err *e)
{
	struct curl_slist *head;
	CURLcode code;

	*answer = (struct answer){ 0 };
	if (!sink_url_check(post->url, e)) {
		if (e)
			e->kind = ERR_SETUP;
		return false;
	}
	if (post->ca_file && access(post->ca_file, R_OK))
		return err_set(e, ERR_SETUP, "%s cannot be read", post->ca_file);
	sink->answer = answer;
	sink->head_len = sink->body_len = sink->shown = 0;
	sink->cut = false;
	sink->problem[0] = '\0';
	head = head_lines(post);
	sink_prepare(sink, post, head);
	code = curl_easy_perform(sink->curl);
	curl_slist_free_all(head);
	answer_fill(answer, sink->curl);
	if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && sink->cut))
		return true;
	return transport_failed(sink, post, code, e);
}
