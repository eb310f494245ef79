/* schema_check.c -- the watchman of vorpost-validate: hands it answers, and takes what it says for what it is worth. */
#include "ingest/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/cage.h"
#include "base/clock.h"
#include "base/text.h"
#include "ingest/facts.h"
#include "ingest/schema_parts.h"

#define PROGRAM "vorpost-validate"
#define NAME    "the validator"
#define LOOK_MS 50

struct schema_check {
	struct cage_child child;
	struct cage_in in;
	char *over; /* why there is no process any more; NULL: there is */
	uint64_t files;
	bool greeted;

	/* the answer under way */
	struct schema_report *report; /* child of the check until it is handed out */
	bool done;
	uint64_t fed;
	int64_t cpu_from_ms, from_ms, cpu_most_ms, most_ms;
};

static int check_free(struct schema_check *check)
{
	cage_stop(&check->child, NULL);
	return 0;
}

static bool end_it(struct schema_check *check, const char *why)
{
	cage_stop(&check->child, NULL);
	check->over = check->over ? check->over : talloc_strdup(check, why);
	return false;
}

bool schema_check_over(const struct schema_check *check)
{
	return check->over != NULL;
}

size_t schema_check_files(const struct schema_check *check)
{
	return (size_t)check->files;
}

/* ---- what it says ---- */

static bool broken(struct schema_check *check)
{
	return end_it(check, NAME " does not keep to its protocol");
}

/* Only a whole one says that the set is compiled and the door is shut. */
static bool take_hello(struct schema_check *check, struct facts_cursor *from)
{
	uint64_t files = facts_get_u64(from);
	char *why = facts_get_text(from, check);

	if (from->broken || from->at != from->end)
		return broken(check);
	check->files = files;
	check->greeted = true;
	return !why || end_it(check, why);
}

static bool take_breach(struct schema_check *check, struct facts_cursor *from)
{
	struct schema_report *report = check->report;
	struct schema_breach breach;

	if (!report || report->count == SCHEMA_BREACHES_MOST)
		return false;
	report->breaches =
		talloc_realloc(report, report->breaches, struct schema_breach, report->count + 1);
	breach.element = facts_get_text(from, report->breaches);
	breach.rule = facts_get_text(from, report->breaches);
	breach.detail = facts_get_text(from, report->breaches);
	breach.line = facts_get_u64(from);
	breach.times = facts_get_u64(from);
	if (!breach.element || !breach.rule || !breach.detail || breach.line > INT32_MAX ||
	    !breach.times || breach.times > SCHEMA_TIMES_MOST + 1)
		return false;
	report->breaches[report->count++] = breach;
	return true;
}

static bool take_done(struct schema_check *check, struct facts_cursor *from)
{
	struct schema_report *report = check->report;

	if (!report)
		return false;
	report->times = facts_get_u64(from);
	report->gave_up = facts_get_text(from, report);
	check->done = true;
	return report->times <= SCHEMA_TIMES_MOST + 1 && report->times >= report->count;
}

static bool take(struct schema_check *check, const struct cage_frame *frame)
{
	struct facts_cursor from = { frame->bytes, frame->bytes + frame->len, false };
	bool ok = !check->greeted ? frame->kind == SCHEMA_HELLO
		  : frame->kind == SCHEMA_BREACH
			  ? take_breach(check, &from)
			  : frame->kind == SCHEMA_DONE && take_done(check, &from);

	if (ok && !check->greeted)
		return take_hello(check, &from);
	return (ok && !from.broken && from.at == from.end) || broken(check);
}

static bool gone(struct schema_check *check)
{
	struct err why = { 0 };
	int how = 0;

	cage_stop(&check->child, &how);
	cage_ended(how, NAME, &why);
	return end_it(check, why.text);
}

static bool listen_to(struct schema_check *check)
{
	struct cage_frame frame;
	int found;
	long n = cage_in_fill(&check->in, check->child.wire, false);

	if (n == 0 || (n < 0 && errno != EAGAIN))
		return gone(check);
	while ((found = cage_in_next(&frame, &check->in)) > 0)
		if (!take(check, &frame))
			return false;
	return found == 0 || broken(check);
}

/* ---- the conversation ---- */

static void watch_from(struct schema_check *check, int64_t cpu_ms, int64_t ms)
{
	check->from_ms = clock_monotonic_ms();
	check->cpu_from_ms = cage_cpu_ms(&check->child);
	check->cpu_most_ms = cpu_ms;
	check->most_ms = ms;
	check->fed = 0;
}

/* It watches its own time and ends by itself; who cannot is ended. */
static bool watch(struct schema_check *check)
{
	int64_t more = (int64_t)(check->fed / READER_BYTES_PER_MS);
	int64_t used = cage_cpu_ms(&check->child) - check->cpu_from_ms;
	int64_t since = clock_monotonic_ms() - check->from_ms;

	if (used > (2 * check->cpu_most_ms + more) * CAGE_TIMES_TIME ||
	    since > (check->most_ms + more) * CAGE_TIMES_TIME)
		return end_it(check, NAME " came to no end");
	if (cage_resident(&check->child) > ((uint64_t)SCHEMA_MEMORY_MIB + 64) * CAGE_TIMES_MEMORY
						   << 20)
		return end_it(check, NAME " ran out of memory");
	return true;
}

static bool wait_for(struct schema_check *check, short events)
{
	struct pollfd wire = { check->child.wire, events, 0 };
	int ready = poll(&wire, 1, LOOK_MS);

	if (ready > 0 && (wire.revents & ~POLLOUT) && !listen_to(check))
		return false;
	return watch(check);
}

static bool send_frame(struct schema_check *check, uint32_t kind, const char *bytes, size_t len)
{
	struct cage_head head = { kind, (uint32_t)len };
	struct iovec parts[] = { { &head, sizeof head }, { (void *)(uintptr_t)bytes, len } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	while (!check->over && (parts[0].iov_len || parts[1].iov_len)) {
		ssize_t n = sendmsg(check->child.wire, &message, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return gone(check);
		for (int i = 0; i < 2 && n > 0; i++) {
			size_t took = (size_t)n < parts[i].iov_len ? (size_t)n : parts[i].iov_len;

			parts[i].iov_base = (char *)parts[i].iov_base + took;
			parts[i].iov_len -= took;
			n -= (ssize_t)took;
		}
		if (n < 0)
			wait_for(check, POLLIN | POLLOUT);
	}
	return !check->over;
}

static void send_all(struct schema_check *check, uint32_t kind, const void *bytes, size_t len)
{
	const char *p = bytes;

	for (size_t n; len && !check->over; p += n, len -= n) {
		n = len < CAGE_FRAME_MOST ? len : CAGE_FRAME_MOST;
		send_frame(check, kind, p, n);
	}
}

/* ---- from without ---- */

static int folder_open(const char *folder, struct err *e)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		err_set(e, ERR_SETUP, "the schemas' folder %.200s cannot be read: %s", folder,
			strerror(errno));
	return fd;
}

static bool start(struct schema_check *check, const char *folder, struct err *e)
{
	int fd = folder_open(folder, e);
	bool ok = fd >= 0 && cage_start(&check->child, PROGRAM, fd, SCHEMA_MEMORY_MIB, e);

	if (fd >= 0)
		close(fd);
	if (!ok)
		return false;
	watch_from(check, SCHEMA_COMPILE_MS, 4 * SCHEMA_COMPILE_MS);
	while (!check->over && !check->greeted)
		wait_for(check, POLLIN);
	return !check->over ||
	       err_set(e, ERR_SETUP, "the schemas in %.200s: %s", folder, check->over);
}

struct schema_check *schema_check_open(const char *folder, TALLOC_CTX *mem, struct err *e)
{
	struct schema_check *check = talloc(mem, struct schema_check);

	memset(check, 0, sizeof *check);
	talloc_set_destructor(check, check_free);
	if (start(check, folder, e))
		return check;
	talloc_free(check);
	return NULL;
}

void schema_check_begin(struct schema_check *check, const char *content_type)
{
	struct facts_bytes task = { 0 };

	talloc_free(check->report);
	check->report = talloc_zero(check, struct schema_report);
	check->done = false;
	if (check->over)
		return;
	watch_from(check, SCHEMA_CPU_MS, SCHEMA_WAIT_MS);
	facts_put_text(&task, content_type, check->report);
	send_all(check, SCHEMA_TASK, task.bytes, task.len);
}

void schema_check_feed(struct schema_check *check, const void *bytes, size_t len)
{
	check->fed += len;
	send_all(check, SCHEMA_BYTES, bytes, len);
}

void schema_check_end(struct schema_report *report, struct schema_check *check, TALLOC_CTX *mem)
{
	if (check->done)
		broken(check); /* an end before the end */
	if (!check->over)
		send_frame(check, SCHEMA_END, NULL, 0);
	while (!check->over && !check->done)
		wait_for(check, POLLIN);
	if (check->over) {
		TALLOC_FREE(check->report);
		*report = (struct schema_report){ .gave_up = talloc_strdup(mem, check->over) };
		return;
	}
	*report = *check->report;
	talloc_steal(mem, report->breaches);
	talloc_steal(mem, report->gave_up);
	TALLOC_FREE(check->report);
}

void schema_check_file(struct schema_report *report, struct schema_check *check,
		       const char *content_type, int fd, uint64_t len, TALLOC_CTX *mem)
{
	char bytes[65536];

	schema_check_begin(check, content_type);
	for (uint64_t at = 0; at < len && !check->over;) {
		size_t most = len - at < sizeof bytes ? (size_t)(len - at) : sizeof bytes;
		ssize_t n = pread(fd, bytes, most, (off_t)at);

		if (n <= 0)
			break; /* it ends in the middle: the report will say so */
		schema_check_feed(check, bytes, (size_t)n);
		at += (uint64_t)n;
	}
	schema_check_end(report, check, mem);
}
