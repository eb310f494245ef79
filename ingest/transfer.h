/*
 * transfer.h -- the transfer service (norm 430): which shipments wait, one of them, and that we
 * have it.
 *
 * Each call logs in if there is no token. If the session is refused (MeldungID 00962, HTTP 401 or 403)
 * it logs in anew exactly once and repeats the call exactly once; a second refusal stays ERR_RETRY
 * "00962" and is the caller's.
 *
 * All fail as session_exchange (session.h) and token_get (sts.h). e may not be NULL.
 */
#ifndef INGEST_TRANSFER_H
#define INGEST_TRANSFER_H

#include <stdbool.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/session.h"
#include "model/delivery.h"
#include "model/document_sink.h"

/* list: its items are children of mem, in the insurer's order; empty is success. */
bool transfer_list(struct shipment_list *list, struct session *session, TALLOC_CTX *mem,
		   struct err *e);

/*
 * delivery: child of mem; its documents went to the sink. ERR_DELIVERY means quarantine: the
 * session's spool then holds the whole answer, session_answer_type its type. A repetition after a
 * login begins the spool anew.
 */
bool transfer_get(struct delivery **delivery, struct session *session, const char *shipment_id,
		  struct document_sink *sink, TALLOC_CTX *mem, struct err *e);

/*
 * Tell the insurer that the shipment is ours; he will not offer it again. That it was acknowledged before or is not
 * there any more (04002, 04003) is success. Never ERR_DELIVERY: an answer that cannot be read leaves open what happened
 * and is ERR_RETRY; the next list settles it.
 */
bool transfer_acknowledge(struct session *session, const char *shipment_id, struct err *e);

#endif
