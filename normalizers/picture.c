#include "normalizers/picture.h"

#include <string.h>

static bool cell_fits(char cell, char c)
{
	switch (cell) {
	case '#':
		return c >= '0' && c <= '9';
	case '+':
		return c >= '1' && c <= '9';
	case '@':
		return c >= 'A' && c <= 'Z';
	default:
		return cell == c;
	}
}

static bool form_fits(const struct form *form, const struct cleaned *clean)
{
	if (form->len != clean->len || (form->gaps & ~clean->gaps))
		return false;
	for (unsigned i = 0; i < form->len; i++) {
		if (!cell_fits(form->cell[i], clean->text[i]))
			return false;
	}
	return true;
}

static void form_write(const struct form *form, const char *text, char *canonical)
{
	for (unsigned i = 0; i < form->out_len; i++) {
		unsigned char from = form->out[i];

		canonical[i] = from & FORM_INPUT ? text[from & 0x7f] : (char)from;
	}
	canonical[form->out_len] = '\0';
}

enum picture_reading picture_read(const struct picture *p, const struct cleaned *clean,
				  char *canonical)
{
	enum picture_reading found = READS_NOT;
	char other[KEY_MOST + 1] = "";

	for (size_t i = 0; i < p->form_count; i++) {
		if (!form_fits(&p->forms[i], clean))
			continue;
		form_write(&p->forms[i], clean->text, found == READS_NOT ? canonical : other);
		if (found != READS_NOT && strcmp(canonical, other) != 0)
			return READS_SEVERAL;
		found = READS_ONE;
	}
	return found;
}

bool picture_allows(const struct picture *p, const struct cleaned *clean, const char *canonical)
{
	char form[KEY_MOST + 1];

	for (size_t i = 0; i < p->form_count; i++) {
		if (!form_fits(&p->forms[i], clean))
			continue;
		form_write(&p->forms[i], clean->text, form);
		if (strcmp(form, canonical) == 0)
			return true;
	}
	return false;
}

/* "050" is the block's name and stands for 050-059; any other code stands for itself (and meets its block). */
static bool lines_equal(const char *a, const char *b)
{
	if (strlen(a) != 3 || strlen(b) != 3)
		return strcmp(a, b) == 0;
	return memcmp(a, b, 2) == 0 && (a[2] == b[2] || a[2] == '0' || b[2] == '0');
}

bool picture_for_line(const struct picture *p, const char *line)
{
	if (!line || !line[0] || p->line_count == 0 || strcmp(line, "000") == 0)
		return true;
	for (size_t i = 0; i < p->line_count; i++) {
		if (lines_equal(p->lines[i], line))
			return true;
	}
	return false;
}

bool picture_lines_meet(const struct picture *a, const struct picture *b)
{
	if (a->line_count == 0)
		return true;
	for (size_t i = 0; i < a->line_count; i++) {
		if (picture_for_line(b, a->lines[i]))
			return true;
	}
	return false;
}

static const char *cell_wanted(char cell)
{
	switch (cell) {
	case '#':
		return "a digit";
	case '+':
		return "a digit other than 0";
	default:
		return "a letter";
	}
}

/* The first place where a form of the right length refuses. */
static char *form_refusal(const struct form *form, const struct cleaned *clean, TALLOC_CTX *mem)
{
	for (unsigned i = 0; i < form->len; i++) {
		char cell = form->cell[i], c = clean->text[i];

		if (cell_fits(cell, c))
			continue;
		if (strchr("#+@", cell))
			return talloc_asprintf(mem, "place %u is %c, the picture wants %s", i + 1,
					       c, cell_wanted(cell));
		return talloc_asprintf(mem, "place %u is %c, the picture wants %c", i + 1, c, cell);
	}
	return talloc_strdup(mem, "the part that does not belong to the number is not set apart");
}

static char *lengths_text(const struct picture *p, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "");
	uint64_t seen = 0;

	for (size_t i = 0; i < p->form_count; i++)
		seen |= UINT64_C(1) << p->forms[i].len;
	for (unsigned len = 1; len <= KEY_MOST; len++) {
		if (seen & (UINT64_C(1) << len))
			text = talloc_asprintf_append(text, "%s%u", text[0] ? ", " : "", len);
	}
	return text;
}

char *picture_refusal(const struct picture *p, const struct cleaned *clean, TALLOC_CTX *mem)
{
	for (size_t i = 0; i < p->form_count; i++) {
		if (p->forms[i].len == clean->len)
			return form_refusal(&p->forms[i], clean, mem);
	}
	return talloc_asprintf(mem, "%u characters, the picture has %s", clean->len,
			       lengths_text(p, mem));
}

/* The narrower of two cells, '\0' if no character fits both. */
static char cells_meet(char a, char b)
{
	if (a == b)
		return a;
	if (strchr("#+@", a)) {
		if (!strchr("#+@", b))
			return cell_fits(a, b) ? b : '\0';
		return (a == '#' && b == '+') || (a == '+' && b == '#') ? '+' : '\0';
	}
	return strchr("#+@", b) && cell_fits(b, a) ? a : '\0';
}

/* What stands at place i of the canonical form: a character, or a wildcard's index. */
static unsigned canonical_at(const struct form *form, unsigned i, const char *meet)
{
	unsigned char from = form->out[i];
	unsigned char c;

	if (!(from & FORM_INPUT))
		return from;
	c = (unsigned char)meet[from & 0x7f];
	return strchr("#+@", c) ? from : c;
}

static bool forms_overlap(const struct form *a, const struct form *b, char *meet)
{
	if (a->len != b->len)
		return false;
	for (unsigned i = 0; i < a->len; i++) {
		meet[i] = cells_meet(a->cell[i], b->cell[i]);
		if (!meet[i])
			return false;
	}
	meet[a->len] = '\0';
	if (a->out_len != b->out_len)
		return true;
	for (unsigned i = 0; i < a->out_len; i++) {
		if (canonical_at(a, i, meet) != canonical_at(b, i, meet))
			return true;
	}
	return false;
}

bool picture_overlap(const struct picture *a, const struct picture *b, char *example)
{
	for (size_t i = 0; i < a->form_count; i++) {
		for (size_t k = 0; k < b->form_count; k++) {
			if (forms_overlap(&a->forms[i], &b->forms[k], example))
				return true;
		}
	}
	return false;
}

const char *picture_means_text(enum picture_means means)
{
	static const char *const text[] = { "policy number", "customer number", "invoice number",
					    "claim number" };

	return text[means];
}
