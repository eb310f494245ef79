#include "matcher/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/text.h"
#include "base/uuid7.h"
#include "matcher/decide_all.h"
#include "matcher/facts.h"
#include "matcher/notice.h"
#include "matcher/stored.h"

#define RECORD_ATTEMPTS 5 /* each was somebody else's success */

/* One delivery on its way into the database. */
struct recording {
	const struct matcher *matcher;
	const struct delivery_source *source;
	const struct delivery *delivery;
	const struct facts **facts; /* one a document, in order */
	size_t count;
	json_t *documents, *events;
	struct recorded counts;
	TALLOC_CTX *mem;
};

static void facts_collect(struct recording *r)
{
	char received[CLOCK_TEXT_SIZE];
	const struct delivery *delivery = r->delivery;
	const struct facts_setting setting = {
		.insurers = r->matcher->insurers,
		.issuer = r->source->issuer,
		.received = talloc_strdup(r->mem, clock_text(received, clock_wall_ms())),
		.strict_lines = r->matcher->strict_lines,
		.weighing = r->matcher->weighing,
	};

	for (size_t i = 0; i < delivery->transfer_count; i++)
		r->count += delivery->transfers[i].document_count;
	r->facts = talloc_array(r->mem, const struct facts *, r->count);
	r->count = 0;
	for (size_t i = 0; i < delivery->transfer_count; i++) {
		const struct transfer *transfer = &delivery->transfers[i];
		const struct facts *facts =
			facts_of_transfer(&setting, &delivery->head, transfer, r->mem);

		for (size_t k = 0; k < transfer->document_count; k++)
			r->facts[r->count++] = &facts[k];
	}
}

static void events_add(struct recording *r, const char *document_id, const struct facts *facts,
		       const struct verdict *verdict)
{
	struct notice notice = {
		.document_id = document_id,
		.connection = r->source->connection,
		.shipment_id = r->delivery->head.id,
		.issuer = facts->issuer,
		.category = business_class_text(facts->class),
		.business_case = facts->transfer->business_case,
		.media_type = facts->document->media_type,
		.document = facts->document,
		.transfer = facts->transfer,
		.shipment = facts->shipment,
		.contract_id = verdict->contract_id,
		.customer_id = verdict->customer_id,
		.collective = verdict->more_count > 0,
		.tier = verdict->filed ? tier_text(verdict->tier) : NULL,
		.reason = verdict->filed ? NULL : reason_text(verdict->reason),
	};

	json_array_append_new(r->events, notice_row(verdict->filed ? EVENT_DOCUMENT_ATTACHED
								   : EVENT_DOCUMENT_UNMATCHED,
						    &notice));
	for (size_t i = 0; i < verdict->more_count; i++) {
		notice.contract_id = verdict->more[i].contract_id;
		notice.customer_id = verdict->more[i].customer_id;
		json_array_append_new(r->events, notice_row(EVENT_DOCUMENT_ATTACHED, &notice));
	}
	r->counts.events += 1 + (int)verdict->more_count;
}

static void document_add(struct recording *r, const struct facts *facts,
			 const struct verdict *verdict, int transfer_no, int file_no)
{
	char id[UUID_TEXT_SIZE];
	json_t *row = stored_row(facts, uuid7_text(id), transfer_no, file_no);

	if (r->matcher->shadow)
		verdict_put_shadow(row, verdict);
	else
		verdict_put(row, verdict);
	json_array_append_new(r->documents, row);
	if (!r->matcher->shadow)
		events_add(r, id, facts, verdict);
	r->counts.documents++;
	if (verdict->filed && !r->matcher->shadow)
		r->counts.filed++;
	else
		r->counts.queued++;
}

static void documents_add(struct recording *r, struct verdict *const *verdicts)
{
	size_t next = 0;

	for (size_t i = 0; i < r->delivery->transfer_count; i++) {
		const struct transfer *transfer = &r->delivery->transfers[i];
		int file_no = 0;

		for (size_t k = 0; k < transfer->document_count; k++) {
			document_add(r, r->facts[next], verdicts[next], (int)i + 1,
				     transfer->documents[k].data ? 0 : ++file_no);
			next++;
		}
	}
}

static char *json_take(json_t *json, TALLOC_CTX *mem)
{
	char *dumped = json_dumps(json, JSON_COMPACT);
	char *text = talloc_strdup(mem, dumped);

	free(dumped);
	json_decref(json);
	return text;
}

/* Transfers without a document leave no row of their own: the shipment keeps what they said. */
static json_t *shipment_facts(const struct delivery_source *source, const struct delivery *delivery)
{
	json_t *facts = stored_shipment(&delivery->head);
	json_t *warnings = json_array(), *bare = json_array();

	for (size_t i = 0; i < delivery->warning_count; i++)
		json_array_append_new(warnings, json_outside(delivery->warnings[i]));
	for (size_t i = 0; i < delivery->transfer_count; i++)
		if (!delivery->transfers[i].document_count)
			json_array_append_new(bare, stored_transfer(&delivery->transfers[i]));
	json_object_set_new(facts, "transfers", json_integer((json_int_t)delivery->transfer_count));
	json_object_set_new(facts, "transfers_without_documents", bare);
	json_object_set_new(facts, "warnings", warnings);
	json_object_set_new(facts, "signature", json_outside(delivery->signature));
	json_object_set_new(facts, "signer", json_outside(delivery->signer));
	json_object_set_new(facts, "signature_policy", json_outside(source->signature));
	json_object_set_new(facts, "read_by", json_outside(source->read_by));
	return facts;
}

/* A lost lease and a shipment that is already stored both leave everything as it was; only the first is an
 * error. anew: nothing was written, for something was taken from a contract after it was decided. */
static bool answer_judge(bool *anew, const struct recording *r, const struct rows *rows,
			 struct recorded *counts, struct err *e)
{
	const char *before = rows_text(rows, 0, "before");

	*counts = (struct recorded){ 0 };
	if (!rows_bool(rows, 0, "held"))
		return err_set(e, ERR_CONFLICT, "the lease on connection %s was lost",
			       r->source->connection);
	if (rows_bool(rows, 0, "moved")) {
		*counts = r->counts;
		counts->events -= (int)rows_int(rows, 0, "untold");
		return true;
	}
	if (!before)
		return err_set(e, ERR_BUG, "a shipment was recorded that was never listed");
	if (!strcmp(before, "stored") || !strcmp(before, "acknowledged"))
		return true;
	*anew = !rows_bool(rows, 0, "stands");
	if (*anew)
		return true;
	return err_set(e, ERR_CONFLICT, "another worker recorded the shipment at the same moment");
}

static bool recording_send(bool *anew, struct recording *r, struct recorded *counts, struct err *e)
{
	const char *values[] = {
		r->matcher->broker,
		r->source->connection,
		r->delivery->head.id,
		talloc_asprintf(r->mem, "%lld", (long long)r->source->fence),
		json_take(shipment_facts(r->source, r->delivery), r->mem),
		json_take(r->documents, r->mem),
		json_take(r->events, r->mem),
		r->source->acknowledge_s < 0
			? NULL
			: talloc_asprintf(r->mem, "%lld", (long long)r->source->acknowledge_s),
		delivery_links(r->delivery) ? "link" : NULL,
		talloc_asprintf(r->mem, "%lld", (long long)r->source->answered_ms),
		r->source->kept ? "1" : "0",
	};
	struct rows *rows;

	CRASH_POINT("record.before");
	if (!db_send(r->matcher->db, SQL_delivery_record, sizeof values / sizeof *values, values,
		     e))
		return false;
	CRASH_POINT("record.sent");
	if (!db_receive(r->matcher->db, &rows, r->mem, e))
		return false;
	CRASH_POINT("record.committed");
	return answer_judge(anew, r, rows, counts, e);
}

static bool decide_and_send(bool *anew, struct recording *r, struct recorded *counts, struct err *e)
{
	struct stock_source stock = stock_of_database(r->matcher);
	struct verdict **verdicts = talloc_array(r->mem, struct verdict *, r->count);

	*anew = false;
	if (!decide_all(verdicts, r->facts, r->count, &stock, r->matcher->insurers, r->mem, e))
		return false;
	r->documents = json_array();
	r->events = json_array();
	r->counts = (struct recorded){ 0 };
	documents_add(r, verdicts);
	return recording_send(anew, r, counts, e);
}

static bool record(void *self, const struct delivery_source *source,
		   const struct delivery *delivery, struct recorded *counts, struct err *e)
{
	struct recording r = { .matcher = *(const struct matcher **)self,
			       .source = source,
			       .delivery = delivery,
			       .mem = talloc_new(NULL) };
	bool anew = true, ok = true;

	facts_collect(&r);
	for (int i = 0; ok && anew && i < RECORD_ATTEMPTS; i++)
		ok = decide_and_send(&anew, &r, counts, e);
	if (ok && anew)
		ok = err_set(e, ERR_RETRY, "its contracts change again and again");
	talloc_free(r.mem);
	return ok;
}

struct recorder *recorder_new(const struct matcher *matcher, TALLOC_CTX *mem)
{
	struct recorder *recorder = talloc_zero(mem, struct recorder);
	const struct matcher **self = talloc(recorder, const struct matcher *);

	*self = matcher;
	recorder->self = self;
	recorder->record = record;
	return recorder;
}
