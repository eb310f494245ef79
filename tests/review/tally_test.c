/* tally_test.c -- the tally says what the documents say, whatever happened to them, joined or not. */
#include "clerk.h"

/* A kind of document that is in one and not in the other, or in another number. */
#define COUNTED                                                                                    \
	"(select broker, (received_at at time zone 'Europe/Berlin')::date as day, issuer, state,"  \
	" tier, reason, decided_by is not null as person, class, line, count(*) as n"              \
	" from document group by 1, 2, 3, 4, 5, 6, 7, 8, 9)"
#define TALLIED                                                                                    \
	"(select broker, day, issuer, state, tier, reason, person, class, line,"                   \
	" sum(documents)::int8 from document_tally group by 1, 2, 3, 4, 5, 6, 7, 8, 9"             \
	" having sum(documents) <> 0)"
#define DIFFERS                                                                                    \
	"select count(*) from ((" COUNTED " except " TALLIED ") union all (" TALLIED               \
	" except " COUNTED ")) as apart"

static void join_all(void)
{
	struct err e = { 0 };

	ck_assert_msg(db_call(house.matcher.db, SQL_tally_join, NULL, NULL, &e, "demo", "1"), "%s",
		      e.text);
}

static void agree(void)
{
	ck_assert_str_eq(ask(DIFFERS), "0");
	join_all();
	ck_assert_str_eq(ask(DIFFERS), "0");
	ck_assert_str_eq(ask("select count(*) from document_tally where not joined"), "0");
}

START_TEST(it_follows_the_documents)
{
	char *id;

	contract_add("A", "4711");
	id = arrive("S-1", "policy=XY-1");
	arrive("S-2", "policy=4711");
	arrive("S-3", "");
	agree();
	is_ok(decide_as(clerk, id, "assign", 1, "'contract_id': 'A'"));
	agree();
	is_ok(decide_as(clerk, id, "undo", 2, ""));
	is_ok(see("/api/v1/queue"));
	agree();
	ask("update document set received_at = received_at - interval '40 days' where shipment_id = 'S-1'");
	ask("update document set received_at = '2025-03-30T00:30:00+01:00', line = '050', class = null"
	    " where shipment_id = 'S-3'");
	agree();
	ask("delete from document where shipment_id = 'S-3'");
	agree();
	ask("truncate document cascade");
	ck_assert_str_eq(ask("select coalesce(sum(documents), 0) from document_tally"), "0");
}
END_TEST

START_TEST(what_is_rolled_back_is_not_counted)
{
	arrive("S-1", "");
	ask("begin");
	ask("update document set state = 'ignored'");
	ask("rollback");
	agree();
	ck_assert_str_eq(in(see("/api/v1/queue/counts"), "queued"), "1");
}
END_TEST

/* The same counts from the tally and from the documents. */
START_TEST(counts_agree)
{
	static const char *const filters[] = { "",
					       "&reason=no_number",
					       "&insurer=north",
					       "&insurer=south",
					       "&business_class=other",
					       "&line=050" };
	char *id = arrive("S-1", "policy=XY-1"), *put_off = arrive("S-2", "");
	char *until = talloc_asprintf(
		house.mem, "'until': '%s'",
		ask("select to_char(now() + interval '30 days', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"));

	arrive("S-3", "");
	ask("update document set line = '050' where shipment_id <> 'S-3'");
	is_ok(decide_as(clerk, put_off, "postpone", 1, until));
	is_ok(decide_as(clerk, id, "postpone", 1, until));
	is_ok(decide_as(clerk, id, "undo", 2, ""));
	is_ok(see("/api/v1/queue"));
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		struct got fast = see("/api/v1/queue/counts?state=queued%s", filters[i]);
		/* every id begins with the same moment */
		struct got slow = see("/api/v1/queue/counts?q=%.4s%s", id, filters[i]);
		static const char *const members[] = { "queued", "postponed", "by_reason",
						       "by_insurer", "mine" };

		is_ok(fast);
		is_ok(slow);
		for (size_t k = 0; k < sizeof members / sizeof *members; k++)
			ck_assert_msg(!strcmp(in(fast, members[k]), in(slow, members[k])),
				      "%s %s: %s, %s", filters[i], members[k], in(fast, members[k]),
				      in(slow, members[k]));
	}
	ck_assert_str_eq(in(see("/api/v1/queue/counts"), "queued"), "2");
	ck_assert_str_eq(in(see("/api/v1/queue/counts"), "postponed"), "1");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("tally");

	tcase_add_test(tc, it_follows_the_documents);
	tcase_add_test(tc, what_is_rolled_back_is_not_counted);
	tcase_add_test(tc, counts_agree);
	return clerk_run("tally", tc);
}
