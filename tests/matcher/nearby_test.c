/* What waits and what a repaired reading may file: each case as in decide_test.c, with the neighbourhood looked up. */
#include "matcher/nearby.h"

#include "matcher/memory_stock.h"
#include "tests/matcher/decide_rows.h"

/* "A number=...;name=..." into a stock of the kind that evaluation uses. */
static struct memory_stock *stock_of(const char *text, TALLOC_CTX *mem)
{
	struct memory_stock *stock = memory_stock_new(insurers, mem);

	for (text += strspn(text, " |"); *text; text += strspn(text, " |")) {
		struct contract c = { .vu = talloc_strdup(mem, "9001") };
		char *key, *value;

		c.contract_id = talloc_strndup(mem, text, strcspn(text, " |"));
		text += strcspn(text, " |");
		while (world_word(&text, &key, &value, mem)) {
			const struct {
				const char *key;
				char **to;
			} words[] = { { "number", &c.number },
				      { "vu", &c.vu },
				      { "line", &c.line },
				      { "name", &c.name },
				      { "first", &c.first_name },
				      { "born", &c.birth_date },
				      { "postcode", &c.postcode },
				      { "plate", &c.plate },
				      { "start", &c.start },
				      { "customer", &c.customer_id },
				      { "end", &c.end } };
			bool known = false;

			for (size_t i = 0; i < sizeof words / sizeof *words; i++)
				if (!strcmp(words[i].key, key)) {
					*words[i].to = value;
					known = true;
				}
			ck_assert_msg(known, "a contract says '%s', which is no word", key);
		}
		memory_stock_add(stock, &c, STOCK_CSV);
	}
	return stock;
}

static void nearby_rows(const struct row *rows, size_t count)
{
	const struct facts_setting setting = { .insurers = insurers,
					       .issuer = "north",
					       .received = "2025-03-03" };

	for (size_t i = 0; i < count; i++) {
		TALLOC_CTX *mem = talloc_new(NULL);
		struct stock_source stock = memory_stock_source(stock_of(rows[i].stock, mem));
		char *document = talloc_strdup(mem, rows[i].document), *first;
		struct transfer transfer;
		struct shipment shipment;
		struct verdict *verdict;
		const struct facts *facts;
		struct err e = { 0 };

		/* "first=" stands last: the world has no such word */
		first = strstr(document, ";first=");
		if (first) {
			*first = '\0';
			first += strlen(";first=");
		}
		world_document(&transfer, &shipment, document, mem);
		transfer.party.first_name = first;
		facts = facts_of_transfer(&setting, &shipment, &transfer, mem);
		ck_assert(decide_all(&verdict, &facts, 1, &stock, insurers, mem, &e));
		ck_assert_msg(!strcmp(outcome(verdict, mem), rows[i].expect), "%s: %s, expected %s",
			      rows[i].why, outcome(verdict, mem), rows[i].expect);
		ck_assert_msg(verdict->evidence_count > 0, "%s: no evidence", rows[i].why);
		talloc_free(mem);
	}
}
#define CHECK_NEARBY(rows) nearby_rows(rows, sizeof rows / sizeof *rows)

#define ANNA "name=Amselbach;born=1970-05-01;postcode=00101"

START_TEST(a_repair_never_files)
{
	static const struct row rows[] = {
		{ "alone", "policy=98O12345", "A number=98012345", "number_unknown A" },
		{ "with nothing but a surname", "policy=98O12345;name=Amselbach",
		  "A " ANNA ";number=98012345", "number_unknown A" },
		{ "with a common surname and the postcode",
		  "policy=98O12345;name=Müller;postcode=00101",
		  "A name=Mueller;postcode=00101;number=98012345", "number_unknown A" },
		{ "with the wife's birth date",
		  "policy=98O12345;name=Amselbach;postcode=00101;born=1972-02-02",
		  "A " ANNA ";number=98012345", "number_unknown A" },
		{ "with the twin's first name", "policy=98O12345;" ANNA ";first=Berta",
		  "A " ANNA ";first=Anna;number=98012345", "number_unknown A" },
		{ "with another plate", "policy=98O12345;" ANNA ";plate=XX-A 1",
		  "A " ANNA ";plate=XX-B 2;number=98012345", "number_unknown A" },
		{ "with another line", "policy=98O12345;line=020;" ANNA,
		  "A " ANNA ";line=050;number=98012345", "number_unknown A" },
		{ "for an ended contract", "policy=98O12345;" ANNA,
		  "A " ANNA ";end=2020-01-01;number=98012345", "number_unknown A" },
		{ "if two readings are known", "policy=0098O12345;" ANNA,
		  "A " ANNA ";number=0098012345 | B " ANNA ";number=98O12345",
		  "number_unknown A,B" },
		{ "if two contracts share the reading", "policy=98O12345;" ANNA,
		  "A " ANNA ";number=98012345 | B " ANNA ";number=98012345", "number_unknown A,B" },
		{ "at another insurer", "policy=98O12345;" ANNA,
		  "A vu=9999;" ANNA ";number=98012345", "number_unknown A" },
		{ "by one other digit", "policy=98012346;" ANNA, "A " ANNA ";number=98012345",
		  "number_unknown A" },
		{ "by two digits changed over", "policy=98012354;" ANNA,
		  "A " ANNA ";number=98012345", "number_unknown A" },
		{ "by a letter that looks like nothing", "policy=98X12345;" ANNA,
		  "A " ANNA ";number=98012345", "number_unknown A" },
		{ "from four digits", "policy=O471;" ANNA, "A " ANNA ";number=0471",
		  "number_unknown A" },
		{ "by an undrawn prefix", "policy=98012345;" ANNA, "A " ANNA ";number=QX98012345",
		  "number_unknown A" },
		{ "what the veto took from the right number",
		  "policy=98012346;name=Amselbach;born=1970-05-01",
		  "A " ANNA ";number=98012345 | B name=Fremd;born=1980-01-01;number=98012346",
		  "other_holder B,A" },
	};
	CHECK_NEARBY(rows);
}
END_TEST

START_TEST(a_repair_files_with_a_second_signal)
{
	static const struct row rows[] = {
		{ "the birth date", "policy=98O12345;born=1970-05-01", "A " ANNA ";number=98012345",
		  "repaired A" },
		{ "the plate", "policy=98O12345;plate=xx a 1", "A plate=XX-A 1;number=98012345",
		  "repaired A" },
		{ "a rare surname and the postcode",
		  "policy=98O12345;name=Amselbach;postcode=00101", "A " ANNA ";number=98012345",
		  "repaired A" },
		{ "lost zeros", "policy=980123456;" ANNA, "A " ANNA ";number=00980123456",
		  "repaired A" },
		{ "zeros too many", "policy=000098012345;" ANNA, "A " ANNA ";number=98012345",
		  "repaired A" },
		{ "zeros lost behind letters", "policy=QX98012345;" ANNA,
		  "A " ANNA ";number=QX0098012345", "repaired A" },
		{ "the stock lost the letters in front", "policy=QX98012345;" ANNA,
		  "A " ANNA ";number=98012345", "repaired A" },
		{ "an exact name needs none", "policy=98012345", "A number=98012345", "exact A" },
	};
	CHECK_NEARBY(rows);
}
END_TEST

START_TEST(suggestions_best_first)
{
	static const struct row rows[] = {
		{ "the neighbour whose holder agrees stands first", "policy=98012346;" ANNA,
		  "A name=Fremd;born=1980-01-01;number=98012345 | B " ANNA ";number=98012347",
		  "number_unknown B,A" },
		{ "the holder alone, another insurer's behind", "" ANNA,
		  "B vu=9999;" ANNA ";number=4712 | A " ANNA ";number=4711", "no_number A,B" },
		{ "of the holder's contracts the one of this line", "line=050;" ANNA,
		  "A " ANNA ";line=130;number=4711 | B " ANNA ";line=050;number=4712",
		  "no_number B,A" },
		{ "of a fleet the one whose number is most alike",
		  "policy=980199945;name=Amselbach",
		  "A name=Amselbach;number=980123455 | B name=Amselbach;number=980129945 |"
		  " C name=Amselbach;number=980123945",
		  "number_unknown B,C,A" },
		{ "one that was in force, not one that ended long before",
		  "created=2025-03-03;" ANNA,
		  "A " ANNA ";end=2020-01-01;number=4711 | B " ANNA ";number=4712",
		  "no_number B,A" },
		{ "nor one that began long after", "created=2025-03-03;" ANNA,
		  "A " ANNA ";start=2026-01-01;number=4711 | B " ANNA
		  ";start=2024-01-01;number=4712",
		  "no_number B,A" },
		{ "the same birth date is nobody's name", "born=1970-05-01",
		  "A " ANNA ";number=4711", "no_number" },
		{ "the plate alone", "plate=XX-A 1", "A plate=xx a1;number=4711", "no_number A" },
		{ "a birth date that does not exist", "born=1970-02-31;postcode=00101",
		  "A " ANNA ";number=4711", "no_number" },
		{ "stock data is shown to nobody's contract",
		  "policy=98012346;case=130100002;" ANNA, "A " ANNA ";number=98012345",
		  "not_a_customer_document" },
		{ "the tenth is the last", "policy=98012340",
		  "A number=98012341 | B number=98012342 | C number=98012343 | D number=98012344 |"
		  " E number=98012345 | F number=98012346 | G number=98012347 | H number=98012348 |"
		  " I number=98012349 | J number=98012350 | K number=98012330",
		  "number_unknown K,J,A,B,C,D,E,F,G,H" },
	};
	CHECK_NEARBY(rows);
}
END_TEST

START_TEST(other_holder_by_what_is_known)
{
	static const struct row rows[] = {
		{ "a daughter's document under her father's number",
		  "policy=4711;name=Amselbach;born=1999-01-01;postcode=00101;first=Berta",
		  "A " ANNA ";first=Arno;number=4711", "other_holder A" },
		{ "the son has his father's name",
		  "policy=4711;name=Amselbach;born=1999-12-24;postcode=00101;first=Arno",
		  "A " ANNA ";first=Arno;number=4711", "other_holder A" },
		{ "his wife's, no birth date",
		  "policy=4711;name=Amselbach;postcode=00101;first=Berta",
		  "A " ANNA ";first=Arno;number=4711", "other_holder A" },
		{ "another car, and nothing says that it is he",
		  "policy=4711;name=Amselbach;plate=XX-A 1", "A " ANNA ";plate=XX-B 2;number=4711",
		  "other_holder A" },
		{ "another car, but it is he",
		  "policy=4711;name=Amselbach;born=1970-05-01;plate=XX-A 1",
		  "A " ANNA ";plate=XX-B 2;number=4711", "exact A" },
		{ "a slip in the birth date",
		  "policy=4711;name=Amselbach;born=1970-01-05;postcode=00101;first=Arno",
		  "A " ANNA ";first=Arno;number=4711", "exact A" },
		{ "the other twin", "policy=4711;" ANNA ";first=Berta",
		  "A " ANNA ";first=Anna;number=4711", "other_holder A" },
		{ "the other twin, married", "policy=4711;name=Neu;born=1970-05-01;first=Berta",
		  "A " ANNA ";first=Anna;number=4711", "other_holder A" },
		{ "a part of her first names", "policy=4711;" ANNA ";first=Anna",
		  "A " ANNA ";first=Anna Berta;number=4711", "exact A" },
		{ "another first name, but her car",
		  "policy=4711;" ANNA ";plate=XX-A 1;first=Berta",
		  "A " ANNA ";first=Anna;plate=XX-A 1;number=4711", "exact A" },
		{ "another name, first name and place, no birth date",
		  "policy=4711;name=Fremd;postcode=00777;first=Berta",
		  "A " ANNA ";first=Anna;number=4711", "other_holder A" },
		{ "married and moved, but nobody knows how many have the first name",
		  "policy=4711;name=Neu;postcode=00777;first=Anna",
		  "A " ANNA ";first=Anna;number=4711", "other_holder A" },
		{ "another name at the same address", "policy=4711;name=Neu;postcode=00101",
		  "A " ANNA ";number=4711", "exact A" },
		{ "moved", "policy=4711;name=Amselbach;postcode=00777", "A " ANNA ";number=4711",
		  "exact A" },
	};
	CHECK_NEARBY(rows);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("nearby");
	TCase *tc = tcase_create("nearby");
	TALLOC_CTX *mem = talloc_new(NULL);
	SRunner *runner;
	int failed;

	insurers = world_insurers(mem);
	tcase_add_test(tc, a_repair_never_files);
	tcase_add_test(tc, a_repair_files_with_a_second_signal);
	tcase_add_test(tc, suggestions_best_first);
	tcase_add_test(tc, other_holder_by_what_is_known);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	talloc_free(mem);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
