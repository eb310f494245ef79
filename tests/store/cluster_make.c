/*
 * cluster_make.c -- the cluster that other tests copy (cluster_ready.h). usage: cluster_make STATE: STATE/postgres is a stopped
 * cluster with the product's tables and no rows. The machine is not switched off under a test, only processes are killed: what
 * they wrote is safe with the kernel, so that the copies need not wait for the disk. Many of them run at once.
 */
#include <stdio.h>

#include "store/cluster.h"
#include "store/db.h"

static bool settings_add(const char *state)
{
	char *path = talloc_asprintf(NULL, "%s/postgres/postgresql.auto.conf", state);
	FILE *file = fopen(path, "ae");
	bool ok = file && fputs("fsync = off\nshared_buffers = 128MB\n", file) >= 0;

	if (file && fclose(file))
		ok = false;
	talloc_free(path);
	return ok;
}

int main(int argc, char **argv)
{
	struct err e = { 0 };
	struct cluster *cluster;
	bool ok;

	if (argc != 2) {
		fputs("usage: cluster_make STATE\n", stderr);
		return 64;
	}
	cluster = cluster_use(argv[1], NULL, NULL, &e);
	ok = cluster && db_migrate(cluster_conninfo(cluster), NULL, &e);
	talloc_free(cluster); /* stops it */
	if (!ok)
		fprintf(stderr, "%s\n", e.text);
	else if (!(ok = settings_add(argv[1])))
		perror(argv[1]);
	return !ok;
}
