/* beyond.h -- answers with n of something, for every limit of ingest/limits.h that the XML side keeps. */
#ifndef TESTS_HOSTILE_BEYOND_H
#define TESTS_HOSTILE_BEYOND_H

#include "ingest/limits.h"
#include "ingest/refusal.h"
#include "tests/ingest/read_helpers.h"

static inline char *many(const char *what, size_t times, TALLOC_CTX *mem)
{
	size_t len = strlen(what);
	char *text = talloc_size(mem, len * times + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(text + i * len, what, len);
	text[len * times] = '\0';
	return text;
}

static inline char *in_transfer(const char *inner, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, TRANSFER("%s"), inner);
}

/* Builders: an answer with n of something. */
static inline char *depth(size_t n, TALLOC_CTX *mem)
{
	size_t below = n - 6; /* Envelope, Body, wrapper, Response, Lieferung, Transfer */

	return in_transfer(
		talloc_asprintf(mem, "%s%s", many("<v:x>", below, mem), many("</v:x>", below, mem)),
		mem);
}

static inline char *attributes(size_t n, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "<v:x");

	for (size_t i = 0; i < n; i++)
		text = talloc_asprintf_append_buffer(text, " a%zu=\"\"", i);
	return in_transfer(talloc_asprintf(mem, "%s/>", text), mem);
}

static inline char *attribute_len(size_t n, TALLOC_CTX *mem)
{
	return in_transfer(talloc_asprintf(mem, "<v:x a=\"%s\"/>", many("a", n, mem)), mem);
}

static inline char *name_len(size_t n, TALLOC_CTX *mem)
{
	return in_transfer(talloc_asprintf(mem, "<v:%s/>", many("x", n, mem)), mem);
}

static inline char *attribute_name_len(size_t n, TALLOC_CTX *mem)
{
	return in_transfer(talloc_asprintf(mem, "<v:x %s=\"\"/>", many("x", n, mem)), mem);
}

static inline char *field(size_t n, TALLOC_CTX *mem)
{
	return in_transfer(talloc_asprintf(mem, "<g:Freitext>%s</g:Freitext>", many("x", n, mem)),
			   mem);
}

static inline char *id_len(size_t n, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, GET("<t:ID>%s</t:ID><t:Transfer/>"), many("x", n, mem));
}

static inline char *transfers(size_t n, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, GET("<t:ID>1</t:ID>%s"), many("<t:Transfer/>", n, mem));
}

static inline char *documents(size_t n, TALLOC_CTX *mem)
{
	return in_transfer(many("<g:Datei><a:Daten>QUJD</a:Daten></g:Datei>", n, mem), mem);
}

/* A root that refers to all other parts, which stand in the opposite order; two transfers, for one holds fewer. */
static inline char *parts(size_t n, TALLOC_CTX *mem)
{
	char *xml = talloc_strdup(mem, ""), *rest = talloc_strdup(mem, "");

	for (size_t i = 1; i < n; i++) {
		xml = talloc_asprintf_append_buffer(xml, "%s" INCLUDE("p%zu@vu"),
						    i == n / 2 ? "</t:Transfer><t:Transfer>" : "",
						    i);
		rest = talloc_asprintf_append_buffer(rest, PART("p%zu@vu", "%%PDF"), n - i);
	}
	return talloc_asprintf(mem, ROOT "%s%s" CLOSE, in_transfer(xml, mem), rest);
}

_Static_assert(PARTS_MOST > DOCUMENTS_MOST,
	       "a transfer's documents fit with MTOM as they do inline");

static inline char *numbers(size_t n, TALLOC_CTX *mem)
{
	return in_transfer(
		many("<t:Versicherungsscheinnummer>1</t:Versicherungsscheinnummer>", n, mem), mem);
}

static inline char *messages(size_t n, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, STATUS("OK", "%s"), many("<n:Meldung/>", n, mem));
}

static inline char *shipments(size_t n, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, LIST("%s"),
			       many("<t:Lieferung><t:ID>1</t:ID></t:Lieferung>", n, mem));
}

static inline char *elements(size_t n, TALLOC_CTX *mem)
{
	size_t others = 10; /* of GET with its status, an ID and a Transfer */

	return in_transfer(many("<v:x/>", n - others, mem), mem);
}

/* n bytes, all of them. */
static inline char *tag(size_t n, TALLOC_CTX *mem)
{
	return in_transfer(talloc_asprintf(mem, "<v:x%s/>", many(" ", n - 6, mem)), mem);
}

static inline char *comment(size_t n, TALLOC_CTX *mem)
{
	return in_transfer(talloc_asprintf(mem, "<!--%s-->", many(">", n - 7, mem)), mem);
}

static inline char *declaration(size_t n, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "<?xml version='1.0'%s?>" LIST(""), many(" ", n - 21, mem));
}

static inline char *blanks(size_t n, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "%s" LIST(""), many(" ", n, mem));
}

/* Not so many, but said to be so many. */
static inline char *transfers_said(size_t n, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem,
			       LIST("<t:Lieferung><t:ID>1</t:ID><t:AnzahlTransfers>%zu"
				    "</t:AnzahlTransfers></t:Lieferung>"),
			       n);
}

static const struct {
	const char *what;
	char *(*answer)(size_t n, TALLOC_CTX *mem);
	size_t most;
	enum refusal refusal; /* one beyond it */
} limits[] = {
	{ "depth", depth, XML_DEPTH_MOST, REFUSAL_DEPTH },
	{ "attributes", attributes, XML_ATTRIBUTES_MOST, REFUSAL_ATTRIBUTES_MANY },
	{ "attribute length", attribute_len, XML_ATTRIBUTE_LEN_MOST, REFUSAL_ATTRIBUTE_LONG },
	{ "element name", name_len, XML_NAME_LEN_MOST, REFUSAL_NAME_LONG },
	{ "attribute name", attribute_name_len, XML_NAME_LEN_MOST, REFUSAL_NAME_LONG },
	{ "text of a field", field, FIELD_TEXT_MOST, REFUSAL_FIELD_LONG },
	{ "shipment id", id_len, SHIPMENT_ID_LEN_MOST, REFUSAL_SHIPMENT_ID },
	{ "transfers", transfers, TRANSFERS_MOST, REFUSAL_TRANSFERS_MANY },
	{ "documents", documents, DOCUMENTS_MOST, REFUSAL_DOCUMENTS_MANY },
	{ "parts", parts, PARTS_MOST, REFUSAL_PARTS_MANY },
	{ "numbers", numbers, NUMBERS_MOST, REFUSAL_NUMBERS_MANY },
	{ "messages", messages, MESSAGES_MOST, REFUSAL_MESSAGES_MANY },
	{ "shipments of a list", shipments, 10000, REFUSAL_LIST_LONG }, /* read_way's list_most */
	{ "elements", elements, XML_ELEMENTS_MOST, REFUSAL_ELEMENTS_MANY },
	{ "bytes of a tag", tag, XML_MARKUP_MOST, REFUSAL_MARKUP_LONG },
	{ "bytes of a comment", comment, XML_MARKUP_MOST, REFUSAL_MARKUP_LONG },
	{ "bytes of the declaration", declaration, XML_DECLARATION_MOST, REFUSAL_MARKUP_LONG },
	{ "blanks in front", blanks, START_MOST, REFUSAL_LEADING_BLANKS },
	{ "transfers that are said", transfers_said, TRANSFERS_SAID_MOST, REFUSAL_FIELD_NUMBER },
};

#endif
