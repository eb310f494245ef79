/*
 * wake.h -- "there is something to do", from any process of an installation to the one that waits.
 *
 * A datagram socket STATE/wake, for who may write into the state folder. A poke is a hint: it never
 * blocks and never fails its caller, and it gets lost where nobody listens; so whoever waits looks
 * by himself now and then. One that comes while the waiter works is kept, many count as one.
 */
#ifndef BASE_WAKE_H
#define BASE_WAKE_H

#include <stdbool.h>
#include <talloc.h>

#include "base/err.h"

struct wake;

/* Listen in a state folder, in the place of whoever did before; child of mem, closed with it. Fails
 * ERR_SETUP. */
struct wake *wake_listen(const char *state_folder, TALLOC_CTX *mem, struct err *e);

/* Wait for a poke, at most ms milliseconds; wake may be NULL: only time passes. False if this
 * process was told to stop (base/role.h), which ends the wait, too. */
bool wake_wait(struct wake *wake, int ms);

/* For a poll set of the caller's: readable if there was a poke. */
int wake_fd(const struct wake *wake);

/* Forget the pokes that came; false if there was none. */
bool wake_drain(struct wake *wake);

/* Wake whoever listens in this state folder. */
void wake_poke(const char *state_folder);

#endif
