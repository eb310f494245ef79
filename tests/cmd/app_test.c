/* app_test.c -- insurer files that are edited, broken, mended, added and taken away while the daemon runs. */
#include "cmd/app.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/store/place.h"

static char place[32];
static TALLOC_CTX *mem;
static struct app *app;

static const char *path_of(const char *name)
{
	return talloc_asprintf(mem, "%s/%s", place, name);
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(path_of(name), "we");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

/* A file of this issuer; the name tells which edition was read. */
static void put_insurer(const char *file, const char *issuer, const char *vu, const char *name)
{
	put(file, talloc_asprintf(mem,
				  "issuer: %s\nname: \"%s\"\ncarriers:\n"
				  "  - { vu: \"%s\", name: \"Carrier %s\", source: \"invented\","
				  " confidence: confirmed }\n",
				  issuer, name, vu, vu));
}

static void setup(void)
{
	struct invocation in = { 0 };
	struct err e = { 0 };

	mem = talloc_new(NULL);
	strcpy(place, "/tmp/vorpost-test-XXXXXX");
	place_make(place);
	ck_assert(mkdir(path_of("own"), 0755) == 0 && mkdir(path_of("more"), 0755) == 0 &&
		  mkdir(path_of("state"), 0755) == 0);
	put("vorpost.yaml", talloc_asprintf(mem,
					    "broker: demo\nstate: %s/state\n"
					    "insurers: [ \"%s/own\", \"%s/more\" ]\n",
					    place, place, place));
	put_insurer("own/east.yaml", "east", "9901", "First");
	put_insurer("more/west.yaml", "west", "9902", "Second");
	in.mem = mem;
	in.conf_path = (char *)path_of("vorpost.yaml");
	app = app_open(&in, APP_INSURERS, &e);
	ck_assert_msg(app != NULL, "%s", e.text);
}

static void teardown(void)
{
	talloc_free(mem);
	place_remove(place);
}

static void kept(void)
{
	struct err e = { 0 };
	bool fresh;

	ck_assert_msg(app_keep_insurers(app, &fresh, &e), "%s", e.text);
	ck_assert(!fresh);
}

static void read_again(void)
{
	const struct insurers *before = app->insurers;
	struct err e = { 0 };
	bool fresh;

	ck_assert_msg(app_keep_insurers(app, &fresh, &e), "%s", e.text);
	ck_assert(fresh && app->insurers != before);
	kept();
}

static const char *name_of(const char *issuer)
{
	const struct insurer *insurer = insurers_by_issuer(app->insurers, issuer);

	return insurer ? insurer->name : "none";
}

START_TEST(an_edit_in_place)
{
	kept();
	put_insurer("more/west.yaml", "west", "9902", "Again");
	read_again();
	ck_assert_str_eq(name_of("west"), "Again");
	ck_assert_str_eq(name_of("east"), "First");
}
END_TEST

/* A package or a copy brings its own times along. */
START_TEST(an_older_file_in_its_place)
{
	const struct timespec times[2] = { { .tv_sec = 1000000000 }, { .tv_sec = 1000000000 } };

	put_insurer("own/new.tmp", "east", "9901", "Older");
	ck_assert_int_eq(utimensat(AT_FDCWD, path_of("own/new.tmp"), times, 0), 0);
	kept();
	ck_assert_int_eq(rename(path_of("own/new.tmp"), path_of("own/east.yaml")), 0);
	read_again();
	ck_assert_str_eq(name_of("east"), "Older");
}
END_TEST

START_TEST(files_that_come_and_go)
{
	put_insurer("more/south.yaml", "south", "9903", "Third");
	read_again();
	ck_assert_str_eq(name_of("south"), "Third");
	ck_assert_int_eq(unlink(path_of("more/south.yaml")), 0);
	read_again();
	ck_assert_str_eq(name_of("south"), "none");
	ck_assert(mkdir(path_of("state/learned"), 0755) == 0);
	read_again();
}
END_TEST

/* The rules of before hold, and it is said once for each edit. */
START_TEST(an_edit_that_is_refused)
{
	const struct insurers *before = app->insurers;
	struct err e = { 0 };
	bool fresh;

	put("own/east.yaml", "issuer: east\nnumbers: [ {\n");
	ck_assert(!app_keep_insurers(app, &fresh, &e));
	ck_assert(!fresh && app->insurers == before);
	ck_assert_msg(strstr(e.text, "east.yaml") != NULL, "%s", e.text);
	kept();
	ck_assert_str_eq(name_of("east"), "First");
	put("own/east.yaml", "issuer: east\nname: 7: 8\n");
	err_clear(&e);
	ck_assert(!app_keep_insurers(app, &fresh, &e));
	kept();
	put_insurer("own/east.yaml", "east", "9901", "Mended");
	read_again();
	ck_assert_str_eq(name_of("east"), "Mended");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("app");
	TCase *tc = tcase_create("insurer files");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, an_edit_in_place);
	tcase_add_test(tc, an_older_file_in_its_place);
	tcase_add_test(tc, files_that_come_and_go);
	tcase_add_test(tc, an_edit_that_is_refused);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
