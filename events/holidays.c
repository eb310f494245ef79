/* holidays.c -- the public holidays by law of the Laender, one row a holiday. */
#include <stddef.h>

#include "events/calendar.h"

#define IN(land) (1u << LAND_##land)
#define ALL      ((1u << LANDS) - 2) /* all sixteen: every bit but that of LAND_UNKNOWN */
#define CATHOLIC (IN(BW) | IN(BY) | IN(NW) | IN(RP) | IN(SL))
#define NORTH    (IN(HB) | IN(HH) | IN(NI) | IN(SH))
#define EAST     (IN(BB) | IN(MV) | IN(SN) | IN(ST) | IN(TH))

/* A day of the calendar, from a year on and, if last is not 0, up to a year. */
struct fixed {
	int month, day;
	unsigned lands, parts;
	int first, last;
};

static const struct fixed fixed[] = {
	{ 1, 1, ALL, 0, 0, 0 },                      /* Neujahr */
	{ 1, 6, IN(BW) | IN(BY) | IN(ST), 0, 0, 0 }, /* Heilige Drei Koenige */
	{ 3, 8, IN(BE), 0, 2019, 0 },                /* Frauentag */
	{ 3, 8, IN(MV), 0, 2023, 0 },                /* Frauentag */
	{ 5, 1, ALL, 0, 0, 0 },                      /* Tag der Arbeit */
	{ 5, 8, IN(BE), 0, 2020, 2020 },             /* 75 years after the war */
	{ 5, 8, IN(BE), 0, 2025, 2025 },             /* 80 years after the war */
	{ 6, 17, IN(BE), 0, 2028, 2028 },            /* 75 years after the rising of 1953 */
	{ 8, 15, IN(SL), IN(BY), 0, 0 },             /* Mariae Himmelfahrt */
	{ 9, 20, IN(TH), 0, 2019, 0 },               /* Weltkindertag */
	{ 10, 3, ALL, 0, 0, 0 },                     /* Tag der Deutschen Einheit */
	{ 10, 31, EAST, 0, 0, 0 },                   /* Reformationstag */
	{ 10, 31, ALL, 0, 2017, 2017 },              /* 500 years of the Reformation */
	{ 10, 31, NORTH, 0, 2018, 0 },               /* Reformationstag */
	{ 11, 1, CATHOLIC, 0, 0, 0 },                /* Allerheiligen */
	{ 12, 25, ALL, 0, 0, 0 },
	{ 12, 26, ALL, 0, 0, 0 }, /* Weihnachten */
};

/* Days that move with Easter Sunday. */
struct moving {
	int after_easter;
	unsigned lands, parts;
};

static const struct moving moving[] = {
	{ -2, ALL, 0 },                             /* Karfreitag */
	{ 0, IN(BB), 0 },                           /* Ostersonntag */
	{ 1, ALL, 0 },                              /* Ostermontag */
	{ 39, ALL, 0 },                             /* Christi Himmelfahrt */
	{ 49, IN(BB), 0 },                          /* Pfingstsonntag */
	{ 50, ALL, 0 },                             /* Pfingstmontag */
	{ 60, CATHOLIC | IN(HE), IN(SN) | IN(TH) }, /* Fronleichnam */
};

/* The anonymous Gregorian algorithm (Meeus, Jones, Butcher). */
int easter_sunday(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
	int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
	int l = (32 + 2 * e + 2 * i - h - k) % 7;
	int m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;

	return day_of(year, n / 31, n % 31 + 1);
}

/* Buss- und Bettag: the Wednesday before the 23rd of November. */
static bool repentance_day(int day, int month, int of_month)
{
	return month == 11 && of_month >= 16 && of_month <= 22 && day_weekday(day) == 3;
}

struct lands {
	unsigned whole, parts;
};

static struct lands lands_free(int day)
{
	int year, month, of_month, after_easter;
	struct lands free = { 0 };

	day_split(day, &year, &month, &of_month);
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
		const struct fixed *f = &fixed[i];

		if (month == f->month && of_month == f->day && year >= f->first &&
		    (!f->last || year <= f->last)) {
			free.whole |= f->lands;
			free.parts |= f->parts;
		}
	}
	after_easter = month >= 3 && month <= 6 ? day - easter_sunday(year) : -3;
	for (size_t i = 0; i < sizeof moving / sizeof *moving; i++)
		if (after_easter == moving[i].after_easter) {
			free.whole |= moving[i].lands;
			free.parts |= moving[i].parts;
		}
	if (repentance_day(day, month, of_month))
		free.whole |= IN(SN);
	return free;
}

enum holiday holiday_of(int day, enum land land)
{
	struct lands free = lands_free(day);
	unsigned asked = land == LAND_UNKNOWN ? ALL : 1u << land;

	if ((free.whole & asked) == asked)
		return HOLIDAY_YES;
	return (free.whole | free.parts) & asked ? HOLIDAY_PARTS : HOLIDAY_NO;
}
