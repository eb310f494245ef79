/* learn_stock_test.c -- from the contracts of the database to a picture, and what it would have done to the documents that came. */
#include "matcher/learn_stock.h"

#include "house.h"
#include "matcher/rematch.h"
#include "matcher/stock_names.h"
#include "normalizers/learned.h"

static struct proposals *proposed;

static void name_add(const char *id, const char *origin, const char *key)
{
	char sql[400];

	snprintf(sql, sizeof sql,
		 "insert into contract_name (broker, issuer, key, contract_id, origin, spelling)"
		 " values ('demo', 'north', '%s', '%s', '%s', '%s')",
		 key, id, origin, key);
	ask(sql);
}

/* Policies of line 130: LH and eight digits, of half of them the broker has the digits alone. */
static void stock_fill(void)
{
	char id[20], number[20];

	ask("begin");
	for (int i = 0; i < 60; i++) {
		snprintf(id, sizeof id, "C%d", i);
		snprintf(number, sizeof number, "LH%08d", 10000000 + i * 7919);
		contract_add(id, number);
		if (i % 2)
			name_add(id, "other", number + 2);
	}
	contract_add("TYPED", "31415926"); /* nobody wrote the letters down */
	contract_add("OTHER", "LH27182818");
	ask("update contract set line = '130'");
	ask("commit");
}

static const struct proposal *learn(void)
{
	struct learned_issuers issuers;
	struct err e = { 0 };

	ck_assert_msg(
		learn_stock_read(&issuers, &house.matcher, "north", 0, NULL, NULL, house.mem, &e),
		"%s", e.text);
	ck_assert_uint_eq(issuers.count, 1);
	ck_assert_str_eq(issuers.items[0].issuer, "north");
	proposed = learner_propose(issuers.items[0].learner, house.mem);
	ck_assert_uint_eq(proposed->count, 1);
	ck_assert_int_eq(proposed->items[0]->state, PROPOSAL_STANDS);
	return proposed->items[0];
}

static struct insurers *tried(const struct proposal *p)
{
	struct insurers *all = world_insurers(house.mem);

	ck_assert(insurers_try_picture(all, "north", &p->picture));
	return all;
}

static struct learn_history history_of(const struct insurers *all)
{
	struct learn_history history;
	struct err e = { 0 };

	ck_assert_msg(learn_history_of(&history, &house.matcher, all, "north", &e), "%s", e.text);
	return history;
}

START_TEST(the_stock_is_read)
{
	const struct proposal *p;

	stock_fill();
	p = learn();
	ck_assert_str_eq(p->picture.drawing, "[LH]########");
	ck_assert_str_eq(p->picture.lines[0], "130");
	ck_assert_uint_eq(p->numbers, 61);
	ck_assert_uint_eq(p->gained, 30);
}
END_TEST

START_TEST(an_application_number_is_no_spelling)
{
	struct learned_issuers issuers;
	struct err e = { 0 };

	stock_fill();
	ask("update contract_name set origin = 'application' where origin = 'other'");
	ck_assert(
		learn_stock_read(&issuers, &house.matcher, "north", 0, NULL, NULL, house.mem, &e));
	proposed = learner_propose(issuers.items[0].learner, house.mem);
	for (size_t i = 0; i < proposed->count; i++)
		ck_assert_uint_eq(proposed->items[i]->gained, 0);
}
END_TEST

START_TEST(history_counts_what_the_picture_changes)
{
	struct learn_history h;
	char *bare, *full, *typed, *filed;

	stock_fill();
	bare = arrive("S-1", "policy=10000000;line=130");    /* C0, without its letters */
	full = arrive("S-2", "policy=LH10007919;line=130");  /* C1, files today */
	typed = arrive("S-3", "policy=LH31415926;line=130"); /* the picture gives TYPED this name */
	filed = arrive(
		"S-4",
		"policy=10015838;line=130");       /* C2, but a person will have put it elsewhere */
	arrive("S-5", "policy=99999999;line=130"); /* nobody's */
	ck_assert_str_eq(standing(bare), "queued number_unknown");
	ck_assert_str_eq(standing(full), "filed exact C1");
	ck_assert_str_eq(standing(typed), "queued number_unknown");
	ask("update document set state = 'filed', tier = 'person', decided_by = 'anna', contract_id = 'OTHER'"
	    " where shipment_id = 'S-4'");
	h = history_of(tried(learn()));
	ck_assert_int_eq(h.seen, 5);
	ck_assert_int_eq(h.filed, 2);
	ck_assert_int_eq(h.conflicts, 1);
	ck_assert_int_eq(h.confirmed, 0);
	ck_assert_int_eq(h.unsettled, 0);
	ask("update document set contract_id = 'C2' where shipment_id = 'S-4'");
	h = history_of(tried(learn()));
	ck_assert_int_eq(h.conflicts, 0);
	ck_assert_int_eq(h.confirmed, 1);
	/* Nothing was written. */
	ck_assert_str_eq(standing(bare), "queued number_unknown");
	ck_assert_str_eq(ask("select count(*) from contract_name"), "92");
	(void)filed;
}
END_TEST

/* A document that is filed today and would find two contracts with the picture. */
START_TEST(history_tells_what_would_be_unsettled)
{
	char *id;

	stock_fill();
	name_add("OTHER", "other", "10000000"); /* a wrong line of the stock: C0's digits */
	/* Another customer's would be asked about today. */
	ask("update contract set customer_id = 'ONE' where contract_id in ('C0', 'OTHER')");
	id = arrive("S-1", "policy=10000000;line=130");
	ck_assert_str_eq(standing(id), "filed exact OTHER");
	ck_assert_int_eq(history_of(tried(learn())).unsettled, 1);
}
END_TEST

START_TEST(names_are_given_and_taken_back)
{
	const struct insurers *before = house.matcher.insurers;
	const struct rematch_order order = { .dry_run = false };
	struct rematch_counts again;
	struct rekey_counts counts;
	struct err e = { 0 };
	char *typed;

	stock_fill();
	typed = arrive("S-1", "policy=LH31415926;line=130");
	house.matcher.insurers = tried(learn());
	ck_assert_msg(stock_names_rekey(&house.matcher, "north", &counts, &e), "%s", e.text);
	ck_assert_int_eq(counts.contracts, 62);
	ck_assert_int_eq(counts.added, 1);
	ck_assert_int_eq(counts.removed, 0);
	ck_assert_str_eq(
		ask("select contract_id || origin || spelling from contract_name where key = 'LH31415926'"),
		"TYPEDsystem31415926");
	ck_assert(stock_names_rekey(&house.matcher, "north", &counts, &e));
	ck_assert_int_eq(counts.added + counts.removed, 0);
	ck_assert(rematch_all(&house.matcher, &order, &again, &e));
	ck_assert_str_eq(standing(typed), "filed exact TYPED");
	name_add("C3", "person", "KEPT1");
	house.matcher.insurers = before;
	ck_assert(stock_names_rekey(&house.matcher, "north", &counts, &e));
	ck_assert_int_eq(counts.added, 0);
	ck_assert_int_eq(counts.removed, 1);
	ck_assert_str_eq(
		ask("select count(*) from contract_name where key in ('LH31415926', 'KEPT1')"),
		"1");
}
END_TEST

/* What a person had confirmed, a rule gives now, too: it stays when he takes his word back. */
START_TEST(a_confirmed_name_that_a_rule_gives)
{
	struct rekey_counts counts;
	struct err e = { 0 };

	stock_fill();
	name_add("TYPED", "person", "LH31415926");
	house.matcher.insurers = tried(learn());
	for (int i = 0; i < 2; i++) {
		ck_assert_msg(stock_names_rekey(&house.matcher, "north", &counts, &e), "%s",
			      e.text);
		ck_assert_int_eq(counts.added, i ? 0 : 1);
	}
	ck_assert_str_eq(ask("select origin || ' ' || stock_origin || ' ' || stock_spelling"
			     " from contract_name where key = 'LH31415926'"),
			 "person system 31415926");
}
END_TEST

/* More than one page, quotes and backslashes in what is carried along. */
START_TEST(pages)
{
	struct proposal drawn = { .picture = { .drawing = (char *)"[LH]########" } };
	struct rekey_counts counts;
	struct err e = { 0 };

	ck_assert(picture_compile(&drawn.picture, house.mem, &e));
	ask("insert into contract (broker, contract_id, issuer, vu, number, line)"
	    " select 'demo', 'P' || i || '\"\\', 'north', '9001', '9' || to_char(i, 'FM0000000'), '130'"
	    " from generate_series(1, 2500) i");
	ask("insert into contract_name (broker, issuer, key, contract_id, origin, spelling)"
	    " select 'demo', 'north', number, contract_id, 'system', number from contract");
	stock_fill();
	house.matcher.insurers = tried(&drawn);
	ck_assert_msg(stock_names_rekey(&house.matcher, "north", &counts, &e), "%s", e.text);
	ck_assert_int_eq(counts.contracts, 2562);
	ck_assert_int_eq(counts.added, 2501);
	ck_assert(stock_names_rekey(&house.matcher, "north", &counts, &e));
	ck_assert_int_eq(counts.added + counts.removed, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("learn_stock");
	TCase *tc = tcase_create("learn_stock");

	tcase_add_test(tc, the_stock_is_read);
	tcase_add_test(tc, an_application_number_is_no_spelling);
	tcase_add_test(tc, history_counts_what_the_picture_changes);
	tcase_add_test(tc, history_tells_what_would_be_unsettled);
	tcase_add_test(tc, names_are_given_and_taken_back);
	tcase_add_test(tc, a_confirmed_name_that_a_rule_gives);
	tcase_add_test(tc, pages);
	return house_run(suite, tc);
}
