/*
 * trust_tree.c -- a signed answer as a tree, with the strictness of xml.c: no DOCTYPE, no instructions, no entities,
 * nothing opened, every size limited. Comments are refused within the envelope: canonicalisation drops them, so that a
 * signature would not notice one that divides what was signed.
 */
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ingest/base64.h"
#include "ingest/encoding.h"
#include "ingest/limits.h"
#include "ingest/mime.h"
#include "ingest/refusal.h"
#include "ingest/trust_parts.h"
#include "ingest/xml.h"

#define SLICE 65536 /* most that the parser is given at once */

struct growing {
	xmlParserCtxtPtr parser;
	struct err *e;
	bool failed;
	int depth;
	int declared[XML_DEPTH_MOST + 1]; /* namespaces, by the elements that are open */
	int in_scope;                     /* all of these */
	size_t elements;
	xmlChar *
		text; /* of the node under way, which it becomes: libxml2's own text nodes end at 10 MB */
	size_t text_len, text_room;
};

bool trust_is(const xmlNode *node, const char *ns, const char *name)
{
	return node && node->type == XML_ELEMENT_NODE && node->ns && node->ns->href &&
	       strcmp((const char *)node->ns->href, ns) == 0 &&
	       strcmp((const char *)node->name, name) == 0;
}

xmlNode *trust_next(const xmlNode *node, const xmlNode *top)
{
	if (node->type == XML_ELEMENT_NODE && node->children)
		return node->children;
	while (node != top && !node->next)
		node = node->parent;
	return node == top ? NULL : node->next;
}

/* --- callbacks --- */

static struct growing *growing_of(void *parser)
{
	return ((xmlParserCtxtPtr)parser)->_private;
}

static bool refuse(struct growing *g, enum refusal refusal, const char *what)
{
	if (!g->failed)
		refusal_set(g->e, refusal, "signed answer: %s", what);
	g->failed = true;
	xmlStopParser(g->parser);
	return false;
}

static void on_doctype(void *self, const xmlChar *name, const xmlChar *public_id,
		       const xmlChar *system_id)
{
	(void)name, (void)public_id, (void)system_id;
	refuse(growing_of(self), REFUSAL_DOCTYPE, "XML has a DOCTYPE, which SOAP forbids");
}

static void on_instruction(void *self, const xmlChar *target, const xmlChar *data)
{
	(void)target, (void)data;
	refuse(growing_of(self), REFUSAL_INSTRUCTION,
	       "XML has a processing instruction, which SOAP forbids");
}

static void on_reference(void *self, const xmlChar *name)
{
	(void)name;
	refuse(growing_of(self), REFUSAL_ENTITY, "XML uses an entity that is not defined");
}

static void on_comment(void *self, const xmlChar *text)
{
	(void)text;
	if (growing_of(self)->depth > 0)
		refuse(growing_of(self), REFUSAL_SIGNED_COMMENT,
		       "envelope has a comment, which no signature covers");
}

static void on_error(void *self, xmlErrorPtr error)
{
	if (error->level >= XML_ERR_ERROR)
		refuse(growing_of(self), REFUSAL_MALFORMED, "XML is not well-formed");
}

static void on_text(void *self, const xmlChar *text, int len)
{
	struct growing *g = growing_of(self);
	size_t needed = g->text_len + (size_t)len;

	if (g->failed || !g->parser->node)
		return;
	if (needed > g->text_room) {
		g->text_room = needed + needed / 2;
		g->text = xmlRealloc(g->text, g->text_room);
		if (!g->text)
			abort();
	}
	memcpy(g->text + g->text_len, text, (size_t)len);
	g->text_len += (size_t)len;
}

/* A text node without a copy of a text of libxml2's memory, which it takes over. */
static xmlNode *text_node(xmlChar *text, size_t len)
{
	xmlNode *node = xmlNewText(NULL);

	text = xmlRealloc(text, len + 1);
	if (!node || !text)
		abort();
	text[len] = '\0';
	node->content = text;
	return node;
}

static void put_text(struct growing *g)
{
	if (!g->text_len)
		return;
	if (!xmlAddChild(g->parser->node, text_node(g->text, g->text_len)))
		abort();
	g->text = NULL;
	g->text_len = g->text_room = 0;
}

static bool attributes_fit(struct growing *g, int count, const xmlChar **in)
{
	for (int i = 0; i < count; i++, in += 5) {
		if (in[4] - in[3] > XML_ATTRIBUTE_LEN_MOST)
			return refuse(g, REFUSAL_ATTRIBUTE_LONG, "attribute is too long");
		if (strlen((const char *)in[0]) > XML_NAME_LEN_MOST)
			return refuse(g, REFUSAL_NAME_LONG, "attribute name is too long");
	}
	return true;
}

static bool element_fits(struct growing *g, const xmlChar *name, int ns_count, int count,
			 const xmlChar **attributes)
{
	if (++g->depth > XML_DEPTH_MOST)
		return refuse(g, REFUSAL_DEPTH, "XML is nested too deeply");
	if (++g->elements > SIGNED_ELEMENTS_MOST)
		return refuse(g, REFUSAL_ELEMENTS_MANY, "XML has too many elements");
	if (strlen((const char *)name) > XML_NAME_LEN_MOST)
		return refuse(g, REFUSAL_NAME_LONG, "element name is too long");
	if (ns_count > XML_ATTRIBUTES_MOST || count > XML_ATTRIBUTES_MOST)
		return refuse(g, REFUSAL_ATTRIBUTES_MANY, "element with too many attributes");
	g->in_scope += g->declared[g->depth] = ns_count;
	if (g->in_scope > SIGNED_NAMESPACES_MOST)
		return refuse(g, REFUSAL_SIGNED_NAMESPACES, "too many namespaces are in scope");
	return attributes_fit(g, count, attributes);
}

static void on_start(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns,
		     int ns_count, const xmlChar **namespaces, int count, int defaulted,
		     const xmlChar **attributes)
{
	struct growing *g = growing_of(self);

	if (g->failed || !element_fits(g, name, ns_count, count, attributes))
		return;
	put_text(g);
	xmlSAX2StartElementNs(g->parser, name, prefix, ns, ns_count, namespaces, count, defaulted,
			      attributes);
}

static void on_end(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns)
{
	struct growing *g = growing_of(self);

	if (g->failed)
		return;
	put_text(g);
	g->in_scope -= g->declared[g->depth];
	g->depth--;
	xmlSAX2EndElementNs(g->parser, name, prefix, ns);
}

/* --- parsing --- */

static int growing_free(struct growing *g)
{
	if (g->parser->myDoc)
		xmlFreeDoc(g->parser->myDoc);
	xmlFreeParserCtxt(g->parser);
	xmlFree(g->text);
	return 0;
}

static struct growing *growing_new(TALLOC_CTX *mem)
{
	struct growing *g = talloc_zero(mem, struct growing);
	xmlSAXHandler sax = { 0 };

	xml_prepare();
	xmlSAXVersion(&sax, 2);
	sax.internalSubset = on_doctype;
	sax.externalSubset = on_doctype;
	sax.reference = on_reference;
	sax.processingInstruction = on_instruction;
	sax.comment = on_comment;
	sax.characters = sax.ignorableWhitespace = sax.cdataBlock = on_text;
	sax.startElementNs = on_start;
	sax.endElementNs = on_end;
	sax.serror = on_error;
	g->parser = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
	if (!g->parser)
		abort();
	g->parser->_private = g;
	talloc_set_destructor(g, growing_free);
	/* NODICT: xmlsec makes nodes of its own in this document */
	xmlCtxtUseOptions(g->parser, XML_PARSE_NONET | XML_PARSE_NODICT | XML_PARSE_IGNORE_ENC);
	return g;
}

static bool feed(void *self, const char *utf8, size_t len, bool same, struct err *e)
{
	struct growing *g = self;

	(void)same, (void)e;
	for (size_t n; len && !g->failed; utf8 += n, len -= n) {
		n = len < SLICE ? len : SLICE;
		xmlParseChunk(g->parser, utf8, (int)n, 0);
	}
	return !g->failed;
}

static bool grown(struct growing *g, struct err *e)
{
	const xmlParserCtxt *parser = g->parser;

	if (g->failed)
		return false;
	xmlParseChunk(g->parser, NULL, 0, 1);
	if (g->failed)
		return false;
	if (!parser->wellFormed || !parser->nsWellFormed || !parser->myDoc ||
	    !xmlDocGetRootElement(parser->myDoc))
		return refusal_set(e, REFUSAL_MALFORMED, "signed answer: XML is not well-formed");
	if (parser->version && strcmp((const char *)parser->version, "1.0") != 0)
		return refusal_set(e, REFUSAL_XML_VERSION, "signed answer: XML version is not 1.0");
	return true;
}

/* --- parts --- */

static struct trust_part *part_by_id(struct trust_mime *mime, const char *id, size_t *count)
{
	struct trust_part *found = NULL;

	*count = 0;
	for (size_t i = 0; i < mime->part_count; i++)
		if (mime->parts[i].id && strcmp(mime->parts[i].id, id) == 0) {
			found = &mime->parts[i];
			++*count;
		}
	return found;
}

static struct trust_part *part_of(struct trust_mime *mime, xmlNode *include, TALLOC_CTX *mem,
				  struct err *e)
{
	char *href = (char *)xmlGetNoNsProp(include, (const xmlChar *)"href");
	struct trust_part *part = NULL;
	size_t count = 0;

	if (href && strncasecmp(href, "cid:", 4) == 0) {
		part = part_by_id(mime, mime_percent_decoded(href + 4, mem), &count);
		if (!part)
			part = part_by_id(mime, href + 4, &count);
	}
	xmlFree(href);
	if (count == 1 && !part->used)
		return part;
	refusal_set(e, REFUSAL_SIGNED_INCLUDE, "signed answer: xop:Include refers to %s",
		    count ? "a part that is not alone or taken before" : "no part");
	return NULL;
}

/* What a signature covers is base64 without line ends (XOP, canonical form). The text is of libxml2's memory. */
static bool part_text(xmlChar **text, size_t *len, const struct trust_part *part, TALLOC_CTX *mem,
		      struct err *e)
{
	const char *bytes = part->bytes ? part->bytes : "";
	struct base64 state = { 0 };
	size_t size = part->len;

	if (part->base64) {
		uint8_t *decoded = talloc_size(mem, BASE64_ROOM(part->len));

		if (!base64_decode(decoded, &size, &state, bytes, part->len, e) ||
		    !base64_end(&state, e))
			return false;
		bytes = (char *)decoded;
	}
	*text = xmlMalloc(size / 3 * 4 + 5);
	if (!*text)
		abort();
	*len = (size_t)EVP_EncodeBlock(*text, (const uint8_t *)bytes, (int)size);
	return true;
}

static bool inline_part(xmlNode *include, struct trust_mime *mime, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust_part *part = part_of(mime, include, mem, e);
	xmlChar *text;
	size_t len;
	bool ok = part && part_text(&text, &len, part, mem, e);

	if (ok) {
		part->used = true;
		TALLOC_FREE(part->bytes);
		xmlFreeNode(xmlReplaceNode(include, text_node(text, len)));
	}
	talloc_free(mem);
	return ok;
}

/* Within the Body, and the only child of its element. */
static bool include_stands_well(const xmlNode *include)
{
	const xmlNode *above = include->parent;

	if (include->prev || include->next || include->children)
		return false;
	while (above && above->type == XML_ELEMENT_NODE && !trust_is(above, NS_SOAP_URI, "Body"))
		above = above->parent;
	return above && above->type == XML_ELEMENT_NODE && include->parent != above;
}

static bool inline_parts(xmlNode *root, struct trust_mime *mime, struct err *e)
{
	for (xmlNode *node = root, *next; node; node = next) {
		xmlNode *above = node->parent;

		next = trust_next(node, root);
		if (!trust_is(node, NS_XOP_URI, "Include"))
			continue;
		if (!include_stands_well(node))
			return refusal_set(e, REFUSAL_SIGNED_INCLUDE,
					   "signed answer: xop:Include does not stand alone in an "
					   "element of the Body");
		if (!inline_part(node, mime, e))
			return false;
		next = trust_next(above->children, root);
	}
	for (size_t i = 0; i < mime->part_count; i++)
		if (!mime->parts[i].used)
			return refusal_set(
				e, REFUSAL_SIGNED_PART,
				"signed answer has a part that the signature does not cover");
	return true;
}

xmlDocPtr trust_tree(struct trust_mime *mime, TALLOC_CTX *mem, struct err *e)
{
	struct growing *g = growing_new(mem);
	struct encoding *encoding = encoding_new(mime->charset, feed, g, g);

	g->e = e;
	if (!encoding_feed(encoding, mime->root, mime->root_len, e) || !encoding_end(encoding, e) ||
	    !grown(g, e) || !inline_parts(xmlDocGetRootElement(g->parser->myDoc), mime, e))
		return NULL;
	return g->parser->myDoc;
}
