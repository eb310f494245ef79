/*
 * signature.c -- a signed message, whole or in parts. Nobody but the insurer can sign, and he signed one Body alone
 * (fuzz/seeds.c): whatever is verified is exactly that one.
 */
#include "tests/hostile/plain_check.h"

#include <talloc.h>

#include "fuzz/fuzz.h"
#include "tests/ingest/read_helpers.h"
#include "tests/ingest/trust_helpers.h"

static const char signer[] = {
#include "fuzz/signer.inc"
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct trust *trust;
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *type = size > 2 && memcmp(data, "--", 2) == 0 ? RELATED : "text/xml";
	struct verdict v;

	if (!trust) {
		struct err e = { 0 };

		trust = trust_of_texts(&(struct trust_texts){ signer, NULL, NULL }, NULL, &e);
		must(trust);
	}
	v = verified_as(trust, type, data, size, mem);
	must(!v.ok || gives(&v, BODY_TEXT("body", GOOD)));
	talloc_free(mem);
	return 0;
}
