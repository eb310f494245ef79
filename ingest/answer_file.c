/* answer_file.c -- one Datei: its bytes inline, in another part, behind a link, or nowhere. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "ingest/answer.h"
#include "ingest/refusal.h"

static struct document *document(struct builder *b)
{
	struct transfer *transfer = current_transfer(b);

	return &transfer->documents[transfer->document_count - 1];
}

bool file_begin(struct builder *b, struct err *e)
{
	struct transfer *transfer = current_transfer(b);

	if (transfer->document_count == DOCUMENTS_MOST)
		return refusal_set(e, REFUSAL_DOCUMENTS_MANY, "transfer has more than %d documents",
				   DOCUMENTS_MOST);
	append(&transfer->documents, &transfer->document_count, sizeof *transfer->documents,
	       b->answer->delivery);
	b->file = (struct file_state){ 0 };
	return true;
}

static const struct xml_attribute *attribute(const struct xml_attribute *attributes, size_t count,
					     unsigned namespaces, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(attributes[i].name, name) == 0 &&
		    (namespace_of(attributes[i].ns) & namespaces))
			return &attributes[i];
	return NULL;
}

bool file_data_begin(struct builder *b, const struct xml_attribute *attributes, size_t count,
		     struct err *e)
{
	const struct xml_attribute *type =
		attribute(attributes, count, NS_XMIME | NS_ABSENT, "contentType");

	if (b->file.data_seen)
		return refusal_set(e, REFUSAL_DATA_TWICE, "Datei has a second Daten, expected one");
	b->file.data_seen = true;
	if (type)
		document(b)->declared_type = xml_attribute_value(type, b->answer->delivery);
	xml_take_raw(b->xml);
	return true;
}

bool file_data_text(struct builder *b, const char *text, size_t len, uint64_t offset, struct err *e)
{
	if (!intake_is_open(b->intake)) {
		while (len && strchr(" \t\r\n", *text)) {
			text++;
			len--;
			offset += offset != UINT64_MAX;
		}
		if (len == 0)
			return true;
		if (b->file.bytes || b->file.include_seen)
			return refusal_set(e, REFUSAL_DATA_MIXED,
					   "Daten has both bytes and an xop:Include");
		b->file.bytes = true;
		if (!intake_open(b->intake, true, true, e))
			return false;
	}
	return intake_write(b->intake, text, len, offset, e);
}

bool file_include(struct builder *b, const struct xml_attribute *attributes, size_t count,
		  struct err *e)
{
	const struct xml_attribute *href = attribute(attributes, count, NS_ABSENT | NS_XOP, "href");
	char *value;

	if (b->file.bytes)
		return refusal_set(e, REFUSAL_DATA_MIXED,
				   "Daten has both bytes and an xop:Include");
	if (b->file.include_seen)
		return refusal_set(e, REFUSAL_INCLUDE_TWICE,
				   "Daten has a second xop:Include, expected one");
	b->file.include_seen = true;
	if (!href)
		return refusal_set(e, REFUSAL_INCLUDE_NO_HREF, "xop:Include has no href");
	value = xml_attribute_value(href, b);
	if (strncasecmp(value, "cid:", 4) != 0 || !value[4])
		return refusal_set(e, REFUSAL_INCLUDE_FOREIGN,
				   "xop:Include refers to something else than cid:");
	b->file.reference = talloc_strdup(b, value + 4);
	return true;
}

bool file_data_end(struct builder *b, struct err *e)
{
	return !b->file.bytes || intake_close(b->intake, &b->file.taken, b->answer->delivery, e);
}

/* No bytes, no reference: an empty document, so that what was said about it is not lost. */
static bool empty_document(struct builder *b, struct err *e)
{
	if (!document(b)->link)
		answer_warn(b, "document %zu of transfer %zu has no data",
			    current_transfer(b)->document_count,
			    b->answer->delivery->transfer_count);
	return intake_open(b->intake, false, false, e) &&
	       intake_close(b->intake, &b->file.taken, b->answer->delivery, e);
}

static void settle_later(struct builder *b)
{
	struct open_end *open_end = append(&b->open_ends, &b->open_end_count, sizeof *open_end, b);

	open_end->transfer = b->answer->delivery->transfer_count - 1;
	open_end->document = current_transfer(b)->document_count - 1;
	open_end->reference = b->file.reference;
	open_end->taken = b->file.taken;
}

bool file_end(struct builder *b, struct err *e)
{
	struct document *d = document(b);

	if (!d->description)
		d->description = b->file.title;
	if (d->checksum)
		b->any_checksum = true;
	if (b->file.reference || d->checksum)
		settle_later(b);
	if (b->file.reference)
		return true;
	if (!b->file.bytes && !empty_document(b, e))
		return false;
	d->size = b->file.taken.size;
	memcpy(d->sha256, b->file.taken.sha256, sizeof d->sha256);
	d->media_type = (char *)(uintptr_t)b->file.taken.media_type;
	return true;
}
