/*
 * err.h -- an error carries a route and a sentence.
 *
 * A function that can fail returns bool and takes `struct err *e` last. The kind says where the
 * work goes next, the text says in one sentence what was found and what was expected. Nobody below
 * cmd/ and the roles prints it. The text never holds personal data, secrets or whole policy
 * numbers, and is valid UTF-8 whatever was put into it.
 *
 * The first error wins: err_set on an error that is already set keeps the old text.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>

enum err_kind {
	ERR_NONE,
	ERR_RETRY,    /* passes by itself: network, HTTP 5xx, database away */
	ERR_DELIVERY, /* what the insurer sent cannot be read: quarantine */
	ERR_LOGIN, /* the credential was refused: pause the connection, never try again by itself */
	ERR_SETUP, /* configuration, profile or environment is wrong: a person must act */
	ERR_USAGE, /* the command line is wrong */
	ERR_MISSING,  /* what was asked for does not exist */
	ERR_CONFLICT, /* somebody else holds it or changed it first: later it may go */
	ERR_REFUSED,  /* it stands so that this cannot be done to it: later it cannot, either */
	ERR_BUG,      /* our own mistake */
};

struct err {
	enum err_kind kind;
	char code[8];      /* BiPRO MeldungID where the insurer gave one ("00961"), else "" */
	int retry_after_s; /* the insurer's Retry-After, 0 if none */
	bool outrun; /* lost against another transaction: nothing was written, once more it may go */
	int refusal; /* which one of a room's closed list (ingest/refusal.h), 0 if none */
	char text[480];
};

/* Both return false, so that a failing function can `return err_set(...)`. e may be NULL. */
bool err_set(struct err *e, enum err_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool err_set_code(struct err *e, enum err_kind kind, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Put words in front of the sentence ("connection nord, shipment 70001"); returns false. */
bool err_prefix(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

void err_clear(struct err *e);

/* The sysexits code of a route: 75 retry, 65 delivery, 77 login, 78 setup, 64 usage, 66 missing,
 * 69 refused, ... (docs/operations.md lists them) */
int err_exit_code(const struct err *e);

/* "retry", "delivery", ... for logs */
const char *err_kind_name(enum err_kind kind);

#endif
