/*
 * insurer.h -- the insurer files: insurers/ISSUER.yaml, one per issuer of policy numbers.
 *
 * A file proves itself: it is refused if one of its own examples does not come out. The issuer is who
 * gives the number out (an Assekuradeur's numbers stay while the risk carrier changes). Two carriers stand in one file
 * only if they draw from one range of numbers: within an issuer equal numbers are the same contract. Companies of one group
 * with numbers of their own are issuers of their own. docs/insurer-files.md describes the keys.
 */
#ifndef NORMALIZERS_INSURER_H
#define NORMALIZERS_INSURER_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/err.h"
#include "model/profile.h"

struct picture; /* normalizers/picture.h */

struct carrier {
	char *vu; /* BaFin register number, "5438" */
	char *name;
	char *from, *to; /* ISO dates, NULL: open */
	char *source, *confidence;
};

/* Contracts moved from one register number to another. number: kept | mapped | new */
struct successor {
	char *from, *to, *date, *number, *source, *confidence;
};

struct insurer {
	char *issuer, *name, *group;
	char *path; /* of the file */
	struct carrier *carriers;
	size_t carrier_count;
	struct successor *successors;
	size_t successor_count;
	struct picture *pictures;
	size_t picture_count;
	bool other_numbers; /* some pictures draw customer, invoice or claim numbers */
	struct profile profile;
};

struct insurers; /* all files of all folders */

/* Load every *.yaml of the folders, check each one's examples. A later folder's issuer replaces an earlier
 * one's. Fails ERR_SETUP: file, line, and what did not come out. */
struct insurers *insurers_load(char *const *folders, size_t count, TALLOC_CTX *mem, struct err *e);

size_t insurers_count(const struct insurers *all);
const struct insurer *insurers_at(const struct insurers *all, size_t i); /* sorted by issuer */
const struct insurer *insurers_by_issuer(const struct insurers *all, const char *issuer);
/* By VU-Nr (any padding, "05438" is 5438) or by an issuer's key or name; NULL if nobody. */
const struct insurer *insurers_find(const struct insurers *all, const char *vu_or_name);
const struct insurer *insurers_find_text(const struct insurers *all, const char *vu_or_name,
					 size_t len);

/* How two names (VU-Nr or issuer) stand to each other where numbers are compared. */
enum kinship {
	KIN_SAME,       /* one issuer */
	KIN_KEPT,       /* a successor edge joins them, the number was kept */
	KIN_RENUMBERED, /* a successor edge joins them, but numbers changed */
	KIN_OTHER,      /* nothing to do with each other */
	KIN_UNKNOWN,    /* a side names nobody */
};
enum kinship insurers_kinship(const struct insurers *all, const struct insurer *a,
			      const struct insurer *b);

/* The issuers whose stock may hold a number of this one: itself first, then along edges that kept the number, both ways.
 * Fills at most `most` and returns how many. */
size_t insurers_kin(const struct insurers *all, const struct insurer *issuer,
		    const struct insurer **kin, size_t most);

/* The register number or name in the form in which two are compared: without blanks around and leading zeros, lower
 * case, umlauts spelled out; cut to size - 1 bytes. Returns the length. */
size_t insurer_name_fold(char *out, size_t size, const char *text, size_t len);

#endif
