/* Accounts over HTTP: who may make them, what is refused, and that the last lead stays. */
#include "tests/api/people.h"

static struct person lead;

static void open_all(void)
{
	stage_open();
	people_open(API_LIMITS, NULL);
	user_new(BROKER, "chefin", "lead");
	lead = log_in("chefin");
}

static void close_all(void)
{
	desk_stop(&desk);
	stage_close();
}

static struct got add(const char *body)
{
	return ask(&lead, "POST", "/api/v1/users", JSON, body);
}

static struct got change(const char *user, const char *body)
{
	return ask(&lead, "PATCH", talloc_asprintf(stage.mem, "/api/v1/users/%s", user), JSON,
		   body);
}

#define JANA                                                                                       \
	"{\"user\":\"jana\",\"name\":\"Jana\",\"role\":\"clerk\",\"password\":\"" PASSWORD "\"}"

START_TEST(a_lead_makes_a_clerk)
{
	struct got got = add(JANA);

	ck_assert_int_eq(got.status, 201);
	ck_assert_str_eq(member_of(got, "name"), "Jana");
	ck_assert_ptr_null(strstr(got.body, "password"));
	ck_assert_ptr_nonnull(log_in("jana").cookie);
	is_problem(add(JANA), 409, "conflict", "of this name");
	ck_assert_str_eq(raw_value(stage.raw,
				   "select name || ' ' || action || ' ' || object from audit"
				   " where action = 'user.add'"),
			 "chefin user.add jana");
}
END_TEST

START_TEST(only_a_lead_does)
{
	static const char *const roles[] = { "clerk", "operator", "read-only" };

	for (size_t i = 0; i < 3; i++) {
		struct person other;

		user_new(BROKER, roles[i], roles[i]);
		other = log_in(roles[i]);
		is_problem(ask(&other, "POST", "/api/v1/users", JSON, JANA), 403, "scope",
			   "role does not");
		is_problem(ask(&other, "GET", "/api/v1/audit", "", NULL), 403, "scope",
			   "role does not");
		is_problem(
			ask(&other, "PATCH", "/api/v1/users/chefin", JSON, "{\"disabled\":true}"),
			403, "scope", "role does not");
	}
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from app_user"), "4");
	ck_assert_str_eq(
		raw_value(stage.raw,
			  "select string_agg(name || ' ' || object, ', ' order by audit_id)"
			  " from audit where action = 'refused' and name = 'clerk'"),
		"clerk POST /api/v1/users, clerk GET /api/v1/audit, clerk PATCH /api/v1/users/chefin");
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
	is_problem(add("{\"user\":\"Jana\",\"role\":\"clerk\",\"password\":\"" PASSWORD "\"}"), 422,
		   "content", "a user's name");
	is_problem(add("{\"user\":\"../x\",\"role\":\"clerk\",\"password\":\"" PASSWORD "\"}"), 422,
		   "content", "a user's name");
	is_problem(add("{\"user\":\"jana\",\"role\":\"root\",\"password\":\"" PASSWORD "\"}"), 422,
		   "content", "role");
	is_problem(add("{\"user\":\"jana\",\"role\":\"clerk\",\"password\":\"aaaaaaaaaaaaaaaa\"}"),
		   422, "content", "guessed");
	is_problem(change("nobody", "{\"name\":\"x\"}"), 404, "missing", "no such user");
	is_problem(change("chefin", "{\"broker\":\"other\"}"), 422, "content",
		   "broker is not known");
}
END_TEST

START_TEST(another_role_counts_at_once)
{
	struct person jana;

	add(JANA);
	jana = log_in("jana");
	ck_assert_int_eq(change("jana", "{\"role\":\"operator\"}").status, 200);
	is_problem(ask(&jana, "GET", "/api/v1/me", "", NULL), 401, "session", "over");
	jana = log_in("jana");
	ck_assert_str_eq(member_of(ask(&jana, "GET", "/api/v1/me", "", NULL), "role"), "operator");
	ck_assert_int_eq(change("jana", "{\"name\":\"Jana B.\"}").status, 200);
	ck_assert_int_eq(ask(&jana, "GET", "/api/v1/me", "", NULL).status, 200);
	ck_assert_int_eq(change("jana", "{\"disabled\":true}").status, 200);
	is_problem(ask(&jana, "GET", "/api/v1/me", "", NULL), 401, "session", "over");
	is_problem(try_login("jana", PASSWORD, ""), 401, "login", "wrong");
	ck_assert_int_eq(
		change("jana", "{\"disabled\":false,\"password\":\"" OTHER_PASSWORD "\"}").status,
		200);
	ck_assert_int_eq(try_login("jana", OTHER_PASSWORD, "").status, 200);
}
END_TEST

START_TEST(the_last_lead_stays)
{
	is_problem(change("chefin", "{\"disabled\":true}"), 409, "conflict", "last lead");
	is_problem(change("chefin", "{\"role\":\"clerk\"}"), 409, "conflict", "last lead");
	user_new(BROKER, "zweite", "lead");
	ck_assert_int_eq(change("chefin", "{\"role\":\"clerk\"}").status, 200);
	ck_assert_str_eq(raw_value(stage.raw, "select role from app_user where name = 'chefin'"),
			 "clerk");
}
END_TEST

START_TEST(a_session_is_revoked)
{
	struct person jana;
	struct got got;
	char *id;

	add(JANA);
	jana = log_in("jana");
	id = talloc_strndup(stage.mem, strchr(jana.cookie, '=') + 5, 16);
	got = ask(&lead, "GET", "/api/v1/users/jana/sessions", "", NULL);
	ck_assert_ptr_nonnull(strstr(got.body, id));
	ck_assert_ptr_nonnull(strstr(got.body, "\"current\":false"));
	ck_assert_int_eq(ask(&lead, "DELETE", talloc_asprintf(stage.mem, "/api/v1/sessions/%s", id),
			     "", NULL)
				 .status,
			 204);
	is_problem(ask(&jana, "GET", "/api/v1/me", "", NULL), 401, "session", "over");
	is_problem(ask(&lead, "DELETE", talloc_asprintf(stage.mem, "/api/v1/sessions/%s", id), "",
		       NULL),
		   404, "missing", "no such session");
}
END_TEST

START_TEST(pages_come_to_an_end)
{
	struct got got;
	int seen = 0;
	char *next = talloc_strdup(stage.mem, "");

	for (int i = 0; i < 7; i++)
		user_new(BROKER, talloc_asprintf(stage.mem, "u%d", i), "clerk");
	while (next) {
		got = ask(&lead, "GET",
			  talloc_asprintf(stage.mem, "/api/v1/users?limit=3%s%s",
					  *next ? "&cursor=" : "", next),
			  "", NULL);
		ck_assert_int_eq(got.status, 200);
		for (char *at = got.body; (at = strstr(at, "\"user\":")); at++)
			seen++;
		next = member_of(got, "next");
	}
	ck_assert_int_eq(seen, 8);
	is_problem(ask(&lead, "GET", "/api/v1/users?cursor=zz", "", NULL), 400, "argument",
		   "cursor");
	is_problem(ask(&lead, "GET", "/api/v1/users?limit=201", "", NULL), 400, "argument",
		   "limit");
	/* 99999999999999999999: more than any entry's number */
	is_problem(ask(&lead, "GET",
		       "/api/v1/audit?cursor=3939393939393939393939393939393939393939", "", NULL),
		   400, "argument", "cursor");
	is_problem(ask(&lead, "GET", "/api/v1/audit?cursor=6a", "", NULL), 400, "argument",
		   "cursor");
	got = ask(&lead, "GET", "/api/v1/audit?action=login&user=chefin", "", NULL);
	ck_assert_ptr_nonnull(strstr(got.body, "\"action\":\"login\""));
	ck_assert_ptr_nonnull(strstr(got.body, "\"address\":\"127.0.0.1\""));
}
END_TEST

/* The other broker's people, sessions and log are not there. */
START_TEST(brokers_do_not_see_each_other)
{
	struct person other;
	struct got got;
	char *id;

	user_new("other", "fremd", "lead");
	other = log_in("fremd");
	ck_assert_str_eq(member_of(ask(&other, "GET", "/api/v1/me", "", NULL), "broker"), "other");
	got = ask(&other, "GET", "/api/v1/users", "", NULL);
	ck_assert_ptr_null(strstr(got.body, "chefin"));
	is_problem(ask(&other, "PATCH", "/api/v1/users/chefin", JSON, "{\"role\":\"clerk\"}"), 404,
		   "missing", "no such user");
	is_problem(ask(&other, "GET", "/api/v1/users/chefin/sessions", "", NULL), 404, "missing",
		   "no such user");
	id = talloc_strndup(stage.mem, strchr(lead.cookie, '=') + 5, 16);
	is_problem(ask(&other, "DELETE", talloc_asprintf(stage.mem, "/api/v1/sessions/%s", id), "",
		       NULL),
		   404, "missing", "no such session");
	got = ask(&other, "GET", "/api/v1/audit", "", NULL);
	ck_assert_ptr_null(strstr(got.body, "chefin"));
	is_problem(ask(&other, "POST", "/api/v1/users", JSON,
		       "{\"user\":\"chefin\",\"role\":\"lead\",\"password\":\"" PASSWORD "\"}"),
		   409, "conflict", "of this name");
	ck_assert_int_eq(ask(&lead, "GET", "/api/v1/me", "", NULL).status, 200);
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("users");

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, open_all, close_all);
	tcase_add_test(cases, a_lead_makes_a_clerk);
	tcase_add_test(cases, only_a_lead_does);
	tcase_add_test(cases, what_is_wrong_is_named);
	tcase_add_test(cases, another_role_counts_at_once);
	tcase_add_test(cases, the_last_lead_stays);
	tcase_add_test(cases, a_session_is_revoked);
	tcase_add_test(cases, pages_come_to_an_end);
	tcase_add_test(cases, brokers_do_not_see_each_other);
	return run_suite("users", cases);
}
