/*
 * evaluate_test.c -- `match evaluate` from its files to its output, for people and machines. The set is small enough to be
 * counted by hand: documents 1 and 2 are right, 3 says nothing but another customer's number (E1), 4 the number of the same
 * customer's other contract (E2), 5 and 6 nearly a number (E3), 7 belongs to a person and gets one.
 */
#include "program.h"

#define SET       SOURCE_DIR "/tests/cmd/evaluate/"
#define CONTRACTS "match evaluate --contracts " SET "contracts.csv"
#define EVALUATE  CONTRACTS " --documents " SET "documents.csv"

static void out_is(const char *name)
{
	static char golden[sizeof program.out];
	FILE *f = fopen(talloc_asprintf(program.mem, SET "%s", name), "re");

	ck_assert_ptr_nonnull(f);
	golden[fread(golden, 1, sizeof golden - 1, f)] = '\0';
	fclose(f);
	ck_assert_str_eq(program.out, golden);
}

START_TEST(golden_output)
{
	program_gives(0, EVALUATE);
	out_is("table.txt");
	ck_assert_str_eq(program.err, ""); /* no terminal, no bar */
	program_gives(0, EVALUATE " --output csv");
	out_is("verdicts.csv");
}
END_TEST

/* The counts that the table shows, by their names. */
START_TEST(for_machines)
{
	static const char *const expected[][2] = {
		{ "documents", "7" },
		{ "filed", "4" },
		{ "queued", "3" },
		{ "wrong_customer", "1" },
		{ "wrong_contract", "1" },
		{ "needless_review", "2" },
		{ "filed_share", "57.14 %" },
		{ "right_in_top_3", "100.00 %" },
	};
	json_t *all, *row;

	program_gives(0, EVALUATE " --output json");
	all = json_loads(program.out, 0, NULL);
	ck_assert_ptr_nonnull(all);
	ck_assert_uint_eq(json_array_size(all), 20);
	row = json_array_get(all, 14);
	ck_assert_str_eq(json_string_value(json_object_get(row, "insurer")), "all");
	ck_assert_str_eq(json_string_value(json_object_get(row, "tier")), "all");
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		ck_assert_str_eq(json_string_value(json_object_get(row, expected[i][0])),
				 expected[i][1]);
	json_decref(all);
}
END_TEST

/* A person decided the fifth one before: it is filed now, and what came before stands below the sums. */
START_TEST(with_a_history)
{
	char *before = talloc_asprintf(program.mem, "%s/before.csv", program.place);

	program_write(before, "document_id,vu,number,truth\n1,9001,4711020,B\n", 0644);
	program_gives(0, talloc_asprintf(program.mem, EVALUATE " --history %s", before));
	program_says(out, "all      alias  ");
	program_says(out, "before   all    ");
	program_gives(0,
		      talloc_asprintf(program.mem, EVALUATE " --history %s --output csv", before));
	program_says(out, "5,filed,B,alias,");
	program_gives(66, EVALUATE " --history /nowhere.csv");
	program_says(err, "/nowhere.csv: No such file");
}
END_TEST

/* The ids of another export would make every filed document a stranger's. */
START_TEST(truths_that_the_stock_has_not)
{
	char *documents = talloc_asprintf(program.mem, "%s/documents.csv", program.place);

	program_write(documents,
		      "document_id,vu,number,truth\n1,9001,4711020,ZB\n2,9001,4711020,ZC\n"
		      "3,9001,nothing,review\n",
		      0644);
	program_gives(0, talloc_asprintf(program.mem, CONTRACTS " --documents %s", documents));
	program_says(
		err,
		"2 documents are by their truth of a contract that the stock has not, such as ZB");
}
END_TEST

START_TEST(what_cannot_be_read)
{
	char *broken = talloc_asprintf(program.mem, "%s/broken.csv", program.place);

	program_gives(64, CONTRACTS);
	program_says(err, "expected --contracts FILE --documents FILE");
	program_gives(66, CONTRACTS " --documents /nowhere.csv");
	program_says(err, "/nowhere.csv: No such file");
	program_write(broken, "document_id,vu,number,truth\n1,9001,4711001,A\n2,9001\n", 0644);
	program_gives(65, talloc_asprintf(program.mem, CONTRACTS " --documents %s", broken));
	program_says(err, "row 3");
	program_says(err, "skipped");
	program_says(out, "north    exact");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("evaluate");

	tcase_add_test(tc, golden_output);
	tcase_add_test(tc, for_machines);
	tcase_add_test(tc, with_a_history);
	tcase_add_test(tc, truths_that_the_stock_has_not);
	tcase_add_test(tc, what_cannot_be_read);
	return program_cases(suite_create("evaluate"), tc);
}
