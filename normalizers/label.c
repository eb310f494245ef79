#include "normalizers/label.h"

#include <stdint.h>
#include <string.h>

#define LETTERS_MOST 48

/* clang-format off */
#define POLICY(word) { word, sizeof(word) - 1, false, false }
#define WEAK(word)   { word, sizeof(word) - 1, true, false }
#define OTHER(word)  { word, sizeof(word) - 1, false, true }
/* clang-format on */

/* In the order of the alphabet: the walk stops behind the letter. Two new letters in front go to second_letters, too. */
static const struct label labels[] = {
	OTHER("angebotsnr"),
	OTHER("angebotsnummer"),
	OTHER("antragsnr"),
	OTHER("antragsnummer"),
	POLICY("contractno"),
	POLICY("contractnumber"),
	OTHER("evbnr"),
	OTHER("evbnummer"),
	POLICY("ihreversicherungsnummer"),
	POLICY("ihreversicherungsscheinnummer"),
	POLICY("ihrevertragsnummer"),
	OTHER("kdnr"),
	POLICY("kfzversicherungnr"),
	POLICY("kraftfahrtversicherungnr"),
	OTHER("kundennr"),
	OTHER("kundennummer"),
	OTHER("mitgliedsnr"),
	OTHER("mitgliedsnummer"),
	WEAK("no"),
	WEAK("nr"),
	POLICY("nummer"),
	POLICY("police"),
	POLICY("policennr"),
	POLICY("policennummer"),
	POLICY("policenr"),
	POLICY("policenummer"),
	POLICY("policy"),
	POLICY("policyno"),
	POLICY("policynumber"),
	POLICY("polizze"),
	POLICY("polizzennr"),
	POLICY("polizzennummer"),
	POLICY("polizzenr"),
	POLICY("polnr"),
	OTHER("rechnungnr"),
	OTHER("rechnungsnr"),
	OTHER("rechnungsnummer"),
	OTHER("schadenaktenzeichen"),
	OTHER("schadennr"),
	OTHER("schadennummer"),
	OTHER("schadensnr"),
	OTHER("schadensnummer"),
	POLICY("scheinnr"),
	POLICY("scheinnummer"),
	OTHER("vermittlernr"),
	OTHER("vermittlernummer"),
	POLICY("versicherungnr"),
	POLICY("versicherungnummer"),
	POLICY("versicherungsnr"),
	POLICY("versicherungsnummer"),
	POLICY("versicherungsschein"),
	POLICY("versicherungsscheinno"),
	POLICY("versicherungsscheinnr"),
	POLICY("versicherungsscheinnummer"),
	POLICY("versicherungsvertrag"),
	POLICY("versicherungsvertragnr"),
	POLICY("versicherungsvertragsnr"),
	POLICY("versicherungsvertragsnummer"),
	POLICY("versnr"),
	POLICY("versnummer"),
	POLICY("versschein"),
	POLICY("versscheinnr"),
	POLICY("versscheinnummer"),
	POLICY("vertrag"),
	POLICY("vertragnr"),
	POLICY("vertragnummer"),
	POLICY("vertragsnr"),
	POLICY("vertragsnummer"),
	POLICY("vertrnr"),
	WEAK("vnr"),
	OTHER("vorgangsnr"),
	OTHER("vorgangsnummer"),
	OTHER("vorversicherer"),
	OTHER("vorversicherung"),
	OTHER("vorvertrag"),
	WEAK("vsn"),
	POLICY("vsnr"),
	POLICY("vsnummer"),
	POLICY("vsscheinnr"),
	POLICY("vtrgnr"),
};

/* The letters in front of the first digit, in lower case, each with its place in the text. */
struct letters {
	size_t count;
	char letter[LETTERS_MOST];
	unsigned short place[LETTERS_MOST];
};

/* The second letters of all labels, by the first one: bit 0 is a. Most numbers with letters in front end here. */
#define LETTER(c) (UINT32_C(1) << ((c) - 'a'))
static const uint32_t second_letters[26] = {
	['a' - 'a'] = LETTER('n'),
	['c' - 'a'] = LETTER('o'),
	['e' - 'a'] = LETTER('v'),
	['i' - 'a'] = LETTER('h'),
	['k' - 'a'] = LETTER('d') | LETTER('f') | LETTER('r') | LETTER('u'),
	['m' - 'a'] = LETTER('i'),
	['n' - 'a'] = LETTER('o') | LETTER('r') | LETTER('u'),
	['p' - 'a'] = LETTER('o'),
	['r' - 'a'] = LETTER('e'),
	['s' - 'a'] = LETTER('c'),
	['v' - 'a'] = LETTER('e') | LETTER('n') | LETTER('o') | LETTER('s') | LETTER('t'),
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Can a label begin like this? Only two letters in a row or a digit behind the first answer it for sure. */
static bool may_begin(const char *text, size_t len)
{
	uint32_t second;

	if (len < 2)
		return false;
	if (!is_letter(text[0]))
		return true;
	second = second_letters[(text[0] | 0x20) - 'a'];
	if (is_letter(text[1]))
		return (second & LETTER(text[1] | 0x20)) != 0;
	return second != 0 && !is_digit(text[1]);
}

static void letters_collect(struct letters *front, const char *text, size_t len)
{
	front->count = 0;
	for (size_t i = 0; i < len && !is_digit(text[i]) && front->count < LETTERS_MOST; i++) {
		if (!is_letter(text[i]))
			continue;
		front->letter[front->count] = (char)(text[i] | 0x20);
		front->place[front->count++] = (unsigned short)i;
	}
}

/* "Police" is no label in "Policenummer" (the longer one is), nor "Nr" in "NR-4711", which may be a number. */
static bool ends_well(const struct label *label, const char *text, size_t len, size_t end)
{
	if (end == len)
		return true;
	if (label->weak)
		return text[end] == '.' || text[end] == ':' || text[end] == ' ';
	return !is_letter(text[end]);
}

static const struct label *label_search(const char *text, size_t text_len, size_t *len)
{
	const struct label *best = NULL;
	struct letters front;
	size_t best_len = 0;

	letters_collect(&front, text, text_len);
	if (front.count < 2)
		return NULL;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		const struct label *label = &labels[i];
		size_t n = label->len;

		if (label->word[0] < front.letter[0])
			continue;
		if (label->word[0] > front.letter[0])
			break;
		if (n <= best_len || n > front.count || memcmp(label->word, front.letter, n) != 0)
			continue;
		if (!ends_well(label, text, text_len, front.place[n - 1] + 1u))
			continue;
		best = label;
		best_len = n;
	}
	if (best)
		*len = front.place[best_len - 1] + 1u;
	return best;
}

const struct label *label_find(const char *text, size_t text_len, size_t *len)
{
	return may_begin(text, text_len) ? label_search(text, text_len, len) : NULL;
}
