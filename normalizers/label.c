#include "normalizers/label.h"

#include <string.h>

#define LETTERS_MOST 48

static const struct label labels[] = {
	{ "versicherungsscheinnummer", false, false },
	{ "versicherungsscheinnr", false, false },
	{ "versicherungsscheinno", false, false },
	{ "versicherungsschein", false, false },
	{ "versicherungsnummer", false, false },
	{ "versicherungsnr", false, false },
	{ "versicherungnummer", false, false },
	{ "versicherungnr", false, false },
	{ "versicherungsvertragsnummer", false, false },
	{ "versicherungsvertragsnr", false, false },
	{ "versicherungsvertragnr", false, false },
	{ "versicherungsvertrag", false, false },
	{ "kraftfahrtversicherungnr", false, false },
	{ "kfzversicherungnr", false, false },
	{ "versscheinnummer", false, false },
	{ "versscheinnr", false, false },
	{ "versschein", false, false },
	{ "versnummer", false, false },
	{ "versnr", false, false },
	{ "vsscheinnr", false, false },
	{ "vsnummer", false, false },
	{ "vsnr", false, false },
	{ "scheinnummer", false, false },
	{ "scheinnr", false, false },
	{ "ihreversicherungsnummer", false, false },
	{ "ihreversicherungsscheinnummer", false, false },
	{ "ihrevertragsnummer", false, false },
	{ "vertragsnummer", false, false },
	{ "vertragsnr", false, false },
	{ "vertragnummer", false, false },
	{ "vertragnr", false, false },
	{ "vertrag", false, false },
	{ "vertrnr", false, false },
	{ "vtrgnr", false, false },
	{ "policennummer", false, false },
	{ "policenummer", false, false },
	{ "policennr", false, false },
	{ "policenr", false, false },
	{ "police", false, false },
	{ "polizzennummer", false, false },
	{ "polizzennr", false, false },
	{ "polizzenr", false, false },
	{ "polizze", false, false },
	{ "polnr", false, false },
	{ "policynumber", false, false },
	{ "policyno", false, false },
	{ "policy", false, false },
	{ "contractnumber", false, false },
	{ "contractno", false, false },
	{ "nummer", false, false },
	{ "vnr", true, false },
	{ "vsn", true, false },
	{ "nr", true, false },
	{ "no", true, false },
	{ "schadennummer", false, true },
	{ "schadensnummer", false, true },
	{ "schadennr", false, true },
	{ "schadensnr", false, true },
	{ "schadenaktenzeichen", false, true },
	{ "kundennummer", false, true },
	{ "kundennr", false, true },
	{ "kdnr", false, true },
	{ "mitgliedsnummer", false, true },
	{ "mitgliedsnr", false, true },
	{ "rechnungsnummer", false, true },
	{ "rechnungsnr", false, true },
	{ "rechnungnr", false, true },
	{ "antragsnummer", false, true },
	{ "antragsnr", false, true },
	{ "angebotsnummer", false, true },
	{ "angebotsnr", false, true },
	{ "vorgangsnummer", false, true },
	{ "vorgangsnr", false, true },
	{ "vermittlernummer", false, true },
	{ "vermittlernr", false, true },
	{ "vorversicherer", false, true },
	{ "vorversicherung", false, true },
	{ "vorvertrag", false, true },
	{ "evbnummer", false, true },
	{ "evbnr", false, true },
};

/* The letters in front of the first digit, in lower case, each with its place in the text. */
struct letters {
	size_t count;
	char letter[LETTERS_MOST];
	unsigned short place[LETTERS_MOST];
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
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

const struct label *label_find(const char *text, size_t text_len, size_t *len)
{
	const struct label *best = NULL;
	struct letters front;
	size_t best_len = 0;

	letters_collect(&front, text, text_len);
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		const struct label *label = &labels[i];
		size_t n;

		if (label->word[0] != front.letter[0] || front.count == 0)
			continue;
		n = strlen(label->word);
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
