#include "ingest/status.h"

#include <string.h>

#include "base/text.h"

/*
 * The most telling first: where an answer carries several codes, the one whose row stands highest decides.
 * A locked or refused login outranks everything, so that we never hammer an account; an expired session outranks
 * the general "authentication failed" that insurers like to put beside it.
 */
static const struct status_code table[] = {
	{ "00964", "00966", ERR_LOGIN, "account locked or password expired" },
	{ "00961", "00961", ERR_LOGIN, "credentials refused" },
	{ "00963", "00963", ERR_LOGIN, "timestamp or signature of the request refused" },
	{ CODE_SESSION_EXPIRED, CODE_SESSION_EXPIRED, ERR_RETRY, "session expired" },
	{ "00940", "00949", ERR_RETRY, "insurer temporarily out of service" },
	{ "04003", "04003", ERR_DELIVERY, "no shipment with this id" },
	{ "04006", "04006", ERR_DELIVERY, "shipment no longer available, its time ran out" },
	{ "04002", "04002", ERR_DELIVERY, "shipment was acknowledged before" },
	{ "04004", "04004", ERR_RETRY, "acknowledgement not possible" },
	{ "04005", "04005", ERR_SETUP, "category filter not supported" },
	{ "00007", "00007", ERR_SETUP, "request does not fit the insurer's schema" },
	{ "00008", "00008", ERR_SETUP, "request violates the insurer's policy" },
	{ "00009", "00009", ERR_SETUP, "operation not offered" },
	{ "00931", "00931", ERR_SETUP, "request body refused" },
	{ "00932", "00932", ERR_RETRY, "technical error at the insurer" },
	{ "00901", "00920", ERR_SETUP, "security header refused" },
	{ "00960", "00960", ERR_LOGIN, "authentication failed" },
	{ "00900", "00999", ERR_SETUP, "call refused" },
	{ CODE_NO_SHIPMENTS, CODE_NO_SHIPMENTS, ERR_DELIVERY, "no shipments" },
	{ "01101", "01101", ERR_DELIVERY, "no object with this key" },
	{ "00001", "00002", ERR_DELIVERY, "request incomplete or ambiguous" },
	{ CODE_CUT_OFF, CODE_CUT_OFF, ERR_DELIVERY, "a text was cut off" },
};
static const struct status_code other = { "", "", ERR_DELIVERY, "other" };

static size_t rank(const char *code)
{
	const size_t rows = sizeof table / sizeof table[0];
	size_t i;

	if (!code || strlen(code) != 5)
		return rows + !code;
	for (i = 0; i < rows; i++)
		if (strcmp(table[i].first, code) <= 0 && strcmp(code, table[i].last) <= 0)
			break;
	return i;
}

const struct status_code *status_lookup(const char *code)
{
	size_t i = rank(code);

	return i < sizeof table / sizeof table[0] ? &table[i] : &other;
}

bool status_outranks(const char *code, const char *than)
{
	return rank(code) < rank(than);
}

bool status_good(const char *status_id)
{
	return status_id && (text_equal_nocase(status_id, "OK") || strcmp(status_id, "00000") == 0);
}

bool status_is_code(const char *text)
{
	return text && *text && strlen(text) <= 7 && strspn(text, "0123456789") == strlen(text);
}

bool status_warns(const char *kind, const char *code)
{
	return text_equal_nocase(kind, "Warnung") || text_equal_nocase(kind, "Fehler") ||
	       text_equal(code, CODE_CUT_OFF);
}

/* Standard fault codes of WS-Security and WS-Trust, and of SOAP itself, as the code that means the same. */
const char *status_of_faultcode(const char *faultcode)
{
	static const char *const same[][2] = {
		{ "FailedAuthentication", "00960" },
		{ "BadContextToken", CODE_SESSION_EXPIRED },
		{ "InvalidSecurityToken", CODE_SESSION_EXPIRED },
		{ "SecurityTokenUnavailable", CODE_SESSION_EXPIRED },
		{ "ExpiredData", CODE_SESSION_EXPIRED },
		{ "InvalidSecurity", "00900" },
		{ "MustUnderstand", "00907" },
		{ "VersionMismatch", "00931" },
	};
	const char *local;

	if (!faultcode)
		return NULL;
	local = strrchr(faultcode, ':') ? strrchr(faultcode, ':') + 1 : faultcode;
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
		if (strcmp(local, same[i][0]) == 0)
			return same[i][1];
	return NULL;
}
