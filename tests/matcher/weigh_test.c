#include "matcher/weigh.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

static struct terms *stock_of(int muellers, int others, TALLOC_CTX *mem)
{
	struct terms *terms = terms_new(mem);
	char name[32], first_name[] = "Anna", postcode[] = "20095";
	struct contract c = { .name = name, .first_name = first_name, .postcode = postcode };

	for (int i = 0; i < muellers + others; i++) {
		snprintf(name, sizeof name, i < muellers ? "Mueller" : "Seltenheim%c%c",
			 'a' + i % 26, 'a' + i / 26 % 26);
		terms_add(terms, &c);
	}
	return terms;
}

START_TEST(a_common_name_weighs_little)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct weighing w = weighing_usual;
	double usual = weigh_agreement(&w, DETAIL_SURNAME, "Müller");

	ck_assert_double_lt(usual + 4, weigh_agreement(&w, DETAIL_SURNAME, "Seltenheimaa"));
	w.terms = stock_of(50000, 50000, mem);
	ck_assert_double_lt(weigh_agreement(&w, DETAIL_SURNAME, "Müller"), 2);
	ck_assert_double_lt(weigh_agreement(&w, DETAIL_SURNAME, "MUELLER"), 2);
	ck_assert_double_lt(weigh_agreement(&w, DETAIL_SURNAME, "Müller-Seltenheimaa"), 2);
	w.terms = stock_of(1, 100000, mem);
	ck_assert_double_gt(weigh_agreement(&w, DETAIL_SURNAME, "Müller"), usual);
	talloc_free(mem);
}
END_TEST

START_TEST(a_small_stock_leans_on_the_country)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct weighing w = weighing_usual;
	double usual = weigh_agreement(&w, DETAIL_SURNAME, "Müller");

	w.terms = stock_of(0, 5, mem);
	ck_assert_double_lt(fabs(weigh_agreement(&w, DETAIL_SURNAME, "Müller") - usual), 0.1);
	w.terms = terms_new(mem);
	ck_assert_double_lt(fabs(weigh_agreement(&w, DETAIL_SURNAME, "Müller") - usual), 0.01);
	talloc_free(mem);
}
END_TEST

START_TEST(nothing_weighs_more_than_its_bound)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct weighing w = weighing_usual;

	w.terms = stock_of(1, 200000, mem);
	ck_assert_double_le(weigh_agreement(&w, DETAIL_SURNAME, "Niegesehen"), SURNAME_BITS);
	ck_assert_int_lt(SURNAME_BITS, SECOND_BITS); /* a surname alone confirms nothing */
	ck_assert_int_lt(SURNAME_BITS, REPAIR_BITS);
	for (int i = 0; i < DETAILS; i++) {
		ck_assert_double_le(weigh_agreement(&w, (enum detail)i, "Niegesehen"),
				    FIELD_BITS_MOST);
		ck_assert_double_ge(weigh_agreement(&w, (enum detail)i, ""), 0);
		ck_assert_double_lt(weigh_difference((enum detail)i), 0);
		ck_assert_ptr_nonnull(detail_text((enum detail)i));
	}
	talloc_free(mem);
}
END_TEST

START_TEST(the_first_of_january_is_a_filler)
{
	double day = weigh_agreement(&weighing_usual, DETAIL_BIRTH_DATE, "1970-05-01");

	ck_assert_double_ge(day, REPAIR_BITS);
	ck_assert_double_lt(weigh_agreement(&weighing_usual, DETAIL_BIRTH_DATE, "1970-01-01"),
			    REPAIR_BITS);
	ck_assert_double_gt(weigh_slip(), 0);
	ck_assert_double_lt(weigh_slip(), day);
}
END_TEST

START_TEST(words_without_letters_say_nothing)
{
	static const char *const empty[] = {
		NULL, "", " ", "-", "\xff\xfe", "Dr.", "GmbH & Co. KG"
	};

	for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
		ck_assert_double_eq(terms_share(NULL, TERM_SURNAME, empty[i]), 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("weigh");
	TCase *tc = tcase_create("bits");
	SRunner *runner;
	int failed;

	tcase_add_test(tc, a_common_name_weighs_little);
	tcase_add_test(tc, a_small_stock_leans_on_the_country);
	tcase_add_test(tc, nothing_weighs_more_than_its_bound);
	tcase_add_test(tc, the_first_of_january_is_a_filler);
	tcase_add_test(tc, words_without_letters_say_nothing);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
