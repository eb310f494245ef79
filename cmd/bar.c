#include "cmd/bar.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

#define WIDTH    24
#define EVERY_MS 200
#define MEGA     1000000

void bar_start(struct bar *bar, FILE *file, bool wanted)
{
	struct stat about;

	*bar = (struct bar){ .file = file, .started_ms = clock_monotonic_ms() };
	if (wanted && isatty(STDERR_FILENO) && fstat(fileno(file), &about) == 0 &&
	    S_ISREG(about.st_mode))
		bar->size = (int64_t)about.st_size;
}

/* The time left is that of the bytes so far; in the first second nobody can say. */
static void say_left(char *out, size_t room, int64_t at, int64_t size, int64_t elapsed_ms)
{
	int64_t left_s;

	*out = '\0';
	if (elapsed_ms < 1000 || at <= 0)
		return;
	left_s = (int64_t)((double)(size - at) / (double)at * (double)elapsed_ms / 1000);
	snprintf(out, room, ", %" PRId64 ":%02d left", left_s / 60, (int)(left_s % 60));
}

char *bar_line(char *out, int64_t at, int64_t size, int64_t elapsed_ms, uint64_t count,
	       const char *things)
{
	char left[40];
	int64_t rate;
	int filled;

	if (at < 0)
		at = 0;
	if (at > size)
		at = size;
	filled = size > 0 ? (int)((double)at / (double)size * WIDTH) : 0;
	rate = elapsed_ms > 0 ? (int64_t)((double)count * 1000 / (double)elapsed_ms) : 0;
	say_left(left, sizeof(left), at, size, elapsed_ms);
	snprintf(out, BAR_LINE,
		 "[%.*s%*s] %" PRId64 " of %" PRId64 " MB, %" PRIu64 " %s, %" PRId64 "/s%s", filled,
		 "########################", WIDTH - filled, "", at / MEGA, size / MEGA, count,
		 things, rate, left);
	return out;
}

void bar_draw(struct bar *bar, uint64_t count, const char *things)
{
	char line[BAR_LINE];
	int64_t now;

	if (bar->size == 0 || (now = clock_monotonic_ms()) - bar->drawn_ms < EVERY_MS)
		return;
	bar_line(line, (int64_t)ftello(bar->file), bar->size, now - bar->started_ms, count, things);
	fprintf(stderr, "\r%s\033[K", line);
	bar->drawn_ms = now;
}

void bar_wipe(struct bar *bar)
{
	if (bar->drawn_ms)
		fprintf(stderr, "\r\033[K");
	bar->drawn_ms = 0;
}
