#include "events/calendar.h"

#include <stdio.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

enum { SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY };

/* ---- days: the Gregorian calendar, in eras of 400 years that begin on the first of March ---- */

static int floor_div(int64_t a, int64_t b)
{
	return (int)(a / b - (a % b < 0));
}

int day_of(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = floor_div(y, 400);
	int year_of_era = y - era * 400;
	int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

void day_split(int day, int *year, int *month, int *of_month)
{
	int from_march = day + 719468;
	int era = floor_div(from_march, 146097);
	int of_era = from_march - era * 146097;
	int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int shifted = (5 * of_year + 2) / 153;

	*of_month = of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted < 10 ? shifted + 3 : shifted - 9;
	*year = year_of_era + era * 400 + (*month <= 2);
}

int day_year(int day)
{
	int year, month, of_month;

	day_split(day, &year, &month, &of_month);
	return year;
}

int day_weekday(int day)
{
	return (day % 7 + 7 + THURSDAY) % 7; /* 1970-01-01 was a Thursday */
}

char *day_text(char out[DAY_TEXT_SIZE], int day)
{
	int year, month, of_month;

	day_split(day, &year, &month, &of_month);
	snprintf(out, DAY_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)year % 10000,
		 (unsigned)month % 100, (unsigned)of_month % 100);
	return out;
}

static bool digits_read(int *value, const char *text, int count)
{
	*value = 0;
	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*value = *value * 10 + (text[i] - '0');
	}
	return true;
}

bool day_parse(int *day, const char *text)
{
	int year, month, of_month, y, m, d;

	if (!text || strlen(text) != DAY_TEXT_SIZE - 1 || text[4] != '-' || text[7] != '-' ||
	    !digits_read(&year, text, 4) || !digits_read(&month, text + 5, 2) ||
	    !digits_read(&of_month, text + 8, 2) || month < 1 || month > 12)
		return false;
	*day = day_of(year, month, of_month);
	day_split(*day, &y, &m, &d); /* the 31st of June would come back as another day */
	return y == year && m == month && d == of_month;
}

/* ---- local time ---- */

/* The Sunday of this week at the latest: the last one of a month of 31 days. */
static int last_sunday(int year, int month)
{
	int last = day_of(year, month, 31);

	return last - day_weekday(last);
}

/* The European Union's rule since 1996: summer time from the last Sunday of March to the last Sunday of October,
 * 01:00 UTC each. Written out because the zone of the machine and its tzdata are not ours to choose. */
int berlin_offset_s(int64_t wall_ms)
{
	int year = day_year(floor_div(wall_ms, DAY_MS));
	int64_t start = last_sunday(year, 3) * DAY_MS + 3600000;
	int64_t end = last_sunday(year, 10) * DAY_MS + 3600000;

	return wall_ms >= start && wall_ms < end ? 7200 : 3600;
}

int day_local(int64_t wall_ms)
{
	return floor_div(wall_ms + berlin_offset_s(wall_ms) * INT64_C(1000), DAY_MS);
}

int64_t day_moment(int day, int hour, int minute)
{
	int64_t local = day * DAY_MS + (hour * 60 + minute) * INT64_C(60000);
	int64_t summer = local - 7200000;

	return berlin_offset_s(summer) == 7200 ? summer : local - 3600000;
}

char *moment_text(char out[MOMENT_TEXT_SIZE], int64_t wall_ms)
{
	int offset_s = berlin_offset_s(wall_ms);
	int64_t local_ms = wall_ms + offset_s * INT64_C(1000);
	int day = floor_div(local_ms, DAY_MS);
	unsigned second = (unsigned)((local_ms - day * DAY_MS) / 1000);
	char date[DAY_TEXT_SIZE];

	snprintf(out, MOMENT_TEXT_SIZE, "%sT%02u:%02u:%02u+0%u:00", day_text(date, day),
		 second / 3600 % 24, second / 60 % 60, second % 60, (unsigned)offset_s / 3600 % 10);
	return out;
}

/* ---- the post ---- */

static bool day_is_free(int day, enum land land, enum doubt doubt)
{
	enum holiday holiday = holiday_of(day, land);

	return holiday == HOLIDAY_YES || (holiday == HOLIDAY_PARTS && doubt == DOUBT_LATE);
}

bool day_delivers(int day, enum land land, enum doubt doubt)
{
	return day_weekday(day) != SUNDAY && !day_is_free(day, land, doubt);
}

bool day_posts(int day, enum land land, enum doubt doubt)
{
	return day_weekday(day) != SATURDAY && day_delivers(day, land, doubt);
}

int day_posting_from(int day, enum land land, enum doubt doubt)
{
	while (!day_posts(day, land, doubt))
		day++;
	return day;
}

int day_posting_after(int day, int count, enum land land, enum doubt doubt)
{
	while (count-- > 0)
		day = day_posting_from(day + 1, land, doubt);
	return day;
}

int day_delivery_after(int day, int count, enum land land, enum doubt doubt)
{
	for (; count > 0; count--)
		do
			day++;
		while (!day_delivers(day, land, doubt));
	return day;
}

int day_deliveries_between(int from, int to, enum land land)
{
	int count = 0;

	for (int day = from + 1; day <= to; day++)
		count += day_delivers(day, land, DOUBT_EARLY);
	for (int day = from; day > to; day--)
		count -= day_delivers(day, land, DOUBT_EARLY);
	return count;
}
