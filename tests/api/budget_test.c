/* Whoever asks too much waits; everybody else does not. */
#include "api/budget.h"
#include "tests/api/people.h"

#define FOR_EVER (3600 * 1000) /* ms until one more may be asked: longer than any test */

static const struct api_limits few = {
	.asked_most = 3, .asked_each_ms = 1000, .heavy_most = 10, .heavy_each_ms = 500
};

START_TEST(so_many_at_once_then_at_a_pace)
{
	struct budget *b = budget_new(&few, stage.mem);

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(budget_take(b, "demo", "jana", 0, 5000), 0);
	ck_assert_int_eq(budget_take(b, "demo", "jana", 0, 5000), 1);
	ck_assert_int_eq(budget_take(b, "demo", "jana", 0, 5999), 1); /* a refusal costs nothing */
	ck_assert_int_eq(budget_take(b, "demo", "jana", 0, 6000), 0);
	ck_assert_int_eq(budget_take(b, "demo", "jana", 0, 6000), 1);
	ck_assert_int_eq(budget_take(b, "demo", "kim", 0, 6000), 0); /* is somebody else */
	ck_assert_int_eq(budget_take(b, "other", "jana", 0, 6000), 0);
	ck_assert_int_eq(budget_take(b, NULL, "jana", 0, 6000), 0);
	for (int i = 0; i < 3; i++) /* what was not asked for long is not saved up */
		ck_assert_int_eq(budget_take(b, "demo", "jana", 0, 900000), 0);
	ck_assert_int_eq(budget_take(b, "demo", "jana", 0, 900000), 1);
}
END_TEST

START_TEST(heavy_ones_have_a_limit_of_their_own)
{
	struct api_limits limits = few;
	struct budget *b;

	limits.asked_most = 100;
	b = budget_new(&limits, stage.mem);
	ck_assert_int_eq(budget_take(b, "demo", "jana", 10, 1000), 0);
	ck_assert_int_eq(budget_take(b, "demo", "jana", 10, 1000), 5);
	ck_assert_int_eq(budget_take(b, "demo", "jana", 1, 1000), 1);
	ck_assert_int_eq(budget_take(b, "demo", "jana", 0, 1000), 0); /* the page goes on */
	ck_assert_int_eq(budget_take(b, "demo", "jana", 10, 5999), 1);
	ck_assert_int_eq(budget_take(b, "demo", "jana", 10, 6000), 0);
}
END_TEST

START_TEST(without_limits)
{
	struct api_limits none = { 0 };
	struct budget *b = budget_new(&none, stage.mem);

	for (int i = 0; i < 100000; i++)
		ck_assert_int_eq(budget_take(b, "demo", "jana", 200, 1000), 0);
}
END_TEST

/* Who invents callers makes others forgotten at worst, which is to their advantage. */
START_TEST(more_callers_than_are_remembered)
{
	struct budget *b = budget_new(&few, stage.mem);

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(budget_take(b, "demo", "jana", 0, 1000), 0);
	for (int i = 0; i < 3 * BUDGETS; i++)
		ck_assert_int_eq(budget_take(b, "demo", talloc_asprintf(stage.mem, "caller %d", i),
					     0, 1001 + i),
				 0);
	ck_assert_int_eq(budget_take(b, "demo", "jana", 0, 3000), 0);
}
END_TEST

/* ---- at the server ---- */

static struct api_limits limits_of(int asked, int heavy)
{
	struct api_limits limits = API_LIMITS;

	limits.asked_most = asked;
	limits.heavy_most = heavy;
	limits.asked_each_ms = limits.heavy_each_ms = FOR_EVER;
	return limits;
}

START_TEST(a_token_that_runs_wild)
{
	char *wild, *other;
	struct got got;

	people_open(limits_of(3, 0), NULL);
	wild = token_new("events", NULL);
	other = token_new("events", NULL);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(get(wild, "/api/v1/events").status, 200);
	got = get(wild, "/api/v1/events");
	is_problem(got, 429, "rate", "too many requests");
	ck_assert_int_ge(head_number(got, "Retry-After"), 1);
	ck_assert_int_le(head_number(got, "Retry-After"), FOR_EVER / 1000);
	ck_assert_ptr_nonnull(strstr(got.body, "Bitte einen Moment warten."));
	ck_assert_int_eq(get(other, "/api/v1/events").status, 200);
	desk_stop(&desk);
}
END_TEST

/* One user's sessions share what he may ask; strangers of one address, too. */
START_TEST(a_user_at_two_browsers)
{
	struct person here, there;

	user_new(BROKER, "jana", "lead");
	people_open(limits_of(5, 2), NULL);
	here = log_in("jana");
	there = log_in("jana");
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(ask(&here, "GET", "/api/v1/audit", "", NULL).status, 200);
	is_problem(ask(&there, "GET", "/api/v1/audit", "", NULL), 429, "rate", "heavy");
	ck_assert_int_eq(ask(&there, "GET", "/api/v1/me", "", NULL).status, 200);
	for (int i = 0; i < 3; i++) /* with the two logins */
		ck_assert_int_eq(ask(NULL, "GET", "/api/v1/login/options", "", NULL).status, 200);
	is_problem(ask(NULL, "GET", "/api/v1/login/options", "", NULL), 429, "rate", "too many");
	is_problem(try_login("jana", PASSWORD, ""), 429, "rate", "too many");
	ck_assert_int_eq(ask(&there, "GET", "/api/v1/me", "", NULL).status, 200);
	desk_stop(&desk);
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("budget");

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, stage_open, stage_close);
	tcase_add_test(cases, so_many_at_once_then_at_a_pace);
	tcase_add_test(cases, heavy_ones_have_a_limit_of_their_own);
	tcase_add_test(cases, without_limits);
	tcase_add_test(cases, more_callers_than_are_remembered);
	tcase_add_test(cases, a_token_that_runs_wild);
	tcase_add_test(cases, a_user_at_two_browsers);
	return run_suite("budget", cases);
}
