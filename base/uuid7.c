#include "base/uuid7.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"

/* 48 bits of milliseconds, then a 12-bit counter that grows within one millisecond, then random
 * bits. */
static uint64_t next_stamp(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static uint64_t last;
	uint64_t stamp = (uint64_t)clock_wall_ms() << 12;

	pthread_mutex_lock(&lock);
	if (stamp <= last)
		stamp = last + 1;
	last = stamp;
	pthread_mutex_unlock(&lock);
	return stamp;
}

char *uuid7_text(char out[UUID_TEXT_SIZE])
{
	uint64_t stamp = next_stamp(), tail;

	if (getrandom(&tail, sizeof tail, 0) != sizeof tail)
		tail = stamp * 0x9E3779B97F4A7C15u; /* only before the kernel has entropy */
	snprintf(out, UUID_TEXT_SIZE, "%08x-%04x-7%03x-%04x-%012llx", (unsigned)(stamp >> 28),
		 (unsigned)(stamp >> 12 & 0xffff), (unsigned)(stamp & 0xfff),
		 (unsigned)(0x8000 | (tail >> 48 & 0x3fff)),
		 (unsigned long long)(tail & 0xffffffffffffull));
	return out;
}
