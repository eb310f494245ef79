#include "api/budget.h"

#include <stddef.h>

#include "api/problem.h"
#include "api/request.h"
#include "api/route.h"
#include "base/clock.h"

#define FNV_BEGIN UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

/* When all that was asked would be paid for, at the steady pace: the further ahead of now, the more was asked at once. */
struct account {
	uint64_t caller;
	int64_t asked_ms, heavy_ms;
	int64_t seen_ms;
};

struct budget {
	const struct api_limits *limits;
	struct account account[BUDGETS];
};

struct budget *budget_new(const struct api_limits *limits, TALLOC_CTX *mem)
{
	struct budget *budget = talloc_zero(mem, struct budget);

	budget->limits = limits;
	return budget;
}

static uint64_t digest_on(uint64_t digest, const char *text)
{
	for (; *text; text++)
		digest = (digest ^ (unsigned char)*text) * FNV_PRIME;
	return (digest ^ 0xff) * FNV_PRIME;
}

static struct account *account_of(struct budget *budget, uint64_t caller)
{
	struct account *oldest = budget->account;

	for (int i = 0; i < BUDGETS; i++) {
		struct account *account = &budget->account[i];

		if (account->caller == caller)
			return account;
		if (account->seen_ms < oldest->seen_ms)
			oldest = account;
	}
	*oldest = (struct account){ .caller = caller };
	return oldest;
}

/* Seconds to wait, 0: none; *paid is when it would be paid for then. */
static int wait_s(int64_t *paid, int64_t paid_ms, int64_t cost_ms, int64_t most_ms, int64_t now_ms)
{
	int64_t over;

	*paid = (paid_ms > now_ms ? paid_ms : now_ms) + cost_ms;
	over = *paid - now_ms - most_ms;
	return !most_ms || over <= 0 ? 0 : (int)((over + 999) / 1000);
}

int budget_take(struct budget *budget, const char *broker, const char *caller, int weight,
		int64_t now_ms)
{
	const struct api_limits *l = budget->limits;
	struct account *account =
		account_of(budget, digest_on(digest_on(FNV_BEGIN, broker ? broker : ""), caller));
	int64_t asked, heavy;
	int light = wait_s(&asked, account->asked_ms, l->asked_each_ms,
			   (int64_t)l->asked_most * l->asked_each_ms, now_ms);
	int wait = wait_s(&heavy, account->heavy_ms, (int64_t)weight * l->heavy_each_ms,
			  (int64_t)l->heavy_most * l->heavy_each_ms, now_ms);

	account->seen_ms = now_ms;
	if (!weight)
		wait = 0;
	if (light > wait)
		wait = light;
	if (!wait) {
		account->asked_ms = asked;
		account->heavy_ms = weight ? heavy : account->heavy_ms;
	}
	return wait;
}

bool budget_check(struct request *request)
{
	const struct caller *caller = &request->caller;
	int wait = budget_take(request->api->budget, caller->broker,
			       caller->by ? caller->by : request->address,
			       route_weight(request->route), clock_monotonic_ms());

	if (!wait)
		return true;
	request->reply.retry_after_s = wait;
	return problem(request, PROBLEM_RATE,
		       "too many requests, or too heavy ones, in a short time; ask again in %d s",
		       wait);
}
