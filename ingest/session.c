#include "ingest/session.h"

#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "ingest/http_head.h"
#include "ingest/refusal.h"
#include "ingest/times.h"
#include "ingest/trust_sign.h"

#define CANCEL_TIMEOUT_S 5
#define SIGNED_FOR_MS    (5 * 60 * 1000) /* how long a signed login is good */

/* What the operations have in common, as data. Crash points: before the request, head, first bytes that are handed over, all bytes. */
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

/* What is left in it may be another connection's, and none of our reading process's business. */
static bool begin_spool(struct session *session, struct err *e)
{
	if (session->spool)
		return spool_clear(session->spool, e);
	return session->signature == SIGNATURE_NONE ||
	       err_set(e, ERR_BUG, "a session that verifies signatures has no spool");
}

struct session *session_new(const struct connection *connection, const struct profile *profile,
			    const struct session_options *options, TALLOC_CTX *mem, struct err *e)
{
	struct http_settings settings = {
		.ca_file = connection->ca_file,
		.crl_file = connection->ca_crl_file,
		.connect_timeout_s = profile->connect_timeout_s,
		.stall_s = options->stall_s,
		.allow_plain = options->allow_plain,
		.tick = options->tick,
		.tick_self = options->tick_self,
	};
	struct session *session;

	session = talloc_zero(mem, struct session);
	talloc_set_destructor(session, session_destroy);
	session->connection = connection;
	session->profile = profile;
	session->spool = options->spool;
	session->cage = options->cage;
	session->gate = options->gate;
	session->login = login_of(connection, profile);
	session->signature = login_signature(connection, profile);
	if (login_files_load(&session->files, connection, profile, session, e)) {
		if (session->login == LOGIN_TLS)
			settings.identity = session->files.identity;
		session->http = http_new(&settings, session, e);
	}
	if (session->http && begin_spool(session, e)) {
		cage_warm(session->cage, connection->name, SIGNATURE_NONE,
			  spool_view(session->spool));
		return session;
	}
	talloc_free(session);
	return NULL;
}

bool session_broke_off(const struct session *session)
{
	return session->broke_off;
}

bool session_sent(const struct session *session)
{
	return session->sent;
}

int session_status(const struct session *session)
{
	return session->status;
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
	struct spool *spool; /* NULL if this answer is not kept */
	struct reading *reading;
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

static bool take_head(void *self, int status, const char *content_type, struct err *e)
{
	struct taking *t = self;
	const struct session *session = t->session;
	const struct reading_task task = {
		.whose = session->connection->name,
		.content_type = content_type,
		.expected_id = t->call->shipment_id,
		.limits = { session->profile->answer_bytes_most, session->profile->list_most },
		.sink = t->call->sink,
		.kept_fd = spool_view(t->spool),
		/* What the token service says goes nowhere but into our next request; what the transfer
		 * service says is filed. */
		.policy = t->spool ? session->signature : SIGNATURE_NONE,
		.trust = session->files.trust,
		.now_ms = clock_wall_ms(),
	};

	pass(t->operation->at_head);
	if (status < 400 && content_type && http_type_is_page(content_type))
		return err_set(
			e, ERR_RETRY,
			"a web page came instead of a SOAP answer (maintenance, or a wrong address)");
	if (t->spool)
		t->session->content_type = plain_type(content_type, t->session);
	t->reading = reading_begin(t->session->cage, &task, t->mem);
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
	if (t->refused.kind == ERR_NONE && !reading_feed(t->reading, bytes, len, &t->refused) &&
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
	if (reading_end(t->reading, answer, e)) {
		times_settle(*answer, t->session->profile);
		return answer_fits(*answer, t->operation->answer, e);
	}
	if (e->kind == ERR_DELIVERY && reading_refused(t->reading)) {
		e->kind = login ? ERR_LOGIN : ERR_DELIVERY;
	} else if (e->kind == ERR_DELIVERY && !framed && reading_lacks_end(t->reading)) {
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

/* ---- the request: all its secrets are wiped when mem is freed ---- */

/* An answer of ours to "who are you": signed now, for a few minutes. */
static bool write_signed(struct http_request *request, struct session *session,
			 struct soap_values *values, TALLOC_CTX *mem, struct err *e)
{
	char created[CLOCK_TEXT_SIZE], expires[CLOCK_TEXT_SIZE];
	int64_t now = clock_wall_ms();
	struct soap_text *text;
	char *bytes;

	values->created = clock_text(created, now);
	values->expires = clock_text(expires, now + SIGNED_FOR_MS);
	values->certificate = trust_sign_token(session->files.identity, mem);
	text = soap_request(SOAP_LOGIN, session->profile, values, mem);
	if (!trust_sign(&bytes, &request->len, text->text, text->len, session->files.identity, mem,
			e))
		return false;
	request->body = bytes;
	return true;
}

/* The login's secret, where this call sends it: the password to the token service, the others to the transfer service. */
static bool put_secret(struct http_request *request, struct soap_values *values,
		       const struct session *session, enum soap_operation operation,
		       TALLOC_CTX *mem, struct err *e)
{
	char *secret;

	if ((operation == SOAP_LOGIN) != login_has_token(session->login))
		return true;
	if (!login_secret(&secret, session->connection, session->login, mem, e))
		return false;
	if (session->login == LOGIN_PASSWORD)
		values->password = secret;
	else if (session->login == LOGIN_SAML)
		values->assertion = secret;
	else
		request->bearer = secret;
	return true;
}

static bool write_request(struct http_request *request, struct session *session,
			  const struct session_call *call, TALLOC_CTX *mem, struct err *e)
{
	const struct connection *connection = session->connection;
	struct soap_values values = {
		.login = session->login,
		.username = connection->username,
		.token = session->token.identifier ? session->token.identifier : "",
		.consumer_id = connection->consumer_id,
		.shipment_id = call->shipment_id,
	};
	struct soap_text *text;

	if (!put_secret(request, &values, session, call->operation, mem, e))
		return false;
	if (call->operation == SOAP_LOGIN && session->login == LOGIN_CERTIFICATE)
		return write_signed(request, session, &values, mem, e);
	text = soap_request(call->operation, session->profile, &values, mem);
	request->body = text->text;
	request->len = text->len;
	return true;
}

static bool may_call(const struct session *session, enum soap_operation operation, struct err *e)
{
	return !session->gate || operation == SOAP_CANCEL ||
	       session->gate->call(session->gate->self, e);
}

static void tell_busy(const struct session *session, const struct http_result *result)
{
	if (session->gate && (result->status == 429 || result->status == 503))
		session->gate->busy(session->gate->self, result->retry_after_s);
}

static bool exchange(struct taking *t, struct answer **answer, TALLOC_CTX *secrets, struct err *e)
{
	struct session *session = t->session;
	enum soap_operation operation = t->call->operation;
	const struct http_taker taker = { t, take_head, take_bytes };
	struct http_request request = {
		.url = is_sts(operation) ? session->connection->sts_url
					 : session->connection->transfer_url,
		.action = soap_action(operation, session->profile, secrets),
		.timeout_s = timeout_of(operation, session->profile),
		.answer_bytes_most = session->profile->answer_bytes_most,
	};
	struct http_result result;
	bool came;

	if (!may_call(session, operation, e))
		return false;
	if (!write_request(&request, session, t->call, secrets, e))
		return false;
	pass(t->operation->at_request);
	came = http_post(&result, session->http, &request, &taker, e);
	session->sent = result.sent && !is_sts(operation);
	session->status = result.status;
	tell_busy(session, &result);
	if (came)
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
		spool_rewind(t.spool);
		TALLOC_FREE(session->content_type);
	}
	session->broke_off = session->sent = false;
	session->status = 0;
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
