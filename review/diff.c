#include "review/diff.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "matcher/notice.h"

#define SEPARATOR_COST 1
#define SLIP_COST      100
#define SIDE           (DIFF_MOST + 1)

/* A spelling by its characters. */
struct side {
	const char *at[SIDE + 1]; /* where each begins; the last one: the end */
	int count;
};

struct table {
	int cost[SIDE][SIDE];
};

static bool continues(char c)
{
	return (c & 0xc0) == 0x80;
}

/* False if it is too long to be aligned. */
static bool side_read(struct side *side, const char *text)
{
	side->count = 0;
	for (; *text; text++) {
		if (continues(*text) && side->count)
			continue;
		if (side->count == DIFF_MOST)
			return false;
		side->at[side->count++] = text;
	}
	side->at[side->count] = text;
	return true;
}

static bool separator(const struct side *side, int i)
{
	unsigned char c = (unsigned char)*side->at[i];

	return c < 128 && !isalnum(c);
}

static bool same(const struct side *a, int i, const struct side *b, int k)
{
	long len = a->at[i + 1] - a->at[i];

	if (len != b->at[k + 1] - b->at[k])
		return false;
	if (len == 1)
		return toupper((unsigned char)*a->at[i]) == toupper((unsigned char)*b->at[k]);
	return !memcmp(a->at[i], b->at[k], (size_t)len);
}

static bool swapped(const struct side *a, int i, const struct side *b, int k)
{
	return i > 0 && k > 0 && same(a, i, b, k - 1) && same(a, i - 1, b, k) && !same(a, i, b, k);
}

static int gap(const struct side *side, int i)
{
	return separator(side, i) ? SEPARATOR_COST : SLIP_COST;
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int swap_cost(const struct side *a, int i, const struct side *b, int k,
		     const struct table *t)
{
	return swapped(a, i, b, k) ? t->cost[i - 1][k - 1] + SLIP_COST : INT32_MAX;
}

static void table_fill(struct table *t, const struct side *a, const struct side *b)
{
	t->cost[0][0] = 0;
	for (int i = 0; i < a->count; i++)
		t->cost[i + 1][0] = t->cost[i][0] + gap(a, i);
	for (int k = 0; k < b->count; k++)
		t->cost[0][k + 1] = t->cost[0][k] + gap(b, k);
	for (int i = 0; i < a->count; i++)
		for (int k = 0; k < b->count; k++) {
			int beside = t->cost[i][k] + (same(a, i, b, k) ? 0 : SLIP_COST);

			beside = least(beside, t->cost[i][k + 1] + gap(a, i));
			beside = least(beside, t->cost[i + 1][k] + gap(b, k));
			t->cost[i + 1][k + 1] = least(beside, swap_cost(a, i, b, k, t));
		}
}

/* Back from the end: which characters have their like on the other side? */
static void walk_back(bool *left, bool *right, const struct table *t, const struct side *a,
		      const struct side *b)
{
	int i = a->count, k = b->count;

	while (i || k) {
		int here = t->cost[i][k];

		if (i && k &&
		    here == t->cost[i - 1][k - 1] + (same(a, i - 1, b, k - 1) ? 0 : SLIP_COST)) {
			i--, k--;
			left[i] = right[k] = same(a, i, b, k);
		} else if (i && k && here == swap_cost(a, i - 1, b, k - 1, t)) {
			i -= 2, k -= 2;
			left[i] = left[i + 1] = right[k] = right[k + 1] = false;
		} else if (i && here == t->cost[i - 1][k] + gap(a, i - 1)) {
			i--;
			left[i] = separator(a, i);
		} else {
			k--;
			right[k] = separator(b, k);
		}
	}
}

static void run_add(json_t *runs, const char *text, size_t len, bool same_there)
{
	json_t *string = json_stringn(text, len);

	json_array_append_new(runs,
			      json_pack("{s:o, s:b}", "text", string ? string : json_string("?"),
					"same", same_there));
}

static json_t *runs_of(const struct side *side, const bool *marks)
{
	json_t *runs = json_array();

	for (int i = 0, from = 0; i < side->count; i++)
		if (i + 1 == side->count || marks[i + 1] != marks[from]) {
			run_add(runs, side->at[from], (size_t)(side->at[i + 1] - side->at[from]),
				marks[from]);
			from = i + 1;
		}
	return runs;
}

static json_t *whole(const char *text, bool same_there)
{
	json_t *runs = json_array();

	if (text && *text)
		run_add(runs, text, strlen(text), same_there);
	return runs;
}

int diff_json(json_t **left, json_t **right, const char *left_text, const char *right_text)
{
	bool left_marks[SIDE] = { false }, right_marks[SIDE] = { false };
	struct side a, b;
	struct table t;

	if (!left_text || !right_text || !side_read(&a, left_text) || !side_read(&b, right_text)) {
		bool equal = left_text && right_text && !strcmp(left_text, right_text);

		*left = whole(left_text, equal);
		*right = whole(right_text, equal);
		return equal ? 0 : INT32_MAX;
	}
	table_fill(&t, &a, &b);
	walk_back(left_marks, right_marks, &t, &a, &b);
	*left = runs_of(&a, left_marks);
	*right = runs_of(&b, right_marks);
	return t.cost[a.count][b.count] / SLIP_COST;
}

/* Letters and digits; of what is the same only, or of all. Bytes: numbers are ASCII where they count. */
static size_t characters(const json_t *runs, bool same_only)
{
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(runs); i++) {
		const json_t *run = json_array_get(runs, i);
		const char *text = json_string_value(json_object_get(run, "text"));

		if (same_only && !json_is_true(json_object_get(run, "same")))
			continue;
		for (; text && *text; text++)
			count += isalnum((unsigned char)*text) != 0;
	}
	return count;
}

bool diff_alike(const char *left, const char *right)
{
	json_t *a, *b;
	size_t shorter;
	bool alike;

	if (text_empty(left) || text_empty(right))
		return false;
	diff_json(&a, &b, left, right);
	shorter = characters(a, false) < characters(b, false) ? characters(a, false)
							      : characters(b, false);
	alike = shorter && characters(a, true) * 10 >= shorter * 7;
	json_decref(a);
	json_decref(b);
	return alike;
}
