/* A lease's holder is called dead only if that is certain. */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/holder.h"

static TALLOC_CTX *mem;

static void open_mem(void)
{
	mem = talloc_new(NULL);
}

static void close_mem(void)
{
	talloc_free(mem);
}

/* This process's text with its last three parts replaced. */
static char *here_with(const char *parts)
{
	char *self = holder_self(mem);

	for (int i = 0; i < 3; i++)
		*strrchr(self, '/') = '\0';
	return talloc_asprintf(mem, "%s/%s", self, parts);
}

static const char *const unknown[] = {
	"", "/", "rubbish", "elsewhere/boot/pid:[1]/1/1/uuid", "/boot/pid:[1]/999999/1/uuid",
};

START_TEST(not_known_is_not_dead)
{
	ck_assert(!holder_dead(unknown[_i]));
}
END_TEST

START_TEST(unreadable_is_not_dead)
{
	static const char *const parts[] = { "", "x/y/z", "999999", "999999/x/uuid" };

	ck_assert(!holder_dead(here_with(parts[_i])));
}
END_TEST

START_TEST(the_living_are_not_dead)
{
	char *self = holder_self(mem);

	ck_assert(!holder_dead(self));
	ck_assert_str_ne(self, holder_self(mem)); /* two couriers of one process are two */
}
END_TEST

/* The number is taken, but by a process that started at another time. */
START_TEST(a_number_used_again_is_dead)
{
	ck_assert(holder_dead(here_with(talloc_asprintf(mem, "%d/1/uuid", (int)getpid()))));
}
END_TEST

START_TEST(a_killed_child_is_dead_before_and_after_it_is_reaped)
{
	int out[2];
	char text[512] = "";
	pid_t child;

	ck_assert_int_eq(pipe(out), 0);
	child = fork();
	if (child == 0) {
		char *self = holder_self(mem);

		_exit(write(out[1], self, strlen(self)) < 0 || pause());
	}
	ck_assert_int_gt(read(out[0], text, sizeof text - 1), 0);
	ck_assert(!holder_dead(text));
	kill(child, SIGKILL);
	while (!holder_dead(text)) /* a zombie holds nothing */
		usleep(1000);
	waitpid(child, NULL, 0);
	ck_assert(holder_dead(text));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("holder");
	TCase *cases = tcase_create("holder");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(cases, open_mem, close_mem);
	tcase_add_loop_test(cases, not_known_is_not_dead, 0,
			    (int)(sizeof unknown / sizeof *unknown));
	tcase_add_loop_test(cases, unreadable_is_not_dead, 0, 4);
	tcase_add_test(cases, the_living_are_not_dead);
	tcase_add_test(cases, a_number_used_again_is_dead);
	tcase_add_test(cases, a_killed_child_is_dead_before_and_after_it_is_reaped);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
