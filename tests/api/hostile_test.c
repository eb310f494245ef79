/* Clients that mean harm or break: each is refused or cut, and everybody else is served meanwhile. */
#include "tests/api/desk.h"

/* Short limits, so that the slow ones are cut within the test. */
#define QUICK                                                                                      \
	(struct api_limits)                                                                        \
	{                                                                                          \
		.connections = 200, .head_ms = 1000, .body_ms = 1500, .send_ms = 1500,             \
		.heartbeat_ms = 300, .poll_ms = 200, .wrong_tokens = 5                             \
	}

static char *good;

static void open_all(void)
{
	stage_open();
	desk_open_as(&desk, BROKER, QUICK);
	good = token_new("events,events:broker,feedback", "push");
}

static void close_all(void)
{
	desk_stop(&desk);
	stage_close();
}

static void others_are_served(void)
{
	ck_assert_int_eq(get(good, "/api/v1/events").status, 200);
}

/* The connection ends; whatever came before, it was no success. */
static void is_cut(int fd)
{
	char *text = talloc_strdup(stage.mem, "");

	while (client_more(fd, &text))
		;
	ck_assert_msg(!strstr(text, " 200 "), "%s", text);
	close(fd);
}

START_TEST(no_http)
{
	static const char *const noise[] = {
		"220 mail.example ESMTP\r\n\r\n",
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
		"GET\r\n\r\n",
		"GET  HTTP/1.1\r\n\r\n",
		"GET /api/v1/events HTTP/9.9\r\nHost: localhost\r\n\r\n",
		"GET /api/v1/events HTTP/1.1\r\nHost here\r\n\r\n", /* no colon */
		"GET http://[/v1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"POST /api/v1/feedback HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
		"POST /api/v1/feedback HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
		"POST /api/v1/feedback HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
		"\r\n\r\n\r\n",
	};

	for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
		int fd = client_open();

		client_say(fd, "%s", noise[i]);
		is_cut(fd);
	}
	others_are_served();
}
END_TEST

/* Two lengths mean two requests to two readers: a proxy must not be led astray. */
START_TEST(a_head_that_means_two_things)
{
	static const struct {
		const char *heads, *words;
	} bad[] = {
		{ "Content-Length: 5\r\nContent-Length: 6\r\n", "content-length comes twice" },
		{ "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "exclude each other" },
		{ "Content-Length: 0\r\nAuthorization: Bearer x\r\n", "authorization comes twice" },
		{ "Content-Length: 0\r\nwebhook-id: a\r\nWebhook-Id: b\r\n",
		  "webhook-id comes twice" },
		{ "Content-Length: 0\r\nHost: there\r\n", "host comes twice" },
		{ "Content-Length : 5\r\n", "'Content-Length ' is no name of a header" },
		{ "Content-Length: 0\r\nX\xe4: 1\r\n", "is no name of a header" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int fd = client_open();
		struct got got;

		client_say(
			fd,
			"POST /api/v1/feedback HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n",
			good, bad[i].heads);
		got = client_read(fd);
		is_problem(got, 400, "malformed", bad[i].words);
		close(fd);
	}
}
END_TEST

START_TEST(a_head_without_host)
{
	for (int minor = 0; minor < 2; minor++) {
		int fd = client_open();

		client_say(fd, "GET /api/v1/events HTTP/1.%d\r\n\r\n", minor);
		is_problem(client_read(fd), 421, "host", "this server is not called nothing");
		close(fd);
	}
}
END_TEST

START_TEST(head_lines_without_end)
{
	char *line = talloc_asprintf(stage.mem, "X-Again: %01000d\r\n", 0);
	struct got got;
	int fd = client_open();

	client_say(fd, "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n");
	for (int i = 0; i < 20; i++)
		client_say(fd, "%s", line);
	client_say(fd, "\r\n");
	is_problem(got = client_read(fd), 431, "head-too-large", "expected at most 16384");
	close(fd);
	fd = client_open(); /* five times what is taken: still told in our words */
	client_say(fd, "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n");
	for (int i = 0; i < 80; i++)
		client_say(fd, "%s", line);
	client_say(fd, "\r\n");
	is_problem(client_read(fd), 431, "head-too-large", "expected at most 16384");
	close(fd);
	fd = client_open();
	client_say(fd, "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n");
	for (int i = 0; i < 10000 && client_send(fd, line, strlen(line)); i++)
		;
	is_cut(fd);
	fd = client_open();
	client_say(fd, "GET /api/v1/events?after=%060000d HTTP/1.1\r\n", 0);
	is_cut(fd);
	others_are_served();
}
END_TEST

/* One byte now and then: never silent, and yet nothing comes of it. */
static void drip(const char *line, const char *more, const char *end)
{
	int fd = client_open();
	bool cut = false;

	client_say(fd, "%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s", line,
		   good, more);
	for (int i = 0; i < 2000 && !cut; i++) {
		char ignored[256];
		ssize_t n;

		usleep(20000);
		cut = !client_send(fd, end, 1) ||
		      (n = recv(fd, ignored, sizeof ignored, MSG_DONTWAIT)) == 0 ||
		      (n < 0 && errno == ECONNRESET);
	}
	ck_assert_msg(cut, "still there after 2000 bytes");
	close(fd);
	others_are_served();
}

START_TEST(a_head_that_drips)
{
	drip("GET /api/v1/events", "X-Slow: ", "a");
}
END_TEST

START_TEST(a_body_that_drips)
{
	drip("POST /api/v1/feedback", "Content-Length: 100000\r\n\r\n", " ");
}
END_TEST

START_TEST(a_body_that_is_too_large)
{
	char *block = talloc_strdup(stage.mem, "");
	struct got got;
	int fd = client_open();

	is_problem(post(good, "/api/v1/consumers/push/ack", "Content-Type: application/json\r\n",
			talloc_asprintf(stage.mem, "{\"position\": %05000d}", 0)),
		   413, "too-large", "4096");
	client_say(
		fd,
		"POST /api/v1/feedback HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
		"Content-Length: 10737418240\r\nExpect: 100-continue\r\n\r\n",
		good);
	is_problem(got = client_read(fd), 413, "too-large",
		   "262144"); /* and not one byte was asked for */
	close(fd);
	fd = client_open(); /* no length said, and no end */
	client_say(
		fd,
		"POST /api/v1/feedback HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
		"Transfer-Encoding: chunked\r\n\r\n",
		good);
	block = talloc_asprintf(stage.mem, "4000\r\n%016384d\r\n", 0);
	for (int i = 0; i < 1000 && client_send(fd, block, strlen(block)); i++)
		;
	is_cut(fd);
	fd = client_open(); /* somewhat too much, but it ends: it is told */
	client_say(
		fd,
		"POST /api/v1/feedback HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
		"Transfer-Encoding: chunked\r\n\r\n",
		good);
	for (int i = 0; i < 20; i++)
		client_send(fd, block, strlen(block));
	client_say(fd, "0\r\n\r\n");
	is_problem(client_read(fd), 413, "too-large", "262144");
	close(fd);
	others_are_served();
}
END_TEST

/* Most clients send all they have before they read: an answer that came too early would be lost with the connection. */
START_TEST(a_refusal_behind_a_body_is_read)
{
	size_t len = 4 * 1024 * 1024;
	char *body = talloc_size(stage.mem, len);

	desk_open_patiently(QUICK);
	memset(body, ' ', len);
	for (int i = 0; i < 8; i++) {
		int fd = client_open();

		client_say(
			fd,
			"POST /api/v1/feedback HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
			"Content-Length: %zu\r\n\r\n",
			i % 2 ? good : "vpt_wrong", len);
		ck_assert_msg(client_send(fd, body, len), "cut after request %d", i);
		is_problem(client_read(fd), i % 2 ? 413 : 401, i % 2 ? "too-large" : "token",
			   i % 2 ? "262144" : "");
		close(fd);
	}
}
END_TEST

/* Who has no token sends no body. */
START_TEST(strangers_send_nothing)
{
	int fd = client_open();

	client_say(fd,
		   "POST /api/v1/feedback HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n"
		   "Expect: 100-continue\r\n\r\n");
	is_problem(client_read(fd), 401, "token", "a token is needed");
	close(fd);
}
END_TEST

START_TEST(many_that_say_nothing)
{
	int fd[150];

	for (int i = 0; i < 150; i++)
		fd[i] = client_open();
	others_are_served();
	for (int i = 0; i < 150; i++)
		is_cut(fd[i]);
}
END_TEST

START_TEST(gone_in_the_middle)
{
	for (int i = 0; i < 50; i++) {
		int fd = client_open();

		client_say(
			fd,
			"POST /api/v1/feedback HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
			"Content-Length: 100\r\n\r\nhalf",
			good);
		close(fd);
		get_send(fd = client_open(), good, "/api/v1/events?wait=60");
		close(fd);
		get_send(fd = client_open(), good, "/api/v1/events/stream?types=all");
		close(fd);
	}
	others_are_served();
	while (server_connections(desk.server) > 1) /* they are noticed, though nothing happens */
		usleep(10000);
}
END_TEST

/* ---- tokens ---- */

START_TEST(tokens_that_are_none)
{
	static const char *const bad[] = {
		"x",
		"vpt_",
		"Bearer",
		"vpt_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"vpt_zzzzzzzzzzzzzzzz_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	};
	struct got first = get(bad[0], "/api/v1/events");

	is_problem(first, 401, "token", "unknown or was revoked");
	ck_assert_str_eq(head_of(first.head, "WWW-Authenticate"), "Bearer realm=\"vorpost\"");
	for (size_t i = 1; i < 4; i++)
		ck_assert_str_eq(get(bad[i], "/api/v1/events").body,
				 first.body); /* all in the same words */
}
END_TEST

/* The id is right, the secret is not; nothing tells the two apart. */
START_TEST(a_wrong_secret_is_as_unknown)
{
	char *near = talloc_strdup(stage.mem, good);
	char *last = near + strlen(near) - 2;

	*last = *last == 'A' ? 'B' : 'A';
	ck_assert_str_eq(get(near, "/api/v1/events").body,
			 get("vpt_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
			     "/api/v1/events")
				 .body);
	raw_do(stage.raw, "update api_token set revoked_at = now()");
	is_problem(get(good, "/api/v1/events"), 401, "token", "revoked");
}
END_TEST

START_TEST(tokens_are_nowhere)
{
	char *dump = raw_value(stage.raw, "select string_agg(t::text, ' ') from api_token t");

	ck_assert(strstr(dump, "push"));
	ck_assert(!strstr(dump, good + strlen(TOKEN_PREFIX) + TOKEN_ID_LEN + 1));
}
END_TEST

/* Who was right lately works on; a stranger waits, even if he guesses right now. */
START_TEST(guessing_is_throttled)
{
	char *fresh = token_new("events", NULL);
	struct got got;

	others_are_served();
	for (int i = 0; i < 5; i++)
		is_problem(get("vpt_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
			       "/api/v1/events"),
			   401, "token", "unknown");
	got = get("vpt_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		  "/api/v1/events");
	is_problem(got, 429, "throttled", "wait a minute");
	ck_assert_int_eq(head_number(got, "Retry-After"), 60);
	ck_assert_int_eq(get(fresh, "/api/v1/events").status,
			 200); /* a right one is never refused */
	others_are_served();
}
END_TEST

/* ---- the server itself ---- */

START_TEST(stopping_answers_who_waits)
{
	int fd[20];

	desk_open_patiently(QUICK);
	for (int i = 0; i < 20; i++)
		get_send(fd[i] = client_open(), good,
			 i % 2 ? "/api/v1/events?wait=60" : "/api/v1/events/stream?types=all");
	while (server_connections(desk.server) < 20)
		usleep(1000);
	for (int i = 0; i < 5;
	     i++) /* who came before these waits by then, however busy the machine is */
		ck_assert_int_eq(get(good, "/api/v1/events").status, 200);
	desk_stop(&desk);
	for (int i = 0; i < 20; i++) {
		struct got got = client_read(fd[i]);

		ck_assert_int_eq(got.status, 200);
		if (i % 2)
			ck_assert_str_eq(got.body, "[]");
		else
			ck_assert(client_until(fd[i], &got.body,
					       "\r\n0\r\n\r\n")); /* ended as HTTP ends it */
		ck_assert(!client_more(
			fd[i], &got.body)); /* and nobody is left waiting for a next request */
		close(fd[i]);
	}
	desk_open_as(&desk, BROKER, QUICK);
}
END_TEST

/* Every connection of the server is ended: it makes new ones and nobody is told. */
START_TEST(a_lost_connection_to_the_database)
{
	int fd = client_open();

	get_send(fd, good, "/api/v1/events?after=0&wait=60");
	others_are_served();
	raw_do(stage.raw,
	       "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
	       " and datname = current_database() and backend_type = 'client backend'");
	others_are_served();
	{
		struct err e = { 0 };

		ck_assert_msg(db_again(stage.db, &e), "%s", e.text);
	}
	event_put(stage.raw, "document.released", "K1", 1);
	number_all();
	ck_assert_str_eq(numbers_in(client_read(fd)), "1");
	close(fd);
}
END_TEST

START_TEST(the_database_goes_and_comes_back)
{
	PGconn *beside =
		PQconnectdb(talloc_asprintf(stage.mem, "%s dbname=postgres", stage.conninfo));
	struct got got;
	int stream = client_open();
	char *text = talloc_strdup(stage.mem, "");

	get_send(stream, good, "/api/v1/events/stream");
	ck_assert(client_until(stream, &text, "retry: "));
	raw_do(beside, "alter database vorpost allow_connections false");
	raw_do(stage.raw,
	       "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
	       " and datname = current_database() and backend_type = 'client backend'");
	got = get(good, "/api/v1/events");
	is_problem(got, 503, "database-away", "cannot be reached");
	ck_assert_int_gt(head_number(got, "Retry-After"), 0);
	ck_assert(!strstr(got.body, "FATAL"));
	ck_assert(client_until(stream, &text, ": heartbeat"));
	raw_do(beside, "alter database vorpost allow_connections true");
	PQfinish(beside);
	while (get(good, "/api/v1/events").status == 503)
		usleep(100000);
	others_are_served();
	{
		struct err e = { 0 };

		ck_assert_msg(db_again(stage.db, &e), "%s", e.text);
	}
	event_put(stage.raw, "document.released", "K1", 1);
	number_all();
	ck_assert(client_until(stream, &text, "id: 1\n"));
	close(stream);
	ck_assert_int_ge(desk.told, 2); /* away, and back */
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("hostile");

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, open_all, close_all);
	tcase_add_test(cases, no_http);
	tcase_add_test(cases, a_head_that_means_two_things);
	tcase_add_test(cases, a_head_without_host);
	tcase_add_test(cases, head_lines_without_end);
	tcase_add_test(cases, a_head_that_drips);
	tcase_add_test(cases, a_body_that_drips);
	tcase_add_test(cases, a_body_that_is_too_large);
	tcase_add_test(cases, a_refusal_behind_a_body_is_read);
	tcase_add_test(cases, strangers_send_nothing);
	tcase_add_test(cases, many_that_say_nothing);
	tcase_add_test(cases, gone_in_the_middle);
	tcase_add_test(cases, tokens_that_are_none);
	tcase_add_test(cases, a_wrong_secret_is_as_unknown);
	tcase_add_test(cases, tokens_are_nowhere);
	tcase_add_test(cases, guessing_is_throttled);
	tcase_add_test(cases, stopping_answers_who_waits);
	tcase_add_test(cases, a_lost_connection_to_the_database);
	tcase_add_test(cases, the_database_goes_and_comes_back);
	return run_suite("hostile", cases);
}
