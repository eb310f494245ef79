/*
 * reading_caged.c -- the watchman: tells vorpost-reader of the answer, writes the documents it hands back, and believes
 * nothing that can be checked.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/cage.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/text.h"
#include "ingest/facts.h"
#include "ingest/limits.h"
#include "ingest/reading_parts.h"
#include "ingest/reading_process.h"
#include "ingest/refusal.h"

#define LOOK_MS 50
#define PIECE   65536 /* bytes of a document that are written at once */

#define PIECES_FREE 1000 /* in which documents may be handed back, */
#define PIECE_BYTES 8    /* and one more for so many bytes of the answer */

/* A document that was handed back and is in the sink. */
struct returned {
	uint64_t size;
	char sha256[SHA256_TEXT_SIZE];
	bool used;
};

struct reading {
	struct reading_task task;
	TALLOC_CTX *mem;
	struct reading_here *here; /* without a cage */
	struct cage *cage;         /* NULL as soon as it is over */

	struct err failed;
	bool refused, lacks_end, done;
	bool ended;  /* it was told of the end */
	bool open;   /* a document */
	bool forgot; /* the documents of the first reading */
	struct returned *returned;
	size_t returned_count;
	struct facts_bytes facts;
	struct answer *answer;
	uint64_t fed, told, written, pieces;
	int64_t cpu_from_ms, cpu_ms, looked_ms, heard_ms;
};

/* ---- the end of a reading ---- */

/* It is over, with this error; the process reads no other answer. */
static bool over(struct reading *r, int *how)
{
	if (r->open)
		r->task.sink->abandon(r->task.sink->self);
	r->open = false;
	if (r->cage)
		process_retire(r->cage, how);
	r->cage = NULL;
	return false;
}

static bool lies(struct reading *r)
{
	refusal_set(&r->failed, REFUSAL_READER_LIES, READER_NAME " does not keep to its protocol");
	return over(r, NULL);
}

static enum refusal how_it_ended(int how)
{
	if (WIFSIGNALED(how))
		return WTERMSIG(how) == SIGSYS    ? REFUSAL_READER_FORBIDDEN
		       : WTERMSIG(how) == SIGXCPU ? REFUSAL_READER_ENDLESS
						  : REFUSAL_READER_CRASHED;
	return WEXITSTATUS(how) == CAGE_EXIT_MEMORY ? REFUSAL_READER_MEMORY
						    : REFUSAL_READER_CRASHED;
}

static bool gone(struct reading *r)
{
	bool greeted = r->cage->greeted;
	int how = 0;

	over(r, &how);
	cage_ended(how, READER_NAME, &r->failed);
	if (r->failed.kind == ERR_DELIVERY)
		refusal_mark(&r->failed, how_it_ended(how));
	if (!greeted && r->failed.kind == ERR_DELIVERY)
		r->failed.kind = ERR_SETUP; /* it had not seen a byte of the answer */
	return false;
}

/* ---- what it says ---- */

static bool document_open(struct reading *r)
{
	struct document_sink *sink = r->task.sink;

	if (!sink || r->open)
		return lies(r);
	r->open = true;
	return sink->open(sink->self, &r->failed) || over(r, NULL);
}

/* So many further bytes of the document: it cannot hand back more than it was given, nor in more pieces than markup makes of that. */
static bool document_grows(struct reading *r, uint64_t len)
{
	bool fits = r->open && len <= r->fed && r->written <= r->fed - len &&
		    r->pieces <= PIECES_FREE + r->fed / PIECE_BYTES;

	r->written += len;
	r->pieces++;
	return fits || lies(r);
}

static bool document_write(struct reading *r, const struct cage_frame *frame)
{
	struct document_sink *sink = r->task.sink;

	if (!document_grows(r, frame->len))
		return false;
	return !frame->len || sink->write(sink->self, frame->bytes, frame->len, &r->failed) ||
	       over(r, NULL);
}

static bool document_place(struct reading *r, const struct cage_frame *frame)
{
	struct facts_cursor from = { frame->bytes, frame->bytes + frame->len, false };
	uint64_t offset = facts_get_u64(&from), len = facts_get_u64(&from);
	struct document_sink *sink = r->task.sink;
	char piece[PIECE];

	if (from.broken || !r->task.kept_fd || len > r->told || offset > r->told - len)
		return lies(r);
	if (!document_grows(r, len))
		return false;
	for (uint64_t end = offset + len; offset < end;) {
		size_t n = end - offset < sizeof piece ? (size_t)(end - offset) : sizeof piece;

		if (!kept_bytes(*r->task.kept_fd, piece, n, offset, &r->failed) ||
		    !sink->write(sink->self, piece, n, &r->failed))
			return over(r, NULL);
		offset += n;
	}
	return true;
}

static bool document_close(struct reading *r)
{
	struct document_sink *sink = r->task.sink;
	struct returned *back;

	if (!r->open || r->returned_count > PARTS_MOST + (size_t)TRANSFERS_MOST * DOCUMENTS_MOST)
		return lies(r);
	if (r->returned_count == talloc_array_length(r->returned))
		r->returned = talloc_realloc(r, r->returned, struct returned,
					     r->returned_count ? 2 * r->returned_count : 8);
	back = &r->returned[r->returned_count++];
	back->used = false;
	if (!sink->close(sink->self, &back->size, back->sha256, &r->failed))
		return over(r, NULL);
	r->open = false;
	return true;
}

/* What the signature does not cover is garbage in the store, and nobody's document. */
static bool forget(struct reading *r)
{
	if (r->open || r->forgot || r->task.policy == SIGNATURE_NONE)
		return lies(r);
	r->forgot = true;
	r->returned_count = 0;
	r->written = r->pieces = 0;
	return true;
}

static bool take_facts(struct reading *r, const struct cage_frame *frame)
{
	if (r->facts.len + frame->len > FACTS_MOST) {
		refusal_set(&r->failed, REFUSAL_READER_LIES,
			    READER_NAME " says more than %u bytes of one answer", FACTS_MOST);
		return over(r, NULL);
	}
	facts_add(&r->facts, frame->bytes, frame->len, r);
	return true;
}

static bool take_failure(struct reading *r, const struct cage_frame *frame)
{
	struct facts_cursor from = { frame->bytes, frame->bytes + frame->len, false };
	uint64_t refused = facts_get_u64(&from), lacks_end = facts_get_u64(&from);
	uint64_t kind = facts_get_u64(&from);
	uint64_t retry_after_s = facts_get_u64(&from);
	uint64_t refusal = facts_get_u64(&from);
	char *code = facts_get_text(&from, r), *text = facts_get_text(&from, r);

	if (from.broken || !code || !text || kind == ERR_NONE || kind > ERR_BUG ||
	    retry_after_s > INT32_MAX || refusal >= REFUSAL_COUNT)
		return lies(r);
	err_set_code(&r->failed, (enum err_kind)kind, code, "%s", text);
	r->failed.retry_after_s = (int)retry_after_s;
	refusal_mark(&r->failed, (enum refusal)refusal);
	r->refused = refused != 0;
	r->lacks_end = lacks_end != 0;
	return over(r, NULL);
}

/* ---- are these facts about what it handed back? ---- */

/* The reader's "digest" is the number of the document it handed over; ours is what the sink computed. */
static bool settle_document(struct reading *r, struct document *document)
{
	char *end;
	unsigned long number = strtoul(document->sha256, &end, 10);
	struct returned *back;

	if (!*document->sha256 || *end || number >= r->returned_count || r->returned[number].used ||
	    document->data || !document->media_type)
		return false;
	back = &r->returned[number];
	back->used = true;
	document->size = back->size;
	memcpy(document->sha256, back->sha256, sizeof back->sha256);
	return true;
}

/* Each document in the sink is one in the facts and the other way round, and it is the shipment that was asked for. */
static bool settle_delivery(struct reading *r, struct delivery *delivery)
{
	size_t settled = 0;

	if (!delivery->head.id || !delivery->signature || !delivery->transfer_count ||
	    (r->task.expected_id && strcmp(delivery->head.id, r->task.expected_id) != 0))
		return false;
	for (size_t i = 0; i < delivery->transfer_count; i++)
		for (size_t d = 0; d < delivery->transfers[i].document_count; d++, settled++)
			if (!settle_document(r, &delivery->transfers[i].documents[d]))
				return false;
	return settled == r->returned_count;
}

static bool settle(struct reading *r, const struct answer *answer)
{
	if (r->open || (answer->kind == ANSWER_DELIVERY) != (answer->delivery != NULL))
		return false;
	if (answer->kind == ANSWER_TOKEN && !answer->token)
		return false;
	for (size_t i = 0; i < answer->list.count; i++)
		if (!answer->list.items[i].id)
			return false;
	return answer->delivery ? settle_delivery(r, answer->delivery) : r->returned_count == 0;
}

static bool take_end(struct reading *r)
{
	struct facts_cursor from = { r->facts.bytes, r->facts.bytes + r->facts.len, false };
	bool knows_token;

	if (!r->facts.len || !facts_read(&r->answer, &from, r->mem, &r->failed) ||
	    from.at != from.end || !settle(r, r->answer))
		return lies(r);
	TALLOC_FREE(r->facts.bytes);
	knows_token = r->answer->kind == ANSWER_TOKEN;
	r->done = true;
	r->cage->answers++;
	if (knows_token)
		process_retire(r->cage, NULL);
	r->cage = NULL;
	return true;
}

/* ---- the conversation ---- */

static bool take(struct reading *r, const struct cage_frame *frame)
{
	if (!r->cage->greeted) {
		r->cpu_from_ms = cage_cpu_ms(&r->cage->child);
		return process_hello(r->cage, frame, &r->failed) || over(r, NULL);
	}
	switch (frame->kind) {
	case FRAME_OPEN:
		return document_open(r);
	case FRAME_WRITE:
		return document_write(r, frame);
	case FRAME_PLACE:
		return document_place(r, frame);
	case FRAME_CLOSE:
		return document_close(r);
	case FRAME_FORGET:
		return forget(r);
	case FRAME_FACTS:
		return take_facts(r, frame);
	case FRAME_DONE: /* of what has not ended it cannot know the end */
		return r->ended ? take_end(r) : lies(r);
	case FRAME_FAILED:
		return take_failure(r, frame);
	default:
		return lies(r);
	}
}

/* waits: there is nothing to do but to wait for it. */
static bool too_much(struct reading *r, int64_t now_ms, bool waits)
{
	const struct cage_child *child = &r->cage->child;
	int64_t cpu_ms = cage_cpu_ms(child) - r->cpu_from_ms;
	int64_t most_ms = READER_CPU_MS + (int64_t)(r->fed / READER_BYTES_PER_MS);

	if (cpu_ms > most_ms * CAGE_TIMES_TIME)
		return !refusal_set(&r->failed, REFUSAL_READER_ENDLESS,
				    READER_NAME " came to no end");
	if (cage_resident(child) > ((uint64_t)child->memory_mib + 32) * CAGE_TIMES_MEMORY << 20)
		return !refusal_set(&r->failed, REFUSAL_READER_MEMORY,
				    READER_NAME " ran out of memory");
	if (cpu_ms > r->cpu_ms)
		r->heard_ms = now_ms;
	r->cpu_ms = cpu_ms;
	if (waits && now_ms - r->heard_ms > CAGE_SILENCE_MS)
		return !err_set(&r->failed, ERR_RETRY, READER_NAME " is silent");
	return false;
}

/* What the watchman watches, now and then. */
static bool watch(struct reading *r, bool waits)
{
	int64_t now_ms = clock_monotonic_ms();

	if (now_ms - r->looked_ms < LOOK_MS)
		return true;
	r->looked_ms = now_ms;
	return !too_much(r, now_ms, waits) || over(r, NULL);
}

/* All that it has said so far. False: it is over; done says how. */
static bool listen_to(struct reading *r)
{
	struct cage *cage = r->cage;
	struct cage_frame frame;
	long n;

	do {
		int found;

		n = cage_in_fill(&cage->in, cage->child.wire, false);
		if (n == 0 || (n < 0 && errno != EAGAIN))
			return gone(r);
		while ((found = cage_in_next(&frame, &cage->in)) > 0)
			if (!take(r, &frame) || r->done)
				return false;
		if (found < 0)
			return lies(r);
		if (n > 0)
			r->heard_ms = clock_monotonic_ms();
		if (!watch(r, false)) /* it may babble for ever */
			return false;
	} while (n > 0);
	return true;
}

/* Wait until it says something, or takes something if there is more to send. */
static bool wait_for(struct reading *r, short events)
{
	struct pollfd wire = { r->cage->child.wire, events, 0 };

	if (poll(&wire, 1, LOOK_MS) > 0 && (wire.revents & ~POLLOUT) && !listen_to(r))
		return false;
	return watch(r, true);
}

static bool send_frame(struct reading *r, uint32_t kind, const char *bytes, size_t len)
{
	struct cage_head head = { kind, (uint32_t)len };
	struct iovec parts[] = { { &head, sizeof head }, { (void *)(uintptr_t)bytes, len } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	while (parts[1].iov_len || parts[0].iov_len) {
		ssize_t n = sendmsg(r->cage->child.wire, &message, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return listen_to(r) ? gone(r) : false;
		for (int i = 0; i < 2 && n > 0; i++) {
			size_t took = (size_t)n < parts[i].iov_len ? (size_t)n : parts[i].iov_len;

			parts[i].iov_base = (char *)parts[i].iov_base + took;
			parts[i].iov_len -= took;
			n -= (ssize_t)took;
		}
		if (n < 0 && !wait_for(r, POLLIN | POLLOUT))
			return false;
	}
	return true;
}

static bool send_all(struct reading *r, uint32_t kind, const void *bytes, size_t len)
{
	const char *p = bytes;

	do {
		size_t n = len < CAGE_FRAME_MOST ? len : CAGE_FRAME_MOST;

		if (!send_frame(r, kind, p, n))
			return false;
		p += n;
		len -= n;
	} while (len);
	return true;
}

/* ---- from without ---- */

static bool send_task(struct reading *r)
{
	const struct reading_task *task = &r->task;
	struct trust_texts texts = { 0 };
	struct facts_bytes out = { 0 };
	bool ok;

	if (task->trust && task->policy != SIGNATURE_NONE)
		texts = trust_texts(task->trust);
	facts_put_text(&out, task->content_type, r);
	facts_put_text(&out, task->expected_id, r);
	facts_put_u64(&out, task->limits.answer_bytes_most, r);
	facts_put_u64(&out, (uint64_t)task->limits.list_most, r);
	facts_put_u64(&out, task->sink != NULL, r);
	facts_put_u64(&out, task->kept_fd != NULL, r);
	facts_put_u64(&out, task->policy, r);
	facts_put_u64(&out, (uint64_t)task->now_ms, r);
	facts_put_text(&out, texts.certificates, r);
	facts_put_text(&out, texts.crl, r);
	facts_put_text(&out, texts.signer, r);
	ok = send_all(r, FRAME_TASK, out.bytes, out.len);
	talloc_free(out.bytes);
	return ok;
}

static int reading_free(struct reading *r)
{
	over(r, NULL);
	return 0;
}

static void begin_caged(struct reading *r, struct cage *cage)
{
	r->cage = cage;
	talloc_set_destructor(r, reading_free);
	if (!process_ready(cage, r->task.whose, r->task.policy, r->task.kept_fd, &r->failed)) {
		r->cage = NULL;
		return;
	}
	r->heard_ms = r->looked_ms = clock_monotonic_ms();
	r->cpu_from_ms = cage_cpu_ms(&cage->child);
	send_task(r);
}

struct reading *reading_begin(struct cage *cage, const struct reading_task *task, TALLOC_CTX *mem)
{
	struct reading *r = talloc_zero(mem, struct reading);

	r->task = *task;
	r->mem = mem;
	if (cage)
		begin_caged(r, cage);
	else
		r->here = here_begin(&r->task, mem);
	return r;
}

static bool tell(const struct reading *r, struct err *e)
{
	if (e && e->kind == ERR_NONE)
		*e = r->failed;
	return false;
}

/* From here on it has something to do: however long the insurer took, it was not silent. */
static bool hand(struct reading *r, enum reading_frame kind, const void *bytes, size_t len)
{
	r->heard_ms = clock_monotonic_ms();
	if (!send_all(r, kind, bytes, len))
		return false;
	CRASH_POINT_OF("reader.running", r->cage->child.pid);
	return true;
}

static bool hand_kept(struct reading *r, enum reading_frame kind)
{
	r->told = r->fed;
	return hand(r, kind, &r->told, sizeof r->told);
}

/* What is kept is told of now and then; the rest goes by the wire, byte by byte. */
static bool hand_bytes(struct reading *r, const void *bytes, size_t len)
{
	if (r->task.kept_fd && r->fed - r->told < KEPT_STEP)
		return true;
	return (r->task.kept_fd ? hand_kept(r, FRAME_KEPT) : hand(r, FRAME_BYTES, bytes, len)) &&
	       listen_to(r);
}

bool reading_feed(struct reading *r, const void *bytes, size_t len, struct err *e)
{
	if (r->here)
		return here_feed(r->here, bytes, len, e);
	if (r->failed.kind == ERR_NONE && len) {
		r->fed += len;
		if (hand_bytes(r, bytes, len))
			watch(r, false);
	}
	return r->failed.kind == ERR_NONE || tell(r, e);
}

bool reading_end(struct reading *r, struct answer **answer, struct err *e)
{
	if (r->here)
		return here_end(r->here, answer, e);
	if (r->failed.kind == ERR_NONE && hand_kept(r, FRAME_END)) {
		r->ended = true;
		while (!r->done && wait_for(r, POLLIN))
			;
	}
	if (r->failed.kind != ERR_NONE)
		return tell(r, e);
	*answer = r->answer;
	return true;
}

bool reading_refused(const struct reading *r)
{
	return r->here ? here_refused(r->here) : r->refused;
}

bool reading_lacks_end(const struct reading *r)
{
	return r->here ? here_lacks_end(r->here) : r->lacks_end;
}
