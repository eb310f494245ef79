/*
 * compare.c -- do two spellings name one contract? Sure in both directions or not at all: what would need a repair that no
 * picture licenses is for a person.
 */
#include <string.h>

#include "normalizers/key.h"
#include "normalizers/picture.h"

#define PART_LEAST 4 /* fewer characters in common at one end say nothing */

static const char why_equal[] = "the same letters and digits";

static const char *best_form(const struct reading *r)
{
	return r->state == KEY_PICTURED ? r->canonical : r->clean.text;
}

/* Letters that look like digits, as digits. */
static char look(char c)
{
	switch (c) {
	case 'O':
	case 'Q':
	case 'D':
		return '0';
	case 'I':
	case 'L':
		return '1';
	case 'Z':
		return '2';
	case 'S':
		return '5';
	case 'G':
		return '6';
	case 'B':
		return '8';
	default:
		return c;
	}
}

static bool look_alike(const char *a, const char *b)
{
	while (*a && *b && look(*a) == look(*b))
		a++, b++;
	return *a == *b;
}

static bool zeros_apart(const char *a, const char *b)
{
	while (*a == '0')
		a++;
	while (*b == '0')
		b++;
	return strcmp(a, b) == 0;
}

/* Is the shorter one the beginning or the end of the longer? */
static bool part_of(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > b_len)
		return part_of(b, a);
	return a_len >= PART_LEAST && a_len < b_len &&
	       (memcmp(a, b, a_len) == 0 || memcmp(a, b + b_len - a_len, a_len) == 0);
}

/* One character more or less, or two neighbours changed over: how people mistype. (Another digit at a place is not: numbers
 * are given out in runs.) */
static bool one_slip(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b), i = 0;

	if (a_len > b_len)
		return one_slip(b, a);
	while (i < a_len && a[i] == b[i])
		i++;
	if (b_len == a_len + 1)
		return strcmp(a + i, b + i + 1) == 0;
	return a_len == b_len && i + 1 < a_len && a[i] == b[i + 1] && a[i + 1] == b[i] &&
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
static const char *slip(const char *a, const char *b)
{
	if (look_alike(a, b))
		return "they differ only in letters that look like digits";
	if (zeros_apart(a, b))
		return "they differ only in leading zeros and no picture says that they may be dropped";
	if (one_slip(a, b))
		return "one character more or less or two changed over: looks mistyped";
	return NULL;
}

/* Two numbers that are unlike: would a slip explain it, as they are read or as they are spelled? */
static enum comparison unlike(const struct reading *l, const struct reading *r, const char **why)
{
	const char *a = best_form(l), *b = best_form(r);
	const char *a_plain = l->clean.text, *b_plain = r->clean.text;
	const char *explained;

	*why = "one number is the beginning or the end of the other";
	if (part_of(a, b) || part_of(a_plain, b_plain))
		return COMPARE_REVIEW;
	*why = "both are well-formed numbers and they differ";
	if (l->state == KEY_PICTURED && r->state == KEY_PICTURED)
		return COMPARE_DIFFERENT;
	explained = slip(a, b);
	if (!explained)
		explained = slip(a_plain, b_plain);
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

static enum kinship kinship_of(const struct insurers *all, const struct spelled *left,
			       const struct insurer *l, const struct spelled *right,
			       const struct insurer *r)
{
	char a[64], b[64];

	if (l && r)
		return insurers_kinship(all, l, r);
	insurer_name_fold(a, sizeof(a), left->vu, left->vu_len);
	insurer_name_fold(b, sizeof(b), right->vu, right->vu_len);
	if (!a[0] || !b[0])
		return KIN_UNKNOWN;
	return strcmp(a, b) == 0 ? KIN_SAME : KIN_OTHER;
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
	       memcmp(a->text, b->text, a->len) == 0 && !(issuer && issuer->other_numbers);
}

static bool same_text(const struct spelled *left, const struct spelled *right)
{
	return left->vu_len == right->vu_len && memcmp(left->vu, right->vu, left->vu_len) == 0;
}

enum comparison spellings_compare(const struct insurers *all, const struct spelled *left,
				  const struct spelled *right, const char **why)
{
	const struct insurer *l = insurers_find_text(all, left->vu, left->vu_len);
	const struct insurer *r =
		same_text(left, right) ? l : insurers_find_text(all, right->vu, right->vu_len);
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
