/*
 * trust_helpers.h -- for the tests of signatures: keys and certificates made here, and messages signed by hand: every
 * signed text is written in its canonical form, so that neither libxml2 nor xmlsec has a part in signing it.
 */
#ifndef TESTS_INGEST_TRUST_HELPERS_H
#define TESTS_INGEST_TRUST_HELPERS_H

#include <check.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/clock.h"
#include "ingest/trust.h"

#define SOAP_NS     "http://schemas.xmlsoap.org/soap/envelope/"
#define DS_NS       "http://www.w3.org/2000/09/xmldsig#"
#define EXC         "http://www.w3.org/2001/10/xml-exc-c14n#"
#define MORE        "http://www.w3.org/2001/04/xmldsig-more#"
#define ENC         "http://www.w3.org/2001/04/xmlenc#"
#define WSS         "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
#define WSSE_NS     WSS "wssecurity-secext-1.0.xsd"
#define WSU_NS      WSS "wssecurity-utility-1.0.xsd"
#define X509V3      WSS "x509-token-profile-1.0#X509v3"
#define TRANSFER_NS "http://www.bipro.net/namespace/transfer"

#define NOW_TEXT "2026-03-03T06:00:00Z"
#define NOW_MS   1772517600000ll
#define DAY_S    86400l

/* --- keys and certificates --- */

struct subject {
	EVP_PKEY *key;
	X509 *x;
};

/* What may differ from a good leaf; 0 and NULL are good. */
struct wish {
	const char *name, *san, *usage;
	bool ca;
	long from_s, to_s; /* from now; 0: a year each */
	const EVP_MD *md;
};

static inline void add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ck_assert(extension != NULL && X509_add_ext(x, extension, -1));
	X509_EXTENSION_free(extension);
}

/* issuer NULL: self-signed. The key is shared, not copied. */
static inline struct subject identity_make(EVP_PKEY *key, const struct subject *issuer,
					   const struct wish *wish)
{
	static long serial = 1000;
	struct subject id = { key, X509_new() };
	X509 *by = issuer ? issuer->x : id.x;
	X509_NAME *name = X509_get_subject_name(id.x);
	time_t now = NOW_MS / 1000;

	X509_set_version(id.x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(id.x), ++serial);
	X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const uint8_t *)"Nordstern", -1, -1,
				   0);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const uint8_t *)wish->name, -1, -1,
				   0);
	X509_set_issuer_name(id.x, X509_get_subject_name(by));
	ASN1_TIME_set(X509_getm_notBefore(id.x),
		      now + (wish->from_s ? wish->from_s : -365 * DAY_S));
	ASN1_TIME_set(X509_getm_notAfter(id.x), now + (wish->to_s ? wish->to_s : 365 * DAY_S));
	X509_set_pubkey(id.x, key);
	add_extension(id.x, by, NID_subject_key_identifier, "hash");
	add_extension(id.x, by, NID_authority_key_identifier, "keyid:always");
	add_extension(id.x, by, NID_basic_constraints, wish->ca ? "critical,CA:TRUE" : "CA:FALSE");
	add_extension(id.x, by, NID_key_usage,
		      wish->usage ? wish->usage
		      : wish->ca  ? "critical,keyCertSign,cRLSign"
				  : "critical,digitalSignature");
	if (wish->san)
		add_extension(id.x, by, NID_subject_alt_name, wish->san);
	ck_assert(X509_sign(id.x, issuer ? issuer->key : key,
			    EVP_PKEY_get_base_id(issuer ? issuer->key : key) == EVP_PKEY_ED25519
				    ? NULL
			    : wish->md ? wish->md
				       : EVP_sha256()) > 0);
	return id;
}

/* A revocation list of this authority, naming one certificate or none. */
static inline X509_CRL *crl_make(const struct subject *ca, X509 *revoked, long to_s)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *when = ASN1_TIME_set(NULL, NOW_MS / 1000 - 30 * DAY_S);
	ASN1_INTEGER *number = ASN1_INTEGER_new();

	X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(ca->x));
	X509_CRL_set1_lastUpdate(crl, when);
	if (revoked) {
		X509_REVOKED *entry = X509_REVOKED_new();

		X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked));
		X509_REVOKED_set_revocationDate(entry, when);
		X509_CRL_add0_revoked(crl, entry);
	}
	ASN1_TIME_set(when, NOW_MS / 1000 + to_s);
	X509_CRL_set1_nextUpdate(crl, when);
	ASN1_INTEGER_set(number, 1);
	X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0);
	ck_assert(X509_CRL_sign(crl, ca->key, EVP_sha256()) > 0);
	ASN1_INTEGER_free(number);
	ASN1_TIME_free(when);
	return crl;
}

/* --- the cast: made once --- */

static EVP_PKEY *insurer_key, *other_key, *ec_key, *ec384_key;
static struct subject ca, insurer, thief;

static inline void make_cast(void)
{
	insurer_key = EVP_RSA_gen(2048);
	other_key = EVP_RSA_gen(2048);
	ec_key = EVP_EC_gen("P-256");
	ec384_key = EVP_EC_gen("P-384");
	ca = identity_make(EVP_EC_gen("P-256"), NULL,
			   &(struct wish){ .name = "Nordstern CA", .ca = true });
	insurer =
		identity_make(insurer_key, &ca, &(struct wish){ .name = "sign.nordstern.example" });
	thief = identity_make(other_key, NULL, &(struct wish){ .name = "sign.nordstern.example" });
}

static inline void free_cast(void)
{
	X509_free(thief.x);
	X509_free(insurer.x);
	X509_free(ca.x);
	EVP_PKEY_free(ca.key);
	EVP_PKEY_free(ec384_key);
	EVP_PKEY_free(ec_key);
	EVP_PKEY_free(other_key);
	EVP_PKEY_free(insurer_key);
}

/* Trust in these certificates; ends NULL. */
static inline struct trust *trust_in(X509 *const *certificates, X509_CRL *crl, const char *signer,
				     TALLOC_CTX *mem)
{
	char pem[] = "/tmp/vorpost-pem-XXXXXX", list[] = "/tmp/vorpost-crl-XXXXXX";
	struct trust_files files = { pem, crl ? list : NULL, signer };
	FILE *f = fdopen(mkstemp(pem), "w");
	struct err e = { 0 };
	struct trust *trust;

	for (; *certificates; certificates++)
		PEM_write_X509(f, *certificates);
	fclose(f);
	if (crl) {
		f = fdopen(mkstemp(list), "w");
		PEM_write_X509_CRL(f, crl);
		fclose(f);
	}
	trust = trust_new(&files, mem, &e);
	ck_assert_msg(trust != NULL, "%s", e.text);
	unlink(pem);
	if (crl)
		unlink(list);
	return trust;
}

/* --- texts --- */

static inline char *base64_of(const void *bytes, size_t len, TALLOC_CTX *mem)
{
	char *text = talloc_size(mem, len / 3 * 4 + 5);

	EVP_EncodeBlock((uint8_t *)text, bytes, (int)len);
	return text;
}

static inline char *replaced(const char *text, const char *from, const char *to, TALLOC_CTX *mem)
{
	const char *at = strstr(text, from);

	ck_assert_msg(at != NULL, "nothing to replace: %s", from);
	return talloc_asprintf(mem, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

#define BODY_TEXT(id, content)                                                                     \
	"<soap:Body xmlns:soap=\"" SOAP_NS "\" xmlns:wsu=\"" WSU_NS "\" wsu:Id=\"" id              \
	"\">" content "</soap:Body>"
#define PAYLOAD(number, data)                                                                            \
	"<t:getShipmentResponse xmlns:t=\"" TRANSFER_NS                                                  \
	"\"><t:Response><t:Status><t:StatusID>OK</t:StatusID></t:Status><t:Lieferung><t:ID>70001</t:ID>" \
	"<t:Transfer><t:Versicherungsscheinnummer>" number                                               \
	"</t:Versicherungsscheinnummer><t:Datei><t:Dateiname>Police.pdf</t:Dateiname><t:Daten>" data     \
	"</t:Daten></t:Datei></t:Transfer></t:Lieferung></t:Response></t:getShipmentResponse>"
#define GOOD PAYLOAD("12345678", "JVBERi0xLjQ=")
#define EVIL PAYLOAD("66666666", "RVZJTA==")

#define TRANSFORM(algorithm) "<ds:Transform Algorithm=\"" algorithm "\"></ds:Transform>"

/* --- signing by hand --- */

/* What may differ from a good message; 0 and NULL are good. Texts are canonical. */
struct recipe {
	const char *body, *created, *expires, *token_attributes, *key_info;
	const char *c14n, *method, *method_inner, *digest,
		*transforms; /* of the Body's reference */
	const char *body_reference,
		*timestamp_reference; /* URI attribute and others, "" leaves the reference out */
	const char *body_signed;      /* what is digested if it is not the Body */
	const char *more_references, *object, *more_header;
	const char *times; /* all of Timestamp's content */
	const EVP_MD *signature_md, *digest_md;
	const struct subject *by;    /* signs */
	const struct subject *token; /* whose certificate is shown */
	bool hmac;                   /* with the public key as the secret */
	size_t mac_bits;
};

struct sample {
	char *text;                   /* all of it */
	char *head, *security, *body; /* in front of Security, it, the Body */
};

static inline char *reference_text(const char *attributes, const char *transforms,
				   const char *algorithm, const EVP_MD *md, const char *content,
				   TALLOC_CTX *mem)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len;

	if (!*attributes)
		return talloc_strdup(mem, "");
	EVP_Digest(content, strlen(content), digest, &len, md, NULL);
	return talloc_asprintf(
		mem,
		"<ds:Reference %s>%s<ds:DigestMethod Algorithm=\"%s\">"
		"</ds:DigestMethod><ds:DigestValue>%s</ds:DigestValue></ds:Reference>",
		attributes, transforms, algorithm, base64_of(digest, len, mem));
}

/* XML signatures hold r and s of an ECDSA signature bare. */
static inline size_t bare_ec(uint8_t *out, const uint8_t *der, size_t len, int half)
{
	const uint8_t *p = der;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)len);

	BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, half);
	BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + half, half);
	ECDSA_SIG_free(sig);
	return (size_t)half * 2;
}

static inline char *signature_value(const struct recipe *r, const struct subject *by,
				    const char *text, TALLOC_CTX *mem)
{
	const EVP_MD *md = r->signature_md ? r->signature_md : EVP_sha256();
	uint8_t out[1024], bare[256];
	size_t len = sizeof out;
	EVP_MD_CTX *ctx;

	if (r->hmac) {
		uint8_t *der = NULL;
		int der_len = i2d_PUBKEY(by->key, &der);
		unsigned mac_len;

		HMAC(md, der, der_len, (const uint8_t *)text, strlen(text), out, &mac_len);
		OPENSSL_free(der);
		return base64_of(out, r->mac_bits ? r->mac_bits / 8 : mac_len, mem);
	}
	ctx = EVP_MD_CTX_new();
	ck_assert(EVP_DigestSignInit(ctx, NULL,
				     EVP_PKEY_get_base_id(by->key) == EVP_PKEY_ED25519 ? NULL : md,
				     NULL, by->key) == 1);
	ck_assert(EVP_DigestSign(ctx, out, &len, (const uint8_t *)text, strlen(text)) == 1);
	EVP_MD_CTX_free(ctx);
	if (EVP_PKEY_get_base_id(by->key) != EVP_PKEY_EC)
		return base64_of(out, len, mem);
	len = bare_ec(bare, out, len, (EVP_PKEY_get_bits(by->key) + 7) / 8);
	return base64_of(bare, len, mem);
}

static inline char *token_text(const struct recipe *r, const char *id, TALLOC_CTX *mem)
{
	const struct subject *whose = r->token ? r->token : r->by ? r->by : &insurer;
	uint8_t *der = NULL;
	int len = i2d_X509(whose->x, &der);
	char *text = talloc_asprintf(
		mem,
		"<wsse:BinarySecurityToken xmlns:wsse=\"" WSSE_NS "\" xmlns:wsu=\"" WSU_NS
		"\" %s wsu:Id=\"%s\">%s</wsse:BinarySecurityToken>",
		r->token_attributes ? r->token_attributes
				    : "EncodingType=\"" WSS
				      "soap-message-security-1.0#Base64Binary\" ValueType=\"" X509V3
				      "\"",
		id, base64_of(der, (size_t)len, mem));

	OPENSSL_free(der);
	return text;
}

#define OR(value, standard) ((value) ? (value) : (standard))
#define KEY_INFO_TO(uri)                                                                           \
	"<ds:KeyInfo><wsse:SecurityTokenReference><wsse:Reference URI=\"" uri                      \
	"\" ValueType=\"" X509V3 "\"></wsse:Reference></wsse:SecurityTokenReference></ds:KeyInfo>"

static inline struct sample sign(const struct recipe *r, TALLOC_CTX *mem)
{
	const char *transforms =
		OR(r->transforms, "<ds:Transforms>" TRANSFORM(EXC) "</ds:Transforms>");
	const char *digest = OR(r->digest, ENC "sha256");
	const EVP_MD *md = OR(r->digest_md, EVP_sha256());
	struct sample s = { .body = talloc_strdup(mem, OR(r->body, BODY_TEXT("body", GOOD))) };
	char *times = talloc_asprintf(
		mem, "<wsu:Timestamp xmlns:wsu=\"" WSU_NS "\" wsu:Id=\"time\">%s</wsu:Timestamp>",
		OR(r->times,
		   talloc_asprintf(mem,
				   "<wsu:Created>%s</wsu:Created><wsu:Expires>%s</wsu:Expires>",
				   OR(r->created, "2026-03-03T05:59:58Z"),
				   OR(r->expires, "2026-03-03T06:04:58Z"))));
	char *info = talloc_asprintf(
		mem,
		"<ds:SignedInfo xmlns:ds=\"" DS_NS
		"\">%s<ds:SignatureMethod Algorithm=\"%s\">%s</ds:SignatureMethod>%s%s%s</ds:SignedInfo>",
		OR(r->c14n,
		   "<ds:CanonicalizationMethod Algorithm=\"" EXC "\"></ds:CanonicalizationMethod>"),
		OR(r->method, MORE "rsa-sha256"), OR(r->method_inner, ""),
		reference_text(OR(r->body_reference, "URI=\"#body\""), transforms, digest, md,
			       OR(r->body_signed, s.body), mem),
		reference_text(OR(r->timestamp_reference, "URI=\"#time\""),
			       "<ds:Transforms>" TRANSFORM(EXC) "</ds:Transforms>", ENC "sha256",
			       EVP_sha256(), times, mem),
		OR(r->more_references, ""));

	s.head = talloc_strdup(mem, "<soap:Envelope xmlns:soap=\"" SOAP_NS "\">");
	s.security = talloc_asprintf(
		mem,
		"<wsse:Security xmlns:wsse=\"" WSSE_NS "\">%s%s<ds:Signature xmlns:ds=\"" DS_NS
		"\">%s<ds:SignatureValue>%s</ds:SignatureValue>%s%s</ds:Signature></wsse:Security>",
		times, token_text(r, "token", mem), info,
		signature_value(r, OR(r->by, &insurer), info, mem),
		OR(r->key_info, KEY_INFO_TO("#token")), OR(r->object, ""));
	s.text = talloc_asprintf(mem, "%s<soap:Header>%s%s</soap:Header>%s</soap:Envelope>", s.head,
				 s.security, OR(r->more_header, ""), s.body);
	return s;
}

/* --- verifying --- */

#define WRAP_BEGIN "<vorpost:Envelope xmlns:vorpost=\"" SOAP_NS "\">"
#define WRAP_END   "</vorpost:Envelope>"

struct verdict {
	bool ok;
	struct err e;
	char *envelope;
	size_t len;
};

static inline struct verdict verified_as(const struct trust *trust, const char *type,
					 const void *bytes, size_t len, TALLOC_CTX *mem)
{
	struct verdict v = { 0 };
	char *exact = malloc(len ? len : 1); /* so that the sanitizer sees a byte read too far */
	struct trust_message message = { .content_type = type, .bytes = exact, .len = len };

	memcpy(exact, bytes, len);
	v.ok = trust_verify(&v.envelope, &v.len, trust, &message, NOW_MS, mem, &v.e);
	free(exact);
	if (!v.ok)
		ck_assert_msg(v.e.kind == ERR_DELIVERY, "%s: %s", err_kind_name(v.e.kind),
			      v.e.text);
	return v;
}

static inline struct verdict verified(const struct trust *trust, const char *text, TALLOC_CTX *mem)
{
	return verified_as(trust, "text/xml; charset=utf-8", text, strlen(text), mem);
}

/* Exactly this Body was handed out. */
static inline bool gives(const struct verdict *v, const char *body)
{
	size_t begin = strlen(WRAP_BEGIN), end = strlen(WRAP_END), len = strlen(body);

	return v->len == begin + len + end && memcmp(v->envelope, WRAP_BEGIN, begin) == 0 &&
	       memcmp(v->envelope + begin, body, len) == 0 &&
	       memcmp(v->envelope + begin + len, WRAP_END, end) == 0;
}

static inline struct trust *trust_pinned(TALLOC_CTX *mem)
{
	return trust_in((X509 *[]){ insurer.x, NULL }, NULL, NULL, mem);
}

static inline struct trust *trust_by_ca(X509_CRL *crl, TALLOC_CTX *mem)
{
	return trust_in((X509 *[]){ ca.x, NULL }, crl, "sign.nordstern.example", mem);
}

static inline int run_cases(const char *name, TCase *tests)
{
	Suite *suite = suite_create(name);
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tests);
	tcase_set_timeout(tests, 300);
	tcase_add_unchecked_fixture(tests, make_cast, free_cast);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
