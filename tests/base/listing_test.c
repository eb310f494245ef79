/* listing_test.c -- lists as tables, JSON and CSV. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/command.h"

static const char *const heads[] = { "name", "count", "note" };

static struct listing *sample(TALLOC_CTX *mem)
{
	struct listing *list = listing_new(mem, 3, heads);

	listing_numbers(list, 1, 1);
	listing_row(list, (const char *const[]){ "a", "7", "7" });
	listing_row(list, (const char *const[]){ "k\xc3\xb6ln", "1234567", NULL });
	listing_row(list, (const char *const[]){ "c,\"d\"", NULL, "x\ny" });
	return list;
}

static char *printed(enum output how, TALLOC_CTX *mem)
{
	char *text = NULL, *copy;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	listing_print(sample(mem), how, out);
	fclose(out);
	copy = talloc_strdup(mem, text);
	free(text);
	return copy;
}

START_TEST(numbers_are_right_aligned)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	ck_assert_str_eq(printed(OUTPUT_TABLE, mem), "name     count  note\n"
						     "a            7  7\n"
						     "k\xc3\xb6ln   1234567  \n"
						     "c,\"d\"           x\ny\n");
	talloc_free(mem);
}
END_TEST

START_TEST(csv_is_quoted_where_it_must)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	ck_assert_str_eq(printed(OUTPUT_CSV, mem), "name,count,note\na,7,7\nk\xc3\xb6ln,1234567,\n"
						   "\"c,\"\"d\"\"\",,\"x\ny\"\n");
	talloc_free(mem);
}
END_TEST

/* By the mark, not by what a cell looks like: a policy number is no number. */
START_TEST(marked_columns_are_numbers_in_json)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *json = printed(OUTPUT_JSON, mem);

	ck_assert_ptr_nonnull(strstr(json, "\"count\": 7,"));
	ck_assert_ptr_nonnull(strstr(json, "\"note\": \"7\""));
	ck_assert_ptr_nonnull(strstr(json, "\"count\": null"));
	talloc_free(mem);
}
END_TEST

static const char *const no_numbers[] = { "-7",  "+7",  "7.5",
					  "",    " 7",  "7 ",
					  "1e3", "0x7", "9999999999999999999" };

START_TEST(what_is_no_plain_integer_stays_text)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct listing *list = listing_new(mem, 1, heads);
	char *text = NULL, *cell = talloc_asprintf(mem, "\"name\": \"%s\"", no_numbers[_i]);
	size_t len;
	FILE *out = open_memstream(&text, &len);

	listing_numbers(list, 0, 0);
	listing_row(list, &no_numbers[_i]);
	listing_print(list, OUTPUT_JSON, out);
	fclose(out);
	ck_assert_msg(strstr(text, cell) != NULL, "%s", text);
	free(text);
	talloc_free(mem);
}
END_TEST

START_TEST(several_lists_are_one_object)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct listing *lists[] = { listing_new(mem, 3, heads), listing_new(mem, 3, heads) };
	const char *const names[] = { "one", "two" };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	listings_print_json(names, lists, 2, out);
	fclose(out);
	ck_assert_str_eq(text, "{\n  \"one\": [],\n  \"two\": []\n}\n");
	free(text);
	talloc_free(mem);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("listing");
	TCase *tc = tcase_create("listing");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, numbers_are_right_aligned);
	tcase_add_test(tc, csv_is_quoted_where_it_must);
	tcase_add_test(tc, marked_columns_are_numbers_in_json);
	tcase_add_loop_test(tc, what_is_no_plain_integer_stays_text, 0,
			    sizeof no_numbers / sizeof *no_numbers);
	tcase_add_test(tc, several_lists_are_one_object);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
