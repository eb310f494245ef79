/* Logging in: what a right password opens, and how every other way in is refused. */
#include "tests/api/people.h"

static void open_all(void)
{
	stage_open();
	people_open(API_LIMITS, NULL);
	user_new(BROKER, "jana", "clerk");
	user_new(BROKER, "chefin", "lead");
}

static void close_all(void)
{
	desk_stop(&desk);
	stage_close();
}

START_TEST(a_right_password_opens_a_session)
{
	struct person jana = log_in("jana");
	struct got got = ask(&jana, "GET", "/api/v1/me", "", NULL);

	ck_assert_int_eq(got.status, 200);
	ck_assert_str_eq(member_of(got, "user"), "jana");
	ck_assert_str_eq(member_of(got, "role"), "clerk");
	ck_assert_str_eq(member_of(got, "broker"), BROKER);
	ck_assert_str_eq(member_of(got, "csrf"), jana.csrf);
	ck_assert_ptr_nonnull(
		strstr(got.body, "\"scopes\":[\"documents\",\"decisions\",\"statistics\"]"));
	ck_assert_ptr_nonnull(strstr(jana.set_cookie, "; HttpOnly; SameSite=Strict"));
	ck_assert_ptr_nonnull(strstr(jana.set_cookie, "; Path=/;"));
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from audit where action = 'login'"),
			 "1");
}
END_TEST

START_TEST(of_cookie_and_password_the_database_knows_digests)
{
	struct person jana = log_in("jana");
	const char *secret = strrchr(jana.cookie, '_') + 1;

	ck_assert_str_eq(
		raw_value(stage.raw,
			  talloc_asprintf(
				  stage.mem,
				  "select count(*) from session s where s::text like '%%%s%%'",
				  secret)),
		"0");
	ck_assert_str_eq(
		raw_value(
			stage.raw,
			"select count(*) from app_user where password like '$argon2id$v=19$m=32768,t=3,p=1$%'"),
		"2");
}
END_TEST

START_TEST(wrong_ones_are_refused_in_the_same_words)
{
	struct got wrong = try_login("jana", "not the password", "");
	struct got unknown = try_login("nobody", "not the password", "");
	struct got disabled;

	raw_do(stage.raw, "update app_user set disabled_at = now() where name = 'chefin'");
	disabled = try_login("chefin", PASSWORD, "");
	is_problem(wrong, 401, "login", "wrong");
	ck_assert_str_eq(wrong.body, unknown.body);
	ck_assert_str_eq(wrong.body, disabled.body);
	ck_assert_ptr_null(head_of(wrong.head, "Set-Cookie"));
	ck_assert_ptr_null(head_of(disabled.head, "Set-Cookie"));
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from session"), "0");
}
END_TEST

START_TEST(bodies_are_checked)
{
	is_problem(login_with(JSON, "{\"user\":\"jana\"}"), 422, "content", "password");
	is_problem(login_with(JSON, "{\"user\":\"jana\",\"password\":\"x\",\"role\":\"lead\"}"),
		   422, "content", "role is not known");
	is_problem(login_with("Content-Type: application/x-www-form-urlencoded\r\n",
			      "user=jana&password=x"),
		   415, "media-type", "json");
	is_problem(login_with(JSON, "{"), 400, "malformed", "no JSON");
}
END_TEST

START_TEST(a_name_is_tried_five_times)
{
	struct got got;

	for (int i = 0; i < 5; i++)
		is_problem(try_login("jana", "not the password", ""), 401, "login", "wrong");
	is_problem(got = try_login("jana", PASSWORD, ""), 429, "throttled", "quarter");
	ck_assert_int_eq(head_number(got, "Retry-After"), 900);
	ck_assert_int_eq(try_login("chefin", PASSWORD, "").status, 200);
	for (int i = 0; i < 5; i++) /* also of a name that nobody has */
		is_problem(try_login("nobody", "not the password", ""), 401, "login", "wrong");
	is_problem(try_login("nobody", PASSWORD, ""), 429, "throttled", "quarter");
	raw_do(stage.raw, "update login_failure set failed_at = now() - interval '16 minutes'");
	ck_assert_int_eq(try_login("jana", PASSWORD, "").status, 200);
}
END_TEST

START_TEST(an_address_is_let_try_fifty_times)
{
	raw_do(stage.raw, "insert into login_failure (name, address)"
			  " select 'n' || n, '127.0.0.1' from generate_series(1, 50) n");
	is_problem(try_login("jana", PASSWORD, ""), 429, "throttled", "quarter");
}
END_TEST

START_TEST(a_session_is_not_fixed)
{
	struct person first = log_in("jana"), second;
	struct got got = try_login("jana", PASSWORD,
				   talloc_asprintf(stage.mem, "Cookie: %s\r\n", first.cookie));

	ck_assert_int_eq(got.status, 200);
	second = person_of(got);
	ck_assert_str_ne(first.cookie, second.cookie);
	is_problem(ask(&first, "GET", "/api/v1/me", "", NULL), 401, "session", "over");
	/* a cookie that somebody else planted is not taken over */
	got = try_login("jana", PASSWORD,
			"Cookie: vorpost_session=vps_0123456789abcdef_"
			"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n");
	ck_assert_int_eq(got.status, 200);
	ck_assert_ptr_null(strstr(head_of(got.head, "Set-Cookie"), "0123456789abcdef"));
}
END_TEST

START_TEST(a_session_ends)
{
	struct person jana = log_in("jana");
	struct got got = ask(&jana, "POST", "/api/v1/logout", "", "");

	ck_assert_int_eq(got.status, 204);
	ck_assert_ptr_nonnull(strstr(head_of(got.head, "Set-Cookie"), "Max-Age=0"));
	got = ask(&jana, "GET", "/api/v1/me", "", NULL);
	is_problem(got, 401, "session", "over");
	ck_assert_ptr_nonnull(strstr(head_of(got.head, "Set-Cookie"), "Max-Age=0"));
}
END_TEST

START_TEST(a_session_expires)
{
	struct person idle = log_in("jana"), old = log_in("jana"), disabled = log_in("jana");

	raw_do(stage.raw,
	       talloc_asprintf(
		       stage.mem,
		       "update session set last_used_at = now() - interval '12 hours 1 second'"
		       " where session_id = '%.16s'",
		       strchr(idle.cookie, '=') + 5));
	raw_do(stage.raw,
	       talloc_asprintf(stage.mem,
			       "update session set expires_at = now() where session_id = '%.16s'",
			       strchr(old.cookie, '=') + 5));
	is_problem(ask(&idle, "GET", "/api/v1/me", "", NULL), 401, "session", "over");
	is_problem(ask(&old, "GET", "/api/v1/me", "", NULL), 401, "session", "over");
	ck_assert_int_eq(ask(&disabled, "GET", "/api/v1/me", "", NULL).status, 200);
	raw_do(stage.raw, "update app_user set disabled_at = now() where name = 'jana'");
	is_problem(ask(&disabled, "GET", "/api/v1/me", "", NULL), 401, "session", "over");
}
END_TEST

START_TEST(cookies_that_are_none)
{
	static const char *const cookies[] = {
		"vorpost_session=",
		"vorpost_session=vps_",
		"vorpost_session=vps_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"vorpost_session=vpt_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"vorpost_session=' or 1=1 --",
	};
	struct person jana = log_in("jana");

	for (size_t i = 0; i < sizeof cookies / sizeof *cookies; i++) {
		struct person other = { .cookie = cookies[i] };

		is_problem(ask(&other, "GET", "/api/v1/me", "", NULL), 401, "session", "over");
	}
	jana.cookie = talloc_strdup(stage.mem, jana.cookie);
	((char *)(uintptr_t)jana.cookie)[strlen(jana.cookie) - 2] ^=
		1; /* its own id, another secret */
	is_problem(ask(&jana, "GET", "/api/v1/me", "", NULL), 401, "session", "over");
	/* a cookie is no bearer token, and a bearer token no cookie */
	jana = log_in("jana");
	is_problem(get(strchr(jana.cookie, '=') + 1, "/api/v1/me"), 401, "token", "unknown");
}
END_TEST

START_TEST(changes_need_the_csrf_token)
{
	struct person jana = log_in("jana"), other = log_in("chefin");
	struct person without = jana, wrong = jana;

	without.csrf = NULL;
	wrong.csrf = other.csrf;
	is_problem(ask(&without, "POST", "/api/v1/logout", "", ""), 403, "csrf", "X-CSRF-Token");
	is_problem(ask(&wrong, "POST", "/api/v1/logout", "", ""), 403, "csrf", "X-CSRF-Token");
	wrong.csrf = "";
	is_problem(ask(&wrong, "POST", "/api/v1/logout", "", ""), 403, "csrf", "X-CSRF-Token");
	is_problem(ask(&jana, "POST", "/api/v1/logout", "Origin: http://evil.example\r\n", ""), 403,
		   "csrf", "origin");
	is_problem(ask(&jana, "POST", "/api/v1/logout", "Origin: null\r\n", ""), 403, "csrf",
		   "origin");
	is_problem(ask(&jana, "POST", "/api/v1/logout", "Sec-Fetch-Site: cross-site\r\n", ""), 403,
		   "csrf", "another page");
	is_problem(ask(&jana, "POST", "/api/v1/logout", "Sec-Fetch-Site: same-site\r\n", ""), 403,
		   "csrf", "another page");
	is_problem(ask(&jana, "GET", "/api/v1/me", "Sec-Fetch-Site: cross-site\r\n", NULL), 403,
		   "csrf", "another page");
	ck_assert_int_eq(ask(&jana, "GET", "/api/v1/me", "Sec-Fetch-Site: none\r\n", NULL).status,
			 200);
	ck_assert_int_eq(ask(&jana, "POST", "/api/v1/logout",
			     "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n", "")
				 .status,
			 204);
}
END_TEST

START_TEST(nobody_else_logs_us_in)
{
	is_problem(try_login("jana", PASSWORD, "Origin: http://evil.example\r\n"), 403, "csrf",
		   "origin");
	is_problem(try_login("jana", PASSWORD, "Sec-Fetch-Site: cross-site\r\n"), 403, "csrf",
		   "another page");
}
END_TEST

START_TEST(a_token_needs_no_csrf)
{
	char *token = token_new("documents", NULL);
	struct got got = get(token, "/api/v1/me");

	ck_assert_int_eq(got.status, 200);
	ck_assert_ptr_nonnull(strstr(got.body, "\"csrf\":null"));
	ck_assert_ptr_nonnull(strstr(got.body, "\"scopes\":[\"documents\"]"));
	is_problem(get(token, "/api/v1/users"), 403, "scope", "scopes do not");
}
END_TEST

START_TEST(a_password_is_changed)
{
	struct person here = log_in("jana"), there = log_in("jana"), fresh;
	struct got answer;

	is_problem(ask(&here, "POST", "/api/v1/me/password", JSON,
		       "{\"current\":\"not the password\",\"password\":\"" OTHER_PASSWORD "\"}"),
		   401, "login", "present password");
	is_problem(ask(&here, "POST", "/api/v1/me/password", JSON,
		       "{\"current\":\"" PASSWORD "\",\"password\":\"short\"}"),
		   422, "content", "5 characters");
	is_problem(ask(&here, "POST", "/api/v1/me/password", JSON,
		       "{\"current\":\"" PASSWORD "\",\"password\":\"xx-jana-12345678\"}"),
		   422, "content", "guessed");
	answer = ask(&here, "POST", "/api/v1/me/password", JSON,
		     "{\"current\":\"" PASSWORD "\",\"password\":\"" OTHER_PASSWORD "\"}");
	ck_assert_int_eq(answer.status, 200);
	fresh = person_of(answer);
	ck_assert_str_ne(fresh.cookie, here.cookie);
	ck_assert_str_ne(fresh.csrf, here.csrf);
	ck_assert_int_eq(ask(&fresh, "GET", "/api/v1/me", "", NULL).status, 200);
	ck_assert_int_eq(ask(&fresh, "POST", "/api/v1/logout", JSON, "{}").status, 204);
	is_problem(ask(&here, "GET", "/api/v1/me", "", NULL), 401, "session", "over");
	is_problem(ask(&there, "GET", "/api/v1/me", "", NULL), 401, "session", "over");
	is_problem(try_login("jana", PASSWORD, ""), 401, "login", "wrong");
	ck_assert_int_eq(try_login("jana", OTHER_PASSWORD, "").status, 200);
}
END_TEST

/* Others are served while a password is digested, and who goes away meanwhile leaves nothing behind. */
START_TEST(logins_wait_beside_the_loop)
{
	enum { MANY = 20 };
	char *body =
		talloc_asprintf(stage.mem, "{\"user\":\"jana\",\"password\":\"%s\"}", PASSWORD);
	int fd[MANY];

	for (int i = 0; i < MANY; i++) {
		fd[i] = client_open();
		client_say(fd[i],
			   "POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\n" JSON
			   "Content-Length: %zu\r\n\r\n%s",
			   strlen(body), body);
		if (i % 2)
			close(fd[i]);
	}
	ck_assert_int_eq(get("", "/api/v1/login/options").status, 200);
	for (int i = 0; i < MANY; i += 2) {
		ck_assert_int_eq(client_read(fd[i]).status, 200);
		close(fd[i]);
	}
}
END_TEST

START_TEST(answers_say_what_a_browser_must_not_do)
{
	struct got got = get("", "/api/v1/login/options");

	ck_assert_str_eq(head_of(got.head, "Cache-Control"), "no-store");
	ck_assert_str_eq(head_of(got.head, "X-Content-Type-Options"), "nosniff");
	ck_assert_ptr_nonnull(
		strstr(head_of(got.head, "Content-Security-Policy"), "default-src 'none'"));
	ck_assert_str_eq(head_of(got.head, "Referrer-Policy"), "no-referrer");
	ck_assert_str_eq(head_of(got.head, "Content-Disposition"),
			 "attachment; filename=\"api.json\"");
	ck_assert_str_eq(head_of(got.head, "Cross-Origin-Resource-Policy"), "same-origin");
	ck_assert_ptr_null(head_of(got.head, "Strict-Transport-Security"));
	ck_assert_ptr_null(head_of(got.head, "Access-Control-Allow-Origin"));
}
END_TEST

/* Behind TLS the cookie is for https only, and the page's address is the only origin. */
START_TEST(behind_tls)
{
	struct got got;

	desk_stop(&desk);
	people_open(API_LIMITS, "https://vorpost.example");
	got = try_login("jana", PASSWORD, "Origin: https://vorpost.example\r\n");
	ck_assert_int_eq(got.status, 200);
	ck_assert(!strncmp(head_of(got.head, "Set-Cookie"), "__Host-vorpost=vps_", 19));
	ck_assert_ptr_nonnull(strstr(head_of(got.head, "Set-Cookie"), "; Secure"));
	ck_assert_ptr_nonnull(head_of(got.head, "Strict-Transport-Security"));
	is_problem(try_login("jana", PASSWORD, "Origin: http://localhost\r\n"), 403, "csrf",
		   "origin");
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("login");

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, open_all, close_all);
	tcase_add_test(cases, a_right_password_opens_a_session);
	tcase_add_test(cases, of_cookie_and_password_the_database_knows_digests);
	tcase_add_test(cases, wrong_ones_are_refused_in_the_same_words);
	tcase_add_test(cases, bodies_are_checked);
	tcase_add_test(cases, a_name_is_tried_five_times);
	tcase_add_test(cases, an_address_is_let_try_fifty_times);
	tcase_add_test(cases, a_session_is_not_fixed);
	tcase_add_test(cases, a_session_ends);
	tcase_add_test(cases, a_session_expires);
	tcase_add_test(cases, cookies_that_are_none);
	tcase_add_test(cases, changes_need_the_csrf_token);
	tcase_add_test(cases, nobody_else_logs_us_in);
	tcase_add_test(cases, a_token_needs_no_csrf);
	tcase_add_test(cases, a_password_is_changed);
	tcase_add_test(cases, logins_wait_beside_the_loop);
	tcase_add_test(cases, answers_say_what_a_browser_must_not_do);
	tcase_add_test(cases, behind_tls);
	return run_suite("login", cases);
}
