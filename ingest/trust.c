#include "ingest/trust.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/refusal.h"
#include "ingest/trust_parts.h"
#include "ingest/xml.h"

/* no engine is chosen at run time: OpenSSL's is linked */
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/io.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/parser.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>

#define ENVELOPE_BEGIN "<vorpost:Envelope xmlns:vorpost=\"" NS_SOAP_URI "\">"
#define ENVELOPE_END   "</vorpost:Envelope>"

/* --- xmlsec for the whole process: a calculator without files, network and words --- */

static void no_print(const char *file, int line, const char *function, const char *object,
		     const char *subject, int reason, const char *message)
{
	(void)file, (void)line, (void)function, (void)object, (void)subject, (void)reason,
		(void)message;
}

static void prepare_xmlsec(void)
{
	xml_prepare();
	if (xmlSecInit() < 0 || xmlSecOpenSSLInit() < 0)
		abort();
	xmlSecIOCleanupCallbacks();
	xmlSecParserSetDefaultOptions(XML_PARSE_NONET | XML_PARSE_NODICT);
	xmlSecErrorsSetCallback(no_print);
}

void trust_prepare(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, prepare_xmlsec);
}

/* --- one calculation --- */

static bool allow_transforms(xmlSecDSigCtxPtr ctx)
{
	const xmlSecTransformId of_signature[] = {
		xmlSecTransformExclC14NId,    xmlSecTransformRsaSha256Id,
		xmlSecTransformRsaSha384Id,   xmlSecTransformRsaSha512Id,
		xmlSecTransformEcdsaSha256Id, xmlSecTransformEcdsaSha384Id,
	};
	const xmlSecTransformId of_reference[] = {
		xmlSecTransformExclC14NId,
		xmlSecTransformSha256Id,
		xmlSecTransformSha384Id,
		xmlSecTransformSha512Id,
	};

	for (size_t i = 0; i < sizeof of_signature / sizeof *of_signature; i++)
		if (xmlSecDSigCtxEnableSignatureTransform(ctx, of_signature[i]) < 0)
			return false;
	for (size_t i = 0; i < sizeof of_reference / sizeof *of_reference; i++)
		if (xmlSecDSigCtxEnableReferenceTransform(ctx, of_reference[i]) < 0)
			return false;
	return true;
}

/* The key is given, so KeyInfo is not heard; the limits on it stand in case it ever were. Takes the key. */
static bool give_key(xmlSecDSigCtxPtr ctx, EVP_PKEY *public_key)
{
	xmlSecKeyDataPtr data = xmlSecOpenSSLEvpKeyAdopt(public_key);

	if (!data) {
		EVP_PKEY_free(public_key);
		return false;
	}
	ctx->signKey = xmlSecKeyCreate();
	if (!ctx->signKey || xmlSecKeySetValue(ctx->signKey, data) < 0) {
		xmlSecKeyDataDestroy(data);
		return false;
	}
	return true;
}

/* No keys manager, no transforms but ours, nothing outside this document. Takes the key. */
static xmlSecDSigCtxPtr strict_ctx(EVP_PKEY *public_key)
{
	xmlSecDSigCtxPtr ctx = xmlSecDSigCtxCreate(NULL);

	if (!ctx)
		abort();
	ctx->flags |=
		XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS | XMLSEC_DSIG_FLAGS_STORE_SIGNEDINFO_REFERENCES;
	ctx->enabledReferenceUris = xmlSecTransformUriTypeSameDocument;
	ctx->keyInfoReadCtx.maxRetrievalMethodLevel = 0;
	ctx->keyInfoReadCtx.maxEncryptedKeyLevel = 0;
	ctx->keyInfoReadCtx.retrievalMethodCtx.enabledUris = xmlSecTransformUriTypeNone;
	if (give_key(ctx, public_key) && allow_transforms(ctx))
		return ctx;
	xmlSecDSigCtxDestroy(ctx);
	return NULL;
}

/* Every reference right, as many as we saw, and which of them is the Body's? */
static xmlSecDSigReferenceCtxPtr body_reference(xmlSecDSigCtxPtr ctx,
						const struct trust_structure *found)
{
	xmlSecDSigReferenceCtxPtr body = NULL;
	xmlSecSize count = xmlSecPtrListGetSize(&ctx->signedInfoReferences);

	if (count != found->reference_count)
		return NULL;
	for (xmlSecSize i = 0; i < count; i++) {
		xmlSecDSigReferenceCtxPtr reference =
			xmlSecPtrListGetItem(&ctx->signedInfoReferences, i);

		if (reference->status != xmlSecDSigStatusSucceeded)
			return NULL;
		if (reference->uri && strcmp((const char *)reference->uri, found->body_uri) == 0)
			body = reference;
	}
	return body;
}

/* The Body as it went into the digest; exclusive canonicalisation left all that it needs in it. */
static bool take_body(char **envelope, size_t *len, xmlSecDSigReferenceCtxPtr body, TALLOC_CTX *mem,
		      struct err *e)
{
	xmlSecBufferPtr buffer = xmlSecDSigReferenceCtxGetPreDigestBuffer(body);
	size_t size = buffer ? xmlSecBufferGetSize(buffer) : 0;
	char *p;

	if (!size)
		return refusal_set(e, REFUSAL_SIGNATURE_UNCHECKED, "signature covers nothing");
	*len = strlen(ENVELOPE_BEGIN) + size + strlen(ENVELOPE_END);
	*envelope = p = talloc_size(mem, *len);
	p = mempcpy(p, ENVELOPE_BEGIN, strlen(ENVELOPE_BEGIN));
	p = mempcpy(p, xmlSecBufferGetData(buffer), size);
	memcpy(p, ENVELOPE_END, strlen(ENVELOPE_END));
	return true;
}

static bool compute(char **envelope, size_t *len, const struct trust_structure *found,
		    EVP_PKEY *public_key, TALLOC_CTX *mem, struct err *e)
{
	xmlSecDSigCtxPtr ctx = strict_ctx(public_key);
	xmlSecDSigReferenceCtxPtr body = NULL;
	bool ok = false;

	if (!ctx)
		return refusal_set(e, REFUSAL_SIGNATURE_UNCHECKED,
				   "signature: the key cannot be used");
	if (xmlSecDSigCtxVerify(ctx, found->signature) < 0)
		refusal_set(e, REFUSAL_SIGNATURE_UNCHECKED, "signature cannot be checked");
	else if (ctx->status != xmlSecDSigStatusSucceeded || !(body = body_reference(ctx, found)))
		refusal_set(e, REFUSAL_SIGNATURE_WRONG, "signature does not match");
	else
		ok = take_body(envelope, len, body, mem, e);
	xmlSecDSigCtxDestroy(ctx);
	return ok;
}

/* --- all --- */

static bool verify(char **envelope, size_t *len, char **signer, const struct trust *trust,
		   const struct trust_message *message, int64_t now_ms, TALLOC_CTX *mem,
		   struct err *e)
{
	TALLOC_CTX *work = talloc_new(NULL);
	struct trust_structure found;
	struct trust_mime mime;
	EVP_PKEY *key = NULL;
	xmlDocPtr doc = NULL;
	bool ok;

	trust_prepare();
	ok = trust_mime_read(&mime, message, work, e) && (doc = trust_tree(&mime, work, e));
	talloc_free(message->spent);
	ok = ok && trust_structure(&found, doc, now_ms, work, e) &&
	     trust_key(&key, signer, trust, found.certificate, found.certificate_len, now_ms, mem,
		       e) &&
	     compute(envelope, len, &found, key, mem, e);
	talloc_free(work);
	return ok;
}

bool trust_verify(char **envelope, size_t *len, const struct trust *trust,
		  const struct trust_message *message, int64_t now_ms, TALLOC_CTX *mem,
		  struct err *e)
{
	char *signer;

	return verify(envelope, len, &signer, trust, message, now_ms, mem, e);
}

static bool read_verified(struct answer **answer, const char *envelope, size_t len,
			  const struct trust_reading *reading, TALLOC_CTX *mem, struct err *e)
{
	struct reader_limits limits = *reading->limits;
	struct reader *reader;

	if (limits.answer_bytes_most < UINT64_MAX / 2)
		limits.answer_bytes_most *= 2; /* documents are inline now */
	reader = reader_new("text/xml; charset=utf-8", reading->expected_id, &limits, reading->sink,
			    mem);
	return reader_feed(reader, envelope, len, e) && reader_end(reader, answer, e);
}

bool trust_read(struct answer **answer, const struct trust *trust,
		const struct trust_message *message, const struct trust_reading *reading,
		int64_t now_ms, TALLOC_CTX *mem, struct err *e)
{
	char *envelope, *signer;
	size_t len;
	bool ok;

	if (!trust)
		return refusal_set(e, REFUSAL_TRUST_NOBODY,
				   "answer is signed, but no certificate is given that is trusted");
	if (!verify(&envelope, &len, &signer, trust, message, now_ms, mem, e))
		return false;
	ok = read_verified(answer, envelope, len, reading, mem, e);
	talloc_free(envelope);
	if (ok && (*answer)->delivery) {
		(*answer)->delivery->signature = talloc_strdup((*answer)->delivery, "verified");
		(*answer)->delivery->signer = talloc_steal((*answer)->delivery, signer);
	}
	return ok;
}

bool trust_needed(bool *needed, enum signature_policy policy, const struct answer *answer,
		  struct err *e)
{
	*needed = policy != SIGNATURE_NONE && answer->is_signed;
	if (policy == SIGNATURE_REQUIRED && !answer->is_signed)
		return refusal_set(e, REFUSAL_UNSIGNED, "answer is not signed, but must be");
	return true;
}
