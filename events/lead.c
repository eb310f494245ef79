#include "events/lead.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

#define DELIVERY_HOUR     9    /* nobody has his post earlier */
#define EXPECTED_DELIVERY 2    /* days of delivery after the posting */
#define FIRST_YEAR        1996 /* of the calendar, and of any document worth a push */
#define LAST_YEAR         9000
#define AHEAD_MOST        60 /* days that a document is dated ahead of its provision */

/* The two laws: by which day of delivery after the posting how much must be there. 0: not said. */
struct law {
	int since_year, by_95, by_99;
};

static const struct law laws[] = {
	{ 2025, 3, 4 }, /* PostG of 2024, section 18 */
	{ 0, 2, 0 },    /* PUDLV, section 2: 80 % by the first, 95 % by the second */
};

static const char *const twin_texts[TWINS] = { "unknown", "yes", "no" };

const char *twin_text(enum twin twin)
{
	return twin_texts[twin];
}

bool twin_parse(enum twin *twin, const char *text)
{
	for (int i = 0; text && i < TWINS; i++)
		if (!strcmp(twin_texts[i], text)) {
			*twin = (enum twin)i;
			return true;
		}
	return false;
}

const char *lead_basis_text(enum lead_basis basis)
{
	static const char *const texts[] = { "default", "insurer", "observed" };

	return texts[basis];
}

static bool day_read(int *day, const char *text)
{
	int64_t ms;

	if (!day_parse(day, text)) {
		if (!text || !clock_parse(&ms, text, NULL))
			return false;
		*day = day_local(ms);
	}
	return day_year(*day) >= FIRST_YEAR && day_year(*day) <= LAST_YEAR;
}

/* The date that stands on the document, unless it lies so far ahead of its provision that it is a slip or a term. */
static bool dated_day(int *day, const struct letter_facts *facts)
{
	int provided, dated;
	bool known = day_read(&provided, facts->posted) || day_read(&provided, facts->received);

	if (day_read(&dated, facts->document_date) && (!known || dated - provided <= AHEAD_MOST))
		provided = dated;
	else if (!known)
		return false;
	*day = provided;
	return true;
}

static const struct law *law_of(int posting_day)
{
	const struct law *law = laws;

	while (day_year(posting_day) < law->since_year)
		law++;
	return law;
}

/* Bounds hold everywhere: where the Land is not known, a holiday of any Land counts. */
static int64_t law_ms(const struct lead *lead, int deliveries)
{
	int day;

	if (!deliveries)
		return 0;
	day = day_delivery_after(lead->posting_day, deliveries, lead->land, DOUBT_LATE);
	return day_moment(day, 23, 59) + 59000; /* the law names days */
}

static int day_observed(const struct lead *lead, int deliveries)
{
	int day = day_delivery_after(lead->dated_day, deliveries, lead->land, DOUBT_EARLY);

	while (!day_delivers(day, lead->land, DOUBT_EARLY))
		day++;
	return day;
}

/* Observations say how soon letters really come. Sooner than computed: believed. Later than the law allows: not more
 * than that is claimed; the insurer's lag_days should be raised. */
static void letter_days(int *earliest, int *expected, const struct lead *lead,
			const struct letter_facts *facts)
{
	*earliest = day_delivery_after(lead->posting_day, 1, lead->land, DOUBT_EARLY);
	*expected =
		day_delivery_after(lead->posting_day, EXPECTED_DELIVERY, lead->land, DOUBT_EARLY);
	if (lead->basis == BASIS_OBSERVED) {
		int least = day_observed(lead, facts->least);

		*expected = day_observed(lead, facts->median);
		if (least < *earliest)
			*earliest = least;
	}
	if (*expected < *earliest)
		*expected = *earliest;
}

static void lead_times(struct lead *lead, const struct letter_facts *facts)
{
	const struct law *law = law_of(lead->posting_day);
	int earliest, expected;

	letter_days(&earliest, &expected, lead, facts);
	lead->earliest_ms = day_moment(earliest, DELIVERY_HOUR, 0);
	lead->expected_ms = day_moment(expected, DELIVERY_HOUR, 0);
	lead->legal_95_ms = law_ms(lead, law->by_95);
	lead->legal_99_ms = law_ms(lead, law->by_99);
	if (lead->expected_ms > lead->legal_95_ms)
		lead->expected_ms = lead->legal_95_ms;
}

void lead_of(struct lead *lead, const struct letter_facts *facts, int64_t event_wall_ms)
{
	int lag = facts->lag_days < 0 ? 0 : facts->lag_days;

	*lead = (struct lead){
		.twin = facts->twin,
		.land = land_of_postcode(facts->postcode),
		.observations = facts->observations,
		.basis = facts->observations >= LETTER_OBSERVED_LEAST ? BASIS_OBSERVED
			 : facts->own_rule                            ? BASIS_INSURER
								      : BASIS_DEFAULT,
	};
	lead->dated = dated_day(&lead->dated_day, facts);
	if (facts->twin == TWIN_NO || !lead->dated)
		return;
	if (lag > LETTER_LAG_MOST)
		lag = LETTER_LAG_MOST;
	/* Where the insurer posts is not known: only what is a holiday everywhere holds it up. */
	lead->posting_day = lag ? day_posting_after(lead->dated_day, lag, LAND_UNKNOWN, DOUBT_EARLY)
				: day_posting_from(lead->dated_day, LAND_UNKNOWN, DOUBT_EARLY);
	lead_times(lead, facts);
	lead->min_s = (lead->earliest_ms - event_wall_ms) / 1000;
	lead->expected_s = (lead->expected_ms - event_wall_ms) / 1000;
	lead->law_s = (lead->legal_95_ms - event_wall_ms) / 1000;
}

bool lead_known(const struct lead *lead)
{
	return lead->earliest_ms != 0;
}

static json_t *moment_json(int64_t ms)
{
	char text[MOMENT_TEXT_SIZE];

	return json_string(moment_text(text, ms));
}

json_t *lead_json(const struct lead *lead)
{
	const char *land = land_text(lead->land);
	json_t *json = json_pack("{s:s, s:s, s:i, s:s?}", "twin", twin_text(lead->twin), "basis",
				 lead_basis_text(lead->basis), "observations", lead->observations,
				 "land", land);

	if (lead->twin == TWIN_NO)
		json_object_set_new(json, "channel", json_string("only"));
	if (!lead_known(lead))
		return json;
	json_object_set_new(json, "earliest", moment_json(lead->earliest_ms));
	json_object_set_new(json, "expected", moment_json(lead->expected_ms));
	json_object_set_new(json, "legal_95", moment_json(lead->legal_95_ms));
	if (lead->legal_99_ms)
		json_object_set_new(json, "legal_99", moment_json(lead->legal_99_ms));
	json_object_set_new(json, "lead_min_s", json_integer(lead->min_s));
	json_object_set_new(json, "lead_expected_s", json_integer(lead->expected_s));
	json_object_set_new(json, "lead_law_s", json_integer(lead->law_s));
	return json;
}

char *lead_words(char out[LEAD_WORDS_SIZE], const struct lead *lead)
{
	int64_t s = lead->min_s;

	if (lead->twin == TWIN_NO)
		snprintf(out, LEAD_WORDS_SIZE, "only");
	else if (!lead_known(lead))
		snprintf(out, LEAD_WORDS_SIZE, "?");
	else if (s <= 0)
		snprintf(out, LEAD_WORDS_SIZE, "gone");
	else if (s < 3600)
		snprintf(out, LEAD_WORDS_SIZE, "%d min", (int)(s / 60));
	else if (s < 96 * 3600)
		snprintf(out, LEAD_WORDS_SIZE, "%d h", (int)(s / 3600));
	else
		snprintf(out, LEAD_WORDS_SIZE, "%d d", (int)(s / 86400));
	return out;
}

/* 0 to be saved, 1 nothing runs out, 2 gone */
static int lead_group(const struct lead *lead)
{
	return !lead_known(lead) ? 1 : lead->min_s > 0 ? 0 : 2;
}

int lead_compare(const struct lead *a, const struct lead *b)
{
	int group_a = lead_group(a), group_b = lead_group(b);

	if (group_a != group_b)
		return group_a < group_b ? -1 : 1;
	if (a->earliest_ms == b->earliest_ms)
		return 0;
	return (a->earliest_ms < b->earliest_ms) == (group_a == 0) ? -1 : 1;
}
