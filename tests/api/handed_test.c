/* A socket that somebody else keeps: clients are served on it, and wait while no server is there. */
#include "tests/api/desk.h"

static int listening(uint32_t address)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(address) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	ck_assert_int_eq(listen(fd, 8), 0);
	return fd;
}

static int port_of(int fd)
{
	struct sockaddr_in at;
	socklen_t len = sizeof at;

	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	return ntohs(at.sin_port);
}

START_TEST(who_comes_between_two_servers_waits)
{
	int first, between, port;

	desk.handed = listening(INADDR_LOOPBACK);
	port = port_of(desk.handed);
	desk_open();
	ck_assert_int_eq(desk.port, port);
	first = client_open_at(port);
	client_say(first, "GET /api/v1/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");
	ck_assert_int_eq(client_read(first).status, 404);
	desk_stop(&desk);

	between = client_open_at(port);
	client_say(between, "GET /api/v1/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");
	desk_open();
	ck_assert_int_eq(client_read(between).status, 404);
	desk_stop(&desk);
	close(first);
	close(between);
	close(desk.handed);
}
END_TEST

static void refused(int handed, const char *words)
{
	static const struct route_table *const tables[] = { NULL };
	struct api_conf conf = { .tables = tables,
				 .conninfo = stage.conninfo,
				 .broker = BROKER,
				 .limits = API_LIMITS,
				 .socket = handed,
				 .tell = desk_tell };
	struct server *server;
	struct err e = { 0 };

	ck_assert(!server_open(&server, SERVER_HANDED, &conf, stage.mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_msg(strstr(e.text, words), "%s", e.text);
}

START_TEST(what_is_of_no_use_is_refused)
{
	int everywhere = listening(INADDR_ANY), local[2];

	refused(everywhere, "at 0.0.0.0");
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, local), 0);
	refused(local[0], "at no address");
	refused(-1, "no socket was handed over");
	close(everywhere);
	close(local[0]);
	close(local[1]);
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("handed");

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, stage_open, stage_close);
	tcase_add_test(cases, who_comes_between_two_servers_waits);
	tcase_add_test(cases, what_is_of_no_use_is_refused);
	return run_suite("handed", cases);
}
