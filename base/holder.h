/*
 * holder.h -- who holds a lease: a text that says whether its process still lives.
 *
 * "host/boot/pid namespace/pid/start/uuid". Leases run out by themselves; but after a kill -9 and a
 * restart on the same machine nobody should wait for that: a holder of this host, boot and
 * namespace whose process is gone holds nothing any more.
 */
#ifndef BASE_HOLDER_H
#define BASE_HOLDER_H

#include <stdbool.h>
#include <talloc.h>

/* A text for this process, different with every call; child of mem. */
char *holder_self(TALLOC_CTX *mem);

/* Known to be dead? False for living ones, for other machines and for what cannot be read. */
bool holder_dead(const char *holder);

#endif
