/*
 * answer.h -- within the reader: the answer under construction, the wire names (answer_paths.c), and who builds it:
 * answer_build.c elements to facts, answer_transfer.c numbers and persons, answer_file.c documents,
 * answer_finish.c what only the whole answer can tell; answer_parts.c is what they share.
 */
#ifndef INGEST_ANSWER_H
#define INGEST_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/intake.h"
#include "ingest/limits.h"
#include "ingest/reader.h"
#include "ingest/xml.h"

/* Where in the answer we are: what the children of an element may mean. */
enum region {
	REGION_LEAF, /* a field */
	REGION_START,
	REGION_ENVELOPE,
	REGION_BODY,
	REGION_COLLECTION, /* of token responses */
	REGION_RESULT,     /* listShipmentsResponse, ... */
	REGION_RESPONSE,
	REGION_STATUS,
	REGION_MESSAGE,
	REGION_FAULT,
	REGION_DETAIL,
	REGION_EXCEPTION,
	REGION_SHIPMENT,
	REGION_TRANSFER, /* and everything unknown below it */
	REGION_FILE,
	REGION_CHECKSUM,
	REGION_DATA,
	REGION_INCLUDE,
	REGION_TOKEN,
	REGION_TOKEN_BOX,
	REGION_SESSION, /* SecurityContextToken */
	REGION_LIFETIME,
	REGION_TOKEN_STATUS,
	REGION_SKIP,
};

/* What to do with the text of a field. */
enum rule {
	RULE_NONE,
	RULE_ONCE,  /* a second one is an error */
	RULE_FIRST, /* the first one counts */
	RULE_FLAG,  /* boolean */
	RULE_COUNT,
	RULE_LINE,        /* Sparte: padded to three digits */
	RULE_NUMBER,      /* place: enum number_kind */
	RULE_NUMBER_TEXT, /* same, unless it is empty or has elements of its own */
	RULE_PARTY,
	RULE_TITLE,
	RULE_CANCELLED,
};

/* Namespaces by what they are; a row names the set in which its element is known. */
enum {
	NS_SOAP = 1 << 0,
	NS_TRANSFER = 1 << 1,
	NS_NACHRICHTEN = 1 << 2,
	NS_ALLGEMEIN = 1 << 3,
	NS_BIPRO_OTHER = 1 << 4,
	NS_TRUST = 1 << 5,
	NS_SESSION = 1 << 6,
	NS_UTILITY = 1 << 7,
	NS_XOP = 1 << 8,
	NS_XMIME = 1 << 9,
	NS_SIGNATURE = 1 << 10,
	NS_INSTANCE = 1 << 11,
	NS_ABSENT = 1 << 12,
	NS_UNKNOWN = 1 << 13,
	NS_STATUS = NS_NACHRICHTEN | NS_ALLGEMEIN | NS_TRANSFER,
	NS_BIPRO = NS_STATUS | NS_BIPRO_OTHER,
	NS_FAULT = NS_SOAP | NS_ABSENT,
};
unsigned namespace_of(const char *uri);

struct wire_row {
	enum region inside;
	unsigned namespaces;
	const char *name;
	const char *parent; /* local name of the element around it, NULL: any */
	enum region opens;  /* REGION_LEAF for a field */
	enum rule rule;
	size_t place; /* of the field in what the region describes */
};

/* The row of an element, NULL if it is unknown here. */
const struct wire_row *wire_row_find(enum region inside, unsigned ns, const char *name,
				     const char *parent);

/* The wrapper below soap:Body; its first letter may be of either case. ANSWER_NONE if unknown. */
enum answer_kind wrapper_kind(const char *name);

struct frame {
	const char *name;
	const struct wire_row *row;
	enum region region; /* of its children */
	bool nil, has_child;
};

/* A document whose bytes or checksum are settled at the end. */
struct open_end {
	size_t transfer, document;
	char *reference; /* to a part, NULL: inline */
	struct taken taken;
};

/* A MIME part that is not the root. */
struct part {
	char *id; /* Content-ID, NULL if absent */
	char *id_decoded;
	char *content_type;
	struct taken taken;
	bool used;
};

/* The Datei under way. */
struct file_state {
	bool data_seen, include_seen, bytes;
	char *reference;
	char *title; /* Bezeichnung */
	struct taken taken;
};

struct builder {
	/* given */
	const char *expected_id;
	int list_most;
	struct intake *intake;
	struct xml *xml;

	/* made */
	struct answer *answer;
	struct part *parts;
	size_t part_count;
	bool fault; /* soap:Fault, or no good status */

	/* under way */
	struct frame stack[XML_DEPTH_MOST + 1]; /* [0] stands for the document */
	int depth;
	int transfer_depth; /* of the Transfer element, 0 outside */
	size_t text_len;
	const char *last_uri;
	unsigned last_ns;
	bool body, body_child, response, status, shipment;
	bool root_done;
	bool any_checksum;
	bool cancelled;
	bool party_closed;
	bool party_holder; /* the party is the Versicherungsnehmer */
	struct file_state file;
	char *faultcode;
	char *token_type, *token_status;
	struct open_end *open_ends;
	size_t open_end_count;

	char text[FIELD_TEXT_MOST + 1]; /* from here on nothing is zero at the beginning */
};

/* answer_build.c: the callbacks of xml.h */
extern const struct xml_receiver answer_receiver;

/* answer_transfer.c */
bool transfer_number(struct builder *b, enum number_kind kind, const char *value, struct err *e);
void transfer_party(struct builder *b, size_t place, const char *value);
void transfer_party_enter(struct builder *b, const char *name);

/* answer_file.c */
bool file_begin(struct builder *b, struct err *e);
bool file_end(struct builder *b, struct err *e);
bool file_data_begin(struct builder *b, const struct xml_attribute *attributes, size_t count,
		     struct err *e);
bool file_data_text(struct builder *b, const char *text, size_t len, uint64_t offset,
		    struct err *e);
bool file_data_end(struct builder *b, struct err *e);
bool file_include(struct builder *b, const struct xml_attribute *attributes, size_t count,
		  struct err *e);

/* answer_finish.c */
bool answer_finish(struct builder *b, struct err *e);

/* answer_parts.c */
/* The transfer under way. */
struct transfer *current_transfer(struct builder *b);
void answer_warn(struct builder *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One more zeroed item behind an array of *count items of the given size; child of mem. Returns the item. */
void *append(void *array, size_t *count, size_t size, TALLOC_CTX *mem);

#endif
