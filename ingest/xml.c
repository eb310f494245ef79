#include "ingest/xml.h"

#include <libxml/catalog.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlIO.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/encoding.h"
#include "ingest/limits.h"
#include "ingest/refusal.h"

#define SLICE 65536 /* most that the parser is given at once */

struct xml {
	struct xml_receiver to;
	struct encoding *encoding;
	xmlParserCtxtPtr parser;
	struct err *e; /* of the call under way */
	bool failed;
	bool transcoded;
	int depth;
	int raw_depth; /* depth of the element whose text is taken raw, 0: none */
	size_t elements;
	size_t cdata_matched; /* characters of "<![CDATA[" that the parser was given */
	uint64_t raw_bytes;   /* that the parser did not see */
	uint64_t offset;      /* fed in all */
};

/* --- libxml2 for the whole process: nothing can be opened --- */

static xmlParserInputPtr no_entity(const char *url, const char *id, xmlParserCtxtPtr parser)
{
	(void)url, (void)id, (void)parser;
	return NULL;
}

static int match_all(const char *name)
{
	(void)name;
	return 1;
}

static void *open_nothing(const char *name)
{
	(void)name;
	return NULL;
}

static int read_nothing(void *context, char *buffer, int len)
{
	(void)context, (void)buffer, (void)len;
	return -1;
}

static int close_nothing(void *context)
{
	(void)context;
	return 0;
}

static void no_print(void *context, const char *format, ...)
{
	(void)context, (void)format;
}

static void prepare_libxml2(void)
{
	xmlInitParser();
	xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE);
	xmlSetExternalEntityLoader(no_entity);
	xmlCleanupInputCallbacks();
	/* without one of our own, libxml2 would bring its file and network callbacks back by itself */
	xmlRegisterInputCallbacks(match_all, open_nothing, read_nothing, close_nothing);
	xmlSetGenericErrorFunc(NULL, no_print);
}

void xml_prepare(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, prepare_libxml2);
}

/* --- callbacks --- */

static bool refuse(struct xml *xml, enum refusal refusal, const char *what)
{
	if (!xml->failed)
		refusal_set(xml->e, refusal, "%s at byte %llu", what,
			    (unsigned long long)xmlByteConsumed(xml->parser) + xml->raw_bytes +
				    encoding_mark(xml->encoding));
	xml->failed = true;
	xmlStopParser(xml->parser);
	return false;
}

static void stop_unless(struct xml *xml, bool ok)
{
	if (ok)
		return;
	xml->failed = true;
	xmlStopParser(xml->parser);
}

static void on_doctype(void *self, const xmlChar *name, const xmlChar *public_id,
		       const xmlChar *system_id)
{
	(void)name, (void)public_id, (void)system_id;
	refuse(self, REFUSAL_DOCTYPE, "XML has a DOCTYPE, which SOAP forbids,");
}

static void on_instruction(void *self, const xmlChar *target, const xmlChar *data)
{
	(void)target, (void)data;
	refuse(self, REFUSAL_INSTRUCTION, "XML has a processing instruction, which SOAP forbids,");
}

static void on_reference(void *self, const xmlChar *name)
{
	(void)name;
	refuse(self, REFUSAL_ENTITY, "XML uses an entity that is not defined");
}

/* libxml2 gives name, prefix, namespace, value, end of value for each attribute. */
static bool attributes_fit(struct xml *xml, struct xml_attribute *out, size_t count,
			   const xmlChar **in)
{
	if (count > XML_ATTRIBUTES_MOST)
		return refuse(xml, REFUSAL_ATTRIBUTES_MANY, "element with too many attributes");
	for (size_t i = 0; i < count; i++, in += 5) {
		out[i].name = (const char *)in[0];
		out[i].ns = (const char *)in[2];
		out[i].value = (const char *)in[3];
		out[i].len = (size_t)(in[4] - in[3]);
		if (out[i].len > XML_ATTRIBUTE_LEN_MOST)
			return refuse(xml, REFUSAL_ATTRIBUTE_LONG, "attribute is too long");
		if (strlen(out[i].name) > XML_NAME_LEN_MOST)
			return refuse(xml, REFUSAL_NAME_LONG, "attribute name is too long");
	}
	return true;
}

static void on_start(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns,
		     int ns_count, const xmlChar **namespaces, int count, int defaulted,
		     const xmlChar **attributes)
{
	struct xml *xml = self;
	struct xml_attribute list[XML_ATTRIBUTES_MOST];

	(void)prefix, (void)ns_count, (void)namespaces, (void)defaulted;
	if (xml->failed)
		return;
	if (++xml->depth > XML_DEPTH_MOST)
		refuse(xml, REFUSAL_DEPTH, "XML is nested too deeply");
	else if (++xml->elements > XML_ELEMENTS_MOST)
		refuse(xml, REFUSAL_ELEMENTS_MANY, "XML has too many elements");
	else if (strlen((const char *)name) > XML_NAME_LEN_MOST)
		refuse(xml, REFUSAL_NAME_LONG, "element name is too long");
	else if (ns_count > XML_ATTRIBUTES_MOST)
		refuse(xml, REFUSAL_ATTRIBUTES_MANY, "element declares too many namespaces");
	else if (xml->raw_depth && xml->depth > xml->raw_depth + 1)
		refuse(xml, REFUSAL_DATA_ELEMENT, "elements nested within binary data");
	else if (attributes_fit(xml, list, (size_t)count, attributes))
		stop_unless(xml, xml->to.start(xml->to.self, (const char *)ns, (const char *)name,
					       list, (size_t)count, xml->e));
}

static void on_end(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns)
{
	struct xml *xml = self;

	(void)name, (void)prefix, (void)ns;
	if (xml->failed)
		return;
	if (xml->raw_depth == xml->depth)
		xml->raw_depth = 0;
	xml->depth--;
	stop_unless(xml, xml->to.end(xml->to.self, xml->e));
}

static void on_text(void *self, const xmlChar *text, int len)
{
	struct xml *xml = self;

	if (!xml->failed)
		stop_unless(xml,
			    xml->to.text(xml->to.self, (const char *)text, (size_t)len, xml->e));
}

#define NOT_A_CHARACTER "XML has a character that is not allowed or not UTF-8"

/* Our words, not libxml2's: its sentences quote the message, which may name persons. */
static const struct complaint {
	int code;
	enum refusal refusal;
	const char *says;
} complaints[] = {
	{ XML_ERR_TAG_NAME_MISMATCH, REFUSAL_MALFORMED, "XML tags do not match" },
	{ XML_ERR_TAG_NOT_FINISHED, REFUSAL_XML_CUT, "XML ends in the middle" },
	{ XML_ERR_DOCUMENT_EMPTY, REFUSAL_XML_CUT, "XML ends in the middle" },
	{ XML_ERR_DOCUMENT_END, REFUSAL_XML_BEHIND, "XML goes on behind its root element" },
	{ XML_ERR_INVALID_CHAR, REFUSAL_CHARACTER, NOT_A_CHARACTER },
	{ XML_ERR_INTERNAL_ERROR, REFUSAL_CHARACTER, NOT_A_CHARACTER }, /* it gets no further */
	{ XML_ERR_INVALID_ENCODING, REFUSAL_CHARACTER, NOT_A_CHARACTER },
	{ XML_ERR_INVALID_CHARREF, REFUSAL_CHARACTER, NOT_A_CHARACTER },
	{ XML_ERR_UNDECLARED_ENTITY, REFUSAL_ENTITY, "XML uses an entity that is not defined" },
	{ XML_WAR_UNDECLARED_ENTITY, REFUSAL_ENTITY, "XML uses an entity that is not defined" },
	{ XML_NS_ERR_UNDEFINED_NAMESPACE, REFUSAL_PREFIX,
	  "XML uses a prefix that is not declared" },
	{ XML_NS_ERR_ATTRIBUTE_REDEFINED, REFUSAL_ATTRIBUTE_TWICE,
	  "XML has the same attribute twice" },
	{ XML_ERR_ATTRIBUTE_REDEFINED, REFUSAL_ATTRIBUTE_TWICE,
	  "XML has the same attribute twice" },
	{ XML_ERR_NAME_TOO_LONG, REFUSAL_NAME_LONG, "XML has a name that is too long" },
	{ XML_ERR_RESERVED_XML_NAME, REFUSAL_INSTRUCTION, "XML declaration is not at the start" },
	{ 0, REFUSAL_MALFORMED, "XML is not well-formed" },
};

static bool complain(struct xml *xml, int code)
{
	const struct complaint *c = complaints;

	if (code == XML_ERR_INTERNAL_ERROR && *xml->parser->input->cur == '<')
		code = 0; /* markup that may not stand here, and no character */
	while (c->code && c->code != code)
		c++;
	return refuse(xml, c->refusal, c->says);
}

static void on_error(void *self, xmlErrorPtr error)
{
	struct xml *xml = self;

	if (error->level >= XML_ERR_ERROR && !xml->failed)
		complain(xml, error->code);
}

/* --- life --- */

static bool parse(void *self, const char *utf8, size_t len, bool same, struct err *e);

static int xml_free(struct xml *xml)
{
	xmlFreeParserCtxt(xml->parser);
	return 0;
}

struct xml *xml_new(const char *charset, const struct xml_receiver *receiver, TALLOC_CTX *mem)
{
	struct xml *xml = talloc_zero(mem, struct xml);
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.internalSubset = on_doctype,
		.externalSubset = on_doctype,
		.reference = on_reference,
		.processingInstruction = on_instruction,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.serror = on_error,
	};

	xml_prepare();
	xml->to = *receiver;
	xml->encoding = encoding_new(charset, parse, xml, xml);
	xml->parser = xmlCreatePushParserCtxt(&sax, xml, NULL, 0, NULL);
	if (!xml->parser)
		abort();
	talloc_set_destructor(xml, xml_free);
	/* IGNORE_ENC: what arrives here is UTF-8 whatever the declaration says (encoding.c) */
	xmlCtxtUseOptions(xml->parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
	/* nor does it guess by the first four bytes: a second byte order mark would be another opinion */
	if (xmlSwitchEncoding(xml->parser, XML_CHAR_ENCODING_UTF8) < 0)
		abort();
	return xml;
}

void xml_take_raw(struct xml *xml)
{
	xml->raw_depth = xml->depth;
}

/* --- feeding --- */

/* May the next byte be taken raw? The parser must stand in that element's text and hold nothing back. */
static bool at_raw_text(const struct xml *xml)
{
	const xmlParserCtxt *parser = xml->parser;

	return xml->raw_depth && xml->depth == xml->raw_depth && parser->input &&
	       parser->input->cur == parser->input->end &&
	       (parser->instate == XML_PARSER_CONTENT ||
		parser->instate == XML_PARSER_CDATA_SECTION);
}

static size_t raw_run(const struct xml *xml, const char *text, size_t len)
{
	bool cdata = xml->parser->instate == XML_PARSER_CDATA_SECTION;
	const char *end = memchr(text, cdata ? ']' : '<', len);
	const char *reference = cdata ? NULL : memchr(text, '&', end ? (size_t)(end - text) : len);

	return reference ? (size_t)(reference - text) : end ? (size_t)(end - text) : len;
}

/* libxml2 keeps a CDATA section until it ends. Give it the section's start alone, byte by byte, so that its text can be
 * taken raw like any other. */
static bool may_begin_cdata(struct xml *xml, char next)
{
	static const char begin[] = "<![CDATA[";

	if (!xml->raw_depth || xml->parser->instate != XML_PARSER_CONTENT ||
	    next != begin[xml->cdata_matched]) {
		xml->cdata_matched = 0;
		return false;
	}
	if (!begin[++xml->cdata_matched])
		xml->cdata_matched = 0;
	return true;
}

/* How much to give the parser at once. Raw text may begin behind the tag of the next "Daten"; a wrong guess costs
 * nothing but one more call. */
static size_t next_cut(struct xml *xml, const char *text, size_t len)
{
	const char *hit, *close;

	if (may_begin_cdata(xml, *text))
		return 1;
	len = len < SLICE ? len : SLICE;
	hit = memmem(text, len, "Daten", 5);
	close = hit ? memchr(hit, '>', len - (size_t)(hit - text)) : NULL;
	return close ? (size_t)(close - text) + 1 : len;
}

/* Of markup whose end has not come. */
static size_t held_back(const struct xml *xml)
{
	return (size_t)(xml->parser->input->end - xml->parser->input->cur);
}

static bool parse_slice(struct xml *xml, const char *text, size_t len)
{
	xmlParseChunk(xml->parser, text, (int)len, 0);
	if (!xml->failed && !(xml->parser->wellFormed && xml->parser->nsWellFormed))
		complain(xml, xml->parser->errNo);
	else if (!xml->failed && held_back(xml) >= XML_MARKUP_MOST)
		refuse(xml, REFUSAL_MARKUP_LONG,
		       "XML has a tag, comment or CDATA section that does not end");
	return !xml->failed;
}

/* In the bytes as they were fed. */
static uint64_t place(const struct xml *xml)
{
	return xml->offset + encoding_mark(xml->encoding);
}

static bool parse(void *self, const char *text, size_t len, bool same, struct err *e)
{
	struct xml *xml = self;

	xml->transcoded |= !same;
	while (len) {
		size_t n;

		if (at_raw_text(xml) && (n = raw_run(xml, text, len)) > 0) {
			if (!xml->to.raw(xml->to.self, text, n,
					 xml->transcoded ? UINT64_MAX : place(xml), e)) {
				xml->failed = true;
				return false;
			}
			xml->raw_bytes += n;
		} else {
			/* never beyond the limit at once: it holds whatever the pieces are that come */
			size_t room = XML_MARKUP_MOST - held_back(xml);

			n = next_cut(xml, text, len);
			n = n < room ? n : room;
			if (!parse_slice(xml, text, n))
				return false;
		}
		xml->offset += n;
		text += n;
		len -= n;
	}
	return true;
}

bool xml_feed(struct xml *xml, const void *bytes, size_t len, struct err *e)
{
	xml->e = e;
	return !xml->failed && encoding_feed(xml->encoding, bytes, len, e);
}

bool xml_end(struct xml *xml, struct err *e)
{
	xml->e = e;
	if (xml->failed || !encoding_end(xml->encoding, e))
		return false;
	if (xml->elements == 0 || xml->depth > 0)
		return refusal_set(e, REFUSAL_XML_CUT,
				   "answer ends in the middle of the XML at byte %llu",
				   (unsigned long long)place(xml));
	xmlParseChunk(xml->parser, NULL, 0, 1);
	if (xml->failed)
		return false;
	if (!xml->parser->wellFormed || !xml->parser->nsWellFormed)
		return refusal_set(e, REFUSAL_MALFORMED, "XML is not well-formed at its end");
	if (xml->parser->version && strcmp((const char *)xml->parser->version, "1.0") != 0)
		return refusal_set(e, REFUSAL_XML_VERSION, "XML version is not 1.0");
	return true;
}

/* libxml2 leaves one reference standing in attribute values: every literal '&' comes as "&#38;". */
char *xml_attribute_value(const struct xml_attribute *attribute, TALLOC_CTX *mem)
{
	char *value = talloc_strndup(mem, attribute->value, attribute->len);
	char *to = value;

	for (const char *from = value; *from; to++) {
		bool ampersand = strncmp(from, "&#38;", 5) == 0;

		*to = *from;
		from += ampersand ? 5 : 1;
	}
	*to = '\0';
	return value;
}
