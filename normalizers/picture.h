/*
 * picture.h -- a number drawn as a person would draw it; the only licence to read it in another form.
 *
 *	#        a digit                    @        a letter
 *	A-Z 0-9  itself                     blank - . : ; , * _ /   only group, as in a spelling
 *	[AS-]    a constant part that people leave out: it belongs to the number and is put back
 *	{/##}    a part that may stand there but does not belong to the number: it is taken off. Where it holds no letter
 *	         or digit of its own, the spelling must set it apart where the drawing does, unless another constant of the
 *	         picture stands in the spelling. A spelling that sets as much apart is never read as the number itself with
 *	         zeros lost
 *
 * Two words beside the drawing: `drops: leading-zeros` (all zeros in front of the first digits may be gone, at least
 * five characters stay) and `becomes: DRAWING` (the number was renumbered by rule; its # and @ are carried over).
 */
#ifndef NORMALIZERS_PICTURE_H
#define NORMALIZERS_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "normalizers/clean.h"

/* What the number is; only a policy number may become a key. */
enum picture_means { MEANS_POLICY, MEANS_CUSTOMER, MEANS_INVOICE, MEANS_CLAIM };

/* One way to spell the picture: fixed length, one cell a character. */
struct form {
	unsigned char len, out_len;
	char cell[KEY_MOST + 1];         /* '#', '@', '+' (digit, not 0) or the character itself */
	unsigned char out[KEY_MOST + 1]; /* canonical form: FORM_INPUT | index, or a character */
	uint64_t gaps;                   /* places that a separator must stand before */
	uint64_t joints;                 /* places that no separator may stand before */
	bool full;                       /* nothing left out, nothing foreign */
	bool own;                        /* every spelled character belongs to the number */
};
#define FORM_INPUT 0x80u

struct picture {
	char *name;
	char **lines; /* three-digit Sparten; "050" stands for its block 050-059; none: all */
	size_t line_count;
	char *drawing;
	char *becomes; /* NULL if it stays */
	bool drops_zeros;
	enum picture_means means;
	char *source, *confidence;
	bool learned; /* added to the insurer's file by a person (normalizers/learned.h) */
	bool shows_reads, shows_different, shows_refused; /* has examples of that kind */
	struct form *forms;                               /* child of the picture's context */
	size_t form_count;
};

/* Work out the forms of p->drawing, p->becomes and p->drops_zeros. Fails ERR_SETUP: what is wrong with the drawing. */
bool picture_compile(struct picture *p, TALLOC_CTX *mem, struct err *e);

enum picture_reading { READS_NOT, READS_ONE, READS_SEVERAL };

/* Read a cleaned spelling; canonical[KEY_MOST + 1] is filled for READS_ONE. */
enum picture_reading picture_read(const struct picture *p, const struct cleaned *clean,
				  char *canonical);

/* The one reading in its parts, in the language of drawings: a constant that is put back in [], what does not belong to the
 * number in {}. Child of mem; NULL unless READS_ONE. */
char *picture_parts(const struct picture *p, const struct cleaned *clean, TALLOC_CTX *mem);

/* Is the key what this one form reads the spelling as? */
bool picture_form_reads(const struct form *form, const struct cleaned *clean,
			const char *canonical);

/* The narrower of two cells, '\0' if no character fits both. */
char picture_cells_meet(char a, char b);

/* Could the spelling stand for this canonical form under the picture (one of its readings)? */
bool picture_allows(const struct picture *p, const struct cleaned *clean, const char *canonical);

/* Does the picture hold for this Sparte? NULL, "" and "000" hold for all. */
bool picture_for_line(const struct picture *p, const char *line);

/* Why the picture does not accept the spelling, in a sentence; child of mem. */
char *picture_refusal(const struct picture *p, const struct cleaned *clean, TALLOC_CTX *mem);

/* Is there a spelling that both accept and read differently? example[KEY_MOST + 1] becomes one, drawn with # and @. */
bool picture_overlap(const struct picture *a, const struct picture *b, char *example);

/* Do both hold for some Sparte? */
bool picture_lines_meet(const struct picture *a, const struct picture *b);

const char *
picture_means_text(enum picture_means means); /* "policy number", "customer number", ... */

#endif
