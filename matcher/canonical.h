/*
 * canonical.h -- the stock's contract numbers in the form in which the insurer himself says them (GDV 0200 field 5, BiPRO
 * Versicherungsscheinnummer).
 *
 * The policy, all of it: a number is changed only where
 *   - the issuer's pictures read it in one way, as a policy number,
 *   - exactly one of the pictures that read it is confirmed,
 *   - the printed number, where a picture reads it, says the same,
 *   - no other contract of the issuer answers to the new number.
 * Where there is no number at all, the printed one gives it. The printed number itself stays: it is made for reading. The former
 * spelling stays a name of the contract (origin former), so that nothing is found less than before.
 */
#ifndef MATCHER_CANONICAL_H
#define MATCHER_CANONICAL_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "base/uuid7.h"
#include "matcher/matcher.h"
#include "model/contract.h"
#include "normalizers/clean.h"

enum canonical_state {
	CANONICAL_CHANGES,
	CANONICAL_ALREADY,     /* it is in that form */
	CANONICAL_UNREAD,      /* no number, or no picture reads it */
	CANONICAL_SEVERAL,     /* more than one reading */
	CANONICAL_UNCONFIRMED, /* not exactly one confirmed picture reads it */
	CANONICAL_CONTRADICTS, /* the printed number is another one */
	CANONICAL_STATES
};
const char *canonical_in_words(enum canonical_state state);

/* What one contract's number becomes; pure. insurer may be NULL. after and key (the plain key of the number as it is, "" without
 * one) have KEY_MOST + 1 bytes and are filled for CANONICAL_CHANGES. */
enum canonical_state canonical_of(char *after, char *key, const struct insurer *insurer,
				  const struct contract *contract);

/* One contract that is, or would be, renumbered, or stays for a reason. */
struct renumbering {
	const char *contract_id, *issuer;
	const char *before, *after; /* before: NULL if it had none; after an undo NULL likewise */
	const char *rival;          /* stays: another contract that answers to the number */
	const char *now;            /* undo, stays: the number it has by now */
	bool changed;               /* false in a dry run */
};

struct canonical_counts {
	int64_t contracts; /* looked at */
	int64_t states[CANONICAL_STATES];
	int64_t changed;   /* in a dry run: would be */
	int64_t conflicts; /* stay: another contract has the number */
	int64_t elsewhere; /* stay: somebody changed the number meanwhile */
};

struct canonical_order {
	const char *issuer; /* NULL: all */
	const char *by;
	bool dry_run;
	void (*take)(void *self, const struct renumbering *row); /* each change and each conflict */
	void (*progress)(
		void *self,
		const struct canonical_counts *counts); /* after every batch; may be NULL */
	void *self;
};

/*
 * Bring the stock's numbers into the canonical form. A batch (1000 contracts that change) is one transaction with its events and
 * the mark for matching again; a run that was cut off is finished by the next one, which is a run of its own.
 *   run    becomes the id of this run
 *   fails  as db_run; what is committed stays, and --undo takes it back
 */
bool canonicalise(char run[UUID_TEXT_SIZE], const struct matcher *matcher,
		  const struct canonical_order *order, struct canonical_counts *counts,
		  struct err *e);

/*
 * Take a run back, in the same manner. Contracts that have another number by now, or whose former number is another contract's,
 * stay as they are and are told; the others are taken back. Fails ERR_MISSING (no such run), ERR_REFUSED (it is taken back
 * already), and as db_run.
 */
bool canonical_undo(const struct matcher *matcher, const char *run,
		    const struct canonical_order *order, struct canonical_counts *counts,
		    struct err *e);

#endif
