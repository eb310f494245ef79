/* learn_none_test.c -- where the learner must propose nothing, or no more than stands already. */
#include "tests/normalizers/learn_world.h"

/* ---- no proposal ---- */

START_TEST(random_numbers_have_no_picture)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;

	for (int i = 0; i < 2000; i++) {
		const char *kind = percent(50) ? "##################" : "@#@@##@#@###@@@##@";

		learn(l, "050", invented(kind + random_below(12)),
		      invented(kind + random_below(12)));
	}
	all = learner_propose(l, mem);
	ck_assert_msg(standing(all) == 0, "%s", told(all));
}
END_TEST

START_TEST(unrelated_pairs_have_no_picture)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;

	for (int i = 0; i < 1000; i++)
		learn(l, "050", invented("##########"), invented("#########"));
	all = learner_propose(l, mem);
	ck_assert_msg(all->count == 0, "%s", told(all));
}
END_TEST

START_TEST(small_samples_have_no_picture)
{
	for (int k = 0; k < KNOWNS; k++) {
		struct learner *l = learner_new(NULL, 0, mem);

		learn_known(l, &knowns[k], "050", LEARN_SUPPORT - 1, 0);
		ck_assert_uint_eq(learner_propose(l, mem)->count, 0);
	}
}
END_TEST

START_TEST(one_number_many_times_is_one)
{
	struct learner *l = learner_new(NULL, 0, mem);

	for (int i = 0; i < 1000; i++)
		learn(l, "050", "AS1234567890", "1234567890");
	ck_assert_uint_eq(learner_propose(l, mem)->count, 0);
}
END_TEST

START_TEST(nothing_at_all)
{
	struct learner *l = learner_new(NULL, 0, mem);

	ck_assert_uint_eq(learner_propose(l, mem)->count, 0);
	learner_add(l, &(struct learn_contract){ .id = "x" });
	learner_add(l, &(struct learn_contract){ .number = "000000" });
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		for (int k = 0; k < 40; k++)
			learn(l, hostile[i], hostile[i], hostile[(i + 1) % 18]);
	}
	ck_assert_uint_eq(learner_propose(l, mem)->count, 0);
}
END_TEST

/* ---- what may not be put back, taken off, or joined ---- */

START_TEST(letters_with_a_rival_are_not_put_back)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct known other = {
		"", "AT##########", { { WAY_FRONT_LOST, NULL, 2, 30 } }, "xx-xxxxxxxxxx"
	};
	const struct proposals *all;
	char canonical[KEY_MOST + 1];
	struct cleaned clean;

	learn_known(l, &knowns[0], "050", 300, 0);
	learn_known(l, &other, "050", 100, 0);
	all = learner_propose(l, mem);
	clean_number(&clean, "1234567890", 10);
	ck_assert_msg(!read_by(all, &clean, canonical), "%s", told(all));
}
END_TEST

START_TEST(letters_of_another_line_are_rivals)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;
	char canonical[KEY_MOST + 1];
	struct cleaned clean;

	learn_known(l, &knowns[0], "050", 300, 0);
	for (int i = 0; i < 15; i++) /* too few to learn from */
		learn(l, "130", invented("HV##########"), "");
	all = learner_propose(l, mem);
	clean_number(&clean, "1234567890", 10);
	ck_assert_msg(!read_by(all, &clean, canonical), "%s", told(all));
}
END_TEST

START_TEST(each_line_may_leave_out_its_own_letters)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct known other = {
		"", "HV##########", { { WAY_FRONT_LOST, NULL, 2, 30 } }, "xx-xxxxxxxxxx"
	};
	const struct proposals *all;

	learn_known(l, &knowns[0], "050", 300, 0);
	learn_known(l, &other, "130", 300, 0);
	all = learner_propose(l, mem);
	ck_assert_msg(all->count == 2 && standing(all) == 2, "%s", told(all));
	ck_assert_str_eq(all->items[0]->picture.drawing[1] == 'A' ? "050" : "130",
			 all->items[0]->picture.lines[0]);
}
END_TEST

START_TEST(joining_is_refused_and_shown)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;
	const struct proposal *p;

	learn_known(l, &knowns[6], "050", 300, 0);
	learn(l, "050", "000712345", "000712345");
	learn(l, "130", "712345", "71-23-45");
	all = learner_propose(l, mem);
	ck_assert_msg(all->count == 1, "%s", told(all));
	p = all->items[0];
	ck_assert_int_eq(p->state, PROPOSAL_JOINS);
	ck_assert_ptr_nonnull(strstr(p->why, "join two contracts"));
	ck_assert_uint_ge(p->counter_count, 1);
	ck_assert_str_eq(p->counters[0].number, "######");
	ck_assert_str_eq(p->counters[0].spelling, "000######");
}
END_TEST

START_TEST(printed_parts_that_tell_contracts_apart_are_not_taken_off)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;

	for (int i = 0; i < 300; i++) { /* the system form of some has what others only print */
		const char *own = invented("+########");

		learn(l, "050", own, talloc_asprintf(mem, "%s-%s", own, invented("##")));
		if (i % 10)
			continue;
		learn(l, "050", talloc_asprintf(mem, "%s77", own),
		      talloc_asprintf(mem, "%s-77", own));
	}
	all = learner_propose(l, mem);
	ck_assert_msg(standing(all) == 0, "%s", told(all));
	ck_assert_int_eq(all->items[0]->state, PROPOSAL_JOINS);
}
END_TEST

/* The insurer gave one number twice, and prints behind it which one is meant. */
START_TEST(one_number_of_two_contracts_keeps_its_printed_part)
{
	for (int twins = 0; twins < 2; twins++) {
		struct learner *l = learner_new(NULL, 0, mem);
		const struct proposals *all;

		for (int i = 0; i < 60; i++) {
			const char *own = invented("+########");

			learn(l, "050", own, talloc_asprintf(mem, "%s-01", own));
			if (twins && i == 7)
				learn(l, "050", own, talloc_asprintf(mem, "%s-02", own));
		}
		all = learner_propose(l, mem);
		ck_assert_msg(standing(all) == (twins ? 0 : 1), "%s", told(all));
		ck_assert_msg(!twins || strstr(all->items[0]->why, "apart, 1 times"), "%s",
			      told(all));
	}
}
END_TEST

START_TEST(letters_that_tell_lines_apart_are_taken_off_in_one_only)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;

	for (int i = 0; i < 200; i++) {
		const char *own = invented("+########");
		bool motor = i % 5 < 3;

		learn(l, motor ? "050" : "130", own,
		      talloc_asprintf(mem, "NL-%c %s", motor ? 'K' : 'H', own));
	}
	all = learner_propose(l, mem);
	ck_assert_msg(all->count == 2 && standing(all) == 1, "%s", told(all));
	ck_assert_str_eq(all->items[1]->picture.lines[0], "130");
	ck_assert_int_eq(all->items[1]->state, PROPOSAL_OVERLAPS);
	ck_assert_msg(strstr(all->items[1]->why, "both become 123456789"), "%s",
		      all->items[1]->why);
}
END_TEST

START_TEST(a_picture_that_is_there_is_held_against_the_stock)
{
	struct learner *l = learner_new(NULL, 0, mem);
	struct picture p = { .drawing = (char *)"#########", .drops_zeros = true };
	struct err e = { 0 };
	char *sentence;

	ck_assert(picture_compile(&p, mem, &e));
	learn(l, "050", "000712345", "");
	learn(l, "050", "000712346", "712346");
	ck_assert_ptr_null(learner_joined(l, &p, mem));
	learn(l, "050", "712345", "");
	sentence = learner_joined(l, &p, mem);
	ck_assert_ptr_nonnull(sentence);
	ck_assert_ptr_nonnull(strstr(sentence, "###### is read as 000######"));
}
END_TEST

/* ---- beside pictures that are there ---- */

static struct insurer *issuer_with(const char *drawing, const char *becomes)
{
	struct insurer *issuer = talloc_zero(mem, struct insurer);
	struct err e = { 0 };

	issuer->pictures = talloc_zero_array(issuer, struct picture, 1);
	issuer->picture_count = 1;
	issuer->pictures[0].drawing = (char *)drawing;
	issuer->pictures[0].becomes = (char *)becomes;
	ck_assert(picture_compile(&issuer->pictures[0], issuer, &e));
	return issuer;
}

START_TEST(what_is_drawn_already_is_no_news)
{
	struct learner *l = learner_new(issuer_with("[AS-]##########", NULL), 0, mem);

	learn_known(l, &knowns[0], "050", 500, 5);
	ck_assert_msg(learner_propose(l, mem)->count == 0, "%s", told(learner_propose(l, mem)));
}
END_TEST

START_TEST(a_picture_may_gain_a_liberty)
{
	struct learner *l = learner_new(issuer_with("@@-##########", NULL), 0, mem);
	const struct proposals *all;

	learn_known(l, &knowns[0], "050", 500, 5);
	all = learner_propose(l, mem);
	ck_assert_msg(standing(all) == 1, "%s", told(all));
	ck_assert_str_eq(all->items[0]->picture.drawing, "[AS-]##########");
}
END_TEST

START_TEST(contradicting_a_picture_is_refused)
{
	struct learner *l = learner_new(issuer_with("##########", "77##########"), 0, mem);
	const struct proposals *all;

	learn_known(l, &knowns[0], "050", 500, 0);
	all = learner_propose(l, mem);
	ck_assert_msg(all->count == 1, "%s", told(all));
	ck_assert_int_eq(all->items[0]->state, PROPOSAL_OVERLAPS);
	ck_assert_ptr_nonnull(strstr(all->items[0]->why, "##########"));
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("not found");

	tcase_add_test(tc, each_line_may_leave_out_its_own_letters);
	tcase_add_test(tc, a_picture_may_gain_a_liberty);
	tcase_add_test(tc, random_numbers_have_no_picture);
	tcase_add_test(tc, unrelated_pairs_have_no_picture);
	tcase_add_test(tc, small_samples_have_no_picture);
	tcase_add_test(tc, one_number_many_times_is_one);
	tcase_add_test(tc, nothing_at_all);
	tcase_add_test(tc, letters_with_a_rival_are_not_put_back);
	tcase_add_test(tc, letters_of_another_line_are_rivals);
	tcase_add_test(tc, joining_is_refused_and_shown);
	tcase_add_test(tc, printed_parts_that_tell_contracts_apart_are_not_taken_off);
	tcase_add_test(tc, one_number_of_two_contracts_keeps_its_printed_part);
	tcase_add_test(tc, letters_that_tell_lines_apart_are_taken_off_in_one_only);
	tcase_add_test(tc, a_picture_that_is_there_is_held_against_the_stock);
	tcase_add_test(tc, what_is_drawn_already_is_no_news);
	tcase_add_test(tc, contradicting_a_picture_is_refused);
	return learn_run("learn_none", tc);
}
