/* poll_test.c -- `vorpost poll --once` where nothing can be fetched: what it says, its exit codes, and being stopped. */
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include "program.h"

static int listener(int *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	ck_assert_int_eq(listen(fd, 8), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &size), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

START_TEST(a_connection_that_is_not_there)
{
	program_gives(66, "poll --once --connection nope");
	program_says(err, "there is no connection 'nope'");
	program_gives(0, "poll --once");
}
END_TEST

START_TEST(a_connection_that_is_paused)
{
	connection_made("west", 1);
	program_gives(0, "connection pause west --reason move");
	program_gives(75, "poll --once --connection west");
	program_says(err, "paused (move)");
	program_gives(0, "poll --once"); /* all the others are done */
}
END_TEST

START_TEST(a_connection_that_another_worker_holds)
{
	connection_made("west", 1);
	program_sql("update connection set lease_owner = 'elsewhere',"
		    " lease_until = now() + interval '50 seconds'");
	program_gives(75, "poll --once --connection west");
	program_says(err, "held by another worker");
}
END_TEST

/* Told once, and the command comes to its end: nothing could be done now. */
START_TEST(an_insurer_who_wants_to_be_left_alone)
{
	connection_made("west", 1);
	connection_made("east", 1);
	program_sql("delete from throttle_slot; delete from throttle;"
		    "insert into throttle (issuer, parallel_most, allowed, blocked_until) "
		    "values ('north', 5, 2, now() + interval '1 hour');"
		    "insert into throttle_slot (issuer, slot) values ('north', 1), ('north', 2)");
	program_gives(75, "poll --once --workers 2");
	program_says(err, "west: 0 listed");
	ck_assert_ptr_null(strstr(strstr(program.err, "west: ") + 1, "west: "));
	program_says(out, "of his Retry-After");
	program_says(out, "2 connections");
	program_gives(75, "poll --once --connection west"); /* a new round asks anew */
	program_says(out, "of his Retry-After");
	program_gives(0, "connection resume west");
	program_says(out,
		     "insurer north is asked again at once; he wanted to be left alone until 2");
	ck_assert_str_eq(program_sql("select blocked_until from throttle"), "");
	program_gives(0, "connection resume west");
	ck_assert_str_eq(program.out, "");
}
END_TEST

static const int stops[] = { SIGTERM, SIGINT };

/* The insurer has taken the request and thinks: the worker is told, waited for, and what it came to is shown. */
START_TEST(stopped_while_an_insurer_thinks)
{
	int port, fd = listener(&port), peer, status, reached;
	struct pollfd from = { .fd = fd, .events = POLLIN };
	pid_t pid;

	connection_made("west", port);
	pid = program_start("poll --once --allow-plain");
	peer = accept(fd, NULL, NULL);
	ck_assert_int_ge(peer, 0);
	kill(pid, stops[_i]);
	ck_assert_int_eq(waitpid(pid, &status, WNOHANG), 0);
	close(peer);
	while ((reached = waitpid(pid, &status, WNOHANG)) == 0)
		if (poll(&from, 1, 50) == 1) /* whoever asks again learns nothing */
			close(accept(fd, NULL, NULL));
	ck_assert_int_eq(reached, pid);
	ck_assert_int_eq(program_said(status), 75);
	program_says(out, "round complete: 1 connections");
	program_says(err, "stopped before the round was complete");
	ck_assert_str_eq(
		program_sql("select count(*) from connection where lease_owner is not null"), "0");
	close(fd);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("poll");

	tcase_add_test(tc, a_connection_that_is_not_there);
	tcase_add_test(tc, a_connection_that_is_paused);
	tcase_add_test(tc, a_connection_that_another_worker_holds);
	tcase_add_loop_test(tc, stopped_while_an_insurer_thinks, 0, 2);
	tcase_add_test(tc, an_insurer_who_wants_to_be_left_alone);
	return program_cases(suite_create("poll"), tc);
}
