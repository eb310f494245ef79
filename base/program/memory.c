/* memory.c -- the allocations of a program, each of which comes or ends it (base/memory.h). */
#include "base/memory.h"

#include <stdlib.h>

#ifndef __SANITIZE_ADDRESS__

/* glibc's own, by the names it keeps for whoever stands in front of them. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static void *there(void *memory, size_t size)
{
	if (!memory && size)
		memory_out();
	return memory;
}

void *malloc(size_t size)
{
	return there(__libc_malloc(size), size);
}

void *calloc(size_t count, size_t size)
{
	return there(__libc_calloc(count, size), count ? size : 0);
}

void *realloc(void *old, size_t size)
{
	return there(__libc_realloc(old, size), size);
}

#endif
