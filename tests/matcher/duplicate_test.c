/* The same bytes twice: kept and shown, and told of once. */
#include <pthread.h>

#include "matcher/queue.h"
#include "matcher/rematch.h"
#include "matcher/rematch_due.h"

#include "house.h"

#define LETTER "policy=4711;bytes=aa"

static struct decided done;

static void pool_add(void)
{
	ask("insert into connection (broker, connection, issuer, sts_url, transfer_url, lease_fence)"
	    " values ('demo', 'pool', 'north', 'x', 'x', 7)");
}

static bool act(bool (*what)(const struct matcher *, const struct decision *, struct decided *,
			     TALLOC_CTX *, struct err *),
		const char *document, const char *contract)
{
	const struct decision decision = { .document = document,
					   .contract = contract,
					   .by = "clerk",
					   .note = "seen",
					   .reason = "other" };
	struct err e = { 0 };
	bool ok = what(&house.matcher, &decision, &done, house.mem, &e);

	ck_assert_msg(ok, "%s", e.text);
	return ok;
}

/* "" or the id of the document that it is a duplicate of. */
static const char *duplicate_of(const char *document_id)
{
	char sql[200];

	snprintf(sql, sizeof sql, "select duplicate_of from document where document_id = '%s'",
		 document_id);
	return ask(sql);
}

START_TEST(delivered_again)
{
	char *first, *second, *third;

	pool_add();
	contract_add("A", "4711");
	first = arrive("S-1", LETTER);
	second = arrive("S-2", LETTER);
	third = arrive_at("pool", "P-1", "printed=47 11;bytes=aa");
	ck_assert_str_eq(standing(second), "filed exact A");
	ck_assert_str_eq(standing(third), "filed exact A");
	ck_assert_str_eq(duplicate_of(first), "");
	ck_assert_str_eq(duplicate_of(second), first);
	ck_assert_str_eq(duplicate_of(third), first);
	ck_assert_str_eq(events_of(first), "attached C-A");
	ck_assert_str_eq(events_of(second), "");
	ck_assert_str_eq(events_of(third), "");
	ck_assert_str_eq(ask("select count(*) from shipment where state = 'stored'"), "3");
	ck_assert_ptr_nonnull(strstr(ask("select evidence from document where shipment_id = 'P-1'"),
				     "the same bytes came before as document"));
}
END_TEST

START_TEST(the_closing_table_counts_what_was_told)
{
	struct recorded counts;
	struct err e = { 0 };

	contract_add("A", "4711");
	shipment_list("S-1");
	ck_assert_msg(record("S-1", LETTER, 3, 7, &counts, &e), "%s", e.text);
	ck_assert_int_eq(counts.filed, 3);
	ck_assert_int_eq(counts.events, 1);
	ck_assert_str_eq(ask("select count(*) from event"), "1");
	ck_assert_str_eq(ask("select count(*) from document where duplicate_of is not null"), "2");
}
END_TEST

/* A leaflet goes out with the letters of many contracts. */
START_TEST(the_same_bytes_at_another_contract)
{
	char *first, *second;

	contract_add("A", "4711");
	contract_add("B", "4712");
	first = arrive("S-1", LETTER);
	second = arrive("S-2", "policy=4712;bytes=aa");
	ck_assert_str_eq(duplicate_of(second), "");
	ck_assert_str_eq(events_of(first), "attached C-A");
	ck_assert_str_eq(events_of(second), "attached C-B");
}
END_TEST

START_TEST(other_bytes_at_the_same_contract)
{
	contract_add("A", "4711");
	arrive("S-1", LETTER);
	ck_assert_str_eq(events_of(arrive("S-2", "policy=4711;bytes=ab")), "attached C-A");
}
END_TEST

START_TEST(two_that_wait_are_filed_later)
{
	const struct rematch_order order = { 0 };
	struct rematch_counts counts;
	struct err e = { 0 };

	arrive("S-1", LETTER);
	arrive("S-2", LETTER);
	contract_add("A", "4711");
	ck_assert_msg(rematch_all(&house.matcher, &order, &counts, &e), "%s", e.text);
	ck_assert_int_eq(counts.filed, 2);
	ck_assert_str_eq(ask("select count(*) from event where type = 'document.attached'"), "1");
	ck_assert_str_eq(ask("select count(*) from document where duplicate_of is not null"), "1");
}
END_TEST

START_TEST(after_the_first_was_ignored)
{
	char *first, *second;

	contract_add("A", "4711");
	first = arrive("S-1", LETTER);
	act(queue_ignore, first, NULL);
	second = arrive("S-2", LETTER);
	ck_assert_str_eq(duplicate_of(second), "");
	ck_assert_str_eq(events_of(second), "attached C-A");
}
END_TEST

/* Nor is it of anybody here in a copy, there already or still to come; he takes it back, and they are what they were. */
START_TEST(the_first_was_not_ours)
{
	const struct rematch_order order = { 0 };
	struct decision decision = { .by = "clerk", .note = "seen", .reason = "not_ours" };
	struct rematch_counts counts;
	struct err e = { 0 };
	char *second, *third;

	contract_add("A", "4711");
	decision.document = arrive("S-1", LETTER);
	second = arrive("S-2", LETTER);
	ck_assert_msg(queue_ignore(&house.matcher, &decision, &done, house.mem, &e), "%s", e.text);
	third = arrive("S-3", LETTER);
	ck_assert_str_eq(standing(second), "queued taken_back");
	ck_assert_str_eq(standing(third), "queued taken_back");
	ck_assert_str_eq(events_of(second), "");
	ck_assert_str_eq(events_of(decision.document), "attached C-A, detached C-A");
	ck_assert_msg(queue_undo(&house.matcher, &decision, &done, house.mem, &e), "%s", e.text);
	ck_assert(rematch_all(&house.matcher, &order, &counts, &e));
	ck_assert_str_eq(standing(decision.document), "filed exact A");
	ck_assert_str_eq(standing(second), "filed exact A");
	ck_assert_str_eq(duplicate_of(second), decision.document);
}
END_TEST

/* The one that had come before is moved away by a person: its copies are no news there, they wait. He takes that back: it is
 * where it was, and they lie there again. */
START_TEST(the_first_moves_away)
{
	const struct rematch_order order = { 0 };
	struct rematch_counts counts;
	struct err e = { 0 };
	char *first, *second;

	contract_add("A", "4711");
	contract_add("B", "4712");
	first = arrive("S-1", LETTER);
	second = arrive("S-2", LETTER);
	act(queue_assign, first, "B");
	ck_assert_str_eq(events_of(first), "attached C-A, detached C-A, attached C-B");
	ck_assert_str_eq(standing(second), "queued taken_back");
	ck_assert_str_eq(duplicate_of(second), "");
	ck_assert_str_eq(events_of(second), "");
	ck_assert_ptr_null(strstr(ask("select evidence from document where shipment_id = 'S-2'"),
				  "same bytes"));
	act(queue_undo, first, NULL);
	ck_assert_str_eq(standing(first), "filed exact A");
	ck_assert_str_eq(events_of(first), "attached C-A, detached C-A, attached C-B,"
					   " detached C-B, attached C-A");
	ck_assert_msg(rematch_now(&counts, &house.matcher, &order, &e), "%s", e.text);
	ck_assert_str_eq(standing(second), "filed exact A");
	ck_assert_str_eq(duplicate_of(second), first);
	ck_assert_str_eq(events_of(second), "");
}
END_TEST

/* A wrong alias takes the duplicates along: nobody had been told of them, nobody is told that they leave. */
START_TEST(undone_with_its_alias)
{
	char *first, *second;

	contract_add("A", "9999");
	first = arrive("S-1", LETTER);
	act(queue_assign, first, "A");
	second = arrive("S-2", LETTER);
	ck_assert_str_eq(standing(second), "filed alias A");
	ck_assert_str_eq(duplicate_of(second), first);
	act(queue_undo, first, NULL);
	ck_assert_str_eq(standing(first), "queued number_unknown");
	ck_assert_str_eq(standing(second), "queued number_unknown");
	ck_assert_str_eq(events_of(first), "unmatched north, attached C-A, detached C-A");
	ck_assert_str_eq(events_of(second), "");
	ck_assert_str_eq(ask("select count(*) from document_first"), "0");
}
END_TEST

START_TEST(a_duplicate_is_moved_by_a_person)
{
	char *first, *second;

	contract_add("A", "4711");
	contract_add("B", "4712");
	first = arrive("S-1", LETTER);
	second = arrive("S-2", LETTER);
	act(queue_assign, second, "B");
	ck_assert_str_eq(events_of(first), "attached C-A");
	ck_assert_str_eq(events_of(second), "attached C-B");
	act(queue_undo, second, NULL);
	ck_assert_str_eq(duplicate_of(second), first);
	ck_assert_str_eq(events_of(second), "attached C-B, detached C-B");
}
END_TEST

/* ---- at the same moment ---- */

struct comer {
	const char *connection;
	struct matcher matcher;
	pthread_t thread;
	bool ok;
};

static void *come(void *argument)
{
	struct comer *c = argument;
	TALLOC_CTX *mem = talloc_new(NULL);
	struct err e = { 0 };

	c->matcher = house.matcher;
	c->matcher.db = db_open(house.conninfo, mem, &e);
	for (int i = 0; c->matcher.db && i < 10; i++) {
		struct recorder *recorder = recorder_new(&c->matcher, mem);
		const struct delivery_source source = {
			.broker = "demo", .connection = c->connection, .issuer = "north", .fence = 7
		};
		struct delivery delivery = { .transfer_count = 1,
					     .signature = talloc_strdup(mem, "absent") };
		char *letter = talloc_asprintf(mem, "policy=4711;bytes=%02d", i);
		struct recorded counts;

		delivery.transfers = talloc_zero(mem, struct transfer);
		world_document(delivery.transfers, &delivery.head, letter, mem);
		delivery.head.id = talloc_asprintf(mem, "S-%d", i);
		c->ok = recorder->record(recorder->self, &source, &delivery, &counts, &e);
		if (!c->ok)
			break;
	}
	talloc_free(mem);
	return NULL;
}

/* Ten letters over two connections at once: each is news once, and the other one says whose duplicate it is. */
START_TEST(over_two_connections_at_once)
{
	struct comer comers[2] = { { .connection = "north" }, { .connection = "pool" } };

	pool_add();
	contract_add("A", "4711");
	for (int i = 0; i < 10; i++)
		for (int k = 0; k < 2; k++)
			shipment_list_at(comers[k].connection,
					 talloc_asprintf(house.mem, "S-%d", i));
	for (int k = 0; k < 2; k++)
		ck_assert_int_eq(pthread_create(&comers[k].thread, NULL, come, &comers[k]), 0);
	for (int k = 0; k < 2; k++) {
		pthread_join(comers[k].thread, NULL);
		ck_assert(comers[k].ok);
	}
	ck_assert_str_eq(ask("select count(*) from document where state = 'filed'"), "20");
	ck_assert_str_eq(ask("select count(*) from event"), "10");
	ck_assert_str_eq(
		ask("select count(*) from document d join document f on f.document_id = d.duplicate_of"
		    " where f.sha256 = d.sha256 and f.duplicate_of is null"),
		"10");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("duplicate");

	tcase_add_test(tc, delivered_again);
	tcase_add_test(tc, the_closing_table_counts_what_was_told);
	tcase_add_test(tc, the_same_bytes_at_another_contract);
	tcase_add_test(tc, other_bytes_at_the_same_contract);
	tcase_add_test(tc, two_that_wait_are_filed_later);
	tcase_add_test(tc, after_the_first_was_ignored);
	tcase_add_test(tc, the_first_was_not_ours);
	tcase_add_test(tc, the_first_moves_away);
	tcase_add_test(tc, undone_with_its_alias);
	tcase_add_test(tc, a_duplicate_is_moved_by_a_person);
	tcase_add_test(tc, over_two_connections_at_once);
	return house_run(suite_create("duplicate"), tc);
}
