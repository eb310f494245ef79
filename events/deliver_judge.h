/*
 * deliver_judge.h -- what an answer means, and how long to wait after it. Pure.
 *
 *	2xx, whole                        accepted
 *	410                               the receiver wants nothing any more
 *	no connection, TLS, redirects, 401 403 404 405 407 429 502 503 504, every Retry-After
 *	                                  the endpoint as a whole: put it off
 *	everything else, broken answers and time limits too
 *	                                  this event: its lane waits, the others go on
 */
#ifndef EVENTS_DELIVER_JUDGE_H
#define EVENTS_DELIVER_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "events/sink_http.h"
#include "events/sink_nats.h"

enum verdict { VERDICT_ACCEPTED, VERDICT_LANE, VERDICT_ENDPOINT, VERDICT_GONE };

struct judgement {
	enum verdict verdict;
	bool slower;           /* 429, 503: fewer requests at once from now on */
	int64_t retry_after_s; /* 0: not said */
	char why[480];         /* a sentence for a person, unless accepted */
};

struct judgement deliver_judge(const struct landing *landing);

/* Of a message to a bus: stored, or the endpoint as a whole. */
struct judgement deliver_judge_bus(const struct bus_landing *landing);

/* The waits after the first, second ... failure of an event; it is parked after one more. */
#define SCHEDULE_MOST   20
#define SCHEDULE_WAIT_S 86400 /* the longest wait */

struct schedule {
	int count;
	int32_t wait_s[SCHEDULE_MOST];
};

/* That of Standard Webhooks: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h. */
extern const struct schedule schedule_standard;

/* Of a bus, which is the operator's own: 1 s, 2 s, 5 s, 10 s, 30 s, 60 s. */
extern const struct schedule schedule_bus;

/* Of "5,300,1800", also as PostgreSQL prints an int[]: "{5,300}"; NULL: the standard one. Fails
 * ERR_USAGE: not 1 to SCHEDULE_MOST whole seconds of at most a day. */
bool schedule_parse(struct schedule *schedule, const char *text, struct err *e);

/* Milliseconds until the next attempt after `failures` (from 1) in a row; after the last wait of
 * the schedule it is repeated. A Retry-After counts instead, within 5 s and a day. chance is 0 to
 * 999 and lengthens by up to a tenth. */
int64_t schedule_wait_ms(const struct schedule *schedule, int failures, int64_t retry_after_s,
			 int chance);

/* 0 to 999 */
int schedule_chance(void);

#endif
