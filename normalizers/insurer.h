/*
 * insurer.h -- the insurer files: insurers/ISSUER.yaml, one per issuer of policy numbers.
 *
 * A file proves itself: it is refused if one of its own examples does not come out. The issuer is who
 * gives the number out (an Assekuradeur's numbers stay while the risk carrier changes).
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
	char *vu;   /* BaFin register number, "5438" */
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

#endif
