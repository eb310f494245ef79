/*
 * login.h -- the login kinds as data: which of a connection's files and addresses each of them needs, and their contents
 * at hand when a call is made. docs/bipro.md, "Logins".
 *
 *   kind         at the security token service    with every call of the transfer service
 *   password     UsernameToken                    SecurityContextToken
 *   certificate  a signed request                 SecurityContextToken
 *   tls          -                                an empty header, our TLS certificate
 *   saml         -                                the assertion, byte by byte, in wsse:Security
 *   bearer       -                                an empty header, HTTP's Authorization
 */
#ifndef INGEST_LOGIN_H
#define INGEST_LOGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/err.h"
#include "ingest/connection.h"
#include "ingest/identity.h"
#include "ingest/trust.h"
#include "model/profile.h"

enum login_kind login_of(const struct connection *connection, const struct profile *profile);

/* Does this kind get a token at the security token service? The others carry what they have. */
bool login_has_token(enum login_kind kind);

/* The option that names the kind's secret_file: "--password-file", "--assertion-file", "--token-file". */
const char *login_secret_option(enum login_kind kind);

/* The stricter of what the insurer's file and the connection say: neither can soften the other. */
enum signature_policy login_signature(const struct connection *connection,
				      const struct profile *profile);

/* Is all there that the login and the signature policy need, and nothing of another kind? Looks at no file. ERR_USAGE. */
bool login_check(const struct connection *connection, const struct profile *profile, struct err *e);

/* The account it logs in with, as connections share it: insurer, kind, token service, and the
 * user name, key or secret file. Child of mem. */
char *login_credential(const struct connection *connection, const struct profile *profile,
		       TALLOC_CTX *mem);

/* What a connection's files hold. */
struct login_files {
	struct identity *identity; /* certificate, tls; else NULL */
	struct trust *trust;       /* NULL: nobody is believed */
};

/* Load them; children of mem. Fails ERR_SETUP. */
bool login_files_load(struct login_files *files, const struct connection *connection,
		      const struct profile *profile, TALLOC_CTX *mem, struct err *e);

/*
 * The secret that goes into a request: password, assertion or bearer token, read anew each time, for somebody may renew
 * it. Child of mem, wiped when freed. *secret is NULL where the kind sends none. Fails ERR_SETUP, and for what is no
 * assertion or no token.
 */
bool login_secret(char **secret, const struct connection *connection, enum login_kind kind,
		  TALLOC_CTX *mem, struct err *e);

/* All of the files, as a round would use them; nothing is kept. Fails ERR_SETUP. */
bool login_try(const struct connection *connection, const struct profile *profile, struct err *e);

#endif
