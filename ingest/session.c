#include "ingest/session.h"

#include <string.h>

#include "base/crash.h"
#include "ingest/http_head.h"

#define CANCEL_TIMEOUT_S 5

/* What the operations have in common, as data. Crash points: before the request, head, first bytes, all bytes. */
static const struct operation {
	const char *name;
	enum answer_kind answer;
	bool spooled; /* the token service's answers hold secrets and are never kept */
	bool refused_for_good; /* a refusal that nobody can place is a refused login, lest an account be locked */
	const char *at_request, *at_head, *at_bytes, *at_end;
} operations[SOAP_OPERATIONS] = {
	[SOAP_LOGIN] = { .name = "login",
			 .answer = ANSWER_TOKEN,
			 .refused_for_good = true,
			 .at_end = "token.received" },
	[SOAP_CANCEL] = { .name = "logout", .answer = ANSWER_CANCELLED },
	[SOAP_LIST] = { .name = "list",
			.answer = ANSWER_LIST,
			.spooled = true,
			.at_request = "list.before_call",
			.at_end = "list.answered" },
	[SOAP_GET] = { .name = "get",
		       .answer = ANSWER_DELIVERY,
		       .spooled = true,
		       .at_request = "get.request",
		       .at_head = "get.headers",
		       .at_bytes = "get.body",
		       .at_end = "get.complete" },
	[SOAP_ACKNOWLEDGE] = { .name = "acknowledge",
			       .answer = ANSWER_ACKNOWLEDGE,
			       .spooled = true,
			       .at_head = "ack.sent",
			       .at_end = "ack.answered" },
};

static void pass(const char *crash_point_name)
{
	if (crash_point_name)
		CRASH_POINT(crash_point_name);
}

/* ---- the session ---- */

void session_forget(struct session *session)
{
	struct token *token = &session->token;

	if (!token->identifier)
		return;
	explicit_bzero(token->identifier, strlen(token->identifier));
	talloc_free(token->identifier);
	*token = (struct token){ 0 };
}

static int session_destroy(struct session *session)
{
	session_forget(session);
	return 0;
}

struct session *session_new(const struct connection *connection, const struct profile *profile,
			    const struct session_options *options, TALLOC_CTX *mem, struct err *e)
{
	const struct http_settings settings = {
		.ca_file = connection->ca_file,
		.connect_timeout_s = profile->connect_timeout_s,
		.stall_s = options->stall_s,
		.allow_plain = options->allow_plain,
		.tick = options->tick,
		.tick_self = options->tick_self,
	};
	struct session *session;

	if (profile->signature != SIGNATURE_NONE) {
		err_set(e, ERR_SETUP,
			"the insurer's profile asks for signatures: not yet available in polling");
		return NULL;
	}
	session = talloc_zero(mem, struct session);
	talloc_set_destructor(session, session_destroy);
	session->connection = connection;
	session->profile = profile;
	session->spool = options->spool;
	session->http = http_new(&settings, session, e);
	if (session->http)
		return session;
	talloc_free(session);
	return NULL;
}

bool session_broke_off(const struct session *session)
{
	return session->broke_off;
}

const char *session_answer_type(const struct session *session)
{
	return session->content_type;
}

/* ---- taking one answer ---- */

struct taking {
	struct session *session;
	const struct session_call *call;
	const struct operation *operation;
	TALLOC_CTX *mem;
	struct spool *spool;         /* NULL if this answer is not kept */
	struct answer_source source; /* the spool, for the reader */
	struct reader *reader;
	struct err refused; /* by the reader, before the end */
	bool begun;
};

/* Servers put file names in Latin-1 there. The type goes into the database and is read again at a retry: its own
 * characters are ASCII, the others say nothing. */
static char *plain_type(const char *content_type, TALLOC_CTX *mem)
{
	char *plain = talloc_strdup(mem, content_type);

	for (char *p = plain; p && *p; p++)
		if (*p < 0x20 || *p > 0x7e)
			*p = '?';
	return plain;
}

static bool read_again(void *self, void *to, size_t len, uint64_t offset, struct err *e)
{
	return spool_read(self, to, len, offset, e);
}

static bool take_head(void *self, int status, const char *content_type, struct err *e)
{
	struct taking *t = self;
	const struct reader_limits limits = {
		.answer_bytes_most = t->session->profile->answer_bytes_most,
		.list_most = t->session->profile->list_most,
	};

	pass(t->operation->at_head);
	if (status < 400 && content_type && http_type_is_page(content_type))
		return err_set(
			e, ERR_RETRY,
			"a web page came instead of a SOAP answer (maintenance, or a wrong address)");
	if (t->spool)
		t->session->content_type = plain_type(content_type, t->session);
	t->reader = reader_new(content_type, t->call->shipment_id, &limits, t->call->sink, t->mem);
	if (t->spool)
		reader_rereads(t->reader, &t->source);
	return true;
}

/*
 * What the reader refuses is still taken to the end, for quarantine keeps the whole answer; what
 * went wrong on our side (a full disk) ends the call.
 */
static bool take_bytes(void *self, const void *bytes, size_t len, struct err *e)
{
	struct taking *t = self;

	if (t->spool && !spool_write(t->spool, bytes, len, e))
		return false;
	if (t->refused.kind == ERR_NONE && !reader_feed(t->reader, bytes, len, &t->refused) &&
	    t->refused.kind != ERR_DELIVERY && !*t->refused.code) {
		*e = t->refused;
		return false;
	}
	if (!t->begun)
		pass(t->operation->at_bytes);
	t->begun = true;
	return true;
}

/* Without a frame around it, an answer that lacks its end may have been cut on the way. */
static bool read_end(struct taking *t, bool framed, struct answer **answer, struct err *e)
{
	bool login = t->operation->refused_for_good;

	if (t->refused.kind != ERR_NONE) {
		*e = t->refused;
		return false;
	}
	if (reader_end(t->reader, answer, e)) {
		if ((*answer)->kind == t->operation->answer)
			return true;
		return err_set(e, ERR_DELIVERY, "the answer belongs to another operation");
	}
	if (e->kind == ERR_DELIVERY && reader_refused(t->reader)) {
		e->kind = login ? ERR_LOGIN : ERR_DELIVERY;
	} else if (e->kind == ERR_DELIVERY && !framed) {
		e->kind = ERR_RETRY;
		t->session->broke_off = true;
	}
	return false;
}

/* An error status may bring a fault that says more than the status, but never a success. */
static bool take_end(struct taking *t, const struct http_result *result, struct answer **answer,
		     struct err *e)
{
	struct err why = { 0 };
	bool ok;

	pass(t->operation->at_end);
	ok = read_end(t, result->framed, answer, &why);
	if (ok && result->status < 400)
		return true;
	if (result->status >= 400 && !*why.code && why.kind != ERR_LOGIN) {
		t->session->broke_off = false;
		return http_refusal(result->status, result->retry_after_s, e);
	}
	*e = why;
	if (e->kind == ERR_RETRY && !e->retry_after_s)
		e->retry_after_s = result->retry_after_s;
	return false;
}

/* ---- the call ---- */

static bool is_sts(enum soap_operation operation)
{
	return operation == SOAP_LOGIN || operation == SOAP_CANCEL;
}

static int timeout_of(enum soap_operation operation, const struct profile *profile)
{
	if (operation == SOAP_CANCEL)
		return CANCEL_TIMEOUT_S;
	if (operation == SOAP_LOGIN || operation == SOAP_ACKNOWLEDGE)
		return profile->sts_timeout_s;
	return operation == SOAP_LIST ? profile->list_timeout_s : profile->get_timeout_s;
}

/* The request with all its secrets; they are wiped when mem is freed. NULL if the password cannot
 * be read. */
static struct soap_text *write_request(struct session *session, const struct session_call *call,
				       TALLOC_CTX *mem, struct err *e)
{
	const struct connection *connection = session->connection;
	struct soap_values values = {
		.username = connection->username,
		.token = session->token.identifier ? session->token.identifier : "",
		.consumer_id = connection->consumer_id,
		.shipment_id = call->shipment_id,
	};

	if (call->operation == SOAP_LOGIN) {
		values.password = connection_secret(connection, mem, e);
		if (!values.password)
			return NULL;
	}
	return soap_request(call->operation, session->profile, &values, mem);
}

static bool exchange(struct taking *t, struct answer **answer, TALLOC_CTX *secrets, struct err *e)
{
	struct session *session = t->session;
	enum soap_operation operation = t->call->operation;
	const struct http_taker taker = { t, take_head, take_bytes };
	struct soap_text *text = write_request(session, t->call, secrets, e);
	struct http_request request;
	struct http_result result;

	if (!text)
		return false;
	request = (struct http_request){
		.url = is_sts(operation) ? session->connection->sts_url
					 : session->connection->transfer_url,
		.action = soap_action(operation, session->profile, secrets),
		.body = text->text,
		.len = text->len,
		.timeout_s = timeout_of(operation, session->profile),
		.answer_bytes_most = session->profile->answer_bytes_most,
	};
	pass(t->operation->at_request);
	if (http_post(&result, session->http, &request, &taker, e))
		return take_end(t, &result, answer, e);
	session->broke_off = result.broke_off && result.status < 400;
	return false;
}

bool session_exchange(struct answer **answer, struct session *session,
		      const struct session_call *call, TALLOC_CTX *mem, struct err *e)
{
	TALLOC_CTX *attempt = talloc_new(mem);
	TALLOC_CTX *secrets = talloc_new(NULL);
	struct taking t = {
		.session = session,
		.call = call,
		.operation = &operations[call->operation],
		.mem = attempt,
	};
	bool ok;

	if (session->spool && t.operation->spooled) {
		t.spool = session->spool;
		t.source = (struct answer_source){ session->spool, read_again };
		spool_rewind(t.spool);
		TALLOC_FREE(session->content_type);
	}
	session->broke_off = false;
	ok = exchange(&t, answer, secrets, e);
	talloc_free(secrets);
	if (ok)
		return true;
	err_prefix(e, "%s", t.operation->name);
	talloc_free(attempt);
	if (call->sink)
		call->sink->abandon(call->sink->self);
	return false;
}

void session_close(struct session *session)
{
	const struct session_call call = { .operation = SOAP_CANCEL };
	struct err ignored = { 0 };
	struct answer *answer;

	if (session->token.identifier)
		session_exchange(&answer, session, &call, session, &ignored);
	talloc_free(session);
}
