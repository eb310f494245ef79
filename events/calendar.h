/*
 * calendar.h -- days as the German post counts them: local time (Europe/Berlin), public holidays of the sixteen
 * Laender, the days on which letters are posted and delivered. Pure: no clock, no TZ of the process, no tzdata.
 *
 * A day is the number of days since 1970-01-01 in local time. Holds for 1996 and later (the European rule of summer
 * time; Buss- und Bettag in Saxony alone).
 */
#ifndef EVENTS_CALENDAR_H
#define EVENTS_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#define DAY_TEXT_SIZE    11
#define MOMENT_TEXT_SIZE 26

enum land {
	LAND_UNKNOWN,
	LAND_BB,
	LAND_BE,
	LAND_BW,
	LAND_BY,
	LAND_HB,
	LAND_HE,
	LAND_HH,
	LAND_MV,
	LAND_NI,
	LAND_NW,
	LAND_RP,
	LAND_SH,
	LAND_SL,
	LAND_SN,
	LAND_ST,
	LAND_TH,
	LANDS
};

/* "BB", ...; NULL for LAND_UNKNOWN. */
const char *land_text(enum land land);

/*
 * The Land of a postcode of five digits. Where a postcode lies in two Laender, where it is none, and where we are not
 * sure, it is LAND_UNKNOWN; so is NULL.
 */
enum land land_of_postcode(const char *postcode);

/* ---- days ---- */

int day_of(int year, int month, int day);
void day_split(int day, int *year, int *month, int *of_month);
int day_year(int day);
int day_weekday(int day); /* 0 Sunday ... 6 Saturday */
char *day_text(char out[DAY_TEXT_SIZE], int day);

/* "2025-03-03" and nothing else; false for a day that does not exist. */
bool day_parse(int *day, const char *text);

/* ---- local time ---- */

/* What Berlin is ahead of UTC at this moment, in seconds: 3600 or 7200. */
int berlin_offset_s(int64_t wall_ms);

/* The local day of a moment, and the moment of a local time: milliseconds since 1970 in UTC. A time that the clock
 * skips in spring is taken as an hour later, one that comes twice in autumn is the first. */
int day_local(int64_t wall_ms);
int64_t day_moment(int day, int hour, int minute);

/* "2025-03-03T09:00:00+01:00": RFC 3339, local. Returns out. */
char *moment_text(char out[MOMENT_TEXT_SIZE], int64_t wall_ms);

/* ---- holidays ---- */

int easter_sunday(int year);

enum holiday {
	HOLIDAY_NO,
	HOLIDAY_PARTS, /* in parts of the Land, or, of an unknown Land, in some Laender */
	HOLIDAY_YES
};

/* Public holidays by law of the Land. Of LAND_UNKNOWN only those of all sixteen are certain. Augsburg's Friedensfest,
 * of one town, is left out. */
enum holiday holiday_of(int day, enum land land);

/* ---- the post ---- */

/* How holidays that are not certain are taken: the letter comes early (they are none) or late (they all are). */
enum doubt { DOUBT_EARLY, DOUBT_LATE };

bool day_delivers(int day, enum land land, enum doubt doubt); /* Monday to Saturday, no holiday */
bool day_posts(int day, enum land land, enum doubt doubt);    /* Monday to Friday, no holiday */

/* The first day on which letters are posted, at or after this one. */
int day_posting_from(int day, enum land land, enum doubt doubt);

/* count working days (Monday to Friday) or days of delivery after this one; 0: the day itself. */
int day_posting_after(int day, int count, enum land land, enum doubt doubt);
int day_delivery_after(int day, int count, enum land land, enum doubt doubt);

/* How many days of delivery lie behind from and not behind to: the inverse of day_delivery_after. Negative if to lies
 * before from: what must be gone back. */
int day_deliveries_between(int from, int to, enum land land);

#endif
