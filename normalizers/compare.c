/*
 * compare.c -- do two spellings name one contract? Sure in both directions or not at all: what would need a repair that no
 * picture licenses is for a person.
 */
#include <string.h>

#include "normalizers/key.h"
#include "normalizers/picture.h"

#define PART_LEAST 4 /* fewer characters in common at one end say nothing */

static const char why_equal[] = "the same letters and digits";

struct form_text {
	const char *text; /* with a NUL behind it */
	size_t len;
};

static const char *best_form(const struct reading *r)
{
	return r->state == KEY_PICTURED ? r->canonical : r->clean.text;
}

static struct form_text best_text(const struct reading *r)
{
	if (r->state == KEY_PICTURED)
		return (struct form_text){ r->canonical, strlen(r->canonical) };
	return (struct form_text){ r->clean.text, r->clean.len };
}

static struct form_text plain_text(const struct reading *r)
{
	return (struct form_text){ r->clean.text, r->clean.len };
}

/* Letters that look like digits, as digits; all others are not listed. */
static const char look_of[256] = {
	['O'] = '0', ['Q'] = '0', ['D'] = '0', ['I'] = '1', ['L'] = '1',
	['Z'] = '2', ['S'] = '5', ['G'] = '6', ['B'] = '8',
};

static char look(char c)
{
	char digit = look_of[(unsigned char)c];

	return digit ? digit : c;
}

static bool look_alike(const struct form_text *a, const struct form_text *b)
{
	if (a->len != b->len)
		return false;
	for (size_t i = 0; i < a->len; i++) {
		if (a->text[i] != b->text[i] && look(a->text[i]) != look(b->text[i]))
			return false;
	}
	return true;
}

static bool zeros_apart(const struct form_text *l, const struct form_text *r)
{
	const char *a = l->text, *b = r->text;

	while (*a == '0')
		a++;
	while (*b == '0')
		b++;
	return strcmp(a, b) == 0;
}

/* Is the shorter one the beginning or the end of the longer? */
static bool part_of(const struct form_text *a, const struct form_text *b)
{
	if (a->len > b->len)
		return part_of(b, a);
	return a->len >= PART_LEAST && a->len < b->len &&
	       (memcmp(a->text, b->text, a->len) == 0 ||
		memcmp(a->text, b->text + b->len - a->len, a->len) == 0);
}

/* One character more or less, or two neighbours changed over: how people mistype. (Another digit at a place is not: numbers
 * are given out in runs.) */
static bool one_slip(const struct form_text *l, const struct form_text *r)
{
	const char *a = l->text, *b = r->text;
	size_t i = 0;

	if (l->len > r->len)
		return one_slip(r, l);
	if (r->len > l->len + 1)
		return false;
	while (i < l->len && a[i] == b[i])
		i++;
	if (r->len == l->len + 1)
		return strcmp(a + i, b + i + 1) == 0;
	return i + 1 < l->len && a[i] == b[i + 1] && a[i + 1] == b[i] &&
	       strcmp(a + i + 2, b + i + 2) == 0;
}

static bool one_allows_other(const struct insurer *issuer, const struct reading *open,
			     const struct reading *sure)
{
	if (!issuer || open->state != KEY_AMBIGUOUS)
		return false;
	for (size_t i = 0; i < issuer->picture_count; i++) {
		if (picture_allows(&issuer->pictures[i], &open->clean, best_form(sure)))
			return true;
	}
	return false;
}

/* What explains two unlike forms by a slip of the pen; NULL: nothing. */
static const char *slip(const struct form_text *a, const struct form_text *b)
{
	if (look_alike(a, b))
		return "they differ only in letters that look like digits";
	if (a->len != b->len && zeros_apart(a, b))
		return "they differ only in leading zeros and no picture says that they may be dropped";
	if (one_slip(a, b))
		return "one character more or less or two changed over: looks mistyped";
	return NULL;
}

/* Two numbers that are unlike: would a slip explain it, as they are read or as they are spelled? */
static enum comparison unlike(const struct reading *l, const struct reading *r, const char **why)
{
	const struct form_text a = best_text(l), b = best_text(r);
	const struct form_text a_plain = plain_text(l), b_plain = plain_text(r);
	bool pictured = l->state == KEY_PICTURED || r->state == KEY_PICTURED;
	const char *explained;

	*why = "one number is the beginning or the end of the other";
	if (part_of(&a, &b) || (pictured && part_of(&a_plain, &b_plain)))
		return COMPARE_REVIEW;
	*why = "both are well-formed numbers and they differ";
	if (l->state == KEY_PICTURED && r->state == KEY_PICTURED)
		return COMPARE_DIFFERENT;
	explained = slip(&a, &b);
	if (!explained && pictured)
		explained = slip(&a_plain, &b_plain);
	*why = explained ? explained : "the numbers differ";
	return explained ? COMPARE_REVIEW : COMPARE_DIFFERENT;
}

static enum comparison unreadable(const struct reading *l, const struct reading *r,
				  const char **why)
{
	const struct reading *bad = l->state == KEY_MALFORMED ? l : r;

	if (bad->state != KEY_MALFORMED) {
		*why = "a side holds no number";
		return COMPARE_REVIEW;
	}
	*why = "a side is another number of the insurer and not a policy number";
	if ((l->state == KEY_MALFORMED && l->picture) || (r->state == KEY_MALFORMED && r->picture))
		return COMPARE_DIFFERENT;
	*why = "a side cannot be read as a policy number";
	return COMPARE_REVIEW;
}

static bool readable(const struct reading *r)
{
	return r->state != KEY_EMPTY && r->state != KEY_MALFORMED;
}

static enum comparison readings_compare(const struct insurer *left, const struct reading *l,
					const struct insurer *right, const struct reading *r,
					const char **why)
{
	if (!readable(l) || !readable(r))
		return unreadable(l, r, why);
	*why = "a side is a placeholder and stands for no contract";
	if (number_is_placeholder(l->clean.text) || number_is_placeholder(r->clean.text))
		return COMPARE_REVIEW;
	*why = why_equal;
	if (strcmp(l->clean.text, r->clean.text) == 0)
		return COMPARE_SAME;
	*why = "one number in two spellings that its picture allows";
	if (l->state == KEY_PICTURED && r->state == KEY_PICTURED &&
	    strcmp(l->canonical, r->canonical) == 0)
		return COMPARE_SAME;
	*why = "a side can be read in several ways and one of them fits";
	if (one_allows_other(left, l, r) || one_allows_other(right, r, l))
		return COMPARE_REVIEW;
	return unlike(l, r, why);
}

/* A number that moved with its contract must look like one on both sides, as far as pictures are known. */
static bool fits_issuer(const struct insurer *issuer, const struct reading *r)
{
	return issuer->picture_count == 0 || r->state == KEY_PICTURED;
}

static bool same_vu(const struct spelled *left, const struct spelled *right)
{
	return left->vu_len == right->vu_len && memcmp(left->vu, right->vu, left->vu_len) == 0;
}

static enum kinship kinship_of_names(const struct spelled *left, const struct spelled *right)
{
	char a[64], b[64];

	insurer_name_fold(a, sizeof(a), left->vu, left->vu_len);
	insurer_name_fold(b, sizeof(b), right->vu, right->vu_len);
	if (!a[0] || !b[0])
		return KIN_UNKNOWN;
	return strcmp(a, b) == 0 ? KIN_SAME : KIN_OTHER;
}

static enum kinship kinship_of(const struct insurers *all, const struct spelled *left,
			       const struct insurer *l, const struct spelled *right,
			       const struct insurer *r)
{
	if (l && r)
		return insurers_kinship(all, l, r);
	/* One spelling folds to one name; only blanks and NUL at its front could make that no name. */
	if (left->vu_len && (unsigned char)left->vu[0] > ' ' && same_vu(left, right))
		return KIN_SAME;
	return kinship_of_names(left, right);
}

static enum comparison by_kinship(enum kinship kin, enum comparison verdict, bool fits,
				  const char **why)
{
	switch (kin) {
	case KIN_SAME:
		return verdict;
	case KIN_KEPT:
		if (verdict != COMPARE_SAME || fits)
			return verdict;
		*why = "equal along a successor edge but not a number that both issuers give out";
		return COMPARE_REVIEW;
	case KIN_UNSURE:
		if (verdict == COMPARE_DIFFERENT)
			return verdict;
		*why = "a successor edge joins the insurers but nobody says whether numbers were kept";
		return COMPARE_REVIEW;
	case KIN_RENUMBERED:
		*why = "the successor gave new numbers";
		return COMPARE_DIFFERENT;
	case KIN_OTHER:
		*why = "numbers of two issuers";
		return COMPARE_DIFFERENT;
	case KIN_UNKNOWN:
		if (verdict == COMPARE_DIFFERENT)
			return verdict;
		*why = "a side names no insurer";
		return COMPARE_REVIEW;
	}
	return COMPARE_REVIEW;
}

/* Most pairs end here: equal forms of one issuer need no picture, unless one could say that they are no policy numbers. */
static bool plainly_same(const struct insurer *issuer, const struct cleaned *a,
			 const struct cleaned *b)
{
	return a->state == CLEAN_OK && b->state == CLEAN_OK && a->len == b->len &&
	       memcmp(a->text, b->text, a->len) == 0 && !number_is_placeholder(a->text) &&
	       !(issuer && issuer->other_numbers);
}

enum comparison issued_compare(const struct insurers *all, const struct insurer *l,
			       const struct spelled *left, const struct insurer *r,
			       const struct spelled *right, const char **why)
{
	enum kinship kin = kinship_of(all, left, l, right, r);
	struct reading a, b;
	enum comparison verdict;

	if (kin == KIN_OTHER || kin == KIN_RENUMBERED)
		return by_kinship(kin, COMPARE_DIFFERENT, false, why);
	clean_number(&a.clean, left->number, left->number_len);
	clean_number(&b.clean, right->number, right->number_len);
	*why = why_equal;
	if (kin == KIN_SAME && plainly_same(l, &a.clean, &b.clean))
		return COMPARE_SAME;
	key_judge(&a, l, NULL);
	key_judge(&b, r, NULL);
	verdict = readings_compare(l, &a, r, &b, why);
	return by_kinship(kin, verdict, l && r && fits_issuer(l, &a) && fits_issuer(r, &b), why);
}

enum comparison spellings_compare(const struct insurers *all, const struct spelled *left,
				  const struct spelled *right, const char **why)
{
	const struct insurer *l = insurers_find_text(all, left->vu, left->vu_len), *r = l;

	if (!same_vu(left, right))
		r = insurers_find_text(all, right->vu, right->vu_len);
	return issued_compare(all, l, left, r, right, why);
}

enum comparison key_compare(const struct insurers *all, const char *left_vu, const char *left,
			    const char *right_vu, const char *right, char **why, TALLOC_CTX *mem)
{
	const struct spelled l = { left_vu, strlen(left_vu), left, strlen(left) };
	const struct spelled r = { right_vu, strlen(right_vu), right, strlen(right) };
	const char *sentence = NULL;
	enum comparison verdict = spellings_compare(all, &l, &r, &sentence);

	*why = talloc_strdup(mem, sentence);
	return verdict;
}

enum comparison numbers_compare(const struct insurer *issuer, const char *left, const char *right,
				const char **why)
{
	struct reading l, r;

	key_read(&l, issuer, NULL, left, strlen(left));
	key_read(&r, issuer, NULL, right, strlen(right));
	return readings_compare(issuer, &l, issuer, &r, why);
}

const char *comparison_text(enum comparison verdict)
{
	static const char *const text[] = { "same", "different", "review" };

	return text[verdict];
}
