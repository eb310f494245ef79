/* clues_spots.c -- what in a text may be a number or a customer's name (review/clues_inside.h). */
#include <ctype.h>
#include <string.h>

#include "matcher/beyond.h"
#include "normalizers/key.h"
#include "review/clues.h"
#include "review/clues_inside.h"
#include "review/words.h"

#define NAME_SPAN 4 /* words of a company; a person has two or three */

struct gathering {
	struct spots *spots;
	TALLOC_CTX *mem;
	size_t most;
	json_t *known; /* key -> its place in spots */
	const json_t *words;
	int page;
};

/* A closer look at the same place is the better one: labels in front are cleaned off a number. */
static void spot_add(struct gathering *g, const char *key, size_t from, size_t count)
{
	const json_t *known = json_object_get(g->known, key);
	struct spots *all = g->spots;
	struct spot *spot;

	if (known) {
		spot = &all->items[json_integer_value(known)];
		if (spot->words == g->words && spot->from < from &&
		    spot->from + spot->count == from + count)
			spot->from = from, spot->count = count;
		return;
	}
	if (all->count == g->most)
		return;
	if ((all->count & (all->count - 1)) == 0)
		all->items = talloc_realloc(g->mem, all->items, struct spot,
					    all->count ? 2 * all->count : 1);
	json_object_set_new(g->known, key, json_integer((json_int_t)all->count));
	all->items[all->count++] =
		(struct spot){ talloc_strdup(g->mem, key), g->page, g->words, from, count };
}

static const char *word_at(const json_t *words, size_t i)
{
	const char *word = json_string_value(json_object_get(json_array_get(words, i), "text"));

	return word ? word : "";
}

/* ---- numbers ---- */

static size_t digits_in(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += isdigit((unsigned char)*text) != 0;
	return count;
}

/* Part of a number that is written in parts: digits in it, a few letters, or a stroke between them. */
static bool number_part(const char *word)
{
	return digits_in(word) || strlen(word) <= 3;
}

static void number_read(struct gathering *g, const struct insurer *issuer, const char *line,
			size_t from, size_t count)
{
	char spelled[WORDS_SPELLS];
	struct reading reading;

	if (!words_join(spelled, g->words, from, count) || digits_in(spelled) < CLUE_DIGITS_LEAST)
		return;
	key_read(&reading, issuer, line, spelled, strlen(spelled));
	if (reading.clean.state != CLEAN_OK || reading.state == KEY_MALFORMED ||
	    digits_in(reading.clean.text) < CLUE_DIGITS_LEAST)
		return;
	if (strlen(reading.clean.text) >= CLUE_KEY_LEAST)
		spot_add(g, reading.clean.text, from, count);
	if (reading.state == KEY_PICTURED && strlen(reading.canonical) >= CLUE_KEY_LEAST &&
	    strcmp(reading.canonical, reading.clean.text) != 0)
		spot_add(g, reading.canonical, from, count);
}

static void numbers_of_page(struct gathering *g, const struct insurer *issuer, const char *line,
			    size_t *left)
{
	const size_t count = json_array_size(g->words);

	for (size_t i = 0; i < count && *left; i++, (*left)--)
		for (size_t n = 1; n <= WORDS_SPAN && i + n <= count; n++) {
			if (!number_part(word_at(g->words, i + n - 1)))
				break;
			number_read(g, issuer, line, i, n);
		}
}

/* ---- names ---- */

/* Without what stands around it; "" if it cannot be part of a name. */
static char *name_part(const char *word, TALLOC_CTX *mem)
{
	size_t len;
	char *part;

	word += strspn(word, "(\"'");
	part = talloc_strdup(mem, word);
	len = strlen(part);
	while (len && strchr(",;:)\"'", part[len - 1]))
		part[--len] = '\0';
	if (len < 2 || digits_in(part))
		*part = '\0';
	return part;
}

static bool capital(const char *part)
{
	return isupper((unsigned char)*part) || (unsigned char)*part >= 0x80;
}

static void name_add(struct gathering *g, const char *surname, const char *first, size_t from,
		     size_t count)
{
	char *key = beyond_holder(surname, first, g->mem);

	if (key)
		spot_add(g, key, from, count);
}

static const char *joined(char *const *parts, size_t from, size_t count, TALLOC_CTX *mem)
{
	char *all = talloc_strdup(mem, parts[from]);

	for (size_t i = 1; i < count; i++)
		all = talloc_asprintf_append(all, " %s", parts[from + i]);
	return all;
}

/* "Ilse Tannhuber", "Tannhuber, Ilse", "Ilse Maria Tannhuber", "Ilse von Tann", "Tann Bau GmbH". */
static void names_at(struct gathering *g, char *const *parts, size_t from, size_t count)
{
	for (size_t n = 2; n <= NAME_SPAN && from + n <= count; n++) {
		if (!*parts[from + n - 1])
			return;
		if (!capital(parts[from + n - 1]))
			continue;
		name_add(g, joined(parts, from, n, g->mem), NULL, from, n);
		for (size_t k = 1; k < n && n < NAME_SPAN; k++) {
			const char *front = joined(parts, from, k, g->mem);
			const char *rest = joined(parts, from + k, n - k, g->mem);

			name_add(g, rest, front, from, n);
			name_add(g, front, rest, from, n);
		}
	}
}

static void names_of_page(struct gathering *g)
{
	size_t count = json_array_size(g->words);
	char **parts;

	count = count < CLUE_NAME_WORDS ? count : CLUE_NAME_WORDS;
	parts = talloc_array(g->mem, char *, count + 1);
	for (size_t i = 0; i < count; i++)
		parts[i] = name_part(word_at(g->words, i), g->mem);
	for (size_t i = 0; i < count; i++)
		if (capital(parts[i]))
			names_at(g, parts, i, count);
}

/* ---- pages ---- */

/* false: what lies there is no page. */
static bool page_open(struct gathering *g, const json_t *page)
{
	const json_t *number = json_object_get(page, "page");

	g->words = json_object_get(page, "words");
	g->page = (int)json_integer_value(number);
	return json_is_array(g->words) && json_is_integer(number);
}

void spots_of_numbers(struct spots *spots, const json_t *pages, const struct facts *facts,
		      const struct insurers *insurers, TALLOC_CTX *mem)
{
	struct gathering g = {
		.spots = spots, .mem = mem, .most = CLUE_KEYS_MOST, .known = json_object()
	};
	const struct insurer *issuer = insurers_by_issuer(insurers, facts->issuer);
	size_t left = CLUE_WORDS;

	*spots = (struct spots){ 0 };
	for (size_t i = 0; i < json_array_size(pages) && left; i++)
		if (page_open(&g, json_array_get(pages, i)))
			numbers_of_page(&g, issuer, facts->transfer->line, &left);
	json_decref(g.known);
}

void spots_of_names(struct spots *spots, const json_t *pages, TALLOC_CTX *mem)
{
	struct gathering g = {
		.spots = spots, .mem = mem, .most = CLUE_NAMES_MOST, .known = json_object()
	};

	*spots = (struct spots){ 0 };
	if (page_open(&g, json_array_get(pages, 0)))
		names_of_page(&g);
	json_decref(g.known);
}
