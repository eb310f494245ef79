/* learn_test.c -- stocks whose pictures are known: does the learner find them, and what does it do with numbers that it never saw? */
#include "tests/normalizers/learn_world.h"

/* ---- held-out contracts ---- */

struct measured {
	int asked, right, wrong;
};

/* Spellings that the general rule does not bring home, of contracts that were not learned from. */
static struct measured measure(const struct proposals *all, const struct known *known, int count)
{
	struct measured m = { 0 };

	for (int i = 0; i < count; i++) {
		struct held held = contract_of(known);
		char canonical[KEY_MOST + 1];
		struct cleaned clean;

		clean_number(&clean, held.spelling, strlen(held.spelling));
		if (strcmp(clean.text, held.own) == 0)
			continue;
		m.asked++;
		if (!read_by(all, &clean, canonical))
			continue;
		if (strcmp(canonical, held.own) == 0)
			m.right++;
		else
			m.wrong++;
	}
	return m;
}

static void holds_out(const struct known *known, unsigned noisy)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;
	struct measured m;

	learn_known(l, known, "050", 500, noisy);
	all = learner_propose(l, mem);
	ck_assert_msg(standing(all) > 0, "%s: no proposal%s", known->name, told(all));
	m = measure(all, known, 500);
	printf("%-42s noise %u %%: %d of %d held-out spellings, %d wrong;%s\n", known->name, noisy,
	       m.right, m.asked, m.wrong, told(all));
	ck_assert_int_eq(m.wrong, 0);
	ck_assert_int_gt(m.asked, 50);
	ck_assert_msg(m.right * 100 >= m.asked * 95, "%s: %d of %d%s", known->name, m.right,
		      m.asked, told(all));
}

START_TEST(held_out_spellings_are_read)
{
	holds_out(&knowns[_i], 0);
}
END_TEST

START_TEST(noise_neither_breaks_nor_widens)
{
	holds_out(&knowns[_i], 5);
}
END_TEST

START_TEST(a_shape_without_liberties)
{
	const struct known *known = &shapes[_i];
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;
	char canonical[KEY_MOST + 1];

	learn_known(l, known, "130", 300, 5);
	all = learner_propose(l, mem);
	ck_assert_msg(standing(all) == 1, "%s:%s", known->name, told(all));
	ck_assert_uint_eq(all->items[0]->gained, 0);
	for (int i = 0; i < 100; i++) {
		struct held held = contract_of(known);
		struct cleaned clean;

		clean_number(&clean, held.spelling, strlen(held.spelling));
		ck_assert(read_by(all, &clean, canonical));
		ck_assert_str_eq(canonical, held.own);
	}
}
END_TEST

START_TEST(two_lines_have_pictures_of_their_own)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;

	learn_known(l, &knowns[0], "051", 300, 0);
	learn_known(l, &knowns[6], "130", 300, 0);
	all = learner_propose(l, mem);
	ck_assert_msg(all->count == 2 && standing(all) == 2, "%s", told(all));
	for (size_t i = 0; i < 2; i++) {
		const struct picture *p = &all->items[i]->picture;

		ck_assert_uint_eq(p->line_count, 1);
		ck_assert_str_eq(p->lines[0], strchr(p->drawing, 'A') ? "050" : "130");
		ck_assert(p->drops_zeros == !strchr(p->drawing, 'A'));
	}
}
END_TEST

START_TEST(one_shape_in_two_lines_is_one_picture)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;

	learn_known(l, &knowns[6], "040", 300, 0);
	learn_known(l, &knowns[6], "130", 300, 0);
	all = learner_propose(l, mem);
	ck_assert_msg(all->count == 1 && standing(all) == 1, "%s", told(all));
	ck_assert_uint_eq(all->items[0]->picture.line_count, 2);
}
END_TEST

/* ---- what is shown ---- */

START_TEST(counter_examples_hold_no_numbers)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;

	learn_known(l, &knowns[13], "050", 500, 5);
	all = learner_propose(l, mem);
	for (size_t i = 0; i < all->count; i++) {
		const struct proposal *p = all->items[i];

		for (size_t k = 0; k < p->counter_count; k++) {
			ck_assert_ptr_null(strpbrk(p->counters[k].number, "123456789"));
			ck_assert_ptr_null(strpbrk(p->counters[k].spelling, "123456789"));
		}
	}
	ck_assert_str_eq(spelling_masked("AS-0012 3450/x", NULL, mem), "@@-00## ####/@");
}
END_TEST

/* Two masks may look the same: what differs is said by counts and places. */
START_TEST(counter_examples_say_what_differs)
{
	static const char *const wanted[] = {
		"not read, it has 10 characters, the number 12: the same are the first 10 and the last 0",
		"not read, 2 of its 12 characters differ from the number's, first at place 2",
	};
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;
	bool found[2] = { false, false };

	learn_known(l, &knowns[0], "050", 300, 0);
	learn(l, "050", "AS1234567890", "AS-12345678");
	learn(l, "050", "AS1234567850", "AX-1234567859");
	all = learner_propose(l, mem);
	ck_assert_msg(all->count >= 1, "%s", told(all));
	for (size_t k = 0; k < all->items[0]->counter_count; k++)
		for (int i = 0; i < 2; i++)
			found[i] |= !strcmp(all->items[0]->counters[k].why, wanted[i]);
	ck_assert_msg(found[0] && found[1], "%s", told(all));
}
END_TEST

START_TEST(the_order_of_the_stock_does_not_matter)
{
	struct learner *a = learner_new(NULL, 0, mem), *b = learner_new(NULL, 0, mem);
	struct held held[400];

	for (int i = 0; i < 400; i++)
		held[i] = contract_of(&knowns[13]);
	for (int i = 0; i < 400; i++) {
		learn(a, "050", held[i].own, held[i].spelling);
		learn(b, "050", held[399 - i].own, held[399 - i].spelling);
	}
	ck_assert_str_eq(told(learner_propose(a, mem)), told(learner_propose(b, mem)));
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("found");

	tcase_add_loop_test(tc, held_out_spellings_are_read, 0, KNOWNS);
	tcase_add_loop_test(tc, noise_neither_breaks_nor_widens, 0, KNOWNS);
	tcase_add_loop_test(tc, a_shape_without_liberties, 0, 3);
	tcase_add_test(tc, two_lines_have_pictures_of_their_own);
	tcase_add_test(tc, one_shape_in_two_lines_is_one_picture);
	tcase_add_test(tc, the_order_of_the_stock_does_not_matter);
	tcase_add_test(tc, counter_examples_hold_no_numbers);
	tcase_add_test(tc, counter_examples_say_what_differs);
	return learn_run("learn", tc);
}
