/* cause_test.c -- a lost lead is booked to exactly one cause. */
#include "events/cause.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define HOUR INT64_C(3600000)

/* Dated Monday 2025-03-17: posted on the 18th, at the earliest there on the 19th, 09:00. */
static struct lead lead_of_monday(enum twin twin)
{
	struct letter_facts facts = { .document_date = "2025-03-17", .twin = twin, .lag_days = 1 };
	struct lead lead;

	lead_of(&lead, &facts, 0);
	return lead;
}

static int64_t deadline(void)
{
	return day_moment(day_of(2025, 3, 19), 9, 0);
}

/* Hours from the deadline. */
struct story {
	const char *why;
	int provided, listed, stored, filed, released, accepted, now; /* NEVER: not known */
	bool failed;
	enum cause cause;
};
#define NEVER 10000

static const struct story stories[] = {
	{ "all in time", -30, -29, -29, -29, -29, -29, 0, false, CAUSE_NONE },
	{ "in time, nobody acknowledges", -30, -29, -29, -29, -29, NEVER, 99, false, CAUSE_NONE },
	{ "put out after the posting", -8, -7, -7, -7, -7, 1, 1, false, CAUSE_INSURER },
	{ "put out after the posting, but still in time", -8, -7, -7, -7, -7, -7, 1, false,
	  CAUSE_NONE },
	{ "put out after the letter", 5, 6, 6, 6, 6, 6, 9, false, CAUSE_INSURER },
	{ "put out after the letter, and the connection failed", 5, 6, 6, 6, 6, 6, 9, true,
	  CAUSE_INSURER },
	{ "found too late", -12, 1, 1, 1, 1, 1, 9, false, CAUSE_POLL },
	{ "found too late for the connection failed", -12, 1, 1, 1, 1, 1, 9, true, CAUSE_OUTAGE },
	{ "put off by the insurer", -12, -11, 1, 1, 1, 1, 9, false, CAUSE_OUTAGE },
	{ "waited for a person", -12, -11, -11, 0, 0, 0, 9, false, CAUSE_QUEUE },
	{ "still waits for a person", -12, -11, -11, NEVER, NEVER, NEVER, 9, false, CAUSE_QUEUE },
	{ "waits, and there is time", -12, -11, -11, NEVER, NEVER, NEVER, -1, false, CAUSE_NONE },
	{ "waited for its release", -12, -11, -11, -11, 2, 2, 9, false, CAUSE_RELEASE },
	{ "still waits for its release", -12, -11, -11, -11, NEVER, NEVER, 9, false,
	  CAUSE_RELEASE },
	{ "the consumer slept", -12, -11, -11, -11, -11, 3, 9, false, CAUSE_CONSUMER },
	{ "not known when put out: one poll before it was found", NEVER, 1, 1, 1, 1, 1, 9, false,
	  CAUSE_INSURER },
	{ "put out after it was found is a wrong clock", -5, -11, -11, -11, 2, 2, 9, false,
	  CAUSE_RELEASE },
};

static int64_t at(int hours)
{
	return hours == NEVER ? 0 : deadline() + hours * HOUR;
}

START_TEST(stories_of_lost_leads)
{
	const struct story *s = &stories[_i];
	struct lead lead = lead_of_monday(TWIN_YES);
	struct way way = { .provided = at(s->provided),
			   .listed = at(s->listed),
			   .stored = at(s->stored),
			   .filed = at(s->filed),
			   .released = at(s->released),
			   .accepted = at(s->accepted),
			   .now = at(s->now),
			   .poll_s = 1800,
			   .failed = s->failed };

	ck_assert_msg(cause_of(&way, &lead) == s->cause, "%s: %s", s->why,
		      cause_text(cause_of(&way, &lead)));
}
END_TEST

/* Every stamp missing, in time or late, in any order, failed or not, with and without a letter: a cause if the lead is
 * lost, none if not, and never a cause whose stage was over in time. */
START_TEST(exactly_one_cause_for_every_combination)
{
	static const int when[] = { NEVER, -40, -3, 0, 5 };
	int seen[CAUSES] = { 0 };

	for (int i = 0; i < 5 * 5 * 5 * 5 * 5 * 5 * 2 * 2 * 2; i++) {
		int n = i;
		int64_t stamps[6];
		bool failed, late_now, letter, lost;
		struct lead lead;
		struct way way;
		enum cause cause;

		for (int k = 0; k < 6; k++, n /= 5)
			stamps[k] = at(when[n % 5]);
		failed = n & 1;
		late_now = n & 2;
		letter = n & 4;
		lead = lead_of_monday(letter ? TWIN_UNKNOWN : TWIN_NO);
		way = (struct way){ .provided = stamps[0],
				    .listed = stamps[1],
				    .stored = stamps[2],
				    .filed = stamps[3],
				    .released = stamps[4],
				    .accepted = stamps[5],
				    .now = at(late_now ? 9 : -1),
				    .poll_s = 1800,
				    .failed = failed };
		cause = cause_of(&way, &lead);
		seen[cause]++;
		lost = letter && (way_end(&way) ? way_end(&way) >= deadline() : late_now);
		if ((cause != CAUSE_NONE) != lost)
			ck_abort_msg("case %d: %s", i, cause_text(cause));
		if ((cause == CAUSE_POLL && (failed || (way.listed && way.listed < deadline()))) ||
		    (cause == CAUSE_QUEUE && way.filed && way.filed < deadline()) ||
		    (cause == CAUSE_RELEASE && way.released && way.released < deadline()) ||
		    (cause == CAUSE_CONSUMER && way.accepted && way.accepted < deadline()))
			ck_abort_msg("case %d: %s was in time", i, cause_text(cause));
	}
	for (int c = 0; c < CAUSES; c++)
		ck_assert_msg(seen[c] > 0, "%s", cause_text((enum cause)c));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cause");
	TCase *tc = tcase_create("causes");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, stories_of_lost_leads, 0, sizeof stories / sizeof *stories);
	tcase_add_test(tc, exactly_one_cause_for_every_combination);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
