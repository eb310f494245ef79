#include "matcher/naive.h"

#include <stdint.h>
#include <string.h>

#include "matcher/stock_index.h"
#include "normalizers/clean.h"
#include "normalizers/neighbour.h"

struct naive {
	struct stock_index *rules[NAIVE_EDIT_VU]; /* the last rule looks into NAIVE_STRIP_VU's */
};

struct answers {
	const struct contract *top[NAIVE_TOP];
	size_t count; /* NAIVE_TOP + 1: more */
};

static void answers_add(struct answers *a, const struct contract *c)
{
	if (a->count > NAIVE_TOP)
		return;
	for (size_t i = 0; i < a->count; i++)
		if (a->top[i] == c)
			return;
	if (a->count < NAIVE_TOP)
		a->top[a->count] = c;
	a->count++;
}

/* Nearly every place has one contract, which stands there itself; several stand in a list, marked by the lowest bit. */
static struct answers *several_of(const void *place)
{
	return (uintptr_t)place & 1 ? (struct answers *)((uintptr_t)place - 1) : NULL;
}

static void answers_take(struct answers *a, const void *place)
{
	const struct answers *several = several_of(place);

	if (!several && place)
		answers_add(a, place);
	for (size_t i = 0; several && i < several->count && i < NAIVE_TOP; i++)
		answers_add(a, several->top[i]);
	if (several && several->count > NAIVE_TOP)
		a->count = NAIVE_TOP + 1;
}

static void place_add(void **place, const struct contract *c, TALLOC_CTX *mem)
{
	struct answers *several = several_of(*place);

	if (!*place || *place == c) {
		*place = (void *)c;
		return;
	}
	if (!several) {
		several = talloc_zero(mem, struct answers);
		answers_add(several, *place);
		*place = (void *)((uintptr_t)several | 1);
	}
	answers_add(several, c);
}

const char *naive_in_words(enum naive_rule rule)
{
	static const char *const words[NAIVE_RULES] = {
		[NAIVE_STRIP] = "naive: strip and upper, insurer ignored",
		[NAIVE_STRIP_VU] = "naive: strip and upper, same VU",
		[NAIVE_DIGITS] = "naive: digits without leading zeros, insurer ignored",
		[NAIVE_DIGITS_NO_ZERO] = "naive: digits without any zeros, insurer ignored",
		[NAIVE_EDIT_VU] = "naive: edit distance 1, same VU",
	};

	return words[rule];
}

#define PLACE_SIZE 64

static void place_with_vu(char place[PLACE_SIZE], const char *vu, const char *key)
{
	const char *bare = vu_bare(vu);
	char *end = mempcpy(place, bare, strnlen(bare, 20));

	*end++ = '|';
	strcpy(end, key); /* at most KEY_MOST */
}

static void digits_of(char *out, const char *text, bool all_zeros)
{
	char *start = out;

	for (; *text; text++)
		if (*text >= '1' && *text <= '9')
			*out++ = *text;
		else if (*text == '0' && !all_zeros && out > start)
			*out++ = *text;
	*out = '\0';
}

/* false: nothing is left that a rule could compare. */
static bool place_of(char place[PLACE_SIZE], enum naive_rule rule, const char *vu,
		     const char *number)
{
	struct cleaned clean;

	if (!number)
		return false;
	clean_number(&clean, number, strlen(number));
	if (clean.state != CLEAN_OK)
		return false;
	if (rule == NAIVE_STRIP)
		strcpy(place, clean.text);
	else if (rule == NAIVE_STRIP_VU)
		place_with_vu(place, vu, clean.text);
	else
		digits_of(place, clean.text, rule == NAIVE_DIGITS_NO_ZERO);
	return *place != '\0';
}

static void add_number(struct naive *naive, const struct contract *c, const char *number)
{
	char place[PLACE_SIZE];

	for (int rule = 0; rule < NAIVE_EDIT_VU; rule++) {
		if (place_of(place, (enum naive_rule)rule, c->vu, number))
			place_add(stock_index_at(naive->rules[rule], place), c, naive);
	}
}

static void add_contract(void *self, const struct contract *c)
{
	add_number(self, c, c->number);
	add_number(self, c, c->printed_number);
	for (size_t i = 0; i < c->other_count; i++)
		add_number(self, c, c->other_numbers[i]);
}

struct naive *naive_new(const struct memory_stock *stock, TALLOC_CTX *mem)
{
	struct naive *naive = talloc_zero(mem, struct naive);

	for (int rule = 0; rule < NAIVE_EDIT_VU; rule++)
		naive->rules[rule] = stock_index_new(naive);
	memory_stock_each(stock, add_contract, naive);
	return naive;
}

/* What lies around one number. */
struct around {
	const struct naive *naive;
	const char *vu;
	struct answers *found;
};

static void take(void *self, const char *key, enum neighbour how)
{
	struct around *a = self;
	char place[PLACE_SIZE];

	if (how == NEIGHBOUR_SWAPPED || how == NEIGHBOUR_LETTERED || a->found->count > NAIVE_TOP)
		return;
	place_with_vu(place, a->vu, key);
	answers_take(a->found, stock_index_get(a->naive->rules[NAIVE_STRIP_VU], place));
}

static void find_around(struct answers *found, const struct naive *naive, const char *vu,
			const char *number)
{
	struct around a = { naive, vu, found };
	struct cleaned clean;

	if (!number)
		return;
	clean_number(&clean, number, strlen(number));
	if (clean.state != CLEAN_OK)
		return;
	take(&a, clean.text, NEIGHBOUR_OTHER);
	neighbours_of(clean.text, clean.text[strspn(clean.text, "0123456789")] != 0, take, &a);
}

size_t naive_found(const struct contract *top[NAIVE_TOP], const struct naive *naive,
		   enum naive_rule rule, const char *vu, const char *number)
{
	struct answers found = { 0 };
	char place[PLACE_SIZE];

	if (rule == NAIVE_EDIT_VU)
		find_around(&found, naive, vu, number);
	else if (place_of(place, rule, vu, number))
		answers_take(&found, stock_index_get(naive->rules[rule], place));
	memcpy(top, found.top, sizeof found.top);
	return found.count;
}

const struct contract *naive_file(const struct naive *naive, enum naive_rule rule, const char *vu,
				  const char *number)
{
	const struct contract *top[NAIVE_TOP];

	return naive_found(top, naive, rule, vu, number) == 1 ? top[0] : NULL;
}
