/* Signed answers: what must verify, every class of attack on the form of a signature, and what is read afterwards. */
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
	const struct identity ec = identity_make(ec_key, &ca, &(struct wish){ .name = "ec" });
	const struct identity ec384 = identity_make(ec384_key, &ca, &(struct wish){ .name = "ec" });
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
		{ "12345678", "12345679" },
		{ "12345678", "1234<!-- -->5678" },
		{ "12345678", "1234<?x?>5678" },
		{ "12345678", " 12345678" },
		{ "Police.pdf", "Police.pdf " },
		{ "05:59:58Z", "05:59:59Z" },
		{ "<ds:DigestValue>", "<ds:DigestValue><!-- x -->" },
		{ "<ds:SignatureValue>", "<ds:SignatureValue><!-- x -->" },
		{ "<ds:SignatureValue>", "<ds:SignatureValue>AAAA" },
		{ "<ds:SignatureValue>",
		  "<ds:SignatureValue></ds:SignatureValue><ds:SignatureValue>" },
		{ "<ds:SignedInfo ", "<ds:SignedInfo></ds:SignedInfo><ds:SignedInfo " },
		{ "<ds:SignedInfo ", "text<ds:SignedInfo " },
		{ "</ds:Signature>", "<ds:Object>x</ds:Object></ds:Signature>" },
		{ "</ds:KeyInfo>", "</ds:KeyInfo><ds:KeyInfo></ds:KeyInfo>" },
		{ "<soap:Envelope", "<!DOCTYPE soap:Envelope><soap:Envelope" },
		{ "<soap:Envelope",
		  "<!DOCTYPE soap:Envelope [<!ATTLIST soap:Body i ID #IMPLIED>]><soap:Envelope" },
		{ "<soap:Envelope", "<?xml-stylesheet href='x'?><soap:Envelope" },
		{ "<soap:Body", "<soap:Header></soap:Header><soap:Body" },
		{ "</soap:Envelope>", "<soap:Body></soap:Body></soap:Envelope>" },
		{ "</soap:Envelope>", "<x>trailer</x></soap:Envelope>" },
		{ "<soap:Header>", "<soap:Header><ds:Object xmlns:ds=\"" DS_NS "\"></ds:Object>" },
		{ "<soap:Header>", "<soap:Header><wsse:Security xmlns:wsse=\"" WSSE_NS "\"/>" },
		{ "<wsse:Security ", "<wsse:Security soap:actor=\"urn:other\" " },
		{ "<wsse:Security ", "<wsse:Security xml:id=\"x\" " },
		{ "<soap:Header>", "<soap:Header><x Id=\"body\"/>" },
		{ "<soap:Header>", "<soap:Header><x ID=\"body\"/>" },
		{ "<soap:Header>", "<soap:Header><x id=\"time\"/>" },
		{ "<soap:Header>", "<soap:Header><x AssertionID=\"body\"/>" },
		{ "<soap:Header>", "<soap:Header><x xml:id=\"body\"/>" },
		{ "<soap:Header>", "<soap:Header><x y:iD=\"body\" xmlns:y=\"urn:y\"/>" },
		{ "<ds:Signature ", "<ds:Signature Id=\"body\" " },
		{ "<ds:KeyInfo>", "<ds:KeyInfo Id=\"time\">" },
		{ "wsu:Id=\"body\"", "Id=\"body\"" },
		{ "wsu:Id=\"body\"", "ID=\"body\"" },
		{ "wsu:Id=\"body\"", "id=\"body\"" },
		{ "wsu:Id=\"body\"", "xml:id=\"body\"" },
		{ "wsu:Id=\"body\"", "wsu:Id=\"other\"" },
		{ "wsu:Id=\"body\"", "wsu:Id=\"body\" Id=\"body\"" },
		{ "wsu:Id=\"time\"", "wsu:Id=\"body\"" },
		{ "<soap:Body xmlns:soap=\"" SOAP_NS "\"",
		  "<soap:Body xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\"" },
		{ "Algorithm=\"" MORE "rsa-sha256\"", "Algorithm=\"" MORE "hmac-sha256\"" },
		{ "Algorithm=\"" MORE "rsa-sha256\"", "Algorithm=\"" DS_NS "rsa-sha1\"" },
		{ "Algorithm=\"" MORE "rsa-sha256\"", "" },
		{ "<ds:DigestMethod Algorithm=\"" ENC "sha256\"",
		  "<ds:DigestMethod Algorithm=\"" DS_NS "sha1\"" },
		{ "URI=\"#token\"", "URI=\"#body\"" },
		{ "URI=\"#token\"", "URI=\"http://127.0.0.1/token\"" },
		{ "URI=\"#body\"", "URI=\"#xpointer(id('body'))\"" },
		{ "URI=\"#body\"", "URI=\"#body') or id('x\"" },
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct verdict v =
			verified(trust, replaced(s.text, cases[i].from, cases[i].to, mem), mem);

		ck_assert_msg(!v.ok, "accepted: %s -> %s", cases[i].from, cases[i].to);
	}
	talloc_free(mem);
}
END_TEST

/* --- wrapping: the signed Body is somewhere, another one where it should be --- */

/* %B the signed Body, %E another with another id, %e with the same, %n without, %S Security, %A all of the message */
static char *composed(const char *plan, const struct sample *s, TALLOC_CTX *mem)
{
	char *out = talloc_strdup(mem, "");

	for (; *plan; plan++) {
		const char *piece = NULL;

		if (*plan == '%') {
			switch (*++plan) {
			case 'B':
				piece = s->body;
				break;
			case 'E':
				piece = BODY_TEXT("evil", EVIL);
				break;
			case 'e':
				piece = BODY_TEXT("body", EVIL);
				break;
			case 'n':
				piece = "<soap:Body>" EVIL "</soap:Body>";
				break;
			case 'S':
				piece = s->security;
				break;
			case 'A':
				piece = s->text;
				break;
			}
			out = talloc_strdup_append_buffer(out, piece);
		} else {
			out = talloc_strndup_append_buffer(out, plan, 1);
		}
	}
	return talloc_asprintf(mem, "<soap:Envelope xmlns:soap=\"" SOAP_NS "\">%s</soap:Envelope>",
			       out);
}

START_TEST(wrapped_bodies_are_refused)
{
	static const char *const plans[] = {
		"<soap:Header>%S<w>%B</w></soap:Header>%E",
		"<soap:Header>%S<w>%B</w></soap:Header>%e",
		"<soap:Header>%S<w>%B</w></soap:Header>%n",
		"<soap:Header>%S%B</soap:Header>%E",
		"<soap:Header>%B%S</soap:Header>%n",
		"<soap:Header>%S</soap:Header>%E%B",
		"<soap:Header>%S</soap:Header>%B%E",
		"<soap:Header>%S</soap:Header>%n%B",
		"<soap:Header>%S</soap:Header>%e%B",
		"<soap:Header>%S</soap:Header>%B%e",
		"<soap:Header>%S</soap:Header><soap:Body>" EVIL "%B</soap:Body>",
		"<soap:Header>%S</soap:Header><soap:Body>%B</soap:Body>",
		"<soap:Header>%S</soap:Header><w>%B</w>%E",
		"<soap:Header>%S<soap:Envelope>%B</soap:Envelope></soap:Header>%E",
		"<soap:Header>%S<soap:Envelope><soap:Header/>%B</soap:Envelope></soap:Header>%n",
		"<soap:Header>%S</soap:Header><soap:Header>%B</soap:Header>%E",
		"<soap:Header>%A</soap:Header>%E",
		"<soap:Header><w>%A</w></soap:Header>%n",
		"<soap:Header></soap:Header><soap:Body>%A</soap:Body>",
		"%A%E",
		"<soap:Header><w>%S</w></soap:Header>%B",
		"<soap:Header></soap:Header><soap:Body>%S" EVIL "</soap:Body>",
		"<soap:Header>%S%S</soap:Header>%B",
		"<soap:Header>%S</soap:Header><soap:Body>%S</soap:Body>",
		"%S%B",
		"%S<soap:Header></soap:Header>%B",
		"%B<soap:Header>%S</soap:Header>",
		"<soap:Header>%S</soap:Header>",
		"<soap:Header>%S</soap:Header>%E",
		"<soap:Header>%S</soap:Header>%n",
		"<soap:Header>%S</soap:Header>%e",
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);

	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
		ck_assert_msg(!verified(trust, composed(plans[i], &s, mem), mem).ok, "accepted: %s",
			      plans[i]);
	assert_verifies("unwrapped", trust, composed("<soap:Header>%S</soap:Header>%B", &s, mem),
			s.body, mem);
	talloc_free(mem);
}
END_TEST

START_TEST(bodies_hidden_in_security_are_refused)
{
	static const char *const places[] = {
		"<wsu:Timestamp ",       "</wsu:Timestamp>",    "</wsse:BinarySecurityToken>",
		"<wsu:Created>",         "</wsse:Security>",    "<ds:SignedInfo ",
		"</ds:SignedInfo>",      "<ds:SignatureValue>", "<ds:KeyInfo>",
		"<wsse:Reference ",      "</ds:Transforms>",    "<ds:Transform ",
		"</ds:SignatureMethod>", "</ds:Reference>",     "</wsse:SecurityTokenReference>",
		"</ds:Signature>",       "</ds:DigestMethod>",
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		struct sample hiding = s;
		char *here = talloc_asprintf(mem, "%s%s", s.body, places[i]);
		char *object =
			talloc_asprintf(mem, "<ds:Object xmlns:ds=\"" DS_NS "\">%s</ds:Object>%s",
					s.body, places[i]);

		hiding.security = replaced(s.security, places[i], here, mem);
		ck_assert_msg(!verified(trust,
					composed("<soap:Header>%S</soap:Header>%E", &hiding, mem),
					mem)
				       .ok,
			      "accepted at %s", places[i]);
		hiding.security = replaced(s.security, places[i], object, mem);
		ck_assert_msg(!verified(trust,
					composed("<soap:Header>%S</soap:Header>%n", &hiding, mem),
					mem)
				       .ok,
			      "accepted in Object at %s", places[i]);
	}
	talloc_free(mem);
}
END_TEST

/* --- messages that the trusted key signed, but not so as we accept --- */

#define TRANSFORMS(list) "<ds:Transforms>" list "</ds:Transforms>"
#define C14N(algorithm)                                                                            \
	"<ds:CanonicalizationMethod Algorithm=\"" algorithm "\"></ds:CanonicalizationMethod>"
#define KEY_INFO(inner) "<ds:KeyInfo>" inner "</ds:KeyInfo>"
#define STR(inner)      "<wsse:SecurityTokenReference>" inner "</wsse:SecurityTokenReference>"

START_TEST(signatures_of_another_form_are_refused)
{
	static const char payload[] = "<soap:Body xmlns:soap=\"" SOAP_NS "\" xmlns:wsu=\"" WSU_NS
				      "\" wsu:Id=\"other\"><x Id=\"body\">x</x></soap:Body>";
	const struct {
		const char *what;
		struct recipe recipe;
	} cases[] = {
		{ "RSA-SHA1", { .method = DS_NS "rsa-sha1", .signature_md = EVP_sha1() } },
		{ "RSA-MD5", { .method = MORE "rsa-md5", .signature_md = EVP_md5() } },
		{ "RSA-SHA224", { .method = MORE "rsa-sha224", .signature_md = EVP_sha224() } },
		{ "HMAC with the public key", { .method = MORE "hmac-sha256", .hmac = true } },
		{ "HMAC cut to 8 bits",
		  { .method = MORE "hmac-sha256",
		    .method_inner = "<ds:HMACOutputLength>8</ds:HMACOutputLength>",
		    .hmac = true,
		    .mac_bits = 8 } },
		{ "HMACOutputLength on RSA",
		  { .method_inner = "<ds:HMACOutputLength>0</ds:HMACOutputLength>" } },
		{ "digest SHA-1", { .digest = DS_NS "sha1", .digest_md = EVP_sha1() } },
		{ "digest MD5", { .digest = MORE "md5", .digest_md = EVP_md5() } },
		{ "digest SHA-224", { .digest = MORE "sha224", .digest_md = EVP_sha224() } },
		{ "inclusive C14N",
		  { .c14n = C14N("http://www.w3.org/TR/2001/REC-xml-c14n-20010315") } },
		{ "C14N with comments", { .c14n = C14N(EXC "WithComments") } },
		{ "C14N by XSLT", { .c14n = C14N("http://www.w3.org/TR/1999/REC-xslt-19991116") } },
		{ "no transforms", { .transforms = "" } },
		{ "empty transforms", { .transforms = TRANSFORMS("") } },
		{ "inclusive transform",
		  { .transforms = TRANSFORMS(
			    TRANSFORM("http://www.w3.org/TR/2001/REC-xml-c14n-20010315")) } },
		{ "transform with comments",
		  { .transforms = TRANSFORMS(TRANSFORM(EXC "WithComments")) } },
		{ "enveloped",
		  { .transforms =
			    TRANSFORMS(TRANSFORM(DS_NS "enveloped-signature") TRANSFORM(EXC)) } },
		{ "twice", { .transforms = TRANSFORMS(TRANSFORM(EXC) TRANSFORM(EXC)) } },
		{ "XSLT",
		  { .transforms = TRANSFORMS(TRANSFORM(
			    "http://www.w3.org/TR/1999/REC-xslt-19991116") TRANSFORM(EXC)) } },
		{ "XPath",
		  { .transforms = TRANSFORMS(
			    "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/"
			    "REC-xpath-19991116\"><ds:XPath>1</ds:XPath></ds:Transform>" TRANSFORM(
				    EXC)) } },
		{ "XPath Filter 2",
		  { .transforms = TRANSFORMS(TRANSFORM("http://www.w3.org/2002/06/xmldsig-filter2")
						     TRANSFORM(EXC)) } },
		{ "base64 transform", { .transforms = TRANSFORMS(TRANSFORM(DS_NS "base64")) } },
		{ "STR transform",
		  { .transforms = TRANSFORMS(
			    TRANSFORM(WSS "soap-message-security-1.0#STR-Transform")) } },
		{ "unknown parameter",
		  { .transforms = TRANSFORMS("<ds:Transform Algorithm=\"" EXC
					     "\"><x></x></ds:Transform>") } },
		{ "only the Timestamp", { .body_reference = "" } },
		{ "only the Body", { .timestamp_reference = "" } },
		{ "payload instead of Body",
		  { .body = payload, .body_signed = "<x Id=\"body\">x</x>" } },
		{ "whole document", { .body_reference = "URI=\"\"" } },
		{ "no URI", { .body_reference = "Id=\"r\"" } },
		{ "xpointer", { .body_reference = "URI=\"#xpointer(/)\"" } },
		{ "http", { .body_reference = "URI=\"http://127.0.0.1:1/body\"" } },
		{ "file", { .body_reference = "URI=\"file:///etc/hostname\"" } },
		{ "relative file", { .body_reference = "URI=\"body\"" } },
		{ "cid", { .body_reference = "URI=\"cid:body\"" } },
		{ "manifest", { .body_reference = "Type=\"" DS_NS "Manifest\" URI=\"#body\"" } },
		{ "Body twice", { .timestamp_reference = "URI=\"#body\"" } },
		{ "manifest in Object",
		  { .object = "<ds:Object><ds:Manifest></ds:Manifest></ds:Object>" } },
		{ "six minutes old", { .created = "2026-03-03T05:53:59Z" } },
		{ "a minute ahead", { .created = "2026-03-03T06:01:01Z" } },
		{ "expired",
		  { .created = "2026-03-03T05:55:00Z", .expires = "2026-03-03T05:59:00Z" } },
		{ "lives too long", { .expires = "2026-03-03T06:15:00Z" } },
		{ "never lives", { .expires = "2026-03-03T05:59:58Z" } },
		{ "German time", { .created = "2026-03-03T05:59:58" } },
		{ "offset", { .created = "2026-03-03T06:59:58+01:00" } },
		{ "a date", { .created = "2026-03-03Z" } },
		{ "nonsense", { .created = "yesterTdayZZZ" } },
		{ "no Expires", { .times = "<wsu:Created>2026-03-03T05:59:58Z</wsu:Created>" } },
		{ "no times", { .times = "" } },
		{ "Expires first",
		  { .times = "<wsu:Expires>2026-03-03T06:04:58Z</wsu:Expires><wsu:Created>"
			     "2026-03-03T05:59:58Z</wsu:Created>" } },
		{ "two Created",
		  { .times = "<wsu:Created>2026-03-03T05:59:58Z</wsu:Created><wsu:Created>"
			     "2026-03-03T05:59:58Z</wsu:Created>" } },
		{ "no KeyInfo", { .key_info = "" } },
		{ "empty KeyInfo", { .key_info = KEY_INFO("") } },
		{ "KeyName", { .key_info = KEY_INFO("<ds:KeyName>nord</ds:KeyName>") } },
		{ "KeyValue",
		  { .key_info = KEY_INFO(
			    "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus>"
			    "<ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>") } },
		{ "X509Data", { .key_info = KEY_INFO("<ds:X509Data></ds:X509Data>") } },
		{ "RetrievalMethod http",
		  { .key_info = KEY_INFO("<ds:RetrievalMethod URI=\"http://127.0.0.1:1/\"/>") } },
		{ "RetrievalMethod file",
		  { .key_info = KEY_INFO("<ds:RetrievalMethod URI=\"file:///etc/hostname\"/>") } },
		{ "RetrievalMethod loop",
		  { .key_info =
			    "<ds:KeyInfo Id=\"k\"><ds:RetrievalMethod URI=\"#k\"/></ds:KeyInfo>" } },
		{ "KeyIdentifier",
		  { .key_info = KEY_INFO(STR("<wsse:KeyIdentifier>x</wsse:KeyIdentifier>")) } },
		{ "embedded token",
		  { .key_info = KEY_INFO(STR("<wsse:Embedded></wsse:Embedded>")) } },
		{ "two references",
		  { .key_info = KEY_INFO(STR("<wsse:Reference URI=\"#token\"/>"
					     "<wsse:Reference URI=\"#token\"/>")) } },
		{ "two STRs",
		  { .key_info = KEY_INFO(STR("<wsse:Reference URI=\"#token\"/>")
						 STR("<wsse:Reference URI=\"#token\"/>")) } },
		{ "token elsewhere",
		  { .key_info = KEY_INFO(STR("<wsse:Reference URI=\"#time\"/>")) } },
		{ "another token type",
		  { .key_info = KEY_INFO(
			    STR("<wsse:Reference ValueType=\"urn:x\" URI=\"#token\"/>")) } },
		{ "certificate path",
		  { .token_attributes =
			    "ValueType=\"" WSS "x509-token-profile-1.0#X509PKIPathv1\"" } },
		{ "no token type", { .token_attributes = "a=\"b\"" } },
		{ "hexadecimal token",
		  { .token_attributes =
			    "EncodingType=\"" WSS
			    "soap-message-security-1.0#HexBinary\" ValueType=\"" X509V3 "\"" } },
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_msg(!verified(trust, sign(&cases[i].recipe, mem).text, mem).ok,
			      "accepted: %s", cases[i].what);
	talloc_free(mem);
}
END_TEST

START_TEST(many_references_have_a_limit)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);

	for (int count = 14; count <= 15; count++) {
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
				 count == 14);
	}
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
	return run_cases("trust", tests);
}
