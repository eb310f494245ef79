#include "ingest/lease.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/holder.h"

#define NUMBER_TEXT 24

static void number_text(char out[NUMBER_TEXT], int64_t value)
{
	snprintf(out, NUMBER_TEXT, "%lld", (long long)value);
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
		if (holder_dead(rows_text(held, i, "owner")))
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
	lease->before = talloc_strdup(mem, rows_text(rows, 0, "before"));
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

bool lease_return(const struct lease *lease, struct db *db, const char *broker, int64_t due_s,
		  struct err *e)
{
	char fence[NUMBER_TEXT], due[NUMBER_TEXT];

	number_text(fence, lease->fence);
	number_text(due, due_s);
	return db_call(db, SQL_lease_return, NULL, NULL, e, broker, lease->connection, fence,
		       due_s < 0 ? NULL : due, lease->before);
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
