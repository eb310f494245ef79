/* insurer_test.c -- files that are refused, with the line; the index; the edges. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "normalizers/insurer.h"
#include "normalizers/picture.h"

#define HEAD                                                                                       \
	"issuer: test\nname: Test\ncarriers:\n  - { vu: \"9101\", name: T, source: s, confidence: confirmed }\n"
#define NUMBER HEAD "numbers:\n  - name: all\n    source: s\n    confidence: confirmed\n"

static TALLOC_CTX *mem;
static char *folder;

static void setup(void)
{
	char name[] = "/tmp/vorpost-insurers-XXXXXX";

	mem = talloc_new(NULL);
	folder = talloc_strdup(mem, mkdtemp(name));
}

static void teardown(void)
{
	char *command = talloc_asprintf(mem, "rm -r '%s'", folder);

	ck_assert_int_eq(system(command), 0);
	talloc_free(mem);
}

static void put(const char *name, const char *text)
{
	FILE *out = fopen(talloc_asprintf(mem, "%s/%s", folder, name), "w");

	fputs(text, out);
	fclose(out);
}

struct bad_file {
	const char *text, *says, *says_too;
};

static const struct bad_file bad_files[] = {
	{ "", "test.yaml", "line" },
	{ "\n\n# nothing\n", "test.yaml", "line" },
	{ "issuer: [\n", "test.yaml", "line" },
	{ HEAD "colour: red\n", "colour", "line: 4" },
	{ HEAD "numbers:\n  - name: all\n    pictur: \"##\"\n", "pictur", "line: 6" },
	{ "issuer: test\nname: Test\n", "carriers", "Missing" },
	{ "issuer: test\nname: Test\ncarriers: []\n", "test.yaml", "line" },
	{ "issuer: other\nname: Test\ncarriers:\n  - { name: T, source: s, confidence: confirmed }\n",
	  "line 1", "expected the file's own name" },
	{ "issuer: Test\nname: Test\ncarriers:\n  - { name: T, source: s, confidence: confirmed }\n",
	  "line 1", "a-z" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { vu: \"54\", name: T, source: s, confidence: confirmed }\n",
	  "line 4", "four digits" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { name: T, source: s, confidence: sure }\n",
	  "line 4", "confidence is \"sure\"" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { name: T, from: 1.1.2020, source: s, confidence: confirmed }\n",
	  "line 4", "no date" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { name: T, to: 2023-02-29, source: s, confidence: confirmed }\n",
	  "line 4", "\"2023-02-29\" is no date" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { name: T, to: 2024-13-01, source: s, confidence: confirmed }\n",
	  "line 4", "\"2024-13-01\" is no date" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { name: T, from: 2024-04-31, source: s, confidence: confirmed }\n",
	  "line 4", "\"2024-04-31\" is no date" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { name: T, from: 2024-03-02, to: 2024-03-01, source: s, "
	  "confidence: confirmed }\n",
	  "line 4", "from 2024-03-02 is later than to 2024-03-01" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { vu: \"9101\", name: T, to: 2024-03-01, source: s, "
	  "confidence: confirmed }\n  - { vu: \"9101\", name: U, from: 2024-03-01, source: s, confidence: "
	  "confirmed }\n",
	  "9101", "twice for the same days" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { name: T, colour: red, source: s, confidence: confirmed }\n",
	  "colour", "line: 4" },
	{ HEAD "group: { name: G, source: s, confidence: sure }\n", "line 5", "general-knowledge" },
	{ HEAD "group: { name: G, source: s, confidence: confirmed, since: 2020-01-01 }\n", "since",
	  "line: 5" },
	{ HEAD "group: { name: G }\n", "source", "line: 5" },
	{ HEAD
	  "successors:\n  - { from: \"9101\", to: \"9102\", date: 2024-02-30, number: new, source: s, "
	  "confidence: confirmed }\n",
	  "line 6", "\"2024-02-30\" is no date" },
	{ HEAD
	  "successors:\n  - { from: \"9101\", to: \"9102\", number: new, why: x, source: s, confidence: "
	  "confirmed }\n",
	  "why", "line: 6" },
	{ HEAD
	  "successors:\n  - { from: \"9101\", to: \"9102\", date: 2024-08-01, number: lost, source: s, "
	  "confidence: confirmed }\n",
	  "line 6", "kept, mapped, new or unknown" },
	{ NUMBER "    picture: \"[AS\"\n    same: [ [ AS, AS ] ]\n", "line 9", "not closed" },
	{ NUMBER "    picture: \"####\"\n    drops: zeros\n", "drops", "line: 10" },
	{ NUMBER "    picture: \"####\"\n    means: nothing\n", "means", "line: 10" },
	{ NUMBER "    picture: \"####\"\n    lines: [ \"50\" ]\n", "test.yaml", "line: 10" },
	{ NUMBER "    picture: \"####\"\n    same: [ [ \"1234\", \"1234\", \"1234\" ] ]\n",
	  "test.yaml", "line: 10" },
	{ NUMBER "    picture: \"####\"\n", "line 9", "no example" },
	/* a file proves itself */
	{ NUMBER
	  "    picture: \"####\"\n    same:\n      - [ \"1234\", \"12 34\" ]\n      - [ \"1234\", \"12 35\" ]\n",
	  "line 12", "comes out as different, not same" },
	{ NUMBER "    picture: \"####\"\n    same: [ [ \"12345\", \"12 345\" ] ]\n", "line 10",
	  "is not drawn by it" },
	{ NUMBER
	  "    picture: \"####\"\n    same: [ [ \"1234\", \"12 34\" ] ]\n    different: [ [ \"1234\", \"123\" ] "
	  "]\n",
	  "line 11", "comes out as" },
	{ NUMBER
	  "    picture: \"####\"\n    same: [ [ \"1234\", \"12 34\" ] ]\n    review: [ [ \"1234\", \"1235\" ] ]\n",
	  "line 11", "comes out as different, not review" },
	{ NUMBER
	  "    picture: \"####\"\n    same: [ [ \"1234\", \"12 34\" ] ]\n    refused: [ \"123\", \"1239\" ]\n",
	  "line 11", "should be refused" },
	{ NUMBER
	  "    picture: \"P####\"\n    means: customer\n    same: [ [ \"P1234\", \"X1234\" ] ]\n",
	  "line 11", "is not accepted" },
	{ NUMBER
	  "    picture: \"AB####\"\n    reads: [ [ \"ab-1234\", \"AB1235\" ] ]\n    same: [ [ \"AB1234\", "
	  "\"ab1234\" ] ]\n",
	  "line 10", "reads as AB1234, not AB1235" },
	{ NUMBER
	  "    picture: \"AB####\"\n    reads: [ [ \"ac-1234\", \"AC1234\" ] ]\n    same: [ [ \"AB1234\", "
	  "\"ab1234\" ] ]\n",
	  "line 10", "is not accepted" },
	/* two pictures of one house say two things about one spelling */
	{ NUMBER
	  "    picture: \"####\"\n    same: [ [ \"1234\", \"12 34\" ] ]\n  - name: old\n    source: s\n    "
	  "confidence: confirmed\n    picture: \"12##\"\n    becomes: \"98##\"\n    same: [ [ \"1256\", "
	  "\"12 56\" ] ]\n",
	  "line 10", "picture \"12##\" as policy number 9834" },
	{ NUMBER
	  "    picture: \"P####\"\n    same: [ [ \"P1234\", \"p1234\" ] ]\n  - name: customers\n    source: "
	  "s\n    confidence: confirmed\n    means: customer\n    picture: \"@####\"\n    same: [ [ "
	  "\"Q1234\", \"q1234\" ] ]\n",
	  "test.yaml", "P1234" },
	{ HEAD "wire:\n  soap_action: loud\n", "soap_action", "line: 6" },
	{ HEAD "wire:\n  poll_interval_s: 0\n", "poll_interval_s", "expected 1" },
	{ HEAD "wire:\n  get_timeout_s: 604801\n", "get_timeout_s", "604801" },
	{ HEAD "wire:\n  get_timeout_s: -1\n", "get_timeout_s", "line: 6" },
	{ HEAD "wire:\n  answer_bytes_most: 1023\n", "answer_bytes_most", "1024" },
};

START_TEST(refused_files)
{
	const struct bad_file *bad = &bad_files[_i];
	struct err e = { 0 };

	put("test.yaml", bad->text);
	ck_assert_ptr_null(insurers_load(&folder, 1, mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_msg(strstr(e.text, "test.yaml") && strstr(e.text, bad->says) &&
			      strstr(e.text, bad->says_too),
		      "\"%s\" lacks \"%s\" or \"%s\"", e.text, bad->says, bad->says_too);
}
END_TEST

START_TEST(no_such_folder)
{
	char *none = talloc_asprintf(mem, "%s/none", folder);
	struct err e = { 0 };

	ck_assert_ptr_null(insurers_load(&none, 1, mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_nonnull(strstr(e.text, none));
}
END_TEST

START_TEST(two_files_claim_one_number)
{
	struct err e = { 0 };

	put("test.yaml", HEAD);
	put("twin.yaml",
	    "issuer: twin\nname: Twin\ncarriers:\n  - { vu: \"9101\", name: W, source: s, confidence: "
	    "confirmed }\n");
	ck_assert_ptr_null(insurers_load(&folder, 1, mem, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "both claim \"9101\""));
	ck_assert_ptr_nonnull(strstr(e.text, "twin.yaml"));
}
END_TEST

START_TEST(empty_folder_and_other_files)
{
	struct insurers *all;
	struct err e = { 0 };

	put(".hidden.yaml", "colour: red\n");
	put("notes.txt", "colour: red\n");
	all = insurers_load(&folder, 1, mem, &e);
	ck_assert_msg(all != NULL, "%s", e.text);
	ck_assert_uint_eq(insurers_count(all), 0);
	ck_assert_ptr_null(insurers_find(all, "5438"));
	ck_assert_ptr_null(insurers_at(all, 0));
	ck_assert_ptr_null(insurers_by_issuer(all, "test"));
}
END_TEST

START_TEST(found_by_number_key_and_name)
{
	const struct insurer *one;
	struct insurers *all;
	struct err e = { 0 };

	put("test.yaml",
	    "issuer: test\nname: \"Prüf & Söhne\"\ncarriers:\n"
	    "  - { vu: \"0910\", name: Erste, source: s, confidence: confirmed }\n"
	    "  - { vu: \"9101\", name: Zweite, to: 2020-12-31, source: s, confidence: inferred }\n");
	all = insurers_load(&folder, 1, mem, &e);
	ck_assert_msg(all != NULL, "%s", e.text);
	one = insurers_at(all, 0);
	ck_assert_str_eq(one->carriers[1].to, "2020-12-31");
	ck_assert_ptr_null(one->carriers[1].from);
	ck_assert_ptr_eq(insurers_find(all, "9101"), one);
	ck_assert_ptr_eq(insurers_find(all, "09101"), one);
	ck_assert_ptr_eq(insurers_find(all, " 9101 "), one);
	ck_assert_ptr_eq(insurers_find(all, "910"), one);
	ck_assert_ptr_eq(insurers_find(all, "TEST"), one);
	ck_assert_ptr_eq(insurers_find(all, "prüf & söhne"), one);
	ck_assert_ptr_eq(insurers_find(all, "Pruef & Soehne"), one);
	ck_assert_ptr_eq(insurers_find(all, "zweite"), one);
	ck_assert_ptr_null(insurers_find(all, "91010"));
	ck_assert_ptr_null(insurers_find(all, "tes"));
	ck_assert_ptr_null(insurers_find(all, ""));
	ck_assert_ptr_null(insurers_find(all, NULL));
}
END_TEST

START_TEST(later_folder_wins)
{
	char *shipped = SOURCE_DIR "/insurers";
	char *folders[] = { shipped, folder };
	const struct insurer *wgv;
	struct insurers *all;
	struct err e = { 0 };

	put("wgv.yaml",
	    "issuer: wgv\nname: Ours\ncarriers:\n  - { vu: \"5525\", name: WGV, source: s, confidence: "
	    "confirmed }\nwire:\n  acknowledge_flag: omit\n  soap_action: bare\n  list_most: 7\n");
	all = insurers_load(folders, 2, mem, &e);
	ck_assert_msg(all != NULL, "%s", e.text);
	wgv = insurers_find(all, "5525");
	ck_assert_str_eq(wgv->name, "Ours");
	ck_assert_uint_eq(wgv->picture_count, 0);
	ck_assert_int_eq(wgv->profile.flag, FLAG_OMIT);
	ck_assert_int_eq(wgv->profile.action, ACTION_BARE);
	ck_assert_int_eq(wgv->profile.list_most, 7);
	ck_assert_int_eq(wgv->profile.get_timeout_s, profile_default.get_timeout_s);
	ck_assert_str_eq(wgv->profile.transfer_version, profile_default.transfer_version);
}
END_TEST

START_TEST(shipped_files)
{
	char *shipped = SOURCE_DIR "/insurers";
	struct insurers *all;
	const struct insurer *kin[4];
	struct err e = { 0 };
	size_t drawn = 0;

	all = insurers_load(&shipped, 1, mem, &e);
	ck_assert_msg(all != NULL, "%s", e.text);
	for (size_t i = 0; i < insurers_count(all); i++) {
		const struct insurer *one = insurers_at(all, i);

		drawn += one->picture_count > 0;
		if (i > 0)
			ck_assert_str_lt(insurers_at(all, i - 1)->issuer, one->issuer);
		ck_assert_ptr_eq(insurers_by_issuer(all, one->issuer), one);
		for (size_t k = 0; k < one->carrier_count; k++)
			ck_assert(!one->carriers[k].vu ||
				  insurers_find(all, one->carriers[k].vu) == one);
	}
	ck_assert_uint_ge(drawn, 30);
	ck_assert_uint_eq(insurers_kin(all, insurers_find(all, "5339"), kin, 4), 2);
	ck_assert_ptr_eq(kin[0], insurers_find(all, "5339"));
	ck_assert_ptr_eq(kin[1], insurers_find(all, "5438"));
	ck_assert_uint_eq(insurers_kin(all, insurers_find(all, "5438"), kin, 1), 1);
	ck_assert_uint_eq(insurers_kin(all, insurers_find(all, "5515"), kin, 4), 1);
}
END_TEST

/* No picture of one line may contradict another: then neither would help. */
START_TEST(shipped_pictures_agree)
{
	char *shipped = SOURCE_DIR "/insurers", example[KEY_MOST + 1];
	struct err e = { 0 };
	struct insurers *all = insurers_load(&shipped, 1, mem, &e);

	for (size_t i = 0; i < insurers_count(all); i++) {
		const struct insurer *one = insurers_at(all, i);

		for (size_t k = 0; k < one->picture_count; k++) {
			for (size_t m = k; m < one->picture_count; m++)
				ck_assert_msg(!picture_overlap(&one->pictures[k], &one->pictures[m],
							       example),
					      "%s: %s and %s", one->issuer,
					      one->pictures[k].drawing, one->pictures[m].drawing);
		}
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("insurer");
	TCase *t = tcase_create("insurer");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, refused_files, 0, (int)(sizeof(bad_files) / sizeof(bad_files[0])));
	tcase_add_test(t, no_such_folder);
	tcase_add_test(t, two_files_claim_one_number);
	tcase_add_test(t, empty_folder_and_other_files);
	tcase_add_test(t, found_by_number_key_and_name);
	tcase_add_test(t, later_folder_wins);
	tcase_add_test(t, shipped_files);
	tcase_add_test(t, shipped_pictures_agree);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
