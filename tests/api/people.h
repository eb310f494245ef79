/* people.h -- what the tests of logins share: accounts, and browsers with a cookie and a CSRF token. */
#ifndef TESTS_API_PEOPLE_H
#define TESTS_API_PEOPLE_H

#include "api/password.h"
#include "tests/api/desk.h"

#define JSON           "Content-Type: application/json\r\n"
#define PASSWORD       "correct horse battery"
#define OTHER_PASSWORD "staple the other horse"

static inline void people_open(struct api_limits limits, const char *url)
{
	static const struct route_table *const tables[] = { &route_feed, &route_login, &route_users,
							    &route_proxy, NULL };

	desk.tables = tables;
	desk.web.url = url;
	desk_open_as(&desk, BROKER, limits);
}

/* The digest of one password is made once, for it takes its time. */
static inline void user_new(const char *broker, const char *name, const char *role)
{
	static char stored[PASSWORD_SIZE];
	struct rows *rows = NULL;
	struct err e = { 0 };

	ck_assert_msg(*stored || password_make(stored, PASSWORD, &e), "%s", e.text);
	ck_assert_msg(db_call(stage.db, SQL_user_add, &rows, stage.mem, &e, broker, name, name,
			      role, stored, "test"),
		      "%s", e.text);
	ck_assert_int_eq(rows_count(rows), 1);
}

/* ---- browsers ---- */

struct person {
	const char *cookie, *csrf, *set_cookie;
};

static inline char *member_of(struct got got, const char *name)
{
	json_t *body = json_loads(got.body ? got.body : "", 0, NULL);
	const char *value = json_string_value(json_object_get(body, name));
	char *text = value ? talloc_strdup(stage.mem, value) : NULL;

	json_decref(body);
	return text;
}

/* body NULL: none. heads: lines that end with \r\n. */
static inline struct got ask(const struct person *person, const char *method, const char *path,
			     const char *heads, const char *body)
{
	int fd = client_open();
	struct got got;

	client_say(fd, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", method, path, heads);
	if (person && person->cookie)
		client_say(fd, "Cookie: %s\r\n", person->cookie);
	if (person && person->csrf)
		client_say(fd, "X-CSRF-Token: %s\r\n", person->csrf);
	if (body)
		client_say(fd, "Content-Length: %zu\r\n", strlen(body));
	client_say(fd, "\r\n%s", body ? body : "");
	got = client_read(fd);
	close(fd);
	return got;
}

static inline struct got login_with(const char *heads, const char *body)
{
	return ask(NULL, "POST", "/api/v1/login", heads, body);
}

static inline struct got try_login(const char *user, const char *password, const char *heads)
{
	return login_with(talloc_asprintf(stage.mem, JSON "%s", heads),
			  talloc_asprintf(stage.mem, "{\"user\":\"%s\",\"password\":\"%s\"}", user,
					  password));
}

static inline struct person person_of(struct got got)
{
	struct person person = { .set_cookie = head_of(got.head, "Set-Cookie"),
				 .csrf = member_of(got, "csrf") };

	ck_assert_msg(got.status == 200 && person.set_cookie && person.csrf, "%d %s %s", got.status,
		      got.head, got.body);
	person.cookie =
		talloc_strndup(stage.mem, person.set_cookie, strcspn(person.set_cookie, ";"));
	return person;
}

static inline struct person log_in(const char *user)
{
	return person_of(try_login(user, PASSWORD, ""));
}

#endif
