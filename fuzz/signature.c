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

#define SEED_MOST 65536

/* Whether it verifies; then it is the signed Body. */
static bool verifies(const struct trust *trust, const uint8_t *data, size_t size)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *type = size > 2 && memcmp(data, "--", 2) == 0 ? RELATED : "text/xml";
	struct verdict v = verified_as(trust, type, data, size, mem);

	must(!v.ok || gives(&v, BODY_TEXT("body", GOOD)));
	talloc_free(mem);
	return v.ok;
}

/* The seeds are signed anew by another signer when they are made: if signer.inc were an older one's, nothing would verify and all would
 * hold. */
static void must_verify(const struct trust *trust, const char *seed)
{
	char path[4096];
	uint8_t *bytes = malloc(SEED_MOST);
	FILE *file;
	size_t size;

	snprintf(path, sizeof path, SOURCE_DIR "/fuzz/corpus/signature/%s", seed);
	file = fopen(path, "rb");
	must(file);
	size = fread(bytes, 1, SEED_MOST, file);
	fclose(file);
	must(verifies(trust, bytes, size));
	free(bytes);
}

static struct trust *signer_trust(void)
{
	struct err e = { 0 };
	struct trust *trust = trust_of_texts(&(struct trust_texts){ signer, NULL, NULL }, NULL, &e);

	must(trust);
	must_verify(trust, "good");
	must_verify(trust, "in-parts");
	return trust;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct trust *trust;

	if (!trust)
		trust = signer_trust();
	verifies(trust, data, size);
	return 0;
}
