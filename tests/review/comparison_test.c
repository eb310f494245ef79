/* comparison_test.c -- what the delivery, the letter and the contract say, side by side; and which number is no spelling of another. */
#include "clerk.h"

#include "review/diff.h"

#define CANDIDATES "/api/v1/documents/%s/candidates"

static struct got got;

/* "delivery|letter|contract|verdict|letter_verdict" of the candidate at this place; "-": there is no such row. */
static const char *row(int candidate, const char *what)
{
	static const char *const cells[] = { "delivery", "letter", "contract", "verdict",
					     "letter_verdict" };
	char *all = talloc_strdup(house.mem, "");

	for (int i = 0; i < 7; i++) {
		char *at = talloc_asprintf(house.mem, "items.%d.comparison.%d", candidate, i);

		if (strcmp(in(got, talloc_asprintf(house.mem, "%s.what", at)), what) != 0)
			continue;
		for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
			all = talloc_asprintf_append(
				all, "%s%s", k ? "|" : "",
				in(got, talloc_asprintf(house.mem, "%s.%s", at, cells[k])));
		return all;
	}
	return "-";
}

static void compare(const char *delivered, const char *letter)
{
	static int count;
	char *id = arrive(talloc_asprintf(house.mem, "S-%d", ++count), delivered);

	if (letter)
		text_is(id, 1, letter);
	got = see(CANDIDATES, id);
	is_ok(got);
}

static void stock(void)
{
	contract_add("A", "XY12345678");
	holder_is("A", "Tannhuber", "Ilse");
	ask("update contract set birth_date = '1987-08-13', postcode = '00678', line = '010'");
}

START_TEST(what_agrees)
{
	stock();
	compare("policy=XY 12.345/678;line=010;name=Tannhuber;first=Otto;born=1951-01-01;postcode=00678",
		"Herrn Otto Tannhuber Nr. XY 12345678");
	ck_assert_str_eq(row(0, "number"), "XY 12.345/678|XY 12345678|XY12345678|same|same");
	ck_assert_str_eq(row(0, "holder"), "Otto Tannhuber|null|Ilse Tannhuber|differs|open");
	ck_assert_str_eq(row(0, "birth_date"), "1951-01-01|null|1987-08-13|differs|open");
	ck_assert_str_eq(row(0, "postcode"), "00678|null|00678|same|open");
	ck_assert_str_eq(row(0, "line"), "010|null|010|same|open");
	ck_assert_str_eq(row(0, "plate"), "-");
	ck_assert_str_eq(in(got, "items.0.comparison.0.what"), "number");
}
END_TEST

/* Nothing was delivered: the letter speaks, and of what neither says nothing is shown. */
START_TEST(only_the_letter)
{
	stock();
	compare("", "Frau Ilse Tannhuber Vertrag XY 12345678");
	ck_assert_str_eq(row(0, "number"), "null|XY 12345678|XY12345678|open|same");
	ck_assert_str_eq(row(0, "holder"), "null|Ilse Tannhuber|Ilse Tannhuber|open|same");
	ck_assert_str_eq(row(0, "birth_date"), "-");
	compare("", "Vertrag XY12345687");
	ck_assert_str_eq(row(0, "number"), "null|XY12345687|XY12345678|open|alike");
	ck_assert_str_eq(row(0, "holder"), "-");
}
END_TEST

/* A number that leads elsewhere, found by its holder: as the letter spells it, and whether one could be a spelling of the other. */
START_TEST(another_number)
{
	static const char holder[] = "name=Tannhuber;first=Ilse;born=1987-08-13;postcode=00678";

	stock();
	compare(talloc_asprintf(house.mem, "policy=XY12435678;%s", holder), "Vertrag XY 12435678");
	ck_assert_str_eq(row(0, "number"), "XY12435678|XY 12435678|XY12345678|alike|alike");
	ck_assert_str_eq(row(0, "holder"), "Ilse Tannhuber|null|Ilse Tannhuber|same|open");
	ck_assert_str_eq(in(got, "items.0.effects.alias.another"), "false");
	compare(talloc_asprintf(house.mem, "policy=XY90817263;%s", holder), NULL);
	ck_assert_str_eq(row(0, "number"), "XY90817263|null|XY12345678|differs|open");
	ck_assert_str_eq(in(got, "items.0.effects.alias.another"), "true");
	/* The delivery has another number than the letter. */
	compare(talloc_asprintf(house.mem, "policy=XY90817263;%s", holder),
		"Frau Ilse Tannhuber XY12345678");
	ck_assert_str_eq(row(0, "number"), "XY90817263|XY12345678|XY12345678|differs|same");
	ck_assert_str_eq(row(0, "holder"),
			 "Ilse Tannhuber|Ilse Tannhuber|Ilse Tannhuber|same|same");
}
END_TEST

/* Of two numbers each contract is shown its own, and the letter's only where it is that one. */
START_TEST(each_its_own)
{
	stock();
	contract_add("B", "XY55512399");
	compare("policy=XY12345678;policy=XY55512399", "Vertrag XY 55512399");
	for (int i = 0; i < 2; i++) {
		const char *id = in(got, talloc_asprintf(house.mem, "items.%d.contract_id", i));

		ck_assert_str_eq(row(i, "number"),
				 !strcmp(id, "A") ? "XY12345678|null|XY12345678|same|open"
						  : "XY55512399|XY 55512399|XY55512399|same|same");
	}
}
END_TEST

START_TEST(no_spelling)
{
	ck_assert(diff_alike("41386O12893", "41 386 0 12 893"));
	ck_assert(!diff_alike("LH671217525", "LH687317557")); /* seven of eleven */
	ck_assert(diff_alike("27182818", "NS-27 182 818"));   /* a part left out */
	ck_assert(!diff_alike("K893006231", "4711"));
	ck_assert(!diff_alike("K893006231", ""));
	ck_assert(!diff_alike(NULL, "4711"));
	ck_assert(!diff_alike("---", "///"));
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("comparison");

	tcase_add_test(tc, what_agrees);
	tcase_add_test(tc, only_the_letter);
	tcase_add_test(tc, another_number);
	tcase_add_test(tc, each_its_own);
	tcase_add_test(tc, no_spelling);
	return clerk_run("comparison", tc);
}
