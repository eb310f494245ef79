/* learn_world.h -- invented stocks whose pictures are known, and what was proposed for them; the start of all draws is fixed. */
#ifndef TESTS_NORMALIZERS_LEARN_WORLD_H
#define TESTS_NORMALIZERS_LEARN_WORLD_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "normalizers/learn.h"

static TALLOC_CTX *mem;
static uint64_t state;

static inline void setup(void)
{
	mem = talloc_new(NULL);
	state = 20260501;
}

static inline void teardown(void)
{
	talloc_free(mem);
}

static inline unsigned random_below(unsigned n)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

static inline bool percent(unsigned p)
{
	return random_below(100) < p;
}

/* # becomes a digit, + one that is not 0, @ a letter; the rest stays. */
static inline char *invented(const char *drawn)
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

static inline char *printed(const char *own, const char *form)
{
	char *text = talloc_strdup(mem, form);

	for (char *at = text; *at; at++) {
		if (*at == 'x')
			*at = *own++;
	}
	return text;
}

static inline char *without_zeros(const char *own)
{
	size_t letters = strcspn(own, "0123456789");

	return talloc_asprintf(mem, "%.*s%s", (int)letters, own,
			       own + letters + strspn(own + letters, "0"));
}

static inline char *spelled(const struct known *known, const struct way *way, const char *own)
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
static inline struct held contract_of(const struct known *known)
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

static inline void learn(struct learner *l, const char *line, const char *own, const char *spelling)
{
	const char *const spellings[] = { spelling };
	static int number;
	char id[32];

	snprintf(id, sizeof(id), "c-%d", ++number);
	learner_add(l, &(struct learn_contract){ id, line, own, spellings, 1, 0 });
}

/* Another contract's spelling, a slip, garbage, or a number of nobody. */
static inline char *noise(const struct known *known, const struct held *mine)
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

static inline void learn_known(struct learner *l, const struct known *known, const char *line,
			       int count, unsigned noisy)
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

static inline size_t standing(const struct proposals *all)
{
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++)
		count += all->items[i]->state == PROPOSAL_STANDS;
	return count;
}

static inline char *told(const struct proposals *all)
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

static inline const struct picture *read_by(const struct proposals *all,
					    const struct cleaned *clean, char *canonical)
{
	for (size_t i = 0; i < all->count; i++) {
		if (all->items[i]->state == PROPOSAL_STANDS &&
		    picture_read(&all->items[i]->picture, clean, canonical) == READS_ONE)
			return &all->items[i]->picture;
	}
	return NULL;
}

/* Takes the cases over. What main returns. */
static inline int learn_run(const char *name, TCase *tc)
{
	Suite *suite = suite_create(name);
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
