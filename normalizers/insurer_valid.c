/*
 * insurer_valid.c -- register numbers in time: whose was it that day, and who answers for it since.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "normalizers/insurer_file.h"

#define EDGES_MOST 8 /* one after the other; a longer chain of owners is a mistake */

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

bool iso_date_valid(const char *text)
{
	static const char form[] = "dddd-dd-dd";
	int year, month, day;

	for (size_t i = 0; i < sizeof(form); i++) {
		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return false;
	}
	year = atoi(text);
	month = atoi(text + 5);
	day = atoi(text + 8);
	return year >= 1800 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days_in(year, month);
}

bool carriers_meet(const struct carrier *a, const struct carrier *b)
{
	return !(a->to && b->from && strcmp(a->to, b->from) < 0) &&
	       !(b->to && a->from && strcmp(b->to, a->from) < 0);
}

/* date may have a time behind it: only its first ten characters count. */
static bool valid_on(const struct carrier *c, const char *date)
{
	return !(c->from && strncmp(date, c->from, 10) < 0) &&
	       !(c->to && strncmp(date, c->to, 10) > 0);
}

static bool same_number(const char *a, const char *b)
{
	char left[NAME_SIZE], right[NAME_SIZE];

	if (!a || !b)
		return false;
	insurer_name_fold(left, sizeof(left), a, strlen(a));
	insurer_name_fold(right, sizeof(right), b, strlen(b));
	return left[0] && strcmp(left, right) == 0;
}

static bool holds_on(const struct insurer *insurer, const char *vu, const char *date)
{
	for (size_t i = 0; i < insurer->carrier_count; i++) {
		const struct carrier *c = &insurer->carriers[i];

		if (same_number(c->vu, vu) && valid_on(c, date))
			return true;
	}
	return false;
}

const struct insurer *insurers_find_at(const struct insurers *all, const char *vu, const char *date)
{
	const struct insurer *last = insurers_find(all, vu);

	if (!date || !last || holds_on(last, vu, date))
		return last;
	for (size_t i = 0; i < all->count; i++) {
		if (holds_on(all->list[i], vu, date))
			return all->list[i];
	}
	return NULL;
}

/* Is the number read under the new register number as the same contract? Mapped ones are where one file knows both. */
static bool keeps_contract(const struct insurers *all, const struct successor *s)
{
	if (strcmp(s->number, "mapped") == 0)
		return !same_number(s->from, s->to) &&
		       insurers_find(all, s->from) == insurers_find(all, s->to);
	return strcmp(s->number, "kept") == 0;
}

/* Where the contracts of the register number went before that day with their numbers; NULL if that is not known. */
static const char *moved_to(const struct insurers *all, const char *vu, const char *date)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct insurer *file = all->list[i];

		for (size_t k = 0; k < file->successor_count; k++) {
			const struct successor *s = &file->successors[k];

			if (same_number(s->from, vu) && keeps_contract(all, s) &&
			    (!s->date || strncmp(date, s->date, 10) >= 0))
				return s->to;
		}
	}
	return NULL;
}

const char *insurers_vu_at(const struct insurers *all, const char *vu, const char *date)
{
	for (int i = 0; vu && i < EDGES_MOST; i++) {
		if (!date || !insurers_find(all, vu) || insurers_find_at(all, vu, date))
			return vu;
		vu = moved_to(all, vu, date);
	}
	return NULL;
}

static bool order_check(const struct insurer *in, const struct carrier *c, struct err *e)
{
	if (!c->from || !c->to || strcmp(c->from, c->to) <= 0)
		return true;
	return err_set(e, ERR_SETUP, "%s, line %d: from %s is later than to %s", in->path,
		       insurer_line(in->path, NULL, c->from), c->from, c->to);
}

/* Equal register numbers of two carriers must follow each other, not lie above each other. */
static bool pair_check(const struct insurer *a, const struct carrier *left, const struct insurer *b,
		       const struct carrier *right, struct err *e)
{
	if (!same_number(left->vu, right->vu) || !carriers_meet(left, right))
		return true;
	if (a == b)
		return err_set(e, ERR_SETUP,
			       "%s, line %d: the register number %s stands twice for the same days",
			       a->path, insurer_line(a->path, NULL, right->vu), right->vu);
	return err_set(e, ERR_SETUP, "%s and %s both claim \"%s\"", a->path, b->path, right->vu);
}

static bool claims_check(const struct insurer *a, const struct insurer *b, struct err *e)
{
	for (size_t i = 0; i < a->carrier_count; i++) {
		for (size_t k = 0; k < b->carrier_count; k++) {
			bool ok = (a == b && i >= k) ||
				  pair_check(a, &a->carriers[i], b, &b->carriers[k], e);

			if (!ok)
				return false;
		}
	}
	return true;
}

/* Files whose numbers carry no days are told apart by the index alone, so that loading stays quick. */
static bool has_days(const struct insurer *insurer)
{
	for (size_t i = 0; i < insurer->carrier_count; i++) {
		if (insurer->carriers[i].from || insurer->carriers[i].to)
			return true;
	}
	return false;
}

bool insurer_validity_check(const struct insurers *all, const struct insurer *insurer,
			    struct err *e)
{
	bool ok = claims_check(insurer, insurer, e);

	for (size_t i = 0; ok && i < insurer->carrier_count; i++)
		ok = order_check(insurer, &insurer->carriers[i], e);
	for (size_t i = 0; ok && has_days(insurer) && i < all->count; i++)
		ok = all->list[i] == insurer || claims_check(all->list[i], insurer, e);
	return ok;
}
