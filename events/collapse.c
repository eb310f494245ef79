#include "events/collapse.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#define DIGEST_USED 18 /* bytes, 24 characters */

char *collapse_key(char *out, const char *secret, const char *customer, const char *category,
		   const char *day)
{
	unsigned char digest[EVP_MAX_MD_SIZE], text[COLLAPSE_KEY_SIZE];
	unsigned size = 0;
	/* Each part with its length, so that no two triples make the same text. */
	char *said = talloc_asprintf(NULL, "%zu:%s%zu:%s%zu:%s", strlen(customer), customer,
				     strlen(category), category, strlen(day), day);

	if (!HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)said,
		  strlen(said), digest, &size) ||
	    size < DIGEST_USED)
		abort(); /* only without memory */
	talloc_free(said);
	EVP_EncodeBlock(text, digest, DIGEST_USED);
	strcpy(out, (const char *)text);
	for (char *c = out; *c; c++)
		*c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
	return out;
}
