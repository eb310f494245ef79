#include "model/window.h"

#include <stdio.h>
#include <string.h>

#define DAY_MIN    1440
#define DAYS_TEXT  40
#define EVERY_DAY  0x7fu
#define DAYS_COUNT 7

static const char *const day_words[DAYS_COUNT] = { "mo", "tu", "we", "th", "fr", "sa", "su" };

static int day_of(const char *word, size_t len)
{
	for (int i = 0; i < DAYS_COUNT; i++)
		if (len == 2 && strncmp(day_words[i], word, 2) == 0)
			return i;
	return -1;
}

/* "fr" or "mo-fr"; "sa-mo" goes over the weekend. */
static bool span_take(unsigned *days, const char *span, size_t len)
{
	const char *dash = memchr(span, '-', len);
	int first = day_of(span, dash ? (size_t)(dash - span) : len);
	int last = dash ? day_of(dash + 1, len - (size_t)(dash + 1 - span)) : first;

	if (first < 0 || last < 0)
		return false;
	for (int day = first;; day = (day + 1) % DAYS_COUNT) {
		*days |= 1u << day;
		if (day == last)
			return true;
	}
}

static bool days_take(unsigned *days, const char *text)
{
	*days = 0;
	if (strcmp(text, "daily") == 0) {
		*days = EVERY_DAY;
		return true;
	}
	for (;;) {
		size_t len = strcspn(text, ",");

		if (!span_take(days, text, len))
			return false;
		if (!text[len])
			return true;
		text += len + 1;
	}
}

bool window_parse(struct window *window, const char *text, struct err *e)
{
	char days[DAYS_TEXT + 1];
	int from_h, from_m, to_h, to_m, used = 0;

	if (sscanf(text, "%40s %2d:%2d-%2d:%2d%n", days, &from_h, &from_m, &to_h, &to_m, &used) ==
		    5 &&
	    !text[used] && days_take(&window->days, days) && from_h >= 0 && from_h < 24 &&
	    from_m >= 0 && from_m < 60 && to_h >= 0 && to_m >= 0 && to_m < 60 &&
	    to_h * 60 + to_m > 0 && to_h * 60 + to_m <= DAY_MIN) {
		window->from = from_h * 60 + from_m;
		window->to = to_h * 60 + to_m;
		return true;
	}
	return err_set(e, ERR_SETUP, "window '%s', expected such as 'mo-fr 06:00-22:00'", text);
}

static char *window_json(char *text, const struct window *window)
{
	const char *comma = "";

	text = talloc_strdup_append(text, "{\"days\": [");
	for (int day = 0; day < DAYS_COUNT; day++) {
		if (!(window->days & 1u << day))
			continue;
		text = talloc_asprintf_append(text, "%s%d", comma, day + 1);
		comma = ", ";
	}
	return talloc_asprintf_append(text, "], \"from\": \"%02d:%02d\", \"to\": \"%02d:%02d\"}",
				      window->from / 60, window->from % 60, window->to / 60,
				      window->to % 60);
}

char *windows_json(const struct window *windows, size_t count, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "[");

	for (size_t i = 0; i < count; i++) {
		text = talloc_strdup_append(text, i ? ", " : "");
		text = window_json(text, &windows[i]);
	}
	return talloc_strdup_append(text, "]");
}
