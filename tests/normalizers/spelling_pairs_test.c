/*
 * spelling_pairs_test.c -- a table of labelled spelling pairs, drawn by chance from a fixed seed: every picture that is shipped, and
 * houses without one by shapes that commercial carriers are known to use. Two numbers alone, without any stock: what the rules license
 * joins, all of it; what nothing licenses does not, and no pair of two contracts (what becomes of them beside a stock:
 * matcher/spelling_pairs_test). The rule "digits only, zeros off" runs beside: it must fail here, or the traps are none.
 */
#include <check.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "normalizers/key.h"
#include "normalizers/picture.h"

#define SEED        20190424u
#define TEXT        160
#define PER_PICTURE 12
#define PER_HOUSE   2

/* Shapes of houses without a picture: # a digit, @ a letter, 0 a zero, the rest as it is printed. */
static const char *const shapes[] = {
	"@####*###########*####",
	"@@-### ## #########",
	"@@. ### ## #########",
	"@@##############",
	"@@@##-###########",
	"@@@: ######",
	"@@_######",
	"#@# ########",
	"#@##########-###",
	"## / #########",
	"## ### ##@##",
	"## ### #####",
	"## #### ####",
	"## ##### ###",
	"## :#########",
	"## @########",
	"##-########",
	"##-##############-#",
	"##.#########",
	"##/#########",
	"### #@########",
	"### ## ####",
	"### ## # ########",
	"### ## #### ####",
	"### ## ####@#@@##",
	"### ## #####.#",
	"## #####.###",
	"0########",
	"00#######",
	"##########",
};

static TALLOC_CTX *mem;
static struct insurers *all;
static uint64_t chance;

static unsigned below(unsigned n)
{
	chance = chance * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(chance >> 33) % n;
}

struct kind {
	const char *name;
	bool same;
	int pairs, joined, naive;
};

enum kind_name {
	AS_PRINTED,
	REGROUPED,
	LOWER,
	PADDED,
	LABELLED,
	FULLWIDTH,
	PART_LEFT_OUT,
	PART_ADDED,
	ZEROS_LICENSED,
	ZEROS_LOST,
	LETTER_FOR_DIGIT,
	NEIGHBOUR,
	CHANGED_OVER,
	ONE_LOST,
	ONE_MORE,
	ZEROS_OUT,
	ANOTHER,
	ANOTHER_HOUSE,
	OTHER_LABEL,
	KINDS
};

static struct kind kinds[KINDS] = {
	[AS_PRINTED] = { .name = "as printed", .same = true },
	[REGROUPED] = { .name = "other groups and separators", .same = true },
	[LOWER] = { .name = "lower case", .same = true },
	[PADDED] = { .name = "blanks in front up to 17", .same = true },
	[LABELLED] = { .name = "label in front", .same = true },
	[FULLWIDTH] = { .name = "full-width digits", .same = true },
	[PART_LEFT_OUT] = { .name = "constant part left out", .same = true },
	[PART_ADDED] = { .name = "foreign part added", .same = true },
	[ZEROS_LICENSED] = { .name = "zeros lost, picture licenses it", .same = true },
	[ZEROS_LOST] = { .name = "zeros lost, nothing licenses it", .same = true },
	[LETTER_FOR_DIGIT] = { .name = "letter O for a zero", .same = true },
	[NEIGHBOUR] = { .name = "neighbour in the run" },
	[CHANGED_OVER] = { .name = "two digits changed over" },
	[ONE_LOST] = { .name = "one character less" },
	[ONE_MORE] = { .name = "one character more" },
	[ZEROS_OUT] = { .name = "zeros taken out of the middle" },
	[ANOTHER] = { .name = "another number of the house" },
	[ANOTHER_HOUSE] = { .name = "the same number, another house" },
	[OTHER_LABEL] = { .name = "labelled as another number" },
};

static void setup(void)
{
	char *folder = SOURCE_DIR "/insurers";
	struct err e = { 0 };

	mem = talloc_new(NULL);
	chance = SEED;
	all = insurers_load(&folder, 1, mem, &e);
	ck_assert_msg(all != NULL, "%s", e.text);
}

static void teardown(void)
{
	talloc_free(mem);
}

/* One number: as drawn, and which of its characters came by chance (others belong to the house). */
struct drawn {
	const struct insurer *house;
	const struct picture *picture; /* NULL: a shape */
	const char *drawing;
	char printed[TEXT]; /* with separators, without foreign parts */
	char plain[TEXT];   /* letters and digits alone */
	bool free[TEXT];    /* of plain */
};

static void draw(struct drawn *d, bool zeros_in_front)
{
	size_t out = 0, plain = 0;
	int foreign = 0;

	for (const char *at = d->drawing; *at; at++) {
		bool wild = *at == '#' || *at == '@';
		char c = *at;

		foreign += *at == '{' ? 1 : *at == '}' ? -1 : 0;
		if (foreign || strchr("[]{}", *at))
			continue;
		if (*at == '#')
			c = (char)(zeros_in_front && plain < 2 ? '0' : '0' + (int)below(10));
		else if (*at == '@')
			c = "ABCEFHJKMNPRTUVWXY"[below(18)];
		d->printed[out++] = c;
		if (isalnum((unsigned char)c)) {
			d->free[plain] = wild;
			d->plain[plain++] = (char)toupper((unsigned char)c);
		}
	}
	d->printed[out] = d->plain[plain] = '\0';
}

static void naive_key(char *out, const char *text)
{
	for (; *text; text++) {
		if (isdigit((unsigned char)*text) && *text != '0')
			*out++ = *text;
	}
	*out = '\0';
}

static void pair_of(enum kind_name kind, const struct insurer *left_house, const char *left,
		    const struct insurer *right_house, const char *right)
{
	const struct spelled l = { left_house->issuer, strlen(left_house->issuer), left,
				   strlen(left) };
	const struct spelled r = { right_house->issuer, strlen(right_house->issuer), right,
				   strlen(right) };
	char a[2 * TEXT], b[2 * TEXT];
	const char *why;
	bool joined = spellings_compare(all, &l, &r, &why) == COMPARE_SAME;
	bool back = spellings_compare(all, &r, &l, &why) == COMPARE_SAME;

	ck_assert_int_eq(joined, back);
	naive_key(a, left);
	naive_key(b, right);
	kinds[kind].pairs++;
	kinds[kind].joined += joined;
	kinds[kind].naive += strcmp(a, b) == 0;
	if (joined && !kinds[kind].same)
		fprintf(stderr, "%s: %s \"%s\" and %s \"%s\" joined: %s\n", kinds[kind].name,
			left_house->issuer, left, right_house->issuer, right, why);
}

static void pair(enum kind_name kind, const struct drawn *d, const char *right)
{
	pair_of(kind, d->house, d->plain, d->house, right);
}

static void regroup(char *out, const char *plain)
{
	char separator = " -./"[below(4)];
	size_t group = 2 + below(3);

	for (size_t i = 0; plain[i]; i++) {
		if (i && i % group == 0)
			*out++ = separator;
		*out++ = plain[i];
	}
	*out = '\0';
}

static void fullwidth(char *out, const char *text)
{
	for (; *text; text++) {
		if (isdigit((unsigned char)*text))
			out += sprintf(out, "\xef\xbc%c", 0x90 + (*text - '0'));
		else
			*out++ = *text;
	}
	*out = '\0';
}

/* One of them each: all of them with every number would be nothing but them. */
static void general_spelling(const struct drawn *d, unsigned way)
{
	static const char *const labels[] = { "Vers.-Nr. ", "VSNR: ", "Versicherungsschein-Nr.: ",
					      "Vertragsnummer " };
	char text[4 * TEXT];

	switch ((enum kind_name)(way % (FULLWIDTH + 1))) {
	case AS_PRINTED:
		strcpy(text, d->printed);
		break;
	case REGROUPED:
		regroup(text, d->plain);
		break;
	case LOWER:
		for (char *at = strcpy(text, d->printed); *at; at++)
			*at = (char)tolower((unsigned char)*at);
		break;
	case PADDED:
		snprintf(text, sizeof(text), "%17s", d->plain);
		break;
	case LABELLED:
		snprintf(text, sizeof(text), "%s%s", labels[below(4)], d->printed);
		break;
	default:
		fullwidth(text, d->printed);
	}
	pair((enum kind_name)(way % (FULLWIDTH + 1)), d, text);
}

/* What a picture licenses, and nothing else does. */
static void licensed_spellings(const struct drawn *d)
{
	const char *open = strchr(d->drawing, '['), *close = strchr(d->drawing, ']');
	const char *brace = strchr(d->drawing, '{'), *after = strrchr(d->drawing, '{');
	char text[4 * TEXT];

	if (open == d->drawing && close)
		pair(PART_LEFT_OUT, d, d->printed + (close - open - 1));
	if (brace == d->drawing && after > brace) {
		snprintf(text, sizeof(text), "%.*s%s/%u%u", (int)(strchr(brace, '}') - brace - 1),
			 brace + 1, d->printed, below(10), below(10));
		pair(PART_ADDED, d, text);
	}
}

/* How a share of all spellings looks: nothing licenses them. */
static void mistaken_spellings(const struct drawn *d)
{
	char text[TEXT];
	char *zero;
	size_t zeros = strspn(d->plain, "0");
	bool licensed = d->picture && d->picture->drops_zeros;

	if (zeros && strlen(d->plain + zeros) >= 5)
		pair(licensed ? ZEROS_LICENSED : ZEROS_LOST, d, d->plain + zeros);
	if (below(8) == 0 && (zero = strrchr(strcpy(text, d->printed), '0')) != NULL) {
		*zero = 'O';
		pair(LETTER_FOR_DIGIT, d, text);
	}
}

static size_t free_digit(const struct drawn *d)
{
	size_t len = strlen(d->plain), start = below((unsigned)len);

	for (size_t i = 0; i < len; i++) {
		size_t at = (start + i) % len;

		if (d->free[at] && isdigit((unsigned char)d->plain[at]))
			return at;
	}
	return len;
}

static void without(char *out, const char *text, size_t at)
{
	memcpy(out, text, at);
	strcpy(out + at, text + at + 1);
}

static void traps(const struct drawn *d)
{
	char text[2 * TEXT], labelled[2 * TEXT];
	size_t at = free_digit(d), len = strlen(d->plain);

	if (at == len)
		return;
	strcpy(text, d->plain);
	text[at] = (char)(text[at] == '9' ? '0' : text[at] + 1);
	pair(NEIGHBOUR, d, text);
	strcpy(text, d->plain);
	if (at + 1 < len && d->free[at + 1] && text[at] != text[at + 1]) {
		text[at] = d->plain[at + 1];
		text[at + 1] = d->plain[at];
		pair(CHANGED_OVER, d, text);
	}
	without(text, d->plain, at);
	if (at > strspn(d->plain, "0"))
		pair(ONE_LOST, d, text);
	snprintf(text, sizeof(text), "%s%u", d->plain, below(10));
	pair(ONE_MORE, d, text);
	at = strcspn(d->plain + 1, "0") + 1;
	if (at + 1 < len && d->plain[0] != '0' && d->plain[at] == '0' && d->free[at]) {
		without(text, d->plain, at);
		pair(ZEROS_OUT, d, text);
	}
	snprintf(labelled, sizeof(labelled), "Kundennummer %s", d->plain);
	pair(OTHER_LABEL, d, labelled);
}

/* Another number, drawn by any picture of the house, and the same one at another house. */
static void strangers(const struct drawn *d)
{
	struct drawn other = *d;
	const struct insurer *house = insurers_at(all, below((unsigned)insurers_count(all)));

	if (d->house->picture_count) {
		other.picture = &d->house->pictures[below((unsigned)d->house->picture_count)];
		other.drawing = other.picture->drawing;
	}
	draw(&other, false);
	if (strcmp(other.plain, d->plain) != 0 &&
	    !(other.picture && other.picture->means != MEANS_POLICY))
		pair(ANOTHER, d, other.printed);
	if (house != d->house && insurers_kinship(all, house, d->house) == KIN_OTHER)
		pair_of(ANOTHER_HOUSE, d->house, d->plain, house, d->printed);
}

static unsigned drawn;

static void pairs_of(const struct insurer *house, const struct picture *picture, int many)
{
	for (int i = 0; i < many; i++) {
		struct drawn d = { .house = house, .picture = picture };

		d.drawing = picture ? picture->drawing
				    : shapes[below(sizeof(shapes) / sizeof(shapes[0]))];
		draw(&d, i % 4 == 3);
		general_spelling(&d, drawn++);
		licensed_spellings(&d);
		mistaken_spellings(&d);
		traps(&d);
		strangers(&d);
	}
}

static int report(bool same, int *joined, int *naive)
{
	int pairs = 0;

	*joined = *naive = 0;
	for (int i = 0; i < KINDS; i++) {
		if (kinds[i].same != same)
			continue;
		printf("%-34s %-9s %6d pairs, %6d joined; digits without zeros: %6d\n",
		       kinds[i].name, same ? "same" : "different", kinds[i].pairs, kinds[i].joined,
		       kinds[i].naive);
		pairs += kinds[i].pairs;
		*joined += kinds[i].joined;
		*naive += kinds[i].naive;
		ck_assert_int_eq(kinds[i].joined, same && i != ZEROS_LOST && i != LETTER_FOR_DIGIT
							  ? kinds[i].pairs
							  : 0);
		ck_assert_msg(kinds[i].pairs > 0, "no pair \"%s\" was drawn", kinds[i].name);
	}
	return pairs;
}

START_TEST(what_is_licensed_joins_and_nothing_else)
{
	int same, other, found, wrong, naive_found, naive_wrong;

	for (size_t i = 0; i < insurers_count(all); i++) {
		const struct insurer *house = insurers_at(all, i);

		for (size_t k = 0; k < house->picture_count; k++) {
			if (house->pictures[k].means == MEANS_POLICY)
				pairs_of(house, &house->pictures[k], PER_PICTURE);
		}
		if (!house->picture_count)
			pairs_of(house, NULL, PER_HOUSE);
	}
	same = report(true, &found, &naive_found);
	other = report(false, &wrong, &naive_wrong);
	printf("seed %u: %d pairs of one contract, recall %.4f; %d pairs of two, %d wrong joins; digits without "
	       "zeros: recall %.4f, %d wrong joins\n",
	       SEED, same, (double)found / same, other, wrong, (double)naive_found / same,
	       naive_wrong);
	ck_assert_int_eq(wrong, 0);
	ck_assert_int_gt(naive_wrong, 100);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("spelling_pairs");
	TCase *t = tcase_create("spelling_pairs");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, what_is_licensed_joins_and_nothing_else);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
