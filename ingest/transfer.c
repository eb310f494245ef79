#include "ingest/transfer.h"

#include <string.h>

#include "ingest/status.h"
#include "ingest/sts.h"

static bool session_refused(const struct err *e)
{
	return e->kind == ERR_RETRY && !strcmp(e->code, CODE_SESSION_EXPIRED);
}

/* The second refusal in a row, with a token that is seconds old. */
static void refused_again(struct err *e)
{
	if (session_refused(e))
		err_prefix(e, "refused again after a fresh login");
}

static bool call_logged_in(struct answer **answer, struct session *session,
			   const struct session_call *call, TALLOC_CTX *mem, struct err *e)
{
	if (!token_get(session, e))
		return false;
	if (session_exchange(answer, session, call, mem, e))
		return true;
	if (!session_refused(e))
		return false;
	err_clear(e);
	session_forget(session);
	if (!token_get(session, e))
		return false;
	if (session_exchange(answer, session, call, mem, e))
		return true;
	refused_again(e);
	return false;
}

bool transfer_list(struct shipment_list *list, struct session *session, TALLOC_CTX *mem,
		   struct err *e)
{
	const struct session_call call = { .operation = SOAP_LIST };
	struct answer *answer;

	if (!call_logged_in(&answer, session, &call, mem, e))
		return false;
	*list = answer->list;
	return true;
}

bool transfer_get(struct delivery **delivery, struct session *session, const char *shipment_id,
		  struct document_sink *sink, TALLOC_CTX *mem, struct err *e)
{
	const struct session_call call = {
		.operation = SOAP_GET,
		.shipment_id = shipment_id,
		.sink = sink,
	};
	struct answer *answer;

	if (!call_logged_in(&answer, session, &call, mem, e))
		return false;
	*delivery = answer->delivery;
	return true;
}

static bool is_gone(const struct err *e)
{
	return !strcmp(e->code, "04002") || !strcmp(e->code, "04003");
}

bool transfer_acknowledge(struct session *session, const char *shipment_id, struct err *e)
{
	const struct session_call call = {
		.operation = SOAP_ACKNOWLEDGE,
		.shipment_id = shipment_id,
	};
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct answer *answer;
	bool ok = call_logged_in(&answer, session, &call, tmp, e);
	bool was_gone = !ok && is_gone(e);

	if (was_gone)
		err_clear(e);
	else if (!ok && e->kind == ERR_DELIVERY)
		e->kind = ERR_RETRY;
	talloc_free(tmp);
	return ok || was_gone;
}
