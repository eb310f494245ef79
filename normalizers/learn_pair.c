/*
 * learn_pair.c -- how one spelling stands for a number: what is left out, what is lost, what stands there in addition.
 */
#include <string.h>

#include "normalizers/learn_inside.h"

static void add(struct explained *x, enum liberty_kind kind, size_t at, const char *what,
		size_t len, char apart)
{
	struct liberty *l = &x->items[x->count++];

	memset(l, 0, sizeof(*l));
	l->kind = (unsigned char)kind;
	l->at = (unsigned char)at;
	l->apart = apart;
	memcpy(l->what, what, len);
}

/* A part that does not belong: letters are drawn as they are, digits as #. Says false if nothing licenses it: it holds
 * no letter and no separator sets it apart, or it is too long. */
static bool add_extra(struct explained *x, size_t at, const char *what, size_t len, bool apart)
{
	char drawn[PART_MOST + 2] = "";
	bool literal = false;

	if (len > PART_MOST || x->count == LIBERTIES_MOST)
		return false;
	for (size_t i = 0; i < len; i++) {
		drawn[i] = class_of(what[i]) == '#' ? '#' : what[i];
		literal |= drawn[i] != '#';
	}
	if (!literal && !apart)
		return false;
	add(x, LIBERTY_EXTRA, at, drawn, len, literal ? '\0' : '/');
	return true;
}

static bool gap_at(const struct cleaned *clean, size_t i)
{
	return clean->gaps >> i & 1;
}

/* The other spelling holds all of `rest`, the number from place `from` on: something may stand before and behind it. */
static bool around(struct explained *x, const char *own, size_t from, const char *rest,
		   const struct cleaned *other)
{
	const char *found = strstr(other->text, rest);
	size_t len = strlen(rest), before, behind;

	if (!found)
		return false;
	before = (size_t)(found - other->text);
	behind = other->len - before - len;
	if (before && !add_extra(x, from, other->text, before, gap_at(other, before)))
		return false;
	return !behind ||
	       add_extra(x, strlen(own), found + len, behind, gap_at(other, before + len));
}

static size_t common_front(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

static size_t common_end(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t n = 0;

	while (n < a_len && n < b_len && a[a_len - 1 - n] == b[b_len - 1 - n])
		n++;
	return n;
}

/* One part more in the middle. Where equal characters leave several places, the one that is set apart. */
static bool amid(struct explained *x, const char *own, const struct cleaned *other)
{
	size_t own_len = strlen(own), front = common_front(own, other->text), at = front;
	size_t end = common_end(own, own_len, other->text, other->len);

	if (other->len <= own_len || front + end < own_len)
		return false;
	for (size_t i = own_len - end; i <= front; i++) {
		if (gap_at(other, i))
			at = i;
	}
	return add_extra(x, at, other->text + at, other->len - own_len, gap_at(other, at));
}

/* One part less, in the middle or at the end. */
static bool short_amid(struct explained *x, const char *own, const struct cleaned *other)
{
	size_t own_len = strlen(own), front = common_front(own, other->text), less;
	size_t end = common_end(own, own_len, other->text, other->len);

	if (other->len >= own_len || front + end < other->len)
		return false;
	less = own_len - other->len;
	if (less > PART_MOST || front == 0)
		return false;
	add(x, LIBERTY_LOST, front, own + front, less, '\0');
	return true;
}

/* The number without the zeros in front of its first digits; false if there are none or too little is left. */
static bool without_zeros(char *out, const char *text)
{
	size_t letters = 0, zeros;

	while (text[letters] && class_of(text[letters]) == '@')
		letters++;
	zeros = strspn(text + letters, "0");
	if (!zeros || strlen(text) - zeros < STAYS_LEAST || class_of(text[letters + zeros]) != '#')
		return false;
	memcpy(out, text, letters);
	strcpy(out + letters, text + letters + zeros);
	return true;
}

/* Zeros lost behind a front that is kept or left out: `lost` characters of it. */
static bool zeros_lost(struct explained *x, const char *own, size_t lost,
		       const struct cleaned *other)
{
	char rest[KEY_MOST + 1];

	if (!without_zeros(rest, own + lost) || strcmp(rest, other->text) != 0)
		return false;
	if (lost)
		add(x, LIBERTY_LOST, 0, own, lost, '\0');
	add(x, LIBERTY_ZEROS, 0, "", 0, '\0');
	return true;
}

static bool front_lost(struct explained *x, const char *own, size_t lost,
		       const struct cleaned *other)
{
	x->count = 0;
	if (lost)
		add(x, LIBERTY_LOST, 0, own, lost, '\0');
	return around(x, own, lost, own + lost, other);
}

bool pair_explain(struct explained *x, const char *own, const struct cleaned *other)
{
	size_t len = strlen(own);
	size_t most = len < STAYS_LEAST ? 0 : len - STAYS_LEAST;

	if (most > PART_MOST)
		most = PART_MOST;
	for (size_t lost = 0; lost <= most; lost++) {
		x->count = 0;
		if (zeros_lost(x, own, lost, other))
			return true;
	}
	for (size_t lost = 0; lost <= most; lost++) {
		if (front_lost(x, own, lost, other))
			return true;
		x->count = 0;
		if (lost == 0 && (amid(x, own, other) || short_amid(x, own, other)))
			return other->len >= STAYS_LEAST;
	}
	return false;
}
