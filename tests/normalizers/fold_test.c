/* fold_test.c -- all forms of the fold do the same, whatever they are given, and touch nothing beyond their room. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "normalizers/fold.h"

#define BEYOND 8 /* bytes around the room that must stay as they are */

typedef bool fold_form(struct folded *out, const char *text, size_t len);

static bool fold_into(fold_form *form, char room[BEYOND + FOLD_ROOM + BEYOND], struct folded *out,
		      const char *spelling, size_t len)
{
	char exact[FOLD_MOST + 1],
		*last = exact + sizeof(exact) - len; /* a byte read too far is seen */
	bool folded;

	memcpy(last, spelling, len);
	memset(room, '#', BEYOND + FOLD_ROOM + BEYOND);
	*out = (struct folded){ .text = room + BEYOND };
	folded = form(out, last, len);
	for (int i = 0; i < BEYOND; i++)
		if (room[i] != '#' || room[BEYOND + FOLD_ROOM + i] != '#')
			ck_abort_msg("written beyond the room");
	return folded;
}

static void same(fold_form *form, const char *spelling, size_t len, bool refused,
		 const struct folded *simple)
{
	char room[BEYOND + FOLD_ROOM + BEYOND];
	struct folded out;

	if (fold_into(form, room, &out, spelling, len) == refused)
		ck_abort_msg("one of them refuses \"%.*s\"", (int)len, spelling);
	if (!refused && (out.len != simple->len || out.first != simple->first ||
			 out.gaps != simple->gaps || strcmp(out.text, simple->text) != 0))
		ck_abort_msg("\"%.*s\": %s and %s", (int)len, spelling, out.text, simple->text);
}

static void all_forms(const char *spelling, size_t len)
{
	char room[BEYOND + FOLD_ROOM + BEYOND];
	struct folded simple;
	bool refused = !fold_into(fold_simple, room, &simple, spelling, len);

	same(fold_runs, spelling, len, refused, &simple);
	same(fold_quick, spelling, len, refused, &simple);
}

/* Every byte at every place of every length. */
START_TEST(every_byte)
{
	char spelling[FOLD_MOST + 2];

	for (size_t len = 1; len <= FOLD_MOST + 1; len++)
		for (size_t at = 0; at < len; at++)
			for (int byte = 0; byte < 256; byte++) {
				memset(spelling, at % 2 ? 'x' : '7', sizeof(spelling));
				spelling[at] = (char)byte;
				all_forms(spelling, len);
			}
}
END_TEST

/* What is kept, what is a separator, and what is refused, in any order. */
START_TEST(any_order)
{
	static const char often[] = "0123456789abcXYZ -./-./ _*():;,";
	struct dice dice = { 20261122 };
	char spelling[FOLD_MOST + 2];

	for (int round = 0; round < 100000; round++) {
		size_t len = dice_throw(&dice, FOLD_MOST + 2);

		for (size_t i = 0; i < len; i++)
			spelling[i] = dice_throw(&dice, 500)
					      ? often[dice_throw(&dice, sizeof(often) - 1)]
					      : (char)dice_throw(&dice, 256);
		all_forms(spelling, len);
	}
}
END_TEST

START_TEST(what_comes_out)
{
	char room[BEYOND + FOLD_ROOM + BEYOND];
	fold_form *const forms[] = { fold_simple, fold_runs, fold_quick };
	struct folded out;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		ck_assert(fold_into(forms[i], room, &out, "--2-gk..12.345.678-9 ", 21));
		ck_assert_str_eq(out.text, "2GK123456789");
		ck_assert_uint_eq(out.gaps, 1u << 1 | 1u << 3 | 1u << 5 | 1u << 8 | 1u << 11);
		ck_assert(fold_into(forms[i], room, &out, "- - - - - -", 11));
		ck_assert_uint_eq(out.len, 0);
		ck_assert_uint_eq(out.first, 11);
		ck_assert(!fold_into(forms[i], room, &out, "12345678+9", 10));
		ck_assert(!fold_into(forms[i], room, &out, "123456789012345678901234567890123456",
				     36));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fold");
	TCase *t = tcase_create("fold");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, t);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, every_byte);
	tcase_add_test(t, any_order);
	tcase_add_test(t, what_comes_out);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
