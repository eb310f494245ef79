/*
 * insurer_join.c -- a picture is no wider than its examples: what it leaves out of the key joins only those of whom the file
 * says that they are one.
 */
#include "normalizers/insurer_file.h"
#include "normalizers/picture_join.h"

typedef bool pair_says(const void *self, const char *left, const char *right);

/* Is there a pair under same: of any picture of the file that says it? */
static bool said(const struct insurer *insurer, const struct examples *examples, pair_says *says,
		 const void *self)
{
	for (size_t i = 0; i < insurer->picture_count; i++) {
		for (size_t k = 0; k < examples[i].same_count; k++) {
			const struct example_pair *pair = &examples[i].same[k];

			if (says(self, pair->left, pair->right))
				return true;
		}
	}
	return false;
}

static bool joined(const struct insurer *insurer, const struct picture *p,
		   const struct picture_join *join, struct err *e)
{
	return err_set(e, ERR_SETUP,
		       "%s, line %d: \"%s\" and \"%s\" both become %s; if that is meant, say so "
		       "under same:, else draw the part outside { }",
		       insurer->path, picture_line(insurer, p, NULL, NULL), join->left, join->right,
		       join->key);
}

struct drop {
	const struct picture *picture;
	unsigned place;
};

static bool drop_said(const void *self, const char *left, const char *right)
{
	const struct drop *drop = self;

	return picture_drops_between(drop->picture, drop->place, left, right);
}

static bool alone(const struct insurer *insurer, const struct examples *examples,
		  const struct picture *p, struct err *e)
{
	struct picture_join join;

	for (unsigned place = 0; place <= KEY_MOST; place++) {
		if (picture_drops(&join, p, place) &&
		    !said(insurer, examples, drop_said, &(struct drop){ p, place }))
			return joined(insurer, p, &join, e);
	}
	return true;
}

struct couple {
	const struct picture *a, *b;
};

static bool couple_said(const void *self, const char *left, const char *right)
{
	const struct couple *couple = self;

	return pictures_join_between(couple->a, couple->b, left, right);
}

static bool together(const struct insurer *insurer, const struct examples *examples,
		     const struct picture *earlier, const struct picture *p, struct err *e)
{
	struct picture_join join;

	if (earlier->means != MEANS_POLICY || !pictures_join(&join, earlier, p) ||
	    said(insurer, examples, couple_said, &(struct couple){ earlier, p }))
		return true;
	return joined(insurer, p, &join, e);
}

bool insurer_joins_nobody(const struct insurer *insurer, const struct examples *examples,
			  struct err *e)
{
	for (size_t i = 0; i < insurer->picture_count; i++) {
		const struct picture *p = &insurer->pictures[i];

		if (p->means != MEANS_POLICY)
			continue; /* never a key */
		if (!alone(insurer, examples, p, e))
			return false;
		for (size_t k = 0; k < i; k++) {
			if (!together(insurer, examples, &insurer->pictures[k], p, e))
				return false;
		}
	}
	return true;
}
