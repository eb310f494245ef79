#include "matcher/holder.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct words {
	char word[NAME_WORDS_MOST][NAME_WORD_SIZE];
	int count;
};

/* Base letters of U+00C0..U+017F; a blank is no letter. Umlauts and ligatures are spelled out
 * before. */
static const char base_letter[] =
	"AAAAAAACEEEEIIIIDNOOOOO OUUUUYTS"
	"AAAAAAACEEEEIIIIDNOOOOO OUUUUYTY"
	"AAAAAACCCCCCCCDDDDEEEEEEEEEEGGGGGGGGHHHHIIIIIIIIIIJJJJKKKLLLLLLL"
	"LLLNNNNNNNNNOOOOOOOORRRRRRSSSSSSSSTTTTTTUUUUUUUUUUUUWWYYYZZZZZZS";

/* What a code point becomes, at most two letters; spell_out: Ä is AE, else A. "" ends a word. */
static const char *letters_of(uint32_t code, bool spell_out, char out[3])
{
	memset(out, 0, 3);
	if (code < 0x80) {
		if (isalnum((int)code))
			out[0] = (char)toupper((int)code);
		return out;
	}
	if (code == 0xdf || code == 0x1e9e)
		return "SS";
	if (code == 0xc6 || code == 0xe6)
		return "AE";
	if (code == 0x152 || code == 0x153)
		return "OE";
	if (code < 0xc0 || code > 0x17f || base_letter[code - 0xc0] == ' ')
		return out;
	out[0] = base_letter[code - 0xc0];
	if (spell_out && strchr("\xc4\xd6\xdc\xe4\xf6\xfc", (int)code) && code < 0x100)
		out[1] = 'E';
	return out;
}

/* The next code point of UTF-8; broken bytes are passed over as blanks. */
static uint32_t code_next(const unsigned char **at)
{
	const unsigned char *p = *at;
	uint32_t code = ' ';
	int more = p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : p[0] >= 0xc0 ? 1 : 0;

	*at = p + 1;
	if (p[0] < 0x80)
		return p[0];
	if (!more)
		return code;
	code = p[0] & (0x3fu >> more);
	for (int i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return ' ';
		code = code << 6 | (p[i] & 0x3f);
	}
	*at = p + 1 + more;
	return code;
}

static void word_add(struct words *words, size_t *len, const char *letters)
{
	for (; *letters && *len < NAME_WORD_SIZE - 1; letters++)
		words->word[words->count][(*len)++] = *letters;
}

/* Words of letters and digits. Letters outside Latin count as themselves in hexadecimal, so that
 * other scripts compare for equality. */
static void words_split(struct words *words, const char *text, bool spell_out)
{
	const unsigned char *at = (const unsigned char *)(text ? text : "");
	char letters[3];
	size_t len = 0;

	memset(words, 0, sizeof *words);
	while (*at && words->count < NAME_WORDS_MOST) {
		uint32_t code = code_next(&at);
		const char *add;

		if (code == 0x308 && spell_out && len &&
		    strchr("AOU", words->word[words->count][len - 1])) {
			word_add(words, &len, "E"); /* a decomposed umlaut */
			continue;
		}
		if (code >= 0x300 && code <= 0x36f)
			continue;
		add = letters_of(code, spell_out, letters);
		if (!*add && code > 0x17f && !(code >= 0x2000 && code <= 0x206f)) {
			const char *digits = "0123456789ABCDEF";

			for (int shift = 20; shift >= 0; shift -= 4)
				word_add(words, &len, (char[]){ digits[code >> shift & 15], 0 });
			continue;
		}
		if (*add)
			word_add(words, &len, add);
		else if (len) {
			words->count++;
			len = 0;
		}
	}
	if (len && words->count < NAME_WORDS_MOST)
		words->count++;
}

/* Titles and forms of address are in every second name. */
static bool counts(const char *word)
{
	static const char *const filler[] = {
		"DR", "PROF",  "DIPL", "ING", "HERR", "FRAU", "VON", "VAN", "DER", "DEN",
		"DE", "ZU",    "ZUM",  "ZUR", "UND",  "GMBH", "CO",  "KG",  "AG",  "EV",
		"UG", "FIRMA", "MBH",  "GBR", "OHG",  "MED",  "DEM", "AM"
	};

	for (size_t i = 0; i < sizeof filler / sizeof *filler; i++)
		if (!strcmp(word, filler[i]))
			return false;
	return strlen(word) >= 2;
}

int name_words(char words[NAME_WORDS_MOST][NAME_WORD_SIZE], const char *text)
{
	struct words all;
	int count = 0;

	words_split(&all, text, true);
	for (int i = 0; i < all.count; i++)
		if (counts(all.word[i]))
			strcpy(words[count++], all.word[i]);
	return count;
}

static bool share_word(const struct words *a, const struct words *b)
{
	for (int i = 0; i < a->count; i++)
		for (int j = 0; j < b->count; j++)
			if (!strcmp(a->word[i], b->word[j]) && counts(a->word[i]))
				return true;
	return false;
}

/* All words in one, for names written with and without blanks. */
static void joined(char out[NAME_WORDS_MOST * NAME_WORD_SIZE], const struct words *words)
{
	out[0] = '\0';
	for (int i = 0; i < words->count; i++)
		strcat(out, words->word[i]);
}

static bool same_letters(const struct words *a, const struct words *b)
{
	char left[NAME_WORDS_MOST * NAME_WORD_SIZE], right[NAME_WORDS_MOST * NAME_WORD_SIZE];

	if (*a->word[0] != *b->word[0])
		return false;
	joined(left, a);
	joined(right, b);
	return !strcmp(left, right);
}

/* Müller is MUELLER and MULLER; either reading of one side may meet either of the other. */
static enum agreement text_compare(const char *a, const char *b,
				   bool (*alike)(const struct words *, const struct words *))
{
	struct words left[2], right[2];

	for (int i = 0; i < 2; i++) {
		words_split(&left[i], a, i == 0);
		words_split(&right[i], b, i == 0);
	}
	if (!left[0].count || !right[0].count)
		return SAYS_NOTHING;
	for (int i = 0; i < 2; i++)
		for (int j = 0; j < 2; j++)
			if (alike(&left[i], &right[j]))
				return AGREES;
	return CONTRADICTS;
}

static bool names_alike(const struct words *a, const struct words *b)
{
	return share_word(a, b) || same_letters(a, b);
}

enum agreement surname_compare(const char *a, const char *b)
{
	return text_compare(a, b, names_alike);
}

static bool has_all(const struct words *all, const struct words *some)
{
	int found = 0;

	for (int i = 0; i < some->count; i++) {
		bool has = !counts(some->word[i]);

		for (int j = 0; j < all->count && !has; j++)
			has = !strcmp(all->word[j], some->word[i]);
		found += has;
	}
	return found == some->count;
}

static bool same_words(const struct words *a, const struct words *b)
{
	return (share_word(a, b) && has_all(a, b) && has_all(b, a)) || same_letters(a, b);
}

bool name_whole(const char *a, const char *b)
{
	return text_compare(a, b, same_words) == AGREES;
}

enum agreement plate_compare(const char *a, const char *b)
{
	return text_compare(a, b, same_letters);
}

enum agreement postcode_compare(const char *a, const char *b)
{
	return text_compare(a, b, same_letters);
}

static int digits_at(const char *text, int from, int count)
{
	int value = 0;

	for (int i = from; i < from + count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

bool date_plausible(const char *text)
{
	int year, month, day;

	if (!text || strnlen(text, 10) < 10 || text[4] != '-' || text[7] != '-' ||
	    (text[10] >= '0' && text[10] <= '9'))
		return false;
	year = digits_at(text, 0, 4);
	month = digits_at(text, 5, 2);
	day = digits_at(text, 8, 2);
	return year >= 1880 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

enum agreement date_compare(const char *a, const char *b)
{
	if (!date_plausible(a) || !date_plausible(b))
		return SAYS_NOTHING;
	return strncmp(a, b, 10) == 0 ? AGREES : CONTRADICTS;
}

/* Days since 1970-01-01 of the Gregorian calendar; years begin in March, so that the leap day is
 * last. */
static int day_number(const char *date)
{
	int year = digits_at(date, 0, 4);
	int month = digits_at(date, 5, 2);
	int day = digits_at(date, 8, 2);
	int shifted = (month + 9) % 12;
	int era_years = year - (month <= 2);

	return era_years * 365 + era_years / 4 - era_years / 100 + era_years / 400 +
	       (shifted * 153 + 2) / 5 + day - 1 - 719468;
}

int days_between(const char *a, const char *b)
{
	return day_number(b) - day_number(a);
}

bool date_real(const char *text)
{
	static const char days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day;

	if (!date_plausible(text))
		return false;
	year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] -
	       '0';
	month = (text[5] - '0') * 10 + text[6] - '0';
	day = (text[8] - '0') * 10 + text[9] - '0';
	if (month == 2 && day == 29)
		return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return day <= days[month - 1];
}

char *name_fold(const char *name, TALLOC_CTX *mem)
{
	const unsigned char *at = (const unsigned char *)name;
	char *fold = talloc_strdup(mem, ""), letters[3];

	while (*at) {
		const unsigned char *from = at;
		uint32_t code = code_next(&at);

		if (code < 0x80) {
			fold = talloc_asprintf_append(fold, "%c", tolower((int)code));
			continue;
		}
		for (const char *c = letters_of(code, true, letters); *c; c++)
			fold = talloc_asprintf_append(fold, "%c", tolower((unsigned char)*c));
		if (!*letters_of(code, true, letters))
			fold = talloc_strndup_append(fold, (const char *)from, (size_t)(at - from));
	}
	return fold;
}
