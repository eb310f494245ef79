/* Large documents: memory stays flat, and a checksum behind an inline document is verified by reading again. */
#include "tests/ingest/read_helpers.h"

#define LARGE (60u << 20)

static long anonymous_kib(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[200];
	long kib = -1;

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof line, file))
		if (sscanf(line, "RssAnon: %ld", &kib) == 1)
			break;
	fclose(file);
	ck_assert_int_gt(kib, 0);
	return kib;
}

static struct reader *large_reader(const char *type, TALLOC_CTX *mem)
{
	const struct reader_limits limits = { .answer_bytes_most = UINT64_MAX, .list_most = 1 };

	return reader_new(type, NULL, &limits, kept_sink(mem), mem);
}

static void must_feed(struct reader *reader, const char *text, size_t len)
{
	struct err e = { 0 };

	ck_assert_msg(reader_feed(reader, text, len, &e), "%s", e.text);
}

struct large {
	const char *why, *type, *front, *back, *piece;
};

/* The document is `piece` again and again. */
static const struct large larges[] = {
	{ "inline", NULL, "<g:Datei><a:Daten>", "</a:Daten></g:Datei>",
	  "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/abcd" },
	{ "inline with line ends", NULL, "<g:Datei><a:Daten>", "</a:Daten></g:Datei>",
	  "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/\r\n" },
	{ "inline in CDATA", NULL, "<g:Datei><a:Daten><![CDATA[", "]]></a:Daten></g:Datei>",
	  "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/\n" },
	{ "part", RELATED, NULL, NULL, "binary \r\n--b- \r--b-1 \n--b-1\r\n" },
};

static uint64_t feed_large(struct reader *reader, const struct large *large, TALLOC_CTX *mem)
{
	size_t piece = strlen(large->piece), times = 65536 / piece;
	char *block = talloc_size(mem, piece * times);
	long before = 0;
	uint64_t fed = 0;

	for (size_t i = 0; i < times; i++)
		memcpy(block + i * piece, large->piece, piece);
	while (fed < LARGE) {
		must_feed(reader, block, piece * times);
		fed += piece * times;
		if (!before)
			before = anonymous_kib();
	}
	ck_assert_int_lt(anonymous_kib() - before, 2048);
	return fed;
}

START_TEST(memory_is_flat)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct large *large = &larges[_i];
	struct reader *reader = large_reader(large->type, mem);
	struct answer *answer;
	struct err e = { 0 };
	uint64_t fed;
	char *front = large->front
			      ? talloc_asprintf(mem, TRANSFER("%s\1"), large->front)
			      : talloc_strdup(mem, ROOT TRANSFER(INCLUDE("d@vu")) PART("d@vu", ""));
	char *end = strchr(front, '\1');

	must_feed(reader, front, end ? (size_t)(end - front) : strlen(front));
	fed = feed_large(reader, large, mem);
	if (end) {
		must_feed(reader, large->back, strlen(large->back));
		must_feed(reader, end + 1, strlen(end + 1));
	} else {
		must_feed(reader, CLOSE, strlen(CLOSE));
	}
	ck_assert_msg(reader_end(reader, &answer, &e), "%s", e.text);
	ck_assert_uint_gt(answer->delivery->transfers[0].documents[0].size,
			  large->front ? fed / 3 * 2 : fed - 1);
	talloc_free(mem);
}
END_TEST

/* --- checksums behind inline documents --- */

struct spool {
	const char *text;
	size_t len;
	uint64_t bytes_read;
};

static bool spool_read(void *self, void *to, size_t len, uint64_t offset, struct err *e)
{
	struct spool *spool = self;

	(void)e;
	ck_assert_uint_le(offset + len, spool->len);
	memcpy(to, spool->text + offset, len);
	spool->bytes_read += len;
	return true;
}

#define SUM(type, value)                                                                           \
	"<a:Pruefsumme><a:Typ>" type "</a:Typ><a:Wert>" value "</a:Wert></a:Pruefsumme>"
#define SUMMED(data, sum) TRANSFER("<g:Datei><a:Daten>" data "</a:Daten>" sum "</g:Datei>")

static const struct {
	const char *why, *type, *body;
	bool ok, rereads;
} sums[] = {
	{ "MD5", NULL, SUMMED("QUJD", SUM("MD5", "902FBDD2B1DF0C4F70B4A5D23525E932")), true, true },
	{ "SHA1", NULL, SUMMED("QUJD", SUM("SHA1", "3c01bdbb26f358bab27f267924aa2c9a03fcfdb8")),
	  true, true },
	{ "SHA1 in base64", NULL, SUMMED("QUJD", SUM("SHA1", "PAG9uybzWLqyfyZ5JKosmgP8/bg=")), true,
	  true },
	{ "none", NULL, SUMMED("QUJD", ""), true, false },
	{ "empty", NULL, SUMMED("QUJD", SUM("MD5", "")), true, false },
	{ "of an unknown kind", NULL, SUMMED("QUJD", SUM("CRC32", "1")), true, false },
	{ "wrong", NULL, SUMMED("QUJD", SUM("MD5", "902fbdd2b1df0c4f70b4a5d23525e933")), false,
	  true },
	{ "blanks in front", NULL,
	  SUMMED("\n \nQUJD\n", SUM("MD5", "902fbdd2b1df0c4f70b4a5d23525e932")), true, true },
	{ "split by a comment", NULL,
	  SUMMED("QU<!-- x -->JD", SUM("MD5", "902fbdd2b1df0c4f70b4a5d23525e932")), true, true },
	{ "CDATA", NULL, SUMMED("<![CDATA[QUJD]]>", SUM("MD5", "902fbdd2b1df0c4f70b4a5d23525e932")),
	  true, true },
	{ "references only", NULL,
	  SUMMED("&#81;&#85;&#74;&#68;", SUM("MD5", "902fbdd2b1df0c4f70b4a5d23525e932")), true,
	  false },
	{ "of a part", RELATED,
	  ROOT TRANSFER("<g:Datei><a:Daten><x:Include href=\"cid:d\"/></a:Daten>" SUM(
		  "MD5", "902fbdd2b1df0c4f70b4a5d23525e932") "</g:Datei>") PART("d", "ABC") CLOSE,
	  true, true },
	{ "of an inline document in a multipart", RELATED,
	  ROOT SUMMED("QUJD", SUM("MD5", "902fbdd2b1df0c4f70b4a5d23525e932")) CLOSE, true, true },
	{ "wrong, of an inline document in a multipart", RELATED,
	  ROOT SUMMED("QUJD", SUM("MD5", "902fbdd2b1df0c4f70b4a5d23525e933")) CLOSE, false, true },
};

/* With and without a spool, in any pieces: the same judgement. */
START_TEST(checksums)
{
	const char *body = sums[_i].body;
	size_t len = strlen(body);

	for (size_t step = 1; step <= len; step = step * 2 + 1) {
		TALLOC_CTX *mem = talloc_new(NULL);
		struct spool spool = { body, len, 0 };
		const struct answer_source source = { &spool, spool_read };
		struct reading_way way = { .type = sums[_i].type, .step = step };
		struct read_result r = read_way(body, len, &way, mem);

		ck_assert_msg(r.ok == sums[_i].ok, "%s, pieces of %zu: %s", sums[_i].why, step,
			      r.e.text);
		way.source = &source;
		r = read_way(body, len, &way, mem);
		ck_assert_msg(r.ok == sums[_i].ok, "%s, spooled, pieces of %zu: %s", sums[_i].why,
			      step, r.e.text);
		if (step == 1)
			ck_assert_msg((spool.bytes_read > 0) == sums[_i].rereads, "%s",
				      sums[_i].why);
		talloc_free(mem);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("stream");

	tcase_add_loop_test(tests, memory_is_flat, 0, sizeof larges / sizeof larges[0]);
	tcase_add_loop_test(tests, checksums, 0, sizeof sums / sizeof sums[0]);
	return run_suite("reader_stream", tests);
}
