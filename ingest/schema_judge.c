/*
 * schema_judge.c -- one answer held against a set while it streams by: the element in the soap:Body goes to libxml2's
 * validator, piece by piece; memory does not grow with the documents. What xop:Include stands for counts as present. Where an
 * answer sends anything to look at (xsi:schemaLocation), nobody looks.
 */
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/cage.h"
#include "base/text.h"
#include "ingest/encoding.h"
#include "ingest/mime.h"
#include "ingest/multipart.h"
#include "ingest/schema_parts.h"
#include "ingest/xml.h"

#define SOAP        "http://schemas.xmlsoap.org/soap/envelope/"
#define XOP         "http://www.w3.org/2004/08/xop/include"
#define CLOCK_EVERY 256 /* events between two looks at the clock */
#define IN_BODY     3   /* the depth of what is judged */
#define STAND_IN    "AAAA"

struct schema_judge {
	struct schema_report report;

	/* the answer's parts */
	struct mime_type type;
	struct multipart *multipart;
	size_t blanks, start_len;
	char start[2];
	bool decided, root_seen, in_root;

	/* its XML */
	struct encoding *encoding;
	xmlParserCtxtPtr parser;
	int depth, include_depth;
	size_t elements, events;
	bool in_body;
	const xmlChar *names[XML_DEPTH_MOST + 1];
	const xmlChar *scope[2 * SCHEMA_SCOPE_MOST]; /* prefix, namespace; the inner ones behind */
	int scope_count;
	const xmlChar *uri;         /* of the element that starts */
	size_t text_len, blank_len; /* bytes of this element's text that the validator got */
	bool in_text;               /* it is getting some */
	int text_code;              /* what it said of this text; 0: nothing */
	uint64_t fed;
	int64_t cpu_from_ms;

	/* libxml2's validator, which plays the part of a SAX handler */
	xmlSchemaValidCtxtPtr validator;
	xmlSAXHandler empty;
	xmlSAXHandlerPtr to;
	void *to_self;
	xmlSchemaSAXPlugPtr plug;
};

static int64_t cpu_ms(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

static void give_up(struct schema_judge *j, const char *why)
{
	if (!j->report.gave_up)
		j->report.gave_up = talloc_strdup(j, why);
	if (j->parser)
		xmlStopParser(j->parser);
}

/* ---- breaches ---- */

/* Names from the Body's child on; of a long way its end. */
static char *way(const struct schema_judge *j, const char *attribute)
{
	char *path = talloc_strdup((TALLOC_CTX *)(uintptr_t)j, "");
	size_t len;

	for (int d = IN_BODY; d <= j->depth; d++)
		path = talloc_asprintf_append_buffer(path, "%s%s", d > IN_BODY ? "/" : "",
						     (const char *)j->names[d]);
	if (attribute)
		path = talloc_asprintf_append_buffer(path, "/@%s", attribute);
	len = strlen(path);
	if (len > SCHEMA_WORD_MOST) {
		memmove(path, path + len - SCHEMA_WORD_MOST, SCHEMA_WORD_MOST + 1);
		text_mend(path);
	}
	return path;
}

static void record(struct schema_judge *j, const char *rule, const char *attribute, char *detail)
{
	struct schema_report *r = &j->report;
	char *element = way(j, attribute);

	if (strlen(detail) > SCHEMA_WORD_MOST)
		detail[SCHEMA_WORD_MOST] = '\0';
	text_mend(detail);
	if (++r->times > SCHEMA_TIMES_MOST)
		give_up(j, "there are too many breaches, the rest was not looked at");
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->breaches[i].element, element) == 0 &&
		    strcmp(r->breaches[i].rule, rule) == 0 &&
		    strcmp(r->breaches[i].detail, detail) == 0) {
			r->breaches[i].times++;
			talloc_free(element);
			return;
		}
	if (r->count == SCHEMA_BREACHES_MOST) {
		talloc_free(element);
		return;
	}
	r->breaches = talloc_realloc(j, r->breaches, struct schema_breach, r->count + 1);
	r->breaches[r->count++] = (struct schema_breach){
		.element = element,
		.rule = talloc_strdup(r->breaches, rule),
		.detail = talloc_strdup(r->breaches, detail),
		.line = j->parser && j->parser->input ? (uint64_t)j->parser->input->line : 0,
		.times = 1,
	};
}

static char *detail_of(const struct schema_judge *j, int code, const char *message, TALLOC_CTX *mem)
{
	if (code == XML_SCHEMAV_CVC_ELT_1)
		return talloc_asprintf(mem, "namespace %s",
				       j->uri ? (const char *)j->uri : "(none)");
	return schema_rule_detail(code, message, mem);
}

/* A text comes in as many pieces as libxml2 likes, and what is wrong with it is said of each. */
static bool said_already(struct schema_judge *j, int code)
{
	bool already = j->in_text && j->text_code == code;

	if (j->in_text)
		j->text_code = code;
	return already;
}

static void text_begin(struct schema_judge *j)
{
	j->text_len = j->blank_len = 0;
	j->text_code = 0;
}

static void on_breach(void *self, xmlErrorPtr error)
{
	struct schema_judge *j = self;
	const char *message = error->message ? error->message : "";
	TALLOC_CTX *mem;
	char *attribute;

	if (error->level < XML_ERR_ERROR || j->report.gave_up)
		return;
	if (error->code == XML_SCHEMAV_INTERNAL || error->domain != XML_FROM_SCHEMASV) {
		give_up(j, "the validator could not go on");
		return;
	}
	if (said_already(j, error->code))
		return;
	mem = talloc_new(j);
	attribute = schema_rule_attribute(error->code, message, mem);
	record(j, schema_rule_words(error->code, message), attribute,
	       detail_of(j, error->code, message, mem));
	talloc_free(mem);
}

/* ---- elements and text ---- */

static bool goes_on(struct schema_judge *j)
{
	if (j->report.gave_up)
		return false;
	if (++j->events % CLOCK_EVERY == 0 &&
	    cpu_ms() - j->cpu_from_ms >
		    (SCHEMA_CPU_MS + (int64_t)(j->fed / READER_BYTES_PER_MS)) * CAGE_TIMES_TIME)
		give_up(j, "it takes too long");
	return !j->report.gave_up;
}

static bool is(const xmlChar *uri, const xmlChar *name, const char *ns, const char *word)
{
	return uri && strcmp((const char *)uri, ns) == 0 && strcmp((const char *)name, word) == 0;
}

static void widen_scope(struct schema_judge *j, int count, const xmlChar **namespaces)
{
	if (j->scope_count + count > SCHEMA_SCOPE_MOST) {
		give_up(j, "the envelope declares too many namespaces");
		return;
	}
	for (int i = 0; i < 2 * count; i++)
		j->scope[2 * j->scope_count + i] = namespaces[i];
	j->scope_count += count;
}

/* The element in the Body brings along what the elements around it declare: the validator takes the first that fits. */
static void start_judged(struct schema_judge *j, const xmlChar *name, const xmlChar *prefix,
			 const xmlChar *uri, int ns_count, const xmlChar **namespaces, int count,
			 int defaulted, const xmlChar **attributes)
{
	const xmlChar *all[2 * SCHEMA_SCOPE_MOST];
	int n = 0;

	if (j->depth == IN_BODY) {
		widen_scope(j, ns_count, namespaces);
		for (int i = j->scope_count - 1; i >= 0 && !j->report.gave_up; i--, n++) {
			all[2 * n] = j->scope[2 * i];
			all[2 * n + 1] = j->scope[2 * i + 1];
		}
		ns_count = n;
		namespaces = all;
	}
	if (!j->report.gave_up)
		j->to->startElementNs(j->to_self, name, prefix, uri, ns_count, namespaces, count,
				      defaulted, attributes);
}

static bool fits(struct schema_judge *j, int ns_count, int count)
{
	if (j->depth > XML_DEPTH_MOST)
		give_up(j, "its XML is nested too deeply");
	else if (++j->elements > XML_ELEMENTS_MOST)
		give_up(j, "its XML has too many elements");
	else if (ns_count > XML_ATTRIBUTES_MOST || count > XML_ATTRIBUTES_MOST)
		give_up(j, "its XML has an element with too many attributes");
	return !j->report.gave_up;
}

static void on_start(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
		     int ns_count, const xmlChar **namespaces, int count, int defaulted,
		     const xmlChar **attributes)
{
	struct schema_judge *j = self;

	j->depth++;
	if (!goes_on(j) || !fits(j, ns_count, count))
		return;
	j->names[j->depth] = name;
	j->uri = uri;
	text_begin(j);
	if (j->depth < IN_BODY) {
		j->in_body = j->depth == 2 && is(uri, name, SOAP, "Body");
		if (j->depth == 1 || j->in_body)
			widen_scope(j, ns_count, namespaces);
	} else if (j->depth == IN_BODY && j->in_body && is(uri, name, SOAP, "Fault")) {
		j->in_body = false; /* no schema of the norm's */
	} else if (j->in_body && !j->include_depth) {
		if (is(uri, name, XOP, "Include"))
			j->include_depth = j->depth;
		else
			start_judged(j, name, prefix, uri, ns_count, namespaces, count, defaulted,
				     attributes);
	}
}

static void on_end(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct schema_judge *j = self;

	if (!goes_on(j)) {
		j->depth--;
		return;
	}
	if (j->include_depth == j->depth) {
		j->include_depth = 0;
		j->to->characters(j->to_self, BAD_CAST STAND_IN, sizeof STAND_IN - 1);
	} else if (j->depth >= IN_BODY && j->in_body && !j->include_depth) {
		j->to->endElementNs(j->to_self, name, prefix, uri);
	}
	text_begin(j);
	j->depth--;
}

/* Of a long text its beginning, up to a count of characters that is still base64 if all of it is. */
static bool worth_judging(struct schema_judge *j, xmlChar c)
{
	size_t *len = c <= ' ' ? &j->blank_len : &j->text_len;

	if (*len == SCHEMA_TEXT_MOST)
		return false;
	++*len;
	return true;
}

static void on_text(void *self, const xmlChar *text, int len)
{
	struct schema_judge *j = self;

	if (j->depth < IN_BODY || !j->in_body || j->include_depth || !goes_on(j))
		return;
	while (len && j->text_len < SCHEMA_TEXT_MOST) {
		int n = 0;

		while (n < len && worth_judging(j, text[n]))
			n++;
		j->in_text = true;
		if (n)
			j->to->characters(j->to_self, text, n);
		j->in_text = false;
		n += n < len; /* the one that was not */
		text += n;
		len -= n;
	}
}

static void on_doctype(void *self, const xmlChar *name, const xmlChar *public_id,
		       const xmlChar *system_id)
{
	(void)name, (void)public_id, (void)system_id;
	give_up(self, "its XML has a DOCTYPE");
}

/* ---- XML ---- */

static bool parse(void *self, const char *text, size_t len, bool same, struct err *e)
{
	struct schema_judge *j = self;

	(void)same, (void)e;
	while (len && !j->report.gave_up) {
		size_t n = len < 65536 ? len : 65536;

		xmlParseChunk(j->parser, text, (int)n, 0);
		if (!j->report.gave_up && !j->parser->wellFormed)
			give_up(j, "its XML is not well-formed");
		text += n;
		len -= n;
	}
	return !j->report.gave_up;
}

static void begin_xml(struct schema_judge *j, const char *charset)
{
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.internalSubset = on_doctype,
		.externalSubset = on_doctype,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
		.startElementNs = on_start,
		.endElementNs = on_end,
	};

	j->root_seen = true;
	j->encoding = encoding_new(charset, parse, j, j);
	j->parser = xmlCreatePushParserCtxt(&sax, j, NULL, 0, NULL);
	xmlCtxtUseOptions(j->parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
}

static void xml_bytes(struct schema_judge *j, const void *bytes, size_t len)
{
	struct err why = { 0 };

	if (!j->report.gave_up && !encoding_feed(j->encoding, bytes, len, &why))
		give_up(j, "its encoding is not what it says");
}

/* ---- parts ---- */

static bool is_root(const struct schema_judge *j, const struct part_head *head)
{
	const char *start =
		j->type.start ? mime_content_id(j->type.start, (TALLOC_CTX *)(uintptr_t)j) : NULL;

	return !j->root_seen &&
	       (!start || !head->content_id || strcmp(head->content_id, start) == 0);
}

static bool on_part(void *self, const struct part_head *head, struct err *e)
{
	struct schema_judge *j = self;
	struct mime_type type;

	j->in_root = is_root(j, head);
	if (!j->in_root)
		return true;
	if (!mime_type_parse(&type, head->content_type, j, e))
		return false;
	if (head->transfer_encoding && strcasecmp(head->transfer_encoding, "base64") == 0) {
		give_up(j, "its XML comes as base64");
		return false;
	}
	begin_xml(j, type.charset ? type.charset : j->type.charset);
	return true;
}

static bool on_part_bytes(void *self, const void *bytes, size_t len, uint64_t offset, struct err *e)
{
	struct schema_judge *j = self;

	(void)offset, (void)e;
	if (j->in_root)
		xml_bytes(j, bytes, len);
	return !j->report.gave_up;
}

static bool on_part_end(void *self, struct err *e)
{
	(void)e;
	((struct schema_judge *)self)->in_root = false;
	return true;
}

/* As in the reader, the first bytes count more than the header. */
static void decide(struct schema_judge *j)
{
	const struct part_receiver receiver = { j, on_part, on_part_bytes, on_part_end };

	j->decided = true;
	if (j->start[0] == '-' && j->start[1] == '-')
		j->multipart = multipart_new(j->type.boundary, &receiver, j);
	else
		begin_xml(j, j->type.charset);
}

static void feed_decided(struct schema_judge *j, const void *bytes, size_t len)
{
	struct err why = { 0 };

	if (!j->multipart)
		xml_bytes(j, bytes, len);
	else if (!multipart_feed(j->multipart, bytes, len, &why))
		give_up(j, "its MIME parts cannot be read");
}

/* ---- from without ---- */

static int judge_free(struct schema_judge *j)
{
	if (j->plug)
		xmlSchemaSAXUnplug(j->plug);
	xmlSchemaFreeValidCtxt(j->validator);
	xmlFreeParserCtxt(j->parser);
	return 0;
}

struct schema_judge *schema_judge_begin(const struct schema_set *set, const char *content_type,
					TALLOC_CTX *mem)
{
	struct schema_judge *j = talloc_zero(mem, struct schema_judge);
	struct err why = { 0 };

	j->cpu_from_ms = cpu_ms();
	j->validator = xmlSchemaNewValidCtxt(schema_set_compiled(set));
	xmlSchemaSetValidStructuredErrors(j->validator, on_breach, j);
	j->empty.initialized = XML_SAX2_MAGIC;
	j->to = &j->empty;
	j->plug = xmlSchemaSAXPlug(j->validator, &j->to, &j->to_self);
	talloc_set_destructor(j, judge_free);
	if (!j->plug)
		give_up(j, "the validator cannot begin");
	else if (!mime_type_parse(&j->type, content_type, j, &why))
		give_up(j, "its Content-Type cannot be read");
	return j;
}

void schema_judge_feed(struct schema_judge *j, const void *bytes, size_t len)
{
	const char *p = bytes;

	j->fed += len;
	while (len && !j->decided && !j->report.gave_up) {
		len--;
		if (!j->start_len && *p && strchr(" \t\r\n", *p)) {
			if (++j->blanks > START_MOST)
				give_up(j, "it begins with too many blanks");
			p++;
			continue;
		}
		j->start[j->start_len++] = *p++;
		if (j->start_len < 2)
			continue;
		decide(j);
		feed_decided(j, j->start, 2);
	}
	if (len && !j->report.gave_up)
		feed_decided(j, p, len);
}

const struct schema_report *schema_judge_end(struct schema_judge *j)
{
	struct err why = { 0 };

	if (j->encoding && !j->report.gave_up && !encoding_end(j->encoding, &why))
		give_up(j, "its encoding is not what it says");
	if (!j->report.gave_up && (!j->elements || j->depth))
		give_up(j, "its XML ends in the middle");
	return &j->report;
}
