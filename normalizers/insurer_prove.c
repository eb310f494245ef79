/*
 * insurer_prove.c -- a file is as good as its examples: each must come out as it says.
 */
#include <string.h>

#include "normalizers/insurer_file.h"
#include "normalizers/key.h"

/* key: below which the example stands. */
static bool failed(const struct insurer *insurer, const struct picture *p, const char *key,
		   const char *example, const char *sentence, struct err *e)
{
	return err_set(e, ERR_SETUP, "%s, line %d: picture \"%s\", example \"%s\" %s",
		       insurer->path, picture_line(insurer, p, key, example), p->drawing, example,
		       sentence);
}

/* As which numbers the pictures read it, by the pictures' names. */
static char *read_as(const struct insurer *insurer, const char *spelling)
{
	char *text = talloc_asprintf(insurer, "\"%s\" reads as", spelling);
	size_t len = strlen(text);
	char canonical[KEY_MOST + 1];
	struct cleaned clean;

	clean_number(&clean, spelling, strlen(spelling));
	if (clean.state != CLEAN_OK)
		return talloc_asprintf_append(text, " nothing");
	for (size_t i = 0; i < insurer->picture_count; i++) {
		const struct picture *p = &insurer->pictures[i];
		enum picture_reading found = picture_read(p, &clean, canonical);

		if (found != READS_NOT)
			text = talloc_asprintf_append(
				text, "%s %s (%s)", text[len] ? "," : "",
				found == READS_ONE ? canonical : "several numbers", p->name);
	}
	return text[len] ? text : talloc_asprintf_append(text, " %s, by no picture", clean.text);
}

static const char *refusal(const struct insurer *insurer, const struct picture *p,
			   const char *spelling)
{
	char canonical[KEY_MOST + 1];
	struct cleaned clean;

	clean_number(&clean, spelling, strlen(spelling));
	if (clean.state == CLEAN_EMPTY)
		return "nothing is left without labels and separators";
	if (clean.state == CLEAN_MALFORMED)
		return clean.why_not;
	if (picture_read(p, &clean, canonical) == READS_SEVERAL)
		return "it has more than one reading";
	return picture_refusal(p, &clean, (TALLOC_CTX *)insurer);
}

static bool not_accepted(const struct insurer *insurer, const struct picture *p, const char *key,
			 const char *example, struct err *e)
{
	return failed(insurer, p, key, example,
		      talloc_asprintf(insurer, "is not accepted: %s", refusal(insurer, p, example)),
		      e);
}

static bool reads(const struct picture *p, const char *spelling, char *canonical)
{
	struct cleaned clean;

	clean_number(&clean, spelling, strlen(spelling));
	return clean.state == CLEAN_OK && picture_read(p, &clean, canonical) == READS_ONE;
}

/* Numbers that are no policy numbers have no key; their pictures are proved by themselves. */
static bool prove_same_alone(const struct insurer *insurer, const struct picture *p,
			     const struct example_pair *pair, struct err *e)
{
	char left[KEY_MOST + 1], right[KEY_MOST + 1];

	if (!reads(p, pair->left, left))
		return not_accepted(insurer, p, "same", pair->left, e);
	if (!reads(p, pair->right, right))
		return not_accepted(insurer, p, "same", pair->right, e);
	return strcmp(left, right) == 0 ||
	       failed(insurer, p, "same", pair->right, "reads differently", e);
}

static bool prove_pairs(const struct insurer *insurer, const struct picture *p,
			const struct example_pair *pairs, size_t count, enum comparison wanted,
			struct err *e)
{
	static const char *const keys[] = { [COMPARE_SAME] = "same",
					    [COMPARE_DIFFERENT] = "different",
					    [COMPARE_REVIEW] = "review" };
	char canonical[KEY_MOST + 1];

	for (size_t i = 0; i < count; i++) {
		const char *left = pairs[i].left, *right = pairs[i].right, *why;
		enum comparison verdict = numbers_compare(insurer, left, right, &why);

		if (verdict != wanted)
			return failed(insurer, p, keys[wanted], right,
				      talloc_asprintf(
					      insurer, "comes out as %s, not %s: %s; %s; %s",
					      comparison_text(verdict), comparison_text(wanted),
					      why, read_as(insurer, left), read_as(insurer, right)),
				      e);
		if (!reads(p, left, canonical) && !reads(p, right, canonical))
			return failed(insurer, p, keys[wanted], left,
				      "is not drawn by it, and its partner neither", e);
	}
	return true;
}

static bool prove_picture(const struct insurer *insurer, const struct picture *p,
			  const struct examples *ex, struct err *e)
{
	char canonical[KEY_MOST + 1];

	if (ex->same_count == 0)
		return err_set(e, ERR_SETUP,
			       "%s, line %d: picture \"%s\" has no example under same:",
			       insurer->path, picture_line(insurer, p, NULL, NULL), p->drawing);
	for (size_t i = 0; i < ex->reads_count; i++) {
		if (!reads(p, ex->reads[i].left, canonical))
			return not_accepted(insurer, p, "reads", ex->reads[i].left, e);
		if (strcmp(canonical, ex->reads[i].right) != 0)
			return failed(insurer, p, "reads", ex->reads[i].left,
				      talloc_asprintf(insurer, "reads as %s, not %s", canonical,
						      ex->reads[i].right),
				      e);
	}
	for (size_t i = 0; i < ex->refused_count; i++) {
		if (reads(p, ex->refused[i], canonical))
			return failed(insurer, p, "refused", ex->refused[i],
				      talloc_asprintf(insurer,
						      "should be refused and is read as %s",
						      canonical),
				      e);
	}
	for (size_t i = 0; p->means != MEANS_POLICY && i < ex->same_count; i++) {
		if (!prove_same_alone(insurer, p, &ex->same[i], e))
			return false;
	}
	if (p->means == MEANS_POLICY &&
	    !prove_pairs(insurer, p, ex->same, ex->same_count, COMPARE_SAME, e))
		return false;
	return prove_pairs(insurer, p, ex->different, ex->different_count, COMPARE_DIFFERENT, e) &&
	       prove_pairs(insurer, p, ex->review, ex->review_count, COMPARE_REVIEW, e);
}

bool insurer_prove(const struct insurer *insurer, const struct examples *examples, struct err *e)
{
	for (size_t i = 0; i < insurer->picture_count; i++) {
		if (!prove_picture(insurer, &insurer->pictures[i], &examples[i], e))
			return false;
	}
	return true;
}
