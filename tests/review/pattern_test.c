/* pattern_test.c -- "numbers of this insurer are spelled like that": what a person says so is a proposal, and nothing else. */
#include "clerk.h"

#include "matcher/learn_stock.h"

/* Policies of line 130: LH and eight digits. Nobody has written one without the letters yet. */
static void stock_fill(void)
{
	char id[20], number[20];

	ask("begin");
	for (int i = 0; i < 60; i++) {
		snprintf(id, sizeof id, "C%d", i);
		snprintf(number, sizeof number, "LH%08d", 10000000 + i * 7919);
		contract_add(id, number);
	}
	ask("update contract set line = '130'");
	ask("commit");
}

/* "[LH]######## asked stands", or "" for no picture that gains anything. */
static const char *proposed(void)
{
	struct learned_issuers issuers;
	struct proposals *all;
	struct err e = { 0 };

	ck_assert_msg(
		learn_stock_read(&issuers, &house.matcher, "north", 0, NULL, NULL, house.mem, &e),
		"%s", e.text);
	all = learner_propose(issuers.items[0].learner, house.mem);
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i]->gained)
			return talloc_asprintf(house.mem, "%s%s%s", all->items[i]->picture.drawing,
					       all->items[i]->asked ? " asked" : "",
					       all->items[i]->state == PROPOSAL_STANDS ? " stands"
										       : "");
	return "";
}

START_TEST(a_proposal_is_drawn_and_reads_nothing)
{
	char *id, *other;
	struct got got;

	stock_fill();
	id = arrive("S-1", "policy=10000000;line=130"); /* C0, without its letters */
	got = decide_as(clerk, id, "assign", 1, "'contract_id': 'C0', 'alias_scope': 'pattern'");
	is_ok(got);
	ck_assert_str_eq(in(got, "alias"), "true");
	ck_assert_str_eq(in(got, "pattern_proposed"), "true");
	ck_assert_str_eq(in(got, "others"), "0");
	ck_assert_str_eq(proposed(), "[LH]######## asked stands");
	other = arrive("S-2", "policy=10007919;line=130"); /* C1, spelled alike: waits */
	ck_assert_str_eq(standing(other), "queued number_unknown");
	got = decide_as(clerk, id, "undo", 2, "");
	is_ok(got);
	ck_assert_str_eq(proposed(), "");
}
END_TEST

START_TEST(a_number_alone_proposes_nothing)
{
	struct got got;
	char *id;

	stock_fill();
	id = arrive("S-1", "policy=10000000;line=130");
	is_problem(decide_as(clerk, id, "assign", 1,
			     "'contract_id': 'C0', 'alias': false, 'alias_scope': 'pattern'"),
		   422, "content", "alias_scope");
	is_problem(decide_as(clerk, id, "assign", 1,
			     "'contract_id': 'C0', 'alias_scope': 'everything'"),
		   422, "content", "alias_scope");
	got = decide_as(clerk, id, "assign", 1, "'contract_id': 'C0', 'alias_scope': 'number'");
	is_ok(got);
	ck_assert_str_eq(in(got, "pattern_proposed"), "false");
	ck_assert_str_eq(proposed(), "");
}
END_TEST

/* What the whole stock speaks against is shown as refused, whoever asked for it. */
START_TEST(it_is_judged_like_any_other)
{
	char *id;

	stock_fill();
	contract_add("HARD", "10007919"); /* beside LH10007919 */
	ask("update contract set line = '130'");
	id = arrive("S-1", "policy=10000000;line=130");
	is_ok(decide_as(clerk, id, "assign", 1, "'contract_id': 'C0', 'alias_scope': 'pattern'"));
	ck_assert_msg(!strstr(proposed(), "stands"), "%s", proposed());
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("pattern");

	tcase_add_test(tc, a_proposal_is_drawn_and_reads_nothing);
	tcase_add_test(tc, a_number_alone_proposes_nothing);
	tcase_add_test(tc, it_is_judged_like_any_other);
	return clerk_run("pattern", tc);
}
