/* stock_race_test.c -- two imports of one broker at once, and rules that change during one: the second waits, and no name is left behind. */
#include <sys/wait.h>
#include <unistd.h>

#include "house.h"
#include "matcher/stock_names.h"
#include "matcher/stock_take.h"

#define LOCK_LONGEST_S 20 /* store/db.c: what is no import gives up waiting for a lock */

/* ---- one import ---- */

struct import {
	struct stock_order order;
	struct stock_take *take;
};

static bool import_begin(struct import *i, struct db *db, struct err *e)
{
	i->order.db = db;
	i->order.broker = "demo";
	i->order.insurers = house.matcher.insurers;
	i->order.self = i;
	i->take = stock_take_begin(&i->order, house.mem, e);
	return i->take != NULL;
}

/* Contract A with this number; not committed yet. */
static bool import_number(struct import *i, const char *number, struct err *e)
{
	char *text = talloc_asprintf(house.mem,
				     "contract_id,vu,number,customer_id\nA,9001,%s,K-1\n", number);
	FILE *file = fmemopen(text, strlen(text), "r");
	struct stock_counts read;
	struct import_counts counts;
	bool ok = stock_take_file(i->take, file, &read, &counts, e);

	fclose(file);
	return ok;
}

static bool import_end(struct import *i, struct err *e)
{
	bool changed, ok = stock_take_end(i->take, &changed, e);

	talloc_free(i->take);
	return ok;
}

static void import(const char *number)
{
	struct import one = { 0 };
	struct err e = { 0 };

	ck_assert_msg(import_begin(&one, house.matcher.db, &e) && import_number(&one, number, &e) &&
			      import_end(&one, &e),
		      "%s", e.text);
}

/* ---- another at the same moment ---- */

static int told; /* a pipe */

static void tell_waits(void *self)
{
	(void)self;
	ck_assert_int_eq(write(told, "w", 1), 1);
}

static bool other_imports(const char *number)
{
	struct import other = { .order = { .waits = tell_waits } };
	struct err e = { 0 };
	struct db *db = db_open(house.conninfo, house.mem, &e);

	return db && import_begin(&other, db, &e) && import_number(&other, number, &e) &&
	       import_end(&other, &e);
}

/* He waits when it returns, or it fails. */
static pid_t other_comes(const char *number)
{
	int ends[2];
	char said;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	told = ends[1];
	child = fork();
	if (child == 0)
		_exit(!other_imports(number));
	close(ends[1]);
	ck_assert_msg(read(ends[0], &said, 1) == 1, "the other import did not wait");
	close(ends[0]);
	return child;
}

START_TEST(one_import_at_a_time)
{
	struct import first = { 0 };
	struct err e = { 0 };
	int status;
	pid_t other;

	import("11111111");
	ck_assert_msg(import_begin(&first, house.matcher.db, &e), "%s", e.text);
	ck_assert_msg(import_number(&first, "22222222", &e), "%s", e.text);
	other = other_comes("33333333");
	sleep(LOCK_LONGEST_S + 1);
	ck_assert_msg(import_end(&first, &e), "%s", e.text);
	ck_assert_int_eq(waitpid(other, &status, 0), other);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(
		ask("select string_agg(key || ' ' || origin, ', ' order by key) from contract_name"
		    " where key ~ '^[0-9]+$'"),
		"11111111 former, 22222222 former, 33333333 system");
}
END_TEST

START_TEST(rules_wait_for_an_import)
{
	struct import first = { 0 };
	struct rekey_counts counts;
	struct matcher beside = house.matcher;
	struct err e = { 0 };

	import("11111111");
	beside.db = db_open(house.conninfo, house.mem, &e);
	ck_assert(import_begin(&first, house.matcher.db, &e));
	ck_assert(!stock_names_rekey(&beside, "north", &counts, &e));
	ck_assert_msg(e.kind == ERR_CONFLICT && strstr(e.text, "is being imported"), "%s", e.text);
	err_clear(&e);
	ck_assert_msg(import_number(&first, "22222222", &e) && import_end(&first, &e), "%s",
		      e.text);
	ck_assert_msg(stock_names_rekey(&beside, "north", &counts, &e), "%s", e.text);
	ck_assert_int_eq(counts.contracts, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("matcher/stock_race");
	TCase *tc = tcase_create("stock_race");

	tcase_add_test(tc, one_import_at_a_time);
	tcase_add_test(tc, rules_wait_for_an_import);
	return house_run(suite, tc);
}
