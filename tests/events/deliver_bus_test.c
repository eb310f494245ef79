/* Events to a bus: one server that refuses, a cluster of three that loses nodes. Nothing lost, nothing twice, every
 * customer's events in order. */
#include <jansson.h>
#include <pthread.h>

#include "base/clock.h"
#include "events/deliver.h"
#include "events/sequence.h"
#include "tests/events/nats_node.h"
#include "tests/events/stage.h"

#define NODES     3
#define CUSTOMERS 100
#define EVENTS    10000

static const struct courier_conf courier_conf = {
	.broker = BROKER,
	.source = "//vorpost/test",
	.connect_ms = 30000,
	.ack_ms = 60000,
};

/* For servers that die. */
static const struct courier_conf hasty_conf = {
	.broker = BROKER,
	.source = "//vorpost/test",
	.connect_ms = 1000,
	.ack_ms = 2000,
};

static struct node nodes[NODES];
static struct reader reader;
static struct courier *courier;
static struct delivered counts;

/* What the servers keep. A case that fails does not come to its end: the next one would find its events. */
static void stores_clear(void)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf '%s'/js*", stage.folder);
	ck_assert_int_eq(system(command), 0);
}

static void open_all(void)
{
	stage_open();
	stores_clear();
	memset(nodes, 0, sizeof nodes);
	reader = (struct reader){ 0 };
	courier = courier_new(&courier_conf, stage.mem);
	counts = (struct delivered){ 0 };
}

static void close_all(void)
{
	talloc_free(courier);
	reader_close(&reader);
	for (int i = 0; i < NODES; i++)
		node_kill(&nodes[i]);
	stage_close();
	stores_clear();
}

static void courier_anew(const struct courier_conf *conf)
{
	talloc_free(courier);
	courier = courier_new(conf, stage.mem);
}

/* Its waits are `retry_s`. */
static void endpoint_put(const char *hosts, const char *retry_s)
{
	struct err e = { 0 };
	char *url = talloc_asprintf(stage.mem, "nats://%s/vorpost", hosts);

	ck_assert_msg(db_call(stage.db, SQL_endpoint_add, NULL, stage.mem, &e, BROKER, "bus", url,
			      NULL, NULL, "{all}", "true", retry_s, "0"),
		      "%s", e.text);
}

static const char *row(const char *columns)
{
	return raw_value(
		stage.raw,
		talloc_asprintf(stage.mem, "select concat_ws(' | ', %s) from endpoint", columns));
}

static void events_put(int count, int customers)
{
	struct err e = { 0 };
	char *sql = talloc_asprintf(
		stage.mem,
		"insert into event (broker, id, aggregatetype, aggregateid, type, payload)"
		" select '" BROKER "', gen_random_uuid(), 'customer', 'K' || (n %% %d),"
		" case when n %% 3 = 0 then 'document.unmatched' else 'policy.issued' end,"
		" jsonb_build_object('no', n) from generate_series(1, %d) n",
		customers, count);

	raw_do(stage.raw, sql);
	ck_assert_msg(sequence_run(stage.db, BROKER, NULL, &e), "%s", e.text);
}

/* Whatever waits, its wait is over. */
static void deliver_now(void)
{
	struct err e = { 0 };

	raw_do(stage.raw, "update endpoint set next_attempt_at = now()");
	ck_assert_msg(deliver_due(stage.db, courier, &counts, &e), "%s", e.text);
}

/* Until the cursor stands at the last event; `meanwhile` is called at every round with how many were delivered. */
static void deliver_all(int64_t last, void (*meanwhile)(int64_t sent))
{
	int64_t until_ms = clock_monotonic_ms() + 240000; /* patience with a slow machine */
	struct err e = { 0 };
	bool busy;

	raw_do(stage.raw, "update endpoint set next_attempt_at = now()");
	while (strtoll(row("position"), NULL, 10) < last) {
		ck_assert_msg(clock_monotonic_ms() < until_ms, "%s", row("position, last_error"));
		ck_assert_msg(deliver_step(stage.db, courier, true, &counts, &busy, &e), "%s",
			      e.text);
		deliver_wait(courier, -1, 50);
		if (meanwhile)
			meanwhile(counts.sent);
	}
}

/* ---- what the consumer sees ---- */

/* Every event of the database is in the stream once, by id, body and subject, and for every customer in order. */
static void require_all_once_in_order(int64_t count)
{
	int64_t last[CUSTOMERS] = { 0 };

	ck_assert_int_eq((int)stream_count(&reader), (int)count);
	for (int64_t i = 1; i <= count; i++) {
		natsMsg *msg = stream_message(&reader, (uint64_t)i);
		json_t *body = json_loadb(natsMsg_GetData(msg), (size_t)natsMsg_GetDataLength(msg),
					  0, NULL);
		const char *id = json_string_value(json_object_get(body, "id"));
		const char *type = json_string_value(json_object_get(body, "type"));
		const char *key = json_string_value(json_object_get(body, "partitionkey"));
		int64_t position =
			strtoll(json_string_value(json_object_get(body, "sequence")), NULL, 10);
		int customer = atoi(key + 1);
		char subject[128], sql[160];

		ck_assert_str_eq(message_head(msg, "Nats-Msg-Id"), id);
		ck_assert_str_eq(message_head(msg, "ce-partitionkey"), key);
		snprintf(subject, sizeof subject, "vorpost." BROKER ".%s", type);
		ck_assert_str_eq(natsMsg_GetSubject(msg), subject);
		ck_assert_msg(position > last[customer], "%s: %d after %d", key, (int)position,
			      (int)last[customer]);
		last[customer] = position;
		snprintf(sql, sizeof sql, "insert into seen values (%d, '%s', '%s')", (int)position,
			 id, key);
		raw_do(stage.raw, sql);
		json_decref(body);
		natsMsg_Destroy(msg);
	}
}

static void require_stream(int64_t count)
{
	raw_do(stage.raw, "create temporary table seen (position bigint, id uuid, key text)");
	raw_do(stage.raw, "begin");
	require_all_once_in_order(count);
	raw_do(stage.raw, "commit");
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from event v join seen s on s.id = "
					      "v.id and s.position = v.position and s.key = "
					      "v.aggregateid"),
			 talloc_asprintf(stage.mem, "%lld", (long long)count));
	ck_assert_str_eq(raw_value(stage.raw, "select count(distinct id) from seen"),
			 talloc_asprintf(stage.mem, "%lld", (long long)count));
	raw_do(stage.raw, "drop table seen");
}

/* ---- one server ---- */

static void one_start(void)
{
	node_start(&nodes[0], stage.folder, "one",
		   talloc_asprintf(stage.mem, "jetstream { store_dir: \"%s/js\" }", stage.folder));
	reader_open(&reader, &nodes[0], "");
}

static char *one_host(void)
{
	return talloc_asprintf(stage.mem, "127.0.0.1:%d", nodes[0].port);
}

START_TEST(delivered_and_marked)
{
	one_start();
	stream_make(&reader, 1, -1);
	endpoint_put(one_host(), NULL);
	events_put(500, 7);
	deliver_now();
	ck_assert_int_eq((int)counts.sent, 500);
	ck_assert_str_eq(row("position, delivered, failures, lease_owner is null"),
			 "500 | 500 | 0 | t");
	require_stream(500);
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from event_accepted"), "334");
}
END_TEST

START_TEST(without_a_stream_it_waits_and_says_why)
{
	one_start();
	endpoint_put(one_host(), "{600}");
	events_put(50, 3);
	deliver_now();
	ck_assert_str_eq(row("position, failures, state"), "0 | 1 | active");
	ck_assert_str_eq(row("next_attempt_at - lease_until between '600 s' and '661 s'"), "t");
	ck_assert_ptr_nonnull(strstr(row("last_error"), "no stream takes this subject"));
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from lane_block"), "0");
	stream_make(&reader, 1, -1);
	deliver_all(50, NULL);
	ck_assert_str_eq(row("failures, last_error is null"), "0 | t");
	require_stream(50);
}
END_TEST

START_TEST(a_full_stream_stops_all_and_parks_nothing)
{
	one_start();
	stream_make(&reader, 1, 20);
	endpoint_put(one_host(), "{600}");
	events_put(50, 50);
	for (int i = 0; i < 15; i++) /* more often than webhooks are tried */
		deliver_now();
	ck_assert_int_eq((int)stream_count(&reader), 20);
	ck_assert_ptr_nonnull(strstr(row("last_error"), "full"));
	ck_assert_str_eq(raw_value(stage.raw,
				   "select (select count(*) from lane_block) + (select count(*) "
				   "from dead_letter)"),
			 "0");
	ck_assert_str_eq(row("state"), "active");
}
END_TEST

START_TEST(only_wanted_types)
{
	one_start();
	stream_make(&reader, 1, -1);
	endpoint_put(one_host(), NULL);
	raw_do(stage.raw, "update endpoint set types = '{customer}'");
	events_put(30, 3);
	deliver_now();
	ck_assert_str_eq(row("position, delivered"), "30 | 20");
	ck_assert_int_eq((int)stream_count(&reader), 20);
}
END_TEST

START_TEST(killed_and_started_again)
{
	one_start();
	stream_make(&reader, 1, -1);
	endpoint_put(one_host(), "{600}");
	events_put(300, 5);
	courier_anew(&hasty_conf);
	node_hang(&nodes[0]);
	deliver_now(); /* nothing is acknowledged */
	ck_assert_str_eq(row("position"), "0");
	node_kill(&nodes[0]);
	deliver_now();
	ck_assert_str_eq(row("position"), "0");
	node_run(&nodes[0]);
	reader_close(&reader);
	reader_open(&reader, &nodes[0], "");
	courier_anew(&courier_conf);
	deliver_now();
	ck_assert_str_eq(row("position, failures"), "300 | 0");
	require_stream(300);
}
END_TEST

/* ---- three ---- */

static void cluster_start(void)
{
	int ports[NODES];
	char *routes = talloc_strdup(stage.mem, "");

	courier_anew(&hasty_conf);
	for (int i = 0; i < NODES; i++) {
		ports[i] = port_free();
		routes = talloc_asprintf_append(routes, "\"nats://127.0.0.1:%d\", ", ports[i]);
	}
	for (int i = 0; i < NODES; i++)
		node_start(&nodes[i], stage.folder, talloc_asprintf(stage.mem, "n%d", i),
			   talloc_asprintf(stage.mem,
					   "jetstream { store_dir: \"%s/js%d\" }\n"
					   "cluster { name: vorpost, listen: \"127.0.0.1:%d\", "
					   "routes: [ %s] }",
					   stage.folder, i, ports[i], routes));
	reader_open(&reader, &nodes[0], "");
	stream_make(&reader, NODES, -1);
	endpoint_put(talloc_asprintf(stage.mem, "127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d",
				     nodes[0].port, nodes[1].port, nodes[2].port),
		     "{0,1,1}");
}

/* The number of the node that leads the stream. */
static int leader(void)
{
	jsStreamInfo *info = NULL;
	int found = 0;

	for (int i = 0; i < 300; i++) {
		if (js_GetStreamInfo(&info, reader.js, "EVENTS", NULL, NULL) == NATS_OK &&
		    info->Cluster && info->Cluster->Leader)
			break;
		jsStreamInfo_Destroy(info);
		info = NULL;
		usleep(100000);
	}
	ck_assert_ptr_nonnull(info);
	found = info->Cluster->Leader[1] - '0';
	jsStreamInfo_Destroy(info);
	return found;
}

static int victim, step;

static void kill_one_and_let_it_come_back(int64_t sent)
{
	if (step == 0 && sent > EVENTS / 5) {
		node_kill(&nodes[victim]);
		step = 1;
	} else if (step == 1 && sent > EVENTS / 2) {
		node_run(&nodes[victim]);
		step = 2;
	}
}

/* Every member of the cluster has what the leader has, and that is `count` messages. A member that was just killed may
 * for a while answer for the stream with the little that it had. */
static bool settled(int64_t count)
{
	jsStreamInfo *info = NULL;
	bool whole = js_GetStreamInfo(&info, reader.js, "EVENTS", NULL, NULL) == NATS_OK &&
		     info->Cluster && info->Cluster->Leader &&
		     info->Cluster->ReplicasLen == NODES - 1 && (int64_t)info->State.Msgs == count;

	for (int i = 0; whole && i < info->Cluster->ReplicasLen; i++)
		whole = info->Cluster->Replicas[i]->Current;
	jsStreamInfo_Destroy(info);
	return whole;
}

/* A consumer that comes once the cluster is whole again. */
static void reader_again(int64_t count)
{
	int64_t until_ms = clock_monotonic_ms() + 120000;

	reader_close(&reader);
	reader_open(&reader, &nodes[0], "");
	while (!settled(count) && clock_monotonic_ms() < until_ms)
		usleep(100000);
}

/* The node that we are connected to first, then the one that leads the stream. */
START_TEST(a_cluster_that_loses_a_node)
{
	cluster_start();
	victim = _i == 0 ? 0 : leader();
	step = 0;
	events_put(EVENTS, CUSTOMERS);
	deliver_all(EVENTS, kill_one_and_let_it_come_back);
	ck_assert_int_eq(step, 2);
	reader_again(EVENTS);
	require_stream(EVENTS);
}
END_TEST

static void kill_all_and_let_them_come_back(int64_t sent)
{
	if (step == 0 && sent > 1000) {
		for (int i = 0; i < NODES; i++)
			node_kill(&nodes[i]);
		step = 1;
	} else if (step >= 1 && step < 40) {
		step++; /* it fails for a while */
	} else if (step == 40) {
		for (int i = 0; i < NODES; i++)
			node_run(&nodes[i]);
		step++;
	}
}

/* The stream keeps what it acknowledged only if the system's page cache lives: here it does. */
START_TEST(a_cluster_that_is_gone_and_back)
{
	cluster_start();
	step = 0;
	events_put(3000, CUSTOMERS);
	deliver_all(3000, kill_all_and_let_them_come_back);
	ck_assert_int_gt(counts.failed, 0);
	reader_again(3000);
	require_stream(3000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("deliver_bus");
	TCase *cases = tcase_create("deliver_bus");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, open_all, close_all);
	tcase_set_timeout(cases, 300);
	tcase_add_test(cases, delivered_and_marked);
	tcase_add_test(cases, without_a_stream_it_waits_and_says_why);
	tcase_add_test(cases, a_full_stream_stops_all_and_parks_nothing);
	tcase_add_test(cases, only_wanted_types);
	tcase_add_test(cases, killed_and_started_again);
	tcase_add_loop_test(cases, a_cluster_that_loses_a_node, 0, 2);
	tcase_add_test(cases, a_cluster_that_is_gone_and_back);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
