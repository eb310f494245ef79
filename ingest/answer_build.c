/* answer_build.c -- elements become facts, guided by the rows of answer_paths.c. */
#include <string.h>

#include "base/text.h"
#include "ingest/answer.h"
#include "ingest/refusal.h"

static struct frame *top(struct builder *b)
{
	return &b->stack[b->depth];
}

static struct shipment *current_shipment(struct builder *b)
{
	if (b->answer->kind == ANSWER_DELIVERY)
		return &b->answer->delivery->head;
	return &b->answer->list.items[b->answer->list.count - 1];
}

static struct document *current_document(struct builder *b)
{
	struct transfer *transfer = current_transfer(b);

	return &transfer->documents[transfer->document_count - 1];
}

/* What the fields of a region belong to. */
static void *target(struct builder *b, const struct wire_row *row)
{
	switch (row->inside) {
	case REGION_MESSAGE:
		return &b->answer->messages[b->answer->message_count - 1];
	case REGION_SHIPMENT:
		return current_shipment(b);
	case REGION_TRANSFER:
		return current_transfer(b);
	case REGION_FILE:
	case REGION_CHECKSUM:
		return current_document(b);
	case REGION_FAULT:
	case REGION_TOKEN_STATUS:
		return b;
	case REGION_TOKEN:
		return row->namespaces & NS_TRUST ? (void *)b : b->answer;
	default:
		return b->answer;
	}
}

/* --- boxes open --- */

static bool second(const char *what, struct err *e)
{
	return refusal_set(e, REFUSAL_SECOND_ELEMENT, "answer has a second %s, expected one", what);
}

static bool once(bool *seen, const char *what, struct err *e)
{
	if (*seen)
		return second(what, e);
	*seen = true;
	return true;
}

static void begin_delivery(struct builder *b)
{
	b->answer->delivery = talloc_zero(b->answer, struct delivery);
	b->answer->delivery->head.transfer_count = -1;
}

static bool open_shipment(struct builder *b, struct err *e)
{
	struct shipment_list *list = &b->answer->list;

	if (b->answer->kind == ANSWER_DELIVERY)
		return once(&b->shipment, "Lieferung", e);
	if (b->answer->kind != ANSWER_LIST) {
		top(b)->region = REGION_SKIP;
		return true;
	}
	if (list->count >= (size_t)b->list_most)
		return refusal_set(e, REFUSAL_LIST_LONG, "list has more than %d shipments",
				   b->list_most);
	append(&list->items, &list->count, sizeof *list->items, b->answer);
	list->items[list->count - 1].transfer_count = -1;
	return true;
}

static bool open_transfer(struct builder *b, struct err *e)
{
	struct delivery *delivery = b->answer->delivery;

	if (b->answer->kind != ANSWER_DELIVERY) {
		top(b)->region = REGION_SKIP;
		return true;
	}
	if (delivery->transfer_count == TRANSFERS_MOST)
		return refusal_set(e, REFUSAL_TRANSFERS_MANY, "shipment has more than %d transfers",
				   TRANSFERS_MOST);
	append(&delivery->transfers, &delivery->transfer_count, sizeof *delivery->transfers,
	       delivery);
	b->transfer_depth = b->depth;
	b->party_closed = b->party_holder = false;
	return true;
}

static bool open_message(struct builder *b, struct err *e)
{
	if (b->answer->message_count == MESSAGES_MOST)
		return refusal_set(e, REFUSAL_MESSAGES_MANY, "status has more than %d messages",
				   MESSAGES_MOST);
	append(&b->answer->messages, &b->answer->message_count, sizeof *b->answer->messages,
	       b->answer);
	return true;
}

static bool open_token(struct builder *b, struct err *e)
{
	if (b->answer->kind != ANSWER_NONE)
		return second("security token response", e);
	b->answer->kind = ANSWER_TOKEN;
	return true;
}

static bool open_box(struct builder *b, const struct xml_attribute *attributes, size_t count,
		     struct err *e)
{
	switch (top(b)->region) {
	case REGION_BODY:
		return once(&b->body, "soap:Body", e);
	case REGION_FAULT:
		b->fault = true;
		return true;
	case REGION_TOKEN:
		return open_token(b, e);
	case REGION_RESPONSE:
		return once(&b->response, "Response", e);
	case REGION_STATUS:
		return once(&b->status, "Status", e);
	case REGION_MESSAGE:
		return open_message(b, e);
	case REGION_SHIPMENT:
		return open_shipment(b, e);
	case REGION_TRANSFER:
		return open_transfer(b, e);
	case REGION_FILE:
		return file_begin(b, e);
	case REGION_DATA:
		return file_data_begin(b, attributes, count, e);
	case REGION_INCLUDE:
		return file_include(b, attributes, count, e);
	default:
		return true;
	}
}

/* --- elements that no row knows --- */

static bool unknown_body(struct builder *b, unsigned ns, const char *name, struct err *e)
{
	b->answer->kind = ns == NS_TRANSFER ? wrapper_kind(name) : ANSWER_NONE;
	if (b->answer->kind == ANSWER_NONE)
		return refusal_set(
			e, REFUSAL_NO_ANSWER,
			"soap:Body holds an element that is no answer of BiPRO 430 or 410");
	if (b->answer->kind == ANSWER_DELIVERY)
		begin_delivery(b);
	top(b)->region = REGION_RESULT;
	return true;
}

/* Where bytes could hide from us, a document would be lost: refuse rather than pass over. */
static bool lost_document(struct builder *b, unsigned ns, const char *name, enum region inside,
			  struct err *e)
{
	if (ns == NS_XOP && strcmp(name, "Include") == 0)
		return !refusal_set(e, REFUSAL_INCLUDE_ASTRAY, "xop:Include stands outside Daten");
	if (inside == REGION_DATA || inside == REGION_INCLUDE)
		return !refusal_set(e, REFUSAL_DATA_ELEMENT,
				    "Daten has an element in it that is no xop:Include");
	if (b->answer->kind != ANSWER_DELIVERY || !(ns & NS_BIPRO))
		return false;
	if (strcmp(name, "Datei") == 0)
		return !refusal_set(e, REFUSAL_FILE_ASTRAY, "Datei stands outside a Transfer");
	if (strcmp(name, "Transfer") == 0)
		return !refusal_set(e, REFUSAL_TRANSFER_ASTRAY,
				    "Transfer stands outside the Lieferung");
	return false;
}

static bool unknown_element(struct builder *b, unsigned ns, const char *name, enum region inside,
			    struct err *e)
{
	if (inside == REGION_BODY)
		return unknown_body(b, ns, name, e);
	if (inside == REGION_START)
		return refusal_set(e, REFUSAL_NO_ENVELOPE,
				   "answer is no SOAP 1.1 message: its root is no soap:Envelope");
	if (lost_document(b, ns, name, inside, e))
		return false;
	if (inside == REGION_TRANSFER) {
		top(b)->region = REGION_TRANSFER;
		transfer_party_enter(b, name);
	}
	return true;
}

/* --- callbacks --- */

static unsigned cached_namespace(struct builder *b, const char *uri)
{
	if (!uri || uri != b->last_uri) {
		b->last_uri = uri;
		b->last_ns = namespace_of(uri);
	}
	return b->last_ns;
}

static bool is_nil(const struct xml_attribute *attributes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(attributes[i].name, "nil") == 0 &&
		    namespace_of(attributes[i].ns) == NS_INSTANCE)
			return (attributes[i].len == 4 &&
				memcmp(attributes[i].value, "true", 4) == 0) ||
			       (attributes[i].len == 1 && attributes[i].value[0] == '1');
	return false;
}

static bool on_start(void *self, const char *uri, const char *name,
		     const struct xml_attribute *attributes, size_t count, struct err *e)
{
	struct builder *b = self;
	struct frame *parent = top(b);
	enum region inside = parent->region;
	unsigned ns = cached_namespace(b, uri);
	struct frame *frame;

	parent->has_child = true;
	b->text_len = 0;
	b->depth++;
	frame = top(b);
	*frame = (struct frame){ .name = name,
				 .region = REGION_SKIP,
				 .nil = is_nil(attributes, count) };
	if (ns == NS_SIGNATURE && strcmp(name, "Signature") == 0)
		b->answer->is_signed = true;
	if (inside == REGION_BODY && !once(&b->body_child, "element in soap:Body", e))
		return false;
	frame->row = wire_row_find(inside, ns, name, b->depth > 1 ? parent->name : "");
	if (!frame->row)
		return unknown_element(b, ns, name, inside, e);
	frame->region = frame->row->opens;
	if (frame->region != REGION_LEAF)
		return open_box(b, attributes, count, e);
	if (inside == REGION_TRANSFER)
		frame->region = REGION_TRANSFER; /* it may be a box after all */
	return true;
}

static bool keep_text(struct builder *b, const char *text, size_t len, struct err *e)
{
	if (b->text_len + len > FIELD_TEXT_MOST)
		return refusal_set(e, REFUSAL_FIELD_LONG, "%s has more than %d bytes of text",
				   top(b)->row->name, FIELD_TEXT_MOST);
	memcpy(b->text + b->text_len, text, len);
	b->text_len += len;
	return true;
}

static bool on_text(void *self, const char *text, size_t len, struct err *e)
{
	struct builder *b = self;
	const struct frame *frame = top(b);

	if (frame->region == REGION_DATA)
		return file_data_text(b, text, len, UINT64_MAX, e);
	if (frame->row && frame->row->rule != RULE_NONE && !frame->has_child)
		return keep_text(b, text, len, e);
	return true;
}

static bool on_raw(void *self, const char *text, size_t len, uint64_t offset, struct err *e)
{
	return file_data_text(self, text, len, offset, e);
}

/* "30" is "030": three digits. */
static char *padded_line(const char *value, TALLOC_CTX *mem)
{
	size_t digits = strspn(value, "0123456789");

	if (digits == 0 || value[digits] || digits >= 3)
		return talloc_strdup(mem, value);
	return talloc_asprintf(mem, "%.*s%s", (int)(3 - digits), "00", value);
}

static bool keep_count(int *count, const char *value, struct err *e)
{
	uint64_t n;

	if (*count != -1)
		return second("AnzahlTransfers", e);
	/* What stands there instead may name persons. */
	if (!text_to_u64(&n, value, 0, TRANSFERS_SAID_MOST, "AnzahlTransfers", NULL))
		return refusal_set(
			e, REFUSAL_FIELD_NUMBER,
			"AnzahlTransfers has %zu bytes of %s, expected a number of 0 to %d",
			strlen(value),
			strspn(value, "0123456789") == strlen(value) ? "digits" : "text",
			TRANSFERS_SAID_MOST);
	*count = (int)n;
	return true;
}

static bool keep_value(struct builder *b, const struct frame *frame, char *value, struct err *e)
{
	const struct wire_row *row = frame->row;
	void *place = (char *)target(b, row) + row->place;

	switch (row->rule) {
	case RULE_ONCE:
		if (*(char **)place)
			return second(row->name, e);
		*(char **)place = value;
		return true;
	case RULE_FIRST:
		if (!*(char **)place)
			*(char **)place = value;
		return true;
	case RULE_FLAG:
		*(bool *)place = text_equal_nocase(value, "true") || strcmp(value, "1") == 0;
		return true;
	case RULE_COUNT:
		return keep_count(place, value, e);
	case RULE_LINE:
		if (!*(char **)place)
			*(char **)place = padded_line(value, b->answer);
		return true;
	case RULE_TITLE:
		b->file.title = value;
		return true;
	case RULE_CANCELLED:
		b->cancelled = true;
		return true;
	default:
		return true;
	}
}

static bool keep_field(struct builder *b, const struct frame *frame, struct err *e)
{
	const struct wire_row *row = frame->row;
	char *value;

	b->text[b->text_len] = '\0';
	if (row->rule == RULE_NONE || frame->nil || frame->has_child)
		return true;
	value = text_trimmed(b->text, b->answer);
	if (row->rule == RULE_NUMBER || (row->rule == RULE_NUMBER_TEXT && *value))
		return transfer_number(b, (enum number_kind)row->place, value, e);
	if (row->rule == RULE_PARTY) {
		transfer_party(b, row->place, value);
		return true;
	}
	return row->rule == RULE_NUMBER_TEXT || keep_value(b, frame, value, e);
}

static bool close_box(struct builder *b, enum region region, struct err *e)
{
	if (region == REGION_FILE)
		return file_end(b, e);
	if (region == REGION_DATA)
		return file_data_end(b, e);
	if (b->depth == b->transfer_depth)
		b->transfer_depth = 0;
	return true;
}

static bool on_end(void *self, struct err *e)
{
	struct builder *b = self;
	const struct frame *frame = top(b);
	bool ok = true;

	if (frame->row)
		ok = frame->row->opens == REGION_LEAF ? keep_field(b, frame, e)
						      : close_box(b, frame->region, e);
	b->text_len = 0;
	b->depth--;
	return ok;
}

const struct xml_receiver answer_receiver = {
	.start = on_start,
	.text = on_text,
	.raw = on_raw,
	.end = on_end,
};
