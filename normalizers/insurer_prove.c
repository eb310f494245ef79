/*
 * insurer_prove.c -- a file is as good as its examples: each must come out as it says.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "normalizers/insurer_file.h"
#include "normalizers/key.h"

/* The text as a word of its own: the example 123 is not found in 1234. */
static bool holds(const char *line, const char *text)
{
	size_t len = strlen(text);

	for (const char *at = strstr(line, text); at && len; at = strstr(at + 1, text)) {
		bool begins = at == line || !isalnum((unsigned char)at[-1]) ||
			      !isalnum((unsigned char)*text);

		if (begins &&
		    !(isalnum((unsigned char)at[len]) && isalnum((unsigned char)at[len - 1])))
			return true;
	}
	return false;
}

int insurer_line(const char *path, const char *after, const char *text)
{
	FILE *in = fopen(path, "re");
	bool armed = after == NULL;
	char *line = NULL;
	size_t size = 0;
	int number = 0, found = 1;

	while (in && getline(&line, &size, in) >= 0) {
		number++;
		armed = armed || (after && strstr(line, after));
		if (armed && holds(line, text)) {
			found = number;
			break;
		}
	}
	free(line);
	if (in)
		fclose(in);
	return found;
}

static bool failed(const struct insurer *insurer, const struct picture *p, const char *example,
		   const char *sentence, struct err *e)
{
	return err_set(e, ERR_SETUP, "%s, line %d: picture \"%s\", example \"%s\" %s",
		       insurer->path, insurer_line(insurer->path, p->drawing, example), p->drawing,
		       example, sentence);
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
		return failed(insurer, p, pair->left, "is not accepted", e);
	if (!reads(p, pair->right, right))
		return failed(insurer, p, pair->right, "is not accepted", e);
	return strcmp(left, right) == 0 || failed(insurer, p, pair->right, "reads differently", e);
}

static bool prove_pairs(const struct insurer *insurer, const struct picture *p,
			const struct example_pair *pairs, size_t count, enum comparison wanted,
			struct err *e)
{
	char canonical[KEY_MOST + 1], sentence[200];

	for (size_t i = 0; i < count; i++) {
		const char *left = pairs[i].left, *right = pairs[i].right, *why;
		enum comparison verdict = numbers_compare(insurer, left, right, &why);

		snprintf(sentence, sizeof(sentence), "comes out as %s, not %s: %s",
			 comparison_text(verdict), comparison_text(wanted), why);
		if (verdict != wanted)
			return failed(insurer, p, right, sentence, e);
		if (!reads(p, left, canonical) && !reads(p, right, canonical))
			return failed(insurer, p, left,
				      "is not drawn by it, and its partner neither", e);
	}
	return true;
}

static bool prove_picture(const struct insurer *insurer, const struct picture *p,
			  const struct examples *ex, struct err *e)
{
	char canonical[KEY_MOST + 1];

	if (ex->same_count == 0)
		return err_set(
			e, ERR_SETUP,
			"%s, line %d: picture \"%s\" has no example under same:", insurer->path,
			insurer_line(insurer->path, NULL, p->drawing), p->drawing);
	for (size_t i = 0; i < ex->reads_count; i++) {
		if (!reads(p, ex->reads[i].left, canonical))
			return failed(insurer, p, ex->reads[i].left, "is not accepted", e);
		if (strcmp(canonical, ex->reads[i].right) != 0)
			return failed(insurer, p, ex->reads[i].left,
				      talloc_asprintf(insurer, "reads as %s, not %s", canonical,
						      ex->reads[i].right),
				      e);
	}
	for (size_t i = 0; i < ex->refused_count; i++) {
		if (reads(p, ex->refused[i], canonical))
			return failed(insurer, p, ex->refused[i],
				      "should be refused and is accepted", e);
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
