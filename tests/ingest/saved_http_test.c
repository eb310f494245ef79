#include "ingest/saved_http.h"

#include "ingest/limits.h"
#include "ingest/refusal.h"
#include "tests/ingest/read_helpers.h"

struct outcome {
	bool ok;
	struct err e;
	struct http_head head;
	char body[200];
	size_t len;
};

static bool take(void *self, const void *bytes, size_t len, struct err *e)
{
	struct outcome *o = self;

	(void)e;
	ck_assert_uint_lt(o->len + len, sizeof o->body);
	memcpy(o->body + o->len, bytes, len);
	o->len += len;
	return true;
}

static struct outcome unframe(const char *text, size_t step, TALLOC_CTX *mem)
{
	struct outcome o = { 0 };
	size_t len = strlen(text), at;
	struct saved_http *body;

	o.ok = saved_http_head(&o.head, &at, text, len, &o.e);
	if (!o.ok)
		return o;
	body = saved_http_new(&o.head, take, &o, mem);
	for (; o.ok && at < len; at += step)
		o.ok = saved_http_feed(body, text + at, len - at < step ? len - at : step, &o.e);
	o.ok = o.ok && saved_http_end(body, &o.e);
	return o;
}

#define HEAD    "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
#define CHUNKED HEAD "Transfer-Encoding: chunked\r\n\r\n"

static const struct {
	const char *text;
	enum err_kind kind;
	const char *body;
} cases[] = {
	{ HEAD "\r\nabc", ERR_NONE, "abc" },
	{ HEAD "Content-Length: 3\r\n\r\nabc", ERR_NONE, "abc" },
	{ HEAD "Content-Length: 3\r\ncontent-length: 3\r\n\r\nabc", ERR_NONE, "abc" },
	{ "HTTP/1.1 100 Continue\r\n\r\n" HEAD "Content-Length: 3\r\n\r\nabc", ERR_NONE, "abc" },
	{ CHUNKED "3\r\nabc\r\n0\r\n\r\n", ERR_NONE, "abc" },
	{ CHUNKED "1;x=y\r\na\r\n00A\r\nbcdefghijk\r\n0\r\nTrailer: x\r\n\r\n", ERR_NONE,
	  "abcdefghijk" },
	{ HEAD, ERR_RETRY, "" },
	{ "HTTP/1.1 2", ERR_RETRY, "" },
	{ HEAD "Content-Length: 4\r\n\r\nabc", ERR_RETRY, "abc" },
	{ HEAD "Content-Length: 4\r\n\r\n", ERR_RETRY, "" },
	{ CHUNKED "3\r\nab", ERR_RETRY, "ab" },
	{ CHUNKED "3\r\nabc\r\n", ERR_RETRY, "abc" },
	{ CHUNKED "3\r\nabc\r\n0\r\n", ERR_RETRY, "abc" },
	{ HEAD "Content-Length: 2\r\n\r\nabc", ERR_DELIVERY, NULL },
	{ HEAD "Content-Length: 3\r\nContent-Length: 30\r\n\r\nabc", ERR_DELIVERY, NULL },
	{ HEAD "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ERR_DELIVERY,
	  NULL },
	{ HEAD "Content-Length: -3\r\n\r\nabc", ERR_DELIVERY, NULL },
	{ HEAD "Content-Length: 3, 3\r\n\r\nabc", ERR_DELIVERY, NULL },
	{ HEAD "Transfer-Encoding: gzip, chunked\r\n\r\n", ERR_DELIVERY, NULL },
	{ CHUNKED "0x3\r\nabc\r\n0\r\n\r\n", ERR_DELIVERY, NULL },
	{ CHUNKED "3\nabc\r\n0\r\n\r\n", ERR_DELIVERY, NULL },
	{ CHUNKED " 3\r\nabc\r\n0\r\n\r\n", ERR_DELIVERY, NULL },
	{ CHUNKED "2\r\nabc\r\n0\r\n\r\n", ERR_DELIVERY, NULL },
	{ CHUNKED "1000000000000000\r\nabc", ERR_DELIVERY, NULL },
	{ CHUNKED "\r\nabc", ERR_DELIVERY, NULL },
	{ CHUNKED "3\r\nabc\r\n0\r\n\r\nmore", ERR_DELIVERY, NULL },
};

START_TEST(framing)
{
	for (size_t step = 1; step < 20; step++) {
		TALLOC_CTX *mem = talloc_new(NULL);
		struct outcome o = unframe(cases[_i].text, step, mem);

		ck_assert_msg(o.e.kind == cases[_i].kind, "%s: %s", err_kind_name(o.e.kind),
			      o.e.text);
		ck_assert(o.ok == (o.e.kind == ERR_NONE));
		if (cases[_i].body)
			ck_assert_str_eq(o.body, cases[_i].body);
		talloc_free(mem);
	}
}
END_TEST

static char *filled(char c, size_t len, TALLOC_CTX *mem)
{
	char *text = talloc_zero_size(mem, len + 1);

	memset(text, c, len);
	return text;
}

/* "1;" and "\r" count, the line's LF does not. */
START_TEST(long_chunk_line)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	for (size_t beyond = 0; beyond <= 1; beyond++) {
		char *extension = filled('x', HTTP_CHUNK_LINE_MOST - 3 + beyond, mem);
		struct outcome o = unframe(
			talloc_asprintf(mem, CHUNKED "1;%s\r\na\r\n0\r\n\r\n", extension), 50, mem);

		ck_assert_int_eq(o.e.refusal, beyond ? REFUSAL_HTTP_CHUNK : REFUSAL_NONE);
		ck_assert_str_eq(o.body, beyond ? "" : "a");
	}
	talloc_free(mem);
}
END_TEST

START_TEST(digits_of_a_chunk)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	for (size_t beyond = 0; beyond <= 1; beyond++) {
		char *zeros = filled('0', HTTP_LENGTH_DIGITS_MOST - 1 + beyond, mem);
		struct outcome o = unframe(
			talloc_asprintf(mem, CHUNKED "%s1\r\na\r\n0\r\n\r\n", zeros), 50, mem);

		ck_assert_int_eq(o.e.refusal, beyond ? REFUSAL_HTTP_CHUNK : REFUSAL_NONE);
	}
	talloc_free(mem);
}
END_TEST

/* The end of the head is its last byte; a head without one is not waited for any longer. */
START_TEST(long_head)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	for (size_t beyond = 0; beyond <= 1; beyond++) {
		size_t fill = HTTP_HEAD_BYTES_MOST - strlen(HEAD "X: \r\n\r\n") + beyond;
		char *field = filled('x', fill, mem);
		struct outcome o =
			unframe(talloc_asprintf(mem, HEAD "X: %s\r\n\r\n", field), 50, mem);

		ck_assert_int_eq(o.e.refusal, beyond ? REFUSAL_HTTP_HEAD : REFUSAL_NONE);
		o = unframe(filled('x', HTTP_HEAD_BYTES_MOST - 1 + beyond, mem), 50, mem);
		ck_assert_int_eq(o.e.kind, beyond ? ERR_DELIVERY : ERR_RETRY);
	}
	talloc_free(mem);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("saved_http");

	tcase_add_loop_test(tests, framing, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tests, long_chunk_line);
	tcase_add_test(tests, digits_of_a_chunk);
	tcase_add_test(tests, long_head);
	return run_suite("saved_http", tests);
}
