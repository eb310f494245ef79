/* Signed MTOM: the signature covers the message with its parts put back; and what is read of a verified answer. */
#include "tests/ingest/trust_helpers.h"

#include "ingest/limits.h"
#include "ingest/refusal.h"
#include "ingest/session.h"
#include "tests/hostile/compose.h"
#include "tests/ingest/read_helpers.h"

static struct verdict verified_mtom(const struct trust *trust, const char *text, TALLOC_CTX *mem)
{
	return verified_as(trust, RELATED, text, strlen(text), mem);
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
#define MTOM(what, include, parts, refusal) { what, include, parts },
#include "tests/hostile/mtom.inc"
#undef MTOM
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
			verified_mtom(trust, mtom_of(&s, bad[i].include, bad[i].parts, mem), mem)
				.e.refusal,
			"%s", bad[i].what);
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

/* As long as a signed answer may be, but for room for the rest of it. */
#define DOCUMENT_MOST ((SIGNED_ANSWER_MOST - 16384) / 4 * 3)

START_TEST(long_documents_verify)
{
	const size_t len = DOCUMENT_MOST;
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

/* What counts is what was signed: the parts as base64. Exactly at the limit, and a part of one byte more. */
START_TEST(parts_count_as_base64)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	char *root = replaced(s.text, DOCUMENT_TEXT, XOP_INCLUDE("pdf@vu"), mem);
	size_t room = SIGNED_ANSWER_MOST - strlen(root);

	root = talloc_asprintf(mem, "%s%*s", root, (int)(room % 4), "");
	for (size_t more = 0; more < 2; more++) {
		size_t len = room / 4 * 3 + more;
		char *document = talloc_zero_size(mem, len + 1), *text;
		struct verdict v;

		memset(document, 'x', len);
		text = talloc_asprintf(mem, XOP_BEGIN "%s" XOP_PART("pdf@vu", "%s") XOP_END, root,
				       document);
		ck_assert_uint_lt(strlen(text), SIGNED_ANSWER_MOST);
		v = verified_mtom(trust, text, mem);
		ck_assert_int_eq(v.e.refusal, more ? REFUSAL_SIGNED_LONG : REFUSAL_SIGNATURE_WRONG);
		ck_assert(!more || strstr(v.e.text, "limit 8388608"));
	}
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
	const struct trust_message message = { .content_type = type,
					       .bytes = text,
					       .len = strlen(text) };
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

/* Better not asked at all than believed unverified: an insurer's file may have changed after the connection was made. */
START_TEST(who_demands_signatures_says_whose)
{
	const struct session_options options = { 0 };
	const struct connection connection = { .username = (char *)"x" };
	struct profile profile = profile_default;
	struct err e = { 0 };

	profile.signature = SIGNATURE_REQUIRED;
	ck_assert_ptr_null(session_new(&connection, &profile, &options, NULL, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_nonnull(strstr(e.text, "--trust"));
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
		struct read_result r = read_text("text/xml", text, mem);

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
	tcase_add_test(tests, parts_count_as_base64);
	tcase_add_test(tests, elements_and_ids_have_limits);
	tcase_add_test(tests, namespaces_in_scope_have_a_limit);
	tcase_add_test(tests, a_prefix_list_has_a_limit);
	tcase_add_test(tests, only_what_was_signed_is_read);
	tcase_add_test(tests, a_signed_refusal_keeps_its_code);
	tcase_add_test(tests, policies);
	tcase_add_test(tests, who_demands_signatures_says_whose);
	tcase_add_test(tests, a_signature_is_seen_wherever_it_stands);
	return run_cases("trust_mtom", tests);
}
