/*
 * xml.c -- the XML parser as it is set up here: whole and in pieces the same elements, attributes and text, and raw text is
 * what stands at the place it names. The first byte chooses the charset of the header.
 */
#include <talloc.h>

#include "fuzz/fuzz.h"
#include "ingest/limits.h"
#include "ingest/xml.h"

struct seen {
	struct fuzz_text log;
	const uint8_t *message;
	size_t size;
	struct xml *xml;
	int depth;
	int raw_depth; /* as xml.h has it: 0, or that of the element whose text is taken raw */
};

static bool on_start(void *self, const char *ns, const char *name,
		     const struct xml_attribute *attributes, size_t count, struct err *e)
{
	struct seen *seen = self;

	(void)e;
	must(++seen->depth <= XML_DEPTH_MOST && count <= XML_ATTRIBUTES_MOST);
	fuzz_put(&seen->log, "<", 1);
	fuzz_put_text(&seen->log, ns);
	fuzz_put_text(&seen->log, name);
	for (size_t i = 0; i < count; i++) {
		char *value = xml_attribute_value(&attributes[i], NULL);

		fuzz_put_text(&seen->log, attributes[i].ns);
		fuzz_put_text(&seen->log, attributes[i].name);
		fuzz_put_text(&seen->log, value);
		talloc_free(value);
	}
	if (strcmp(name, "Daten") == 0) {
		xml_take_raw(seen->xml);
		seen->raw_depth = seen->depth;
	}
	return true;
}

/* Whoever takes raw text refuses what is not base64: nobody else has looked at it. */
static bool base64_like(const char *text, size_t len)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n";

	for (size_t i = 0; i < len; i++)
		if (!memchr(alphabet, text[i], sizeof alphabet - 1))
			return false;
	return true;
}

static bool on_text(void *self, const char *text, size_t len, struct err *e)
{
	struct seen *seen = self;

	if (seen->raw_depth == seen->depth && !base64_like(text, len))
		return err_set(e, ERR_DELIVERY, "not base64");
	fuzz_put(&seen->log, text, len);
	return true;
}

static bool on_raw(void *self, const char *text, size_t len, uint64_t offset, struct err *e)
{
	struct seen *seen = self;

	if (offset != UINT64_MAX) {
		must(offset <= seen->size && len <= seen->size - offset);
		must(memcmp(text, seen->message + offset, len) == 0);
	}
	return on_text(self, text, len, e);
}

static bool on_end(void *self, struct err *e)
{
	struct seen *seen = self;

	(void)e;
	must(seen->depth > 0);
	if (seen->raw_depth == seen->depth)
		seen->raw_depth = 0;
	seen->depth--;
	fuzz_put(&seen->log, ">", 1);
	return true;
}

static bool message_feed(void *self, const void *bytes, size_t len, struct err *e)
{
	return xml_feed(self, bytes, len, e);
}

static bool message_read(struct seen *seen, const char *charset, size_t step, struct err *e)
{
	const struct xml_receiver receiver = { seen, on_start, on_text, on_raw, on_end };
	bool ok;

	seen->xml = xml_new(charset, &receiver, NULL);
	ok = fuzz_fed(message_feed, seen->xml, seen->message, seen->size, step, e) &&
	     xml_end(seen->xml, e);
	must(!ok || seen->depth == 0);
	must(ok || e->kind == ERR_DELIVERY);
	talloc_free(seen->xml);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const charsets[] = { NULL, "utf-8", "ISO-8859-1", "UTF-16", "us-ascii" };
	struct seen whole = { .message = data + 1, .size = size - 1 }, pieces = whole;
	struct err e[2] = { 0 };
	const char *charset;
	bool ok;

	if (!size)
		return 0;
	charset = charsets[*data % (sizeof charsets / sizeof *charsets)];
	ok = message_read(&whole, charset, size, &e[0]);
	must(ok == message_read(&pieces, charset, fuzz_step(size), &e[1]));
	must(e[0].kind == e[1].kind); /* not the refusal: see fuzz/reading.h */
	must(!ok || fuzz_same(&whole.log, &pieces.log));
	free(whole.log.bytes);
	free(pieces.log.bytes);
	return 0;
}
