/* quarantine_test.c -- what nobody could read, over the API: the sentence, the place, what to do, and trying again. */
#include "clerk.h"

#define LIST "/api/v1/deliveries"

static const char *operator_;

static struct got look(const char *path)
{
	return get(operator_, path);
}

static void quarantined(const char *connection, const char *id, const char *raw)
{
	ask(talloc_asprintf(house.mem,
			    "insert into shipment (broker, connection, shipment_id, state, refusal,"
			    " attempts, answered_at, raw_sha256, raw_content_type) values"
			    " ('demo', '%s', '%s', 'quarantined',"
			    " 'getShipment: no end at byte 12', 1, now(), %s, 'text/xml')",
			    connection, id,
			    raw ? talloc_asprintf(house.mem, "'%s'", raw) : "null"));
}

static void operator_comes(void)
{
	operator_ = token_of("demo", "operator", "insurers,statistics", NULL);
	ask("insert into connection (broker, connection, issuer, sts_url, transfer_url, state, pause_reason)"
	    " values ('demo', 'south', 'south', 'x', 'x', 'paused', 'Wartung')");
}

START_TEST(the_list_and_its_pages)
{
	struct got got;

	operator_comes();
	is_ok(look(LIST));
	ck_assert_str_eq(in(look(LIST), "items"), "[]");
	quarantined("north", "A&B <1>", NULL);
	quarantined("south", "Q-2", NULL);
	shipment_list("L-1");
	got = look(LIST "?state=quarantined&limit=1");
	is_ok(got);
	ck_assert_str_eq(in(got, "items.0.shipment_id"), "A&B <1>");
	ck_assert_str_eq(in(got, "items.0.insurer.key"), "north");
	ck_assert_str_eq(in(got, "items.0.sentence"), "getShipment: no end at byte 12");
	ck_assert_str_eq(in(got, "items.0.place"), "{\"byte\":12,\"column\":null,\"line\":null}");
	ck_assert_str_eq(in(got, "items.0.kept"), "false");
	ck_assert(strstr(in(got, "items.0.next_de"), "aufgehoben wurde nichts") != NULL);
	ck_assert_str_eq(in(got, "items.1"), "-");
	got = look(talloc_asprintf(house.mem, LIST "?limit=1&cursor=%s", in(got, "next")));
	ck_assert_str_eq(in(got, "items.0.shipment_id"), "Q-2");
	ck_assert(strstr(in(got, "items.0.next_de"), "angehalten") != NULL);
	ck_assert_str_eq(in(got, "next"), "null");
	ck_assert_str_eq(in(look(LIST "?connection=south"), "items.0.shipment_id"), "Q-2");
	is_problem(look(LIST "?state=stored"), 400, "argument", "");
	is_problem(look(LIST "?cursor=7b7d"), 400, "argument", "");
	is_problem(get(clerk, LIST), 403, "scope", "");
}
END_TEST

START_TEST(one_of_them)
{
	operator_comes();
	quarantined("north", "Q-1", NULL);
	is_ok(look("/api/v1/deliveries/north?shipment_id=Q-1"));
	is_problem(look("/api/v1/deliveries/north?shipment_id=Q-2"), 404, "missing", "");
	is_problem(look("/api/v1/deliveries/south?shipment_id=Q-1"), 404, "missing", "");
	is_problem(look("/api/v1/deliveries/north"), 400, "argument", "");
}
END_TEST

START_TEST(trying_again)
{
	struct got got;

	operator_comes();
	quarantined("north", "Q-1", "aa");
	quarantined("south", "Q-2", NULL);
	shipment_list("L-1");
	ask("update connection set due_at = now() + interval '1 hour'");
	got = say_as(operator_, "/api/v1/deliveries/north/retry", "{'shipment_id': 'Q-1'}");
	is_ok(got);
	ck_assert(in(got, "retry_asked_at")[0] == '2');
	ck_assert(strstr(in(got, "next_de"), "beim nächsten Abruf") != NULL);
	ck_assert_str_eq(ask("select retry_asked_by from shipment where shipment_id = 'Q-1'"),
			 "token operator");
	ck_assert_str_eq(ask("select due_at <= now() from connection where connection = 'north'"),
			 "t");
	ck_assert_str_eq(ask("select object from audit where action = 'delivery.retry'"), "Q-1");
	is_problem(say_as(operator_, "/api/v1/deliveries/south/retry", "{'shipment_id': 'Q-2'}"),
		   409, "conflict", "");
	is_problem(say_as(operator_, "/api/v1/deliveries/north/retry", "{'shipment_id': 'L-1'}"),
		   404, "missing", "");
	is_problem(say_as(operator_, "/api/v1/deliveries/north/retry", "{'shipment_id': 'Q-2'}"),
		   404, "missing", "");
	is_problem(say_as(operator_, "/api/v1/deliveries/north/retry", "{}"), 422, "content", "");
	is_problem(say_as(clerk, "/api/v1/deliveries/north/retry", "{'shipment_id': 'Q-1'}"), 403,
		   "scope", "");
	ck_assert_str_eq(ask("select count(*) from shipment where retry_asked_at is not null"),
			 "1");
}
END_TEST

/* Nobody sees another broker's. */
START_TEST(another_broker)
{
	operator_comes();
	ask("insert into broker values ('other')");
	ask("insert into connection (broker, connection, issuer, sts_url, transfer_url)"
	    " values ('other', 'north', 'north', 'x', 'x')");
	ask("insert into shipment (broker, connection, shipment_id, state)"
	    " values ('other', 'north', 'Q-1', 'quarantined')");
	ck_assert_str_eq(in(look(LIST), "items"), "[]");
	is_problem(say_as(operator_, "/api/v1/deliveries/north/retry", "{'shipment_id': 'Q-1'}"),
		   404, "missing", "");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("quarantine");

	tcase_add_test(tc, the_list_and_its_pages);
	tcase_add_test(tc, one_of_them);
	tcase_add_test(tc, trying_again);
	tcase_add_test(tc, another_broker);
	return clerk_run("quarantine", tc);
}
