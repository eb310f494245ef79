/*
 * problem.h -- a refusal in words: problem details (RFC 9457), {"type", "title", "status", "detail", "detail_de"}
 * and what the kind adds. `type` is what programs go by, `detail` is a sentence for people, `detail_de` the one that the
 * page shows: the kind's own, or one that fits the case better.
 *
 * It never holds a secret, a token, or what belongs to somebody else.
 */
#ifndef API_PROBLEM_H
#define API_PROBLEM_H

#include <jansson.h>
#include <stdbool.h>

#include "api/request.h"

#define PROBLEM_MEDIA_TYPE "application/problem+json"

enum problem_kind {
	PROBLEM_MALFORMED, /* 400 the request itself */
	PROBLEM_ARGUMENT,  /* 400 a word of the query */
	PROBLEM_TOKEN,     /* 401 none, or none that counts */
	PROBLEM_SIGNATURE, /* 401 */
	PROBLEM_SESSION,   /* 401 the session is over */
	PROBLEM_LOGIN,     /* 401 name or password is wrong */
	PROBLEM_SCOPE,     /* 403 token or role is not for this */
	PROBLEM_CSRF,      /* 403 it does not come from our page */
	PROBLEM_PATH,      /* 404 */
	PROBLEM_MISSING,   /* 404 */
	PROBLEM_METHOD,    /* 405 */
	PROBLEM_CONFLICT,  /* 409 somebody else was first, or it stands so that this does not go */
	PROBLEM_CURSOR_AHEAD,   /* 409 + head */
	PROBLEM_CURSOR_BACK,    /* 409 + position */
	PROBLEM_CURSOR_GONE,    /* 410 + oldest, head */
	PROBLEM_TOO_LARGE,      /* 413 */
	PROBLEM_MEDIA_TYPE_NOT, /* 415 */
	PROBLEM_RANGE,          /* 416 */
	PROBLEM_HOST,           /* 421 the server is not called so */
	PROBLEM_CONTENT,        /* 422 */
	PROBLEM_THROTTLED,      /* 429 */
	PROBLEM_RATE,           /* 429 too much was asked */
	PROBLEM_HEAD_TOO_LARGE, /* 431 */
	PROBLEM_INTERNAL,       /* 500 */
	PROBLEM_DATABASE_AWAY,  /* 503 */
	PROBLEM_STOPPING,       /* 503 */
};

/* Answer with a problem; the sentence follows printf. Returns false, so that a check can return it. */
bool problem(struct request *request, enum problem_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with members of its own; steals more. */
bool problem_more(struct request *request, enum problem_kind kind, json_t *more, const char *format,
		  ...) __attribute__((format(printf, 4, 5)));

/* The same, with a German sentence for this case instead of the kind's; more may be NULL. */
bool problem_german(struct request *request, enum problem_kind kind, json_t *more,
		    const char *german, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* What went wrong below: database away 503 with Retry-After, everything else 500 without the text,
 * which is told to whoever runs the server. */
bool problem_of(struct request *request, const struct err *e);

#endif
