/* insurer_check_test.c -- what no single file can prove; register numbers in time. */
#include <string.h>
#include <unistd.h>

#include "insurer_folder.h"
#include "normalizers/insurer.h"

#define SURE "source: s, confidence: confirmed }\n"
#define FILE_OF(issuer, vu, rest)                                                                  \
	"issuer: " issuer "\nname: " issuer "\ncarriers:\n  - { vu: \"" vu "\", name: " issuer     \
	" AG" rest ", " SURE

static struct insurers *load(void)
{
	struct err e = { 0 };
	struct insurers *all = insurers_load(&folder, 1, mem, &e);

	ck_assert_msg(all != NULL, "%s", e.text);
	return all;
}

/* The sentences in one, each on a line. */
static const char *problems(void)
{
	char **sentences = NULL, *text = talloc_strdup(mem, "");
	size_t count = insurers_problems(&sentences, load(), NULL, mem);

	for (size_t i = 0; i < count; i++)
		text = talloc_asprintf_append(text, "%s\n", sentences[i]);
	return text;
}

static void says(const char *wanted)
{
	const char *text = problems();

	ck_assert_msg(strstr(text, wanted) != NULL, "\"%s\" lacks \"%s\"", text, wanted);
}

START_TEST(edges)
{
	put("a.yaml",
	    FILE_OF("a", "9101",
		    "") "successors:\n  - { from: \"9101\", to: \"9199\", number: kept, " SURE);
	says("a.yaml, line 6: successor 9101 > 9199: no file has 9199");
	put("a.yaml",
	    FILE_OF("a", "9101",
		    "") "successors:\n  - { from: \"9101\", to: \"09101\", number: kept, " SURE);
	says("line 6: successor 9101 > 09101 leads to itself");
	put("a.yaml",
	    FILE_OF("a", "9101",
		    "") "successors:\n  - { from: \"9101\", to: \"9102\", number: new, " SURE);
	put("b.yaml",
	    FILE_OF("b", "9102",
		    "") "successors:\n  - { from: \"9102\", to: \"9103\", number: kept, " SURE);
	put("c.yaml", FILE_OF("c", "9103", ""));
	ck_assert_str_eq(problems(), "");
	put("c.yaml",
	    FILE_OF("c", "9103",
		    "") "successors:\n  - { from: \"9103\", to: \"9101\", number: unknown, " SURE);
	says("a.yaml, line 6: successor 9101 > 9102 closes a circle");
	says("b.yaml, line 6: successor 9102 > 9103 closes a circle");
	says("c.yaml, line 6: successor 9103 > 9101 closes a circle");
}
END_TEST

#define PICTURE(name, drawing, more)                                                               \
	"  - name: " name "\n    source: s\n    confidence: confirmed\n    picture: \"" drawing    \
	"\"\n" more

START_TEST(mappings)
{
	const char *proofs =
		"    becomes: \"510##\"\n    reads: [ [ \"500-12\", \"51012\" ] ]\n    "
		"same: [ [ \"50012\", \"500 12\" ] ]\n    different: [ [ \"50012\", "
		"\"50013\" ] ]\n    refused: [ \"5001\" ]\n";
	const char *edge = "successors:\n  - { from: \"9101\", to: \"9101\", number: mapped, "
			   "mapping: old, " SURE;

	put("a.yaml", talloc_asprintf(mem, "%s%snumbers:\n%s%s", FILE_OF("a", "9101", ""), edge,
				      PICTURE("old", "500##", ""), proofs));
	ck_assert_str_eq(problems(), "");
	put("a.yaml", talloc_asprintf(mem, "%s%snumbers:\n%s%s", FILE_OF("a", "9101", ""), edge,
				      PICTURE("other", "500##", ""), proofs));
	says("line 6: successor 9101 > 9101: mapping \"old\" names no picture of this file");
	put("a.yaml",
	    FILE_OF("a", "9101",
		    "") "successors:\n  - { from: \"9101\", to: \"9101\", number: new, mapping: old, " SURE);
	says("has the mapping \"old\", but number: is new");
	put("b.yaml", FILE_OF("b", "9102", ""));
	put("a.yaml",
	    talloc_asprintf(mem, "%s%snumbers:\n%s%s", FILE_OF("a", "9101", ""),
			    "successors:\n  - { from: \"9101\", to: \"9102\", number: mapped, "
			    "mapping: old, " SURE,
			    PICTURE("old", "500##", ""), proofs));
	says("line 6: successor 9101 > 9102 is mapped, but leads into another file");
}
END_TEST

START_TEST(every_kind_of_example)
{
	static const char *const kinds[] = {
		"    reads: [ [ \"AB-12\", \"AB12\" ] ]\n",
		"    refused: [ \"AB-1\" ]\n",
		"    different: [ [ \"AB-12\", \"AB-13\" ] ]\n",
	};
	static const char *const lacks[] = { "reads:", "refused:", "different:" };
	const char *base = FILE_OF("a", "9101", "") "numbers:\n" PICTURE(
		"all", "AB-##", "    same: [ [ \"AB-12\", \"ab12\" ] ]\n");

	for (int left_out = 0; left_out < 3; left_out++) {
		char *text = talloc_strdup(mem, base);

		for (int i = 0; i < 3; i++)
			text = talloc_asprintf_append(text, "%s", i == left_out ? "" : kinds[i]);
		put("a.yaml", text);
		says(talloc_asprintf(mem, "line 9: picture \"AB-##\" has no example under %s",
				     lacks[left_out]));
	}
	put("a.yaml", talloc_asprintf(mem, "%s%s%s%s", base, kinds[0], kinds[1], kinds[2]));
	ck_assert_str_eq(problems(), "");
}
END_TEST

START_TEST(one_picture_with_two_readings)
{
	const char *proofs =
		"    reads: [ [ \"1-23-1\", \"1231\" ] ]\n    same: [ [ \"1231\", \"1 23 1\" ] ]\n"
		"    different: [ [ \"1231\", \"1241\" ] ]\n    refused: [ \"2231\" ]\n";

	put("a.yaml", talloc_asprintf(mem, "%snumbers:\n%s%s", FILE_OF("a", "9101", ""),
				      PICTURE("all", "[1]##[1]", ""), proofs));
	says("a.yaml, line 9: picture \"[1]##[1]\" can read its own number in two ways, e.g. 121\n");
}
END_TEST

START_TEST(nobody_said_where_it_was_read)
{
	put("a.yaml", "issuer: a\nname: A\ncarriers:\n  - { name: A, source: \"" SOURCE_UNSAID
		      "\", confidence: confirmed }\n");
	says("a.yaml, line 4: say in source:");
}
END_TEST

/* One register number, two owners: never on the same day. */
START_TEST(owners_one_after_the_other)
{
	const struct insurer *a, *b;
	struct insurers *all;
	struct err e = { 0 };

	put("a.yaml", FILE_OF("a", "9101", ", from: 2010-01-01, to: 2019-12-31"));
	put("b.yaml", FILE_OF("b", "9101", ", from: 2020-01-01"));
	all = load();
	a = insurers_by_issuer(all, "a");
	b = insurers_by_issuer(all, "b");
	ck_assert_ptr_eq(insurers_find(all, "9101"), b);
	ck_assert_ptr_eq(insurers_find_at(all, "9101", NULL), b);
	ck_assert_ptr_eq(insurers_find_at(all, "09101", "2019-12-31T23:59:59"), a);
	ck_assert_ptr_eq(insurers_find_at(all, "9101", "2020-01-01"), b);
	ck_assert_ptr_null(insurers_find_at(all, "9101", "2009-12-31"));
	put("b.yaml", FILE_OF("b", "9101", ", from: 2019-12-31"));
	ck_assert_ptr_null(insurers_load(&folder, 1, mem, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "both claim \"9101\""));
}
END_TEST

/* Old and new number are read as one only by the pictures of one file: only there the new register number stands for the old. */
START_TEST(mapped_numbers_stay_in_their_file)
{
	const char *edge = "successors:\n"
			   "  - { from: \"9101\", to: \"9101\", number: mapped, mapping: old, " SURE
			   "  - { from: \"9101\", to: \"9102\", date: 2024-07-01, number: mapped, "
			   "mapping: old, " SURE;
	struct insurers *all;

	put("a.yaml", talloc_asprintf(mem, "%s  - { vu: \"9102\", name: b AG, %s%s",
				      FILE_OF("a", "9101", ", to: 2024-06-30"), SURE, edge));
	all = load();
	ck_assert_str_eq(insurers_vu_at(all, "9101", "2024-06-30"), "9101");
	ck_assert_str_eq(insurers_vu_at(all, "9101", "2024-07-01"), "9102");
	put("a.yaml", talloc_asprintf(mem, "%s%s", FILE_OF("a", "9101", ", to: 2024-06-30"), edge));
	put("b.yaml", FILE_OF("b", "9102", ""));
	ck_assert_ptr_null(insurers_vu_at(load(), "9101", "2024-07-01"));
}
END_TEST

START_TEST(the_successor_speaks_after_the_end)
{
	struct insurers *all;

	put("a.yaml",
	    FILE_OF("a", "9101",
		    ", to: 2020-06-30") "successors:\n  - { from: \"9101\", to: \"9102\", date: 2020-07-01, number: kept, " SURE);
	put("b.yaml",
	    FILE_OF("b", "9102",
		    ", to: 2022-12-31") "successors:\n  - { from: \"9102\", to: \"9103\", date: 2023-01-01, number: kept, " SURE);
	put("c.yaml", FILE_OF("c", "9103", ""));
	put("d.yaml",
	    FILE_OF("d", "9104",
		    ", to: 2020-06-30") "successors:\n  - { from: \"9104\", to: \"9103\", date: 2020-07-01, number: new, " SURE);
	all = load();
	ck_assert_str_eq(insurers_vu_at(all, "9101", "2020-06-30"), "9101");
	ck_assert_str_eq(insurers_vu_at(all, "9101", "2020-07-01"), "9102");
	ck_assert_str_eq(insurers_vu_at(all, "9101", "2023-01-01"), "9103");
	ck_assert_str_eq(insurers_vu_at(all, "9101", NULL), "9101");
	ck_assert_ptr_null(insurers_vu_at(all, "9104", "2020-07-01")); /* new numbers */
	ck_assert_str_eq(insurers_vu_at(all, "9999", "2020-07-01"), "9999");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("insurer_check");
	TCase *t = tcase_create("insurer_check");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, t);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, edges);
	tcase_add_test(t, mappings);
	tcase_add_test(t, every_kind_of_example);
	tcase_add_test(t, one_picture_with_two_readings);
	tcase_add_test(t, nobody_said_where_it_was_read);
	tcase_add_test(t, owners_one_after_the_other);
	tcase_add_test(t, mapped_numbers_stay_in_their_file);
	tcase_add_test(t, the_successor_speaks_after_the_end);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
