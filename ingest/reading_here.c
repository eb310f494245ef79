/*
 * reading_here.c -- an answer read in this process. Where it is signed it is read a second time, from the signed bytes
 * alone; what the first reading brought is then forgotten. Where only signed ones count, the first reading's documents go
 * nowhere.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ingest/limits.h"
#include "ingest/reading_parts.h"
#include "ingest/trust_parts.h"

struct reading_here {
	const struct reading_task *task;
	TALLOC_CTX *mem;
	struct reader *reader;
	struct answer_source source; /* where it is kept */
	char *body; /* kept where it cannot be had again, up to one byte more than may be signed */
	size_t body_len, body_room;
	uint64_t fed;
	bool failed; /* before its end */
	bool lacks_end;
	void (*forget)(void *self); /* the documents so far */
	void *forget_self;
};

/* ---- what becomes of documents of which none may count ---- */

static bool nothing_open(void *self, struct err *e)
{
	(void)self, (void)e;
	return true;
}

static bool nothing_write(void *self, const void *bytes, size_t len, struct err *e)
{
	(void)self, (void)bytes, (void)len, (void)e;
	return true;
}

static bool nothing_close(void *self, uint64_t *size, char sha256[SHA256_TEXT_SIZE], struct err *e)
{
	(void)self, (void)e;
	*size = 0;
	*sha256 = '\0';
	return true;
}

static void nothing_abandon(void *self)
{
	(void)self;
}

static struct document_sink nothing = { NULL, nothing_open, nothing_write, nothing_close,
					nothing_abandon };

/* ---- where it is kept ---- */

bool kept_bytes(int fd, void *to, size_t len, uint64_t offset, struct err *e)
{
	char *at = to;

	while (len) {
		ssize_t n = pread(fd, at, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(e, ERR_RETRY, "the answer cannot be read again: %s",
				       n < 0 ? strerror(errno) : "it is shorter than it was");
		at += n;
		len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return true;
}

static bool read_again(void *self, void *to, size_t len, uint64_t offset, struct err *e)
{
	const struct reading_here *here = self;

	return kept_bytes(*here->task->kept_fd, to, len, offset, e);
}

/* ---- the first reading ---- */

struct reading_here *here_begin(const struct reading_task *task, TALLOC_CTX *mem)
{
	struct reading_here *here = talloc_zero(mem, struct reading_here);
	bool only_signed = task->sink && task->policy == SIGNATURE_REQUIRED;

	here->task = task;
	here->mem = mem;
	here->reader = reader_new(task->content_type, task->expected_id, &task->limits,
				  only_signed ? &nothing : task->sink, mem);
	here->source = (struct answer_source){ here, read_again };
	if (task->kept_fd)
		reader_rereads(here->reader, &here->source);
	return here;
}

void here_forgets(struct reading_here *here, void (*forget)(void *self), void *self)
{
	here->forget = forget;
	here->forget_self = self;
}

static void keep(struct reading_here *here, const void *bytes, size_t len)
{
	size_t space = SIGNED_ANSWER_MOST + 1 - here->body_len;

	len = len < space ? len : space;
	if (here->body_len + len > here->body_room) {
		here->body_room = (here->body_len + len) / 2 * 3 + 1;
		here->body = talloc_realloc_size(here, here->body, here->body_room);
	}
	if (len)
		memcpy(here->body + here->body_len, bytes, len);
	here->body_len += len;
}

bool here_feed(struct reading_here *here, const void *bytes, size_t len, struct err *e)
{
	here->fed += len;
	if (here->task->policy != SIGNATURE_NONE && !here->task->kept_fd)
		keep(here, bytes, len);
	if (reader_feed(here->reader, bytes, len, e))
		return true;
	here->failed = true;
	return false;
}

/* ---- the second ---- */

/* All of a signed answer in one piece. */
static bool whole_body(struct reading_here *here, struct err *e)
{
	if (here->fed > SIGNED_ANSWER_MOST)
		return trust_too_long(here->fed, e);
	if (here->body)
		return true;
	here->body_len = (size_t)here->fed;
	here->body = talloc_size(here, here->body_len + 1);
	return kept_bytes(*here->task->kept_fd, here->body, here->body_len, 0, e);
}

static bool read_signed(struct reading_here *here, struct answer **answer, struct err *e)
{
	const struct reading_task *task = here->task;
	const struct trust_reading again = { task->expected_id, &task->limits, task->sink };
	struct trust_message message = { .content_type = task->content_type };

	if (!whole_body(here, e))
		return false;
	if (here->forget)
		here->forget(here->forget_self);
	message.bytes = message.spent = here->body;
	message.len = here->body_len;
	here->body = NULL;
	return trust_read(answer, task->trust, &message, &again, task->now_ms, here->mem, e);
}

bool here_end(struct reading_here *here, struct answer **answer, struct err *e)
{
	bool needed;

	if (!reader_end(here->reader, answer, e)) {
		here->lacks_end = !here->failed;
		return false;
	}
	return trust_needed(&needed, here->task->policy, *answer, e) &&
	       (!needed || read_signed(here, answer, e));
}

bool here_refused(const struct reading_here *here)
{
	return reader_refused(here->reader);
}

bool here_lacks_end(const struct reading_here *here)
{
	return here->lacks_end;
}
