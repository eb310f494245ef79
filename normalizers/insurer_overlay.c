/*
 * insurer_overlay.c -- pictures that somebody added to an insurer's file without touching it: `adds: pictures`.
 */
#include <string.h>

#include "base/text.h"
#include "normalizers/insurer_file.h"
#include "normalizers/learned.h"

static struct insurer *insurer_of(const struct insurers *all, const char *issuer)
{
	for (size_t i = 0; i < all->count; i++) {
		if (text_equal(all->list[i]->issuer, issuer))
			return all->list[i];
	}
	return NULL;
}

static void pictures_append(struct insurer *insurer, const struct insurer *overlay)
{
	size_t count = insurer->picture_count + overlay->picture_count;

	insurer->pictures =
		talloc_realloc(insurer, insurer->pictures, struct picture, (unsigned)count);
	insurer->examples =
		talloc_realloc(insurer, insurer->examples, struct examples, (unsigned)count);
	for (size_t i = 0; i < overlay->picture_count; i++) {
		size_t at = insurer->picture_count++;

		insurer->pictures[at] = overlay->pictures[i];
		insurer->pictures[at].learned = true;
		insurer->examples[at] = overlay->examples[i];
	}
	insurer->other_numbers |= overlay->other_numbers;
}

bool insurers_try_picture(struct insurers *all, const char *issuer, const struct picture *picture)
{
	struct insurer *insurer = insurer_of(all, issuer);
	struct examples none = { 0 };
	struct insurer overlay = { .pictures = (struct picture *)picture,
				   .picture_count = 1,
				   .examples = &none };

	if (insurer)
		pictures_append(insurer, &overlay);
	return insurer != NULL;
}

bool insurer_add_pictures(struct insurers *all, struct insurer *overlay, struct err *e)
{
	struct insurer *insurer = insurer_of(all, overlay->issuer);
	struct err why = { 0 };

	if (!insurer)
		return err_set(e, ERR_SETUP,
			       "%s adds pictures to %s, which has no file in the folders before it",
			       overlay->path, overlay->issuer);
	talloc_steal(insurer, overlay);
	pictures_append(insurer, overlay);
	if (insurer_prove(insurer, insurer->examples, &why) &&
	    insurer_examples_agree(insurer, insurer->examples, &why) &&
	    insurer_joins_nobody(insurer, insurer->examples, &why))
		return true;
	return err_set(e, ERR_SETUP, "with the pictures of %s: %s", overlay->path, why.text);
}
