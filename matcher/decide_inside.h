/* decide_inside.h -- one document while it is decided; shared by the files decide*.c only. */
#ifndef MATCHER_DECIDE_INSIDE_H
#define MATCHER_DECIDE_INSIDE_H

#include "matcher/candidates.h"
#include "matcher/facts.h"
#include "matcher/nearby.h"
#include "matcher/picks.h"
#include "matcher/signals.h"
#include "matcher/suggest.h"
#include "model/verdict.h"

struct deciding {
	const struct facts *facts;
	const struct candidates *candidates;
	const struct nearby *nearby; /* NULL: not looked up */
	struct suggestions suggestions;
	struct verdict *verdict;
};

/* ---- decide.c: what goes into the verdict ---- */

/* All of it: the verdict, and the suggestions in their order. */
void decide_into(struct deciding *d);

void decide_say(struct deciding *d, bool against, const char *sentence);
void decide_say_signals(struct deciding *d, const struct signals *signals);
const char *decide_found_sentence(enum tier tier);
void decide_file(struct deciding *d, const struct pick *pick);
void decide_queue(struct deciding *d, enum reason reason, const char *sentence);

/* The contract's signals, other numbers of the document included. */
struct signals decide_signals(const struct deciding *d, const struct contract *contract);

/* ---- decide_veto.c: a found contract still has to be the document's ---- */

/* Did it end too long before the document? */
bool decide_ended(const struct facts *facts, const struct contract *contract);

/* Did it begin too long after the document? */
bool decide_not_begun(const struct facts *facts, const struct contract *contract);

/* Why not, and the sentence for it; REASON_NONE: nothing forbids it. */
enum reason decide_veto(const char **sentence, struct deciding *d, const struct pick *pick,
			const struct signals *signals);

/* Is the document's plate known at a living contract of the insurer, and at none of these own ones? It is a suggestion then. */
bool decide_plate_elsewhere(struct deciding *d, const struct pick *own, int count);
#define PLATE_ELSEWHERE "the plate is known at another contract of this insurer"

/* Do the old and the application numbers name the contract, or at least none that still lives? */
bool decide_weak_agree(struct deciding *d, const struct contract *contract);

/* ---- decide_apart.c: several contracts share the name ---- */

/* The one that is meant, and the sentence that says why; NULL: nobody can tell. */
const struct pick *decide_apart(const char **sentence, const struct deciding *d,
				const struct picks *picks);

/* ---- decide_twin.c: another customer's number, but for a part ---- */

/* Is there a contract that may be meant as well? It is a suggestion then. Never, if twins were not looked up. */
bool decide_twin(struct deciding *d, const struct pick *pick, const struct signals *signals);
#define TWIN_ELSEWHERE                                                                             \
	"another customer's contract has this number with or without a part of it, and nothing tells which is meant"

/* Does only the number say that it is this holder's? */
bool decide_number_alone(const struct pick *pick, const struct signals *signals);

/* ---- decide_several.c, decide_claim.c ---- */

/* Its numbers lead to different contracts: to all of them, or to a person. */
void decide_several(struct deciding *d);

/* Nothing but a claim number names a contract; false: it decides nothing. */
bool decide_claim(struct deciding *d);

/* ---- decide_suggest.c: for a person, never more ---- */

/* Contracts of the same claim, of the broker's own or a link number, of the same number at the connection's issuer. */
void decide_suggest_lesser(struct deciding *d);

/* Contracts whose names are near, and contracts of the holder. */
void decide_suggest_nearby(struct deciding *d);

#endif
