/*
 * schema_inside.c -- vorpost-validate: the operator's folder first, then, locked in, one answer after the other.
 */
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/cage.h"
#include "ingest/facts.h"
#include "ingest/schema_parts.h"

struct inside {
	struct cage_in in;
	struct cage_out out;
};

/* Nobody listens: the watchman is gone. */
static void put(struct inside *i, uint32_t kind, struct facts_bytes *said)
{
	/* a frame must not be cut in two: there is room for it, or room is made */
	if (sizeof i->out.room - i->out.len < sizeof(struct cage_head) + said->len &&
	    !cage_out_flush(&i->out))
		_exit(EX_OK);
	if (!cage_out_put(&i->out, kind, said->bytes, said->len))
		_exit(EX_OK);
	talloc_free(said->bytes);
}

static void flush(struct inside *i)
{
	if (!cage_out_flush(&i->out))
		_exit(EX_OK);
}

static bool next(struct cage_frame *frame, struct inside *i)
{
	int found;

	while ((found = cage_in_next(frame, &i->in)) == 0)
		if (cage_in_fill(&i->in, CAGE_FD_WIRE, true) <= 0)
			return false;
	return found > 0;
}

/* ---- one answer ---- */

static void put_report(struct inside *i, const struct schema_report *report)
{
	struct facts_bytes said = { 0 };

	for (size_t n = 0; n < report->count; n++) {
		const struct schema_breach *breach = &report->breaches[n];

		said = (struct facts_bytes){ 0 };
		facts_put_text(&said, breach->element, NULL);
		facts_put_text(&said, breach->rule, NULL);
		facts_put_text(&said, breach->detail, NULL);
		facts_put_u64(&said, breach->line, NULL);
		facts_put_u64(&said, breach->times, NULL);
		put(i, SCHEMA_BREACH, &said);
	}
	said = (struct facts_bytes){ 0 };
	facts_put_u64(&said, report->times, NULL);
	facts_put_text(&said, report->gave_up, NULL);
	put(i, SCHEMA_DONE, &said);
	flush(i);
}

/* False: no other answer will come. */
static bool one_answer(struct inside *i, const struct schema_set *set, TALLOC_CTX *mem)
{
	struct facts_bytes said = { 0 };
	struct facts_cursor from;
	struct cage_frame frame;
	struct schema_judge *judge;

	do {
		if (!next(&frame, i))
			return false;
		if (frame.kind == SCHEMA_TASK)
			facts_add(&said, frame.bytes, frame.len, mem);
	} while (frame.kind == SCHEMA_TASK);
	from = (struct facts_cursor){ said.bytes, said.bytes + said.len, false };
	judge = schema_judge_begin(set, facts_get_text(&from, mem), mem);
	while (frame.kind == SCHEMA_BYTES) {
		schema_judge_feed(judge, frame.bytes, frame.len);
		if (!next(&frame, i))
			return false;
	}
	put_report(i, schema_judge_end(judge));
	return true;
}

/* ---- the program ---- */

/* Whatever a library loads at its first use is loaded by this one. */
static void warm_up(const struct schema_set *set)
{
	static const char text[] =
		"--b\r\nContent-Type: text/xml\r\n\r\n<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"
		"<Envelope xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\"><Body><x/></Body>"
		"</Envelope>\r\n--b--\r\n";
	TALLOC_CTX *mem = talloc_new(NULL);
	struct schema_judge *judge = schema_judge_begin(set, "multipart/related; boundary=b", mem);

	tzset();
	schema_judge_feed(judge, text, sizeof text - 1);
	schema_judge_end(judge);
	talloc_free(mem);
}

/* The folder is what CAGE_FD_FILE holds, until here. */
static struct schema_set *make_set(uint64_t *count, TALLOC_CTX *mem, struct err *e)
{
	TALLOC_CTX *work = talloc_new(mem);
	struct schema_set *set = NULL;
	struct schema_files files;

	if (schema_files_read(&files, CAGE_FD_FILE, work, e)) /* and closes it */
		set = schema_set_compile(&files, mem, e);
	*count = files.count;
	talloc_free(work);
	return set;
}

static bool hello(struct inside *i, uint64_t files, const struct err *why)
{
	struct facts_bytes said = { 0 };

	facts_put_u64(&said, files, NULL);
	facts_put_text(&said, why->kind == ERR_NONE ? NULL : why->text, NULL);
	put(i, SCHEMA_HELLO, &said);
	flush(i);
	return why->kind == ERR_NONE;
}

int schema_inside(void)
{
	struct inside *i = talloc(NULL, struct inside);
	struct schema_set *set;
	struct err why = { 0 };
	uint64_t files;
	int landlock;

	i->in.from = i->in.to = 0;
	i->out.fd = CAGE_FD_WIRE;
	i->out.len = 0;
	set = make_set(&files, i, &why);
	if (set) {
		warm_up(set);
		cage_lock(&landlock, CAGE_TAKES_PIECES, &why);
	}
	if (!hello(i, files, &why))
		return CAGE_EXIT_LOCK;
	for (bool more = true; more;) {
		TALLOC_CTX *mem = talloc_named_const(NULL, 0, "answer");

		more = one_answer(i, set, mem);
		talloc_free(mem);
	}
	_exit(EX_OK); /* the set has nothing to tidy that the kernel does not */
}
