/* Counting errors, and what a CSV of documents may look like. */
#include "matcher/evaluate.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "world.h"

static struct insurers *insurers;
static TALLOC_CTX *mem;

struct heard {
	struct evaluation *evaluation;
	char *verdicts; /* "D1 exact A; D2 queued;" */
	int problems, skipped;
};

static bool take_document(void *self, const struct labelled *labelled, struct err *e)
{
	struct heard *heard = self;
	struct verdict *v = evaluate(heard->evaluation, labelled, mem);

	(void)e;
	heard->verdicts =
		talloc_asprintf_append(heard->verdicts, "%s %s%s%s; ", labelled->document_id,
				       v->filed ? tier_text(v->tier) : "queued",
				       v->filed ? " " : "", v->filed ? v->contract_id : "");
	return true;
}

static void take_problem(void *self, uint64_t row, bool skipped, const char *sentence)
{
	struct heard *heard = self;

	ck_assert_uint_gt(row, 1);
	ck_assert_ptr_nonnull(sentence);
	heard->problems++;
	heard->skipped += skipped;
}

/* Two customers; A1 and A2 are one's. */
static struct evaluation *evaluation_make(void)
{
	static const struct contract contracts[] = {
		{ .contract_id = (char *)"A1",
		  .vu = (char *)"9001",
		  .number = (char *)"471100",
		  .customer_id = (char *)"A" },
		{ .contract_id = (char *)"A2",
		  .vu = (char *)"9001",
		  .number = (char *)"471101",
		  .customer_id = (char *)"A" },
		{ .contract_id = (char *)"B1",
		  .vu = (char *)"9001",
		  .number = (char *)"471102",
		  .customer_id = (char *)"B" },
		{ .contract_id = (char *)"N1", .vu = (char *)"9001", .number = (char *)"471103" },
		{ .contract_id = (char *)"N2", .vu = (char *)"9001", .number = (char *)"471104" },
	};
	struct memory_stock *stock = memory_stock_new(insurers, mem);

	for (size_t i = 0; i < sizeof contracts / sizeof *contracts; i++)
		memory_stock_add(stock, &contracts[i], STOCK_CSV);
	return evaluation_new(stock, insurers, false, mem);
}

static bool read_text(struct heard *heard, const char *text, size_t len, struct err *e)
{
	const struct labelled_sink sink = { heard, take_document, take_problem };
	FILE *file = fmemopen((void *)text, len, "r");
	bool ok;

	*heard = (struct heard){ evaluation_make(), talloc_strdup(mem, ""), 0, 0 };
	ok = labelled_read(file, &sink, e);
	fclose(file);
	return ok;
}

static struct tally tally_all(const struct evaluation *ev)
{
	struct tally sum = { 0 };

	for (size_t i = 0; i < ev->count; i++)
		for (int tier = 0; tier < TIERS; tier++)
			tally_add(&sum, &ev->items[i].tiers[tier]);
	return sum;
}

START_TEST(the_three_errors_are_kept_apart)
{
	static const char text[] =
		"document_id,vu,number,truth\n"
		"D1,9001,471100,A1\n"     /* right */
		"D2,9001,471101,A1\n"     /* E2 */
		"D3,9001,471102,A1\n"     /* E1 */
		"D4,9001,471102,review\n" /* E1: a person had to look */
		"D5,9001,471103,N2\n"     /* E1: nobody knows that it is one customer */
		"D6,9001,471199,A1\n"     /* E3 */
		"D7,9001,999999,review\n" /* right */
		"D8,9001,888888,GONE\n";  /* right: it is not in the stock */
	struct heard heard;
	struct err e = { 0 };
	struct tally sum;

	ck_assert(read_text(&heard, text, strlen(text), &e));
	sum = tally_all(heard.evaluation);
	ck_assert_uint_eq(sum.filed, 5);
	ck_assert_uint_eq(sum.queued, 3);
	ck_assert_uint_eq(sum.wrong_customer, 3);
	ck_assert_uint_eq(sum.wrong_contract, 1);
	ck_assert_uint_eq(sum.needless_review, 1);
	ck_assert_int_eq(heard.problems, 0);
}
END_TEST

/* ---- what came before ---- */

static bool take_before(void *self, const struct labelled *labelled, struct err *e)
{
	struct heard *heard = self;

	(void)e;
	evaluate_before(heard->evaluation, labelled);
	return true;
}

static void read_before(struct heard *heard, const char *text)
{
	const struct labelled_sink sink = { heard, take_before, take_problem };
	FILE *file = fmemopen((void *)text, strlen(text), "r");
	struct err e = { 0 };

	ck_assert_msg(labelled_read(file, &sink, &e), "%s", e.text);
	fclose(file);
}

/* What a person said once is known: the spelling, and the claim; what the matcher filed vouches for the claim, too. */
START_TEST(decisions_are_remembered)
{
	static const char before[] =
		"document_id,vu,number,claim_number,truth\n"
		"P1,9001,XY 99,,A1\n"     /* a person */
		"P2,9001,471102,S-1,B1\n" /* by itself */
		"P3,9001,471100,S-2,A1\n" /* a claim of two contracts */
		"P4,9001,471102,S-2,B1\n"
		"P5,9001,471102/7,S-3,B1\n" /* a person, and a name of nobody else */
		"P6,9001,ZZ 1,,review\n"    /* nobody knew */
		"P7,9001,ZZ 2,,GONE\n";
	static const char text[] = "document_id,vu,number,claim_number,truth\n"
				   "D1,9001,xy-99,,A1\n"
				   "D2,9001,,S-1,B1\n"
				   "D3,9001,,S-2,A1\n"
				   "D4,9001,,S-3,B1\n"
				   "D5,9001,ZZ1,,A1\n"
				   "D6,9001,ZZ2,,A1\n";
	const struct labelled_sink sink = { NULL, take_document, take_problem };
	struct labelled_sink taking = sink;
	struct heard heard = { evaluation_make(), talloc_strdup(mem, ""), 0, 0 };
	struct err e = { 0 };
	FILE *file = fmemopen((void *)text, strlen(text), "r");

	read_before(&heard, before);
	ck_assert_uint_eq(heard.evaluation->before.filed, 3);
	ck_assert_uint_eq(heard.evaluation->before.needless_review, 2);
	ck_assert_uint_eq(heard.evaluation->before.wrong_customer, 0);
	ck_assert_uint_eq(heard.evaluation->count, 0); /* not in the sums */
	taking.self = &heard;
	ck_assert(labelled_read(file, &taking, &e));
	fclose(file);
	ck_assert_str_eq(heard.verdicts, "D1 alias A1; D2 claim B1; D3 queued; D4 claim B1; "
					 "D5 queued; D6 queued; ");
}
END_TEST

/* A name is remembered only if it is nobody's. */
START_TEST(a_name_that_is_taken_is_not_remembered)
{
	static const char before[] = "document_id,vu,number,name,truth\n"
				     "P1,9001,471100,,B1\n"; /* filed to A1, wrongly */
	struct heard heard = { evaluation_make(), talloc_strdup(mem, ""), 0, 0 };

	read_before(&heard, before);
	ck_assert_uint_eq(heard.evaluation->before.wrong_customer, 1);
	ck_assert_uint_eq(heard.evaluation->before.filed, 1);
}
END_TEST

/* GDV has no ids: the truth may be the number that the broker gave the contract, if only one has it. */
START_TEST(the_truth_by_the_brokers_own_number)
{
	enum name_origin own[] = { NAME_BROKER };
	char *first[] = { (char *)"V-1" }, *twice[] = { (char *)"V-2" };
	struct contract c = { .contract_id = (char *)"9001-aa",
			      .vu = (char *)"9001",
			      .number = (char *)"5551",
			      .other_numbers = first,
			      .other_origins = own,
			      .other_count = 1 };
	struct memory_stock *stock = memory_stock_new(insurers, mem);

	memory_stock_add(stock, &c, STOCK_GDV);
	c.other_numbers = twice;
	c.contract_id = (char *)"9001-bb";
	memory_stock_add(stock, &c, STOCK_GDV);
	c.contract_id = (char *)"9001-cc";
	memory_stock_add(stock, &c, STOCK_GDV);
	ck_assert_str_eq(memory_stock_meant(stock, "V-1")->contract_id, "9001-aa");
	ck_assert_str_eq(memory_stock_meant(stock, "9001-bb")->contract_id, "9001-bb");
	ck_assert_ptr_null(memory_stock_meant(stock, "V-2"));
	ck_assert_ptr_null(
		memory_stock_meant(stock, "5551")); /* an insurer's number names nobody */
	ck_assert_ptr_null(memory_stock_meant(stock, "V-3"));
	ck_assert_ptr_null(memory_stock_meant(stock, "-"));
}
END_TEST

/* Whoever drew the picture [NS-]########: where the stock has both readings as contracts, it files neither's documents to the other. */
START_TEST(a_picture_that_joins_contracts_files_nothing)
{
	static const struct contract two[] = {
		{ .contract_id = (char *)"K1",
		  .vu = (char *)"9001",
		  .number = (char *)"NS27182818" },
		{ .contract_id = (char *)"K2", .vu = (char *)"9001", .number = (char *)"27182818" },
		{ .contract_id = (char *)"K3", .vu = (char *)"9001", .number = (char *)"27182819" },
	};
	static const char text[] = "document_id,vu,number,truth\n"
				   "D1,9001,NS-2718 2818,K1\n"
				   "D2,9001,27182818,K2\n"
				   "D3,9001,NS27182819,K3\n";
	struct memory_stock *stock = memory_stock_new(insurers, mem);
	struct heard heard = { NULL, talloc_strdup(mem, ""), 0, 0 };
	const struct labelled_sink sink = { &heard, take_document, take_problem };
	FILE *file = fmemopen((void *)text, strlen(text), "r");
	struct err e = { 0 };

	for (size_t i = 0; i < sizeof two / sizeof *two; i++)
		memory_stock_add(stock, &two[i], STOCK_CSV);
	heard.evaluation = evaluation_new(stock, insurers, false, mem);
	ck_assert(labelled_read(file, &sink, &e));
	fclose(file);
	ck_assert_str_eq(heard.verdicts, "D1 queued; D2 queued; D3 exact K3; ");
}
END_TEST

START_TEST(hostile_documents)
{
	static const char text[] = "\xef\xbb\xbftruth;number;VU;document_id;more;birth_date\r\n"
				   "A1;471100;9001;D1;x;1.5.1970\r\n"
				   "A1;471100;9001;D1;x;\n"           /* twice */
				   "A1;471100;9001;;x;\n"             /* no id */
				   ";471100;9001;D2;x;\n"             /* no truth */
				   "A1;471100;9001;D3\n"              /* fields missing */
				   "A1;471100;9001;D4;x;30.30.1970\n" /* only the date is bad */
				   "A1;\"47\n1100\";9001;D5;x;\n"     /* a line end in quotes */
				   "A1;\xff\xfe;9001;D6;x;\n"         /* no UTF-8 */
				   "A1;'--drop table contract;9001;D7;x;\n"
				   "A1;;;D8;x;\n"
				   "A1;47\x01"
				   "1100;9001;D10;x;\n"        /* a control character */
				   "A1;471100;9001;\"D9;x;\n"; /* never closed */
	struct heard heard;
	struct err e = { 0 };

	ck_assert(read_text(&heard, text, strlen(text), &e));
	ck_assert_str_eq(heard.verdicts, "D1 exact A1; D4 exact A1; D5 queued; D6 queued; "
					 "D7 queued; D8 queued; ");
	ck_assert_int_eq(heard.skipped, 6);
	ck_assert_int_eq(heard.problems, 7);
}
END_TEST

START_TEST(heads_that_are_none)
{
	static const char *const heads[] = { "",
					     "\n",
					     "vu,number,truth\n",
					     "document_id,vu,number\n",
					     "document_id,vu,number,truth,VU\n",
					     "\"document_id\n" };

	for (size_t i = 1; i < sizeof heads / sizeof *heads; i++) {
		struct heard heard;
		struct err e = { 0 };

		ck_assert_msg(!read_text(&heard, heads[i], strlen(heads[i]), &e), "%s", heads[i]);
		ck_assert_int_eq(e.kind, ERR_DELIVERY);
	}
}
END_TEST

START_TEST(the_bound_is_what_the_sample_supports)
{
	ck_assert(error_bound(0, 0) == 1);
	ck_assert(fabs(error_bound(0, 30000) * 30000 - 2.9957) < 0.001);
	ck_assert(fabs(error_bound(1, 30000) * 30000 - 4.7439) < 0.001);
	ck_assert(error_bound(5, 3) == 1);
}
END_TEST

START_TEST(naive_rules_join_strangers)
{
	const struct contract contracts[] = {
		{ .contract_id = (char *)"A", .vu = (char *)"1", .number = (char *)"10203" },
		{ .contract_id = (char *)"B", .vu = (char *)"2", .number = (char *)"AB-777" },
	};
	struct memory_stock *stock = memory_stock_new(insurers, mem);
	struct naive *naive;

	memory_stock_add(stock, &contracts[0], STOCK_CSV);
	memory_stock_add(stock, &contracts[1], STOCK_CSV);
	naive = naive_new(stock, mem);
	ck_assert_ptr_nonnull(naive_file(naive, NAIVE_DIGITS_NO_ZERO, "9", "123"));
	ck_assert_ptr_null(naive_file(naive, NAIVE_DIGITS, "9", "123"));
	ck_assert_ptr_nonnull(naive_file(naive, NAIVE_DIGITS, "9", "XY 00777"));
	ck_assert_ptr_nonnull(naive_file(naive, NAIVE_STRIP, "9", "ab777"));
	ck_assert_ptr_null(naive_file(naive, NAIVE_STRIP_VU, "9", "ab777"));
	ck_assert_ptr_nonnull(naive_file(naive, NAIVE_STRIP_VU, "002", "ab777"));
	ck_assert_ptr_nonnull(naive_file(naive, NAIVE_EDIT_VU, "1", "10208"));
	ck_assert_ptr_null(naive_file(naive, NAIVE_EDIT_VU, "1", "10288"));
	ck_assert_ptr_null(naive_file(naive, NAIVE_EDIT_VU, NULL, NULL));
}
END_TEST

/* What a rule finds several of, it suggests: three of them, and it says if there are more. */
START_TEST(naive_rules_suggest)
{
	struct contract contracts[] = {
		{ .contract_id = (char *)"A", .vu = (char *)"1", .number = (char *)"10203" },
		{ .contract_id = (char *)"B", .vu = (char *)"1", .number = (char *)"1023" },
		{ .contract_id = (char *)"C", .vu = (char *)"2", .number = (char *)"1-230" },
		{ .contract_id = (char *)"D", .vu = (char *)"3", .number = (char *)"X 123" },
	};
	const struct contract *top[NAIVE_TOP];
	const size_t wanted[] = { 1, 2, 3, NAIVE_TOP + 1 };

	contracts[0].printed_number = (char *)"123"; /* its own number twice is one contract */
	for (size_t n = 1; n <= 4; n++) {
		struct memory_stock *stock = memory_stock_new(insurers, mem);
		struct naive *naive;

		for (size_t i = 0; i < n; i++)
			memory_stock_add(stock, &contracts[i], STOCK_CSV);
		naive = naive_new(stock, mem);
		ck_assert_uint_eq(naive_found(top, naive, NAIVE_DIGITS_NO_ZERO, NULL, "123"),
				  wanted[n - 1]);
		for (size_t i = 0; i < n && i < NAIVE_TOP; i++)
			ck_assert_str_eq(top[i]->contract_id, contracts[i].contract_id);
		ck_assert(!naive_file(naive, NAIVE_DIGITS_NO_ZERO, NULL, "123") == (n > 1));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("evaluate");
	TCase *tc = tcase_create("evaluate");
	SRunner *runner;
	int failed;

	mem = talloc_new(NULL);
	insurers = world_insurers(mem);
	tcase_add_test(tc, the_three_errors_are_kept_apart);
	tcase_add_test(tc, decisions_are_remembered);
	tcase_add_test(tc, a_name_that_is_taken_is_not_remembered);
	tcase_add_test(tc, the_truth_by_the_brokers_own_number);
	tcase_add_test(tc, a_picture_that_joins_contracts_files_nothing);
	tcase_add_test(tc, hostile_documents);
	tcase_add_test(tc, heads_that_are_none);
	tcase_add_test(tc, the_bound_is_what_the_sample_supports);
	tcase_add_test(tc, naive_rules_join_strangers);
	tcase_add_test(tc, naive_rules_suggest);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	talloc_free(mem);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
