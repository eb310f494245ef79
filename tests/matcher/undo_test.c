/* undo_test.c -- what a person takes back is taken back with all that followed from it. */
#include "matcher/rematch.h"
#include "matcher/rematch_due.h"
#include "person.h"

static bool again(struct err *e)
{
	const struct rematch_order order = { 0 };
	struct rematch_counts counts;

	return rematch_now(&counts, &house.matcher, &order, e);
}

static void must_again(void)
{
	struct err e = { 0 };

	ck_assert_msg(again(&e), "%s", e.text);
}

/* ---- a contract that was made by hand ---- */

START_TEST(the_last_who_relied_on_it_takes_it_along)
{
	char *id = arrive("S-1", "policy=4711"), *claim = arrive("S-2", "claim=777");

	make(id, "M", "040");
	must(queue_assign, want(claim, "M"));
	must(queue_undo, want(id, NULL));
	ck_assert_str_eq(ask("select contract_id from contract"), "M");
	must(queue_undo, want(claim, NULL));
	ck_assert_str_eq(ask("select count(*) from contract"), "0");
	ck_assert_str_eq(standing(arrive("S-3", "policy=4711")), "queued number_unknown");
}
END_TEST

START_TEST(who_waited_because_of_it_is_decided_again)
{
	char *id, *other;

	contract_add("A", "4711");
	ask("update contract set line = '050'");
	id = arrive("S-1", "policy=4711;line=040");
	make(id, "M", "040");
	other = arrive("S-2", "policy=4711");
	ck_assert_str_eq(standing(other), "queued several_contracts");
	must_again();
	must(queue_undo, want(id, NULL));
	ck_assert_str_eq(ask("select string_agg(contract_id, ' ') from contract"), "A");
	must_again();
	ck_assert_str_eq(standing(other), "filed exact A");
}
END_TEST

/* At an insurer without a file, the register number as insurers write it: one number, one insurer. */
START_TEST(a_register_number_with_zeros)
{
	char *id = arrive("S-1", "policy=4711;vu=07777");
	struct contract c = { .contract_id = (char *)"M",
			      .vu = (char *)"07777",
			      .number = (char *)"4711" };
	struct decision decision = want(id, NULL);
	struct err e = { 0 };

	decision.created = &c;
	decision.no_alias = true;
	must(queue_create, decision);
	ck_assert_str_eq(standing(arrive("S-2", "policy=4711;vu=07777")), "filed exact M");
	c.contract_id = (char *)"N";
	c.vu = (char *)"7777";
	decision.document = arrive("S-3", "policy=4799;vu=07777");
	ck_assert(!queue_create(&house.matcher, &decision, &done, house.mem, &e));
	ck_assert_int_eq(e.kind, ERR_REFUSED);
	ck_assert_str_eq(done.existing, "M");
}
END_TEST

/* ---- what followed ---- */

/* A follower of a claim is decided in the batch in which its teacher leaves. */
START_TEST(a_follower_goes_with_its_teacher)
{
	char *first, *teacher, *follower;

	contract_add("A", "4711");
	ask("update contract set name = 'Wunderlich', first_name = 'Kunigunde', birth_date = '1961-05-07', postcode = '20095'");
	first = arrive("S-1", "policy=4712");
	must(queue_assign, want(first, "A"));
	teacher = arrive("S-2", "policy=4712;claim=88001");
	ck_assert_str_eq(standing(teacher), "filed alias A");
	follower = arrive(
		"S-3",
		"claim=88001;name=Wunderlich;first=Kunigunde;born=1961-05-07;postcode=20095");
	ck_assert_str_eq(standing(follower), "filed claim A");
	must(queue_undo, want(first, NULL));
	ck_assert_str_eq(standing(teacher), "queued number_unknown");
	ck_assert_str_eq(standing(follower), "queued claim_number_only");
}
END_TEST

static const char *in_three_days(void)
{
	return talloc_strdup(house.mem,
			     ask("select to_char(now() at time zone 'UTC' + interval '3 days',"
				 " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"));
}

/* Put off for long, then filed by a colleague's alias, which is taken back. */
START_TEST(what_comes_back_lies_open)
{
	char *first = arrive("S-1", "policy=4712"), *id = arrive("S-2", "policy=4712");
	struct decision later = want(id, NULL), also = want(first, "A");

	contract_add("A", "4711");
	later.until = in_three_days();
	must(queue_postpone, later);
	also.also = true;
	must(queue_assign, also);
	ck_assert_str_eq(standing(id), "filed alias A");
	must(queue_undo, want(first, NULL));
	ck_assert_str_eq(standing(id), "queued number_unknown");
	ck_assert_str_eq(ask("select count(*) from queue_row where put_off"), "0");
}
END_TEST

START_TEST(nothing_to_undo_on_the_desk_of_what_is_filed)
{
	char *id = arrive("S-1", "policy=4711");
	struct decision later = want(id, NULL), undo = want(id, NULL);
	const struct rematch_order order = { 0 };
	struct rematch_counts counts;
	struct err e = { 0 };

	later.until = in_three_days();
	must(queue_postpone, later);
	contract_add("A", "4711");
	ck_assert(rematch_all(&house.matcher, &order, &counts, &e));
	ck_assert(!queue_undo(&house.matcher, &undo, &done, house.mem, &e));
	ck_assert_int_eq(e.kind, ERR_REFUSED);
	ck_assert_str_eq(standing(id), "filed exact A");
}
END_TEST

/* ---- the same bytes ---- */

START_TEST(bytes_taken_back_do_not_come_again)
{
	char *id = arrive("S-1", "policy=4711;bytes=aa"), *twin, *later;

	contract_add("A", "9999");
	must(queue_assign, want(id, "A"));
	ask("update contract_name set stock_origin = 'system', stock_spelling = '4711' where key = '4711'");
	twin = arrive("S-2", "policy=4711;bytes=aa");
	must(queue_undo, want(id, NULL));
	ck_assert_str_eq(standing(id), "queued taken_back");
	ck_assert_str_eq(standing(twin), "queued taken_back");
	ck_assert_str_eq(events_of(twin), "");
	later = arrive("S-3", "policy=4711;bytes=aa");
	ck_assert_str_eq(standing(later), "queued taken_back");
	ck_assert_str_eq(standing(arrive("S-4", "policy=4711;bytes=ab")), "filed exact A");
	must(queue_assign, want(id, "A")); /* and where he says so, it is news again */
	ck_assert_str_eq(standing(arrive("S-5", "policy=4711;bytes=aa")), "filed exact A");
}
END_TEST

/* Of two contracts the first of a pair leaves one: the other one does not stay there. */
START_TEST(half_of_a_collective_pair)
{
	char *first, *twin;

	contract_add("A", "4711");
	contract_add("B", "4712");
	ask("update contract set customer_id = 'C'");
	first = arrive("S-1", "policy=4711;policy=4712;bytes=aa");
	twin = arrive("S-2", "policy=4711;policy=4712;bytes=aa");
	ck_assert_str_eq(standing(twin), "filed exact A B");
	must(queue_assign, want(first, "A"));
	ck_assert_str_eq(standing(twin), "queued taken_back");
	ck_assert_str_eq(ask("select count(*) from document where duplicate_of is not null"), "0");
}
END_TEST

/* ---- matching again ---- */

START_TEST(what_cannot_be_read_keeps_nobody)
{
	struct err e = { 0 };
	char *id = arrive("S-1", "policy=4711");

	ask("insert into connection (broker, connection, issuer, sts_url, transfer_url, lease_fence)"
	    " values ('demo', 'south', 'south', 'x', 'x', 7)");
	arrive_at("south", "S-2", "policy=4799");
	ask("update document set numbers = '{}', issuer = 'south' where shipment_id = 'S-2'");
	ask("insert into rematch_due (broker, issuer, why) values ('demo', 'south', 'test')");
	ask("insert into rematch_due (broker, issuer, why) values ('demo', 'north', 'test')");
	contract_add("A", "4711");
	ck_assert(!again(&e));
	ck_assert_int_eq(e.kind, ERR_BUG);
	err_clear(&e);
	ck_assert(!again(&e)); /* the other one first */
	ck_assert_str_eq(standing(id), "filed exact A");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("undo");

	tcase_add_test(tc, the_last_who_relied_on_it_takes_it_along);
	tcase_add_test(tc, who_waited_because_of_it_is_decided_again);
	tcase_add_test(tc, a_register_number_with_zeros);
	tcase_add_test(tc, a_follower_goes_with_its_teacher);
	tcase_add_test(tc, what_comes_back_lies_open);
	tcase_add_test(tc, nothing_to_undo_on_the_desk_of_what_is_filed);
	tcase_add_test(tc, bytes_taken_back_do_not_come_again);
	tcase_add_test(tc, half_of_a_collective_pair);
	tcase_add_test(tc, what_cannot_be_read_keeps_nobody);
	return house_run(suite_create("undo"), tc);
}
