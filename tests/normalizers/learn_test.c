/* learn_test.c -- stocks whose pictures are known: does the learner find them, and what does it do with numbers that it never saw? */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "normalizers/learn.h"

static TALLOC_CTX *mem;
static uint64_t state;

static void setup(void)
{
	mem = talloc_new(NULL);
	state = 20260501;
}

static void teardown(void)
{
	talloc_free(mem);
}

static unsigned random_below(unsigned n)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

static bool percent(unsigned p)
{
	return random_below(100) < p;
}

/* # becomes a digit, + one that is not 0, @ a letter; the rest stays. */
static char *invented(const char *drawn)
{
	char *text = talloc_strdup(mem, drawn);

	for (char *at = text; *at; at++) {
		if (*at == '#')
			*at = (char)('0' + random_below(10));
		else if (*at == '+')
			*at = (char)('1' + random_below(9));
		else if (*at == '@')
			*at = (char)('A' + random_below(26));
	}
	return text;
}

/* ---- what brokers and printers make of a number ---- */

enum way_kind { WAY_PRINTED = 1, WAY_FRONT_LOST, WAY_END_LOST, WAY_ZEROS_LOST, WAY_AROUND };

struct way {
	enum way_kind kind;
	const char *
		text; /* PRINTED: x takes the number's next character; AROUND: the printed number stands for the star */
	unsigned count; /* FRONT_LOST, END_LOST */
	unsigned share; /* per cent of the contracts */
};

struct known {
	const char *name, *own;
	struct way ways[4];
	const char *printed; /* how it is printed whole */
};

static const struct known knowns[] = {
	{ "letters in front left out",
	  "AS##########",
	  { { WAY_FRONT_LOST, NULL, 2, 30 } },
	  "xx-xxxxxxxxxx" },
	{ "another house's letters",
	  "AD##########",
	  { { WAY_FRONT_LOST, NULL, 2, 60 } },
	  "xx-xxxxxxxxxx" },
	{ "a word in front and a part behind",
	  "#########",
	  { { WAY_AROUND, "VSE/*/##", 0, 40 }, { WAY_AROUND, "*/##", 0, 20 } },
	  "xxx.xxx.xxx" },
	{ "a constant behind left out",
	  "########001",
	  { { WAY_END_LOST, NULL, 3, 40 } },
	  "xxxxxxxx-xxx" },
	{ "a closing letter and a part more",
	  "#########@",
	  { { WAY_AROUND, "*-##", 0, 40 } },
	  "xxx/xxxxxx-x" },
	{ "the area in front left out",
	  "34#########",
	  { { WAY_FRONT_LOST, NULL, 2, 40 } },
	  "xx xxxxxxxxx" },
	{ "leading zeros lost", "000+#####", { { WAY_ZEROS_LOST, NULL, 0, 50 } }, "xxxxxxxxx" },
	{ "one letter left out",
	  "V###########",
	  { { WAY_FRONT_LOST, NULL, 1, 50 } },
	  "x xx xxx xxx/xxx" },
	{ "letters and nine digits",
	  "BH#########",
	  { { WAY_FRONT_LOST, NULL, 2, 25 } },
	  "xxxxxxxxxxx" },
	{ "a letter and groups", "H########", { { WAY_FRONT_LOST, NULL, 1, 50 } }, "xxxx-xxxxx" },
	{ "ten digits padded", "00+#######", { { WAY_ZEROS_LOST, NULL, 0, 30 } }, "xxxxxxxxxx" },
	{ "three letters left out",
	  "SPV#######",
	  { { WAY_FRONT_LOST, NULL, 3, 50 } },
	  "xxx xxxxxxx" },
	{ "a check digit printed, not transferred",
	  "###########",
	  { { WAY_AROUND, "*-#", 0, 70 } },
	  "xxxxxxxxxxx" },
	{ "letter and padding",
	  "K000+#####",
	  { { WAY_ZEROS_LOST, NULL, 0, 30 }, { WAY_FRONT_LOST, NULL, 1, 30 } },
	  "x-xxxxxxxxx" },
	{ "more characters printed",
	  "RS########",
	  { { WAY_AROUND, "*.###", 0, 60 } },
	  "xxxxxxx/xxx" },
	{ "seventeen places",
	  "0000000+#########",
	  { { WAY_ZEROS_LOST, NULL, 0, 40 } },
	  "xxxxxxxxxxxxxxxxx" },
};
#define KNOWNS ((int)(sizeof(knowns) / sizeof(knowns[0])))

/* No liberty: the picture only says which places are digits. */
static const struct known shapes[] = {
	{ "nineteen characters", "#########@@@#######", { { 0 } }, "xxxxxxxxx-xxx-xxxxxxx" },
	{ "letters inside", "#@@#########", { { 0 } }, "x-xx-xx.xxx.xxx-x" },
	{ "digits alone", "#########", { { 0 } }, "xx.xxx.xxx.x" },
};

static char *printed(const char *own, const char *form)
{
	char *text = talloc_strdup(mem, form);

	for (char *at = text; *at; at++) {
		if (*at == 'x')
			*at = *own++;
	}
	return text;
}

static char *without_zeros(const char *own)
{
	size_t letters = strcspn(own, "0123456789");

	return talloc_asprintf(mem, "%.*s%s", (int)letters, own,
			       own + letters + strspn(own + letters, "0"));
}

static char *spelled(const struct known *known, const struct way *way, const char *own)
{
	const char *star;

	switch (way->kind) {
	case WAY_PRINTED:
		return printed(own, way->text);
	case WAY_FRONT_LOST:
		return talloc_strdup(mem, own + way->count);
	case WAY_END_LOST:
		return talloc_strndup(mem, own, strlen(own) - way->count);
	case WAY_ZEROS_LOST:
		return without_zeros(own);
	case WAY_AROUND:
		star = strchr(way->text, '*');
		return talloc_asprintf(
			mem, "%s%s%s",
			invented(talloc_strndup(mem, way->text, (size_t)(star - way->text))),
			printed(own, known->printed), invented(star + 1));
	}
	return printed(own, known->printed);
}

struct held {
	char *own, *spelling;
};

/* The spelling that this contract has beside its number; the printed form if none of the ways falls to it. */
static struct held contract_of(const struct known *known)
{
	struct held held = { invented(known->own), NULL };
	unsigned at = random_below(100), share = 0;

	for (int i = 0; i < 4 && known->ways[i].kind && !held.spelling; i++) {
		share += known->ways[i].share;
		if (at < share)
			held.spelling = spelled(known, &known->ways[i], held.own);
	}
	if (!held.spelling)
		held.spelling = printed(held.own, known->printed);
	return held;
}

static const char *const hostile[] = {
	"",
	" ",
	"---",
	"000000000",
	"folgt",
	"k.A.",
	"\x01\x02",
	"\xff\xfe\xfd",
	"1234567890123456789012345678901234567890",
	"'; drop table contract; --",
	"\xc3\x84\xc3\x96-12345678",
	"\xf0\x9f\x98\x80",
	"Kunden-Nr. 4711 4711",
	"{/##}",
	"[AS-]",
	"%s%n",
	"\xe2\x80\xae"
	"12345678",
	"12345678\n12345678",
};

static void learn(struct learner *l, const char *line, const char *own, const char *spelling)
{
	const char *const spellings[] = { spelling };
	static int number;
	char id[32];

	snprintf(id, sizeof(id), "c-%d", ++number);
	learner_add(l, &(struct learn_contract){ id, line, own, spellings, 1 });
}

/* Another contract's spelling, a slip, garbage, or a number of nobody. */
static char *noise(const struct known *known, const struct held *mine)
{
	char *text;

	switch (random_below(5)) {
	case 0:
		return contract_of(known).spelling;
	case 1:
		text = talloc_strdup(mem, mine->spelling);
		text[random_below((unsigned)strlen(text))] = (char)('0' + random_below(10));
		return text;
	case 2:
		return talloc_strdup(mem, mine->spelling + 1);
	case 3:
		return talloc_strdup(mem,
				     hostile[random_below(sizeof(hostile) / sizeof(*hostile))]);
	default:
		return invented("##############" + random_below(9));
	}
}

static void learn_known(struct learner *l, const struct known *known, const char *line, int count,
			unsigned noisy)
{
	for (int i = 0; i < count; i++) {
		struct held held = contract_of(known);

		if (percent(noisy))
			held.spelling = noise(known, &held);
		if (noisy && percent(noisy / 2))
			held.own = invented("@@@@#########" + random_below(8));
		learn(l, line, held.own, held.spelling);
	}
}

static size_t standing(const struct proposals *all)
{
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++)
		count += all->items[i]->state == PROPOSAL_STANDS;
	return count;
}

static char *told(const struct proposals *all)
{
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < all->count; i++) {
		const struct proposal *p = all->items[i];

		text = talloc_asprintf_append(
			text, "\n  %s%s numbers %zu of %zu, gained %zu of %zu, otherwise %zu%s%s",
			p->picture.drawing, p->picture.drops_zeros ? " (drops zeros)" : "",
			p->numbers, p->of, p->gained, p->spelled, p->otherwise, p->why ? ": " : "",
			p->why ? p->why : "");
	}
	return text;
}

static const struct picture *read_by(const struct proposals *all, const struct cleaned *clean,
				     char *canonical)
{
	for (size_t i = 0; i < all->count; i++) {
		if (all->items[i]->state == PROPOSAL_STANDS &&
		    picture_read(&all->items[i]->picture, clean, canonical) == READS_ONE)
			return &all->items[i]->picture;
	}
	return NULL;
}

/* ---- held-out contracts ---- */

struct measured {
	int asked, right, wrong;
};

/* Spellings that the general rule does not bring home, of contracts that were not learned from. */
static struct measured measure(const struct proposals *all, const struct known *known, int count)
{
	struct measured m = { 0 };

	for (int i = 0; i < count; i++) {
		struct held held = contract_of(known);
		char canonical[KEY_MOST + 1];
		struct cleaned clean;

		clean_number(&clean, held.spelling, strlen(held.spelling));
		if (strcmp(clean.text, held.own) == 0)
			continue;
		m.asked++;
		if (!read_by(all, &clean, canonical))
			continue;
		if (strcmp(canonical, held.own) == 0)
			m.right++;
		else
			m.wrong++;
	}
	return m;
}

static void holds_out(const struct known *known, unsigned noisy)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;
	struct measured m;

	learn_known(l, known, "050", 500, noisy);
	all = learner_propose(l, mem);
	ck_assert_msg(standing(all) > 0, "%s: no proposal%s", known->name, told(all));
	m = measure(all, known, 500);
	printf("%-42s noise %u %%: %d of %d held-out spellings, %d wrong;%s\n", known->name, noisy,
	       m.right, m.asked, m.wrong, told(all));
	ck_assert_int_eq(m.wrong, 0);
	ck_assert_int_gt(m.asked, 50);
	ck_assert_msg(m.right * 100 >= m.asked * 95, "%s: %d of %d%s", known->name, m.right,
		      m.asked, told(all));
}

START_TEST(held_out_spellings_are_read)
{
	holds_out(&knowns[_i], 0);
}
END_TEST

START_TEST(noise_neither_breaks_nor_widens)
{
	holds_out(&knowns[_i], 5);
}
END_TEST

START_TEST(a_shape_without_liberties)
{
	const struct known *known = &shapes[_i];
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;
	char canonical[KEY_MOST + 1];

	learn_known(l, known, "130", 300, 5);
	all = learner_propose(l, mem);
	ck_assert_msg(standing(all) == 1, "%s:%s", known->name, told(all));
	ck_assert_uint_eq(all->items[0]->gained, 0);
	for (int i = 0; i < 100; i++) {
		struct held held = contract_of(known);
		struct cleaned clean;

		clean_number(&clean, held.spelling, strlen(held.spelling));
		ck_assert(read_by(all, &clean, canonical));
		ck_assert_str_eq(canonical, held.own);
	}
}
END_TEST

START_TEST(two_lines_have_pictures_of_their_own)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;

	learn_known(l, &knowns[0], "051", 300, 0);
	learn_known(l, &knowns[6], "130", 300, 0);
	all = learner_propose(l, mem);
	ck_assert_msg(all->count == 2 && standing(all) == 2, "%s", told(all));
	for (size_t i = 0; i < 2; i++) {
		const struct picture *p = &all->items[i]->picture;

		ck_assert_uint_eq(p->line_count, 1);
		ck_assert_str_eq(p->lines[0], strchr(p->drawing, 'A') ? "050" : "130");
		ck_assert(p->drops_zeros == !strchr(p->drawing, 'A'));
	}
}
END_TEST

START_TEST(one_shape_in_two_lines_is_one_picture)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;

	learn_known(l, &knowns[6], "040", 300, 0);
	learn_known(l, &knowns[6], "130", 300, 0);
	all = learner_propose(l, mem);
	ck_assert_msg(all->count == 1 && standing(all) == 1, "%s", told(all));
	ck_assert_uint_eq(all->items[0]->picture.line_count, 2);
}
END_TEST

/* ---- no proposal ---- */

START_TEST(random_numbers_have_no_picture)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;

	for (int i = 0; i < 2000; i++) {
		const char *kind = percent(50) ? "##################" : "@#@@##@#@###@@@##@";

		learn(l, "050", invented(kind + random_below(12)),
		      invented(kind + random_below(12)));
	}
	all = learner_propose(l, mem);
	ck_assert_msg(standing(all) == 0, "%s", told(all));
}
END_TEST

START_TEST(unrelated_pairs_have_no_picture)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;

	for (int i = 0; i < 1000; i++)
		learn(l, "050", invented("##########"), invented("#########"));
	all = learner_propose(l, mem);
	ck_assert_msg(all->count == 0, "%s", told(all));
}
END_TEST

START_TEST(small_samples_have_no_picture)
{
	for (int k = 0; k < KNOWNS; k++) {
		struct learner *l = learner_new(NULL, 0, mem);

		learn_known(l, &knowns[k], "050", LEARN_SUPPORT - 1, 0);
		ck_assert_uint_eq(learner_propose(l, mem)->count, 0);
	}
}
END_TEST

START_TEST(one_number_many_times_is_one)
{
	struct learner *l = learner_new(NULL, 0, mem);

	for (int i = 0; i < 1000; i++)
		learn(l, "050", "AS1234567890", "1234567890");
	ck_assert_uint_eq(learner_propose(l, mem)->count, 0);
}
END_TEST

START_TEST(nothing_at_all)
{
	struct learner *l = learner_new(NULL, 0, mem);

	ck_assert_uint_eq(learner_propose(l, mem)->count, 0);
	learner_add(l, &(struct learn_contract){ .id = "x" });
	learner_add(l, &(struct learn_contract){ .number = "000000" });
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		for (int k = 0; k < 40; k++)
			learn(l, hostile[i], hostile[i], hostile[(i + 1) % 18]);
	}
	ck_assert_uint_eq(learner_propose(l, mem)->count, 0);
}
END_TEST

/* ---- what may not be put back, taken off, or joined ---- */

START_TEST(letters_with_a_rival_are_not_put_back)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct known other = {
		"", "AT##########", { { WAY_FRONT_LOST, NULL, 2, 30 } }, "xx-xxxxxxxxxx"
	};
	const struct proposals *all;
	char canonical[KEY_MOST + 1];
	struct cleaned clean;

	learn_known(l, &knowns[0], "050", 300, 0);
	learn_known(l, &other, "050", 100, 0);
	all = learner_propose(l, mem);
	clean_number(&clean, "1234567890", 10);
	ck_assert_msg(!read_by(all, &clean, canonical), "%s", told(all));
}
END_TEST

START_TEST(letters_of_another_line_are_rivals)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;
	char canonical[KEY_MOST + 1];
	struct cleaned clean;

	learn_known(l, &knowns[0], "050", 300, 0);
	for (int i = 0; i < 15; i++) /* too few to learn from */
		learn(l, "130", invented("HV##########"), "");
	all = learner_propose(l, mem);
	clean_number(&clean, "1234567890", 10);
	ck_assert_msg(!read_by(all, &clean, canonical), "%s", told(all));
}
END_TEST

START_TEST(each_line_may_leave_out_its_own_letters)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct known other = {
		"", "HV##########", { { WAY_FRONT_LOST, NULL, 2, 30 } }, "xx-xxxxxxxxxx"
	};
	const struct proposals *all;

	learn_known(l, &knowns[0], "050", 300, 0);
	learn_known(l, &other, "130", 300, 0);
	all = learner_propose(l, mem);
	ck_assert_msg(all->count == 2 && standing(all) == 2, "%s", told(all));
	ck_assert_str_eq(all->items[0]->picture.drawing[1] == 'A' ? "050" : "130",
			 all->items[0]->picture.lines[0]);
}
END_TEST

START_TEST(joining_is_refused_and_shown)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;
	const struct proposal *p;

	learn_known(l, &knowns[6], "050", 300, 0);
	learn(l, "050", "000712345", "000712345");
	learn(l, "130", "712345", "71-23-45");
	all = learner_propose(l, mem);
	ck_assert_msg(all->count == 1, "%s", told(all));
	p = all->items[0];
	ck_assert_int_eq(p->state, PROPOSAL_JOINS);
	ck_assert_ptr_nonnull(strstr(p->why, "join two contracts"));
	ck_assert_uint_ge(p->counter_count, 1);
	ck_assert_str_eq(p->counters[0].number, "######");
	ck_assert_str_eq(p->counters[0].spelling, "000######");
}
END_TEST

START_TEST(printed_parts_that_tell_contracts_apart_are_not_taken_off)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;

	for (int i = 0; i < 300; i++) { /* the system form of some has what others only print */
		const char *own = invented("+########");

		learn(l, "050", own, talloc_asprintf(mem, "%s-%s", own, invented("##")));
		if (i % 10)
			continue;
		learn(l, "050", talloc_asprintf(mem, "%s77", own),
		      talloc_asprintf(mem, "%s-77", own));
	}
	all = learner_propose(l, mem);
	ck_assert_msg(standing(all) == 0, "%s", told(all));
	ck_assert_int_eq(all->items[0]->state, PROPOSAL_JOINS);
}
END_TEST

START_TEST(a_picture_that_is_there_is_held_against_the_stock)
{
	struct learner *l = learner_new(NULL, 0, mem);
	struct picture p = { .drawing = (char *)"#########", .drops_zeros = true };
	struct err e = { 0 };
	char *sentence;

	ck_assert(picture_compile(&p, mem, &e));
	learn(l, "050", "000712345", "");
	learn(l, "050", "000712346", "712346");
	ck_assert_ptr_null(learner_joined(l, &p, mem));
	learn(l, "050", "712345", "");
	sentence = learner_joined(l, &p, mem);
	ck_assert_ptr_nonnull(sentence);
	ck_assert_ptr_nonnull(strstr(sentence, "###### is read as 000######"));
}
END_TEST

/* ---- beside pictures that are there ---- */

static struct insurer *issuer_with(const char *drawing, const char *becomes)
{
	struct insurer *issuer = talloc_zero(mem, struct insurer);
	struct err e = { 0 };

	issuer->pictures = talloc_zero_array(issuer, struct picture, 1);
	issuer->picture_count = 1;
	issuer->pictures[0].drawing = (char *)drawing;
	issuer->pictures[0].becomes = (char *)becomes;
	ck_assert(picture_compile(&issuer->pictures[0], issuer, &e));
	return issuer;
}

START_TEST(what_is_drawn_already_is_no_news)
{
	struct learner *l = learner_new(issuer_with("[AS-]##########", NULL), 0, mem);

	learn_known(l, &knowns[0], "050", 500, 5);
	ck_assert_msg(learner_propose(l, mem)->count == 0, "%s", told(learner_propose(l, mem)));
}
END_TEST

START_TEST(a_picture_may_gain_a_liberty)
{
	struct learner *l = learner_new(issuer_with("@@-##########", NULL), 0, mem);
	const struct proposals *all;

	learn_known(l, &knowns[0], "050", 500, 5);
	all = learner_propose(l, mem);
	ck_assert_msg(standing(all) == 1, "%s", told(all));
	ck_assert_str_eq(all->items[0]->picture.drawing, "[AS-]##########");
}
END_TEST

START_TEST(contradicting_a_picture_is_refused)
{
	struct learner *l = learner_new(issuer_with("##########", "77##########"), 0, mem);
	const struct proposals *all;

	learn_known(l, &knowns[0], "050", 500, 0);
	all = learner_propose(l, mem);
	ck_assert_msg(all->count == 1, "%s", told(all));
	ck_assert_int_eq(all->items[0]->state, PROPOSAL_OVERLAPS);
	ck_assert_ptr_nonnull(strstr(all->items[0]->why, "##########"));
}
END_TEST

/* ---- what is shown ---- */

START_TEST(counter_examples_hold_no_numbers)
{
	struct learner *l = learner_new(NULL, 0, mem);
	const struct proposals *all;

	learn_known(l, &knowns[13], "050", 500, 5);
	all = learner_propose(l, mem);
	for (size_t i = 0; i < all->count; i++) {
		const struct proposal *p = all->items[i];

		for (size_t k = 0; k < p->counter_count; k++) {
			ck_assert_ptr_null(strpbrk(p->counters[k].number, "123456789"));
			ck_assert_ptr_null(strpbrk(p->counters[k].spelling, "123456789"));
		}
	}
	ck_assert_str_eq(spelling_masked("AS-0012 3450/x", NULL, mem), "@@-00## ####/@");
}
END_TEST

START_TEST(the_order_of_the_stock_does_not_matter)
{
	struct learner *a = learner_new(NULL, 0, mem), *b = learner_new(NULL, 0, mem);
	struct held held[400];

	for (int i = 0; i < 400; i++)
		held[i] = contract_of(&knowns[13]);
	for (int i = 0; i < 400; i++) {
		learn(a, "050", held[i].own, held[i].spelling);
		learn(b, "050", held[399 - i].own, held[399 - i].spelling);
	}
	ck_assert_str_eq(told(learner_propose(a, mem)), told(learner_propose(b, mem)));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("learn");
	TCase *found = tcase_create("found"), *none = tcase_create("not found");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(found, setup, teardown);
	tcase_add_checked_fixture(none, setup, teardown);
	tcase_set_timeout(found, 60);
	tcase_set_timeout(none, 60);
	tcase_add_loop_test(found, held_out_spellings_are_read, 0, KNOWNS);
	tcase_add_loop_test(found, noise_neither_breaks_nor_widens, 0, KNOWNS);
	tcase_add_loop_test(found, a_shape_without_liberties, 0, 3);
	tcase_add_test(found, two_lines_have_pictures_of_their_own);
	tcase_add_test(found, one_shape_in_two_lines_is_one_picture);
	tcase_add_test(found, each_line_may_leave_out_its_own_letters);
	tcase_add_test(found, a_picture_may_gain_a_liberty);
	tcase_add_test(found, the_order_of_the_stock_does_not_matter);
	tcase_add_test(none, random_numbers_have_no_picture);
	tcase_add_test(none, unrelated_pairs_have_no_picture);
	tcase_add_test(none, small_samples_have_no_picture);
	tcase_add_test(none, one_number_many_times_is_one);
	tcase_add_test(none, nothing_at_all);
	tcase_add_test(none, letters_with_a_rival_are_not_put_back);
	tcase_add_test(none, letters_of_another_line_are_rivals);
	tcase_add_test(none, joining_is_refused_and_shown);
	tcase_add_test(none, printed_parts_that_tell_contracts_apart_are_not_taken_off);
	tcase_add_test(none, a_picture_that_is_there_is_held_against_the_stock);
	tcase_add_test(none, what_is_drawn_already_is_no_news);
	tcase_add_test(none, contradicting_a_picture_is_refused);
	tcase_add_test(none, counter_examples_hold_no_numbers);
	suite_add_tcase(suite, found);
	suite_add_tcase(suite, none);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
