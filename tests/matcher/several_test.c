/* Documents of several contracts: who may file them, and that every way back takes all of them along. */
#include "matcher/queue.h"

#include "house.h"

static struct decided done;

static bool assign(const char *document, const char *contract, const char *other, bool customers,
		   const char *note, enum err_kind *kind)
{
	const struct decision decision = {
		.document = document,
		.contract = contract,
		.more = &other,
		.more_count = 1,
		.several_customers = customers,
		.by = "clerk",
		.note = note,
	};
	struct err e = { 0 };
	bool ok = queue_assign(&house.matcher, &decision, &done, house.mem, &e);

	*kind = e.kind;
	return ok;
}

static void undo(const char *document)
{
	const struct decision decision = { .document = document, .by = "clerk" };
	struct err e = { 0 };

	ck_assert_msg(queue_undo(&house.matcher, &decision, &done, house.mem, &e), "%s", e.text);
}

/* A and B are K's, C is another customer's. */
static void stock(void)
{
	contract_add("A", "4711");
	contract_add("B", "4712");
	contract_add("C", "4713");
	ask("update contract set customer_id = 'K' where contract_id in ('A', 'B')");
}

START_TEST(a_person_files_to_two)
{
	enum err_kind kind;
	char *id;

	stock();
	id = arrive("S-1", "policy=XY1");
	ck_assert(assign(id, "B", "A", false, NULL, &kind));
	ck_assert_str_eq(standing(id), "filed person B A");
	ck_assert_str_eq(events_of(id), "unmatched north, attached K, attached K");
	ck_assert_str_eq(
		ask("select string_agg(payload ->> 'contract_id' || coalesce(payload ->> 'collective', ''), ' '"
		    " order by id) from event where type = 'document.attached'"),
		"Btrue Atrue");
	ck_assert(!done.alias);
	ck_assert_str_eq(ask("select count(*) from contract_name where origin = 'person'"), "0");
	undo(id);
	ck_assert_str_eq(standing(id), "queued number_unknown");
	ck_assert_str_eq(events_of(id),
			 "unmatched north, attached K, attached K, detached K, detached K");
	ck_assert_str_eq(ask("select count(*) from document_contract"), "0");
}
END_TEST

START_TEST(the_matcher_files_to_two)
{
	const struct decision ignoring = { .by = "clerk", .note = "advertising" };
	struct decision decision = ignoring;
	struct err e = { 0 };
	char *id, *again;

	stock();
	id = arrive("S-1", "policy=4712;policy=4711;bytes=aa");
	ck_assert_str_eq(standing(id), "filed exact B A");
	ck_assert_str_eq(events_of(id), "attached K, attached K");
	again = arrive("S-2", "policy=4711;policy=4712;bytes=aa");
	ck_assert_str_eq(standing(again), "filed exact A B");
	ck_assert_str_eq(events_of(again), "");
	ck_assert_str_eq(standing(arrive("S-3", "policy=4711;policy=4713")),
			 "queued collective_document");
	decision.document = id;
	decision.reason = "other";
	ck_assert_msg(queue_ignore(&house.matcher, &decision, &done, house.mem, &e), "%s", e.text);
	ck_assert_str_eq(events_of(id), "attached K, attached K, detached K, detached K");
	ck_assert_str_eq(events_of(again), "attached K, attached K");
	undo(id);
	ck_assert_str_eq(standing(id), "filed exact B A");
	ck_assert_str_eq(ask("select duplicate_of from document where shipment_id = 'S-1'"), again);
}
END_TEST

START_TEST(two_customers)
{
	enum err_kind kind;
	char *id;

	stock();
	id = arrive("S-1", "policy=XY1");
	ck_assert(!assign(id, "A", "C", false, "why", &kind));
	ck_assert_int_eq(kind, ERR_REFUSED);
	ck_assert(!assign(id, "A", "C", true, NULL, &kind));
	ck_assert_int_eq(kind, ERR_USAGE);
	ck_assert_str_eq(standing(id), "queued number_unknown");
	ck_assert(assign(id, "A", "C", true, "both signed it", &kind));
	ck_assert_str_eq(events_of(id), "unmatched north, attached K, attached C-C");
	undo(id);
	ck_assert_str_eq(events_of(id),
			 "unmatched north, attached K, attached C-C, detached K, detached C-C");
}
END_TEST

/* Whoever has no customer is nobody's known one. */
START_TEST(contracts_without_a_customer)
{
	enum err_kind kind;
	char *id;

	stock();
	ask("update contract set customer_id = null");
	id = arrive("S-1", "policy=XY1");
	ck_assert(!assign(id, "A", "B", false, NULL, &kind));
	ck_assert_int_eq(kind, ERR_REFUSED);
}
END_TEST

START_TEST(what_cannot_be)
{
	enum err_kind kind;
	char *id;

	stock();
	id = arrive("S-1", "policy=XY1");
	ck_assert(!assign(id, "A", "A", false, NULL, &kind));
	ck_assert_int_eq(kind, ERR_USAGE);
	ck_assert(!assign(id, "A", "Z", false, NULL, &kind));
	ck_assert_int_eq(kind, ERR_MISSING);
	ck_assert_str_eq(ask("select count(*) from decision"), "0");
	ck_assert_str_eq(standing(id), "queued number_unknown");
}
END_TEST

/* Filed at one, wanted at two: nothing is detached from where it stays. */
START_TEST(one_more)
{
	enum err_kind kind;
	char *id;

	stock();
	id = arrive("S-1", "policy=4711;bytes=aa");
	ck_assert(assign(id, "A", "B", false, NULL, &kind));
	ck_assert_str_eq(standing(id), "filed person A B");
	ck_assert_str_eq(events_of(id), "attached K, attached K");
	undo(id);
	ck_assert_str_eq(standing(id), "filed exact A");
	ck_assert_str_eq(events_of(id), "attached K, attached K, detached K");
}
END_TEST

START_TEST(the_same_two_in_another_order)
{
	enum err_kind kind;
	char *id, *again;

	stock();
	id = arrive("S-1", "policy=XY1;bytes=aa");
	again = arrive("S-2", "policy=XY1;bytes=aa");
	ck_assert(assign(id, "A", "B", false, NULL, &kind));
	ck_assert(assign(again, "B", "A", false, NULL, &kind));
	ck_assert_str_eq(events_of(again), "unmatched north");
	ck_assert_str_eq(ask("select duplicate_of from document where shipment_id = 'S-2'"), id);
	undo(id);
	ck_assert_str_eq(standing(again), "filed person B A");
	ck_assert_str_eq(events_of(again), "unmatched north, attached K, attached K");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("several");

	tcase_add_test(tc, a_person_files_to_two);
	tcase_add_test(tc, the_matcher_files_to_two);
	tcase_add_test(tc, two_customers);
	tcase_add_test(tc, contracts_without_a_customer);
	tcase_add_test(tc, what_cannot_be);
	tcase_add_test(tc, one_more);
	tcase_add_test(tc, the_same_two_in_another_order);
	return house_run(suite_create("several"), tc);
}
