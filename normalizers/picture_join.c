#include "normalizers/picture_join.h"

#include <string.h>

static bool wildcard(char cell)
{
	return cell && strchr("#+@", cell) != NULL;
}

/* Which of the spelled characters stand in the key, as bits. */
static uint64_t carried(const struct form *form)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < form->out_len; i++) {
		if (form->out[i] & FORM_INPUT)
			bits |= UINT64_C(1) << (form->out[i] & 0x7f);
	}
	return bits;
}

/* ---- what one spelling loses ---- */

#define EVERYWHERE (KEY_MOST + 1)

/* The digits and letters that the form takes off at the place, out of the text, which has the form's length. Returns how many. */
static unsigned lost_at(char *lost, const struct form *form, unsigned place, const char *text)
{
	uint64_t kept = carried(form);
	unsigned count = 0, before = 0;

	for (unsigned i = 0; i < form->len; i++) {
		if (!wildcard(form->cell[i]))
			continue;
		if (kept >> i & 1)
			before++;
		else if (place == EVERYWHERE || place == before)
			lost[count++] = text[i];
	}
	lost[count] = '\0';
	return count;
}

/* The constants that the form takes off, and whether others come in for them: what the key does not say of the spelling. */
static void unsaid(char text[KEY_MOST + 2], const struct picture *p, const struct form *form)
{
	uint64_t kept = carried(form);
	unsigned count = 0;

	for (unsigned i = 0; i < form->len; i++) {
		if (!wildcard(form->cell[i]) && !(kept >> i & 1))
			text[count++] = form->cell[i];
	}
	if (p->becomes)
		text[count++] = '>';
	text[count] = '\0';
}

/* May a spelling of the picture lack just as much? */
static bool knows(const struct picture *p, const char *text)
{
	char own[KEY_MOST + 2];

	for (size_t i = 0; i < p->form_count; i++) {
		unsaid(own, p, &p->forms[i]);
		if (strcmp(own, text) == 0)
			return true;
	}
	return false;
}

static bool stranger(const struct picture *p, const struct form *form, const struct picture *other)
{
	char text[KEY_MOST + 2];

	unsaid(text, p, form);
	return !knows(other, text);
}

/* ---- spellings made up ---- */

/* What may stand at place i of the key. */
static char key_cell(const struct form *form, unsigned i)
{
	unsigned char from = form->out[i];

	return from & FORM_INPUT ? form->cell[from & 0x7f] : (char)from;
}

/* A key of both; false: there is none. */
static bool key_of_both(char *key, const struct form *a, const struct form *b)
{
	static const char digits[] = "1234567890", letters[] = "KHVWMNPRTX";
	unsigned digit = 0, letter = 0;

	if (a->out_len != b->out_len)
		return false;
	for (unsigned i = 0; i < a->out_len; i++) {
		char cell = picture_cells_meet(key_cell(a, i), key_cell(b, i));

		if (!cell)
			return false;
		if (cell == '+' && digits[digit % 10] == '0')
			digit++;
		if (cell == '@')
			cell = letters[letter++ % 10];
		else if (wildcard(cell))
			cell = digits[digit++ % 10];
		key[i] = cell;
	}
	key[a->out_len] = '\0';
	return true;
}

#define NOWHERE (KEY_MOST + 2)

/* The form's characters for that key; what it takes off is the same in all, except at the place `other`. */
static void form_fill(char *text, const struct form *form, const char *key, unsigned other)
{
	uint64_t kept = carried(form);
	unsigned before = 0;

	for (unsigned i = 0; i < form->len; i++) {
		char cell = form->cell[i];

		before += wildcard(cell) && (kept >> i & 1);
		text[i] = !wildcard(cell) ? cell
			  : cell == '@'   ? "KH"[before == other]
					  : "12"[before == other];
	}
	for (unsigned i = 0; i < form->out_len; i++) {
		if (form->out[i] & FORM_INPUT)
			text[form->out[i] & 0x7f] = key[i];
	}
	text[form->len] = '\0';
}

/* With the separators of the drawing if the form spells all of it, else with those that it needs. */
static void spell(char *out, const struct picture *p, const struct form *form, const char *text)
{
	const char *separators = " -.:;,*_/", *at;
	size_t cells = 0, n = 0, i = 0;

	for (at = p->drawing; strlen(p->drawing) < SPELLED_SIZE && *at; at++)
		cells += !strchr("[]{}", *at) && !strchr(separators, *at);
	for (at = p->drawing; cells == form->len && *at; at++) {
		if (!strchr("[]{}", *at))
			out[n++] = strchr(separators, *at) ? *at : text[i++];
	}
	for (; i < form->len; i++) {
		if (form->gaps >> i & 1)
			out[n++] = '/';
		out[n++] = text[i];
	}
	out[n] = '\0';
}

static void example_spell(char *out, const struct picture *p, const struct form *form,
			  const char *key, unsigned other)
{
	char text[KEY_MOST + 1];

	form_fill(text, form, key, other);
	spell(out, p, form, text);
}

/* ---- one picture ---- */

bool picture_drops(struct picture_join *join, const struct picture *p, unsigned place)
{
	const struct form *longest = NULL;
	char lost[KEY_MOST + 1];

	for (size_t i = 0; i < p->form_count; i++) {
		const struct form *form = &p->forms[i];

		if (lost_at(lost, form, place, form->cell) &&
		    (!longest || form->len > longest->len))
			longest = form;
	}
	if (!longest || !key_of_both(join->key, longest, longest))
		return false;
	example_spell(join->left, p, longest, join->key, NOWHERE);
	example_spell(join->right, p, longest, join->key, place);
	return true;
}

/* The form that reads the spelling as the key; NULL: none does. */
static const struct form *form_reading(const struct picture *p, const struct cleaned *clean,
				       const char *key)
{
	for (size_t i = 0; i < p->form_count; i++) {
		if (picture_form_reads(&p->forms[i], clean, key))
			return &p->forms[i];
	}
	return NULL;
}

static const struct form *form_of(const struct picture *p, const char *spelling,
				  struct cleaned *clean, char *key)
{
	clean_number(clean, spelling, strlen(spelling));
	if (clean->state != CLEAN_OK || picture_read(p, clean, key) != READS_ONE)
		return NULL;
	return form_reading(p, clean, key);
}

bool picture_drops_between(const struct picture *p, unsigned place, const char *left,
			   const char *right)
{
	char left_key[KEY_MOST + 1], right_key[KEY_MOST + 1];
	char left_lost[KEY_MOST + 1], right_lost[KEY_MOST + 1];
	struct cleaned l, r;
	const struct form *a = form_of(p, left, &l, left_key);
	const struct form *b = form_of(p, right, &r, right_key);

	return a && b && strcmp(left_key, right_key) == 0 && lost_at(left_lost, a, place, l.text) &&
	       lost_at(right_lost, b, place, r.text) && strcmp(left_lost, right_lost) != 0;
}

bool picture_dropped(char dropped[KEY_MOST + 1], const struct picture *p,
		     const struct cleaned *clean)
{
	char key[KEY_MOST + 1];
	const struct form *form =
		picture_read(p, clean, key) == READS_ONE ? form_reading(p, clean, key) : NULL;

	if (form)
		lost_at(dropped, form, EVERYWHERE, clean->text);
	return form != NULL;
}

/* ---- two pictures ---- */

bool pictures_join(struct picture_join *join, const struct picture *a, const struct picture *b)
{
	unsigned longest = 0;

	for (size_t i = 0; i < a->form_count; i++) {
		const struct form *left = &a->forms[i];

		for (size_t k = 0; stranger(a, left, b) && k < b->form_count; k++) {
			const struct form *right = &b->forms[k];
			char key[KEY_MOST + 1];

			if ((unsigned)left->len + right->len <= longest || !stranger(b, right, a) ||
			    !key_of_both(key, left, right))
				continue;
			longest = (unsigned)left->len + right->len;
			strcpy(join->key, key);
			example_spell(join->left, a, left, key, NOWHERE);
			example_spell(join->right, b, right, key, NOWHERE);
		}
	}
	return longest > 0;
}

static bool joined_in_order(const struct picture *a, const struct picture *b, const char *left,
			    const char *right)
{
	char left_key[KEY_MOST + 1], right_key[KEY_MOST + 1];
	struct cleaned l, r;
	const struct form *one = form_of(a, left, &l, left_key);
	const struct form *other = form_of(b, right, &r, right_key);

	return one && other && strcmp(left_key, right_key) == 0 && stranger(a, one, b) &&
	       stranger(b, other, a);
}

bool pictures_join_between(const struct picture *a, const struct picture *b, const char *left,
			   const char *right)
{
	return joined_in_order(a, b, left, right) || joined_in_order(a, b, right, left);
}
