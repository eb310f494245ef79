/* zone_test.c -- times without an offset, in the zone of whoever wrote them. */
#include "base/zone.h"

#include <check.h>

#include "base/clock.h"

static const struct {
	const char *text, *zone, *utc,
		*written; /* utc NULL: refused; written NULL: stays as it is */
} cases[] = {
	{ "2025-03-03T06:00:00", NULL, "2025-03-03T05:00:00.000Z", "2025-03-03T06:00:00+01:00" },
	{ "2025-07-03T06:00:00", "Europe/Berlin", "2025-07-03T04:00:00.000Z",
	  "2025-07-03T06:00:00+02:00" },
	{ "2025-07-03T06:00:00", "UTC", "2025-07-03T06:00:00.000Z", "2025-07-03T06:00:00+00:00" },
	{ "2025-01-03T06:00:00.5", "Europe/London", "2025-01-03T06:00:00.500Z",
	  "2025-01-03T06:00:00.5+00:00" },
	{ "2025-07-03T06:00:00", "Europe/London", "2025-07-03T05:00:00.000Z",
	  "2025-07-03T06:00:00+01:00" },
	{ "2045-07-03T06:00:00", "Europe/London", "2045-07-03T05:00:00.000Z",
	  "2045-07-03T06:00:00+01:00" },
	{ "2025-07-03T06:00:00", "America/St_Johns", "2025-07-03T08:30:00.000Z",
	  "2025-07-03T06:00:00-02:30" },
	/* an hour that comes twice is the first one */
	{ "2025-10-26T01:30:00", "Europe/London", "2025-10-26T00:30:00.000Z",
	  "2025-10-26T01:30:00+01:00" },
	{ "2025-10-26T02:30:00", NULL, "2025-10-26T00:30:00.000Z", "2025-10-26T02:30:00+02:00" },
	/* what brings its own offset keeps it; a day stays a day */
	{ "2025-07-03T06:00:00Z", "Europe/London", "2025-07-03T06:00:00.000Z", NULL },
	{ "2025-07-03T06:00:00+05:30", "UTC", "2025-07-03T00:30:00.000Z", NULL },
	{ "2025-06-01", "UTC", "2025-06-01T00:00:00.000Z", NULL },
	{ "2025-06-01", NULL, "2025-05-31T22:00:00.000Z", NULL },
	{ "2025-07-03T06:00:00", "Mars/Olympus", NULL, NULL },
	{ "bald", "UTC", NULL, NULL },
	{ "", "UTC", NULL, NULL },
	{ NULL, "UTC", NULL, NULL },
};

START_TEST(local_times)
{
	char out[CLOCK_TEXT_SIZE], *written;
	struct err e = { 0 };
	int64_t ms;
	bool good = zone_parse(&ms, cases[_i].text, cases[_i].zone, &e);

	ck_assert_msg(good == (cases[_i].utc != NULL), "%s", e.text);
	if (good)
		ck_assert_str_eq(clock_text(out, ms), cases[_i].utc);
	written = zone_written(cases[_i].text, cases[_i].zone, NULL);
	ck_assert_pstr_eq(written, cases[_i].written);
	talloc_free(written);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("zone");
	TCase *t = tcase_create("zone");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(t, local_times, 0, sizeof cases / sizeof *cases);
	suite_add_tcase(suite, t);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
