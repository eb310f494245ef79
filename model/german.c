#include "model/german.h"

#include <stdbool.h>
#include <string.h>

#define PARTS_MOST 8
#define DEEP_MOST  3 /* a sentence in a sentence in a sentence */

struct sentence {
	const char *english, *german; /* % stands for a part: the same ones in the same order */
};

/* Longer patterns before those that would swallow them. */
static const struct sentence sentences[] = {
#include "model/german.inc"
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

static char *translate_sentence(const char *english, int deep, TALLOC_CTX *mem)
{
	for (size_t i = 0; deep < DEEP_MOST && i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		struct part parts[PARTS_MOST];
		int count = 0;

		if (fits(sentences[i].english, english, parts, &count))
			return put_parts(sentences[i].german, parts, deep, mem);
	}
	return NULL;
}

/* Sentences or words in a row; NULL unless each of them has its German. */
static char *translate_row(const char *english, const char *between, const char *german, int deep,
			   TALLOC_CTX *mem)
{
	char *out = NULL;

	for (const char *at = english, *end; at; at = end ? end + strlen(between) : NULL) {
		char *part, *inner;

		end = strstr(at, between);
		if (!end && !out)
			return NULL;
		part = talloc_strndup(mem, at, end ? (size_t)(end - at) : strlen(at));
		inner = translate(part, deep, part);
		if (!inner) {
			talloc_free(part);
			talloc_free(out);
			return NULL;
		}
		out = out ? talloc_asprintf_append(out, "%s%s", german, inner)
			  : talloc_strdup(mem, inner);
		talloc_free(part);
	}
	return out;
}

/* Rows first: a pattern with a % would take more than one of them. */
static char *translate(const char *english, int deep, TALLOC_CTX *mem)
{
	char *german = translate_row(english, "; ", "; ", deep, mem);

	if (!german)
		german = translate_row(english, ", ", ", ", deep, mem);
	if (!german)
		german = translate_row(english, " and ", " und ", deep, mem);
	return german ? german : translate_sentence(english, deep, mem);
}

char *german_of(const char *english, TALLOC_CTX *mem)
{
	return translate(english, 0, mem);
}
