/* The stock in the database: what a second import changes, and what no import may touch. */
#include "house.h"
#include "matcher/rematch.h"
#include "matcher/stock_import.h"
#include "matcher/stock_vanish.h"

#define NAMES                                                                                      \
	"select string_agg(key || ' ' || origin, ', ' order by key) from contract_name where contract_id = "

static struct contract sample(void)
{
	static char *others[] = { "OLD 1" };

	return (struct contract){
		.contract_id = "A",
		.vu = "9001",
		.number = "27182818",
		.printed_number = "NS-27 182 818",
		.other_numbers = others,
		.other_count = 1,
		.line = "050",
		.start = "2004-05-01",
		.end = "2031-05-01",
		.customer_id = "C-A",
		.name = "Muster \"der\" \\ Erste, {NULL}",
		.birth_date = "1970-02-01",
		.application_number = "X9",
	};
}

static struct import_counts import_as(const struct contract *contracts, size_t count,
				      enum stock_format format)
{
	struct err e = { 0 };
	struct import_counts counts;
	struct stock_import *import =
		stock_import_begin(house.matcher.db, "demo", house.matcher.insurers, house.mem);

	ck_assert_msg(db_begin(house.matcher.db, &e), "%s", e.text);
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(stock_import_add(import, &contracts[i], format, &e), "%s", e.text);
	ck_assert_msg(stock_import_end(import, &counts, &e) && db_commit(house.matcher.db, &e),
		      "%s", e.text);
	talloc_free(import);
	return counts;
}

static void expect(struct import_counts counts, int added, int changed, int unchanged, int ended)
{
	ck_assert_int_eq(counts.added, added);
	ck_assert_int_eq(counts.changed, changed);
	ck_assert_int_eq(counts.unchanged, unchanged);
	ck_assert_int_eq(counts.ended, ended);
}

START_TEST(a_second_import_changes_nothing)
{
	struct contract a = sample();
	char *before;

	expect(import_as(&a, 1, STOCK_CSV), 1, 0, 0, 0);
	before = talloc_strdup(
		house.mem,
		ask("select string_agg(n::text, ' ' order by key) from contract_name n"));
	expect(import_as(&a, 1, STOCK_CSV), 0, 0, 1, 0);
	ck_assert_str_eq(ask("select string_agg(n::text, ' ' order by key) from contract_name n"),
			 before);
	ck_assert_str_eq(ask("select name from contract"), a.name);
	ck_assert_str_eq(
		ask("select concat_ws('|', issuer, vu, number, printed_number, line, starts_on, ends_on,"
		    " cancelled, customer_id, first_name, birth_date, plate) from contract"),
		"north|9001|27182818|NS-27 182 818|050|2004-05-01|2031-05-01|f|C-A|1970-02-01");
}
END_TEST

START_TEST(every_number_is_a_name_under_its_keys)
{
	struct contract a = sample();

	import_as(&a, 1, STOCK_CSV);
	ck_assert_str_eq(ask(NAMES "'A'"),
			 "27182818 system, NS27182818 system, OLD1 other, X9 application");
}
END_TEST

START_TEST(names_go_and_come_with_the_numbers)
{
	struct contract a = sample();

	import_as(&a, 1, STOCK_CSV);
	a.other_count = 0;
	a.application_number = "X10";
	expect(import_as(&a, 1, STOCK_CSV), 0, 1, 0, 0);
	ck_assert_str_eq(ask(NAMES "'A'"), "27182818 system, NS27182818 system, X10 application");
}
END_TEST

START_TEST(the_number_before_stays_a_name)
{
	struct contract a = sample();

	import_as(&a, 1, STOCK_CSV);
	a.number = "27182819";
	a.printed_number = "NS-27 182 819";
	import_as(&a, 1, STOCK_CSV);
	ck_assert_str_eq(ask("select count(*) from event where type = 'contract.renumbered'"), "1");
	ck_assert_str_eq(ask(NAMES "'A' and origin in ('system', 'former')"),
			 "27182818 former, 27182819 system, NS27182818 former, NS27182819 system");
	ck_assert_str_eq(standing(arrive("S-1", "policy=NS-27182818")), "filed exact A");
	expect(import_as(&a, 1, STOCK_CSV), 0, 0, 1, 0);
	a.number = "27182818";
	a.printed_number = NULL;
	import_as(&a, 1, STOCK_CSV);
	ck_assert_str_eq(ask(NAMES "'A' and origin in ('system', 'former')"),
			 "27182818 system, 27182819 former, NS27182818 system, NS27182819 former");
}
END_TEST

/* Two stand in one batch, or one after the other: what is another's number by now is none of mine. */
START_TEST(a_number_that_another_contract_took_is_no_former_one)
{
	struct contract two[] = { sample(), sample() };

	two[1].contract_id = "B";
	two[1].customer_id = "C-B";
	two[1].number = "31415926";
	for (int i = 0; i < 2; i++) {
		two[i].printed_number = two[i].application_number = NULL;
		two[i].other_count = 0;
	}
	import_as(two, 2, STOCK_CSV);
	two[0].number = "31415926";
	two[1].number = "27182818";
	import_as(two, 2, STOCK_CSV);
	ck_assert_str_eq(ask("select count(*) from contract_name where origin = 'former'"), "0");
	ck_assert_str_eq(standing(arrive("S-1", "policy=27182818")), "filed exact B");
	two[1].number = "31415926";
	import_as(&two[1], 1, STOCK_CSV);
	two[1].number = "16180339";
	import_as(&two[1], 1, STOCK_CSV);
	ck_assert_str_eq(ask(NAMES "'B'"),
			 "16180339 system, 27182818 former, NS16180339 system, NS27182818 former");
	ck_assert_str_eq(standing(arrive("S-2", "policy=31415926")), "filed exact A");
}
END_TEST

/* The lines of a bundle have one number and get another, in whatever order: a letter under the old one names none of them alone. */
START_TEST(a_bundle_keeps_its_number_of_before)
{
	struct contract two[] = { sample(), sample() };

	two[1].contract_id = "B";
	two[1].line = "040";
	two[0].printed_number = two[1].printed_number = NULL;
	import_as(two, 2, STOCK_CSV);
	two[0].number = two[1].number = "31415926";
	import_as(&two[0], 1, STOCK_CSV);
	import_as(&two[1], 1, STOCK_CSV);
	ck_assert_str_eq(standing(arrive("S-1", "policy=27182818")), "queued several_contracts");
	ck_assert_str_eq(standing(arrive("S-2", "policy=27182818;line=040")), "filed exact B");
}
END_TEST

START_TEST(what_a_person_confirmed_stays)
{
	struct contract a = sample();

	import_as(&a, 1, STOCK_CSV);
	ask("insert into contract_name values ('demo', 'north', 'CLERK', 'A', 'person', 'Clerk', now(), 'anna')");
	ask("update contract_name set origin = 'person', created_by = 'anna' where key = 'OLD1'");
	a.other_count = 0;
	import_as(&a, 1, STOCK_CSV);
	a = sample();
	expect(import_as(&a, 1, STOCK_CSV), 0, 0, 1, 0);
	ck_assert_str_eq(ask(NAMES "'A' and origin = 'person' and created_by = 'anna'"),
			 "CLERK person, OLD1 person");
}
END_TEST

static void withdraw(const char *key)
{
	struct err e = { 0 };

	ck_assert_msg(db_call(house.matcher.db, SQL_queue_name_withdraw, NULL, house.mem, &e,
			      "demo", "north", key, "A"),
		      "%s", e.text);
}

/* He confirmed the number, the stock brought it after him, and he takes his word back: the stock still has it. */
START_TEST(what_the_stock_has_too_outlives_the_persons_word)
{
	struct contract a = sample();

	a.other_count = 0;
	import_as(&a, 1, STOCK_CSV);
	ask("insert into contract_name values ('demo', 'north', 'OLD1', 'A', 'person', 'old-1', now(), 'anna'),"
	    " ('demo', 'north', 'CLERK', 'A', 'person', 'Clerk', now(), 'anna')");
	a = sample();
	expect(import_as(&a, 1, STOCK_CSV), 0, 0, 1, 0);
	ck_assert_str_eq(ask(NAMES "'A' and origin = 'person'"), "CLERK person, OLD1 person");
	withdraw("OLD1");
	withdraw("CLERK");
	ck_assert_str_eq(ask(NAMES "'A' and key in ('CLERK', 'OLD1')"), "OLD1 other");
	ck_assert_str_eq(ask("select spelling || coalesce(created_by, '') from contract_name"
			     " where key = 'OLD1'"),
			 "OLD 1");
	ck_assert_str_eq(standing(arrive("S-1", "policy=OLD1")), "filed exact A");
	ask("update contract_name set origin = 'person', stock_origin = 'other', stock_spelling = 'OLD 1'"
	    " where key = 'OLD1'");
	a.other_count = 0;
	import_as(&a, 1, STOCK_CSV);
	withdraw("OLD1");
	ck_assert_str_eq(ask(NAMES "'A' and key = 'OLD1'"), "");
}
END_TEST

START_TEST(contracts_that_are_not_mentioned_stay)
{
	struct contract a = sample(), b = sample();

	import_as(&a, 1, STOCK_CSV);
	b.contract_id = "B";
	b.number = "27182819";
	expect(import_as(&b, 1, STOCK_CSV), 1, 0, 0, 0);
	ck_assert_str_eq(ask("select count(*) from contract"), "2");
	ck_assert_str_eq(ask("select count(*) from contract_name where contract_id = 'A'"), "4");
}
END_TEST

START_TEST(a_contract_that_was_cancelled_has_ended)
{
	struct contract a = sample();

	import_as(&a, 1, STOCK_GDV);
	a.cancelled = true;
	a.end = "2020-06-15";
	expect(import_as(&a, 1, STOCK_GDV), 0, 1, 0, 1);
	expect(import_as(&a, 1, STOCK_GDV), 0, 0, 1, 0);
	ck_assert_str_eq(ask("select ends_on from contract"), "2020-06-15");
}
END_TEST

/* GDV's end is that of the running term, except for life insurance. */
START_TEST(a_term_is_no_end)
{
	static const struct {
		char *line;
		enum stock_format format;
		const char *ends_on;
	} cases[] = {
		{ "050", STOCK_GDV, "" },
		{ NULL, STOCK_GDV, "" },
		{ "010", STOCK_GDV, "2031-05-01" },
		{ "050", STOCK_CSV, "2031-05-01" },
	};
	struct contract a = sample();

	a.line = cases[_i].line;
	import_as(&a, 1, cases[_i].format);
	ck_assert_str_eq(ask("select ends_on from contract"), cases[_i].ends_on);
}
END_TEST

START_TEST(a_contract_twice_counts_as_it_came_last)
{
	struct contract twice[] = { sample(), sample() };

	twice[1].name = "Later";
	expect(import_as(twice, 2, STOCK_GDV), 1, 1, 0, 0);
	ck_assert_str_eq(ask("select name from contract"), "Later");
}
END_TEST

START_TEST(an_insurer_without_a_file_is_an_issuer_of_its_own)
{
	struct contract a = sample();

	a.vu = "8888";
	import_as(&a, 1, STOCK_CSV);
	ck_assert_str_eq(ask("select string_agg(distinct issuer, ',') from contract_name"),
			 "vu:8888");
	ck_assert_str_eq(ask("select issuer from contract"), "vu:8888");
}
END_TEST

START_TEST(numbers_that_are_none_leave_the_contract_without_a_name)
{
	struct contract a = sample();
	struct import_counts counts;

	a.number = "1234567890123456789012345678901234567890";
	a.printed_number = "--";
	a.other_count = 0;
	a.application_number = NULL;
	counts = import_as(&a, 1, STOCK_CSV);
	ck_assert_int_eq(counts.added, 1);
	ck_assert_int_eq(counts.not_a_number, 2);
	ck_assert_int_eq(counts.without_names, 1);
	ck_assert_int_eq(counts.of_unknown, 0);
	ck_assert_str_eq(ask("select count(*) from contract_name"), "0");
}
END_TEST

/* A name that is misspelt in a CSV is no error, but somebody should hear of it. */
START_TEST(contracts_of_insurers_that_nobody_knows_are_counted)
{
	struct contract both[] = { sample(), sample() };
	struct import_counts counts;

	both[1].contract_id = "B";
	both[1].vu = "Gesellschaft X";
	counts = import_as(both, 2, STOCK_CSV);
	ck_assert_int_eq(counts.added, 2);
	ck_assert_int_eq(counts.of_unknown, 1);
}
END_TEST

START_TEST(more_than_one_batch)
{
	enum { COUNT = 4500 };
	struct contract *all = talloc_array(house.mem, struct contract, COUNT);

	for (int i = 0; i < COUNT; i++) {
		all[i] = sample();
		all[i].contract_id = talloc_asprintf(all, "M%d", i);
		all[i].number = talloc_asprintf(all, "%08d", i + 1);
	}
	expect(import_as(all, COUNT, STOCK_CSV), COUNT, 0, 0, 0);
	all[17].plate = "M-AB 1";
	expect(import_as(all, COUNT, STOCK_CSV), 0, 1, COUNT - 1, 0);
	ck_assert_str_eq(ask("select count(*) from contract_name where key = 'NS27182818'"),
			 "4500");
}
END_TEST

/* ---- rounds: what a full delivery does not mention ---- */

struct round {
	const char *source;
	bool pairs, partial;
	struct import_counts counts;
	struct vanished vanished;
	char *changes; /* "ID fields;" */
};

static void note_change(void *self, const struct contract_change *change)
{
	struct round *round = self;

	round->changes = talloc_asprintf_append(round->changes, "%s %s%s%s;", change->contract_id,
						change->fields, change->ended ? " (ended)" : "",
						change->returned ? " (returned)" : "");
}

static void run_round(struct round *round, const struct contract *contracts, size_t count)
{
	struct db *db = house.matcher.db;
	struct stock_cover *cover = stock_cover_new(house.mem);
	struct stock_import *import =
		stock_import_begin(db, "demo", house.matcher.insurers, house.mem);
	struct err e = { 0 };
	int64_t number = 0;

	round->changes = talloc_strdup(house.mem, "");
	ck_assert(db_begin(db, &e));
	ck_assert(round->partial || stock_round_begin(&number, db, &e));
	stock_import_source(import, round->source, number);
	stock_import_watch(import, note_change, round);
	for (size_t i = 0; i < count; i++) {
		stock_cover_add(cover, &contracts[i]);
		ck_assert_msg(stock_import_add(import, &contracts[i], STOCK_GDV, &e), "%s", e.text);
	}
	ck_assert_msg(stock_import_end(import, &round->counts, &e), "%s", e.text);
	round->vanished = (struct vanished){ 0 };
	if (number)
		ck_assert_msg(stock_vanish(&round->vanished, db, "demo", number, round->source,
					   round->pairs ? cover : NULL, house.mem, &e) &&
				      stock_round_end(db, number, &e),
			      "%s", e.text);
	ck_assert(db_commit(db, &e));
	talloc_free(import);
}

#define VANISHED                                                                                   \
	"select string_agg(contract_id, ' ' order by contract_id) from contract where vanished_at is not null"

static void three(struct contract *c)
{
	static const char *const ids[] = { "A", "B", "C" };

	for (int i = 0; i < 3; i++) {
		c[i] = sample();
		c[i].contract_id = talloc_strdup(house.mem, ids[i]);
		c[i].number = talloc_asprintf(house.mem, "2718281%d", i);
		c[i].printed_number = NULL;
		c[i].other_count = 0;
		c[i].broker_number = "4711";
	}
}

START_TEST(what_a_full_delivery_leaves_out_has_vanished_and_comes_back)
{
	struct round round = { .source = SOURCE_GDV, .pairs = true };
	struct contract c[3];

	three(c);
	run_round(&round, c, 3);
	ck_assert_int_eq(round.vanished.count, 0);
	run_round(&round, c, 2);
	ck_assert_int_eq(round.vanished.covered, 3);
	ck_assert_int_eq(round.vanished.count, 1);
	ck_assert_str_eq(round.vanished.named[0].contract_id, "C");
	ck_assert_str_eq(ask(VANISHED), "C");
	ck_assert_str_eq(ask(NAMES "'C'"), "27182812 system, NS27182812 system, X9 application");
	run_round(&round, c, 2);
	ck_assert_int_eq(round.vanished.count, 0);
	run_round(&round, c, 3);
	ck_assert_int_eq(round.counts.returned, 1);
	ck_assert_str_eq(round.changes, "C vanished (returned);");
	ck_assert_str_eq(ask(VANISHED), "");
	ck_assert_str_eq(ask("select count(*) from contract_seen"), "0");
}
END_TEST

START_TEST(a_part_makes_nothing_vanish)
{
	struct round round = { .source = SOURCE_GDV, .pairs = true };
	struct contract c[3];

	three(c);
	run_round(&round, c, 3);
	round.partial = true;
	run_round(&round, c, 1);
	ck_assert_str_eq(ask(VANISHED), "");
}
END_TEST

/* Another insurer, another broker's number, another source: none of their business. */
START_TEST(only_contracts_of_the_same_source_vanish)
{
	struct round gdv = { .source = SOURCE_GDV, .pairs = true }, csv = { .source = "office" };
	struct contract c[3];

	three(c);
	c[1].vu = "8888";
	c[2].broker_number = NULL;
	run_round(&gdv, c, 3);
	run_round(&gdv, c, 1);
	ck_assert_int_eq(gdv.vanished.covered, 1);
	ck_assert_str_eq(ask(VANISHED), "");
	c[2].contract_id = "D";
	run_round(&csv, c, 3);
	ck_assert_str_eq(ask(VANISHED), "");
	run_round(&csv, c, 2);
	ck_assert_str_eq(ask(VANISHED), "D");
	ck_assert_str_eq(
		ask("select string_agg(contract_id || source, ' ' order by 1) from contract"),
		"Agdv Bgdv Cgdv Doffice");
}
END_TEST

/* Who mentions what vanished elsewhere is its source from then on. */
START_TEST(another_source_brings_it_back)
{
	struct round gdv = { .source = SOURCE_GDV, .pairs = true }, csv = { .source = "office" };
	struct contract c[3];

	three(c);
	run_round(&gdv, c, 3);
	run_round(&gdv, c, 2);
	run_round(&csv, &c[2], 1);
	ck_assert_str_eq(ask(VANISHED), "");
	run_round(&gdv, c, 2);
	ck_assert_str_eq(ask(VANISHED), "");
	ck_assert_str_eq(ask("select source from contract where contract_id = 'C'"), "office");
}
END_TEST

START_TEST(a_vanished_contract_still_gets_its_documents)
{
	struct round round = { .source = SOURCE_GDV, .pairs = true };
	struct contract c[3];

	three(c);
	run_round(&round, c, 3);
	run_round(&round, c, 2);
	ck_assert_str_eq(standing(arrive("S-1", "policy=NS-27182812")), "filed exact C");
}
END_TEST

START_TEST(what_changed_is_told_field_by_field)
{
	struct round round = { .source = SOURCE_GDV, .pairs = true };
	struct contract c[3];

	three(c);
	run_round(&round, c, 3);
	c[0].plate = "M-AB 1";
	c[0].postcode = "80331";
	c[1].cancelled = true;
	c[2].printed_number = "NS-27 182 819";
	run_round(&round, c, 3);
	ck_assert_str_eq(round.changes,
			 "A postcode plate;B end cancelled (ended);C printed_number names;");
	ck_assert_int_eq(round.counts.ended, 1);
}
END_TEST

START_TEST(every_name_says_what_it_is)
{
	enum name_origin origins[] = { NAME_FORMER, NAME_BROKER };
	char *numbers[] = { "OLD 1", "MINE 7" };
	struct contract a = sample();

	a.other_numbers = numbers;
	a.other_origins = origins;
	a.other_count = 2;
	import_as(&a, 1, STOCK_GDV);
	ck_assert_str_eq(ask(NAMES "'A' and origin in ('former', 'broker')"),
			 "MINE7 broker, OLD1 former");
	a.other_count = 0;
	expect(import_as(&a, 1, STOCK_GDV), 0, 1, 0, 0);
	ck_assert_str_eq(ask(NAMES "'A' and origin in ('former', 'broker')"), "OLD1 former");
}
END_TEST

/* One contract became two: what still carries the old number is one's or the other's. */
START_TEST(a_former_number_of_two_contracts_waits)
{
	enum name_origin former[] = { NAME_FORMER };
	char *old[] = { "31415926" };
	struct contract two[] = { sample(), sample() };

	for (int i = 0; i < 2; i++) {
		two[i].contract_id = i ? "B" : "A";
		two[i].number = i ? "27182819" : "27182818";
		two[i].printed_number = two[i].application_number = NULL;
		two[i].other_numbers = old;
		two[i].other_origins = former;
		import_as(&two[i], 1, STOCK_GDV);
		ck_assert_str_eq(standing(arrive(i ? "S-2" : "S-1", "policy=31415926")),
				 i ? "queued several_contracts" : "filed exact A");
	}
	ck_assert_str_eq(standing(arrive("S-3", "policy=27182819")), "filed exact B");
}
END_TEST

START_TEST(a_document_that_waited_finds_its_contract)
{
	struct contract a = sample();
	struct rematch_order everything = { 0 };
	struct rematch_counts counts;
	struct err e = { 0 };
	char *id = arrive("S-1", "policy=NS-27182818");

	ck_assert_str_eq(standing(id), "queued number_unknown");
	import_as(&a, 1, STOCK_CSV);
	ck_assert_msg(rematch_all(&house.matcher, &everything, &counts, &e), "%s", e.text);
	ck_assert_int_eq(counts.filed, 1);
	ck_assert_str_eq(standing(id), "filed exact A");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("stock_import");

	tcase_add_test(tc, a_second_import_changes_nothing);
	tcase_add_test(tc, every_number_is_a_name_under_its_keys);
	tcase_add_test(tc, names_go_and_come_with_the_numbers);
	tcase_add_test(tc, the_number_before_stays_a_name);
	tcase_add_test(tc, a_number_that_another_contract_took_is_no_former_one);
	tcase_add_test(tc, a_bundle_keeps_its_number_of_before);
	tcase_add_test(tc, what_a_person_confirmed_stays);
	tcase_add_test(tc, what_the_stock_has_too_outlives_the_persons_word);
	tcase_add_test(tc, contracts_that_are_not_mentioned_stay);
	tcase_add_test(tc, a_contract_that_was_cancelled_has_ended);
	tcase_add_loop_test(tc, a_term_is_no_end, 0, 4);
	tcase_add_test(tc, a_contract_twice_counts_as_it_came_last);
	tcase_add_test(tc, an_insurer_without_a_file_is_an_issuer_of_its_own);
	tcase_add_test(tc, numbers_that_are_none_leave_the_contract_without_a_name);
	tcase_add_test(tc, contracts_of_insurers_that_nobody_knows_are_counted);
	tcase_add_test(tc, more_than_one_batch);
	tcase_add_test(tc, what_a_full_delivery_leaves_out_has_vanished_and_comes_back);
	tcase_add_test(tc, a_part_makes_nothing_vanish);
	tcase_add_test(tc, only_contracts_of_the_same_source_vanish);
	tcase_add_test(tc, another_source_brings_it_back);
	tcase_add_test(tc, a_vanished_contract_still_gets_its_documents);
	tcase_add_test(tc, what_changed_is_told_field_by_field);
	tcase_add_test(tc, every_name_says_what_it_is);
	tcase_add_test(tc, a_former_number_of_two_contracts_waits);
	tcase_add_test(tc, a_document_that_waited_finds_its_contract);
	return house_run(suite_create("matcher/stock_import"), tc);
}
