/* reader.c -- a SOAP answer, from its bytes to facts. */
#include "fuzz/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_read("text/xml; charset=utf-8", data, size);
	return 0;
}
