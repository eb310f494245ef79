/* trust_message.c -- a signed answer's MIME parts, all in memory: the signature covers them as one text. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "ingest/limits.h"
#include "ingest/mime.h"
#include "ingest/multipart.h"
#include "ingest/refusal.h"
#include "ingest/trust_parts.h"

struct splitting {
	struct trust_mime *mime;
	struct mime_type type; /* of the answer */
	bool in_root, root_seen, root_base64;
	char *root;
	size_t root_len;
	TALLOC_CTX *mem;
};

static bool transfer_encoding(bool *base64, const char *name, struct err *e)
{
	*base64 = name && strcasecmp(name, "base64") == 0;
	if (!name || *base64 || strcasecmp(name, "binary") == 0 || strcasecmp(name, "8bit") == 0 ||
	    strcasecmp(name, "7bit") == 0)
		return true;
	return refusal_set(e, REFUSAL_PART_ENCODING,
			   "part of a signed answer has a Content-Transfer-Encoding "
			   "other than binary, 8bit, 7bit, base64");
}

/* The root is the part that the start parameter names, else the first. */
static bool is_root(const struct splitting *s, const struct part_head *head)
{
	const char *start = s->type.start ? mime_content_id(s->type.start, s->mem) : NULL;

	if (s->root_seen)
		return false;
	return !start || (head->content_id && strcmp(head->content_id, start) == 0);
}

static struct trust_part *new_part(struct splitting *s, const struct part_head *head)
{
	struct trust_mime *mime = s->mime;
	struct trust_part *part;

	mime->parts = talloc_realloc(s->mem, mime->parts, struct trust_part, mime->part_count + 1);
	part = &mime->parts[mime->part_count++];
	*part = (struct trust_part){ .id = talloc_strdup(s->mem, head->content_id) };
	return part;
}

static bool on_begin(void *self, const struct part_head *head, struct err *e)
{
	struct splitting *s = self;
	struct mime_type type;
	bool base64;

	if (!mime_type_parse(&type, head->content_type, s->mem, e) ||
	    !transfer_encoding(&base64, head->transfer_encoding, e))
		return false;
	if (strncmp(type.type, "multipart/", 10) == 0)
		return refusal_set(e, REFUSAL_PART_NESTED,
				   "part is itself multipart, expected one level");
	s->in_root = is_root(s, head);
	if (!s->in_root) {
		new_part(s, head)->base64 = base64;
		return true;
	}
	if (base64)
		return refusal_set(e, REFUSAL_PART_ENCODING,
				   "root part of a signed answer is base64");
	s->root_seen = true;
	s->mime->charset = type.charset ? type.charset : s->type.charset;
	return true;
}

static void add_bytes(char **to, size_t *to_len, const void *bytes, size_t len, TALLOC_CTX *mem)
{
	size_t room = *to ? talloc_get_size(*to) : 0;

	if (*to_len + len > room)
		*to = talloc_realloc_size(mem, *to, (*to_len + len) / 2 * 3 + 1);
	memcpy(*to + *to_len, bytes, len);
	*to_len += len;
}

static bool on_bytes(void *self, const void *bytes, size_t len, uint64_t offset, struct err *e)
{
	struct splitting *s = self;
	struct trust_part *part;

	(void)offset, (void)e;
	if (s->in_root) {
		add_bytes(&s->root, &s->root_len, bytes, len, s->mem);
		return true;
	}
	part = &s->mime->parts[s->mime->part_count - 1];
	add_bytes(&part->bytes, &part->len, bytes, len, s->mem);
	return true;
}

static bool on_end(void *self, struct err *e)
{
	(void)self, (void)e;
	return true;
}

/* As it was signed: with its parts as base64. */
static bool fits(const struct splitting *s, struct err *e)
{
	size_t len = s->root_len;

	for (size_t i = 0; i < s->mime->part_count; i++)
		len += s->mime->parts[i].base64 ? s->mime->parts[i].len
						: (s->mime->parts[i].len + 2) / 3 * 4;
	return len <= SIGNED_ANSWER_MOST || trust_too_long(len, e);
}

static bool split(struct splitting *s, const char *bytes, size_t len, struct err *e)
{
	const struct part_receiver receiver = { s, on_begin, on_bytes, on_end };
	struct multipart *multipart = multipart_new(s->type.boundary, &receiver, s->mem);

	if (!multipart_feed(multipart, bytes, len, e) || !multipart_end(multipart, e))
		return false;
	if (!s->root_seen)
		return refusal_set(e, REFUSAL_NO_ROOT_PART, "multipart answer has no root part");
	s->mime->root = s->root ? s->root : "";
	s->mime->root_len = s->root_len;
	return fits(s, e);
}

bool trust_too_long(uint64_t len, struct err *e)
{
	return refusal_set(e, REFUSAL_SIGNED_LONG,
			   "signed answer has %llu bytes with its documents as base64, limit %d: "
			   "a signature is verified in memory",
			   (unsigned long long)len, SIGNED_ANSWER_MOST);
}

/* As in the reader, the first bytes count more than the header. */
bool trust_mime_read(struct trust_mime *mime, const struct trust_message *message, TALLOC_CTX *mem,
		     struct err *e)
{
	struct splitting s = { .mime = mime, .mem = mem };
	const char *start = message->bytes;
	size_t len = message->len;

	*mime = (struct trust_mime){ 0 };
	if (len > SIGNED_ANSWER_MOST)
		return trust_too_long(len, e);
	if (!mime_type_parse(&s.type, message->content_type, mem, e))
		return false;
	while (len && *start && strchr(" \t\r\n", *start)) {
		start++;
		len--;
	}
	if (len >= 2 && memcmp(start, "--", 2) == 0)
		return split(&s, start, len, e);
	mime->charset = s.type.charset;
	mime->root = start;
	mime->root_len = len;
	return true;
}
