/*
 * insurer.h -- the insurer files: insurers/ISSUER.yaml, one per issuer of policy numbers.
 *
 * A file proves itself: it is refused if one of its own examples does not come out. The issuer is who
 * gives the number out (an Assekuradeur's numbers stay while the risk carrier changes). Two carriers stand in one file
 * only if they draw from one range of numbers: within an issuer equal numbers are the same contract. Companies of one group
 * with numbers of their own are issuers of their own. docs/insurers.md describes the keys.
 */
#ifndef NORMALIZERS_INSURER_H
#define NORMALIZERS_INSURER_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/err.h"
#include "model/profile.h"

struct picture;  /* normalizers/picture.h */
struct examples; /* normalizers/insurer_file.h */

struct carrier {
	char *vu; /* BaFin register number, "5438" */
	char *name;
	char *from, *to; /* ISO dates, both within; NULL: open */
	char *source, *confidence;
};

/*
 * Contracts moved from one register number to another, or were renumbered under the same one (from equals to).
 * number: kept | mapped | new | unknown (nobody says).
 */
struct successor {
	char *from, *to;
	char *date; /* ISO; NULL: not known */
	char *number;
	char *mapping; /* mapped: the name of the picture of this file that becomes the new number; else NULL */
	char *source, *confidence;
};

/* How sure a statement is: "confirmed", "one-sample", "inferred", "general-knowledge". */
enum confidence { SURE_CONFIRMED, SURE_ONE_SAMPLE, SURE_INFERRED, SURE_GENERAL, SURE_KINDS };
extern const char *const confidence_words[SURE_KINDS];

struct insurer {
	char *issuer, *name;
	char *group, *group_source, *group_confidence; /* for people; NULL: none */
	char *path;                                    /* of the file */
	struct carrier *carriers;
	size_t carrier_count;
	struct successor *successors;
	size_t successor_count;
	struct picture *pictures;
	size_t picture_count;
	bool other_numbers; /* some pictures draw customer, invoice or claim numbers */
	struct profile profile;
	bool has_wire;     /* the file says how he speaks */
	char *wire_source; /* where that was read; NULL: the file does not say */
	bool overlay;      /* while it is read: `adds: pictures`, taken over by the issuer's file */
	struct examples *examples; /* inside the room: one a picture */
};

struct insurers; /* all files of all folders */

/* Load every *.yaml of the folders, check each one's examples. A file with `adds: pictures` adds its pictures to the issuer's
 * file of an earlier folder, and all examples of both must come out. Any other later folder's issuer replaces an earlier
 * one's. Fails ERR_SETUP: file, line, and what did not come out. */
struct insurers *insurers_load(char *const *folders, size_t count, TALLOC_CTX *mem, struct err *e);

size_t insurers_count(const struct insurers *all);
const struct insurer *insurers_at(const struct insurers *all, size_t i); /* sorted by issuer */
const struct insurer *insurers_by_issuer(const struct insurers *all, const char *issuer);
/* By VU-Nr (any padding, "05438" is 5438) or by an issuer's key or name; NULL if nobody. */
const struct insurer *insurers_find(const struct insurers *all, const char *vu_or_name);
/* A register number (VU-Nr) without what fills it up in front, within it; "" for NULL. */
const char *vu_bare(const char *vu);
/* Whose numbers are those of this register number (any padding): the issuer of its file, or without one "vu:NNNN", itself. Child of mem. */
char *insurers_issuer_of(const struct insurers *all, const char *vu, TALLOC_CTX *mem);
const struct insurer *insurers_find_text(const struct insurers *all, const char *vu_or_name,
					 size_t len);

/* The issuer to whom the register number belonged on that day (ISO date; NULL: today's owner). NULL if nobody held it then. */
const struct insurer *insurers_find_at(const struct insurers *all, const char *vu,
				       const char *date);

/* Whose numbers does a register number stand for on that day? The number itself while it is valid or if no file knows it;
 * after its end the one to which its numbers moved, unchanged or mapped within its file; NULL if nobody. */
const char *insurers_vu_at(const struct insurers *all, const char *vu, const char *date);

/* How two names (VU-Nr or issuer) stand to each other where numbers are compared. */
enum kinship {
	KIN_SAME,       /* one issuer */
	KIN_KEPT,       /* a successor edge joins them, the number was kept */
	KIN_RENUMBERED, /* a successor edge joins them, but numbers changed */
	KIN_UNSURE,     /* a successor edge joins them, nobody says whether numbers changed */
	KIN_OTHER,      /* nothing to do with each other */
	KIN_UNKNOWN,    /* a side names nobody */
};
enum kinship insurers_kinship(const struct insurers *all, const struct insurer *a,
			      const struct insurer *b);

/* The issuers whose stock may hold a number of this one: itself first, then along edges that kept the number, both ways.
 * Fills at most `most` and returns how many. */
size_t insurers_kin(const struct insurers *all, const struct insurer *issuer,
		    const struct insurer **kin, size_t most);

/* What `insurers new` writes where a source belongs. */
#define SOURCE_UNSAID "where you read this"

/* What no single file can prove: edges into nothing or in a circle, mappings without a picture, pictures that lack a kind of
 * example or contradict another of their lines, statements that nobody has filled in. only: of that one's file alone; NULL: of all. One sentence each, children of mem; returns how many. */
size_t insurers_problems(char ***sentences, const struct insurers *all, const struct insurer *only,
			 TALLOC_CTX *mem);

/* The register number or name in the form in which two are compared: without blanks around and leading zeros, lower
 * case, umlauts spelled out; cut to size - 1 bytes. Returns the length. */
size_t insurer_name_fold(char *out, size_t size, const char *text, size_t len);

#endif
