/*
 * clock.h -- the two clocks. Ages and time limits go by the monotonic one, so that a jump of the
 * wall clock harms nothing; what is written down goes by the wall clock, in UTC, RFC 3339.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/err.h"

#define CLOCK_TEXT_SIZE 32

int64_t clock_monotonic_ms(void);
int64_t clock_wall_ms(void); /* since 1970-01-01T00:00:00Z */

/* "2025-03-03T06:00:00.123Z" into out[CLOCK_TEXT_SIZE]; returns out. */
char *clock_text(char *out, int64_t wall_ms);

/* A time as it is written. */
struct clock_written {
	int64_t local_s; /* since 1970, as if it were UTC */
	int ms;
	bool has_time;   /* false: a bare date */
	bool has_offset; /* Z or +01:00 stands behind it */
	int offset_s;    /* of that */
};

/*
 * An xs:dateTime as insurers write it: with or without zone, with or without fraction, or a bare date. Fails ERR_DELIVERY.
 */
bool clock_read(struct clock_written *written, const char *text, struct err *e);

/* Seconds that German clocks are ahead of UTC when they show local_s. */
int clock_german_offset_s(int64_t local_s);

/*
 * An xs:dateTime as insurers write it: with or without zone, with or without fraction, or a bare
 * date. Without a zone it is German local time (Europe/Berlin); zone.h has the others. Fails ERR_DELIVERY.
 */
bool clock_parse(int64_t *wall_ms, const char *text, struct err *e);

#endif
