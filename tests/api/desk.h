/*
 * desk.h -- what the tests of the API share: a server in a thread of the test, tokens, and a client that can behave as
 * badly as it likes.
 */
#ifndef TESTS_API_DESK_H
#define TESTS_API_DESK_H

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "api/route.h"
#include "api/server.h"
#include "api/token.h"
#include "base/clock.h"
#include "events/sequence.h"
#include "tests/events/stage.h"

#define GUARD_S 60 /* nothing takes so long; only so that a hanging test ends */

struct desk {
	struct server *server;
	pthread_t thread;
	int port;
	int handed; /* a socket to listen on; 0: it makes its own */
	atomic_bool stop;
	atomic_int told;                         /* how often the server had something to log */
	const struct route_table *const *tables; /* NULL: the feed */
	struct web_conf web;
	void *review;        /* what their handlers stand on */
	const char *uploads; /* folder for large bodies */
};

static struct desk desk;

static inline void desk_tell(void *arg, const char *what, const struct err *why)
{
	(void)arg;
	(void)what;
	(void)why;
	desk.told++;
}

static inline void *desk_run(void *arg)
{
	struct desk *d = arg;

	while (!d->stop)
		server_turn(d->server, 20);
	server_drain(d->server, GUARD_S * 1000);
	return NULL;
}

/* Of another broker, another desk can be opened. */
static inline void desk_open_as(struct desk *d, const char *broker, struct api_limits limits)
{
	struct err e = { 0 };
	static const struct route_table *const tables[] = { &route_feed, NULL };
	struct api_conf conf = { .tables = d->tables ? d->tables : tables,
				 .conninfo = stage.conninfo,
				 .broker = broker,
				 .source = talloc_asprintf(stage.mem, "//vorpost/%s", broker),
				 .limits = limits,
				 .socket = d->handed,
				 .web = d->web,
				 .review = d->review,
				 .uploads = d->uploads,
				 .tell = desk_tell };

	ck_assert_msg(
		server_open(&d->server, d->handed ? SERVER_HANDED : "127.0.0.1:0", &conf, NULL, &e),
		"%s", e.text);
	d->port = atoi(strrchr(server_address(d->server), ':') + 1);
	d->stop = false;
	ck_assert_int_eq(pthread_create(&d->thread, NULL, desk_run, d), 0);
}

static inline void desk_open(void)
{
	desk_open_as(&desk, BROKER, API_LIMITS);
}

/* Also when no test asked for it: whoever waits is answered, and nothing is left open. */
static inline void desk_stop(struct desk *d)
{
	d->stop = true;
	ck_assert_int_eq(pthread_join(d->thread, NULL), 0);
	TALLOC_FREE(d->server);
}

/* Anew, for a test of many who are not slow: on a machine that stands still nobody is cut off. */
static inline void desk_open_patiently(struct api_limits limits)
{
	limits.head_ms = limits.body_ms = limits.send_ms = GUARD_S * 1000;
	desk_stop(&desk);
	desk_open_as(&desk, BROKER, limits);
}

/* ---- tokens ---- */

static inline char *token_of(const char *broker, const char *name, const char *scopes,
			     const char *consumer)
{
	struct err e = { 0 };
	struct token token;
	unsigned bits;

	ck_assert(token_make(&token, &e) && scopes_read(&bits, scopes, &e));
	ck_assert_msg(db_call(stage.db, SQL_token_add, NULL, stage.mem, &e, broker, token.id, name,
			      token.digest, scopes_array(bits, stage.mem), consumer, NULL, "test"),
		      "%s", e.text);
	return talloc_strdup(stage.mem, token.text);
}

static inline char *token_new(const char *scopes, const char *consumer)
{
	static int number;

	return token_of(BROKER, talloc_asprintf(stage.mem, "token%d", number++), scopes, consumer);
}

static inline void number_all(void)
{
	struct err e = { 0 };

	ck_assert_msg(sequence_run(stage.db, BROKER, NULL, &e), "%s", e.text);
	raw_do(stage.raw, "select pg_notify('vorpost_events', '')");
}

/* ---- a client ---- */

struct got {
	int status;
	char *head, *body;
};

static inline int client_open_at(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct timeval guard = { .tv_sec = GUARD_S };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &guard, sizeof guard);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &guard, sizeof guard);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

static inline int client_open(void)
{
	return client_open_at(desk.port);
}

/* False if the server does not take it any more. */
static inline bool client_send(int fd, const char *bytes, size_t len)
{
	for (ssize_t n; len; bytes += n, len -= (size_t)n)
		if ((n = send(fd, bytes, len, MSG_NOSIGNAL)) <= 0)
			return false;
	return true;
}

__attribute__((format(printf, 2, 3))) static inline void client_say(int fd, const char *format, ...)
{
	va_list values;
	char *text;

	va_start(values, format);
	text = talloc_vasprintf(NULL, format, values);
	va_end(values);
	client_send(fd, text, strlen(text));
	talloc_free(text);
}

static inline bool client_more(int fd, char **text)
{
	char block[16384];
	ssize_t n = recv(fd, block, sizeof block - 1, 0);

	ck_assert_msg(n >= 0 || errno == ECONNRESET, "the server is silent: %s", strerror(errno));
	if (n <= 0)
		return false;
	block[n] = '\0';
	*text = talloc_strdup_append_buffer(*text, block);
	return true;
}

/* Until these words came; false if the connection ended before. */
static inline bool client_until(int fd, char **text, const char *words)
{
	while (!strstr(*text, words))
		if (!client_more(fd, text))
			return false;
	return true;
}

static inline char *head_of(const char *head, const char *name)
{
	const char *line = strcasestr(head, talloc_asprintf(stage.mem, "\r\n%s: ", name));

	if (!line)
		return NULL;
	line += strlen(name) + 4;
	return talloc_strndup(stage.mem, line, strcspn(line, "\r"));
}

/* A whole answer; status 0 if the connection ended without one. */
static inline struct got client_read(int fd)
{
	struct got got = { .head = talloc_strdup(stage.mem, "") };
	char *end, *length;

	if (!client_until(fd, &got.head, "\r\n\r\n"))
		return got;
	end = strstr(got.head, "\r\n\r\n") + 4;
	got.body = talloc_strdup(stage.mem, end);
	*end = '\0';
	ck_assert_int_eq(sscanf(got.head, "HTTP/1.1 %d", &got.status), 1);
	length = head_of(got.head, "Content-Length");
	while (length && strlen(got.body) < strtoul(length, NULL, 10))
		if (!client_more(fd, &got.body))
			break;
	return got;
}

static inline void get_send(int fd, const char *token, const char *path)
{
	client_say(fd, "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n",
		   path, token);
}

static inline struct got get_at(int port, const char *token, const char *path)
{
	int fd = client_open_at(port);
	struct got got;

	get_send(fd, token, path);
	got = client_read(fd);
	close(fd);
	return got;
}

static inline struct got get(const char *token, const char *path)
{
	return get_at(desk.port, token, path);
}

static inline struct got post(const char *token, const char *path, const char *heads,
			      const char *body)
{
	int fd = client_open();
	struct got got;

	client_say(
		fd,
		"POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: %zu\r\n%s\r\n%s",
		path, token, strlen(body), heads, body);
	got = client_read(fd);
	close(fd);
	return got;
}

/* ---- what an answer says ---- */

/* Problem details, in words, of this kind and status. */
static inline void is_problem(struct got got, int status, const char *type, const char *words)
{
	json_t *body = json_loads(got.body ? got.body : "", 0, NULL);
	const char *detail = json_string_value(json_object_get(body, "detail"));

	ck_assert_msg(got.status == status, "%d, expected %d: %s", got.status, status, got.body);
	ck_assert_str_eq(head_of(got.head, "Content-Type"), "application/problem+json");
	ck_assert_int_eq(json_integer_value(json_object_get(body, "status")), status);
	ck_assert_str_eq(json_string_value(json_object_get(body, "type")) +
				 strlen("urn:vorpost:problem:"),
			 type);
	ck_assert_msg(detail && strstr(detail, words), "%s", got.body);
	json_decref(body);
}

static inline int64_t number_in(struct got got, const char *member)
{
	json_t *body = json_loads(got.body, 0, NULL);
	int64_t value = json_integer_value(json_object_get(body, member));

	json_decref(body);
	return value;
}

/* "1 2 3": data.no of the events of a batch. */
static inline char *numbers_in(struct got got)
{
	json_t *batch = json_loads(got.body, 0, NULL), *event;
	char *text = talloc_strdup(stage.mem, "");
	size_t i;

	ck_assert_msg(got.status == 200 && json_is_array(batch), "%d %s", got.status, got.body);
	json_array_foreach(batch, i, event) text =
		talloc_asprintf_append(text, "%s%lld", *text ? " " : "",
				       (long long)json_integer_value(json_object_get(
					       json_object_get(event, "data"), "no")));
	json_decref(batch);
	return text;
}

static inline int64_t head_number(struct got got, const char *name)
{
	char *text = head_of(got.head, name);

	ck_assert_msg(text != NULL, "no %s in %s", name, got.head);
	return strtoll(text, NULL, 10);
}

static inline int run_suite(const char *name, TCase *cases)
{
	Suite *suite = suite_create(name);
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, cases);
	tcase_set_timeout(cases, 180);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
