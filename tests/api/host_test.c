/* A page of somebody else's whose name is led to this machine (DNS rebinding) must not be answered: the server knows its own
 * names, and no request that says another reaches a handler, the page, or the login. */
#include "api/host.h"
#include "tests/api/people.h"

static void open_all(void)
{
	stage_open();
	user_new(BROKER, "jana", "clerk");
}

static void close_all(void)
{
	if (desk.server)
		desk_stop(&desk);
	stage_close();
}

START_TEST(names_that_are_ours)
{
	static const char *const ours[] = {
		"localhost", "LOCALHOST:8430", "127.0.0.1",       "127.0.0.1:1",
		"[::1]",     "[::1]:65535",    "127.255.255.254", "127.0.0.53:8430",
	};

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		ck_assert_msg(host_is_ours(ours[i], NULL), "%s", ours[i]);
	ck_assert(host_is_ours("Vorpost.example", "https://vorpost.example"));
	ck_assert(host_is_ours("vorpost.example:8443", "https://vorpost.example"));
	ck_assert(host_is_ours("vorpost.example", "https://vorpost.example:8443"));
	ck_assert(host_is_ours("[2001:db8::7]:443", "https://[2001:db8::7]"));
	ck_assert(host_is_ours("127.0.0.1:8430", "https://vorpost.example"));
}
END_TEST

START_TEST(names_that_are_not)
{
	static const char *const others[] = {
		"",
		" ",
		":8430",
		"evil.example",
		"evil.example:8430",
		"localhost.evil.example",
		"localhost.",
		"127.0.0.1.evil.example",
		"127.0.0.1.nip.example:80",
		"evil.example#localhost",
		"evil.example/localhost",
		"localhost@evil.example",
		"localhost:80@evil.example",
		"localhost:evil",
		"localhost:",
		"localhost:123456",
		"localhost:80:80",
		"localhost localhost",
		"localhost,evil.example",
		"127.1",
		"0x7f000001",
		"2130706433",
		"0177.0.0.1",
		"0.0.0.0",
		"::1",
		"[::1",
		"[::1]evil.example",
		"[::ffff:127.0.0.1]",
		"[]",
		"vorpost.example",
		"xn--localhost",
		"vorpost.example.evil.example",
		"127.0.0.1\xc2\xa0",
	};
	char *name = talloc_strdup(stage.mem, "");

	ck_assert(!host_is_ours(NULL, NULL));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		ck_assert_msg(!host_is_ours(others[i], NULL), "'%s'", others[i]);
	ck_assert(!host_is_ours("vorpost.exampl", "https://vorpost.example"));
	ck_assert(!host_is_ours("ost.example", "https://vorpost.example"));
	ck_assert(!host_is_ours("https://vorpost.example", "https://vorpost.example"));
	for (int i = 0; i < 5000; i++)
		name = talloc_strdup_append_buffer(name, "a");
	ck_assert(!host_is_ours(name, NULL));
	ck_assert(!host_is_ours(name, "https://vorpost.example"));
}
END_TEST

static struct got ask_as(const char *method, const char *path, const char *version,
			 const char *heads, const char *body)
{
	int fd = client_open();
	struct got got;

	client_say(fd, "%s %s HTTP/%s\r\n%sContent-Length: %zu\r\n\r\n%s", method, path, version,
		   heads, strlen(body), body);
	got = client_read(fd);
	close(fd);
	return got;
}

static void is_refused(struct got got)
{
	is_problem(got, 421, "host", "is not called");
	ck_assert_ptr_nonnull(strstr(got.body, "Unter diesem Namen antwortet der Server nicht."));
	ck_assert_ptr_null(head_of(got.head, "Set-Cookie"));
	ck_assert_ptr_null(head_of(got.head, "Access-Control-Allow-Origin"));
}

/* Not even what everybody may ask; and a right password or token does not help. */
START_TEST(a_rebound_name_gets_nothing)
{
	const char *login = "{\"user\":\"jana\",\"password\":\"" PASSWORD "\"}";
	const char *evil = "Host: evil.example\r\nOrigin: http://evil.example\r\n" JSON;
	char *token;

	people_open(API_LIMITS, NULL);
	token = token_new("events", "push");
	is_refused(ask_as("GET", "/", "1.1", evil, ""));
	is_refused(ask_as("GET", "/api/v1/login/options", "1.1", evil, ""));
	is_refused(ask_as("GET", "/nowhere", "1.1", evil, ""));
	is_refused(ask_as("POST", "/api/v1/login", "1.1", evil, login));
	is_refused(ask_as("GET", "/api/v1/events", "1.1",
			  talloc_asprintf(stage.mem, "%sAuthorization: Bearer %s\r\n", evil, token),
			  ""));
	is_refused(ask_as("GET", "/api/v1/login/options", "1.0", "", "")); /* no name at all */
	is_refused(ask_as("GET", "/api/v1/login/options", "1.0", "Host: evil.example\r\n", ""));
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from session"), "0");
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from audit"), "0");
	ck_assert_int_eq(try_login("jana", PASSWORD, "").status, 200);
}
END_TEST

/* The name of the configuration is one of ours, and what proxies are told about names is nothing to us. */
START_TEST(behind_a_proxy)
{
	people_open(API_LIMITS, "https://vorpost.example");
	ck_assert_int_eq(
		ask_as("GET", "/api/v1/login/options", "1.1", "Host: vorpost.example\r\n", "")
			.status,
		200);
	is_refused(ask_as("GET", "/api/v1/login/options", "1.1",
			  "Host: evil.example\r\nX-Forwarded-Host: vorpost.example\r\n"
			  "Forwarded: host=vorpost.example\r\n",
			  ""));
	ck_assert_int_eq(ask_as("GET", "/api/v1/login/options", "1.1",
				"Host: 127.0.0.1:8430\r\nX-Forwarded-Host: evil.example\r\n", "")
				 .status,
			 200);
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("host");

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, open_all, close_all);
	tcase_add_test(cases, names_that_are_ours);
	tcase_add_test(cases, names_that_are_not);
	tcase_add_test(cases, a_rebound_name_gets_nothing);
	tcase_add_test(cases, behind_a_proxy);
	return run_suite("host", cases);
}
