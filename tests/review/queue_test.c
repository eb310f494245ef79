/* queue_test.c -- the list: what a row says, filters, orders, and paging while others decide. */
#include "clerk.h"

#include "base/text.h"

START_TEST(a_row_says_why_it_waits_and_what_it_may_be)
{
	struct got got;
	char *id;

	contract_add("A", "27182819");
	ask("update contract set name = 'Muster', first_name = 'Erika', birth_date = '1980-02-03',"
	    " printed_number = 'NS-27182819'");
	id = arrive("S-1", "policy=NS-27182891;line=050;name=Muster;"
			   "born=1980-02-03");
	got = see("/api/v1/queue");
	ck_assert_str_eq(ids_in(got), id);
	ck_assert_str_eq(in(got, "next"), "null");
	ck_assert_str_eq(in(got, "items.0.reason.code"), "number_unknown");
	ck_assert_str_eq(in(got, "items.0.reason.words_de"), "Nummer nicht im Bestand");
	ck_assert_str_eq(in(got, "items.0.number.delivered"), "NS-27182891");
	ck_assert_str_eq(in(got, "items.0.version"), "1");
	ck_assert_str_eq(in(got, "items.0.insurer.key"), "north");
	ck_assert_str_eq(in(got, "items.0.name_on_document"), "Muster");
	ck_assert_str_eq(in(got, "items.0.candidates"), "1");
	ck_assert_str_eq(in(got, "items.0.best.contract_id"), "A");
	ck_assert_str_eq(in(got, "items.0.best.holder"), "Erika Muster");
	ck_assert_str_eq(
		in(got, "items.0.best.diff"),
		"[{\"same\":true,\"text\":\"NS-271828\"},{\"same\":false,\"text\":\"19\"}]");
	ck_assert_str_eq(in(got, "items.0.lock"), "null");
	ck_assert_str_eq(in(got, "items.0.best.reachable"), "null");
}
END_TEST

START_TEST(the_soonest_letter_first_then_the_unknown_then_the_gone)
{
	char *gone, *later, *sooner, *unknown;

	gone = arrive("S-1", "policy=XY1");
	later = arrive("S-2", "policy=XY2");
	unknown = arrive("S-3", "policy=XY3");
	sooner = arrive("S-4", "policy=XY4");
	is_ok(see("/api/v1/queue"));
	ck_assert_str_eq(ask("select count(*) from document where placed and class = 'other'"),
			 "4");
	ask("update document set letter_at = case shipment_id when 'S-1' then now() - interval '1 day'"
	    " when 'S-2' then now() + interval '2 days' when 'S-4' then now() + interval '1 day' end");
	ck_assert_str_eq(ids_in(see("/api/v1/queue")),
			 talloc_asprintf(house.mem, "%s %s %s %s", sooner, later, unknown, gone));
	ck_assert_str_eq(ids_in(see("/api/v1/queue?sort=age")),
			 talloc_asprintf(house.mem, "%s %s %s %s", gone, later, unknown, sooner));
}
END_TEST

/* One that no list gave out: when it began, lane, place. */
static char *cursor_of(const char *keys)
{
	char *text =
		talloc_asprintf(house.mem, "[%s, \"00000000-0000-0000-0000-000000000000\"]", keys);
	char *hex = talloc_zero_size(house.mem, 2 * strlen(text) + 1);

	text_hex(hex, text, strlen(text));
	return hex;
}

START_TEST(filters_and_words_that_are_none)
{
	char *id = arrive("S-1", "policy=XY-1;name=O'Muster%;file=50%_rabatt.pdf;line=050");

	arrive("S-2", "claim=77");
	ck_assert_str_eq(ids_in(see("/api/v1/queue?reason=number_unknown")), id);
	ck_assert_str_eq(ids_in(see("/api/v1/queue?line=050")), id);
	ck_assert_str_eq(ids_in(see("/api/v1/queue?q=50%%25_rab")), id);
	ck_assert_str_eq(ids_in(see("/api/v1/queue?q=o'muster")), id);
	ck_assert_str_eq(ids_in(see("/api/v1/queue?q=%%25%%25%%25")), "");
	ck_assert_str_eq(ids_in(see("/api/v1/queue?insurer=nobody")), "");
	ck_assert_str_eq(in(see("/api/v1/queue/counts?line=050"), "queued"), "1");
	is_problem(see("/api/v1/queue?reason=because"), 400, "argument", "reason");
	is_problem(see("/api/v1/queue?state=lost"), 400, "argument", "state");
	is_problem(see("/api/v1/queue?sort=luck"), 400, "argument", "sort");
	is_problem(see("/api/v1/queue?cursor=00"), 400, "argument", "cursor");
	is_problem(see("/api/v1/queue?cursor=%s", cursor_of("-9007199254740991, 1, 0")), 400,
		   "argument", "cursor");
	is_problem(see("/api/v1/queue?cursor=%s", cursor_of("9007199254740991, 1, 0")), 400,
		   "argument", "cursor");
	is_problem(see("/api/v1/queue?cursor=%s", cursor_of("0, 4294967297, 0")), 400, "argument",
		   "cursor");
	is_ok(see("/api/v1/queue?cursor=%s", cursor_of("0, 0, -9007199254740991")));
	is_ok(see("/api/v1/queue?cursor=%s", cursor_of("0, 2, 9007199254740991")));
	is_problem(see("/api/v1/queue?limit=0"), 400, "argument", "limit");
	is_problem(see("/api/v1/queue?secret=1"), 400, "argument", "secret");
}
END_TEST

/* 10,000 documents in pages of 200; between two pages somebody decides about one that was seen and one that was not. */
START_TEST(paging_loses_and_repeats_nothing)
{
	const char *cursor = NULL;
	int seen = 0, pages = 0;

	arrive("S-1", "policy=XY1");
	ask("insert into document select (jsonb_populate_record(d, jsonb_build_object('document_id', uuid7(),"
	    " 'file_no', n, 'placed', true, 'letter_at', case when n % 3 = 0 then null else"
	    " now() + (n % 1000 - 500) * interval '1 hour' end))).*"
	    " from document d, generate_series(2, 10000) n");
	ask("create table seen (document_id uuid, page int)");
	do {
		struct got got = cursor ? see("/api/v1/queue?limit=200&cursor=%s", cursor)
					: see("/api/v1/queue?limit=200");
		json_t *body = json_loads(got.body, 0, NULL), *item;
		char *ids;
		size_t i;

		is_ok(got);
		ids = talloc_strdup(house.mem, "");
		json_array_foreach(json_object_get(body, "items"), i, item) ids =
			talloc_asprintf_append(
				ids, "%s%s", i ? "," : "",
				json_string_value(json_object_get(item, "document_id")));
		ask(talloc_asprintf(house.mem, "insert into seen select unnest('{%s}'::uuid[]), %d",
				    ids, pages));
		seen += (int)json_array_size(json_object_get(body, "items"));
		cursor = json_is_string(json_object_get(body, "next"))
				 ? talloc_strdup(house.mem,
						 json_string_value(json_object_get(body, "next")))
				 : NULL;
		json_decref(body);
		if (pages++ == 10) {
			ask("update document set state = 'ignored' where document_id ="
			    " (select document_id from seen order by page desc limit 1)");
			ask("update document set state = 'ignored' where document_id ="
			    " (select document_id from document d where not exists"
			    " (select from seen s where s.document_id = d.document_id) limit 1)");
		}
	} while (cursor);
	ck_assert_int_eq(seen, 9999);
	ck_assert_str_eq(ask("select count(distinct document_id) from seen"), "9999");
	ask("drop table seen");
}
END_TEST

START_TEST(a_lock_is_seen_and_stops_nobody)
{
	char *id = arrive("S-1", "policy=XY-1");
	char *path = talloc_asprintf(house.mem, "/api/v1/documents/%s/lock", id);
	struct got got = say_as(clerk, path, "{}");

	is_ok(got);
	ck_assert_str_eq(in(got, "mine"), "true");
	got = say_as(colleague, path, "{}");
	ck_assert_str_eq(in(got, "mine"), "false");
	ck_assert_str_eq(in(got, "lock.user"), "token clerk");
	ck_assert_str_eq(in(see("/api/v1/queue"), "items.0.lock.user"), "token clerk");
	got = send_as(colleague, "DELETE", path);
	is_ok(got);
	ck_assert_str_eq(in(got, "lock.user"), "token clerk");
	ck_assert_str_eq(in(see("/api/v1/queue"), "items.0.lock.user"), "token clerk");
	ck_assert_str_eq(in(send_as(clerk, "DELETE", path), "lock"), "null");
	ck_assert_str_eq(in(see("/api/v1/queue"), "items.0.lock"), "null");
	is_ok(say_as(clerk, path, "{}"));
	ask("update desk_lock set until = now() - interval '1 s'");
	ck_assert_str_eq(in(see("/api/v1/queue"), "items.0.lock"), "null");
	ck_assert_str_eq(in(say_as(colleague, path, "{}"), "mine"), "true");
	is_ok(decide_as(clerk, id, "ignore", 1, "'reason': 'other'"));
}
END_TEST

START_TEST(the_stream_tells_what_others_decide)
{
	char *id = arrive("S-1", "policy=XY-1"), *text = talloc_strdup(house.mem, "");
	int fd = client_open();

	get_send(fd, colleague, "/api/v1/queue/stream");
	ck_assert(client_until(fd, &text, "event: counts"));
	ck_assert(client_until(fd, &text, "\"queued\":1"));
	is_ok(say_as(clerk, talloc_asprintf(house.mem, "/api/v1/documents/%s/lock", id), "{}"));
	ck_assert(client_until(fd, &text, "event: locked"));
	is_ok(decide_as(clerk, id, "ignore", 1, "'reason': 'other'"));
	ck_assert(client_until(fd, &text, "event: decided"));
	ck_assert(client_until(fd, &text, id));
	ck_assert(client_until(fd, &text, "\"queued\":0"));
	close(fd);
}
END_TEST

/* A search that finds few orders them by itself: the same as the list does, page by page. */
START_TEST(a_search_is_in_the_order_of_the_list)
{
	static const char *const sorts[] = { "lead", "age" };

	for (int i = 0; i < 12; i++)
		arrive(talloc_asprintf(house.mem, "S-%d", i),
		       talloc_asprintf(house.mem, "policy=XY-%d", 4000 + i));
	is_ok(see("/api/v1/queue"));
	ask("update document set letter_at = case when right(shipment_id, 1)::int % 3 = 0 then null"
	    " when right(shipment_id, 1)::int % 3 = 1 then now() + interval '1 day'"
	    " else now() - interval '1 day' end");
	for (size_t k = 0; k < 2; k++) {
		char *whole = ids_in(see("/api/v1/queue?sort=%s", sorts[k])), *paged;
		const char *next = NULL;

		ck_assert_str_eq(ids_in(see("/api/v1/queue?sort=%s&q=xy-40", sorts[k])), whole);
		paged = talloc_strdup(house.mem, "");
		for (int i = 0; i < 3; i++) {
			struct got got = see("/api/v1/queue?sort=%s&q=xy-40&limit=5%s%s", sorts[k],
					     next ? "&cursor=" : "", next ? next : "");

			paged = talloc_asprintf_append(paged, "%s%s", *paged ? " " : "",
						       ids_in(got));
			next = in(got, "next");
		}
		ck_assert_str_eq(paged, whole);
		ck_assert_str_eq(next, "null");
	}
	ck_assert_str_eq(ids_in(see("/api/v1/queue?q=nothing-says-so")), "");
	ck_assert_str_eq(ids_in(see("/api/v1/queue?q=xy-40&reason=no_number")), "");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("queue");

	tcase_add_test(tc, a_search_is_in_the_order_of_the_list);
	tcase_add_test(tc, a_row_says_why_it_waits_and_what_it_may_be);
	tcase_add_test(tc, the_soonest_letter_first_then_the_unknown_then_the_gone);
	tcase_add_test(tc, filters_and_words_that_are_none);
	tcase_add_test(tc, paging_loses_and_repeats_nothing);
	tcase_add_test(tc, a_lock_is_seen_and_stops_nobody);
	tcase_add_test(tc, the_stream_tells_what_others_decide);
	return clerk_run("queue", tc);
}
