#include "matcher/rematch.h"

#include "house.h"

static struct rematch_counts counts;

static void again(bool dry_run)
{
	const struct rematch_order order = { .dry_run = dry_run };
	struct err e = { 0 };

	ck_assert_msg(rematch_all(&house.matcher, &order, &counts, &e), "%s", e.text);
}

START_TEST(an_empty_queue)
{
	again(false);
	ck_assert_int_eq(counts.seen, 0);
}
END_TEST

START_TEST(the_contract_appears)
{
	char *id = arrive("S-1", "policy=4711"), *other = arrive("S-2", "policy=4712");

	again(false);
	ck_assert_int_eq(counts.seen, 2);
	ck_assert_int_eq(counts.filed + counts.revised, 0);
	contract_add("A", "4711");
	again(true);
	ck_assert_int_eq(counts.filed, 1);
	ck_assert_str_eq(standing(id), "queued number_unknown");
	ck_assert_str_eq(ask("select count(*) from event"), "2");
	again(false);
	ck_assert_int_eq(counts.filed, 1);
	ck_assert_str_eq(standing(id), "filed exact A");
	ck_assert_str_eq(events_of(id), "unmatched north, attached C-A");
	ck_assert_str_eq(standing(other), "queued number_unknown");
	again(false);
	ck_assert_int_eq(counts.seen, 1);
	ck_assert_str_eq(ask("select count(*) from event"), "3");
}
END_TEST

/* Still uncertain, for another reason: the queue says so, nobody else hears of it. */
START_TEST(another_reason)
{
	char *id = arrive("S-1", "policy=4711");

	contract_add("A", "4711");
	contract_add("B", "4711");
	again(false);
	ck_assert_int_eq(counts.revised, 1);
	ck_assert_str_eq(standing(id), "queued several_contracts");
	ck_assert_str_eq(ask("select candidates from document"), "[\"A\", \"B\"]");
	ck_assert_str_eq(events_of(id), "unmatched north");
	again(false);
	ck_assert_int_eq(counts.revised, 0);
	ck_assert_str_eq(ask("select version from document"), "2");
}
END_TEST

/* What is stored decides as what came: holder, dates, line, link and data flags survive the database. */
START_TEST(vetoes_survive_the_database)
{
	static const struct {
		const char *document, *standing;
	} rows[] = {
		{ "policy=4711;name=Fremd;born=1980-01-01", "queued other_holder" },
		{ "policy=4711;line=040", "queued line_contradicts" },
		{ "policy=4711;created=2099-01-01", "queued contract_ended" },
		{ "policy=4711;created=2029-01-01", "filed exact A" },
		{ "policy=4711;data", "queued not_a_customer_document" },
		{ "policy=4711;orphan", "queued no_number" },
		{ "policy=4711;url=http://x/;empty", "queued link_only" },
		{ "policy=4711;empty", "queued unreadable" },
		{ "policy=4711;kind=2402", "queued not_a_customer_document" },
		{ "policy=4711;category=999050000", "queued not_a_customer_document" },
		{ "previous=4711", "queued no_number" },
		{ "policy=4711;vu=9009", "queued number_unknown" },
		{ "policy=4711;vu=7777", "queued issuer_unknown" },
	};
	char *ids[sizeof rows / sizeof *rows];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ids[i] = arrive(talloc_asprintf(house.mem, "S-%zu", i), rows[i].document);
	contract_add("A", "4711");
	ask("update contract set name = 'Muster', birth_date = '1970-05-01', line = '050', ends_on = '2030-01-01'");
	again(false);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ck_assert_msg(!strcmp(standing(ids[i]), rows[i].standing), "%s: %s",
			      rows[i].document, standing(ids[i]));
}
END_TEST

/* The number stands in the PDF, letter by letter, and in nothing that the insurer delivered as its number. */
START_TEST(words_inside_a_document_file_nothing)
{
	char *bare = arrive("S-1", "orphan"), *other = arrive("S-2", "policy=4712");
	char *delivered = arrive("S-3", "policy=4711");

	contract_add("A", "4711");
	ask("insert into document_text (broker, document_id, state, page_count, pages, entries, text) "
	    "select broker, document_id, 'read', 1, "
	    "'[{\"page\": 1, \"width\": 595, \"height\": 842, \"words\": "
	    "[{\"text\": \"4711\", \"box\": [1, 1, 2, 2]}]}]', '[]', '4711 ' from document");
	again(false);
	ck_assert_str_eq(standing(bare), "queued no_number");
	ck_assert_str_eq(standing(other), "queued number_unknown");
	ck_assert_str_eq(standing(delivered), "filed exact A");
}
END_TEST

START_TEST(what_a_person_decided_stays)
{
	char *ignored = arrive("S-1", "policy=4711"), *filed;

	contract_add("B", "4712");
	filed = arrive("S-2", "policy=4712");
	ask("update document set state = 'ignored' where shipment_id = 'S-1'");
	ask("delete from contract_name");
	contract_add("A", "4711");
	again(false);
	ck_assert_int_eq(counts.seen, 0);
	ck_assert_str_eq(standing(ignored), "ignored number_unknown");
	ck_assert_str_eq(standing(filed), "filed exact B");
}
END_TEST

/* More than one batch; every document once. */
START_TEST(many)
{
	ask("insert into shipment (broker, connection, shipment_id, state) values ('demo', 'north', 'M', 'stored')");
	ask("insert into document (broker, document_id, connection, shipment_id, transfer_no, file_no, media_type,"
	    " size, sha256, issuer, numbers, facts, state, tier, reason, evidence, candidates)"
	    " select 'demo', ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, 'north', 'M', i, 1,"
	    " 'application/pdf', 1, '', 'north', jsonb_build_array(jsonb_build_object('kind', 'policy', 'value',"
	    " (i % 2 + 4711)::text)), '{}', 'queued', 'none', 'number_unknown', '[]', '[]'"
	    " from generate_series(1, 450) i");
	contract_add("A", "4711");
	again(true);
	ck_assert_int_eq(counts.seen, 450);
	again(false);
	ck_assert_int_eq(counts.seen, 450);
	ck_assert_int_eq(counts.filed, 225);
	ck_assert_str_eq(ask("select count(*) from event where type = 'document.attached'"), "225");
	ck_assert_str_eq(ask("select count(*) from document where state = 'queued'"), "225");
}
END_TEST

START_TEST(only_one_issuer)
{
	const struct rematch_order order = { .issuer = "pool" };
	struct err e = { 0 };

	arrive("S-1", "policy=4711");
	arrive("S-2", "policy=4711;vu=9009");
	ck_assert(rematch_all(&house.matcher, &order, &counts, &e));
	ck_assert_int_eq(counts.seen, 1);
}
END_TEST

static char *differs; /* "before>after" of each */

static void note(void *self, const struct stored *before, const struct verdict *after)
{
	(void)self;
	differs = talloc_asprintf_append(differs, "%s>%s ", before->contract_id,
					 after->filed ? after->contract_id
						      : reason_text(after->reason));
}

/* What was filed and would not be today is told; nothing moves. */
START_TEST(filed_ones_are_checked)
{
	const struct rematch_order order = { .decided = note };
	struct err e = { 0 };
	char *gone, *moved;

	contract_add("A", "4711");
	contract_add("B", "4712");
	contract_add("C", "4713");
	gone = arrive("S-1", "policy=4711");
	moved = arrive("S-2", "policy=4712");
	arrive("S-3", "policy=4713");
	ask("delete from contract_name where contract_id = 'A'");
	ask("update contract_name set contract_id = 'C' where contract_id = 'B'");
	differs = talloc_strdup(house.mem, "");
	ck_assert_msg(rematch_check_filed(&house.matcher, &order, &counts, &e), "%s", e.text);
	ck_assert_str_eq(differs, "A>number_unknown B>C ");
	ck_assert_int_eq(counts.seen, 3);
	ck_assert_int_eq(counts.filed, 1);
	ck_assert_int_eq(counts.revised, 1);
	ck_assert_str_eq(standing(gone), "filed exact A");
	ck_assert_str_eq(standing(moved), "filed exact B");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("rematch");

	tcase_add_test(tc, an_empty_queue);
	tcase_add_test(tc, the_contract_appears);
	tcase_add_test(tc, another_reason);
	tcase_add_test(tc, vetoes_survive_the_database);
	tcase_add_test(tc, words_inside_a_document_file_nothing);
	tcase_add_test(tc, what_a_person_decided_stays);
	tcase_add_test(tc, many);
	tcase_add_test(tc, only_one_issuer);
	tcase_add_test(tc, filed_ones_are_checked);
	return house_run(suite_create("rematch"), tc);
}
