/*
 * picture_join.h -- what pictures leave out of the key, and whom that joins.
 *
 * A key is shorter than its spelling where a { } part is taken off and where `becomes` puts other constants in. A constant that
 * one picture takes off stands in all its numbers and tells none of them from another. A digit or letter that it takes off does,
 * and so does a constant that another picture of the issuer does not know: spellings that differ there alone get one key, be
 * they one contract or two. Only a pair of spellings that somebody wrote down as the same says which.
 */
#ifndef NORMALIZERS_PICTURE_JOIN_H
#define NORMALIZERS_PICTURE_JOIN_H

#include "normalizers/picture.h"

/* Two spellings made up from the drawings, unlike, and the one key of both. */
#define SPELLED_SIZE (2 * KEY_MOST + 2)
struct picture_join {
	char left[SPELLED_SIZE], right[SPELLED_SIZE], key[KEY_MOST + 1];
};

/* A place of a picture is named by how many # and @ of the number stand before it: 0 to KEY_MOST. */

/* Does the picture take a digit or a letter off at that place? Then *join is two of its spellings. */
bool picture_drops(struct picture_join *join, const struct picture *p, unsigned place);

/* Does the picture read both as one number, and take unlike digits or letters off there, of each at least one? */
bool picture_drops_between(const struct picture *p, unsigned place, const char *left,
			   const char *right);

/* What the picture takes off the spelling, all digits and letters of its # and @ in { }: "" if it takes none off. False: it does
 * not read it as one number. */
bool picture_dropped(char dropped[KEY_MOST + 1], const struct picture *p,
		     const struct cleaned *clean);

/* Do the two pictures of one issuer make one key of spellings of which each has constants that the other does not know? Lines
 * are not asked: keys are the issuer's. */
bool pictures_join(struct picture_join *join, const struct picture *a, const struct picture *b);

/* Are the spellings two such ones of one key, in this order or the other? */
bool pictures_join_between(const struct picture *a, const struct picture *b, const char *left,
			   const char *right);

#endif
