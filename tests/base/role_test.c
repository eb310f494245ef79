#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/role.h"

/* What the roles leave behind for the test to see, shared with all of them. */
static struct seen {
	volatile int starts, drained;
	volatile pid_t worker;
} * seen;

static void setup(void)
{
	log_level_set(LOG_AT_ERROR + 1);
	seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(seen, MAP_FAILED);
}

static int dies_at_once(void *arg)
{
	(void)arg;
	seen->starts++;
	return EX_SOFTWARE;
}

static int works_until_told(void *arg)
{
	(void)arg;
	seen->worker = getpid();
	seen->starts++;
	while (role_sleep_ms(50))
		;
	seen->drained++;
	return EX_OK;
}

static pid_t supervise(int (*run)(void *))
{
	pid_t pid = fork();

	if (pid == 0) {
		struct role role = { "test", run, NULL };

		_exit(roles_supervise(&role, 1, NULL, NULL));
	}
	return pid;
}

/* Until it holds, at most a minute: a bound against hanging, not a measure. */
static bool eventually(bool (*holds)(void))
{
	for (int i = 0; i < 6000 && !holds(); i++)
		usleep(10000);
	return holds();
}

static bool started(void)
{
	return seen->starts >= 1;
}

static bool started_again(void)
{
	return seen->starts >= 2;
}

static bool worker_gone(void)
{
	return kill(seen->worker, 0) != 0;
}

static int end_of(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(a_role_that_ends_is_started_again)
{
	pid_t pid = supervise(dies_at_once);

	ck_assert(eventually(started_again));
	kill(pid, SIGTERM);
	ck_assert_int_eq(end_of(pid), EX_OK);
}
END_TEST

START_TEST(sigterm_drains_the_roles)
{
	pid_t pid = supervise(works_until_told);

	ck_assert(eventually(started));
	kill(pid, SIGTERM);
	ck_assert_int_eq(end_of(pid), EX_OK);
	ck_assert_int_eq(seen->drained, 1);
}
END_TEST

START_TEST(a_killed_supervisor_leaves_no_role)
{
	pid_t pid = supervise(works_until_told);

	ck_assert(eventually(started));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ck_assert(eventually(worker_gone));
}
END_TEST

START_TEST(sleep_ends_when_told_to_stop)
{
	int64_t before = clock_monotonic_ms();
	struct sigaction old;

	sigaction(SIGTERM, NULL, &old);
	role_signals();
	ck_assert(!role_stopping());
	raise(SIGTERM);
	ck_assert(role_stopping());
	ck_assert(!role_sleep_ms(60000));
	ck_assert_int_lt(clock_monotonic_ms() - before, 30000); /* it did not sleep it out */
	sigaction(SIGTERM, &old, NULL);
}
END_TEST

/* As systemd starts a daemon: the descriptors from 3 on, the number of them and whose they are in the environment. What it
 * got goes back as the exit code: 0 a socket, 1 none, 2 refused, 3 it would go on to programs that are started. */
static int handed_over(int family, int type, bool listens, const char *count, bool to_other)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct err e = { 0 };
		char text[16];
		int fd = socket(family, type, 0);

		if (listens)
			listen(fd, 1);
		dup2(fd, 3);
		if (fd != 3)
			close(fd);
		snprintf(text, sizeof text, "%d", to_other ? 1 : (int)getpid());
		setenv("LISTEN_PID", text, 1);
		setenv("LISTEN_FDS", count, 1);
		if (!role_socket(&fd, &e))
			_exit(e.kind == ERR_SETUP && fd < 0 ? 2 : 9);
		if (fd < 0)
			_exit(1);
		_exit(fd == 3 && fcntl(fd, F_GETFD) & FD_CLOEXEC && !getenv("LISTEN_FDS") ? 0 : 3);
	}
	return end_of(pid);
}

START_TEST(a_socket_of_systemd)
{
	ck_assert_int_eq(handed_over(AF_INET, SOCK_STREAM, true, "1", false), 0);
	ck_assert_int_eq(handed_over(AF_INET, SOCK_STREAM, true, "1", true), 1);
	ck_assert_int_eq(handed_over(AF_INET, SOCK_STREAM, true, "0", false), 2);
	ck_assert_int_eq(handed_over(AF_INET, SOCK_STREAM, false, "1", false), 2);
	ck_assert_int_eq(handed_over(AF_INET, SOCK_DGRAM, false, "1", false), 2);
	ck_assert_int_eq(handed_over(AF_INET, SOCK_STREAM, true, "2", false), 2);
	ck_assert_int_eq(handed_over(AF_INET, SOCK_STREAM, true, "many", false), 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base/role");
	TCase *tcase = tcase_create("role");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, a_role_that_ends_is_started_again);
	tcase_add_test(tcase, sigterm_drains_the_roles);
	tcase_add_test(tcase, a_killed_supervisor_leaves_no_role);
	tcase_add_test(tcase, a_socket_of_systemd);
	tcase_add_test(tcase, sleep_ends_when_told_to_stop);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
