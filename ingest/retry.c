#include "ingest/retry.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/role.h"
#include "base/text.h"
#include "ingest/login.h"
#include "ingest/recording.h"
#include "ingest/shipment.h"

#define SHOWN_MOST 60

static bool answer_read(struct recorded *counts, struct poller *poller,
			const struct connection *connection, int64_t fence, const struct kept *kept,
			struct raw_answer *raw, TALLOC_CTX *mem, struct err *e)
{
	const struct insurer *insurer = insurers_by_issuer(poller->insurers, connection->issuer);
	struct delivery_source source = { .broker = poller->broker,
					  .connection = connection->name,
					  .issuer = connection->issuer,
					  .fence = fence,
					  .read_by = read_by(poller),
					  .answered_ms = kept->answered_ms,
					  .kept = true };
	struct delivery *delivery;
	struct stat st;

	if (!insurer)
		return err_set(e, ERR_SETUP, "there is no insurer file for issuer %s",
			       connection->issuer);
	if (fstat(raw->fd, &st) != 0)
		return err_set(e, ERR_RETRY, "the raw answer cannot be read: %s", strerror(errno));
	raw->len = (uint64_t)st.st_size;
	source.acknowledge_s = connection_acknowledge_s(connection, &insurer->profile);
	source.signature = signature_policy_words[login_signature(connection, &insurer->profile)];
	return raw_answer_read(&delivery, poller, raw, kept->shipment_id, connection,
			       &insurer->profile, mem, e) &&
	       delivery_record(counts, poller, &source, delivery, raw, e);
}

bool kept_read(struct recorded *counts, struct poller *poller, const char *connection,
	       int64_t fence, const struct kept *kept, TALLOC_CTX *mem, struct err *e)
{
	struct raw_answer raw = { .content_type = kept->content_type,
				  .answered_ms = kept->answered_ms };
	struct connection *loaded;
	bool ok;

	if (!connection_load(&loaded, poller->db, poller->broker, connection, mem, e))
		return false;
	raw.fd = blob_open(poller->blobs, kept->raw, e);
	if (raw.fd < 0)
		return false;
	ok = answer_read(counts, poller, loaded, fence, kept, &raw, mem, e);
	if (!ok)
		shipment_trouble(connection, kept->shipment_id, e);
	close(raw.fd);
	return ok;
}

bool kept_relist(const char **unlisted, struct poller *poller, const char *connection,
		 int64_t fence, const char *shipment_id, TALLOC_CTX *mem, struct err *e)
{
	char *fenced = talloc_asprintf(mem, "%" PRId64, fence);
	struct rows *rows;

	if (!db_call(poller->db, SQL_shipment_relist, &rows, mem, e, poller->broker, connection,
		     fenced, shipment_id))
		return false;
	if (!rows_count(rows))
		return err_set(e, ERR_CONFLICT, "shipment %s has left the quarantine meanwhile",
			       text_shown(shipment_id, SHOWN_MOST, mem));
	if (unlisted)
		*unlisted = rows_text(rows, 0, "unlisted");
	return true;
}

static bool retry_one(struct round *round, const struct kept *kept, TALLOC_CTX *mem, struct err *e)
{
	struct poller *poller = round->poller;
	const char *connection = round->lease->connection, *sentence = NULL;
	const int64_t fence = round->lease->fence;
	const char *values[5];
	bool ok = kept->raw
			  ? kept_read(&round->counts->recorded, poller, connection, fence, kept,
				      mem, e)
			  : kept_relist(NULL, poller, connection, fence, kept->shipment_id, mem, e);

	if (!ok &&
	    e->kind == ERR_RETRY) /* the database, the disk, the lease: asked for all the same */
		return false;
	if (!ok)
		sentence = talloc_strdup(mem, e->text);
	else if (kept->raw)
		round->counts->stored++;
	err_clear(e);
	values[0] = poller->broker, values[1] = connection, values[2] = round->fence;
	values[3] = kept->shipment_id, values[4] = sentence;
	return poller_sql(poller, SQL_retry_done, 5, values, NULL, mem, e);
}

bool retries_work(struct round *round, TALLOC_CTX *mem, struct err *e)
{
	struct poller *poller = round->poller;
	const char *values[] = { poller->broker, round->lease->connection };
	struct rows *rows;

	if (!poller_sql(poller, SQL_retry_next, 2, values, &rows, mem, e))
		return false;
	for (int i = 0; i < rows_count(rows) && !role_stopping(); i++) {
		const struct kept kept = {
			.shipment_id = rows_text(rows, i, "shipment_id"),
			.raw = rows_text(rows, i, "raw"),
			.content_type = rows_text(rows, i, "content_type"),
			.answered_ms = rows_int(rows, i, "answered_ms"),
		};
		TALLOC_CTX *each = talloc_new(mem);
		bool ok = retry_one(round, &kept, each, e) &&
			  lease_keep(round->lease, poller->db, poller->broker, e);

		talloc_free(each);
		if (!ok)
			return false;
	}
	return true;
}
