/*
 * memory.h -- memory that cannot be had ends the process; the work is repeated (docs/architecture.md).
 *
 * A program that is linked with base/program/memory.c has every allocation pass there, also those of the libraries: otherwise
 * JSON without the event that could not be allocated would be recorded, or a list without a shipment taken for an
 * acknowledgement of it. Ending costs a repetition, as kill -9 does at any place. Builds with AddressSanitizer have its
 * allocator, which ends the process as well.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

/* Ends the process in the way of its program, which defines it; there is no memory to do it with. */
_Noreturn void memory_out(void);

#endif
