#include "matcher/record.h"

#include "house.h"

/* The lease is lost while another worker holds it: nothing may be written. */
START_TEST(a_stale_fence_writes_nothing)
{
	struct recorded counts = { .documents = 9 };
	struct err e = { 0 };

	shipment_list("S-1");
	ck_assert(!record("S-1", "policy=4711", 1, 6, &counts, &e));
	ck_assert_int_eq(e.kind, ERR_CONFLICT);
	ck_assert_int_eq(counts.documents, 0);
	ck_assert_str_eq(ask("select count(*) from document"), "0");
	ck_assert_str_eq(ask("select count(*) from event"), "0");
	ck_assert_str_eq(ask("select state from shipment"), "listed");
}
END_TEST

START_TEST(a_connection_that_is_gone)
{
	struct recorded counts;
	struct err e = { 0 };

	ask("delete from connection");
	ck_assert(!record("S-1", "policy=4711", 1, 7, &counts, &e));
	ck_assert_int_eq(e.kind, ERR_CONFLICT);
}
END_TEST

START_TEST(a_shipment_that_was_never_listed)
{
	struct recorded counts;
	struct err e = { 0 };

	ck_assert(!record("S-1", "policy=4711", 1, 7, &counts, &e));
	ck_assert_int_eq(e.kind, ERR_BUG);
	ck_assert_str_eq(ask("select count(*) from document"), "0");
}
END_TEST

START_TEST(twice_is_once)
{
	struct recorded first, second;
	struct err e = { 0 };

	contract_add("A", "4711");
	shipment_list("S-1");
	ck_assert_msg(record("S-1", "policy=4711", 3, 7, &first, &e), "%s", e.text);
	ck_assert_msg(record("S-1", "policy=4711", 3, 7, &second, &e), "%s", e.text);
	ck_assert_int_eq(first.documents, 3);
	ck_assert_int_eq(first.filed, 3);
	ck_assert_int_eq(first.queued, 0);
	ck_assert_int_eq(first.events, 3);
	ck_assert_int_eq(second.documents + second.filed + second.queued + second.events, 0);
	ck_assert_str_eq(ask("select count(*) from document"), "3");
	ck_assert_str_eq(ask("select count(*) from event"), "3");
	ck_assert_str_eq(ask("select state from shipment"), "stored");
}
END_TEST

START_TEST(again_after_it_was_acknowledged)
{
	struct recorded counts;
	struct err e = { 0 };

	arrive("S-1", "policy=4711");
	ask("update shipment set state = 'acknowledged'");
	ck_assert(record("S-1", "policy=4711", 1, 7, &counts, &e));
	ck_assert_str_eq(ask("select state from shipment"), "acknowledged");
	ck_assert_str_eq(ask("select count(*) from document"), "1");
}
END_TEST

START_TEST(a_quarantined_shipment_that_can_be_read_now)
{
	struct recorded counts;
	struct err e = { 0 };

	shipment_list("S-1");
	ask("update shipment set state = 'quarantined', refusal = 'no boundary', refusal_code = '1'");
	ck_assert(record("S-1", "policy=4711", 1, 7, &counts, &e));
	ck_assert_str_eq(ask("select state || coalesce(refusal, '') from shipment"), "stored");
}
END_TEST

/* Two workers at once, the second with its statement begun before the first has committed: one set of documents,
 * one set of events. */
START_TEST(two_at_the_same_moment)
{
	PGresult *result;
	struct recorded counts;
	struct err e = { 0 };

	shipment_list("S-1");
	ask("begin");
	ask("update shipment set state = 'stored'");
	ck_assert_int_eq(PQsendQuery(house.side, "select pg_sleep(0.5); commit"), 1);
	ck_assert(!record("S-1", "policy=4711", 1, 7, &counts, &e));
	ck_assert_int_eq(e.kind, ERR_CONFLICT);
	while ((result = PQgetResult(house.side)))
		PQclear(result);
	ck_assert_str_eq(ask("select count(*) from document"), "0");
	ck_assert_str_eq(ask("select count(*) from event"), "0");
}
END_TEST

/* Whatever cannot be stored takes the whole delivery with it. */
START_TEST(all_or_nothing)
{
	struct recorded counts;
	struct err e = { 0 };

	shipment_list("S-1");
	ask("alter table event add constraint refuse check (type <> 'document.unmatched')");
	ck_assert(!record("S-1", "policy=4711", 2, 7, &counts, &e));
	ask("alter table event drop constraint refuse");
	ck_assert_str_eq(ask("select count(*) from document"), "0");
	ck_assert_str_eq(ask("select state from shipment"), "listed");
	err_clear(&e);
	ck_assert(record("S-1", "policy=4711", 2, 7, &counts, &e));
	ck_assert_str_eq(ask("select count(*) from document"), "2");
}
END_TEST

START_TEST(filed_and_told)
{
	char *id;

	contract_add("A", "4711");
	id = arrive("S-1", "policy=47-11;case=140013000;name=Muster");
	ck_assert_str_eq(standing(id), "filed exact A");
	ck_assert_str_eq(events_of(id), "attached C-A");
	ck_assert_str_eq(ask("select aggregatetype from event"), "customer");
	ck_assert_str_eq(
		ask("select payload - 'document_id' from event"),
		"{\"tier\": \"exact\", \"insurer\": \"north\", \"category\": \"invoice\", "
		"\"shipment\": {\"id\": \"S-1\", \"connection\": \"north\"}, "
		"\"media_type\": \"application/pdf\", \"contract_id\": \"A\", \"customer_id\": \"C-A\", "
		"\"business_case\": \"140013000\"}");
	ck_assert_str_eq(ask("select numbers -> 0 ->> 'value' from document"), "47-11");
	ck_assert_str_eq(ask("select facts #>> '{transfer,party,surname}' from document"),
			 "Muster");
}
END_TEST

START_TEST(queued_and_told)
{
	char *id = arrive("S-1", "policy=4711");

	ck_assert_str_eq(standing(id), "queued number_unknown");
	ck_assert_str_eq(events_of(id), "unmatched north");
	ck_assert_str_eq(ask("select aggregatetype || ' ' || (payload ->> 'reason') from event"),
			 "broker number_unknown");
}
END_TEST

/* Without a customer the contract is the lane. */
START_TEST(a_contract_without_customer)
{
	char *id;

	contract_add("A", "4711");
	ask("update contract set customer_id = null");
	id = arrive("S-1", "policy=4711");
	ck_assert_str_eq(events_of(id), "attached A");
}
END_TEST

/* Text from outside that would end a quotation, a JSON string or an array. */
START_TEST(hostile_text)
{
	char *id;

	contract_add("A", "4711");
	id = arrive("S-1", "policy=4711;policy=\"}]\\',{$1};file='\"\\{};name=Robert'--");
	ck_assert_str_eq(standing(id), "filed exact A");
	ck_assert_str_eq(ask("select name from document"), "'\"\\{}");
	ck_assert_str_eq(ask("select numbers -> 1 ->> 'value' from document"), "\"}]\\',{$1}");
}
END_TEST

START_TEST(bytes_that_are_no_utf8)
{
	char *id = arrive("S-1", "policy=4711;file=a\xff.pdf");

	ck_assert_str_eq(standing(id), "queued number_unknown");
	ck_assert_ptr_nonnull(strstr(ask("select name from document"), "a"));
}
END_TEST

START_TEST(a_delivery_without_documents)
{
	struct recorded counts;
	struct err e = { 0 };

	shipment_list("S-1");
	ck_assert(record("S-1", "policy=4711", 0, 7, &counts, &e));
	ck_assert_int_eq(counts.documents, 0);
	ck_assert_str_eq(ask("select state from shipment"), "stored");
	ck_assert_str_eq(
		ask("select facts #>> '{transfers_without_documents,0,numbers,0,value}' from shipment"),
		"4711");
}
END_TEST

/* Another issuer's contract with the same digits is a suggestion. */
START_TEST(whose_number)
{
	char *id;

	contract_add("A", "4711");
	id = arrive("S-1", "policy=4711;vu=9009");
	ck_assert_str_eq(standing(id), "queued number_unknown");
	ck_assert_str_eq(ask("select candidates from document"), "[\"A\"]");
	ck_assert_str_eq(ask("select issuer from document"), "pool");
}
END_TEST

/* A name of very many contracts is cut short in the look-up and still says "several". */
START_TEST(a_name_of_many)
{
	char *id;

	ask("insert into contract (broker, contract_id, issuer, vu)"
	    " select 'demo', 'M' || i, 'north', '9001' from generate_series(1, 500) i");
	ask("insert into contract_name (broker, issuer, key, contract_id, origin, spelling)"
	    " select 'demo', 'north', '4711', 'M' || i, 'other', '4711' from generate_series(1, 500) i");
	id = arrive("S-1", "policy=4711");
	ck_assert_str_eq(standing(id), "queued several_contracts");
	ck_assert_str_eq(ask("select jsonb_array_length(candidates) from document"), "10");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("record");

	tcase_add_test(tc, a_stale_fence_writes_nothing);
	tcase_add_test(tc, a_connection_that_is_gone);
	tcase_add_test(tc, a_shipment_that_was_never_listed);
	tcase_add_test(tc, twice_is_once);
	tcase_add_test(tc, again_after_it_was_acknowledged);
	tcase_add_test(tc, a_quarantined_shipment_that_can_be_read_now);
	tcase_add_test(tc, two_at_the_same_moment);
	tcase_add_test(tc, all_or_nothing);
	tcase_add_test(tc, filed_and_told);
	tcase_add_test(tc, queued_and_told);
	tcase_add_test(tc, a_contract_without_customer);
	tcase_add_test(tc, hostile_text);
	tcase_add_test(tc, bytes_that_are_no_utf8);
	tcase_add_test(tc, a_delivery_without_documents);
	tcase_add_test(tc, whose_number);
	tcase_add_test(tc, a_name_of_many);
	return house_run(suite_create("record"), tc);
}
