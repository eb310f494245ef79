#include "api/throttle.h"

#include <stdio.h>
#include <string.h>

#define ADDRESSES    256
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
};

struct throttle *throttle_new(int most_wrong, TALLOC_CTX *mem)
{
	struct throttle *throttle = talloc_zero(mem, struct throttle);

	throttle->most = most_wrong;
	return throttle;
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

bool throttle_wrong(struct throttle *throttle, const char *address, int64_t now_ms)
{
	struct wrong *wrong = wrong_of(throttle, address);

	if (!wrong->count || now_ms - wrong->since_ms >= WINDOW_MS) {
		wrong->since_ms = now_ms;
		wrong->count = 0;
	}
	if (wrong->count < throttle->most)
		wrong->count++;
	else
		return true;
	return false;
}
