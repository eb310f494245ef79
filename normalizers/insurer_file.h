/*
 * insurer_file.h -- inside the room: the loaded files and their index of names.
 */
#ifndef NORMALIZERS_INSURER_FILE_H
#define NORMALIZERS_INSURER_FILE_H

#include "normalizers/insurer.h"
#include "normalizers/picture.h"

#define NAME_SIZE 96 /* of a folded name */

struct name_slot {
	char *name; /* folded; NULL: empty */
	size_t len;
	const struct insurer *insurer;
};

struct insurers {
	struct insurer **list; /* sorted by issuer */
	size_t count;
	struct name_slot *slots; /* slot_count is a power of two, at most half full */
	size_t slot_count;
};

/* What a file says beside the insurer itself: the examples it must prove. */
struct example_pair {
	char *left, *right;
};
struct examples {
	struct example_pair *same, *different, *review;
	struct example_pair *reads; /* left: a spelling, right: its system form */
	size_t same_count, different_count, review_count, reads_count;
	char **refused;
	size_t refused_count;
};

/* Read one file; both become children of mem. Fails ERR_SETUP with file, line and key. */
struct insurer *insurer_read(const char *path, struct examples **examples, TALLOC_CTX *mem,
			     struct err *e);

/* Do the file's examples come out? examples has one entry for each picture. Fails ERR_SETUP with file and line. */
bool insurer_prove(const struct insurer *insurer, const struct examples *examples, struct err *e);

/* Would two pictures, or one, give one key to spellings that differ by more than separators, a constant left out or lost zeros,
 * although no pair under same: of the file says that they are one number? Then strangers are joined. Fails ERR_SETUP with file,
 * line and two such spellings. */
bool insurer_joins_nobody(const struct insurer *insurer, const struct examples *examples,
			  struct err *e);

/* Give the pictures of a file that adds some to the issuer's own file, and prove all examples of both again. The overlay
 * becomes a child of that insurer. Fails ERR_SETUP if there is no such file or an example does not come out any more. */
bool insurer_add_pictures(struct insurers *all, struct insurer *overlay, struct err *e);

/* Does one of the examples read differently by another picture of the file? Then the two contradict. Fails ERR_SETUP. */
bool insurer_examples_agree(const struct insurer *insurer, const struct examples *examples,
			    struct err *e);

/* A day of the calendar, written like 2024-08-01? */
bool iso_date_valid(const char *text);

/* Is there a day on which both hold? */
bool carriers_meet(const struct carrier *a, const struct carrier *b);

/* The register numbers of one file among themselves and against those before it in the list. Fails ERR_SETUP. */
bool insurer_validity_check(const struct insurers *all, const struct insurer *insurer,
			    struct err *e);

/* The line of the first value or key that is the text, behind the first one that is `after` (NULL: from the beginning); if none
 * is, of the first that holds it; 1 if none does. Only for the sentence of an error: the file is read again. */
int insurer_line(const char *path, const char *after, const char *text);

/* The same within this picture's own entry of insurer->pictures, below that key of it (NULL: any), and the line of its drawing if
 * the text is NULL or not there; 1 if the insurer's file does not draw it. */
int picture_line(const struct insurer *insurer, const struct picture *picture, const char *key,
		 const char *text);

/* Fill the index by VU-Nr, key and names. Fails ERR_SETUP if two files claim the same. */
bool insurers_index(struct insurers *all, struct err *e);

#endif
