/*
 * reading_inside.c -- vorpost-reader: one socket and one file in, facts and documents out. Everything that it will ever
 * need is loaded before the first byte of an answer; then it locks itself in.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/cage.h"
#include "base/text.h"
#include "ingest/facts.h"
#include "ingest/reading_inside.h"
#include "ingest/reading_parts.h"
#include "ingest/sniff.h"

struct place {
	uint64_t from, len;
};

struct inside {
	struct cage_in in;
	struct cage_out out;
	struct trust *trust; /* of the answer before; NULL: none was told */
	struct place piece;  /* what of the kept answer stands in bytes */
	struct place untold; /* bytes of the open document of which nothing was said yet */
	char bytes[65536];
};

/* ---- what goes out ---- */

/* Nobody listens: the watchman is gone, or has heard enough. */
static void put_frame(struct inside *i, uint32_t kind, const void *bytes, size_t len)
{
	if (!cage_out_put(&i->out, kind, bytes, len))
		_exit(EX_OK);
}

/* A place is one frame: its two numbers must not come in two. */
static void put_place(struct inside *i)
{
	const uint64_t place[] = { i->untold.from, i->untold.len };

	if (!i->untold.len)
		return;
	if (sizeof i->out.room - i->out.len < sizeof(struct cage_head) + sizeof place &&
	    !cage_out_flush(&i->out))
		_exit(EX_OK);
	put_frame(i, FRAME_PLACE, place, sizeof place);
	i->untold.len = 0;
}

static void put(struct inside *i, uint32_t kind, const void *bytes, size_t len)
{
	put_place(i);
	put_frame(i, kind, bytes, len);
}

static void flush(struct inside *i)
{
	put_place(i);
	if (!cage_out_flush(&i->out))
		_exit(EX_OK);
}

struct wire_sink {
	struct inside *inside;
	uint64_t size;
	unsigned long number; /* of the document */
};

/* What stands in the file as it is handed over needs no copy. */
static bool tell_place(struct inside *i, const char *bytes, size_t len)
{
	struct place *untold = &i->untold;
	uint64_t from = i->piece.from + (uint64_t)(bytes - i->bytes);

	if (bytes < i->bytes || bytes >= i->bytes + i->piece.len)
		return false;
	if (untold->from + untold->len != from)
		put_place(i);
	if (!untold->len)
		untold->from = from;
	untold->len += len;
	return true;
}

static bool wire_open(void *self, struct err *e)
{
	struct wire_sink *wire = self;

	(void)e;
	wire->size = 0;
	put(wire->inside, FRAME_OPEN, NULL, 0);
	return true;
}

static bool wire_write(void *self, const void *bytes, size_t len, struct err *e)
{
	struct wire_sink *wire = self;

	(void)e;
	wire->size += len;
	if (!tell_place(wire->inside, bytes, len))
		put(wire->inside, FRAME_WRITE, bytes, len);
	return true;
}

/* The digest is the watchman's to compute: in its place stands which document this was. */
static bool wire_close(void *self, uint64_t *size, char sha256[SHA256_TEXT_SIZE], struct err *e)
{
	struct wire_sink *wire = self;

	(void)e;
	put(wire->inside, FRAME_CLOSE, NULL, 0);
	*size = wire->size;
	snprintf(sha256, SHA256_TEXT_SIZE, "%lu", wire->number++);
	return true;
}

static void wire_abandon(void *self)
{
	(void)self; /* a failure follows */
}

static void wire_forget(void *self)
{
	struct wire_sink *wire = self;

	wire->number = 0;
	put(wire->inside, FRAME_FORGET, NULL, 0);
}

/* ---- what comes in ---- */

static bool next(struct cage_frame *frame, struct inside *i)
{
	int found;

	while ((found = cage_in_next(frame, &i->in)) == 0)
		if (cage_in_fill(&i->in, CAGE_FD_WIRE, true) <= 0)
			return false;
	return found > 0;
}

/* The answers of one connection are told the same each time, and reading certificates takes longer than a signature. */
static bool get_trust(const struct trust **trust, struct inside *i, const struct trust_texts *told,
		      struct err *e)
{
	struct trust_texts before = { 0 };

	if (i->trust)
		before = trust_texts(i->trust);
	if (!text_equal(before.certificates, told->certificates) ||
	    !text_equal(before.crl, told->crl) || !text_equal(before.signer, told->signer)) {
		TALLOC_FREE(i->trust);
		if (told->certificates && !(i->trust = trust_of_texts(told, i, e)))
			return false;
	}
	*trust = i->trust;
	return true;
}

static const int kept_fd = CAGE_FD_FILE;

static bool get_task(struct reading_task *task, struct inside *i, struct facts_bytes *said,
		     struct document_sink *sink, TALLOC_CTX *mem, struct err *e)
{
	struct facts_cursor from = { said->bytes, said->bytes + said->len, false };
	struct trust_texts texts;

	task->content_type = facts_get_text(&from, mem);
	task->expected_id = facts_get_text(&from, mem);
	task->limits.answer_bytes_most = facts_get_u64(&from);
	task->limits.list_most = (int)facts_get_u64(&from);
	task->sink = facts_get_u64(&from) ? sink : NULL;
	task->kept_fd = facts_get_u64(&from) ? &kept_fd : NULL;
	task->policy = (enum signature_policy)facts_get_u64(&from);
	task->now_ms = (int64_t)facts_get_u64(&from);
	texts.certificates = facts_get_text(&from, mem);
	texts.crl = facts_get_text(&from, mem);
	texts.signer = facts_get_text(&from, mem);
	if (from.broken)
		return err_set(e, ERR_BUG, "the reader was given a task that is none");
	return get_trust(&task->trust, i, &texts, e);
}

/* ---- one answer ---- */

static void put_facts(struct inside *i, const struct answer *answer, TALLOC_CTX *mem)
{
	struct facts_bytes facts = { 0 };

	facts_write(&facts, answer, mem);
	put(i, FRAME_FACTS, facts.bytes, facts.len);
	put(i, FRAME_DONE, NULL, 0);
	flush(i);
}

static void put_failure(struct inside *i, const struct err *why, const struct reading_here *here,
			TALLOC_CTX *mem)
{
	struct facts_bytes said = { 0 };

	facts_put_u64(&said, here && here_refused(here), mem);
	facts_put_u64(&said, here && here_lacks_end(here), mem);
	facts_put_u64(&said, why->kind, mem);
	facts_put_u64(&said, (uint64_t)why->retry_after_s, mem);
	facts_put_u64(&said, (uint64_t)why->refusal, mem);
	facts_put_text(&said, why->code, mem);
	facts_put_text(&said, why->text, mem);
	put(i, FRAME_FAILED, said.bytes, said.len);
	flush(i);
}

/* All that is kept by now, from where the last piece ended. */
static bool read_kept(struct reading_here *here, struct inside *i, const struct cage_frame *frame,
		      struct err *e)
{
	struct facts_cursor said = { frame->bytes, frame->bytes + frame->len, false };
	uint64_t end = facts_get_u64(&said), at = i->piece.from + i->piece.len;

	for (; at < end; at += i->piece.len) {
		size_t n = end - at < sizeof i->bytes ? (size_t)(end - at) : sizeof i->bytes;

		i->piece = (struct place){ at, n };
		if (!kept_bytes(CAGE_FD_FILE, i->bytes, n, at, e) ||
		    !here_feed(here, i->bytes, n, e))
			return false;
	}
	flush(i);
	return true;
}

/* From the first byte, which frame brings or tells of, to the end. */
static bool read_bytes(struct reading_here *here, struct answer **answer, struct inside *i,
		       struct cage_frame *frame, bool kept, struct err *e)
{
	while (frame->kind == FRAME_BYTES || frame->kind == FRAME_KEPT) {
		if (frame->kind == FRAME_KEPT ? !read_kept(here, i, frame, e)
					      : !here_feed(here, frame->bytes, frame->len, e))
			return false;
		if (!next(frame, i))
			_exit(EX_OK);
	}
	return (!kept || read_kept(here, i, frame, e)) && here_end(here, answer, e);
}

/* False: no other answer will come. */
static bool one_answer(struct inside *i, TALLOC_CTX *mem)
{
	struct wire_sink wire = { .inside = i };
	struct document_sink sink = { &wire, wire_open, wire_write, wire_close, wire_abandon };
	struct reading_task task = { 0 };
	struct reading_here *here = NULL;
	struct facts_bytes said = { 0 };
	struct cage_frame frame;
	struct answer *answer;
	struct err why = { 0 };

	i->piece = (struct place){ 0 };
	do {
		if (!next(&frame, i))
			return false;
		if (frame.kind == FRAME_TASK)
			facts_add(&said, frame.bytes, frame.len, mem);
	} while (frame.kind == FRAME_TASK);
	if (get_task(&task, i, &said, &sink, mem, &why)) {
		inside_plant(task.content_type);
		here = here_begin(&task, mem);
		here_forgets(here, wire_forget, &wire);
		if (read_bytes(here, &answer, i, &frame, task.kept_fd != NULL, &why)) {
			put_facts(i, answer, mem);
			return true;
		}
	}
	put_failure(i, &why, here, mem);
	while (next(&frame, i)) /* let it finish its sentence; it ends us */
		;
	return false;
}

/* ---- the program ---- */

/* OpenSSL reads its configuration and looks for its algorithms at the first use of each. */
static void warm_digests(void)
{
	const EVP_MD *const kinds[] = { EVP_md5(), EVP_sha1(), EVP_sha256(), EVP_sha384(),
					EVP_sha512() };
	unsigned char digest[EVP_MAX_MD_SIZE];

	OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG | OPENSSL_INIT_LOAD_CRYPTO_STRINGS |
				    OPENSSL_INIT_ADD_ALL_CIPHERS | OPENSSL_INIT_ADD_ALL_DIGESTS,
			    NULL);
	for (size_t n = 0; n < sizeof kinds / sizeof *kinds; n++)
		EVP_Digest("", 0, digest, NULL, kinds[n], NULL);
}

/* Whatever a library loads at its first use is loaded by this one. */
static void warm_up(void)
{
	static const char answer_text[] =
		"--b\r\nContent-Type: text/xml\r\n\r\n<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"
		"<Envelope xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\"><Body/></Envelope>"
		"\r\n--b--\r\n";
	const struct reading_task task = { .limits = { 4096, 1 } };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct reading_here *here = here_begin(&task, mem);
	struct answer *answer;
	struct err e = { 0 };

	tzset(); /* mktime asks for the zone's file */
	warm_digests();
	sniff_prepare();
	trust_prepare();
	if (here_feed(here, answer_text, sizeof answer_text - 1, &e))
		here_end(here, &answer, &e);
	talloc_free(mem);
}

static bool lock(struct inside *i)
{
	struct facts_bytes said = { 0 };
	struct err e = { 0 };
	int landlock = 0;
	bool ok = cage_lock(&landlock, CAGE_TAKES_PIECES, &e);

	facts_put_u64(&said, (uint64_t)landlock, NULL);
	facts_put_text(&said, ok ? NULL : e.text, NULL);
	put(i, FRAME_HELLO, said.bytes, said.len);
	flush(i);
	talloc_free(said.bytes);
	return ok;
}

int reading_inside(void)
{
	struct inside *i = talloc(NULL, struct inside);

	i->in.from = i->in.to = 0;
	i->out.fd = CAGE_FD_WIRE;
	i->out.len = 0;
	i->trust = NULL;
	i->untold.len = 0;
	warm_up();
	if (!lock(i))
		return CAGE_EXIT_LOCK;
	for (bool more = true; more;) {
		TALLOC_CTX *mem = talloc_named_const(NULL, 0, "answer");

		more = one_answer(i, mem);
		talloc_free(mem);
	}
	talloc_free(i);
	return EX_OK;
}
