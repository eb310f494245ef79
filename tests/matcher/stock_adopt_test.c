/* stock_adopt_test.c -- a contract that a person made, a number that he confirmed, and the stock that delivers it afterwards. */
#include "matcher/stock_adopt.h"

#include "house.h"
#include "matcher/objections.h"
#include "matcher/queue.h"
#include "matcher/rematch.h"
#include "matcher/stock_take.h"

#define HEAD "contract_id,vu,number,line,start,end,customer_id,name,first_name,birth_date\n"

/* ---- a person makes one ---- */

static struct contract by_hand(const char *id, const char *number)
{
	return (struct contract){ .contract_id = talloc_strdup(house.mem, id),
				  .vu = talloc_strdup(house.mem, "9001"),
				  .number = talloc_strdup(house.mem, number),
				  .name = talloc_strdup(house.mem, "Amsel"),
				  .first_name = talloc_strdup(house.mem, "Anna"),
				  .birth_date = talloc_strdup(house.mem, "1970-05-01") };
}

/* The document for which it is made; confirmed: objections. */
static char *make(const struct contract *contract, unsigned confirmed)
{
	static int shipment;
	char *id = talloc_asprintf(house.mem, "H-%d", ++shipment), *document;
	struct decided done;
	struct err e = { 0 };

	document = arrive(id, talloc_asprintf(house.mem, "policy=%s", contract->number));
	ck_assert_msg(queue_create(&house.matcher,
				   &(struct decision){ .document = document,
						       .created = contract,
						       .by = "clerk",
						       .confirmed = confirmed,
						       .note = "seen" },
				   &done, house.mem, &e),
		      "%s", e.text);
	return document;
}

/* ---- the stock ---- */

struct told {
	struct import_counts counts;
	char *sentences, *changes;
};

static void tell_problem(void *self, const struct stock_counts *counts, uint64_t record,
			 bool skipped, const char *sentence)
{
	struct told *told = self;

	ck_assert(!skipped && record == 0 && counts->problems > 0);
	told->sentences = talloc_asprintf_append(told->sentences, "%s;", sentence);
}

static void tell_change(void *self, const struct contract_change *change)
{
	struct told *told = self;

	told->changes = talloc_asprintf_append(told->changes, "%s%s;", change->contract_id,
					       change->adopted ? " adopted" : "");
}

static struct told deliver_as(const char *rows, const char *source, bool dry_run)
{
	struct told told = { .sentences = talloc_strdup(house.mem, ""),
			     .changes = talloc_strdup(house.mem, "") };
	const struct stock_order order = { .db = house.matcher.db,
					   .broker = "demo",
					   .insurers = house.matcher.insurers,
					   .source = source,
					   .many_vanished = true,
					   .dry_run = dry_run,
					   .self = &told,
					   .problem = tell_problem,
					   .change = tell_change };
	char *text = talloc_asprintf(house.mem, HEAD "%s", rows);
	FILE *file = fmemopen(text, strlen(text), "r");
	struct err e = { 0 };
	struct stock_take *take = stock_take_begin(&order, house.mem, &e);
	struct stock_counts read;
	bool changed;

	ck_assert_msg(take && stock_take_file(take, file, &read, &told.counts, &e) &&
			      stock_take_end(take, &changed, &e),
		      "%s", e.text);
	talloc_free(take);
	fclose(file);
	return told;
}

static struct told deliver(const char *rows)
{
	return deliver_as(rows, "crm", false);
}

static const char *contracts(void)
{
	return ask("select string_agg(contract_id, ' ' order by contract_id) from contract");
}

/* Nothing was adopted: both stand, and it is said so in these words. */
static void both_stand(const char *rows, const char *ids, int beside, const char *words)
{
	struct told told = deliver(rows);

	ck_assert_int_eq(told.counts.adopted, 0);
	ck_assert_str_eq(contracts(), ids);
	ck_assert_int_eq(told.counts.beside, beside);
	ck_assert_msg(*words ? strstr(told.sentences, words) != NULL : !*told.sentences, "%s",
		      told.sentences);
	ck_assert_str_eq(ask("select count(*) from contract_adopted"), "0");
	ck_assert_str_eq(ask("select source from contract where contract_id = 'P'"), "person");
}

#define ROW "S-1,9001,47114711,040,2020-01-01,,K-1,Amsel,Anna,1970-05-01\n"

START_TEST(one_contract_afterwards)
{
	struct contract p = by_hand("P", "4711-4711");
	char *document;
	struct told told;

	p.customer_id = NULL;
	document = make(&p, 0);
	ask("update contract_name set created_at = '2020-02-02'");
	told = deliver(ROW);
	ck_assert_int_eq(told.counts.adopted, 1);
	ck_assert_int_eq(told.counts.added, 0);
	ck_assert_int_eq(told.counts.changed, 1);
	ck_assert_str_eq(told.changes, "P adopted;");
	ck_assert_str_eq(told.sentences, "");
	ck_assert_str_eq(contracts(), "P");
	ck_assert_str_eq(
		ask("select concat_ws(' ', number, line, starts_on, customer_id, source) from contract"),
		"47114711 040 2020-01-01 K-1 crm");
	ck_assert_str_eq(
		ask("select string_agg(key || ' ' || origin || ' ' || created_at::date, ',') from contract_name"),
		"47114711 system 2020-02-02");
	ck_assert_str_eq(standing(document), "filed person P");
	ck_assert_str_eq(standing(arrive("S-9", "policy=47114711")), "filed exact P");
	/* and again: nothing is new */
	told = deliver(ROW);
	ck_assert_int_eq(told.counts.adopted, 0);
	ck_assert_int_eq(told.counts.unchanged, 1);
	ck_assert_str_eq(contracts(), "P");
	/* what the stock changes, it changes there */
	told = deliver("S-1,9001,47114711,040,2020-01-01,,K-1,Drossel,Anna,1970-05-01\n");
	ck_assert_int_eq(told.counts.changed, 1);
	ck_assert_str_eq(ask("select contract_id || ' ' || name from contract"), "P Drossel");
	/* and what it does not bring any more is marked there */
	deliver("S-2,9001,99887766,040,,,K-2,Meise,Max,\n");
	ck_assert_str_eq(
		ask("select (vanished_at is not null)::text from contract where contract_id = 'P'"),
		"true");
}
END_TEST

START_TEST(its_own_spelling_stays_a_name)
{
	struct contract p = by_hand("P", "47114711");

	p.printed_number = talloc_strdup(house.mem, "HV-47114711/7");
	make(&p, 0);
	deliver(ROW);
	ck_assert_str_eq(
		ask("select string_agg(key || ' ' || origin, ',' order by key) from contract_name"),
		"47114711 system,HV471147117 former");
	deliver(ROW);
	ck_assert_str_eq(standing(arrive("S-9", "policy=HV47114711-7")), "filed exact P");
}
END_TEST

START_TEST(a_dry_run_says_so_and_does_nothing)
{
	struct contract p = by_hand("P", "47114711");
	struct told told;

	make(&p, 0);
	told = deliver_as(ROW, "crm", true);
	ck_assert_int_eq(told.counts.adopted, 1);
	ck_assert_str_eq(ask("select count(*) from contract_adopted"), "0");
	ck_assert_str_eq(ask("select contract_id || ' ' || source from contract"), "P person");
}
END_TEST

START_TEST(nobody_is_joined_to_another)
{
	struct contract p = by_hand("P", "47114711");
	char *document = make(&p, 0);

	both_stand("S-1,9001,47114711,040,,,K-1,Amsel,Berta,1972-02-02\n", "P S-1", 1,
		   "contract P, which a person made, has the number of one of these");
	ck_assert_str_eq(standing(document), "filed person P");
	ck_assert_str_eq(standing(arrive("S-9", "policy=47114711")), "queued several_contracts");
}
END_TEST

START_TEST(another_customer_of_one_surname_is_not_known_to_be_the_same)
{
	struct contract p = by_hand("P", "47114711");

	p.customer_id = talloc_strdup(house.mem, "K-7");
	p.first_name = p.birth_date = NULL;
	make(&p, 0);
	both_stand(ROW, "P S-1", 1, "its holder is not known to be the same");
}
END_TEST

START_TEST(two_made_by_hand_with_one_number)
{
	struct contract p = by_hand("P", "47114711"), q = by_hand("Q", "47114711");

	p.line = talloc_strdup(house.mem, "040");
	q.line = talloc_strdup(house.mem, "140");
	make(&p, 0);
	make(&q, OBJECTION_SAME_NUMBER);
	both_stand("S-1,9001,47114711,,,,K-1,Amsel,Anna,1970-05-01\n", "P Q S-1", 1,
		   "may be more than one contract");
}
END_TEST

START_TEST(the_line_tells_which)
{
	struct contract p = by_hand("P", "47114711"), q = by_hand("Q", "47114711");
	struct told told;

	p.line = talloc_strdup(house.mem, "040");
	q.line = talloc_strdup(house.mem, "140");
	make(&p, 0);
	make(&q, OBJECTION_SAME_NUMBER);
	told = deliver(ROW);
	ck_assert_int_eq(told.counts.adopted, 1);
	ck_assert_str_eq(contracts(), "P Q");
	ck_assert_str_eq(ask("select contract_id from contract_adopted"), "P");
}
END_TEST

START_TEST(two_of_the_stock_with_one_number)
{
	struct contract p = by_hand("P", "47114711");

	make(&p, 0);
	both_stand("S-1,9001,47114711,040,,,K-1,Amsel,Anna,1970-05-01\n"
		   "S-2,9001,47114711,140,,,K-1,Amsel,Anna,1970-05-01\n",
		   "P S-1 S-2", 2, "may be more than one contract");
}
END_TEST

START_TEST(what_is_another_contract)
{
	struct contract p = by_hand("P", "47114711");

	p.line = talloc_strdup(house.mem, "040");
	p.start = talloc_strdup(house.mem, "2021-01-01");
	make(&p, 0);
	both_stand(
		"S-1,9999,47114711,040,,,K-1,Amsel,Anna,1970-05-01\n" /* the same digits elsewhere */
		"S-2,9001,47114711,140,,,K-1,Amsel,Anna,1970-05-01\n" /* another line */
		"S-3,9001,47114711,040,2001-01-01,2020-12-31,K-1,Amsel,Anna,1970-05-01\n" /* it had ended */
		"S-4,9001,47114712,040,,,K-1,Amsel,Anna,1970-05-01\n", /* another digit */
		"P S-1 S-2 S-3 S-4", 0, "");
}
END_TEST

START_TEST(what_the_stock_has_already_is_no_other)
{
	struct contract p = by_hand("P", "47114711");

	p.line = talloc_strdup(house.mem, "140");
	deliver(ROW);
	make(&p, OBJECTION_SAME_NUMBER);
	ask("update contract set line = null where contract_id = 'P'");
	both_stand(ROW, "P S-1", 0, "");
}
END_TEST

START_TEST(an_undo_afterwards_takes_back_what_the_person_did)
{
	struct contract p = by_hand("P", "47114711");
	char *document = make(&p, 0);
	struct decided done;
	struct err e = { 0 };

	deliver_as(ROW, NULL, false); /* nobody says where it is from */
	ck_assert_msg(queue_undo(&house.matcher,
				 &(struct decision){ .document = document, .by = "clerk" }, &done,
				 house.mem, &e),
		      "%s", e.text);
	ck_assert_str_eq(standing(document), "queued taken_back");
	ck_assert_str_eq(contracts(), "P");
	ck_assert_str_eq(ask("select count(*) from contract_name"), "1");
	ck_assert_int_eq(deliver(ROW).counts.adopted, 0);
	ck_assert_str_eq(contracts(), "P");
}
END_TEST

START_TEST(an_undo_before_leaves_nothing_to_adopt)
{
	struct contract p = by_hand("P", "47114711");
	char *document = make(&p, 0);
	struct decided done;
	struct err e = { 0 };

	ck_assert(queue_undo(&house.matcher,
			     &(struct decision){ .document = document, .by = "clerk" }, &done,
			     house.mem, &e));
	ck_assert_int_eq(deliver(ROW).counts.adopted, 0);
	ck_assert_str_eq(contracts(), "S-1");
}
END_TEST

/* All in one statement: 10,000 of them one by one would be as many round trips. */
START_TEST(ten_thousand_at_once)
{
	enum { MANY = 10000 };
	char *rows = talloc_strdup(house.mem, "");
	struct told told;

	ask("insert into contract (broker, contract_id, issuer, vu, number, name, source)"
	    " select 'demo', 'P' || g, 'north', '9001', (10000000 + g)::text, 'Amsel', 'person' from generate_series(1, 10000) g;"
	    "insert into contract_name (broker, issuer, key, contract_id, origin, spelling)"
	    " select 'demo', 'north', number, contract_id, 'system', number from contract");
	for (int i = 1; i <= MANY; i++)
		rows = talloc_asprintf_append_buffer(rows, "S%d,9001,%d,040,,,K%d,Amsel,Anna,\n", i,
						     10000000 + i, i);
	told = deliver(rows);
	ck_assert_int_eq(told.counts.adopted, MANY);
	ck_assert_int_eq(told.counts.added, 0);
	ck_assert_str_eq(
		ask("select count(*) from contract where contract_id = 'P' || substr(customer_id, 2)"),
		"10000");
	told = deliver(rows);
	ck_assert_int_eq(told.counts.unchanged, MANY);
}
END_TEST

/* ---- a number that a person confirmed ---- */

/* The stock brought it after a person, gave it up, and he takes his word back: it is the contract's number of before. */
START_TEST(a_confirmed_number_stays_a_former_one)
{
	struct err e = { 0 };

	deliver("A,9001,27182818,050,2020-01-01,,K-1,Amsel,Anna,1970-05-01\n");
	ask("update contract_name set origin = 'person', created_by = 'anna', stock_origin = origin, stock_spelling = spelling"
	    " where key = '27182818'");
	for (int i = 0; i < 2; i++) {
		deliver(i ? "A,9001,16180339,050,2020-01-01,,K-1,Amsel,Anna,1970-05-01\n"
			  : "A,9001,31415926,050,2020-01-01,,K-1,Amsel,Anna,1970-05-01\n");
		ck_assert_str_eq(ask("select origin || ' ' || stock_origin || ' ' || stock_spelling"
				     " from contract_name where key = '27182818'"),
				 "person former 27182818");
	}
	ck_assert_msg(db_call(house.matcher.db, SQL_queue_name_withdraw, NULL, NULL, &e, "demo",
			      "north", "27182818", "A"),
		      "%s", e.text);
	ck_assert_str_eq(
		ask("select string_agg(key || ' ' || origin, ', ' order by key) from contract_name"
		    " where key not like 'NS%'"),
		"16180339 system, 27182818 former, 31415926 former");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("matcher/stock_adopt");
	TCase *tc = tcase_create("adopt");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, one_contract_afterwards);
	tcase_add_test(tc, its_own_spelling_stays_a_name);
	tcase_add_test(tc, a_dry_run_says_so_and_does_nothing);
	tcase_add_test(tc, nobody_is_joined_to_another);
	tcase_add_test(tc, another_customer_of_one_surname_is_not_known_to_be_the_same);
	tcase_add_test(tc, two_made_by_hand_with_one_number);
	tcase_add_test(tc, the_line_tells_which);
	tcase_add_test(tc, two_of_the_stock_with_one_number);
	tcase_add_test(tc, what_is_another_contract);
	tcase_add_test(tc, what_the_stock_has_already_is_no_other);
	tcase_add_test(tc, an_undo_afterwards_takes_back_what_the_person_did);
	tcase_add_test(tc, an_undo_before_leaves_nothing_to_adopt);
	tcase_add_test(tc, ten_thousand_at_once);
	tcase_add_test(tc, a_confirmed_number_stays_a_former_one);
	return house_run(suite, tc);
}
