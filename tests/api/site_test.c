/* The files of the page: what is sent, in which coding, for how long, and what is never sent. */
#include <fcntl.h>

#include "api/site.h"
#include "tests/api/people.h"

static char *folder;

static void put(const char *name, const char *text)
{
	char *path = talloc_asprintf(stage.mem, "%s/%s", folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void open_all(void)
{
	struct err e = { 0 };

	stage_open();
	folder = talloc_asprintf(stage.mem, "%s/web", stage.folder);
	mkdir(folder, 0700);
	mkdir(talloc_asprintf(stage.mem, "%s/part", folder), 0700);
	put("index.html", "<title>page</title>");
	put("app-5XKQ2H3A.js", "plain script");
	put("app-5XKQ2H3A.js.br", "brotli");
	put("app-5XKQ2H3A.js.gz", "gzip");
	put("part/style.css", "body{}");
	put(".secret.txt", "hidden");
	put("notes.md", "not sent");
	if (symlink("/etc/passwd", talloc_asprintf(stage.mem, "%s/link.txt", folder)))
		ck_assert_int_eq(errno, EEXIST);
	desk.web.site = site_load(folder, stage.mem, &e);
	ck_assert_msg(desk.web.site != NULL, "%s", e.text);
	people_open(API_LIMITS, NULL);
}

static void close_all(void)
{
	desk_stop(&desk);
	stage_close();
}

static struct got page(const char *path, const char *heads)
{
	return ask(NULL, "GET", path, heads, NULL);
}

START_TEST(files_come_as_the_browser_takes_them)
{
	static const struct {
		const char *accept, *body;
	} cases[] = {
		{ "", "plain script" },
		{ "Accept-Encoding: gzip, deflate, br\r\n", "brotli" },
		{ "Accept-Encoding: gzip\r\n", "gzip" },
		{ "Accept-Encoding: br;q=0, gzip;q=0.5\r\n", "gzip" },
		{ "Accept-Encoding: br;q=0.000\r\n", "plain script" },
		{ "Accept-Encoding: brotli, xgzip\r\n", "plain script" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct got got = page("/app-5XKQ2H3A.js", cases[i].accept);

		ck_assert_int_eq(got.status, 200);
		ck_assert_str_eq(got.body, cases[i].body);
		ck_assert_str_eq(head_of(got.head, "Vary"), "Accept-Encoding");
		ck_assert_str_eq(head_of(got.head, "Content-Type"),
				 "text/javascript; charset=utf-8");
	}
}
END_TEST

START_TEST(what_has_a_hash_is_kept)
{
	struct got got = page("/app-5XKQ2H3A.js", "");
	char *etag;

	ck_assert_str_eq(head_of(got.head, "Cache-Control"), "public, max-age=31536000, immutable");
	got = page("/", "");
	ck_assert_str_eq(head_of(got.head, "Cache-Control"), "no-cache");
	etag = head_of(got.head, "ETag");
	got = page("/", talloc_asprintf(stage.mem, "If-None-Match: \"other\", W/%s\r\n", etag));
	ck_assert_int_eq(got.status, 304);
	ck_assert_str_eq(got.body, "");
	ck_assert_int_eq(page("/", "If-None-Match: \"other\"\r\n").status, 200);
}
END_TEST

START_TEST(the_pages_own_addresses_get_the_page)
{
	static const char *const paths[] = { "/", "/queue", "/queue/0192?insurer=x&empty&a=1&a=2",
					     "/customers/K%C3%B6ln" };

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct got got = page(paths[i], "");

		ck_assert_int_eq(got.status, 200);
		ck_assert_str_eq(got.body, "<title>page</title>");
		ck_assert_ptr_nonnull(
			strstr(head_of(got.head, "Content-Security-Policy"), "script-src 'self';"));
		ck_assert_ptr_null(strstr(head_of(got.head, "Content-Security-Policy"), "unsafe"));
	}
	ck_assert_str_eq(page("/part/style.css", "").body, "body{}");
	ck_assert_int_eq(ask(NULL, "HEAD", "/", "", NULL).status, 200);
}
END_TEST

START_TEST(nothing_else_is_sent)
{
	static const char *const paths[] = {
		"/.secret.txt",
		"/notes.md",
		"/link.txt",
		"/app-5XKQ2H3A.js.br",
		"/missing.js",
		"/../web/index.html",
		"/%2e%2e/%2e%2e/etc/passwd.txt",
		"/part/../index.html",
	};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		is_problem(page(paths[i], ""), 404, "path", "nothing");
	is_problem(page("/api/v1/nothing", ""), 404, "path", "nothing");
	is_problem(ask(NULL, "POST", "/queue", "", ""), 404, "path", "nothing");
}
END_TEST

START_TEST(a_folder_without_a_page_is_refused)
{
	struct err e = { 0 };

	ck_assert_ptr_null(site_load(talloc_asprintf(stage.mem, "%s/part", folder), stage.mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_nonnull(strstr(e.text, "index.html"));
	err_clear(&e);
	ck_assert_ptr_null(site_load("/nowhere/at/all", stage.mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("site");

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, open_all, close_all);
	tcase_add_test(cases, files_come_as_the_browser_takes_them);
	tcase_add_test(cases, what_has_a_hash_is_kept);
	tcase_add_test(cases, the_pages_own_addresses_get_the_page);
	tcase_add_test(cases, nothing_else_is_sent);
	tcase_add_test(cases, a_folder_without_a_page_is_refused);
	return run_suite("site", cases);
}
