/*
 * bench_trust.c -- verifying a signed answer: the product's whole check, and a bare loop around xmlsec1.
 *
 *   bench_trust make FOLDER BYTES       a key, a certificate (signer.pem) and a message signed with them (message.xml)
 *   bench_trust ours FOLDER SECONDS     trust_verify: tree, structure, certificate, times, signature, the Body handed out
 *   bench_trust bare FOLDER SECONDS     xmlReadMemory, ids, xmlSecDSigCtxVerify with the key given; nothing else is checked
 *
 * Prints "COUNT SECONDS PROCESSOR-SECONDS".
 */
#include <libxml/parser.h>
#include <xmlsec/crypto.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmltree.h>

/* The helpers of the tests say what they expect by Check, which wants a test to run. */
#include <check.h>
#undef ck_assert
#undef ck_assert_msg
#define ck_assert(expression)          ((expression) ? (void)0 : abort())
#define ck_assert_msg(expression, ...) ((expression) ? (void)0 : abort())
#include "tests/ingest/trust_helpers.h"

#define TEXT_MOST (1 << 26)

static char *file_text(const char *folder, const char *name, TALLOC_CTX *mem)
{
	char *path = talloc_asprintf(mem, "%s/%s", folder, name);
	FILE *file = fopen(path, "re");
	char *text = talloc_size(mem, TEXT_MOST);
	size_t len = file ? fread(text, 1, TEXT_MOST - 1, file) : 0;

	if (!len) {
		fprintf(stderr, "bench_trust: %s cannot be read\n", path);
		exit(66);
	}
	fclose(file);
	text[len] = '\0';
	return text;
}

static FILE *file_make(const char *folder, const char *name, TALLOC_CTX *mem)
{
	FILE *file = fopen(talloc_asprintf(mem, "%s/%s", folder, name), "we");

	if (!file)
		exit(73);
	return file;
}

static int make(const char *folder, size_t bytes, TALLOC_CTX *mem)
{
	char *data = talloc_zero_size(mem, bytes + 1);
	struct recipe recipe = { 0 };
	FILE *file;

	for (size_t i = 0; i < bytes; i++)
		data[i] = (char)('A' + i * 7 % 26);
	make_cast();
	recipe.body = talloc_asprintf(
		mem, "%s%s%s",
		"<soap:Body xmlns:soap=\"" SOAP_NS "\" xmlns:wsu=\"" WSU_NS
		"\" wsu:Id=\"body\"><t:getShipmentResponse xmlns:t=\"" TRANSFER_NS "\"><t:Daten>",
		data, "</t:Daten></t:getShipmentResponse></soap:Body>");
	file = file_make(folder, "message.xml", mem);
	fputs(sign(&recipe, mem).text, file);
	fclose(file);
	file = file_make(folder, "signer.pem", mem);
	PEM_write_X509(file, insurer.x);
	fclose(file);
	free_cast();
	return 0;
}

/* ---- ours ---- */

struct ours {
	struct trust *trust;
	struct trust_message message;
};

static bool verify_ours(void *self)
{
	struct ours *ours = self;
	TALLOC_CTX *mem = talloc_new(NULL);
	struct err e = { 0 };
	char *envelope;
	size_t len;
	bool ok = trust_verify(&envelope, &len, ours->trust, &ours->message, NOW_MS, mem, &e);

	if (!ok)
		fprintf(stderr, "bench_trust: %s\n", e.text);
	talloc_free(mem);
	return ok;
}

/* ---- bare ---- */

struct bare {
	const char *text;
	size_t len;
	xmlSecKeyPtr key;
};

static bool verify_bare(void *self)
{
	static const xmlChar *const ids[] = { (const xmlChar *)"Id", NULL };
	struct bare *bare = self;
	xmlDocPtr doc = xmlReadMemory(bare->text, (int)bare->len, NULL, NULL,
				      XML_PARSE_NONET | XML_PARSE_HUGE);
	xmlSecDSigCtxPtr ctx = xmlSecDSigCtxCreate(NULL);
	xmlNodePtr signature;
	bool ok;

	xmlSecAddIDs(doc, xmlDocGetRootElement(doc), (const xmlChar **)(uintptr_t)ids);
	signature = xmlSecFindNode(xmlDocGetRootElement(doc), xmlSecNodeSignature, xmlSecDSigNs);
	ctx->signKey = xmlSecKeyDuplicate(bare->key);
	ok = signature && xmlSecDSigCtxVerify(ctx, signature) >= 0 &&
	     ctx->status == xmlSecDSigStatusSucceeded;
	xmlSecDSigCtxDestroy(ctx);
	xmlFreeDoc(doc);
	return ok;
}

/* ---- the loop ---- */

static int loop(bool (*verify)(void *self), void *self, double seconds)
{
	int64_t began, now;
	clock_t worked;
	long count = 0;

	if (!verify(self)) /* to warm up, and it must be right */
		return 65;
	worked = clock();
	began = now = clock_monotonic_ms();
	for (; (double)(now - began) < seconds * 1000; count++) {
		if (!verify(self))
			return 65;
		now = clock_monotonic_ms();
	}
	printf("%ld %.3f %.3f\n", count, (double)(now - began) / 1000,
	       (double)(clock() - worked) / CLOCKS_PER_SEC);
	return 0;
}

static int run(const char *mode, const char *folder, double seconds, TALLOC_CTX *mem)
{
	char *text = file_text(folder, "message.xml", mem);
	char *pem = talloc_asprintf(mem, "%s/signer.pem", folder);
	struct trust_files files = { .certificates = pem };
	struct ours ours = { .message = { .content_type = "text/xml; charset=utf-8",
					  .bytes = text,
					  .len = strlen(text) } };
	struct bare bare = { .text = text, .len = strlen(text) };
	struct err e = { 0 };

	trust_prepare();
	if (!strcmp(mode, "ours")) {
		ours.trust = trust_new(&files, mem, &e);
		return ours.trust ? loop(verify_ours, &ours, seconds) : 78;
	}
	bare.key = xmlSecCryptoAppKeyLoadMemory(
		(const xmlSecByte *)file_text(folder, "signer.pem", mem),
		(xmlSecSize)strlen(file_text(folder, "signer.pem", mem)),
		xmlSecKeyDataFormatCertPem, NULL, NULL, NULL);
	return bare.key ? loop(verify_bare, &bare, seconds) : 78;
}

int main(int argc, char **argv)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	if (argc != 4) {
		fputs("usage: bench_trust make|ours|bare FOLDER BYTES|SECONDS\n", stderr);
		return 64;
	}
	if (!strcmp(argv[1], "make"))
		return make(argv[2], strtoul(argv[3], NULL, 10), mem);
	return run(argv[1], argv[2], strtod(argv[3], NULL), mem);
}
