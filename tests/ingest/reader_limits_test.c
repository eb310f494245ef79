/* Every limit of ingest/limits.h that the XML side keeps: at it the answer is read, one beyond it is refused. */
#include "ingest/limits.h"
#include "ingest/refusal.h"
#include "tests/hostile/beyond.h"
#include "tests/ingest/read_helpers.h"

START_TEST(at_and_beyond)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	for (size_t beyond = 0; beyond <= 1; beyond++) {
		char *body = limits[_i].answer(limits[_i].most + beyond, mem);
		struct read_result r =
			read_way(body, strlen(body), &(struct reading_way){ .step = 8192 }, mem);

		ck_assert_msg(r.ok == !beyond, "%s, %zu: %s", limits[_i].what,
			      limits[_i].most + beyond, r.e.text);
		ck_assert_int_eq(r.e.refusal, beyond ? limits[_i].refusal : REFUSAL_NONE);
	}
	talloc_free(mem);
}
END_TEST

START_TEST(bytes_of_the_answer)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *body = LIST("");
	size_t len = strlen(body);

	ck_assert(read_way(body, len, &(struct reading_way){ .step = 10, .most = len }, mem).ok);
	ck_assert(
		!read_way(body, len, &(struct reading_way){ .step = 10, .most = len - 1 }, mem).ok);
	talloc_free(mem);
}
END_TEST

/* Long text that nobody asked for is passed over, whatever its length. */
START_TEST(unknown_text_has_no_limit)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *body = in_transfer(
		talloc_asprintf(mem, "<v:Bild>%s</v:Bild>", many("x", 3000000, mem)), mem);
	struct read_result r =
		read_way(body, strlen(body), &(struct reading_way){ .step = 8192 }, mem);

	ck_assert_msg(r.ok, "%s", r.e.text);
	talloc_free(mem);
}
END_TEST

/* A comment as long as the limit is passed over; one that never ends is not waited for. */
START_TEST(markup_that_never_ends)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *fill = many(">", XML_MARKUP_MOST, mem);
	char *fits = in_transfer(talloc_asprintf(mem, "<!--%s-->", fill + 100), mem);
	char *beyond = in_transfer(talloc_asprintf(mem, "<v:x a=\"%s%s", fill, fill), mem);
	struct read_result r =
		read_way(fits, strlen(fits), &(struct reading_way){ .step = 8192 }, mem);

	ck_assert_msg(r.ok, "%s", r.e.text);
	r = read_way(beyond, strlen(beyond), &(struct reading_way){ .step = 8192 }, mem);
	ck_assert_msg(strstr(r.e.text, "does not end") != NULL, "%s", r.e.text);
	talloc_free(mem);
}
END_TEST

START_TEST(warnings_are_bounded)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct read_result r =
		read_text(NULL, in_transfer(many("<g:Datei/>", WARNINGS_MOST + 5, mem), mem), mem);

	ck_assert_msg(r.ok, "%s", r.e.text);
	ck_assert_uint_eq(r.answer->delivery->warning_count, WARNINGS_MOST);
	talloc_free(mem);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("limits");

	tcase_add_loop_test(tests, at_and_beyond, 0, sizeof limits / sizeof limits[0]);
	tcase_add_test(tests, bytes_of_the_answer);
	tcase_add_test(tests, unknown_text_has_no_limit);
	tcase_add_test(tests, markup_that_never_ends);
	tcase_add_test(tests, warnings_are_bounded);
	return run_suite("reader_limits", tests);
}
