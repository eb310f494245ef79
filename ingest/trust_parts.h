/*
 * trust_parts.h -- within trust: the steps from an answer's bytes to a verified Body.
 * trust_message.c takes the MIME parts apart, trust_tree.c parses the root and puts the parts back in their places,
 * trust_structure.c says which nodes may be signed, trust_certificate.c whose key counts, trust.c computes.
 */
#ifndef INGEST_TRUST_PARTS_H
#define INGEST_TRUST_PARTS_H

#include <libxml/tree.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/trust.h"

#define NS_SOAP_URI "http://schemas.xmlsoap.org/soap/envelope/"
#define NS_DSIG_URI "http://www.w3.org/2000/09/xmldsig#"
#define NS_EXC_URI  "http://www.w3.org/2001/10/xml-exc-c14n#"
#define NS_XOP_URI  "http://www.w3.org/2004/08/xop/include"
#define NS_WSS_URI  "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
#define NS_WSSE_URI NS_WSS_URI "wssecurity-secext-1.0.xsd"
#define NS_WSU_URI  NS_WSS_URI "wssecurity-utility-1.0.xsd"

/* --- trust.c --- */

/* --- trust_message.c --- */

struct trust_part {
	char *id; /* Content-ID */
	char *bytes;
	size_t len;
	bool base64; /* how they stand here */
	bool used;
};

struct trust_mime {
	const char *charset;
	const char *root;
	size_t root_len;
	struct trust_part *parts; /* all but the root */
	size_t part_count;
};

bool trust_mime_read(struct trust_mime *mime, const struct trust_message *message, TALLOC_CTX *mem,
		     struct err *e);

/* The sentence for an answer beyond SIGNED_ANSWER_MOST; false. */
bool trust_too_long(uint64_t len, struct err *e);

/* --- trust_tree.c --- */

/* The root as a tree in which every xop:Include is replaced by the base64 of its part. Freed with mem. */
xmlDocPtr trust_tree(struct trust_mime *mime, TALLOC_CTX *mem, struct err *e);

bool trust_is(const xmlNode *node, const char *ns, const char *name);

/* The next node in document order, NULL behind the last one below top. */
xmlNode *trust_next(const xmlNode *node, const xmlNode *top);

/* --- trust_structure.c --- */

struct trust_structure {
	xmlNode *security, *signature, *timestamp, *token, *body;
	char *body_uri; /* "#" and its id */
	size_t reference_count;
	uint8_t *certificate; /* DER, from the token */
	size_t certificate_len;
};

bool trust_structure(struct trust_structure *found, xmlDocPtr doc, int64_t now_ms, TALLOC_CTX *mem,
		     struct err *e);

/* --- trust_times.c --- */

/* Is the wsu:Timestamp fresh at now? */
bool trust_fresh(xmlNode *timestamp, int64_t now_ms, struct err *e);

/* Text of an element that has nothing but text, without white space around it; child of mem, NULL if there is more. */
char *trust_leaf(const xmlNode *node, TALLOC_CTX *mem);

/* The elements below a node, at most `most`; -1 if there is other text than white space, or more of them. */
int trust_children(xmlNode **out, int most, const xmlNode *parent);

/* --- trust_certificate.c --- */

/* The key of a certificate that is believed at now, to be freed, and whose it is (RFC 2253), child of mem. */
bool trust_key(EVP_PKEY **key, char **signer, const struct trust *trust, const uint8_t *der,
	       size_t len, int64_t now_ms, TALLOC_CTX *mem, struct err *e);

#endif
