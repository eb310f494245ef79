/* picture_test.c -- drawings: what is no drawing, what a drawing refuses, and the one reading that it licenses. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "normalizers/picture.h"

static TALLOC_CTX *mem;

static void setup(void)
{
	mem = talloc_new(NULL);
}

static void teardown(void)
{
	talloc_free(mem);
}

struct drawing {
	const char *drawing, *becomes;
	bool drops;
	const char *says; /* part of the sentence */
};

static const struct drawing no_drawings[] = {
	{ "", NULL, false, "no # and no @" },
	{ "AS-12", NULL, false, "no # and no @" },
	{ "[AS]", NULL, false, "no # and no @" },
	{ "{##}", NULL, false, "no # and no @" },
	{ "##?#", NULL, false, "'?'" },
	{ "##\xc3\xa4", NULL, false, "means nothing" },
	{ "##########[AS", NULL, false, "not closed" },
	{ "{/##", NULL, false, "not closed" },
	{ "AS]##", NULL, false, "do not pair" },
	{ "[AS}##", NULL, false, "do not pair" },
	{ "[{AS}]##", NULL, false, "do not pair" },
	{ "[]##", NULL, false, "empty part" },
	{ "{-}##", NULL, false, "empty part" },
	{ "[##]####", NULL, false, "must be constant" },
	{ "[A@]####", NULL, false, "must be constant" },
	{ "####################################", NULL, false, "longer than 35" },
	{ "[A]#[B]#[C]#[D]#[E]#", NULL, false, "more than 8 parts" },
	{ "###500", "##510", false, "loses" },
	{ "###500", "####510", false, "does not carry" },
	{ "#@#", "##@", false, "does not carry" },
	{ "###500", "[A]###510", false, "must not have brackets" },
};

START_TEST(refused_drawings)
{
	const struct drawing *d = &no_drawings[_i];
	struct picture p = { .drawing = (char *)d->drawing, .becomes = (char *)d->becomes };
	struct err e = { 0 };

	ck_assert(!picture_compile(&p, mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_msg(strstr(e.text, d->says), "\"%s\" lacks \"%s\"", e.text, d->says);
}
END_TEST

struct reading_case {
	struct drawing d;
	const char *spelling;
	const char *reads; /* NULL: refused */
};

#define PLAIN(drawing)                                                                             \
	{                                                                                          \
		drawing, NULL, false, NULL                                                         \
	}
#define DROPS(drawing)                                                                             \
	{                                                                                          \
		drawing, NULL, true, NULL                                                          \
	}
#define BECOMES(drawing, new)                                                                      \
	{                                                                                          \
		drawing, new, false, NULL                                                          \
	}

static const struct reading_case readings[] = {
	/* a letter is no digit, whatever it looks like */
	{ PLAIN("[AS-]##########"), "AS-123456789O", NULL },
	{ PLAIN("[AS-]##########"), "A5-1234567890", NULL },
	{ PLAIN("[AS-]##########"), "AD-1234567890", NULL },
	{ PLAIN("[AS-]##########"), "AS-123456789", NULL },
	{ PLAIN("[AS-]##########"), "AS-12345678901", NULL },
	{ PLAIN("[AS-]##########"), "S1234567890", NULL }, /* half a prefix */
	{ PLAIN("[AS-]##########"), "AS-1234567890", "AS1234567890" },
	{ PLAIN("[AS-]##########"), "1234567890", "AS1234567890" },
	/* what does not belong must be set apart, or anchored by a constant */
	{ PLAIN("{VSE/}###.###.###{/##}"), "30254415009", NULL },
	{ PLAIN("{VSE/}###.###.###{/##}"), "302.544.150.09", "302544150" },
	{ PLAIN("{VSE/}###.###.###{/##}"), "302544150/09", "302544150" },
	{ PLAIN("{VSE/}###.###.###{/##}"), "302544150/9", NULL },
	{ PLAIN("{VSE/}###.###.###{/##}"), "VSE/302.544.150", "302544150" },
	{ PLAIN("{VSE/}###.###.###{/##}"), "VSE30254415009", "302544150" },
	{ PLAIN("{VSE/}###.###.###{/##}"), "VSF/302.544.150", NULL },
	{ PLAIN("{##/}####"), "12/3456", "3456" },
	{ PLAIN("{##/}####"), "123456", NULL },
	{ PLAIN("{##}/####"), "12/3456", "3456" },
	/* zeros: all of them or none, and five characters stay */
	{ DROPS("### ### ###"), "000782000", "000782000" },
	{ DROPS("### ### ###"), "782000", "000782000" },
	{ DROPS("### ### ###"), "00782000", NULL },
	{ DROPS("### ### ###"), "0782000", NULL },
	{ DROPS("### ### ###"), "78200", "000078200" },
	{ DROPS("### ### ###"), "7820", NULL },
	{ DROPS("### ### ###"), "", NULL },
	{ DROPS("@-### ###-@"), "A-1234-B", "A001234B" },
	{ DROPS("[AS]######"), "12345", "AS012345" },
	{ DROPS("{VSE/}######"), "VSE12345", NULL }, /* one liberty at a time */
	/* zeros lost and a part too much at once: the part is no digit of the number */
	{ DROPS("[HB]####-###.###{/#}"), "HB 12-345.678/9", NULL },
	{ DROPS("[HB]####-###.###{/#}"), "12-345.678/9", NULL },
	{ DROPS("[HB]####-###.###{/#}"), "HB 123-456.789", "HB0123456789" },
	{ DROPS("[HB]####-###.###{/#}"), "12-345.678", "HB0012345678" },
	{ DROPS("[HB]####-###.###{/#}"), "HB 0012-345.678/9", "HB0012345678" },
	{ DROPS("[HB]########-@{/##}-@"), "1234-x/56-y", NULL },
	{ DROPS("[HB]########{/#}-@@"), "12345/6-XY", NULL },
	{ DROPS("[HB]########{/#}-@@"), "123456-XY", "HB00123456XY" },
	{ DROPS("{##/}########"), "12/34567", NULL },
	{ DROPS("{##/}########"), "12/345678", NULL },
	{ DROPS("{##/}########"), "1234/5678", "12345678" },
	{ DROPS("[HB]####-###.###{/##}"), "HB 12-345.678/90", NULL },
	{ DROPS("[HB]####-###.###{/##}"), "HB 1234-567.890", "HB1234567890" },
	{ DROPS("[HB]######-##{/##}"), "HB 123456-78", "HB12345678" },
	{ PLAIN("[HB]########{/##}"), "HB 123456-78", "HB12345678" },
	{ DROPS("{##/}########"), "123456/78", "12345678" },
	{ DROPS("AB{##/}########"), "AB12/34567", NULL },
	{ DROPS("AB{##/}########"), "AB1234567", "AB01234567" },
	{ PLAIN("### ### ###"), "782000", NULL },
	/* renumbered by rule */
	{ BECOMES("### 500 ########", "### 510 ########"), "19950087400000", "19951087400000" },
	{ BECOMES("### 500 ########", "### 510 ########"), "19951087400000", NULL },
	{ BECOMES("@##A", "B@##"), "x12a", "BX12" },
	{ BECOMES("[A]##", "9##"), "12", "912" },
	/* literals in the middle, letters */
	{ PLAIN("SpV #######"), "spv1000000", "SPV1000000" },
	{ PLAIN("###/######-@"), "999/123456-x", "999123456X" },
	{ PLAIN("###/######-@"), "999/123456-7", NULL },
	{ PLAIN("###################################"), "12345678901234567890123456789012345",
	  "12345678901234567890123456789012345" },
};

static void compile(struct picture *p, const struct drawing *d)
{
	struct err e = { 0 };

	*p = (struct picture){ .drawing = (char *)d->drawing,
			       .becomes = (char *)d->becomes,
			       .drops_zeros = d->drops };
	ck_assert_msg(picture_compile(p, mem, &e), "%s", e.text);
}

START_TEST(pictures_read)
{
	const struct reading_case *c = &readings[_i];
	char canonical[KEY_MOST + 1];
	enum picture_reading found;
	struct cleaned clean;
	struct picture p;

	compile(&p, &c->d);
	clean_number(&clean, c->spelling, strlen(c->spelling));
	found = picture_read(&p, &clean, canonical);
	ck_assert_msg(found == (c->reads ? READS_ONE : READS_NOT), "%s by %s", c->spelling,
		      c->d.drawing);
	if (c->reads) {
		ck_assert_str_eq(canonical, c->reads);
		ck_assert(picture_allows(&p, &clean, c->reads));
	} else {
		ck_assert_uint_gt(strlen(picture_refusal(&p, &clean, mem)), 0);
	}
}
END_TEST

/* A picture that contradicts itself must not pick a reading. */
START_TEST(one_picture_two_readings)
{
	char canonical[KEY_MOST + 1];
	struct cleaned clean;
	struct picture p;

	compile(&p, &(struct drawing){ "[1]####{/#}", NULL, false, NULL });
	clean_number(&clean, "1234/5", 6);
	ck_assert_int_eq(picture_read(&p, &clean, canonical), READS_SEVERAL);
	ck_assert(picture_overlap(&p, &p, canonical));
}
END_TEST

START_TEST(overlaps_are_found)
{
	static const struct {
		struct drawing a, b;
		bool overlap;
	} cases[] = {
		{ PLAIN("[AS]######"), PLAIN("[AD]######"), true },
		{ PLAIN("[AS]######"), PLAIN("@@######"), false }, /* both leave it as it is */
		{ PLAIN("[AS]######"), PLAIN("######"), true },
		{ PLAIN("10 ####"), PLAIN("11 ####"), false },
		{ PLAIN("10 ####"), PLAIN("######"), false },
		{ PLAIN("## ####"), PLAIN("@#####"), false },
		{ DROPS("#########"), PLAIN("######"), true },
		{ PLAIN("###500##"), BECOMES("###500##", "###510##"), true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char example[KEY_MOST + 1];
		struct picture a, b;

		compile(&a, &cases[i].a);
		compile(&b, &cases[i].b);
		ck_assert_msg(picture_overlap(&a, &b, example) == cases[i].overlap, "%s and %s",
			      cases[i].a.drawing, cases[i].b.drawing);
		ck_assert(picture_overlap(&b, &a, example) == cases[i].overlap);
	}
}
END_TEST

START_TEST(lines_of_a_picture)
{
	char *block[] = { "050" }, *exact[] = { "124", "181" };
	struct picture kfz = { .lines = block, .line_count = 1 };
	struct picture odd = { .lines = exact, .line_count = 2 };
	struct picture all = { 0 };

	ck_assert(picture_for_line(&kfz, "050"));
	ck_assert(picture_for_line(&kfz, "053"));
	ck_assert(!picture_for_line(&kfz, "040"));
	ck_assert(!picture_for_line(&kfz, "5"));
	ck_assert(picture_for_line(&kfz, NULL));
	ck_assert(picture_for_line(&kfz, ""));
	ck_assert(picture_for_line(&kfz, "000"));
	ck_assert(picture_for_line(&odd, "124"));
	ck_assert(!picture_for_line(&odd, "123"));
	ck_assert(picture_for_line(&all, "999"));
	ck_assert(!picture_lines_meet(&kfz, &odd));
	ck_assert(picture_lines_meet(&kfz, &all));
	ck_assert(picture_lines_meet(&all, &odd));
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int main(void)
{
	Suite *suite = suite_create("picture");
	TCase *t = tcase_create("picture");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, t);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, refused_drawings, 0, COUNT(no_drawings));
	tcase_add_loop_test(t, pictures_read, 0, COUNT(readings));
	tcase_add_test(t, one_picture_two_readings);
	tcase_add_test(t, overlaps_are_found);
	tcase_add_test(t, lines_of_a_picture);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
