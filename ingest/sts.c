#include "ingest/sts.h"

#include <string.h>

#include "base/clock.h"
#include "base/zone.h"
#include "ingest/limits.h"
#include "ingest/refusal.h"
#include "ingest/status.h"

/* "...Z" or "...+01:00" after the time; a bare date has neither. */
static bool has_zone(const char *expires)
{
	const char *time = strchr(expires, 'T');

	return time && strpbrk(time, "Z+-");
}

int64_t token_life_ms(const char *expires, const char *zone, int64_t wall_ms)
{
	struct err unreadable = { 0 };
	int64_t end_ms, left;

	if (!expires || !zone_parse(&end_ms, expires, zone, &unreadable))
		return TOKEN_UNCLEAR_MS;
	left = end_ms - wall_ms;
	left = left > 2 * TOKEN_MARGIN_MS ? left - TOKEN_MARGIN_MS : left / 2;
	if (!has_zone(expires))
		return left > 0 && left < TOKEN_UNCLEAR_MS ? left : TOKEN_UNCLEAR_MS;
	if (left <= 0)
		return 0;
	return left < TOKEN_MOST_MS ? left : TOKEN_MOST_MS;
}

static bool token_take(struct session *session, struct answer *answer, struct err *e)
{
	int64_t life =
		token_life_ms(answer->token_expires, session->profile->time_zone, clock_wall_ms());

	if (!answer->token || !*answer->token)
		return refusal_set(e, REFUSAL_TOKEN_MISSING, "login: the answer holds no token");
	if (life == 0)
		return err_set(e, ERR_RETRY,
			       "login: the token has expired already; one of the clocks is wrong");
	session->token.identifier = talloc_strdup(session, answer->token);
	session->token.good_until_ms = clock_monotonic_ms() + life;
	return true;
}

/* Whoever refuses a credential in the words of a session or of HTTP has still refused the
 * credential. */
static void refusal_is_final(struct err *e)
{
	if (e->kind == ERR_RETRY && !strcmp(e->code, CODE_SESSION_EXPIRED))
		e->kind = ERR_LOGIN;
}

static bool log_in_now(struct session *session, struct err *e)
{
	const struct session_call call = { .operation = SOAP_LOGIN };
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct answer *answer;
	bool ok;

	session->logins++;
	ok = session_exchange(&answer, session, &call, tmp, e);
	if (!ok) {
		refusal_is_final(e);
	} else {
		ok = token_take(session, answer, e);
		if (answer->token)
			explicit_bzero(answer->token, strlen(answer->token));
	}
	talloc_free(tmp);
	return ok;
}

static bool log_in(struct session *session, struct err *e)
{
	const struct gate *gate = session->gate;
	bool ok;

	if (gate && !gate->login_enter(gate->self, e))
		return false;
	ok = log_in_now(session, e);
	if (gate)
		gate->login_leave(gate->self, ok ? NULL : e);
	return ok;
}

bool token_get(struct session *session, struct err *e)
{
	if (!login_has_token(session->login))
		return true;
	if (session->token.identifier && clock_monotonic_ms() < session->token.good_until_ms)
		return true;
	session_forget(session);
	return log_in(session, e);
}
