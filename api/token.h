/*
 * token.h -- bearer tokens: "vpt_" + 16 hexadecimal digits, its id, + "_" + 43 characters of base64url,
 * the secret. The id is public and finds the row; of the whole token the database knows the SHA-256
 * only.
 */
#ifndef API_TOKEN_H
#define API_TOKEN_H

#include <stdbool.h>
#include <talloc.h>

#include "api/request.h"
#include "api/throttle.h"

#define DIGEST_TEXT_SIZE 65 /* SHA-256 in hexadecimal */

#define TOKEN_PREFIX  "vpt_"
#define TOKEN_ID_LEN  16
#define TOKEN_SIZE    65 /* with its NUL */
#define TOKEN_ID_SIZE (TOKEN_ID_LEN + 1)

struct token {
	char text[TOKEN_SIZE]; /* shown once, wiped by token_wipe */
	char id[TOKEN_ID_SIZE];
	char digest[DIGEST_TEXT_SIZE];
};

/* A fresh one. Fails ERR_SETUP: no random bytes. */
bool token_make(struct token *token, struct err *e);

/* The same in another's name: sessions are tokens, too. prefix: as long as TOKEN_PREFIX. */
bool token_make_as(struct token *token, const char *prefix, struct err *e);

/* Does the text look like one of these? Then its id stands behind the prefix. */
bool token_shaped(const char *text, const char *prefix);

/* SHA-256 of the whole text, in hexadecimal. */
void token_digest(char digest[DIGEST_TEXT_SIZE], const char *text);

/* Compared in constant time; digest NULL: there is none, and it takes as long. */
bool token_digest_equal(const char *digest, const char shown[DIGEST_TEXT_SIZE]);
void token_wipe(struct token *token);

/* Scopes as people and the database write them. */
const char *scope_name(enum scope scope);

/* "events,feedback" -> bits. Fails ERR_USAGE. */
bool scopes_read(unsigned *scopes, const char *text, struct err *e);

/* "{events,feedback}" for text[]; child of mem. */
char *scopes_array(unsigned scopes, TALLOC_CTX *mem);

/*
 * token_check -- who is this? Fills request->caller from the Authorization header.
 *   takes    one look-up, constant in time over what the secret is
 *   refuses  401 none, malformed, unknown, wrong or revoked: in the same words; 429 too many wrong
 *            ones; 503
 */
bool token_check(struct request *request);

/* Does the token still stand? True also while the database is away. */
bool token_stands(struct request *request);

#endif
