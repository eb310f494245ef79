/* The splitter alone: every split of every message gives the same parts, byte for byte. */
#include "ingest/multipart.h"

#include "ingest/limits.h"
#include "tests/ingest/read_helpers.h"

struct split {
	bool ok;
	struct err e;
	char *log; /* "[id|type|encoding](bytes)" per part, bytes as hex */
	TALLOC_CTX *mem;
	uint64_t next;
	const char *body;
};

static bool on_begin(void *self, const struct part_head *head, struct err *e)
{
	struct split *s = self;

	(void)e;
	s->next = 0;
	s->log = talloc_asprintf_append_buffer(
		s->log, "[%s|%s|%s](", head->content_id ? head->content_id : "-",
		head->content_type ? head->content_type : "-",
		head->transfer_encoding ? head->transfer_encoding : "-");
	return true;
}

static bool on_bytes(void *self, const void *bytes, size_t len, uint64_t offset, struct err *e)
{
	struct split *s = self;

	(void)e;
	if (s->next)
		ck_assert_uint_eq(offset, s->next);
	ck_assert_mem_eq(s->body + offset, bytes, len); /* the offset tells the truth */
	s->next = offset + len;
	for (size_t i = 0; i < len; i++)
		s->log = talloc_asprintf_append_buffer(s->log, "%02x", ((const uint8_t *)bytes)[i]);
	return true;
}

static bool on_end(void *self, struct err *e)
{
	struct split *s = self;

	(void)e;
	s->log = talloc_strdup_append_buffer(s->log, ")");
	return true;
}

static struct split split(const char *boundary, const char *body, size_t len, size_t first,
			  size_t step, TALLOC_CTX *mem)
{
	struct split s = { .ok = true, .log = talloc_strdup(mem, ""), .mem = mem, .body = body };
	const struct part_receiver receiver = { &s, on_begin, on_bytes, on_end };
	struct multipart *multipart = multipart_new(boundary, &receiver, mem);

	for (size_t at = 0; s.ok && at < len;) {
		size_t n = at == 0 && first ? first : step;
		char *exact;

		n = n < len - at ? n : len - at;
		exact = malloc(n);
		memcpy(exact, body + at, n);
		s.ok = multipart_feed(multipart, exact, n, &s.e);
		free(exact);
		at += n;
	}
	s.ok = s.ok && multipart_end(multipart, &s.e);
	return s;
}

static const struct {
	const char *why, *boundary, *body, *log;
} good[] = {
	{ "plain", "b", "--b\r\n\r\nA\r\n--b--\r\n", "[-|-|-](41)" },
	{ "no line end behind the close", "b", "--b\r\n\r\nA\r\n--b--", "[-|-|-](41)" },
	{ "preamble", "b", "hello\r\n--b\r\n\r\nA\r\n--b--", "[-|-|-](41)" },
	{ "blank line in front", "b", "\r\n--b\r\n\r\nA\r\n--b--", "[-|-|-](41)" },
	{ "bare LF", "b", "--b\n\nA\n--b\n\nB\n--b--\n", "[-|-|-](41)[-|-|-](42)" },
	{ "boundary recovered", NULL, "--x:y\r\n\r\nA\r\n--x:y--\r\n", "[-|-|-](41)" },
	{ "boundary recovered behind blank lines", NULL, "\r\n\n--x\n\nA\n--x--", "[-|-|-](41)" },
	{ "document ends in CR", "b", "--b\r\n\r\nA\r\r\n--b--", "[-|-|-](410d)" },
	{ "document ends in LF", "b", "--b\r\n\r\nA\n\r\n--b--", "[-|-|-](410a)" },
	{ "document ends in CRLF", "b", "--b\r\n\r\nA\r\n\r\n--b--", "[-|-|-](410d0a)" },
	{ "document is CRLF", "b", "--b\r\n\r\n\r\n\r\n--b--", "[-|-|-](0d0a)" },
	{ "document begins with CRLF", "b", "--b\r\n\r\n\r\nA\r\n--b--", "[-|-|-](0d0a41)" },
	{ "document ends in CR in an LF message", "b", "--b\n\nA\r\n--b--", "[-|-|-](410d)" },
	{ "empty document", "b", "--b\r\n\r\n\r\n--b--", "[-|-|-]()" },
	{ "empty document, no line of its own", "b", "--b\r\n\r\n--b--", "[-|-|-]()" },
	{ "boundary in the line", "b", "--b\r\n\r\nA--b--\r\n--b--", "[-|-|-](412d2d622d2d)" },
	{ "boundary and a letter", "b", "--b\r\n\r\nA\r\n--bx\r\n--b--",
	  "[-|-|-](410d0a2d2d6278)" },
	{ "boundary and one dash", "b", "--b\r\n\r\nA\r\n--b-\r\n--b--",
	  "[-|-|-](410d0a2d2d622d)" },
	{ "closing and a letter", "b", "--b\r\n\r\nA\r\n--b--x\r\n--b--",
	  "[-|-|-](410d0a2d2d622d2d78)" },
	{ "LF and boundary in a CRLF message", "b", "--b\r\n\r\nA\n--b\r\nB\r\n--b--",
	  "[-|-|-](410a2d2d620d0a42)" },
	{ "delimiter line with LF only in a CRLF message", "b", "--b\r\n\r\nA\r\n--b\nB\r\n--b--",
	  "[-|-|-](410d0a2d2d620a42)" },
	{ "CR CR LF in front", "b", "--b\r\n\r\nA\r\r\r\n--b--", "[-|-|-](410d0d)" },
	{ "half a delimiter at the end", "bound", "--bound\r\n\r\nA\r\n--bou\r\n--bound--",
	  "[-|-|-](410d0a2d2d626f75)" },
	{ "repeated half delimiters", "b-b", "--b-b\r\n\r\n\r\n--b\r\n--b-\r\n--b-b--",
	  "[-|-|-](0d0a2d2d620d0a2d2d622d)" },
	{ "blanks behind the delimiter", "b", "--b \t\r\n\r\nA\r\n--b-- \t\r\n", "[-|-|-](41)" },
	{ "headers in any case, folded", "b",
	  "--b\r\ncontent-ID: <a@b>\r\nCONTENT-TYPE: text/plain;\r\n charset=utf-8\r\n\r\nA\r\n--b--",
	  "[a@b|text/plain; charset=utf-8|-](41)" },
	{ "Content-ID without <>", "b", "--b\r\nContent-ID: a@b\r\n\r\nA\r\n--b--",
	  "[a@b|-|-](41)" },
	{ "epilogue of blanks", "b", "--b\r\n\r\nA\r\n--b--\r\n\r\n \t", "[-|-|-](41)" },
	{ "transfer encoding", "b", "--b\r\nContent-Transfer-Encoding: binary\r\n\r\nA\r\n--b--",
	  "[-|-|binary](41)" },
};

START_TEST(every_split_gives_the_same_bytes)
{
	const char *body = good[_i].body;
	size_t len = strlen(body);

	for (size_t first = 0; first <= len; first++) { /* first 0: byte by byte */
		TALLOC_CTX *mem = talloc_new(NULL);
		struct split s = split(good[_i].boundary, body, len, first, first ? len : 1, mem);

		ck_assert_msg(s.ok, "%s, cut at %zu: %s", good[_i].why, first, s.e.text);
		ck_assert_msg(strcmp(s.log, good[_i].log) == 0, "%s, cut at %zu: %s", good[_i].why,
			      first, s.log);
		talloc_free(mem);
	}
}
END_TEST

static const struct {
	const char *why, *boundary, *body, *says;
} bad[] = {
	{ "nothing", "b", "", "no delimiter" },
	{ "no delimiter", "b", "hello\r\n", "no delimiter" },
	{ "no closing delimiter", "b", "--b\r\n\r\nA\r\n", "middle of part 1" },
	{ "cut in the closing delimiter", "b", "--b\r\n\r\nA\r\n--b-", "middle of part 1" },
	{ "a second part begins and nothing follows", "b", "--b\r\n\r\nA\r\n--b\r\n",
	  "head of part 2" },
	{ "cut in a head", "b", "--b\r\nContent-Type: te", "head of part 1" },
	{ "bytes behind the end", "b", "--b\r\n\r\nA\r\n--b--\r\nB",
	  "follow the closing delimiter" },
	{ "a part behind the end", "b", "--b\r\n\r\nA\r\n--b--\r\n--b\r\n\r\nB\r\n--b--",
	  "follow the closing" },
	{ "no part", "b", "--b--\r\n", "no part" },
	{ "header without colon", "b", "--b\r\nContent-Type\r\n\r\nA\r\n--b--", "none" },
	{ "header without name", "b", "--b\r\n: x\r\n\r\nA\r\n--b--", "none" },
	{ "Content-ID twice", "b", "--b\r\nContent-ID: a\r\nContent-Id: b\r\n\r\nA\r\n--b--",
	  "twice" },
	{ "Content-Type twice", "b",
	  "--b\r\nContent-Type: a/b\r\nContent-Type: a/b\r\n\r\nA\r\n--b--", "twice" },
	{ "encoding twice", "b",
	  "--b\r\nContent-Transfer-Encoding: 8bit\r\nContent-Transfer-Encoding: base64\r\n\r\nA\r\n--b--",
	  "twice" },
	{ "another boundary", "b", "--c\r\n\r\nA\r\n--c--", "no delimiter" },
	{ "nothing to recover", NULL, "hello\r\n", "does not begin" },
	{ "empty boundary", NULL, "--\r\n\r\nA\r\n----\r\n", "does not begin" },
	{ "boundary of control characters", NULL, "--\x01\x02\r\n\r\nA", "not allow" },
};

START_TEST(refused_however_it_is_cut)
{
	const char *body = bad[_i].body;
	size_t len = strlen(body);

	for (size_t first = 0; first <= len; first++) {
		TALLOC_CTX *mem = talloc_new(NULL);
		struct split s = split(bad[_i].boundary, body, len, first, first ? len : 1, mem);

		ck_assert_msg(!s.ok, "%s, cut at %zu: was accepted as %s", bad[_i].why, first,
			      s.log);
		ck_assert_int_eq(s.e.kind, ERR_DELIVERY);
		ck_assert_msg(strstr(s.e.text, bad[_i].says) != NULL, "%s: %s", bad[_i].why,
			      s.e.text);
		talloc_free(mem);
	}
}
END_TEST

/* --- limits, at and beyond --- */

static char *many(const char *what, size_t times, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < times; i++)
		text = talloc_strdup_append_buffer(text, what);
	return text;
}

static bool fits_as(const char *boundary, const char *body, TALLOC_CTX *mem)
{
	return split(boundary, body, strlen(body), 0, 1000, mem).ok;
}

static bool fits(const char *body, TALLOC_CTX *mem)
{
	return fits_as(NULL, body, mem);
}

START_TEST(limits)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *parts = many("--b\r\n\r\nA\r\n", PARTS_MOST, mem);
	char *headers = many("X: y\r\n", PART_HEADERS_MOST, mem);
	char *line = many("x", HEADER_LINE_MOST - 3, mem);
	char *boundary = many("b", BOUNDARY_LEN_MOST, mem);
	char *blanks = many(" ", DELIMITER_BLANKS_MOST, mem);

	ck_assert(fits(talloc_asprintf(mem, "%s--b--", parts), mem));
	ck_assert(!fits(talloc_asprintf(mem, "%s--b\r\n\r\nA\r\n--b--", parts), mem));
	ck_assert(fits(talloc_asprintf(mem, "--b\r\n%s\r\nA\r\n--b--", headers), mem));
	ck_assert(!fits(talloc_asprintf(mem, "--b\r\n%sX: y\r\n\r\nA\r\n--b--", headers), mem));
	ck_assert(fits(talloc_asprintf(mem, "--b\r\nX:%s\n\r\nA\r\n--b--", line), mem));
	ck_assert(!fits(talloc_asprintf(mem, "--b\r\nX:%sxxx\n\r\nA\r\n--b--", line), mem));
	ck_assert(fits(talloc_asprintf(mem, "--%s\r\n\r\nA\r\n--%s--", boundary, boundary), mem));
	ck_assert(
		!fits(talloc_asprintf(mem, "--%sb\r\n\r\nA\r\n--%sb--", boundary, boundary), mem));
	ck_assert(
		fits(talloc_asprintf(mem, "--b\r\n\r\nA\r\n--b%s\r\n\r\nB\r\n--b--", blanks), mem));
	/* one blank more and it is no delimiter but the document's own line */
	ck_assert(!fits(talloc_asprintf(mem, "--b\r\n\r\nA\r\n--b-- %s", blanks), mem));
	ck_assert(fits(talloc_asprintf(mem, "--b\r\n\r\nA\r\n--b-- %s\r\n--b--", blanks), mem));
	talloc_free(mem);
}
END_TEST

START_TEST(preamble_is_bounded)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *preamble = many("x", PREAMBLE_MOST, mem);

	ck_assert(fits_as("b", talloc_asprintf(mem, "%s\r\n--b\r\n\r\nA\r\n--b--", preamble + 2),
			  mem));
	ck_assert(!fits_as("b", talloc_asprintf(mem, "%sxx\r\n--b\r\n\r\nA\r\n--b--", preamble),
			   mem));
	talloc_free(mem);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("multipart");

	tcase_add_loop_test(tests, every_split_gives_the_same_bytes, 0,
			    sizeof good / sizeof good[0]);
	tcase_add_loop_test(tests, refused_however_it_is_cut, 0, sizeof bad / sizeof bad[0]);
	tcase_add_test(tests, limits);
	tcase_add_test(tests, preamble_is_bounded);
	return run_suite("multipart", tests);
}
