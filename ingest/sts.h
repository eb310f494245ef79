/*
 * sts.h -- the security token service (norm 410): user and password, or a certificate, for a token, which
 * every other call carries.
 *
 * A wrong password must never lock an account: a refusal is ERR_LOGIN, and nothing here tries
 * again.
 */
#ifndef INGEST_STS_H
#define INGEST_STS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ingest/session.h"

#define TOKEN_MARGIN_MS  (60 * 1000)      /* not used so close to its end */
#define TOKEN_UNCLEAR_MS (10 * 60 * 1000) /* trusted so long if its end is unknown or ambiguous */

/*
 * Make sure the session has a token that is not about to end; logs in if there is none. Nothing to do where the login
 * kind knows no token. e may not be NULL. Fails ERR_LOGIN (refused: HTTP 401, 403, or a code), ERR_SETUP (password file, profile),
 * ERR_RETRY (network, service out of order), ERR_DELIVERY (an answer that cannot be read).
 */
bool token_get(struct session *session, struct err *e);

/*
 * How long a token may be used from now on. expires: as delivered, NULL if absent; zone: of the insurer's clock; wall_ms: now.
 * With a zone the time counts, less the margin (half of what is left if that is short; 0 if it has
 * passed). Without a zone nobody knows which clock was meant: never more than TOKEN_UNCLEAR_MS.
 */
int64_t token_life_ms(const char *expires, const char *zone, int64_t wall_ms);

#endif
