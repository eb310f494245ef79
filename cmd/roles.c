#include "cmd/roles.h"

#include "base/log.h"
#include "base/role.h"

#define AGAIN_LEAST_MS 100
#define AGAIN_MOST_MS  5000

struct db *role_database(const char *conninfo, TALLOC_CTX *mem, struct err *e)
{
	for (int wait_ms = AGAIN_LEAST_MS;;
	     wait_ms = wait_ms < AGAIN_MOST_MS ? wait_ms * 2 : AGAIN_MOST_MS) {
		struct db *db = db_open(conninfo, mem, e);

		if (db || e->kind != ERR_RETRY)
			return db;
		log_err("database away", e);
		if (!role_sleep_ms(wait_ms))
			return NULL;
		err_clear(e);
	}
}

bool role_database_again(struct db *db)
{
	for (int wait_ms = AGAIN_LEAST_MS;;
	     wait_ms = wait_ms < AGAIN_MOST_MS ? wait_ms * 2 : AGAIN_MOST_MS) {
		if (db_again(db, NULL))
			return true;
		if (!role_sleep_ms(wait_ms))
			return false;
	}
}
