/*
 * delivery_read.c -- `vorpost delivery read`: a saved answer as facts. The documents' bytes are counted and hashed, then
 * forgotten; no connection is opened, no file written.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/json_facts.h"
#include "ingest/counting_sink.h"
#include "ingest/limits.h"
#include "ingest/reader.h"
#include "ingest/saved_http.h"
#include "ingest/trust.h"

#define READ_PIECE 65536

/* --- the file --- */

struct saved {
	int fd;
	char piece[READ_PIECE];
};

static int saved_close(struct saved *saved)
{
	close(saved->fd);
	return 0;
}

static struct saved *saved_open(const char *path, TALLOC_CTX *mem, struct err *e)
{
	struct saved *saved = talloc_zero(mem, struct saved);
	struct stat about;

	saved->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (saved->fd < 0) {
		err_set(e, ERR_MISSING, "%.200s: %s", path, strerror(errno));
		return NULL;
	}
	talloc_set_destructor(saved, saved_close);
	if (fstat(saved->fd, &about) != 0 || !S_ISREG(about.st_mode)) {
		err_set(e, ERR_MISSING, "%.200s is not a regular file", path);
		return NULL;
	}
	return saved;
}

static bool saved_read(size_t *len, struct saved *saved, uint64_t offset, struct err *e)
{
	ssize_t n = pread(saved->fd, saved->piece, sizeof saved->piece, (off_t)offset);

	if (n < 0)
		return err_set(e, ERR_RETRY, "file cannot be read: %s", strerror(errno));
	*len = (size_t)n;
	return true;
}

static bool read_again(void *self, void *to, size_t len, uint64_t offset, struct err *e)
{
	struct saved *saved = self;

	if (pread(saved->fd, to, len, (off_t)offset) == (ssize_t)len)
		return true;
	return err_set(e, ERR_RETRY, "file changed while it was read");
}

/* --- what was asked for, and what is under way --- */

struct reading {
	const struct invocation *in;
	enum signature_policy policy;
	const struct trust *trust; /* NULL: nobody */
	int64_t now_ms;
	const char *content_type;
	struct reader *reader;
	char *body; /* kept for verifying, up to one byte more than may be signed */
	size_t body_len;
	bool refused; /* by the insurer */
};

static const struct reader_limits limits = { .answer_bytes_most = UINT64_MAX, .list_most = 100000 };

static void keep_body(struct reading *r, const void *bytes, size_t len)
{
	size_t room = r->body ? talloc_get_size(r->body) : 0;
	size_t space = SIGNED_ANSWER_MOST + 1 - r->body_len;

	if (r->policy == SIGNATURE_NONE)
		return;
	len = len < space ? len : space;
	if (r->body_len + len > room)
		r->body = talloc_realloc_size(r->in->mem, r->body, (r->body_len + len) * 2);
	memcpy(r->body + r->body_len, bytes, len);
	r->body_len += len;
}

/* The reader keeps its error for reader_end: whether the transport was whole is to be known first. */
static bool feed_reader(void *self, const void *bytes, size_t len, struct err *e)
{
	struct reading *r = self;
	struct err kept = { 0 };

	(void)e;
	keep_body(r, bytes, len);
	reader_feed(r->reader, bytes, len, &kept);
	return true;
}

static void begin_reader(struct reading *r, const char *content_type)
{
	r->content_type = content_type;
	r->reader = reader_new(content_type, invocation_option(r->in, "--shipment"), &limits,
			       counting_sink_new(r->in->mem), r->in->mem);
}

/* A signed answer is read a second time, from what was verified. */
static bool end_reader(struct answer **answer, struct reading *r, struct err *e)
{
	const struct trust_message message = { r->content_type, r->body, r->body_len };
	const struct trust_reading again = {
		.expected_id = invocation_option(r->in, "--shipment"),
		.limits = &limits,
		.sink = counting_sink_new(r->in->mem),
	};
	bool ok = reader_end(r->reader, answer, e), needed;

	r->refused = reader_refused(r->reader);
	if (!ok || !trust_needed(&needed, r->policy, *answer, e))
		return false;
	return !needed || trust_read(answer, r->trust, &message, &again, r->now_ms, r->in->mem, e);
}

/* --- body only, or a whole HTTP answer --- */

static bool read_body(struct answer **answer, struct saved *saved, struct reading *r, struct err *e)
{
	const struct answer_source source = { .self = saved, .read = read_again };
	uint64_t offset = 0;
	size_t len;

	begin_reader(r, invocation_option(r->in, "--content-type"));
	reader_rereads(r->reader, &source);
	do {
		if (!saved_read(&len, saved, offset, e))
			return false;
		keep_body(r, saved->piece, len);
		if (!reader_feed(r->reader, saved->piece, len, e)) {
			r->refused = reader_refused(r->reader);
			return false;
		}
		offset += len;
	} while (len);
	return end_reader(answer, r, e);
}

/* A status that is no success, without a SOAP message that would say more. */
static bool status_error(int status, struct err *e)
{
	bool passes = status == 408 || status == 425 || status == 429 || status >= 500;

	return err_set(e, passes ? ERR_RETRY : ERR_DELIVERY,
		       "HTTP status %d without a SOAP message", status);
}

/* The transport is judged first: what was cut cannot be blamed on the insurer. */
static bool judge_http(struct answer **answer, struct reading *r, const struct http_head *head,
		       struct err *e)
{
	bool ok = end_reader(answer, r, e);

	if (r->refused || (ok && head->status == 200))
		return ok;
	if (head->status == 200)
		return false;
	err_clear(e);
	return status_error(head->status, e);
}

static bool read_http(struct answer **answer, struct saved *saved, size_t len, struct reading *r,
		      struct err *e)
{
	const char *said = invocation_option(r->in, "--content-type");
	struct http_head head;
	struct saved_http *body;
	uint64_t offset;
	size_t head_len;

	if (!saved_http_head(&head, &head_len, saved->piece, len, e))
		return false;
	begin_reader(r, said ? said : head.content_type);
	body = saved_http_new(&head, feed_reader, r, r->in->mem);
	for (offset = head_len; len; offset += len)
		if (!saved_read(&len, saved, offset, e) ||
		    !saved_http_feed(body, saved->piece, len, e))
			return false;
	if (!saved_http_end(body, e))
		return false;
	return judge_http(answer, r, &head, e);
}

static bool read_saved(struct answer **answer, struct reading *r, struct err *e)
{
	struct saved *saved = saved_open(r->in->word[0], r->in->mem, e);
	size_t len;

	if (!saved || !saved_read(&len, saved, 0, e))
		return false;
	if (saved_http_starts(saved->piece, len))
		return read_http(answer, saved, len, r, e);
	return read_body(answer, saved, r, e);
}

/* --- what the options demand --- */

static bool token_fresh(const struct answer *answer, const char *now, struct err *e)
{
	int64_t now_ms, expires_ms;

	if (!now || answer->kind != ANSWER_TOKEN || !answer->token_expires)
		return true;
	if (!clock_parse(&now_ms, now, e) || !clock_parse(&expires_ms, answer->token_expires, e))
		return false;
	return expires_ms > now_ms || err_set(e, ERR_DELIVERY, "token expired before --now");
}

static bool policy_of(enum signature_policy *policy, const char *word, struct err *e)
{
	static const char *const words[] = {
		[SIGNATURE_NONE] = "none",
		[SIGNATURE_IF_PRESENT] = "if-present",
		[SIGNATURE_REQUIRED] = "required",
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(word ? word : "none", words[i]) == 0) {
			*policy = (enum signature_policy)i;
			return true;
		}
	return err_set(e, ERR_USAGE, "--signature is required, if-present or none");
}

static bool trust_of(struct reading *r, struct err *e)
{
	const struct trust_files files = {
		.certificates = invocation_option(r->in, "--trust"),
		.crl = invocation_option(r->in, "--crl"),
		.signer = invocation_option(r->in, "--signer"),
	};

	if (!files.certificates && (files.crl || files.signer))
		return err_set(e, ERR_USAGE, "--crl and --signer say nothing without --trust");
	if (!files.certificates)
		return true;
	r->trust = trust_new(&files, r->in->mem, e);
	return r->trust != NULL;
}

static bool options_take(struct reading *r, struct err *e)
{
	const char *now = invocation_option(r->in, "--now");
	struct err unread = { 0 };

	r->now_ms = clock_wall_ms();
	if (now && !clock_parse(&r->now_ms, now, &unread))
		return err_set(e, ERR_USAGE, "--now is no time like 2025-03-03T06:00:00Z");
	return policy_of(&r->policy, invocation_option(r->in, "--signature"), e) && trust_of(r, e);
}

/* What an insurer refused exits 65, whatever its route would be in a poll; only transport exits 75. */
static void as_refusal(struct err *e)
{
	e->kind = ERR_DELIVERY;
}

static int print_facts(const struct answer *answer, FILE *out, struct err *e)
{
	json_t *facts = json_facts(answer);
	int failed = json_dumpf(facts, out, JSON_INDENT(2)) != 0 || fputc('\n', out) == EOF;

	json_decref(facts);
	if (failed)
		err_set(e, ERR_RETRY, "facts cannot be written");
	return failed ? EX_TEMPFAIL : EX_OK;
}

static int delivery_read(struct invocation *in, struct err *e)
{
	struct reading r = { .in = in };
	struct answer *answer = NULL;

	if (!options_take(&r, e))
		return err_exit_code(e);
	if (!read_saved(&answer, &r, e)) {
		if (r.refused)
			as_refusal(e);
		return err_exit_code(e);
	}
	if (!token_fresh(answer, invocation_option(in, "--now"), e))
		return err_exit_code(e);
	return print_facts(answer, in->out, e);
}

static const struct option_spec options[] = {
	{ "--content-type", "TYPE", "Content-Type the answer came with, if FILE is a body only" },
	{ "--insurer", "ISSUER", "whose answer it is; reading does not depend on it so far" },
	{ "--shipment", "ID", "the shipment that was asked for; another one is refused" },
	{ "--now", "TIME", "instead of the clock, for what expires" },
	{ "--signature", "POLICY", "required, if-present or none (the default)" },
	{ "--trust", "PEM", "the insurer's certificate, or authorities that vouch for him" },
	{ "--crl", "PEM", "certificates that were revoked" },
	{ "--signer", "NAME", "CN or SAN of the insurer's certificate; needed with an authority" },
	{ 0 },
};

const struct command delivery_read_command[] = {
	{ "delivery read", "FILE", 1, 1, options, "read a saved answer and print its facts as JSON",
	  delivery_read },
	{ 0 },
};
