/*
 * learn_draw.c -- a shape and its liberties as a person would draw them.
 */
#include <string.h>

#include "normalizers/learn_inside.h"

static const char drawable[] = " -.:;,*_/"; /* the separators that a drawing knows */

/* Separators as written before each character of the clean form; false where they cannot be told (other scripts). */
static bool separators_of(char separators[KEY_MOST + 1], const char *written,
			  const struct cleaned *clean)
{
	size_t at = strlen(written);
	unsigned i = clean->len;

	memset(separators, 0, KEY_MOST + 1);
	while (i > 0) {
		char c;

		if (at == 0)
			return false;
		c = written[--at];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c == clean->text[i - 1])
			i--;
		else if (i < clean->len && (clean->gaps >> i & 1))
			separators[i] = strchr(drawable, c) && c ? c : ' ';
	}
	return true;
}

struct votes {
	unsigned of[KEY_MOST + 1][sizeof(drawable)];
	unsigned all;
};

static void vote(struct votes *votes, const struct entry *entry, const char *written)
{
	char separators[KEY_MOST + 1];
	struct cleaned clean;

	clean_number(&clean, written, strlen(written));
	if (clean.state != CLEAN_OK || !clean.gaps || strcmp(clean.text, entry->own) != 0 ||
	    !separators_of(separators, written, &clean))
		return;
	votes->all++;
	for (unsigned i = 0; i < clean.len; i++) {
		if (separators[i])
			votes->of[i][strchr(drawable, separators[i]) - drawable]++;
	}
}

void shape_separators(char separators[KEY_MOST + 1], const struct learner *l,
		      const struct shape *shape)
{
	struct votes votes = { 0 };

	memset(separators, 0, KEY_MOST + 1);
	for (size_t i = 0; i < shape->count; i++) {
		const struct entry *entry = shape->members[i];
		const char *text = entry_number(l, entry);

		vote(&votes, entry, text);
		for (unsigned k = 0; k < entry->spellings; k++) {
			text += strlen(text) + 1;
			vote(&votes, entry, text);
		}
	}
	for (unsigned i = 0; i < KEY_MOST; i++) {
		for (unsigned c = 0; c < sizeof(drawable) - 1; c++) {
			if (votes.of[i][c] * 2 > votes.all)
				separators[i] = drawable[c];
		}
	}
}

static void put(char **text, char c)
{
	if (c)
		*text = talloc_asprintf_append_buffer(*text, "%c", c);
}

/* {VSE/} in front, {/##} elsewhere. */
static void draw_extra(char **text, const struct liberty *extra)
{
	bool front = extra->at == 0;

	put(text, '{');
	put(text, front ? '\0' : extra->apart);
	*text = talloc_asprintf_append_buffer(*text, "%s", extra->what);
	put(text, front ? extra->apart : '\0');
	put(text, '}');
}

static const struct liberty *extra_at(const struct liberty *liberties, size_t count, size_t at)
{
	for (size_t i = 0; i < count; i++) {
		if (liberties[i].kind == LIBERTY_EXTRA && liberties[i].at == at)
			return &liberties[i];
	}
	return NULL;
}

static const struct liberty *lost_at(const struct liberty *liberties, size_t count, size_t at)
{
	for (size_t i = 0; i < count; i++) {
		if (liberties[i].kind == LIBERTY_LOST && liberties[i].at == at)
			return &liberties[i];
	}
	return NULL;
}

/* [AS-]: the separator behind a constant in front stands with it, as people write it. */
static size_t draw_lost(char **text, const struct liberty *lost, const char *separators)
{
	size_t len = strlen(lost->what), end = lost->at + len;

	put(text, '[');
	for (size_t i = 0; i < len; i++) {
		put(text, lost->at + i ? separators[lost->at + i] : '\0');
		put(text, lost->what[i]);
	}
	put(text, lost->at == 0 ? separators[end] : '\0');
	put(text, ']');
	return end;
}

char *shape_draw(const struct shape *shape, const char *separators, const struct liberty *liberties,
		 size_t count, bool *drops, TALLOC_CTX *mem)
{
	size_t len = strlen(shape->cell), closed = 0;
	char *text = talloc_strdup(mem, "");

	*drops = false;
	for (size_t i = 0; i < count; i++)
		*drops |= liberties[i].kind == LIBERTY_ZEROS;
	for (size_t i = 0; i <= len; i++) {
		const struct liberty *extra = extra_at(liberties, count, i);
		const struct liberty *lost = lost_at(liberties, count, i);

		if (extra)
			draw_extra(&text, extra);
		if (i == len)
			break;
		if (lost) {
			i = closed = draw_lost(&text, lost, separators);
			i--;
			continue;
		}
		put(&text, i && i != closed ? separators[i] : '\0');
		put(&text, shape->cell[i]);
	}
	return text;
}
