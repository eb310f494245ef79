/* memory_caged.c -- how a program in a cage says that it had no memory (base/memory.h): whoever started it hears it. */
#include <unistd.h>

#include "base/cage.h"
#include "base/memory.h"

void memory_out(void)
{
	_exit(CAGE_EXIT_MEMORY);
}
