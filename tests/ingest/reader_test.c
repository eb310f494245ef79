/* What must be refused (first), and what must be read, whatever the insurer's dialect. */
#include "ingest/limits.h"
#include "ingest/refusal.h"
#include "tests/ingest/read_helpers.h"

#define ANY NULL
#define XML "text/xml; charset=utf-8"

static const struct {
	const char *why, *type, *body;
	enum refusal refusal;
	const char *says; /* in the sentence */
} refused[] = {
#define MESSAGE(class, why, type, body, refusal, says) { why, type, body, REFUSAL_##refusal, says },
#include "tests/hostile/message.inc"
#undef MESSAGE
};

START_TEST(refuses)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *body = refused[_i].body;

	for (size_t step = 0; step <= 7;
	     step = step * 2 + 1) { /* whole, and in pieces of 1, 3, 7 */
		struct read_result r = read_way(
			body, strlen(body),
			&(struct reading_way){ .type = refused[_i].type, .step = step }, mem);
		struct err again = { 0 };

		ck_assert_msg(!r.ok, "%s: was read as\n%s", refused[_i].why, facts_text(&r, mem));
		ck_assert_msg(r.e.kind == ERR_DELIVERY, "%s: %s", refused[_i].why, r.e.text);
		ck_assert_msg(r.e.refusal == (int)refused[_i].refusal, "%s: %s [%s]",
			      refused[_i].why, r.e.text, refusal_word(r.e.refusal));
		ck_assert_msg(strstr(r.e.text, refused[_i].says) != NULL, "%s (pieces of %zu): %s",
			      refused[_i].why, step, r.e.text);
		ck_assert(!reader_feed(r.reader, "x", 1, &again)); /* the same error for ever */
		ck_assert_str_eq(again.text, r.e.text);
	}
	talloc_free(mem);
}
END_TEST

/* --- NOK and faults: the most telling code decides --- */

#define FAULT(code, detail)                                                                        \
	BODY("<q:Fault><faultcode>" code "</faultcode><faultstring>x</faultstring><detail>" detail \
	     "</detail></q:Fault>")
#define EXCEPTION(codes)                                                                                           \
	"<n:BiproException><n:BiPROVersion>2.6.1.1.0</n:BiPROVersion><n:Status><n:StatusID>NOK</n:StatusID>" codes \
	"</n:Status></n:BiproException>"

static const struct {
	const char *body;
	enum err_kind kind;
	const char *code, *says;
} told[] = {
	{ STATUS("NOK", CODE("00960") CODE("00962")), ERR_RETRY, "00962", "00960, 00962" },
	{ STATUS("NOK", CODE("00962") CODE("00960")), ERR_RETRY, "00962", "00962, 00960" },
	{ STATUS("NOK", CODE("00960")), ERR_LOGIN, "00960", "00960" },
	{ STATUS("nok", CODE("00961")), ERR_LOGIN, "00961", "credentials" },
	{ STATUS("NOK", CODE("00962") CODE("00964")), ERR_LOGIN, "00964", "locked" },
	{ STATUS("NOK", CODE("00965")), ERR_LOGIN, "00965", "" },
	{ STATUS("NOK", CODE("00966")), ERR_LOGIN, "00966", "" },
	{ STATUS("NOK", CODE("00963")), ERR_LOGIN, "00963", "" },
	{ STATUS("NOK", CODE("00940")), ERR_RETRY, "00940", "out of service" },
	{ STATUS("NOK", CODE("00949")), ERR_RETRY, "00949", "" },
	{ STATUS("NOK", CODE("00932")), ERR_RETRY, "00932", "" },
	{ STATUS("NOK", CODE("00930")), ERR_SETUP, "00930", "" },
	{ STATUS("NOK", CODE("00931")), ERR_SETUP, "00931", "" },
	{ STATUS("NOK", CODE("00007")), ERR_SETUP, "00007", "schema" },
	{ STATUS("NOK", CODE("00008")), ERR_SETUP, "00008", "" },
	{ STATUS("NOK", CODE("00009")), ERR_SETUP, "00009", "" },
	{ STATUS("NOK", CODE("00909")), ERR_SETUP, "00909", "" },
	{ STATUS("NOK", CODE("04005")), ERR_SETUP, "04005", "category" },
	{ STATUS("NOK", CODE("04003")), ERR_DELIVERY, "04003", "no shipment" },
	{ STATUS("NOK", CODE("04006")), ERR_DELIVERY, "04006", "no longer" },
	{ STATUS("NOK", CODE("99999")), ERR_DELIVERY, "99999", "other" },
	{ STATUS("NOK", CODE("123")), ERR_DELIVERY, "123", "other" },
	{ STATUS("NOK", ""), ERR_DELIVERY, "", "no MeldungID" },
	{ STATUS("NOK", CODE("<![CDATA[<b>]]>")), ERR_DELIVERY, "", "no MeldungID" },
	{ FAULT("q:Client", EXCEPTION(CODE("00961"))), ERR_LOGIN, "00961", "a fault" },
	{ FAULT("q:Server", EXCEPTION(CODE("00932"))), ERR_RETRY, "00932", "a fault" },
	{ FAULT("soap-env:Server", EXCEPTION("")), ERR_RETRY, "", "of the server" },
	{ FAULT("q:Server", ""), ERR_RETRY, "", "of the server" },
	{ FAULT("q:Client", ""), ERR_DELIVERY, "", "no MeldungID" },
	{ FAULT("wsse:FailedAuthentication", ""), ERR_LOGIN, "00960", "" },
	{ FAULT("wsc:BadContextToken", ""), ERR_RETRY, "00962", "" },
	{ BODY("<q:Fault/>"), ERR_DELIVERY, "", "no MeldungID" },
	{ "<q:Fault xmlns:q=\"" SOAP "\"><faultcode>q:Server</faultcode></q:Fault>", ERR_RETRY, "",
	  "a fault" },
	{ GET_RAW("<n:Status><n:StatusID>NOK</n:StatusID>" CODE("04001") "</n:Status>"),
	  ERR_DELIVERY, "04001", "" },
};

START_TEST(codes)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct read_result r = read_text(XML, told[_i].body, mem);

	ck_assert(!r.ok);
	ck_assert_msg(r.refused, "%s", r.e.text);
	ck_assert_msg(r.e.kind == told[_i].kind, "%s: %s", err_kind_name(r.e.kind), r.e.text);
	ck_assert_str_eq(r.e.code, told[_i].code);
	ck_assert_msg(strstr(r.e.text, told[_i].says) != NULL, "%s", r.e.text);
	talloc_free(mem);
}
END_TEST

START_TEST(messages_never_reach_the_sentence)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct read_result r = read_text(
		XML,
		STATUS("NOK",
		       "<n:Meldung><n:MeldungID>00001</n:MeldungID><n:Text>Mustermann</n:Text></n:Meldung>"),
		mem);

	ck_assert(!r.ok);
	ck_assert_ptr_null(strstr(r.e.text, "Mustermann"));
	talloc_free(mem);
}
END_TEST

START_TEST(another_shipment_is_refused)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *body = TRANSFER("");
	struct read_result r = read_way(body, strlen(body),
					&(struct reading_way){ .type = XML, .id = "70002" }, mem);

	ck_assert(!r.ok);
	ck_assert_ptr_nonnull(strstr(r.e.text, "another shipment"));
	r = read_way(body, strlen(body), &(struct reading_way){ .type = XML, .id = "70001" }, mem);
	ck_assert_msg(r.ok, "%s", r.e.text);
	body = GET("<t:ID>A&amp;B</t:ID><t:Transfer/>"); /* compared as decoded */
	r = read_way(body, strlen(body), &(struct reading_way){ .type = XML, .id = "A&B" }, mem);
	ck_assert_msg(r.ok, "%s", r.e.text);
	talloc_free(mem);
}
END_TEST

START_TEST(a_document_without_a_sink_is_refused)
{
	const struct reader_limits limits = { .answer_bytes_most = 1 << 20, .list_most = 10 };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct reader *reader = reader_new(XML, NULL, &limits, NULL, mem);
	struct answer *answer;
	struct err e = { 0 };

	ck_assert(
		!(reader_feed(reader, TRANSFER(DATA("QUJD")), strlen(TRANSFER(DATA("QUJD"))), &e) &&
		  reader_end(reader, &answer, &e)));
	ck_assert_ptr_nonnull(strstr(e.text, "none is expected"));
	talloc_free(mem);
}
END_TEST

START_TEST(a_failure_abandons_the_open_document)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	TALLOC_CTX *shipment = talloc_new(mem);
	struct document_sink *sink = kept_sink(mem);
	struct kept *kept = sink->self;
	const struct reader_limits limits = { .answer_bytes_most = 1 << 20, .list_most = 10 };
	struct reader *reader = reader_new(XML, NULL, &limits, sink, shipment);
	const char *body = TRANSFER(DATA("QUJDRA$"));
	struct err e = { 0 };

	ck_assert(!reader_feed(reader, body, strlen(body), &e));
	talloc_free(shipment);
	ck_assert(!kept->open);
	ck_assert_int_eq(kept->closed, 0);
	ck_assert_int_eq(kept->abandoned, 1);
	talloc_free(mem);
}
END_TEST

/* One entry that cannot be asked for does not hide the others; how many there were is told. */
START_TEST(a_list_entry_without_usable_id_is_passed_over)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *id = talloc_zero_size(mem, SHIPMENT_ID_LEN_MOST + 2);
	struct read_result r;

	memset(id, 'x', SHIPMENT_ID_LEN_MOST + 1);
	r = read_text(XML,
		      talloc_asprintf(mem,
				      LIST("<t:Lieferung><t:Kategorie>1</t:Kategorie></t:Lieferung>"
					   "<t:Lieferung><t:ID>70001</t:ID></t:Lieferung>"
					   "<t:Lieferung><t:ID> </t:ID></t:Lieferung>"
					   "<t:Lieferung><t:ID>%s</t:ID></t:Lieferung>"
					   "<t:Lieferung><t:ID>70001</t:ID></t:Lieferung>"
					   "<t:Lieferung><t:ID>%s</t:ID></t:Lieferung>"),
				      id, id + 1),
		      mem);
	ck_assert_msg(r.ok, "%s", r.e.text);
	ck_assert_uint_eq(r.answer->list.count, 2);
	ck_assert_uint_eq(r.answer->list.passed_over, 3);
	ck_assert_str_eq(r.answer->list.items[0].id, "70001");
	ck_assert_str_eq(r.answer->list.items[1].id, id + 1);
	talloc_free(mem);
}
END_TEST

#define WARNED(kind, code)                                                                         \
	GET_RAW("<n:Status><n:StatusID>OK</n:StatusID><n:Meldung><n:ArtID>" kind                   \
		"</n:ArtID><n:MeldungID>" code                                                     \
		"</n:MeldungID><n:Text>Frau Tannhuber</n:Text></n:Meldung></n:Status>"             \
		"<t:Lieferung><t:ID>70001</t:ID><t:Transfer/></t:Lieferung>")

/* A good answer stays good; what the insurer warns of is told, and nobody's name. */
START_TEST(a_warning_beside_ok_is_told)
{
	static const struct {
		const char *answer, *says;
	} cases[] = {
		{ WARNED("Warnung", "04010"), "the insurer warns: 04010 (other)" },
		{ WARNED("Hinweis", "00010"), "the insurer warns: 00010 (a text was cut off)" },
		{ WARNED("Fehler", "Tannhuber"), "the insurer warns: no code (other)" },
		{ WARNED("Hinweis", "04000"), NULL },
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct read_result r = read_text(XML, cases[_i].answer, mem);

	ck_assert_msg(r.ok, "%s", r.e.text);
	ck_assert_uint_eq(r.answer->delivery->warning_count, cases[_i].says != NULL);
	if (cases[_i].says)
		ck_assert_str_eq(r.answer->delivery->warnings[0], cases[_i].says);
	talloc_free(mem);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("refusals");

	tcase_add_loop_test(tests, refuses, 0, sizeof refused / sizeof refused[0]);
	tcase_add_loop_test(tests, codes, 0, sizeof told / sizeof told[0]);
	tcase_add_test(tests, messages_never_reach_the_sentence);
	tcase_add_test(tests, a_list_entry_without_usable_id_is_passed_over);
	tcase_add_loop_test(tests, a_warning_beside_ok_is_told, 0, 4);
	tcase_add_test(tests, another_shipment_is_refused);
	tcase_add_test(tests, a_document_without_a_sink_is_refused);
	tcase_add_test(tests, a_failure_abandons_the_open_document);
	return run_suite("reader", tests);
}
