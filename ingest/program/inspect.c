/* inspect.c -- vorpost-inspect: looks into one document in a cage. Started by Vorpost alone (ingest/inspect.c). */
#include <math.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/cage.h"
#include "base/text.h"
#include "ingest/facts.h"
#include "ingest/inspect_parts.h"
#include "ingest/limits.h"
#include "ingest/sniff.h"

#if CAGE_SANITIZED /* as in reader.c; poppler and glib are not ours to judge */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:symbolize=0:handle_segv=0:handle_abort=0:"
	       "allocator_may_return_null=1:max_allocation_size_mb=1024";
}
#endif

struct talk {
	struct cage_out out;
};

static void put(struct talk *talk, uint32_t kind, struct facts_bytes *said)
{
	/* a frame must not be cut in two: there is room for it, or room is made */
	if (sizeof talk->out.room - talk->out.len < sizeof(struct cage_head) + said->len &&
	    !cage_out_flush(&talk->out))
		_exit(EX_OK);
	if (!cage_out_put(&talk->out, kind, said->bytes, said->len))
		_exit(EX_OK);
	talloc_free(said->bytes);
}

static uint64_t hundredths(double value)
{
	return (uint64_t)(int64_t)(isfinite(value) && fabs(value) < 1e9 ? value * 100 : 0);
}

void talk_page(struct talk *talk, unsigned page, double width, double height)
{
	struct facts_bytes said = { 0 };

	facts_put_u64(&said, page, NULL);
	facts_put_u64(&said, hundredths(width), NULL);
	facts_put_u64(&said, hundredths(height), NULL);
	put(talk, INSPECT_PAGE, &said);
}

void talk_word(struct talk *talk, const char *text, const double box[4])
{
	struct facts_bytes said = { 0 };

	facts_put_text(&said, text, NULL);
	for (int i = 0; i < 4; i++)
		facts_put_u64(&said, hundredths(box[i]), NULL);
	put(talk, INSPECT_WORD, &said);
}

void talk_entry(struct talk *talk, const char *name, const char *type, const char *odd,
		uint64_t size)
{
	struct facts_bytes said = { 0 };

	facts_put_text(&said, name, NULL);
	facts_put_text(&said, type, NULL);
	facts_put_text(&said, odd, NULL);
	facts_put_u64(&said, size, NULL);
	put(talk, INSPECT_ENTRY, &said);
}

static void talk_end(struct talk *talk, const struct inspect_end *end)
{
	struct facts_bytes said = { 0 };

	facts_put_u64(&said, end->state, NULL);
	facts_put_text(&said, end->sentence, NULL);
	facts_put_u64(&said, (uint64_t)(end->page_count + 1), NULL);
	put(talk, INSPECT_END, &said);
	cage_out_flush(&talk->out);
}

static bool lock(struct talk *talk)
{
	struct facts_bytes said = { 0 };
	struct err e = { 0 };
	int landlock = 0;
	bool ok = cage_lock(&landlock, CAGE_READS_FILE, &e);

	facts_put_u64(&said, (uint64_t)landlock, NULL);
	facts_put_text(&said, ok ? NULL : e.text, NULL);
	put(talk, INSPECT_HELLO, &said);
	return cage_out_flush(&talk->out) && ok;
}

static bool get_task(char **media_type, uint64_t *size, TALLOC_CTX *mem)
{
	struct cage_in *in = talloc_zero(mem, struct cage_in);
	struct cage_frame frame;
	struct facts_cursor from;

	while (cage_in_next(&frame, in) == 0)
		if (cage_in_fill(in, CAGE_FD_WIRE, true) <= 0)
			return false;
	from = (struct facts_cursor){ frame.bytes, frame.bytes + frame.len, false };
	*media_type = facts_get_text(&from, mem);
	*size = facts_get_u64(&from);
	return !from.broken && *media_type;
}

int main(int argc, char **argv)
{
	struct talk *talk;
	struct inspect_end end;
	char *media_type;
	uint64_t size;

	cage_enter(argc, argv);
	talk = talloc_zero(NULL, struct talk);
	talk->out.fd = CAGE_FD_WIRE;
	tzset();
	sniff_prepare();
	if (!lock(talk))
		return CAGE_EXIT_LOCK;
	if (!get_task(&media_type, &size, talk))
		return EX_OK;
	if (size > INSPECT_FILE_MOST)
		end = (struct inspect_end){ INSPECT_REFUSED, "it is longer than 64 MiB", -1 };
	else if (text_equal(media_type, "application/pdf"))
		end = pdf_inspect(talk);
	else
		end = zip_inspect(talk, size);
	talk_end(talk, &end);
	_exit(EX_OK); /* libraries have nothing to tidy that the kernel does not */
}
