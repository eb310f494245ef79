/*
 * picture_compile.c -- from the drawing to its forms.
 *
 * The drawing is cut into parts (plain, optional, foreign). Every choice of optional and foreign parts is a form of fixed
 * length; with drops_zeros each number of lost zeros gives one more. Reading is then a walk over short rows.
 */
#include "normalizers/picture.h"

#include <string.h>

#define PARTS_MOST  8
#define FORMS_MOST  64
#define ZEROS_LEAST 5 /* characters that stay when leading zeros were dropped */

enum part_kind { PART_PLAIN, PART_OPTIONAL, PART_FOREIGN };

struct part {
	enum part_kind kind;
	bool literal; /* holds a letter or digit of its own */
	unsigned len;
	char cell[KEY_MOST + 1];
	uint64_t gaps; /* bit i: the drawing has a separator before cell[i] */
};

struct drawing {
	size_t count;
	struct part part[PARTS_MOST];
};

static bool wildcard(char c)
{
	return c == '#' || c == '@';
}

static bool separates(char c)
{
	return c != '\0' && strchr(" -.:;,*_/", c) != NULL;
}

static bool part_open(struct drawing *d, enum part_kind kind, const char *text, struct err *e)
{
	if (d->count == PARTS_MOST)
		return err_set(e, ERR_SETUP, "picture \"%s\" has more than %d parts", text,
			       PARTS_MOST);
	d->part[d->count++] = (struct part){ .kind = kind };
	return true;
}

static bool part_add(struct part *part, char c, bool gap, const char *text, struct err *e)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (!wildcard(c) && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
		return err_set(e, ERR_SETUP, "picture \"%s\" holds '%c', which means nothing", text,
			       c);
	if (part->kind == PART_OPTIONAL && wildcard(c))
		return err_set(
			e, ERR_SETUP,
			"picture \"%s\": a part in [ ] must be constant, else it cannot be put back; "
			"a part that does not belong to the number goes into { }",
			text);
	if (part->len == KEY_MOST)
		return err_set(e, ERR_SETUP, "picture \"%s\" is longer than %d characters", text,
			       KEY_MOST);
	if (gap)
		part->gaps |= UINT64_C(1) << part->len;
	part->literal |= !wildcard(c);
	part->cell[part->len++] = c;
	return true;
}

/* An opening or closing bracket; open says which one is open. */
static bool bracket(struct drawing *d, char c, char *open, const char *text, struct err *e)
{
	bool opens = c == '[' || c == '{';

	if (opens ? *open != 0 : *open != (c == ']' ? '[' : '{'))
		return err_set(e, ERR_SETUP, "picture \"%s\": brackets do not pair at '%c'", text,
			       c);
	if (!opens && d->part[d->count - 1].len == 0)
		return err_set(e, ERR_SETUP, "picture \"%s\" has an empty part", text);
	*open = opens ? c : 0;
	if (!opens)
		return part_open(d, PART_PLAIN, text, e);
	return part_open(d, c == '[' ? PART_OPTIONAL : PART_FOREIGN, text, e);
}

static bool drawing_parse(struct drawing *d, const char *text, struct err *e)
{
	bool gap = false;
	char open = 0;

	d->count = 0;
	if (!part_open(d, PART_PLAIN, text, e))
		return false;
	for (const char *at = text; *at; at++) {
		if (strchr("[]{}", *at)) {
			if (!bracket(d, *at, &open, text, e))
				return false;
		} else if (separates(*at)) {
			gap = true;
		} else {
			if (!part_add(&d->part[d->count - 1], *at, gap, text, e))
				return false;
			gap = false;
		}
	}
	if (open)
		return err_set(e, ERR_SETUP, "picture \"%s\": '%c' is not closed", text, open);
	return true;
}

/* The canonical form is drawn by the plain and the optional parts. */
static bool drawing_check(const struct drawing *d, const char *text, struct err *e)
{
	unsigned len = 0, wild = 0;

	for (size_t i = 0; i < d->count; i++) {
		if (d->part[i].kind == PART_FOREIGN)
			continue;
		len += d->part[i].len;
		for (unsigned k = 0; k < d->part[i].len; k++)
			wild += wildcard(d->part[i].cell[k]);
	}
	if (wild == 0)
		return err_set(e, ERR_SETUP, "picture \"%s\" has no # and no @", text);
	if (len > KEY_MOST)
		return err_set(e, ERR_SETUP, "picture \"%s\" is longer than %d characters", text,
			       KEY_MOST);
	return true;
}

/* Is the part spelled out in this choice (bit i: part i stands)? */
static bool stands(const struct drawing *d, size_t i, unsigned choice)
{
	return d->part[i].kind == PART_PLAIN || (choice & (1u << i));
}

static bool anchored(const struct drawing *d, unsigned choice)
{
	for (size_t i = 0; i < d->count; i++) {
		if (d->part[i].literal && stands(d, i, choice))
			return true;
	}
	return false;
}

/* Append one part to the form; false if it grows too long to be spelled at all. */
static bool form_part(struct form *form, const struct part *part, bool spelled, bool apart)
{
	for (unsigned k = 0; k < part->len; k++) {
		if (spelled && form->len == KEY_MOST)
			return false;
		if (part->kind != PART_FOREIGN)
			form->out[form->out_len++] =
				(unsigned char)(spelled ? FORM_INPUT | form->len
							: (unsigned char)part->cell[k]);
		if (!spelled)
			continue;
		if (apart && (part->gaps & (UINT64_C(1) << k)) && form->len)
			form->gaps |= UINT64_C(1) << form->len;
		form->cell[form->len++] = part->cell[k];
	}
	return true;
}

/* Whether a part behind the foreign one is set apart from it is drawn at the start of that next part. */
static bool form_make(struct form *form, const struct drawing *d, unsigned choice)
{
	bool loose = !anchored(d, choice);

	*form = (struct form){ .full = true, .own = true };
	for (size_t i = 0; i < d->count; i++) {
		const struct part *part = &d->part[i];
		bool spelled = stands(d, i, choice);
		bool after =
			i > 0 && d->part[i - 1].kind == PART_FOREIGN && stands(d, i - 1, choice);

		if (part->kind == PART_OPTIONAL && !spelled)
			form->full = false;
		if (part->kind == PART_FOREIGN && spelled)
			form->full = form->own = false;
		if (!form_part(form, part, spelled, loose && (part->kind == PART_FOREIGN || after)))
			return false;
	}
	return true;
}

/* Carry the wildcards of the canonical form over into the new drawing. */
static bool form_become(struct form *form, const struct drawing *new, const char *text,
			struct err *e)
{
	const struct part *part = &new->part[0];
	unsigned char out[KEY_MOST + 1];
	unsigned from = 0;

	for (unsigned k = 0; k < part->len; k++) {
		if (!wildcard(part->cell[k])) {
			out[k] = (unsigned char)part->cell[k];
			continue;
		}
		while (from < form->out_len && (!(form->out[from] & FORM_INPUT) ||
						!wildcard(form->cell[form->out[from] & 0x7f])))
			from++;
		if (from == form->out_len || form->cell[form->out[from] & 0x7f] != part->cell[k])
			return err_set(e, ERR_SETUP,
				       "becomes \"%s\" does not carry the same # and @", text);
		out[k] = form->out[from++];
	}
	for (; from < form->out_len; from++) {
		if ((form->out[from] & FORM_INPUT) && wildcard(form->cell[form->out[from] & 0x7f]))
			return err_set(e, ERR_SETUP, "becomes \"%s\" loses a # or @", text);
	}
	memcpy(form->out, out, part->len);
	form->out_len = (unsigned char)part->len;
	return true;
}

/* The form that remains when the first n zeros are gone: cells from `at` on move to the front. */
static void form_shorten(struct form *form, const struct form *whole, unsigned at, unsigned n)
{
	*form = *whole;
	form->full = false;
	form->len = (unsigned char)(whole->len - n);
	memmove(form->cell + at, form->cell + at + n, whole->len - at - n);
	form->cell[form->len] = '\0';
	form->cell[at] = '+';
	form->gaps = (whole->gaps & ((UINT64_C(1) << at) - 1)) | (whole->gaps >> (at + n) << at);
	for (unsigned k = 0; k < form->out_len; k++) {
		unsigned index = form->out[k] & 0x7fu;

		if (!(form->out[k] & FORM_INPUT) || index < at)
			continue;
		form->out[k] = index < at + n ? '0' : (unsigned char)(FORM_INPUT | (index - n));
	}
}

/* Where the first run of digits begins and how long it is. */
static unsigned digits_run(const struct form *form, unsigned *at)
{
	unsigned len = 0;

	for (*at = 0; *at < form->len && form->cell[*at] != '#'; (*at)++)
		;
	while (*at + len < form->len && form->cell[*at + len] == '#')
		len++;
	return len;
}

static bool forms_add(struct picture *p, const struct form *form, struct err *e)
{
	if (p->form_count == FORMS_MOST)
		return err_set(e, ERR_SETUP, "picture \"%s\" can be spelled in more than %d ways",
			       p->drawing, FORMS_MOST);
	p->forms[p->form_count++] = *form;
	return true;
}

/* Where a foreign part would begin or end in a spelling of that length, if zeros were lost too: what is set apart there may
 * be foreign, and 12-345.678/9 must not be read as 0123456789. */
static uint64_t foreign_ends(const struct drawing *d, unsigned choice, const struct form *whole,
			     unsigned at, unsigned len)
{
	uint64_t ends = 0;
	unsigned before = 0;

	for (size_t i = 0; i < d->count; i++) {
		const struct part *part = &d->part[i];
		unsigned behind = whole->len - before, place = before + part->len;

		if (part->kind != PART_FOREIGN) {
			before += stands(d, i, choice) ? part->len : 0;
			continue;
		}
		if (before > at)
			place = len > behind + part->len ? len - behind - part->len : 0;
		if (place > 0 && place < len)
			ends |= UINT64_C(1) << place;
	}
	return ends;
}

/* Where the drawing itself sets apart. */
static uint64_t drawn_gaps(const struct drawing *d, unsigned choice)
{
	uint64_t gaps = 0;
	unsigned at = 0;

	for (size_t i = 0; i < d->count; i++) {
		if (d->part[i].kind == PART_FOREIGN || !stands(d, i, choice))
			continue;
		gaps |= d->part[i].gaps << at;
		at += d->part[i].len;
	}
	return gaps;
}

static bool forms_shorter(struct picture *p, const struct drawing *d, unsigned choice,
			  const struct form *whole, struct err *e)
{
	struct form form, *own = &p->forms[p->form_count - 1];
	unsigned at, run = digits_run(whole, &at);

	if (!whole->own)
		return true; /* one liberty at a time */
	own->joints = foreign_ends(d, choice, whole, at, whole->len) & ~drawn_gaps(d, choice);
	for (unsigned n = 1; n < run && whole->len - n >= ZEROS_LEAST; n++) {
		form_shorten(&form, whole, at, n);
		form.joints = foreign_ends(d, choice, whole, at, form.len);
		if (!forms_add(p, &form, e))
			return false;
	}
	return true;
}

static bool forms_of_choice(struct picture *p, const struct drawing *d, const struct drawing *new,
			    unsigned choice, struct err *e)
{
	struct form form;

	if (!form_make(&form, d, choice))
		return true;
	if (new && !form_become(&form, new, p->becomes, e))
		return false;
	return forms_add(p, &form, e) && (!p->drops_zeros || forms_shorter(p, d, choice, &form, e));
}

/* Is the choice's every bit a part that may be absent? */
static bool choice_possible(const struct drawing *d, unsigned choice)
{
	for (size_t i = 0; i < d->count; i++) {
		if ((choice & (1u << i)) && d->part[i].kind == PART_PLAIN)
			return false;
	}
	return true;
}

bool picture_compile(struct picture *p, TALLOC_CTX *mem, struct err *e)
{
	struct drawing d, new;

	if (!drawing_parse(&d, p->drawing, e) || !drawing_check(&d, p->drawing, e))
		return false;
	if (p->becomes) {
		if (!drawing_parse(&new, p->becomes, e))
			return false;
		if (new.count != 1)
			return err_set(e, ERR_SETUP, "becomes \"%s\" must not have brackets",
				       p->becomes);
	}
	p->forms = talloc_array(mem, struct form, FORMS_MOST);
	p->form_count = 0;
	for (unsigned choice = 0; choice < 1u << d.count; choice++) {
		if (choice_possible(&d, choice) &&
		    !forms_of_choice(p, &d, p->becomes ? &new : NULL, choice, e))
			return false;
	}
	p->forms = talloc_realloc(mem, p->forms, struct form, (unsigned)p->form_count);
	return true;
}
