/* bytes_test.c -- the document's bytes: ranges, types, names that an insurer chose to hurt. */
#include "clerk.h"

static char *bytes_arrive(const char *content, const char *type, const char *name)
{
	struct document_sink *sink = blob_sink(clerk_review.blobs);
	char sha256[SHA256_TEXT_SIZE];
	struct err e = { 0 };
	char *quoted = PQescapeLiteral(house.side, name, strlen(name));
	uint64_t size;
	char *id;

	ck_assert(sink->open(sink->self, &e) &&
		  sink->write(sink->self, content, strlen(content), &e) &&
		  sink->close(sink->self, &size, sha256, &e));
	id = arrive("S-1", "policy=XY-1");
	ask(talloc_asprintf(
		house.mem,
		"update document set sha256 = '%s', size = %d, media_type = '%s', name = %s",
		sha256, (int)size, type, quoted));
	PQfreemem(quoted);
	return id;
}

static struct got bytes_get(const char *id, const char *heads)
{
	int fd = client_open();
	struct got got;

	client_say(fd,
		   "GET /api/v1/documents/%s/bytes HTTP/1.1\r\nHost: localhost\r\n"
		   "Authorization: Bearer %s\r\n%s\r\n",
		   id, clerk, heads);
	got = client_read(fd);
	close(fd);
	return got;
}

static void part_is(const char *id, const char *range, int status, const char *body,
		    const char *content_range)
{
	struct got got = bytes_get(id, talloc_asprintf(house.mem, "Range: %s\r\n", range));

	ck_assert_msg(got.status == status, "%s: %d %s", range, got.status, got.body);
	if (body)
		ck_assert_str_eq(got.body, body);
	if (content_range)
		ck_assert_str_eq(head_of(got.head, "Content-Range"), content_range);
	else
		ck_assert_ptr_null(head_of(got.head, "Content-Range"));
}

START_TEST(ranges)
{
	char *id = bytes_arrive("0123456789", "application/pdf", "a.pdf");

	part_is(id, "bytes=0-3", 206, "0123", "bytes 0-3/10");
	part_is(id, "bytes=9-", 206, "9", "bytes 9-9/10");
	part_is(id, "bytes=-3", 206, "789", "bytes 7-9/10");
	part_is(id, "bytes=-99", 206, "0123456789", "bytes 0-9/10");
	part_is(id, "bytes=5-999", 206, "56789", "bytes 5-9/10");
	part_is(id, "bytes=10-", 416, NULL, "bytes */10");
	part_is(id, "bytes=-0", 416, NULL, "bytes */10");
	part_is(id, "bytes=0-1,3-4", 200, "0123456789", NULL);
	part_is(id, "bytes=4-2", 200, "0123456789", NULL);
	part_is(id, "bytes=x", 200, "0123456789", NULL);
	part_is(id, "lines=1-2", 200, "0123456789", NULL);
	part_is(id, "bytes=99999999999999999999-", 200, "0123456789", NULL);
	is_problem(bytes_get("nonsense", ""), 404, "missing", "");
}
END_TEST

START_TEST(what_was_seen_is_not_sent_again)
{
	char *id = bytes_arrive("0123456789", "application/pdf", "a.pdf");
	char *etag = head_of(bytes_get(id, "").head, "ETag");
	struct got got;

	got = bytes_get(id, talloc_asprintf(house.mem, "If-None-Match: %s\r\n", etag));
	ck_assert_int_eq(got.status, 304);
	got = bytes_get(id,
			talloc_asprintf(house.mem, "If-Range: %s\r\nRange: bytes=0-0\r\n", etag));
	ck_assert_int_eq(got.status, 206);
	got = bytes_get(id, "If-Range: \"other\"\r\nRange: bytes=0-0\r\n");
	ck_assert_int_eq(got.status, 200);
}
END_TEST

START_TEST(nothing_runs_and_no_name_leaves_the_header)
{
	char *id = bytes_arrive("<script>alert(1)</script>", "text/html",
				"x\"\r\nSet-Cookie: a=b\r\n\xe2\x80\xae.html");
	struct got got = bytes_get(id, "");

	ck_assert_int_eq(got.status, 200);
	ck_assert_str_eq(head_of(got.head, "Content-Type"), "application/octet-stream");
	ck_assert(strstr(head_of(got.head, "Content-Disposition"), "attachment") != NULL);
	ck_assert_ptr_null(head_of(got.head, "Set-Cookie"));
	ck_assert(strstr(head_of(got.head, "Content-Security-Policy"), "sandbox") != NULL);
	ck_assert_str_eq(head_of(got.head, "X-Content-Type-Options"), "nosniff");
	ask("update document set media_type = 'application/pdf'");
	got = bytes_get(id, "");
	ck_assert_str_eq(head_of(got.head, "Content-Type"), "application/pdf");
	ck_assert(strstr(head_of(got.head, "Content-Disposition"), "inline") != NULL);
	ask("update document set sha256 = repeat('0', 64)");
	is_problem(bytes_get(id, ""), 404, "missing", "no bytes");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("bytes");

	tcase_add_test(tc, ranges);
	tcase_add_test(tc, what_was_seen_is_not_sent_again);
	tcase_add_test(tc, nothing_runs_and_no_name_leaves_the_header);
	return clerk_run("bytes", tc);
}
