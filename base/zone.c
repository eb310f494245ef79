#include "base/zone.h"

#include <glib.h>
#include <string.h>

#include "base/clock.h"

#define GERMANY "Europe/Berlin"

static bool offset_of(int *offset_s, const char *zone, int64_t local_s)
{
	gint64 at = local_s;
	GTimeZone *tz;

	if (!zone || !strcmp(zone, GERMANY)) {
		*offset_s = clock_german_offset_s(local_s);
		return true;
	}
	tz = g_time_zone_new_identifier(zone);
	if (!tz)
		return false;
	*offset_s =
		g_time_zone_get_offset(tz, g_time_zone_adjust_time(tz, G_TIME_TYPE_DAYLIGHT, &at));
	g_time_zone_unref(tz);
	return true;
}

bool zone_parse(int64_t *wall_ms, const char *text, const char *zone, struct err *e)
{
	struct clock_written w;

	if (!clock_read(&w, text, e))
		return false;
	if (!w.has_offset && !offset_of(&w.offset_s, zone, w.local_s))
		return err_set(e, ERR_SETUP, "this machine knows no time zone %s", zone);
	*wall_ms = (w.local_s - w.offset_s) * 1000 + w.ms;
	return true;
}

char *zone_written(const char *text, const char *zone, TALLOC_CTX *mem)
{
	struct clock_written w;
	int minutes;

	if (!clock_read(&w, text, NULL) || w.has_offset || !w.has_time ||
	    !offset_of(&w.offset_s, zone, w.local_s))
		return NULL;
	minutes = (w.offset_s < 0 ? -w.offset_s : w.offset_s) / 60;
	return talloc_asprintf(mem, "%s%c%02d:%02d", text, w.offset_s < 0 ? '-' : '+', minutes / 60,
			       minutes % 60);
}
