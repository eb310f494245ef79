/* Signed MTOM: the signature covers the message with its parts put back; and what is read of a verified answer. */
#include "tests/ingest/trust_helpers.h"

#include "ingest/limits.h"
#include "ingest/session.h"
#include "tests/ingest/read_helpers.h"

#define XOP_BEGIN                                                                                  \
	"--b-1\r\nContent-Type: application/xop+xml; charset=UTF-8\r\nContent-ID: <root@vu>\r\n\r\n"
#define XOP_PART(id, bytes)                                                                        \
	"\r\n--b-1\r\nContent-Type: application/pdf\r\nContent-ID: <" id ">\r\n\r\n" bytes
#define XOP_END "\r\n--b-1--\r\n"
#define XOP_INCLUDE(id)                                                                            \
	"<x:Include xmlns:x=\"http://www.w3.org/2004/08/xop/include\" href=\"cid:" id "\"/>"

#define DOCUMENT      "%PDF-1.4"
#define DOCUMENT_TEXT "JVBERi0xLjQ=" /* as in GOOD */

static struct verdict verified_mtom(const struct trust *trust, const char *text, TALLOC_CTX *mem)
{
	return verified_as(trust, RELATED, text, strlen(text), mem);
}

/* The signed sample with this in the place of its base64, as the root of a multipart message with these parts. */
static char *mtom_of(const struct sample *s, const char *include, const char *parts,
		     TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, XOP_BEGIN "%s%s" XOP_END,
			       replaced(s->text, DOCUMENT_TEXT, include, mem), parts);
}

START_TEST(parts_are_put_back_before_verifying)
{
	static const struct {
		const char *include, *parts;
	} good[] = {
		{ XOP_INCLUDE("pdf@vu"), XOP_PART("pdf@vu", DOCUMENT) },
		{ XOP_INCLUDE("pdf%40vu"), XOP_PART("pdf@vu", DOCUMENT) },
		{ XOP_INCLUDE("a@vu"),
		  "\r\n--b-1\r\nContent-Transfer-Encoding: base64\r\nContent-ID: "
		  "<a@vu>\r\n\r\nJVBERi0x\r\nLjQ=\r\n" },
		{ DOCUMENT_TEXT, "" },
	};
	static const struct {
		const char *what, *include, *parts;
	} bad[] = {
		{ "another byte", XOP_INCLUDE("pdf@vu"), XOP_PART("pdf@vu", "%PDF-1.5") },
		{ "one byte more", XOP_INCLUDE("pdf@vu"), XOP_PART("pdf@vu", DOCUMENT "\n") },
		{ "no part", XOP_INCLUDE("pdf@vu"), "" },
		{ "no such part", XOP_INCLUDE("doc@vu"), XOP_PART("pdf@vu", DOCUMENT) },
		{ "id in other case", XOP_INCLUDE("PDF@vu"), XOP_PART("pdf@vu", DOCUMENT) },
		{ "a part that nobody names", DOCUMENT_TEXT, XOP_PART("pdf@vu", "EVIL") },
		{ "one part more", XOP_INCLUDE("pdf@vu"),
		  XOP_PART("pdf@vu", DOCUMENT) XOP_PART("evil@vu", "EVIL") },
		{ "two parts of a name", XOP_INCLUDE("pdf@vu"),
		  XOP_PART("pdf@vu", DOCUMENT) XOP_PART("pdf@vu", "EVIL") },
		{ "a part twice", XOP_INCLUDE("pdf@vu") XOP_INCLUDE("pdf@vu"),
		  XOP_PART("pdf@vu", DOCUMENT) },
		{ "text beside it", "JVBE" XOP_INCLUDE("pdf@vu"), XOP_PART("pdf@vu", DOCUMENT) },
		{ "blanks beside it", " " XOP_INCLUDE("pdf@vu"), XOP_PART("pdf@vu", DOCUMENT) },
		{ "http",
		  "<x:Include xmlns:x=\"http://www.w3.org/2004/08/xop/include\" "
		  "href=\"http://127.0.0.1:1/\"/>",
		  XOP_PART("pdf@vu", DOCUMENT) },
		{ "no href", "<x:Include xmlns:x=\"http://www.w3.org/2004/08/xop/include\"/>",
		  XOP_PART("pdf@vu", DOCUMENT) },
		{ "broken base64", XOP_INCLUDE("a@vu"),
		  "\r\n--b-1\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <a@vu>\r\n\r\nJVBERi0xLjQ" },
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct verdict v =
			verified_mtom(trust, mtom_of(&s, good[i].include, good[i].parts, mem), mem);

		ck_assert_msg(v.ok, "case %zu: %s", i, v.e.text);
		ck_assert(gives(&v, s.body));
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(
			!verified_mtom(trust, mtom_of(&s, bad[i].include, bad[i].parts, mem), mem)
				 .ok,
			"accepted: %s", bad[i].what);
	talloc_free(mem);
}
END_TEST

/* A signature over the Include covers a name, not the document. */
START_TEST(a_signature_over_the_include_is_refused)
{
	static const char include[] =
		"<x:Include xmlns:x=\"http://www.w3.org/2004/08/xop/include\" href=\"cid:pdf@vu\">"
		"</x:Include>";
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	char *body = replaced(BODY_TEXT("body", GOOD), DOCUMENT_TEXT, include, mem);
	struct sample s = sign(&(struct recipe){ .body = body }, mem);
	char *text = talloc_asprintf(mem, XOP_BEGIN "%s%s", s.text,
				     XOP_PART("pdf@vu", DOCUMENT) XOP_END);

	ck_assert(!verified_mtom(trust, text, mem).ok);
	ck_assert(!verified(trust, s.text, mem).ok); /* nor without any part */
	talloc_free(mem);
}
END_TEST

START_TEST(an_include_outside_the_body_is_refused)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	const char *value = strstr(s.text, "<ds:SignatureValue>") + strlen("<ds:SignatureValue>");
	char *base64 = talloc_strndup(mem, value, strcspn(value, "<"));
	char *text = replaced(s.text, base64, XOP_INCLUDE("sig@vu"), mem);

	text = talloc_asprintf(mem,
			       XOP_BEGIN "%s\r\n--b-1\r\nContent-Transfer-Encoding: base64\r\n"
					 "Content-ID: <sig@vu>\r\n\r\n%s" XOP_END,
			       text, base64);
	ck_assert(!verified_mtom(trust, text, mem).ok);
	text = replaced(s.text, "<soap:Header>", "<soap:Header><h>" XOP_INCLUDE("h@vu") "</h>",
			mem);
	text = talloc_asprintf(mem, XOP_BEGIN "%s%s", text, XOP_PART("h@vu", "x") XOP_END);
	ck_assert(!verified_mtom(trust, text, mem).ok);
	talloc_free(mem);
}
END_TEST

/* --- size --- */

/* libxml2's own text nodes end at 10 MB. */
START_TEST(long_documents_verify)
{
	const size_t len = 12 * 1000 * 1000;
	TALLOC_CTX *mem = talloc_new(NULL);
	char *document = talloc_zero_size(mem, len);
	char *body = replaced(BODY_TEXT("body", GOOD), DOCUMENT_TEXT, base64_of(document, len, mem),
			      mem);
	struct sample s = sign(&(struct recipe){ .body = body }, mem);
	struct verdict v = verified(trust_pinned(mem), s.text, mem);

	ck_assert_msg(v.ok, "%s", v.e.text);
	ck_assert(gives(&v, s.body));
	talloc_free(mem);
}
END_TEST

START_TEST(a_signed_answer_has_a_limit)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	size_t len = strlen(s.text);
	char *padded = talloc_size(mem, SIGNED_ANSWER_MOST + 1);
	struct verdict v;

	memset(padded, ' ', SIGNED_ANSWER_MOST + 1);
	memcpy(padded, s.text, len);
	v = verified_as(trust, NULL, padded, SIGNED_ANSWER_MOST, mem);
	ck_assert_msg(v.ok, "%s", v.e.text);
	v = verified_as(trust, NULL, padded, SIGNED_ANSWER_MOST + 1, mem);
	ck_assert(!v.ok && strstr(v.e.text, "limit"));
	talloc_free(mem);
}
END_TEST

/* Many more elements, each with an id or without. */
static char *with_header(const struct sample *s, bool ids, size_t count, TALLOC_CTX *mem)
{
	char *many = talloc_size(mem, count * 24 + 64), *to = many;

	to += sprintf(to, "<soap:Header><x>");
	for (size_t i = 0; i < count; i++)
		to += sprintf(to, ids ? "<y id='i%zu'/>" : "<y n='%zu'/>", i);
	strcpy(to, "</x>");
	return replaced(s->text, "<soap:Header>", many, mem);
}

START_TEST(elements_and_ids_have_limits)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	size_t elements = 1, ids = 3;

	for (const char *p = s.text; (p = strchr(p, '<')); p++)
		elements += p[1] != '/';
	ck_assert(verified(trust, with_header(&s, false, SIGNED_ELEMENTS_MOST - elements, mem), mem)
			  .ok);
	ck_assert(!verified(trust, with_header(&s, false, SIGNED_ELEMENTS_MOST - elements + 1, mem),
			    mem)
			   .ok);
	ck_assert(verified(trust, with_header(&s, true, SIGNED_IDS_MOST - ids, mem), mem).ok);
	ck_assert(!verified(trust, with_header(&s, true, SIGNED_IDS_MOST - ids + 1, mem), mem).ok);
	talloc_free(mem);
}
END_TEST

START_TEST(namespaces_in_scope_have_a_limit)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	char *root = talloc_strdup(mem, "<soap:Header><x");

	for (int i = 1; i < SIGNED_NAMESPACES_MOST; i++) /* soap is one */
		root = talloc_asprintf_append_buffer(
			root,
			i % XML_ATTRIBUTES_MOST ? " xmlns:p%d='urn:p'" : "><x xmlns:p%d='urn:p'",
			i);
	for (int i = 0; i < 2; i++) {
		char *more = talloc_asprintf(mem, "%s>%s</x></x></x></x>", root,
					     i ? "<y xmlns='urn:y'/>" : "<y/><y/>");

		ck_assert_int_eq(
			verified(trust, replaced(s.text, "<soap:Header>", more, mem), mem).ok,
			i == 0);
	}
	talloc_free(mem);
}
END_TEST

START_TEST(a_prefix_list_has_a_limit)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);

	for (int extra = 0; extra <= 1; extra++) {
		char *list = talloc_zero_size(mem, SIGNED_PREFIXES_MOST + 2);

		memset(list, 'p', (size_t)(SIGNED_PREFIXES_MOST + extra));
		struct recipe recipe = {
			.transforms = talloc_asprintf(
				mem,
				"<ds:Transforms><ds:Transform Algorithm=\"" EXC
				"\"><ec:InclusiveNamespaces xmlns:ec=\"" EXC
				"\" PrefixList=\"%s\"></ec:InclusiveNamespaces></ds:Transform>"
				"</ds:Transforms>",
				list),
		};

		ck_assert_int_eq(verified(trust, sign(&recipe, mem).text, mem).ok, extra == 0);
	}
	talloc_free(mem);
}
END_TEST

/* --- reading --- */

static bool read_signed(struct answer **answer, struct err *e, const struct trust *trust,
			const char *type, const char *text, const char *id, TALLOC_CTX *mem)
{
	const struct reader_limits limits = { .answer_bytes_most = 1 << 20, .list_most = 10 };
	const struct trust_message message = { type, text, strlen(text) };
	const struct trust_reading reading = { id, &limits, kept_sink(mem) };

	*e = (struct err){ 0 };
	return trust_read(answer, trust, &message, &reading, NOW_MS, mem, e);
}

START_TEST(only_what_was_signed_is_read)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	char *mtom = mtom_of(&s, XOP_INCLUDE("pdf@vu"), XOP_PART("pdf@vu", DOCUMENT), mem);
	struct answer *answer;
	struct err e;

	for (int i = 0; i < 2; i++) {
		const struct transfer *t;

		ck_assert_msg(read_signed(&answer, &e, trust, i ? RELATED : "text/xml",
					  i ? mtom : s.text, "70001", mem),
			      "%s", e.text);
		ck_assert_str_eq(answer->delivery->signature, "verified");
		t = &answer->delivery->transfers[0];
		ck_assert_str_eq(t->numbers[0].value, "12345678");
		ck_assert_str_eq(t->documents[0].name, "Police.pdf");
		ck_assert_str_eq(t->documents[0].sha256,
				 sha256_of(DOCUMENT, strlen(DOCUMENT), mem));
	}
	ck_assert(!read_signed(&answer, &e, trust, "text/xml", s.text, "70002", mem));
	ck_assert(strstr(e.text, "another shipment"));
	ck_assert(!read_signed(&answer, &e, NULL, "text/xml", s.text, "70001", mem));
	ck_assert_int_eq(e.kind, ERR_DELIVERY);
	talloc_free(mem);
}
END_TEST

/* A signed refusal is a refusal, not a bad signature. */
START_TEST(a_signed_refusal_keeps_its_code)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(
		&(struct recipe){
			.body = BODY_TEXT("body",
					  "<t:getShipmentResponse xmlns:t=\"" TRANSFER_NS
					  "\"><t:Response><t:Status><t:StatusID>NOK</t:StatusID>"
					  "<t:Meldung><t:MeldungID>04003</t:MeldungID></t:Meldung>"
					  "</t:Status></t:Response></t:getShipmentResponse>") },
		mem);
	struct answer *answer;
	struct err e;

	ck_assert(!read_signed(&answer, &e, trust, "text/xml", s.text, NULL, mem));
	ck_assert_str_eq(e.code, "04003");
	talloc_free(mem);
}
END_TEST

START_TEST(policies)
{
	const struct {
		enum signature_policy policy;
		bool is_signed, ok, needed;
	} cases[] = {
		{ SIGNATURE_NONE, false, true, false },
		{ SIGNATURE_NONE, true, true, false },
		{ SIGNATURE_IF_PRESENT, false, true, false },
		{ SIGNATURE_IF_PRESENT, true, true, true },
		{ SIGNATURE_REQUIRED, false, false, false },
		{ SIGNATURE_REQUIRED, true, true, true },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct answer answer = { .is_signed = cases[i].is_signed };
		struct err e = { 0 };
		bool needed;

		ck_assert_int_eq(trust_needed(&needed, cases[i].policy, &answer, &e), cases[i].ok);
		ck_assert_int_eq(needed, cases[i].needed);
		ck_assert_int_eq(e.kind, cases[i].ok ? ERR_NONE : ERR_DELIVERY);
	}
}
END_TEST

/* Better not asked at all than believed unverified. */
START_TEST(a_signature_cannot_be_asked_for_in_polling_yet)
{
	const struct session_options options = { 0 };
	const struct connection connection = { 0 };
	struct profile profile = profile_default;

	for (int policy = SIGNATURE_IF_PRESENT; policy <= SIGNATURE_REQUIRED; policy++) {
		struct err e = { 0 };

		profile.signature = (enum signature_policy)policy;
		ck_assert_ptr_null(session_new(&connection, &profile, &options, NULL, &e));
		ck_assert_int_eq(e.kind, ERR_SETUP);
	}
}
END_TEST

/* The reader must see every signature that there could be, wherever it stands. */
START_TEST(a_signature_is_seen_wherever_it_stands)
{
	static const char *const places[] = { "<q:Body>", "<t:Response>", "<t:Transfer>",
					      "</q:Body>" };
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *plain = TRANSFER(DATA("AAAA"));

	ck_assert(!read_text("text/xml", plain, mem).answer->is_signed);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const char *element = "<s:Signature xmlns:s=\"" DS_NS "\"/>";
		bool behind = places[i][1] == '/', before = i == 0;
		char *text = replaced(
			plain, places[i],
			behind || before
				? talloc_asprintf(mem, "%s%s%s", before ? "<q:Header>" : places[i],
						  element, before ? "</q:Header><q:Body>" : "")
				: talloc_asprintf(mem, "%s%s", places[i], element),
			mem);
		struct reading r = read_text("text/xml", text, mem);

		ck_assert_msg(r.ok, "%s: %s", places[i], r.e.text);
		ck_assert_msg(r.answer->is_signed, "%s", places[i]);
		ck_assert_str_eq(r.answer->delivery->signature, "present");
	}
	talloc_free(mem);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("parts");

	tcase_add_test(tests, parts_are_put_back_before_verifying);
	tcase_add_test(tests, a_signature_over_the_include_is_refused);
	tcase_add_test(tests, an_include_outside_the_body_is_refused);
	tcase_add_test(tests, long_documents_verify);
	tcase_add_test(tests, a_signed_answer_has_a_limit);
	tcase_add_test(tests, elements_and_ids_have_limits);
	tcase_add_test(tests, namespaces_in_scope_have_a_limit);
	tcase_add_test(tests, a_prefix_list_has_a_limit);
	tcase_add_test(tests, only_what_was_signed_is_read);
	tcase_add_test(tests, a_signed_refusal_keeps_its_code);
	tcase_add_test(tests, policies);
	tcase_add_test(tests, a_signature_cannot_be_asked_for_in_polling_yet);
	tcase_add_test(tests, a_signature_is_seen_wherever_it_stands);
	return run_cases("trust_mtom", tests);
}
