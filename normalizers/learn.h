/*
 * learn.h -- number pictures out of a stock: what the spellings of the same contracts have in common.
 *
 * A contract has its own number (the system form: what pictures lead to) and other spellings (printed, the broker's). Where many
 * contracts of one line show the same liberty between the two (a constant left out, leading zeros lost, a part more), a
 * picture with that liberty is drawn, and then held against the whole stock of the issuer by the code that reads
 * pictures: what it gains, what it does not read, what it reads otherwise. A proposal is for a person; nothing uses it before.
 *
 * What a person asks to see drawn needs no company: one spelling shows its liberty. It is judged like any other.
 *
 * Pure: no database, no clock. A learner is for one issuer; memory is about 60 bytes and the spellings a contract.
 */
#ifndef NORMALIZERS_LEARN_H
#define NORMALIZERS_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "normalizers/insurer.h"
#include "normalizers/picture.h"

/* The thresholds; per cent of distinct own numbers, never of rows. */
#define LEARN_SUPPORT                                                                              \
	20 /* numbers that show a shape, and again that show a liberty: below, chance */
#define LEARN_LIBERTY  10 /* ... of the numbers with another spelling that show it: below, noise */
#define LEARN_CONSTANT 95 /* ... that hold the same character where it counts as a constant */
#define LEARN_RIVAL                                                                                \
	2 /* ... with one other constant at that place: from here on it is no noise, and nothing is put back */
#define LEARN_RIVALS 3 /* and at least so many numbers */
#define LEARN_PURITY                                                                               \
	90 /* ... of the spellings that a liberty reads must come to their own contract. What does not makes a
			     document wait for a person, it files nothing wrongly: the spelling names both contracts */
#define LEARN_DRAWN 95 /* ... already drawn by the issuer's pictures: no news */
#define LEARN_SHAPE                                                                                \
	80 /* ... of a line in one shape: worth a picture without any liberty (it tells digits from letters) */
#define LEARN_COUNTERS 5 /* counter-examples that are shown */

/* One contract. Strings are as written; line and spellings may be missing. Everything is copied. */
struct learn_contract {
	const char *id, *line, *number;
	const char *const *spellings;
	size_t spelling_count;
	size_t asked_count; /* the first of them a person wants to see drawn: then one shows a liberty well enough */
};

enum proposal_state {
	PROPOSAL_STANDS,
	PROPOSAL_JOINS,    /* two contracts of the stock would get one key */
	PROPOSAL_OVERLAPS, /* with a picture of the issuer, or a better proposal: neither would help */
	PROPOSAL_IMPURE, /* reads too much as something else */
};

/* Masked: # for a digit, @ for a letter that the picture does not draw; separators and leading zeros stay. */
struct counter_example {
	char *number, *spelling;
	const char *why; /* a sentence without their characters */
};

struct proposal {
	struct picture
		picture; /* compiled; lines are blocks ("050" is 050-059), none: the stock knows no line */
	enum proposal_state state;
	char *why;      /* not PROPOSAL_STANDS: a sentence without numbers */
	size_t numbers; /* distinct own numbers that it draws */
	size_t of;      /* distinct own numbers in its lines */
	size_t gained;  /* of them with a spelling that only this picture brings to the number */
	size_t spelled; /* of them with a spelling that neither the general rule nor the issuer's pictures bring there */
	size_t otherwise; /* spellings that it reads as another number than their contract's */
	bool asked;       /* a person wants to see it: gained may be less than the support */
	struct counter_example counters[LEARN_COUNTERS];
	size_t counter_count;
};

struct proposals {
	struct proposal **items; /* what gains most first */
	size_t count;
};

struct learner;

/* issuer: whose pictures are there already; NULL: none. support: 0 for LEARN_SUPPORT. Both must outlive the learner. */
struct learner *learner_new(const struct insurer *issuer, size_t support, TALLOC_CTX *mem);

/* A contract whose number is no number (empty, malformed, a placeholder such as 000) teaches nothing. */
void learner_add(struct learner *learner, const struct learn_contract *contract);

/* Child of mem. The same stock gives the same proposals, in whatever order it was added. */
struct proposals *learner_propose(struct learner *learner, TALLOC_CTX *mem);

/* Does a picture of the issuer join contracts of the stock? The sentence about the first two, child of mem; NULL if it does not. */
char *learner_joined(struct learner *learner, const struct picture *picture, TALLOC_CTX *mem);

/* Would the picture join contracts? Fills state, why, counts and counter-examples of a proposal whose picture is compiled. */
void learner_judge(struct learner *learner, struct proposal *proposal);

/* A spelling in the masked form of counter-examples, child of mem. picture may be NULL. */
char *spelling_masked(const char *spelling, const struct picture *picture, TALLOC_CTX *mem);

#endif
