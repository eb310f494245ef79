#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/command.h"

static struct {
	int calls, words;
	char first_word[64], colour[64], conf[64];
	bool loud;
	enum output output;
} seen;

static int paint_run(struct invocation *in, struct err *e)
{
	const char *colour = invocation_option(in, "--colour");

	(void)e;
	seen.calls++;
	seen.words = in->words;
	seen.output = in->output;
	seen.loud = invocation_option(in, "--loud") != NULL;
	snprintf(seen.first_word, sizeof seen.first_word, "%s", in->words ? in->word[0] : "");
	snprintf(seen.colour, sizeof seen.colour, "%s", colour ? colour : "none");
	snprintf(seen.conf, sizeof seen.conf, "%s", in->conf_path);
	return 3;
}

static int fail_run(struct invocation *in, struct err *e)
{
	(void)in;
	err_set(e, ERR_DELIVERY, "an answer is no good");
	return EX_OK;
}

static const struct option_spec options[] = {
	{ "--colour", "NAME", "which" },
	{ "--loud", NULL, "with noise" },
	{ NULL, NULL, NULL },
};

static const struct command commands[] = {
	{ "paint", "WORD...", 0, 2, options, "paint", paint_run },
	{ "paint wall", "WORD", 1, 1, options, "paint a wall", paint_run },
	{ "fail", "", 0, 0, NULL, "fail", fail_run },
	{ "mix red", "", 0, 0, NULL, "mix", fail_run },
	{ 0 },
};

static const struct command *const tables[] = { commands, NULL };

static int call(int argc, const char *const *words)
{
	char *argv[12] = { (char *)"vorpost" };

	memset(&seen, 0, sizeof seen);
	for (int i = 0; i < argc; i++)
		argv[i + 1] = (char *)words[i];
	return command_main(argc + 1, argv, tables);
}

#define CALL(...)                                                                                  \
	call((int)(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)),                 \
	     (const char *const[]){ __VA_ARGS__ })

START_TEST(the_longest_name_wins)
{
	ck_assert_int_eq(CALL("paint", "wall", "north"), 3);
	ck_assert_str_eq(seen.first_word, "north");
	ck_assert_int_eq(seen.words, 1);
}
END_TEST

START_TEST(options_stand_anywhere_and_take_their_value_either_way)
{
	ck_assert_int_eq(CALL("--config", "x.yaml", "paint", "--colour=red", "a", "--loud"), 3);
	ck_assert_str_eq(seen.colour, "red");
	ck_assert_str_eq(seen.conf, "x.yaml");
	ck_assert(seen.loud);
	ck_assert_int_eq(CALL("paint", "a", "--colour", "blue", "--output", "json"), 3);
	ck_assert_str_eq(seen.colour, "blue");
	ck_assert_int_eq(seen.output, OUTPUT_JSON);
	ck_assert(!seen.loud);
	ck_assert_int_eq(CALL("paint", "--", "--loud"), 3);
	ck_assert_str_eq(seen.first_word, "--loud");
	ck_assert(!seen.loud);
}
END_TEST

START_TEST(a_wrong_command_line_runs_nothing_and_is_64)
{
	ck_assert_int_eq(CALL("pain"), EX_USAGE);
	ck_assert_int_eq(CALL("paint", "--colou", "red"), EX_USAGE);
	ck_assert_int_eq(CALL("paint", "--colour"), EX_USAGE);
	ck_assert_int_eq(CALL("paint", "--loud=yes"), EX_USAGE);
	ck_assert_int_eq(CALL("paint", "a", "b", "c"), EX_USAGE);
	ck_assert_int_eq(CALL("paint", "wall"), EX_USAGE);
	ck_assert_int_eq(CALL("paint", "--output", "xml"), EX_USAGE);
	ck_assert_int_eq(CALL("bad\x1b[31m\xff"), EX_USAGE);
	ck_assert_int_eq(seen.calls, 0);
}
END_TEST

START_TEST(an_error_sets_the_exit_code_of_its_route)
{
	ck_assert_int_eq(CALL("fail"), EX_DATAERR);
	ck_assert_int_eq(CALL("fail", "--help"), EX_OK);
}
END_TEST

START_TEST(the_first_word_alone_tells_what_may_follow)
{
	ck_assert_int_eq(CALL("mix", "--help"), EX_OK);
	ck_assert_int_eq(CALL("mix"), EX_USAGE);
	ck_assert_int_eq(CALL("mix", "blue"), EX_USAGE);
	ck_assert_int_eq(CALL("mi", "--help"), EX_USAGE);
	ck_assert_int_eq(CALL("mix", "blue\x1b[31m", "--help"), EX_USAGE);
}
END_TEST

START_TEST(lists_come_out_as_table_json_and_csv)
{
	static const char *const heads[] = { "name", "says" };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct listing *list = listing_new(mem, 2, heads);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	listing_row(list, (const char *const[]){ "Müller", "a,b \"c\"\nd" });
	listing_row(list, (const char *const[]){ "x", NULL });
	listing_print(list, OUTPUT_CSV, out);
	fflush(out);
	ck_assert_str_eq(text, "name,says\nMüller,\"a,b \"\"c\"\"\nd\"\nx,\n");
	rewind(out);
	listing_print(list, OUTPUT_JSON, out);
	fclose(out);
	ck_assert_ptr_nonnull(strstr(text, "\"says\": \"a,b \\\"c\\\"\\nd\""));
	ck_assert_ptr_nonnull(strstr(text, "\"says\": null"));
	free(text);
	talloc_free(mem);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base/command");
	TCase *tcase = tcase_create("command");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, the_longest_name_wins);
	tcase_add_test(tcase, options_stand_anywhere_and_take_their_value_either_way);
	tcase_add_test(tcase, a_wrong_command_line_runs_nothing_and_is_64);
	tcase_add_test(tcase, an_error_sets_the_exit_code_of_its_route);
	tcase_add_test(tcase, the_first_word_alone_tells_what_may_follow);
	tcase_add_test(tcase, lists_come_out_as_table_json_and_csv);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
