/* deliver_stage.h -- an outbox, an endpoint at the canned receiver, and a courier between them. */
#ifndef TESTS_EVENTS_DELIVER_STAGE_H
#define TESTS_EVENTS_DELIVER_STAGE_H

#include <jansson.h>

#include "events/deliver.h"
#include "events/sequence.h"
#include "tests/events/canned.h"
#include "tests/events/stage.h"

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

/* A slow machine is no slow receiver. */
static const struct courier_conf courier_conf = {
	.broker = BROKER,
	.source = "//vorpost/test",
	.connect_ms = 60000,
	.total_ms = 60000,
};

/* For receivers that never answer. */
static const struct courier_conf hasty_conf = {
	.broker = BROKER,
	.source = "//vorpost/test",
	.connect_ms = 10000,
	.total_ms = 10000,
};

static inline char *secret_path(void)
{
	char *path = talloc_asprintf(stage.mem, "%s/secret", stage.folder);
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(SECRET "\n", file);
	fclose(file);
	ck_assert_int_eq(chmod(path, 0600), 0);
	return path;
}

/* An endpoint at the canned receiver for types "{a,b}"; stands at position 0. */
static inline void endpoint_put_at(const char *name, const char *types, const char *retry_s,
				   int port)
{
	struct err e = { 0 };
	char *url = talloc_asprintf(stage.mem, "http://127.0.0.1:%d/%s", port, name);

	ck_assert_msg(db_call(stage.db, SQL_endpoint_add, NULL, stage.mem, &e, BROKER, name, url,
			      secret_path(), NULL, types, "true", retry_s, "0"),
		      "%s", e.text);
}

static inline void endpoint_put(const char *name)
{
	endpoint_put_at(name, "{all}", NULL, receiver.port);
}

static inline void number_all(void)
{
	struct err e = { 0 };

	ck_assert_msg(sequence_run(stage.db, BROKER, NULL, &e), "%s", e.text);
}

/* For one customer, or for `customers` in turn: K1, K2 ... */
static inline void events_put_for(int count, int customers)
{
	char key[16];

	raw_do(stage.raw, "begin");
	for (int i = 1; i <= count; i++) {
		snprintf(key, sizeof key, "K%d", (i - 1) % customers + 1);
		event_put(stage.raw, i % 3 ? "document.attached" : "document.unmatched", key, i);
	}
	raw_do(stage.raw, "commit");
	number_all();
}

static inline void events_put(int count)
{
	events_put_for(count, 1);
}

static inline struct delivered deliver_as(const struct courier_conf *conf)
{
	struct err e = { 0 };
	struct delivered counts = { 0 };
	struct courier *courier = courier_new(conf, stage.mem);

	ck_assert_msg(deliver_due(stage.db, courier, &counts, &e), "%s", e.text);
	talloc_free(courier);
	return counts;
}

static inline struct delivered deliver_now(void)
{
	return deliver_as(&courier_conf);
}

/* As if the waits were over. */
static inline struct delivered deliver_later(void)
{
	raw_do(stage.raw, "update endpoint set next_attempt_at = now()");
	raw_do(stage.raw, "update lane_block set next_attempt_at = now()");
	return deliver_now();
}

/* Waits that do not end meanwhile, however slow the machine is. */
static inline void wait_long(const char *table)
{
	raw_do(stage.raw,
	       talloc_asprintf(stage.mem, "update %s set next_attempt_at = now() + '1 hour'",
			       table));
}

static const char *of(const char *table, const char *columns)
{
	return raw_value(
		stage.raw,
		talloc_asprintf(stage.mem, "select concat_ws(' | ', %s) from %s", columns, table));
}

static const char *row(const char *columns)
{
	return of("endpoint", columns);
}

/* A number or a text of the data or the envelope of the n-th request. */
static inline json_t *got_json(int n)
{
	json_t *json = json_loads(receiver.got[n].body, 0, NULL);

	ck_assert_msg(json != NULL, "request %d is not JSON: %s", n, receiver.got[n].body);
	return json;
}

/* Which event came as the n-th request: "no" of its data. */
static inline int got_no(int n)
{
	json_t *json = got_json(n);
	int no = (int)json_integer_value(json_object_get(json_object_get(json, "data"), "no"));

	json_decref(json);
	return no;
}

/* For each customer the first acceptances are in order, none is missing, repetitions have the same
 * id. Events were put by events_put_for. */
static inline void require_order(int count, int customers)
{
	int *next = talloc_array(stage.mem, int, customers);
	const char **ids = talloc_zero_array(stage.mem, const char *, count + 1);

	for (int k = 0; k < customers; k++)
		next[k] = k + 1;
	ck_assert_int_le(receiver.count, CANNED_MOST);
	for (int i = 0; i < receiver.count; i++) {
		int no = got_no(i);
		int k = (no - 1) % customers;

		ck_assert_msg(no > 0 && no <= count, "no event of ours: %s", receiver.got[i].body);
		ck_assert_msg(no <= next[k], "customer %d: %d came before %d", k + 1, no, next[k]);
		if (ids[no])
			ck_assert_str_eq(ids[no], receiver.got[i].id);
		ids[no] = receiver.got[i].id;
		if (receiver.got[i].accepted && no == next[k])
			next[k] += customers;
	}
	for (int k = 0; k < customers; k++)
		ck_assert_msg(next[k] > count, "customer %d: %d is missing", k + 1, next[k]);
}

#endif
