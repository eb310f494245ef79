/*
 * delivery_read.c -- `vorpost delivery read`: a saved answer as facts. The documents' bytes are counted and hashed, then
 * forgotten; no connection is opened, no file written. The same cage reads as in a poll.
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
#include "cmd/app.h"
#include "cmd/commands.h"
#include "cmd/json_facts.h"
#include "ingest/counting_sink.h"
#include "ingest/reading.h"
#include "ingest/refusal.h"
#include "ingest/saved_http.h"
#include "ingest/schema.h"
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

/* --- what was asked for, and what is under way --- */

struct reading_saved {
	const struct invocation *in;
	enum signature_policy policy;
	const struct trust *trust; /* NULL: nobody */
	int64_t now_ms;
	struct cage *cage;
	struct reading *reading;
	bool refused;               /* by the insurer */
	struct schema_check *check; /* NULL: --schemas was not given */
	bool checked;               /* something was held against them */
	struct schema_report report;
};

static const struct reader_limits limits = { .answer_bytes_most = UINT64_MAX, .list_most = 100000 };

/* The reading keeps its error for its end: whether the transport was whole is to be known first. */
static bool feed_reading(void *self, const void *bytes, size_t len, struct err *e)
{
	struct reading_saved *r = self;
	struct err kept = { 0 };

	(void)e;
	reading_feed(r->reading, bytes, len, &kept);
	if (r->check)
		schema_check_feed(r->check, bytes, len);
	return true;
}

static void begin_reading(struct reading_saved *r, const char *content_type, const int *kept_fd)
{
	const struct reading_task task = {
		.content_type = content_type,
		.expected_id = invocation_option(r->in, "--shipment"),
		.limits = limits,
		.sink = counting_sink_new(r->in->mem),
		.kept_fd = kept_fd,
		.policy = r->policy,
		.trust = r->trust,
		.now_ms = r->now_ms,
	};

	r->reading = reading_begin(r->cage, &task, r->in->mem);
	r->checked = r->check != NULL;
	if (r->check)
		schema_check_begin(r->check, content_type);
}

static bool end_reading(struct answer **answer, struct reading_saved *r, struct err *e)
{
	bool ok = reading_end(r->reading, answer, e);

	r->refused = reading_refused(r->reading);
	return ok;
}

/* --- body only, or a whole HTTP answer --- */

static bool read_body(struct answer **answer, struct saved *saved, struct reading_saved *r,
		      struct err *e)
{
	uint64_t offset = 0;
	size_t len;

	begin_reading(r, invocation_option(r->in, "--content-type"), &saved->fd);
	do {
		if (!saved_read(&len, saved, offset, e))
			return false;
		feed_reading(r, saved->piece, len, e); /* whose error is told at its end */
		offset += len;
	} while (len);
	return end_reading(answer, r, e);
}

/* A status that is no success, without a SOAP message that would say more. */
static bool status_error(int status, struct err *e)
{
	bool passes = status == 408 || status == 425 || status == 429 || status >= 500;

	return err_set(e, passes ? ERR_RETRY : ERR_DELIVERY,
		       "HTTP status %d without a SOAP message", status);
}

/* The transport is judged first: what was cut cannot be blamed on the insurer. */
static bool judge_http(struct answer **answer, struct reading_saved *r,
		       const struct http_head *head, struct err *e)
{
	bool ok = end_reading(answer, r, e);

	if (r->refused || (ok && head->status == 200))
		return ok;
	if (head->status == 200)
		return false;
	err_clear(e);
	return status_error(head->status, e);
}

static bool read_http(struct answer **answer, struct saved *saved, size_t len,
		      struct reading_saved *r, struct err *e)
{
	const char *said = invocation_option(r->in, "--content-type");
	struct http_head head;
	struct saved_http *body;
	uint64_t offset;
	size_t head_len;

	if (!saved_http_head(&head, &head_len, saved->piece, len, e))
		return false;
	begin_reading(r, said ? said : head.content_type, NULL);
	body = saved_http_new(&head, feed_reading, r, r->in->mem);
	for (offset = head_len; len; offset += len)
		if (!saved_read(&len, saved, offset, e) ||
		    !saved_http_feed(body, saved->piece, len, e))
			return false;
	if (!saved_http_end(body, e))
		return false;
	return judge_http(answer, r, &head, e);
}

static bool read_saved(struct answer **answer, struct reading_saved *r, struct err *e)
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

static bool trust_of(struct reading_saved *r, struct err *e)
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

/* A configuration is not needed, but if it is there and turns the cage off, it is off. */
static void cage_of(struct reading_saved *r)
{
	struct err ignored = { 0 };
	const struct app *app = r->in->conf_path ? app_open(r->in, APP_CONF, &ignored) : NULL;

	if (!app || app->conf->cage)
		r->cage = cage_new(r->in->mem);
}

static bool schemas_of(struct reading_saved *r, struct err *e)
{
	const char *folder = invocation_option(r->in, "--schemas");

	if (!folder)
		return true;
	if (!r->cage)
		return err_set(e, ERR_SETUP, "--schemas wants the cage, which is switched off");
	r->check = schema_check_open(folder, r->in->mem, e);
	return r->check != NULL;
}

static bool options_take(struct reading_saved *r, struct err *e)
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

/* Which of the closed list it is, behind the sentence: for scripts, and to look it up. */
static void name_refusal(struct err *e)
{
	size_t len = strlen(e->text);

	if (e->refusal)
		snprintf(e->text + len, sizeof e->text - len, " [%s]",
			 refusal_word((enum refusal)e->refusal));
}

/* answer NULL: it could not be read, but what was held against the schemas may say why. */
static int print_facts(const struct answer *answer, const struct reading_saved *r, struct err *e)
{
	json_t *facts = answer ? json_facts(answer) : json_object();
	FILE *out = r->in->out;
	int failed;

	if (r->checked)
		json_object_set_new(facts, "schema", json_schema(&r->report));
	failed = json_dumpf(facts, out, JSON_INDENT(2)) != 0 || fputc('\n', out) == EOF;
	json_decref(facts);
	if (failed)
		err_set(e, ERR_RETRY, "facts cannot be written");
	return failed ? EX_TEMPFAIL : EX_OK;
}

static int delivery_read(struct invocation *in, struct err *e)
{
	struct reading_saved r = { .in = in };
	struct answer *answer = NULL;
	bool good;

	if (!options_take(&r, e))
		return err_exit_code(e);
	cage_of(&r);
	if (!schemas_of(&r, e))
		return err_exit_code(e);
	good = read_saved(&answer, &r, e);
	if (r.checked)
		schema_check_end(&r.report, r.check, in->mem);
	if (!good) {
		if (r.refused)
			as_refusal(e);
		name_refusal(e);
		if (r.checked)
			print_facts(NULL, &r, NULL);
		return err_exit_code(e);
	}
	if (!token_fresh(answer, invocation_option(in, "--now"), e))
		return err_exit_code(e);
	return print_facts(answer, &r, e);
}

static const struct option_spec options[] = {
	{ "--content-type", "TYPE", "Content-Type the answer came with, if FILE is a body only" },
	{ "--insurer", "ISSUER", "whose answer it is; reading does not depend on it so far" },
	{ "--shipment", "ID", "the shipment that was asked for; another one is refused" },
	{ "--now", "TIME", "instead of the clock, for what expires" },
	{ "--signature", "POLICY", "required, if-present or none (the default)" },
	{ "--trust", "PEM", "the insurer's certificate, or authorities that vouch for him" },
	{ "--schemas", "FOLDER",
	  "XSD files of yours: also print how the answer differs from them (a breach is no error)" },
	{ "--crl", "PEM", "certificates that were revoked" },
	{ "--signer", "NAME", "CN or SAN of the insurer's certificate; needed with an authority" },
	{ 0 },
};

const struct command delivery_read_command[] = {
	{ "delivery read", "FILE", 1, 1, options, "read a saved answer and print its facts as JSON",
	  delivery_read },
	{ 0 },
};
