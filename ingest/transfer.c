#include "ingest/transfer.h"

#include <stdio.h>
#include <string.h>

#include "ingest/refusal.h"
#include "ingest/status.h"
#include "ingest/sts.h"

static bool session_refused(const struct err *e)
{
	return e->kind == ERR_RETRY && !strcmp(e->code, CODE_SESSION_EXPIRED);
}

/* The second refusal in a row, with a token that is seconds old. Where there is none, it is the credential itself. */
static void refused_again(const struct session *session, struct err *e)
{
	if (!session_refused(e))
		return;
	if (login_has_token(session->login)) {
		err_prefix(e, "refused again after a fresh login");
	} else {
		e->kind = ERR_LOGIN;
		err_prefix(e, "the credential was refused twice");
	}
}

static bool call_twice(struct answer **answer, struct session *session,
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
	refused_again(session, e);
	return false;
}

/* OK with a warning is success; whoever runs the machines hears of it. */
static void warnings_note(struct session *session, const struct answer *answer)
{
	bool warns = false;

	for (size_t i = 0; i < answer->message_count; i++) {
		const struct message_entry *message = &answer->messages[i];

		if (!status_warns(message->kind, message->code))
			continue;
		warns = true;
		if (status_is_code(message->code))
			snprintf(session->warned_of, sizeof session->warned_of, "%s",
				 message->code);
	}
	session->warned += warns;
}

/* Where each call proves who we are, the first one is the login. */
static bool call_admitted(struct answer **answer, struct session *session,
			  const struct session_call *call, TALLOC_CTX *mem, struct err *e)
{
	const struct gate *gate = session->gate;
	bool ok;

	if (!gate || session->proven || login_has_token(session->login))
		return call_twice(answer, session, call, mem, e);
	if (!gate->login_enter(gate->self, e))
		return false;
	ok = session->proven = call_twice(answer, session, call, mem, e);
	gate->login_leave(gate->self, ok ? NULL : e);
	return ok;
}

static bool call_logged_in(struct answer **answer, struct session *session,
			   const struct session_call *call, TALLOC_CTX *mem, struct err *e)
{
	if (!call_admitted(answer, session, call, mem, e))
		return false;
	warnings_note(session, *answer);
	return true;
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

/* ---- acknowledging ---- */

const char *acknowledgement_name(enum acknowledgement became)
{
	static const char *const names[] = {
		[ACK_UNSENT] = "unsent",
		[ACK_PUT_OFF] = "put_off",
		[ACK_UNANSWERED] = "unanswered",
		[ACK_REFUSED] = "refused",
		[ACK_CONFIRMED] = "confirmed",
		[ACK_BEFORE] = "before",
		[ACK_GONE] = "gone",
	};

	return names[became];
}

/* Codes that speak of the insurer or of our session, not of the shipment. */
static bool is_elsewhere(const char *code)
{
	enum err_kind route = status_lookup(code)->route;

	return strcmp(code, CODE_NOT_ACKNOWLEDGED) != 0 &&
	       (route == ERR_RETRY || route == ERR_LOGIN);
}

/* An answer in HTTP's words alone: a gateway that timed out may have passed the call on, one that says "busy" or "no such
 * service" has not. */
static bool is_turned_away(int status)
{
	return (status >= 400 && status < 500) || status == 503;
}

static enum acknowledgement became_of(const struct session *session, const struct err *e)
{
	if (!strcmp(e->code, CODE_ACKNOWLEDGED_BEFORE))
		return ACK_BEFORE;
	if (!strcmp(e->code, CODE_NO_SUCH_SHIPMENT))
		return ACK_GONE;
	if (!session_sent(session))
		return ACK_UNSENT;
	if (*e->code)
		return is_elsewhere(e->code) ? ACK_PUT_OFF : ACK_REFUSED;
	if (e->refusal == REFUSAL_INSURER)
		return ACK_REFUSED;
	return is_turned_away(session_status(session)) ? ACK_PUT_OFF : ACK_UNANSWERED;
}

bool transfer_acknowledge(enum acknowledgement *became, struct session *session,
			  const char *shipment_id, struct err *e)
{
	const struct session_call call = {
		.operation = SOAP_ACKNOWLEDGE,
		.shipment_id = shipment_id,
	};
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct answer *answer;
	bool ok = call_logged_in(&answer, session, &call, tmp, e);

	*became = ok ? ACK_CONFIRMED : became_of(session, e);
	if (*became == ACK_BEFORE || *became == ACK_GONE)
		err_clear(e);
	else if (!ok && e->kind == ERR_DELIVERY)
		e->kind = ERR_RETRY;
	talloc_free(tmp);
	return *became >= ACK_CONFIRMED;
}
