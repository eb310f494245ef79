/* insurers_test.c -- the ten-minute way of docs/insurers.md, and what list and show say. */
#include "program.h"

/* The file as a person would leave it: the source filled in, the # in front of numbers: and below taken away. */
static void fill_in(const char *path)
{
	char *command = talloc_asprintf(
		program.mem,
		"sed -i -e 's/where you read this/a letter, page 1/' -e '/^#numbers/,$ s/^#//' '%s'",
		path);

	ck_assert_int_eq(system(command), 0);
}

START_TEST(the_ten_minute_way)
{
	char *folder = talloc_asprintf(program.mem, "%s/mine", program.place);
	char *check = talloc_asprintf(program.mem, "insurers check %s", folder);
	char *begin =
		talloc_asprintf(program.mem, "insurers new nordwind --vu 9955 --folder %s", folder);

	ck_assert_int_eq(mkdir(folder, 0755), 0);
	program_gives(0, begin);
	program_says(out, "nordwind.yaml");
	program_gives(1, check);
	program_says(out, "say in source: where you read it");
	fill_in(talloc_asprintf(program.mem, "%s/nordwind.yaml", folder));
	program_gives(0, check);
	program_says(out, "1 insurer, 1 picture, every example comes out, 0 problems");
	program_run(begin); /* nobody's file is written over */
	program_says(err, "cannot write");
	program_gives(0, check);
}
END_TEST

START_TEST(new_refuses_what_could_not_be_loaded)
{
	program_gives(64, "insurers new North");
	program_says(err, "a-z, 0-9 and - only");
	program_gives(64, "insurers new other --vu 55");
	program_says(err, "expected four digits");
	program_gives(64, "insurers new other --name a\"b");
	program_gives(64, "insurers new other --vu 9001");
	program_says(err, "already stands for \"9001\"");
	program_gives(64, "insurers new north");
	program_says(err, "already stands for \"north\"");
}
END_TEST

START_TEST(list_and_show)
{
	program_gives(0, "insurers list");
	program_says(out, "9002>9001 kept");
	program_says(out, "9005 until 2023-12-31");
	program_says(out, "1 with 1 picture, ");
	program_gives(0, "insurers list --without-pictures --output csv");
	program_says(out, "issuer,name,vu,valid,group,pictures,confidence,successors");
	ck_assert_ptr_null(strstr(program.out, "\nnorth,"));
	ck_assert_ptr_null(strstr(program.out, "by the general rule"));
	program_gives(0, "insurers show ended");
	program_says(out, "until 2023-12-31");
	program_says(out, "day not known, number unknown");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("insurers");

	tcase_add_test(tc, the_ten_minute_way);
	tcase_add_test(tc, new_refuses_what_could_not_be_loaded);
	tcase_add_test(tc, list_and_show);
	return program_cases(suite_create("insurers"), tc);
}
