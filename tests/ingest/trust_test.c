/* Signed answers: what must verify, every class of attack on the form of a signature, and what is read afterwards. */
#include "base/clock.h"
#include "ingest/limits.h"
#include "ingest/refusal.h"
#include "tests/hostile/compose.h"
#include "tests/ingest/trust_helpers.h"

/* --- what must verify --- */

static void assert_verifies(const char *what, const struct trust *trust, const char *text,
			    const char *body, TALLOC_CTX *mem)
{
	struct verdict v = verified(trust, text, mem);

	ck_assert_msg(v.ok, "%s: %s", what, v.e.text);
	ck_assert_msg(gives(&v, body), "%s: another body:\n%.*s", what, (int)v.len, v.envelope);
}

START_TEST(good_signatures_verify)
{
	const struct subject ec = identity_make(ec_key, &ca, &(struct wish){ .name = "ec" });
	const struct subject ec384 = identity_make(ec384_key, &ca, &(struct wish){ .name = "ec" });
	const char *inclusive =
		"<ds:Transforms><ds:Transform Algorithm=\"" EXC
		"\"><ec:InclusiveNamespaces xmlns:ec=\"" EXC
		"\" PrefixList=\"soap wsu\"></ec:InclusiveNamespaces></ds:Transform>"
		"</ds:Transforms>";
	const struct {
		const char *what;
		struct recipe recipe;
	} cases[] = {
		{ "RSA-SHA256", { 0 } },
		{ "RSA-SHA384", { .method = MORE "rsa-sha384", .signature_md = EVP_sha384() } },
		{ "RSA-SHA512", { .method = MORE "rsa-sha512", .signature_md = EVP_sha512() } },
		{ "ECDSA-SHA256", { .method = MORE "ecdsa-sha256", .by = &ec } },
		{ "ECDSA-SHA384",
		  { .method = MORE "ecdsa-sha384", .by = &ec384, .signature_md = EVP_sha384() } },
		{ "digest SHA-384", { .digest = MORE "sha384", .digest_md = EVP_sha384() } },
		{ "digest SHA-512", { .digest = ENC "sha512", .digest_md = EVP_sha512() } },
		{ "prefix list", { .transforms = inclusive } },
		{ "a minute ahead",
		  { .created = "2026-03-03T06:00:59Z", .expires = "2026-03-03T06:05:59Z" } },
		{ "six minutes old",
		  { .created = "2026-03-03T05:54:01Z", .expires = "2026-03-03T06:09:00Z" } },
		{ "expired within the skew",
		  { .created = "2026-03-03T05:55:00Z", .expires = "2026-03-03T05:59:01Z" } },
		{ "fractions", { .created = "2026-03-03T05:59:58.123Z" } },
		{ "another header, unsigned",
		  { .more_header = "<w:Action xmlns:w=\"urn:w\">x</w:Action>" } },
		{ "token type unsaid at the reference",
		  { .key_info =
			    "<ds:KeyInfo><wsse:SecurityTokenReference><wsse:Reference URI=\"#token\"/>"
			    "</wsse:SecurityTokenReference></ds:KeyInfo>" } },
		{ "signed text with markup in it",
		  { .body = BODY_TEXT("body",
				      "<t:x xmlns:t=\"urn:t\" a=\"&amp;&lt;&quot;\">&amp;&lt;&gt;"
				      "\xc3\xbc&#xD;</t:x>") } },
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust =
		trust_in((X509 *[]){ insurer.x, ec.x, ec384.x, NULL }, NULL, NULL, mem);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sample s = sign(&cases[i].recipe, mem);

		assert_verifies(cases[i].what, trust, s.text, s.body, mem);
	}
	X509_free(ec.x);
	X509_free(ec384.x);
	talloc_free(mem);
}
END_TEST

/* The same infoset in other letters. */
START_TEST(spelling_does_not_matter)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "<soap:Envelope",
		  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<soap:Envelope" },
		{ "<soap:Envelope", "\xef\xbb\xbf<soap:Envelope" },
		{ "<soap:Envelope", "  \n<soap:Envelope" },
		{ "<soap:Envelope", "<!-- made by nobody --><soap:Envelope" },
		{ "wsu:Id=\"body\"", "wsu:Id  =\n'body'" },
		{ "12345678", "<![CDATA[1234]]>5678" },
		{ "12345678", "&#x31;&#50;345678" },
		{ "<soap:Header>", "<soap:Header>\r\n\t" },
		{ "<wsu:Timestamp", "\n<wsu:Timestamp" },
		{ "<ds:SignatureValue>", "<ds:SignatureValue>\r\n" },
		{ "</soap:Envelope>", "\n</soap:Envelope>\n" },
		{ "</soap:Envelope>", "</soap:Envelope><!-- end -->" },
		{ "<wsse:Security ", "<wsse:Security soap:mustUnderstand=\"1\" " },
		{ "<wsse:Security ", "<wsse:Security soap:actor=\"\" " },
		{ "<ds:Signature ", "<ds:Signature Id=\"SIG-1\" " },
		{ "<ds:KeyInfo>", "<ds:KeyInfo Id=\"KI-1\">" },
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_verifies(cases[i].to, trust,
				replaced(s.text, cases[i].from, cases[i].to, mem), s.body, mem);
	talloc_free(mem);
}
END_TEST

START_TEST(other_elements_may_be_signed_too)
{
	static const char action[] = "<w:Action xmlns:w=\"urn:w\" xmlns:wsu=\"" WSU_NS
				     "\" wsu:Id=\"action\">x</w:Action>";
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct recipe recipe = { .more_header = action };
	struct sample s;

	recipe.more_references = talloc_asprintf(
		mem, "%s%s",
		reference_text("URI=\"#action\"",
			       "<ds:Transforms>" TRANSFORM(EXC) "</ds:Transforms>", ENC "sha256",
			       EVP_sha256(), action, mem),
		reference_text("URI=\"#token\"",
			       "<ds:Transforms>" TRANSFORM(EXC) "</ds:Transforms>", ENC "sha256",
			       EVP_sha256(), token_text(&recipe, "token", mem), mem));
	s = sign(&recipe, mem);
	assert_verifies("token and header", trust, s.text, s.body, mem);
	ck_assert(
		!verified(trust, replaced(s.text, ">x</w:Action>", ">y</w:Action>", mem), mem).ok);
	talloc_free(mem);
}
END_TEST

START_TEST(order_of_security_does_not_matter)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	const char *begin = strstr(s.text, "<wsu:Timestamp"), *end = strstr(begin, "<wsse:Binary");
	char *timestamp = talloc_strndup(mem, begin, (size_t)(end - begin));
	char *moved = replaced(s.text, timestamp, "", mem);

	moved = replaced(moved, "</wsse:Security>",
			 talloc_asprintf(mem, "%s</wsse:Security>", timestamp), mem);
	assert_verifies("Timestamp last", trust, moved, s.body, mem);
	talloc_free(mem);
}
END_TEST

/* --- attacks on the text of a signed message --- */

START_TEST(changed_texts_are_refused)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
#define CHANGED(from, to, refusal) { from, to },
#include "tests/hostile/changed.inc"
#undef CHANGED
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct verdict v =
			verified(trust, replaced(s.text, cases[i].from, cases[i].to, mem), mem);

		ck_assert_msg(!v.ok, "accepted: %s -> %s", cases[i].from, cases[i].to);
		ck_assert_msg(v.e.refusal != REFUSAL_NONE, "%s", v.e.text);
	}
	talloc_free(mem);
}
END_TEST

/* --- wrapping: the signed Body is somewhere, another one where it should be --- */

START_TEST(wrapped_bodies_are_refused)
{
	static const char *const plans[] = {
#define WRAPPED(plan, refusal) plan,
#include "tests/hostile/wrapped.inc"
#undef WRAPPED
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);

	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
		ck_assert_msg(verified(trust, composed(plans[i], &s, mem), mem).e.refusal, "%s",
			      plans[i]);
	assert_verifies("unwrapped", trust, composed("<soap:Header>%S</soap:Header>%B", &s, mem),
			s.body, mem);
	talloc_free(mem);
}
END_TEST

START_TEST(bodies_hidden_in_security_are_refused)
{
	static const char *const places[] = {
#define HIDDEN(place, refusal, in_object) place,
#include "tests/hostile/hidden.inc"
#undef HIDDEN
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		for (int in_object = 0; in_object < 2; in_object++) {
			char *text = hidden(places[i], in_object, &s, mem);

			ck_assert_msg(verified(trust, text, mem).e.refusal, "at %s", places[i]);
		}
	talloc_free(mem);
}
END_TEST

/* --- messages that the trusted key signed, but not so as we accept --- */

START_TEST(signatures_of_another_form_are_refused)
{
	const struct {
		const char *what;
		struct recipe recipe;
	} cases[] = {
#define FORM(what, refusal, ...) { what, __VA_ARGS__ },
#include "tests/hostile/form.inc"
#undef FORM
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_msg(verified(trust, sign(&cases[i].recipe, mem).text, mem).e.refusal,
			      "%s", cases[i].what);
	talloc_free(mem);
}
END_TEST

START_TEST(many_references_have_a_limit)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);

	const int most = SIGNED_REFERENCES_MOST - 2; /* beside the Body's and the Timestamp's */

	for (int count = most; count <= most + 1; count++) {
		char *references = talloc_strdup(mem, ""), *headers = talloc_strdup(mem, "");

		for (int i = 0; i < count; i++) {
			char *header = talloc_asprintf(mem,
						       "<w:h xmlns:w=\"urn:w\" xmlns:wsu=\"" WSU_NS
						       "\" wsu:Id=\"h%d\"></w:h>",
						       i);

			headers = talloc_strdup_append_buffer(headers, header);
			references = talloc_strdup_append_buffer(
				references, reference_text(talloc_asprintf(mem, "URI=\"#h%d\"", i),
							   TRANSFORMS(TRANSFORM(EXC)), ENC "sha256",
							   EVP_sha256(), header, mem));
		}
		ck_assert_int_eq(verified(trust,
					  sign(&(struct recipe){ .more_references = references,
								 .more_header = headers },
					       mem)
						  .text,
					  mem)
					 .ok,
				 count == most);
	}
	talloc_free(mem);
}
END_TEST

/* Moments from now on: the last that is taken, and a millisecond beyond. */
static const struct {
	int64_t created_ms, expires_ms;
	enum refusal refusal;
} times[] = {
	{ SIGNED_SKEW_MS, SIGNED_SKEW_MS + 1, REFUSAL_NONE },
	{ SIGNED_SKEW_MS + 1, SIGNED_SKEW_MS + 2, REFUSAL_TIMESTAMP_FUTURE },
	{ -SIGNED_AGE_MOST_MS, 1, REFUSAL_NONE },
	{ -SIGNED_AGE_MOST_MS - 1, 1, REFUSAL_TIMESTAMP_OLD },
	{ -SIGNED_SKEW_MS - 1, -SIGNED_SKEW_MS + 1, REFUSAL_NONE },
	{ -SIGNED_SKEW_MS - 1, -SIGNED_SKEW_MS, REFUSAL_TIMESTAMP_EXPIRED },
	{ 0, SIGNED_LIFE_MOST_MS, REFUSAL_NONE },
	{ 0, SIGNED_LIFE_MOST_MS + 1, REFUSAL_TIMESTAMP_LIFE },
	{ 0, 1, REFUSAL_NONE },
	{ 0, 0, REFUSAL_TIMESTAMP_LIFE },
};

START_TEST(times_have_limits)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char created[CLOCK_TEXT_SIZE], expires[CLOCK_TEXT_SIZE];
	const struct recipe recipe = {
		.created = clock_text(created, NOW_MS + times[_i].created_ms),
		.expires = clock_text(expires, NOW_MS + times[_i].expires_ms),
	};
	struct verdict v = verified(trust_pinned(mem), sign(&recipe, mem).text, mem);

	ck_assert_int_eq(v.e.refusal, times[_i].refusal);
	ck_assert(v.ok == (times[_i].refusal == REFUSAL_NONE));
	talloc_free(mem);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("trust");

	tcase_add_test(tests, good_signatures_verify);
	tcase_add_test(tests, spelling_does_not_matter);
	tcase_add_test(tests, other_elements_may_be_signed_too);
	tcase_add_test(tests, order_of_security_does_not_matter);
	tcase_add_test(tests, changed_texts_are_refused);
	tcase_add_test(tests, wrapped_bodies_are_refused);
	tcase_add_test(tests, bodies_hidden_in_security_are_refused);
	tcase_add_test(tests, signatures_of_another_form_are_refused);
	tcase_add_test(tests, many_references_have_a_limit);
	tcase_add_loop_test(tests, times_have_limits, 0, sizeof times / sizeof *times);
	return run_cases("trust", tests);
}
