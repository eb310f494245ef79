#include "events/release.h"

bool release_step(struct db *db, const char *broker, int64_t from, int64_t to, int *wrote,
		  struct err *e)
{
	(void)db, (void)broker, (void)from, (void)to, (void)e;
	*wrote = 0;
	return true;
}
