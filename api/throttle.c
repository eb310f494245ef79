#include "api/throttle.h"

#include <stdio.h>
#include <string.h>

#define ADDRESSES    256
#define RIGHT_ONES   256
#define WINDOW_MS    60000
#define ADDRESS_SIZE 64

struct wrong {
	char address[ADDRESS_SIZE];
	int64_t since_ms;
	int count;
};

struct throttle {
	int most;
	struct wrong wrong[ADDRESSES];
	char right[RIGHT_ONES][DIGEST_TEXT_SIZE];
	int next_right;
};

struct throttle *throttle_new(int most_wrong, TALLOC_CTX *mem)
{
	struct throttle *throttle = talloc_zero(mem, struct throttle);

	throttle->most = most_wrong;
	return throttle;
}

static bool right_lately(const struct throttle *throttle, const char *digest)
{
	for (int i = 0; i < RIGHT_ONES; i++)
		if (!strcmp(throttle->right[i], digest))
			return true;
	return false;
}

bool throttle_allows(const struct throttle *throttle, const char *address, const char *digest,
		     int64_t now_ms)
{
	for (int i = 0; i < ADDRESSES; i++) {
		const struct wrong *wrong = &throttle->wrong[i];

		if (!strcmp(wrong->address, address) && wrong->count >= throttle->most &&
		    now_ms - wrong->since_ms < WINDOW_MS)
			return right_lately(throttle, digest);
	}
	return true;
}

/* The one of this address, else the one that is longest ago. */
static struct wrong *wrong_of(struct throttle *throttle, const char *address)
{
	struct wrong *oldest = throttle->wrong;

	for (int i = 0; i < ADDRESSES; i++) {
		struct wrong *wrong = &throttle->wrong[i];

		if (!strcmp(wrong->address, address))
			return wrong;
		if (wrong->since_ms < oldest->since_ms)
			oldest = wrong;
	}
	memset(oldest, 0, sizeof *oldest);
	snprintf(oldest->address, sizeof oldest->address, "%s", address);
	return oldest;
}

void throttle_wrong(struct throttle *throttle, const char *address, int64_t now_ms)
{
	struct wrong *wrong = wrong_of(throttle, address);

	if (!wrong->count || now_ms - wrong->since_ms >= WINDOW_MS) {
		wrong->since_ms = now_ms;
		wrong->count = 0;
	}
	wrong->count++;
}

void throttle_right(struct throttle *throttle, const char *digest)
{
	if (right_lately(throttle, digest))
		return;
	snprintf(throttle->right[throttle->next_right], DIGEST_TEXT_SIZE, "%s", digest);
	throttle->next_right = (throttle->next_right + 1) % RIGHT_ONES;
}
