#include "events/signature_check.h"

#include <openssl/crypto.h>
#include <string.h>

#include "base/text.h"

#define VERSION "v1,"

static bool id_holds(const char *id, struct err *e)
{
	size_t len = id ? strlen(id) : 0;

	if (!len)
		return err_set(e, ERR_REFUSED, "the header webhook-id is missing");
	if (len > SIGNATURE_ID_MAX)
		return err_set(e, ERR_REFUSED, "webhook-id has %zu bytes, expected at most %d", len,
			       SIGNATURE_ID_MAX);
	for (const char *c = id; *c; c++)
		if (*c <= ' ' || *c > '~' || *c == '.')
			return err_set(
				e, ERR_REFUSED,
				"webhook-id holds something else than visible ASCII, or a full stop");
	return true;
}

static bool timestamp_holds(int64_t *then_s, const char *timestamp, int64_t now_s, struct err *e)
{
	uint64_t value;
	int64_t off;

	if (!timestamp)
		return err_set(e, ERR_REFUSED, "the header webhook-timestamp is missing");
	if (!text_to_u64(&value, timestamp, 0, (uint64_t)INT64_MAX / 2, "webhook-timestamp",
			 NULL) ||
	    (timestamp[0] == '0' && timestamp[1]))
		return err_set(e, ERR_REFUSED, "webhook-timestamp is not a number of seconds");
	*then_s = (int64_t)value;
	off = *then_s > now_s ? *then_s - now_s : now_s - *then_s;
	return off <= SIGNATURE_TOLERANCE_S ||
	       err_set(e, ERR_REFUSED,
		       "webhook-timestamp is %lld seconds off, expected at most %d: compare the clocks",
		       (long long)off, SIGNATURE_TOLERANCE_S);
}

static bool one_matches(const char *given, size_t len, const char *expected)
{
	while (*expected) {
		size_t one = strcspn(expected, " ");

		if (one == len && !strncmp(expected, VERSION, strlen(VERSION)) &&
		    !CRYPTO_memcmp(given, expected, len))
			return true;
		expected += one;
		expected += strspn(expected, " ");
	}
	return false;
}

bool signature_check(const struct secrets *secrets, const struct signed_text *text, int64_t now_s,
		     struct err *e)
{
	const char *given = text->signature;
	char *expected;
	int64_t then_s;
	bool matches = false;

	if (!id_holds(text->id, e) || !timestamp_holds(&then_s, text->timestamp, now_s, e))
		return false;
	if (!given)
		return err_set(e, ERR_REFUSED, "the header webhook-signature is missing");
	expected = signature_of(secrets, text->id, then_s, text->body, text->len, NULL);
	while (*given && !matches) {
		size_t len = strcspn(given, " ");

		matches = len && one_matches(given, len, expected);
		given += len;
		given += strspn(given, " ");
	}
	OPENSSL_cleanse(expected, strlen(expected));
	talloc_free(expected);
	return matches ||
	       err_set(e, ERR_REFUSED,
		       "webhook-signature does not match: sign \"id.timestamp.body\" over the "
		       "bytes that are sent, with the consumer's secret, as v1");
}
