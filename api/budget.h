/*
 * budget.h -- how much one caller may ask of the only thread that answers: so many requests, and so many heavy ones (searches,
 * figures, bulks; WEIGHS of api/route.h), at once and then at a steady pace. Two limits, because what a page needs to show itself is many
 * light ones, and what hurts others is a few heavy ones.
 *
 * A caller is a token or a user; of who is not known yet, the address. Callers are told apart by a digest of their name, at most
 * BUDGETS of them: who has not asked for longest is forgotten, and begins anew.
 */
#ifndef API_BUDGET_H
#define API_BUDGET_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "api/api.h"

#define BUDGETS 512

struct budget;

/* limits must live as long. */
struct budget *budget_new(const struct api_limits *limits, TALLOC_CTX *mem);

/*
 * A request of this weight (0: light) by caller: may it be answered? If not, it costs nothing.
 *   returns  0 yes; else after how many whole seconds it may
 *   now_ms   the monotonic clock
 */
int budget_take(struct budget *budget, const char *broker, const char *caller, int weight,
		int64_t now_ms);

struct request;

/* For request's route and caller; refuses with 429 and Retry-After. */
bool budget_check(struct request *request);

#endif
