/* statistics_test.c -- figures about people and letters: how early customers were told, how long a person took. */
#include "clerk.h"

static struct got statistics(const char *query)
{
	static const char *figures; /* each test is a process of its own */

	if (!figures)
		figures = token_of("demo", "figures", "statistics", NULL);
	return get(figures, talloc_asprintf(house.mem, "/api/v1/statistics%s", query));
}

/* The customer was told just now, and the letter is expected so many hours later. */
static void told(const char *document, const char *hours)
{
	ask(talloc_asprintf(
		house.mem,
		"insert into release (broker, document_id, attachment, attached_at, contract_id, notice, state, rule,"
		" hold_s, released_at, letter_at) values ('demo', '%s', gen_random_uuid(), now(), 'A', '{}',"
		" 'released', 'default', 0, now(), now() + interval '1 hour' * %s)",
		document, hours));
}

static const char *count_of(struct got got, int bin)
{
	return in(got, talloc_asprintf(house.mem, "lead_histogram.%d.count", bin));
}

START_TEST(how_long_before_the_letter)
{
	char *id = arrive("S-1", "policy=XY-1");
	static const char *const hours[] = { "-0.5", "0", "5.9", "6", "71.9", "72", "500", "null" };
	static const char *const bins[] = { "1", "2", "1", "0", "0", "0", "1", "2" };
	struct got got;

	ck_assert_str_eq(in(statistics(""), "lead_histogram"), "[]");
	for (size_t i = 0; i < sizeof hours / sizeof *hours; i++)
		told(id, hours[i]);
	got = statistics("");
	is_ok(got);
	for (int bin = 0; bin < 8; bin++)
		ck_assert_msg(!strcmp(count_of(got, bin), bins[bin]), "bin %d has %s", bin,
			      count_of(got, bin));
	ck_assert_str_eq(in(got, "lead_histogram.8"), "-");
	ck_assert_str_eq(in(got, "lead_histogram.0.from_h"), "null");
	ck_assert_str_eq(in(got, "lead_histogram.0.to_h"), "0");
	ck_assert_str_eq(in(got, "lead_histogram.7.from_h"), "72");
	ck_assert_str_eq(in(got, "lead_histogram.7.to_h"), "null");
	ck_assert_str_eq(count_of(statistics("?insurer=north"), 1), "2");
	ck_assert_str_eq(in(statistics("?insurer=south"), "lead_histogram"), "[]");
	ck_assert_str_eq(in(statistics("?from=2020-01-01&to=2020-01-31"), "lead_histogram"), "[]");
}
END_TEST

/* Documents that came in the days, each once: told twice, or of other days, or no longer told, it widens no step. */
START_TEST(the_funnel_counts_documents)
{
	char *id, *waits;
	struct got got;

	contract_add("A", "4711");
	id = arrive("S-1", "policy=4711");
	waits = arrive("S-2", "policy=XY-1");
	told(id, "5");
	told(id, "6");
	told(waits, "6"); /* it was filed once */
	got = statistics("");
	ck_assert_str_eq(in(got, "funnel.filed"), "1");
	ck_assert_str_eq(in(got, "funnel.released"), "1");
	ask("update document set received_at = now() - interval '400 days'");
	ck_assert_str_eq(in(statistics(""), "funnel.released"), "0");
	ask("update document set received_at = now()");
	ask("update release set state = 'withdrawn'");
	ck_assert_str_eq(in(statistics(""), "funnel.released"), "0");
}
END_TEST

/* He looks and decides; then his look is put so long before. */
static void decided_after(const char *shipment, const char *seconds)
{
	char *id = arrive(shipment, "claim=77");

	is_ok(get(colleague, talloc_asprintf(house.mem, "/api/v1/documents/%s", id)));
	is_ok(see("/api/v1/documents/%s", id));
	is_ok(see("/api/v1/documents/%s", id)); /* a second look counts no more */
	is_ok(decide_as(clerk, id, "ignore", 1, "'reason': 'other'"));
	ask(talloc_asprintf(
		house.mem,
		"update audit set at = (select decided_at from decision where document_id = '%s')"
		" - interval '1 second' * case when name like '%%colleague' then 5000 else %s end"
		" where object = '%s' and action = 'document.viewed' and audit_id <> (select max(audit_id)"
		" from audit where object = '%s' and action = 'document.viewed')",
		id, seconds, id, id));
}

START_TEST(days_beyond_the_calendar)
{
	static const char *const spans[] = { "from=0000-01-01&to=0000-01-02",
					     "from=0001-01-01&to=0001-01-02",
					     "from=1899-12-30&to=1899-12-31",
					     "from=9999-12-30&to=9999-12-31" };

	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
		is_problem(statistics(talloc_asprintf(house.mem, "?%s", spans[i])), 400, "argument",
			   "expected YYYY-MM-DD from 1900 to 9998");
	is_ok(statistics("?from=1900-01-01&to=1900-01-02"));
	is_ok(statistics("?from=9998-12-30&to=9998-12-31"));
}
END_TEST

START_TEST(how_long_a_person_took)
{
	struct got got = statistics("");
	char *unseen;

	ck_assert_str_eq(in(got, "decision_seconds.median"), "null");
	decided_after("S-1", "10");
	decided_after("S-2", "20");
	decided_after("S-3", "60");
	unseen = arrive("S-4", "claim=77");
	is_ok(decide_as(clerk, unseen, "ignore", 1, "'reason': 'other'"));
	got = statistics("");
	is_ok(got);
	ck_assert_str_eq(in(got, "decision_seconds.median"), "20.0");
	ck_assert_str_eq(in(got, "decision_seconds.p95"), "56.0");
	ck_assert_str_eq(in(statistics("?insurer=north"), "decision_seconds.median"), "20.0");
	ck_assert_str_eq(in(statistics("?insurer=south"), "decision_seconds.median"), "null");
	ck_assert_str_eq(in(statistics("?from=2020-01-01&to=2020-01-31"), "decision_seconds.p95"),
			 "null");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("statistics");

	tcase_add_test(tc, how_long_before_the_letter);
	tcase_add_test(tc, the_funnel_counts_documents);
	tcase_add_test(tc, days_beyond_the_calendar);
	tcase_add_test(tc, how_long_a_person_took);
	return clerk_run("statistics", tc);
}
