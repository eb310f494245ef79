/*
 * insurer_check.c -- what no single example proves: pictures that contradict each other's examples, edges that lead nowhere
 * or in a circle, statements that nobody filled in.
 */
#include <string.h>

#include "base/text.h"
#include "normalizers/insurer_file.h"
#include "normalizers/key.h"

/* Does the other picture read the example as another number? Then the file says two things about one spelling. */
static bool example_agrees(const struct insurer *insurer, const struct picture *own,
			   const char *spelling, struct err *e)
{
	char mine[KEY_MOST + 1], theirs[KEY_MOST + 1];
	struct cleaned clean;

	clean_number(&clean, spelling, strlen(spelling));
	if (clean.state != CLEAN_OK || picture_read(own, &clean, mine) != READS_ONE)
		return true;
	for (size_t i = 0; i < insurer->picture_count; i++) {
		const struct picture *other = &insurer->pictures[i];

		if (other == own || !picture_lines_meet(own, other) ||
		    picture_read(other, &clean, theirs) != READS_ONE)
			continue;
		if (strcmp(mine, theirs) == 0 && own->means == other->means)
			continue;
		return err_set(e, ERR_SETUP,
			       "%s, line %d: picture \"%s\" reads the example \"%s\" as %s %s, "
			       "picture \"%s\" as %s %s",
			       insurer->path, picture_line(insurer, own, NULL, spelling),
			       own->drawing, spelling, picture_means_text(own->means), mine,
			       other->drawing, picture_means_text(other->means), theirs);
	}
	return true;
}

static bool pairs_agree(const struct insurer *insurer, const struct picture *p,
			const struct example_pair *pairs, size_t count, struct err *e)
{
	for (size_t i = 0; i < count; i++) {
		if (!example_agrees(insurer, p, pairs[i].left, e) ||
		    !example_agrees(insurer, p, pairs[i].right, e))
			return false;
	}
	return true;
}

bool insurer_examples_agree(const struct insurer *insurer, const struct examples *examples,
			    struct err *e)
{
	for (size_t i = 0; i < insurer->picture_count; i++) {
		const struct picture *p = &insurer->pictures[i];
		const struct examples *ex = &examples[i];

		if (!pairs_agree(insurer, p, ex->same, ex->same_count, e) ||
		    !pairs_agree(insurer, p, ex->reads, ex->reads_count, e) ||
		    !pairs_agree(insurer, p, ex->different, ex->different_count, e))
			return false;
	}
	return true;
}

struct problems {
	const struct insurers *all;
	char **sentence;
	size_t count;
	TALLOC_CTX *mem;
};

static void problem_at(struct problems *p, const struct insurer *in, int line, const char *sentence)
{
	p->sentence = talloc_realloc(p->mem, p->sentence, char *, (unsigned)p->count + 1);
	p->sentence[p->count++] =
		talloc_asprintf(p->mem, "%s, line %d: %s", in->path, line, sentence);
}

/* after, near: where the line is, as insurer_line() wants it. */
static void problem(struct problems *p, const struct insurer *in, const char *after,
		    const char *near, const char *sentence)
{
	problem_at(p, in, insurer_line(in->path, after, near), sentence);
}

static bool same_end(const char *a, const char *b)
{
	char left[NAME_SIZE], right[NAME_SIZE];

	insurer_name_fold(left, sizeof(left), a, strlen(a));
	insurer_name_fold(right, sizeof(right), b, strlen(b));
	return strcmp(left, right) == 0;
}

static const struct picture *picture_named(const struct insurer *in, const char *name)
{
	for (size_t i = 0; name && i < in->picture_count; i++) {
		if (text_equal(in->pictures[i].name, name))
			return &in->pictures[i];
	}
	return NULL;
}

/* Numbers are mapped by a picture with `becomes`, which has examples; the edge only names it. */
static void mapping_check(struct problems *p, const struct insurer *in, const struct successor *s)
{
	const struct picture *picture = picture_named(in, s->mapping);
	bool mapped = strcmp(s->number, "mapped") == 0;
	char *edge = talloc_asprintf(p->mem, "successor %s > %s", s->from, s->to);

	if (mapped && !s->mapping)
		problem(p, in, "successors", s->from,
			talloc_asprintf(p->mem,
					"%s is mapped, but has no mapping: the name of the picture "
					"of this file whose becomes: is the rule",
					edge));
	else if (mapped && !(picture && picture->becomes))
		problem(p, in, "successors", s->mapping,
			talloc_asprintf(p->mem,
					"%s: mapping \"%s\" names no picture of this file%s", edge,
					s->mapping, picture ? " with becomes:" : ""));
	if (mapped && insurers_find(p->all, s->from) != insurers_find(p->all, s->to))
		problem(p, in, "successors", s->from,
			talloc_asprintf(
				p->mem,
				"%s is mapped, but leads into another file: numbers are mapped within one; let "
				"both register numbers stand in it",
				edge));
	if (!mapped && s->mapping)
		problem(p, in, "successors", s->mapping,
			talloc_asprintf(p->mem, "%s has the mapping \"%s\", but number: is %s",
					edge, s->mapping, s->number));
	if (same_end(s->from, s->to) && !mapped && strcmp(s->number, "new") != 0)
		problem(p, in, "successors", s->from,
			talloc_asprintf(p->mem,
					"%s leads to itself, which only mapped or new numbers "
					"explain",
					edge));
}

/* Can one come from `at` to `goal` along edges? `left` bounds the walk. */
static bool reaches(const struct insurers *all, const char *at, const char *goal, size_t left)
{
	if (same_end(at, goal))
		return true;
	for (size_t i = 0; left && i < all->count; i++) {
		for (size_t k = 0; k < all->list[i]->successor_count; k++) {
			const struct successor *s = &all->list[i]->successors[k];

			if (same_end(s->from, at) && !same_end(s->from, s->to) &&
			    reaches(all, s->to, goal, left - 1))
				return true;
		}
	}
	return false;
}

#define CHAIN_MOST 8

static void edges_check(struct problems *p, const struct insurer *in)
{
	for (size_t i = 0; i < in->successor_count; i++) {
		const struct successor *s = &in->successors[i];

		const char *nobody = !insurers_find(p->all, s->from) ? s->from
				     : !insurers_find(p->all, s->to) ? s->to
								     : NULL;

		if (nobody)
			problem(p, in, "successors", s->from,
				talloc_asprintf(p->mem, "successor %s > %s: no file has %s",
						s->from, s->to, nobody));
		else if (!same_end(s->from, s->to) && reaches(p->all, s->to, s->from, CHAIN_MOST))
			problem(p, in, "successors", s->from,
				talloc_asprintf(p->mem, "successor %s > %s closes a circle",
						s->from, s->to));
		mapping_check(p, in, s);
	}
}

static void picture_check(struct problems *p, const struct insurer *in, const struct picture *pic)
{
	const char *lacks = NULL;

	if (!pic->shows_reads)
		lacks = "reads: (a spelling and its system form)";
	else if (!pic->shows_refused)
		lacks = "refused: (what it must not accept)";
	else if (!pic->shows_different && pic->means == MEANS_POLICY)
		lacks = "different: (two contracts)";
	if (lacks)
		problem_at(p, in, picture_line(in, pic, NULL, NULL),
			   talloc_asprintf(p->mem, "picture \"%s\" has no example under %s",
					   pic->drawing, lacks));
}

/* A spelling of what picture_overlap() draws. */
static void overlap_fill(char *example)
{
	static const char digits[] = "2345678901";
	size_t digit = 0;

	for (char *at = example; *at; at++) {
		if (*at == '+' && digits[digit % 10] == '0')
			digit++;
		if (*at == '#' || *at == '+')
			*at = digits[digit++ % 10];
		else if (*at == '@')
			*at = 'K';
	}
}

/* Pictures of one line that would read one spelling in two ways: then neither helps. */
static void overlaps_check(struct problems *p, const struct insurer *in, const struct picture *pic)
{
	char example[KEY_MOST + 1];

	for (const struct picture *a = in->pictures; a <= pic; a++) {
		if (!picture_lines_meet(a, pic) || !picture_overlap(a, pic, example))
			continue;
		overlap_fill(example);
		problem_at(p, in, picture_line(in, pic, NULL, NULL),
			   a == pic ? talloc_asprintf(p->mem,
						      "picture \"%s\" can read its own number in "
						      "two ways, e.g. %s",
						      pic->drawing, example)
				    : talloc_asprintf(p->mem,
						      "\"%s\" and \"%s\" read %s differently",
						      a->drawing, pic->drawing, example));
	}
}

/* As `insurers new` writes it: a statement without a source is a rumour. */
static void sources_check(struct problems *p, const struct insurer *in)
{
	bool open = in->group_source && strstr(in->group_source, SOURCE_UNSAID);

	for (size_t i = 0; i < in->carrier_count; i++)
		open |= strstr(in->carriers[i].source, SOURCE_UNSAID) != NULL;
	for (size_t i = 0; i < in->picture_count; i++)
		open |= strstr(in->pictures[i].source, SOURCE_UNSAID) != NULL;
	if (open)
		problem(p, in, NULL, SOURCE_UNSAID,
			"say in source: where you read it (the template's words still stand there)");
}

size_t insurers_problems(char ***sentences, const struct insurers *all, const struct insurer *only,
			 TALLOC_CTX *mem)
{
	struct problems p = { .all = all, .mem = mem };

	for (size_t i = 0; i < all->count; i++) {
		if (only && all->list[i] != only)
			continue;
		sources_check(&p, all->list[i]);
		edges_check(&p, all->list[i]);
		for (size_t k = 0; k < all->list[i]->picture_count; k++) {
			picture_check(&p, all->list[i], &all->list[i]->pictures[k]);
			overlaps_check(&p, all->list[i], &all->list[i]->pictures[k]);
		}
	}
	*sentences = p.sentence;
	return p.count;
}
