#include "events/deliver_judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define RETRY_AFTER_LEAST 5

/* Statuses that say nothing of the one event. */
static const int of_the_endpoint[] = { 401, 403, 404, 405, 407, 429, 502, 503, 504 };

const struct schedule schedule_standard = {
	9,
	{ 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600 },
};

const struct schedule schedule_bus = { 6, { 1, 2, 5, 10, 30, 60 } };

static const char *status_sentence(int status)
{
	if (status == 410)
		return " (gone: disabled)";
	if (status >= 300 && status < 400)
		return " (redirects are not followed)";
	return "";
}

static enum verdict status_verdict(const struct answer *answer)
{
	if (answer->status >= 200 && answer->status < 300)
		return VERDICT_ACCEPTED;
	if (answer->status == 410)
		return VERDICT_GONE;
	if (answer->retry_after_s > 0 || (answer->status >= 300 && answer->status < 400))
		return VERDICT_ENDPOINT;
	for (size_t i = 0; i < sizeof of_the_endpoint / sizeof *of_the_endpoint; i++)
		if (answer->status == of_the_endpoint[i])
			return VERDICT_ENDPOINT;
	return VERDICT_LANE;
}

struct judgement deliver_judge(const struct landing *landing)
{
	const struct answer *answer = &landing->answer;
	struct judgement judgement = { 0 };

	if (!landing->whole) { /* of a broken answer nothing counts */
		judgement.verdict = answer->reached ? VERDICT_LANE : VERDICT_ENDPOINT;
		snprintf(judgement.why, sizeof judgement.why, "%s", landing->trouble.text);
		return judgement;
	}
	judgement.verdict = status_verdict(answer);
	judgement.retry_after_s = answer->retry_after_s > 0 ? answer->retry_after_s : 0;
	judgement.slower = answer->status == 429 || answer->status == 503;
	snprintf(judgement.why, sizeof judgement.why, "HTTP %d%s", answer->status,
		 status_sentence(answer->status));
	return judgement;
}

struct judgement deliver_judge_bus(const struct bus_landing *landing)
{
	struct judgement judgement = { .verdict = VERDICT_ENDPOINT };

	if (landing->stored)
		judgement.verdict = VERDICT_ACCEPTED;
	else
		snprintf(judgement.why, sizeof judgement.why, "%s", landing->trouble.text);
	return judgement;
}

/* ---- waits ---- */

static bool wait_parse(struct schedule *schedule, const char **text)
{
	char *end;
	long seconds = strtol(*text, &end, 10);

	if (end == *text || **text == '-' || **text == '+' || seconds < 0 ||
	    seconds > SCHEDULE_WAIT_S || schedule->count == SCHEDULE_MOST)
		return false;
	schedule->wait_s[schedule->count++] = (int32_t)seconds;
	*text = end;
	return true;
}

bool schedule_parse(struct schedule *schedule, const char *text, struct err *e)
{
	bool ok = true;

	*schedule = schedule_standard;
	if (!text)
		return true;
	schedule->count = 0;
	text += *text == '{';
	while ((ok = wait_parse(schedule, &text)) && *text == ',')
		text++;
	text += *text == '}';
	return (ok && !*text) || err_set(e, ERR_USAGE,
					 "waits are 1 to %d whole seconds of at most %d, parted by "
					 "commas, as in 5,300,1800",
					 SCHEDULE_MOST, SCHEDULE_WAIT_S);
}

int64_t schedule_wait_ms(const struct schedule *schedule, int failures, int64_t retry_after_s,
			 int chance)
{
	int last = schedule->count - 1;
	int64_t wait = schedule->wait_s[failures - 1 < last ? failures - 1 : last];

	if (retry_after_s > 0)
		wait = retry_after_s < RETRY_AFTER_LEAST ? RETRY_AFTER_LEAST : retry_after_s;
	if (wait > SCHEDULE_WAIT_S)
		return (int64_t)SCHEDULE_WAIT_S * 1000;
	return wait * 1000 + wait * chance / 10;
}

int schedule_chance(void)
{
	unsigned chance = 0;

	if (getrandom(&chance, sizeof chance, GRND_NONBLOCK) < 0)
		return 0;
	return (int)(chance % 1000);
}
