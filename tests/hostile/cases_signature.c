/* cases_signature.c -- WS-Security: what must verify, and every class of attack on it. The keys are made at each run. */
#include "tests/hostile/plain_check.h"

#include "tests/hostile/hostile.h"

#include "base/cage.h"
#include "ingest/limits.h"
#include "tests/hostile/compose.h"
#include "tests/ingest/read_helpers.h"

#define CLEAN "12345678" /* stands in the facts of what was signed */
#define DIRTY "66666666" /* stands in the attacker's */

static struct hostile_case *add(struct hostile_list *list, enum hostile_class class,
				const char *name, const char *text, enum refusal refusal,
				const struct trust *trust)
{
	struct hostile_case *c = hostile_add(list, class, name, text, refusal);

	c->policy = SIGNATURE_REQUIRED;
	c->trust = trust;
	c->not_facts = DIRTY;
	return c;
}

/* --- the form of a signature --- */

static void add_forms(struct hostile_list *list, const struct trust *trust, TALLOC_CTX *mem)
{
	const struct {
		const char *what;
		enum refusal refusal;
		struct recipe recipe;
	} forms[] = {
#define FORM(what, refusal, ...) { what, REFUSAL_##refusal, __VA_ARGS__ },
#include "tests/hostile/form.inc"
#undef FORM
	};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		bool times = forms[i].refusal >= REFUSAL_TIMESTAMP_FORM &&
			     forms[i].refusal <= REFUSAL_TIMESTAMP_LIFE;

		add(list, times ? CLASS_FRESHNESS : CLASS_FORM, forms[i].what,
		    sign(&forms[i].recipe, mem).text, forms[i].refusal, trust);
	}
}

static void add_texts(struct hostile_list *list, const struct trust *trust, TALLOC_CTX *mem)
{
	static const struct {
		const char *from, *to;
		enum refusal refusal;
	} changed[] = {
#define CHANGED(from, to, refusal) { from, to, REFUSAL_##refusal },
#include "tests/hostile/changed.inc"
#undef CHANGED
	};
	static const struct {
		const char *plan;
		enum refusal refusal;
	} wrapped[] = {
#define WRAPPED(plan, refusal) { plan, REFUSAL_##refusal },
#include "tests/hostile/wrapped.inc"
#undef WRAPPED
	};
	static const struct {
		const char *place;
		enum refusal refusal[2]; /* the other one in an Object */
	} places[] = {
#define HIDDEN(place, refusal, in_object) { place, { REFUSAL_##refusal, REFUSAL_##in_object } },
#include "tests/hostile/hidden.inc"
#undef HIDDEN
	};
	struct sample s = sign(&(struct recipe){ 0 }, mem);

	for (size_t i = 0; i < sizeof changed / sizeof *changed; i++)
		add(list, CLASS_CHANGED,
		    talloc_asprintf(mem, "%s -> %s", changed[i].from, changed[i].to),
		    replaced(s.text, changed[i].from, changed[i].to, mem), changed[i].refusal,
		    trust);
	for (size_t i = 0; i < sizeof wrapped / sizeof *wrapped; i++)
		add(list, CLASS_WRAPPING, wrapped[i].plan, composed(wrapped[i].plan, &s, mem),
		    wrapped[i].refusal, trust);
	for (size_t i = 0; i < 2 * (sizeof places / sizeof *places); i++)
		add(list, CLASS_WRAPPING,
		    talloc_asprintf(mem, "hidden%s before %s", i % 2 ? " in an Object" : "",
				    places[i / 2].place),
		    hidden(places[i / 2].place, i % 2, &s, mem), places[i / 2].refusal[i % 2],
		    trust);
}

static void add_parts(struct hostile_list *list, const struct trust *trust, TALLOC_CTX *mem)
{
	static const struct {
		const char *what, *include, *parts;
		enum refusal refusal;
	} parts_of[] = {
#define MTOM(what, include, parts, refusal) { what, include, parts, REFUSAL_##refusal },
#include "tests/hostile/mtom.inc"
#undef MTOM
		{ "nested multipart", XOP_INCLUDE("pdf@vu"),
		  "\r\n--b-1\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\nx",
		  REFUSAL_PART_NESTED },
	};
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	char *include = replaced(BODY_TEXT("body", GOOD), DOCUMENT_TEXT,
				 "<x:Include xmlns:x=\"http://www.w3.org/2004/08/xop/include\" "
				 "href=\"cid:pdf@vu\"></x:Include>",
				 mem);
	struct sample literal = sign(&(struct recipe){ .body = include }, mem);

	for (size_t i = 0; i < sizeof parts_of / sizeof *parts_of; i++)
		add(list, CLASS_PARTS, parts_of[i].what,
		    mtom_of(&s, parts_of[i].include, parts_of[i].parts, mem), parts_of[i].refusal,
		    trust)
			->type = RELATED;
	add(list, CLASS_PARTS, "a signature over the Include itself",
	    talloc_asprintf(mem, XOP_BEGIN "%s%s", literal.text,
			    XOP_PART("pdf@vu", DOCUMENT) XOP_END),
	    REFUSAL_SIGNATURE_WRONG, trust)
		->type = RELATED;
	add(list, CLASS_PARTS, "a root part in base64",
	    talloc_asprintf(
		    mem,
		    "--b-1\r\nContent-Type: application/xop+xml\r\n"
		    "Content-Transfer-Encoding: base64\r\nContent-ID: <root@vu>\r\n\r\n%s" XOP_END,
		    base64_of(s.text, strlen(s.text), mem)),
	    REFUSAL_PART_ENCODING, trust)
		->type = RELATED;
}

/* --- whose key --- */

static char *shown_by(const struct subject *by, TALLOC_CTX *mem)
{
	struct recipe recipe = { .by = by };

	if (EVP_PKEY_get_base_id(by->key) == EVP_PKEY_EC)
		recipe.method = MORE "ecdsa-sha256";
	return sign(&recipe, mem).text;
}

/* What OpenSSL allocated hangs on the list's memory. */
struct made {
	X509 *x;
	X509_CRL *crl;
	EVP_PKEY *key;
};

static int made_free(struct made *made)
{
	X509_free(made->x);
	X509_CRL_free(made->crl);
	EVP_PKEY_free(made->key);
	return 0;
}

static void keep(X509 *x, X509_CRL *crl, EVP_PKEY *key, TALLOC_CTX *mem)
{
	struct made *made = talloc(mem, struct made);

	*made = (struct made){ x, crl, key };
	talloc_set_destructor(made, made_free);
}

static struct subject leaf(EVP_PKEY *key, const struct subject *issuer, struct wish wish,
			   TALLOC_CTX *mem)
{
	struct subject id;

	wish.name = wish.name ? wish.name : "sign.nordstern.example";
	id = identity_make(key, issuer, &wish);
	keep(id.x, NULL, NULL, mem);
	return id;
}

static const struct trust *trust_by_list(const struct subject *authority, X509 *revoked, long to_s,
					 TALLOC_CTX *mem)
{
	X509_CRL *crl = crl_make(authority, revoked, to_s);

	keep(NULL, crl, NULL, mem);
	return trust_by_ca(crl, mem);
}

static const struct trust *trust_revoked_pin(TALLOC_CTX *mem)
{
	X509_CRL *crl = crl_make(&ca, insurer.x, 30 * DAY_S);

	keep(NULL, crl, NULL, mem);
	return trust_in((X509 *[]){ insurer.x, NULL }, crl, NULL, mem);
}

static void add_keys(struct hostile_list *list, TALLOC_CTX *mem)
{
	const struct trust *by_ca = trust_by_ca(NULL, mem), *pinned = trust_pinned(mem);
	struct subject same_ca = identity_make(
		other_key, NULL, &(struct wish){ .name = "Nordstern CA", .ca = true });
	EVP_PKEY *short_key = EVP_RSA_gen(1024), *ed_key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	struct subject weak = leaf(short_key, &ca, (struct wish){ 0 }, mem);
	struct subject ed = leaf(ed_key, &ca, (struct wish){ 0 }, mem);
	struct subject by_same = leaf(other_key, &same_ca, (struct wish){ 0 }, mem);
	struct subject by_leaf = leaf(other_key, &insurer, (struct wish){ 0 }, mem);
	struct subject other =
		leaf(other_key, &ca, (struct wish){ .name = "sign.suedstern.example" }, mem);
	struct subject near =
		leaf(other_key, &ca,
		     (struct wish){ .name = "x",
				    .san = "DNS:*.nordstern.example,DNS:SIGN.nordstern.example" },
		     mem);
	struct subject old = leaf(other_key, &ca, (struct wish){ .to_s = -1 }, mem);
	struct subject young =
		leaf(other_key, &ca, (struct wish){ .from_s = 60, .to_s = DAY_S }, mem);
	struct subject usage =
		leaf(other_key, &ca, (struct wish){ .usage = "critical,keyEncipherment" }, mem);
	struct subject sha1 = leaf(other_key, &ca, (struct wish){ .md = EVP_sha1() }, mem);
	struct subject ec = leaf(ec_key, &ca, (struct wish){ 0 }, mem);
	const struct {
		const char *what;
		const struct subject *by;
		const struct trust *trust;
		enum refusal refusal;
	} keys[] = {
		{ "self-signed, an authority trusted", &thief, by_ca, REFUSAL_CERTIFICATE_CHAIN },
		{ "self-signed, another pinned", &thief, pinned, REFUSAL_CERTIFICATE_STRANGER },
		{ "an authority of the same name", &by_same, by_ca, REFUSAL_CERTIFICATE_CHAIN },
		{ "a leaf as an authority", &by_leaf, by_ca, REFUSAL_CERTIFICATE_CHAIN },
		{ "another insurer of the same authority", &other, by_ca,
		  REFUSAL_CERTIFICATE_SIGNER },
		{ "a wildcard and other letters", &near, by_ca, REFUSAL_CERTIFICATE_SIGNER },
		{ "expired", &old, by_ca, REFUSAL_CERTIFICATE_CHAIN },
		{ "expired, pinned", &old, trust_in((X509 *[]){ old.x, NULL }, NULL, NULL, mem),
		  REFUSAL_CERTIFICATE_EXPIRED },
		{ "not yet valid", &young, by_ca, REFUSAL_CERTIFICATE_CHAIN },
		{ "not yet valid, pinned", &young,
		  trust_in((X509 *[]){ young.x, NULL }, NULL, NULL, mem),
		  REFUSAL_CERTIFICATE_EARLY },
		{ "for encryption only", &usage, by_ca, REFUSAL_CERTIFICATE_USAGE },
		{ "signed with SHA-1", &sha1, by_ca, REFUSAL_CERTIFICATE_CHAIN },
		{ "RSA of 1024 bits", &weak, by_ca, REFUSAL_CERTIFICATE_CHAIN },
		{ "RSA of 1024 bits, pinned", &weak,
		  trust_in((X509 *[]){ weak.x, NULL }, NULL, NULL, mem), REFUSAL_CERTIFICATE_KEY },
		{ "Ed25519", &ed, by_ca, REFUSAL_CERTIFICATE_KEY },
		{ "revoked", &insurer, trust_by_list(&ca, insurer.x, 30 * DAY_S, mem),
		  REFUSAL_CERTIFICATE_CHAIN },
		{ "revoked although pinned", &insurer, trust_revoked_pin(mem),
		  REFUSAL_CERTIFICATE_REVOKED },
		{ "a revocation list of yesterday", &insurer, trust_by_list(&ca, NULL, -DAY_S, mem),
		  REFUSAL_CERTIFICATE_CHAIN },
		{ "a revocation list of another key", &insurer,
		  trust_by_list(&same_ca, NULL, 30 * DAY_S, mem), REFUSAL_CERTIFICATE_CHAIN },
		{ "nobody is trusted", &insurer, NULL, REFUSAL_TRUST_NOBODY },
		{ "the authority's own", &ca,
		  trust_in((X509 *[]){ ca.x, NULL }, NULL, "Nordstern CA", mem),
		  REFUSAL_CERTIFICATE_USAGE },
	};

	keep(same_ca.x, NULL, short_key, mem);
	keep(NULL, NULL, ed_key, mem);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		add(list, CLASS_KEY, keys[i].what, shown_by(keys[i].by, mem), keys[i].refusal,
		    keys[i].trust);
	add(list, CLASS_KEY, "another's certificate shown",
	    sign(&(struct recipe){ .by = &thief, .token = &insurer }, mem).text,
	    REFUSAL_SIGNATURE_WRONG, by_ca);
	add(list, CLASS_KEY, "an elliptic key under RSA's name",
	    sign(&(struct recipe){ .by = &ec }, mem).text, REFUSAL_SIGNATURE_UNCHECKED, by_ca);
	add(list, CLASS_KEY, "an RSA key under an elliptic name",
	    sign(&(struct recipe){ .method = MORE "ecdsa-sha256" }, mem).text,
	    REFUSAL_SIGNATURE_UNCHECKED, by_ca);
}

/* A certificate with two basicConstraints, which OpenSSL marks as unreadable. */
static void add_malformed(struct hostile_list *list, TALLOC_CTX *mem)
{
	struct subject id = leaf(other_key, &ca, (struct wish){ 0 }, mem);
	struct recipe recipe = { .by = &id };

	add_extension(id.x, ca.x, NID_basic_constraints, "CA:FALSE");
	ck_assert(X509_sign(id.x, ca.key, EVP_sha256()) > 0);
	add(list, CLASS_KEY, "an extension that stands twice", sign(&recipe, mem).text,
	    REFUSAL_CERTIFICATE_MALFORMED, trust_in((X509 *[]){ id.x, NULL }, NULL, NULL, mem));
}

static void add_tokens(struct hostile_list *list, const struct trust *trust, TALLOC_CTX *mem)
{
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	uint8_t *der = NULL;
	int len = i2d_X509(insurer.x, &der);
	uint8_t *glued = talloc_size(mem, (size_t)len * 2);
	const char *right = base64_of(der, (size_t)len, mem);

	memcpy(mempcpy(glued, der, (size_t)len), der, (size_t)len);
	const struct {
		const char *what, *token;
	} wrong[] = {
		{ "two certificates, glued", base64_of(glued, (size_t)len * 2, mem) },
		{ "one byte behind the certificate", base64_of(glued, (size_t)len + 1, mem) },
		{ "one byte too few", base64_of(glued, (size_t)len - 1, mem) },
		{ "an empty token", "" },
		{ "a token that is no base64", "!" },
		{ "a token in an element", talloc_asprintf(mem, "<x>%s</x>", right) },
	};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		add(list, CLASS_KEY, wrong[i].what, replaced(s.text, right, wrong[i].token, mem),
		    REFUSAL_SIGNED_TOKEN, trust);
	OPENSSL_free(der);
}

/* --- bounds and policy --- */

static char *header_of(const struct sample *s, bool ids, size_t count, TALLOC_CTX *mem)
{
	char *many_of = talloc_strdup(mem, "<soap:Header><x>");

	many_of = talloc_realloc(mem, many_of, char, count * 24 + 64);
	for (size_t i = 0, at = strlen(many_of); i < count; i++)
		at += (size_t)sprintf(many_of + at, ids ? "<y id='i%zu'/>" : "<y n='%zu'/>", i);
	strcat(many_of, "</x>");
	return replaced(s->text, "<soap:Header>", many_of, mem);
}

static void add_bounds(struct hostile_list *list, const struct trust *trust, TALLOC_CTX *mem)
{
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	char *names = talloc_strdup(mem, "<soap:Header>"), *close = talloc_strdup(mem, ""),
	     *prefixes;

	for (int i = 0; i < SIGNED_NAMESPACES_MOST / 50 + 1; i++) {
		names = talloc_strdup_append_buffer(names, "<x");
		for (int n = 0; n < 50; n++)
			names = talloc_asprintf_append_buffer(names, " xmlns:p%d='urn:p'",
							      i * 50 + n);
		names = talloc_strdup_append_buffer(names, ">");
		close = talloc_strdup_append_buffer(close, "</x>");
	}
	add(list, CLASS_LIMIT, "too many namespaces in scope of what is signed",
	    replaced(s.text, "<soap:Header>", talloc_asprintf(mem, "%s%s", names, close), mem),
	    REFUSAL_SIGNED_NAMESPACES, trust);
	add(list, CLASS_LIMIT, "too many ids in a signed answer",
	    header_of(&s, true, SIGNED_IDS_MOST + 1, mem), REFUSAL_SIGNED_IDS_MANY, trust);
	add(list, CLASS_LIMIT, "too many elements in a signed answer",
	    header_of(&s, false, SIGNED_ELEMENTS_MOST + 1, mem), REFUSAL_ELEMENTS_MANY, trust);
	prefixes = talloc_zero_size(mem, SIGNED_PREFIXES_MOST + 2);
	memset(prefixes, 'p', SIGNED_PREFIXES_MOST + 1);
	add(list, CLASS_LIMIT, "a very long PrefixList",
	    sign(&(struct recipe){ .transforms = talloc_asprintf(
					   mem,
					   TRANSFORMS(
						   "<ds:Transform Algorithm=\"" EXC
						   "\"><ec:InclusiveNamespaces xmlns:ec=\"" EXC
						   "\" PrefixList=\"%s\"></ec:InclusiveNamespaces>"
						   "</ds:Transform>"),
					   prefixes) },
		 mem)
		    .text,
	    REFUSAL_SIGNED_PREFIXES, trust);
}

static void add_policy(struct hostile_list *list, const struct trust *trust, TALLOC_CTX *mem)
{
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	char *bare = composed("<soap:Header></soap:Header>%n", &s, mem);
	char *padded = talloc_size(mem, SIGNED_ANSWER_MOST + 2);
	struct hostile_case *c;

	add(list, CLASS_FORM, "the signature left out", bare, REFUSAL_UNSIGNED, trust);
	c = add(list, CLASS_FORM, "left out, if-present: as if it never was", bare, REFUSAL_NONE,
		trust);
	c->policy = SIGNATURE_IF_PRESENT;
	c->not_facts = NULL;
	c->facts = DIRTY;
	add(list, CLASS_FORM, "wrong, if-present", replaced(s.text, CLEAN, DIRTY, mem),
	    REFUSAL_SIGNATURE_WRONG, trust)
		->policy = SIGNATURE_IF_PRESENT;
	add(list, CLASS_FORM, "another shipment, well signed", s.text, REFUSAL_OTHER_SHIPMENT,
	    trust)
		->asked = "70002";
	memset(padded, ' ', SIGNED_ANSWER_MOST + 1);
	memcpy(padded, s.text, strlen(s.text));
	padded[SIGNED_ANSWER_MOST + 1] = '\0';
	add(list, CLASS_LIMIT, "a signed answer, one byte too long", padded, REFUSAL_SIGNED_LONG,
	    trust);
}

/* --- long ones --- */

/* Bytes of a document that fills a signed answer up to its limit, but for room for the rest of the message. */
#define DOCUMENT_MOST ((SIGNED_ANSWER_MOST - 16384) / 4 * 3)

static char *filled(char with, size_t len, TALLOC_CTX *mem)
{
	char *text = talloc_zero_size(mem, len + 1);

	memset(text, with, len);
	return text;
}

/* At the limit: all of it is canonicalised before a wrong digest shows, and read once more if it is right. */
static void add_longest(struct hostile_list *list, const struct trust *trust, TALLOC_CTX *mem)
{
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	char *document = filled('x', DOCUMENT_MOST, mem);
	char *base64 = base64_of(document, DOCUMENT_MOST, mem);
	char *body = replaced(BODY_TEXT("body", GOOD), DOCUMENT_TEXT, base64, mem);
	char *whole = sign(&(struct recipe){ .body = body }, mem).text;
	char *apart = replaced(whole, base64, XOP_INCLUDE("pdf@vu"), mem);

	add(list, CLASS_CONTROL, "signed, as long as may be", whole, REFUSAL_NONE, trust)->facts =
		CLEAN;
	add(list, CLASS_CHANGED, "another document, as long as may be",
	    replaced(s.text, DOCUMENT_TEXT, base64, mem), REFUSAL_SIGNATURE_WRONG, trust);
	add(list, CLASS_CONTROL, "signed, MTOM, as long as may be",
	    talloc_asprintf(mem, XOP_BEGIN "%s" XOP_PART("pdf@vu", "%s") XOP_END, apart, document),
	    REFUSAL_NONE, trust)
		->type = RELATED;
	add(list, CLASS_LIMIT, "a signed answer that its parts make too long",
	    talloc_asprintf(mem, XOP_BEGIN "%s" XOP_PART("pdf@vu", "%s%s") XOP_END, apart, document,
			    filled('x', 16384, mem)),
	    REFUSAL_SIGNED_LONG, trust)
		->type = RELATED;
}

/* As many shipments as an insurer's list may have, with all that may be said of each. */
static void add_list(struct hostile_list *list, const struct trust *trust, TALLOC_CTX *mem)
{
	char *body = talloc_strdup(
		mem, "<soap:Body xmlns:soap=\"" SOAP_NS "\" xmlns:wsu=\"" WSU_NS
		     "\" wsu:Id=\"body\"><t:listShipmentsResponse xmlns:t=\"" TRANSFER_NS
		     "\"><t:Response><t:Status><t:StatusID>OK</t:StatusID></t:Status>");

	for (int i = 0; i < 10000; i++)
		body = talloc_asprintf_append_buffer(
			body,
			"<t:Lieferung><t:ID>LIEFERUNG-%07d</t:ID><t:ArtDerLieferung>020100000"
			"</t:ArtDerLieferung><t:Einstellzeitpunkt>2026-03-03T05:00:00</t:Einstellzeitpunkt>"
			"<t:AnzahlTransfers>1</t:AnzahlTransfers><t:Kategorie>100005000</t:Kategorie>"
			"<t:EnthaeltNurDaten>false</t:EnthaeltNurDaten></t:Lieferung>",
			i);
	body = talloc_strdup_append_buffer(body,
					   "</t:Response></t:listShipmentsResponse></soap:Body>");
	add(list, CLASS_CONTROL, "signed, ten thousand shipments",
	    sign(&(struct recipe){ .body = body }, mem).text, REFUSAL_NONE, trust)
		->facts = "LIEFERUNG-0009999";
}

/* Within every limit of length, and many times that in memory: the reading process may not have it. */
static void add_swelling(struct hostile_list *list, const struct trust *trust, TALLOC_CTX *mem)
{
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	char *element = talloc_strdup(mem, "<x"), *to, *many;
	size_t len, count;

	if (CAGE_SANITIZED) /* its memory has no bound */
		return;
	for (int i = 0; i < XML_ATTRIBUTES_MOST; i++)
		element = talloc_asprintf_append_buffer(element, " a%d=''", i);
	element = talloc_strdup_append_buffer(element, "/>");
	len = strlen(element);
	count = (SIGNED_ANSWER_MOST - 16384) / len;
	many = filled(' ', count * len, mem);
	to = many;
	for (size_t i = 0; i < count; i++)
		to = mempcpy(to, element, len);
	add(list, CLASS_LIMIT, "as many attributes as may be, signed",
	    replaced(s.text, "<soap:Header>", talloc_asprintf(mem, "<soap:Header>%s", many), mem),
	    REFUSAL_READER_MEMORY, trust)
		->caged = true;
	/* five bytes of each one, when it is canonicalised; in pieces, because a section has its own limit */
	element = talloc_asprintf(mem, "<![CDATA[%s]]>", filled('&', XML_MARKUP_MOST / 2, mem));
	many = talloc_strdup(mem, "<t:Transfer><t:x>");
	for (size_t i = 0; i < SIGNED_ANSWER_MOST / strlen(element) - 1; i++)
		many = talloc_strdup_append_buffer(many, element);
	add(list, CLASS_LIMIT, "signed text that is longer in its canonical form",
	    replaced(s.text, "<t:Transfer>", talloc_asprintf(mem, "%s</t:x>", many), mem),
	    REFUSAL_READER_MEMORY, trust)
		->caged = true;
}

/* --- what must verify --- */

static void add_controls(struct hostile_list *list, const struct trust *trust, TALLOC_CTX *mem)
{
	static const struct {
		const char *from, *to;
	} spellings[] = {
		{ "<soap:Envelope",
		  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<soap:Envelope" },
		{ "<soap:Envelope", "\xef\xbb\xbf<soap:Envelope" },
		{ "wsu:Id=\"body\"", "wsu:Id  =\n'body'" },
		{ CLEAN, "<![CDATA[1234]]>5678" },
		{ "<soap:Header>", "<soap:Header>\r\n\t" },
		{ "<ds:SignatureValue>", "<ds:SignatureValue>\r\n" },
		{ "</soap:Envelope>", "</soap:Envelope><!-- end -->" },
		{ "<wsse:Security ", "<wsse:Security soap:mustUnderstand=\"1\" " },
		{ "<ds:Signature ", "<ds:Signature Id=\"SIG-1\" " },
		{ "<ds:KeyInfo>", "<ds:KeyInfo Id=\"KI-1\">" },
	};
	const struct subject ec = leaf(ec_key, &ca, (struct wish){ 0 }, mem);
	const struct {
		const char *what;
		struct recipe recipe;
	} good[] = {
		{ "RSA-SHA256", { 0 } },
		{ "RSA-SHA384", { .method = MORE "rsa-sha384", .signature_md = EVP_sha384() } },
		{ "RSA-SHA512", { .method = MORE "rsa-sha512", .signature_md = EVP_sha512() } },
		{ "ECDSA-SHA256", { .method = MORE "ecdsa-sha256", .by = &ec } },
		{ "digest SHA-512", { .digest = ENC "sha512", .digest_md = EVP_sha512() } },
		{ "a minute ahead",
		  { .created = "2026-03-03T06:00:59Z", .expires = "2026-03-03T06:05:59Z" } },
		{ "fractions of a second", { .created = "2026-03-03T05:59:58.123Z" } },
		{ "another header, unsigned",
		  { .more_header = "<w:Action xmlns:w=\"urn:w\">x</w:Action>" } },
	};
	const struct trust *by_ca = trust_by_list(&ca, NULL, 30 * DAY_S, mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);

	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
		add(list, CLASS_CONTROL, talloc_asprintf(mem, "signed, %s", spellings[i].to),
		    replaced(s.text, spellings[i].from, spellings[i].to, mem), REFUSAL_NONE, trust)
			->facts = CLEAN;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		add(list, CLASS_CONTROL, talloc_asprintf(mem, "signed, %s", good[i].what),
		    sign(&good[i].recipe, mem).text, REFUSAL_NONE, by_ca)
			->facts = CLEAN;
	add(list, CLASS_CONTROL, "signed, MTOM",
	    mtom_of(&s, XOP_INCLUDE("pdf@vu"), XOP_PART("pdf@vu", DOCUMENT), mem), REFUSAL_NONE,
	    trust)
		->type = RELATED;
}

static int cast_free(struct made *made)
{
	(void)made;
	free_cast();
	return 0;
}

void cases_signature(struct hostile_list *list, TALLOC_CTX *mem)
{
	const struct trust *trust;

	make_cast();
	talloc_set_destructor(talloc_zero(mem, struct made), cast_free);
	trust = trust_pinned(mem);
	add_controls(list, trust, mem);
	add_forms(list, trust, mem);
	add_texts(list, trust, mem);
	add_parts(list, trust, mem);
	add_keys(list, mem);
	add_malformed(list, mem);
	add_tokens(list, trust, mem);
	add_bounds(list, trust, mem);
	add_policy(list, trust, mem);
	add_longest(list, trust, mem);
	add_list(list, trust, mem);
	add_swelling(list, trust, mem);
}
