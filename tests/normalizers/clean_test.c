/* clean_test.c -- what is taken off a spelling, what stays, and what is refused. Hostile cases first. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "normalizers/clean.h"

struct spelling {
	const char *text;
	size_t len; /* 0: as a string */
	enum clean_state state;
	const char *clean;
};

#define STAYS(text, clean)                                                                         \
	{                                                                                          \
		text, 0, CLEAN_OK, clean                                                           \
	}
#define REFUSED(text)                                                                              \
	{                                                                                          \
		text, 0, CLEAN_MALFORMED, ""                                                       \
	}
#define REFUSED_N(text)                                                                            \
	{                                                                                          \
		text, sizeof(text) - 1, CLEAN_MALFORMED, ""                                        \
	}
#define NOTHING(text)                                                                              \
	{                                                                                          \
		text, 0, CLEAN_EMPTY, ""                                                           \
	}

static const struct spelling hostile[] = {
	REFUSED_N("1234\0005678"), /* an embedded NUL */
	REFUSED("1234\n5678"),
	REFUSED("\t12345678"),
	REFUSED("1234\x7f"),
	REFUSED("1234\xc2\x85"
		"5678"), /* C1 control */
	REFUSED("\xff\xfe"
		"12345678"),         /* no UTF-8 */
	REFUSED("1234\xc3"),         /* cut UTF-8 */
	REFUSED("\xc0\xb1\xc0\xb2"), /* overlong digits */
	REFUSED("\xed\xa0\x80"
		"12345"), /* a surrogate */
	REFUSED("\xe2\x80\xae"
		"87654321"), /* right-to-left override: looks like another number */
	REFUSED("12\xe2\x81\xa6"
		"345678"), /* isolate */
	REFUSED("1\xcc\x81"
		"2345678"), /* a digit with an accent */
	REFUSED("A\xcc\x88"
		"12345"), /* A and diaeresis */
	REFUSED("\xc3\x84"
		"12345"), /* Ä */
	REFUSED("\xc3\x9f"
		"12345"), /* sharp s: has no place in a number, and no upper case */
	REFUSED("\xd0\x90"
		"12345"), /* Cyrillic A looks like A */
	REFUSED("\xce\x9f"
		"12345"),                            /* Greek Omicron */
	REFUSED("\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4"), /* Arabic-Indic digits */
	REFUSED("1234567\xc2\xb2"),                  /* footnote 2 must not become a digit */
	REFUSED("1234\xe2\x91\xa0"),                 /* circled 1 */
	REFUSED("1234\xc2\xbd"),                     /* one half */
	REFUSED("1234\xe2\x85\xa7"),                 /* roman eight */
	REFUSED("\xe2\x84\x96"
		"12345"),                /* numero sign would become the letters NO */
	REFUSED("1234\xf0\x9f\x98\x80"), /* emoji */
	REFUSED("12345'; DROP TABLE"),
	REFUSED("12345\\67"),
	REFUSED("12345|67"),
	REFUSED("12345#67"),
	REFUSED("%s%n12345"),
	REFUSED("../../12345<x>"),
	REFUSED("123456789012345678901234567890123456"), /* 36 */
	STAYS("12345678901234567890123456789012345",
	      "12345678901234567890123456789012345"), /* 35 */
	STAYS("1.2.3.4.5.6.7.8.9.0-1.2.3.4.5.6.7.8.9.0", "12345678901234567890"),
	NOTHING(""),
	NOTHING("   "),
	NOTHING("-./:;,*_()"),
	NOTHING("((((((((("),
	NOTHING("\xe2\x80\x93\xe2\x80\x94"),
	NOTHING("Vertragsnummer:"),
	NOTHING("VSNR: ---"),
	REFUSED("Schadennummer: 12345678"),
	REFUSED("Kunden-Nr. 12345678"),
	REFUSED("Rechnungs-Nr.: 12345678"),
	REFUSED("Vorversicherer: 12345678"),
	REFUSED("VSNR Vorversicherung 12345678"),
};

static const struct spelling friendly[] = {
	STAYS("0012300", "0012300"), /* no zero is ever dropped */
	STAYS("10203", "10203"),
	STAYS("as-12 34", "AS1234"),
	STAYS("(AB 0 1234C567", "AB01234C567"), /* unbalanced */
	STAYS("01 2345678)90", "01234567890"),
	STAYS("\xef\xbc\x91\xef\xbc\x92\xef\xbc\x93", "123"), /* fullwidth */
	STAYS("\xef\xbc\xa1\xef\xbc\xb3\xef\xbc\x8d"
	      "12",
	      "AS12"), /* fullwidth with its dash */
	STAYS("12\xc2\xa0"
	      "34\xe2\x80\xaf"
	      "56",
	      "123456"), /* no-break spaces */
	STAYS("12\xe2\x80\x91"
	      "34\xe2\x88\x92"
	      "56\xc2\xad",
	      "123456"), /* no-break hyphen, minus, soft hyphen */
	STAYS("\xef\xbb\xbf"
	      "1234\xe2\x80\x8b"
	      "56\xe2\x80\x8e",
	      "123456"), /* BOM, zero width, direction mark */
	STAYS("\xe2\x84\xaa"
	      "123",
	      "K123"), /* Kelvin sign is the letter K */
	STAYS("Versicherungsschein-Nr. V 90 115 000/426", "V90115000426"),
	STAYS("Versicherungsschein-Nr.: AS-1234567890", "AS1234567890"),
	STAYS("VERTRAGSNUMMER:12345", "12345"),
	STAYS("Vertrags-Nr. 12345", "12345"),
	STAYS("vsnr 12345", "12345"),
	STAYS("VSNR12345", "12345"),
	STAYS("Police Nr. SpV 1000000", "SPV1000000"),
	STAYS("Policennummer 12345", "12345"),
	STAYS("Vers.-Nr.: 12345", "12345"),
	STAYS("Vers.\xc2\xa0Nr.\xc2\xa0"
	      "12345",
	      "12345"),
	STAYS("Nr.: 12345", "12345"),
	STAYS("Vertrag: VSNR Nr. 12345", "12345"),
	STAYS("Kraftfahrtversicherung Nr. 302.544.150", "302544150"),
	/* Letters that could belong to the number stay. */
	STAYS("NR-12345", "NR12345"),
	STAYS("NR12345", "NR12345"),
	STAYS("NO12345", "NO12345"),
	STAYS("VN-12345", "VN12345"),
	STAYS("VSX 12345", "VSX12345"),
	STAYS("POLICEX 12345", "POLICEX12345"),
	STAYS("12345 VSNR", "12345VSNR"), /* only at the front */
	STAYS("K-4711", "K4711"),
};

static void check_spelling(const struct spelling *s)
{
	struct cleaned clean;

	clean_number(&clean, s->text, s->len ? s->len : strlen(s->text));
	ck_assert_msg(clean.state == s->state, "\"%s\": state %d, expected %d", s->text,
		      clean.state, s->state);
	ck_assert_str_eq(clean.text, s->clean);
	ck_assert_uint_eq(clean.len, strlen(s->clean));
	ck_assert_int_eq(clean.why_not != NULL, s->state == CLEAN_MALFORMED);
}

START_TEST(hostile_spellings)
{
	check_spelling(&hostile[_i]);
}
END_TEST

START_TEST(friendly_spellings)
{
	check_spelling(&friendly[_i]);
}
END_TEST

START_TEST(ten_kilobytes)
{
	static const char fill[] = { '1', ' ', '-', 'A', '(', '\0', '\xc3' };
	size_t len = 10 * 1024;
	char *text = malloc(len);

	for (size_t i = 0; i < sizeof(fill); i++) {
		struct cleaned clean;

		memset(text, fill[i], len);
		clean_number(&clean, text, len);
		ck_assert_int_eq(clean.state, CLEAN_MALFORMED);
		ck_assert_uint_eq(clean.len, 0);
	}
	free(text);
}
END_TEST

/* At the limit of bytes and one beyond. */
START_TEST(longest_spelling)
{
	char text[SPELLING_MOST + 1];
	struct cleaned clean;

	memset(text, ' ', sizeof(text));
	text[0] = text[SPELLING_MOST - 1] = '7';
	clean_number(&clean, text, SPELLING_MOST);
	ck_assert_str_eq(clean.text, "77");
	clean_number(&clean, text, SPELLING_MOST + 1);
	ck_assert_int_eq(clean.state, CLEAN_MALFORMED);
}
END_TEST

/* NFKC can make one code point eighteen; the buffer is ours. */
START_TEST(code_points_that_grow)
{
	char text[SPELLING_MOST];
	struct cleaned clean;
	size_t len = 0;

	while (len + 3 <= sizeof(text)) {
		memcpy(text + len, "\xef\xb7\xba", 3);
		len += 3;
	}
	clean_number(&clean, text, len);
	ck_assert_int_eq(clean.state, CLEAN_MALFORMED);
}
END_TEST

/* A word for each two letters that a label can begin with, together and with a blank between them. */
static const char *const label_beginnings[] = {
	"angebotsnr",
	"contractno",
	"evbnr",
	"ihrevertragsnummer",
	"kdnr",
	"kfzversicherungnr",
	"kraftfahrtversicherungnr",
	"kundennr",
	"mitgliedsnr",
	"no",
	"nr",
	"nummer",
	"police",
	"rechnungsnr",
	"schadennr",
	"versnr",
	"vnr",
	"vorvertrag",
	"vsnr",
	"vtrgnr",
};

START_TEST(labels_by_their_first_letters)
{
	const char *word = label_beginnings[_i];
	char text[80];
	struct cleaned clean;

	snprintf(text, sizeof(text), "%s: 4711", word);
	clean_number(&clean, text, strlen(text));
	ck_assert_ptr_nonnull(clean.label);
	ck_assert_str_eq(clean.label, word);
	snprintf(text, sizeof(text), "%c %s: 4711", word[0] & ~0x20, word + 1);
	clean_number(&clean, text, strlen(text));
	ck_assert_ptr_nonnull(clean.label);
	ck_assert_str_eq(clean.label, word);
}
END_TEST

/* Short spellings take a quicker way than long ones; blanks behind must change nothing. */
START_TEST(short_as_long)
{
	static const char set[] = " -/.09AZaz#\x7f";
	struct cleaned quick, slow;
	char text[64];

	for (unsigned seed = 0; seed < 20000; seed++) {
		unsigned r = seed * 2654435761u;

		memset(text, ' ', sizeof(text));
		for (int i = 0; i < 6; i++, r = r / (sizeof(set) - 1))
			text[i] = set[r % (sizeof(set) - 1)];
		clean_number(&quick, text, 6);
		clean_number(&slow, text, sizeof(text));
		ck_assert_int_eq(quick.state, slow.state);
		ck_assert_str_eq(quick.text, slow.text);
		ck_assert_uint_eq(quick.len, slow.len);
		ck_assert_uint_eq(quick.gaps, slow.gaps);
		ck_assert_ptr_eq(quick.why_not, slow.why_not);
	}
}
END_TEST

START_TEST(gaps_are_remembered)
{
	struct cleaned clean;

	clean_number(&clean, "Nr. 12-3 /4", 11);
	ck_assert_str_eq(clean.text, "1234");
	ck_assert_uint_eq(clean.gaps, (1u << 2) | (1u << 3));
}
END_TEST

/* The 47 shapes that one carrier printed (2019): every letter and digit stays, in order, nothing else does. */
static const char *const shapes[] = {
	"A0123*45678901234*5678",
	"AB-012 34 567890123",
	"AB. 012 34 567890123",
	"AB.: 012 34 567890123",
	"AB01234567890123",
	"ABC01-23456789012",
	"ABC: 012345(678901)",
	"AB_012345",
	"(AB 0 1234C567",
	"0A1 23456789012",
	"0A1BCDEFGH23456 IJ",
	"0A1234567890-123",
	"0A B1 23456 78",
	"01 .:;23456789,",
	"01 / 234567890",
	"01 234 5A67",
	"01 234 56789",
	"01 2345 6789",
	"01 23456 789",
	"01 :234567890",
	"01 A23456789",
	"01-23456789",
	"01-23456789012345-6",
	"01.234567890",
	"01/234567890",
	"012 3 A45678901",
	"012 3A45678901",
	"012 34",
	"012 34 5 67890123",
	"012 34 5678",
	"012 34 5678 9012",
	"012 34 5678A9BC01",
	"012 34 5678A9012",
	"012 34 5678ABC9D",
	"012 34 5678ABCDE",
	"012 34 56789 012",
	"012 34 56789.0",
	"012 34 56789;01234",
	"012 34 56789A-012",
	"0 12(3456789",
	"0 1234567 ABC D 8901234",
	"01 23456.789",
	"01 234567",
	"01 2345678 9",
	"01 2345678(A",
	"01 2345678)90",
	"01 23456789",
};

START_TEST(shapes_of_one_carrier)
{
	char expected[64];
	struct cleaned clean;
	size_t n = 0;

	for (const char *at = shapes[_i]; *at; at++) {
		if (strchr("ABCDEFGHIJ0123456789", *at))
			expected[n++] = *at;
	}
	expected[n] = '\0';
	clean_number(&clean, shapes[_i], strlen(shapes[_i]));
	ck_assert_int_eq(clean.state, CLEAN_OK);
	ck_assert_str_eq(clean.text, expected);
	ck_assert_ptr_null(clean.label);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))
_Static_assert(sizeof(shapes) / sizeof(shapes[0]) == 47, "every readable shape of the article");

int main(void)
{
	Suite *suite = suite_create("clean");
	TCase *t = tcase_create("clean");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, t);
	tcase_add_loop_test(t, hostile_spellings, 0, COUNT(hostile));
	tcase_add_test(t, ten_kilobytes);
	tcase_add_test(t, longest_spelling);
	tcase_add_test(t, code_points_that_grow);
	tcase_add_loop_test(t, friendly_spellings, 0, COUNT(friendly));
	tcase_add_loop_test(t, labels_by_their_first_letters, 0, COUNT(label_beginnings));
	tcase_add_test(t, short_as_long);
	tcase_add_test(t, gaps_are_remembered);
	tcase_add_loop_test(t, shapes_of_one_carrier, 0, COUNT(shapes));
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
