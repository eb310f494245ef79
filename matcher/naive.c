#include "matcher/naive.h"

#include <string.h>

#include "matcher/stock_index.h"
#include "normalizers/clean.h"
#include "normalizers/repair.h"

struct naive {
	struct stock_index *rules[NAIVE_EDIT_VU]; /* the last rule looks into NAIVE_STRIP_VU's */
	struct contract several;                  /* stands for more than one */
};

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
	const char *bare = vu ? vu + strspn(vu, "0 ") : "";
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
		void **at;

		if (!place_of(place, (enum naive_rule)rule, c->vu, number))
			continue;
		at = stock_index_at(naive->rules[rule], place);
		*at = *at && *at != c ? (void *)&naive->several : (void *)c;
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
	const void *found;
};

static void take(void *self, const char *key, enum neighbour how)
{
	struct around *a = self;
	char place[PLACE_SIZE];
	const void *found;

	if (how == NEIGHBOUR_SWAPPED || how == NEIGHBOUR_LETTERED || a->found == &a->naive->several)
		return;
	place_with_vu(place, a->vu, key);
	found = stock_index_get(a->naive->rules[NAIVE_STRIP_VU], place);
	if (found && a->found && a->found != found)
		found = &a->naive->several;
	if (found)
		a->found = found;
}

static const void *find_around(const struct naive *naive, const char *vu, const char *number)
{
	struct around a = { naive, vu, NULL };
	struct cleaned clean;

	if (!number)
		return NULL;
	clean_number(&clean, number, strlen(number));
	if (clean.state != CLEAN_OK)
		return NULL;
	take(&a, clean.text, NEIGHBOUR_OTHER);
	neighbours_of(clean.text, clean.text[strspn(clean.text, "0123456789")] != 0, take, &a);
	return a.found;
}

const struct contract *naive_file(const struct naive *naive, enum naive_rule rule, const char *vu,
				  const char *number)
{
	char place[PLACE_SIZE];
	const void *found = NULL;

	if (rule == NAIVE_EDIT_VU)
		found = find_around(naive, vu, number);
	else if (place_of(place, rule, vu, number))
		found = stock_index_get(naive->rules[rule], place);
	return found == &naive->several ? NULL : found;
}
