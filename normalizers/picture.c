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
	if (form->len != clean->len || (form->gaps & ~clean->gaps) || (form->joints & clean->gaps))
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

/* One more character; a bracket opens or closes where the kind of part changes. now: 0, '[' or '{'. */
static char *part_add(char *out, char *open, char now, char c)
{
	if (*open != now) {
		if (*open)
			out = talloc_strdup_append(out, *open == '[' ? "]" : "}");
		if (now)
			out = talloc_strndup_append(out, &now, 1);
		*open = now;
	}
	return c ? talloc_strndup_append(out, &c, 1) : out;
}

static char *form_parts(const struct form *form, const char *text, TALLOC_CTX *mem)
{
	char *out = talloc_strdup(mem, ""), open = 0;
	unsigned at = 0; /* of the spelling */

	for (unsigned i = 0; i < form->out_len; i++) {
		unsigned char from = form->out[i];

		if (!(from & FORM_INPUT)) {
			out = part_add(out, &open, '[', (char)from);
			continue;
		}
		while (at < (from & 0x7fu))
			out = part_add(out, &open, '{', text[at++]);
		out = part_add(out, &open, 0, text[at++]);
	}
	while (at < form->len)
		out = part_add(out, &open, '{', text[at++]);
	return part_add(out, &open, 0, '\0');
}

char *picture_parts(const struct picture *p, const struct cleaned *clean, TALLOC_CTX *mem)
{
	char canonical[KEY_MOST + 1];

	if (picture_read(p, clean, canonical) != READS_ONE)
		return NULL;
	for (size_t i = 0; i < p->form_count; i++) {
		if (form_fits(&p->forms[i], clean))
			return form_parts(&p->forms[i], clean->text, mem);
	}
	return NULL;
}

bool picture_form_reads(const struct form *form, const struct cleaned *clean, const char *canonical)
{
	char own[KEY_MOST + 1];

	if (!form_fits(form, clean))
		return false;
	form_write(form, clean->text, own);
	return strcmp(own, canonical) == 0;
}

bool picture_allows(const struct picture *p, const struct cleaned *clean, const char *canonical)
{
	for (size_t i = 0; i < p->form_count; i++) {
		if (picture_form_reads(&p->forms[i], clean, canonical))
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
	if (form->joints & clean->gaps)
		return talloc_strdup(mem, "what is set apart may not belong to the number");
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

char picture_cells_meet(char a, char b)
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
		meet[i] = picture_cells_meet(a->cell[i], b->cell[i]);
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
