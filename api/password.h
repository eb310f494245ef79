/*
 * password.h -- passwords of local accounts: argon2id by libsodium, 32 MiB and three passes, with its own salt.
 *
 * Both take about a tenth of a second; the server does them beside its loop (api/hasher.h).
 */
#ifndef API_PASSWORD_H
#define API_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define PASSWORD_LEAST 12 /* characters; bytes */
#define PASSWORD_MOST  1024
#define PASSWORD_SIZE  128 /* as it is stored, with its NUL */

/* May a person have this password? Fails ERR_USAGE: too short or too long, made of few characters, or his own name. */
bool password_check(const char *password, const char *user, struct err *e);

/* The text to store. Fails ERR_RETRY: no memory for it now. */
bool password_make(char stored[PASSWORD_SIZE], const char *password, struct err *e);

/* Is it this one? stored NULL or "": nobody's, and it takes as long to say so. */
bool password_right(const char *stored, const char *password);

/* Random and well to type: 5 groups of 5 letters and digits, 125 bits. */
#define PASSWORD_DRAWN_SIZE 30
void password_draw(char password[PASSWORD_DRAWN_SIZE]);

void password_wipe(void *bytes, size_t len);

#endif
