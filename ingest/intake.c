#include "ingest/intake.h"

#include <openssl/evp.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "ingest/base64.h"
#include "ingest/limits.h"
#include "ingest/refusal.h"

#define PIECE 32768 /* characters decoded at once: fits the first cache with its bytes */

struct checksums {
	EVP_MD_CTX *md5, *sha1;
};

struct intake {
	struct document_sink *sink;
	const struct answer_source *source;
	struct checksums sums;
	bool open;
	bool base64;
	bool summing; /* checksums are computed on the way */
	bool summed;  /* somebody may ask for them */
	bool whole;   /* all bytes so far stand at span_from in the answer, one after the other */
	uint64_t span_from, span_len;
	struct base64 decoder;
	size_t head_len;
	uint8_t head[SNIFF_BYTES]; /* from here on nothing is zero at the beginning */
	uint8_t decoded[BASE64_ROOM(PIECE)];
};

static int intake_free(struct intake *x)
{
	if (x->open)
		x->sink->abandon(x->sink->self);
	EVP_MD_CTX_free(x->sums.md5);
	EVP_MD_CTX_free(x->sums.sha1);
	return 0;
}

struct intake *intake_new(struct document_sink *sink, const struct answer_source *source,
			  TALLOC_CTX *mem)
{
	struct intake *x = talloc(mem, struct intake);

	memset(x, 0, offsetof(struct intake, head));
	x->sink = sink;
	x->source = source;
	talloc_set_destructor(x, intake_free);
	return x;
}

bool intake_is_open(const struct intake *x)
{
	return x->open;
}

/* --- checksums --- */

static bool sums_begin(struct checksums *sums, struct err *e)
{
	if (!sums->md5)
		sums->md5 = EVP_MD_CTX_new();
	if (!sums->sha1)
		sums->sha1 = EVP_MD_CTX_new();
	if (sums->md5 && sums->sha1 && EVP_DigestInit_ex(sums->md5, EVP_md5(), NULL) &&
	    EVP_DigestInit_ex(sums->sha1, EVP_sha1(), NULL))
		return true;
	return err_set(e, ERR_BUG, "MD5 or SHA-1 cannot be computed by this OpenSSL");
}

static void sums_add(struct checksums *sums, const void *bytes, size_t len)
{
	EVP_DigestUpdate(sums->md5, bytes, len);
	EVP_DigestUpdate(sums->sha1, bytes, len);
}

static void sum_text(char out[CHECKSUM_TEXT_SIZE], EVP_MD_CTX *sum)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	EVP_DigestFinal_ex(sum, digest, &len);
	text_hex(out, digest, len);
}

/* Feed the checksums from the answer itself, as it was kept. */
static bool sums_reread(struct intake *x, uint64_t from, uint64_t len, bool base64, struct err *e)
{
	struct base64 decoder = { 0 };
	char raw[PIECE];

	while (len) {
		size_t n = len < sizeof raw ? (size_t)len : sizeof raw;
		size_t decoded;

		if (!x->source->read(x->source->self, raw, n, from, e))
			return false;
		if (base64 && !base64_decode(x->decoded, &decoded, &decoder, raw, n, e))
			return false;
		sums_add(&x->sums, base64 ? (const void *)x->decoded : raw, base64 ? decoded : n);
		from += n;
		len -= n;
	}
	return true;
}

/* --- one document --- */

bool intake_open(struct intake *x, bool base64, bool summed, struct err *e)
{
	if (!x->sink)
		return refusal_set(e, REFUSAL_DOCUMENT_UNEXPECTED,
				   "answer brings a document where none is expected");
	x->base64 = base64;
	x->decoder = (struct base64){ 0 };
	x->head_len = 0;
	x->span_from = x->span_len = 0;
	x->whole = true;
	x->summed = summed;
	x->summing = summed && !x->source;
	if (x->summing && !sums_begin(&x->sums, e))
		return false;
	x->open = x->sink->open(x->sink->self, e);
	return x->open;
}

/* Bytes come that do not stand in the answer as they are: from here on the checksums are computed on the way. */
static bool leave_span(struct intake *x, struct err *e)
{
	x->whole = false;
	if (x->summing || !x->summed)
		return true;
	x->summing = true;
	return sums_begin(&x->sums, e) && sums_reread(x, x->span_from, x->span_len, x->base64, e);
}

static bool extend_span(struct intake *x, size_t len, uint64_t offset, struct err *e)
{
	if (!x->whole)
		return true;
	if (x->span_len == 0)
		x->span_from = offset;
	if (offset == UINT64_MAX || offset != x->span_from + x->span_len)
		return leave_span(x, e);
	x->span_len += len;
	return true;
}

static bool put(struct intake *x, const uint8_t *bytes, size_t len, struct err *e)
{
	size_t more = SNIFF_BYTES - x->head_len;

	if (more > len)
		more = len;
	memcpy(x->head + x->head_len, bytes, more);
	x->head_len += more;
	if (x->summing)
		sums_add(&x->sums, bytes, len);
	return len == 0 || x->sink->write(x->sink->self, bytes, len, e);
}

bool intake_write(struct intake *x, const void *bytes, size_t len, uint64_t offset, struct err *e)
{
	const char *p = bytes;

	if (!extend_span(x, len, offset, e))
		return false;
	if (!x->base64)
		return put(x, bytes, len, e);
	while (len) {
		size_t n = len < PIECE ? len : PIECE, decoded;

		if (!base64_decode(x->decoded, &decoded, &x->decoder, p, n, e) ||
		    !put(x, x->decoded, decoded, e))
			return false;
		p += n;
		len -= n;
	}
	return true;
}

bool intake_close(struct intake *x, struct taken *taken, TALLOC_CTX *mem, struct err *e)
{
	*taken = (struct taken){ .base64 = x->base64,
				 .span_from = x->span_from,
				 .span_len = x->span_len };
	if (x->base64 && !base64_end(&x->decoder, e))
		return false;
	if (!x->sink->close(x->sink->self, &taken->size, taken->sha256, e))
		return false;
	x->open = false;
	taken->media_type = sniff(x->head, x->head_len, mem);
	taken->has_checksums = x->summing;
	if (x->summing) {
		sum_text(taken->md5, x->sums.md5);
		sum_text(taken->sha1, x->sums.sha1);
	}
	return true;
}

/* The checksum is written in hexadecimal, or (xs:base64Binary) in base64. */
static bool compare(const char *kind, const char *found, const char *said, struct err *e)
{
	uint8_t digest[BASE64_ROOM(64)];
	char hex[2 * sizeof digest + 1];
	struct base64 decoder = { 0 };
	size_t len = strlen(said);

	if (text_equal_nocase(found, said))
		return true;
	if (len <= 64 && len != strlen(found) &&
	    base64_decode(digest, &len, &decoder, said, len, NULL)) {
		text_hex(hex, digest, len);
		if (strcmp(hex, found) == 0)
			return true;
	}
	return refusal_set(e, REFUSAL_CHECKSUM,
			   "document does not have the %s checksum that the answer says", kind);
}

bool intake_check(bool *known, struct intake *x, const struct taken *taken, const char *kind,
		  const char *checksum, struct err *e)
{
	char md5[CHECKSUM_TEXT_SIZE], sha1[CHECKSUM_TEXT_SIZE];
	bool is_md5 = text_equal_nocase(kind, "MD5");
	bool is_sha1 = text_equal_nocase(kind, "SHA1") || text_equal_nocase(kind, "SHA-1");

	*known = is_md5 || is_sha1;
	if (!*known)
		return true;
	if (taken->has_checksums)
		return compare(is_md5 ? "MD5" : "SHA-1", is_md5 ? taken->md5 : taken->sha1,
			       checksum, e);
	if (!sums_begin(&x->sums, e) ||
	    !sums_reread(x, taken->span_from, taken->span_len, taken->base64, e))
		return false;
	sum_text(md5, x->sums.md5);
	sum_text(sha1, x->sums.sha1);
	return compare(is_md5 ? "MD5" : "SHA-1", is_md5 ? md5 : sha1, checksum, e);
}
