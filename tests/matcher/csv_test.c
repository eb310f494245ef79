/* The stock as CSV: rows that cannot be used are named, all others come out. */
#include <stdlib.h>
#include <unistd.h>

#include "tests/matcher/gdv_expect.h"

#define HEAD                                                                                             \
	"contract_id,vu,number,printed_number,other_numbers,line,start,end,customer_id,name,first_name," \
	"birth_date,postcode,plate,application_number\n"
#define ROW                                                                                        \
	"C1,5438,4711,47/11,A1|A2,050,2004-05-01,2031-05-01,K1,Muster,Max,1970-02-01,44139,M-AB 1,X9\n"

/* Numbers 1 and 2. */
static void expect_two(const struct catch *caught, const char *first, const char *second)
{
	ck_assert_str_eq(caught->contracts,
			 talloc_asprintf(caught->mem, "%s%s", line_of(caught, "1", first),
					 line_of(caught, "2", second)));
}

START_TEST(what_is_printed_can_be_read_again)
{
	struct catch caught;

	catch_text(&caught, HEAD ROW);
	ck_assert_msg(caught.ok, "%s", caught.e.text);
	ck_assert_str_eq(caught.contracts, ROW);
	ck_assert_str_eq(caught.problems, "");
	let_go(&caught);
}
END_TEST

START_TEST(spellings_of_csv_give_the_same_contract)
{
	static const char *const files[] = {
		"\xEF\xBB\xBFvu,number,name\n5438,4711,Muster\n",
		"vu;number;name\r\n5438;4711;Muster\r\n",
		"vu\tnumber\tname\n5438\t4711\tMuster",
		"name,VU , Number,colour\nMuster,05438, 4711 ,red\n",
		"\"vu\",\"number\",\"name\"\r5438,\"4711\",Muster\r",
		"vu;number;name\n\n\n5438;4711;\"Muster\"\n\n",
		"vu;number;name;start\n5438;4711;Muster;00.00.0000\n",
		"vu;number;line;name\n5438;4711;000;Muster\n",
	};
	struct catch caught;

	catch_text(&caught, files[_i]);
	ck_assert_msg(caught.ok, "%s", caught.e.text);
	ck_assert_str_eq(caught.problems, "");
	ck_assert_msg(strstr(caught.contracts, line_of(&caught, "4711", ",,,,,p-")) ==
			      caught.contracts,
		      "%s", caught.contracts);
	ck_assert_ptr_nonnull(strstr(caught.contracts, ",Muster,,,,,\n"));
	let_go(&caught);
}
END_TEST

START_TEST(quotes_hold_separators_quotes_and_line_ends)
{
	struct catch caught;

	catch_text(&caught, "vu,number,customer_id,name\n"
			    "5438,1,K,\"Muster, \"\"der\"\"\nErste\"\n"
			    "5438,2,K,\"\"\n");
	expect_two(&caught, ",,,,,K,\"Muster, \"\"der\"\"\nErste\",,,,,\n", ",,,,,K,,,,,,\n");
	ck_assert_int_eq(caught.counts.records, 2);
	let_go(&caught);
}
END_TEST

START_TEST(bytes_that_are_no_utf8_are_cp1252)
{
	struct catch caught;
	char *names;

	catch_text(&caught,
		   "vu,number,customer_id,name\n5438,1,K,M\xFCller\n5438,2,K,M\xC3\xBCller\n");
	expect_two(&caught, ",,,,,K,Müller,,,,,\n", ",,,,,K,Müller,,,,,\n");
	names = stock_code_pages(&caught.counts, caught.mem);
	ck_assert_str_eq(names, "CP1252, UTF-8");
	let_go(&caught);
}
END_TEST

START_TEST(dates_are_german_or_iso)
{
	static const char *const dates[][3] = {
		{ "1.5.2004", "2004-05-01", "" },
		{ "01.05.2004", "2004-05-01", "" },
		{ "01.05.2004 00:00", "2004-05-01", "" },
		{ "2004-05-01T10:00:00", "2004-05-01", "" },
		{ "2000-02-29", "2000-02-29", "" },
		{ "00.05.2004", "", "" },
		{ "2004-00-00", "", "" },
		{ "0", "", "" },
		{ "29.02.2001", "", "2: start is no date, taken as unknown\n" },
		{ "05/01/2004", "", "2: start is no date, taken as unknown\n" },
		{ "01.05.04", "", "2: start is no date, taken as unknown\n" },
		{ "2004-5-1", "", "2: start is no date, taken as unknown\n" },
		{ "-", "", "2: start is no date, taken as unknown\n" },
		{ "99999999999999999999.1.2004", "", "2: start is no date, taken as unknown\n" },
	};
	struct catch caught;
	char text[256], wanted[64];

	snprintf(text, sizeof(text), "vu,number,customer_id,start\n5438,1,K,%s\n", dates[_i][0]);
	snprintf(wanted, sizeof(wanted), ",,,%s,,K,,,,,,\n", dates[_i][1]);
	catch_text(&caught, text);
	ck_assert_str_eq(caught.contracts, line_of(&caught, "1", wanted));
	ck_assert_str_eq(caught.problems, dates[_i][2]);
	let_go(&caught);
}
END_TEST

START_TEST(a_bad_row_is_named_and_skipped)
{
	static const char *const rows[][2] = {
		{ "5438\n", "2! 1 fields, expected 4 as in the head\n" },
		{ "5438,1,K,A,B\n", "2! 5 fields, expected 4 as in the head\n" },
		{ ",1,K,A\n", "2! vu is empty\n" },
		{ "5438,,K,A\n", "2! no number of any kind\n" },
		{ "5438,1,K,\"A\n", "2! a quote is opened and never closed\n" },
		{ "5438,2,K,A\n5438,2,K,B\n",
		  "3! the number stands in an earlier row, for the same customer\n" },
	};
	struct catch caught;
	char text[256];

	snprintf(text, sizeof(text), "vu,number,customer_id,name\n%s5438,9,K,Last\n", rows[_i][0]);
	catch_text(&caught, text);
	ck_assert_msg(caught.ok, "%s", caught.e.text);
	ck_assert_str_eq(caught.problems, rows[_i][1]);
	ck_assert_ptr_nonnull(
		strstr(caught.contracts, line_of(&caught, "9", ",,,,,K,Last,,,,,\n")));
	ck_assert_int_eq(caught.counts.skipped, 1);
	let_go(&caught);
}
END_TEST

/* ---- one number in several rows ---- */

#define SHARED                                                                                     \
	": the number stands in rows of different customers: each gets a contract, and documents wait for a person\n"
#define REPEATED "! the number stands in an earlier row, for the same customer\n"

/* What stands in several rows is told apart by the same things in every order of the rows. */
START_TEST(a_number_of_two_customers_is_neithers_alone)
{
	static const char *const heads[] = { "vu,number,customer_id\n", "vu,number,name\n",
					     "vu,number,name,birth_date\n" };
	static const char *const rows[][2] = {
		{ "5438,4711,a\n", "5438,4711,b\n" },
		{ "5438,4711,Muster\n", "5438,47-11,Andere\n" },
		{ "5438,4711,Muster,1.2.1970\n", "5438,4711,Muster,1.2.1971\n" },
	};
	char *files[2], *number;
	struct catch caught, turned;

	for (int i = 0; i < 2; i++)
		files[i] = talloc_asprintf(NULL, "%s%s%s", heads[_i], rows[_i][i], rows[_i][1 - i]);
	catch_text(&caught, files[0]);
	expect_ids(&caught, 2);
	ck_assert_str_eq(caught.problems, "2" SHARED "3" SHARED);
	ck_assert_int_eq(caught.counts.skipped, 0);
	number = line_of(&caught, "4711", "");
	ck_assert_ptr_null(strstr(caught.contracts, number)); /* the number alone is no id */
	catch_text(&turned, files[1]);
	number = talloc_asprintf(turned.mem, "%.23s", caught.contracts);
	ck_assert_ptr_nonnull(strstr(turned.contracts, number));
	let_go(&turned);
	let_go(&caught);
	talloc_free(files[0]);
	talloc_free(files[1]);
}
END_TEST

START_TEST(a_number_in_two_lines_is_two_contracts_of_one_customer)
{
	struct catch caught;

	catch_text(&caught, "vu,number,line,customer_id\n5438,4711,050,K\n5438,4711,070,K\n");
	expect_ids(&caught, 2);
	ck_assert_str_eq(caught.problems, "");
	ck_assert_ptr_nonnull(strstr(caught.contracts, "VU-7aa9e70b89b0d09ab79b,")); /* as in GDV */
	let_go(&caught);
}
END_TEST

START_TEST(a_row_that_repeats_another_is_named)
{
	static const char *const files[][2] = {
		{ "vu,number,customer_id\n5438,1,K\n5438,1,K\n5438,1,K\n",
		  "3" REPEATED "4" REPEATED },
		{ "vu,number\n5438,1\n5438,1\n", "3" REPEATED },
		{ "vu,number,customer_id\n5312,AS-1234567890,K\n5312,AS 1234567890,K\n5312,as1234567890,K\n",
		  "3" REPEATED "4" REPEATED },
		{ "contract_id,vu,number,customer_id\nA,5438,1,K\nA,5438,2,K\n",
		  "3! the contract_id stands in an earlier row\n" },
	};
	struct catch caught;

	catch_text(&caught, files[_i][0]);
	ck_assert_str_eq(caught.problems, files[_i][1]);
	ck_assert_int_eq(caught.counts.contracts, 1);
	let_go(&caught);
}
END_TEST

/* Nobody can say whose it is, and the id is the broker's: we have no other to give. */
START_TEST(a_contract_id_of_two_customers_is_left_out)
{
	struct catch caught;

	catch_text(&caught, "contract_id,vu,number,customer_id\nA,5438,4711,a\nB,5438,9,b\n"
			    "A,5438,4711,b\n");
	ck_assert_str_eq(caught.problems,
			 "2! the contract_id stands in rows of different customers\n"
			 "4! the contract_id stands in rows of different customers\n");
	ck_assert_str_eq(caught.contracts, "B,5438,9,,,,,,b,,,,,,\n");
	let_go(&caught);
}
END_TEST

/* A pipe cannot be read twice by itself. */
START_TEST(a_pipe_is_looked_at_like_a_file)
{
	static const char text[] =
		"\xEF\xBB\xBFvu,number,customer_id\n5438,4711,a\n5438,4711,b\n5438,9,c\n";
	struct catch caught = { .mem = talloc_new(NULL) };
	struct stock_sink sink = { &caught, catch_contract, catch_problem };
	int ends[2];
	FILE *in;

	ck_assert(pipe(ends) == 0 && write(ends[1], text, strlen(text)) == (ssize_t)strlen(text));
	close(ends[1]);
	in = fdopen(ends[0], "r");
	caught.contracts = talloc_strdup(caught.mem, "");
	caught.problems = talloc_strdup(caught.mem, "");
	ck_assert_msg(stock_read(in, NULL, &sink, &caught.counts, &caught.e), "%s", caught.e.text);
	fclose(in);
	expect_ids(&caught, 3);
	ck_assert_str_eq(caught.problems, "2" SHARED "3" SHARED);
	let_go(&caught);
}
END_TEST

START_TEST(a_nul_byte_spoils_its_row_only)
{
	static const char text[] = "vu,number,customer_id\n5438,1,K\0K\n5438,2,K\n";
	struct catch caught;

	catch_bytes(&caught, text, sizeof(text) - 1, NULL);
	ck_assert_str_eq(caught.problems, "2! a NUL byte\n");
	ck_assert_str_eq(caught.contracts, line_of(&caught, "2", ",,,,,K,,,,,,\n"));
	let_go(&caught);
}
END_TEST

/* Blanked out, 12\x01 34 would be another number; a name may lose one. */
START_TEST(a_control_character_is_no_part_of_a_number)
{
	static const char *const rows[][2] = {
		{ "K,5438,12\x01"
		  "34,,,,\n",
		  "2! number holds a control character\n" },
		{ "K,5438,12\x7F"
		  "34,,,,\n",
		  "2! number holds a control character\n" },
		{ "K,5438,\"12\n34\",,,,\n", "2! number holds a control character\n" },
		{ "K,5438,1,12\x01/34,,,\n", "2! printed_number holds a control character\n" },
		{ "K,5438,1,,A\x1F|B,,\n", "2! other_numbers holds a control character\n" },
		{ "K,5438,1,,,A\x01,\n", "2! application_number holds a control character\n" },
		{ "K\x01,5438,1,,,,\n", "2! customer_id holds a control character\n" },
		{ "K,54\x01"
		  "38,1,,,,\n",
		  "2! vu holds a control character\n" },
	};
	struct catch caught;
	char text[256];

	snprintf(text, sizeof(text),
		 "customer_id,vu,number,printed_number,other_numbers,application_number,name\n"
		 "%sK,5438, \t9\t,,,,Mus\x01ter\n",
		 rows[_i][0]);
	catch_text(&caught, text);
	ck_assert_str_eq(caught.problems, rows[_i][1]);
	ck_assert_str_eq(caught.contracts, line_of(&caught, "9", ",,,,,K,Mus ter,,,,,\n"));
	ck_assert_int_eq(caught.counts.skipped, 1);
	let_go(&caught);
}
END_TEST

#define NINES35 "99999999999999999999999999999999999"
#define LONG    " has more significant characters than a policy number can have"
#define NOTHING " holds neither letter nor digit"
#define WITHOUT ": the contract is taken without\n"

START_TEST(a_number_that_can_be_none_is_named)
{
	static const char *const rows[][3] = {
		{ "C,5438," NINES35 ",,,", "", "C,5438," NINES35 ",,,,,,,,,,,,\n" },
		{ "C,5438,9" NINES35 ",,,", "2! number" LONG "; no number of any kind\n", "" },
		{ "C,5438,---,,,", "2! number" NOTHING "; no number of any kind\n", "" },
		{ ",5438,---,1,,", "2! number" NOTHING "; neither contract_id nor number\n", "" },
		{ "C,5438,1,---,,", "2: printed_number" NOTHING WITHOUT, "C,5438,1,,,,,,,,,,,,\n" },
		{ "C,5438,-,1,A|/|B,", "2: number" NOTHING ", other_numbers" NOTHING WITHOUT,
		  "C,5438,,1,A|B,,,,,,,,,,\n" },
		{ "C,5438,1,,,-", "2: application_number" NOTHING WITHOUT,
		  "C,5438,1,,,,,,,,,,,,\n" },
	};
	struct catch caught;
	char *text = talloc_asprintf(
		NULL, "contract_id,vu,number,printed_number,other_numbers,application_number\n%s\n",
		rows[_i][0]);

	catch_text(&caught, text);
	ck_assert_str_eq(caught.problems, rows[_i][1]);
	ck_assert_str_eq(caught.contracts, rows[_i][2]);
	ck_assert_int_eq(stock_whole(&caught.counts), _i == 0);
	let_go(&caught);
	talloc_free(text);
}
END_TEST

/* One field too many for a row, in bytes and in number; the next row is whole. */
START_TEST(rows_beyond_every_limit_are_skipped)
{
	size_t len = _i ? 300 : 200000;
	char *text = talloc_array(NULL, char, len + 100), *at;
	struct catch caught;

	at = stpcpy(text, "vu,number,customer_id\n5438,1,");
	memset(at, _i ? ',' : 'x', len);
	strcpy(at + len, "\n5438,2,K\n");
	catch_text(&caught, text);
	ck_assert_str_eq(caught.problems,
			 _i ? "2! more than 256 fields\n" : "2! a row of more than 65536 bytes\n");
	ck_assert_str_eq(caught.contracts, line_of(&caught, "2", ",,,,,K,,,,,,\n"));
	talloc_free(text);
	let_go(&caught);
}
END_TEST

START_TEST(a_file_that_is_neither_is_refused)
{
	static const char *const files[][2] = {
		{ "", "empty" },
		{ "\n\n", "empty" },
		{ "hello\n",
		  "read with commas, the first row has 1 fields, of which ours are: none; it lacks the column vu" },
		{ "vu,name\n5438,Muster\n",
		  "with commas, the first row has 2 fields, of which ours are: vu, name; it lacks the column number" },
		{ "a;b;number\n", "read with semicolons, the first row has 3 fields" },
		{ "contract_id|vu|number\nA|9999|4711\n",
		  "a single field with \"|\" in it; fields are separated by comma, semicolon or tab" },
		{ "vu#number\n9999#4711\n", "a single field with \"#\" in it" },
		{ "vu,number,vu\n", "\"vu\" twice" },
		{ "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n", "column vu" },
		{ "\"vu,number\n", "never closed" },
	};
	struct catch caught;

	catch_text(&caught, files[_i][0]);
	ck_assert(!caught.ok);
	ck_assert_int_eq(caught.e.kind, ERR_DELIVERY);
	ck_assert_msg(strstr(caught.e.text, files[_i][1]) != NULL, "%s", caught.e.text);
	let_go(&caught);
}
END_TEST

/* With a mark or without, either end first. */
START_TEST(utf16_is_called_by_its_name)
{
	static const char mark[2][2] = { { '\xFF', '\xFE' }, { '\xFE', '\xFF' } };
	static const char text[] = "vu;number\n5438;4711\n";
	char wide[2 + 2 * sizeof(text)] = { 0 };
	struct catch caught;

	memcpy(wide, mark[_i % 2], 2);
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		wide[2 + 2 * i + (size_t)(_i % 2)] = text[i];
	catch_bytes(&caught, wide + (_i < 2 ? 0 : 2), 2 * (sizeof(text) - 1) + (_i < 2 ? 2 : 0),
		    NULL);
	ck_assert(!caught.ok);
	ck_assert_msg(strstr(caught.e.text, "the file is UTF-16") != NULL, "%s", caught.e.text);
	let_go(&caught);
}
END_TEST

/* ---- other heads ---- */

static struct csv_mapping *mapping_of(const char *yaml, TALLOC_CTX *mem, struct err *e)
{
	char path[] = "/tmp/vorpost-mapping-XXXXXX";
	int fd = mkstemp(path);
	struct csv_mapping *mapping;

	ck_assert(fd >= 0 && write(fd, yaml, strlen(yaml)) == (ssize_t)strlen(yaml));
	close(fd);
	mapping = csv_mapping_load(path, mem, e);
	unlink(path);
	return mapping;
}

static const char german[] = "Gesellschaft;Vertragsnummer;Kunde;Nachname\n5438;4711;K1;Muster\n";

START_TEST(a_mapping_reads_other_heads)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct err e = { 0 };
	struct csv_mapping *mapping = mapping_of("vu: Gesellschaft\nnumber: vertragsnummer\n"
						 "customer_id: Kunde\nname: Nachname\n",
						 mem, &e);
	struct catch caught;

	ck_assert_msg(mapping != NULL, "%s", e.text);
	catch_bytes(&caught, german, strlen(german), mapping);
	ck_assert_msg(caught.ok, "%s", caught.e.text);
	ck_assert_str_eq(caught.contracts, line_of(&caught, "4711", ",,,,,K1,Muster,,,,,\n"));
	let_go(&caught);
	talloc_free(mem);
}
END_TEST

START_TEST(a_mapping_to_a_column_that_is_not_there_is_refused)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct err e = { 0 };
	struct csv_mapping *mapping = mapping_of("vu: Gesellschaft\nnumber: Police\n", mem, &e);
	struct catch caught;

	ck_assert_msg(mapping != NULL, "%s", e.text);
	catch_bytes(&caught, german, strlen(german), mapping);
	ck_assert(!caught.ok);
	ck_assert_ptr_nonnull(strstr(caught.e.text, "\"Police\""));
	let_go(&caught);
	talloc_free(mem);
}
END_TEST

START_TEST(a_mapping_of_a_word_that_is_not_ours_is_refused)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct err e = { 0 };

	ck_assert_ptr_null(mapping_of("vu: Gesellschaft\ncolour: Farbe\n", mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_msg(strstr(e.text, "colour") != NULL, "%s", e.text);
	talloc_free(mem);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("matcher/csv");
	TCase *tcase = tcase_create("csv");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, what_is_printed_can_be_read_again);
	tcase_add_loop_test(tcase, spellings_of_csv_give_the_same_contract, 0, 8);
	tcase_add_test(tcase, quotes_hold_separators_quotes_and_line_ends);
	tcase_add_test(tcase, bytes_that_are_no_utf8_are_cp1252);
	tcase_add_loop_test(tcase, dates_are_german_or_iso, 0, 14);
	tcase_add_loop_test(tcase, a_bad_row_is_named_and_skipped, 0, 6);
	tcase_add_loop_test(tcase, a_number_of_two_customers_is_neithers_alone, 0, 3);
	tcase_add_test(tcase, a_number_in_two_lines_is_two_contracts_of_one_customer);
	tcase_add_loop_test(tcase, a_row_that_repeats_another_is_named, 0, 4);
	tcase_add_test(tcase, a_contract_id_of_two_customers_is_left_out);
	tcase_add_test(tcase, a_pipe_is_looked_at_like_a_file);
	tcase_add_test(tcase, a_nul_byte_spoils_its_row_only);
	tcase_add_loop_test(tcase, a_number_that_can_be_none_is_named, 0, 7);
	tcase_add_loop_test(tcase, a_control_character_is_no_part_of_a_number, 0, 8);
	tcase_add_loop_test(tcase, rows_beyond_every_limit_are_skipped, 0, 2);
	tcase_add_loop_test(tcase, a_file_that_is_neither_is_refused, 0, 10);
	tcase_add_loop_test(tcase, utf16_is_called_by_its_name, 0, 4);
	tcase_add_test(tcase, a_mapping_reads_other_heads);
	tcase_add_test(tcase, a_mapping_to_a_column_that_is_not_there_is_refused);
	tcase_add_test(tcase, a_mapping_of_a_word_that_is_not_ours_is_refused);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
