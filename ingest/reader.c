#include "ingest/reader.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "ingest/answer.h"
#include "ingest/base64.h"
#include "ingest/limits.h"
#include "ingest/mime.h"
#include "ingest/multipart.h"
#include "ingest/refusal.h"
#include "ingest/xml.h"

enum form { FORM_UNKNOWN, FORM_XML, FORM_MULTIPART };

/* How a part's bytes are to be taken. */
enum part_state { PART_NONE, PART_ROOT, PART_DOCUMENT };

struct reader {
	struct builder *builder;
	struct document_sink *sink;
	struct answer_source source;
	bool rereads;
	struct mime_type type;
	enum form form;
	struct multipart *multipart;
	struct err error; /* the first failure; repeated by every later call */
	uint64_t fed, most;
	char start[3]; /* first bytes that are not white space */
	size_t start_len;
	uint64_t start_skipped;

	enum part_state part;
	bool part_base64;
	bool root_seen;
	struct base64 root_decoder;
	uint64_t root_from; /* where the root's XML begins in the answer */
	bool root_offset_known;
	struct part_head head;
};

struct reader *reader_new(const char *content_type, const char *expected_id,
			  const struct reader_limits *limits, struct document_sink *sink,
			  TALLOC_CTX *mem)
{
	struct reader *r = talloc_zero(mem, struct reader);
	struct builder *b = talloc(r, struct builder);

	memset(b, 0, offsetof(struct builder, text));
	r->builder = b;
	r->sink = sink;
	r->most = limits->answer_bytes_most;
	b->list_most = limits->list_most;
	b->expected_id = talloc_strdup(b, expected_id);
	b->answer = talloc_zero(mem, struct answer);
	b->stack[0].name = "";
	b->stack[0].region = REGION_START;
	mime_type_parse(&r->type, content_type, r, &r->error);
	return r;
}

void reader_rereads(struct reader *r, const struct answer_source *source)
{
	r->source = *source;
	r->rereads = true;
}

/* --- the root's XML --- */

/* Offsets of the parser are those of the XML; the intake wants those of the answer. */
static bool on_raw(void *self, const char *text, size_t len, uint64_t offset, struct err *e)
{
	struct reader *r = self;
	bool known = r->root_offset_known && offset != UINT64_MAX;

	return answer_receiver.raw(r->builder, text, len,
				   known ? r->root_from + offset : UINT64_MAX, e);
}

static bool on_start(void *self, const char *ns, const char *name,
		     const struct xml_attribute *attributes, size_t count, struct err *e)
{
	return answer_receiver.start(((struct reader *)self)->builder, ns, name, attributes, count,
				     e);
}

static bool on_text(void *self, const char *text, size_t len, struct err *e)
{
	return answer_receiver.text(((struct reader *)self)->builder, text, len, e);
}

static bool on_end(void *self, struct err *e)
{
	return answer_receiver.end(((struct reader *)self)->builder, e);
}

static void begin_xml(struct reader *r, const char *charset, uint64_t offset, bool as_it_stands)
{
	const struct xml_receiver receiver = {
		.self = r,
		.start = on_start,
		.text = on_text,
		.raw = on_raw,
		.end = on_end,
	};
	struct builder *b = r->builder;

	b->xml = xml_new(charset, &receiver, b);
	b->intake = b->intake ? b->intake : intake_new(r->sink, r->rereads ? &r->source : NULL, b);
	r->root_from = offset;
	r->root_offset_known = as_it_stands;
	r->root_seen = true;
}

static bool end_xml(struct reader *r, struct err *e)
{
	r->builder->root_done = true;
	return xml_end(r->builder->xml, e);
}

/* --- parts --- */

static bool transfer_encoding(bool *base64, const char *name, struct err *e)
{
	*base64 = name && strcasecmp(name, "base64") == 0;
	if (!name || *base64 || strcasecmp(name, "binary") == 0 || strcasecmp(name, "8bit") == 0 ||
	    strcasecmp(name, "7bit") == 0)
		return true;
	return refusal_set(
		e, REFUSAL_PART_ENCODING,
		"part has a Content-Transfer-Encoding other than binary, 8bit, 7bit, base64");
}

static bool xml_type(const struct mime_type *type)
{
	return text_equal(type->type, "application/xop+xml") ||
	       text_equal(type->type, "text/xml") || text_equal(type->type, "application/xml") ||
	       text_equal(type->type, "application/soap+xml");
}

/* The root is the part that the start parameter names, else the first. */
static bool is_root(const struct reader *r, const struct part_head *head,
		    const struct mime_type *type)
{
	const char *start = r->type.start ? mime_content_id(r->type.start, r->builder) : NULL;

	if (r->root_seen)
		return false;
	if (!start)
		return true;
	if (head->content_id)
		return strcmp(head->content_id, start) == 0;
	return xml_type(type);
}

static bool on_part_begin(void *self, const struct part_head *head, struct err *e)
{
	struct reader *r = self;
	struct mime_type type;

	if (!mime_type_parse(&type, head->content_type, r->builder, e) ||
	    !transfer_encoding(&r->part_base64, head->transfer_encoding, e))
		return false;
	if (strncmp(type.type, "multipart/", 10) == 0)
		return refusal_set(e, REFUSAL_PART_NESTED,
				   "part is itself multipart, expected one level");
	r->head = *head;
	r->root_decoder = (struct base64){ 0 };
	if (is_root(r, head, &type)) {
		r->part = PART_ROOT;
		begin_xml(r, type.charset ? type.charset : r->type.charset, 0, false);
		return true;
	}
	r->part = PART_DOCUMENT;
	if (!r->builder->intake)
		r->builder->intake =
			intake_new(r->sink, r->rereads ? &r->source : NULL, r->builder);
	return intake_open(r->builder->intake, r->part_base64,
			   !r->builder->root_done || r->builder->any_checksum, e);
}

static bool root_from_base64(struct reader *r, const char *text, size_t len, struct err *e)
{
	uint8_t decoded[BASE64_ROOM(4096)];

	while (len) {
		size_t n = len < 4096 ? len : 4096, out;

		if (!base64_decode(decoded, &out, &r->root_decoder, text, n, e) ||
		    !xml_feed(r->builder->xml, decoded, out, e))
			return false;
		text += n;
		len -= n;
	}
	return true;
}

static bool on_part_bytes(void *self, const void *bytes, size_t len, uint64_t offset, struct err *e)
{
	struct reader *r = self;

	offset += r->start_skipped;
	if (r->part == PART_DOCUMENT)
		return intake_write(r->builder->intake, bytes, len, offset, e);
	if (r->part_base64)
		return root_from_base64(r, bytes, len, e);
	if (!r->root_offset_known) {
		r->root_offset_known = true;
		r->root_from = offset;
	}
	return xml_feed(r->builder->xml, bytes, len, e);
}

static bool document_part_end(struct reader *r, struct err *e)
{
	struct builder *b = r->builder;
	struct part *part = append(&b->parts, &b->part_count, sizeof *part, b);

	part->id = text_empty(r->head.content_id) ? NULL : talloc_strdup(b, r->head.content_id);
	part->id_decoded = part->id ? mime_percent_decoded(part->id, b) : NULL;
	part->content_type = talloc_strdup(b->answer, r->head.content_type);
	if (part->content_type && !text_valid_utf8(part->content_type, strlen(part->content_type)))
		part->content_type = text_shown(part->content_type, 200, b->answer);
	return intake_close(b->intake, &part->taken, b->answer, e);
}

static bool on_part_end(void *self, struct err *e)
{
	struct reader *r = self;
	enum part_state part = r->part;

	r->part = PART_NONE;
	if (part == PART_DOCUMENT)
		return document_part_end(r, e);
	if (r->part_base64 && !base64_end(&r->root_decoder, e))
		return false;
	return end_xml(r, e);
}

static void begin_multipart(struct reader *r)
{
	const struct part_receiver receiver = {
		.self = r,
		.begin = on_part_begin,
		.bytes = on_part_bytes,
		.end = on_part_end,
	};

	r->multipart = multipart_new(r->type.boundary, &receiver, r);
}

/* --- what is it? --- */

static bool declared_multipart(const struct reader *r)
{
	return strncmp(r->type.type, "multipart/", 10) == 0;
}

/* A type in our words: what an insurer's header says is not repeated. NULL: another one. */
static const char *type_known(const char *type)
{
	static const char *const known[] = { "text/html",        "text/plain",
					     "text/xml",         "application/xml",
					     "application/json", "application/soap+xml",
					     "application/pdf",  "application/zip",
					     "image/png",        "application/octet-stream" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (text_equal(known[i], type))
			return known[i];
	return strncmp(type, "multipart/", 10) == 0 ? "multipart" : NULL;
}

static bool not_soap(const struct reader *r, struct err *e)
{
	const char *known = type_known(r->type.type);

	if (known)
		return refusal_set(e, REFUSAL_NO_SOAP, "answer is %s, expected a SOAP message",
				   known);
	if (*r->type.type)
		return refusal_set(
			e, REFUSAL_NO_SOAP,
			"answer has a Content-Type of %zu bytes that is none of SOAP, expected a SOAP message",
			strlen(r->type.type));
	return refusal_set(e, REFUSAL_NO_SOAP, "answer does not begin like XML or multipart");
}

/* What the first bytes say counts more than the header: servers send multipart as text/xml. */
static bool decide_form(struct reader *r, struct err *e)
{
	const char *type = r->type.type;
	const unsigned char *start = (const unsigned char *)r->start;

	if (text_equal(type, "text/html") || text_equal(type, "application/json"))
		return not_soap(r, e);
	if (start[0] == '-' && start[1] == '-')
		r->form = FORM_MULTIPART;
	else if (start[0] == '<' || start[0] == 0xef || start[0] >= 0xfe || start[0] == 0 ||
		 start[1] == 0)
		r->form = FORM_XML;
	else if (declared_multipart(r))
		r->form = FORM_MULTIPART;
	else
		return not_soap(r, e);
	if (r->form == FORM_MULTIPART)
		begin_multipart(r);
	else
		begin_xml(r, r->type.charset, r->start_skipped, true);
	return true;
}

static bool feed_form(struct reader *r, const void *bytes, size_t len, struct err *e)
{
	if (len == 0)
		return true;
	return r->form == FORM_XML ? xml_feed(r->builder->xml, bytes, len, e)
				   : multipart_feed(r->multipart, bytes, len, e);
}

/* White space in front is passed over; two bytes behind it tell the form. */
static bool feed_start(struct reader *r, const char **p, size_t *len, struct err *e)
{
	while (*len && r->start_len < 2) {
		char c = *(*p)++;

		(*len)--;
		if (r->start_len == 0 && strchr(" \t\r\n", c) && c) {
			if (++r->start_skipped > START_MOST)
				return refusal_set(e, REFUSAL_LEADING_BLANKS,
						   "answer begins with more than %d blanks",
						   START_MOST);
			continue;
		}
		r->start[r->start_len++] = c;
	}
	if (r->start_len < 2)
		return true;
	return decide_form(r, e) && feed_form(r, r->start, r->start_len, e);
}

/* Keep the first failure, so that every later call repeats it. */
static bool keep_error(struct reader *r, bool ok, struct err *e)
{
	if (ok)
		return true;
	if (e && r->error.kind == ERR_NONE)
		r->error = *e;
	return false;
}

static bool same_error(const struct reader *r, struct err *e)
{
	if (e && e->kind == ERR_NONE)
		*e = r->error;
	return false;
}

bool reader_feed(struct reader *r, const void *bytes, size_t len, struct err *e)
{
	const char *p = bytes;
	struct err error = { 0 };
	bool ok = true;

	if (r->error.kind != ERR_NONE)
		return same_error(r, e);
	r->fed += len;
	if (r->fed > r->most)
		ok = refusal_set(&error, REFUSAL_ANSWER_LONG, "answer has more than %llu bytes",
				 (unsigned long long)r->most);
	if (ok && r->form == FORM_UNKNOWN)
		ok = feed_start(r, &p, &len, &error);
	if (ok && r->form != FORM_UNKNOWN)
		ok = feed_form(r, p, len, &error);
	return keep_error(r, ok, &error) || same_error(r, e);
}

static bool finish(struct reader *r, struct err *e)
{
	struct builder *b = r->builder;

	if (r->form == FORM_UNKNOWN)
		return r->start_len ? not_soap(r, e)
				    : refusal_set(e, REFUSAL_ANSWER_EMPTY, "answer is empty");
	if (r->form == FORM_XML && !end_xml(r, e))
		return false;
	if (r->form == FORM_MULTIPART && !multipart_end(r->multipart, e))
		return false;
	if (!r->root_seen)
		return refusal_set(e, REFUSAL_NO_ROOT_PART, "multipart answer has no root part");
	if (r->form == FORM_XML && declared_multipart(r))
		answer_warn(b, "answer is declared multipart but is plain XML");
	if (r->form == FORM_MULTIPART && !declared_multipart(r))
		answer_warn(b, "answer is multipart but not declared so");
	return answer_finish(b, e);
}

bool reader_end(struct reader *r, struct answer **answer, struct err *e)
{
	struct err error = { 0 };

	if (r->error.kind != ERR_NONE)
		return same_error(r, e);
	if (!keep_error(r, finish(r, &error), &error))
		return same_error(r, e);
	*answer = r->builder->answer;
	return true;
}

bool reader_refused(const struct reader *r)
{
	return r->error.kind != ERR_NONE && r->builder->fault;
}

bool answer_fits(const struct answer *answer, enum answer_kind asked, struct err *e)
{
	return answer->kind == asked ||
	       refusal_set(e, REFUSAL_OTHER_OPERATION, "the answer belongs to another operation");
}
