/* What a proxy says is believed of a proxy of ours only, and its word for a login at one path only. */
#include "tests/api/people.h"

static void open_with(const char *const *proxies, const char *header)
{
	desk.web.proxies = proxies;
	desk.web.login_header = header;
	people_open(API_LIMITS, NULL);
}

static const char *const ours[] = { "127.0.0.1", NULL };
static const char *const others[] = { "127.0.0.2", NULL };

static void open_all(void)
{
	stage_open();
	user_new(BROKER, "jana", "clerk");
}

static void close_all(void)
{
	desk_stop(&desk);
	stage_close();
}

static struct got options(void)
{
	return ask(NULL, "GET", "/api/v1/login/options", "", NULL);
}

static struct got by_proxy(const char *heads)
{
	return ask(NULL, "GET", "/api/v1/login/proxy", heads, NULL);
}

START_TEST(a_proxy_of_ours_logs_in)
{
	struct person jana = { 0 };
	struct got got;
	char *cookie;

	open_with(ours, "X-Remote-User");
	ck_assert_ptr_nonnull(strstr(options().body, "\"proxy\":true"));
	got = by_proxy("X-Remote-User: jana\r\n");
	ck_assert_int_eq(got.status, 302);
	ck_assert_str_eq(head_of(got.head, "Location"), "/");
	cookie = head_of(got.head, "Set-Cookie");
	jana.cookie = talloc_strndup(stage.mem, cookie, strcspn(cookie, ";"));
	ck_assert_str_eq(member_of(ask(&jana, "GET", "/api/v1/me", "", NULL), "user"), "jana");
	/* the header is no login by itself, and does not make another of who is logged in */
	is_problem(ask(NULL, "GET", "/api/v1/me", "X-Remote-User: jana\r\n", NULL), 401, "token",
		   "token");
	ck_assert_str_eq(
		member_of(ask(&jana, "GET", "/api/v1/me", "X-Remote-User: chefin\r\n", NULL),
			  "user"),
		"jana");
}
END_TEST

START_TEST(others_are_not_believed)
{
	open_with(others, "X-Remote-User");
	ck_assert_ptr_nonnull(strstr(options().body, "\"proxy\":false"));
	is_problem(by_proxy("X-Remote-User: jana\r\n"), 401, "login", "none of");
	is_problem(by_proxy("X-Remote-User: jana\r\nX-Forwarded-For: 127.0.0.2\r\n"), 401, "login",
		   "none of");
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from session"), "0");
}
END_TEST

START_TEST(smuggled_names_are_refused)
{
	open_with(ours, "X-Remote-User");
	is_problem(by_proxy("X-Remote-User: nobody\r\n"), 401, "login", "without an account");
	is_problem(by_proxy(""), 401, "login", "names nobody");
	is_problem(by_proxy("X-Remote-User: \r\n"), 401, "login", "names nobody");
	is_problem(by_proxy("X-Remote-User: jana, chefin\r\n"), 401, "login", "names nobody");
	is_problem(by_proxy("X-Remote_User: jana\r\n"), 401, "login", "names nobody");
	is_problem(by_proxy("X-Remote-User: jana\r\nx-remote-user: chefin\r\n"), 400, "malformed",
		   "twice");
	raw_do(stage.raw, "update app_user set disabled_at = now()");
	is_problem(by_proxy("X-Remote-User: jana\r\n"), 401, "login", "without an account");
}
END_TEST

START_TEST(without_a_header_there_is_no_such_path)
{
	open_with(ours, NULL);
	ck_assert_ptr_nonnull(strstr(options().body, "\"proxy\":false"));
	is_problem(by_proxy("X-Remote-User: jana\r\n"), 404, "path", "no proxy");
}
END_TEST

static char *failed_from(const char *heads)
{
	raw_do(stage.raw, "truncate login_failure");
	is_problem(try_login("jana", "not the password", heads), 401, "login", "wrong");
	return raw_value(stage.raw, "select address from login_failure");
}

START_TEST(where_a_client_comes_from)
{
	open_with(ours, NULL);
	ck_assert_str_eq(failed_from("X-Forwarded-For: 203.0.113.9\r\n"), "203.0.113.9");
	ck_assert_str_eq(failed_from("X-Forwarded-For: 198.51.100.1, 203.0.113.9\r\n"),
			 "203.0.113.9");
	ck_assert_str_eq(failed_from("X-Forwarded-For: 2001:db8::7\r\n"), "2001:db8::7");
	ck_assert_str_eq(failed_from("X-Forwarded-For: 203.0.113.9, evil\r\n"), "127.0.0.1");
	ck_assert_str_eq(failed_from(""), "127.0.0.1");
	desk_stop(&desk);
	open_with(NULL, NULL);
	ck_assert_str_eq(failed_from("X-Forwarded-For: 203.0.113.9\r\n"), "127.0.0.1");
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("proxy");

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, open_all, close_all);
	tcase_add_test(cases, a_proxy_of_ours_logs_in);
	tcase_add_test(cases, others_are_not_believed);
	tcase_add_test(cases, smuggled_names_are_refused);
	tcase_add_test(cases, without_a_header_there_is_no_such_path);
	tcase_add_test(cases, where_a_client_comes_from);
	return run_suite("proxy", cases);
}
