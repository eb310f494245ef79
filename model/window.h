/*
 * window.h -- when an insurer may be asked: "mo-fr 06:00-22:00", "sa,su 08:00-12:00", "daily 22:00-06:00". The time is the
 * profile's time zone's. A window that does not end after it began ends on the next day.
 */
#ifndef MODEL_WINDOW_H
#define MODEL_WINDOW_H

#include <stdbool.h>
#include <talloc.h>

#include "base/err.h"

#define WINDOWS_MOST 14

struct window {
	unsigned days; /* bit 0 is Monday, bit 6 Sunday; never 0 */
	int from, to;  /* minutes of the day: 0 to 1439, 1 to 1440 */
};

/* Fails ERR_SETUP. */
bool window_parse(struct window *window, const char *text, struct err *e);

/* [{"days": [1, 2], "from": "06:00", "to": "22:00"}], days from 1 (Monday) to 7, as store/sql/window_open.sql wants it. Child
 * of mem. */
char *windows_json(const struct window *windows, size_t count, TALLOC_CTX *mem);

#endif
