/* The ids that we give: the same for ever, one for each thing, and nothing to be read in them. */
#include <check.h>
#include <string.h>
#include <talloc.h>

#include "matcher/stock_id.h"

#define MAX                                                                                        \
	{                                                                                          \
		.vu = "5438", .number = "4711", .line = "050", .name = "Muster",                   \
		.first_name = "Max", .birth_date = "1970-02-01", .postcode = "44139",              \
		.contract_id = "VU-25ed87441a1ce3d9c707",                                          \
	}

static TALLOC_CTX *mem;

static void world_begin(void)
{
	mem = talloc_new(NULL);
}

static void world_end(void)
{
	talloc_free(mem);
}

static char *number_id(char *vu, char *number)
{
	return contract_id_make(&(struct contract){ .vu = vu, .number = number }, TOLD_BY_NUMBER,
				mem);
}

/* What a broker's systems have heard once must come again after every update of this program. */
START_TEST(an_id_is_the_same_for_ever)
{
	struct contract c = MAX;

	ck_assert_str_eq(contract_id_make(&c, TOLD_BY_NUMBER, mem), "VU-25ed87441a1ce3d9c707");
	ck_assert_str_eq(contract_id_make(&c, TOLD_BY_LINE, mem), "VU-7aa9e70b89b0d09ab79b");
	ck_assert_str_eq(contract_id_make(&c, TOLD_BY_HOLDER, mem), "VU-ab64df416c17ccade293");
	ck_assert_str_eq(customer_id_make("5438", "16321", mem), "VU-cef65e872f728559758ae");
	ck_assert_str_eq(customer_pseudonym(&c, mem), "p-843cb09ed62031920874");
	c.postcode = NULL;
	ck_assert_str_eq(customer_pseudonym(&c, mem), "p-fbd78a8e33bd7733bbb4");
}
END_TEST

START_TEST(two_numbers_never_share_an_id)
{
	static char *const all[][2] = {
		{ "5438", "4711" }, { "5438", "04711" },  { "5438", "4711-050" },
		{ "543", "84711" }, { "5438", "47/11" },  { "5438", "47.11" },
		{ "5438", "A1" },   { "5438", "a1" },     { "5438", "47%2F11" },
		{ "1104", "4711" }, { "5438", "4711,3" }, { "5438,4:4711", "" },
		{ "5438", "ä" },    { "5438", "ae" },     { "5438", "" },
	};
	size_t count = sizeof(all) / sizeof(all[0]);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(number_id(all[i][0], all[i][1]),
					 number_id(all[j][0], all[j][1]));
}
END_TEST

START_TEST(blanks_make_no_other_number)
{
	ck_assert_str_eq(number_id("5438", "12 345 678"), number_id("5438", "12345678"));
	ck_assert_str_eq(number_id("5438 ", " 4711 "), number_id("5438", "4711"));
}
END_TEST

START_TEST(line_and_holder_count_where_they_tell)
{
	static const enum told_by all[] = { TOLD_BY_NUMBER, TOLD_BY_LINE, TOLD_BY_HOLDER };
	struct contract other_line = MAX, other_holder = MAX, max = MAX;

	other_line.line = "070";
	other_holder.birth_date = "1971-02-01";
	for (int i = 0; i < 3; i++) {
		char *id = contract_id_make(&max, all[i], mem);

		ck_assert_int_eq(!strcmp(id, contract_id_make(&other_line, all[i], mem)), i < 1);
		ck_assert_int_eq(!strcmp(id, contract_id_make(&other_holder, all[i], mem)), i < 2);
		for (int j = 0; j < i; j++)
			ck_assert_str_ne(id, contract_id_make(&max, all[j], mem));
	}
}
END_TEST

/* Never what the line alone tells, never what the holder does. */
START_TEST(a_customer_tells_where_the_broker_numbered_him)
{
	struct contract max = MAX, other = MAX;

	max.customer_id = "K1", other.customer_id = "K2";
	ck_assert_str_ne(contract_id_make(&max, TOLD_BY_CUSTOMER, mem),
			 contract_id_make(&other, TOLD_BY_CUSTOMER, mem));
	other = max;
	other.name = "Andere";
	ck_assert_str_eq(contract_id_make(&max, TOLD_BY_CUSTOMER, mem),
			 contract_id_make(&other, TOLD_BY_CUSTOMER, mem));
	for (int i = TOLD_BY_NUMBER; i < TOLD_BY_CUSTOMER; i++)
		ck_assert_str_ne(contract_id_make(&max, TOLD_BY_CUSTOMER, mem),
				 contract_id_make(&max, (enum told_by)i, mem));
}
END_TEST

START_TEST(a_holder_keeps_to_his_fields)
{
	struct contract a = MAX, b = MAX;

	a.name = "Muster", a.first_name = "\nMax";
	b.name = "Muster\n", b.first_name = "Max";
	ck_assert_str_ne(contract_id_make(&a, TOLD_BY_HOLDER, mem),
			 contract_id_make(&b, TOLD_BY_HOLDER, mem));
	a.name = NULL, a.first_name = "Muster";
	b.name = "Muster", b.first_name = NULL;
	ck_assert_str_ne(contract_id_make(&a, TOLD_BY_HOLDER, mem),
			 contract_id_make(&b, TOLD_BY_HOLDER, mem));
	a.name = "Muster\nMax", a.first_name = "Eva"; /* quoted in a CSV */
	b.name = "Muster", b.first_name = "Max\nEva";
	ck_assert_str_ne(customer_pseudonym(&a, mem), customer_pseudonym(&b, mem));
}
END_TEST

START_TEST(customers_of_two_insurers_are_two)
{
	ck_assert_str_ne(customer_id_make("5438", "16321", mem),
			 customer_id_make("1104", "16321", mem));
	ck_assert_str_ne(customer_id_make("5438", "16321", mem),
			 customer_id_make("5438", "16322", mem));
	ck_assert_str_ne(customer_id_make("5438", "4711", mem) + 4, number_id("5438", "4711") + 3);
}
END_TEST

/* Each of the four, left out or different, makes another customer; case of a name does not. */
START_TEST(a_pseudonym_joins_one_person_only)
{
	struct contract max = MAX, same = MAX, other = MAX;
	char **const fields[] = { &other.name, &other.first_name, &other.birth_date,
				  &other.postcode };

	same.name = "MUSTER";
	same.contract_id = "VU-0";
	other.contract_id = "VU-0";
	ck_assert_str_eq(customer_pseudonym(&max, mem), customer_pseudonym(&same, mem));
	*fields[_i] = "x";
	ck_assert_str_ne(customer_pseudonym(&max, mem), customer_pseudonym(&other, mem));
	*fields[_i] = NULL;
	if (_i == 0) {
		ck_assert_ptr_null(customer_pseudonym(&other, mem));
		return;
	}
	ck_assert_str_ne(customer_pseudonym(&max, mem), customer_pseudonym(&other, mem));
	max = other;
	max.contract_id = "VU-1";
	ck_assert_str_ne(customer_pseudonym(&max, mem), customer_pseudonym(&other, mem));
}
END_TEST

START_TEST(nothing_can_be_read_in_an_id)
{
	static char letters[] = "ZQ-ZQ/ZQ";
	struct contract c = MAX;
	const char *ids[5];

	c.vu = c.number = c.line = c.name = letters;
	ids[0] = contract_id_make(&c, TOLD_BY_NUMBER, mem);
	ids[1] = contract_id_make(&c, TOLD_BY_LINE, mem);
	ids[2] = contract_id_make(&c, TOLD_BY_HOLDER, mem);
	ids[3] = customer_id_make(letters, letters, mem);
	ids[4] = customer_pseudonym(&c, mem);
	for (int i = 0; i < 5; i++) {
		const char *prefix = i < 3 ? "VU-" : i == 3 ? "VU-c" : "p-";
		size_t len = strlen(prefix);

		ck_assert(!strncmp(ids[i], prefix, len));
		ck_assert_uint_eq(strlen(ids[i]), len + 20);
		ck_assert_uint_eq(strspn(ids[i] + len, "0123456789abcdef"), 20);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("matcher/stock_id");
	TCase *tcase = tcase_create("ids");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, world_begin, world_end);
	tcase_add_test(tcase, an_id_is_the_same_for_ever);
	tcase_add_test(tcase, two_numbers_never_share_an_id);
	tcase_add_test(tcase, blanks_make_no_other_number);
	tcase_add_test(tcase, line_and_holder_count_where_they_tell);
	tcase_add_test(tcase, a_customer_tells_where_the_broker_numbered_him);
	tcase_add_test(tcase, a_holder_keeps_to_his_fields);
	tcase_add_test(tcase, customers_of_two_insurers_are_two);
	tcase_add_loop_test(tcase, a_pseudonym_joins_one_person_only, 0, 4);
	tcase_add_test(tcase, nothing_can_be_read_in_an_id);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
