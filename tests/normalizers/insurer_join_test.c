/* insurer_join_test.c -- pictures that make one key of two contracts are refused, unless a pair under same: says that it is one. */
#include <string.h>
#include <unistd.h>

#include "insurer_folder.h"
#include "normalizers/insurer.h"
#include "normalizers/picture.h"

#define HEAD                                                                                       \
	"issuer: test\nname: Test\ncarriers:\n"                                                    \
	"  - { vu: \"9101\", name: T, source: s, confidence: confirmed }\nnumbers:\n"
#define ENTRY(line, drawing, more)                                                                 \
	"  - name: line " line "\n    lines: [ \"" line "\" ]\n    picture: \"" drawing            \
	"\"\n    source: s\n    confidence: one-sample\n" more
#define SAME(pairs)       "    same: [ " pairs " ]\n"
#define PAIR(left, right) "[ \"" left "\", \"" right "\" ]"
#define MOTOR(more)       ENTRY("050", "{NL-K} ##.###.###-#", more)
#define HOUSEHOLD(more)   ENTRY("130", "{NL-H} ##.###.###-#", more)
#define K                 "NL-K 12.345.678-9"
#define H                 "NL-H 12.345.678-9"
#define K_AS_EVER         PAIR(K, "nl k 123456789")
#define H_AS_EVER         PAIR(H, "nl h 123456789")
#define BOTH_BECOME(k, h, key)                                                                     \
	"\"" k "\" and \"" h "\" both become " key                                                 \
	"; if that is meant, say so under same:, else draw the part outside { }"

static struct insurers *load(const char *text, struct err *e)
{
	put("test.yaml", text);
	return insurers_load(&folder, 1, mem, e);
}

/* Each as a newcomer drew it: the examples come out, and the letter that tells two lines apart is lost. */
static const struct {
	const char *text, *says;
} wide[] = {
	{ MOTOR(SAME(K_AS_EVER)) HOUSEHOLD(SAME(H_AS_EVER)),
	  "line 14: " BOTH_BECOME(K, H, "123456789") },
	/* each may lack its constant: that says nothing of the other's */
	{ MOTOR(SAME(PAIR(K, "123456789"))) HOUSEHOLD(SAME(PAIR(H, "123456789"))),
	  "line 14: " BOTH_BECOME(K, H, "123456789") },
	{ ENTRY("050", "NL-{@} ##.###.###-#", SAME(K_AS_EVER)),
	  "line 8: " BOTH_BECOME(K, H, "NL123456789") },
	{ ENTRY("050", "{NL-@} ##.###.###-#", SAME(PAIR(K, "12.345.678-9"))),
	  "line 8: " BOTH_BECOME(K, H, "123456789") },
	/* two pairs of the same digits are not one pair */
	{ ENTRY("050", "NL-{@} ##.###.###-#", SAME(K_AS_EVER ", " H_AS_EVER)),
	  "line 8: " BOTH_BECOME(K, H, "NL123456789") },
	{ ENTRY("050", "NL-@ ##.{###}.###-#", SAME(K_AS_EVER)),
	  "line 8: " BOTH_BECOME("NL-K 12.111.345-6", "NL-K 12.222.345-6", "NLK123456") },
	{ ENTRY("050", "{@-} ##.###{/#}", SAME(PAIR("K-12.345/1", "H-12.345"))),
	  "line 8: " BOTH_BECOME("K- 12.345/1", "K- 12.345/2", "12345") },
	{ ENTRY("050", "NL-K ##.###.###-#", SAME(K_AS_EVER)) ENTRY(
		  "130", "NL-H ##.###.###-#", "    becomes: \"NLK#########\"\n" SAME(H_AS_EVER)),
	  "line 14: " BOTH_BECOME(K, H, "NLK123456789") },
	{ ENTRY("050", "500 ####", "    becomes: \"510 ####\"\n" SAME(PAIR("500 1234", "5001234")))
		  ENTRY("050", "400 ####",
			"    becomes: \"510 ####\"\n" SAME(PAIR("400 1234", "4001234"))),
	  "line 15: " BOTH_BECOME("500 1234", "400 1234", "5101234") },
};

START_TEST(a_picture_that_joins_strangers)
{
	struct err e = { 0 };
	char *text = talloc_asprintf(mem, "%s%s", HEAD, wide[_i].text);

	ck_assert_ptr_null(load(text, &e));
	ck_assert_msg(strstr(e.text, wide[_i].says) != NULL, "\"%s\" lacks \"%s\"", e.text,
		      wide[_i].says);
	ck_assert_int_eq(e.kind, ERR_SETUP);
}
END_TEST

/* What leaves nothing out that could tell two apart, and what the file says in so many words. */
static const char *const narrow[] = {
	MOTOR(SAME(K_AS_EVER)) HOUSEHOLD(SAME(H_AS_EVER ", " PAIR(H, K))),
	MOTOR(SAME(PAIR(K, H))) HOUSEHOLD(SAME(H_AS_EVER)),
	MOTOR(SAME(K_AS_EVER)) ENTRY("130", "{NL-K} ##.###.###-#", SAME(K_AS_EVER)),
	MOTOR(SAME(K_AS_EVER)) ENTRY("130", "NL-H ##.###.###-#", SAME(H_AS_EVER)),
	MOTOR(SAME(
		K_AS_EVER)) "  - name: customer\n    picture: \"{NL-H} ##.###.###-#\"\n    means: customer\n"
			    "    source: s\n    confidence: one-sample\n" SAME(H_AS_EVER),
	ENTRY("050", "[NL-K] ##.###.###-#", SAME(K_AS_EVER))
		ENTRY("130", "[NL-H] ##.###.###-#", SAME(H_AS_EVER)),
	ENTRY("050", "NL-{@} ##.###.###-#", SAME(PAIR(K, H))),
	ENTRY("050", "{@-} ##.###{/#}", SAME(PAIR("K-12.345/1", "H-12.345/2"))),
	ENTRY("050", "########", "    drops: leading-zeros\n" SAME(PAIR("00012345", "12345"))),
	ENTRY("050", "[K-]######", "    drops: leading-zeros\n" SAME(PAIR("K-012345", "12345"))),
	ENTRY("010", "88 #-###.###", SAME(PAIR("88 7-654.321", "887654321")))
		ENTRY("010", "#-###.###",
		      "    becomes: \"88 #######\"\n" SAME(PAIR("7-654.321", "88 7-654.321"))),
};

START_TEST(a_picture_that_joins_nobody)
{
	struct err e = { 0 };
	char *text = talloc_asprintf(mem, "%s%s", HEAD, narrow[_i]);

	ck_assert_msg(load(text, &e) != NULL, "%s", e.text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("insurer_join");
	TCase *t = tcase_create("insurer_join");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, t);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_picture_that_joins_strangers, 0,
			    (int)(sizeof(wide) / sizeof(wide[0])));
	tcase_add_loop_test(t, a_picture_that_joins_nobody, 0,
			    (int)(sizeof(narrow) / sizeof(narrow[0])));
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
