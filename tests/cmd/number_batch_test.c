/* number_batch_test.c -- pairs as CSV: broken input first, then what passes through untouched. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/number_batch.h"

#define HEAD "left_vu,left,right_vu,right\n"
#define GOES "left_vu,left,right_vu,right,verdict,reason\n"

static TALLOC_CTX *mem;
static struct insurers *all;

static void setup(void)
{
	char *folder = SOURCE_DIR "/insurers";
	struct err e = { 0 };

	mem = talloc_new(NULL);
	all = insurers_load(&folder, 1, mem, &e);
	ck_assert_msg(all != NULL, "%s", e.text);
}

static void teardown(void)
{
	talloc_free(mem);
}

/* What comes out for this input; NULL if it failed, with the sentence in e. */
static char *batch(const char *text, size_t len, struct err *e)
{
	char *result = NULL, *out_text = NULL;
	FILE *in = tmpfile(), *out;
	size_t out_len;

	fwrite(text, 1, len, in);
	fflush(in);
	ck_assert_int_eq(lseek(fileno(in), 0, SEEK_SET), 0);
	out = open_memstream(&out_text, &out_len);
	if (number_batch(all, fileno(in), out, e))
		result = out_text;
	fclose(out);
	fclose(in);
	if (result)
		result = talloc_strdup(mem, out_text);
	free(out_text);
	return result;
}

struct bad_input {
	const char *text, *says;
};

static const struct bad_input bad_inputs[] = {
	{ "", "no head" },
	{ "left_vu,left,right_vu\n", "no column right" },
	{ "5312,1,5312,1\n", "no column left_vu" },
	{ HEAD "5312,1,5312\n", "record 2" },
	{ HEAD "5312,1,5312,1,1\n", "record 2" },
	{ HEAD "5312,1,5312,1\n5312,\"1,5312,1\n", "record 3" },
	{ HEAD "5312,\"1\"2,5312,1\n", "record 2" },
};

START_TEST(broken_input)
{
	struct err e = { 0 };

	ck_assert_ptr_null(batch(bad_inputs[_i].text, strlen(bad_inputs[_i].text), &e));
	ck_assert_int_eq(e.kind, ERR_DELIVERY);
	ck_assert_msg(strstr(e.text, bad_inputs[_i].says), "%s", e.text);
}
END_TEST

START_TEST(record_without_end)
{
	size_t len = sizeof(HEAD) - 1 + BATCH_RECORD_MOST + 10;
	char *text = talloc_array(mem, char, len);
	struct err e = { 0 };

	memset(text, '"', len);
	memcpy(text, HEAD, sizeof(HEAD) - 1);
	memset(text + sizeof(HEAD), 'x', len - sizeof(HEAD));
	ck_assert_ptr_null(batch(text, len, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "longer than"));
}
END_TEST

struct good_input {
	const char *in, *out;
};

static const struct good_input good_inputs[] = {
	{ HEAD, GOES },
	{ "left_vu,left,right_vu,right", GOES },
	{ "\xef\xbb\xbf" HEAD "\n\r\n", GOES },
	{ HEAD "9999,A-1,09999,a1\r\n",
	  GOES "9999,A-1,09999,a1,same,the same letters and digits\n" },
	{ HEAD "9999,\"A,1\",9999,a1",
	  GOES "9999,\"A,1\",9999,a1,same,the same letters and digits\n" },
	{ HEAD "9999,\"A\"\"1\",9999,a1\n",
	  GOES "9999,\"A\"\"1\",9999,a1,review,a side cannot be read as a policy number\n" },
	{ HEAD "9999,\"A\n1\",9999,a1\n",
	  GOES "9999,\"A\n1\",9999,a1,review,a side cannot be read as a policy number\n" },
	{ HEAD ",,,\n", GOES ",,,,review,a side names no insurer\n" },
	{ HEAD "9999,,9999,\n", GOES "9999,,9999,,review,a side holds no number\n" },
	{ "id,right,right_vu,left_vu,left\nx,12,9999,9999,13\n",
	  "id,right,right_vu,left_vu,left,verdict,reason\nx,12,9999,9999,13,different,the numbers differ\n" },
	{ HEAD "5312,AS-1234567890,5312,1234567890\n", GOES
	  "5312,AS-1234567890,5312,1234567890,same,one number in two spellings that its picture allows\n" },
};

START_TEST(verdicts_pass_out)
{
	struct err e = { 0 };
	char *out = batch(good_inputs[_i].in, strlen(good_inputs[_i].in), &e);

	ck_assert_msg(out != NULL, "%s", e.text);
	ck_assert_str_eq(out, good_inputs[_i].out);
}
END_TEST

START_TEST(embedded_nul)
{
	static const char text[] = HEAD "9999,12\0003,9999,12\n";
	struct err e = { 0 };
	char *out = batch(text, sizeof(text) - 1, &e);

	ck_assert_msg(out != NULL, "%s", e.text);
	ck_assert_str_eq(out, GOES "9999,12"); /* the record went out as it came, NUL and all */
}
END_TEST

/* More than a buffer, so that records lie across its end. */
START_TEST(many_records)
{
	enum { RECORDS = 120000, RECORD = 29 };
	size_t head = sizeof(HEAD) - 1, same = 0;
	char *text = talloc_array(mem, char, head + RECORDS * RECORD + 1), *out;
	struct err e = { 0 };

	strcpy(text, HEAD);
	for (int i = 0; i < RECORDS; i++)
		sprintf(text + head + (size_t)i * RECORD, "9999,AB-%06d,9999,ab%06d\n", i, i);
	out = batch(text, head + RECORDS * RECORD, &e);
	ck_assert_msg(out != NULL, "%s", e.text);
	for (char *line = strtok(out, "\n"); line; line = strtok(NULL, "\n")) {
		bool joined = memcmp(line + RECORD - 1, ",same,", 6) == 0;

		same += joined && memcmp(line + 8, line + 22, 6) == 0;
	}
	ck_assert_uint_eq(same, RECORDS);
}
END_TEST

/* An answer comes as soon as its record is there: a program may talk to us line by line. */
START_TEST(answers_before_the_end)
{
	int to[2], from[2];
	char line[200];
	FILE *answers;
	pid_t child;

	ck_assert_int_eq(pipe(to), 0);
	ck_assert_int_eq(pipe(from), 0);
	child = fork();
	if (child == 0) {
		close(to[1]);
		close(from[0]);
		_exit(number_batch(all, to[0], fdopen(from[1], "w"), NULL) ? 0 : 1);
	}
	close(to[0]);
	close(from[1]);
	answers = fdopen(from[0], "r");
	ck_assert_int_gt(write(to[1], HEAD "9999,1,9999,1\n", sizeof(HEAD) + 13), 0);
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), answers));
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), answers));
	ck_assert_str_eq(line, "9999,1,9999,1,same,the same letters and digits\n");
	close(to[1]);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	fclose(answers);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int main(void)
{
	Suite *suite = suite_create("number_batch");
	TCase *t = tcase_create("number_batch");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, broken_input, 0, COUNT(bad_inputs));
	tcase_add_test(t, record_without_end);
	tcase_add_loop_test(t, verdicts_pass_out, 0, COUNT(good_inputs));
	tcase_add_test(t, embedded_nul);
	tcase_add_test(t, many_records);
	tcase_add_test(t, answers_before_the_end);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
