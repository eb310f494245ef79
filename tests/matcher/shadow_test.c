/* shadow_test.c -- the matcher only watches: what it would file waits, nobody is told, and persons say whether it was right. */
#include "house.h"
#include "matcher/queue.h"
#include "matcher/rematch.h"

static struct decided done;

static bool act(bool (*what)(const struct matcher *, const struct decision *, struct decided *,
			     TALLOC_CTX *, struct err *),
		const char *document, const char *contract, bool also)
{
	const struct decision decision = { .document = document,
					   .contract = contract,
					   .also = also,
					   .by = "clerk",
					   .note = "seen",
					   .reason = "other" };
	struct err e = { 0 };
	bool ok = what(&house.matcher, &decision, &done, house.mem, &e);

	ck_assert_msg(ok || e.kind == ERR_REFUSED, "%s", e.text);
	return ok;
}

static const char *shadow_of(const char *id)
{
	return ask(talloc_asprintf(
		house.mem,
		"select coalesce(shadow ->> 'tier', 'never') || coalesce(' ' || (shadow ->> 'contract_id'), '')"
		" from document where document_id = '%s'",
		id));
}

static const char *outcomes(void)
{
	return ask(
		"select string_agg(tier || ' ' || outcome || ' ' || n, ', ' order by tier, outcome)"
		" from (select tier, outcome, count(*) as n from shadow_outcome group by 1, 2) o");
}

static struct rematch_counts again(void)
{
	const struct rematch_order order = { 0 };
	struct rematch_counts counts;
	struct err e = { 0 };

	ck_assert_msg(rematch_all(&house.matcher, &order, &counts, &e), "%s", e.text);
	return counts;
}

/* First in every case. */
static void watch_only(void)
{
	house.matcher.shadow = true;
	contract_add("A", "4711");
	contract_add("B", "4712");
}

START_TEST(it_waits_where_it_would_be_filed)
{
	char *filed, *waits;

	watch_only();
	filed = arrive("S-1", "policy=47-11");
	waits = arrive("S-2", "policy=XY1");
	ck_assert_str_eq(standing(filed), "queued shadow");
	ck_assert_str_eq(standing(waits), "queued number_unknown");
	ck_assert_str_eq(shadow_of(filed), "exact A");
	ck_assert_str_eq(shadow_of(waits), "none");
	ck_assert_str_eq(ask("select candidates ->> 0 from document where reason = 'shadow'"), "A");
	ck_assert_str_eq(
		ask("select evidence #>> '{0,says}' from document where reason = 'shadow'"),
		"the number is a known name of exactly one contract");
	ck_assert_str_eq(ask("select count(*) from event"), "0");
	ck_assert_str_eq(ask("select count(*) from document_first"), "0");
	ck_assert_str_eq(ask("select state from shipment where shipment_id = 'S-1'"), "stored");
}
END_TEST

START_TEST(what_persons_make_of_it)
{
	watch_only();
	ask("update contract set customer_id = 'C-A' where contract_id = 'B'");
	contract_add("C", "4713");
	contract_add("D", "881234567");
	ck_assert(act(queue_assign, arrive("S-1", "policy=4711"), "A", false));
	ck_assert(act(queue_assign, arrive("S-2", "policy=4711"), "B", false));
	ck_assert(act(queue_assign, arrive("S-3", "policy=4711"), "C", false));
	ck_assert(act(queue_ignore, arrive("S-4", "policy=4711"), NULL, false));
	arrive("S-5", "policy=4711");
	ck_assert(act(queue_assign, arrive("S-6", "policy=881234576"), "D", false));
	ck_assert_str_eq(outcomes(),
			 "exact ignored 1, exact open 1, exact right 1, exact wrong_contract 1,"
			 " exact wrong_customer 1, none waited 1");
	ck_assert_str_eq(
		ask("select string_agg(type || ' ' || aggregateid, ', ' order by id) from event"),
		"document.attached C-A, document.attached C-A, document.attached C-C,"
		" document.attached C-D");
	ck_assert_str_eq(
		ask("select bool_and(in_top) from shadow_outcome where outcome = 'waited'"), "t");
}
END_TEST

/* A customer whom nobody knows is nobody's twin. */
START_TEST(without_customers_another_contract_is_a_strangers)
{
	watch_only();
	ask("update contract set customer_id = null");
	ck_assert(act(queue_assign, arrive("S-1", "policy=4711"), "B", false));
	ck_assert(act(queue_assign, arrive("S-2", "policy=4711"), "A", false));
	ck_assert_str_eq(outcomes(), "exact right 1, exact wrong_customer 1");
}
END_TEST

START_TEST(a_persons_also_files_by_the_alias_only)
{
	char *first, *other, *exact;

	watch_only();
	first = arrive("S-1", "policy=XY1");
	other = arrive("S-2", "policy=XY1");
	exact = arrive("S-3", "policy=4711");
	ck_assert(act(queue_assign, first, "A", true));
	ck_assert_int_eq(done.others, 1);
	ck_assert_str_eq(standing(other), "filed alias A");
	ck_assert_str_eq(standing(exact), "queued shadow");
	ck_assert_str_eq(events_of(other), "attached C-A");
}
END_TEST

START_TEST(an_alias_alone_files_nothing)
{
	struct rematch_counts counts;
	char *first, *other;

	watch_only();
	first = arrive("S-1", "policy=XY1");
	other = arrive("S-2", "policy=XY1");
	ck_assert(act(queue_assign, first, "A", false));
	ck_assert_int_eq(done.others, 1);
	counts = again();
	ck_assert_int_eq(counts.filed, 0);
	ck_assert_int_eq(counts.revised, 1);
	ck_assert_str_eq(standing(other), "queued shadow");
	ck_assert_str_eq(shadow_of(other), "alias A");
	ck_assert_int_eq(again().revised, 0); /* and then it stands */
	ck_assert(act(queue_undo, first, NULL, false));
	ck_assert_str_eq(standing(first), "queued number_unknown");
	again();
	ck_assert_str_eq(standing(other), "queued number_unknown");
}
END_TEST

/* Without shadow it would lie at A, whatever the stock says later: that is what counts. */
START_TEST(the_first_filing_counts)
{
	char *id;

	watch_only();
	id = arrive("S-1", "policy=4711");
	contract_add("C", "4711");
	again();
	ck_assert_str_eq(standing(id), "queued several_contracts");
	ck_assert_str_eq(shadow_of(id), "exact A");
	ck_assert(act(queue_assign, id, "C", false));
	ck_assert_str_eq(outcomes(), "exact wrong_customer 1");
}
END_TEST

START_TEST(a_collective_document)
{
	char *id;

	watch_only();
	ask("update contract set customer_id = 'C-A'");
	id = arrive("S-1", "policy=4711;policy=4712");
	ck_assert_str_eq(standing(id), "queued shadow");
	ck_assert_str_eq(ask("select shadow #>> '{more,0,contract_id}' from document"), "B");
	ck_assert_str_eq(ask("select candidates::text from document"), "[\"A\", \"B\"]");
	ck_assert_str_eq(ask("select count(*) from document_contract"), "0");
	ck_assert(act(queue_assign, id, "A", false));
	ck_assert_str_eq(outcomes(), "exact wrong_contract 1");
}
END_TEST

/* What was filed before stays where it is; what waits is filed when shadow is off and somebody says so. */
START_TEST(on_and_off)
{
	char *before, *during;

	watch_only();
	house.matcher.shadow = false;
	before = arrive("S-1", "policy=4711");
	house.matcher.shadow = true;
	during = arrive("S-2", "policy=4712");
	again();
	ck_assert_str_eq(standing(before), "filed exact A");
	ck_assert_str_eq(shadow_of(before), "never");
	house.matcher.shadow = false;
	ck_assert_int_eq(again().filed, 1);
	ck_assert_str_eq(standing(during), "filed exact B");
	ck_assert_str_eq(events_of(during), "attached C-B");
	ck_assert_str_eq(outcomes(), "exact open 1");
}
END_TEST

/* An alias filed it before shadow; taking back another decision must not draw it into the queue. */
START_TEST(taken_back_beside_what_an_alias_filed)
{
	char *first, *by_alias, *second;

	watch_only();
	house.matcher.shadow = false;
	first = arrive("S-1", "policy=XY1");
	ck_assert(act(queue_assign, first, "A", false));
	by_alias = arrive("S-2", "policy=XY1");
	second = arrive("S-3", "policy=ZZ9");
	house.matcher.shadow = true;
	ck_assert(act(queue_assign, second, "A", false));
	ck_assert(act(queue_undo, second, NULL, false));
	ck_assert_str_eq(standing(by_alias), "filed alias A");
	ck_assert(act(queue_undo, first, NULL, false));
	ck_assert_str_eq(standing(by_alias), "queued number_unknown");
	ck_assert_str_eq(events_of(by_alias), "attached C-A, detached C-A");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("matcher/shadow");
	TCase *tc = tcase_create("shadow");

	tcase_add_test(tc, it_waits_where_it_would_be_filed);
	tcase_add_test(tc, what_persons_make_of_it);
	tcase_add_test(tc, without_customers_another_contract_is_a_strangers);
	tcase_add_test(tc, a_persons_also_files_by_the_alias_only);
	tcase_add_test(tc, an_alias_alone_files_nothing);
	tcase_add_test(tc, the_first_filing_counts);
	tcase_add_test(tc, a_collective_document);
	tcase_add_test(tc, on_and_off);
	tcase_add_test(tc, taken_back_beside_what_an_alias_filed);
	return house_run(suite, tc);
}
