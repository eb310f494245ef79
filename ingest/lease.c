#include "ingest/lease.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crash.h"

#define NUMBER_TEXT 24

static void number_text(char out[NUMBER_TEXT], int64_t value)
{
	snprintf(out, NUMBER_TEXT, "%lld", (long long)value);
}

/* Start time of a process in clock ticks since boot: the 22nd field of its stat, counted behind the
 * name, which may itself hold blanks and brackets. 0 if there is no such process. */
static unsigned long long process_start(int pid)
{
	char path[40], line[1024];
	unsigned long long start = 0;
	const char *at;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return 0;
	at = fgets(line, sizeof line, f) ? strrchr(line, ')') : NULL;
	fclose(f);
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (!at || sscanf(at, "%llu", &start) != 1)
		return 0;
	return start;
}

/* "host/boot": a process id means something only within one run of one machine. */
static void machine_text(char *out, size_t size)
{
	char host[65] = "localhost", boot[40] = "";
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

	gethostname(host, sizeof host - 1);
	if (f) {
		if (!fgets(boot, sizeof boot, f))
			boot[0] = 0;
		boot[strcspn(boot, "\n")] = 0;
		fclose(f);
	}
	snprintf(out, size, "%s/%s", host, boot);
}

char *lease_owner(TALLOC_CTX *mem)
{
	char machine[128];

	machine_text(machine, sizeof machine);
	return talloc_asprintf(mem, "%s/%d/%llu", machine, (int)getpid(), process_start(getpid()));
}

bool lease_owner_dead(const char *owner)
{
	char machine[128];
	size_t len;
	unsigned long long start;
	int pid;

	machine_text(machine, sizeof machine);
	len = strlen(machine);
	if (strncmp(owner, machine, len) != 0 || sscanf(owner + len, "/%d/%llu", &pid, &start) != 2)
		return false;
	return process_start(pid) != start;
}

static bool lease_void(struct db *db, const char *broker, const struct rows *held, int row,
		       struct err *e)
{
	return db_call(db, SQL_lease_void, NULL, NULL, e, broker,
		       rows_text(held, row, "connection"), rows_text(held, row, "fence"));
}

bool lease_void_dead(struct db *db, const char *broker, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct rows *held;
	bool ok = db_call(db, SQL_lease_owners, &held, mem, e, broker);

	for (int i = 0; ok && i < rows_count(held); i++)
		if (lease_owner_dead(rows_text(held, i, "owner")))
			ok = lease_void(db, broker, held, i, e);
	talloc_free(mem);
	return ok;
}

bool lease_claim(struct lease *lease, struct db *db, const char *broker, const char *owner,
		 const char *only, const char *not_since, TALLOC_CTX *mem, struct err *e)
{
	char seconds[NUMBER_TEXT];
	struct rows *rows;

	*lease = (struct lease){ 0 };
	number_text(seconds, LEASE_S);
	if (!db_call(db, SQL_lease_claim, &rows, mem, e, broker, owner, seconds, only, not_since))
		return false;
	if (rows_count(rows) == 0)
		return true;
	lease->connection = talloc_strdup(mem, rows_text(rows, 0, "connection"));
	lease->fence = rows_int(rows, 0, "fence");
	lease->renewed_ms = clock_monotonic_ms();
	CRASH_POINT("lease.claimed");
	return true;
}

bool lease_claim_now(struct lease *lease, struct db *db, const char *broker, const char *owner,
		     const char *connection, TALLOC_CTX *mem, struct err *e)
{
	char seconds[NUMBER_TEXT];
	struct rows *rows;

	*lease = (struct lease){ 0 };
	number_text(seconds, LEASE_S);
	if (!db_call(db, SQL_lease_claim_now, &rows, mem, e, broker, owner, seconds, connection))
		return false;
	if (rows_count(rows) == 0)
		return err_set(e, ERR_CONFLICT, "connection %s is being worked on", connection);
	lease->connection = talloc_strdup(mem, connection);
	lease->fence = rows_int(rows, 0, "fence");
	lease->renewed_ms = clock_monotonic_ms();
	return true;
}

void lease_release(const struct lease *lease, struct db *db, const char *broker)
{
	char fence[NUMBER_TEXT];

	number_text(fence, lease->fence);
	db_call(db, SQL_lease_void, NULL, NULL, NULL, broker, lease->connection, fence);
}

bool lease_keep(struct lease *lease, struct db *db, const char *broker, struct err *e)
{
	char fence[NUMBER_TEXT], seconds[NUMBER_TEXT];
	TALLOC_CTX *mem;
	struct rows *rows;
	bool ok;

	if (clock_monotonic_ms() - lease->renewed_ms < LEASE_S * 1000 / 3)
		return true;
	mem = talloc_new(NULL);
	number_text(fence, lease->fence);
	number_text(seconds, LEASE_S);
	ok = db_call(db, SQL_lease_renew, &rows, mem, e, broker, lease->connection, fence, seconds);
	if (ok && rows_count(rows) == 0)
		ok = err_set(e, ERR_CONFLICT, "the lease of connection %s was lost",
			     lease->connection);
	if (ok)
		lease->renewed_ms = clock_monotonic_ms();
	talloc_free(mem);
	return ok;
}
