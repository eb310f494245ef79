#include "ingest/mime.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "ingest/limits.h"
#include "ingest/refusal.h"

static const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')
		p++;
	return p;
}

/* "quoted, with \" escapes"; p stands on the opening quote. NULL if it never closes. */
static const char *quoted(char **value, const char *p, TALLOC_CTX *mem)
{
	char *out = *value = talloc_strdup(mem, p);

	for (p++; *p && *p != '"'; p++) {
		if (*p == '\\' && p[1])
			p++;
		*out++ = *p;
	}
	*out = '\0';
	return *p == '"' ? p + 1 : NULL;
}

/* Servers leave values unquoted that need quotes (uuid:..., <...>): take all up to ';' or blank. */
static const char *unquoted(char **value, const char *p, TALLOC_CTX *mem)
{
	size_t len = strcspn(p, "; \t\r\n");

	*value = talloc_strndup(mem, p, len);
	return p + len;
}

static char **slot(struct mime_type *type, const char *name, size_t len)
{
	if (len == 8 && strncasecmp(name, "boundary", len) == 0)
		return &type->boundary;
	if (len == 5 && strncasecmp(name, "start", len) == 0)
		return &type->start;
	if (len == 7 && strncasecmp(name, "charset", len) == 0)
		return &type->charset;
	return NULL;
}

/* One "; name=value"; *p moves on. */
static bool parameter(struct mime_type *type, const char **p, TALLOC_CTX *mem, struct err *e)
{
	const char *name = skip_blanks(*p + 1);
	size_t len = strcspn(name, "=; \t\r\n");
	const char *at = skip_blanks(name + len);
	char *value;
	char **to = slot(type, name, len);

	if (*at != '=') { /* a stray word or ';' */
		*p = at;
		return true;
	}
	at = skip_blanks(at + 1);
	at = *at == '"' ? quoted(&value, at, mem) : unquoted(&value, at, mem);
	if (!at)
		return refusal_set(e, REFUSAL_CONTENT_TYPE,
				   "Content-Type has a quotation that never ends");
	if (to && *to)
		return refusal_set(e, REFUSAL_CONTENT_TYPE, "Content-Type has a parameter twice");
	if (to)
		*to = value;
	*p = at;
	return true;
}

bool mime_boundary_valid(const char *boundary)
{
	size_t len = strlen(boundary);

	if (len == 0 || len > BOUNDARY_LEN_MOST || boundary[len - 1] == ' ')
		return false;
	for (const char *p = boundary; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("'()+_,-./:=? {}@<>$&#!*;[]|~%^", *p))
			return false;
	return true;
}

bool mime_type_parse(struct mime_type *type, const char *header, TALLOC_CTX *mem, struct err *e)
{
	const char *p = header ? skip_blanks(header) : "";
	size_t len = strcspn(p, "; \t\r\n");

	*type = (struct mime_type){ .type = talloc_strndup(mem, p, len) };
	for (char *c = type->type; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	p += len;
	while (*p)
		if (*p != ';')
			p++;
		else if (!parameter(type, &p, mem, e))
			return false;
	if (type->boundary && !mime_boundary_valid(type->boundary))
		return refusal_set(e, REFUSAL_BOUNDARY,
				   "Content-Type has a boundary that MIME does not allow");
	return true;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *mime_content_id(const char *text, TALLOC_CTX *mem)
{
	char *id = text_trimmed(text, mem);
	size_t len = strlen(id);

	if (len < 2 || id[0] != '<' || id[len - 1] != '>')
		return id;
	return talloc_strndup(mem, id + 1, len - 2);
}

char *mime_percent_decoded(const char *text, TALLOC_CTX *mem)
{
	char *decoded = talloc_strdup(mem, text);
	char *to = decoded;

	while (*text) {
		int high = *text == '%' ? hex_value(text[1]) : -1;
		int low = high >= 0 ? hex_value(text[2]) : -1;
		bool reference = low >= 0 && (high || low);

		*to++ = reference ? (char)(high << 4 | low) : *text;
		text += reference ? 3 : 1;
	}
	*to = '\0';
	return decoded;
}
