/*
 * zone.h -- times without an offset, in the zone that the writer's clocks are known to go by. The world's zones are those of the
 * machine's tzdata; Germany's rule is clock.h's own. Apart from clock.h, so that the programs in the cage need no library for it.
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"

/*
 * As clock_parse; without an offset it is local time in zone ("Europe/London"; NULL: Germany). An hour that comes twice is taken as
 * the first one. Fails ERR_DELIVERY; ERR_SETUP: this machine does not know the zone. Any thread may call it.
 */
bool zone_parse(int64_t *wall_ms, const char *text, const char *zone, struct err *e);

/*
 * The same time with its offset behind it, "2025-03-02T21:15:00+00:00"; NULL where it has one, where it is a bare date or no time, and
 * where this machine does not know the zone. Child of mem.
 */
char *zone_written(const char *text, const char *zone, TALLOC_CTX *mem);

#endif
