/* What lies one slip of the pen from a key. */
#include "normalizers/neighbour.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "normalizers/clean.h" /* KEY_MOST */
#include "tests/normalizers/dice.h"

struct wish {
	const char *key;
	bool found;
};

static void look_for(void *self, const char *key, enum neighbour how)
{
	struct wish *wish = self;

	(void)how;
	wish->found |= !strcmp(key, wish->key);
}

START_TEST(every_neighbour_is_there)
{
	static const char *const keys[] = { "1234567", "2134567",  "123567",  "12345678", "1X34567",
					    "123456",  "A1234567", "1234576", "AB1234567" };

	for (size_t i = 1; i < sizeof keys / sizeof *keys; i++) {
		struct wish wish = { keys[i], false };

		neighbours_of(keys[0], true, look_for, &wish);
		ck_assert_msg(wish.found, "%s", keys[i]);
	}
}
END_TEST

START_TEST(and_nothing_else)
{
	static const char *const keys[] = { "1234567", "1234576X", "3214567", "1234" };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct wish wish = { keys[i], false };

		neighbours_of("1234567", true, look_for, &wish);
		ck_assert_msg(!wish.found, "%s", keys[i]);
	}
	struct wish shorter = { "123", false };
	neighbours_of("1234", true, look_for, &shorter);
	ck_assert(!shorter.found);
}
END_TEST

/* The longest key there is must not write past anything. */
START_TEST(at_the_limit)
{
	char longest[KEY_MOST + 1];
	struct wish wish = { "nothing", false };

	memset(longest, '7', KEY_MOST);
	longest[KEY_MOST] = '\0';
	neighbours_of(longest, true, look_for, &wish);
	ck_assert(!wish.found);
}
END_TEST

static void both_agree(void *self, const char *name, enum neighbour how)
{
	const char *key = self;
	enum neighbour said;

	if (!strcmp(key, name))
		return; /* a letter put in front of itself and the like */
	ck_assert_msg(neighbour_is(&said, key, name), "%s of %s", name, key);
	ck_assert_msg(said == how, "%s of %s: %d, not %d", name, key, (int)said, (int)how);
}

/* Of a small alphabet, so that many pairs are near: what one says, the other says. */
START_TEST(to_list_and_to_ask_is_the_same)
{
	struct dice d = { 4 };
	int near = 0;

	for (int i = 0; i < 20000; i++) {
		char key[KEY_MOST + 1], name[KEY_MOST + 1];
		struct wish wish = { name, false };
		enum neighbour how;

		dice_key(key, dice_throw(&d, 9), "01A", &d);
		dice_key(name, dice_throw(&d, 9), "01A", &d);
		if (i % 100 == 0)
			neighbours_of(key, true, both_agree, key);
		neighbours_of(key, true, look_for, &wish);
		wish.found &= strcmp(key, name) != 0;
		ck_assert_msg(neighbour_is(&how, key, name) == wish.found, "%s of %s", name, key);
		near += wish.found;
	}
	ck_assert_int_gt(near, 30);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("neighbour");
	TCase *tc = tcase_create("neighbour");
	SRunner *runner;
	int failed;

	tcase_add_test(tc, every_neighbour_is_there);
	tcase_add_test(tc, and_nothing_else);
	tcase_add_test(tc, at_the_limit);
	tcase_add_test(tc, to_list_and_to_ask_is_the_same);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
