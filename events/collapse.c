#include "events/collapse.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#define DIGEST_USED 18 /* bytes, 24 characters */

/* 24 characters of three parts; each goes in with its length, so that no two triples make the same text. */
static char *key_of(char *out, const char *secret, const char *a, const char *b, const char *c)
{
	unsigned char digest[EVP_MAX_MD_SIZE], text[COLLAPSE_KEY_SIZE];
	unsigned size = 0;
	char *said = talloc_asprintf(NULL, "%zu:%s%zu:%s%zu:%s", strlen(a), a, strlen(b), b,
				     strlen(c), c);

	if (!HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)said,
		  strlen(said), digest, &size) ||
	    size < DIGEST_USED)
		abort(); /* only without memory */
	talloc_free(said);
	EVP_EncodeBlock(text, digest, DIGEST_USED);
	strcpy(out, (const char *)text);
	for (char *at = out; *at; at++)
		*at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
	return out;
}

char *collapse_key(char *out, const char *secret, const char *customer, const char *category,
		   const char *day)
{
	return key_of(out, secret, customer, category, day);
}

char *correlation_key(char *out, const char *secret, const char *connection, const char *shipment)
{
	return key_of(out, secret, connection, shipment,
		      "shipment"); /* no day: never a collapse key */
}
