/*
 * problem.h -- a refusal in words: problem details (RFC 9457), {"type", "title", "status", "detail"}
 * and what the kind adds. `type` is what programs go by, `detail` is a sentence for people.
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
	PROBLEM_MALFORMED,      /* 400 the request itself */
	PROBLEM_ARGUMENT,       /* 400 a word of the query */
	PROBLEM_TOKEN,          /* 401 none, or none that counts */
	PROBLEM_SIGNATURE,      /* 401 */
	PROBLEM_SCOPE,          /* 403 the token is not for this */
	PROBLEM_PATH,           /* 404 */
	PROBLEM_MISSING,        /* 404 */
	PROBLEM_METHOD,         /* 405 */
	PROBLEM_CURSOR_AHEAD,   /* 409 + head */
	PROBLEM_CURSOR_BACK,    /* 409 + position */
	PROBLEM_CURSOR_GONE,    /* 410 + oldest, head */
	PROBLEM_TOO_LARGE,      /* 413 */
	PROBLEM_MEDIA_TYPE_NOT, /* 415 */
	PROBLEM_CONTENT,        /* 422 */
	PROBLEM_THROTTLED,      /* 429 */
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

/* What went wrong below: database away 503 with Retry-After, everything else 500 without the text,
 * which is told to whoever runs the server. */
bool problem_of(struct request *request, const struct err *e);

#endif
