/*
 * xml.h -- one SOAP message as a stream of elements and text. The home of libxml2, set up so that nothing in a
 * message can open a file, a connection or a definition: DOCTYPE and processing instructions end the parse where
 * they begin, entities other than the five predefined ones do not exist, and every size has a limit (limits.h).
 *
 * Long base64 does not go through the parser: in its start callback the receiver may call xml_take_raw; the
 * text of that element then comes as it stands in the message, up to the next '<' or '&', where that is possible, and
 * through `text` where it is not (CDATA, character references, comments). Both are the same characters. Raw text was looked at by
 * nobody: the receiver refuses what is not base64.
 */
#ifndef INGEST_XML_H
#define INGEST_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"

struct xml;

struct xml_attribute {
	const char *ns; /* NULL: none */
	const char *name;
	const char *value; /* not ended by NUL; see xml_attribute_value */
	size_t len;
};

/* Each returns false to end the parse, with e set. Names and namespaces live as long as the struct xml. */
struct xml_receiver {
	void *self;
	bool (*start)(void *self, const char *ns, const char *name,
		      const struct xml_attribute *attributes, size_t count, struct err *e);
	bool (*text)(void *self, const char *text, size_t len, struct err *e);
	/* offset: of text in the message as fed, UINT64_MAX if the message was transcoded */
	bool (*raw)(void *self, const char *text, size_t len, uint64_t offset, struct err *e);
	bool (*end)(void *self, struct err *e);
};

/* Set libxml2 up for the whole process, once; xml_new does it by itself. */
void xml_prepare(void);

/* charset: of the Content-Type, NULL if none. The receiver's struct is copied. */
struct xml *xml_new(const char *charset, const struct xml_receiver *receiver, TALLOC_CTX *mem);

/* Fails ERR_DELIVERY with what is wrong and the byte, or as the receiver fails. */
bool xml_feed(struct xml *xml, const void *bytes, size_t len, struct err *e);

/* The message is over: it must be one complete, well-formed document. */
bool xml_end(struct xml *xml, struct err *e);

/* Ask for the raw text of the element that starts now; ends by itself at its end tag. */
void xml_take_raw(struct xml *xml);

/* The value with its references resolved, child of mem. */
char *xml_attribute_value(const struct xml_attribute *attribute, TALLOC_CTX *mem);

#endif
