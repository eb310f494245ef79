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

/* The limit does not hang on the pieces in which the answer comes. */
START_TEST(markup_in_any_pieces)
{
	static const size_t steps[] = { 4099, 65537, XML_MARKUP_MOST, 2 * XML_MARKUP_MOST };
	TALLOC_CTX *mem = talloc_new(NULL);

	for (size_t beyond = 0; beyond <= 1; beyond++) {
		char *body = _i ? tag(XML_MARKUP_MOST + beyond, mem)
				: comment(XML_MARKUP_MOST + beyond, mem);

		for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
			struct read_result r = read_way(
				body, strlen(body), &(struct reading_way){ .step = steps[i] }, mem);

			ck_assert_msg(r.ok == !beyond, "%zu: %s", steps[i], r.e.text);
		}
	}
	talloc_free(mem);
}
END_TEST

/* Text of a section is handed on while it comes; a section outside Daten of which too much is held back is refused. */
START_TEST(sections_are_bounded)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	for (size_t times = 1; times <= 2; times++) {
		char *text = many("x", times * XML_MARKUP_MOST - strlen("]]>"), mem);
		char *body =
			in_transfer(talloc_asprintf(mem, "<v:x><![CDATA[%s]]></v:x>", text), mem);
		struct read_result r =
			read_way(body, strlen(body), &(struct reading_way){ .step = 65536 }, mem);

		ck_assert_msg(r.ok == (times == 1), "%s", r.e.text);
	}
	talloc_free(mem);
}
END_TEST

/* An encoding is heard up to the last byte of the longest declaration, and with a byte order mark in front. */
START_TEST(the_longest_declaration_is_heard)
{
	static const char *const encodings[] = { " encoding='ISO-8859-1'?>",
						 " encoding='UTF-8'?>" };
	static const char *const marks[] = { "", "\xef\xbb\xbf" };
	static const char *const letters[] = { "\xfc", "\xc3\xbc" };
	TALLOC_CTX *mem = talloc_new(NULL);

	for (size_t i = 0; i < 2; i++)
		for (size_t beyond = 0; beyond <= 1; beyond++) {
			char *head = talloc_asprintf(mem, "%s<?xml version='1.0'", marks[i]);
			size_t fill = XML_DECLARATION_MOST - strlen(head) - strlen(encodings[i]);
			char *body = talloc_asprintf(
				mem, "%s%s%s" TRANSFER("<g:Freitext>%s</g:Freitext>"), head,
				many(" ", fill + beyond, mem), encodings[i], letters[i]);
			struct read_result r = read_text(NULL, body, mem);

			ck_assert_int_eq(r.e.refusal, beyond ? REFUSAL_MARKUP_LONG : REFUSAL_NONE);
			if (!beyond)
				ck_assert_str_eq(r.answer->delivery->transfers[0].text, letters[1]);
		}
	talloc_free(mem);
}
END_TEST

START_TEST(warnings_are_bounded)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	for (size_t count = WARNINGS_MOST - 1; count <= WARNINGS_MOST + 1; count++) {
		struct read_result r =
			read_text(NULL, in_transfer(many("<g:Datei/>", count, mem), mem), mem);

		ck_assert_msg(r.ok, "%s", r.e.text);
		ck_assert_uint_eq(r.answer->delivery->warning_count,
				  count < WARNINGS_MOST ? count : WARNINGS_MOST);
	}
	talloc_free(mem);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("limits");

	tcase_add_loop_test(tests, at_and_beyond, 0, sizeof limits / sizeof limits[0]);
	tcase_add_test(tests, bytes_of_the_answer);
	tcase_add_test(tests, unknown_text_has_no_limit);
	tcase_add_loop_test(tests, markup_in_any_pieces, 0, 2);
	tcase_add_test(tests, sections_are_bounded);
	tcase_add_test(tests, the_longest_declaration_is_heard);
	tcase_add_test(tests, warnings_are_bounded);
	return run_suite("reader_limits", tests);
}
