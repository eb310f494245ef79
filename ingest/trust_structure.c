/*
 * trust_structure.c -- before anything is computed: is this the one form of a signed answer that we accept?
 *
 *	Envelope
 *	  Header
 *	    Security        one in the whole document
 *	      Timestamp           #t   fresh
 *	      BinarySecurityToken #k   X.509
 *	      Signature       one in the whole document; SignedInfo, SignatureValue, KeyInfo -> #k
 *	  Body                    #b
 *
 * References are resolved here, by our own table of ids, to pointers; Body and Timestamp must be among them. No id
 * stands twice under any of its names, so that no other resolver could come to another node.
 */
#include <libxml/tree.h>
#include <libxml/valid.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ingest/base64.h"
#include "ingest/limits.h"
#include "ingest/refusal.h"
#include "ingest/trust_parts.h"

#define DSIG_MORE "http://www.w3.org/2001/04/xmldsig-more#"
#define XENC      "http://www.w3.org/2001/04/xmlenc#"
#define X509_V3                                                                                    \
	"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"
#define AS_BASE64                                                                                  \
	"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
#define ACTOR_NEXT "http://schemas.xmlsoap.org/soap/actor/next"

static const char *const signature_methods[] = { DSIG_MORE "rsa-sha256",   DSIG_MORE "rsa-sha384",
						 DSIG_MORE "rsa-sha512",   DSIG_MORE "ecdsa-sha256",
						 DSIG_MORE "ecdsa-sha384", NULL };
static const char *const digest_methods[] = { XENC "sha256", DSIG_MORE "sha384", XENC "sha512",
					      NULL };
static const char *const exclusive_c14n[] = { NS_EXC_URI, NULL };

struct id {
	const char *value;
	xmlAttr *attribute;
};

struct checking {
	struct trust_structure *found;
	xmlDocPtr doc;
	xmlNode *envelope, *header;
	struct id *ids; /* by value */
	size_t id_count;
	TALLOC_CTX *mem;
	struct err *e;
};

static bool refuse(struct checking *c, enum refusal refusal, const char *what)
{
	return refusal_set(c->e, refusal, "signed answer: %s", what);
}

/* --- small things --- */

/* Value of an attribute without namespace, NULL if absent; child of mem. */
static char *attribute(const xmlNode *node, const char *name, TALLOC_CTX *mem)
{
	xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
	char *copy = talloc_strdup(mem, (const char *)value);

	xmlFree(value);
	return copy;
}

static bool one_of(const char *value, const char *const *list)
{
	for (; value && *list; list++)
		if (strcmp(value, *list) == 0)
			return true;
	return false;
}

/* "#name" of plain characters: nothing that an XPointer could be made of. */
static bool plain_fragment(const char *uri)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
	static const char all[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789.-";

	return uri && uri[0] == '#' && uri[1] && strchr(letters, uri[1]) &&
	       uri[1 + strspn(uri + 1, all)] == '\0';
}

struct name {
	const char *ns, *local;
};

/* Exactly these elements, in this order, and nothing else. */
static bool consists_of(xmlNode **out, const xmlNode *parent, const struct name *names, int count)
{
	if (trust_children(out, count, parent) != count)
		return false;
	for (int i = 0; i < count; i++)
		if (!trust_is(out[i], names[i].ns, names[i].local))
			return false;
	return true;
}

/* --- the whole document --- */

static bool id_like(const xmlAttr *a)
{
	const char *name = (const char *)a->name;

	return strcasecmp(name, "id") == 0 || strcasecmp(name, "AssertionID") == 0;
}

static bool keep_ids(struct checking *c, const xmlNode *node)
{
	for (xmlAttr *a = node->properties; a; a = a->next) {
		xmlChar *value;

		if (!id_like(a))
			continue;
		if (a->ns && strcmp((const char *)a->ns->prefix, "xml") == 0)
			return refuse(c, REFUSAL_SIGNED_XML_ID, "xml:id is used");
		if (c->id_count == SIGNED_IDS_MOST)
			return refuse(c, REFUSAL_SIGNED_IDS_MANY, "there are too many ids");
		value = xmlNodeGetContent((xmlNode *)a);
		if (c->id_count % 64 == 0)
			c->ids = talloc_realloc(c->mem, c->ids, struct id, c->id_count + 64);
		c->ids[c->id_count++] =
			(struct id){ talloc_strdup(c->mem, (const char *)value), a };
		xmlFree(value);
	}
	return true;
}

static int by_value(const void *a, const void *b)
{
	return strcmp(((const struct id *)a)->value, ((const struct id *)b)->value);
}

static bool ids_unique(struct checking *c)
{
	if (c->id_count)
		qsort(c->ids, c->id_count, sizeof *c->ids, by_value);
	for (size_t i = 1; i < c->id_count; i++)
		if (strcmp(c->ids[i - 1].value, c->ids[i].value) == 0)
			return refuse(c, REFUSAL_SIGNED_ID_TWICE, "two elements have the same id");
	return true;
}

/* What may be there once only, wherever it stands, so that no second one can hide. */
static bool keep_single(struct checking *c, xmlNode *node)
{
	const struct {
		const char *ns, *name;
		xmlNode **to;
	} singles[] = {
		{ NS_SOAP_URI, "Envelope", &c->envelope },
		{ NS_SOAP_URI, "Header", &c->header },
		{ NS_SOAP_URI, "Body", &c->found->body },
		{ NS_WSSE_URI, "Security", &c->found->security },
		{ NS_WSSE_URI, "BinarySecurityToken", &c->found->token },
		{ NS_WSU_URI, "Timestamp", &c->found->timestamp },
		{ NS_DSIG_URI, "Signature", &c->found->signature },
	};

	for (size_t i = 0; i < sizeof singles / sizeof *singles; i++) {
		if (!trust_is(node, singles[i].ns, singles[i].name))
			continue;
		if (*singles[i].to)
			return refusal_set(c->e, REFUSAL_SIGNED_SECOND,
					   "signed answer: there is a second %s, expected one",
					   singles[i].name);
		*singles[i].to = node;
	}
	return true;
}

static bool within(const xmlNode *node, const xmlNode *above)
{
	while (node && node != above)
		node = node->parent;
	return node != NULL;
}

static bool walk(struct checking *c)
{
	xmlNode *root = xmlDocGetRootElement(c->doc);

	for (xmlNode *node = root; node; node = trust_next(node, root)) {
		if (node->type != XML_ELEMENT_NODE)
			continue;
		if (!keep_single(c, node) || !keep_ids(c, node))
			return false;
		if (node->ns && strcmp((const char *)node->ns->href, NS_DSIG_URI) == 0 &&
		    !within(node, c->found->signature))
			return refuse(c, REFUSAL_SIGNED_DS_ASTRAY,
				      "there is a ds: element outside the Signature");
	}
	return ids_unique(c);
}

/* --- the frame --- */

static bool frame_fits(struct checking *c)
{
	static const struct name parts[] = { { NS_SOAP_URI, "Header" }, { NS_SOAP_URI, "Body" } };
	const struct trust_structure *f = c->found;
	xmlNode *child[3], *root = xmlDocGetRootElement(c->doc);
	char *actor;

	if (root != c->envelope || !consists_of(child, root, parts, 2))
		return refuse(c, REFUSAL_SIGNED_FORM, "it is not an Envelope of Header and Body");
	if (!f->signature)
		return refusal_set(c->e, REFUSAL_UNSIGNED, "answer is not signed");
	if (!f->security || f->security->parent != c->header)
		return refuse(c, REFUSAL_SIGNED_SECURITY, "there is no Security in the Header");
	if (!f->timestamp || !f->token || trust_children(child, 3, f->security) != 3 ||
	    f->signature->parent != f->security || f->timestamp->parent != f->security ||
	    f->token->parent != f->security)
		return refuse(c, REFUSAL_SIGNED_SECURITY,
			      "Security is not made of one Timestamp, BinarySecurityToken and "
			      "Signature");
	actor = (char *)xmlGetNsProp(f->security, (const xmlChar *)"actor",
				     (const xmlChar *)NS_SOAP_URI);
	actor = actor && *actor && strcmp(actor, ACTOR_NEXT) != 0 ? actor : (xmlFree(actor), NULL);
	xmlFree(actor);
	return !actor || refuse(c, REFUSAL_SIGNED_ACTOR, "Security is meant for somebody else");
}

/* --- the signature --- */

/* An algorithm of the list, without parameters. */
static bool algorithm_fits(struct checking *c, const xmlNode *node, const char *const *list)
{
	char *value = attribute(node, "Algorithm", c->mem);

	if (!one_of(value, list))
		return refusal_set(c->e, REFUSAL_SIGNED_ALGORITHM,
				   "signed answer: %s is not one we accept",
				   (const char *)node->name);
	return true;
}

static bool has_no_children(struct checking *c, const xmlNode *node)
{
	xmlNode *none;

	return trust_children(&none, 0, node) == 0 ||
	       refusal_set(c->e, REFUSAL_SIGNED_PARAMETERS, "signed answer: %s has parameters",
			   (const char *)node->name);
}

/* Exclusive canonicalisation may name prefixes that are to be kept. */
static bool c14n_fits(struct checking *c, const xmlNode *node)
{
	xmlNode *child;
	int count = trust_children(&child, 1, node);
	char *prefixes;

	if (!algorithm_fits(c, node, exclusive_c14n))
		return false;
	if (count == 0)
		return true;
	if (count < 0 || !trust_is(child, NS_EXC_URI, "InclusiveNamespaces"))
		return refuse(c, REFUSAL_SIGNED_PARAMETERS,
			      "canonicalisation has parameters that we do not know");
	prefixes = attribute(child, "PrefixList", c->mem);
	if (!prefixes || strlen(prefixes) > SIGNED_PREFIXES_MOST)
		return refuse(c, REFUSAL_SIGNED_PREFIXES,
			      "InclusiveNamespaces has no PrefixList or a very long one");
	return has_no_children(c, child);
}

static const struct id *id_find(const struct checking *c, const char *value)
{
	const struct id key = { value, NULL };

	return c->id_count ? bsearch(&key, c->ids, c->id_count, sizeof *c->ids, by_value) : NULL;
}

/* Which node? It must bear a wsu:Id, and be one that may be signed: Body, Timestamp, token, another header. */
static xmlNode *target_of(struct checking *c, const char *uri)
{
	const struct trust_structure *f = c->found;
	const struct id *id = plain_fragment(uri) ? id_find(c, uri + 1) : NULL;
	xmlNode *node = id ? id->attribute->parent : NULL;
	const xmlNs *ns = id ? id->attribute->ns : NULL;

	if (!node || !ns || strcmp((const char *)ns->href, NS_WSU_URI) != 0 ||
	    strcmp((const char *)id->attribute->name, "Id") != 0)
		return NULL;
	if (node != f->body && node != f->timestamp && node != f->token &&
	    (node->parent != c->header || node == f->security))
		return NULL;
	return node;
}

static bool reference_parts_fit(struct checking *c, const xmlNode *reference)
{
	static const struct name parts[] = { { NS_DSIG_URI, "Transforms" },
					     { NS_DSIG_URI, "DigestMethod" },
					     { NS_DSIG_URI, "DigestValue" } };
	static const struct name one[] = { { NS_DSIG_URI, "Transform" } };
	xmlNode *child[3], *transform;

	if (!consists_of(child, reference, parts, 3) || !trust_leaf(child[2], c->mem))
		return refuse(c, REFUSAL_SIGNED_REFERENCE,
			      "Reference is not made of Transforms, DigestMethod, DigestValue");
	if (!consists_of(&transform, child[0], one, 1))
		return refuse(c, REFUSAL_SIGNED_TRANSFORM,
			      "Reference has other transforms than the one expected");
	return c14n_fits(c, transform) && algorithm_fits(c, child[1], digest_methods) &&
	       has_no_children(c, child[1]);
}

/* Tell xmlsec's resolver the same node that ours found. */
static bool registered(struct checking *c, const char *uri)
{
	const struct id *id = id_find(c, uri + 1);

	return xmlAddID(NULL, c->doc, (const xmlChar *)id->value, id->attribute) != NULL ||
	       refuse(c, REFUSAL_SIGNED_ID_TWICE, "an id cannot be used");
}

static bool reference_fits(struct checking *c, const xmlNode *reference, xmlNode **targets)
{
	struct trust_structure *f = c->found;
	char *uri = attribute(reference, "URI", c->mem);
	xmlNode *target;

	if (attribute(reference, "Type", c->mem))
		return refuse(c, REFUSAL_SIGNED_REFERENCE, "Reference has a Type");
	target = target_of(c, uri);
	if (!target)
		return refuse(c, REFUSAL_SIGNED_TARGET,
			      "Reference does not name Body, Timestamp, token or a header");
	for (size_t i = 0; i < f->reference_count; i++)
		if (targets[i] == target)
			return refuse(c, REFUSAL_SIGNED_TARGET_TWICE,
				      "two References name the same element");
	targets[f->reference_count++] = target;
	if (target == f->body)
		f->body_uri = uri;
	return reference_parts_fit(c, reference) && registered(c, uri);
}

static bool references_fit(struct checking *c, xmlNode *const *references, int count)
{
	xmlNode *targets[SIGNED_REFERENCES_MOST];
	bool timestamp = false;

	for (int i = 0; i < count; i++) {
		if (!trust_is(references[i], NS_DSIG_URI, "Reference"))
			return refuse(c, REFUSAL_SIGNED_INFO,
				      "SignedInfo has an element that is no Reference");
		if (!reference_fits(c, references[i], targets))
			return false;
		timestamp |= targets[i] == c->found->timestamp;
	}
	if (!c->found->body_uri)
		return refuse(c, REFUSAL_SIGNED_NOT_BODY, "the signature does not cover the Body");
	return timestamp || refuse(c, REFUSAL_SIGNED_NOT_TIMESTAMP,
				   "the signature does not cover the Timestamp");
}

static bool signed_info_fits(struct checking *c, const xmlNode *info)
{
	xmlNode *child[2 + SIGNED_REFERENCES_MOST];
	int count = trust_children(child, 2 + SIGNED_REFERENCES_MOST, info);

	if (count < 3 || !trust_is(child[0], NS_DSIG_URI, "CanonicalizationMethod") ||
	    !trust_is(child[1], NS_DSIG_URI, "SignatureMethod"))
		return refuse(c, REFUSAL_SIGNED_INFO,
			      "SignedInfo is not made of CanonicalizationMethod, "
			      "SignatureMethod and References");
	return c14n_fits(c, child[0]) && algorithm_fits(c, child[1], signature_methods) &&
	       has_no_children(c, child[1]) && references_fit(c, child + 2, count - 2);
}

/* KeyInfo may only point at the token; what the token is worth is trust_certificate.c's. */
static bool key_info_fits(struct checking *c, const xmlNode *key_info)
{
	static const struct name str[] = { { NS_WSSE_URI, "SecurityTokenReference" } };
	static const struct name ref[] = { { NS_WSSE_URI, "Reference" } };
	xmlNode *node;
	char *uri, *type;

	if (!consists_of(&node, key_info, str, 1) || !consists_of(&node, node, ref, 1) ||
	    !has_no_children(c, node))
		return refuse(c, REFUSAL_SIGNED_KEY_INFO,
			      "KeyInfo is not one reference to the token");
	uri = attribute(node, "URI", c->mem);
	type = attribute(node, "ValueType", c->mem);
	if (target_of(c, uri) != c->found->token)
		return refuse(c, REFUSAL_SIGNED_KEY_INFO,
			      "KeyInfo does not name the token of this message");
	return !type || strcmp(type, X509_V3) == 0 ||
	       refuse(c, REFUSAL_SIGNED_KEY_INFO, "KeyInfo names no X.509 token");
}

static bool signature_fits(struct checking *c)
{
	static const struct name parts[] = { { NS_DSIG_URI, "SignedInfo" },
					     { NS_DSIG_URI, "SignatureValue" },
					     { NS_DSIG_URI, "KeyInfo" } };
	xmlNode *child[3];

	if (!consists_of(child, c->found->signature, parts, 3) || !trust_leaf(child[1], c->mem))
		return refuse(c, REFUSAL_SIGNED_SIGNATURE,
			      "Signature is not made of SignedInfo, SignatureValue, KeyInfo");
	return signed_info_fits(c, child[0]) && key_info_fits(c, child[2]);
}

/* --- the token --- */

static bool token_fits(struct checking *c)
{
	struct trust_structure *f = c->found;
	const char *type = attribute(f->token, "ValueType", c->mem);
	const char *coding = attribute(f->token, "EncodingType", c->mem);
	char *text = trust_leaf(f->token, c->mem);
	struct base64 state = { 0 };

	if (!type || strcmp(type, X509_V3) != 0 || (coding && strcmp(coding, AS_BASE64) != 0))
		return refuse(c, REFUSAL_SIGNED_TOKEN,
			      "BinarySecurityToken is no X.509 certificate in base64");
	if (!text || strlen(text) > XML_ATTRIBUTE_LEN_MOST)
		return refuse(c, REFUSAL_SIGNED_TOKEN,
			      "BinarySecurityToken is empty, too long or not plain text");
	f->certificate = talloc_size(c->mem, BASE64_ROOM(strlen(text)));
	return (base64_decode(f->certificate, &f->certificate_len, &state, text, strlen(text),
			      NULL) &&
		base64_end(&state, NULL)) ||
	       refuse(c, REFUSAL_SIGNED_TOKEN, "BinarySecurityToken is no base64");
}

bool trust_structure(struct trust_structure *found, xmlDocPtr doc, int64_t now_ms, TALLOC_CTX *mem,
		     struct err *e)
{
	struct checking c = { .found = found, .doc = doc, .mem = mem, .e = e };

	*found = (struct trust_structure){ 0 };
	return walk(&c) && frame_fits(&c) && signature_fits(&c) && token_fits(&c) &&
	       trust_fresh(found->timestamp, now_ms, e);
}
