/* http_head_test.c -- the head of an answer by itself: Retry-After, limits, and what is refused. */
#include "ingest/http_head.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/limits.h"

static bool head_lines(struct http_head *head, struct err *e, const char *lines)
{
	int64_t wall_ms = 1740981600000; /* Mon, 03 Mar 2025 06:00:00 GMT */

	http_head_init(head);
	while (*lines) {
		const char *end = strchr(lines, '\n');

		if (!http_head_line(head, lines, (size_t)(end - lines) + 1, wall_ms, e))
			return false;
		lines = end + 1;
	}
	return true;
}

START_TEST(retry_after_is_seconds_or_a_date)
{
	static const struct {
		const char *value;
		int seconds;
	} cases[] = {
		{ "0", 0 },
		{ "007", 7 },
		{ "12x", 0 },
		{ "1.5", 0 },
		{ "", 0 },
		{ "Mon, 03 Mar 2025 06:02:00 GMT", 120 },
		{ "Mon, 03 Mar 2025 05:00:00 GMT", 0 },
		{ "Mon, 03 Mar 2031 05:00:00 GMT", HTTP_RETRY_AFTER_MOST_S },
		{ "9999999999", HTTP_RETRY_AFTER_MOST_S },
		{ "Mon, 03 Mar 2025 06:02:00 GMT and more", 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = { 0 };
		struct http_head head;
		char lines[200];

		snprintf(lines, sizeof lines, "HTTP/1.1 503 X\r\nRETRY-after:%s\r\n\r\n",
			 cases[i].value);
		ck_assert(head_lines(&head, &e, lines));
		ck_assert_msg(head.retry_after_s == cases[i].seconds, "%s: %d", cases[i].value,
			      head.retry_after_s);
	}
}
END_TEST

static bool head_of(int lines, int line_len)
{
	struct http_head head;
	struct err e = { 0 };
	char *line = malloc((size_t)line_len + 1);
	bool ok = true;

	memset(line, 'x', (size_t)line_len);
	memcpy(line, "X: ", 3);
	line[line_len - 1] = '\n';
	line[line_len] = '\0';
	ck_assert(head_lines(&head, &e, "HTTP/1.1 200 OK\r\n"));
	for (int i = 1; ok && i < lines; i++)
		ok = http_head_line(&head, line, (size_t)line_len, 0, &e);
	ck_assert(ok || e.kind == ERR_RETRY);
	free(line);
	return ok;
}

START_TEST(heads_have_limits)
{
	ck_assert(head_of(HTTP_HEAD_LINES_MOST, 20));
	ck_assert(!head_of(HTTP_HEAD_LINES_MOST + 1, 20));
	ck_assert(head_of(2, HTTP_HEAD_BYTES_MOST - 17));
	ck_assert(!head_of(2, HTTP_HEAD_BYTES_MOST - 16));
}
END_TEST

/* A head with this field, so many letters or digits long behind so many blanks. */
static bool field_of(struct http_head *head, const char *name, size_t blanks, char c, size_t len)
{
	struct err e = { 0 };
	char *value = malloc(len + 1), *lines;
	bool ok;

	memset(value, c, len);
	value[len] = '\0';
	ck_assert_int_ge(asprintf(&lines, "HTTP/1.1 200 OK\r\n%s:%*s%s\r\n\r\n", name, (int)blanks,
				  "", value),
			 0);
	ok = head_lines(head, &e, lines);
	ck_assert(ok || e.kind == ERR_RETRY);
	free(lines);
	free(value);
	return ok;
}

/* Blanks in front count for nothing, and do not cut what stands behind them. */
START_TEST(fields_have_limits)
{
	struct http_head head;

	ck_assert(field_of(&head, "Content-Type", 1, 'x', HTTP_CONTENT_TYPE_MOST));
	ck_assert_uint_eq(strlen(head.content_type), HTTP_CONTENT_TYPE_MOST);
	ck_assert(!field_of(&head, "Content-Type", 1, 'x', HTTP_CONTENT_TYPE_MOST + 1));
	ck_assert(!field_of(&head, "Content-Type", 2000, 'x', HTTP_CONTENT_TYPE_MOST));
	ck_assert(field_of(&head, "Content-Length", 1, '1', HTTP_LENGTH_DIGITS_MOST));
	ck_assert_int_gt(head.content_length, 0);
	ck_assert(!field_of(&head, "Content-Length", 1, '1', HTTP_LENGTH_DIGITS_MOST + 1));
	for (size_t blanks = 1400; blanks < 1700; blanks++)
		ck_assert(!field_of(&head, "Content-Length", blanks, '1', 2) ||
			  head.content_length == 11);
}
END_TEST

START_TEST(waiting_has_a_limit)
{
	for (int beyond = -1; beyond <= 1; beyond++) {
		struct err e = { 0 };
		struct http_head head;
		char lines[100];

		snprintf(lines, sizeof lines, "HTTP/1.1 503 X\r\nRetry-After: %d\r\n\r\n",
			 HTTP_RETRY_AFTER_MOST_S + beyond);
		ck_assert(head_lines(&head, &e, lines));
		ck_assert_int_eq(head.retry_after_s,
				 HTTP_RETRY_AFTER_MOST_S + (beyond < 0 ? beyond : 0));
	}
}
END_TEST

START_TEST(heads_that_are_refused)
{
	static const char *const bad[] = {
		"HTTP/1.1 abc\r\n",
		"HTTP/1.1\r\n",
		"HTTP/1.1 999 X\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 4x\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 4, 4\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
		"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Type: text/html\r\n",
		"HTTP/1.1 200 OK\r\nno colon\r\n",
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct http_head head;
		struct err e = { 0 };

		ck_assert_msg(!head_lines(&head, &e, bad[i]), "%s", bad[i]);
		ck_assert_int_eq(e.kind, ERR_RETRY);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("http_head");
	TCase *t = tcase_create("http_head");
	SRunner *runner;
	int failed;

	tcase_add_test(t, retry_after_is_seconds_or_a_date);
	tcase_add_test(t, heads_have_limits);
	tcase_add_test(t, fields_have_limits);
	tcase_add_test(t, waiting_has_a_limit);
	tcase_add_test(t, heads_that_are_refused);
	suite_add_tcase(suite, t);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
