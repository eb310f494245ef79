/* number_batch_test.c -- pairs as CSV: broken input first, then what passes through untouched. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/number_batch.h"
#include "normalizers/key.h"

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

/* What stands before a refused record has gone out, in whole rows; of the record itself nothing. */
static const struct bad_input half_ways[] = {
	{ HEAD "9999,1,9999,1\n9999,2,9999\n9999,3,9999,3\n",
	  GOES "9999,1,9999,1,same,the same letters and digits\n" },
	{ HEAD "9999,\"1\",9999,1\n9999,\"2\"2,9999,2\n",
	  GOES "9999,\"1\",9999,1,same,the same letters and digits\n" },
	{ HEAD "9999,1,9999,1\n9999,\"2,9999,2\n",
	  GOES "9999,1,9999,1,same,the same letters and digits\n" },
	{ HEAD "9999,1,9999", GOES },
	{ "left_vu,left,right_vu\n", "" },
	{ "left_vu,\"left,right_vu,right\n", "" },
};

START_TEST(refused_half_way)
{
	char *out_text = NULL;
	size_t out_len;
	FILE *in = tmpfile(), *out = open_memstream(&out_text, &out_len);
	struct err e = { 0 };

	fputs(half_ways[_i].text, in);
	fflush(in);
	ck_assert_int_eq(lseek(fileno(in), 0, SEEK_SET), 0);
	ck_assert(!number_batch(all, fileno(in), out, &e));
	ck_assert_int_eq(e.kind, ERR_DELIVERY);
	fclose(out);
	fclose(in);
	ck_assert_str_eq(out_text, half_ways[_i].says);
	free(out_text);
}
END_TEST

/* Nobody reads any more, or the disk is full: not a success. */
START_TEST(rows_that_cannot_go_out)
{
	FILE *in = tmpfile(), *full = fopen("/dev/full", "w");
	struct err e = { 0 };

	if (!full) {
		printf("number_batch: no /dev/full, skipped\n");
		fclose(in);
		return;
	}
	fputs(HEAD "9999,1,9999,1\n", in);
	fflush(in);
	ck_assert_int_eq(lseek(fileno(in), 0, SEEK_SET), 0);
	ck_assert(!number_batch(all, fileno(in), full, &e));
	ck_assert_int_eq(e.kind, ERR_RETRY);
	fclose(full);
	fclose(in);
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

/* Rows of several buffers wait for one another: a long record between short ones. */
START_TEST(longest_record)
{
	size_t head = sizeof(HEAD) - 1, long_len = BATCH_RECORD_MOST - 100;
	char *text = talloc_zero_array(mem, char, head + long_len + 100), *out, *at = text + head;
	static const char row[] = "9999,1,9999,1\n", end[] = ",9999,1\n";
	struct err e = { 0 };

	strcpy(text, HEAD);
	at = stpcpy(at, row);
	memset(at, '1', long_len);
	memcpy(at, "9999,", 5);
	at = stpcpy(at + long_len, end);
	at = stpcpy(at, row);
	out = batch(text, (size_t)(at - text), &e);
	ck_assert_msg(out != NULL, "%s", e.text);
	ck_assert_uint_eq(
		strlen(out),
		sizeof(GOES) - 1 + 2 * strlen("9999,1,9999,1,same,the same letters and digits\n") +
			long_len +
			strlen(",9999,1,review,a side cannot be read as a policy number\n"));
	ck_assert_str_eq(out + strlen(out) - 47,
			 "9999,1,9999,1,same,the same letters and digits\n");
}
END_TEST

/* Its register number if it has one: short, so it is remembered. */
static const char *mark_of(size_t i)
{
	const struct insurer *insurer = insurers_at(all, i);
	bool has = insurer->carrier_count && insurer->carriers[0].vu;

	return has ? insurer->carriers[0].vu : insurer->issuer;
}

/* Every name there is against every other, twice: what is remembered of one must never answer for another. */
START_TEST(names_are_not_mixed_up)
{
	char *text = NULL, *out, *line, *rest = NULL;
	size_t n = insurers_count(all), len;
	FILE *pairs = open_memstream(&text, &len);
	struct err e = { 0 };

	fputs(HEAD, pairs);
	for (size_t i = 0; i < 2 * n * n; i++)
		fprintf(pairs, "%s,74123456789,%s,74123456789\n", insurers_at(all, i / n % n)->name,
			mark_of(i % n));
	fclose(pairs);
	out = batch(text, len, &e);
	free(text);
	ck_assert_msg(out != NULL, "%s", e.text);
	line = strtok_r(out, "\n", &rest);
	for (size_t i = 0; i < 2 * n * n; i++) {
		const char *l = insurers_at(all, i / n % n)->name;
		const char *r = mark_of(i % n);
		const struct spelled left = { l, strlen(l), "74123456789", 11 };
		const struct spelled right = { r, strlen(r), "74123456789", 11 };
		const char *why, *verdict;

		verdict = comparison_text(spellings_compare(all, &left, &right, &why));
		line = strtok_r(NULL, "\n", &rest);
		ck_assert_ptr_nonnull(line);
		ck_assert_str_eq(line, talloc_asprintf(mem, "%s,74123456789,%s,74123456789,%s,%s",
						       l, r, verdict, why));
	}
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
		sprintf(text + head + (size_t)i * RECORD, "9999,AB-%06d,9999,ab%06d\n", i + 1,
			i + 1);
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
	tcase_add_loop_test(t, refused_half_way, 0, COUNT(half_ways));
	tcase_add_test(t, rows_that_cannot_go_out);
	tcase_add_loop_test(t, verdicts_pass_out, 0, COUNT(good_inputs));
	tcase_add_test(t, embedded_nul);
	tcase_add_test(t, longest_record);
	tcase_add_test(t, names_are_not_mixed_up);
	tcase_add_test(t, many_records);
	tcase_add_test(t, answers_before_the_end);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
