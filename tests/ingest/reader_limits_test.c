/* Every limit of ingest/limits.h that the XML side keeps: at it the answer is read, one beyond it is refused. */
#include "ingest/limits.h"
#include "tests/ingest/read_helpers.h"

static char *many(const char *what, size_t times, TALLOC_CTX *mem)
{
	size_t len = strlen(what);
	char *text = talloc_size(mem, len * times + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(text + i * len, what, len);
	text[len * times] = '\0';
	return text;
}

static char *in_transfer(const char *inner, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, TRANSFER("%s"), inner);
}

/* Builders: an answer with n of something. */
static char *depth(size_t n, TALLOC_CTX *mem)
{
	size_t below = n - 6; /* Envelope, Body, wrapper, Response, Lieferung, Transfer */

	return in_transfer(
		talloc_asprintf(mem, "%s%s", many("<v:x>", below, mem), many("</v:x>", below, mem)),
		mem);
}

static char *attributes(size_t n, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "<v:x");

	for (size_t i = 0; i < n; i++)
		text = talloc_asprintf_append_buffer(text, " a%zu=\"\"", i);
	return in_transfer(talloc_asprintf(mem, "%s/>", text), mem);
}

static char *attribute_len(size_t n, TALLOC_CTX *mem)
{
	return in_transfer(talloc_asprintf(mem, "<v:x a=\"%s\"/>", many("a", n, mem)), mem);
}

static char *name_len(size_t n, TALLOC_CTX *mem)
{
	return in_transfer(talloc_asprintf(mem, "<v:%s/>", many("x", n, mem)), mem);
}

static char *attribute_name_len(size_t n, TALLOC_CTX *mem)
{
	return in_transfer(talloc_asprintf(mem, "<v:x %s=\"\"/>", many("x", n, mem)), mem);
}

static char *field(size_t n, TALLOC_CTX *mem)
{
	return in_transfer(talloc_asprintf(mem, "<g:Freitext>%s</g:Freitext>", many("x", n, mem)),
			   mem);
}

static char *id_len(size_t n, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, GET("<t:ID>%s</t:ID><t:Transfer/>"), many("x", n, mem));
}

static char *transfers(size_t n, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, GET("<t:ID>1</t:ID>%s"), many("<t:Transfer/>", n, mem));
}

static char *documents(size_t n, TALLOC_CTX *mem)
{
	return in_transfer(many("<g:Datei><a:Daten>QUJD</a:Daten></g:Datei>", n, mem), mem);
}

/* A root that refers to all other parts, which stand in the opposite order; two transfers, for one holds fewer. */
static char *parts(size_t n, TALLOC_CTX *mem)
{
	char *xml = talloc_strdup(mem, ""), *rest = talloc_strdup(mem, "");

	for (size_t i = 1; i < n; i++) {
		xml = talloc_asprintf_append_buffer(xml, "%s" INCLUDE("p%zu@vu"),
						    i == n / 2 ? "</t:Transfer><t:Transfer>" : "",
						    i);
		rest = talloc_asprintf_append_buffer(rest, PART("p%zu@vu", "%%PDF"), n - i);
	}
	return talloc_asprintf(mem, ROOT "%s%s" CLOSE, in_transfer(xml, mem), rest);
}

_Static_assert(PARTS_MOST > DOCUMENTS_MOST,
	       "a transfer's documents fit with MTOM as they do inline");

static char *numbers(size_t n, TALLOC_CTX *mem)
{
	return in_transfer(
		many("<t:Versicherungsscheinnummer>1</t:Versicherungsscheinnummer>", n, mem), mem);
}

static char *messages(size_t n, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, STATUS("OK", "%s"), many("<n:Meldung/>", n, mem));
}

static char *shipments(size_t n, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, LIST("%s"),
			       many("<t:Lieferung><t:ID>1</t:ID></t:Lieferung>", n, mem));
}

static char *elements(size_t n, TALLOC_CTX *mem)
{
	size_t others = 10; /* of GET with its status, an ID and a Transfer */

	return in_transfer(many("<v:x/>", n - others, mem), mem);
}

static const struct {
	const char *what;
	char *(*answer)(size_t n, TALLOC_CTX *mem);
	size_t most;
} limits[] = {
	{ "depth", depth, XML_DEPTH_MOST },
	{ "attributes", attributes, XML_ATTRIBUTES_MOST },
	{ "attribute length", attribute_len, XML_ATTRIBUTE_LEN_MOST },
	{ "element name", name_len, XML_NAME_LEN_MOST },
	{ "attribute name", attribute_name_len, XML_NAME_LEN_MOST },
	{ "text of a field", field, FIELD_TEXT_MOST },
	{ "shipment id", id_len, SHIPMENT_ID_LEN_MOST },
	{ "transfers", transfers, TRANSFERS_MOST },
	{ "documents", documents, DOCUMENTS_MOST },
	{ "parts", parts, PARTS_MOST },
	{ "numbers", numbers, NUMBERS_MOST },
	{ "messages", messages, MESSAGES_MOST },
	{ "shipments of a list", shipments, 10000 }, /* read_way's list_most */
	{ "elements", elements, XML_ELEMENTS_MOST },
};

START_TEST(at_and_beyond)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	for (size_t beyond = 0; beyond <= 1; beyond++) {
		char *body = limits[_i].answer(limits[_i].most + beyond, mem);
		struct reading r =
			read_way(body, strlen(body), &(struct reading_way){ .step = 8192 }, mem);

		ck_assert_msg(r.ok == !beyond, "%s, %zu: %s", limits[_i].what,
			      limits[_i].most + beyond, r.e.text);
		ck_assert_int_eq(r.e.kind, beyond ? ERR_DELIVERY : ERR_NONE);
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
	struct reading r = read_way(body, strlen(body), &(struct reading_way){ .step = 8192 }, mem);

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
	struct reading r = read_way(fits, strlen(fits), &(struct reading_way){ .step = 8192 }, mem);

	ck_assert_msg(r.ok, "%s", r.e.text);
	r = read_way(beyond, strlen(beyond), &(struct reading_way){ .step = 8192 }, mem);
	ck_assert_msg(strstr(r.e.text, "does not end") != NULL, "%s", r.e.text);
	talloc_free(mem);
}
END_TEST

START_TEST(warnings_are_bounded)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct reading r =
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
