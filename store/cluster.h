/*
 * cluster.h -- the private PostgreSQL of an installation without `database:`.
 *
 * It lives in STATE/postgres, listens on a Unix socket only, and runs as a system user if vorpost
 * is root. Every vorpost process that uses it holds a shared lock; the last one to leave stops the
 * server. After a kill -9 of everybody the next one finds the server running, or starts it; the
 * locks are the kernel's and need no cleaning up.
 */
#ifndef STORE_CLUSTER_H
#define STORE_CLUSTER_H

#include <stdbool.h>
#include <talloc.h>

#include "base/err.h"

struct cluster;

/*
 * Make sure the cluster of this state folder runs: initdb if there is none, start it if it does not
 * answer. as_user: system user to run as if we are root (NULL or "": the owner of the data that are
 * there, else "vorpost" if it exists, else "postgres"). The returned handle, child of mem, keeps the
 * server alive until it is freed.
 *
 * It belongs to the process that made it. A forked child may use the conninfo and revive the server;
 * its talloc_free stops nothing. The parent frees it when its children are gone, for the lock is
 * theirs, too.
 *
 * Fails ERR_SETUP: programs missing, the folder belongs to somebody else or bars the system user, or
 * another process holds it (says which one); ERR_RETRY: the server is there but not ready within a
 * minute (recovery after a crash).
 */
struct cluster *cluster_use(const char *state_folder, const char *as_user, TALLOC_CTX *mem,
			    struct err *e);

/* For libpq; lives as long as the handle. */
const char *cluster_conninfo(const struct cluster *cluster);

/* Start the server again if it is gone (serve calls this when the database does not answer). */
bool cluster_revive(struct cluster *cluster, struct err *e);

#endif
