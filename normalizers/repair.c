#include "normalizers/repair.h"

#include <string.h>

#include "normalizers/picture.h"

#define SIGNIFICANT_LEAST 5 /* digits behind lost zeros */
#define SYSTEM_FORM_MOST                                                                           \
	17 /* characters of a number in GDV and BiPRO: zeros never fill up to more */
#define LOOK_ALIKES_MOST     2 /* places that one number is misread at */
#define PREFIX_MOST          4
#define GENERAL_LETTERS_MOST 3

const char *repair_in_words(enum repair repair)
{
	static const char *const words[REPAIRS] = {
		[REPAIR_LOOK_ALIKE] =
			"a letter and a digit that look alike were taken for each other",
		[REPAIR_PREFIX] = "the front part that never changes was left out",
		[REPAIR_ZEROS] = "zeros in front of the number were lost or added",
		[REPAIR_PART] = "a part that does not belong to the number stands in it",
	};

	return words[repair];
}

/* Each row looks alike; the digit first. */
static const char *const alikes[] = { "0ODQ", "1IL", "2Z", "5S", "6G", "8B" };

static const char *alikes_of(char c)
{
	for (size_t i = 0; i < sizeof alikes / sizeof *alikes; i++)
		if (strchr(alikes[i], c))
			return alikes[i];
	return "";
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct repairing {
	const struct key *key;
	size_t len;
	struct repairs *out;
	TALLOC_CTX *mem;
};

static void take(struct repairing *r, const char *key, enum repair how)
{
	struct repairs *out = r->out;

	if (!strcmp(key, r->key->plain) || number_is_placeholder(key))
		return;
	for (size_t i = 0; i < out->count; i++)
		if (!strcmp(out->items[i].key, key))
			return;
	if ((out->count & (out->count - 1)) == 0)
		out->items = talloc_realloc(r->mem, out->items, struct repaired,
					    out->count ? 2 * out->count : 1);
	strcpy(out->items[out->count].key, key);
	out->items[out->count++].how = how;
}

/* ---- by a picture ---- */

static bool fits(char cell, char c)
{
	switch (cell) {
	case '#':
		return is_digit(c);
	case '+':
		return is_digit(c) && c != '0';
	case '@':
		return c >= 'A' && c <= 'Z';
	default:
		return cell == c;
	}
}

static bool constant(char cell)
{
	return !strchr("#+@", cell);
}

static void take_form(struct repairing *r, const struct form *form, const char *text,
		      enum repair how)
{
	char canonical[KEY_MOST + 1];

	for (unsigned i = 0; i < form->out_len; i++)
		canonical[i] =
			form->out[i] & FORM_INPUT ? text[form->out[i] & 0x7f] : (char)form->out[i];
	canonical[form->out_len] = '\0';
	take(r, canonical, how);
}

static bool form_accepts(const struct form *form, const char *text)
{
	for (unsigned i = 0; i < form->len; i++)
		if (!fits(form->cell[i], text[i]))
			return false;
	return true;
}

/* Put something alike wherever a place does not fit, in every way there is. */
static void repair_places(struct repairing *r, const struct form *form, char *text, unsigned from,
			  int changed)
{
	unsigned i = from;
	char was;

	while (i < form->len && fits(form->cell[i], text[i]))
		i++;
	if (i == form->len) {
		if (changed)
			take_form(r, form, text, REPAIR_LOOK_ALIKE);
		return;
	}
	if (changed == LOOK_ALIKES_MOST)
		return;
	was = text[i];
	for (const char *other = alikes_of(was); *other; other++)
		if (*other != was && fits(form->cell[i], *other)) {
			text[i] = *other;
			repair_places(r, form, text, i + 1, changed + 1);
		}
	text[i] = was;
}

/* The constants that the form begins with, put in front. */
static void repair_prefix(struct repairing *r, const struct form *form)
{
	size_t missing = form->len - r->len;
	char text[KEY_MOST + 1];

	if (missing > PREFIX_MOST)
		return;
	for (size_t i = 0; i < missing; i++)
		if (!constant(form->cell[i]))
			return;
	memcpy(text, form->cell, missing);
	strcpy(text + missing, r->key->plain);
	if (form_accepts(form, text))
		take_form(r, form, text, REPAIR_PREFIX);
}

/* Zeros at the first place for a digit. */
static void repair_form_zeros(struct repairing *r, const struct form *form)
{
	size_t missing = form->len - r->len, first = strcspn(form->cell, "#+");
	char text[KEY_MOST + 1];

	if (first > r->len || r->len - first < SIGNIFICANT_LEAST)
		return;
	memcpy(text, r->key->plain, first);
	memset(text + first, '0', missing);
	strcpy(text + first + missing, r->key->plain + first);
	if (form_accepts(form, text))
		take_form(r, form, text, REPAIR_ZEROS);
}

static void repair_by_form(struct repairing *r, const struct form *form)
{
	char text[KEY_MOST + 1];

	strcpy(text, r->key->plain);
	if (form->len == r->len) {
		if (form_accepts(form, text))
			take_form(r, form, text, REPAIR_PART);
		else
			repair_places(r, form, text, 0, 0);
	} else if (form->len > r->len) {
		repair_prefix(r, form);
		repair_form_zeros(r, form);
	}
}

/* ---- by the general rule ---- */

/* All letters but a few digits' doubles: the number had none. */
static void repair_letters(struct repairing *r)
{
	char text[KEY_MOST + 1];
	int letters = 0;

	strcpy(text, r->key->plain);
	for (char *c = text; *c; c++) {
		if (is_digit(*c))
			continue;
		if (!*alikes_of(*c) || ++letters > GENERAL_LETTERS_MOST)
			return;
		*c = *alikes_of(*c);
	}
	if (letters)
		take(r, text, REPAIR_LOOK_ALIKE);
}

static void repair_one_place(struct repairing *r)
{
	char text[KEY_MOST + 1];

	strcpy(text, r->key->plain);
	for (char *c = text; *c; c++) {
		char was = *c;

		for (const char *other = alikes_of(was); *other; other++)
			if (*other != was && (is_digit(was) || is_digit(*other))) {
				*c = *other;
				take(r, text, REPAIR_LOOK_ALIKE);
			}
		*c = was;
	}
}

/* Behind the letters in front, every number of zeros. */
static void repair_zeros(struct repairing *r)
{
	const char *plain = r->key->plain;
	size_t letters = strcspn(plain, "0123456789");
	const char *core = plain + letters + strspn(plain + letters, "0");
	size_t core_len = strlen(core);
	char text[KEY_MOST + 1];

	if (core_len < SIGNIFICANT_LEAST || !is_digit(*core))
		return;
	for (size_t zeros = 0; letters + zeros + core_len <= SYSTEM_FORM_MOST; zeros++) {
		memcpy(text, plain, letters);
		memset(text + letters, '0', zeros);
		strcpy(text + letters + zeros, core);
		take(r, text, REPAIR_ZEROS);
	}
}

/* What a broker or a form leaves off: the letters in front, the zeros in front of the first digit. */
static void repair_shorter(struct repairing *r)
{
	const char *plain = r->key->canonical ? r->key->canonical : r->key->plain;
	size_t letters = strcspn(plain, "0123456789");
	const char *core = plain + letters + strspn(plain + letters, "0");
	char text[KEY_MOST + 1];

	if (letters > PREFIX_MOST || strlen(core) < SIGNIFICANT_LEAST)
		return;
	if (letters)
		take(r, plain + letters, REPAIR_PREFIX);
	if (core > plain + letters) {
		memcpy(text, plain, letters);
		strcpy(text + letters, core);
		take(r, text, REPAIR_ZEROS);
	}
}

void repair_readings(struct repairs *repairs, const struct insurer *issuer, const char *line,
		     const struct key *key, TALLOC_CTX *mem)
{
	struct repairing r = { key, strlen(key->plain), repairs, mem };

	*repairs = (struct repairs){ 0 };
	if (r.len < SIGNIFICANT_LEAST)
		return;
	repair_shorter(&r);
	if (key->state != KEY_PLAIN && key->state != KEY_AMBIGUOUS)
		return;
	for (size_t i = 0; issuer && i < issuer->picture_count; i++) {
		const struct picture *p = &issuer->pictures[i];

		if (p->means != MEANS_POLICY || !picture_for_line(p, line))
			continue;
		for (size_t k = 0; k < p->form_count; k++)
			repair_by_form(&r, &p->forms[k]);
	}
	repair_letters(&r);
	repair_one_place(&r);
	repair_zeros(&r);
}
