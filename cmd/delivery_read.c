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
#include "ingest/reader.h"
#include "ingest/saved_http.h"

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

/* The reader keeps its error for reader_end: whether the transport was whole is to be known first. */
static bool feed_reader(void *self, const void *bytes, size_t len, struct err *e)
{
	struct err kept = { 0 };

	(void)e;
	reader_feed(self, bytes, len, &kept);
	return true;
}

/* --- body only, or a whole HTTP answer --- */

static struct reader *new_reader(const struct invocation *in, const char *content_type)
{
	const struct reader_limits limits = { .answer_bytes_most = UINT64_MAX,
					      .list_most = 100000 };

	return reader_new(content_type, invocation_option(in, "--shipment"), &limits,
			  counting_sink_new(in->mem), in->mem);
}

static bool read_body(struct answer **answer, struct saved *saved, const struct invocation *in,
		      bool *refused, struct err *e)
{
	const struct answer_source source = { .self = saved, .read = read_again };
	struct reader *reader = new_reader(in, invocation_option(in, "--content-type"));
	uint64_t offset = 0;
	size_t len;
	bool ok;

	reader_rereads(reader, &source);
	do {
		ok = saved_read(&len, saved, offset, e) &&
		     reader_feed(reader, saved->piece, len, e);
		offset += len;
	} while (ok && len);
	ok = ok && reader_end(reader, answer, e);
	*refused = reader_refused(reader);
	return ok;
}

/* A status that is no success, without a SOAP message that would say more. */
static bool status_error(int status, struct err *e)
{
	bool passes = status == 408 || status == 425 || status == 429 || status >= 500;

	return err_set(e, passes ? ERR_RETRY : ERR_DELIVERY,
		       "HTTP status %d without a SOAP message", status);
}

/* The transport is judged first: what was cut cannot be blamed on the insurer. */
static bool judge_http(struct answer **answer, struct reader *reader, const struct http_head *head,
		       bool *refused, struct err *e)
{
	bool ok = reader_end(reader, answer, e);

	*refused = reader_refused(reader);
	if (*refused || (ok && head->status == 200))
		return ok;
	if (head->status == 200)
		return false;
	err_clear(e);
	return status_error(head->status, e);
}

static bool read_http(struct answer **answer, struct saved *saved, size_t len,
		      const struct invocation *in, bool *refused, struct err *e)
{
	const char *said = invocation_option(in, "--content-type");
	struct http_head head;
	struct saved_http *body;
	struct reader *reader;
	uint64_t offset;
	size_t head_len;

	if (!saved_http_head(&head, &head_len, saved->piece, len, e))
		return false;
	reader = new_reader(in, said ? said : head.content_type);
	body = saved_http_new(&head, feed_reader, reader, in->mem);
	for (offset = head_len; len; offset += len)
		if (!saved_read(&len, saved, offset, e) ||
		    !saved_http_feed(body, saved->piece, len, e))
			return false;
	if (!saved_http_end(body, e))
		return false;
	return judge_http(answer, reader, &head, refused, e);
}

static bool read_saved(struct answer **answer, struct invocation *in, bool *refused, struct err *e)
{
	struct saved *saved = saved_open(in->word[0], in->mem, e);
	size_t len;

	if (!saved || !saved_read(&len, saved, 0, e))
		return false;
	if (saved_http_starts(saved->piece, len))
		return read_http(answer, saved, len, in, refused, e);
	return read_body(answer, saved, in, refused, e);
}

/* --- what the options demand --- */

static bool signed_by_somebody(const struct answer *answer)
{
	return answer->delivery && strcmp(answer->delivery->signature, "absent") != 0;
}

static bool signature_fits(const struct answer *answer, const char *policy, struct err *e)
{
	if (policy && strcmp(policy, "required") == 0 && !signed_by_somebody(answer))
		return err_set(e, ERR_DELIVERY,
			       "answer is not signed, and --signature required was given");
	return true;
}

/* A signature that was to be checked and cannot be: neither good nor bad. */
static bool beyond_this_build(const struct answer *answer, const char *policy)
{
	return policy && strcmp(policy, "none") != 0 && signed_by_somebody(answer);
}

static bool token_fresh(const struct answer *answer, const char *now, struct err *e)
{
	int64_t now_ms, expires_ms;

	if (!now || answer->kind != ANSWER_TOKEN || !answer->token_expires)
		return true;
	if (!clock_parse(&now_ms, now, e) || !clock_parse(&expires_ms, answer->token_expires, e))
		return false;
	return expires_ms > now_ms || err_set(e, ERR_DELIVERY, "token expired before --now");
}

static bool options_valid(const struct invocation *in, struct err *e)
{
	const char *policy = invocation_option(in, "--signature");
	const char *now = invocation_option(in, "--now");
	struct err unread = { 0 };
	int64_t ms;

	if (policy && strcmp(policy, "required") != 0 && strcmp(policy, "if-present") != 0 &&
	    strcmp(policy, "none") != 0)
		return err_set(e, ERR_USAGE, "--signature is required, if-present or none");
	if (now && !clock_parse(&ms, now, &unread))
		return err_set(e, ERR_USAGE, "--now is no time like 2025-03-03T06:00:00Z");
	return true;
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
	const char *policy = invocation_option(in, "--signature");
	struct answer *answer = NULL;
	bool refused = false;

	if (!options_valid(in, e))
		return EX_USAGE;
	if (!read_saved(&answer, in, &refused, e)) {
		if (refused)
			as_refusal(e);
		return err_exit_code(e);
	}
	if (beyond_this_build(answer, policy)) {
		fprintf(stderr,
			"vorpost: answer is signed, and this build does not verify signatures yet\n");
		return EX_UNAVAILABLE;
	}
	if (!signature_fits(answer, policy, e) ||
	    !token_fresh(answer, invocation_option(in, "--now"), e))
		return err_exit_code(e);
	return print_facts(answer, in->out, e);
}

static const struct option_spec options[] = {
	{ "--content-type", "TYPE", "Content-Type the answer came with, if FILE is a body only" },
	{ "--insurer", "ISSUER", "whose answer it is; reading does not depend on it so far" },
	{ "--shipment", "ID", "the shipment that was asked for; another one is refused" },
	{ "--now", "TIME", "instead of the clock, for what expires" },
	{ "--signature", "POLICY", "required, if-present or none" },
	{ 0 },
};

const struct command delivery_read_command[] = {
	{ "delivery read", "FILE", 1, 1, options, "read a saved answer and print its facts as JSON",
	  delivery_read },
	{ 0 },
};
