/*
 * cluster_ready.h -- a private PostgreSQL for tests whose subject it is not. VORPOST_TEST_CLUSTER names the data folder of one
 * that was made once (cluster_make.c; tests/run.sh does it): its copy is quicker than making another. Without it, one is made.
 */
#ifndef TESTS_STORE_CLUSTER_READY_H
#define TESTS_STORE_CLUSTER_READY_H

#include <stdlib.h>
#include <unistd.h>

#include "store/cluster.h"

/* cluster_use() as the user that the data have. The copy has the tables; db_migrate() then has nothing to do. */
static inline struct cluster *cluster_ready(const char *state, TALLOC_CTX *mem, struct err *e)
{
	const char *made = getenv("VORPOST_TEST_CLUSTER");
	char *data = talloc_asprintf(NULL, "%s/postgres", state);
	char *copy = talloc_asprintf(data, "mkdir -p -m 711 '%s' && cp -a --reflink=auto '%s' '%s'",
				     state, made ? made : "", data);
	bool ok = !made || access(data, F_OK) == 0 || system(copy) == 0;

	talloc_free(data);
	if (!ok) {
		err_set(e, ERR_SETUP, "VORPOST_TEST_CLUSTER=%s cannot be copied to %s", made,
			state);
		return NULL;
	}
	return cluster_use(state, NULL, mem, e);
}

#endif
