/* Claim numbers as names of contracts: learned from what was filed with them, and forgotten with it. */
#include "matcher/queue.h"

#include "house.h"

static struct decided done;

static void act(bool (*what)(const struct matcher *, const struct decision *, struct decided *,
			     TALLOC_CTX *, struct err *),
		const char *document, const char *contract, bool no_alias)
{
	const struct decision decision = { .document = document,
					   .contract = contract,
					   .by = "clerk",
					   .note = "seen",
					   .reason = "other",
					   .no_alias = no_alias };
	struct err e = { 0 };

	ck_assert_msg(what(&house.matcher, &decision, &done, house.mem, &e), "%s", e.text);
}

START_TEST(seen_beside_an_exact_number)
{
	char *id;

	contract_add("A", "4711");
	arrive("S-1", "policy=4711;claim=SCH 88001");
	id = arrive("S-2", "claim=sch-88001");
	ck_assert_str_eq(standing(id), "filed claim A");
	ck_assert_str_eq(events_of(id), "attached C-A");
	ck_assert_str_eq(
		ask("select contract_id || ' ' || key || ' ' || origin || ' ' || word from contract_claim"),
		"A SCH88001 claim 3");
	ck_assert_str_eq(
		ask("select (created_at = (select min(decided_at) from document))::text from contract_claim"),
		"true");
}
END_TEST

START_TEST(never_seen)
{
	contract_add("A", "88001");
	ck_assert_str_eq(standing(arrive("S-1", "claim=88001")), "queued claim_number_only");
}
END_TEST

/* A person said so: the next one comes by itself, and the undo takes it along. */
START_TEST(a_person_said_so_and_takes_it_back)
{
	char *id, *next;

	contract_add("A", "4711");
	id = arrive("S-1", "claim=88001");
	act(queue_assign, id, "A", false);
	next = arrive("S-2", "claim=88001");
	ck_assert_str_eq(standing(next), "filed claim A");
	act(queue_undo, id, NULL, false);
	ck_assert_str_eq(standing(id), "queued claim_number_only");
	ck_assert_str_eq(standing(next), "queued claim_number_only");
	ck_assert_str_eq(events_of(next), "attached C-A, detached C-A");
	ck_assert_int_eq(done.withdrawn, 1);
	ck_assert_str_eq(ask("select count(*) from contract_claim"), "0");
}
END_TEST

START_TEST(a_person_does_not_want_it_remembered)
{
	char *id;

	contract_add("A", "4711");
	id = arrive("S-1", "claim=88001");
	act(queue_assign, id, "A", true);
	ck_assert_str_eq(standing(arrive("S-2", "claim=88001")), "queued claim_number_only");
}
END_TEST

/* The document that taught the claim lay at the wrong contract: what followed it there does not stay. */
START_TEST(the_teacher_moves)
{
	char *id, *next;

	contract_add("A", "4711");
	contract_add("B", "4712");
	id = arrive("S-1", "policy=4711;claim=88001");
	next = arrive("S-2", "claim=88001");
	act(queue_assign, id, "B", false);
	ck_assert_str_eq(standing(next), "queued claim_number_only");
	ck_assert_str_eq(standing(arrive("S-3", "claim=88001")), "filed claim B");
}
END_TEST

START_TEST(the_teacher_is_ignored)
{
	char *id, *next;

	contract_add("A", "4711");
	id = arrive("S-1", "policy=4711;claim=88001");
	next = arrive("S-2", "claim=88001");
	act(queue_ignore, id, NULL, false);
	ck_assert_str_eq(standing(next), "queued claim_number_only");
}
END_TEST

START_TEST(known_at_two_contracts)
{
	contract_add("A", "4711");
	contract_add("B", "4712");
	arrive("S-1", "policy=4711;claim=88001");
	arrive("S-2", "policy=4712;claim=88001");
	ck_assert_str_eq(standing(arrive("S-3", "claim=88001")), "queued claim_number_only");
	ck_assert_str_eq(ask("select candidates from document where shipment_id = 'S-3'"),
			 "[\"A\", \"B\"]");
}
END_TEST

/* A claim of several contracts belongs to no single one. */
START_TEST(learned_from_a_collective_document)
{
	contract_add("A", "4711");
	contract_add("B", "4712");
	ask("update contract set customer_id = 'K'");
	ck_assert_str_eq(standing(arrive("S-1", "policy=4711;policy=4712;claim=88001")),
			 "filed exact A B");
	ck_assert_str_eq(standing(arrive("S-2", "claim=88001")), "queued claim_number_only");
}
END_TEST

START_TEST(another_insurers_claim)
{
	contract_add("A", "4711");
	arrive("S-1", "policy=4711;claim=88001");
	ck_assert_str_eq(standing(arrive("S-2", "claim=88001;vu=9009")),
			 "queued claim_number_only");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("claim");

	tcase_add_test(tc, seen_beside_an_exact_number);
	tcase_add_test(tc, never_seen);
	tcase_add_test(tc, a_person_said_so_and_takes_it_back);
	tcase_add_test(tc, a_person_does_not_want_it_remembered);
	tcase_add_test(tc, the_teacher_moves);
	tcase_add_test(tc, the_teacher_is_ignored);
	tcase_add_test(tc, known_at_two_contracts);
	tcase_add_test(tc, learned_from_a_collective_document);
	tcase_add_test(tc, another_insurers_claim);
	return house_run(suite_create("claim"), tc);
}
