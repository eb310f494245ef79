#include "ingest/poller.h"

#include "base/clock.h"
#include "base/role.h"

bool poller_sql(struct poller *poller, enum sql statement, int count, const char *const *values,
		struct rows **rows, TALLOC_CTX *mem, struct err *e)
{
	int64_t until = clock_monotonic_ms() + POLLER_DATABASE_S * 1000;

	for (int wait_ms = 50;; wait_ms = wait_ms < 5000 ? wait_ms * 2 : 5000) {
		struct err failed = { 0 };

		if (db_run(poller->db, statement, count, values, rows, mem, &failed))
			return true;
		if (failed.kind != ERR_RETRY || clock_monotonic_ms() > until ||
		    !role_sleep_ms(wait_ms)) {
			*e = failed;
			return false;
		}
		db_again(poller->db, NULL);
	}
}
