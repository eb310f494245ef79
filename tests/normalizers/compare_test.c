/* compare_test.c -- pairs of spellings: a wrong join is a data breach, a lost join is a minute's work. */
#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "normalizers/key.h"
#include "normalizers/picture.h"

static TALLOC_CTX *mem;
static struct insurers *all;

static void setup(void)
{
	char *folder = SOURCE_DIR "/insurers";
	struct err e = { 0 };

	mem = talloc_new(NULL);
	all = insurers_load(&folder, 1, mem, &e);
	ck_assert_msg(all != NULL, "%s", e.text);
}

static void teardown(void)
{
	talloc_free(mem);
}

struct pair {
	const char *left_vu, *left, *right_vu, *right;
	enum comparison verdict;
};

#define SAME(vu, a, b)                                                                             \
	{                                                                                          \
		vu, a, vu, b, COMPARE_SAME                                                         \
	}
#define DIFFERENT(vu, a, b)                                                                        \
	{                                                                                          \
		vu, a, vu, b, COMPARE_DIFFERENT                                                    \
	}
#define REVIEW(vu, a, b)                                                                           \
	{                                                                                          \
		vu, a, vu, b, COMPARE_REVIEW                                                       \
	}

static const struct pair traps[] = {
	/* other insurer, other house of the group */
	{ "5515", "12345678", "5085", "12345678", COMPARE_DIFFERENT },
	{ "5438", "30123456789", "1141", "30123456789", COMPARE_DIFFERENT },
	{ "5375", "999123456X", "5521", "999123456X", COMPARE_DIFFERENT },
	{ "5858", "03053000000", "9999", "03053000000", COMPARE_DIFFERENT },
	{ "9998", "12345678", "9999", "12345678", COMPARE_DIFFERENT },
	{ "", "12345678", "5515", "12345678", COMPARE_REVIEW },
	{ "", "12345678", "", "87654321", COMPARE_DIFFERENT },
	/* what stands where a number is still missing */
	REVIEW("5515", "folgt", "folgt"),
	REVIEW("5515", "000 000", "000000"),
	REVIEW("9999", "unbekannt", "UNBEKANNT"),
	REVIEW("5515", "000", "12345678"),
	/* the rules seen in the field */
	DIFFERENT("5515", "10203", "123"),
	DIFFERENT("5515", "K4711", "4712"),
	REVIEW("5515", "K-4711", "4711"),
	REVIEW("5515", "0012345", "12345"),
	REVIEW("5515", "12345678901234567", "1234567890123456789"),
	/* neighbours */
	DIFFERENT("5515", "12345678", "12345679"),
	DIFFERENT("5438", "30123456789", "30123456798"),
	DIFFERENT("5438", "38123456789", "84123456789"),
	DIFFERENT("5521", "999123456X", "999123456Y"),
	DIFFERENT("5521", "999123456O", "999123456D"),
	DIFFERENT("5818", "403020973H01", "403020973H02"),
	REVIEW("5521", "999123456X", "999123456X01"),
	REVIEW("5438", "30123456789", "123456789"),
	/* look-alikes, slips */
	REVIEW("5515", "12345O", "123450"),
	REVIEW("5312", "AS-12345678I0", "AS-1234567810"),
	REVIEW("5312", "A5-1234567890", "AS-1234567890"),
	REVIEW("5515", "12345678", "1234567"),
	REVIEW("5515", "12345678", "12354678"),
	REVIEW("5515", "12345678", "123456708"),
	DIFFERENT("5343", "302544150", "302544105"), /* both well-formed: a neighbour, not a slip */
	REVIEW("5343", "30254415009", "302544150"),
	/* an Allianz number of another line may have lost its letters, too */
	REVIEW("5312", "1234567890", "HV-1234567890"),
	DIFFERENT("5312", "AS-1234567890", "HV-1234567890"),
	/* customer and invoice numbers of the same insurer */
	DIFFERENT("5525", "V 90 115 000/426", "P 90 115 000-4"),
	DIFFERENT("5525", "V 90 115 000/426", "R 901 150 004 2"),
	DIFFERENT("5525", "P 90 115 000-4", "P 90 115 000-4"),
	REVIEW("5515", "Schadennummer 12345678", "12345678"),
	/* nothing, or nothing readable */
	REVIEW("5515", "", ""),
	REVIEW("5515", "---", "12345678"),
	REVIEW("5515",
	       "\xc3\x84"
	       "1234",
	       "\xc3\x84"
	       "1234"),
	/* along the edge, but not a number that the successor gives out */
	{ "5339", "70850632", "5438", "70850632", COMPARE_REVIEW },
	{ "5339", "74123456789", "5438", "74123456788", COMPARE_DIFFERENT },
	{ "5339", "74123456789", "5058", "74123456789", COMPARE_DIFFERENT },
};

static const struct pair joins[] = {
	{ "05438", "30 123456789", "R+V Allgemeine", "30/123456789", COMPARE_SAME },
	{ "5339", "74/123456789", "5438", "74 123456789", COMPARE_SAME },
	{ "5438", "74/123456789", "5339", "74 123456789", COMPARE_SAME },
	{ "7415", "70 123456789", "1141", "70123456789", COMPARE_SAME },
	{ "9999", "AB-1", "09999 ", "ab 1", COMPARE_SAME },
	{ "Some Pool", "AB-12345", "some pool", "ab 12345", COMPARE_SAME },
	SAME("5515", "12.345-678", "12345678"),
	SAME("5515", "Vers.-Nr.: 12345678", "12345678"),
	SAME("5312", "AS-1234567890", "1234567890"),
	SAME("5135", "AD-1234567890", "1234567890"),
	SAME("5401", "LJ-12345 678-001", "LJ12345678001"),
	SAME("5401", "12345678-001", "12345678001"),
	SAME("5343", "VSE/302.544.150/09", "302544150"),
	SAME("5343", "VSE/302.544.150/09", "302.544.150/10"),
	SAME("5210", "2-GK-12.345.678-9", "2GK123456789"),
	SAME("5345", "2-GK-12.345.678-9", "2GK123456789"),
	SAME("5508", "543 186 000", "543186000"),
	SAME("1107", "         44123456", "44.123.456"),
	SAME("1104", "       1162500000", "1162500000"),
	SAME("5057", "782000", "000 782 000"),
	SAME("5051", "30003380000-4", "300033800004"),
	SAME("5525", "90 115 000/426", "V90115000426"),
	SAME("andsafe", "BH-260 738 000", "BH260738000"),
	SAME("5862", "H237-00000", "H237 00000"),
	SAME("5858", "03.053.0000 00", "03 053 000000"),
	SAME("5455", "SpV 1000000", "SPV-1000000"),
	SAME("5402", "00.123.456.7", "001234567"),
	SAME("1137", "199 500 87400000", "199-510-87400000"),
	SAME("assona", "637883000-MAD-4766000", "637883000MAD4766000"),
	SAME("5339", "70/850632", "70-850632"),
	SAME("5348", "21 123456789", "21123456789"),
	SAME("5818", "403/020973-H-01", "403020973h01"),
	SAME("5521", "999/123456-X", "999 123456 X"),
	SAME("9999", "10680009000000020", "10680009000000020"),
};

static void check_pair(const struct pair *p)
{
	char *why;
	enum comparison there =
		key_compare(all, p->left_vu, p->left, p->right_vu, p->right, &why, mem);
	enum comparison back;

	ck_assert_msg(there == p->verdict, "%s \"%s\" and %s \"%s\": %s (%s)", p->left_vu, p->left,
		      p->right_vu, p->right, comparison_text(there), why);
	ck_assert_ptr_null(strpbrk(why, ",\"\n"));
	back = key_compare(all, p->right_vu, p->right, p->left_vu, p->left, &why, mem);
	ck_assert_int_eq(back, there);
}

START_TEST(traps_stay_apart)
{
	for (size_t i = 0; i < sizeof(traps) / sizeof(traps[0]); i++)
		check_pair(&traps[i]);
}
END_TEST

START_TEST(spellings_join)
{
	for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++)
		check_pair(&joins[i]);
}
END_TEST

/* -- Labelled pairs, made by rule from every shipped picture of a policy number ----------------------------------- */

#define SPELLED 128

struct tally {
	int same, same_found, traps, wrong_joins;
};

/* A number as the picture draws it, wildcards filled; with or without its separators and parts in brackets. */
static void draw(char *out, const struct picture *p, unsigned seed, bool separators, bool optional,
		 bool foreign)
{
	char open = 0;

	for (const char *at = p->drawing; *at; at++) {
		if (strchr("[{", *at))
			open = *at;
		else if (strchr("]}", *at))
			open = 0;
		else if ((open == '[' && !optional) || (open == '{' && !foreign))
			continue;
		else if (*at == '#')
			*out++ = (char)('1' +
					(seed = seed * 1103515245u + 12345u, (seed >> 16) % 9));
		else if (*at == '@')
			*out++ = "EFHJKMNPRTUVWXY"[seed = seed * 1103515245u + 12345u,
						   (seed >> 16) % 15];
		else if (isalnum((unsigned char)*at) || separators)
			*out++ = *at;
	}
	*out = '\0';
}

static void expect(struct tally *t, const struct insurer *one, const char *a, const char *b,
		   bool same)
{
	const char *why;
	enum comparison verdict = numbers_compare(one, a, b, &why);

	if (same) {
		t->same++;
		t->same_found += verdict == COMPARE_SAME;
	} else {
		t->traps++;
		t->wrong_joins += verdict == COMPARE_SAME;
	}
	if (same != (verdict == COMPARE_SAME))
		fprintf(stderr, "%s: \"%s\" and \"%s\": %s (%s)\n", one->issuer, a, b,
			comparison_text(verdict), why);
}

static void in_fullwidth(char *out, const char *text)
{
	for (; *text; text++) {
		if (*text >= '0' && *text <= '9')
			out += sprintf(out, "\xef\xbc%c", 0x90 + (*text - '0'));
		else
			*out++ = *text;
	}
	*out = '\0';
}

static void pairs_of_spelling(struct tally *t, const struct insurer *one, const char *number,
			      const char *spelled)
{
	char text[4 * SPELLED];

	expect(t, one, number, spelled, true);
	snprintf(text, sizeof(text), "Versicherungsschein-Nr.: %s", spelled);
	expect(t, one, number, text, true);
	snprintf(text, sizeof(text), "  %s ", spelled);
	expect(t, one, number, text, true);
	in_fullwidth(text, spelled);
	expect(t, one, number, text, true);
	for (char *at = strcpy(text, spelled); *at; at++)
		*at = (char)(*at == '-' || *at == '/' ? ' ' : tolower((unsigned char)*at));
	expect(t, one, number, text, true);
}

static void traps_of_number(struct tally *t, const struct insurer *one, const struct picture *p,
			    const char *number)
{
	static const char look[] = "OIZSGB", digit[] = "012568";
	size_t len = strlen(number);
	char text[2 * SPELLED];

	for (size_t i = 0; i < len; i++) {
		strcpy(text, number); /* a neighbour at each place */
		if (isdigit((unsigned char)text[i]))
			text[i] = (char)(text[i] == '9' ? '1' : text[i] + 1);
		else
			text[i] = (char)(text[i] == 'Z' ? 'A' : text[i] + 1);
		expect(t, one, number, text, false);
		strcpy(text, number); /* two changed over */
		text[i] = number[i + 1];
		text[i + 1] = number[i];
		if (i + 1 < len && text[i] != text[i + 1])
			expect(t, one, number, text, false);
		strcpy(text, number); /* one lost */
		memmove(text + i, number + i + 1, len - i);
		if (i > 0 || p->drawing[0] != '[') /* a constant in front may be licensed to go */
			expect(t, one, number, text, false);
		strcpy(text, number); /* a letter that looks like the digit */
		if (strchr(digit, number[i])) {
			text[i] = look[strchr(digit, number[i]) - digit];
			expect(t, one, number, text, false);
		}
	}
	snprintf(text, sizeof(text), "%s7", number);
	expect(t, one, number, text, false);
	snprintf(text, sizeof(text), "7%s", number);
	expect(t, one, number, text, false);
	snprintf(text, sizeof(text), "Kundennummer %s", number);
	expect(t, one, number, text, false);
}

/* A neighbour may not be reached through the liberties either. */
static void pairs_of_picture(struct tally *t, const struct insurer *one, const struct picture *p)
{
	char number[SPELLED], spelled[SPELLED], other[SPELLED];

	draw(number, p, 7, false, true, false);
	for (int way = 0; way < 8; way++) {
		bool separators = way & 1, optional = way & 2, foreign = way & 4;

		if ((!optional && !strchr(p->drawing, '[')) ||
		    (foreign && !strchr(p->drawing, '{')))
			continue;
		draw(spelled, p, 7, separators, optional, foreign);
		pairs_of_spelling(t, one, number, spelled);
		draw(other, p, 11, separators, optional, foreign);
		expect(t, one, number, other, false);
	}
	if (!p->becomes) /* there a changed place may be the licensed renumbering */
		traps_of_number(t, one, p, number);
}

START_TEST(pairs_from_every_picture)
{
	struct tally t = { 0 };

	for (size_t i = 0; i < insurers_count(all); i++) {
		const struct insurer *one = insurers_at(all, i);

		for (size_t k = 0; k < one->picture_count; k++) {
			if (one->pictures[k].means == MEANS_POLICY)
				pairs_of_picture(&t, one, &one->pictures[k]);
		}
	}
	printf("%d same pairs, %d joined; %d traps, %d wrong joins\n", t.same, t.same_found,
	       t.traps, t.wrong_joins);
	ck_assert_int_gt(t.same, 300);
	ck_assert_int_gt(t.traps, 300);
	ck_assert_int_eq(t.wrong_joins, 0);
	ck_assert_msg(t.same_found * 100 >= t.same * 95, "%d of %d joined", t.same_found, t.same);
}
END_TEST

/* The same number at any two insurers that no edge joins. */
START_TEST(no_join_across_issuers)
{
	const char *why;
	int kept = 0;

	for (size_t i = 0; i < insurers_count(all); i++) {
		for (size_t k = 0; k < insurers_count(all); k++) {
			const char *a = insurers_at(all, i)->issuer,
				   *b = insurers_at(all, k)->issuer;
			const struct spelled left = { a, strlen(a), "74123456789", 11 };
			const struct spelled right = { b, strlen(b), "74123456789", 11 };

			if (i != k && spellings_compare(all, &left, &right, &why) == COMPARE_SAME)
				kept++;
		}
	}
	ck_assert_int_eq(kept, 2); /* Condor and R+V, both ways */
}
END_TEST

START_TEST(keys_and_their_steps)
{
	const struct insurer *interlloyd = insurers_find(all, "5057");
	struct key *key = key_make(interlloyd, NULL, "Police Nr. 782000", mem);

	ck_assert_int_eq(key->state, KEY_PICTURED);
	ck_assert_str_eq(key->plain, "782000");
	ck_assert_str_eq(key->canonical, "000782000");
	ck_assert_str_eq(key->picture, "### ### ###");
	ck_assert_uint_ge(key->step_count, 3);
	key = key_make(NULL, NULL, "782000", mem);
	ck_assert_int_eq(key->state, KEY_PLAIN);
	ck_assert_ptr_null(key->canonical);
	key = key_make(interlloyd, NULL, " - ", mem);
	ck_assert_int_eq(key->state, KEY_EMPTY);
	key = key_make(interlloyd, NULL, NULL, mem);
	ck_assert_int_eq(key->state, KEY_EMPTY);
	key = key_make(insurers_find(all, "5525"), NULL, "P 90 115 000-4", mem);
	ck_assert_int_eq(key->state, KEY_MALFORMED);
	ck_assert_str_eq(key->plain, "");
	ck_assert_ptr_nonnull(key->why_not);
}
END_TEST

/* A bare Allianz number of the liability line is not read as a motor number. */
START_TEST(lines_guard_the_prefix)
{
	const struct insurer *allianz = insurers_find(all, "5312");

	ck_assert_str_eq(key_make(allianz, "051", "1234567890", mem)->canonical, "AS1234567890");
	ck_assert_ptr_null(key_make(allianz, "040", "1234567890", mem)->canonical);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("compare");
	TCase *t = tcase_create("compare");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, traps_stay_apart);
	tcase_add_test(t, no_join_across_issuers);
	tcase_add_test(t, pairs_from_every_picture);
	tcase_add_test(t, spellings_join);
	tcase_add_test(t, keys_and_their_steps);
	tcase_add_test(t, lines_guard_the_prefix);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
