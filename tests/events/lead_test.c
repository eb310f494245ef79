/* lead_test.c -- when the letter would have come: golden cases, bounds, and what hostile facts cannot do. */
#include "events/lead.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int day(const char *text)
{
	int d = 0;

	ck_assert_msg(day_parse(&d, text), "%s", text);
	return d;
}

/* ---- golden ---- */

struct golden {
	const char *why;
	struct letter_facts facts;
	const char *event; /* local "2025-03-03 06:00" as day and hour */
	int hour;
	const char *posting, *earliest, *expected, *legal_95,
		*legal_99; /* local days; NULL: none */
	enum lead_basis basis;
	int64_t min_s;
};

#define LETTER(lag, ...)                                                                           \
	{                                                                                          \
		.twin = TWIN_YES, .lag_days = lag, __VA_ARGS__                                     \
	}

static const struct golden goldens[] = {
	{ "a Monday in March", LETTER(1, .document_date = "2025-03-03", .postcode = "80331"),
	  "2025-03-04", 6, "2025-03-04", "2025-03-05", "2025-03-06", "2025-03-07", "2025-03-08",
	  BASIS_DEFAULT, 27 * 3600 },
	{ "the older law had no 99 %",
	  LETTER(1, .document_date = "2024-03-04", .postcode = "80331"), "2024-03-05", 6,
	  "2024-03-05", "2024-03-06", "2024-03-07", "2024-03-07", NULL, BASIS_DEFAULT, 27 * 3600 },
	{ "the law is that of the posting, not of the document",
	  LETTER(1, .document_date = "2024-12-31"), "2025-01-02", 9, "2025-01-02", "2025-01-03",
	  "2025-01-04", "2025-01-07", "2025-01-08", BASIS_DEFAULT, 24 * 3600 },
	{ "the same in a Land without Epiphany",
	  LETTER(1, .document_date = "2024-12-31", .postcode = "30159"), "2025-01-02", 9,
	  "2025-01-02", "2025-01-03", "2025-01-04", "2025-01-06", "2025-01-07", BASIS_DEFAULT,
	  24 * 3600 },
	{ "a Friday: the letter comes on Tuesday, the Saturday is no day of posting",
	  LETTER(1, .document_date = "2025-03-14", .postcode = "30159"), "2025-03-14", 18,
	  "2025-03-17", "2025-03-18", "2025-03-19", "2025-03-20", "2025-03-21", BASIS_DEFAULT,
	  87 * 3600 },
	{ "posted on a Friday it comes on a Saturday",
	  LETTER(1, .document_date = "2025-03-13", .postcode = "30159"), "2025-03-14", 9,
	  "2025-03-14", "2025-03-15", "2025-03-17", "2025-03-18", "2025-03-19", BASIS_DEFAULT,
	  24 * 3600 },
	{ "Easter", LETTER(1, .document_date = "2025-04-17", .postcode = "30159"), "2025-04-17", 9,
	  "2025-04-22", "2025-04-23", "2025-04-24", "2025-04-25", "2025-04-26", BASIS_DEFAULT,
	  144 * 3600 },
	{ "no lag", LETTER(0, .document_date = "2025-03-05", .own_rule = true), "2025-03-05", 9,
	  "2025-03-05", "2025-03-06", "2025-03-07", "2025-03-10", "2025-03-11", BASIS_INSURER,
	  24 * 3600 },
	{ "no lag, dated on a Sunday", LETTER(0, .document_date = "2025-03-16"), "2025-03-16", 9,
	  "2025-03-17", "2025-03-18", "2025-03-19", "2025-03-20", "2025-03-21", BASIS_DEFAULT,
	  48 * 3600 },
	{ "observed: the median moves what is expected",
	  LETTER(1, .document_date = "2025-03-17", .postcode = "30159", .observations = 9,
		 .median = 4, .least = 3),
	  "2025-03-18", 9, "2025-03-18", "2025-03-19", "2025-03-21", "2025-03-21", "2025-03-22",
	  BASIS_OBSERVED, 24 * 3600 },
	{ "observed too seldom",
	  LETTER(1, .document_date = "2025-03-17", .postcode = "30159", .observations = 4,
		 .median = 4, .least = 1),
	  "2025-03-18", 9, "2025-03-18", "2025-03-19", "2025-03-20", "2025-03-21", "2025-03-22",
	  BASIS_DEFAULT, 24 * 3600 },
	{ "observed sooner than computed: believed",
	  LETTER(1, .document_date = "2025-03-17", .postcode = "30159", .observations = 9,
		 .median = 1, .least = 1),
	  "2025-03-18", 6, "2025-03-18", "2025-03-18", "2025-03-18", "2025-03-21", "2025-03-22",
	  BASIS_OBSERVED, 3 * 3600 },
	{ "observed later than the law allows: not claimed",
	  LETTER(1, .document_date = "2025-03-17", .postcode = "30159", .observations = 9,
		 .median = 12, .least = 9),
	  "2025-03-18", 9, "2025-03-18", "2025-03-19", "2025-03-21", "2025-03-21", "2025-03-22",
	  BASIS_OBSERVED, 24 * 3600 },
	{ "a date and a time of day near midnight, UTC",
	  LETTER(1, .document_date = "2025-03-02T23:30:00Z", .postcode = "80331"), "2025-03-04", 6,
	  "2025-03-04", "2025-03-05", "2025-03-06", "2025-03-07", "2025-03-08", BASIS_DEFAULT,
	  27 * 3600 },
	{ "no date on the document: the day it was put out",
	  LETTER(1, .posted = "2025-03-03T08:00:00+01:00", .received = "2025-03-09T00:00:00Z",
		 .postcode = "80331"),
	  "2025-03-04", 6, "2025-03-04", "2025-03-05", "2025-03-06", "2025-03-07", "2025-03-08",
	  BASIS_DEFAULT, 27 * 3600 },
	{ "a date far ahead is a slip",
	  LETTER(1, .document_date = "2052-03-03", .posted = "2025-03-03T08:00:00",
		 .postcode = "80331"),
	  "2025-03-04", 6, "2025-03-04", "2025-03-05", "2025-03-06", "2025-03-07", "2025-03-08",
	  BASIS_DEFAULT, 27 * 3600 },
	{ "an old document: the letter was there long ago",
	  LETTER(1, .document_date = "2025-03-03", .posted = "2025-03-10T08:00:00",
		 .postcode = "80331"),
	  "2025-03-10", 9, "2025-03-04", "2025-03-05", "2025-03-06", "2025-03-07", "2025-03-08",
	  BASIS_DEFAULT, -120 * 3600 },
	{ "over the change to summer time", LETTER(1, .document_date = "2025-03-27"), "2025-03-28",
	  9, "2025-03-28", "2025-03-29", "2025-03-31", "2025-04-01", "2025-04-02", BASIS_DEFAULT,
	  24 * 3600 },
};

static void day_is(int64_t ms, const char *want, const char *what, const char *why)
{
	char text[DAY_TEXT_SIZE];

	if (want)
		ck_assert_msg(ms && !strcmp(day_text(text, day_local(ms)), want),
			      "%s: %s is %s, not %s", why, what, text, want);
	else
		ck_assert_msg(!ms, "%s: %s is not none", why, what);
}

START_TEST(golden_cases)
{
	const struct golden *g = &goldens[_i];
	struct lead lead;
	char text[MOMENT_TEXT_SIZE];

	lead_of(&lead, &g->facts, day_moment(day(g->event), g->hour, 0));
	ck_assert(lead_known(&lead));
	day_is(day_moment(lead.posting_day, 12, 0), g->posting, "posting", g->why);
	day_is(lead.earliest_ms, g->earliest, "earliest", g->why);
	day_is(lead.expected_ms, g->expected, "expected", g->why);
	day_is(lead.legal_95_ms, g->legal_95, "legal_95", g->why);
	day_is(lead.legal_99_ms, g->legal_99, "legal_99", g->why);
	ck_assert_msg(lead.basis == g->basis, "%s", g->why);
	ck_assert_msg(lead.min_s == g->min_s, "%s: %lld", g->why, (long long)lead.min_s / 3600);
	ck_assert_str_eq(moment_text(text, lead.earliest_ms) + 10,
			 lead.earliest_ms < day_moment(day("2025-03-30"), 0, 0) &&
					 lead.earliest_ms > day_moment(day("2024-10-27"), 12, 0)
				 ? "T09:00:00+01:00"
			 : strstr(g->earliest, "2024-03") ? "T09:00:00+01:00"
							  : "T09:00:00+02:00");
}
END_TEST

/* ---- what is not known ---- */

START_TEST(without_a_letter_there_are_no_times)
{
	struct letter_facts facts = { .document_date = "2025-03-03", .twin = TWIN_NO };
	struct lead lead;
	json_t *json;
	char words[LEAD_WORDS_SIZE];

	lead_of(&lead, &facts, 0);
	ck_assert(!lead_known(&lead));
	ck_assert_str_eq(lead_words(words, &lead), "only");
	json = lead_json(&lead);
	ck_assert_str_eq(json_string_value(json_object_get(json, "channel")), "only");
	ck_assert_ptr_null(json_object_get(json, "earliest"));
	ck_assert_ptr_null(json_object_get(json, "lead_min_s"));
	json_decref(json);
}
END_TEST

static const char *const nonsense[] = {
	NULL,         "",           "gestern",     "03.03.2025", "0001-01-01",
	"1899-12-31", "9999-12-31", "2025-99-99",  "20250303",   "2025-03-03T99:00:00Z",
	"\xff\xfe",   "1995-12-31", "-2025-01-01",
};

START_TEST(without_a_date_there_are_no_times)
{
	struct letter_facts facts = { .document_date = nonsense[_i],
				      .posted = nonsense[_i],
				      .received = nonsense[_i],
				      .postcode = nonsense[_i],
				      .twin = TWIN_YES,
				      .lag_days = 1 };
	struct lead lead;
	json_t *json;
	char words[LEAD_WORDS_SIZE];

	lead_of(&lead, &facts, 0);
	ck_assert(!lead_known(&lead));
	ck_assert_str_eq(lead_words(words, &lead), "?");
	json = lead_json(&lead);
	ck_assert_ptr_null(json_object_get(json, "earliest"));
	ck_assert(json_is_null(json_object_get(json, "land")));
	json_decref(json);
}
END_TEST

START_TEST(the_object_of_the_event)
{
	struct letter_facts facts = { .document_date = "2025-03-03",
				      .postcode = "80331",
				      .twin = TWIN_YES,
				      .lag_days = 1,
				      .own_rule = true };
	struct lead lead;
	char *text;
	json_t *json;

	lead_of(&lead, &facts, day_moment(day("2025-03-04"), 6, 0));
	json = lead_json(&lead);
	text = json_dumps(json, JSON_SORT_KEYS);
	ck_assert_str_eq(text,
			 "{\"basis\": \"insurer\", \"earliest\": \"2025-03-05T09:00:00+01:00\","
			 " \"expected\": \"2025-03-06T09:00:00+01:00\", \"land\": \"BY\","
			 " \"lead_expected_s\": 183600, \"lead_law_s\": 323999,"
			 " \"lead_min_s\": 97200,"
			 " \"legal_95\": \"2025-03-07T23:59:59+01:00\","
			 " \"legal_99\": \"2025-03-08T23:59:59+01:00\","
			 " \"observations\": 0, \"twin\": \"yes\"}");
	free(text);
	json_decref(json);
	facts.document_date = "2024-03-04"; /* the older law */
	lead_of(&lead, &facts, 0);
	json = lead_json(&lead);
	ck_assert_ptr_nonnull(json_object_get(json, "legal_95"));
	ck_assert_ptr_null(json_object_get(json, "legal_99"));
	json_decref(json);
}
END_TEST

/* ---- properties ---- */

static bool bounds_hold(const struct lead *lead)
{
	return lead_known(lead) && lead->earliest_ms <= lead->expected_ms &&
	       lead->expected_ms <= lead->legal_95_ms &&
	       (!lead->legal_99_ms || lead->legal_95_ms <= lead->legal_99_ms) &&
	       (lead->legal_99_ms != 0) == (day_year(lead->posting_day) >= 2025) &&
	       lead->posting_day >= lead->dated_day &&
	       day_posts(lead->posting_day, LAND_UNKNOWN, DOUBT_EARLY) &&
	       day_delivers(day_local(lead->earliest_ms), lead->land, DOUBT_EARLY);
}

static const char *const postcodes[] = { NULL,    "10115", "80331", "66111",
					 "01067", "99084", "20095", "52062" };

/* Every day of six years, in unlike Laender, with and without lag and observations. */
START_TEST(bounds_are_in_order)
{
	for (int d = day("2022-01-01"); d <= day("2027-12-31"); d++)
		for (int i = 0; i < 8 * 3 * 3; i++) {
			char text[DAY_TEXT_SIZE];
			struct letter_facts facts = { .document_date = day_text(text, d),
						      .postcode = postcodes[i % 8],
						      .twin = TWIN_YES,
						      .lag_days = i / 8 % 3,
						      .observations = i / 24 * 5,
						      .median = (d * 7 + i) % 15,
						      .least = (d * 7 + i) % 15 / 2 };
			struct lead lead;

			lead_of(&lead, &facts, 0);
			if (!bounds_hold(&lead))
				ck_abort_msg("%s, case %d", text, i);
		}
}
END_TEST

/* What is dated on a holiday, or on a Sunday, is not posted on it, nor does it arrive on the next working day. */
START_TEST(nothing_is_posted_on_a_holiday)
{
	int holidays = 0;

	for (int d = day("2022-01-01"); d <= day("2027-12-31"); d++) {
		char text[DAY_TEXT_SIZE];
		struct letter_facts facts = { .document_date = day_text(text, d),
					      .twin = TWIN_YES };
		struct lead lead;

		if (holiday_of(d, LAND_UNKNOWN) != HOLIDAY_YES && day_weekday(d) != 0)
			continue;
		holidays++;
		lead_of(&lead, &facts, 0);
		ck_assert_int_gt(lead.posting_day, d);
		ck_assert_int_eq(lead.posting_day,
				 day_posting_after(d, 1, LAND_UNKNOWN, DOUBT_EARLY));
		ck_assert_int_gt(day_local(lead.earliest_ms), lead.posting_day);
	}
	ck_assert_int_gt(holidays, 6 * 52);
}
END_TEST

START_TEST(later_letters_come_later)
{
	int64_t before = 0;

	for (int lag = 0; lag <= LETTER_LAG_MOST; lag++) {
		struct letter_facts facts = { .document_date = "2025-12-19",
					      .twin = TWIN_UNKNOWN,
					      .lag_days = lag };
		struct lead lead;

		lead_of(&lead, &facts, 0);
		ck_assert_int_gt(lead.earliest_ms, before);
		before = lead.earliest_ms;
	}
	for (int wild = 0; wild < 2; wild++) { /* what no rule may hold does no harm */
		struct letter_facts facts = { .document_date = "2025-12-19",
					      .lag_days = wild ? 2147483647 : -2147483647 - 1,
					      .observations = 1000,
					      .median = wild ? 2000 : -2147483647,
					      .least = wild ? 2000 : -2147483647 };
		struct lead lead;

		lead_of(&lead, &facts, 0);
		ck_assert(lead.earliest_ms <= lead.expected_ms);
	}
}
END_TEST

/* ---- words and order ---- */

static struct lead lead_at(int64_t min_s, enum twin twin)
{
	struct letter_facts facts = { .document_date = "2025-03-03", .twin = twin, .lag_days = 1 };
	struct lead lead;

	lead_of(&lead, &facts, day_moment(day("2025-03-05"), 9, 0) - min_s * 1000);
	return lead;
}

START_TEST(what_is_left_in_words)
{
	static const struct {
		int64_t s;
		const char *words;
	} cases[] = { { 0, "gone" },         { -1, "gone" },
		      { -1000000, "gone" },  { 1, "0 min" },
		      { 3599, "59 min" },    { 3600, "1 h" },
		      { 31 * 3600, "31 h" }, { 96 * 3600 - 1, "95 h" },
		      { 96 * 3600, "4 d" },  { INT64_C(100000) * 86400, "100000 d" } };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct lead lead = lead_at(cases[i].s, TWIN_YES);
		char words[LEAD_WORDS_SIZE];

		ck_assert_str_eq(lead_words(words, &lead), cases[i].words);
	}
}
END_TEST

START_TEST(what_is_lost_soonest_comes_first)
{
	char dates[6][DAY_TEXT_SIZE];
	struct lead leads[6];

	/* dated so that two are gone, two have no letter or date, two are still to be saved */
	for (int i = 0; i < 6; i++) {
		struct letter_facts facts = {
			.document_date = i == 3 ? NULL : day_text(dates[i], day("2025-03-03") + i),
			.twin = i == 2 ? TWIN_NO : TWIN_UNKNOWN,
			.lag_days = 1
		};

		lead_of(&leads[i], &facts, day_moment(day("2025-03-06"), 12, 0));
	}
	ck_assert_int_lt(leads[0].min_s, 0);
	ck_assert_int_lt(leads[1].min_s, 0);
	ck_assert_int_gt(leads[4].min_s, 0);
	for (int i = 0; i < 6; i++)
		for (int k = 0; k < 6; k++) {
			static const int rank[] = { 4, 3, 2, 2, 0, 0 };
			int want = (rank[i] > rank[k]) - (rank[i] < rank[k]);

			if (i >= 4 && k >= 4)
				want = (leads[i].min_s > leads[k].min_s) -
				       (leads[i].min_s < leads[k].min_s);
			ck_assert_int_eq(lead_compare(&leads[i], &leads[k]), want);
		}
}
END_TEST

START_TEST(words_of_the_tables)
{
	for (int i = 0; i < TWINS; i++) {
		enum twin twin;

		ck_assert(twin_parse(&twin, twin_text((enum twin)i)));
		ck_assert_int_eq((int)twin, i);
	}
	ck_assert(!twin_parse(&(enum twin){ 0 }, "maybe"));
	ck_assert(!twin_parse(&(enum twin){ 0 }, NULL));
	ck_assert_str_eq(lead_basis_text(BASIS_OBSERVED), "observed");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lead");
	TCase *tc = tcase_create("letters");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, golden_cases, 0, sizeof goldens / sizeof *goldens);
	tcase_add_test(tc, without_a_letter_there_are_no_times);
	tcase_add_loop_test(tc, without_a_date_there_are_no_times, 0,
			    sizeof nonsense / sizeof *nonsense);
	tcase_add_test(tc, the_object_of_the_event);
	tcase_add_test(tc, bounds_are_in_order);
	tcase_add_test(tc, nothing_is_posted_on_a_holiday);
	tcase_add_test(tc, later_letters_come_later);
	tcase_add_test(tc, what_is_left_in_words);
	tcase_add_test(tc, what_is_lost_soonest_comes_first);
	tcase_add_test(tc, words_of_the_tables);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
