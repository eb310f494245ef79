#include "matcher/stock_input.h"

#include <errno.h>
#include <string.h>

#define STEP (64 * 1024)

struct stock_input {
	FILE *file;
	unsigned char *bytes;
	size_t start, end, room;
	bool over;
	int failed; /* errno of the read that failed, 0 if none did */
};

struct stock_input *stock_input_new(FILE *file, TALLOC_CTX *mem)
{
	struct stock_input *in = talloc_zero(mem, struct stock_input);

	in->file = file;
	in->room = STEP;
	in->bytes = talloc_array(in, unsigned char, in->room);
	return in;
}

static void make_room(struct stock_input *in)
{
	if (in->start > 0) {
		memmove(in->bytes, in->bytes + in->start, in->end - in->start);
		in->end -= in->start;
		in->start = 0;
	}
	if (in->end == in->room) {
		in->room *= 2;
		in->bytes = talloc_realloc(in, in->bytes, unsigned char, in->room);
	}
}

static void fill(struct stock_input *in)
{
	size_t got;

	if (in->end == in->room)
		make_room(in);
	errno = 0;
	got = fread(in->bytes + in->end, 1, in->room - in->end, in->file);
	in->end += got;
	if (got > 0)
		return;
	in->over = true;
	if (ferror(in->file))
		in->failed = errno ? errno : EIO;
}

size_t stock_input_look(struct stock_input *in, const unsigned char **at, size_t want)
{
	if (want > INPUT_WINDOW_MOST)
		want = INPUT_WINDOW_MOST;
	while (!in->over && in->end - in->start < want)
		fill(in);
	*at = in->bytes + in->start;
	return in->end - in->start;
}

void stock_input_skip(struct stock_input *in, size_t len)
{
	in->start += len < in->end - in->start ? len : in->end - in->start;
}

bool stock_input_check(const struct stock_input *in, struct err *e)
{
	if (!in->failed)
		return true;
	return err_set(e, ERR_RETRY, "the file cannot be read to its end: %s",
		       strerror(in->failed));
}
