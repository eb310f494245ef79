/*
 * throttle.h -- an address that showed too many wrong tokens within a minute is told to wait until the minute is over. It
 * slows a client that runs wild; a right token is never refused, for behind a proxy everybody has one address, and
 * nobody guesses 256 bits.
 */
#ifndef API_THROTTLE_H
#define API_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

struct throttle;

struct throttle *throttle_new(int most_wrong, TALLOC_CTX *mem);

/* A wrong token came from this address: one too many? now_ms: the monotonic clock. */
bool throttle_wrong(struct throttle *throttle, const char *address, int64_t now_ms);

#endif
