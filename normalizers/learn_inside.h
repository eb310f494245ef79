/*
 * learn_inside.h -- inside the room: the parts of the learner.
 *
 *	learn.c        the stock, and from shapes and liberties to proposals
 *	learn_shape.c  which shapes the own numbers of a line have
 *	learn_liberty.c  which liberties its spellings show, and which may be licensed
 *	learn_pair.c   by what liberty a spelling stands for a number
 *	learn_draw.c   a shape and its liberties as a drawing
 *	learn_judge.c  what a drawing does to the whole stock
 *	learn_drop.c   whether what it takes off tells contracts apart
 */
#ifndef NORMALIZERS_LEARN_INSIDE_H
#define NORMALIZERS_LEARN_INSIDE_H

#include "normalizers/clean.h"
#include "normalizers/learn.h"

#define PART_MOST                                                                                  \
	6 /* characters of a constant that is left out, or of a part that does not belong */
#define STAYS_LEAST    5 /* characters that a spelling must have in common with its number */
#define LIBERTIES_MOST 3 /* drawn in one picture */
#define LINE_SIZE      4

/* Texts lie behind one another in the arena: id, own number as written, each spelling. */
struct entry {
	size_t at;
	unsigned spellings, asked; /* the first so many of them a person asked for */
	char block[LINE_SIZE];     /* "050" for 050-059, "" unknown */
	char own[KEY_MOST + 1];    /* clean */
};

struct learner {
	const struct insurer *issuer;
	size_t support;
	char *arena;
	size_t used, size;
	struct entry *entries;
	size_t count;
};

static inline const char *entry_id(const struct learner *l, const struct entry *entry)
{
	return l->arena + entry->at;
}

/* The own number as written, and then spelling by spelling: `text += strlen(text) + 1`, entry->spellings times. */
const char *entry_number(const struct learner *l, const struct entry *entry);

/* ---- shapes ---- */

struct shape {
	char block[LINE_SIZE];
	char cell[KEY_MOST + 1];      /* # @ or a letter that all have */
	const struct entry **members; /* sorted by number */
	size_t count, distinct;       /* entries, distinct numbers */
	struct liberty *liberties;    /* chosen, most frequent first */
	size_t liberty_count;
	size_t differing,
		unexplained; /* numbers with a spelling that is news; with one that nothing explains */
};

struct shapes {
	struct shape *items;
	size_t count;
	size_t *block_distinct; /* parallel: distinct numbers of the shape's block */
};

struct shapes shapes_of(const struct learner *l, TALLOC_CTX *mem);

/* '#' for a digit, '@' for a letter */
static inline char class_of(char c)
{
	return c >= '0' && c <= '9' ? '#' : '@';
}

bool same_mask(const char *a, const char *b);

/* ---- liberties ---- */

enum liberty_kind { LIBERTY_ZEROS, LIBERTY_LOST, LIBERTY_EXTRA };

/* LOST: the characters `what` at place `at` of the number are left out. EXTRA: a part drawn as `what` (# and letters) stands before
 * place `at`, which is the number's length for a tail. Compared byte by byte: zero what is not used. */
struct liberty {
	unsigned char kind, at;
	char what[PART_MOST + 2];
	char apart;     /* EXTRA: the separator that sets it apart, '\0' if none */
	size_t numbers; /* that show it, 0 while it is looked for */
	bool asked;     /* a person asked for one of them */
};

struct explained {
	struct liberty items[LIBERTIES_MOST];
	size_t count;
};

/* How the other spelling stands for the own number; false: nothing that a picture could license explains it. */
bool pair_explain(struct explained *explained, const char *own, const struct cleaned *other);

/* Is the text a spelling of the contract that is unlike its number and that the issuer's pictures do not bring there? clean is filled. */
bool spelling_is_news(const struct learner *l, const struct entry *entry, const char *text,
		      struct cleaned *clean);

/* The liberties that enough numbers of the shape show, most frequent first. */
void shape_liberties(const struct learner *l, struct shape *shape, TALLOC_CTX *mem);

/* Take away the constants that have a rival: the same number with another constant exists, or could. */
void rivals_drop(const struct learner *l, struct shapes *shapes, TALLOC_CTX *mem);

/* ---- judging ---- */

/* How often two contracts of the stock have one number and spellings that are unlike only in the digits which the picture takes
 * off. */
size_t drops_tell_apart(const struct learner *l, const struct picture *p);

/* ---- drawing ---- */

/* What stands before each character of the number in most printed forms: '\0' or a separator. */
void shape_separators(char separators[KEY_MOST + 1], const struct learner *l,
		      const struct shape *shape);

/* The drawing; child of mem. drops tells whether leading zeros may be lost. */
char *shape_draw(const struct shape *shape, const char *separators, const struct liberty *liberties,
		 size_t count, bool *drops, TALLOC_CTX *mem);

#endif
