/*
 * throttle.h -- whoever tries tokens is refused before the database is asked.
 *
 * An address that showed too many wrong tokens within a minute is refused until the minute is over,
 * whatever it shows, except tokens that were right lately: a client behind the same proxy works on.
 * Of tokens only the digest is remembered, and it is still looked up.
 */
#ifndef API_THROTTLE_H
#define API_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#define DIGEST_TEXT_SIZE 65 /* SHA-256 in hexadecimal */

struct throttle;

struct throttle *throttle_new(int most_wrong, TALLOC_CTX *mem);

/* May this token of this address be looked up? now_ms: the monotonic clock. */
bool throttle_allows(const struct throttle *throttle, const char *address, const char *digest,
		     int64_t now_ms);

void throttle_wrong(struct throttle *throttle, const char *address, int64_t now_ms);
void throttle_right(struct throttle *throttle, const char *digest);

#endif
