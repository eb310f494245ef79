#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int64_t clock_monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

char *clock_text(char *out, int64_t wall_ms)
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm utc;
	size_t n;

	gmtime_r(&seconds, &utc);
	n = strftime(out, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(out + n, CLOCK_TEXT_SIZE - n, ".%03dZ", (int)(wall_ms % 1000));
	return out;
}

/* The last Sunday of a 31-day month. */
static int last_sunday(int year, int month)
{
	struct tm day = {
		.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = 31, .tm_hour = 12
	};
	time_t at = timegm(&day);
	struct tm weekday;

	gmtime_r(&at, &weekday);
	return 31 - weekday.tm_wday;
}

/* The European Union's rule since 1996: summer time from the last Sunday of March to the last of
 * October, 01:00 UTC. Written out because the zone of the machine and its tzdata are not ours to
 * choose. */
int clock_german_offset_s(int64_t local_s)
{
	time_t at = (time_t)local_s;
	struct tm t;
	int month_hour, start, end;

	gmtime_r(&at, &t);
	month_hour = ((t.tm_mon + 1) * 100 + t.tm_mday) * 100 + t.tm_hour;
	start = (300 + last_sunday(t.tm_year + 1900, 3)) * 100 + 2;
	end = (1000 + last_sunday(t.tm_year + 1900, 10)) * 100 + 3;
	return month_hour >= start && month_hour < end ? 7200 : 3600;
}

struct moment {
	int year, month, day, hour, minute, second, ms;
	const char *rest; /* zone */
};

static bool date_read(struct moment *m, const char *text)
{
	int used = 0;

	if (sscanf(text, "%4d-%2d-%2d%n", &m->year, &m->month, &m->day, &used) != 3 || used != 10)
		return false;
	m->rest = text + used;
	return m->year >= 1900 && m->month >= 1 && m->month <= 12 && m->day >= 1 && m->day <= 31;
}

static bool time_read(struct moment *m)
{
	int used = 0, scale = 100;

	if (*m->rest != 'T')
		return true;
	if (sscanf(m->rest + 1, "%2d:%2d:%2d%n", &m->hour, &m->minute, &m->second, &used) != 3 ||
	    used != 8)
		return false;
	m->rest += 1 + used;
	if (*m->rest == '.')
		for (m->rest++; *m->rest >= '0' && *m->rest <= '9'; m->rest++, scale /= 10)
			m->ms += (*m->rest - '0') * scale;
	return m->hour >= 0 && m->hour <= 24 && m->minute >= 0 && m->minute <= 59 &&
	       m->second >= 0 && m->second <= 60;
}

static bool offset_read(struct clock_written *written, const char *rest, struct err *e)
{
	int hours, minutes, used = 0;
	char sign;

	written->has_offset = *rest != '\0';
	written->offset_s = 0;
	if (!*rest || !strcmp(rest, "Z"))
		return true;
	if (sscanf(rest, "%c%2d:%2d%n", &sign, &hours, &minutes, &used) != 3 || rest[used] ||
	    used != 6 || (sign != '+' && sign != '-') || hours < 0 || hours > 14 || minutes < 0 ||
	    minutes > 59)
		return err_set(e, ERR_DELIVERY, "a time has an unknown zone");
	written->offset_s = (hours * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
	return true;
}

bool clock_read(struct clock_written *written, const char *text, struct err *e)
{
	struct moment m = { 0 };
	struct tm t;

	if (!text || !date_read(&m, text))
		return err_set(e, ERR_DELIVERY, "a time is not written as yyyy-mm-ddThh:mm:ss");
	written->has_time = *m.rest == 'T';
	if (!time_read(&m))
		return err_set(e, ERR_DELIVERY, "a time is not written as yyyy-mm-ddThh:mm:ss");
	t = (struct tm){ .tm_year = m.year - 1900,
			 .tm_mon = m.month - 1,
			 .tm_mday = m.day,
			 .tm_hour = m.hour,
			 .tm_min = m.minute,
			 .tm_sec = m.second };
	written->local_s = timegm(&t);
	written->ms = m.ms;
	return offset_read(written, m.rest, e);
}

bool clock_parse(int64_t *wall_ms, const char *text, struct err *e)
{
	struct clock_written w;

	if (!clock_read(&w, text, e))
		return false;
	if (!w.has_offset)
		w.offset_s = clock_german_offset_s(w.local_s);
	*wall_ms = (w.local_s - w.offset_s) * 1000 + w.ms;
	return true;
}
