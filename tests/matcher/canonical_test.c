/* canonical_test.c -- the stock's numbers in the insurer's form: what changes, what is refused, undo, and imports afterwards. */
#include "matcher/canonical.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "house.h"
#include "matcher/stock_import.h"
#include "normalizers/picture.h"

static struct canonical_counts counts;
static char run[UUID_TEXT_SIZE];
static char *told; /* "A 27182818>NS27182818" each, ", " between */

static void take(void *self, const struct renumbering *row)
{
	(void)self;
	told = talloc_asprintf_append(told, "%s%s %s>%s%s%s%s", *told ? ", " : "", row->contract_id,
				      row->before ? row->before : "-",
				      row->after ? row->after : "-", row->rival ? " !" : "",
				      row->rival ? row->rival : "", row->changed ? "" : " stays");
}

static struct canonical_order order_of(bool dry_run)
{
	told = talloc_strdup(house.mem, "");
	return (struct canonical_order){ .by = "anna", .dry_run = dry_run, .take = take };
}

static void bring(bool dry_run)
{
	const struct canonical_order order = order_of(dry_run);
	struct err e = { 0 };

	ck_assert_msg(canonicalise(run, &house.matcher, &order, &counts, &e), "%s", e.text);
}

static void undo(void)
{
	const struct canonical_order order = order_of(false);
	struct err e = { 0 };

	ck_assert_msg(canonical_undo(&house.matcher, run, &order, &counts, &e), "%s", e.text);
}

static const char *number_of(const char *id)
{
	return ask(talloc_asprintf(house.mem,
				   "select number from contract where contract_id = '%s'", id));
}

/* "27182818 system 27182818, ..." by key */
static const char *names_of(const char *id)
{
	return ask(talloc_asprintf(
		house.mem,
		"select string_agg(key || ' ' || origin || ' ' || spelling, ', ' order by key)"
		" from contract_name where contract_id = '%s'",
		id));
}

static const char *renumbered(void)
{
	return ask(
		"select string_agg(aggregateid || ' ' || (payload ->> 'contract_id'), ', ' order by aggregateid, id)"
		" from event where type = 'contract.renumbered'");
}

static void import(const char *id, const char *number)
{
	struct contract c = { .contract_id = talloc_strdup(house.mem, id),
			      .vu = talloc_strdup(house.mem, "9001"),
			      .number = talloc_strdup(house.mem, number),
			      .customer_id = talloc_asprintf(house.mem, "C-%s", id) };
	struct stock_import *import =
		stock_import_begin(house.matcher.db, "demo", house.matcher.insurers, house.mem);
	struct import_counts imported;
	struct err e = { 0 };

	ck_assert_msg(db_begin(house.matcher.db, &e), "%s", e.text);
	ck_assert_msg(stock_import_add(import, &c, STOCK_CSV, &e) &&
			      stock_import_end(import, &imported, &e) &&
			      db_commit(house.matcher.db, &e),
		      "%s", e.text);
	talloc_free(import);
}

/* ---- the policy ---- */

START_TEST(policy)
{
	static const struct {
		const char *number, *printed, *line;
		enum canonical_state state;
		const char *after;
	} rows[] = {
		{ "27182818", NULL, NULL, CANONICAL_CHANGES, "NS27182818" },
		{ "ns-27182818", NULL, "050", CANONICAL_CHANGES, "NS27182818" },
		{ "NS27182818", NULL, "050", CANONICAL_ALREADY, "" },
		{ "27182818", NULL, "130", CANONICAL_UNREAD, "" },
		{ "2718281", NULL, NULL, CANONICAL_UNREAD, "" },
		{ NULL, "NS-27182818", NULL, CANONICAL_CHANGES, "NS27182818" },
		{ NULL, NULL, NULL, CANONICAL_UNREAD, "" },
		{ "27182818", "NS 27182818", NULL, CANONICAL_CHANGES, "NS27182818" },
		{ "27182818", "NS 27182819", NULL, CANONICAL_CONTRADICTS, "" },
		{ "27182818", "siehe Anlage", NULL, CANONICAL_CHANGES, "NS27182818" },
	};
	const struct insurer *north = insurers_by_issuer(house.matcher.insurers, "north");

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct contract c = { .number = (char *)rows[i].number,
					    .printed_number = (char *)rows[i].printed,
					    .line = (char *)rows[i].line };
		char after[KEY_MOST + 1] = "", key[KEY_MOST + 1] = "";

		ck_assert_msg(canonical_of(after, key, north, &c) == rows[i].state, "row %zu", i);
		ck_assert_str_eq(after, rows[i].after);
	}
	ck_assert_int_eq(
		canonical_of(NULL, NULL, NULL, &(struct contract){ .number = (char *)"1" }),
		CANONICAL_UNREAD);
}
END_TEST

/* The same picture, but nobody confirmed it; or two confirmed ones. */
START_TEST(only_one_confirmed)
{
	const struct insurer *north = insurers_by_issuer(house.matcher.insurers, "north");
	struct picture pictures[2] = { north->pictures[0], north->pictures[0] };
	struct insurer unsure = *north, twice = *north;
	const struct contract c = { .number = (char *)"27182818" };
	char after[KEY_MOST + 1], key[KEY_MOST + 1];

	pictures[0].confidence = (char *)"inferred";
	unsure.pictures = pictures;
	unsure.picture_count = 1;
	ck_assert_int_eq(canonical_of(after, key, &unsure, &c), CANONICAL_UNCONFIRMED);
	unsure.picture_count = 2;
	ck_assert_int_eq(canonical_of(after, key, &unsure, &c), CANONICAL_CHANGES);
	pictures[0].confidence = pictures[1].confidence;
	twice.pictures = pictures;
	twice.picture_count = 2;
	ck_assert_int_eq(canonical_of(after, key, &twice, &c), CANONICAL_UNCONFIRMED);
}
END_TEST

/* ---- one run ---- */

START_TEST(a_dry_run_changes_nothing)
{
	contract_add("A", "27182818");
	bring(true);
	ck_assert_str_eq(told, "A 27182818>NS27182818 stays");
	ck_assert_int_eq(counts.changed, 1);
	ck_assert_str_eq(number_of("A"), "27182818");
	ck_assert_str_eq(
		ask("select (select count(*) from renumbering) + (select count(*) from event)"
		    " + (select count(*) from rematch_due)"),
		"0");
}
END_TEST

START_TEST(numbers_names_and_events)
{
	contract_add("A", "27182818");
	contract_add("B", "NS-31415926");
	ask("update contract_name set key = 'NS31415926' where contract_id = 'B'");
	contract_add("C", "NS16180339");
	contract_add("D", "4711");
	ask("update contract set customer_id = null where contract_id = 'B'");
	bring(false);
	ck_assert_str_eq(told, "A 27182818>NS27182818, B NS-31415926>NS31415926");
	ck_assert_int_eq(counts.contracts, 4);
	ck_assert_int_eq(counts.changed, 2);
	ck_assert_int_eq(counts.states[CANONICAL_ALREADY], 1);
	ck_assert_int_eq(counts.states[CANONICAL_UNREAD], 1);
	ck_assert_str_eq(number_of("A"), "NS27182818");
	ck_assert_str_eq(names_of("A"), "27182818 former 27182818, NS27182818 system NS27182818");
	ck_assert_str_eq(names_of("B"), "NS31415926 former NS-31415926");
	ck_assert_str_eq(renumbered(), "B B, C-A A");
	ck_assert_str_eq(
		ask("select count(*) from event where payload::text ~ '27182818|31415926'"), "0");
	ck_assert_str_eq(ask("select payload ->> 'run' from event limit 1"), run);
	ck_assert_str_eq(ask("select issuer || ' ' || why from rematch_due"), "north canonicalise");
	bring(false);
	ck_assert_int_eq(counts.changed, 0);
	ck_assert_int_eq(counts.states[CANONICAL_ALREADY], 3);
}
END_TEST

/* What a person said stays as it is, also under the very keys that change. */
START_TEST(a_persons_name_stays)
{
	contract_add("A", "27182818");
	ask("update contract_name set origin = 'person', created_by = 'bert'");
	bring(false);
	ck_assert_str_eq(names_of("A"), "27182818 person 27182818, NS27182818 system NS27182818");
	undo();
	ck_assert_str_eq(names_of("A"), "27182818 person 27182818");
}
END_TEST

START_TEST(conflicts_stay)
{
	contract_add("A", "27182818"); /* with C: both would be NS27182818 */
	contract_add("B", "NS31415926");
	contract_add("C", "NS-27182818");
	contract_add("E", "31415926"); /* B has that number */
	contract_add("F", "16180339"); /* a person called G so */
	contract_add("G", "4711");
	ask("insert into contract_name values ('demo', 'north', 'NS16180339', 'G', 'person', 'x', now(), 'bert')");
	bring(true);
	ck_assert_int_eq(counts.conflicts, 4);
	bring(false);
	ck_assert_str_eq(told, "A 27182818>NS27182818 !C stays, C NS-27182818>NS27182818 !A stays,"
			       " E 31415926>NS31415926 !B stays, F 16180339>NS16180339 !G stays");
	ck_assert_int_eq(counts.conflicts, 4);
	ck_assert_int_eq(counts.changed, 0);
	ck_assert_str_eq(number_of("A"), "27182818");
	ck_assert_str_eq(ask("select count(*) from event"), "0");
}
END_TEST

/* ---- undo ---- */

START_TEST(undo_brings_everything_back)
{
	const struct canonical_order order = order_of(false);
	struct err e = { 0 };

	contract_add("A", "27182818");
	contract_add("B", "NS-31415926");
	ask("update contract_name set key = 'NS31415926' where contract_id = 'B'");
	bring(false);
	undo();
	ck_assert_str_eq(told, "A NS27182818>27182818, B NS31415926>NS-31415926");
	ck_assert_str_eq(number_of("A"), "27182818");
	ck_assert_str_eq(names_of("A"), "27182818 system 27182818");
	ck_assert_str_eq(names_of("B"), "NS31415926 system NS-31415926");
	ck_assert_str_eq(renumbered(), "C-A A, C-A A, C-B B, C-B B");
	ck_assert_str_eq(ask("select count(*) from renumbering where undone_by = 'anna'"), "2");
	ck_assert(!canonical_undo(&house.matcher, run, &order, &counts, &e));
	ck_assert_int_eq(e.kind, ERR_REFUSED);
	err_clear(&e);
	ck_assert(!canonical_undo(&house.matcher, "00000000-0000-7000-8000-000000000000", &order,
				  &counts, &e));
	ck_assert_int_eq(e.kind, ERR_MISSING);
}
END_TEST

START_TEST(undo_after_a_later_change)
{
	contract_add("A", "27182818");
	contract_add("B", "31415926");
	contract_add("C", "16180339");
	bring(false);
	ask("update contract set number = 'NS99999999' where contract_id = 'A'");
	contract_add("D", "16180339"); /* a new contract with C's former number */
	undo();
	ck_assert_str_eq(told, "A NS27182818>27182818 stays, B NS31415926>31415926,"
			       " C NS16180339>16180339 !D stays");
	ck_assert_int_eq(counts.elsewhere, 1);
	ck_assert_int_eq(counts.conflicts, 1);
	ck_assert_int_eq(counts.changed, 1);
	ck_assert_str_eq(number_of("A"), "NS99999999");
	ck_assert_str_eq(number_of("C"), "NS16180339");
}
END_TEST

/* ---- imports ---- */

START_TEST(the_old_form_comes_again)
{
	static const char *const spellings[] = { "27182818", "2718 2818", "NS-27182818",
						 "NS27182818" };

	import("A", "27182818");
	bring(false);
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		import("A", spellings[i]);
		ck_assert_str_eq(number_of("A"), "NS27182818");
		ck_assert_int_eq(
			strncmp(names_of("A"), "27182818 former 27182818, NS27182818 ", 37), 0);
	}
	ck_assert_str_eq(renumbered(), "C-A A");
	ck_assert_str_eq(
		ask("select changed_at = (select renumbered_at from renumbering) from contract"),
		"t");
	bring(false);
	ck_assert_int_eq(counts.changed, 0);
}
END_TEST

START_TEST(an_undone_number_follows_the_import)
{
	import("A", "27182818");
	bring(false);
	undo();
	import("A", "NS27182818");
	ck_assert_str_eq(number_of("A"), "NS27182818");
}
END_TEST

START_TEST(an_import_that_renumbers_tells)
{
	import("A", "27182818");
	import("A", "2718-2818");
	ck_assert_str_eq(renumbered(), "");
	import("A", "31415926");
	ck_assert_str_eq(renumbered(), "C-A A");
	ck_assert_str_eq(
		ask("select payload::text from event"),
		"{\"insurer\": \"north\", \"contract_id\": \"A\", \"customer_id\": \"C-A\"}");
	ck_assert_str_eq(ask("select substr(id::text, 15, 1) from event"), "7");
}
END_TEST

/* ---- hostile moments ---- */

static void many(void)
{
	ask("insert into contract (broker, contract_id, issuer, vu, number, customer_id)"
	    " select 'demo', 'M' || i, 'north', '9001', (10000000 + i)::text, 'C-' || i from generate_series(1, 2500) i");
	ask("insert into contract_name (broker, issuer, key, contract_id, origin, spelling)"
	    " select 'demo', 'north', number, contract_id, 'system', number from contract");
}

static void die(void *self, const struct canonical_counts *so_far)
{
	(void)self;
	(void)so_far;
	kill(getpid(), SIGKILL);
}

/* Killed after the first batch: that is whole, the rest is as it was, and the next run does it. */
START_TEST(killed_between_batches)
{
	int status;
	pid_t child;

	many();
	child = fork();
	if (child == 0) {
		struct canonical_order order = order_of(false);
		struct matcher matcher = house.matcher;
		struct err e = { 0 };

		matcher.db = db_open(house.conninfo, house.mem, &e);
		order.progress = die;
		canonicalise(run, &matcher, &order, &counts, &e);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	ck_assert_str_eq(ask("select count(*) from contract where number like 'NS%'"), "1000");
	ck_assert_str_eq(ask("select count(*) from event"), "1000");
	ck_assert_str_eq(ask("select count(*) from renumbering"), "1000");
	strcpy(run, ask("select run from renumbering limit 1"));
	undo();
	ck_assert_int_eq(counts.changed, 1000);
	bring(false);
	ck_assert_int_eq(counts.changed, 2500);
	ck_assert_str_eq(ask("select count(*) from event"), "4500");
}
END_TEST

/* Two at once: each contract changes once, and is told once. */
START_TEST(two_at_once)
{
	int status;
	pid_t child;

	many();
	child = fork();
	if (child == 0) {
		const struct canonical_order order = order_of(false);
		struct matcher matcher = house.matcher;
		struct err e = { 0 };

		matcher.db = db_open(house.conninfo, house.mem, &e);
		_exit(matcher.db && canonicalise(run, &matcher, &order, &counts, &e) ? 0 : 1);
	}
	bring(false);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(ask("select count(*) from contract where number like 'NS%'"), "2500");
	ck_assert_str_eq(ask("select count(*) from event"), "2500");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("canonical");

	tcase_add_test(tc, policy);
	tcase_add_test(tc, only_one_confirmed);
	tcase_add_test(tc, a_dry_run_changes_nothing);
	tcase_add_test(tc, numbers_names_and_events);
	tcase_add_test(tc, a_persons_name_stays);
	tcase_add_test(tc, conflicts_stay);
	tcase_add_test(tc, undo_brings_everything_back);
	tcase_add_test(tc, undo_after_a_later_change);
	tcase_add_test(tc, the_old_form_comes_again);
	tcase_add_test(tc, an_undone_number_follows_the_import);
	tcase_add_test(tc, an_import_that_renumbers_tells);
	tcase_add_test(tc, killed_between_batches);
	tcase_add_test(tc, two_at_once);
	return house_run(suite_create("canonical"), tc);
}
