/* learned_test.c -- accepted pictures in a folder of their own: read behind the insurer's file, proved with it, replaced as a whole. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "normalizers/key.h"
#include "normalizers/learned.h"

static TALLOC_CTX *mem;
static char place[] = "/tmp/vorpost-learned-XXXXXX";
static char *shipped, *learned;
static char *folders[2];

static const char north[] =
	"issuer: north\nname: North\ncarriers: [ { vu: \"9001\", name: North, source: t, confidence: inferred } ]\n"
	"numbers:\n  - name: all\n    picture: \"@@-########\"\n    source: t\n    confidence: inferred\n"
	"    same: [ [ \"AB-12345678\", \"ab12345678\" ] ]\n    review: [ [ \"AB-12345678\", \"12345678\" ] ]\n";

static void put_file(const char *folder, const char *name, const char *text)
{
	char *path = talloc_asprintf(mem, "%s/%s", folder, name);
	FILE *out = fopen(path, "w");

	ck_assert_ptr_nonnull(out);
	fputs(text, out);
	fclose(out);
}

static void setup(void)
{
	mem = talloc_new(NULL);
	strcpy(strrchr(place, '-'), "-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(place));
	folders[0] = shipped = talloc_asprintf(mem, "%s/shipped", place);
	folders[1] = learned = talloc_asprintf(mem, "%s/learned", place);
	mkdir(shipped, 0700);
	mkdir(learned, 0700);
	put_file(shipped, "north.yaml", north);
}

static void teardown(void)
{
	const char *const files[] = { "shipped/north.yaml", "shipped/south.yaml",
				      "learned/north.yaml", "learned/south.yaml" };

	for (size_t i = 0; i < 4; i++)
		unlink(talloc_asprintf(mem, "%s/%s", place, files[i]));
	ck_assert_int_eq(rmdir(learned), 0); /* nothing is left of a trial */
	rmdir(shipped);
	rmdir(place);
	talloc_free(mem);
}

static struct picture drawn(const char *drawing, bool drops)
{
	struct picture p = { .name = (char *)"learned, line 050",
			     .drawing = (char *)drawing,
			     .drops_zeros = drops,
			     .source = (char *)"learned by \"A\\B\"\n\t: # {x}",
			     .confidence = (char *)"inferred" };
	struct err e = { 0 };

	p.lines = talloc_array(mem, char *, 1);
	p.lines[0] = (char *)"050";
	p.line_count = 1;
	ck_assert_msg(picture_compile(&p, mem, &e), "%s", e.text);
	return p;
}

static const struct insurer *loaded(void)
{
	struct err e = { 0 };
	const struct insurers *all = insurers_load(folders, 2, mem, &e);

	ck_assert_msg(all != NULL, "%s", e.text);
	return insurers_by_issuer(all, "north");
}

static void accept(const struct picture *p)
{
	struct err e = { 0 };

	ck_assert_msg(learned_add(folders, 1, learned, "north", p, false, &e), "%s", e.text);
}

static void reads(const char *spelling, const char *canonical)
{
	struct key *key = key_make(loaded(), "051", spelling, mem);

	if (canonical)
		ck_assert_str_eq(key->canonical ? key->canonical : "none", canonical);
	else
		ck_assert_ptr_null(key->canonical);
}

static const struct {
	const char *drawing;
	bool drops;
	const char *spelling, *canonical;
} shapes[] = {
	{ "[NL-]#########", false, "123456789", "NL123456789" },
	{ "##########", true, "1234567", "0001234567" },
	{ "{VSE/}###.###.###{/##}", false, "VSE/123.456.789/01", "123456789" },
	{ "#########{/#}", false, "123456789-0", "123456789" },
	{ "###/######-@{/##}", false, "123/456789-X-01", "123456789X" },
	{ "########[-001]", true, "12345", "00012345001" },
	{ "[K]#########", true, "123456", "K000123456" },
	{ "RS#####/###{/###}", false, "RS12345/678/901", "RS12345678" },
	{ "#@@#########", false, "1-ab-123 456 789", "1AB123456789" },
};

/* The examples that are made up must come out, or it would not be put in place. */
START_TEST(every_shape_is_written_and_read_again)
{
	const struct picture p = drawn(shapes[_i].drawing, shapes[_i].drops);
	const struct insurer *in;

	reads(shapes[_i].spelling, NULL);
	accept(&p);
	reads(shapes[_i].spelling, shapes[_i].canonical);
	in = loaded();
	ck_assert_uint_eq(in->picture_count, 2);
	ck_assert(!in->pictures[0].learned && in->pictures[1].learned);
	ck_assert_str_eq(in->pictures[1].drawing, p.drawing);
	ck_assert_str_eq(in->pictures[1].source, p.source);
	ck_assert_str_eq(in->pictures[1].lines[0], "050");
	ck_assert_str_eq(in->name, "North");
}
END_TEST

START_TEST(several_are_kept_and_taken_out_one_by_one)
{
	const struct picture a = drawn("[NL-]#########", false), b = drawn("###########", true);
	struct err e = { 0 };

	accept(&a);
	accept(&b);
	ck_assert_uint_eq(loaded()->picture_count, 3);
	reads("123456789", NULL); /* two readings: neither counts */
	reads("12345678", "00012345678");
	ck_assert(!learned_add(folders, 1, learned, "north", &a, false, &e));
	ck_assert_int_eq(e.kind, ERR_CONFLICT);
	err_clear(&e);
	ck_assert(learned_remove(folders, 1, learned, "north", a.drawing, &e));
	ck_assert_uint_eq(loaded()->picture_count, 2);
	reads("123456789", "00123456789");
	reads("12345678", "00012345678");
	ck_assert(!learned_remove(folders, 1, learned, "north", a.drawing, &e));
	ck_assert_int_eq(e.kind, ERR_MISSING);
	err_clear(&e);
	ck_assert(learned_remove(folders, 1, learned, "north", NULL, &e));
	ck_assert_uint_eq(loaded()->picture_count, 1);
	ck_assert(!learned_remove(folders, 1, learned, "north", NULL, &e));
}
END_TEST

START_TEST(a_dry_run_leaves_nothing)
{
	const struct picture p = drawn("[NL-]#########", false);
	struct err e = { 0 };

	ck_assert(learned_add(folders, 1, learned, "north", &p, true, &e));
	ck_assert_uint_eq(loaded()->picture_count, 1);
}
END_TEST

/* The shipped file says that a bare number is for a person: a picture that says otherwise does not come in. */
START_TEST(examples_of_the_insurers_file_must_still_come_out)
{
	const struct picture p = drawn("[AB-]########", false);
	struct err e = { 0 };

	ck_assert(!learned_add(folders, 1, learned, "north", &p, false, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_nonnull(strstr(e.text, "comes out as same, not review"));
	ck_assert_uint_eq(loaded()->picture_count, 1);
}
END_TEST

static const struct {
	const char *file, *text, *says;
} refused[] = {
	{ "south.yaml", "issuer: south\nadds: pictures\nnumbers: []\n",
	  "south, which has no file" },
	{ "north.yaml", "issuer: north\nadds: pictures\nname: North\n",
	  "issuer, adds and numbers only" },
	{ "north.yaml", "issuer: north\nadds: carriers\n", "adds" },
	{ "north.yaml",
	  "issuer: north\nadds: pictures\nnumbers: [ { name: x, picture: \"##\", source: t, confidence: inferred } ]\n",
	  "no example" },
	{ "north.yaml", "issuer: south\nadds: pictures\n", "own name" },
	{ "north.yaml", "issuer: north\nname: North\n", "Missing" },
	{ "north.yaml", "", "empty" },
};

/* Each is good alone; together they make one contract of two. */
START_TEST(letters_that_tell_lines_apart_are_accepted_in_one_only)
{
	const struct picture motor = drawn("{NL-K} #########", false);
	const struct picture household = drawn("{NL-H} #########", false);
	struct err e = { 0 };

	accept(&motor);
	ck_assert(!learned_add(folders, 1, learned, "north", &household, false, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_msg(strstr(e.text, "\"NL-K 123456789\" and \"NL-H 123456789\" both become "
				     "123456789") != NULL,
		      "%s", e.text);
	ck_assert_uint_eq(loaded()->picture_count, 2);
}
END_TEST

START_TEST(additions_that_are_none)
{
	struct err e = { 0 };

	put_file(learned, refused[_i].file, refused[_i].text);
	ck_assert_ptr_null(insurers_load(folders, 2, mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_msg(strstr(e.text, refused[_i].says) != NULL, "\"%s\" lacks \"%s\"", e.text,
		      refused[_i].says);
}
END_TEST

START_TEST(tried_in_memory_only)
{
	const struct picture p = drawn("[NL-]#########", false);
	struct err e = { 0 };
	struct insurers *all = insurers_load(folders, 2, mem, &e);
	struct key *key;

	ck_assert(insurers_try_picture(all, "north", &p));
	ck_assert(!insurers_try_picture(all, "nobody", &p));
	key = key_make(insurers_by_issuer(all, "north"), "050", "123 456 789", mem);
	ck_assert_str_eq(key->canonical, "NL123456789");
	ck_assert_uint_eq(loaded()->picture_count, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("learned");
	TCase *tc = tcase_create("learned");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, every_shape_is_written_and_read_again, 0,
			    sizeof(shapes) / sizeof(*shapes));
	tcase_add_test(tc, several_are_kept_and_taken_out_one_by_one);
	tcase_add_test(tc, a_dry_run_leaves_nothing);
	tcase_add_test(tc, examples_of_the_insurers_file_must_still_come_out);
	tcase_add_test(tc, letters_that_tell_lines_apart_are_accepted_in_one_only);
	tcase_add_loop_test(tc, additions_that_are_none, 0, sizeof(refused) / sizeof(*refused));
	tcase_add_test(tc, tried_in_memory_only);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
