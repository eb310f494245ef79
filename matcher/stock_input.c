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
	off_t kept; /* where stock_input_again begins */
	FILE *copy; /* of a pipe; NULL: the file itself is read */
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

static int copy_close(struct stock_input *in)
{
	if (in->copy)
		fclose(in->copy);
	return 0;
}

static bool copied(struct stock_input *in, struct err *e)
{
	const unsigned char *at;
	size_t len;
	bool ok = true;

	in->copy = tmpfile();
	talloc_set_destructor(in, copy_close);
	while (in->copy && ok && (len = stock_input_look(in, &at, 1)) > 0) {
		ok = fwrite(at, 1, len, in->copy) == len;
		stock_input_skip(in, len);
	}
	if (!stock_input_check(in, e))
		return false;
	if (!in->copy || !ok || fflush(in->copy) != 0)
		return err_set(e, ERR_RETRY, "it cannot be laid aside in a temporary file: %s",
			       strerror(errno));
	in->file = in->copy;
	in->kept = 0;
	return stock_input_again(in, e);
}

bool stock_input_keep(struct stock_input *in, struct err *e)
{
	off_t at = ftello(in->file);

	if (at < 0 || fseeko(in->file, at, SEEK_SET) != 0)
		return copied(in, e);
	in->kept = at - (off_t)(in->end - in->start);
	return true;
}

bool stock_input_again(struct stock_input *in, struct err *e)
{
	if (fseeko(in->file, in->kept, SEEK_SET) != 0)
		return err_set(e, ERR_RETRY, "the file cannot be read a second time: %s",
			       strerror(errno));
	in->start = in->end = 0;
	in->over = false;
	return true;
}

bool stock_input_check(const struct stock_input *in, struct err *e)
{
	if (!in->failed)
		return true;
	return err_set(e, ERR_RETRY, "the file cannot be read to its end: %s",
		       strerror(in->failed));
}
