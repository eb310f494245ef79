/* trust_times.c -- the Timestamp of a signature, and the two ways in which small elements are read. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ingest/limits.h"
#include "ingest/refusal.h"
#include "ingest/trust_parts.h"

static bool blank(const xmlNode *text)
{
	const char *p = (const char *)text->content;

	return !p || p[strspn(p, " \t\r\n")] == '\0';
}

int trust_children(xmlNode **out, int most, const xmlNode *parent)
{
	int count = 0;

	for (xmlNode *child = parent->children; child; child = child->next) {
		if (child->type == XML_TEXT_NODE && blank(child))
			continue;
		if (child->type != XML_ELEMENT_NODE || count == most)
			return -1;
		out[count++] = child;
	}
	return count;
}

char *trust_leaf(const xmlNode *node, TALLOC_CTX *mem)
{
	const xmlNode *text = node->children;

	if (!text || text->next || text->type != XML_TEXT_NODE || !text->content)
		return NULL;
	return text_trimmed((const char *)text->content, mem);
}

/* xs:dateTime in UTC, as WS-Security asks: other zones and none are refused. */
static bool instant(int64_t *ms, const xmlNode *node, const char *name, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *text = trust_is(node, NS_WSU_URI, name) ? trust_leaf(node, mem) : NULL;
	size_t len = text ? strlen(text) : 0;
	bool ok =
		len > 11 && text[10] == 'T' && text[len - 1] == 'Z' && clock_parse(ms, text, NULL);

	talloc_free(mem);
	return ok || refusal_set(e, REFUSAL_TIMESTAMP_FORM, "Timestamp has no %s in UTC", name);
}

bool trust_fresh(xmlNode *timestamp, int64_t now_ms, struct err *e)
{
	int64_t created, expires;
	xmlNode *child[2];

	if (trust_children(child, 2, timestamp) != 2)
		return refusal_set(e, REFUSAL_TIMESTAMP_FORM,
				   "Timestamp is not made of Created and Expires");
	if (!instant(&created, child[0], "Created", e) ||
	    !instant(&expires, child[1], "Expires", e))
		return false;
	if (created > now_ms + SIGNED_SKEW_MS)
		return refusal_set(e, REFUSAL_TIMESTAMP_FUTURE,
				   "Timestamp was created in the future");
	if (now_ms - created > SIGNED_AGE_MOST_MS)
		return refusal_set(e, REFUSAL_TIMESTAMP_OLD,
				   "Timestamp is more than %d minutes old",
				   SIGNED_AGE_MOST_MS / 60000);
	if (expires <= now_ms - SIGNED_SKEW_MS)
		return refusal_set(e, REFUSAL_TIMESTAMP_EXPIRED, "Timestamp has expired");
	if (expires <= created || expires - created > SIGNED_LIFE_MOST_MS)
		return expires <= created ? refusal_set(e, REFUSAL_TIMESTAMP_LIFE,
							"Timestamp lives for no time")
					  : refusal_set(e, REFUSAL_TIMESTAMP_LIFE,
							"Timestamp lives for more than %d minutes",
							SIGNED_LIFE_MOST_MS / 60000);
	return true;
}
