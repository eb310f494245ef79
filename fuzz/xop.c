/* xop.c -- a SOAP answer with its documents in parts of their own (MTOM), from its bytes to facts. */
#include "fuzz/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_read(RELATED, data, size);
	return 0;
}
