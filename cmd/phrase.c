#include "cmd/phrase.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define PARTS_MOST 8
#define DEEP_MOST  3 /* a sentence in a sentence in a sentence */

struct sentence {
	const char *english, *german; /* % stands for a part: the same ones in the same order */
};

/* Longer patterns before those that would swallow them. */
static const struct sentence sentences[] = {
#include "cmd/phrase_german.inc"
};

struct part {
	const char *text;
	size_t len;
};

/* Does the text fit the pattern? A % takes as little as it can; the last one takes the rest. */
static bool fits(const char *pattern, const char *text, struct part *parts, int *count)
{
	while (*pattern && *pattern != '%') {
		if (*pattern++ != *text++)
			return false;
	}
	if (!*pattern)
		return *text == '\0';
	if (*count == PARTS_MOST)
		return false;
	for (size_t len = 0;; len++) {
		int mine = *count;

		parts[mine] = (struct part){ text, len };
		*count = mine + 1;
		if (fits(pattern + 1, text + len, parts, count))
			return true;
		*count = mine;
		if (!text[len])
			return false;
	}
}

static char *translate(const char *english, int deep, TALLOC_CTX *mem);

static char *put_parts(const char *german, const struct part *parts, int deep, TALLOC_CTX *mem)
{
	char *out = talloc_strdup(mem, "");

	for (; *german; german++) {
		char *english, *inner;

		if (*german != '%') {
			out = talloc_strndup_append(out, german, 1);
			continue;
		}
		english = talloc_strndup(out, parts->text, parts->len);
		inner = translate(english, deep + 1, out);
		out = talloc_strdup_append(out, inner ? inner : english);
		parts++;
	}
	return out;
}

static char *translate(const char *english, int deep, TALLOC_CTX *mem)
{
	for (size_t i = 0; deep < DEEP_MOST && i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		struct part parts[PARTS_MOST];
		int count = 0;

		if (fits(sentences[i].english, english, parts, &count))
			return put_parts(sentences[i].german, parts, deep, mem);
	}
	return NULL;
}

char *phrase_in_german(const char *english, TALLOC_CTX *mem)
{
	return translate(english, 0, mem);
}

bool phrase_german(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (!text_empty(value))
			return strncmp(value, "de", 2) == 0 &&
			       (value[2] == '\0' || strchr("_.@", value[2]));
	}
	return false;
}

char *phrase(const char *english, TALLOC_CTX *mem)
{
	char *german = phrase_german() ? phrase_in_german(english, mem) : NULL;

	return german ? german : talloc_strdup(mem, english);
}

void phrase_print(FILE *out, const char *format, ...)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	size_t blanks, len;
	va_list args;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(mem, format, args);
	va_end(args);
	blanks = strspn(text, " \n");
	len = strlen(text);
	if (len > blanks && text[len - 1] == '\n')
		text[len - 1] = '\0';
	fprintf(out, "%.*s%s%s", (int)blanks, text, phrase(text + blanks, mem),
		text[len - 1] == '\0' ? "\n" : "");
	talloc_free(mem);
}
