/* reader.c -- vorpost-reader: reads insurers' answers in a cage. Started by Vorpost alone (ingest/reading_caged.c). */
#include "base/cage.h"
#include "ingest/reading_inside.h"

#if CAGE_SANITIZED /* the leak check wants a thread of its own; symbols want another program */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:symbolize=0:handle_segv=0:handle_abort=0:allocator_may_return_null=1:max_allocation_size_mb=1024";
}
#endif

int main(int argc, char **argv)
{
	cage_enter(argc, argv);
	return reading_inside();
}
