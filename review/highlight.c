#include "review/highlight.h"

#include <string.h>

#include "base/text.h"
#include "review/row.h"
#include "review/words.h"

struct search {
	const struct facts *facts;
	const struct insurer *issuer; /* NULL: the general rule */
	json_t *found;
	int left; /* words that may still be looked at */
};

static bool key_says(const struct key *key, const struct reading *reading)
{
	return !strcmp(key->plain, reading->clean.text) ||
	       (key->canonical && reading->state == KEY_PICTURED &&
		!strcmp(key->canonical, reading->canonical));
}

/* The delivered number that a line is a spelling of; -1: none. */
static int number_of(const struct search *s, const char *line)
{
	struct reading reading;

	if (!strpbrk(line, "0123456789"))
		return -1;
	key_read(&reading, s->issuer, s->facts->transfer->line, line, strlen(line));
	if (reading.clean.state != CLEAN_OK)
		return -1;
	for (size_t i = 0; i < s->facts->asked_count; i++)
		if (facts_first_row(s->facts, i) && key_usable(s->facts->asked[i].key) &&
		    key_says(s->facts->asked[i].key, &reading))
			return s->facts->asked[i].number;
	return -1;
}

/* How many words from here on are a number, as few as do; 0: none are. */
static size_t span_at(const struct search *s, const json_t *words, size_t from, int *number)
{
	char line[WORDS_SPELLS];

	for (size_t n = 1; n <= WORDS_SPAN && from + n <= json_array_size(words); n++) {
		if (!words_join(line, words, from, n))
			return 0;
		*number = number_of(s, line);
		if (*number >= 0)
			return n;
	}
	return 0;
}

static void found_add(struct search *s, const json_t *page, const json_t *words, size_t from,
		      size_t count, int number)
{
	json_t *box = json_is_integer(json_object_get(page, "page")) ? words_box(words, from, count)
								     : NULL;

	if (box)
		json_array_append_new(
			s->found, json_pack("{s:O, s:o, s:o, s:n}", "page",
					    json_object_get(page, "page"), "box", box, "number",
					    text_json(s->facts->transfer->numbers[number].value),
					    "contract_id"));
}

/* How many words from here on are a number, without the labels in front of it; 0: none are. */
static size_t number_at(const struct search *s, const json_t *words, size_t from, int *number)
{
	size_t count = span_at(s, words, from, number);
	int closer = -1;

	if (count > 1 && span_at(s, words, from + 1, &closer) == count - 1 && closer == *number)
		return 0; /* it begins with the next one */
	return count;
}

static void page_search(struct search *s, const json_t *page)
{
	const json_t *words = json_object_get(page, "words");
	size_t i = 0;

	while (i < json_array_size(words) && s->left-- > 0 &&
	       json_array_size(s->found) < HIGHLIGHTS_MOST) {
		int number;
		size_t count = number_at(s, words, i, &number);

		if (count)
			found_add(s, page, words, i, count, number);
		i += count ? count : 1;
	}
}

static struct search search_of(const struct facts *facts, const struct insurers *insurers)
{
	return (struct search){
		.facts = facts,
		.issuer = facts->issuer ? insurers_by_issuer(insurers, facts->issuer) : NULL,
		.left = HIGHLIGHT_WORDS,
	};
}

json_t *highlights_json(const json_t *pages, const struct facts *facts,
			const struct insurers *insurers)
{
	struct search search = search_of(facts, insurers);

	search.found = json_array();
	for (size_t i = 0; facts->asked_count && i < json_array_size(pages); i++)
		page_search(&search, json_array_get(pages, i));
	return search.found;
}

struct highlight highlight_first(const json_t *pages, const struct facts *facts,
				 const struct insurers *insurers, TALLOC_CTX *mem)
{
	const struct search search = search_of(facts, insurers);
	const json_t *words = json_object_get(json_array_get(pages, 0), "words");

	for (size_t i = 0; facts->asked_count && i < json_array_size(words) && i < HIGHLIGHT_FIRST;
	     i++) {
		char line[WORDS_SPELLS];
		int number;
		size_t count = number_at(&search, words, i, &number);

		if (count && words_join(line, words, i, count))
			return (struct highlight){ facts->transfer->numbers[number].value,
						   text_shown(line, WORDS_SPELLS, mem) };
	}
	return (struct highlight){ 0 };
}
