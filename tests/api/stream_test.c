/* Server-sent events: order, going on where it broke off, heartbeats, readers that stop reading. */
#include "tests/api/desk.h"

#define QUICK                                                                                      \
	(struct api_limits)                                                                        \
	{                                                                                          \
		.connections = 700, .head_ms = 5000, .body_ms = 5000, .send_ms = 2000,             \
		.heartbeat_ms = 300, .poll_ms = 200, .wrong_tokens = 5                             \
	}

#define FOR_CUSTOMER "document.released"
#define FOR_BROKER   "document.unmatched"

static char *good;

static void open_all(void)
{
	stage_open();
	desk_open_as(&desk, BROKER, QUICK);
	good = token_new("events", NULL);
}

static void close_all(void)
{
	desk_stop(&desk);
	stage_close();
}

static int stream_open(const char *path, const char *more)
{
	int fd = client_open();

	client_say(fd, "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n",
		   path, good, more);
	return fd;
}

START_TEST(events_flow)
{
	int fd = stream_open("/api/v1/events/stream", "");
	char *text = talloc_strdup(stage.mem, "");

	ck_assert(client_until(fd, &text, "retry: 2000\n\n"));
	ck_assert(strstr(text, "Content-Type: text/event-stream"));
	event_put(stage.raw, FOR_CUSTOMER, "K1", 1);
	event_put(stage.raw, FOR_BROKER, "K1", 2);
	event_put(stage.raw, FOR_CUSTOMER, "K1", 3);
	number_all();
	ck_assert(client_until(fd, &text, "\"no\":3"));
	ck_assert(strstr(text, "id: 1\nevent: " FOR_CUSTOMER "\ndata: {\"specversion\":\"1.0\""));
	ck_assert(!strstr(text, "\"no\":2"));
	close(fd);
}
END_TEST

START_TEST(it_goes_on_behind_the_last_id)
{
	char *text = talloc_strdup(stage.mem, "");
	int fd;

	for (int i = 1; i <= 4; i++)
		event_put(stage.raw, FOR_CUSTOMER, "K1", i);
	number_all();
	fd = stream_open("/api/v1/events/stream?after=start", "Last-Event-ID: 2\r\n");
	ck_assert(client_until(fd, &text, "\"no\":4"));
	ck_assert(strstr(text, "\"no\":3") && !strstr(text, "\"no\":2"));
	close(fd);
	fd = stream_open("/api/v1/events/stream", "Last-Event-ID: x\r\n");
	is_problem(client_read(fd), 400, "argument", "Last-Event-ID");
	close(fd);
	fd = stream_open("/api/v1/events/stream", "Last-Event-ID: 5\r\n");
	is_problem(client_read(fd), 409, "cursor-ahead", "the last event is 4");
	close(fd);
}
END_TEST

/* Or a reconnect would read all of it again. */
START_TEST(a_heartbeat_passes_other_types)
{
	char *text = talloc_strdup(stage.mem, "");
	int fd;

	for (int i = 1; i <= 3; i++)
		event_put(stage.raw, FOR_BROKER, "K1", i);
	number_all();
	fd = stream_open("/api/v1/events/stream?after=0", "");
	ck_assert(client_until(fd, &text, ": heartbeat\nid: 3\n\n"));
	close(fd);
}
END_TEST

START_TEST(a_revoked_token_ends_it)
{
	int fd = stream_open("/api/v1/events/stream", "");
	char *text = talloc_strdup(stage.mem, "");

	ck_assert(client_until(fd, &text, "retry: "));
	raw_do(stage.raw, "update api_token set revoked_at = now()");
	ck_assert(client_until(fd, &text, "\r\n0\r\n\r\n"));
	close(fd);
}
END_TEST

/* 20 MB for a client that takes none of it: the server holds one page, cuts it, and others go on. */
START_TEST(a_reader_that_stops_reading)
{
	int small = 256 << 10,
	    fd = client_open(); /* less than a segment of loopback would drain for minutes */
	char *text = talloc_strdup(stage.mem, "");

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	raw_do(stage.raw,
	       "insert into event (broker, id, aggregatetype, aggregateid, type, payload)"
	       " select '" BROKER "', gen_random_uuid(), 'customer', 'K1', '" FOR_CUSTOMER "',"
	       " jsonb_build_object('no', n, 'fill', repeat('x', 20000)) from generate_series(1, 1000) n");
	number_all();
	client_say(
		fd,
		"GET /api/v1/events/stream?after=0 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n",
		good);
	ck_assert(client_until(fd, &text, "data: "));
	ck_assert_int_eq(get(good, "/api/v1/events?limit=1").status, 200);
	while (strcmp(raw_value(stage.raw,
				"select count(*) from pg_stat_activity where state <> 'idle'"
				" and pid <> pg_backend_pid() and backend_type = 'client backend'"),
		      "0") != 0)
		usleep(1000); /* once it is stuck it holds nothing at the database */
	while (server_connections(desk.server) > 0)
		usleep(10000);
	while (client_more(fd, &text))
		;
	ck_assert(!strstr(text, "\"no\":1000,"));
	close(fd);
}
END_TEST

/* Neither a hint nor a look of the server's own: it learns of the event from a request that comes later. */
START_TEST(who_waits_hears_what_another_asked)
{
	char *text = talloc_strdup(stage.mem, "");
	struct api_limits limits = QUICK;
	int fd;

	desk_stop(&desk);
	limits.heartbeat_ms = limits.poll_ms = 3600 * 1000;
	desk_open_as(&desk, BROKER, limits);
	fd = stream_open("/api/v1/events/stream?after=0", "");
	ck_assert(client_until(fd, &text, "retry: "));
	while (strcmp(raw_value(stage.raw, "select count(pg_terminate_backend(pid)) from"
					   " pg_stat_activity where query like 'listen%'"),
		      "0") == 0)
		usleep(1000); /* until it listens */
	event_put(stage.raw, FOR_CUSTOMER, "K1", 1);
	number_all();
	ck_assert(strstr(get(good, "/api/v1/events?after=0").body, "\"no\":1"));
	ck_assert(client_until(fd, &text, "\"no\":1"));
	close(fd);
}
END_TEST

#define MANY 500

/* Half wait, half stream; one event; all hear of it, with one look-up for each kind. */
START_TEST(five_hundred_wait)
{
	static int fd[MANY];

	desk_open_patiently(QUICK);
	for (int i = 0; i < MANY; i++) {
		fd[i] = client_open();
		get_send(fd[i], good,
			 i % 2 ? "/api/v1/events?after=0&wait=60"
			       : "/api/v1/events/stream?after=0");
	}
	while (server_connections(desk.server) < MANY)
		usleep(1000);
	while (atoi(raw_value(stage.raw,
			      "select count(*) from pg_stat_activity where backend_type ="
			      " 'client backend' and pid <> pg_backend_pid()")) > 3)
		usleep(10000); /* ours, the server's, and the one that listens; those of before go in time */
	event_put(stage.raw, FOR_CUSTOMER, "K1", 1);
	number_all();
	for (int i = 0; i < MANY; i++) {
		char *text = talloc_strdup(stage.mem, "");

		ck_assert(client_until(fd[i], &text, "\"no\":1"));
		close(fd[i]);
	}
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("stream");

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, open_all, close_all);
	tcase_add_test(cases, a_reader_that_stops_reading);
	tcase_add_test(cases, who_waits_hears_what_another_asked);
	tcase_add_test(cases, five_hundred_wait);
	tcase_add_test(cases, a_revoked_token_ends_it);
	tcase_add_test(cases, a_heartbeat_passes_other_types);
	tcase_add_test(cases, it_goes_on_behind_the_last_id);
	tcase_add_test(cases, events_flow);
	return run_suite("stream", cases);
}
