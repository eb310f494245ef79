/* wake_test.c -- a poke arrives, counts once, and never holds up who pokes. */
#include "base/wake.h"

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/role.h"

static TALLOC_CTX *mem;
static char folder[64];
static struct err e;

static void open_all(void)
{
	mem = talloc_new(NULL);
	e = (struct err){ 0 };
	strcpy(folder, "/tmp/vorpost-wake-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void close_all(void)
{
	char command[128];

	talloc_free(mem);
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static struct wake *listener(void)
{
	struct wake *wake = wake_listen(folder, mem, &e);

	ck_assert_msg(wake != NULL, "%s", e.text);
	return wake;
}

static bool poked(const struct wake *wake)
{
	struct pollfd look = { wake_fd(wake), POLLIN, 0 };

	return poll(&look, 1, 0) > 0;
}

START_TEST(a_poke_wakes)
{
	struct wake *wake = listener();

	ck_assert(!poked(wake));
	wake_poke(folder);
	ck_assert(poked(wake));
	ck_assert(wake_wait(wake, 60000)); /* the test's time limit is shorter */
	ck_assert(!poked(wake));
}
END_TEST

START_TEST(many_pokes_are_one)
{
	struct wake *wake = listener();

	for (int i = 0; i < 5; i++)
		wake_poke(folder);
	ck_assert(wake_wait(wake, 60000));
	ck_assert(!poked(wake));
	ck_assert(wake_wait(wake, 1)); /* and then time passes */
}
END_TEST

START_TEST(nobody_listens)
{
	wake_poke(folder);
	wake_poke("/nonexistent/folder");
	ck_assert(wake_wait(NULL, 1));
}
END_TEST

/* Far more than a socket holds, and nobody reads. */
START_TEST(a_full_socket_holds_nobody_up)
{
	struct wake *wake = listener();

	for (int i = 0; i < 5000; i++)
		wake_poke(folder);
	ck_assert(poked(wake));
	ck_assert(wake_wait(wake, 60000));
	ck_assert(!poked(wake));
}
END_TEST

static void die_listening(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		wake_listen(folder, NULL, NULL);
		raise(SIGKILL);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
}

START_TEST(a_dead_listener_is_replaced)
{
	struct wake *wake;

	die_listening();
	wake_poke(folder); /* at what it left behind */
	wake = listener();
	wake_poke(folder);
	ck_assert(poked(wake));
}
END_TEST

/* A forked child that ends must not take the name away. */
START_TEST(a_child_leaves_the_name)
{
	struct wake *wake = listener();
	pid_t child = fork();
	int status;

	if (child == 0) {
		talloc_free(wake);
		_exit(0);
	}
	waitpid(child, &status, 0);
	wake_poke(folder);
	ck_assert(poked(wake));
}
END_TEST

START_TEST(a_folder_with_a_long_name)
{
	char *deep = talloc_strdup(mem, folder);
	struct wake *wake;

	for (int i = 0; i < 3; i++) {
		deep = talloc_asprintf(mem, "%s/%0100d", deep, i);
		ck_assert_int_eq(mkdir(deep, 0700), 0);
	}
	wake = wake_listen(deep, mem, &e);
	ck_assert_msg(wake != NULL, "%s", e.text);
	wake_poke(deep);
	ck_assert(poked(wake));
}
END_TEST

START_TEST(where_no_socket_can_be)
{
	char *in_the_way = talloc_asprintf(mem, "%s/wake", folder);

	ck_assert_ptr_null(wake_listen("/nonexistent/folder", mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	err_clear(&e);
	ck_assert_int_eq(mkdir(in_the_way, 0700), 0);
	ck_assert_ptr_null(wake_listen(folder, mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	wake_poke(folder);
	ck_assert_int_eq(rmdir(in_the_way), 0);
}
END_TEST

START_TEST(being_told_to_stop_ends_the_wait)
{
	struct wake *wake = listener();

	role_signals();
	raise(SIGTERM);
	ck_assert(!wake_wait(wake, 60000));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wake");
	TCase *tc = tcase_create("wake");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, a_poke_wakes);
	tcase_add_test(tc, many_pokes_are_one);
	tcase_add_test(tc, nobody_listens);
	tcase_add_test(tc, a_full_socket_holds_nobody_up);
	tcase_add_test(tc, a_dead_listener_is_replaced);
	tcase_add_test(tc, a_child_leaves_the_name);
	tcase_add_test(tc, a_folder_with_a_long_name);
	tcase_add_test(tc, where_no_socket_can_be);
	tcase_add_test(tc, being_told_to_stop_ends_the_wait);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
