/* The wire against a real TLS peer: hostile answers first. */
#include "ingest/http.h"
#include "ingest/limits.h"
#include "ingest/refusal.h"

#include "tests/ingest/peer.h"

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"

/* What a taker saw. */
struct seen {
	int heads, status;
	char content_type[256];
	char body[4096];
	size_t len;
	int pieces, refuse_piece; /* 0: none */
	bool refuse_head;
};

static bool see_head(void *self, int status, const char *content_type, struct err *e)
{
	struct seen *seen = self;

	seen->heads++;
	seen->status = status;
	snprintf(seen->content_type, sizeof seen->content_type, "%s",
		 content_type ? content_type : "-");
	return !seen->refuse_head || err_set(e, ERR_CONFLICT, "taker says no");
}

static bool see_bytes(void *self, const void *bytes, size_t len, struct err *e)
{
	struct seen *seen = self;

	if (seen->len + len < sizeof seen->body)
		memcpy(seen->body + seen->len, bytes, len);
	seen->len += len;
	seen->pieces++;
	return seen->pieces != seen->refuse_piece || err_set(e, ERR_RETRY, "disk full");
}

struct scene {
	TALLOC_CTX *mem;
	struct peer peer;
	struct http_settings settings;
	struct http_request request;
	struct http_result result;
	struct seen seen;
	struct err e;
};

static void scene_start(struct scene *s, enum peer_certificate certificate,
			const struct peer_answer *script, int len)
{
	*s = (struct scene){ .mem = talloc_new(NULL) };
	peer_start(&s->peer, certificate, script, len);
	s->settings =
		(struct http_settings){ .ca_file = certificate == PEER_PLAIN ? NULL
									     : s->peer.ca_file };
	s->request = (struct http_request){ .url = s->peer.url,
					    .action = "urn:listShipments",
					    .body = "<question/>",
					    .len = 11,
					    .timeout_s = 20,
					    .answer_bytes_most = 100000 };
}

static struct http *scene_http(struct scene *s)
{
	struct http *http = http_new(&s->settings, s->mem, &s->e);

	ck_assert_ptr_nonnull(http);
	return http;
}

static bool scene_post(struct scene *s, struct http *http)
{
	const struct http_taker taker = { &s->seen, see_head, see_bytes };

	s->e = (struct err){ 0 };
	s->seen = (struct seen){ .refuse_head = s->seen.refuse_head,
				 .refuse_piece = s->seen.refuse_piece };
	return http_post(&s->result, http, &s->request, &taker, &s->e);
}

static void scene_end(struct scene *s)
{
	talloc_free(s->mem);
	peer_stop(&s->peer);
}

/* One call against one answer; the outcome is left in the scene, which must be ended. */
static bool once(struct scene *s, const char *bytes, enum peer_after after)
{
	static struct peer_answer answer;

	answer = (struct peer_answer){ bytes, after };
	scene_start(s, PEER_GOOD, &answer, 1);
	return scene_post(s, scene_http(s));
}

static void assert_says(const struct err *e, enum err_kind kind, const char *words)
{
	ck_assert_msg(e->kind == kind, "kind %s: %s", err_kind_name(e->kind), e->text);
	ck_assert_msg(strstr(e->text, words) != NULL, "'%s' does not say '%s'", e->text, words);
}

/* ---- certificates ---- */

static const struct peer_answer good[] = { { OK_HEAD "Content-Length: 4\r\n\r\n<a/>", PEER_KEEP } };

static void assert_refused(enum peer_certificate certificate, enum err_kind kind, const char *words)
{
	struct scene s;

	scene_start(&s, certificate, good, 1);
	ck_assert(!scene_post(&s, scene_http(&s)));
	assert_says(&s.e, kind, words);
	peer_halt(&s.peer);
	ck_assert_int_eq(s.peer.request_count, 0);
	scene_end(&s);
}

START_TEST(certificates_that_do_not_fit_are_setup_and_get_no_request)
{
	assert_refused(PEER_WRONG_HOST, ERR_SETUP, "another host name");
	assert_refused(PEER_EXPIRED, ERR_SETUP, "expired");
	assert_refused(PEER_NOT_YET, ERR_SETUP, "not valid yet");
	assert_refused(PEER_OLD_TLS, ERR_RETRY, "no TLS connection");
}
END_TEST

/* ca_name is what the stranger calls himself; the file trusts him alone, or nobody but the system's. */
static void assert_stranger_refused(const char *ca_name, bool own_file, struct err *e)
{
	struct peer stranger;
	struct scene s;

	peer_start_as(&stranger, ca_name, PEER_GOOD, good, 1);
	scene_start(&s, PEER_GOOD, good, 1);
	s.settings.ca_file = own_file ? stranger.ca_file : NULL;
	ck_assert(!scene_post(&s, scene_http(&s)));
	peer_halt(&s.peer);
	ck_assert_int_eq(s.peer.request_count, 0);
	*e = s.e;
	scene_end(&s);
	peer_stop(&stranger);
}

START_TEST(a_stranger_s_authority_is_not_trusted)
{
	struct err e;

	assert_stranger_refused("Other CA", true, &e);
	assert_says(&e, ERR_SETUP, "unknown CA");
	assert_stranger_refused("Other CA", false, &e);
	assert_says(&e, ERR_SETUP, "unknown CA");
	/* of the same name, with another key */
	assert_stranger_refused("Test CA", true, &e);
	assert_says(&e, ERR_SETUP, "issuer's signature is false");
}
END_TEST

START_TEST(a_certificate_file_that_cannot_be_used_is_setup)
{
	struct http_settings settings = { .ca_file = "/nonexistent/ca.pem" };
	struct err e = { 0 };
	struct scene s;

	ck_assert_ptr_null(http_new(&settings, NULL, &e));
	assert_says(&e, ERR_SETUP, "cannot be read");
	scene_start(&s, PEER_GOOD, good, 1);
	s.settings.ca_file = SOURCE_DIR "/CMakeLists.txt";
	ck_assert(!scene_post(&s, scene_http(&s)));
	assert_says(&s.e, ERR_SETUP, "no usable certificate");
	scene_end(&s);
}
END_TEST

/* ---- framing ---- */

static const struct {
	const char *answer;
	enum peer_after after;
	enum err_kind kind;
	const char *says;
} framings[] = {
	{ OK_HEAD "Content-Length: 10\r\nContent-Length: 4\r\n\r\n<a>1234</a>", PEER_CLOSE,
	  ERR_RETRY, "two different Content-Length (10 and 4)" },
	{ OK_HEAD "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<a/>\r\n0\r\n\r\n",
	  PEER_CLOSE, ERR_RETRY, "both Content-Length and chunked" },
	{ OK_HEAD "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n4\r\n<a/>\r\n0\r\n\r\n",
	  PEER_CLOSE, ERR_RETRY, "both Content-Length and chunked" },
	{ OK_HEAD "Content-Length: 400\r\n\r\n<a>cut", PEER_CLOSE, ERR_RETRY, "broke off after 6" },
	{ OK_HEAD "Transfer-Encoding: chunked\r\n\r\n4\r\n<a/>\r\n", PEER_CLOSE, ERR_RETRY,
	  "after 4 bytes" },
	{ OK_HEAD "Content-Length: 200000\r\n\r\n<a>", PEER_CLOSE, ERR_DELIVERY,
	  "more than 100000" },
	{ OK_HEAD "\r\n", PEER_FLOOD, ERR_DELIVERY, "more than 100000" },
	{ OK_HEAD "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b..", PEER_CLOSE,
	  ERR_SETUP, "compressed" },
	{ "", PEER_CLOSE, ERR_RETRY, "failed after 0 bytes" },
	{ "<a>no http at all</a>", PEER_CLOSE, ERR_RETRY, "does not speak HTTP" },
};

START_TEST(broken_framing_is_never_an_answer)
{
	struct scene s;

	ck_assert(!once(&s, framings[_i].answer, framings[_i].after));
	assert_says(&s.e, framings[_i].kind, framings[_i].says);
	scene_end(&s);
}
END_TEST

START_TEST(the_limit_itself_is_allowed)
{
	struct scene s;

	scene_start(&s, PEER_GOOD, good, 1);
	s.request.answer_bytes_most = 4;
	ck_assert(scene_post(&s, scene_http(&s)));
	talloc_free(s.mem);
	s.mem = talloc_new(NULL);
	s.request.answer_bytes_most = 3;
	ck_assert(!scene_post(&s, scene_http(&s)));
	assert_says(&s.e, ERR_DELIVERY, "more than 3 bytes");
	scene_end(&s);
}
END_TEST

/* An answer of so many bytes, whose length the head tells or not. */
static char *long_answer(const char *head, size_t len, bool told, TALLOC_CTX *mem)
{
	char *body = talloc_zero_size(mem, len + 1);

	memset(body, 'x', len);
	return told ? talloc_asprintf(mem, "%sContent-Length: %zu\r\n\r\n%s", head, len, body)
		    : talloc_asprintf(mem, "%s\r\n%s", head, body);
}

/* Quarantine keeps all that came, and whoever cannot keep it says so: the last piece comes when the call has ended already. */
START_TEST(what_came_before_a_break_is_handed_over)
{
	static const struct {
		size_t came;
		int refused; /* which piece */
	} cases[] = { { 1, 0 },      { 65535, 0 },  { 65536, 0 },  { 65537, 0 },
		      { 150000, 0 }, { 150000, 1 }, { 150000, 2 }, { 150000, 3 } };
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct peer_answer cut = { long_answer(OK_HEAD "Content-Length: 200000\r\n",
						     cases[_i].came, false, mem),
					 PEER_CLOSE };
	struct scene s;

	scene_start(&s, PEER_GOOD, &cut, 1);
	s.request.answer_bytes_most = 1 << 20;
	s.seen.refuse_piece = cases[_i].refused;
	ck_assert(!scene_post(&s, scene_http(&s)));
	assert_says(&s.e, ERR_RETRY, cases[_i].refused ? "disk full" : "broke off after");
	ck_assert(cases[_i].refused || s.seen.len == cases[_i].came);
	ck_assert_int_eq(s.result.broke_off, !cases[_i].refused);
	scene_end(&s);
	talloc_free(mem);
}
END_TEST

/* However much the answer to this question might have. */
START_TEST(a_fault_is_small)
{
	for (size_t beyond = 0; beyond <= 1; beyond++) {
		TALLOC_CTX *mem = talloc_new(NULL);
		const struct peer_answer fault = {
			long_answer("HTTP/1.1 500 Fault\r\nContent-Type: text/xml\r\n",
				    FAULT_BYTES_MOST + beyond, _i, mem),
			PEER_CLOSE
		};
		struct scene s;

		scene_start(&s, PEER_GOOD, &fault, 1);
		s.request.answer_bytes_most = 2 * FAULT_BYTES_MOST;
		ck_assert_int_eq(scene_post(&s, scene_http(&s)), !beyond);
		if (beyond)
			assert_says(&s.e, ERR_DELIVERY, "bytes, the limit");
		else
			ck_assert_uint_eq(s.seen.len, FAULT_BYTES_MOST);
		ck_assert_int_eq(s.e.refusal, beyond ? REFUSAL_ANSWER_LONG : REFUSAL_NONE);
		scene_end(&s);
		talloc_free(mem);
	}
}
END_TEST

/* A body that nobody wants is passed over; one that is too long for that costs the connection. */
START_TEST(an_unwanted_body_keeps_the_connection_if_it_is_short)
{
	for (size_t beyond = 0; beyond <= 1; beyond++) {
		TALLOC_CTX *mem = talloc_new(NULL);
		const struct peer_answer page = {
			long_answer("HTTP/1.1 404 No\r\nContent-Type: text/html\r\n",
				    DROPPED_BYTES_MOST + beyond, true, mem),
			PEER_KEEP
		};
		struct scene s;
		struct http *http;

		scene_start(&s, PEER_GOOD, &page, 1);
		http = scene_http(&s);
		for (int i = 0; i < 2; i++) {
			ck_assert(!scene_post(&s, http));
			assert_says(&s.e, ERR_SETUP, "HTTP 404");
		}
		peer_halt(&s.peer);
		ck_assert_int_eq(s.peer.connection_count, 1 + (int)beyond);
		scene_end(&s);
		talloc_free(mem);
	}
}
END_TEST

/* ---- statuses ---- */

static const struct {
	const char *answer;
	enum err_kind kind;
	const char *code;
	int retry_after_s;
} statuses[] = {
	{ "HTTP/1.1 301 Moved\r\nLocation: https://other.example/\r\nContent-Length: 0\r\n\r\n",
	  ERR_SETUP, "", 0 },
	{ "HTTP/1.1 302 Found\r\nLocation: https://other.example/\r\nContent-Length: 0\r\n\r\n",
	  ERR_RETRY, "", 0 },
	{ "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", ERR_RETRY, "00962", 0 },
	{ "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", ERR_RETRY, "00962", 0 },
	{ "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", ERR_SETUP, "", 0 },
	{ "HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n", ERR_SETUP, "", 0 },
	{ "HTTP/1.1 400 No\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nbad", ERR_SETUP,
	  "", 0 },
	{ "HTTP/1.1 429 Slow\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n", ERR_RETRY, "", 17 },
	{ "HTTP/1.1 503 Busy\r\nRetry-After: 99999999999\r\nContent-Length: 0\r\n\r\n", ERR_RETRY,
	  "", 86400 },
	{ "HTTP/1.1 503 Busy\r\nRetry-After: -5\r\nContent-Length: 0\r\n\r\n", ERR_RETRY, "", 0 },
	{ "HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
	  ERR_RETRY, "", 0 },
	{ "HTTP/1.1 502 Oops\r\nContent-Length: 0\r\n\r\n", ERR_RETRY, "", 0 },
};

START_TEST(statuses_have_a_route)
{
	char words[16];
	struct scene s;

	ck_assert(!once(&s, statuses[_i].answer, PEER_CLOSE));
	snprintf(words, sizeof words, "HTTP %.3s", statuses[_i].answer + 9);
	assert_says(&s.e, statuses[_i].kind, words);
	ck_assert_str_eq(s.e.code, statuses[_i].code);
	ck_assert_int_eq(s.e.retry_after_s, statuses[_i].retry_after_s);
	ck_assert_int_eq(s.seen.heads, 0);
	peer_halt(&s.peer);
	ck_assert_int_eq(s.peer.request_count, 1); /* nothing was followed */
	scene_end(&s);
}
END_TEST

START_TEST(a_fault_is_handed_on_with_its_status)
{
	struct scene s;

	ck_assert(once(&s,
		       "HTTP/1.1 500 Fault\r\nContent-Type: text/xml\r\nRetry-After: 5\r\n"
		       "Content-Length: 8\r\n\r\n<fault/>",
		       PEER_CLOSE));
	ck_assert_int_eq(s.result.status, 500);
	ck_assert_int_eq(s.result.retry_after_s, 5);
	ck_assert_int_eq(s.seen.status, 500);
	ck_assert_str_eq(s.seen.body, "<fault/>");
	scene_end(&s);
}
END_TEST

/* ---- patience ---- */

START_TEST(a_peer_that_hangs_is_left)
{
	static const struct peer_answer silent[] = { { "", PEER_HANG } };
	struct scene s;

	scene_start(&s, PEER_GOOD, silent, 1);
	s.request.timeout_s = 1;
	ck_assert(!scene_post(&s, scene_http(&s)));
	assert_says(&s.e, ERR_RETRY, "within 1 s");
	scene_end(&s);
}
END_TEST

START_TEST(an_answer_that_stalls_is_left)
{
	static const struct peer_answer stalls[] = { { OK_HEAD "Content-Length: 900\r\n\r\n<a>",
						       PEER_HANG } };
	struct scene s;

	scene_start(&s, PEER_GOOD, stalls, 1);
	s.settings.stall_s = 1;
	ck_assert(!scene_post(&s, scene_http(&s)));
	assert_says(&s.e, ERR_RETRY, "stalled after 3 bytes");
	scene_end(&s);
}
END_TEST

START_TEST(nobody_listening_is_retry)
{
	struct scene s;

	scene_start(&s, PEER_GOOD, good, 1);
	peer_halt(&s.peer);
	ck_assert(!scene_post(&s, scene_http(&s)));
	assert_says(&s.e, ERR_RETRY, "the service cannot be reached at ");
	assert_says(&s.e, ERR_RETRY,
		    talloc_asprintf(s.mem, " port %d (Connection refused)", s.peer.port));
	scene_end(&s);
}
END_TEST

static bool count_tick(void *self, struct err *e)
{
	int *ticks = self;

	if (++*ticks < 2)
		return true;
	return err_set(e, ERR_CONFLICT, "the lease was lost");
}

START_TEST(the_tick_comes_while_waiting_and_can_end_the_call)
{
	static const struct peer_answer silent[] = { { "", PEER_HANG } };
	struct scene s;
	int ticks = 0;

	scene_start(&s, PEER_GOOD, silent, 1);
	s.settings.tick = count_tick;
	s.settings.tick_self = &ticks;
	s.settings.tick_ms = 100;
	ck_assert(!scene_post(&s, scene_http(&s)));
	assert_says(&s.e, ERR_CONFLICT, "the lease was lost");
	ck_assert_int_eq(ticks, 2);
	scene_end(&s);
}
END_TEST

START_TEST(the_taker_s_own_error_comes_out)
{
	struct scene s;

	scene_start(&s, PEER_GOOD, good, 1);
	s.seen.refuse_head = true;
	ck_assert(!scene_post(&s, scene_http(&s)));
	assert_says(&s.e, ERR_CONFLICT, "taker says no");
	ck_assert_uint_eq(s.seen.len, 0);
	scene_end(&s);
	scene_start(&s, PEER_GOOD, good, 1);
	s.seen.refuse_piece = 1;
	ck_assert(!scene_post(&s, scene_http(&s)));
	assert_says(&s.e, ERR_RETRY, "disk full");
	scene_end(&s);
}
END_TEST

/* ---- what is right ---- */

START_TEST(one_connection_serves_many_calls)
{
	static const struct peer_answer three[] = {
		{ OK_HEAD "Content-Length: 4\r\n\r\n<a/>", PEER_KEEP },
		{ "HTTP/1.1 100 Continue\r\n\r\n" OK_HEAD
		  "Content-Length: 4\r\nContent-Length: 4\r\n\r\n<b/>",
		  PEER_KEEP },
		{ "HTTP/1.1 200 OK\r\ncontent-type:  Text/XML; charset=utf-8 \r\nTransfer-Encoding: chunked\r\n\r\n"
		  "2\r\n<c\r\n2\r\n/>\r\n0\r\nX-Trailer: 1\r\n\r\n",
		  PEER_KEEP },
	};
	static const char *const bodies[] = { "<a/>", "<b/>", "<c/>" };
	struct scene s;
	struct http *http;

	scene_start(&s, PEER_GOOD, three, 3);
	http = scene_http(&s);
	for (int i = 0; i < 3; i++) {
		ck_assert_msg(scene_post(&s, http), "%s", s.e.text);
		ck_assert_str_eq(s.seen.body, bodies[i]);
		ck_assert_int_eq(s.seen.heads, 1);
	}
	ck_assert_str_eq(s.seen.content_type, "Text/XML; charset=utf-8");
	peer_halt(&s.peer);
	ck_assert_int_eq(s.peer.connection_count, 1);
	ck_assert_ptr_nonnull(strstr(s.peer.requests[0], "SOAPAction: \"urn:listShipments\"\r\n"));
	ck_assert_ptr_nonnull(
		strstr(s.peer.requests[0], "Content-Type: text/xml; charset=utf-8\r\n"));
	ck_assert_ptr_nonnull(strstr(s.peer.requests[0], "\r\n\r\n<question/>"));
	ck_assert_ptr_null(strstr(s.peer.requests[0], "Accept-Encoding"));
	scene_end(&s);
}
END_TEST

START_TEST(the_environment_changes_nothing)
{
	struct scene s;

	setenv("https_proxy", "http://127.0.0.1:9", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:9", 1);
	ck_assert_msg(once(&s, good[0].bytes, PEER_CLOSE), "%s", s.e.text);
	unsetenv("https_proxy");
	unsetenv("ALL_PROXY");
	scene_end(&s);
}
END_TEST

START_TEST(plain_http_needs_both_loopback_and_permission)
{
	struct scene s;

	scene_start(&s, PEER_PLAIN, good, 1);
	ck_assert(!scene_post(&s, scene_http(&s)));
	assert_says(&s.e, ERR_SETUP, "https://");
	s.settings.allow_plain = true;
	ck_assert_msg(scene_post(&s, scene_http(&s)), "%s", s.e.text);
	scene_end(&s);
}
END_TEST

START_TEST(addresses_that_may_not_be_called)
{
	static const char *const bad[] = {
		"http://insurer.example/",
		"http://localhost.example/",
		"http://127.0.0.1.example/",
		"http://10.0.0.1/",
		"ftp://127.0.0.1/",
		"file:///etc/passwd",
		"https://user:pw@insurer.example/",
		"insurer.example/x",
		"https://",
		"",
		"https:// /",
		"gopher://127.0.0.1/",
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err e = { 0 };

		ck_assert_msg(!http_url_check(bad[i], true, &e), "%s", bad[i]);
		ck_assert_int_eq(e.kind, ERR_SETUP);
		ck_assert_ptr_null(strstr(e.text, "pw"));
	}
	ck_assert(http_url_check("https://insurer.example:8443/a/b?c", false, NULL));
	ck_assert(http_url_check("http://[::1]:80/", true, NULL));
	ck_assert(http_url_check("http://localhost/", true, NULL));
	ck_assert(!http_url_check("http://127.0.0.1/", false, NULL));
	ck_assert(!http_url_check("http://localhost/", false, NULL));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("http");
	TCase *t = tcase_create("http");
	SRunner *runner;
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_test(t, certificates_that_do_not_fit_are_setup_and_get_no_request);
	tcase_add_test(t, a_stranger_s_authority_is_not_trusted);
	tcase_add_test(t, a_certificate_file_that_cannot_be_used_is_setup);
	tcase_add_loop_test(t, what_came_before_a_break_is_handed_over, 0, 8);
	tcase_add_loop_test(t, broken_framing_is_never_an_answer, 0,
			    sizeof framings / sizeof *framings);
	tcase_add_test(t, the_limit_itself_is_allowed);
	tcase_add_loop_test(t, a_fault_is_small, 0, 2);
	tcase_add_test(t, an_unwanted_body_keeps_the_connection_if_it_is_short);
	tcase_add_loop_test(t, statuses_have_a_route, 0, sizeof statuses / sizeof *statuses);
	tcase_add_test(t, a_fault_is_handed_on_with_its_status);
	tcase_add_test(t, a_peer_that_hangs_is_left);
	tcase_add_test(t, an_answer_that_stalls_is_left);
	tcase_add_test(t, nobody_listening_is_retry);
	tcase_add_test(t, the_tick_comes_while_waiting_and_can_end_the_call);
	tcase_add_test(t, the_taker_s_own_error_comes_out);
	tcase_add_test(t, one_connection_serves_many_calls);
	tcase_add_test(t, the_environment_changes_nothing);
	tcase_add_test(t, plain_http_needs_both_loopback_and_permission);
	tcase_add_test(t, addresses_that_may_not_be_called);
	suite_add_tcase(suite, t);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
