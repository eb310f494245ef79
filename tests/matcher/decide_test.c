/* Decisions by numbers: one contract, several, none; whose number it is; what is never filed. */
#include "tests/matcher/decide_rows.h"

#define ANNA "name=Muster;born=1970-05-01"

START_TEST(several_contracts)
{
	static const struct row rows[] = {
		{ "two share the name", "policy=4711", "A number=4711 | B number=4711",
		  "several_contracts A,B" },
		{ "the holder tells them apart", "policy=4711;" ANNA,
		  "A " ANNA ";number=4711 | B name=Fremd;born=1980-02-03;number=4711", "exact A" },
		{ "wherever his contract stands", "policy=4711;" ANNA,
		  "A name=Fremd;born=1980-02-03;number=4711 | B " ANNA ";number=4711", "exact B" },
		{ "not if both are his", "policy=4711;" ANNA,
		  "A " ANNA ";number=4711 | B " ANNA ";number=4711", "several_contracts A,B" },
		{ "a surname is not enough", "policy=4711;name=Muster",
		  "A " ANNA ";number=4711 | B name=Fremd;born=1980-02-03;number=4711",
		  "several_contracts A,B" },
		{ "nor where of one holder nothing is known", "policy=4711;" ANNA,
		  "A " ANNA ";number=4711 | B number=4711", "several_contracts A,B" },
		{ "the line tells them apart", "policy=4711;line=051",
		  "A line=040;number=4711 | B line=050;number=4711", "exact B" },
		{ "not if one has no line", "policy=4711;line=050",
		  "A number=4711 | B line=050;number=4711", "several_contracts B,A" },
		{ "not if the document has none", "policy=4711",
		  "A line=040;number=4711 | B line=050;number=4711", "several_contracts A,B" },
		{ "nor if both fit", "policy=4711;line=059",
		  "A line=051;number=4711 | B line=052;number=4711", "several_contracts A,B" },
		{ "the very code tells", "policy=4711;line=051",
		  "A line=051;number=4711 | B line=052;number=4711", "exact A" },
		{ "and the veto still holds", "policy=4711;line=051;name=Fremd;born=1990-01-01",
		  "A line=040;number=4711 | B line=050;" ANNA ";number=4711", "other_holder B,A" },
		{ "none fits the line", "policy=4711;line=020",
		  "A line=040;number=4711 | B line=050;number=4711", "several_contracts A,B" },
		{ "the printed form tells them apart", "policy=4711;printed=4711/08",
		  "A number=4711;printed=4711/07 | B number=4711;printed=4711/08", "exact B" },
		{ "plain of one, picture of another", "policy=27182818;line=050",
		  "A line=050;other=27182818 | B line=050;number=NS-27182818",
		  "several_contracts A,B" },
		{ "alias of one, name of another", "policy=4711", "A person=4711 | B number=4711",
		  "several_contracts A,B" },
		{ "two policy numbers, two contracts", "policy=4711;policy=4712",
		  "A number=4711 | B number=4712", "collective_document A,B" },
		{ "policy and printed form disagree", "policy=4711;printed=4712",
		  "A number=4711 | B number=4712", "collective_document A,B" },
		{ "two policy numbers, one unknown", "policy=4711;policy=4799", "A number=4711",
		  "collective_document A" },
		{ "two policy numbers, none known", "policy=4798;policy=4799", "",
		  "collective_document" },
		{ "one policy number twice", "policy=4711;policy=47 11", "A number=4711",
		  "exact A" },
		{ "two names of one contract", "policy=4711;policy=4712",
		  "A number=4711;other=4712", "exact A" },
		{ "two spellings of one number, picture",
		  "policy=27182818;policy=NS-27182818;line=050", "A line=050;number=NS-27182818",
		  "exact A" },
		{ "the old number is another's", "policy=4711;old=4712",
		  "A number=4711 | B number=4712", "collective_document A,B" },
		{ "the old number's contract has ended", "policy=4711;old=4712",
		  "A number=4711 | B cancelled;number=4712", "exact A" },
		{ "the application of another", "policy=4711;application=99001",
		  "A number=4711 | B application=99001", "collective_document A,B" },
		{ "one application, several contracts", "policy=4711;application=99001",
		  "A number=4711;application=99001 | B application=99001", "exact A" },
	};
	CHECK_ROWS(rows, "north", false);
}
END_TEST

#define K "customer=K"

START_TEST(several_contracts_of_one_customer)
{
	static const struct row rows[] = {
		{ "two", "policy=4711;policy=4712", "A " K ";number=4711 | B " K ";number=4712",
		  "exact A+B" },
		{ "three, in the order of the numbers", "policy=4713;policy=4711;policy=4712",
		  "A " K ";number=4711 | B " K ";number=4712 | C " K ";number=4713",
		  "exact C+A+B" },
		{ "one of them twice", "policy=4711;policy=4712;policy=47-11",
		  "A " K ";number=4711 | B " K ";number=4712", "exact A+B" },
		{ "the printed form of one", "policy=4711;policy=4712;printed=47/12",
		  "A " K ";number=4711 | B " K ";number=4712", "exact A+B" },
		{ "as sure as the weakest", "policy=4711;policy=27182818;line=050",
		  "A line=050;" K ";number=4711 | B line=050;" K ";number=NS-27182818",
		  "picture A+B" },
		{ "by an alias", "policy=4711;policy=XY1",
		  "A " K ";number=4711 | B " K ";person=XY1", "alias A+B" },
		{ "a placeholder between", "policy=4711;policy=000;policy=4712",
		  "A " K ";number=4711 | B " K ";number=4712", "exact A+B" },
		{ "another customer's", "policy=4711;policy=4712",
		  "A " K ";number=4711 | B customer=L;number=4712", "collective_document A,B" },
		{ "two of three are one customer's", "policy=4711;policy=4712;policy=4713",
		  "A " K ";number=4711 | B " K ";number=4712 | C customer=L;number=4713",
		  "collective_document A,B,C" },
		{ "a customer that nobody knows", "policy=4711;policy=4712",
		  "A " K ";number=4711 | B number=4712", "collective_document A,B" },
		{ "one unknown", "policy=4711;policy=4712;policy=4799",
		  "A " K ";number=4711 | B " K ";number=4712", "collective_document A,B" },
		{ "one that cannot be a number", "policy=4711;policy=4712;policy=\x01",
		  "A " K ";number=4711 | B " K ";number=4712", "collective_document A,B" },
		{ "one is two contracts'", "policy=4711;policy=4712",
		  "A " K ";number=4711 | B " K ";number=4712 | C " K ";number=4712",
		  "collective_document A,B,C" },
		{ "the printed form of a third", "policy=4711;policy=4712;printed=4713",
		  "A " K ";number=4711 | B " K ";number=4712 | C " K ";number=4713",
		  "collective_document A,B,C" },
		{ "policy and printed form disagree", "policy=4711;printed=4712",
		  "A " K ";number=4711 | B " K ";number=4712", "collective_document A,B" },
		{ "one had ended", "policy=4711;policy=4712",
		  "A " K ";number=4711 | B " K ";end=2020-01-01;number=4712",
		  "collective_document A,B" },
		{ "one is another line's", "policy=4711;policy=4712;line=050",
		  "A " K ";line=050;number=4711 | B " K ";line=020;number=4712",
		  "collective_document A,B" },
		{ "another holder", "policy=4711;policy=4712;name=Fremd;born=1990-01-01",
		  "A " K ";" ANNA ";number=4711 | B " K ";" ANNA ";number=4712",
		  "collective_document A,B" },
		{ "an old number that still lives", "policy=4711;policy=4712;old=4713",
		  "A " K ";number=4711 | B " K ";number=4712 | C " K ";number=4713",
		  "collective_document A,B,C" },
		{ "an opponent's is none of them", "policy=4711;policy=4712;opponent=4713",
		  "A " K ";number=4711 | B " K ";number=4712 | C customer=L;number=4713",
		  "exact A+B" },
	};
	CHECK_ROWS(rows, "north", false);
}
END_TEST

START_TEST(nothing_but_a_claim_number)
{
	static const struct row rows[] = {
		{ "vouched for", "claim=88001", "A vouched=88001", "claim A" },
		{ "another spelling", "claim=88-001", "A vouched=88001", "claim A" },
		{ "a placeholder beside it", "claim=88001;policy=folgt", "A vouched=88001",
		  "claim A" },
		{ "known, and nothing says so", "claim=88001", "A claim=88001",
		  "claim_number_only A" },
		{ "known, and the holder says so", "claim=88001;" ANNA ";plate=M-X 1",
		  "A " ANNA ";plate=M-X 1;claim=88001", "claim A" },
		{ "it must not hold itself", "claim=88001;" ANNA ";plate=M-X 1",
		  "A " ANNA ";plate=M-X 1;followed=88001", "claim_number_only A" },
		{ "two contracts", "claim=88001", "A vouched=88001 | B vouched=88001",
		  "claim_number_only A,B" },
		{ "two contracts, one only followed", "claim=88001",
		  "A vouched=88001 | B followed=88001", "claim_number_only A,B" },
		{ "two contracts, and the holder of one", "claim=88001;" ANNA ";plate=M-X 1",
		  "A " ANNA ";plate=M-X 1;vouched=88001 | B vouched=88001",
		  "claim_number_only A,B" },
		{ "two claims, two contracts", "claim=88001;claim=88002",
		  "A vouched=88001 | B vouched=88002", "claim_number_only A,B" },
		{ "two claims, one unknown", "claim=88001;claim=88002", "A vouched=88001",
		  "claim_number_only A" },
		{ "an unknown policy number beside it", "claim=88001;policy=4799",
		  "A vouched=88001", "number_unknown A" },
		{ "a name of digits is no claim", "claim=88001", "A number=88001",
		  "claim_number_only" },
		{ "a claim is no policy number", "policy=88001", "A vouched=88001",
		  "number_unknown" },
		{ "another holder", "claim=88001;name=Fremd;born=1990-01-01",
		  "A " ANNA ";vouched=88001", "other_holder A" },
		{ "another line", "claim=88001;line=020", "A line=050;vouched=88001",
		  "line_contradicts A" },
		{ "ended long ago", "claim=88001", "A end=2020-01-01;vouched=88001",
		  "contract_ended A" },
		{ "another insurer's claim", "claim=88001;vu=9009", "A vouched=88001",
		  "claim_number_only" },
	};
	CHECK_ROWS(rows, "north", false);
}
END_TEST

START_TEST(more_than_are_told_apart)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *stock = talloc_strdup(mem, "A line=050;number=4711");
	struct row row = { "a name of many", "policy=4711;line=050", NULL, NULL };
	const struct verdict *v;

	for (int i = 0; i < CANDIDATES_OF_NAME_MOST; i++)
		stock = talloc_asprintf_append(stock, " | M%02d line=040;number=4711", i);
	row.stock = stock;
	v = decide_row(&row, "north", false, mem);
	ck_assert(!v->filed);
	ck_assert_str_eq(reason_text(v->reason), "several_contracts");
	ck_assert_uint_eq(v->candidate_count, VERDICT_CANDIDATES_MOST);
	talloc_free(mem);
}
END_TEST

START_TEST(what_is_never_filed)
{
	static const struct row rows[] = {
		{ "stock data", "policy=4711;case=999010010", "A number=4711",
		  "not_a_customer_document A" },
		{ "settlement file", "policy=4711;case=999050000", "A number=4711",
		  "not_a_customer_document A" },
		{ "unknown GDV data", "policy=4711;case=999088000", "A number=4711",
		  "not_a_customer_document A" },
		{ "mandate revoked", "policy=4711;case=130100002", "A number=4711",
		  "not_a_customer_document A" },
		{ "the shipment says settlement, the transfer nothing",
		  "policy=4711;category=999050000", "A number=4711", "not_a_customer_document A" },
		{ "the shipment says settlement, the transfer something general",
		  "policy=4711;category=999050000;case=130000000", "A number=4711",
		  "not_a_customer_document A" },
		{ "the kind of the delivery is a settlement", "policy=4711;kind=2401",
		  "A number=4711", "not_a_customer_document A" },
		{ "a category for everything is none", "policy=4711;category=999999999",
		  "A number=4711", "exact A" },
		{ "data of a transfer without a file", "policy=4711;data", "A number=4711",
		  "not_a_customer_document A" },
		{ "a link", "policy=4711;url=https://insurer.example/x;empty", "A number=4711",
		  "link_only A" },
		{ "an empty document", "policy=4711;empty", "A number=4711", "unreadable A" },
		{ "a part that nothing refers to", "policy=4711;orphan", "A number=4711",
		  "no_number A" },
	};
	CHECK_ROWS(rows, "north", false);
}
END_TEST

START_TEST(numbers_that_do_not_file)
{
	static const struct row rows[] = {
		{ "nothing", "", "A number=4711", "no_number" },
		{ "empty", "policy=", "A number=4711", "no_number" },
		{ "blanks and dashes", "policy= - - ", "A number=4711", "no_number" },
		{ "zeros are a placeholder", "policy=000000", "A number=000000", "no_number" },
		{ "a word is a placeholder", "policy=folgt", "A number=folgt", "no_number" },
		{ "unknown", "policy=4712", "A number=4711", "number_unknown" },
		{ "a zero more is another number", "policy=04711", "A number=4711",
		  "number_unknown" },
		{ "a zero inside is another number", "policy=40711", "A number=4711",
		  "number_unknown" },
		{ "a neighbour is another number", "policy=4712", "A number=4711 | B number=4713",
		  "number_unknown" },
		{ "a beginning is another number", "policy=4711", "A number=47110815",
		  "number_unknown" },
		{ "letters are not thrown away", "policy=K4711", "A number=4711",
		  "number_unknown" },
		{ "too long is refused, never cut", "policy=123456789012345678901234567890123456",
		  "A number=12345678901234567890123456789012345", "number_malformed" },
		{ "a claim number alone", "claim=88001", "A number=88001", "claim_number_only" },
		{ "a claim heard of before suggests", "claim=88001", "A claim=88001",
		  "claim_number_only A" },
		{ "a case number is nobody's name", "case=150013000", "A number=150013000",
		  "no_number" },
		{ "the broker's own number suggests", "broker=4711", "A number=4711",
		  "no_number A" },
		{ "a link number suggests", "policy=4712;link=4711", "A number=4711",
		  "number_unknown A" },
		{ "the opponent's number is nothing", "opponent=4711", "A number=4711",
		  "no_number" },
		{ "a previous insurer's number is nothing", "previous=4711", "A number=4711",
		  "no_number" },
		{ "an application number is not a policy number", "application=4711",
		  "A number=4711", "number_unknown" },
	};
	CHECK_ROWS(rows, "north", false);
}
END_TEST

START_TEST(whose_number_is_it)
{
	static const struct row rows[] = {
		{ "another carrier's contract with the same digits", "policy=4711;vu=9009",
		  "A number=4711", "number_unknown A" },
		{ "the transfer's carrier wins over the connection's issuer", "policy=4711;vu=9009",
		  "A number=4711 | B vu=9009;number=4711", "exact B" },
		{ "padding of register numbers", "policy=4711;vu=09009", "B vu=9009;number=4711",
		  "exact B" },
		{ "another carrier of the same issuer", "policy=4711;vu=9011", "A number=4711",
		  "exact A" },
		{ "a register number that no file knows", "policy=4711;vu=7777", "A number=4711",
		  "issuer_unknown A" },
		{ "its own contracts answer to it", "policy=4711;vu=07777",
		  "A number=4711 | C vu=7777;number=4711", "exact C" },
		{ "moved, number kept: in stock under the old number", "policy=4711;vu=9001",
		  "O vu=9002;number=4711", "exact O" },
		{ "moved, delivered under the old number", "policy=4711;vu=9002", "A number=4711",
		  "exact A" },
		{ "moved without saying whose", "policy=4711", "O vu=9002;number=4711", "exact O" },
		{ "the life branch did not move", "policy=4711;vu=9001", "O vu=9012;number=4711",
		  "number_unknown" },
		{ "moved or not, its carrier is not known", "policy=4711;vu=9001",
		  "O issuer=old;vu=;number=4711", "number_unknown" },
		{ "renumbered: the digits mean something else", "policy=4711;vu=9001",
		  "R vu=9003;number=4711", "number_unknown" },
		{ "both ends of the edge know it", "policy=4711;vu=9001",
		  "A number=4711 | O vu=9002;number=4711", "several_contracts A,O" },
		{ "zeros are no register number", "policy=4711;vu=00000", "A number=4711",
		  "exact A" },
	};
	static const struct row ended[] = {
		{ "valid that day", "policy=4711;vu=9006;created=2023-12-31",
		  "E vu=9006;number=4711", "exact E" },
		{ "ended: it names nobody", "policy=4711;vu=9006;created=2024-01-01",
		  "E vu=9006;number=4711", "issuer_unknown E" },
		{ "ended, its successor's contract", "policy=4711;vu=9005;created=2024-01-01",
		  "A number=4711", "exact A" },
		{ "ended, any carrier of the successor", "policy=4711;vu=9005;created=2024-01-01",
		  "L vu=9011;number=4711", "exact L" },
		{ "before the end the successor's other carriers are not meant",
		  "policy=4711;vu=9005;created=2023-12-31", "L vu=9011;number=4711",
		  "number_unknown" },
		{ "ended, still in stock under the old number",
		  "policy=4711;vu=9005;created=2024-01-01", "E vu=9005;number=4711", "exact E" },
		{ "nobody knows whether numbers were kept: a suggestion",
		  "policy=4711;vu=9001;created=2024-01-01", "E vu=9007;number=4711",
		  "number_unknown E" },
		{ "the day is the document's, not the posting's",
		  "policy=4711;vu=9006;created=2023-12-31;posted=2024-02-01",
		  "E vu=9006;number=4711", "exact E" },
	};
	static const struct row underwriter[] = {
		{ "the number is the Assekuradeur's, the risk is not", "policy=4711;vu=9001",
		  "U vu=underwriter;number=4711", "exact U" },
		{ "the risk carrier's stock has it", "policy=4711;vu=9001", "A number=4711",
		  "exact A" },
		{ "both have it", "policy=4711;vu=9001",
		  "A number=4711 | U vu=underwriter;number=4711", "several_contracts A,U" },
		{ "nobody but he", "policy=4711", "A number=4711 | U vu=underwriter;number=4711",
		  "exact U" },
	};
	static const struct row nobody[] = {
		{ "nobody says whose", "policy=4711", "A number=4711", "issuer_unknown" },
	};
	CHECK_ROWS(rows, "north", false);
	CHECK_ROWS(nobody, NULL, false);
	CHECK_ROWS(ended, "ended", false);
	CHECK_ROWS(underwriter, "underwriter", false);
}
END_TEST

START_TEST(what_is_filed)
{
	static const struct row rows[] = {
		{ "system form", "policy=4711", "A number=4711", "exact A" },
		{ "separators", "policy=47.1-1", "A number=4711", "exact A" },
		{ "printed form", "printed=K-4711/2", "A number=4711;printed=K-4711/2", "exact A" },
		{ "the broker's spelling", "policy=471100", "A number=4711;other=471100",
		  "exact A" },
		{ "a person's name for it", "policy=XY1", "A number=4711;person=XY1", "alias A" },
		{ "exact is said before alias", "policy=XY1;printed=4711",
		  "A number=4711;person=XY1", "exact A" },
		{ "a left-out prefix", "policy=27182818;line=050", "A line=050;number=NS-27182818",
		  "picture A" },
		{ "not where the picture does not hold", "policy=27182818;line=040",
		  "A line=050;number=NS-27182818", "number_unknown" },
		{ "an old number, the new one unknown", "policy=4712;old=4711", "A number=4711",
		  "exact A" },
		{ "an application, the number still unknown", "policy=4712;application=99001",
		  "A application=99001", "exact A" },
		{ "the application number in the policy's place", "policy=99001",
		  "A application=99001", "exact A" },
		{ "two applications' contracts", "application=99001",
		  "A application=99001 | B application=99001", "several_contracts A,B" },
		{ "a claim with its policy number", "policy=4711;claim=88001",
		  "A number=4711 | B claim=88001", "exact A" },
		{ "no customer, still filed", "policy=4711", "A number=4711", "exact A" },
	};
	CHECK_ROWS(rows, "north", false);
}
END_TEST

START_TEST(strict_lines)
{
	static const struct row rows[] = {
		{ "health, the number alone", "policy=4711;line=021", "A line=020;number=4711",
		  "needs_second_signal A" },
		{ "life", "policy=4711", "A line=010;number=4711", "needs_second_signal A" },
		{ "accident, said by the document only", "policy=4711;line=030", "A number=4711",
		  "needs_second_signal A" },
		{ "the surname alone is not enough", "policy=4711;line=020;name=Muster",
		  "A line=020;" ANNA ";number=4711", "needs_second_signal A" },
		{ "another birth date is none", "policy=4711;line=020;born=1970-05-02",
		  "A line=020;" ANNA ";number=4711", "needs_second_signal A" },
		{ "birth date", "policy=4711;line=020;born=1970-05-01",
		  "A line=020;" ANNA ";number=4711", "exact A" },
		{ "surname and postcode", "policy=4711;line=020;name=MUSTER;postcode=20095",
		  "A line=020;" ANNA ";postcode=20095;number=4711", "exact A" },
		{ "plate", "policy=4711;line=054;plate=HH-AB 123",
		  "A line=030;plate=HHAB123;number=4711", "exact A" },
		{ "a person's confirmation", "policy=4711;line=020", "A line=020;person=4711",
		  "alias A" },
		{ "motor needs no second signal", "policy=4711;line=050", "A line=050;number=4711",
		  "exact A" },
		{ "nobody says a line, the insurer carries health", "policy=4711;vu=4095",
		  "A vu=4095;number=4711", "needs_second_signal A" },
		{ "the insurer carries life", "policy=4711;vu=1104", "A vu=1104;number=4711",
		  "needs_second_signal A" },
		{ "general lines say nothing", "policy=4711;vu=04095;line=000",
		  "A vu=4095;line=000;number=4711", "needs_second_signal A" },
		{ "and the birth date agrees", "policy=4711;vu=4095;born=1970-05-01",
		  "A vu=4095;" ANNA ";number=4711", "exact A" },
		{ "a life insurer's contract of another line", "policy=4711;vu=1104",
		  "A vu=1104;line=050;number=4711", "exact A" },
		{ "a line that the document says", "policy=4711;vu=4095;line=140",
		  "A vu=4095;number=4711", "exact A" },
	};
	static const struct row contracts_insurer[] = {
		{ "the document says no insurer, the contract does", "policy=4711",
		  "A vu=4095;number=4711", "needs_second_signal A" },
	};
	CHECK_ROWS(rows, "north", true);
	CHECK_ROWS(contracts_insurer, "vu:4095", true);
}
END_TEST

/* The verdict outlives what it was made from, names the customer, and says no name and no number. */
START_TEST(a_verdict_stands_alone)
{
	TALLOC_CTX *mem = talloc_new(NULL), *keep = talloc_new(NULL);
	const struct row row = { "", "policy=4711;name=Muster;born=1970-05-01;line=050",
				 "A customer=C7;line=050;" ANNA ";number=4711", "" };
	struct verdict *v = talloc_steal(keep, decide_row(&row, "north", false, mem));

	talloc_free(mem);
	ck_assert_str_eq(v->contract_id, "A");
	ck_assert_str_eq(v->customer_id, "C7");
	for (size_t i = 0; i < v->evidence_count; i++) {
		ck_assert(!strstr(v->evidence[i].says, "Muster"));
		ck_assert(!strstr(v->evidence[i].says, "4711"));
		ck_assert(!strstr(v->evidence[i].says, "1970"));
	}
	ck_assert_uint_ge(v->evidence_count, 3);
	talloc_free(keep);
}
END_TEST

START_TEST(business_cases)
{
	static const struct {
		const char *code, *text;
	} rows[] = {
		{ "100007000", "policy" },       { "140013001", "invoice" },
		{ "140012020", "dunning" },      { "150013999", "claim" },
		{ "120033999", "amendment" },    { "120002000", "inquiry" },
		{ "160010000", "cancellation" }, { "999010020", "gdv_stock" },
		{ "130019002", "key_change" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ck_assert_str_eq(business_class_text(business_class_of(rows[i].code, NULL, NULL)),
				 rows[i].text);
	ck_assert_ptr_null(business_case_find("10000700"));
	ck_assert_ptr_null(business_case_find("10000700x"));
	ck_assert_ptr_null(business_case_find("888001000"));
	ck_assert_ptr_null(business_case_find(NULL));
	ck_assert_str_eq(business_case_find("150013010")->meaning, "Initiale Schadenmeldung");
	ck_assert_int_eq(business_class_of("100007000", "140013000", NULL), CLASS_POLICY);
	ck_assert_int_eq(business_class_of(NULL, "140013000", NULL), CLASS_INVOICE);
}
END_TEST

/* bsearch needs the order of the data file; every row is found, and as itself. */
START_TEST(business_cases_are_sorted)
{
	static const int codes[] = {
#define GEVO(code, class, group, meaning) code,
#include "model/business_cases.def"
#undef GEVO
	};
	char text[16];

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		snprintf(text, sizeof text, "%d", codes[i]);
		ck_assert_msg(business_case_find(text) &&
				      business_case_find(text)->code == codes[i],
			      "%s", text);
		ck_assert(i == 0 || codes[i - 1] < codes[i]);
	}
}
END_TEST

START_TEST(array_text)
{
	const char *items[] = { "a", "", "q\"b\\", "{,}" };
	char *text = text_array(items, 4, NULL);

	ck_assert_str_eq(text, "{\"a\",\"\",\"q\\\"b\\\\\",\"{,}\"}");
	talloc_free(text);
	text = text_array(NULL, 0, NULL);
	ck_assert_str_eq(text, "{}");
	talloc_free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide");
	TCase *tc = tcase_create("decide");
	SRunner *runner;
	int failed;

	insurers = world_insurers(NULL);
	tcase_add_test(tc, several_contracts);
	tcase_add_test(tc, several_contracts_of_one_customer);
	tcase_add_test(tc, nothing_but_a_claim_number);
	tcase_add_test(tc, more_than_are_told_apart);
	tcase_add_test(tc, what_is_never_filed);
	tcase_add_test(tc, numbers_that_do_not_file);
	tcase_add_test(tc, whose_number_is_it);
	tcase_add_test(tc, what_is_filed);
	tcase_add_test(tc, strict_lines);
	tcase_add_test(tc, a_verdict_stands_alone);
	tcase_add_test(tc, business_cases);
	tcase_add_test(tc, business_cases_are_sorted);
	tcase_add_test(tc, array_text);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	talloc_free(insurers);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
