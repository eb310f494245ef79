/* contracts_test.c -- importing a stock by the command: what is told, what vanishes, what is refused, what stays undone. */
#include "program.h"

#define HEAD "contract_id,vu,number,plate\n"

/* A CSV below the test's place, and the words of its import. */
static const char *stock(const char *rows, const char *options)
{
	char *path = talloc_asprintf(program.mem, "%s/stock.csv", program.place);

	program_write(path, talloc_asprintf(program.mem, HEAD "%s", rows), 0644);
	return talloc_asprintf(program.mem, "contracts import %s%s", path, options);
}

static const char four[] =
	"A,9001,27182810,\nB,9001,27182811,\nC,9001,27182812,\nD,9001,27182813,\n";
static const char three[] = "A,9001,27182810,\nB,9001,27182811,\nC,9001,27182812,\n";

#define MARKED "select count(*) from contract where vanished_at is not null"

START_TEST(a_dry_run_tells_everything_and_writes_nothing)
{
	program_gives(0, stock(four, " --dry-run"));
	ck_assert_ptr_nonnull(strstr(program.out, "4 new, 0 changed, 0 unchanged, 0 ended"));
	ck_assert_ptr_nonnull(strstr(program.out, "nothing is written"));
	ck_assert_str_eq(program_sql("select count(*) from contract"), "0");
}
END_TEST

START_TEST(too_many_that_vanish_need_a_word)
{
	program_gives(0, stock(four, " --source office"));
	program_gives(69, stock(three, " --source office"));
	ck_assert_ptr_nonnull(strstr(program.err, "1 of the 4 contracts known of this source"));
	ck_assert_ptr_nonnull(strstr(program.err, "--yes-many-vanished"));
	ck_assert_str_eq(program_sql(MARKED), "0");
	program_gives(0, stock(three, " --source office --partial"));
	program_gives(0, stock(three, ""));
	ck_assert_str_eq(program_sql(MARKED), "0");
	program_gives(0, stock(three, " --source office --yes-many-vanished --verbose"));
	ck_assert_ptr_nonnull(strstr(program.out, "D: vanished\n"));
	ck_assert_ptr_nonnull(strstr(program.out, "vanished: 1 of 4"));
	ck_assert_str_eq(program_sql(MARKED), "1");
	program_gives(0, "contracts list --vanished --output csv");
	ck_assert_ptr_nonnull(strstr(program.out, "\nD,north,27182813"));
	ck_assert_ptr_null(strstr(program.out, "\nA,"));
}
END_TEST

START_TEST(bad_rows_are_named_and_the_good_ones_go_in)
{
	program_gives(0, stock(four, " --source office"));
	program_gives(65, stock("A,9001,27182810,M-AB 1\nB,9001\nA,9001,27182810,\n",
				" --source office --yes-many-vanished"));
	ck_assert_ptr_nonnull(strstr(program.err, "stock.csv, row 3: 2 fields, expected 4"));
	ck_assert_ptr_nonnull(
		strstr(program.err, "row 4: the contract_id stands in an earlier row"));
	ck_assert_ptr_nonnull(strstr(program.err, "no contract is marked as vanished"));
	ck_assert_str_eq(program_sql("select plate from contract where contract_id = 'A'"),
			 "M-AB 1");
	ck_assert_str_eq(program_sql(MARKED), "0");
}
END_TEST

START_TEST(all_files_of_a_command_or_none)
{
	char *words =
		talloc_asprintf(program.mem, "%s %s/no-such-file", stock(four, ""), program.place);

	program_gives(66, words);
	ck_assert_str_eq(program_sql("select count(*) from contract"), "0");
}
END_TEST

START_TEST(changes_are_told_to_machines)
{
	json_t *json;

	program_gives(0, stock(four, ""));
	program_gives(0, stock("A,9001,27182810,M-AB 1\n", " --output json"));
	json = json_loads(program.out, 0, NULL);
	ck_assert_msg(json != NULL, "%s", program.out);
	ck_assert_int_eq(json_integer_value(json_object_get(
				 json_array_get(json_object_get(json, "files"), 0), "changed")),
			 1);
	ck_assert_str_eq(json_string_value(json_object_get(
				 json_array_get(json_object_get(json, "changed"), 0), "fields")),
			 "plate");
	json_decref(json);
}
END_TEST

/* Which file, which record, which field, and what is wrong with it. */
START_TEST(problems_are_told_to_machines)
{
	static const char expected[] = "[[2,null,true],[3,\"contract_id\",true],"
				       "[4,\"number\",true]]";
	json_t *json, *told = json_array(), *row;
	char *text;
	size_t i;

	program_gives(65, stock("A,9001\nB\x01,9001,27182811,\nC,9001,"
				"123456789012345678901234567890123456,\nD,9001,27182813,\n",
				" --output json"));
	json = json_loads(program.out, 0, NULL);
	ck_assert_msg(json != NULL, "%s", program.out);
	json_array_foreach(json_object_get(json, "problems"), i, row)
	{
		ck_assert_ptr_nonnull(
			strstr(json_string_value(json_object_get(row, "file")), "/stock.csv"));
		json_array_append_new(
			told, json_pack("[O, O, b]", json_object_get(row, "record"),
					json_object_get(row, "field"),
					!strcmp(json_string_value(json_object_get(row, "skipped")),
						"yes")));
	}
	text = json_dumps(told, JSON_COMPACT);
	ck_assert_str_eq(text, expected);
	row = json_array_get(json_object_get(json, "files"), 0);
	ck_assert_int_eq(json_integer_value(json_object_get(row, "incomplete")), 0);
	ck_assert(json_is_integer(json_object_get(row, "refused")));
	free(text);
	json_decref(told);
	json_decref(json);
}
END_TEST

START_TEST(a_contract_is_shown_by_id_and_by_any_spelling)
{
	program_gives(0, stock(four, ""));
	program_gives(0, "contracts show B");
	ck_assert_ptr_nonnull(strstr(program.out, "27182811"));
	ck_assert_ptr_nonnull(strstr(program.out, "system"));
	program_gives(0, "contracts show 271-828-11 --output json");
	ck_assert_ptr_nonnull(strstr(program.out, "\"B\""));
	program_gives(66, "contracts show 4711");
}
END_TEST

START_TEST(words_that_do_not_go_together_are_refused)
{
	static const char *const options[] = { " --print --dry-run", " --source gdv",
					       " --output csv" };

	program_gives(64, stock(four, options[_i]));
}
END_TEST

START_TEST(printing_asks_no_database)
{
	program_gives(0, stock(four, " --print"));
	ck_assert_ptr_nonnull(strstr(program.out, "\nD,9001,27182813,"));
	ck_assert_str_eq(program_sql("select count(*) from contract"), "0");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("contracts");

	tcase_add_test(tc, a_dry_run_tells_everything_and_writes_nothing);
	tcase_add_test(tc, too_many_that_vanish_need_a_word);
	tcase_add_test(tc, bad_rows_are_named_and_the_good_ones_go_in);
	tcase_add_test(tc, all_files_of_a_command_or_none);
	tcase_add_test(tc, changes_are_told_to_machines);
	tcase_add_test(tc, problems_are_told_to_machines);
	tcase_add_test(tc, a_contract_is_shown_by_id_and_by_any_spelling);
	tcase_add_loop_test(tc, words_that_do_not_go_together_are_refused, 0, 3);
	tcase_add_test(tc, printing_asks_no_database);
	return program_cases(suite_create("contracts"), tc);
}
