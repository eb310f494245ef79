#include "ingest/recording.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ingest/login.h"
#include "ingest/reading.h"
#include "ingest/refusal.h"
#include "ingest/times.h"

/* ---- reading again ---- */

static bool read_at(void *self, void *to, size_t len, uint64_t offset, struct err *e)
{
	const struct raw_answer *raw = self;
	ssize_t n = pread(raw->fd, to, len, (off_t)offset);

	if (n == (ssize_t)len)
		return true;
	return err_set(e, ERR_RETRY, "the raw answer cannot be read: %s",
		       n < 0 ? strerror(errno) : "it is shorter than it was");
}

static bool feed_all(struct reading *reading, const struct raw_answer *raw, struct err *e)
{
	char bytes[65536];

	for (uint64_t at = 0; at < raw->len;) {
		size_t n = raw->len - at < sizeof bytes ? (size_t)(raw->len - at) : sizeof bytes;

		if (!read_at((void *)(uintptr_t)raw, bytes, n, at, e) ||
		    !reading_feed(reading, bytes, n, e))
			return false;
		at += n;
	}
	return true;
}

bool raw_answer_read(struct delivery **delivery, struct poller *poller,
		     const struct raw_answer *raw, const char *shipment_id,
		     const struct connection *connection, const struct profile *profile,
		     TALLOC_CTX *mem, struct err *e)
{
	struct document_sink *sink = blob_sink(poller->blobs);
	struct login_files files;
	struct reading_task task = {
		.whose = connection->name,
		.content_type = raw->content_type,
		.expected_id = shipment_id,
		.limits = { profile->answer_bytes_most, profile->list_most },
		.sink = sink,
		.kept_fd = &raw->fd,
		.policy = login_signature(connection, profile),
		.now_ms = raw->answered_ms,
	};
	struct reading *reading;
	struct answer *answer;

	if (!login_files_load(&files, connection, profile, mem, e))
		return false;
	task.trust = files.trust;
	reading = reading_begin(poller->cage, &task, mem);
	if (!feed_all(reading, raw, e) || !reading_end(reading, &answer, e)) {
		sink->abandon(sink->self);
		return false;
	}
	times_settle(answer, profile);
	*delivery = answer->delivery;
	return answer->kind == ANSWER_DELIVERY ||
	       refusal_set(e, REFUSAL_OTHER_OPERATION,
			   "the raw answer is no answer to getShipment");
}

/* ---- recording ---- */

const char *read_by(const struct poller *poller)
{
	return poller->cage ? "vorpost-reader " VORPOST_VERSION : "vorpost " VORPOST_VERSION;
}

static void data_document(struct transfer *transfer, const struct raw_answer *raw,
			  const char *sha256, TALLOC_CTX *mem)
{
	struct document *document = talloc_zero(mem, struct document);

	document->data = true;
	document->size = raw->len;
	document->media_type = talloc_strdup(document, "application/xml");
	memcpy(document->sha256, sha256, sizeof document->sha256);
	transfer->documents = document;
	transfer->document_count = 1;
}

/* A transfer that brings data but no file: the answer itself is its document, so that nothing is
 * lost. */
static bool keep_data(struct poller *poller, struct delivery *delivery,
		      const struct raw_answer *raw, struct err *e)
{
	char sha256[SHA256_TEXT_SIZE] = "";

	for (size_t i = 0; i < delivery->transfer_count; i++) {
		struct transfer *transfer = &delivery->transfers[i];

		if (transfer->document_count)
			continue;
		if (!*sha256 && !blob_keep(poller->blobs, raw->fd, raw->len, sha256, e))
			return false;
		data_document(transfer, raw, sha256, delivery->transfers);
	}
	return true;
}

bool delivery_record(struct recorded *counts, struct poller *poller,
		     const struct delivery_source *source, struct delivery *delivery,
		     const struct raw_answer *raw, struct err *e)
{
	struct patience patience = { 0 };
	struct recorded now = { 0 };

	if (!keep_data(poller, delivery, raw, e))
		return false;
	/* Recording twice changes nothing. */
	while (!poller->recorder->record(poller->recorder->self, source, delivery, &now, e)) {
		if (!patience_left(&patience, poller, e))
			return false;
		now = (struct recorded){ 0 };
	}
	counts->documents += now.documents;
	counts->filed += now.filed;
	counts->queued += now.queued;
	counts->events += now.events;
	return true;
}
