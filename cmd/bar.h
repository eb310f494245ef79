/* bar.h -- how far a file is: a bar on a terminal, nothing elsewhere. */
#ifndef CMD_BAR_H
#define CMD_BAR_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct bar {
	FILE *file;   /* what is read */
	int64_t size; /* bytes; 0: unknown, or nobody looks */
	int64_t started_ms, drawn_ms;
};

/* wanted: somebody may look; nothing is drawn if standard error is no terminal or the file has no size. */
void bar_start(struct bar *bar, FILE *file, bool wanted);

/* Call often; drawn five times a second: bytes of the file, how many things were read, rate, time left. */
void bar_draw(struct bar *bar, uint64_t count, const char *things);

/* Make room for another line on the terminal. */
void bar_wipe(struct bar *bar);

/* The line itself, for a moment of the work. out has room for BAR_LINE bytes. Returns out. */
#define BAR_LINE 120
char *bar_line(char *out, int64_t at, int64_t size, int64_t elapsed_ms, uint64_t count,
	       const char *things);

#endif
