/* validate.c -- vorpost-validate: holds answers against an operator's schemas, in a cage. Started by Vorpost alone
 * (ingest/schema_check.c). */
#include "base/cage.h"
#include "ingest/schema_parts.h"

#if CAGE_SANITIZED /* as in reader.c */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:symbolize=0:handle_segv=0:handle_abort=0:allocator_may_return_null=1:max_allocation_size_mb=1024";
}
#endif

int main(int argc, char **argv)
{
	cage_enter(argc, argv);
	return schema_inside();
}
