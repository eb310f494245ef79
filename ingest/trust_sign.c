#include "ingest/trust_sign.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#include "ingest/trust_parts.h"

/* no engine is chosen at run time: OpenSSL's is linked */
#include <xmlsec/crypto.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/templates.h>
#include <xmlsec/xmldsig.h>

#define X509_V3                                                                                    \
	"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"

char *trust_sign_token(const struct identity *identity, TALLOC_CTX *mem)
{
	uint8_t *der = NULL;
	int len = i2d_X509(identity->certificate, &der);
	char *text = talloc_zero_size(mem, (size_t)len / 3 * 4 + 8);

	EVP_EncodeBlock((uint8_t *)text, der, len);
	OPENSSL_free(der);
	return text;
}

/* Tell libxml2 which attributes are ids, and find where the signature goes. */
static xmlNode *prepare(xmlDocPtr doc)
{
	xmlNode *root = xmlDocGetRootElement(doc), *security = NULL;

	for (xmlNode *node = root; node; node = trust_next(node, root)) {
		xmlAttr *id = xmlHasNsProp(node, BAD_CAST "Id", BAD_CAST NS_WSU_URI);
		xmlChar *value = id ? xmlNodeGetContent((xmlNode *)id) : NULL;

		if (value)
			xmlAddID(NULL, doc, value, id);
		xmlFree(value);
		if (trust_is(node, NS_WSSE_URI, "Security"))
			security = node;
	}
	return security;
}

static bool add_reference(xmlNode *signature, const char *uri)
{
	xmlNode *reference = xmlSecTmplSignatureAddReference(signature, xmlSecTransformSha256Id,
							     NULL, BAD_CAST uri, NULL);

	return reference && xmlSecTmplReferenceAddTransform(reference, xmlSecTransformExclC14NId);
}

/* KeyInfo points at the token beside it. */
static bool add_key_info(xmlNode *signature, xmlNs *wsse)
{
	xmlNode *info = xmlSecTmplSignatureEnsureKeyInfo(signature, NULL);
	xmlNode *to =
		info ? xmlNewChild(info, wsse, BAD_CAST "SecurityTokenReference", NULL) : NULL;
	xmlNode *reference = to ? xmlNewChild(to, wsse, BAD_CAST "Reference", NULL) : NULL;

	return reference && xmlNewProp(reference, BAD_CAST "URI", BAD_CAST "#" SIGN_TOKEN_ID) &&
	       xmlNewProp(reference, BAD_CAST "ValueType", BAD_CAST X509_V3);
}

static xmlNode *add_template(xmlDocPtr doc)
{
	xmlNode *security = prepare(doc);
	xmlNode *signature = xmlSecTmplSignatureCreate(doc, xmlSecTransformExclC14NId,
						       xmlSecTransformRsaSha256Id, NULL);

	if (!security || !signature) {
		xmlFreeNode(signature);
		return NULL;
	}
	xmlAddChild(security, signature);
	return add_reference(signature, "#" SIGN_TIMESTAMP_ID) &&
			       add_reference(signature, "#" SIGN_BODY_ID) &&
			       add_key_info(signature, security->ns)
		       ? signature
		       : NULL;
}

/* xmlsec takes the key over; we keep ours by a reference more. */
static bool give_key(xmlSecDSigCtxPtr ctx, const struct identity *identity)
{
	xmlSecKeyDataPtr data;

	EVP_PKEY_up_ref(identity->key);
	data = xmlSecOpenSSLEvpKeyAdopt(identity->key);
	if (!data) {
		EVP_PKEY_free(identity->key);
		return false;
	}
	ctx->signKey = xmlSecKeyCreate();
	if (ctx->signKey && xmlSecKeySetValue(ctx->signKey, data) == 0)
		return true;
	xmlSecKeyDataDestroy(data);
	return false;
}

static bool compute(xmlNode *signature, const struct identity *identity)
{
	xmlSecDSigCtxPtr ctx = xmlSecDSigCtxCreate(NULL);
	bool ok;

	if (!ctx)
		return false;
	ctx->enabledReferenceUris = xmlSecTransformUriTypeSameDocument;
	ok = give_key(ctx, identity) && xmlSecDSigCtxSign(ctx, signature) == 0 &&
	     ctx->status == xmlSecDSigStatusSucceeded;
	xmlSecDSigCtxDestroy(ctx);
	return ok;
}

bool trust_sign(char **text, size_t *len, const char *envelope, size_t envelope_len,
		const struct identity *identity, TALLOC_CTX *mem, struct err *e)
{
	xmlChar *dumped = NULL;
	xmlNode *signature;
	xmlDocPtr doc;
	int size = 0;

	trust_prepare();
	doc = xmlReadMemory(envelope, (int)envelope_len, NULL, NULL, XML_PARSE_NONET);
	signature = doc ? add_template(doc) : NULL;
	if (!signature || !compute(signature, identity)) {
		xmlFreeDoc(doc);
		return err_set(e, ERR_SETUP, "the request cannot be signed with this key");
	}
	xmlDocDumpMemory(doc, &dumped, &size);
	xmlFreeDoc(doc);
	*text = talloc_strndup(mem, (const char *)dumped, (size_t)size);
	*len = (size_t)size;
	xmlFree(dumped);
	return true;
}
