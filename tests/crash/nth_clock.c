/* nth_clock.c -- the clocks that a program behind the shim sees (nth.c). */
#include <sys/time.h>
#include <time.h>

#include "tests/crash/nth.h"

/* For somebody who looks at the wall clock. */
static int64_t shift(void)
{
	int64_t by = shared ? atomic_load(&shared->shift_s) : 0;

	if (by)
		atomic_fetch_add(&shared->shifted, 1);
	return by;
}

/* Without the time of rehearsals, so that nobody is taken for slow; and never back, for two may rehearse at once. */
static void stand_still(struct timespec *now)
{
	static int64_t last;
	int64_t ns =
		(int64_t)now->tv_sec * 1000000000 + now->tv_nsec - atomic_load(&shared->stood_ns);

	last = ns > last ? ns : last;
	now->tv_sec = (time_t)(last / 1000000000);
	now->tv_nsec = (long)(last % 1000000000);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	int result;

	NEXT(int, "clock_gettime", clockid_t, struct timespec *);
	result = next(clock, now);
	if (result == 0 && clock == CLOCK_REALTIME)
		now->tv_sec += shift();
	if (result == 0 && clock == CLOCK_MONOTONIC && shared)
		stand_still(now);
	return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	int result;

	NEXT(int, "gettimeofday", struct timeval *, void *);
	result = next(now, zone);
	if (result == 0)
		now->tv_sec += shift();
	return result;
}

time_t time(time_t *to)
{
	time_t now;

	NEXT(time_t, "time", time_t *);
	now = next(NULL) + shift();
	if (to)
		*to = now;
	return now;
}
