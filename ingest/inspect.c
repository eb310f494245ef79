#include "ingest/inspect.h"

#include <jansson.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/cage.h"
#include "base/clock.h"
#include "base/text.h"
#include "ingest/facts.h"
#include "ingest/inspect_parts.h"
#include "ingest/limits.h"

#define PROGRAM "vorpost-inspect"
#define NAME    "who looked into it"
#define LOOK_MS 50

static const char *const states[INSPECT_STATES] = { "read", "empty", "locked", "refused",
						    "broken" };

const char *inspect_state_name(enum inspect_state state)
{
	return states[state];
}

bool inspect_knows(const char *media_type)
{
	return text_equal(media_type, "application/pdf") ||
	       text_equal(media_type, "application/zip");
}

/* ---- what it says ---- */

struct look {
	struct cage_child child;
	struct cage_in in;
	TALLOC_CTX *mem;
	struct inspected *found;
	json_t *pages, *words, *entries; /* words: of the last page */
	struct facts_bytes text;
	size_t word_count;
	int64_t heard_ms, cpu_ms;
	bool greeted, done, lies;
};

static double points(struct facts_cursor *from)
{
	return (double)(int64_t)facts_get_u64(from) / 100;
}

static bool hello(struct look *l, struct facts_cursor *from, struct err *e)
{
	char *why;

	facts_get_u64(from);
	why = facts_get_text(from, l->mem);
	l->greeted = true;
	return !why || err_set(e, ERR_SETUP, PROGRAM " cannot lock itself in: %.200s", why);
}

static void page(struct look *l, struct facts_cursor *from)
{
	json_int_t number = (json_int_t)facts_get_u64(from);
	double width = points(from), height = points(from);

	l->lies = json_array_size(l->pages) >= PDF_PAGES_MOST;
	l->words = json_array();
	json_array_append_new(l->pages, json_pack("{s:I, s:f, s:f, s:o}", "page", number, "width",
						  width, "height", height, "words", l->words));
}

static void word(struct look *l, struct facts_cursor *from)
{
	char *text = facts_get_text(from, l->mem);
	double box[4];

	for (int i = 0; i < 4; i++)
		box[i] = points(from);
	l->lies = !text || !l->words || ++l->word_count > PDF_WORDS_MOST;
	if (l->lies)
		return;
	json_array_append_new(l->words, json_pack("{s:s, s:[f, f, f, f]}", "text", text, "box",
						  box[0], box[1], box[2], box[3]));
	if (l->text.len + strlen(text) < INSPECT_TEXT_MOST) {
		facts_add(&l->text, text, strlen(text), l->mem);
		facts_add(&l->text, " ", 1, l->mem);
	}
	talloc_free(text);
}

static void entry(struct look *l, struct facts_cursor *from)
{
	char *name = facts_get_text(from, l->mem), *type = facts_get_text(from, l->mem);
	char *odd = facts_get_text(from, l->mem);
	json_int_t size = (json_int_t)facts_get_u64(from);

	l->lies = !name || !type || json_array_size(l->entries) >= ZIP_ENTRIES_MOST;
	if (!l->lies)
		json_array_append_new(l->entries,
				      json_pack("{s:s, s:s, s:I, s:s?}", "name", name, "type", type,
						"size", size, "odd", odd));
}

static void end(struct look *l, struct facts_cursor *from)
{
	uint64_t state = facts_get_u64(from);
	char *sentence = facts_get_text(from, l->mem);
	uint64_t pages = facts_get_u64(from);

	l->lies = state >= INSPECT_STATES || pages > INT32_MAX;
	l->found->state = l->lies ? INSPECT_BROKEN : (enum inspect_state)state;
	l->found->sentence = sentence;
	l->found->page_count = l->lies ? -1 : (int)pages - 1;
	l->done = true;
}

static bool take(struct look *l, const struct cage_frame *frame, struct err *e)
{
	struct facts_cursor from = { frame->bytes, frame->bytes + frame->len, false };

	if (!l->greeted)
		return frame->kind == INSPECT_HELLO
			       ? hello(l, &from, e)
			       : err_set(e, ERR_SETUP,
					 PROGRAM " does not say that it is locked in");
	if (frame->kind == INSPECT_PAGE)
		page(l, &from);
	else if (frame->kind == INSPECT_WORD)
		word(l, &from);
	else if (frame->kind == INSPECT_ENTRY)
		entry(l, &from);
	else if (frame->kind == INSPECT_END)
		end(l, &from);
	else
		l->lies = true;
	l->lies = l->lies || from.broken;
	return true;
}

/* ---- the conversation ---- */

static bool broken(struct look *l, const char *sentence)
{
	l->found->state = INSPECT_BROKEN;
	l->found->sentence = talloc_strdup(l->mem, sentence);
	l->done = true;
	return true;
}

static bool too_much(struct look *l)
{
	int64_t now_ms = clock_monotonic_ms(), cpu_ms = cage_cpu_ms(&l->child);

	if (cpu_ms > INSPECT_CPU_MS * CAGE_TIMES_TIME)
		return broken(l, "reading it came to no end");
	if (cage_resident(&l->child) > ((uint64_t)INSPECT_MEMORY_MIB + 24) * CAGE_TIMES_MEMORY
					       << 20)
		return broken(l, "reading it ran out of memory");
	if (cpu_ms != l->cpu_ms)
		l->heard_ms = now_ms;
	l->cpu_ms = cpu_ms;
	return now_ms - l->heard_ms > CAGE_SILENCE_MS && broken(l, "reading it stood still");
}

static bool gone(struct look *l, struct err *e)
{
	bool greeted = l->greeted;
	struct err why = { 0 };
	int how = 0;

	cage_stop(&l->child, &how);
	cage_ended(how, NAME, &why);
	if (greeted && why.kind == ERR_DELIVERY)
		return broken(l, why.text);
	if (why.kind == ERR_DELIVERY)
		why.kind = ERR_SETUP;
	*e = why;
	return false;
}

static bool listen_to(struct look *l, struct err *e)
{
	struct cage_frame frame;
	int found;

	if (cage_in_fill(&l->in, l->child.wire, false) <= 0)
		return gone(l, e);
	while (!l->done && (found = cage_in_next(&frame, &l->in)) != 0) {
		if (found > 0 && !take(l, &frame, e))
			return false;
		if (found < 0 || l->lies)
			return broken(l, "who read it does not keep to its protocol");
	}
	l->heard_ms = clock_monotonic_ms();
	return true;
}

static bool converse(struct look *l, const char *media_type, uint64_t size, struct err *e)
{
	struct facts_bytes task = { 0 };
	struct cage_head head = { INSPECT_TASK, 0 };
	struct iovec parts[2] = { { &head, sizeof head } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	facts_put_text(&task, media_type, l->mem);
	facts_put_u64(&task, size, l->mem);
	head.len = (uint32_t)task.len;
	parts[1] = (struct iovec){ task.bytes, task.len };
	sendmsg(l->child.wire, &message, MSG_NOSIGNAL); /* small, and the first: it fits */
	l->heard_ms = clock_monotonic_ms();
	while (!l->done) {
		struct pollfd wire = { l->child.wire, POLLIN, 0 };

		if (poll(&wire, 1, LOOK_MS) > 0 && !listen_to(l, e))
			return false;
		if (!l->done)
			too_much(l);
	}
	return true;
}

static char *json_text(json_t *json, TALLOC_CTX *mem)
{
	char *dumped = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(7));
	char *text = talloc_strdup(mem, dumped ? dumped : "[]");

	free(dumped);
	json_decref(json);
	return text;
}

bool inspect(struct inspected *found, const char *media_type, int fd, TALLOC_CTX *mem,
	     struct err *e)
{
	struct look *l = talloc(mem, struct look);
	struct stat about;
	bool ok;

	*found = (struct inspected){ .page_count = -1 };
	*l = (struct look){
		.mem = mem, .found = found, .pages = json_array(), .entries = json_array()
	};
	ok = (fstat(fd, &about) == 0 ||
	      err_set(e, ERR_RETRY, "the document cannot be looked at: %m")) &&
	     cage_start(&l->child, PROGRAM, fd, INSPECT_MEMORY_MIB, e) &&
	     converse(l, media_type, (uint64_t)about.st_size, e);
	cage_stop(&l->child, NULL);
	found->pages = json_text(l->pages, mem);
	found->entries = json_text(l->entries, mem);
	found->text = talloc_strndup(mem, l->text.bytes ? l->text.bytes : "", l->text.len);
	talloc_free(l);
	return ok;
}
