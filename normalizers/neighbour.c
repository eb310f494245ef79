#include "normalizers/neighbour.h"

#include <string.h>

#include "normalizers/clean.h" /* KEY_MOST */

#define DIGITS  "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

struct around {
	const char *alphabet;
	neighbour_take *take;
	void *self;
};

static void neighbours_longer(const char *key, size_t len, const struct around *a)
{
	char text[KEY_MOST + 2];

	for (size_t at = 0; len < KEY_MOST && at <= len; at++)
		for (const char *c = a->alphabet; *c; c++) {
			if (at && key[at - 1] == *c)
				continue; /* the same as one place earlier */
			memcpy(text, key, at);
			text[at] = *c;
			strcpy(text + at + 1, key + at);
			a->take(a->self, text, NEIGHBOUR_LONGER);
		}
}

static void neighbours_shorter(const char *key, size_t len, const struct around *a)
{
	char text[KEY_MOST + 1];

	for (size_t at = 0; at < len; at++) {
		if (at && key[at - 1] == key[at])
			continue;
		memcpy(text, key, at);
		strcpy(text + at, key + at + 1);
		a->take(a->self, text, NEIGHBOUR_SHORTER);
	}
}

static void neighbours_other(const char *key, size_t len, const struct around *a)
{
	char text[KEY_MOST + 1];

	strcpy(text, key);
	for (size_t at = 0; at < len; at++) {
		for (const char *c = a->alphabet; *c; c++)
			if (*c != key[at]) {
				text[at] = *c;
				a->take(a->self, text, NEIGHBOUR_OTHER);
			}
		text[at] = key[at];
	}
}

static void neighbours_swapped(const char *key, size_t len, const struct around *a)
{
	char text[KEY_MOST + 1];

	strcpy(text, key);
	for (size_t at = 0; at + 1 < len; at++) {
		if (key[at] == key[at + 1])
			continue;
		text[at] = key[at + 1];
		text[at + 1] = key[at];
		a->take(a->self, text, NEIGHBOUR_SWAPPED);
		text[at] = key[at];
		text[at + 1] = key[at + 1];
	}
}

/* One or two letters that were left out in front of a number of digits. */
static void neighbours_lettered(const char *key, size_t len, const struct around *a)
{
	char text[KEY_MOST + 3];

	if (key[strspn(key, DIGITS)] || len + 2 > KEY_MOST)
		return;
	strcpy(text + 2, key);
	for (text[0] = 'A'; text[0] <= 'Z'; text[0]++)
		for (text[1] = 'A'; text[1] <= 'Z'; text[1]++)
			a->take(a->self, text, NEIGHBOUR_LETTERED);
}

void neighbours_of(const char *key, bool letters, neighbour_take *take_one, void *self)
{
	const struct around around = { letters ? DIGITS LETTERS : DIGITS, take_one, self };
	size_t len = strlen(key);

	if (len < NEIGHBOUR_LEAST || len > KEY_MOST)
		return;
	neighbours_swapped(key, len, &around);
	neighbours_shorter(key, len, &around);
	neighbours_longer(key, len, &around);
	neighbours_other(key, len, &around);
	if (letters)
		neighbours_lettered(key, len, &around);
}

size_t keys_common(const char *a, const char *b)
{
	size_t at = 0;

	while (a[at] && a[at] == b[at])
		at++;
	return at;
}

/* Of the same length and not the same. */
static bool one_place(const char *key, const char *name, enum neighbour *how)
{
	*how = NEIGHBOUR_OTHER;
	if (!strcmp(key + 1, name + 1))
		return true;
	*how = NEIGHBOUR_SWAPPED;
	return key[0] == name[1] && key[1] == name[0] && !strcmp(key + 2, name + 2);
}

static bool lettered(const char *key, const char *name)
{
	return !key[strspn(key, DIGITS)] && strspn(name, LETTERS) == 2 && !strcmp(name + 2, key);
}

bool neighbour_is(enum neighbour *how, const char *key, const char *name)
{
	size_t len = strlen(key), name_len = strlen(name), at = keys_common(key, name);

	if (len < NEIGHBOUR_LEAST || len > KEY_MOST || name_len > KEY_MOST)
		return false;
	if (name_len == len)
		return at < len && one_place(key + at, name + at, how);
	if (name_len == len + 1) {
		*how = NEIGHBOUR_LONGER;
		return !strcmp(key + at, name + at + 1);
	}
	if (name_len + 1 == len) {
		*how = NEIGHBOUR_SHORTER;
		return !strcmp(key + at + 1, name + at);
	}
	*how = NEIGHBOUR_LETTERED;
	return name_len == len + 2 && lettered(key, name);
}
