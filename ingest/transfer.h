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

/* What became of an acknowledgement (shipment.acknowledgement). Nobody may take one for another. */
enum acknowledgement {
	ACK_UNSENT, /* it did not go out */
	ACK_PUT_OFF, /* he was busy, out of service, or did not take our login: he looked at nothing */
	ACK_UNANSWERED, /* it went out, and whether he took it nobody knows */
	ACK_REFUSED,    /* he said no, to this one */
	ACK_CONFIRMED,  /* he took it */
	ACK_BEFORE,     /* he had taken one before (04002) */
	ACK_GONE,       /* he has no shipment with this id, or not any more (04003) */
};

/* "unsent", "put_off", ... */
const char *acknowledgement_name(enum acknowledgement became);

/*
 * Tell the insurer that the shipment is ours; he will not offer it again. True: there is nothing more to tell him, became is
 * ACK_CONFIRMED, ACK_BEFORE or ACK_GONE. False: became is one of the others. Never ERR_DELIVERY, for nothing of it is a
 * reason for quarantine: ERR_RETRY.
 */
bool transfer_acknowledge(enum acknowledgement *became, struct session *session,
			  const char *shipment_id, struct err *e);

#endif
