#include "ingest/counting_sink.h"

#include <openssl/evp.h>

#include "base/text.h"

struct counter {
	EVP_MD_CTX *sha256;
	uint64_t size;
};

static bool counter_open(void *self, struct err *e)
{
	struct counter *counter = self;

	counter->size = 0;
	return EVP_DigestInit_ex(counter->sha256, EVP_sha256(), NULL) ||
	       err_set(e, ERR_BUG, "SHA-256 cannot be computed by this OpenSSL");
}

static bool counter_write(void *self, const void *bytes, size_t len, struct err *e)
{
	struct counter *counter = self;

	counter->size += len;
	return EVP_DigestUpdate(counter->sha256, bytes, len) ||
	       err_set(e, ERR_BUG, "SHA-256 cannot be computed by this OpenSSL");
}

static bool counter_close(void *self, uint64_t *size, char sha256[SHA256_TEXT_SIZE], struct err *e)
{
	struct counter *counter = self;
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (!EVP_DigestFinal_ex(counter->sha256, digest, &len))
		return err_set(e, ERR_BUG, "SHA-256 cannot be computed by this OpenSSL");
	*size = counter->size;
	text_hex(sha256, digest, len);
	return true;
}

static void counter_abandon(void *self)
{
	(void)self;
}

static int counter_free(struct counter *counter)
{
	EVP_MD_CTX_free(counter->sha256);
	return 0;
}

struct document_sink *counting_sink_new(TALLOC_CTX *mem)
{
	struct document_sink *sink = talloc_zero(mem, struct document_sink);
	struct counter *counter = talloc_zero(sink, struct counter);

	counter->sha256 = EVP_MD_CTX_new();
	talloc_set_destructor(counter, counter_free);
	*sink = (struct document_sink){ counter, counter_open, counter_write, counter_close,
					counter_abandon };
	return sink;
}
