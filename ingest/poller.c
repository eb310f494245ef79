#include "ingest/poller.h"

#include "base/clock.h"
#include "base/role.h"

#define WAIT_FIRST_MS 50
#define WAIT_MOST_MS  5000

bool patience_left(struct patience *patience, struct poller *poller, struct err *e)
{
	int64_t now = clock_monotonic_ms();

	if (!patience->wait_ms)
		*patience = (struct patience){ now + POLLER_DATABASE_S * 1000, WAIT_FIRST_MS };
	if (e->kind != ERR_RETRY || now > patience->until_ms || !role_sleep_ms(patience->wait_ms))
		return false;
	patience->wait_ms =
		patience->wait_ms * 2 < WAIT_MOST_MS ? patience->wait_ms * 2 : WAIT_MOST_MS;
	err_clear(e);
	db_again(poller->db, NULL);
	return true;
}

bool poller_sql(struct poller *poller, enum sql statement, int count, const char *const *values,
		struct rows **rows, TALLOC_CTX *mem, struct err *e)
{
	struct patience patience = { 0 };

	while (!db_run(poller->db, statement, count, values, rows, mem, e))
		if (!patience_left(&patience, poller, e))
			return false;
	return true;
}
